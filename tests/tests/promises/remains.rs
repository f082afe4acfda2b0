//! What a patient is told of what remains, before they take something back or delete it: from every version and every
//! sharing of it, as far as the phone knows.

use companion_core::domain::{Content as _, DocumentId, Entry, Visibility};
use companion_core::records::{DeliveryState, Reached, Remains};
use companion_tests::{Node, Phone, World};

fn remains(phone: &Phone, id: DocumentId) -> (bool, Reached) {
    let remains = phone.what_remains::<Entry>(id).unwrap();
    (remains.is_shared, remains.reached)
}

fn opened(clinic: &Node, phone: &Phone, id: DocumentId) {
    clinic.sync_cleanly();
    let patient = phone.record.unwrap();
    clinic.open_shared::<Entry>(patient, id, "Maya").unwrap();
    clinic.sync_cleanly();
}

#[test]
fn what_somebody_once_opened_is_said_to_be_opened_whatever_became_of_it_since() {
    let world = World::in_memory(91);
    let clinic = world.clinic("Riverbank");
    let ada = clinic.with_patient("Ada");
    let tablet = ada.second_phone();
    let shared = ada.write("Better forgotten.");
    assert_eq!(remains(&ada, shared.id), (true, Reached::Nobody));
    ada.sync_cleanly();
    assert_eq!(remains(&ada, shared.id), (true, Reached::Clinic));
    opened(&clinic, &ada, shared.id);
    // Not known here before it was told.
    assert_eq!(remains(&ada, shared.id), (true, Reached::Clinic));
    ada.sync_cleanly();
    assert_eq!(remains(&ada, shared.id), (true, Reached::Opened));

    // A newer version waits, and then nobody has opened it yet.
    let edited = ada.rewrite(&ada.get(shared.id).unwrap(), "Or not.");
    assert_eq!(remains(&ada, edited.id), (true, Reached::OpenedBefore));
    ada.sync_cleanly();
    assert_eq!(remains(&ada, edited.id), (true, Reached::OpenedBefore));
    opened(&clinic, &ada, edited.id);
    ada.sync_cleanly();
    assert_eq!(remains(&ada, edited.id), (true, Reached::Opened));

    // Private again, and what the clinic opened it has opened.
    let private = ada.withdraw::<Entry>(edited.id).unwrap().id;
    assert_eq!(remains(&ada, private), (false, Reached::OpenedBefore));
    ada.sync_cleanly();
    tablet.sync_cleanly();
    assert_eq!(remains(&tablet, private), (false, Reached::OpenedBefore));
    // Shared again: another document, of which nothing has left.
    let again = tablet
        .share::<Entry>(private, Visibility::CareTeam)
        .unwrap();
    assert_ne!(again.id, shared.id);
    for name in [again.id, private] {
        assert_eq!(remains(&tablet, name), (true, Reached::OpenedBefore));
    }
}

#[test]
fn what_was_shared_and_taken_back_before_it_left_is_said_to_have_reached_nobody() {
    let world = World::in_memory(92);
    let clinic = world.clinic("Riverbank");
    let ada = clinic.with_patient("Ada");
    let private = ada.write_privately("Better forgotten.").id;
    ada.sync_cleanly();
    let shared = ada.share::<Entry>(private, Visibility::CareTeam).unwrap();
    assert_eq!(remains(&ada, shared.id), (true, Reached::Nobody));
    // The private one has left for the server and the other phones all the same.
    let said = ada.what_remains::<Entry>(shared.id).unwrap().once_deleted();
    assert!(
        said.contains("from the server and your other phones"),
        "{said}"
    );
    let back = ada.withdraw::<Entry>(shared.id).unwrap().id;
    assert_eq!(remains(&ada, back), (false, Reached::Nobody));
    // What the server has, and nobody opened.
    let shared = ada.share::<Entry>(private, Visibility::CareTeam).unwrap();
    ada.sync_cleanly();
    let back = ada.withdraw::<Entry>(shared.id).unwrap().id;
    assert_eq!(remains(&ada, back), (false, Reached::Clinic));
}

