//! Committing edits: the change into the outbox and the new row, in one transaction. When it
//! returns, the edit survives a power cut.
//!
//! The change is made before the transaction begins, so that nobody waits for it; should the document
//! have changed meanwhile, it is made again.

use companion_protocol::id::{ChangeId, Counter, SpaceId};

use super::Map;
use super::history::{self, DocumentHistory};
use super::row::{Origin, Rows};
use crate::document::{self, ActorId, DocumentError, NewChange};
use crate::domain::{Content, DocumentId, Kind, Revision, Shape};
use crate::error::{CoreError, NotNow, Result};
use crate::ports::{Moment, random};
use crate::replica::{Replica, SpaceState};
use crate::space::payload::{MAX_PAYLOAD, Payload};
use crate::store::{OutboxRow, Writer};

/// How often a change is made again because somebody else changed its document meanwhile.
pub(super) const TRIES: usize = 8;

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
        })
    }
}

/// A change that is ready to be written.
struct Prepared {
    edit: Edit,
    state: SpaceState,
    /// The revision that the document had when the change was made; `None` for a new one.
    present: Option<Revision>,
    outbox: OutboxRow,
    change: NewChange,
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
                for one in &prepared {
                    if w.item(one.edit.document)?.map(|row| row.revision) != one.present {
                        return Err(NotNow::Contended.into());
                    }
                    w.push_outbox(&one.outbox)?;
                    let origin = Origin {
                        author: self.me.member(),
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
                other => return other,
            }
        }
        Err(NotNow::Contended.into())
    }

    /// Makes the change; `None` when the edit changes nothing: that is not written, not sent, and no
    /// error.
    fn prepare(&self, edit: Edit, now: Moment) -> Result<Option<Prepared>> {
        let state = self.space(edit.space)?;
        let actor = ActorId::random(&*self.ports.rng);
        let (present, change) = match &edit.seen {
            None => {
                let change = document::create(&edit.shape, &edit.content, actor)?;
                (None, Some(change))
            }
            Some(seen) => {
                let me = self.me.member();
                let (present, history) = self.store.read(|r| {
                    let row = r.item(edit.document)?;
                    let history = match &row {
                        Some(row) => history::read_for_edit(r, &state, row, me)?,
                        None => history::read(r, &state, edit.document)?,
                    };
                    Ok::<_, CoreError>((row.map(|row| row.revision), history))
                })?;
                if edit.must_follow && present.as_ref() != Some(seen) {
                    return Err(NotNow::Contended.into());
                }
                let change = match make(&history, &edit, seen, actor) {
                    Err(_) if history.has_snapshot() => {
                        let all = self
                            .store
                            .read(|r| history::read(r, &state, edit.document))?;
                        make(&all, &edit, seen, actor)?
                    }
                    other => other?,
                };
                (present, change)
            }
        };
        let Some(change) = change else {
            return Ok(None);
        };
        let id = ChangeId::new(random(&*self.ports.rng));
        let outbox = outbox_row(&edit, id, &change, now.unix_ms);
        // Or it would wait for ever, and all that is written after it.
        if outbox.payload.len() > MAX_PAYLOAD {
            return Err(NotNow::TooLarge.into());
        }
        Ok(Some(Prepared {
            edit,
            state,
            present,
            outbox,
            change,
        }))
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

fn outbox_row(edit: &Edit, id: ChangeId, change: &NewChange, at_ms: i64) -> OutboxRow {
    let payload = Payload {
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
