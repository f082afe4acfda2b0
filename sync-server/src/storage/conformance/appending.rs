//! Logs.

use std::sync::Arc;

use companion_protocol::api::PushStatus;
use companion_protocol::id::{Counter, HistoryHash, LogNumber, SealedHash, SpaceId, StatementHash};

use super::material::{Author, append, clinic, extension, founded, founding};
use super::{Check, Failure, expect};
use crate::storage::{Append, AppendRefusal, Appended, Founding, NewChange, Storage};

/// The numbers and statuses of a successful append.
pub(super) fn results(appended: Appended) -> Result<Vec<(u64, PushStatus)>, Failure> {
    match appended {
        Appended::Done { results, .. } => Ok(results
            .into_iter()
            .map(|result| (result.number.0, result.status))
            .collect()),
        other => Err(Failure::Expected(format!(
            "the append succeeds, not {other:?}"
        ))),
    }
}

fn count(storage: &dyn Storage, space: SpaceId) -> Result<usize, Failure> {
    let page = storage.pull(space, LogNumber(0), 10_000, usize::MAX)?;
    Ok(page.map_or(0, |page| page.changes.len()))
}

pub(super) fn changes_get_the_next_numbers(storage: &dyn Storage) -> Check {
    use PushStatus::Stored;
    let space = founded(storage)?;
    let (mut ada, mut ben) = (Author::new(space, 10), Author::new(space, 11));
    let first = results(storage.append(append(space, ada.write_many(2)))?)?;
    expect(first == [(1, Stored), (2, Stored)], "numbers begin at one")?;
    let second = results(storage.append(append(space, vec![ben.write(), ada.write()]))?)?;
    expect(
        second == [(3, Stored), (4, Stored)],
        "numbers go on across authors",
    )?;
    let number = storage.head(space)?.map(|head| head.number);
    expect(number == Some(LogNumber(4)), "the head names the newest")?;
    let authors = storage.authors(space)?;
    let counters: Vec<_> = authors.iter().map(|author| author.counter.0).collect();
    expect(
        counters.iter().sum::<u64>() == 4,
        "each author's counter is known",
    )?;
    let mut moved = append(space, vec![ada.write()]);
    moved.chain_head = StatementHash::new([9; 32]);
    expect(
        storage.append(moved)? == Appended::ChainMoved,
        "a moved chain is told",
    )?;
    storage.extend_chain(extension(space, 1, 2))?;
    let stale = append(space, vec![ben.write()]);
    expect(
        storage.append(stale)? == Appended::ChainMoved,
        "also where it moved just now",
    )?;
    let nowhere = append(SpaceId::new([9; 32]), Vec::new());
    expect(
        storage.append(nowhere)? == Appended::NoSuchSpace,
        "an unknown space takes nothing",
    )
}

pub(super) fn refusal(
    storage: &dyn Storage,
    new: Append,
) -> Result<(usize, AppendRefusal), Failure> {
    match storage.append(new)? {
        Appended::Refused { index, why } => Ok((index, why)),
        other => Err(Failure::Expected(format!(
            "the append is refused, not {other:?}"
        ))),
    }
}

pub(super) fn a_batch_is_stored_whole_or_not_at_all(storage: &dyn Storage) -> Check {
    let space = founded(storage)?;
    let mut ada = Author::new(space, 10);
    let good = ada.write();
    let gap = NewChange {
        counter: Counter(3),
        ..ada.write()
    };
    let refused = refusal(storage, append(space, vec![good.clone(), gap]))?;
    let expected = AppendRefusal::Counter {
        expected: Counter(2),
    };
    expect(
        refused == (1, expected),
        "a gap in an author's counters is named",
    )?;
    expect(
        count(storage, space)? == 0,
        "nothing of the batch is stored",
    )?;
    expect(storage.authors(space)?.is_empty(), "no counter moved")?;
    storage.append(append(space, vec![good.clone()]))?;
    let mut other = Author::new(space, 10);
    other.write();
    let fork = NewChange {
        previous_own: HistoryHash::new([9; 32]),
        ..other.write()
    };
    let refused = refusal(storage, append(space, vec![fork]))?;
    let expected = AppendRefusal::OwnHistory {
        expected: good.history,
    };
    expect(
        refused == (0, expected),
        "a fork of an author's history is named",
    )?;
    let usage = storage.usage(space)?.map(|usage| usage.bytes);
    let held = good.bytes.len().checked_add(super::material::STATEMENT);
    expect(
        usage == held.and_then(|n| u64::try_from(n).ok()),
        "only what is held is charged",
    )
}

pub(super) fn a_known_id_is_answered_and_not_stored_again(storage: &dyn Storage) -> Check {
    use PushStatus::{Known, Stored};
    let space = founded(storage)?;
    let mut ada = Author::new(space, 10);
    let (first, second) = (ada.write(), ada.write());
    storage.append(append(space, vec![first.clone()]))?;
    let known = storage.known(space, vec![(10, first.id), (10, second.id)])?;
    expect(
        known.first().copied().flatten().map(|stored| stored.hash) == Some(first.hash)
            && known.get(1).is_some_and(Option::is_none),
        "what is known can be asked",
    )?;
    // Sealed anew after a lost answer: same id, other bytes.
    let again = NewChange {
        hash: SealedHash::new([8; 32]),
        ..first.clone()
    };
    let answered = storage.append(append(space, vec![again, second.clone()]))?;
    if let Appended::Done { results, .. } = &answered {
        let told = results.first().map(|result| result.hash);
        expect(
            told == Some(first.hash),
            "the hash told is that of what is stored",
        )?;
    }
    expect(
        results(answered)? == [(1, Known), (2, Stored)],
        "known and new may be mixed",
    )?;
    expect(count(storage, space)? == 2, "the known one is stored once")
}

