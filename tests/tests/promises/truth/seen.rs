//! What a patient shared is new to the clinic until somebody saw that version of it, and what they
//! want to talk about stands until somebody did.

use companion_core::clinic::{CaseRow, Shared};
use companion_core::domain::{CheckIn, DocumentId, Entry, Visibility};
use companion_core::records::View;
use companion_tests::{Node, Phone};

use crate::clinic_and_ada;

fn row(clinic: &Node) -> CaseRow {
    clinic.caseload().unwrap().remove(0)
}

fn all_sync(clinic: &Node, phone: &Phone) {
    phone.sync_cleanly();
    clinic.sync_cleanly();
    phone.sync_cleanly();
}

/// Opens the present version and marks it as reviewed, as a clinician does who has read it.
fn review(clinic: &Node, patient: DocumentId, id: DocumentId) {
    let shared: Shared<Entry> = clinic.open_shared(patient, id, "Maya").unwrap();
    clinic
        .mark_reviewed(patient, id, &shared.view.revision, "Maya")
        .unwrap();
}

#[test]
fn words_added_after_a_review_are_new_and_said_to_have_changed_since() {
    let (_world, clinic, ada) = clinic_and_ada();
    let patient = ada.record.unwrap();
    let entry = ada.write("A quiet week.");
    all_sync(&clinic, &ada);
    review(&clinic, patient, entry.id);
    let before = row(&clinic);
    assert_eq!((before.new, before.unread, before.unreviewed), (0, 0, 0));
    assert_eq!(before.changed_since_review, 0);

    let opened = ada.get::<Entry>(entry.id).unwrap();
    ada.rewrite(&opened, "A quiet week. I do not want to be here any more.");
    all_sync(&clinic, &ada);

    let after = row(&clinic);
    assert_eq!((after.new, after.unread, after.unreviewed), (1, 1, 1));
    assert_eq!(after.changed_since_review, 1);
    let shared = clinic.get_shared::<Entry>(patient, entry.id).unwrap();
    assert!(shared.is_new && shared.review.is_none());
    assert_eq!(shared.changed_since_review.unwrap().by, "Maya");

    review(&clinic, patient, entry.id);
    let dealt_with = row(&clinic);
    assert_eq!((dealt_with.new, dealt_with.changed_since_review), (0, 0));
}

#[test]
fn an_edit_that_changes_nothing_makes_no_new_version_and_a_review_stands() {
    let (_world, clinic, ada) = clinic_and_ada();
    let patient = ada.record.unwrap();
    let entry = ada.write("A quiet week.");
    all_sync(&clinic, &ada);
    review(&clinic, patient, entry.id);
    let same = ada.rewrite(&ada.get(entry.id).unwrap(), " A quiet week. ");
    assert_eq!((same.revision, same.edited_at), (entry.revision, None));
    assert_eq!(ada.status().unwrap().waiting, 0);
    all_sync(&clinic, &ada);
    assert_eq!(row(&clinic).changed_since_review, 0);
}

#[test]
fn a_review_of_the_version_before_does_not_deal_with_words_that_arrived_meanwhile() {
    let (_world, clinic, ada) = clinic_and_ada();
    let patient = ada.record.unwrap();
    let entry = ada.write("Tired.");
    all_sync(&clinic, &ada);
    let before_them: Shared<Entry> = clinic.open_shared(patient, entry.id, "Maya").unwrap();
    ada.rewrite(&ada.get(entry.id).unwrap(), "Tired of living.");
    all_sync(&clinic, &ada);
    // The page that the clinician has open still shows the first version.
    let seen = &before_them.view.revision;
    clinic
        .mark_reviewed(patient, entry.id, seen, "Maya")
        .unwrap();
    let row = row(&clinic);
    assert_eq!(
        (row.new, row.unreviewed, row.changed_since_review),
        (1, 1, 1)
    );
}

#[test]
fn words_that_two_phones_merged_are_new_though_each_of_them_was_reviewed() {
    let (_world, clinic, ada) = clinic_and_ada();
    let patient = ada.record.unwrap();
    let entry = ada.write("Morning.");
    ada.sync_cleanly();
    let tablet = ada.second_phone();
    tablet.sync_cleanly();
    all_sync(&clinic, &ada);
    tablet.rewrite(
        &tablet.get(entry.id).unwrap(),
        "Morning. The tablet adds this.",
    );
    ada.rewrite(&ada.get(entry.id).unwrap(), "First of all: Morning.");
    all_sync(&clinic, &ada);
    review(&clinic, patient, entry.id);
    assert_eq!(row(&clinic).new, 0);
    tablet.sync_cleanly();
    clinic.sync_cleanly();
    assert_eq!(
        (row(&clinic).new, row(&clinic).changed_since_review),
        (1, 1)
    );
}

#[test]
fn a_check_in_and_its_note_are_new_until_somebody_opened_them() {
    let (_world, clinic, ada) = clinic_and_ada();
    let patient = ada.record.unwrap();
    let check_in = ada.check_in(1, "I do not see the point any more");
    all_sync(&clinic, &ada);
    let fresh = row(&clinic);
    assert_eq!((fresh.new, fresh.new_check_ins), (1, 1));
    clinic
        .open_shared::<CheckIn>(patient, check_in.id, "Maya")
        .unwrap();
    assert_eq!((row(&clinic).new, row(&clinic).new_check_ins), (0, 0));

    let seen = ada.get::<CheckIn>(check_in.id).unwrap();
    let more = |check_in: &mut CheckIn| check_in.note.push_str(", really");
    ada.edit(seen.id, &seen.revision, more).unwrap();
    all_sync(&clinic, &ada);
    assert_eq!((row(&clinic).new, row(&clinic).new_check_ins), (1, 1));
}

