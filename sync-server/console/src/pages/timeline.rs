//! A page of a patient's timeline: several lists merged, newest first, and cut. What it costs does
//! not grow with the age of the record.

mod position;

use companion_core::clinic::Clinic;
use companion_core::domain::{CheckIn, Content, DocumentId, DosingSession, Entry, Reply};
use companion_core::records::{Cursor, PageSize, Query, Withdrawn};
use companion_core::{CoreError, Result};

pub(crate) use position::{ListPosition, Position};

use super::shared::there;
use crate::view::shelf::Shelf;
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
) -> Result<Timeline> {
    match merged(clinic, patient, filter, from) {
        Err(CoreError::Invalid(_)) if *from != Position::default() => {
            merged(clinic, patient, filter, &Position::default())
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
    let (mut entries, mut check_ins) = (Vec::new(), Vec::new());
    for item in timeline.items.iter().filter(|item| item.is_shown_in_full()) {
        match item {
            TimelineItem::Entry(shared) if shared.is_new => entries.push(shared.view.id),
            TimelineItem::CheckIn(shared) if shared.is_new => check_ins.push(shared.view.id),
            _ => {}
        }
    }
    let opened = clinic.open_all_shared::<Entry>(patient, &entries, by)?
        + clinic.open_all_shared::<CheckIn>(patient, &check_ins, by)?;
    Ok(opened > 0)
}

/// One of the lists that a timeline is merged from.
struct List {
    /// The rest of what was read of it, newest last: the next one to take is at the end.
    rest: Vec<TimelineItem>,
    taken: usize,
    from: ListPosition,
    /// Where it goes on after all that was read.
    next: Option<Cursor>,
}

impl List {
    /// Reads a list as far as one page could need it.
    fn read<T: Content>(
        from: ListPosition,
        is_wanted: bool,
        read: impl Fn(&Query<T>) -> Result<(Vec<TimelineItem>, Option<Cursor>)>,
    ) -> Result<Self> {
        let query = query::<T>(from, PAGE)?.filter(|_| is_wanted);
        let (mut rest, next) = match query {
            Some(query) => read(&query)?,
            None => (Vec::new(), None),
        };
        rest.reverse();
        Ok(Self {
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
    fn place<T: Content>(&self, clinic: &Clinic, patient: DocumentId) -> Result<ListPosition> {
        if self.taken == 0 {
            return Ok(self.from);
        }
        if self.rest.is_empty() {
            return Ok(self.next.map_or(ListPosition::End, ListPosition::After));
        }
        let taken = i64::try_from(self.taken).unwrap_or(PAGE);
        let Some(query) = query::<T>(self.from, taken)? else {
            return Ok(ListPosition::End);
        };
        let next = clinic.page(patient, &query)?.next;
        Ok(next.map_or(ListPosition::End, ListPosition::After))
    }
}

fn query<T: Content>(from: ListPosition, size: i64) -> Result<Option<Query<T>>> {
    let query = Query::<T>::all().size(PageSize::new(size)?);
    Ok(match from {
        ListPosition::Newest => Some(query),
        ListPosition::After(cursor) => Some(query.after(cursor)),
        ListPosition::End => None,
    })
}

fn merged(
    clinic: &Clinic,
    patient: DocumentId,
    filter: Filter,
    from: &Position,
) -> Result<Timeline> {
    let gone = gone(clinic, patient)?;
    let takes = |part| filter == Filter::All || filter == part;
    let entries = List::read(from.entries, takes(Filter::Entries), |query| {
        let page = clinic.shared::<Entry>(patient, query)?;
        let items = page.items.into_iter().map(Box::new);
        Ok((items.map(TimelineItem::Entry).collect(), page.next))
    })?;
    let check_ins = List::read(from.check_ins, takes(Filter::CheckIns), |query| {
        let page = clinic.shared::<CheckIn>(patient, query)?;
        let items = page.items.into_iter().map(Box::new);
        Ok((items.map(TimelineItem::CheckIn).collect(), page.next))
    })?;
    let replies = List::read(from.replies, takes(Filter::Replies), |query| {
        let page = clinic.page::<Reply>(patient, query)?;
        let items = page.items.into_iter().map(|reply| TimelineItem::Reply {
            reply: Box::new(reply),
            about: None,
        });
        Ok((items.collect(), page.next))
    })?;
    let sessions = List::read(from.sessions, filter == Filter::All, |query| {
        let page = clinic.page::<DosingSession>(patient, query)?;
        let items = page.items.into_iter().map(Box::new);
        Ok((items.map(TimelineItem::Session).collect(), page.next))
    })?;
    let withdrawn = withdrawn(&gone, filter, from);
    let mut lists = [entries, check_ins, replies, sessions, withdrawn];
    let mut items = take(&mut lists);
    for item in &mut items {
        name_what_it_is_about(clinic, patient, item)?;
    }
    let [entries, check_ins, replies, sessions, _] = &lists;
    let older = if lists.iter().any(List::goes_on) {
        let last_gone = items.iter().rev().find_map(|item| match item {
            TimelineItem::Withdrawn(gone) => Some((gone.at.unix_ms, gone.id)),
            _ => None,
        });
        let position = Position {
            entries: entries.place::<Entry>(clinic, patient)?,
            check_ins: check_ins.place::<CheckIn>(clinic, patient)?,
            replies: replies.place::<Reply>(clinic, patient)?,
            sessions: sessions.place::<DosingSession>(clinic, patient)?,
            withdrawn: last_gone.or(from.withdrawn),
        };
        Some(position.to_string())
    } else {
        None
    };
    Ok(Timeline {
        items,
        filter,
        counts: counts(clinic, patient, &gone)?,
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

/// The newest things of each kind that were withdrawn.
fn gone(clinic: &Clinic, patient: DocumentId) -> Result<[Vec<Withdrawn>; 2]> {
    Ok([
        clinic.withdrawn::<Entry>(patient, PageSize::LARGEST)?,
        clinic.withdrawn::<CheckIn>(patient, PageSize::LARGEST)?,
    ])
}

/// Of what was withdrawn, what is older than the place, as a list of its own.
fn withdrawn([entries, check_ins]: &[Vec<Withdrawn>; 2], filter: Filter, from: &Position) -> List {
    let wanted: &[&Vec<Withdrawn>] = match filter {
        Filter::All => &[entries, check_ins],
        Filter::Entries => &[entries],
        Filter::CheckIns => &[check_ins],
        Filter::Replies => &[],
    };
    let mut rest: Vec<Withdrawn> = wanted.iter().copied().flatten().cloned().collect();
    rest.retain(|gone| {
        from.withdrawn
            .is_none_or(|place| (gone.at.unix_ms, gone.id) < place)
    });
    rest.sort_by_key(|gone| (gone.at.unix_ms, gone.id));
    List {
        rest: rest.into_iter().map(TimelineItem::Withdrawn).collect(),
        taken: 0,
        from: ListPosition::Newest,
        next: None,
    }
}

fn name_what_it_is_about(
    clinic: &Clinic,
    patient: DocumentId,
    item: &mut TimelineItem,
) -> Result<()> {
    if let TimelineItem::Reply { reply, about } = item {
        let id = reply.content.about;
        *about = match there(clinic.get::<Entry>(patient, id))? {
            Some(entry) => Some(About {
                shelf: Shelf::Entries,
                title: entry.content.title,
            }),
            None => there(clinic.get::<CheckIn>(patient, id))?.map(|_| About {
                shelf: Shelf::CheckIns,
                title: String::new(),
            }),
        };
    }
    Ok(())
}

fn counts(
    clinic: &Clinic,
    patient: DocumentId,
    [entries, check_ins]: &[Vec<Withdrawn>; 2],
) -> Result<Counts> {
    Ok(Counts {
        entries: clinic.count(patient, &Query::<Entry>::all())? + entries.len() as u64,
        check_ins: clinic.count(patient, &Query::<CheckIn>::all())? + check_ins.len() as u64,
        replies: clinic.count(patient, &Query::<Reply>::all())?,
        sessions: clinic.count(patient, &Query::<DosingSession>::all())?,
    })
}
