//! Where the bytes of a recording or a picture come from: the shell's own code, piece by piece.

use std::io::{self, Read};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};

use companion_core::domain::entry::Entry;
use companion_core::ports::{Cancel, HookGuard};
use companion_core::records::View;

use super::attachments::MOST;
use crate::error::{CompanionError, FieldProblem, MediaReason, Result};
use crate::inner::Inner;

/// Gives the bytes of a recording or a picture, one piece after the other. Called on a thread of this library, one call
/// at a time, and never again after it gave nothing or failed, or once the app is being paused: nothing is attached
/// then. Never wait in it for a call into this library.
#[uniffi::export(foreign)]
pub trait ByteSource: Send + Sync {
    /// The next bytes: at least one and at most so many, and none at the end.
    ///
    /// # Errors
    ///
    /// `Unreadable`: nothing is attached then.
    fn read(&self, most: u32) -> Result<Vec<u8>, ByteSourceError>;
}

/// Why a source gives no more bytes.
#[derive(Debug, Clone, thiserror::Error, uniffi::Error)]
pub enum ByteSourceError {
    /// It can't be read to its end.
    #[error("it can't be read: {reason}")]
    Unreadable {
        /// In the platform's words.
        reason: String,
    },
}

impl From<uniffi::UnexpectedUniFFICallbackError> for ByteSourceError {
    fn from(_: uniffi::UnexpectedUniFFICallbackError) -> Self {
        // What the shell threw can hold anything: it is not repeated.
        ByteSourceError::Unreadable {
            reason: "the app's own code failed".to_owned(),
        }
    }
}

/// What comes of asking a source.
enum Piece {
    Answer(Result<Vec<u8>, ByteSourceError>),
    /// Nobody waits for it any more.
    Nothing,
}

/// What a source of a shell's gives, as the core reads. The shell's code is called on a thread of its own: whoever
/// reads here has the record in use, and a pause or a fault must not wait for that code.
pub(super) struct Incoming {
    asks: Sender<u32>,
    gives: Receiver<Piece>,
    inner: Arc<Inner>,
    give_up: Cancel,
    _hook: HookGuard,
    /// Where it failed: the core says less of it.
    failed: Option<CompanionError>,
}

impl Incoming {
    /// # Errors
    ///
    /// `Internal` where the system gives no thread.
    pub(super) fn new(source: Arc<dyn ByteSource>, inner: &Arc<Inner>) -> Result<Self> {
        let (asks, is_asked) = channel();
        let (to, gives) = channel();
        let given_up = to.clone();
        let begun = std::thread::Builder::new()
            .name("companion-source".to_owned())
            .spawn(move || {
                // Until nobody asks any more.
                for most in is_asked {
                    let given = catch_unwind(AssertUnwindSafe(|| source.read(most)));
                    let given = given.map_or(Piece::Nothing, Piece::Answer);
                    if to.send(given).is_err() {
                        return;
                    }
                }
            });
        if begun.is_err() {
            return Err(CompanionError::internal("the system gives no thread"));
        }
        let give_up = Cancel::new();
        let hook = give_up.on_cancel(move || drop(given_up.send(Piece::Nothing)));
        inner.reads_source(&give_up);
        Ok(Self {
            asks,
            gives,
            inner: Arc::clone(inner),
            give_up,
            _hook: hook,
            failed: None,
        })
    }

    /// What came of it: where the source failed, that.
    pub(super) fn outcome(mut self, done: Result<View<Entry>>) -> Result<View<Entry>> {
        match self.failed.take() {
            Some(failed) if done.is_err() => Err(failed),
            _ => done,
        }
    }

    fn fail(&mut self, failed: CompanionError) -> io::Error {
        self.failed = Some(failed);
        io::Error::other("the source failed")
    }
}

/// It counts as being read no more.
impl Drop for Incoming {
    fn drop(&mut self) {
        self.give_up.cancel();
    }
}

impl Read for Incoming {
    fn read(&mut self, to: &mut [u8]) -> io::Result<usize> {
        let most = u32::try_from(to.len()).unwrap_or(MOST).min(MOST);
        if most == 0 {
            return Ok(0);
        }
        if self.inner.is_resting() {
            return Err(self.fail(CompanionError::Paused));
        }
        let given = self
            .asks
            .send(most)
            .ok()
            .and_then(|()| self.gives.recv().ok());
        let bytes = match given {
            Some(Piece::Answer(Ok(bytes))) if !self.give_up.is_canceled() => bytes,
            Some(Piece::Answer(Err(error))) => {
                return Err(self.fail(CompanionError::Media {
                    reason: MediaReason::Unreadable,
                    words: error.to_string(),
                }));
            }
            _ if self.inner.is_resting() => return Err(self.fail(CompanionError::Paused)),
            _ => return Err(self.fail(CompanionError::internal("a fault inside the core"))),
        };
        match to.get_mut(..bytes.len()) {
            Some(place) if bytes.len() <= most as usize => {
                place.copy_from_slice(&bytes);
                Ok(bytes.len())
            }
            _ => Err(self.fail(CompanionError::Invalid {
                field: "source".to_owned(),
                problem: FieldProblem::TooLong { most: most.into() },
                words: "the source gave more bytes than it was asked for".to_owned(),
            })),
        }
    }
}
