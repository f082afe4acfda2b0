//! Flags that nobody raised by hand, end to end: what a patient answered or asked is on the caseload after the
//! clinic's next exchange, once, whatever comes late, twice or again.

use companion_core::clinic::{CardText, CaseRow, NewPatient};
use companion_core::domain::flag::{FlagAct, FlagSource};
use companion_core::domain::flag_rule::RuleWhen;
use companion_core::domain::measure::{
    Given, Instrument, InstrumentVersion, ItemNumber, MeasureId, Points,
};
use companion_core::domain::{
    ContactRequest, DocumentId, Entry, FlagRule, Moment, Monitoring, Response, SupportCard,
    Visibility,
};
use companion_core::ports::Method;
use companion_core::records::{DeliveryState, Query};
use companion_core::testing::space::payload::Payload;
use companion_tests::{Fault, Insider, Node, Phone, new_payload};

use crate::clinic_and_ada;

fn instrument(word: &str) -> &'static Instrument {
    Instrument::of(&MeasureId::from_stored(word), InstrumentVersion(1)).unwrap()
}

/// A whole PHQ-9 with that answer to item 9 and `rest` to the others.
fn phq_9(at: Moment, rest: u8, item_9: u8) -> Response {
    let mut response = Response::new(instrument("phq-9"), at);
    for number in 1..=9 {
        let points = if number == 9 { item_9 } else { rest };
        let item = ItemNumber::new(number).unwrap();
        response.give(item, Given::Points(Points(points)));
    }
    response.finished_at = Some(at);
    response.visibility = Visibility::CareTeam;
    response
}

fn row(clinic: &Node, phone: &Phone) -> CaseRow {
    let rows = clinic.caseload().unwrap().into_iter();
    let mut its = rows.filter(|row| Some(row.patient) == phone.record);
    its.next().unwrap()
}

/// What the open flags of a patient say, newest first.
fn said(clinic: &Node, phone: &Phone) -> Vec<String> {
    let flags = clinic.open_flags(phone.record.unwrap()).unwrap();
    flags.into_iter().map(|flag| flag.content.words).collect()
}

fn answered(points: u8) -> String {
    format!("Item 9 (thoughts of death or of hurting oneself) was answered with {points}.")
}

fn exchange(phone: &Phone, clinic: &Node) {
    phone.sync_cleanly();
    clinic.sync_cleanly();
}

fn rule(clinic: &Node, measure: &str, when: RuleWhen, points: u16) -> FlagRule {
    FlagRule {
        measure: measure.to_owned(),
        when,
        points,
        item: None,
        words: format!("Call within two days ({points})."),
        by: "Dr Moss".to_owned(),
        at: clinic.now(),
        retired_at: None,
    }
}

#[test]
fn item_9_is_on_the_caseload_after_the_next_exchange_and_nobody_did_anything() {
    let (world, mut clinic, ada) = clinic_and_ada();
    let response = ada.create(phq_9(ada.now(), 0, 2)).unwrap();
    ada.sync_cleanly();
    assert!(row(&clinic, &ada).flags.is_empty());
    world.minutes_pass(5);
    let report = clinic.sync_cleanly();
    assert_eq!(report.waiting, 0);
    assert_eq!(clinic.sync_cleanly().sent, 0, "the flag was sent as well");
    let flags = row(&clinic, &ada).flags;
    let [flag] = flags.as_slice() else {
        panic!("{flags:?}")
    };
    assert_eq!(
        (&flag.source, &*flag.words),
        (&FlagSource::HarmItem, &*answered(2))
    );
    assert_eq!(flag.since_ms, clinic.now().unix_ms);
    assert_eq!(flag.acknowledged_by, None);
    // Whatever runs again, it is the same one.
    clinic.sync_cleanly();
    clinic.rebuild().unwrap();
    clinic.sync_cleanly();
    clinic.reopen();
    clinic.sync_cleanly();
    assert_eq!(row(&clinic, &ada).flags, flags);
    // Closed, it stays closed.
    let patient = ada.record.unwrap();
    for (act, words) in [(FlagAct::Acknowledged, ""), (FlagAct::Closed, "Talked.")] {
        clinic
            .step(patient, flag.id, act, "Dr Moss", words)
            .unwrap();
    }
    clinic.reopen();
    clinic.rebuild().unwrap();
    clinic.sync_cleanly();
    assert!(row(&clinic, &ada).flags.is_empty());
    assert_eq!(clinic.flags(patient).unwrap().len(), 1);
    assert!(ada.get::<Response>(response.id).is_ok());
}

