//! How far something got, from what the clinic's node said of it. Only the clinic may write receipts
//! (see `provenance`), so whatever stands here is its own word.

use std::collections::BTreeMap;

use companion_protocol::id::{Counter, MemberId, SpaceId};

use super::envelope::{self, Envelope};
use super::remains::reached_by;
use super::{DeliveryState, Reached, fields_of, read_row};
use crate::domain::{
    Content as _, DeliveryReceipt, DocumentId, Kind, Moment, Purpose, ReadReceipt, Side,
};
use crate::error::Result;
use crate::members::is_patients;
use crate::replica::Replica;
use crate::store::{ItemQuery, ItemRow, Order, Reader, Standing, WrittenBy};

/// Newest receipts of one thing to look at for one of its present version.
const RECEIPTS: usize = 20;

/// What is needed to say of rows how far they got, read once for a page.
pub(super) struct Ledger<'a> {
    replica: &'a Replica,
    received: BTreeMap<SpaceId, Received>,
}

/// What the clinic said of how far it has received: its receipts, newest first, as far as they were
/// looked at.
#[derive(Default)]
struct Received {
    receipts: Vec<Receipt>,
    /// Where the next older one is looked for.
    after: Option<(i64, DocumentId)>,
    is_all: bool,
}

struct Receipt {
    said: DeliveryReceipt,
    steps: BTreeMap<MemberId, Vec<(Counter, Moment)>>,
}

impl<'a> Ledger<'a> {
    pub(super) fn new(replica: &'a Replica) -> Self {
        Self {
            replica,
            received: BTreeMap::new(),
        }
    }

    /// How far **all** that was written into a document got: two phones may both have edited it.
    pub(super) fn state_of(&mut self, r: &Reader<'_>, row: &ItemRow) -> Result<DeliveryState> {
        let space = self.replica.row(row.space)?;
        if space.purpose == Purpose::Private {
            if Envelope::read(&fields_of(row)).formerly.is_empty() {
                return Ok(DeliveryState::OnlyYours);
            }
            return Ok(match reached_by(self.replica, r, row)? {
                Reached::Nobody => DeliveryState::OnlyYours,
                reached => DeliveryState::TakenBack { reached },
            });
        }
        if row.waiting {
            let never = self.replica.side == Side::Clinic && !space.is_open();
            return Ok(match never {
                true => DeliveryState::NeverSent,
                false => DeliveryState::OnThisDevice,
            });
        }
        if self.replica.side == Side::Clinic {
            return Ok(DeliveryState::Sent);
        }
        let Some(delivered) = self.delivered(r, row)? else {
            return Ok(DeliveryState::Sent);
        };
        let words = envelope::said_digest(&fields_of(row));
        // Opened counts for the words that were opened, not for what was written since.
        let opened = about(r, row, &ReadReceipt::KIND)?
            .iter()
            .filter_map(|receipt| read_row::<ReadReceipt>(receipt).ok())
            .find(|receipt| receipt.is_of(&row.revision, &words));
        Ok(match opened {
            Some(receipt) => DeliveryState::Opened {
                by: receipt.by,
                at: receipt.at,
            },
            None => delivered,
        })
    }

    /// When the clinic had received all that a row was made of, if it has.
    fn delivered(&mut self, r: &Reader<'_>, row: &ItemRow) -> Result<Option<DeliveryState>> {
        let replica = self.replica;
        let received = self.received.entry(row.space).or_default();
        let Some(newest) = received.receipt(r, row.space, 0)? else {
            return Ok(None);
        };
        let clinic = newest.said.clinic.clone();
        let mut latest = None;
        for writer in &row.writers {
            match received.arrival(r, row.space, writer)? {
                // A receipt says nothing of what the clinic wrote itself: it came from there.
                None if is_clinics(replica, row.space, &writer.member)? => {}
                None => return Ok(None),
                at => latest = latest.max(at),
            }
        }
        Ok(latest.map(|at| DeliveryState::Delivered { clinic, at }))
    }
}

impl Received {
    /// The newest receipt but so many.
    fn receipt(&mut self, r: &Reader<'_>, space: SpaceId, back: usize) -> Result<Option<&Receipt>> {
        while self.receipts.len() <= back && !self.is_all {
            let older = r.items(&ItemQuery {
                spaces: vec![space],
                kind: DeliveryReceipt::KIND,
                standing: Standing::Living,
                about: Vec::new(),
                state: None,
                order: Order::NewestFirst,
                after: self.after,
                limit: 1,
            })?;
            match older.first() {
                Some(row) => {
                    self.after = Some((row.sort_ms, row.document));
                    let said = read_row::<DeliveryReceipt>(row).ok();
                    self.receipts.extend(said.map(|said| Receipt {
                        steps: said.steps_by_author(),
                        said,
                    }));
                }
                None => self.is_all = true,
            }
        }
        Ok(self.receipts.get(back))
    }

    /// When a change arrived at the clinic: the first step that reached it.
    fn arrival(
        &mut self,
        r: &Reader<'_>,
        space: SpaceId,
        writer: &WrittenBy,
    ) -> Result<Option<Moment>> {
        let mut arrival = None;
        for back in 0.. {
            let receipt = self.receipt(r, space, back)?;
            let (author, counter) = (&writer.member, writer.counter);
            let covers = |receipt: &&Receipt| receipt.said.covers(author, counter);
            let Some(receipt) = receipt.filter(covers) else {
                break;
            };
            let steps = receipt.steps.get(author).map_or(&[][..], Vec::as_slice);
            let reached = steps.iter().find(|(through, _)| *through >= counter);
            arrival = Some(reached.map_or(receipt.said.at, |(_, at)| *at));
            // It had not been reached before this receipt was begun.
            if steps.first().is_some_and(|(through, _)| *through < counter) {
                break;
            }
        }
        Ok(arrival)
    }
}

fn is_clinics(replica: &Replica, space: SpaceId, member: &MemberId) -> Result<bool> {
    let state = replica.space(space)?;
    let member = state.chain.member(member);
    Ok(member.is_some_and(|member| !is_patients(member)))
}

fn about(r: &Reader<'_>, row: &ItemRow, kind: &Kind) -> Result<Vec<ItemRow>> {
    Ok(r.items(&ItemQuery {
        spaces: vec![row.space],
        kind: kind.clone(),
        standing: Standing::Living,
        about: vec![row.document],
        state: None,
        order: Order::NewestFirst,
        after: None,
        limit: RECEIPTS,
    })?)
}
