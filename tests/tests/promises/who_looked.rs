//! A patient reads who is in the care team and who looked at what, as the clinic's node wrote it down, and from nobody
//! else.

use companion_core::domain::{Content as _, Person, RecordSection, RecordSections};
use companion_tests::{Insider, new_payload};

use crate::clinic_and_ada;
use crate::provenance::{fresh, named, plant};
use crate::releases::{both, terms};

fn maya(sections: impl Into<RecordSections>) -> Person {
    Person {
        name: "Maya Lindqvist".into(),
        role: "therapist".into(),
        sections: sections.into(),
    }
}

#[test]
fn a_patient_reads_offline_who_is_in_the_team_what_each_may_open_and_who_looked_when() {
    let (world, clinic, ada) = clinic_and_ada();
    let record = ada.record.unwrap();
    clinic.set_people([maya(RecordSection::ALL)]).unwrap();
    clinic.begin_programme(record, "Maya Lindqvist").unwrap();
    let journal = [RecordSection::Journal];
    assert!(
        clinic
            .note_look(record, "Maya Lindqvist", "therapist", &journal)
            .unwrap()
    );
    let first = clinic.now();
    world.minutes_pass(29);
    assert!(
        !clinic
            .note_look(record, "Maya Lindqvist", "therapist", &journal)
            .unwrap()
    );
    world.minutes_pass(1);
    assert!(
        clinic
            .note_look(record, "maya lindqvist", "therapist", &journal)
            .unwrap()
    );
    assert!(
        clinic
            .note_look(record, "Sam Ortiz", "clinic lead", &journal)
            .unwrap()
    );
    ada.give_release(terms(ada.now(), [RecordSection::Journal]))
        .unwrap();
    both(&ada, &clinic);
    clinic.sync_cleanly();
    ada.sync_cleanly();
    let team = ada.care_team().unwrap();
    let [maya, sam] = &*team.people else {
        panic!("{team:#?}");
    };
    assert_eq!(maya.part.as_deref(), Some("therapist"));
    assert_eq!(maya.sections, Some(RecordSections::all()));
    assert_eq!(
        maya.last_looked.unwrap().unix_ms,
        first.unix_ms + 30 * 60_000
    );
    assert!(maya.is_listed && !sam.is_listed && sam.sections.is_none());
    assert_eq!(team.outside[0].releases.len(), 1);
    let log = ada.access_log().unwrap();
    assert_eq!(log.len(), 2, "one line a person and day: {log:#?}");
    assert_eq!(log[0].first[&RecordSection::Journal].unix_ms, first.unix_ms);
    // Whoever goes is not in the list any more, and stays in the log.
    clinic.set_people([]).unwrap();
    clinic.sync_cleanly();
    ada.sync_cleanly();
    let team = ada.care_team().unwrap();
    assert!(!team.people[0].is_listed && team.people[0].last_looked.is_some());
    assert_eq!(ada.access_log().unwrap(), log);
    world.days_pass(1);
    assert!(
        clinic
            .note_look(record, "Maya Lindqvist", "therapist", &journal)
            .unwrap()
    );
    assert_eq!(clinic.access_log(record).unwrap().len(), 3);
}

#[test]
fn only_the_clinics_node_says_who_looked_and_what_was_told() {
    let (world, clinic, ada) = crate::provenance::clinic_and_ada();
    both(&ada, &clinic);
    let mut phone = Insider::of(&ada, "care");
    let access = companion_core::domain::Access::examples().remove(0);
    let told = companion_core::domain::Disclosure::examples().remove(0);
    let people = companion_core::domain::People::examples().remove(0);
    let payloads = [
        new_payload(&world, fresh(&world), &access),
        new_payload(&world, fresh(&world), &told),
        new_payload(&world, fresh(&world), &people),
    ];
    plant(&mut phone, &payloads);
    named(&clinic.sync().unwrap(), phone.me.member());
    let record = ada.record.unwrap();
    assert!(clinic.access_log(record).unwrap().is_empty());
    assert!(clinic.told_outside(record).unwrap().is_empty());
}
