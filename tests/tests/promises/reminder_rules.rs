//! A clinic's own rules for reminders reach each patient's phone, and one patient's own stay theirs.

use companion_core::CoreError;
use companion_core::domain::reminder::{Notification, Plan, Topic};
use companion_core::domain::reminder_rules::ReminderChange;
use companion_core::domain::{DosingSession, Readiness, ReminderRules, Zone};
use companion_core::records::{Query, Seen};
use companion_tests::{Node, Phone, World};

use crate::provenance::clinic_and_ada;

fn day(days: i64) -> i64 {
    days * 24 * 60 * 60 * 1_000
}

fn planned(phone: &Phone) -> Plan {
    phone.reminders(&Zone::utc(), phone.now(), &[]).unwrap()
}

fn of(plan: &Plan, rule: &str) -> Option<Notification> {
    let mut all = plan.notifications.iter();
    all.find(|one| one.rule.as_str() == rule).cloned()
}

/// A patient who is ready, with a session in ten days.
fn ready() -> (World, Node, Phone) {
    let (world, clinic, ada) = clinic_and_ada();
    let patient = ada.record.unwrap();
    clinic.begin_programme(patient, "Dr Moss").unwrap();
    clinic
        .create(patient, Readiness::ready("Dr Moss", clinic.now()))
        .unwrap();
    let mut at = clinic.now();
    at.unix_ms += day(10);
    clinic
        .plan_session(patient, DosingSession::new(1, at))
        .unwrap();
    clinic.sync_cleanly();
    ada.sync_cleanly();
    (world, clinic, ada)
}

fn fast() -> ReminderChange {
    ReminderChange {
        rule: "fasting_food".to_owned(),
        topic: "fasting".to_owned(),
        number: Some(480),
        words: "From now on, nothing to eat.".to_owned(),
        ..ReminderChange::default()
    }
}

#[test]
fn what_a_clinic_changes_of_its_reminders_is_what_a_phone_plans() {
    let (_world, clinic, ada) = ready();
    let before = planned(&ada);
    assert!(of(&before, "fasting_food").is_none() && of(&before, "arrange").is_some());
    let item = clinic.new_item();
    let off = clinic.new_item();
    clinic
        .change_for_all::<ReminderRules>("Dr Moss", |rules| {
            rules.changes.push(item, fast());
            rules.changes.push(
                off,
                ReminderChange {
                    rule: "arrange".to_owned(),
                    off: true,
                    ..ReminderChange::default()
                },
            );
            rules.check_in_every = Some(2);
        })
        .unwrap();
    clinic.sync_cleanly();
    ada.sync_cleanly();
    let after = planned(&ada);
    let session = ada.all(Query::<DosingSession>::all())[0].content.at;
    let fasting = of(&after, "fasting_food").unwrap();
    assert_eq!(fasting.topic, Topic::Fasting);
    assert_eq!(fasting.at.unix_ms, session.unix_ms - 480 * 60_000);
    assert!(of(&after, "arrange").is_none());
    assert!(of(&after, "check_in").is_some(), "a rhythm of check-ins");
    // What was scheduled of the old plan is taken back, and only that.
    let scheduled: Vec<_> = before.notifications.iter().map(Into::into).collect();
    let difference = after.difference(&scheduled);
    let gone = of(&before, "arrange").unwrap().id;
    assert!(difference.to_cancel.contains(&gone));
    let kept = of(&before, "day_before").unwrap().id;
    assert!(!difference.to_cancel.contains(&kept));
}

#[test]
fn rules_for_one_patient_stay_theirs_until_those_for_all_count_again() {
    let (_world, clinic, ada) = ready();
    let bo = clinic.with_patient("Bo");
    let (of_ada, of_bo) = (ada.record.unwrap(), bo.record.unwrap());
    let words = |text: &str| ReminderChange {
        rule: "day_before".to_owned(),
        words: text.to_owned(),
        ..ReminderChange::default()
    };
    let item = clinic.new_item();
    clinic
        .change_for::<ReminderRules>(
            of_ada,
            &companion_core::domain::HoldsFor::All,
            "Dr Moss",
            |rules| {
                rules.changes.push(item, words("For Ada."));
            },
        )
        .unwrap();
    let item = clinic.new_item();
    clinic
        .change_for_all::<ReminderRules>("Dr Moss", |rules| {
            rules.changes.push(item, words("For all."));
        })
        .unwrap();
    let said = |patient| {
        let rules = clinic
            .held_for::<ReminderRules>(patient)
            .unwrap()
            .unwrap()
            .content;
        rules.changes.iter().next().unwrap().1.words.clone()
    };
    for _ in 0..2 {
        clinic.sync_cleanly();
        assert_eq!(
            (said(of_ada), said(of_bo)),
            ("For Ada.".into(), "For all.".into())
        );
    }
    ada.sync_cleanly();
    assert_eq!(of(&planned(&ada), "day_before").unwrap().words, "For Ada.");
    let again = |seen| clinic.hold_for_all_again::<ReminderRules>(of_ada, seen, "Dr Moss");
    let stale = again(Seen::of("what stood before"));
    assert!(matches!(stale, Err(CoreError::ChangedMeanwhile)));
    let own = clinic.patients_apart::<ReminderRules>().unwrap().remove(0);
    again(own.seen).unwrap();
    clinic.sync_cleanly();
    ada.sync_cleanly();
    assert_eq!(of(&planned(&ada), "day_before").unwrap().words, "For all.");
    // Whoever comes later has them from the start.
    let cy = clinic.with_patient("Cy");
    assert_eq!(said(cy.record.unwrap()), "For all.");
}

#[test]
fn rules_that_cannot_be_kept_to_are_refused_by_name_and_change_nothing() {
    let (_world, clinic, ada) = ready();
    let item = clinic.new_item();
    let mut often = fast();
    often.number = Some(10_000);
    let refused = clinic.change_for_all::<ReminderRules>("Dr Moss", |rules| {
        rules.changes.push(item, often);
    });
    assert_eq!(
        refused.unwrap_err().to_string(),
        "fasting_food: minutes is not between 1 and 2880"
    );
    let refused =
        clinic.change_for_all::<ReminderRules>("Dr Moss", |rules| rules.per_day = Some(9));
    assert_eq!(
        refused.unwrap_err().to_string(),
        "the number of reminders a day is not between 1 and 6"
    );
    assert!(clinic.held_for_all::<ReminderRules>().unwrap().is_none());
    assert!(
        clinic
            .held_for::<ReminderRules>(ada.record.unwrap())
            .unwrap()
            .is_none()
    );
    // No phone writes them.
    let own = companion_core::domain::ReminderRules::new("Ada", ada.now());
    assert!(ada.create(own).is_err());
}