#[test]
fn acknowledging_a_flag_tells_the_patient_nothing_that_is_not_so() {
    let (_world, clinic, ada) = clinic_and_ada();
    let patient = ada.record.unwrap();
    let response = ada.create(phq_9(ada.now(), 0, 1)).unwrap();
    let delivery = || ada.get::<Response>(response.id).unwrap().delivery;
    assert_eq!(delivery(), DeliveryState::OnThisDevice);
    exchange(&ada, &clinic);
    ada.sync_cleanly();
    assert!(matches!(delivery(), DeliveryState::Delivered { .. }));
    let flag = clinic.open_flags(patient).unwrap().remove(0).id;
    clinic
        .step(patient, flag, FlagAct::Acknowledged, "Dr Moss", "")
        .unwrap();
    clinic.sync_cleanly();
    ada.sync_cleanly();
    assert!(
        matches!(delivery(), DeliveryState::Delivered { .. }),
        "nobody opened the answers"
    );
    clinic
        .open_shared::<Response>(patient, response.id, "Dr Moss")
        .unwrap();
    clinic.sync_cleanly();
    ada.sync_cleanly();
    assert!(matches!(delivery(), DeliveryState::Opened { by, .. } if by == "Dr Moss"));
}

#[test]
fn an_answer_that_is_edited_later_raises_what_it_says_then_and_takes_nothing_back() {
    let (_world, clinic, ada) = clinic_and_ada();
    let response = ada.create(phq_9(ada.now(), 0, 0)).unwrap();
    exchange(&ada, &clinic);
    assert!(said(&clinic, &ada).is_empty());
    let mut present = response;
    for (points, flags) in [(1, 1), (3, 2), (0, 2), (1, 2)] {
        let nine = ItemNumber::new(9).unwrap();
        present = ada
            .edit::<Response>(present.id, &present.revision, |it| {
                it.give(nine, Given::Points(Points(points)));
            })
            .unwrap();
        exchange(&ada, &clinic);
        assert_eq!(said(&clinic, &ada).len(), flags, "{points}");
    }
    assert!(said(&clinic, &ada).contains(&answered(3)));
}

#[test]
fn what_is_answered_anew_after_its_flag_was_closed_raises_another_one() {
    let (world, clinic, ada) = clinic_and_ada();
    let patient = ada.record.unwrap();
    let close_all = || {
        for flag in clinic.open_flags(patient).unwrap() {
            for (act, words) in [(FlagAct::Acknowledged, ""), (FlagAct::Closed, "Talked.")] {
                clinic.step(patient, flag.id, act, "Maya", words).unwrap();
            }
        }
        world.minutes_pass(1);
    };
    let mut present = ada.create(phq_9(ada.now(), 0, 2)).unwrap();
    let mut answer = |number: u8, points: u8| {
        let item = ItemNumber::new(number).unwrap();
        present = ada
            .edit::<Response>(present.id, &present.revision, |it| {
                it.give(item, Given::Points(Points(points)));
            })
            .unwrap();
        exchange(&ada, &clinic);
        said(&clinic, &ada)
    };
    exchange(&ada, &clinic);
    assert_eq!(said(&clinic, &ada), [answered(2)]);
    close_all();
    clinic.sync_cleanly();
    assert!(said(&clinic, &ada).is_empty(), "it was closed");
    assert!(answer(9, 0).is_empty());
    assert_eq!(answer(9, 2), [answered(2)]);
    assert_eq!(answer(1, 1), [answered(2)], "one for one event");
    close_all();
    // The same once more, and both between two looks of the clinic's.
    let again = ada
        .edit::<Response>(present.id, &present.revision, |it| {
            it.give(ItemNumber::new(9).unwrap(), Given::Skipped);
        })
        .unwrap();
    ada.edit::<Response>(again.id, &again.revision, |it| {
        it.give(ItemNumber::new(9).unwrap(), Given::Points(Points(2)));
    })
    .unwrap();
    exchange(&ada, &clinic);
    assert_eq!(said(&clinic, &ada), [answered(2)]);
    close_all();
    clinic.rebuild().unwrap();
    assert!(said(&clinic, &ada).is_empty(), "nothing was answered since");
}

