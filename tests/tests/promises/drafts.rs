//! What is half written stays on the phone where it was written, sealed, until it is saved, thrown away, or what it is
//! about is gone.

use companion_core::CoreError;
use companion_core::domain::text::Problem;
use companion_core::domain::{DocumentId, Entry};
use companion_tests::{Canary, TakenAlong};

use crate::clinic_and_ada;

#[test]
fn a_draft_outlives_the_end_of_the_app_and_is_sent_to_nobody() {
    let (_world, _clinic, mut ada) = clinic_and_ada();
    let tablet = ada.second_phone();
    let before = ada.status().unwrap().waiting;
    let canary = Canary::new("I was walking by the");
    ada.keep_draft("journal", None, canary.words()).unwrap();
    ada.kill();
    assert_eq!(
        ada.draft("journal", None).unwrap().as_deref(),
        Some(canary.words())
    );
    assert_eq!(canary.found_in(&ada.raw_bytes()), None);
    assert_eq!(ada.status().unwrap().waiting, before);
    ada.sync_cleanly();
    tablet.sync_cleanly();
    assert_eq!(tablet.draft("journal", None).unwrap(), None);
    assert_eq!(ada.draft("check_in", None).unwrap(), None);
    ada.keep_draft("journal", None, "").unwrap();
    assert_eq!(ada.draft("journal", None).unwrap(), None);
}

#[test]
fn a_draft_goes_with_the_document_that_it_is_about() {
    let (_world, _clinic, ada) = clinic_and_ada();
    let tablet = ada.second_phone();
    let gone = ada.write_privately("Better forgotten.").id;
    let stays = ada.write_privately("Rain on the window.").id;
    ada.sync_cleanly();
    tablet.sync_cleanly();
    for (id, words) in [(gone, "Better forgotten. Or"), (stays, "Rain on the roof")] {
        for phone in [&ada, &tablet] {
            phone.keep_draft("entry", Some(id), words).unwrap();
        }
    }
    ada.delete::<Entry>(gone).unwrap();
    ada.sync_cleanly();
    tablet.sync_cleanly();
    for phone in [&ada, &tablet] {
        assert_eq!(phone.draft("entry", Some(gone)).unwrap(), None);
        let kept = phone.draft("entry", Some(stays)).unwrap();
        assert_eq!(kept.as_deref(), Some("Rain on the roof"));
        // The page is still open there: what it keeps now would outlive what was deleted.
        let late = phone.keep_draft("entry", Some(gone), "Better forgotten. Or not");
        assert!(matches!(late, Err(CoreError::NotFound(_))), "{late:?}");
        assert_eq!(phone.draft("entry", Some(gone)).unwrap(), None);
    }
}

#[test]
fn a_draft_is_part_of_no_export() {
    let (_world, _clinic, ada) = clinic_and_ada();
    let canary = Canary::new("half of a sentence");
    ada.keep_draft("journal", None, canary.words()).unwrap();
    let taken = TakenAlong::of(&ada);
    assert!(!taken.0.is_empty());
    for (name, bytes) in &taken.0 {
        assert_eq!(canary.found_in(bytes), None, "{name}");
    }
}

#[test]
fn what_can_not_be_kept_is_refused_and_the_draft_stays() {
    let (_world, _clinic, ada) = clinic_and_ada();
    ada.keep_draft("journal", None, "Short").unwrap();
    let long = ada.keep_draft("journal", None, &"x".repeat(1_000_001));
    assert!(
        matches!(&long, Err(CoreError::Invalid(why)) if matches!(why.problem, Problem::TooManyBytes { .. })),
        "{long:?}"
    );
    assert_eq!(
        ada.draft("journal", None).unwrap().as_deref(),
        Some("Short")
    );
    for page in ["", "Journal", "a/b", "a*", &"a".repeat(41)] {
        let wrong = ada.keep_draft(page, None, "Words");
        assert!(
            matches!(wrong, Err(CoreError::Invalid(_))),
            "{page}: {wrong:?}"
        );
        assert!(ada.draft(page, None).is_err(), "{page}");
    }
    let unknown = ada.keep_draft("entry", Some(DocumentId::new([9; 16])), "Words");
    assert!(
        matches!(unknown, Err(CoreError::NotFound(_))),
        "{unknown:?}"
    );
}
