//! Two phones that brought the same recording in apart, each under a key of its own, come to be one record's. Its words
//! name one of the two then, which may be the one that was never sent: the recording plays all the same.

use companion_core::domain::{DocumentId, Entry, ItemId, Visibility};
use companion_core::ports::Request;
use companion_core::testing::media::recording;
use companion_tests::{Fault, Insider, Node, Phone, TakenAlong};

use super::{attached, files_in, heard, heard_at, is_blob, on_server, only};
use crate::clinic_and_ada;

/// No recording comes or goes.
fn no_recording(_: usize, request: &Request) -> Fault {
    match is_blob(request) {
        true => Fault::DropRequest,
        false => Fault::None,
    }
}

/// Two phones of one person that are not one record yet.
struct Two {
    clinic: Node,
    /// The phone of the record that the other one comes into.
    first: Phone,
    second: Phone,
    file: Vec<u8>,
    entry: DocumentId,
    item: ItemId,
}

/// How the first phone came to have the recording.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Had {
    /// It made it.
    Recorded,
    /// It imported it, as the second one did.
    Imported,
}

impl Two {
    fn apart(had: Had) -> Self {
        let (world, clinic, ada) = clinic_and_ada();
        let file = recording(50_000);
        let entry = ada.write_privately("With a recording.").id;
        let item = attached(&ada, entry, &file);
        let folder = TakenAlong::of(&ada);
        let first = match had {
            Had::Recorded => ada,
            Had::Imported => {
                let again = clinic.with_patient("Ada again");
                folder.import_into(&again).unwrap();
                again
            }
        };
        let second = world.phone("tablet");
        folder.import_into(&second).unwrap();
        Self {
            clinic,
            first,
            second,
            file,
            entry,
            item,
        }
    }

    /// No recording of one of them leaves it.
    fn hold_back(&self, which: usize) {
        let phone = [&self.first, &self.second][which];
        phone.faults().script(no_recording);
    }

    fn join(&mut self) {
        let invitation = self.first.invite_phone().unwrap();
        self.second.pair(&invitation.link).unwrap();
        self.second.record = self.first.record;
        for phone in [&self.first, &self.second] {
            phone.sync().unwrap();
        }
        let newcomer = self.first.newcomers().unwrap().pop().unwrap();
        self.first.confirm_phone(newcomer.member).unwrap();
        self.exchange(&[&self.second, &self.first]);
    }

    fn exchange(&self, phones: &[&Phone]) {
        for phone in phones.iter().chain(phones) {
            phone.sync().unwrap();
            self.clinic.sync_cleanly();
        }
    }

    fn is_heard_on(&self, phone: &Phone, entry: DocumentId) {
        let shown = only(phone, entry);
        assert!(shown.is_here && !shown.is_lost, "{}", phone.name());
        assert!(heard(phone, entry, self.item).unwrap() == self.file);
    }
}

#[test]
fn what_two_phones_imported_apart_plays_everywhere_although_one_of_them_never_sent_it() {
    for had in [Had::Recorded, Had::Imported] {
        for silent in [0, 1] {
            let mut two = Two::apart(had);
            two.hold_back(silent);
            two.join();
            two.is_heard_on(&two.first, two.entry);
            two.is_heard_on(&two.second, two.entry);
            // The silent one is never heard of again.
            let other = [&two.second, &two.first][silent];
            two.exchange(&[other]);
            let third = other.second_phone();
            two.exchange(&[other, &third]);
            two.is_heard_on(&third, two.entry);
            let shared = third.share::<Entry>(two.entry, Visibility::CareTeam);
            let shared = shared.unwrap().id;
            two.exchange(&[&third, other]);
            two.is_heard_on(other, shared);
            let at_clinic = heard_at(&two.clinic, &third, shared, two.item);
            assert!(at_clinic.unwrap() == two.file, "{had:?} {silent}");
        }
    }
}

/// A phone that has no recording of its own: the words name what was never sent, and only what the other phone called it
/// is at the server.
#[test]
fn what_was_sent_under_the_other_name_is_fetched_under_that() {
    let (_world, clinic, ada) = clinic_and_ada();
    let (second, witness) = (ada.second_phone(), ada.second_phone());
    let file = recording(50_000);
    let entry = ada.write_privately("With a recording.").id;
    let item = attached(&ada, entry, &file);
    TakenAlong::of(&ada).import_into(&second).unwrap();
    let two = Two {
        clinic,
        first: ada,
        second,
        file,
        entry,
        item,
    };
    two.second.sync_cleanly();
    witness.faults().script(no_recording);
    witness.sync().unwrap();
    let called_before = only(&witness, entry).content.blob;
    two.hold_back(0);
    two.first.sync().unwrap();
    witness.sync().unwrap();
    assert_ne!(only(&witness, entry).content.blob, called_before);
    assert!(!only(&witness, entry).is_here);
    // Neither of the two others is ever heard of again.
    witness.faults().heal();
    two.exchange(&[&witness]);
    two.is_heard_on(&witness, entry);
}

#[test]
fn of_what_two_phones_imported_apart_one_copy_stays_and_none_once_it_is_deleted() {
    for had in [Had::Recorded, Had::Imported] {
        let mut two = Two::apart(had);
        two.first.sync_cleanly();
        two.join();
        let private = Insider::of(&two.first, "private");
        two.exchange(&[&two.first, &two.second]);
        assert_eq!(on_server(&private), (1, 1), "{had:?}");
        for phone in [&two.first, &two.second] {
            two.is_heard_on(phone, two.entry);
            assert_eq!(files_in(phone.folder()), 1, "{had:?} {}", phone.name());
        }
        // Rows made anew know what the other one was called.
        two.second.rebuild().unwrap();
        assert_eq!(two.second.check_record().unwrap().differing, []);
        two.is_heard_on(&two.second, two.entry);
        two.second.delete::<Entry>(two.entry).unwrap();
        two.exchange(&[&two.second, &two.first]);
        assert_eq!(on_server(&private), (0, 0), "{had:?}");
        for phone in [&two.first, &two.second] {
            assert_eq!(files_in(phone.folder()), 0, "{had:?} {}", phone.name());
        }
    }
}

/// Each shared it before they were one record's: the clinic holds what one of the two can send.
#[test]
fn what_two_phones_shared_apart_plays_at_the_clinic_although_one_of_them_never_sent_it() {
    for silent in [0, 1] {
        let mut two = Two::apart(Had::Recorded);
        let invitation = two.first.invite_phone().unwrap();
        two.second.pair(&invitation.link).unwrap();
        two.second.record = two.first.record;
        two.hold_back(silent);
        for phone in [&two.first, &two.second] {
            phone.sync().unwrap();
        }
        let newcomer = two.first.newcomers().unwrap().pop().unwrap();
        two.first.confirm_phone(newcomer.member).unwrap();
        let share = |phone: &Phone| phone.share::<Entry>(two.entry, Visibility::CareTeam);
        let shared = share(&two.first).unwrap().id;
        two.first.sync().unwrap();
        let _ = share(&two.second);
        two.exchange(&[&two.second, &two.first]);
        let other = [&two.second, &two.first][silent];
        two.exchange(&[other]);
        two.is_heard_on(other, shared);
        let at_clinic = heard_at(&two.clinic, &two.first, shared, two.item);
        assert!(at_clinic.unwrap() == two.file, "{silent}");
    }
}
