//! Telling the server of a space that was founded here, by a grant.

use companion_protocol::grant::{Grant, Terms};
use companion_protocol::id::{GrantSerial, SpaceId};
use companion_protocol::statement::Statement;

use super::connection::{ServerConnection, Signer};
use crate::domain::{Purpose, Side};
use crate::error::Result;
use crate::ports::random;
use crate::replica::Replica;
use crate::space::identity::Handle;

/// Setting that holds the grant for the private space.
pub(crate) const GRANT: &str = "grant";
/// How long a grant that a clinic issues to itself is good: it is used at once.
const OWN_GRANT_MS: u64 = 10 * 60 * 1000;

/// Room for what a patient and the clinic share, in bytes, so that no patient's phone takes the room of the
/// clinic's other patients: sealed entries of a kilobyte or two for decades. Where it is used up, what waits
/// stays on the device that wrote it, each sync says so, and members can still be removed. It can't be raised
/// yet: a grant founds a space once, and the server keeps what that said.
pub(crate) const CARE_BYTES: u64 = 1024 * 1024 * 1024;

/// Tells the server of a space that was founded here. Without a grant it stays on this device.
pub(super) fn found_on_server(server: &ServerConnection<'_>, space: SpaceId) -> Result<bool> {
    let state = server.replica.space(space)?;
    let Some(create) = state.statements.first() else {
        return Ok(false);
    };
    offer_space(server, state.row.purpose, &state.row.handle, create)
}

/// Gives the server a founding statement. `false` without a grant.
pub(crate) fn offer_space(
    server: &ServerConnection<'_>,
    purpose: Purpose,
    handle: &Handle,
    create: &Statement,
) -> Result<bool> {
    let Some(grant) = grant_for(server.replica, purpose, create)? else {
        return Ok(false);
    };
    let me = server.replica.identity(handle);
    let signer = Signer::member(&me, handle);
    let founded = server.found(signer, &grant, create.bytes().to_vec());
    founded.map_err(|error| match server.replica.side {
        Side::Clinic => error.of_own_grant(server.replica.identity(&Handle::SHARED).member()),
        Side::Patient => error,
    })?;
    Ok(true)
}

/// A phone uses the grant that its clinic gave it; a clinic's node issues its own.
fn grant_for(replica: &Replica, purpose: Purpose, create: &Statement) -> Result<Option<Vec<u8>>> {
    if replica.side == Side::Patient {
        // What the clinic founds, it offers itself.
        let kept = replica.store.read(|r| r.setting(GRANT))?;
        return Ok(kept.filter(|_| purpose == Purpose::Private));
    }
    let now = u64::try_from(replica.server_now().unix_ms).unwrap_or(0);
    let terms = Terms {
        founder: create.author(),
        serial: GrantSerial::new(random(&*replica.ports.rng)),
        max_bytes: match purpose {
            Purpose::Care => CARE_BYTES,
            // The clinic's own, of which it alone is a member.
            Purpose::Private | Purpose::Clinic => 0,
        },
        expires_at_ms: now.saturating_add(OWN_GRANT_MS),
    };
    let node = replica.identity(&Handle::SHARED);
    let grant = Grant::sign(node.signing_key(), terms);
    Ok(Some(grant.bytes().to_vec()))
}
