//! Reading: one thing, a page of a list, a count, a search, and what has changed since.

use companion_protocol::id::SpaceId;

use super::delivery::Ledger;
use super::envelope::Envelope;
use super::{
    DeliveryState, Page, PageSize, Query, Records, View, Withdrawn, apart, envelope, fields_of,
    history, outdated_mark, read_row, standing_mark,
};
use crate::domain::text::{Problem, named};
use crate::domain::{
    Content, ContentError, Declared, DocumentId, Kind, Mark, Moment, Reading, Review, Revision,
    TalkedAbout, limits,
};
use crate::error::{CoreError, Missing, NotNow, Result};
use crate::members::is_patients;
use crate::store::{ItemRow, Reader, Seen, SpaceStanding, Standing};

/// Best matches of a search that are looked at first; should too few of them be of the kind that is
/// searched, four times as many.
const MATCHES: usize = 200;

/// A number that grows with each change of the record on this device, whichever process made it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Sequence(pub i64);

/// One document that changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// Which.
    pub id: DocumentId,
    /// What it is or was.
    pub kind: Kind,
    /// Whether it is shown; otherwise it was shared away, withdrawn, deleted, or is gone.
    pub is_shown: bool,
}

/// What changed after a point.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Changes {
    /// Each document once, in the order of its last change.
    pub changes: Vec<Change>,
    /// Where to go on. When `changes` is as long as the page that was asked for, there may be more.
    pub next: Sequence,
}

/// What a clinic did about something.
pub(crate) struct Looked {
    /// Whether nobody opened this version, nor marked it.
    pub(crate) is_new: bool,
    /// The mark that stands for this version.
    pub(crate) review: Option<Review>,
    /// The last mark of an earlier version, where none stands for this one.
    pub(crate) changed_since_review: Option<Review>,
    /// Whether the patient wants to talk about it, and nobody has.
    pub(crate) is_to_talk_about: bool,
    /// Who talked about this version.
    pub(crate) talked_about: Option<TalkedAbout>,
}

impl Records {
    /// One thing by its name.
    ///
    /// # Errors
    ///
    /// [`Missing::Document`] when there is none of that kind; [`NotNow`] says why one is not shown.
    pub(crate) fn get<T: Content>(&self, id: DocumentId) -> Result<View<T>> {
        self.replica.store.read(|r| {
            let row = self.living_row(Declared::by::<T>(), r, id)?;
            self.view(r, &mut Ledger::new(&self.replica), &row)
        })
    }

    /// A page of a list. What can't be understood, from a newer version say, is left out.
    ///
    /// # Errors
    ///
    /// [`Problem::ForeignCursor`] for a cursor of another list.
    pub(crate) fn page<T: Content>(&self, query: &Query<T>) -> Result<Page<T>> {
        self.replica.store.read(|r| self.page_in(r, query))
    }

    /// All of a kind that are shown, newest first.
    pub(crate) fn all<T: Content>(&self) -> Result<Vec<View<T>>> {
        self.every(&Query::all())
    }

    /// All pages of a list.
    pub(crate) fn every<T: Content>(&self, query: &Query<T>) -> Result<Vec<View<T>>> {
        let mut all = Vec::new();
        let mut query = query.clone().size(PageSize::LARGEST);
        loop {
            let page = self.page(&query)?;
            all.extend(page.items);
            match page.next {
                Some(next) => query = query.after(next),
                None => return Ok(all),
            }
        }
    }

    /// What is said about a document, the newest of it first.
    pub(crate) fn about<T: Content>(&self, document: DocumentId) -> Result<Vec<T>> {
        let page = self.page(&Query::<T>::about(document).size(PageSize::LARGEST))?;
        Ok(page.items.into_iter().map(|view| view.content).collect())
    }

