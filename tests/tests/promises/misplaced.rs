//! What is written in a place that is not its own, a space or another document's name, stands nowhere.

use companion_core::domain::{Content, DosingSession, Entry, PatientRecord, Review};
use companion_core::records::{DeliveryState, Query, RecordCheck};
use companion_core::{SyncReport, WarningCode};
use companion_tests::{Insider, entry_payload, new_payload};

use crate::provenance::{
    at_clinic, check_in, clinic_and_ada, fresh, named, on_phone, plant, planted_as_clinics,
};

#[test]
fn what_is_written_where_its_kind_does_not_live_stands_nowhere() {
    let (world, clinic, ada) = clinic_and_ada();
    let tablet = ada.second_phone();
    let private = ada.write_privately("Mine.");
    ada.sync_cleanly();
    tablet.sync_cleanly();
    clinic.sync_cleanly();
    let mut bad = Insider::of(&tablet, "private");
    let planted = planted_as_clinics(&world, &ada, private.id);
    let count = planted.len();
    plant(&mut bad, &planted);
    named(&ada.sync().unwrap(), bad.me.member());
    let quarantined = ada.check_record().unwrap().quarantined;
    assert_eq!(quarantined.len(), count, "{quarantined:?}");
    assert!(ada.replies(private.id).is_empty());
    assert!(ada.all(Query::<DosingSession>::all()).is_empty());
    let view = ada.get::<Entry>(private.id).unwrap();
    assert_eq!(view.delivery, DeliveryState::OnlyYours);
    assert_eq!(ada.texts(), ["Mine."]);

    // What the clinic may write, but not where the patient reads it.
    let review = Review {
        about: private.id,
        care_space: Insider::of(&ada, "care").space,
        revision: view.revision,
        words: String::new(),
        by: "Dr Moss".to_owned(),
        at: world.now(),
        undone_at: None,
    };
    let record = PatientRecord {
        name: "planted patient".to_owned(),
        ..PatientRecord::examples().remove(0)
    };
    let caseload = clinic.caseload().unwrap();
    let mut bad = Insider::of_clinic(&clinic, &ada);
    let planted = [
        new_payload(&world, fresh(&world), &review),
        new_payload(&world, fresh(&world), &record),
    ];
    plant(&mut bad, &planted);
    named(&ada.sync().unwrap(), clinic.public_key());
    named(&clinic.sync().unwrap(), clinic.public_key());
    assert_eq!(ada.check_record().unwrap().quarantined.len(), count + 2);
    assert_eq!(clinic.check_record().unwrap().quarantined.len(), 2);
    assert_eq!(clinic.caseload().unwrap(), caseload);
}

#[test]
fn a_phone_that_names_a_document_of_another_space_or_kind_changes_nothing_there() {
    let (world, clinic, ada) = clinic_and_ada();
    let tablet = ada.second_phone();
    let private = ada.write_privately("Mine.");
    let shared = ada.write("Ours.");
    let own_check_in = ada.check_in(2, "A note.");
    ada.sync_cleanly();
    tablet.sync_cleanly();
    clinic.sync_cleanly();
    let lists = || (on_phone(&ada), at_clinic(&clinic, &ada));
    let before = lists();
    let planted = |id| entry_payload(&world, id, "planted", "planted");
    let mut in_care = Insider::of(&tablet, "care");
    plant(
        &mut in_care,
        &[
            // What is private, by its name, as if it had been shared.
            planted(private.id),
            // An entry in the place of a check-in, and the other way round.
            planted(own_check_in.id),
            new_payload(&world, shared.id, &check_in(&world, "planted")),
        ],
    );
    plant(&mut Insider::of(&tablet, "private"), &[planted(shared.id)]);
    let refused = |report: SyncReport, count: u64, check: RecordCheck| {
        let codes: Vec<WarningCode> = report.warnings.iter().map(|w| w.code).collect();
        assert!(codes.contains(&WarningCode::NameTaken), "{report:?}");
        assert_eq!((check.names_taken, check.quarantined.len()), (count, 0));
    };
    let report = ada.sync().unwrap();
    refused(report, 4, ada.check_record().unwrap());
    let report = clinic.sync().unwrap();
    // The clinic does not know what is private, so there the name is as good as any; the words are
    // those of a member of the patient's side, and in the care space.
    refused(report, 2, clinic.check_record().unwrap());
    assert_eq!(on_phone(&ada), before.0);
    assert_eq!(clinic.texts_of(&ada), ["Ours.", "planted"]);
    ada.rebuild().unwrap();
    assert_eq!(on_phone(&ada), before.0);
}
