//! Whose body goes at whose word: only that of the very change that is named, only by whoever may, and never in
//! silence.

use companion_core::WarningCode;
use companion_core::domain::DocumentId;
use companion_core::ports::Method;
use companion_core::protocol::api::{PullPage, path};
use companion_core::protocol::change::{DroppedBody, Header, MAX_DROPS, SealedChange};
use companion_core::protocol::id::{Counter, HistoryHash};
use companion_core::testing::space::payload::pack;
use companion_tests::{Insider, Node, Phone, World, entry_payload, reason};

/// A patient with three phones, all in step; by rank the phone, the tablet, the laptop.
fn with_three_phones(world: &World) -> (Node, Phone, Phone, Phone) {
    let clinic = world.clinic("Riverbank");
    let ada = clinic.with_patient("Ada");
    ada.rename_phone("Ada's phone").unwrap();
    let tablet = ada.second_phone();
    let laptop = ada.second_phone();
    laptop.rename_phone("Ada's laptop").unwrap();
    for phone in [&laptop, &ada, &tablet, &laptop] {
        phone.sync_cleanly();
    }
    clinic.sync_cleanly();
    (clinic, ada, tablet, laptop)
}

/// Everything that a member wrote, as `by` names it, from the log of a phone that has it.
fn all_of(by: &Insider, of: &Insider, from: &Phone) -> Vec<DroppedBody> {
    let log = from.store().read(|r| r.log_in_order(by.space)).unwrap();
    let author = of.me.member();
    let index = by.chain.member(&author).unwrap().index;
    let theirs = log.iter().filter(|row| row.author == author);
    theirs
        .map(|row| DroppedBody {
            index,
            counter: row.counter,
            hash: row.history,
        })
        .collect()
}

/// The next change of a member, with these drops.
fn dropping(world: &World, by: &mut Insider, drops: Vec<DroppedBody>) -> SealedChange {
    let fresh = DocumentId::random(&*world.rng());
    let payload = entry_payload(world, fresh, "x", "x");
    let header = Header {
        drops,
        ..by.next_header()
    };
    let change = by.seal_under(header, &pack(&payload.encode()).unwrap());
    by.last = (change.header().counter, change.history());
    change
}

#[test]
fn a_stolen_second_phone_wipes_nothing_that_a_third_wrote() {
    let world = World::over_http();
    let (_clinic, ada, tablet, laptop) = with_three_phones(&world);
    laptop.write_privately("My only copy.");
    for phone in [&laptop, &ada, &tablet] {
        phone.sync_cleanly();
    }
    let mut thief = Insider::of(&tablet, "private");
    let owner = Insider::of(&laptop, "private");
    let drops = all_of(&thief, &owner, &laptop);
    assert!(!drops.is_empty());
    let change = dropping(&world, &mut thief, drops);
    let answer = thief.push(std::slice::from_ref(&change));
    assert_eq!(answer.status, 422);
    assert_eq!(reason(&answer), "wrong_drop");
    let fourth = ada.second_phone();
    assert_eq!(fourth.texts(), ["My only copy."]);
    // Nor through a server that takes it.
    laptop.write_privately("And more.");
    laptop.sync_cleanly();
    let space = thief.space;
    ada.faults().rewrite(move |request, mut answer| {
        if request.path == path::changes(space) && request.method == Method::Get {
            let mut page = PullPage::decode(&answer.body).unwrap();
            page.head = page.head.next();
            page.changes.push((page.head, change.bytes().to_vec()));
            answer.body = page.encode();
        }
        answer
    });
    ada.sync().unwrap();
    assert!(ada.warned(WarningCode::Forged).is_some());
    assert!(ada.texts().contains(&"My only copy.".to_owned()));
}