#[test]
fn what_is_withdrawn_keeps_its_flag_and_shared_again_it_is_the_same_one() {
    let (_world, clinic, ada) = clinic_and_ada();
    let shared = ada.create(phq_9(ada.now(), 0, 1)).unwrap();
    exchange(&ada, &clinic);
    let private = ada.withdraw::<Response>(shared.id).unwrap();
    exchange(&ada, &clinic);
    assert_eq!(said(&clinic, &ada), [answered(1)]);
    ada.share::<Response>(private.id, Visibility::CareTeam)
        .unwrap();
    exchange(&ada, &clinic);
    assert_eq!(said(&clinic, &ada), [answered(1)]);
    // Withdrawn before the clinic saw it, it is not the clinic's to know.
    let never = ada.create(phq_9(ada.now(), 0, 3)).unwrap();
    ada.sync_cleanly();
    ada.withdraw::<Response>(never.id).unwrap();
    exchange(&ada, &clinic);
    assert_eq!(said(&clinic, &ada), [answered(1)]);
}

#[test]
fn a_request_that_was_taken_back_before_it_arrived_is_seen_all_the_same() {
    let (_world, clinic, ada) = clinic_and_ada();
    let request = ada.create(ContactRequest::new(ada.now())).unwrap();
    ada.edit::<ContactRequest>(request.id, &request.revision, |it| {
        it.taken_back_at = Some(it.at);
    })
    .unwrap();
    exchange(&ada, &clinic);
    assert_eq!(said(&clinic, &ada), ["The patient asked to be contacted."]);
}

#[test]
fn what_comes_late_and_out_of_order_is_flagged_when_it_comes() {
    let (world, clinic, ada) = clinic_and_ada();
    let tablet = ada.second_phone();
    let late = tablet.create(phq_9(tablet.now(), 0, 2)).unwrap();
    world.days_pass(9);
    ada.create(phq_9(ada.now(), 0, 1)).unwrap();
    exchange(&ada, &clinic);
    assert_eq!(said(&clinic, &ada), [answered(1)]);
    world.minutes_pass(10);
    exchange(&tablet, &clinic);
    let flags = row(&clinic, &ada).flags;
    assert_eq!(
        flags.iter().map(|flag| &*flag.words).collect::<Vec<_>>(),
        [answered(1), answered(2)],
        "that which came first waits longest"
    );
    assert_eq!(flags[1].since_ms, clinic.now().unix_ms);
    let patient = ada.record.unwrap();
    let flag = clinic.open_flags(patient).unwrap();
    let about_late = flag
        .iter()
        .find(|flag| flag.content.about == Some(late.id))
        .unwrap();
    assert_eq!(about_late.content.at, late.content.at);
}

/// Something that a newer version of a phone sent.
fn send_from_a_newer_version(insider: &mut Insider, kind: &str, payload: &Payload) {
    let sealed = insider.seal(&Payload {
        kind: companion_core::domain::Kind::from_stored(kind),
        ..payload.clone()
    });
    insider.push_ok(&[sealed]);
}

