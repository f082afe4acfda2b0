//! A patient's device is in both of their spaces or in neither, whatever breaks off in between, whatever a
//! thief says of it, and whatever the clinic does in the one where it has a word.

use std::sync::Mutex;

use companion_core::domain::{Content, DocumentId, MemberKeys};
use companion_core::patient::DeviceView;
use companion_core::ports::Method;
use companion_core::protocol::api::path;
use companion_core::protocol::id::MemberId;
use companion_core::protocol::statement::{Role, Statement};
use companion_core::testing::space::membership;
use companion_core::testing::space::rotation::Change;
use companion_core::testing::space::same_member::Pair;
use companion_core::{CoreError, NotNow, WarningCode};
use companion_tests::{Fault, Insider, Phone, World, edit_payload, new_payload, stranger};

fn is_in(phone: &Phone, purpose: &str, id: MemberId) -> bool {
    Insider::of(phone, purpose).chain.present(&id).is_some()
}

/// Who a phone is in the private space.
fn in_private(phone: &Phone) -> MemberId {
    Insider::of(phone, "private").me.member()
}

fn shown(phone: &Phone, id: MemberId) -> Option<DeviceView> {
    let mut devices = phone.devices().unwrap().into_iter();
    devices.find(|device| device.member == id)
}

/// A second phone that came by a link and shows the same words; who it is in the care space and in the private
/// one.
fn compared(world: &World, ada: &Phone) -> (Phone, MemberId, MemberId) {
    let tablet = world.phone("tablet");
    tablet.pair(&ada.invite_phone().unwrap().link).unwrap();
    ada.sync().unwrap();
    tablet.sync().unwrap();
    let newcomer = ada.newcomers().unwrap().pop().unwrap();
    assert_eq!(newcomer.compare_words, Some(tablet.words_to_compare()));
    let private = Insider::of(ada, "private").chain;
    let private = private.all_pending().next().unwrap().id;
    (tablet, newcomer.member, private)
}

/// The clinic's own node turns a newcomer away in the care space.
fn refused_by_the_clinic(node: &Insider, newcomer: MemberId) {
    let change = Change {
        refuse: vec![newcomer],
        ..Change::default()
    };
    let (statement, _) = node.rotation(change);
    assert_eq!(node.offer(&statement).status, 201);
}

#[test]
fn a_removal_that_broke_off_between_the_spaces_is_finished_by_whichever_phone_syncs() {
    for finisher in ["the phone itself", "a third phone"] {
        let world = World::in_memory(3);
        let clinic = world.clinic("Riverbank");
        let mut ada = clinic.with_patient("Ada");
        let laptop = ada.second_phone();
        let tablet = ada.second_phone();
        let (lost, lost_private) = (tablet.member(), in_private(&tablet));
        laptop.sync_cleanly();
        let private = Insider::of(&ada, "private").space.to_string();
        ada.faults()
            .script(move |_, request| match request.path.contains(&private) {
                true => Fault::DropRequest,
                false => Fault::None,
            });
        assert!(ada.remove_device(lost).is_err());
        ada.kill();
        ada.faults().heal();
        assert!(!is_in(&ada, "care", lost) && is_in(&ada, "private", lost_private));
        let half_way = shown(&ada, lost).unwrap();
        assert!(
            half_way.removed.is_some() && half_way.reads_private,
            "{half_way:?}"
        );
        match finisher {
            "a third phone" => laptop.sync().unwrap(),
            _ => ada.sync().unwrap(),
        };
        ada.sync_cleanly();
        assert!(!is_in(&ada, "private", lost_private), "{finisher}");
        assert!(!shown(&ada, lost).unwrap().reads_private);
        ada.write_privately("After the removal.");
        ada.sync_cleanly();
        tablet.sync().unwrap();
        assert!(tablet.texts().is_empty());
    }
}

/// A second phone is confirmed, and from each request on in turn no answer comes and the process ends; then it
/// goes on as before. `then` is given where that was, both phones, and who the second one is in both spaces.
fn wherever_confirming_breaks_off(
    then: impl Fn(&str, &Phone, &Phone, [MemberId; 2], Result<(), CoreError>),
) {
    let mut finished = false;
    for at in 0..60 {
        let world = World::in_memory(at as u64);
        let clinic = world.clinic("Riverbank");
        let mut ada = clinic.with_patient("Ada");
        let (tablet, newcomer, private) = compared(&world, &ada);
        ada.faults().silent_from(at);
        let outcome = ada.confirm_phone(newcomer);
        finished = ada.faults().sent() <= at;
        ada.kill();
        ada.faults().heal();
        let place = format!("request {at}");
        then(&place, &ada, &tablet, [newcomer, private], outcome);
        if finished {
            break;
        }
    }
    assert!(finished, "every request was tried");
}

