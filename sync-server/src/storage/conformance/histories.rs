//! What changes say of other changes.

use companion_protocol::change::MIN_CIPHERTEXT;
use companion_protocol::id::{Counter, HistoryHash, LogNumber, SpaceId};

use super::appending::{refusal, results};
use super::material::{Author, STATEMENT, append, founded};
use super::{Check, Failure, expect};
use crate::storage::{Append, AppendRefusal, DROPS_REMEMBERED, Named, NewChange, Storage};

pub(super) fn a_frontier_names_what_is_stored(storage: &dyn Storage) -> Check {
    let space = founded(storage)?;
    let (mut ada, mut ben) = (Author::new(space, 10), Author::new(space, 11));
    let first = ada.write();
    let older = ada.newest();
    let second = ada.write();
    storage.append(append(space, vec![first, second]))?;
    let newest = ada.newest();
    let answer = ben.write();
    for wrong in [
        Named {
            hash: HistoryHash::new([9; 32]),
            ..newest
        },
        Named {
            hash: HistoryHash::new([9; 32]),
            ..older
        },
        Named {
            counter: Counter(3),
            ..newest
        },
        Named {
            author: 12,
            ..newest
        },
    ] {
        let liar = NewChange {
            seen: vec![wrong],
            ..answer.clone()
        };
        let refused = refusal(storage, append(space, vec![liar.clone()]))?;
        expect(
            refused == (0, AppendRefusal::UnknownFrontier),
            "a frontier that names another change is refused",
        )?;
    }
    let unsure = NewChange {
        seen: vec![Named {
            counter: Counter(3),
            ..newest
        }],
        ..answer
    };
    let filling = Append {
        filling: true,
        ..append(space, vec![unsure])
    };
    results(storage.append(filling)?)?;
    for seen in [older, newest] {
        let honest = NewChange {
            seen: vec![seen],
            ..ben.write()
        };
        results(storage.append(append(space, vec![honest]))?)?;
    }
    let (third, fourth) = (ada.write(), ben.write());
    let in_one = NewChange {
        seen: vec![ada.newest()],
        ..fourth
    };
    results(storage.append(append(space, vec![third, in_one]))?)?;
    Ok(())
}

/// Bytes of the changes, in the order of the log.
fn sizes(storage: &dyn Storage, space: SpaceId) -> Result<Vec<usize>, Failure> {
    let page = storage.pull(space, LogNumber(0), 100, usize::MAX)?;
    let changes = page.map(|page| page.changes).unwrap_or_default();
    Ok(changes.iter().map(|(_, bytes)| bytes.len()).collect())
}

pub(super) fn a_dropped_body_gives_its_room_back(storage: &dyn Storage) -> Check {
    let space = founded(storage)?;
    let (mut ada, mut ben) = (Author::new(space, 10), Author::new(space, 11));
    let first = ada.write();
    let dropped = ada.newest();
    storage.append(append(space, vec![first, ada.write()]))?;
    let whole = sizes(storage, space)?;
    let used = |storage: &dyn Storage| storage.usage(space).map(|u| u.map_or(0, |u| u.bytes));
    let before = used(storage)?;
    let unknown = NewChange {
        drops: vec![Named {
            counter: Counter(3),
            ..ada.newest()
        }],
        ..ben.write()
    };
    let another = NewChange {
        drops: vec![Named {
            hash: HistoryHash::new([9; 32]),
            ..ada.newest()
        }],
        ..unknown.clone()
    };
    for unknown in [unknown.clone(), another] {
        let refused = refusal(storage, append(space, vec![unknown]))?;
        expect(
            refused == (0, AppendRefusal::UnknownDrop),
            "what is not stored is not dropped",
        )?;
    }
    expect(
        sizes(storage, space)? == whole && used(storage)? == before,
        "a refused drop changes nothing",
    )?;
    let dropping = NewChange {
        drops: vec![dropped],
        ..unknown
    };
    let size = dropping.bytes.len();
    results(storage.append(append(space, vec![dropping]))?)?;
    let now = sizes(storage, space)?;
    let [first, second, third] = now.as_slice() else {
        return expect(false, "no change is lost by a drop");
    };
    expect(
        *first < 400 && Some(second) == whole.get(1) && *third == size,
        "one body is gone and no other",
    )?;
    let held = now.iter().sum::<usize>().saturating_add(STATEMENT);
    let once_more = NewChange {
        drops: vec![dropped],
        ..ben.write()
    };
    let more = once_more.bytes.len();
    results(storage.append(append(space, vec![once_more]))?)?;
    expect(
        sizes(storage, space)?.first() == Some(first),
        "what is dropped already may be dropped again",
    )?;
    let held = held.saturating_add(more);
    expect(
        used(storage)? == u64::try_from(held).unwrap_or(0),
        "its room is free again",
    )?;
    let again = storage.authors(space)?;
    expect(
        again.contains(&ada.newest()),
        "histories stand as they stood",
    )
}

