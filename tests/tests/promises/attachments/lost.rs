//! What is lost is said to be lost, by every phone and at the clinic: nobody waits for what comes from nowhere.

use companion_core::domain::{DocumentId, Entry, ItemId, Visibility};
use companion_core::testing::media::recording;
use companion_core::{CoreError, MediaError};
use companion_tests::{Fault, Node, Phone, TakenAlong};

use super::{attached, heard, heard_at, is_blob, only};
use crate::clinic_and_ada;

/// Damages whatever recordings a phone holds, as a disk does that goes bad, and has the phone look at one.
fn lose(phone: &Phone, entry: DocumentId, item: ItemId) {
    let folder = std::fs::read_dir(phone.folder()).unwrap();
    let blobs = folder.map(|file| file.unwrap().path());
    let blobs = blobs.filter(|path| path.to_string_lossy().ends_with(".blobs"));
    for file in blobs.flat_map(|folder| std::fs::read_dir(folder).unwrap()) {
        let file = file.unwrap().path();
        if file.metadata().unwrap().len() > 1_000 {
            std::fs::write(&file, b"spoiled").unwrap();
        }
    }
    is_said_to_be_lost(phone, entry, item);
}

fn is_said_to_be_lost(phone: &Phone, entry: DocumentId, item: ItemId) {
    let refused = heard(phone, entry, item).map(drop);
    assert!(
        matches!(refused, Err(CoreError::Media(MediaError::Lost))),
        "{}: {refused:?}",
        phone.name()
    );
    let shown = only(phone, entry);
    assert!(shown.is_lost && !shown.is_here, "{}", phone.name());
}

fn is_lost_at(clinic: &Node, ada: &Phone, entry: DocumentId) -> bool {
    let all = clinic.attachments(ada.record.unwrap(), entry).unwrap();
    assert!(!all[0].is_here);
    all[0].is_lost
}

fn exchange(clinic: &Node, ada: &Phone, tablet: &Phone) {
    for _ in 0..2 {
        ada.sync().unwrap();
        tablet.sync().unwrap();
        clinic.sync().unwrap();
    }
}

/// No recording leaves the phone.
fn hold_back(phone: &Phone) {
    phone.faults().script(|_, request| match is_blob(request) {
        true => Fault::DropRequest,
        false => Fault::None,
    });
}

#[test]
fn what_was_lost_before_or_after_its_entry_was_shared_reads_so_everywhere_until_it_is_brought_back()
{
    for is_shared_first in [true, false] {
        let (_world, clinic, ada) = clinic_and_ada();
        let tablet = ada.second_phone();
        hold_back(&ada);
        let entry = ada.write_privately("With a recording.");
        let file = recording(50_000);
        let item = attached(&ada, entry.id, &file);
        let whole = TakenAlong::of(&ada);
        exchange(&clinic, &ada, &tablet);
        assert!(!only(&tablet, entry.id).is_lost, "it may come");
        let share = || {
            ada.share::<Entry>(entry.id, Visibility::CareTeam)
                .unwrap()
                .id
        };
        let shared = match is_shared_first {
            true => {
                let shared = share();
                exchange(&clinic, &ada, &tablet);
                assert!(!is_lost_at(&clinic, &ada, shared), "it may come");
                lose(&ada, shared, item);
                shared
            }
            false => {
                lose(&ada, entry.id, item);
                exchange(&clinic, &ada, &tablet);
                is_said_to_be_lost(&tablet, entry.id, item);
                share()
            }
        };
        is_said_to_be_lost(&ada, shared, item);
        exchange(&clinic, &ada, &tablet);
        is_said_to_be_lost(&ada, shared, item);
        is_said_to_be_lost(&tablet, shared, item);
        assert!(is_lost_at(&clinic, &ada, shared));
        // Taken back on the other phone, it is as lost as before; and shared once more.
        let back = tablet.withdraw::<Entry>(shared).unwrap().id;
        exchange(&clinic, &ada, &tablet);
        is_said_to_be_lost(&ada, back, item);
        is_said_to_be_lost(&tablet, back, item);
        let again = tablet
            .share::<Entry>(back, Visibility::CareTeam)
            .unwrap()
            .id;
        exchange(&clinic, &ada, &tablet);
        assert!(is_lost_at(&clinic, &ada, again));
        // Whoever has an export has it.
        ada.faults().heal();
        assert_eq!(whole.import_into(&ada).unwrap().files, 1);
        exchange(&clinic, &ada, &tablet);
        assert_eq!(heard(&ada, again, item).unwrap(), file);
        assert_eq!(heard(&tablet, again, item).unwrap(), file);
        assert_eq!(heard_at(&clinic, &ada, again, item).unwrap(), file);
        assert!(!only(&tablet, again).content.lost);
    }
}

#[test]
fn what_was_lost_reads_so_after_an_import() {
    let (world, _clinic, ada) = clinic_and_ada();
    let entry = ada.write_privately("With a recording.");
    let item = attached(&ada, entry.id, &recording(50_000));
    lose(&ada, entry.id, item);
    hold_back(&ada);
    ada.sync().unwrap();
    let new = world.phone("new");
    TakenAlong::of(&ada).import_into(&new).unwrap();
    is_said_to_be_lost(&new, entry.id, item);
}

#[test]
fn what_was_lost_on_a_phone_that_was_never_paired_reads_so_in_its_export_and_after_an_import() {
    let (world, _clinic, _ada) = clinic_and_ada();
    let alone = world.phone("alone");
    let entry = alone.write_privately("With a recording.");
    let item = attached(&alone, entry.id, &recording(50_000));
    lose(&alone, entry.id, item);
    let folder = TakenAlong::of(&alone);
    let journal = String::from_utf8(folder.0["journal.md"].clone()).unwrap();
    assert!(
        journal.contains("is lost") && !journal.contains("yet"),
        "{journal}"
    );
    let document = &folder.documents()[&entry.id.to_string()];
    let attachment = &document["fields"]["attachments"][item.to_string()];
    assert_eq!(attachment["lost"], true, "{document}");
    let new = world.phone("new");
    assert_eq!(folder.import_into(&new).unwrap().without_file, 1);
    is_said_to_be_lost(&new, entry.id, item);
    // And once more from there.
    let again = world.phone("again");
    TakenAlong::of(&new).import_into(&again).unwrap();
    is_said_to_be_lost(&again, entry.id, item);
}
