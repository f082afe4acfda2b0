//! How the demo is asked to end: by Ctrl-C or a polite kill, at any time.

use std::path::PathBuf;

use tokio::signal::unix::{Signal, SignalKind, signal};

/// Hears Ctrl-C and a polite kill from when it was made: between two looks at it nothing gets lost.
pub(crate) struct Ending {
    signals: Vec<Signal>,
}

impl Ending {
    /// Begins to listen. Within a runtime.
    pub(crate) fn listen() -> Self {
        let kinds = [SignalKind::interrupt(), SignalKind::terminate()];
        // Without one of them there is still the other.
        let signals = kinds.into_iter().filter_map(|kind| signal(kind).ok());
        Self {
            signals: signals.collect(),
        }
    }

    /// Waits until somebody asks for the end.
    pub(crate) async fn asked(&mut self) {
        let told = std::future::poll_fn(|context| {
            let mut told = self.signals.iter_mut();
            match told.any(|signal| signal.poll_recv(context).is_ready()) {
                true => std::task::Poll::Ready(()),
                false => std::task::Poll::Pending,
            }
        });
        told.await;
    }
}

/// Ends the process when somebody wants that while the story is still being told.
pub(crate) async fn end_early(root: PathBuf, keep: bool) {
    Ending::listen().asked().await;
    if !keep {
        // What can't be removed now is in the system's folder for such things.
        let _ = std::fs::remove_dir_all(root);
    }
    // 128 and the number of SIGINT, as shells count.
    std::process::exit(130);
}
