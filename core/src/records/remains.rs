//! What of something remains where once it is taken back or deleted, in the words for the patient. It is told from
//! every version and every sharing of it: the newest version alone may never have left, or nobody may have opened it,
//! where an earlier one did and somebody has.

use std::collections::BTreeSet;

use super::envelope::{self, Envelope};
use super::{Records, fields_of, read_row};
use crate::domain::{Content, Declared, DocumentId, Kind, Moment, Purpose, REGISTRY, ReadReceipt};
use crate::error::{CoreError, Result};
use crate::replica::Replica;
use crate::store::{ItemQuery, ItemRow, Order, Reader, SpaceStanding, Standing};

/// Newest receipts of one thing to look at for one of its present version.
const RECEIPTS: usize = 20;

/// How far something ever got, in any of its versions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reached {
    /// Nothing of it left for the clinic.
    Nobody,
    /// Something of it left, and nobody at the clinic is known to have opened it.
    Clinic,
    /// Somebody at the clinic opened an earlier version, or opened it when it was shared before.
    OpenedBefore,
    /// Somebody at the clinic opened it as it is shared now.
    Opened,
    /// The clinic shows it still: that it was taken back never left this device, and what is shared was ended.
    StillShown,
}

/// What of something remains where once it is taken back or deleted, as far as this phone knows. It is asked for
/// before that is done; of several things the greatest is the one that got furthest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Remains {
    /// How far it ever got.
    pub reached: Reached,
    /// Whether it is shared at present.
    pub is_shared: bool,
}

impl Remains {
    /// That something was taken back.
    pub const TAKEN_BACK: &str = "Taken back: it is private again.";

    /// What the clinic may keep of it, in words that are good before it is taken back or deleted, and after. `None`
    /// where it is private and always was.
    pub const fn at_the_clinic(&self) -> Option<&'static str> {
        Some(match (self.is_shared, self.reached) {
            (false, Reached::Nobody) => return None,
            (_, Reached::StillShown) => {
                "Your clinic still has it and shows it: the account was ended before this phone had sent that you took \
                 it back. Ask them not to show it any more."
            }
            (true, Reached::Nobody) => "As far as this phone knows your clinic never received it.",
            (true, Reached::Clinic) => {
                "Your clinic's pages stop showing it once they hear of it. Nobody there is known to have opened it, \
                 but what the server and the clinic's system have received they may keep, sealed."
            }
            (true, Reached::OpenedBefore) => {
                "Your clinic's pages stop showing it once they hear of it. Somebody there opened it as it was before, \
                 so the clinic may have to keep that as a part of its records, sealed and not shown."
            }
            (true, Reached::Opened) => {
                "Your clinic's pages stop showing it once they hear of it. Somebody there opened it, so the clinic may \
                 have to keep it as a part of its records, sealed and not shown."
            }
            (false, Reached::Clinic) => {
                "It was shared before. Nobody at your clinic is known to have opened it, but what the server and the \
                 clinic's system received then they may keep, sealed."
            }
            (false, Reached::OpenedBefore | Reached::Opened) => {
                "It was shared before, and somebody at your clinic opened it then, so the clinic may have to keep that \
                 as a part of its records, sealed and not shown."
            }
        })
    }

    /// What is said once it was taken back.
    pub fn once_taken_back(&self) -> String {
        join(Self::TAKEN_BACK, self.at_the_clinic())
    }

    /// What is said once it was deleted.
    pub fn once_deleted(&self) -> String {
        let own = match self.reached {
            Reached::Nobody => {
                "Its words go from this phone at once, and from the server and your other phones once they hear of it."
            }
            // What was shared stays at the server, sealed.
            Reached::Clinic | Reached::OpenedBefore | Reached::Opened | Reached::StillShown => {
                "Its words go from this phone at once, and from your other phones once they hear of it."
            }
        };
        let copies = "Exports, and backups that were made before, still hold it.";
        join(&join(own, self.at_the_clinic()), Some(copies))
    }
}

fn join(first: &str, then: Option<&str>) -> String {
    match then {
        Some(then) => format!("{first} {then}"),
        None => first.to_owned(),
    }
}

/// Something that was shared once and is nowhere in the record any more, as what can still be said of it: nothing of
/// its words is here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeletedView {
    /// What it was.
    pub kind: Kind,
    /// When the clinic's pages were told to show it no longer.
    pub at: Moment,
    /// What of it remains where, as far as is known now.
    pub remains: Remains,
}

impl Records {
    /// What was shared once, and was deleted since: newest first.
    pub(crate) fn deleted(&self) -> Result<Vec<DeletedView>> {
        let mut all = Vec::new();
        for kind in REGISTRY.iter().filter(|kind| kind.is_shared_by_choice()) {
            all.extend(self.deleted_of(kind)?);
        }
        all.sort_by_key(|one| std::cmp::Reverse(one.at.unix_ms));
        Ok(all)
    }

