//! Blobs: given part by part, held to their names, charged, deleted.

use std::sync::Arc;

use companion_protocol::api::{BlobName, BlobState, MAX_BLOBS};
use companion_protocol::id::{BlobId, MemberId, SpaceId};

use super::material::{CLINIC, FOUNDER, STATEMENT, clinic, founded, founding};
use super::{Check, Failure, expect};
use crate::storage::{BlobPart, Day, PartGiven, Reconciled, Rewind, Storage};

const TODAY: Day = Day(20_000);

fn named(bytes: &[u8]) -> BlobId {
    let mut name = BlobName::default();
    name.update(bytes);
    name.finish()
}

fn part(space: SpaceId, whole: &[u8], from: usize, to: usize) -> BlobPart {
    BlobPart {
        space,
        blob: named(whole),
        size: u64::try_from(whole.len()).unwrap_or(u64::MAX),
        from: u64::try_from(from).unwrap_or(u64::MAX),
        giver: FOUNDER,
        day: TODAY,
        bytes: whole.get(from..to).unwrap_or_default().to_vec(),
    }
}

fn stands(whole: &[u8], received: u64) -> BlobState {
    BlobState {
        blob: named(whole),
        size: u64::try_from(whole.len()).unwrap_or(u64::MAX),
        received,
    }
}

/// Bytes charged to the space, and to its clinic.
fn charged(storage: &dyn Storage, space: SpaceId) -> Result<(u64, u64), Failure> {
    let of_space = storage.usage(space)?.map_or(0, |usage| usage.bytes);
    let of_clinic = storage.clinics()?.first().map_or(0, |usage| usage.bytes);
    Ok((of_space, of_clinic))
}

pub(super) fn a_blob_is_given_part_by_part_and_read(storage: &dyn Storage) -> Check {
    let space = founded(storage)?;
    let whole: Vec<u8> = (0..250_u8).collect();
    let blob = named(&whole);
    let first = storage.give_part(part(space, &whole, 0, 100))?;
    expect(
        first == PartGiven::Done(stands(&whole, 100)),
        "the first part of a blob is kept",
    )?;
    expect(
        storage.read_blob(space, blob, 0, 10)?.is_none(),
        "nobody reads a blob that is not whole",
    )?;
    for (from, to) in [(0, 100), (50, 120), (101, 250)] {
        expect(
            storage.give_part(part(space, &whole, from, to))?
                == PartGiven::Elsewhere(stands(&whole, 100)),
            "a part that begins elsewhere is refused with where the blob ends",
        )?;
    }
    let mut larger = part(space, &whole, 100, 200);
    larger.size = 251;
    expect(
        storage.give_part(larger)? == PartGiven::Elsewhere(stands(&whole, 100)),
        "the size of the whole does not change midway",
    )?;
    let last = storage.give_part(part(space, &whole, 100, 250))?;
    expect(
        last == PartGiven::Done(stands(&whole, 250)),
        "the last part makes it whole",
    )?;
    let read = storage.read_blob(space, blob, 90, 20)?;
    expect(
        read.as_deref() == whole.get(90..110),
        "a whole blob is read from anywhere",
    )?;
    expect(
        storage.read_blob(space, blob, 240, 100)?.as_deref() == whole.get(240..)
            && storage.read_blob(space, blob, 250, 100)? == Some(Vec::new())
            && storage.read_blob(space, blob, u64::MAX, 100)? == Some(Vec::new()),
        "past its end there is nothing",
    )?;
    expect(
        storage.give_part(part(space, &whole, 0, 100))? == PartGiven::Done(stands(&whole, 250)),
        "a part of a blob that is whole changes nothing",
    )?;
    let held = storage.blobs(space)?;
    expect(
        held.iter()
            .map(|held| (held.state, held.giver))
            .eq([(stands(&whole, 250), FOUNDER)]),
        "a space lists its blobs and who gave them",
    )
}

