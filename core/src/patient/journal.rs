//! Writing and reading: entries, check-ins, replies, sessions, search; sharing and taking back.

use std::collections::{BTreeMap, BTreeSet};

use companion_protocol::id::{Counter, MemberId, SpaceId};

use super::view::{
    CheckInDraft, CheckInView, DeliveryState, EntryDraft, EntryView, ReplyView, SessionView,
};
use super::{Patient, home};
use crate::document::Revision;
use crate::domain::{CheckIn, Content, Delivery, DocumentId, Entry, Kind, Opening};
use crate::error::{CoreError, Result};
use crate::record::{Edit, Map};
use crate::replica::{Purpose, Replica};
use crate::store::{ItemFilter, ItemRow};

impl Patient {
    /// Writes an entry. Shared ones go to the care space, the others never leave the private one.
    pub fn write_entry(&self, draft: EntryDraft) -> Result<EntryView> {
        let mut replica = self.replica();
        let mut entry = Entry::new(replica.now());
        fill(&mut entry, draft);
        let id = new_entry(&mut replica, entry, Vec::new())?;
        show(&replica, id)
    }

    /// Changes an entry's words, mood, session and tags. `seen` is the revision that the person had
    /// before them: what came in meanwhile is merged, not overwritten. Who may see it is changed by
    /// [`Patient::share`] and [`Patient::withdraw`] alone.
    pub fn edit_entry(
        &self,
        id: DocumentId,
        seen: &Revision,
        draft: EntryDraft,
    ) -> Result<EntryView> {
        let mut replica = self.replica();
        let (item, mut entry) = load_entry(&replica, id)?;
        if entry.is_closed() {
            return Err(CoreError::NotNow(
                "this copy of the entry is closed; edit the other one",
            ));
        }
        let visibility = entry.visibility;
        fill(&mut entry, draft);
        entry.visibility = visibility;
        entry.edited_at = Some(replica.now());
        let edit = edit(item.space, id, Some(seen.clone()), entry)?;
        replica.commit(vec![edit])?;
        show(&replica, id)
    }

    /// Records a mood check-in.
    pub fn check_in(&self, draft: CheckInDraft) -> Result<CheckInView> {
        let mut replica = self.replica();
        let at = draft.at.unwrap_or_else(|| replica.now());
        let mut check_in = CheckIn::new(draft.valence, at);
        check_in.energy = draft.energy;
        check_in.anxiety = draft.anxiety;
        check_in.sleep = draft.sleep;
        check_in.feelings = draft.feelings;
        check_in.note = draft.note;
        check_in.visibility = draft.visibility;
        let id = DocumentId::random(&*replica.ports.rng);
        let space = home(&replica, check_in.visibility.is_shared())?;
        replica.commit(vec![edit(space, id, None, check_in.clone())?])?;
        let context = Context::load(&replica)?;
        let item = load(&replica, id)?;
        Ok(CheckInView {
            id,
            check_in: read(&item)?,
            delivery: context.delivery(&replica, &item)?,
        })
    }

    /// All entries, newest first. Each is there once: the shared copy where there is one.
    pub fn entries(&self) -> Result<Vec<EntryView>> {
        let replica = self.replica();
        let context = Context::load(&replica)?;
        let mut views = Vec::new();
        for item in all(&replica, &Kind::ENTRY)? {
            // One that can't be understood (from a newer version, say) must not hide the others, and
            // what the clinic's node made is nothing that the patient wrote.
            if read::<Entry>(&item).is_err() || Some(item.author) == context.clinic {
                continue;
            }
            let view = view(&replica, &context, &item)?;
            if !view.entry.is_closed() {
                views.push(view);
            }
        }
        Ok(views)
    }

    /// One entry.
    pub fn entry(&self, id: DocumentId) -> Result<EntryView> {
        show(&self.replica(), id)
    }

    /// All check-ins, newest first.
    pub fn check_ins(&self) -> Result<Vec<CheckInView>> {
        let replica = self.replica();
        let context = Context::load(&replica)?;
        all(&replica, &Kind::CHECK_IN)?
            .iter()
            .filter(|item| read::<CheckIn>(item).is_ok())
            .map(|item| {
                let delivery = context.delivery(&replica, item)?;
                Ok(CheckInView {
                    id: item.document,
                    check_in: read(item)?,
                    delivery,
                })
            })
            .collect()
    }

