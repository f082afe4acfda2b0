//! Something is deleted on one phone, and worked on by another that has not heard of it: nothing that was done is lost,
//! nothing is left with the clinic, and both phones say so.

use companion_core::domain::{DocumentId, Entry, Visibility};
use companion_core::{CoreError, NotNow, WarningCode};
use companion_tests::{Node, Phone, World};

const WORDS: &str = "The lake at night.";

fn two_phones(seed: u64) -> (World, Node, Phone, Phone) {
    let world = World::in_memory(seed);
    let clinic = world.clinic("Riverbank");
    let ada = clinic.with_patient("Ada");
    let tablet = ada.second_phone();
    (world, clinic, ada, tablet)
}

/// Exchanges until everybody has heard of everything.
fn all_hear(clinic: &Node, phones: [&Phone; 2]) {
    for _ in 0..3 {
        for phone in phones {
            assert!(phone.sync().unwrap().problems.is_empty());
        }
        clinic.sync_cleanly();
    }
}

/// What a phone tells of what came back.
fn told(phone: &Phone) -> Option<String> {
    let warnings = phone.status().unwrap().warnings;
    let mut back = warnings
        .into_iter()
        .filter(|warning| warning.code == Some(WarningCode::CameBack));
    back.next().map(|warning| warning.detail)
}

/// The only entry of a phone, which must be private.
fn only_private(phone: &Phone) -> DocumentId {
    let entries = phone.entries();
    assert_eq!(entries.len(), 1, "{}", phone.name());
    assert!(!entries[0].shared, "{}", phone.name());
    entries[0].id
}

fn nothing_shown(clinic: &Node, ada: &Phone) -> bool {
    clinic.texts_of(ada).is_empty()
}

#[test]
fn what_was_written_into_something_deleted_brings_all_of_it_back_and_both_phones_say_so() {
    let (_world, clinic, ada, tablet) = two_phones(701);
    let entry = ada.write_privately(WORDS);
    all_hear(&clinic, [&ada, &tablet]);
    assert_eq!((told(&ada), told(&tablet)), (None, None));
    let seen = tablet.get::<Entry>(entry.id).unwrap();
    tablet.rewrite(&seen, &format!("{WORDS} And the owl."));
    ada.delete::<Entry>(entry.id).unwrap();
    all_hear(&clinic, [&ada, &tablet]);
    let back = only_private(&ada);
    assert_eq!(back, only_private(&tablet));
    assert_eq!(ada.texts(), [format!("{WORDS} And the owl.")]);
    let said = format!(
        "entry {}: another phone had a version of it that was not read where it was deleted",
        &back.to_string()[..8]
    );
    assert_eq!(
        (told(&ada), told(&tablet)),
        (Some(said.clone()), Some(said))
    );
    // Dismissed, it is not said again; deleted again, it is gone on both.
    let id = ada.status().unwrap().warnings[0].id;
    ada.dismiss_warning(id).unwrap();
    ada.write_privately("Another.");
    all_hear(&clinic, [&ada, &tablet]);
    assert_eq!(told(&ada), None);
    ada.delete::<Entry>(back).unwrap();
    all_hear(&clinic, [&ada, &tablet]);
    assert_eq!(
        (ada.texts(), tablet.texts()),
        (vec!["Another.".into()], vec!["Another.".into()])
    );
    assert_eq!((told(&ada), told(&tablet)), (None, None));
}

#[test]
fn what_was_deleted_on_one_phone_is_not_shared_by_another_that_hears_of_it_as_it_sends() {
    let (_world, clinic, ada, tablet) = two_phones(702);
    let entry = ada.write_privately(WORDS);
    all_hear(&clinic, [&ada, &tablet]);
    ada.delete::<Entry>(entry.id).unwrap();
    assert!(ada.sync().unwrap().problems.is_empty());
    tablet
        .share::<Entry>(entry.id, Visibility::CareTeam)
        .unwrap();
    assert!(tablet.sync().unwrap().problems.is_empty());
    clinic.sync_cleanly();
    assert!(nothing_shown(&clinic, &ada));
    assert!(
        clinic.withdrawn_of(&ada).is_empty(),
        "nothing of it left the tablet"
    );
    all_hear(&clinic, [&ada, &tablet]);
    assert!(nothing_shown(&clinic, &ada));
    let back = only_private(&ada);
    assert_eq!(back, only_private(&tablet));
    let said = format!(
        "entry {}: it was shared meanwhile, and is withdrawn",
        &back.to_string()[..8]
    );
    assert_eq!(
        (told(&ada), told(&tablet)),
        (Some(said.clone()), Some(said))
    );
    ada.delete::<Entry>(back).unwrap();
    all_hear(&clinic, [&ada, &tablet]);
    assert!(ada.texts().is_empty() && tablet.texts().is_empty());
    assert_eq!((told(&ada), told(&tablet)), (None, None));
}

