//! Committing edits: the change into the outbox and the new row, in one transaction. When it
//! returns, the edit survives a power cut.
//!
//! The change is made before the transaction begins, so that nobody waits for it; should the document
//! have changed meanwhile, it is made again.

use std::sync::{MutexGuard, PoisonError};

use companion_protocol::id::{ChangeId, Counter, SpaceId};

use super::Map;
use super::history::{self, DocumentHistory};
use super::row::{Origin, Rows};
use crate::document::{self, ActorId, DocumentError, NewChange, OpenDocument};
use crate::domain::{Content, DocumentId, Kind, Purpose, Revision, Shape, Side};
use crate::error::{CoreError, NotNow, Result};
use crate::ports::{Moment, random};
use crate::replica::{Replica, SpaceState};
use crate::space::payload::{MAX_PAYLOAD, Payload};
use crate::store::{ItemRow, OutboxRow, SpaceStanding, Writer};

/// How often a change is made again because somebody else changed its document meanwhile.
pub(super) const TRIES: usize = 8;
/// Changes from which on a document is worth keeping in memory for its next edit.
const WORTH_KEEPING: usize = 16;

/// One document to write.
#[derive(Clone)]
pub(crate) struct Edit {
    pub(crate) space: SpaceId,
    pub(crate) kind: Kind,
    pub(crate) shape: Shape,
    pub(crate) document: DocumentId,
    /// What the person saw when they began; `None` makes a new document.
    pub(crate) seen: Option<Revision>,
    /// Whether to give up, with [`NotNow::Contended`], once the document is not what was seen any
    /// more: for what moves words from one document into another, where merging would leave some out.
    pub(crate) must_follow: bool,
    pub(crate) content: Map,
    pub(crate) begins: Begins,
}

/// How a new document begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Begins {
    /// Nobody else makes the same one.
    Fresh,
    /// Whoever makes it says the same in it, and makes the very same change.
    Repeatable,
    /// Two may make it apart and say different things in it: its frame comes first, which is the same for
    /// both, so that what they say merges.
    Framed,
}

impl Edit {
    /// Makes a new document of content that was checked.
    pub(crate) fn new<T: Content>(
        space: SpaceId,
        document: DocumentId,
        content: &T,
    ) -> Result<Self> {
        Ok(Self {
            space,
            kind: T::KIND,
            shape: T::SHAPE,
            document,
            seen: None,
            must_follow: false,
            content: content.to_projection()?,
            begins: Begins::Fresh,
        })
    }
}

/// A change that is ready to be written.
struct Prepared {
    edit: Edit,
    state: SpaceState,
    /// The revision that the document had when the change was made; `None` for a new one.
    present: Option<Revision>,
    outbox: Vec<OutboxRow>,
    change: NewChange,
    /// The document that it was made of, where that was put together for it.
    open: Option<OpenDocument>,
}

/// A change, and what it was made of.
struct Made {
    present: Option<Revision>,
    /// The frame of a new document, which the change builds upon.
    frame: Vec<NewChange>,
    change: Option<NewChange>,
    open: Option<OpenDocument>,
}

impl Replica {
    /// Commits edits together: all or none.
    pub(crate) fn commit(&self, edits: &[Edit]) -> Result<()> {
        self.commit_and(edits, |_| Ok(()))
    }