#[test]
fn a_confirmed_phone_is_let_into_both_spaces_though_that_broke_off_anywhere() {
    wherever_confirming_breaks_off(|place, ada, tablet, [newcomer, private], outcome| {
        if outcome.is_err() {
            let waits = ada.newcomers().unwrap();
            let is_there = waits.iter().any(|n| n.member == newcomer && n.is_confirmed);
            assert!(is_there || is_in(ada, "private", private), "{place}");
        }
        ada.sync().unwrap();
        tablet.sync().unwrap();
        ada.sync_cleanly();
        assert!(ada.newcomers().unwrap().is_empty(), "{place}");
        assert!(
            is_in(ada, "care", newcomer) && is_in(ada, "private", private),
            "{place}"
        );
    });
}

#[test]
fn a_phone_that_is_turned_away_is_in_no_space_though_confirming_it_broke_off_before() {
    wherever_confirming_breaks_off(|place, ada, tablet, [newcomer, private], _| {
        match ada.refuse_phone(newcomer) {
            // All of it was done by then: there is nobody to turn away, and removing is the way.
            Err(CoreError::NotNow(NotNow::NobodyToConfirm)) => {
                ada.remove_device(newcomer).unwrap();
            }
            refused => refused.unwrap(),
        }
        ada.sync().unwrap();
        ada.write_privately("Only mine.");
        ada.sync().unwrap();
        tablet.sync().unwrap();
        assert!(!is_in(ada, "care", newcomer), "{place}");
        assert!(!is_in(ada, "private", private), "{place}");
        assert!(tablet.texts().is_empty(), "{place}");
    });
}

#[test]
fn a_phone_that_the_clinic_turns_away_is_in_no_space() {
    // Before the patient confirms it, and in the very moment.
    for in_between in [false, true] {
        let world = World::in_memory(7);
        let clinic = world.clinic("Riverbank");
        let ada = clinic.with_patient("Ada");
        let (tablet, newcomer, private) = compared(&world, &ada);
        clinic.sync().unwrap();
        let node = Mutex::new(Some(Insider::of_clinic(&clinic, &ada)));
        let chain = path::chain(Insider::of(&ada, "care").space);
        let refuse = move || {
            if let Some(node) = node.lock().unwrap().take() {
                refused_by_the_clinic(&node, newcomer);
            }
        };
        if in_between {
            ada.faults().before_each(move |request| {
                if request.method == Method::Post && request.path == chain {
                    refuse();
                }
            });
        } else {
            refuse();
        }
        let confirmed = ada.confirm_phone(newcomer);
        assert!(
            matches!(confirmed, Err(CoreError::NotNow(NotNow::NobodyToConfirm))),
            "{confirmed:?}"
        );
        ada.faults().heal();
        ada.sync_cleanly();
        assert!(!is_in(&ada, "care", newcomer));
        let in_private = Insider::of(&ada, "private").chain;
        assert!(
            in_private.member(&private).is_none(),
            "it never was, and got no key"
        );
        let waiting: Vec<_> = Insider::of(&ada, "private")
            .chain
            .all_pending()
            .cloned()
            .collect();
        assert_eq!(waiting, [], "nobody is left at the door");
        // By a new link it comes as somebody new.
        tablet.pair(&ada.invite_phone().unwrap().link).unwrap();
        ada.let_in(&tablet);
    }
}

#[test]
fn the_half_of_a_newcomer_that_is_left_in_private_is_turned_away_by_itself() {
    let world = World::in_memory(8);
    let clinic = world.clinic("Riverbank");
    let ada = clinic.with_patient("Ada");
    let (_tablet, newcomer, private) = compared(&world, &ada);
    clinic.sync().unwrap();
    refused_by_the_clinic(&Insider::of_clinic(&clinic, &ada), newcomer);
    assert!(
        Insider::of(&ada, "private")
            .chain
            .pending(&private)
            .is_some()
    );
    ada.sync_cleanly();
    assert!(
        Insider::of(&ada, "private")
            .chain
            .pending(&private)
            .is_none()
    );
}