pub(super) fn a_blob_is_charged_whole_and_given_back(storage: &dyn Storage) -> Check {
    let space = founded(storage)?;
    let (before, whole) = (charged(storage, space)?, [7; 1000]);
    let more = |by: u64| (before.0.saturating_add(by), before.1.saturating_add(by));
    storage.give_part(part(space, &whole, 0, 10))?;
    expect(
        charged(storage, space)? == more(1000),
        "the first part charges the whole to the space and its clinic",
    )?;
    storage.give_part(part(space, &whole, 10, 1000))?;
    expect(
        charged(storage, space)? == more(1000),
        "later parts charge nothing",
    )?;
    expect(
        storage.delete_blob(space, named(&whole))? && !storage.delete_blob(space, named(&whole))?,
        "a blob is deleted once",
    )?;
    expect(
        charged(storage, space)? == before && storage.blobs(space)?.is_empty(),
        "what was deleted is given back",
    )?;
    let mut other = part(space, &whole, 0, 1000);
    other.bytes = vec![8; 1000];
    expect(
        storage.give_part(other)? == PartGiven::Mismatch,
        "what is not what its name says is not kept, also where it comes in one part",
    )?;
    let mut second = part(space, &whole, 10, 1000);
    second.bytes = vec![8; 990];
    storage.give_part(part(space, &whole, 0, 10))?;
    expect(
        storage.give_part(second)? == PartGiven::Mismatch,
        "nor where its beginning was",
    )?;
    expect(
        charged(storage, space)? == before && storage.blobs(space)?.is_empty(),
        "what was thrown away is given back",
    )?;
    expect(
        storage.give_part(part(space, &whole, 0, 1000))? == PartGiven::Done(stands(&whole, 1000)),
        "and can be given again",
    )
}

pub(super) fn blobs_keep_to_the_quotas(storage: &dyn Storage) -> Check {
    let room = u64::try_from(STATEMENT).unwrap_or(u64::MAX);
    storage.register_clinic(clinic(10, room.saturating_add(1000)))?;
    storage.create_space(founding(1))?;
    let space = SpaceId::new([1; 32]);
    let before = charged(storage, space)?;
    expect(
        storage.give_part(part(space, &[1; 1001], 0, 1))? == PartGiven::QuotaExceeded,
        "a blob for which there is no room is refused with its first part",
    )?;
    expect(
        charged(storage, space)? == before
            && storage.blobs(space)?.is_empty()
            && storage.blob_faults()?.is_empty(),
        "and nothing of it is kept",
    )?;
    expect(
        storage.give_part(part(space, &[1; 1000], 0, 1))? == PartGiven::Done(stands(&[1; 1000], 1)),
        "one that just fits is taken",
    )?;
    expect(
        storage.give_part(part(space, &[2], 0, 1))? == PartGiven::QuotaExceeded,
        "what is still arriving takes the room of the whole",
    )?;
    storage.register_clinic(clinic(10, 1 << 30))?;
    let mut narrow = founding(2);
    narrow.max_bytes = room.saturating_add(10);
    storage.create_space(narrow)?;
    let narrow = SpaceId::new([2; 32]);
    expect(
        storage.give_part(part(narrow, &[3; 11], 0, 1))? == PartGiven::QuotaExceeded
            && storage.give_part(part(narrow, &[3; 10], 0, 1))?
                == PartGiven::Done(stands(&[3; 10], 1)),
        "a space has a limit of its own",
    )?;
    expect(
        storage.give_part(part(SpaceId::new([9; 32]), &[3; 11], 0, 1))? == PartGiven::NoSuchSpace,
        "a blob needs a space",
    )
}

pub(super) fn a_space_holds_only_so_many_blobs(storage: &dyn Storage) -> Check {
    let space = founded(storage)?;
    let most = u16::try_from(MAX_BLOBS).unwrap_or(u16::MAX);
    for number in 0..most {
        let whole = [&number.to_be_bytes()[..], &[0; 8]].concat();
        // None is finished: those that are arriving count.
        storage.give_part(part(space, &whole, 0, 1))?;
    }
    expect(
        storage.give_part(part(space, &[9; 5], 0, 1))? == PartGiven::QuotaExceeded,
        "a space holds only so many blobs",
    )?;
    let first = [0; 10];
    expect(
        storage.give_part(part(space, &first, 1, 10))? == PartGiven::Done(stands(&first, 10)),
        "those that it holds go on",
    )?;
    storage.delete_blob(space, named(&first))?;
    expect(
        storage.give_part(part(space, &[9; 5], 0, 1))? == PartGiven::Done(stands(&[9; 5], 1)),
        "and one that goes makes room",
    )
}