#[test]
fn what_cannot_be_read_or_scored_is_flagged_and_never_silent() {
    let (world, clinic, ada) = clinic_and_ada();
    let mut newer = phq_9(ada.now(), 0, 0);
    newer.version = InstrumentVersion(2);
    ada.create(newer).unwrap();
    exchange(&ada, &clinic);
    let flag = row(&clinic, &ada).flags.remove(0);
    assert_eq!(flag.source, FlagSource::Unreadable);
    assert!(
        flag.words
            .contains("measure phq-9 (version 2) can't be read"),
        "{}",
        flag.words
    );
    ada.sync_cleanly();
    let mut insider = Insider::of(&ada, "care");
    // A kind that this version does not know is flagged once for a patient, however much there is of it.
    for byte in [0x51, 0x52, 0x53] {
        let entry = Entry {
            body: "Secret words of Ada's.".to_owned(),
            ..Entry::new(ada.now())
        };
        let payload = new_payload(&world, DocumentId::new([byte; 16]), &entry);
        send_from_a_newer_version(&mut insider, "sleep_diary", &payload);
        clinic.sync().unwrap();
    }
    let unknown: Vec<String> = said(&clinic, &ada)
        .into_iter()
        .filter(|words| words.contains("sleep_diary"))
        .collect();
    assert_eq!(unknown.len(), 1, "{unknown:?}");
    assert!(!unknown[0].contains("Secret"));
    // Answers in another form have a flag each.
    let payload = new_payload(
        &world,
        DocumentId::new([0x61; 16]),
        &ContactRequest::new(ada.now()),
    );
    send_from_a_newer_version(&mut insider, "response", &payload);
    clinic.sync().unwrap();
    let flags = clinic.open_flags(ada.record.unwrap()).unwrap();
    let about = flags
        .iter()
        .find(|flag| flag.content.about == Some(DocumentId::new([0x61; 16])));
    assert_eq!(
        about.unwrap().content.source,
        FlagSource::Unreadable,
        "{flags:?}"
    );
}

#[test]
fn a_clinics_own_rule_looks_at_the_newest_answers_and_at_all_that_come() {
    let (world, clinic, ada) = clinic_and_ada();
    for rest in [3, 2] {
        ada.create(phq_9(ada.now(), rest, 0)).unwrap();
        world.days_pass(8);
    }
    exchange(&ada, &clinic);
    let high = rule(&clinic, "phq-9", RuleWhen::TotalAtLeast, 15);
    let high = clinic.add_flag_rule(high).unwrap();
    assert_eq!(
        said(&clinic, &ada),
        ["Call within two days (15)."],
        "the newest answers, and not those of a week before"
    );
    assert!(matches!(
        clinic.add_flag_rule(rule(&clinic, "phq-9", RuleWhen::TotalAtLeast, 28)),
        Err(companion_core::CoreError::Rule(_))
    ));
    // What fell, compared with the first total.
    let falls = rule(&clinic, "phq-9", RuleWhen::Falls, 20);
    clinic.add_flag_rule(falls).unwrap();
    world.days_pass(8);
    ada.create(phq_9(ada.now(), 0, 0)).unwrap();
    exchange(&ada, &clinic);
    assert!(said(&clinic, &ada).contains(&"Call within two days (20).".to_owned()));
    clinic.retire_flag_rule(high.id).unwrap();
    world.days_pass(8);
    ada.create(phq_9(ada.now(), 3, 0)).unwrap();
    exchange(&ada, &clinic);
    let of_high = said(&clinic, &ada)
        .into_iter()
        .filter(|words| words.contains("(15)"));
    assert_eq!(of_high.count(), 1, "it holds no more, and its flag stays");
}

#[test]
fn one_patient_of_whom_nothing_can_be_looked_at_stops_nobody_else() {
    let (_world, mut clinic, ada) = clinic_and_ada();
    let (bo, cy) = (clinic.with_patient("Bo"), clinic.with_patient("Cy"));
    let damaged = bo.create(phq_9(bo.now(), 0, 1)).unwrap();
    exchange(&bo, &clinic);
    // An answer of Bo's is damaged on the disk in a way that no list gets past.
    let wrong = "UPDATE item SET state = CAST(x'ff' AS TEXT) WHERE document = ?1";
    clinic.damage(wrong, [damaged.id.as_bytes()]);
    clinic.reopen();
    bo.create(phq_9(bo.now(), 0, 3)).unwrap();
    bo.create(ContactRequest::new(bo.now())).unwrap();
    for phone in [&ada, &cy] {
        phone.create(phq_9(phone.now(), 0, 2)).unwrap();
        phone.sync_cleanly();
    }
    bo.sync_cleanly();
    let report = clinic.sync().unwrap();
    assert!(
        report
            .problems
            .iter()
            .any(|problem| problem.message.starts_with("flags could not be raised")),
        "{report:?}"
    );
    for phone in [&ada, &cy] {
        assert_eq!(said(&clinic, phone), [answered(2)]);
    }
    let of_bo = said(&clinic, &bo);
    assert!(
        of_bo.contains(&"The patient asked to be contacted.".to_owned()),
        "what can be looked at is: {of_bo:?}"
    );
    // Tried again with each exchange, until it can.
    assert!(!clinic.sync().unwrap().problems.is_empty());
    let right = "UPDATE item SET state = 'care_team' WHERE document = ?1";
    clinic.damage(right, [damaged.id.as_bytes()]);
    clinic.sync_cleanly();
    assert_eq!(said(&clinic, &bo).len(), 3);
}

