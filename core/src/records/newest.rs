//! The newest document of a kind of which only that one counts.
//!
//! Times are what clocks say, and clocks are wrong. So of what one member wrote the last counts, by the
//! member's own count and whatever the times say. Only between members who wrote without one count the time
//! decides; and what was dated by a clock that was ahead is the newest only where nothing came after it: it may
//! not outrank for a year what was said since. How far an author had read does not help here: it is written
//! down when a change is sent, and not when it is made.
//!
//! What this version can't read is not passed over: it may take back what an older one says.

use std::collections::BTreeMap;

use companion_protocol::id::MemberId;

use super::delivery::Ledger;
use super::envelope::Envelope;
use super::{PageSize, Query, Records, View, fields_of};
use crate::domain::{DocumentId, Kind, Latest, LatestVisitor, visit_latest};
use crate::error::{CoreError, NotNow, Result};
use crate::store::{Begun, ItemRow, Reader, Standing};

/// The newest of a kind. What holds where it can't be read is for whoever asks to say.
#[derive(Debug, Clone, PartialEq)]
#[must_use]
pub(crate) enum Newest<T> {
    /// There is none.
    None,
    /// This one.
    Is(View<T>),
    /// One that this version can't read.
    Unreadable {
        /// The newest of those that it can.
        older: Option<View<T>>,
    },
}

impl<T> Newest<T> {
    /// For what somebody may do only by the newest word: nothing stands where that can't be read.
    pub(crate) fn or_nothing(self) -> Option<View<T>> {
        match self {
            Newest::Is(view) => Some(view),
            Newest::None | Newest::Unreadable { .. } => None,
        }
    }

    /// For what helps also where it is old, such as whom to call.
    pub(crate) fn or_older(self) -> Option<View<T>> {
        match self {
            Newest::Is(view) => Some(view),
            Newest::None => None,
            Newest::Unreadable { older } => older,
        }
    }

    /// For whoever is to write over it.
    ///
    /// # Errors
    ///
    /// [`NotNow::Newer`] where it can't be read: nobody writes over what they can't see.
    pub(crate) fn or_refuse(self) -> Result<Option<View<T>>> {
        match self {
            Newest::Is(view) => Ok(Some(view)),
            Newest::None => Ok(None),
            Newest::Unreadable { .. } => Err(NotNow::Newer.into()),
        }
    }

    /// Whether it is there and can't be read.
    pub(crate) const fn is_unreadable(&self) -> bool {
        matches!(self, Newest::Unreadable { .. })
    }
}

/// One of several documents of a kind.
pub(super) struct Candidate<T> {
    pub(super) begun: Begun,
    /// `None` where it can't be read.
    pub(super) view: Option<View<T>>,
    /// By what lists are ordered.
    pub(super) place: (i64, DocumentId),
}

impl<T> Candidate<T> {
    fn is_dated_ahead(&self) -> bool {
        self.view.as_ref().is_some_and(|view| view.clock_ahead)
    }
}

impl Records {
    /// The newest of a kind of which only that one counts.
    pub(crate) fn newest<T: Latest>(&self) -> Result<Newest<T>> {
        self.replica.store.read(|r| {
            let mut found = Vec::new();
            for standing in [Standing::Living, Standing::Unreadable] {
                let query = Query::<T>::all().size(PageSize::LARGEST);
                let query = query.for_store(self.spaces(T::PLACEMENT), standing, Vec::new())?;
                let rows = r.items(&query)?;
                found.extend(rows.into_iter().filter(is_there));
            }
            let mut ledger = Ledger::new(&self.replica);
            // One alone has nothing to be compared with.
            if let [only] = &*found {
                return Ok(match self.readable(r, &mut ledger, only)? {
                    Some(view) => Newest::Is(view),
                    None => Newest::Unreadable { older: None },
                });
            }
            let mut all = Vec::with_capacity(found.len());
            for row in &found {
                all.push(self.candidate(r, &mut ledger, row)?);
            }
            Ok(newest_of(all))
        })
    }

    fn candidate<T: Latest>(
        &self,
        r: &Reader<'_>,
        ledger: &mut Ledger<'_>,
        row: &ItemRow,
    ) -> Result<Candidate<T>> {
        Ok(Candidate {
            begun: self.begun(r, row)?,
            view: self.readable(r, ledger, row)?,
            place: (row.sort_ms, row.document),
        })
    }