    /// Commits edits together with what else must happen at the same instant.
    pub(crate) fn commit_and<T>(
        &self,
        edits: &[Edit],
        also: impl Fn(&mut Writer<'_>) -> Result<T>,
    ) -> Result<T> {
        let rows = Rows::new(self);
        for _ in 0..TRIES {
            let now = self.now();
            let mut prepared = Vec::new();
            for edit in edits {
                prepared.extend(self.prepare(edit.clone(), now)?);
            }
            let written = self.store.write(|w| {
                self.must_not_be_ending(w)?;
                for one in &prepared {
                    if w.item(one.edit.document)?.map(|row| row.revision) != one.present {
                        return Err(NotNow::Contended.into());
                    }
                    for row in &one.outbox {
                        w.push_outbox(row)?;
                    }
                    let origin = Origin {
                        author: one.state.my_id(),
                        counter: Counter(0),
                        received_ms: now.unix_ms,
                    };
                    let (edit, change) = (&one.edit, &one.change);
                    rows.put(
                        w,
                        &one.state,
                        (edit.document, &edit.kind),
                        origin,
                        (change.revision.clone(), &change.projection),
                    )?;
                    if let Some(snapshot) = &change.snapshot {
                        w.put_snapshot(edit.document, snapshot)?;
                    }
                }
                also(w)
            });
            match written {
                Err(CoreError::NotNow(NotNow::Contended)) => {}
                Ok(value) => {
                    self.keep_open(prepared);
                    return Ok(value);
                }
                failed => return failed,
            }
        }
        Err(NotNow::Contended.into())
    }

    /// Makes the change; `None` when the edit changes nothing: that is not written, not sent, and no
    /// error.
    fn prepare(&self, edit: Edit, now: Moment) -> Result<Option<Prepared>> {
        let state = self.space(edit.space)?;
        if let Some(ended) = state.chain.ended() {
            let at = self.shown(ended.at_ms);
            return Err(NotNow::AccountEnded { at }.into());
        }
        // A patient's own words need nobody's leave; what a clinic would say here could only wait for ever.
        if state.row.purpose == Purpose::Care && self.side == Side::Clinic {
            match state.row.standing {
                SpaceStanding::Forgotten => return Err(NotNow::RecordForgotten.into()),
                SpaceStanding::Gone => return Err(NotNow::OutOfRecord.into()),
                SpaceStanding::Member | SpaceStanding::Waiting | SpaceStanding::Ended => {}
            }
        }
        let actor = match edit.begins {
            Begins::Fresh => ActorId::random(&*self.ports.rng),
            Begins::Repeatable | Begins::Framed => ActorId::new(*edit.document.as_bytes()),
        };
        let Made {
            present,
            frame,
            change,
            open,
        } = self.make(&state, &edit, actor)?;
        let Some(change) = change else {
            return Ok(None);
        };
        let mut outbox = Vec::new();
        for change in frame.iter().chain([&change]) {
            let id = ChangeId::new(random(&*self.ports.rng));
            let blind = random(&*self.ports.rng);
            outbox.push(outbox_row(&edit, (id, blind), change, now.unix_ms));
        }
        // Or it would wait for ever, and all that is written after it.
        if outbox.iter().any(|row| row.payload.len() > MAX_PAYLOAD) {
            return Err(NotNow::TooLarge.into());
        }
        Ok(Some(Prepared {
            edit,
            state,
            present,
            outbox,
            change,
            open,
        }))
    }

    fn make(&self, state: &SpaceState, edit: &Edit, actor: ActorId) -> Result<Made> {
        let Some(seen) = &edit.seen else {
            let (frame, change) = match edit.begins {
                Begins::Framed => document::create_framed(&edit.shape, &edit.content, actor)?,
                Begins::Fresh | Begins::Repeatable => {
                    let change = document::create(&edit.shape, &edit.content, actor)?;
                    (Vec::new(), change)
                }
            };
            return Ok(Made {
                present: None,
                frame,
                change: Some(change),
                open: None,
            });
        };
        let row = self.store.read(|r| r.item(edit.document))?;
        let present = row.as_ref().map(|row| row.revision.clone());
        if edit.must_follow && present.as_ref() != Some(seen) {
            return Err(NotNow::Contended.into());
        }
        if present.as_ref() == Some(seen)
            && let Some(row) = row
        {
            let open = match self.take_open(edit.document) {
                Some(open) if open.revision() == *seen => open,
                _ => self.open_document(state, &row)?,
            };
            if open.revision() == *seen {
                return Ok(Made {
                    present,
                    frame: Vec::new(),
                    change: open.edit(&edit.shape, &edit.content, actor)?,
                    open: Some(open),
                });
            }
        }
        let history = self
            .store
            .read(|r| history::read(r, state, edit.document))?;
        Ok(Made {
            present,
            frame: Vec::new(),
            change: make(&history, edit, seen, actor)?,
            open: None,
        })
    }

    /// Puts a document together for an edit by this installation.
    fn open_document(&self, state: &SpaceState, row: &ItemRow) -> Result<OpenDocument> {
        let me = state.my_id();
        let history = self
            .store
            .read(|r| history::read_for_edit(r, state, row, me))?;
        match history.open() {
            Err(_) if history.has_snapshot() => {
                let all = self.store.read(|r| history::read(r, state, row.document))?;
                Ok(all.open()?)
            }
            open => Ok(open?),
        }
    }

    /// Keeps documents of many edits at hand for the next one.
    fn keep_open(&self, written: Vec<Prepared>) {
        for one in written {
            let open = one.open.filter(|open| open.changes() >= WORTH_KEEPING);
            if let Some(next) = open.and_then(|open| open.after(&one.change)) {
                *self.lock_open() = Some((one.edit.document, next));
            }
        }
    }

    /// Forgets the document that is kept at hand.
    pub(crate) fn forget_open(&self) {
        drop(self.lock_open().take());
    }

    fn take_open(&self, document: DocumentId) -> Option<OpenDocument> {
        let mut kept = self.lock_open();
        match kept.take() {
            Some((of, open)) if of == document => Some(open),
            other => {
                *kept = other;
                None
            }
        }
    }

    fn lock_open(&self) -> MutexGuard<'_, Option<(DocumentId, OpenDocument)>> {
        self.last_edited
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

fn make(
    history: &DocumentHistory,
    edit: &Edit,
    seen: &Revision,
    actor: ActorId,
) -> Result<Option<NewChange>, DocumentError> {
    match history.edit(&edit.shape, seen, &edit.content, actor) {
        // The row was not what the document is (its author wrote it wrongly): edit the document as it
        // stands, rather than let nobody edit it ever again.
        Err(DocumentError::UnknownRevision) => {
            let stands = history.materialize()?.revision;
            history.edit(&edit.shape, &stands, &edit.content, actor)
        }
        other => other,
    }
}

fn outbox_row(
    edit: &Edit,
    (id, blind): (ChangeId, [u8; 16]),
    change: &NewChange,
    at_ms: i64,
) -> OutboxRow {
    let payload = Payload {
        blind,
        document: edit.document,
        kind: edit.kind.clone(),
        projection: serde_json::to_string(&change.projection).unwrap_or_default(),
        change: change.raw.clone(),
    };
    OutboxRow {
        position: 0,
        space: edit.space,
        id,
        document: edit.document,
        kind: edit.kind.clone(),
        change: change.hash,
        payload: payload.encode(),
        committed_ms: at_ms,
    }
}