#[test]
fn a_thief_on_the_second_phone_does_not_stay_in_private_by_saying_that_it_is_another() {
    let world = World::over_http();
    let clinic = world.clinic("Riverbank");
    let ada = clinic.with_patient("Ada");
    let tablet = ada.second_phone();
    let mut thief = Insider::of(&tablet, "private");
    let known = thief.readable(&world.server().stored_changes());
    let name = tablet.member().to_string();
    let about_it = |p: &&companion_core::testing::space::payload::Payload| {
        p.kind == MemberKeys::KIND && p.projection.contains(&name)
    };
    let documents: Vec<_> = known.iter().filter(about_it).map(|p| p.document).collect();
    assert_eq!(
        documents.len(),
        2,
        "its own word and that of whoever let it in"
    );
    let other = stranger(&world).member().to_string();
    for document in documents {
        let payload = edit_payload(&world, &known, document, &MemberKeys::SHAPE, |row| {
            row.insert("private".to_owned(), other.clone().into());
        });
        let change = thief.seal(&payload);
        thief.push_ok(&[change]);
    }
    ada.sync().unwrap();
    ada.remove_device(tablet.member()).unwrap();
    ada.write_privately("Not for the thief.");
    ada.sync_cleanly();
    assert!(!is_in(&ada, "care", tablet.member()));
    assert!(!is_in(&ada, "private", thief.me.member()));
    tablet.sync().unwrap();
    assert!(tablet.texts().is_empty());
}

#[test]
fn a_member_of_the_private_space_that_nobody_accounts_for_is_shown_and_can_be_removed() {
    let world = World::over_http();
    let clinic = world.clinic("Riverbank");
    let ada = clinic.with_patient("Ada");
    let tablet = ada.second_phone();
    let mut thief = Insider::of(&tablet, "private");
    // A thief on the second phone lets a device of its own in where the clinic does not see it.
    let own = stranger(&world);
    let (now, rng) = (world.now(), world.rng());
    let says = |thief: &mut Insider, statement: Statement| {
        assert_eq!(thief.offer(&statement).status, 201);
        thief.chain.extend(&statement).unwrap();
    };
    let (invite, secret) =
        membership::invite(&thief.me, &thief.chain, Role::Device, now, u64::MAX, &*rng);
    says(&mut thief, invite);
    let join = membership::join(&own, &thief.chain, &secret, now).unwrap();
    says(&mut thief, join);
    let answer = membership::answer(&thief.me, &thief.chain, own.member(), now, &*rng);
    says(&mut thief, answer);
    let (admission, _) = thief.rotation(Change {
        admit: vec![own.member()],
        ..Change::default()
    });
    says(&mut thief, admission);
    ada.sync().unwrap();
    let unknown = shown(&ada, own.member()).unwrap();
    assert!(
        unknown.reads_private && !unknown.reads_shared,
        "{unknown:?}"
    );
    let said = ada.warned(WarningCode::OnlyPrivate).unwrap();
    assert!(said.contains("a device without a name"), "{said}");
    ada.remove_device(own.member()).unwrap();
    assert!(!is_in(&ada, "private", own.member()));
    assert!(shown(&ada, own.member()).is_none());
    ada.sync_cleanly();
    assert_eq!(
        ada.warned(WarningCode::OnlyPrivate),
        None,
        "it is so no more"
    );
}

#[test]
fn removing_a_lost_first_phone_never_removes_another_that_the_thief_says_is_the_same() {
    let world = World::over_http();
    let clinic = world.clinic("Riverbank");
    let ada = clinic.with_patient("Ada");
    let tablet = ada.second_phone();
    let words = ada.written_words();
    tablet.sync_cleanly();
    ada.sync_cleanly();
    let mut thief = Insider::of(&ada, "private");
    let care = Insider::of(&ada, "care");
    let pair = Pair {
        care: (care.space, ada.member()),
        private: (thief.space, in_private(&tablet)),
    };
    // What it can sign: as whoever let the tablet in, and by its own two keys.
    for lie in [
        pair.said_by_admitter(&thief.me),
        pair.said_by_both(&care.me, &thief.me),
    ] {
        let payload = new_payload(&world, DocumentId::random(&*world.rng()), &lie);
        let change = thief.seal(&payload);
        thief.push_ok(&[change]);
    }
    tablet.sync().unwrap();
    let thief_private = in_private(&ada);
    tablet
        .remove_device_with_words(ada.member(), &words)
        .unwrap();
    assert!(
        is_in(&tablet, "private", in_private(&tablet)),
        "the owner's own phone was thrown out"
    );
    assert!(!is_in(&tablet, "private", thief_private) && !is_in(&tablet, "care", ada.member()));
    assert!(tablet.is_paired());
}