    fn deleted_of(&self, kind: &Declared) -> Result<Vec<DeletedView>> {
        self.replica.store.read(|r| {
            let withdrawn = self.rows_of(kind, r, Standing::Withdrawn)?;
            if withdrawn.is_empty() {
                return Ok(Vec::new());
            }
            // What stands for something else that was shared before.
            let mut still_here = BTreeSet::new();
            for standing in [Standing::Living, Standing::MovedOn, Standing::Unreadable] {
                for row in self.rows_of(kind, r, standing)? {
                    still_here.extend(Envelope::read(&fields_of(&row)).formerly);
                }
            }
            let gone = withdrawn
                .iter()
                .filter(|row| !still_here.contains(&row.document));
            let views = gone.map(|row| {
                let reached = reached_by(&self.replica, r, row)?;
                Ok(DeletedView {
                    kind: row.kind.clone(),
                    at: Envelope::read(&fields_of(row))
                        .withdrawn_at
                        .unwrap_or(Moment::utc(row.sort_ms)),
                    remains: Remains {
                        reached,
                        is_shared: false,
                    },
                })
            });
            views.collect()
        })
    }

    /// How much the clinic still shows of what was taken back or deleted on this phone: that never left it, and what
    /// is shared was ended.
    pub(crate) fn still_shown(&self) -> Result<u64> {
        let mut shown = 0;
        for kind in REGISTRY.iter().filter(|kind| kind.is_shared_by_choice()) {
            shown += self.replica.store.read(|r| {
                let mut of_kind = 0;
                for row in self.rows_of(kind, r, Standing::Withdrawn)? {
                    of_kind += u64::from(is_still_shown(&self.replica, r, &row)?);
                }
                Ok::<_, CoreError>(of_kind)
            })?;
        }
        Ok(shown)
    }

    pub(super) fn rows_of(
        &self,
        kind: &Declared,
        r: &Reader<'_>,
        standing: Standing,
    ) -> Result<Vec<ItemRow>> {
        Ok(r.items(&ItemQuery {
            spaces: self.spaces(kind.placement),
            kind: kind.kind.clone(),
            standing,
            about: Vec::new(),
            state: None,
            order: Order::NewestFirst,
            after: None,
            limit: usize::MAX,
        })?)
    }

    /// What of something would remain where if it were taken back or deleted now. By the name of the private document
    /// that it was shared from as well.
    ///
    /// # Errors
    ///
    /// [`NotNow`](crate::NotNow) when it is not shown any more.
    pub(crate) fn what_remains<T: Content>(&self, id: DocumentId) -> Result<Remains> {
        self.replica.store.read(|r| {
            let row = self.shown_row(Declared::by::<T>(), r, id)?;
            Ok(Remains {
                reached: reached_by(&self.replica, r, &row)?,
                is_shared: self.is_shared(row.space),
            })
        })
    }
}

/// How far something ever got, by all the names that it was shared under.
pub(super) fn reached_by(replica: &Replica, r: &Reader<'_>, row: &ItemRow) -> Result<Reached> {
    let mut names = Envelope::read(&fields_of(row)).formerly;
    names.push(row.document);
    let care = replica.spaces_for(Purpose::Care);
    let mut reached = Reached::Nobody;
    for name in &names {
        // What was forgotten before it left has no row.
        let shared = r.item(*name)?.filter(|of| care.contains(&of.space));
        if let Some(shared) = shared {
            if is_still_shown(replica, r, &shared)? {
                return Ok(Reached::StillShown);
            }
            if may_have_left(r, &shared)? {
                reached = Reached::Clinic;
            }
        }
    }
    let receipts = r.items(&ItemQuery {
        spaces: care,
        kind: ReadReceipt::KIND,
        standing: Standing::Living,
        about: names,
        state: None,
        order: Order::NewestFirst,
        after: None,
        limit: RECEIPTS,
    })?;
    let words = envelope::said_digest(&fields_of(row));
    for receipt in &receipts {
        let is_of_now = row.standing == Standing::Living
            && read_row::<ReadReceipt>(receipt).is_ok_and(|receipt| {
                receipt.about == row.document && receipt.is_of(&row.revision, &words)
            });
        reached = reached.max(match is_of_now {
            true => Reached::Opened,
            false => Reached::OpenedBefore,
        });
    }
    Ok(reached)
}

/// Whether the clinic has something that was taken back here, and never hears of that.
fn is_still_shown(replica: &Replica, r: &Reader<'_>, row: &ItemRow) -> Result<bool> {
    let is_unheard = row.standing == Standing::Withdrawn && row.waiting;
    Ok(is_unheard
        && replica.row(row.space)?.standing == SpaceStanding::Ended
        && may_have_left(r, row)?)
}

/// Whether anything of a document may have left this device, or came from another one.
pub(super) fn may_have_left(r: &Reader<'_>, row: &ItemRow) -> Result<bool> {
    let sent_through = r.space(row.space)?.map_or(i64::MAX, |it| it.sent_through);
    let waiting = r.outbox_of_document(row.document)?;
    let is_sent = waiting.iter().any(|one| one.position <= sent_through);
    Ok(is_sent || !r.changes_of(row.space, row.document)?.is_empty())
}