#[test]
fn what_was_shared_before_the_deletion_arrived_is_withdrawn_by_whoever_hears_of_both() {
    for the_sharer_is_lost in [false, true] {
        let (_world, clinic, ada, tablet) = two_phones(703);
        let entry = ada.write_privately(WORDS);
        all_hear(&clinic, [&ada, &tablet]);
        ada.delete::<Entry>(entry.id).unwrap();
        tablet
            .share::<Entry>(entry.id, Visibility::TalkInSession)
            .unwrap();
        tablet.sync_cleanly();
        clinic.sync_cleanly();
        assert!(!nothing_shown(&clinic, &ada), "it had left by then");
        for _ in 0..2 {
            assert!(ada.sync().unwrap().problems.is_empty());
            clinic.sync_cleanly();
        }
        assert!(nothing_shown(&clinic, &ada));
        assert_eq!(clinic.withdrawn_of(&ada).len(), 1);
        let back = only_private(&ada);
        let said = format!(
            "entry {}: it was shared meanwhile, and is withdrawn",
            &back.to_string()[..8]
        );
        assert_eq!(told(&ada), Some(said.clone()));
        if the_sharer_is_lost {
            continue;
        }
        all_hear(&clinic, [&ada, &tablet]);
        assert_eq!((only_private(&tablet), told(&tablet)), (back, Some(said)));
        assert_eq!(tablet.texts(), [WORDS]);
        // Shared again by somebody who knows, it stays shared.
        let shared = tablet.share::<Entry>(back, Visibility::CareTeam).unwrap();
        all_hear(&clinic, [&ada, &tablet]);
        assert!(!nothing_shown(&clinic, &ada));
        assert!(ada.get::<Entry>(shared.id).unwrap().shared);
        assert_eq!((told(&ada), told(&tablet)), (None, None));
    }
}

#[test]
fn what_one_phone_withdraws_and_another_deletes_stays_private_and_both_say_so() {
    // With a private document that it was shared from, and without one.
    for was_private in [true, false] {
        let (_world, clinic, ada, tablet) = two_phones(704);
        let shared = match was_private {
            true => {
                let entry = ada.write_privately(WORDS);
                ada.share::<Entry>(entry.id, Visibility::CareTeam).unwrap()
            }
            false => ada.write(WORDS),
        };
        all_hear(&clinic, [&ada, &tablet]);
        ada.delete::<Entry>(shared.id).unwrap();
        tablet.withdraw::<Entry>(shared.id).unwrap();
        all_hear(&clinic, [&ada, &tablet]);
        assert!(nothing_shown(&clinic, &ada));
        let back = only_private(&ada);
        assert_eq!(back, only_private(&tablet));
        assert_eq!(ada.texts(), [WORDS]);
        let said = format!(
            "entry {}: another phone had a version of it that was not read where it was deleted",
            &back.to_string()[..8]
        );
        assert_eq!(
            (told(&ada), told(&tablet)),
            (Some(said.clone()), Some(said))
        );
        tablet.delete::<Entry>(back).unwrap();
        all_hear(&clinic, [&ada, &tablet]);
        assert!(ada.texts().is_empty() && tablet.texts().is_empty());
        assert_eq!((told(&ada), told(&tablet)), (None, None));
    }
}

#[test]
fn a_deletion_by_somebody_who_knew_of_the_share_brings_nothing_back() {
    let (_world, clinic, ada, tablet) = two_phones(705);
    let entry = ada.write_privately(WORDS);
    let shared = ada.share::<Entry>(entry.id, Visibility::CareTeam).unwrap();
    all_hear(&clinic, [&ada, &tablet]);
    tablet.delete::<Entry>(shared.id).unwrap();
    // What it was shared from goes with it, before anybody is told.
    let gone = tablet.get::<Entry>(entry.id).unwrap_err();
    assert!(matches!(gone, CoreError::NotNow(NotNow::Deleted)), "{gone}");
    all_hear(&clinic, [&ada, &tablet]);
    assert!(ada.texts().is_empty() && tablet.texts().is_empty());
    assert!(nothing_shown(&clinic, &ada));
    assert_eq!((told(&ada), told(&tablet)), (None, None));
    let gone = ada.get::<Entry>(entry.id).unwrap_err();
    assert!(matches!(gone, CoreError::NotNow(NotNow::Deleted)), "{gone}");
}

#[test]
fn what_stands_shared_beside_private_words_stays_shared_when_those_are_deleted() {
    let (_world, clinic, ada, tablet) = two_phones(706);
    let entry = ada.write_privately(WORDS);
    all_hear(&clinic, [&ada, &tablet]);
    // The tablet writes on in private, and has not heard that it was shared as it stood.
    let seen = tablet.get::<Entry>(entry.id).unwrap();
    tablet.rewrite(&seen, "The lake at night, and more.");
    let shared = ada.share::<Entry>(entry.id, Visibility::CareTeam).unwrap();
    all_hear(&clinic, [&ada, &tablet]);
    assert_eq!(ada.entries().len(), 2);
    ada.delete::<Entry>(entry.id).unwrap();
    all_hear(&clinic, [&ada, &tablet]);
    for phone in [&ada, &tablet] {
        assert_eq!(phone.texts(), [WORDS]);
        assert!(phone.get::<Entry>(shared.id).unwrap().shared);
        assert_eq!(told(phone), None);
    }
    assert_eq!(clinic.texts_of(&ada), [WORDS]);
}