    pub(super) fn page_in<T: Content>(&self, r: &Reader<'_>, query: &Query<T>) -> Result<Page<T>> {
        let spaces = self.spaces(T::PLACEMENT);
        let about = names_of_subject(r, query)?;
        let mut rows = r.items(&query.for_store(spaces.clone(), Standing::Living, about)?)?;
        let more = rows.len() > query.rows();
        rows.truncate(query.rows());
        let last = rows.last().filter(|_| more);
        let next = last.map(|row| query.cursor_at(&spaces, row.sort_ms, row.document));
        let mut ledger = Ledger::new(&self.replica);
        let mut items = Vec::with_capacity(rows.len());
        for row in &rows {
            // One that is damaged must not hide the others.
            match self.view(r, &mut ledger, row) {
                Ok(view) => items.push(view),
                Err(CoreError::Content(_)) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(Page { items, next })
    }

    /// How many there are in all pages of a list.
    pub(crate) fn count<T: Content>(&self, query: &Query<T>) -> Result<u64> {
        let count = self.replica.store.read(|r| {
            let about = names_of_subject(r, query)?;
            let query = query.for_store(self.spaces(T::PLACEMENT), Standing::Living, about)?;
            Ok::<_, CoreError>(r.count_items(&query)?)
        })?;
        Ok(count.try_into().unwrap_or(u64::MAX))
    }

    /// What was shared once and withdrawn: the newest, up to that many.
    pub(crate) fn withdrawn<T: Content>(&self, size: PageSize) -> Result<Vec<Withdrawn>> {
        let query = Query::<T>::all().size(size);
        let query = query.for_store(self.spaces(T::PLACEMENT), Standing::Withdrawn, Vec::new())?;
        let rows = self.replica.store.read(|r| r.items(&query))?;
        let withdrawn = rows.into_iter().take(size.rows()).map(|row| Withdrawn {
            at: Envelope::read(&fields_of(&row))
                .withdrawn_at
                .unwrap_or(Moment::utc(row.sort_ms)),
            id: row.document,
            kind: row.kind,
        });
        Ok(withdrawn.collect())
    }

    /// What of a kind holds all of these words; the last one may be unfinished. Best match first.
    ///
    /// # Errors
    ///
    /// [`Problem::TooManyCharacters`] for more than a person types.
    pub(crate) fn search<T: Content>(&self, words: &str, size: PageSize) -> Result<Vec<View<T>>> {
        if words.chars().nth(limits::SEARCH).is_some() {
            let limit = limits::SEARCH;
            let name = named("search", "what to search for");
            return Err(name.wrong(Problem::TooManyCharacters { limit }).into());
        }
        let spaces = self.spaces(T::PLACEMENT);
        self.replica.store.read(|r| {
            let mut most = MATCHES;
            loop {
                let matches = r.search(words, most)?;
                let is_all = matches.len() < most;
                let found = self.matching(r, matches, &spaces, size)?;
                if is_all || found.len() == size.rows() {
                    return Ok(found);
                }
                most = most.saturating_mul(4);
            }
        })
    }

    /// Those of a kind among the matches of a search, up to that many.
    fn matching<T: Content>(
        &self,
        r: &Reader<'_>,
        matches: Vec<DocumentId>,
        spaces: &[SpaceId],
        size: PageSize,
    ) -> Result<Vec<View<T>>> {
        let mut ledger = Ledger::new(&self.replica);
        let mut found = Vec::new();
        for id in matches {
            if found.len() == size.rows() {
                break;
            }
            let row = r.item(id)?.filter(|row| {
                row.kind == T::KIND
                    && row.standing == Standing::Living
                    && spaces.contains(&row.space)
            });
            let Some(row) = row else { continue };
            // One that is damaged must not hide the others.
            match self.view(r, &mut ledger, &row) {
                Ok(view) => found.push(view),
                Err(CoreError::Content(_)) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(found)
    }

    /// The next newer and the next older thing of the same kind.
    pub(crate) fn neighbors<T: Content>(
        &self,
        id: DocumentId,
    ) -> Result<(Option<DocumentId>, Option<DocumentId>)> {
        let spaces = self.spaces(T::PLACEMENT);
        self.replica.store.read(|r| {
            let row = self.living_row(Declared::by::<T>(), r, id)?;
            let one = || Query::<T>::all().size(PageSize::ONE);
            let beside = |query: Query<T>| {
                let from = query.cursor_at(&spaces, row.sort_ms, row.document);
                let rows = r.items(&query.after(from).for_store(
                    spaces.clone(),
                    Standing::Living,
                    Vec::new(),
                )?)?;
                Ok::<_, CoreError>(rows.first().map(|row| row.document))
            };
            Ok((beside(one().oldest_first())?, beside(one())?))
        })
    }

    /// That something, whatever its kind, is in the scope's shared space and shown.
    ///
    /// # Errors
    ///
    /// [`Missing::Document`] when it is not there; [`NotNow`] says why it is not shown.
    pub(crate) fn must_be_shown(&self, id: DocumentId) -> Result<()> {
        let shared = self.writable_space(crate::domain::Purpose::Care)?;
        let row = self.replica.store.read(|r| r.item(id))?;
        let row = row.filter(|row| row.space == shared);
        let row = row.ok_or(CoreError::NotFound(Missing::Document))?;
        match refusal_of(&row) {
            None => Ok(()),
            Some(why) => Err(why.into()),
        }
    }

    /// Of how many acknowledged changes something is made.
    pub(crate) fn count_changes(&self, space: SpaceId, id: DocumentId) -> Result<usize> {
        let changes = self.replica.store.read(|r| r.changes_of(space, id))?;
        Ok(changes.len())
    }

    /// Whether a mark of that kind stands for the present version of something.
    pub(crate) fn has_mark<M: Mark>(&self, id: DocumentId) -> Result<bool> {
        let clinic_spaces = self.replica.spaces_for(crate::domain::Purpose::Clinic);
        self.replica.store.read(|r| {
            let row = r.item(id)?.ok_or(CoreError::NotFound(Missing::Document))?;
            Ok(standing_mark::<M>(r, &clinic_spaces, &row)?.is_some())
        })
    }

    /// A digest of what something said at a version, and to whom.
    pub(crate) fn said_at(&self, id: DocumentId, revision: &Revision) -> Result<String> {
        let row = self.replica.store.read(|r| r.item(id))?;
        let row = row.ok_or(CoreError::NotFound(Missing::Document))?;
        if row.revision == *revision {
            return Ok(envelope::said_digest(&fields_of(&row)));
        }
        let state = self.replica.space(row.space)?;
        let history = self.replica.store.read(|r| history::read(r, &state, id))?;
        Ok(envelope::said_digest(&history.fields_at(revision)?))
    }

    /// What a clinic did about the present version of something.
    pub(crate) fn attention(&self, id: DocumentId) -> Result<Looked> {
        let clinic_spaces = self.replica.spaces_for(crate::domain::Purpose::Clinic);
        self.replica.store.read(|r| {
            let row = r.item(id)?;
            let row = row.ok_or(CoreError::NotFound(Missing::Document))?;
            Ok(Looked {
                is_new: row.attention.seen == Seen::New,
                review: standing_mark(r, &clinic_spaces, &row)?,
                changed_since_review: outdated_mark(r, &clinic_spaces, &row)?,
                is_to_talk_about: row.attention.to_talk_about,
                talked_about: standing_mark(r, &clinic_spaces, &row)?,
            })
        })
    }

    /// Documents of every kind that changed after a point, oldest change first.
    pub(crate) fn changes(&self, since: Sequence, size: PageSize) -> Result<Changes> {
        let rows = self
            .replica
            .store
            .read(|r| r.changed_since(since.0, size.rows()))?;
        let next = rows.last().map_or(since, |row| Sequence(row.changed));
        let changes = rows.into_iter().map(|row| Change {
            id: row.document,
            kind: row.kind,
            is_shown: row.standing == Some(Standing::Living),
        });
        Ok(Changes {
            changes: changes.collect(),
            next,
        })
    }

    /// Where the record stands now, for [`Records::changes`].
    pub(crate) fn sequence(&self) -> Result<Sequence> {
        Ok(Sequence(self.replica.store.read(|r| r.latest_change())?))
    }

    /// Whether both sides can read something that is shown.
    ///
    /// # Errors
    ///
    /// As [`Records::get`].
    pub(crate) fn is_shown_to_both(&self, kind: &Declared, id: DocumentId) -> Result<bool> {
        let row = self.replica.store.read(|r| self.living_row(kind, r, id))?;
        Ok(self.is_shared(row.space))
    }

    /// Whether the space that something lives in was ended.
    pub(crate) fn is_in_ended(&self, id: DocumentId) -> Result<bool> {
        let row = self.replica.store.read(|r| r.item(id))?;
        let space = row.map(|row| self.replica.row(row.space)).transpose()?;
        Ok(space.is_some_and(|space| space.standing == SpaceStanding::Ended))
    }

    /// Something that is shown, as far as lists know it.
    ///
    /// # Errors
    ///
    /// As [`Records::get`].
    pub(crate) fn reading(&self, kind: &Declared, id: DocumentId) -> Result<Reading> {
        let row = self.replica.store.read(|r| self.living_row(kind, r, id))?;
        let reading = kind.read(&fields_of(&row));
        reading.ok_or_else(|| ContentError::damaged(kind.kind.clone()).into())
    }

    /// All of a kind that are shown, as far as lists know them, with whether both sides can read them. What can't be
    /// understood is left out.
    pub(crate) fn readings(&self, kind: &Declared) -> Result<Vec<(DocumentId, Reading, bool)>> {
        let rows = self
            .replica
            .store
            .read(|r| self.rows_of(kind, r, Standing::Living))?;
        let known = rows.iter().filter_map(|row| {
            let reading = kind.read(&fields_of(row))?;
            Some((row.document, reading, self.is_shared(row.space)))
        });
        Ok(known.collect())
    }

    /// How much of a kind both sides can read, and can't be understood here.
    pub(crate) fn unreadable_shared(&self, kind: &Declared) -> Result<u64> {
        let rows = self
            .replica
            .store
            .read(|r| self.rows_of(kind, r, Standing::Unreadable))?;
        let shared = rows.iter().filter(|row| self.is_shared(row.space));
        Ok(shared.map(|_| 1).sum())
    }

    /// How much of a kind is shown into which a device of the patient's wrote.
    pub(crate) fn written_by_patient(&self, kind: &Declared) -> Result<u64> {
        let rows = self
            .replica
            .store
            .read(|r| self.rows_of(kind, r, Standing::Living))?;
        let mut written = 0;
        for row in rows {
            let state = self.replica.space(row.space)?;
            let is_own = row.writers.iter().any(|writer| {
                let member = state.chain.member(&writer.member);
                member.is_some_and(is_patients)
            });
            written += u64::from(is_own);
        }
        Ok(written)
    }

    /// How far each thing of a kind got that is shown and that both sides can read.
    pub(crate) fn deliveries_of_shared(&self, kind: &Declared) -> Result<Vec<DeliveryState>> {
        self.replica.store.read(|r| {
            let mut ledger = Ledger::new(&self.replica);
            let rows = self.rows_of(kind, r, Standing::Living)?;
            let shared = rows.iter().filter(|row| self.is_shared(row.space));
            shared.map(|row| ledger.state_of(r, row)).collect()
        })
    }

    /// The row of something that is shown.
    pub(super) fn living_row(
        &self,
        kind: &Declared,
        r: &Reader<'_>,
        id: DocumentId,
    ) -> Result<ItemRow> {
        let row = self.any_row(kind, r, id)?;
        match refusal_of(&row) {
            None => Ok(row),
            Some(why) => Err(why.into()),
        }
    }

    /// The row of something of that kind, shown or not.
    pub(super) fn any_row(
        &self,
        kind: &Declared,
        r: &Reader<'_>,
        id: DocumentId,
    ) -> Result<ItemRow> {
        let row = r.item(id)?.filter(|row| row.kind == kind.kind);
        let row = row.filter(|row| self.spaces(kind.placement).contains(&row.space));
        match row {
            Some(row) => Ok(row),
            None if r.deletions_of(id)?.is_empty() => Err(CoreError::NotFound(Missing::Document)),
            None => Err(NotNow::Deleted.into()),
        }
    }

    pub(super) fn view<T: Content>(
        &self,
        r: &Reader<'_>,
        ledger: &mut Ledger<'_>,
        row: &ItemRow,
    ) -> Result<View<T>> {
        if row.standing == Standing::Unreadable {
            // Damaged on the disk since it was listed as one to show.
            return Err(ContentError::damaged(T::KIND).into());
        }
        let fields = fields_of(row);
        let apart = apart::read(&fields);
        let content: T = apart::content(&fields, &apart)?;
        let at = content.index().at;
        Ok(View {
            id: row.document,
            revision: row.revision.clone(),
            content,
            when: at.map(|at| Moment {
                unix_ms: row.sort_ms,
                ..at
            }),
            clock_ahead: at.is_some_and(|at| at.unix_ms > row.sort_ms),
            apart,
            shared: self.is_shared(row.space),
            // Not later than it came: its writer's clock may have been ahead.
            edited_at: Envelope::read(&fields).edited_at.map(|at| Moment {
                unix_ms: at.unix_ms.min(row.received_ms),
                ..at
            }),
            received_ms: row.received_ms,
            delivery: ledger.state_of(r, row)?,
            writers: row.writers.iter().map(|writer| writer.member).collect(),
        })
    }

    /// The typed content of the row itself, for whoever needs no view.
    pub(crate) fn contents<T: Content>(&self, query: &Query<T>) -> Result<Vec<(DocumentId, T)>> {
        let rows = self.replica.store.read(|r| {
            let about = names_of_subject(r, query)?;
            let query = query.for_store(self.spaces(T::PLACEMENT), Standing::Living, about)?;
            Ok::<_, CoreError>(r.items(&query)?)
        })?;
        let read = |row: &ItemRow| Some((row.document, read_row(row).ok()?));
        Ok(rows.iter().filter_map(read).collect())
    }
}

/// Most names of one document that are looked under.
const NAMES_LIMIT: usize = 32;

/// All the names of what a query is about: what was said about something while it was shared stays with
/// it when it was withdrawn, and when it was shared again.
fn names_of_subject<T: Content>(r: &Reader<'_>, query: &Query<T>) -> Result<Vec<DocumentId>> {
    let Some(subject) = query.subject() else {
        return Ok(Vec::new());
    };
    let mut names = vec![subject];
    if let Some(row) = r.item(subject)? {
        let formerly = Envelope::read(&fields_of(&row)).formerly;
        names.extend(formerly.into_iter().rev().take(NAMES_LIMIT));
        names.sort_unstable();
        names.dedup();
    }
    Ok(names)
}

/// Why something is not shown, as an answer to whoever asks for it.
pub(super) fn refusal_of(row: &ItemRow) -> Option<NotNow> {
    match row.standing {
        Standing::Living => None,
        Standing::MovedOn => Some(NotNow::MovedOn),
        Standing::Withdrawn => Some(NotNow::Withdrawn {
            at: Envelope::read(&fields_of(row))
                .withdrawn_at
                .unwrap_or(Moment::utc(row.sort_ms)),
        }),
        Standing::NothingSaid => Some(NotNow::Deleted),
        Standing::Unreadable => Some(NotNow::Newer),
    }
}
