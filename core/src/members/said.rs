//! What members said in documents of a kind, change by change: as each of them wrote it, whatever others
//! wrote into the same document since. Anybody who may write a kind can write over a document of it; what
//! counts as somebody's own word is therefore never read from how a document stands.
//!
//! Each change is opened once while the process runs. Of one author the first and the newest count, so that
//! nobody can make others read without end; how many others wrote is of no matter.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use companion_protocol::change::SealedChange;
use companion_protocol::id::{MemberId, SealedHash, SpaceId};

use super::twins::Claim;
use crate::domain::{Content, Device, DocumentId};
use crate::error::Result;
use crate::records::open_payload;
use crate::replica::{Replica, SpaceState};
use crate::space::payload::Payload;
use crate::store::{LogPlace, LogRow};

/// How many of one author's first changes of a kind count, and how many of the newest. A device says a few
/// things of itself in years.
const MOST_AT_EACH_END: usize = 32;
/// Changes of a removed member in which its name is looked for, where nothing of it counts: a device says
/// who it is before anything else.
const MOST_RETRACTED: usize = 64;

/// What a member said.
pub(super) struct Word<T> {
    pub(super) author: MemberId,
    pub(super) said: T,
}

/// What one change says, and in which document.
#[derive(Clone, Debug)]
pub(crate) struct Said<T> {
    pub(super) document: DocumentId,
    pub(super) content: T,
}

/// What was read of each change of a kind in a space, by the hash of its bytes; `None` for one in which
/// nothing of use stands.
pub(super) type Read<T> = BTreeMap<SealedHash, Option<T>>;

/// The words of a kind in one space that count, each author's in their own order, with those of this
/// device that wait to be sent at their end. `judged` is asked once of each.
pub(super) fn words<T: Content, J: Clone>(
    replica: &Replica,
    state: &SpaceState,
    read: &mut Read<J>,
    judged: impl Fn(&MemberId, Said<T>) -> J,
) -> Result<Vec<Word<J>>> {
    let (space, kind) = (state.row.space, T::KIND);
    let (mut words, mut still) = (Vec::new(), Read::new());
    let waiting = replica.store.read(|r| {
        let places = r.places_of_kind(space, kind.as_str())?;
        for place in places.chunk_by(|a, b| a.author == b.author).flat_map(ends) {
            let known = match read.get(&place.hash) {
                Some(known) => known.clone(),
                None => {
                    let row = r.log_at(place.position)?;
                    let said = row.and_then(|row| said_in(state, &row));
                    said.map(|said| judged(&place.author, said))
                }
            };
            still.insert(place.hash, known.clone());
            words.extend(known.map(|said| Word {
                author: place.author,
                said,
            }));
        }
        r.outbox_of_kind(space, kind.as_str())
    })?;
    *read = still;
    let me = state.my_id();
    let waiting = waiting.iter().filter_map(|row| {
        let said = said_by(&Payload::decode(&row.payload).ok()?)?;
        Some(Word {
            author: me,
            said: judged(&me, said),
        })
    });
    words.extend(waiting);
    Ok(words)
}

/// The first and the last of one author's.
fn ends(of_one: &[LogPlace]) -> impl Iterator<Item = &LogPlace> {
    let newest = of_one.len().saturating_sub(MOST_AT_EACH_END);
    let places = of_one.iter().enumerate();
    places
        .filter(move |(nth, _)| *nth < MOST_AT_EACH_END || *nth >= newest)
        .map(|(_, place)| place)
}

/// What a removed member said though its removal takes even that back, as far as it said it early.
pub(super) fn taken_back<T: Content>(
    replica: &Replica,
    state: &SpaceState,
    author: MemberId,
) -> Result<Vec<Said<T>>> {
    let space = state.row.space;
    let rows = replica
        .store
        .read(|r| r.log_retracted_of(space, author, MOST_RETRACTED))?;
    Ok(rows.iter().filter_map(|row| said_in(state, row)).collect())
}

fn said_in<T: Content>(state: &SpaceState, row: &LogRow) -> Option<Said<T>> {
    let change = SealedChange::parse(&row.sealed).ok()?;
    said_by(&open_payload(state, &change).ok()?)
}

/// What an odd device wrote oddly is not read.
fn said_by<T: Content>(payload: &Payload) -> Option<Said<T>> {
    let is_of_kind = payload.kind == T::KIND;
    let said: Option<T> = serde_json::from_str(&payload.projection).ok();
    Some(Said {
        document: payload.document,
        content: said.filter(|_| is_of_kind)?.checked().ok()?,
    })
}

/// What this process read of the words of one kind, by the spaces that they are about. Taken out while it is
/// read on: nobody waits for anybody, and at worst two read the same.
pub(super) struct Kept<S, T>(Mutex<BTreeMap<S, Read<T>>>);

impl<S, T> Default for Kept<S, T> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<S: Copy + Ord, T> Kept<S, T> {
    pub(super) fn with<R>(&self, of: S, then: impl FnOnce(&mut Read<T>) -> R) -> R {
        let mut read = self.lock().remove(&of).unwrap_or_default();
        let made = then(&mut read);
        self.lock().insert(of, read);
        made
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<S, Read<T>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What this process read of what members said.
#[derive(Default)]
pub(crate) struct Spoken {
    /// By the care space.
    pub(super) devices: Kept<SpaceId, Said<Device>>,
    /// By the care space and the private one.
    pub(super) twins: Kept<[SpaceId; 2], Claim>,
}