#[test]
fn what_arrived_before_an_exchange_broke_off_is_flagged() {
    let (_world, clinic, ada) = clinic_and_ada();
    ada.create(phq_9(ada.now(), 0, 1)).unwrap();
    ada.sync_cleanly();
    // It reads her changes, and can send nothing of its own.
    clinic.faults().script(|_, request| match request.method {
        Method::Post => Fault::DropRequest,
        Method::Get | Method::Delete => Fault::None,
    });
    let _ = clinic.sync();
    assert_eq!(said(&clinic, &ada), [answered(1)]);
}

#[test]
fn a_node_put_back_from_an_older_copy_raises_nothing_twice_and_closes_nothing() {
    let (world, mut clinic, ada) = clinic_and_ada();
    let copy = clinic.copy();
    ada.create(phq_9(ada.now(), 0, 1)).unwrap();
    ada.create(phq_9(ada.now(), 0, 2)).unwrap();
    exchange(&ada, &clinic);
    let patient = ada.record.unwrap();
    let flags = clinic.open_flags(patient).unwrap();
    let closed = flags[0].id;
    for (act, words) in [(FlagAct::Acknowledged, ""), (FlagAct::Closed, "Talked.")] {
        clinic.step(patient, closed, act, "Dr Moss", words).unwrap();
    }
    clinic.sync_cleanly();
    clinic.put_back(&copy);
    world.minutes_pass(1);
    for _ in 0..3 {
        clinic.sync().unwrap();
    }
    let mut all: Vec<DocumentId> = clinic
        .flags(patient)
        .unwrap()
        .iter()
        .map(|flag| flag.id)
        .collect();
    all.sort_unstable();
    let mut before: Vec<DocumentId> = flags.iter().map(|flag| flag.id).collect();
    before.sort_unstable();
    assert_eq!(all, before);
    let open = clinic.open_flags(patient).unwrap();
    assert_eq!(open.len(), 1);
    assert_ne!(open[0].id, closed);
}

#[test]
fn rows_that_were_made_anew_are_looked_at_without_an_exchange() {
    let (_world, mut clinic, ada) = clinic_and_ada();
    let response = ada.create(phq_9(ada.now(), 3, 0)).unwrap();
    exchange(&ada, &clinic);
    let lost = "DELETE FROM item WHERE document = ?1";
    clinic.damage(lost, [response.id.as_bytes()]);
    clinic.reopen();
    let high = rule(&clinic, "phq-9", RuleWhen::TotalAtLeast, 15);
    clinic.add_flag_rule(high).unwrap();
    assert!(said(&clinic, &ada).is_empty(), "there is no row of it");
    clinic.rebuild().unwrap();
    assert_eq!(said(&clinic, &ada), ["Call within two days (15)."]);
}