pub(super) fn a_blob_that_nobody_goes_on_with_goes(storage: &dyn Storage) -> Check {
    let space = founded(storage)?;
    let before = charged(storage, space)?;
    let (left, finished, resumed) = ([1; 50], [2; 50], [3; 50]);
    storage.give_part(part(space, &left, 0, 10))?;
    storage.give_part(part(space, &finished, 0, 50))?;
    storage.give_part(part(space, &resumed, 0, 10))?;
    let mut later = part(space, &resumed, 10, 20);
    later.day = Day(TODAY.0.saturating_add(1));
    storage.give_part(later)?;
    let yesterday = Day(TODAY.0.saturating_sub(1));
    expect(
        storage.expire_blobs(yesterday)? == 0 && storage.blobs(space)?.len() == 3,
        "what grew since stays",
    )?;
    expect(
        storage.expire_blobs(TODAY)? == 1,
        "what did not grow, and is not whole, goes",
    )?;
    let held: Vec<BlobId> = storage.blobs(space)?.iter().map(|b| b.state.blob).collect();
    expect(
        held.len() == 2 && !held.contains(&named(&left)),
        "and nothing else does",
    )?;
    expect(
        charged(storage, space)? == (before.0.saturating_add(100), before.1.saturating_add(100)),
        "its room is given back",
    )?;
    let totals = storage.blob_totals()?;
    expect(
        (totals.whole, totals.arriving, totals.bytes) == (1, 1, 70),
        "the totals are those of what is there",
    )?;
    expect(
        storage.blob_faults()?.is_empty() && storage.reconcile_blobs()? == Reconciled::default(),
        "and all of it stands where it should",
    )
}

pub(super) fn a_cut_keeps_the_blobs_of_those_who_stay(storage: &dyn Storage) -> Check {
    let space = founded(storage)?;
    let head = storage
        .head(space)?
        .ok_or_else(|| Failure::Expected("a space that was founded has a head".into()))?;
    let before = charged(storage, space)?;
    storage.give_part(part(space, &[1; 30], 0, 30))?;
    let mut stranger = part(space, &[2; 40], 0, 40);
    stranger.giver = MemberId::new([5; 32]);
    storage.give_part(stranger)?;
    storage.rewind(Rewind {
        space,
        chain_length: head.chain_length,
        chain_head: head.chain_head,
        listed: vec![FOUNDER],
        members: vec![FOUNDER, CLINIC],
        kept: Vec::new(),
        life: storage.life()?,
    })?;
    let held: Vec<BlobId> = storage.blobs(space)?.iter().map(|b| b.state.blob).collect();
    expect(
        held == [named(&[1; 30])],
        "a cut keeps the blobs of whoever is known to the chain, and no others",
    )?;
    expect(
        charged(storage, space)? == (before.0.saturating_add(30), before.1.saturating_add(30)),
        "and charges those that stay",
    )?;
    storage.reconcile_blobs()?;
    expect(
        storage.blob_faults()?.is_empty(),
        "the bytes of the others go",
    )
}

/// Two who give the same blob at once end with the whole: whoever is behind is told where it ends, and goes
/// on from there.
pub(super) fn two_give_one_blob_at_once<S: Storage + 'static>(storage: &Arc<S>) -> Check {
    let space = founded(&**storage)?;
    let whole: Vec<u8> = (0..=u8::MAX).cycle().take(20_000).collect();
    let gives = |storage: Arc<S>, whole: Vec<u8>, step: usize| {
        move || -> Check {
            let mut from = 0;
            while from < whole.len() {
                let to = from.saturating_add(step).min(whole.len());
                let state = match storage.give_part(part(space, &whole, from, to))? {
                    PartGiven::Done(state) | PartGiven::Elsewhere(state) => state,
                    other => return Err(Failure::Expected(format!("no part is {other:?}"))),
                };
                from = usize::try_from(state.received).unwrap_or(usize::MAX);
            }
            Ok(())
        }
    };
    let threads =
        [700, 900].map(|step| std::thread::spawn(gives(Arc::clone(storage), whole.clone(), step)));
    for thread in threads {
        thread
            .join()
            .unwrap_or_else(|_| Err(Failure::Expected("no thread panics".into())))?;
    }
    expect(
        storage
            .read_blob(space, named(&whole), 0, whole.len())?
            .as_deref()
            == Some(&whole[..]),
        "two who give one blob at once end with the whole",
    )
}