    /// The clinic's replies to one entry or check-in, oldest first.
    pub fn replies(&self, about: DocumentId) -> Result<Vec<ReplyView>> {
        let mut replies: Vec<ReplyView> = said_by_clinic(&self.replica(), &Kind::REPLY)?
            .into_iter()
            .filter(|item| item.about == Some(about))
            .filter_map(|item| {
                let reply = read(&item).ok()?;
                Some(ReplyView {
                    id: item.document,
                    reply,
                })
            })
            .collect();
        replies.reverse();
        Ok(replies)
    }

    /// The dosing sessions, newest first.
    pub fn sessions(&self) -> Result<Vec<SessionView>> {
        let items = said_by_clinic(&self.replica(), &Kind::SESSION)?.into_iter();
        Ok(items
            .filter_map(|item| {
                let session = read(&item).ok()?;
                Some(SessionView {
                    id: item.document,
                    session,
                })
            })
            .collect())
    }

    /// Finds one's own entries by words; the last one may be unfinished. Best match first.
    pub fn search(&self, words: &str) -> Result<Vec<EntryView>> {
        let replica = self.replica();
        let context = Context::load(&replica)?;
        let found = replica.store.read(|r| r.search(words, 200))?;
        let mut views = Vec::new();
        for id in found {
            let item = load(&replica, id)?;
            // As in the list: one that can't be understood must not hide the others.
            if read::<Entry>(&item).is_ok() {
                views.push(view(&replica, &context, &item)?);
            }
        }
        Ok(views)
    }
}

fn fill(entry: &mut Entry, draft: EntryDraft) {
    entry.title = draft.title;
    entry.body = draft.body;
    entry.kind = draft.kind;
    entry.mood = draft.mood;
    entry.session = draft.session;
    entry.tags = draft.tags;
    entry.visibility = draft.visibility;
}

pub(crate) fn edit<T: Content>(
    space: SpaceId,
    document: DocumentId,
    seen: Option<Revision>,
    content: T,
) -> Result<Edit> {
    let content = content.checked()?.to_projection()?;
    Ok(Edit {
        space,
        kind: T::KIND,
        document,
        seen,
        content,
    })
}

pub(super) fn new_entry(
    replica: &mut Replica,
    entry: Entry,
    also: Vec<Edit>,
) -> Result<DocumentId> {
    let id = DocumentId::random(&*replica.ports.rng);
    let space = home(replica, entry.visibility.is_shared())?;
    let mut edits = vec![edit(space, id, None, entry)?];
    edits.extend(also);
    replica.commit(edits)?;
    Ok(id)
}

fn load(replica: &Replica, id: DocumentId) -> Result<ItemRow> {
    replica
        .store
        .read(|r| r.item(id))?
        .ok_or(CoreError::NotFound("entry"))
}

pub(super) fn load_entry(replica: &Replica, id: DocumentId) -> Result<(ItemRow, Entry)> {
    let item = load(replica, id)?;
    if item.kind != Kind::ENTRY {
        return Err(CoreError::NotFound("entry"));
    }
    let entry = read(&item)?;
    Ok((item, entry))
}

/// The typed content of a row.
pub(crate) fn read<T: Content>(item: &ItemRow) -> Result<T> {
    let fields: Map = serde_json::from_str(&item.projection).unwrap_or_default();
    Ok(T::from_projection(&fields)?)
}

pub(super) fn all(replica: &Replica, kind: &Kind) -> Result<Vec<ItemRow>> {
    let filter = ItemFilter {
        spaces: replica.spaces.keys().copied().collect(),
        kind: Some(kind.clone()),
        newest_first: true,
        ..ItemFilter::default()
    };
    Ok(replica.store.read(|r| r.items(&filter))?)
}

pub(super) fn show(replica: &Replica, id: DocumentId) -> Result<EntryView> {
    view(replica, &Context::load(replica)?, &load(replica, id)?)
}

fn view(replica: &Replica, context: &Context, item: &ItemRow) -> Result<EntryView> {
    Ok(EntryView {
        id: item.document,
        revision: item.revision.clone(),
        entry: read(item)?,
        shared: Some(item.space) == context.care,
        delivery: context.delivery(replica, item)?,
    })
}

