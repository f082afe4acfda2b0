//! Blobs: who may give, read and delete one. Nobody here knows what a blob belongs to.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use companion_protocol::api::{BlobState, Blobs, ErrorCode, MAX_BLOB};
use companion_protocol::chain::Chain;
use companion_protocol::id::{BlobId, MemberId, SpaceId};
use companion_protocol::statement::Role;

use super::Relay;
use crate::refusal::Refusal;
use crate::storage::{BlobPart, Day, PartGiven};

/// Where a part belongs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) space: SpaceId,
    pub(crate) blob: BlobId,
    /// Where it begins.
    pub(crate) from: u64,
    /// Bytes of the whole.
    pub(crate) size: u64,
}

impl Relay {
    /// Whether a part of this signer is worth reading: it is a member, and the part begins where the blob
    /// ends here.
    pub(crate) fn may_give(&self, member: MemberId, place: Place) -> Result<(), Refusal> {
        self.as_writer(member, place.space)?;
        if !(1..=MAX_BLOB).contains(&place.size) || place.from >= place.size {
            return Err(Refusal::bad(
                "a blob has 1 to 67108864 bytes, and a part begins within it",
            ));
        }
        let held = self.storage.blob(place.space, place.blob)?;
        let nothing = BlobState::nothing_yet(place.blob, place.size);
        let stands = held.map_or(nothing, |held| held.state);
        let fits = (stands.size, stands.received) == (place.size, place.from);
        match fits || stands.is_whole() {
            true => Ok(()),
            false => Err(elsewhere(stands)),
        }
    }

    /// Keeps a part of a blob.
    pub(crate) fn give(
        &self,
        member: MemberId,
        place: Place,
        bytes: Vec<u8>,
    ) -> Result<BlobState, Refusal> {
        self.as_writer(member, place.space)?;
        let length = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        if length == 0 || length > place.size.saturating_sub(place.from) {
            return Err(Refusal::bad(
                "a part holds something, and ends within the whole",
            ));
        }
        let part = BlobPart {
            space: place.space,
            blob: place.blob,
            size: place.size,
            from: place.from,
            giver: member,
            day: self.today(),
            bytes,
        };
        match self.storage.give_part(part)? {
            PartGiven::Done(state) => {
                metrics::counter!("kap_blob_parts_total").increment(1);
                metrics::counter!("kap_blob_part_bytes_total").increment(length);
                Ok(state)
            }
            PartGiven::Elsewhere(stands) => Err(elsewhere(stands)),
            PartGiven::Mismatch => Err(Refusal::new(
                ErrorCode::BlobMismatch,
                "the blob is not what its name says; it was thrown away",
            )),
            PartGiven::QuotaExceeded => Err(Refusal::new(
                ErrorCode::QuotaExceeded,
                "the clinic or the space has no room left for this blob",
            )),
            PartGiven::NoSuchSpace => Err(Refusal::forbidden()),
        }
    }

    /// Bytes of a whole blob.
    pub(crate) fn read_blob(
        &self,
        member: MemberId,
        space: SpaceId,
        blob: BlobId,
        from: u64,
        limit: usize,
    ) -> Result<Vec<u8>, Refusal> {
        let chain = self.as_member(member, space)?;
        if from == 0 {
            self.prove_blob(space, blob, &chain)?;
        }
        if let Some(bytes) = self.storage.read_blob(space, blob, from, limit)? {
            return Ok(bytes);
        }
        let missing = Refusal::new(
            ErrorCode::BlobMissing,
            "the space has no such blob, or not all of it yet",
        );
        Err(match self.storage.blob(space, blob)? {
            Some(held) => standing(missing, held.state),
            None => missing,
        })
    }

    /// Holds a blob to its name before somebody reads it from its beginning, but no more often than [`PROVED_MS`]:
    /// whoever got damaged bytes all the same throws them away and begins anew. A damaged one is let go of, so that
    /// the space's head says that something is missing, and whoever has it gives it again.
    fn prove_blob(&self, space: SpaceId, blob: BlobId, chain: &Chain) -> Result<(), Refusal> {
        if !self.proved.is_due((space, blob), self.now_ms()) {
            return Ok(());
        }
        if self.storage.prove_blob(space, blob)? {
            return Ok(());
        }
        tracing::error!("a blob was damaged and is let go of; whoever has it gives it again");
        metrics::counter!("kap_blobs_lost_total").increment(1);
        if let Some(head) = self.storage.head(space)? {
            self.hints.publish(head, chain);
        }
        Ok(())
    }