pub(super) fn a_body_dropped_before_it_is_given_back_stays_away(storage: &dyn Storage) -> Check {
    let space = founded(storage)?;
    let (mut ada, mut ben) = (Author::new(space, 10), Author::new(space, 11));
    let lost = ada.write();
    let dropped = ada.newest();
    let other = Named {
        hash: HistoryHash::new([9; 32]),
        ..dropped
    };
    let dropping = NewChange {
        drops: vec![other, dropped],
        ..ben.write()
    };
    for change in [dropping, lost] {
        let filling = Append {
            filling: true,
            ..append(space, vec![change])
        };
        results(storage.append(filling)?)?;
    }
    let sizes = sizes(storage, space)?;
    expect(
        sizes.get(1).is_some_and(|bytes| *bytes < 400),
        "what was dropped comes in without its body",
    )?;
    let held = sizes.iter().sum::<usize>().saturating_add(STATEMENT);
    let used = storage.usage(space)?.map(|usage| usage.bytes);
    expect(
        used == u64::try_from(held).ok(),
        "and is charged for what is kept",
    )
}

/// Whoever drops what somebody has yet to write, under whatever history, keeps nobody from writing it.
pub(super) fn a_drop_is_of_one_change_and_of_no_other(storage: &dyn Storage) -> Check {
    let space = founded(storage)?;
    let (mut ada, mut ben) = (Author::new(space, 10), Author::new(space, 11));
    let filling = |changes| Append {
        filling: true,
        ..append(space, changes)
    };
    let other = |counter, byte| Named {
        author: 10,
        counter: Counter(counter),
        hash: HistoryHash::new([byte; 32]),
    };
    results(storage.append(filling(vec![ada.write()]))?)?;
    let dropping = NewChange {
        drops: vec![other(1, 8), other(2, 8), other(2, 9)],
        ..ben.write()
    };
    results(storage.append(filling(vec![dropping, ada.write()]))?)?;
    let sizes = sizes(storage, space)?;
    expect(
        sizes.iter().all(|bytes| *bytes > MIN_CIPHERTEXT),
        "another history's body stays",
    )
}

pub(super) fn only_so_many_drops_are_remembered(storage: &dyn Storage) -> Check {
    let space = founded(storage)?;
    let (mut ada, mut ben) = (Author::new(space, 10), Author::new(space, 11));
    let (first, second) = (ada.write(), ada.write());
    let newest = ada.newest();
    let filling = |changes| Append {
        filling: true,
        ..append(space, changes)
    };
    let invented = (1_u64..).take(DROPS_REMEMBERED).map(|counter| Named {
        author: 12,
        counter: Counter(counter),
        hash: HistoryHash::new([9; 32]),
    });
    let flood = NewChange {
        drops: invented.collect(),
        ..ben.write()
    };
    let one_more = NewChange {
        drops: vec![newest],
        ..ben.write()
    };
    results(storage.append(filling(vec![flood, one_more]))?)?;
    results(storage.append(filling(vec![first, second]))?)?;
    let last = sizes(storage, space)?.last().copied();
    expect(
        last.is_some_and(|bytes| bytes > MIN_CIPHERTEXT),
        "what is beyond comes back whole",
    )
}
