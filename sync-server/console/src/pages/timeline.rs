//! A page of a patient's timeline: several lists merged, newest first, and cut. What it costs does
//! not grow with the age of the record.

mod position;

use companion_core::clinic::Clinic;
use companion_core::domain::{DocumentId, DosingSession, RecordSection, Reply};
use companion_core::records::{Cursor, Query, Withdrawn};
use companion_core::{CoreError, Result};

pub(crate) use position::{ListPosition, Position, Source};

use super::shelf::{Reader, after, all_readers, query, readers};
use crate::accounts::Rights;
use crate::view::shelf::Stands;
use crate::view::timeline::{About, Counts, Filter, Timeline, TimelineItem};

/// How many things stand on one page.
pub(crate) const PAGE: i64 = 50;

/// The page of the timeline that begins at a place. One that is of another patient, or from before an
/// update of the console, gives the newest page.
pub(crate) fn page(
    clinic: &Clinic,
    patient: DocumentId,
    filter: Filter,
    from: &Position,
    rights: &Rights,
) -> Result<Timeline> {
    match merged(clinic, patient, filter, from, rights) {
        Err(CoreError::Invalid(_)) if *from != Position::default() => {
            merged(clinic, patient, filter, &Position::default(), rights)
        }
        result => result,
    }
}

/// Opens what somebody has just read in full, on a page that they asked for: the patient sees it. Says
/// whether there was anything.
pub(crate) fn open(
    clinic: &Clinic,
    patient: DocumentId,
    timeline: &Timeline,
    by: &str,
) -> Result<bool> {
    let mut opened = 0;
    for reader in all_readers() {
        let read = timeline.items.iter().filter_map(|item| match item {
            TimelineItem::Shared(shared) if shared.is_new && item.is_shown_in_full() => {
                (shared.view.content.shelf() == reader.shelf).then_some(shared.view.id)
            }
            _ => None,
        });
        let read: Vec<DocumentId> = read.collect();
        if !read.is_empty() {
            opened += (reader.open)(clinic, patient, &read, by)?;
        }
    }
    Ok(opened > 0)
}

/// One of the lists that a timeline is merged from.
struct List {
    /// What it is a list of; `None` for what was withdrawn, which is never read on.
    source: Option<Source>,
    /// The rest of what was read of it, newest last: the next one to take is at the end.
    rest: Vec<TimelineItem>,
    taken: usize,
    from: ListPosition,
    /// Where it goes on after all that was read.
    next: Option<Cursor>,
}

impl List {
    /// Reads a list as far as one page could need it.
    fn read(asked: &Asked<'_>, source: Source, from: ListPosition) -> Result<Self> {
        let (mut rest, next) = asked.read(source, from)?;
        rest.reverse();
        Ok(Self {
            source: Some(source),
            rest,
            taken: 0,
            from,
            next,
        })
    }

    fn next_at(&self) -> Option<i64> {
        self.rest.last().map(|item| item.at().unix_ms)
    }

    fn goes_on(&self) -> bool {
        !self.rest.is_empty() || self.next.is_some()
    }

    /// The place after what was taken of it.
    fn place(&self, asked: &Asked<'_>, source: Source) -> Result<ListPosition> {
        if self.taken == 0 {
            return Ok(self.from);
        }
        if self.rest.is_empty() {
            return Ok(self.next.map_or(ListPosition::End, ListPosition::After));
        }
        let taken = i64::try_from(self.taken).unwrap_or(PAGE);
        let next = asked.after(source, self.from, taken)?;
        Ok(next.map_or(ListPosition::End, ListPosition::After))
    }
}

/// Whose timeline is asked for, and what answers.
struct Asked<'a> {
    clinic: &'a Clinic,
    patient: DocumentId,
    readers: &'a [Reader],
    rights: &'a Rights,
}

impl Asked<'_> {
    fn read(
        &self,
        source: Source,
        from: ListPosition,
    ) -> Result<(Vec<TimelineItem>, Option<Cursor>)> {
        let (clinic, patient) = (self.clinic, self.patient);
        match source {
            Source::Shelf(shelf) => {
                let mut its = self.readers.iter();
                let Some(reader) = its.find(|reader| reader.shelf == shelf) else {
                    return Ok((Vec::new(), None));
                };
                let (items, next) = (reader.page)(clinic, patient, from, PAGE)?;
                let items = items.into_iter().map(Box::new);
                Ok((items.map(TimelineItem::Shared).collect(), next))
            }
            Source::Replies => {
                let Some(query) = query::<Reply>(from, PAGE)? else {
                    return Ok((Vec::new(), None));
                };
                let page = clinic.page(patient, &query)?;
                let items = page.items.into_iter().map(|reply| TimelineItem::Reply {
                    reply: Box::new(reply),
                    about: None,
                });
                Ok((items.collect(), page.next))
            }
            Source::Sessions => {
                let Some(query) = query::<DosingSession>(from, PAGE)? else {
                    return Ok((Vec::new(), None));
                };
                let page = clinic.page(patient, &query)?;
                let items = page.items.into_iter().map(Box::new);
                Ok((items.map(TimelineItem::Session).collect(), page.next))
            }
        }
    }

    fn after(&self, source: Source, from: ListPosition, size: i64) -> Result<Option<Cursor>> {
        let (clinic, patient) = (self.clinic, self.patient);
        match source {
            Source::Shelf(shelf) => {
                let mut its = self.readers.iter();
                match its.find(|reader| reader.shelf == shelf) {
                    Some(reader) => (reader.after)(clinic, patient, from, size),
                    None => Ok(None),
                }
            }
            Source::Replies => after::<Reply>(clinic, patient, from, size),
            Source::Sessions => after::<DosingSession>(clinic, patient, from, size),
        }
    }

    /// What a reply is about, while that is shown.
    fn subject(&self, id: DocumentId) -> Result<Option<About>> {
        for reader in self.readers {
            if let Some(thing) = (reader.get)(self.clinic, self.patient, id)? {
                return Ok(Some(About {
                    shelf: reader.shelf,
                    heading: thing.heading().to_owned(),
                }));
            }
        }
        Ok(None)
    }
}