#[test]
fn what_a_clinic_sets_once_reaches_every_patients_phone_also_those_who_come_later() {
    let (_world, clinic, ada) = clinic_and_ada();
    let offers_phq_9 = |phone: &Phone| {
        let offers = phone.measures().unwrap();
        let phq_9 = offers
            .iter()
            .find(|offer| offer.instrument.id.as_str() == "phq-9");
        phq_9.unwrap().now.is_ok()
    };
    assert!(!offers_phq_9(&ada));
    let monitoring = Monitoring {
        hours: [("mon".to_owned(), "09:00-17:00".to_owned())].into(),
        zone: "America/Denver".to_owned(),
        responsible: "Dr Moss".to_owned(),
        by: "Dr Moss".to_owned(),
        at: clinic.now(),
    };
    clinic.set_monitoring(monitoring.clone()).unwrap();
    let text = CardText {
        region: "US".to_owned(),
        clinic_number: "+1 307 555 0100".to_owned(),
        ..CardText::default()
    };
    clinic.set_support_card(text, "Dr Moss").unwrap();
    assert_eq!(clinic.safety().unwrap().behind, 0);
    clinic.sync_cleanly();
    ada.sync_cleanly();
    assert!(offers_phq_9(&ada));
    let bo = clinic.with_patient("Bo");
    for phone in [&ada, &bo] {
        assert_eq!(phone.monitoring().unwrap().unwrap(), monitoring);
        let card = phone.support_card().unwrap().unwrap();
        assert_eq!(card.clinic_number, "+1 307 555 0100");
    }
    let new = NewPatient {
        name: "Cy".to_owned(),
        ..NewPatient::default()
    };
    let cy = clinic.register(new).unwrap();
    let said = clinic.page(cy, &Query::<Monitoring>::all()).unwrap();
    assert_eq!(said.items.len(), 1, "before any exchange");
    // Set anew, it is the same document: one on each phone.
    let nobody = Monitoring {
        responsible: String::new(),
        ..monitoring
    };
    clinic.set_monitoring(nobody).unwrap();
    clinic.sync_cleanly();
    for phone in [&ada, &bo] {
        phone.sync_cleanly();
        assert!(!offers_phq_9(phone), "off again");
        assert_eq!(phone.all(Query::<Monitoring>::all()).len(), 1);
        assert_eq!(phone.all(Query::<SupportCard>::all()).len(), 1);
    }
}

#[test]
fn of_two_answers_about_death_that_were_given_apart_the_graver_one_is_flagged_and_none_is_scored() {
    let (_world, clinic, ada) = clinic_and_ada();
    let tablet = ada.second_phone();
    let mut begun = phq_9(ada.now(), 0, 0);
    begun.answers.clear(ItemNumber::new(9).unwrap());
    begun.visibility = Visibility::OnlyMe;
    let begun = ada.create(begun).unwrap();
    for phone in [&ada, &tablet] {
        phone.sync_cleanly();
    }
    let answer = |phone: &Phone, points: u8| {
        let seen = phone.get::<Response>(begun.id).unwrap();
        phone
            .edit::<Response>(begun.id, &seen.revision, |it| {
                it.give(ItemNumber::new(9).unwrap(), Given::Points(Points(points)));
            })
            .unwrap()
    };
    answer(&ada, 3);
    answer(&tablet, 0);
    for phone in [&ada, &tablet, &ada, &tablet] {
        phone.sync_cleanly();
    }
    for phone in [&ada, &tablet] {
        let shown = phone.get::<Response>(begun.id).unwrap().content;
        let why = shown.score().unwrap_err().to_string();
        assert_eq!(why, "incomplete: different answers in two places to item 9");
    }
    let shared = ada
        .share::<Response>(begun.id, Visibility::CareTeam)
        .unwrap();
    exchange(&ada, &clinic);
    assert_eq!(said(&clinic, &ada), [answered(3)]);
    let digest = clinic
        .digest(ada.record.unwrap(), begun.content.at)
        .unwrap();
    assert!(!digest.safety.is_empty());
    // Whoever answers again has chosen; what was flagged stays for people to close.
    let item = ItemNumber::new(9).unwrap();
    let monitoring = Monitoring {
        hours: [("mon".to_owned(), "09:00-17:00".to_owned())].into(),
        zone: "America/Denver".into(),
        responsible: "Maya".into(),
        by: "Maya".into(),
        at: clinic.now(),
    };
    clinic.set_monitoring(monitoring).unwrap();
    clinic.sync_cleanly();
    ada.sync_cleanly();
    let chosen = ada
        .answer_item(shared.id, item, Given::Points(Points(1)))
        .unwrap();
    assert_eq!(
        (chosen.apart.len(), chosen.content.score().unwrap().total()),
        (0, 1)
    );
    exchange(&ada, &clinic);
    assert!(said(&clinic, &ada).contains(&answered(3)));
}
