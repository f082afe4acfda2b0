//! Room that one member takes leaves what others need: their own room, what a patient keeps private, and the
//! removal of whoever took it.

use companion_core::domain::{Content, Device, DeviceSort, DocumentId, SpaceGrant};
use companion_core::protocol::api::ErrorCode;
use companion_core::protocol::id::{Counter, HistoryHash, MemberId};
use companion_core::protocol::statement::{Role, Statement};
use companion_core::testing::space::identity::Identity;
use companion_core::testing::space::membership;
use companion_core::testing::space::rotation::Change;
use companion_tests::{Insider, World, at_length, code, new_payload, stranger};

#[test]
fn a_thief_in_a_full_space_is_removed_whatever_it_says_before() {
    let world = World::over_http();
    let clinic = world.clinic("Riverbank");
    let ada = clinic.with_patient("Ada");
    let tablet = ada.second_phone();
    for phone in [&ada, &tablet] {
        phone.sync_cleanly();
    }
    let mut thief = Insider::of(&tablet, "care");
    let (now, rng) = (world.now(), world.rng());
    let mut own = Vec::new();
    for _ in 0..4 {
        let who = stranger(&world);
        let (invite, secret) =
            membership::invite(&thief.me, &thief.chain, Role::Reader, now, u64::MAX, &*rng);
        says(&mut thief, invite);
        let join = membership::join(&who, &thief.chain, &secret, now).unwrap();
        says(&mut thief, join);
        own.push(who.member());
    }
    // The room is used up: by the thief, or by anybody.
    let node = Insider::of_clinic(&clinic, &ada).me.member();
    world.server().register_with_room(node, 1_000, 1);
    for who in own {
        let (refusal, key) = thief.rotation(Change {
            refuse: vec![who],
            ..Change::default()
        });
        let long = at_length(thief.me.signing_key(), &refusal);
        assert_eq!(code(&thief.offer(&long)), Some(ErrorCode::QuotaExceeded));
        says(&mut thief, refusal);
        let epoch = thief.chain.epoch();
        thief.keys.insert(epoch, key);
    }
    // Nothing is left for it to end but what it is itself.
    let (rotation, _) = thief.rotation(Change::default());
    assert_eq!(
        code(&thief.offer(&rotation)),
        Some(ErrorCode::QuotaExceeded)
    );
    ada.remove_device(tablet.member()).unwrap();
    let after = Insider::of(&ada, "care").chain;
    assert!(after.present(&tablet.member()).is_none());
}

#[test]
fn one_patients_phone_does_not_take_the_room_of_another_patient() {
    const MIB: u64 = 1024 * 1024;
    let world = World::over_http();
    let clinic = world.clinic("Riverbank");
    let mallory = clinic.with_patient("Mallory");
    let ben = clinic.with_patient("Ben");
    let mut thief = Insider::of(&mallory, "care");
    // It has written for long: but for two or three of these its gibibyte is full.
    let stored = 1024 * MIB - 3 * MIB;
    world.server().as_if_stored(thief.space, stored);
    let mut taken = 0;
    let refused = loop {
        let change = thief.seal_plain(&vec![7; 1_000_000]);
        let answer = thief.push(&[change]);
        if answer.status != 200 {
            break code(&answer);
        }
        taken += 1;
        assert!(taken <= 3, "it goes on");
    };
    assert_eq!(refused, Some(ErrorCode::QuotaExceeded));
    assert!(taken > 0);
    ben.write("How are you?");
    ben.sync_cleanly();
    clinic.sync().unwrap();
    assert_eq!(clinic.texts_of(&ben), ["How are you?"]);
    // What has no room stays on the phone that wrote it, which says so; and that phone can still be removed.
    let space = Insider::of(&ben, "care").space;
    world.server().as_if_stored(space, 1024 * MIB);
    ben.write("Too late.");
    let report = ben.sync().unwrap();
    let [problem] = &report.problems[..] else {
        panic!("{report:?}")
    };
    assert!(problem.message.contains("room"), "{problem:?}");
    assert_eq!(report.waiting, 1);
    let (record, lost) = (ben.record.unwrap(), ben.member());
    clinic.remove_device(record, lost).unwrap();
}