#[test]
fn what_a_patient_wants_to_talk_about_stands_until_it_was_talked_about() {
    let (_world, clinic, ada) = clinic_and_ada();
    let patient = ada.record.unwrap();
    let entry = ada.write("Ask me about the water.");
    let check_in = ada.check_in(2, "and about this");
    ada.share::<Entry>(entry.id, Visibility::TalkInSession)
        .unwrap();
    ada.share::<CheckIn>(check_in.id, Visibility::TalkInSession)
        .unwrap();
    all_sync(&clinic, &ada);
    assert_eq!(row(&clinic).to_talk_about, 2);

    // Neither reading nor reviewing it is talking about it.
    review(&clinic, patient, entry.id);
    clinic
        .open_shared::<CheckIn>(patient, check_in.id, "Maya")
        .unwrap();
    assert_eq!((row(&clinic).new, row(&clinic).to_talk_about), (0, 2));
    let shared = clinic.get_shared::<Entry>(patient, entry.id).unwrap();
    assert!(shared.is_to_talk_about && shared.talked_about.is_none());

    let seen = &shared.view.revision;
    clinic
        .mark_talked_about(patient, entry.id, seen, "Maya")
        .unwrap();
    let shared = clinic.get_shared::<Entry>(patient, entry.id).unwrap();
    assert_eq!(
        (row(&clinic).to_talk_about, shared.is_to_talk_about),
        (1, false)
    );
    assert_eq!(shared.talked_about.unwrap().by, "Maya");
    clinic.unmark_talked_about(patient, entry.id).unwrap();
    assert_eq!(row(&clinic).to_talk_about, 2);

    // What was added after the talk was not talked about.
    clinic
        .mark_talked_about(patient, entry.id, seen, "Maya")
        .unwrap();
    let view: View<Entry> = ada.get(entry.id).unwrap();
    ada.rewrite(&view, "Ask me about the water. And the boat.");
    all_sync(&clinic, &ada);
    assert_eq!(row(&clinic).to_talk_about, 2);

    // The patient changed their mind.
    ada.share::<Entry>(entry.id, Visibility::CareTeam).unwrap();
    ada.withdraw::<CheckIn>(check_in.id).unwrap();
    all_sync(&clinic, &ada);
    assert_eq!(row(&clinic).to_talk_about, 0);
}

#[test]
fn a_page_that_was_opened_before_undoes_no_review_of_what_stands_now() {
    let (_world, clinic, ada) = clinic_and_ada();
    let patient = ada.record.unwrap();
    let entry = ada.write("Tired.");
    all_sync(&clinic, &ada);
    let opened_before: Shared<Entry> = clinic.open_shared(patient, entry.id, "Lee").unwrap();
    ada.rewrite(&ada.get(entry.id).unwrap(), "Tired. Very.");
    all_sync(&clinic, &ada);
    review(&clinic, patient, entry.id);
    let seen = &opened_before.view.revision;
    clinic
        .mark_reviewed(patient, entry.id, seen, "Lee")
        .unwrap();
    let shared = clinic.get_shared::<Entry>(patient, entry.id).unwrap();
    assert_eq!(shared.review.unwrap().by, "Maya");
    assert_eq!(
        (row(&clinic).unreviewed, row(&clinic).changed_since_review),
        (0, 0)
    );
}

#[test]
fn the_same_correction_that_comes_from_a_second_phone_is_not_new_again() {
    let (_world, clinic, ada) = clinic_and_ada();
    let patient = ada.record.unwrap();
    let entry = ada.write("Took 10 mg.");
    ada.sync_cleanly();
    let tablet = ada.second_phone();
    tablet.sync_cleanly();
    all_sync(&clinic, &ada);
    ada.rewrite(&ada.get(entry.id).unwrap(), "Took 15 mg.");
    tablet.rewrite(&tablet.get(entry.id).unwrap(), "Took 15 mg.");
    all_sync(&clinic, &ada);
    review(&clinic, patient, entry.id);
    clinic.sync_cleanly();
    tablet.sync_cleanly();
    clinic.sync_cleanly();
    ada.sync_cleanly();
    assert_eq!(
        (row(&clinic).new, row(&clinic).changed_since_review),
        (0, 0)
    );
    let delivery = ada.get::<Entry>(entry.id).unwrap().delivery;
    let opened = companion_core::records::DeliveryState::Opened {
        by: "Maya".into(),
        at: clinic.now(),
    };
    assert_eq!(delivery, opened);
}

#[test]
fn an_archived_patient_who_wants_to_talk_is_not_put_away() {
    let (_world, clinic, ada) = clinic_and_ada();
    let patient = ada.record.unwrap();
    let entry = ada.write("Ask me about the water.");
    ada.share::<Entry>(entry.id, Visibility::TalkInSession)
        .unwrap();
    all_sync(&clinic, &ada);
    review(&clinic, patient, entry.id);
    clinic
        .archive_patient(patient, clinic.to_archive(patient).unwrap(), "Dr Moss")
        .unwrap();
    assert!(!row(&clinic).is_put_away());
    let seen = clinic
        .get_shared::<Entry>(patient, entry.id)
        .unwrap()
        .view
        .revision;
    clinic
        .mark_talked_about(patient, entry.id, &seen, "Maya")
        .unwrap();
    assert!(row(&clinic).is_put_away());
}