/// Or whoever takes the name of a change that a restore lost would keep that change out.
pub(super) fn an_id_names_a_change_of_its_author_and_of_nobody_else(
    storage: &dyn Storage,
) -> Check {
    use PushStatus::Stored;
    let space = founded(storage)?;
    let (mut ada, mut ben) = (Author::new(space, 10), Author::new(space, 11));
    let (lost, id) = (ada.write(), ben.write());
    let taken = NewChange { id: lost.id, ..id };
    let answered = storage.append(append(space, vec![taken.clone()]))?;
    expect(results(answered)? == [(1, Stored)], "any id may be taken")?;
    let answered = storage.append(append(space, vec![lost.clone()]))?;
    expect(
        results(answered)? == [(2, Stored)],
        "and the other's comes in",
    )?;
    let known = storage.known(space, vec![(10, lost.id), (11, lost.id), (12, lost.id)])?;
    let hashes: Vec<_> = known.iter().map(|known| known.map(|k| k.hash)).collect();
    expect(
        hashes.get(2) == Some(&None)
            && hashes.iter().flatten().count() == 2
            && hashes.first() != hashes.get(1),
        "each is found as its author's",
    )
}

pub(super) fn quotas_hold(storage: &dyn Storage) -> Check {
    storage.register_clinic(clinic(10, 1 << 20))?;
    let small = Founding {
        max_bytes: 2000,
        ..founding(1)
    };
    storage.create_space(small)?;
    storage.create_space(founding(2))?;
    let (one, two) = (SpaceId::new([1; 32]), SpaceId::new([2; 32]));
    let mut ada = Author::new(one, 10);
    let refused = refusal(storage, append(one, ada.write_many(2)))?;
    expect(
        refused == (1, AppendRefusal::QuotaExceeded),
        "a space keeps to its grant's limit",
    )?;
    let mut ben = Author::new(two, 11);
    let mut other = append(two, vec![ben.write()]);
    other.chain_head = StatementHash::new([2; 32]);
    results(storage.append(other)?)?;
    storage.register_clinic(clinic(10, 2000))?;
    let mut other = append(two, vec![ben.write()]);
    other.chain_head = StatementHash::new([2; 32]);
    let refused = refusal(storage, other)?;
    expect(
        refused == (0, AppendRefusal::QuotaExceeded),
        "spaces together keep to the clinic's",
    )
}

pub(super) fn pages_end_at_their_limits(storage: &dyn Storage) -> Check {
    let space = founded(storage)?;
    let mut ada = Author::new(space, 10);
    let changes = ada.write_many(5);
    let size = changes.first().map_or(0, |change| change.bytes.len());
    storage.append(append(space, changes))?;
    let numbers = |after, limit, bytes| {
        storage
            .pull(space, LogNumber(after), limit, bytes)
            .map(|page| {
                let page = page.map(|page| page.changes).unwrap_or_default();
                page.into_iter()
                    .map(|(number, _)| number.0)
                    .collect::<Vec<_>>()
            })
    };
    expect(numbers(0, 100, usize::MAX)? == [1, 2, 3, 4, 5], "all fit")?;
    expect(
        numbers(2, 2, usize::MAX)? == [3, 4],
        "the limit of changes holds",
    )?;
    expect(
        numbers(0, 100, size.saturating_mul(3))? == [1, 2, 3],
        "the limit of bytes holds",
    )?;
    expect(
        numbers(4, 100, 0)? == [5],
        "a page holds at least one change",
    )?;
    expect(
        numbers(5, 100, usize::MAX)?.is_empty(),
        "after the newest there is nothing",
    )?;
    let unknown = storage.pull(SpaceId::new([9; 32]), LogNumber(0), 1, 1)?;
    expect(unknown.is_none(), "an unknown space has no log")
}

pub(super) fn concurrent_writers_get_contiguous_numbers<S: Storage + 'static>(
    storage: &Arc<S>,
) -> Check {
    const WRITERS: u8 = 8;
    const EACH: usize = 25;
    let space = founded(&**storage)?;
    let threads: Vec<_> = (0..WRITERS)
        .map(|number| {
            let storage = Arc::clone(storage);
            std::thread::spawn(move || -> Result<Vec<u64>, Failure> {
                let mut author = Author::new(space, number.saturating_add(20));
                let mut numbers = Vec::new();
                for _ in 0..EACH {
                    let stored = results(storage.append(append(space, vec![author.write()]))?)?;
                    numbers.extend(stored.into_iter().map(|(number, _)| number));
                }
                Ok(numbers)
            })
        })
        .collect();
    let mut all = Vec::new();
    for thread in threads {
        let numbers = thread
            .join()
            .map_err(|_| Failure::Expected("no writer panics".into()))??;
        expect(numbers.is_sorted(), "one writer's changes stay in order")?;
        all.extend(numbers);
    }
    all.sort_unstable();
    let expected: Vec<u64> = (1..).take(EACH.saturating_mul(WRITERS.into())).collect();
    expect(
        all == expected,
        "every number is given once and none is left out",
    )
}
