//! How far something got, from what the clinic's node said of it. Only the clinic may write receipts
//! (see `provenance`), so whatever stands here is its own word.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use companion_protocol::id::SpaceId;

use super::{DeliveryState, read_row};
use crate::domain::{Content as _, DeliveryReceipt, Kind, Purpose, ReadReceipt, Side};
use crate::error::Result;
use crate::replica::Replica;
use crate::store::{ItemQuery, ItemRow, Order, Reader, Standing};

/// Newest receipts of one thing to look at for one of its present version.
const RECEIPTS: usize = 20;

/// What is needed to say of rows how far they got, read once for a page.
pub(super) struct Ledger<'a> {
    replica: &'a Replica,
    received: BTreeMap<SpaceId, Option<DeliveryReceipt>>,
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
        if self.replica.row(row.space)?.purpose == Purpose::Private {
            return Ok(DeliveryState::OnlyYours);
        }
        if row.waiting {
            return Ok(DeliveryState::OnThisDevice);
        }
        if self.replica.side == Side::Clinic {
            return Ok(DeliveryState::Sent);
        }
        let Some(received) = self.received_in(r, row.space)? else {
            return Ok(DeliveryState::Sent);
        };
        let arrived = row
            .writers
            .iter()
            .all(|writer| received.covers(&writer.member, writer.counter));
        if !arrived {
            return Ok(DeliveryState::Sent);
        }
        let delivered = DeliveryState::Delivered {
            clinic: received.clinic.clone(),
            at: received.at,
        };
        // Opened counts for the words that were opened, not for what was written since.
        let opened = about(r, row, &ReadReceipt::KIND)?
            .iter()
            .filter_map(|receipt| read_row::<ReadReceipt>(receipt).ok())
            .find(|receipt| receipt.revision == row.revision);
        Ok(match opened {
            Some(receipt) => DeliveryState::Opened {
                by: receipt.by,
                at: receipt.at,
            },
            None => delivered,
        })
    }

    /// What the clinic last said of how far it has received.
    fn received_in(&mut self, r: &Reader<'_>, space: SpaceId) -> Result<Option<&DeliveryReceipt>> {
        if let Entry::Vacant(place) = self.received.entry(space) {
            let newest = r.items(&ItemQuery {
                spaces: vec![space],
                kind: DeliveryReceipt::KIND,
                standing: Standing::Living,
                about: Vec::new(),
                state: None,
                order: Order::NewestFirst,
                after: None,
                limit: 1,
            })?;
            place.insert(newest.first().and_then(|row| read_row(row).ok()));
        }
        Ok(self.received.get(&space).and_then(Option::as_ref))
    }
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