#[test]
fn what_the_first_phone_lets_go_of_another_phones_is_said_with_whose_it_was_and_by_whom() {
    let world = World::over_http();
    let (_clinic, ada, tablet, laptop) = with_three_phones(&world);
    laptop.write_privately("Mine.");
    for phone in [&laptop, &ada, &tablet] {
        phone.sync_cleanly();
    }
    let mut first = Insider::of(&ada, "private");
    let owner = Insider::of(&laptop, "private");
    let last = all_of(&first, &owner, &laptop).pop().unwrap();
    let change = dropping(&world, &mut first, vec![last]);
    first.push_ok(&[change]);
    let said = "\u{201c}Ada's phone\u{201d} deleted the content of 1 change of ";
    for (phone, whose) in [
        (&tablet, "\u{201c}Ada's laptop\u{201d}"),
        (&laptop, "this device"),
    ] {
        let report = phone.sync().unwrap();
        assert!(report.problems.is_empty(), "{report:?}");
        let warned = phone.warned(WarningCode::Dropped).unwrap();
        assert_eq!(warned, format!("{said}{whose}"));
    }
    // Whoever comes later reads of it, too, and of nothing that is withheld.
    let fourth = ada.second_phone();
    assert!(fourth.warned(WarningCode::Dropped).is_some());
    assert!(fourth.warned(WarningCode::Withheld).is_none());
}

#[test]
fn nobody_drops_after_a_restore_what_is_not_written_yet() {
    let world = World::over_http();
    let (clinic, ada, tablet, laptop) = with_three_phones(&world);
    let backup = world.server().backup();
    world.server().restore(&backup);
    for phone in [&laptop, &ada, &tablet] {
        phone.sync().unwrap();
    }
    clinic.sync().unwrap();
    // Even the first phone: nobody knows a history that is still to be written.
    let mut thief = Insider::of(&ada, "care");
    let of = Insider::of(&laptop, "care");
    let index = thief.chain.member(&of.me.member()).unwrap().index;
    let next = of.last.0.0 + 1;
    let drops = (next..).take(MAX_DROPS).map(|counter| DroppedBody {
        index,
        counter: Counter(counter),
        hash: HistoryHash::new([7; 32]),
    });
    let change = dropping(&world, &mut thief, drops.collect());
    thief.push_ok(&[change]);
    for phone in [&laptop, &tablet] {
        phone.sync().unwrap();
    }
    clinic.sync().unwrap();
    laptop.write("Please call me, it is urgent.");
    for _ in 0..2 {
        laptop.sync().unwrap();
        clinic.sync().unwrap();
        tablet.sync().unwrap();
    }
    let urgent = "Please call me, it is urgent.".to_owned();
    assert!(clinic.texts_of(&ada).contains(&urgent));
    assert!(tablet.texts().contains(&urgent));
    assert!(laptop.warned(WarningCode::Dropped).is_none());
}

#[test]
fn a_body_that_was_dropped_before_it_is_given_back_stays_away_and_nothing_counts_as_withheld() {
    let world = World::over_http();
    let (clinic, ada, tablet, laptop) = with_three_phones(&world);
    let backup = world.server().backup();
    laptop.write("To be dropped.");
    for phone in [&laptop, &ada] {
        phone.sync_cleanly();
    }
    clinic.sync_cleanly();
    let mut first = Insider::of(&ada, "care");
    let owner = Insider::of(&laptop, "care");
    let last = all_of(&first, &owner, &laptop).pop().unwrap();
    world.server().restore(&backup);
    let change = dropping(&world, &mut first, vec![last]);
    // First the drop, then what is dropped: once from the one who still has it whole.
    first.push_ok(&[change]);
    tablet.sync().unwrap();
    clinic.sync().unwrap();
    tablet.sync().unwrap();
    laptop.sync().unwrap();
    let stored = world.server().stored_changes();
    let stored = stored
        .iter()
        .map(|bytes| SealedChange::parse(bytes).unwrap());
    let dropped: Vec<_> = stored
        .filter(|change| change.history() == last.hash)
        .collect();
    assert!(dropped.iter().all(SealedChange::is_bare) && dropped.len() == 1);
    assert!(tablet.warned(WarningCode::Dropped).is_some());
    for phone in [&tablet, &laptop] {
        assert!(phone.warned(WarningCode::Withheld).is_none());
    }
}
