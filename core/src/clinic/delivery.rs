//! Telling patients' phones how far the clinic's node has received, so that they can say so
//! truthfully: one small document in each care space, changed when something new has arrived.

use std::collections::BTreeMap;

use companion_protocol::id::{Counter, MemberId, SpaceId};

use super::items_of;
use crate::domain::{Delivery, DocumentId, Kind};
use crate::error::{CoreError, Result};
use crate::patient::{CLINIC, edit, read, text};
use crate::record::Edit;
use crate::replica::{Purpose, Replica};
use crate::sync::{Line, SyncReport, push};

/// Says in every care space what has arrived since it was last said, and sends that.
pub(super) fn acknowledge(line: &Line<'_>, report: &mut SyncReport) -> Result<()> {
    let spaces: Vec<SpaceId> = {
        let replica = line.replica();
        let care = replica
            .spaces
            .values()
            .filter(|state| state.is(Purpose::Care));
        care.filter(|state| state.row.joined && state.row.on_server)
            .map(|state| state.row.space)
            .collect()
    };
    for space in spaces {
        let said = {
            let mut replica = line.replica();
            match next_delivery(&replica, space)? {
                Some(edit) => {
                    replica.commit(vec![edit])?;
                    true
                }
                None => false,
            }
        };
        if said {
            push(line, space, report)?;
        }
    }
    Ok(())
}

fn next_delivery(replica: &Replica, space: SpaceId) -> Result<Option<Edit>> {
    let me = replica.me.member();
    let through: BTreeMap<MemberId, Counter> = replica
        .store
        // Not the newest of each: what was withheld, or can't be used here, has not arrived.
        .read(|r| r.log_through(space))?
        .into_iter()
        .filter(|(author, _)| *author != me)
        .collect();
    let before = items_of(replica, space, &Kind::DELIVERY)?
        .into_iter()
        .find(|i| i.author == me);
    let clinic =
        text(replica.store.read(|r| r.setting(CLINIC))?).ok_or(CoreError::NotFound("clinic"))?;
    let at = replica.now();
    match before {
        Some(item) => {
            let mut delivery: Delivery = read(&item)?;
            if delivery.through == through {
                return Ok(None);
            }
            delivery.through = through;
            delivery.at = at;
            edit(space, item.document, Some(item.revision), delivery).map(Some)
        }
        None if through.is_empty() => Ok(None),
        None => {
            let extra = serde_json::Map::new();
            let delivery = Delivery {
                through,
                clinic,
                at,
                extra,
            };
            edit(
                space,
                DocumentId::random(&*replica.ports.rng),
                None,
                delivery,
            )
            .map(Some)
        }
    }
}