    /// What a row says; `None` where this version can't read it.
    fn readable<T: Latest>(
        &self,
        r: &Reader<'_>,
        ledger: &mut Ledger<'_>,
        row: &ItemRow,
    ) -> Result<Option<View<T>>> {
        if row.standing != Standing::Living {
            return Ok(None);
        }
        match self.view(r, ledger, row) {
            Ok(view) => Ok(Some(view)),
            Err(CoreError::Content(_)) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Who began a document, and when by the order of what came.
    fn begun(&self, r: &Reader<'_>, row: &ItemRow) -> Result<Begun> {
        let me = self.replica.space(row.space)?.my_id();
        Ok(r.begun(row.space, row.document, me)?)
    }

    /// Whether one document was begun before another, whatever the times in them say.
    pub(crate) fn is_begun_before(&self, one: DocumentId, other: DocumentId) -> Result<bool> {
        self.replica.store.read(|r| {
            let begun = |id| {
                let row = r.item(id)?;
                row.map(|row| self.begun(r, &row)).transpose()
            };
            let (one, other) = (begun(one)?, begun(other)?);
            Ok(one
                .zip(other)
                .is_some_and(|(one, other)| one.is_before(&other)))
        })
    }

    /// The kinds of which the newest counts and can't be read by this version: whoever looks at the record is
    /// told.
    pub(crate) fn newest_unreadable(&self) -> Result<Vec<Kind>> {
        let mut look = Look {
            records: self,
            found: Ok(Vec::new()),
        };
        visit_latest(&mut look);
        look.found
    }
}

struct Look<'a> {
    records: &'a Records,
    found: Result<Vec<Kind>>,
}

impl LatestVisitor for Look<'_> {
    fn visit<T: Latest>(&mut self) {
        let Ok(found) = &mut self.found else { return };
        match self.records.newest::<T>() {
            Ok(newest) if newest.is_unreadable() => found.push(T::KIND),
            Ok(_) => {}
            Err(error) => self.found = Err(error),
        }
    }
}

/// Whether nobody withdrew or deleted it: of what can't be read the row does not say so.
fn is_there(row: &ItemRow) -> bool {
    let fields = fields_of(row);
    Envelope::read(&fields).standing(&fields) == Standing::Living
}

pub(super) fn newest_of<T>(all: Vec<Candidate<T>>) -> Newest<T> {
    let mut last_of: BTreeMap<MemberId, Candidate<T>> = BTreeMap::new();
    let mut older_of_unreadable = Vec::new();
    for one in all {
        let author = one.begun.author;
        match last_of.remove(&author) {
            Some(other) if one.begun.is_before(&other.begun) => {
                older_of_unreadable.push(one);
                last_of.insert(author, other);
            }
            other => {
                older_of_unreadable.extend(other);
                last_of.insert(author, one);
            }
        }
    }
    let (readable, unreadable): (Vec<_>, Vec<_>) =
        last_of.into_values().partition(|one| one.view.is_some());
    match (newest_readable(readable), unreadable.is_empty()) {
        (Some(view), true) => Newest::Is(view),
        (None, true) => Newest::None,
        (Some(older), false) => Newest::Unreadable { older: Some(older) },
        (None, false) => Newest::Unreadable {
            older: newest_readable(older_of_unreadable),
        },
    }
}

fn newest_readable<T>(all: Vec<Candidate<T>>) -> Option<View<T>> {
    let all = all.into_iter().filter(|one| one.view.is_some());
    let (ahead, dated): (Vec<_>, Vec<_>) = all.partition(Candidate::is_dated_ahead);
    let last_came = dated.iter().map(|one| one.begun.arrival).max();
    let newest = dated.into_iter().max_by_key(|one| one.place);
    let ahead = ahead.into_iter().max_by_key(|one| one.begun.arrival);
    match (ahead, newest) {
        (Some(ahead), Some(_)) if last_came < Some(ahead.begun.arrival) => ahead.view,
        (ahead, None) => ahead.and_then(|one| one.view),
        (_, Some(newest)) => newest.view,
    }
}
