//! Telling patients' phones how far the clinic's node has received, so that they can say so
//! truthfully: one small document in each care space, changed when something new has arrived.

use std::collections::BTreeMap;

use companion_protocol::id::SpaceId;

use super::Clinic;
use crate::domain::{DeliveryReceipt, Moment};
use crate::error::Result;
use crate::records::{PageSize, Query};
use crate::sync::BeforeSending;

/// Changes of one receipt before another one is begun.
const CHANGES: usize = 32;

impl BeforeSending for Clinic {
    /// Says in a care space what has arrived there since it was last said.
    fn acknowledge(&self, space: SpaceId) -> Result<()> {
        self.give_grants(space)?;
        self.acknowledge_attachments(space)?;
        let me = self.public_key();
        let records = self.records_in(space);
        let newest = Query::<DeliveryReceipt>::all().size(PageSize::ONE);
        let said = records.page(&newest)?.items.into_iter().next();
        let known = said.as_ref().map(|said| said.content.through.clone());
        let known = known.unwrap_or_default();
        // Not the newest of each: what was withheld, or can't be used here, has not arrived.
        let mut through = self.replica.store.read(|r| r.log_through(space, &known))?;
        through.remove(&me);
        if through == known {
            return Ok(());
        }
        let mut at = self.now();
        // A new one now and then, so that none has to carry years of history along.
        let is_full = match &said {
            Some(said) => records.count_changes(space, said.id)? >= CHANGES,
            None => false,
        };
        if let Some(said) = &said {
            // The newest is the one that counts, also after this node's clock was put back.
            let least = said.content.at.unix_ms.saturating_add(i64::from(is_full));
            at.unix_ms = at.unix_ms.max(least);
        }
        let said = said.filter(|_| !is_full);
        let moved = through
            .iter()
            .filter(|(author, through)| known.get(author) != Some(through));
        let steps = moved.map(|(author, through)| (DeliveryReceipt::step(author, *through), at));
        let steps: BTreeMap<String, Moment> = steps.collect();
        match said {
            Some(said) => {
                records.edit::<DeliveryReceipt>(said.id, &said.revision, |receipt| {
                    receipt.through = through;
                    receipt.steps.extend(steps);
                    receipt.at = at;
                })?;
            }
            None => {
                records.create(DeliveryReceipt {
                    through,
                    steps,
                    clinic: self.name()?,
                    at,
                })?;
            }
        }
        Ok(())
    }
}