#[test]
fn a_phone_that_the_clinic_removed_is_named_while_it_gets_what_is_private() {
    let world = World::over_http();
    let clinic = world.clinic("Riverbank");
    let ada = clinic.with_patient("Ada");
    ada.rename_phone("Ada's phone").unwrap();
    let tablet = ada.second_phone();
    let words = ada.written_words();
    for phone in [&ada, &tablet] {
        phone.sync_cleanly();
    }
    clinic.sync_cleanly();
    let lost = ada.member();
    clinic.remove_device(ada.record.unwrap(), lost).unwrap();
    tablet.sync().unwrap();
    // The tablet came later and can't end it; the clinic has no say in what is private.
    let lost_private = in_private(&ada);
    assert!(is_in(&tablet, "private", lost_private));
    let view = shown(&tablet, lost).unwrap();
    assert!(
        view.removed.is_some() && view.reads_private && !view.reads_shared,
        "{view:?}"
    );
    let said = tablet.warned(WarningCode::OnlyPrivate).unwrap();
    assert!(
        said.contains("Ada's phone") && said.contains("keep private"),
        "{said}"
    );
    let refused = tablet.remove_device(lost);
    assert!(
        matches!(refused, Err(CoreError::NotNow(NotNow::NotSenior))),
        "{refused:?}"
    );
    tablet.remove_device_with_words(lost, &words).unwrap();
    assert!(!is_in(&tablet, "private", lost_private));
    assert!(!shown(&tablet, lost).unwrap().reads_private);
    assert_eq!(tablet.warned(WarningCode::OnlyPrivate), None);
}

#[test]
fn the_clinic_removes_nobody_from_what_is_private_not_even_through_the_first_phone() {
    let world = World::over_http();
    let clinic = world.clinic("Riverbank");
    let ada = clinic.with_patient("Ada");
    let tablet = ada.second_phone();
    clinic.sync_cleanly();
    clinic
        .remove_device(ada.record.unwrap(), tablet.member())
        .unwrap();
    ada.sync().unwrap();
    assert!(!is_in(&ada, "care", tablet.member()));
    assert!(
        is_in(&ada, "private", in_private(&tablet)),
        "that is not for the clinic to say"
    );
    assert!(ada.warned(WarningCode::OnlyPrivate).is_some());
    ada.remove_device(tablet.member()).unwrap();
    assert!(!is_in(&ada, "private", in_private(&tablet)));
}

#[test]
fn what_a_thief_says_of_others_keys_removes_none_of_them() {
    let world = World::over_http();
    let clinic = world.clinic("Riverbank");
    let ada = clinic.with_patient("Ada");
    let laptop = ada.second_phone();
    let other = ada.second_phone();
    let words = ada.written_words();
    // Let in, and not heard of since: nothing is signed by its own keys.
    let (_tablet, silent, silent_private) = compared(&world, &ada);
    ada.confirm_phone(silent).unwrap();
    for phone in [&laptop, &other, &ada] {
        phone.sync_cleanly();
    }
    let mut thief = Insider::of(&ada, "private");
    let care = Insider::of(&ada, "care").space;
    let lies = [(ada.member(), silent_private), (silent, in_private(&other))];
    for (in_care, private) in lies {
        let pair = Pair {
            care: (care, in_care),
            private: (thief.space, private),
        };
        let lie = pair.said_by_admitter(&thief.me);
        let payload = new_payload(&world, DocumentId::random(&*world.rng()), &lie);
        let change = thief.seal(&payload);
        thief.push_ok(&[change]);
    }
    laptop.sync().unwrap();
    laptop
        .remove_device_with_words(ada.member(), &words)
        .unwrap();
    assert!(!is_in(&laptop, "private", in_private(&ada)));
    assert!(
        is_in(&laptop, "private", silent_private),
        "it was said to be the thief"
    );
    laptop.remove_device(silent).unwrap();
    assert!(!is_in(&laptop, "private", silent_private));
    assert!(
        is_in(&laptop, "private", in_private(&other)),
        "it was said to be the silent one"
    );
}