fn merged(
    clinic: &Clinic,
    patient: DocumentId,
    filter: Filter,
    from: &Position,
    rights: &Rights,
) -> Result<Timeline> {
    let readers = readers(rights);
    let asked = Asked {
        clinic,
        patient,
        readers: &readers,
        rights,
    };
    let gone = gone(&asked)?;
    let mut lists = Vec::new();
    let is_shown = |source: &Source| match source {
        Source::Shelf(shelf) => rights.may_read(shelf.area()),
        Source::Sessions => rights.shows(RecordSection::Programme),
        // Each by what it answers.
        Source::Replies => true,
    };
    for source in Source::all().filter(|source| filter.takes(*source) && is_shown(source)) {
        lists.push(List::read(&asked, source, from.of(source))?);
    }
    lists.push(withdrawn(&gone, filter, from));
    let mut items = take(&mut lists);
    for item in &mut items {
        if let TimelineItem::Reply { reply, about } = item {
            *about = asked.subject(reply.content.about)?;
        }
    }
    // A reply to something that is not shown says what that was about; and of what was withdrawn nobody can tell.
    let shows_all = rights.shows_all_sections();
    items.retain(|item| match item {
        TimelineItem::Reply { about, .. } => shows_all || about.is_some(),
        _ => true,
    });
    let older = if lists.iter().any(List::goes_on) {
        let last_gone = items.iter().rev().find_map(|item| match item {
            TimelineItem::Withdrawn(gone) => Some((gone.at.unix_ms, gone.id)),
            _ => None,
        });
        let mut position = from.clone();
        position.withdrawn = last_gone.or(from.withdrawn);
        for list in &lists {
            if let Some(source) = list.source {
                position.go_to(source, list.place(&asked, source)?);
            }
        }
        Some(position.to_string())
    } else {
        None
    };
    Ok(Timeline {
        items,
        filter,
        counts: counts(&asked, &gone)?,
        before: (*from != Position::default()).then(|| from.to_string()),
        older,
    })
}

/// Takes the newest of all lists, one by one.
fn take(lists: &mut [List]) -> Vec<TimelineItem> {
    let mut items = Vec::new();
    while (items.len() as i64) < PAGE {
        let newest = lists
            .iter_mut()
            .filter(|list| !list.rest.is_empty())
            .max_by_key(|list| list.next_at());
        let Some(list) = newest else { break };
        items.extend(list.rest.pop());
        list.taken += 1;
    }
    items
}

/// The newest things of all kinds that were withdrawn.
fn gone(asked: &Asked<'_>) -> Result<Vec<Withdrawn>> {
    let mut gone = Vec::new();
    for reader in asked.readers {
        gone.extend((reader.withdrawn)(asked.clinic, asked.patient)?);
    }
    Ok(gone)
}

/// Of what was withdrawn, what is older than the place, as a list of its own.
fn withdrawn(gone: &[Withdrawn], filter: Filter, from: &Position) -> List {
    let is_wanted = |gone: &&Withdrawn| match filter {
        Filter::All => true,
        Filter::Shelf(shelf) => shelf.kind() == gone.kind,
        Filter::Replies => false,
    };
    let mut rest: Vec<Withdrawn> = gone.iter().filter(is_wanted).cloned().collect();
    rest.retain(|gone| {
        from.withdrawn
            .is_none_or(|place| (gone.at.unix_ms, gone.id) < place)
    });
    rest.sort_by_key(|gone| (gone.at.unix_ms, gone.id));
    List {
        source: None,
        rest: rest.into_iter().map(TimelineItem::Withdrawn).collect(),
        taken: 0,
        from: ListPosition::Newest,
        next: None,
    }
}

fn counts(asked: &Asked<'_>, gone: &[Withdrawn]) -> Result<Counts> {
    let (clinic, patient) = (asked.clinic, asked.patient);
    let mut counts = Counts {
        // They are counted over all sections together.
        replies: match asked.rights.shows_all_sections() {
            true => Some(clinic.count(patient, &Query::<Reply>::all())?),
            false => None,
        },
        sessions: if asked.rights.shows(RecordSection::Programme) {
            clinic.count(patient, &Query::<DosingSession>::all())?
        } else {
            0
        },
        ..Counts::default()
    };
    for reader in asked.readers {
        let kind = reader.shelf.kind();
        let gone = gone.iter().filter(|gone| gone.kind == kind).count() as u64;
        let living = if reader.shelf.stands() == Stands::InTimeline {
            (reader.count)(clinic, patient)?
        } else {
            0
        };
        counts.shared.insert(reader.shelf, living + gone);
    }
    Ok(counts)
}