    /// The blobs of a space.
    pub(crate) fn blobs(&self, member: MemberId, space: SpaceId) -> Result<Blobs, Refusal> {
        self.as_member(member, space)?;
        self.blobs_of(space)
    }

    fn blobs_of(&self, space: SpaceId) -> Result<Blobs, Refusal> {
        let held = self.storage.blobs(space)?.into_iter();
        Ok(Blobs {
            blobs: held.map(|held| held.state).collect(),
        })
    }

    /// Deletes a blob for whoever may; gives what is left.
    pub(crate) fn delete_blob(
        &self,
        member: MemberId,
        space: SpaceId,
        blob: BlobId,
    ) -> Result<Blobs, Refusal> {
        let chain = self.as_writer(member, space)?;
        if let Some(held) = self.storage.blob(space, blob)? {
            if !may_delete(&chain, member, held.giver) {
                return Err(Refusal::forbidden());
            }
            self.storage.delete_blob(space, blob)?;
        }
        self.blobs_of(space)
    }

    /// Lets blobs go whose giver did not come back, and measures what is there.
    pub(crate) fn tend_blobs(&self) {
        let expired = match self.today().patience_ends() {
            Some(last) => self.storage.expire_blobs(last),
            None => Ok(0),
        };
        match expired {
            Ok(0) => {}
            Ok(expired) => tracing::info!(expired, "blobs went that nobody went on with"),
            Err(why) => tracing::error!(reason = %why, "blobs that nobody goes on with stay"),
        }
        if let Ok(totals) = self.storage.blob_totals() {
            metrics::gauge!("kap_blobs").set(as_f64(totals.whole));
            metrics::gauge!("kap_blobs_arriving").set(as_f64(totals.arriving));
            metrics::gauge!("kap_blob_bytes").set(as_f64(totals.bytes));
        }
    }

    fn today(&self) -> Day {
        Day::of_ms(self.clock.now_ms())
    }
}

/// A blob that was found whole is not held to its name again for so long, whoever asks for it.
const PROVED_MS: u64 = 60 * 1000;
/// How many blobs are remembered as proved.
const PROVED: usize = 4096;

/// Which blobs were lately held to their names. Forgetting one costs a look at a file.
#[derive(Debug, Default)]
pub(super) struct Proved(Mutex<HashMap<(SpaceId, BlobId), u64>>);

impl Proved {
    /// Whether a blob is to be looked at now; if so, it counts as looked at.
    fn is_due(&self, blob: (SpaceId, BlobId), now_ms: u64) -> bool {
        let mut proved = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let is_fresh = |at: u64| now_ms.abs_diff(at) < PROVED_MS;
        if proved.get(&blob).is_some_and(|at| is_fresh(*at)) {
            return false;
        }
        if proved.len() >= PROVED {
            proved.retain(|_, at| is_fresh(*at));
        }
        if proved.len() < PROVED {
            proved.insert(blob, now_ms);
        }
        true
    }
}

/// The side that decides together.
#[derive(PartialEq, Eq)]
enum Side {
    Patient,
    Clinic,
}

fn side(chain: &Chain, member: &MemberId) -> Option<Side> {
    // Whoever was removed keeps its side.
    match chain.member(member)?.role {
        Role::Device | Role::Words => Some(Side::Patient),
        Role::Host => Some(Side::Clinic),
        Role::Reader | Role::Writer => None,
    }
}

/// A patient's side decides about all that lies in a space of theirs, also where the clinic's node gave it: after
/// a restore it may have given back what was the patient's. A node's side decides about what a node gave.
fn may_delete(chain: &Chain, member: MemberId, giver: MemberId) -> bool {
    match side(chain, &member) {
        Some(Side::Patient) => true,
        Some(Side::Clinic) => side(chain, &giver) == Some(Side::Clinic),
        None => member == giver,
    }
}

fn elsewhere(stands: BlobState) -> Refusal {
    let refusal = Refusal::new(
        ErrorCode::BlobOffset,
        "the part does not begin where the blob ends here, or names another size of it",
    );
    standing(refusal, stands)
}

fn standing(refusal: Refusal, stands: BlobState) -> Refusal {
    refusal
        .with("received", stands.received)
        .with("size", stands.size)
}

/// Measures are floating; whole numbers of bytes are exact in them up to 2^53.
fn as_f64(number: u64) -> f64 {
    number as f64
}