#[test]
fn what_the_clinic_opened_before_it_heard_is_said_wherever_it_is_shown_once_a_phone_hears_of_it() {
    let world = World::in_memory(93);
    let clinic = world.clinic("Riverbank");
    let ada = clinic.with_patient("Ada");
    let tablet = ada.second_phone();
    let [back, gone, unread] =
        ["Taken back.", "Deleted.", "Read by nobody."].map(|it| ada.write(it));
    ada.sync_cleanly();
    clinic.sync_cleanly();
    let private = ada.withdraw::<Entry>(back.id).unwrap();
    let unread = ada.withdraw::<Entry>(unread.id).unwrap();
    ada.delete::<Entry>(gone.id).unwrap();
    let says = |phone: &Phone, id: DocumentId| phone.get::<Entry>(id).unwrap().delivery;
    let taken_back = |reached| DeliveryState::TakenBack { reached };
    let deleted = |phone: &Phone| {
        let all = phone.deleted().unwrap().into_iter();
        all.map(|one| (one.kind, one.remains.reached))
            .collect::<Vec<_>>()
    };
    assert_eq!(private.delivery, taken_back(Reached::Clinic));
    assert_eq!(deleted(&ada), [(Entry::KIND, Reached::Clinic)]);
    // Somebody opens both before the clinic hears that they were taken back.
    for id in [back.id, gone.id] {
        let patient = ada.record.unwrap();
        clinic.open_shared::<Entry>(patient, id, "Maya").unwrap();
    }
    for phone in [&ada, &tablet, &ada] {
        phone.sync_cleanly();
        clinic.sync_cleanly();
    }
    for phone in [&ada, &tablet] {
        assert_eq!(says(phone, private.id), taken_back(Reached::OpenedBefore));
        assert_eq!(says(phone, unread.id), taken_back(Reached::Clinic));
        assert_eq!(deleted(phone), [(Entry::KIND, Reached::OpenedBefore)]);
    }
    // What is shared again is no more than that, and what was never shared stays private without a word.
    let again = ada.share::<Entry>(unread.id, Visibility::CareTeam).unwrap();
    assert_eq!(again.delivery, DeliveryState::OnThisDevice);
    let own = ada.write_privately("Mine.");
    assert_eq!(own.delivery, DeliveryState::OnlyYours);
    ada.delete::<Entry>(own.id).unwrap();
    assert_eq!(deleted(&ada).len(), 1);
}

#[test]
fn each_sentence_says_what_the_clinic_may_keep_and_claims_no_more() {
    for is_shared in [false, true] {
        for reached in [
            Reached::Nobody,
            Reached::Clinic,
            Reached::OpenedBefore,
            Reached::Opened,
            Reached::StillShown,
        ] {
            let remains = Remains { reached, is_shared };
            let at_the_clinic = remains.at_the_clinic();
            assert_eq!(
                at_the_clinic.is_none(),
                !is_shared && reached == Reached::Nobody
            );
            let clinic = at_the_clinic.unwrap_or_default();
            for said in [remains.once_taken_back(), remains.once_deleted()] {
                assert!(said.contains(clinic), "{said}");
                let is_still_shown = reached == Reached::StillShown;
                assert_eq!(said.contains("still has it and shows it"), is_still_shown);
                let is_opened = reached >= Reached::OpenedBefore && !is_still_shown;
                let was_seen = reached >= Reached::Clinic && !is_still_shown;
                assert_eq!(said.contains("opened it"), was_seen);
                assert_eq!(said.contains("may have to keep"), is_opened, "{said}");
                let is_unopened = reached == Reached::Clinic;
                assert_eq!(said.contains("is known to have opened"), is_unopened);
            }
            let deleted = remains.once_deleted();
            assert!(deleted.contains("Exports, and backups"), "{deleted}");
            // Bodies of what was shared stay at the server.
            let goes = deleted.contains("from the server and");
            assert_eq!(goes, reached == Reached::Nobody, "{deleted}");
        }
    }
}