#[test]
fn a_thief_on_the_second_phone_takes_none_of_the_grants_that_a_patient_needs() {
    let world = World::over_http();
    let clinic = world.clinic("Riverbank");
    let ada = clinic.with_patient("Ada");
    let tablet = ada.second_phone();
    for phone in [&ada, &tablet] {
        phone.sync_cleanly();
    }
    clinic.sync_cleanly();
    let mut thief = Insider::of(&tablet, "care");
    let own = thief.me.member();
    for nth in 0..10 {
        // As itself, and as others.
        let founder = stranger(&world).member();
        let said_of = if nth % 2 == 0 { own } else { founder };
        asks(&world, &mut thief, said_of, founder);
    }
    // And as a device that it lets in, which has said nothing yet.
    let tablets = lets_in(&world, &mut thief);
    let asker = tablets.member();
    let (me, last) = (std::mem::replace(&mut thief.me, tablets), thief.last);
    thief.last = (Counter(0), HistoryHash::ZERO);
    asks(&world, &mut thief, asker, stranger(&world).member());
    (thief.me, thief.last) = (me, last);
    for _ in 0..2 {
        clinic.sync().unwrap();
        ada.sync().unwrap();
    }
    assert_eq!(grants(&world, &thief), 1, "that of the first phone");
    ada.remove_device(tablet.member()).unwrap();
    // Everything is lost; the clinic lets a new phone in.
    let again = clinic.reinvite(ada.record.unwrap()).unwrap();
    let mut new = world.phone("new");
    new.record = ada.record;
    new.pair(&again.link).unwrap();
    clinic.let_in(&new);
    new.write_privately("Mine.");
    new.sync_cleanly();
    assert_eq!(new.status().unwrap().waiting, 0);
    // A thief of that one gets no more than the one it asked for first.
    let mut thief = Insider::of(&new, "care");
    let before = grants(&world, &thief);
    let own = thief.me.member();
    asks(&world, &mut thief, own, stranger(&world).member());
    clinic.sync().unwrap();
    assert_eq!(grants(&world, &thief), before);
}

/// A device of its own that a member lets in.
fn lets_in(world: &World, thief: &mut Insider) -> Identity {
    let own = stranger(world);
    let (now, rng) = (world.now(), world.rng());
    let (invite, secret) =
        membership::invite(&thief.me, &thief.chain, Role::Device, now, u64::MAX, &*rng);
    says(thief, invite);
    let join = membership::join(&own, &thief.chain, &secret, now).unwrap();
    says(thief, join);
    let answer = membership::answer(&thief.me, &thief.chain, own.member(), now, &*rng);
    says(thief, answer);
    let (admission, key) = thief.rotation(Change {
        admit: vec![own.member()],
        ..Change::default()
    });
    says(thief, admission);
    thief.keys.insert(thief.chain.epoch(), key);
    own
}

/// Says something in the chain, which is taken.
fn says(thief: &mut Insider, statement: Statement) {
    assert_eq!(thief.offer(&statement).status, 201);
    thief.chain.extend(&statement).unwrap();
    thief.statements.push(statement);
}

/// Says of a device that it asks for a grant.
fn asks(world: &World, thief: &mut Insider, member: MemberId, founder: MemberId) {
    let said = Device {
        member,
        name: "Phone".to_owned(),
        sort: DeviceSort::Phone,
        at: world.now(),
        grant_for: Some(founder),
    };
    let fresh = DocumentId::random(&*world.rng());
    let change = thief.seal(&new_payload(world, fresh, &said));
    thief.push_ok(&[change]);
}

/// How many grants the clinic gave in this space, as far as this member can read them.
fn grants(world: &World, member: &Insider) -> usize {
    let readable = member.readable(&world.server().stored_changes());
    let given = readable.iter().filter(|it| it.kind == SpaceGrant::KIND);
    given.count()
}

#[test]
fn however_often_everything_is_lost_the_phone_that_the_clinic_lets_in_keeps_things_private() {
    let world = World::in_memory(9);
    let clinic = world.clinic("Riverbank");
    let first = clinic.with_patient("Ada");
    for nth in 0..9 {
        let again = clinic.reinvite(first.record.unwrap()).unwrap();
        let mut new = world.phone("new");
        new.record = first.record;
        new.pair(&again.link).unwrap();
        clinic.let_in(&new);
        new.write_privately("Mine.");
        new.sync_cleanly();
        assert_eq!(new.status().unwrap().waiting, 0, "phone {nth}");
    }
}