/// Rows of a kind that the clinic's own node wrote: the member that founded the care space. Another
/// device can't put words into a clinician's mouth. Newest first.
fn said_by_clinic(replica: &Replica, kind: &Kind) -> Result<Vec<ItemRow>> {
    let Some(care) = replica.space_for(Purpose::Care) else {
        return Ok(Vec::new());
    };
    match care.chain.member_by_index(0) {
        Some(clinic) => written_only_by(replica, clinic.id, all(replica, kind)?),
        None => Ok(Vec::new()),
    }
}

/// Of these rows those into which nobody but `author` ever wrote.
pub(crate) fn written_only_by(
    replica: &Replica,
    author: MemberId,
    rows: Vec<ItemRow>,
) -> Result<Vec<ItemRow>> {
    let mine = author == replica.me.member();
    let mut kept = Vec::new();
    // One look at the store for all of them: each costs more than the question.
    replica.store.read(|r| {
        let waiting: BTreeSet<DocumentId> = r.outbox_documents()?.into_iter().collect();
        for row in rows {
            let authors = r.authors_of(row.space, row.document)?;
            let own_edit_waits = waiting.contains(&row.document);
            if authors.iter().all(|(writer, _)| *writer == author)
                && (mine || (!own_edit_waits && !authors.is_empty()))
            {
                kept.push(row);
            }
        }
        Ok(kept)
    })
}

/// What the clinic said of how far things got.
struct Context {
    care: Option<SpaceId>,
    clinic: Option<MemberId>,
    delivered: Option<Delivery>,
    opened: BTreeMap<DocumentId, Opening>,
    waiting: Vec<DocumentId>,
}

impl Context {
    fn load(replica: &Replica) -> Result<Self> {
        let care = replica.space_for(Purpose::Care);
        let delivered = said_by_clinic(replica, &Kind::DELIVERY)?
            .iter()
            .find_map(|item| read(item).ok());
        let mut opened = BTreeMap::new();
        // Newest first, so the first kept is the newest.
        for item in said_by_clinic(replica, &Kind::OPENING)? {
            if let Ok(opening) = read::<Opening>(&item) {
                opened.entry(opening.about).or_insert(opening);
            }
        }
        let waiting = replica.store.read(|r| {
            let rows = r.outbox_documents()?;
            Ok::<_, CoreError>(rows)
        })?;
        Ok(Self {
            care: care.map(|state| state.row.space),
            clinic: care
                .and_then(|state| state.chain.member_by_index(0))
                .map(|member| member.id),
            delivered,
            opened,
            waiting,
        })
    }

    /// How far **all** that was written into a document got: two phones may both have edited it.
    fn delivery(&self, replica: &Replica, item: &ItemRow) -> Result<DeliveryState> {
        if Some(item.space) != self.care {
            return Ok(DeliveryState::OnlyYours);
        }
        if self.waiting.contains(&item.document) {
            return Ok(DeliveryState::OnThisPhone);
        }
        let Some(delivered) = &self.delivered else {
            return Ok(DeliveryState::Sent);
        };
        let written = replica
            .store
            .read(|r| r.authors_of(item.space, item.document))?;
        let arrived = |(author, counter): &(MemberId, Counter)| {
            delivered
                .through
                .get(author)
                .is_some_and(|through| through >= counter)
        };
        if !written.iter().all(arrived) {
            return Ok(DeliveryState::Sent);
        }
        Ok(match self.opened.get(&item.document) {
            // Opened counts for the words that were opened, not for what was written since.
            Some(opening) if opened_revision(opening) == revision_text(&item.revision) => {
                DeliveryState::Opened {
                    by: opening.by.clone(),
                    at: opening.at,
                }
            }
            _ => DeliveryState::Delivered {
                clinic: delivered.clinic.clone(),
                at: delivered.at,
            },
        })
    }
}

/// Field of an opening that says which version was opened.
pub(crate) const OPENED_REVISION: &str = "revision";

fn opened_revision(opening: &Opening) -> String {
    opening
        .extra
        .get(OPENED_REVISION)
        .and_then(serde_json::Value::as_str)
        .unwrap_or_default()
        .to_owned()
}

/// A revision as an opening names it.
pub(crate) fn revision_text(revision: &Revision) -> String {
    revision
        .heads()
        .iter()
        .map(ToString::to_string)
        .collect::<Vec<_>>()
        .join(" ")
}
