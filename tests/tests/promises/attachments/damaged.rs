//! What goes bad on the server's disk: it is found where it is read, and whoever has it whole gives it again.

use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

use companion_core::testing::media::recording;
use companion_tests::{Fault, TestServer, World};

use super::{attached, delivered, heard, heard_at, is_blob, only};

/// Spoils every blob that the server holds whole, as a disk does that goes bad: the length stays. Gives how many.
fn spoil_blobs(server: &TestServer, spoil: impl Fn(&Path)) -> usize {
    let mut spoiled = 0;
    let folder = std::fs::read_dir(server.data()).unwrap();
    let is_of_blobs = |path: &Path| path.to_string_lossy().ends_with(".blobs");
    for folder in folder.map(|entry| entry.unwrap().path()) {
        if !is_of_blobs(&folder) {
            continue;
        }
        for space in std::fs::read_dir(&folder).unwrap() {
            for file in std::fs::read_dir(space.unwrap().path()).unwrap() {
                spoil(&file.unwrap().path());
                spoiled += 1;
            }
        }
    }
    spoiled
}

fn flip_a_bit(file: &Path) {
    let mut bytes = std::fs::read(file).unwrap();
    *bytes.last_mut().unwrap() ^= 1;
    std::fs::write(file, bytes).unwrap();
}

#[test]
fn a_blob_that_was_damaged_on_the_server_is_given_again_by_whoever_has_it_whole() {
    type Spoil = fn(&Path);
    let spoils: [(&str, Spoil); 3] = [
        ("a bit", flip_a_bit),
        ("cut", |file| std::fs::write(file, b"short").unwrap()),
        ("gone", |file| std::fs::remove_file(file).unwrap()),
    ];
    for (how, spoil) in spoils {
        let world = World::over_http();
        let clinic = world.clinic("Riverbank");
        let ada = clinic.with_patient("Ada");
        let tablet = ada.second_phone();
        let file = recording(1_500_000);
        let shared = ada.write("Listen.");
        let private = ada.write_privately("Mine.");
        let of_shared = attached(&ada, shared.id, &file);
        let of_private = attached(&ada, private.id, &file);
        ada.sync_cleanly();
        assert_eq!(spoil_blobs(world.server(), spoil), 2, "{how}");
        // Nothing is written by anybody from here on: what is missing is enough.
        clinic.sync().unwrap();
        tablet.sync().unwrap();
        assert_eq!(heard_at(&clinic, &ada, shared.id, of_shared), None, "{how}");
        ada.sync_cleanly();
        clinic.sync_cleanly();
        tablet.sync_cleanly();
        assert!(heard_at(&clinic, &ada, shared.id, of_shared).unwrap() == file);
        assert!(heard(&tablet, private.id, of_private).unwrap() == file);
        ada.sync_cleanly();
        assert!(delivered(&only(&ada, shared.id).delivery), "{how}");
    }
}

#[test]
fn a_blob_that_was_damaged_after_its_beginning_was_read_comes_whole_all_the_same() {
    let world = World::over_http();
    let clinic = world.clinic("Riverbank");
    let ada = clinic.with_patient("Ada");
    let file = recording(1_500_000);
    let entry = ada.write("Listen.");
    let item = attached(&ada, entry.id, &file);
    ada.sync_cleanly();
    let is_first = AtomicBool::new(true);
    clinic.faults().script(move |_, request| {
        match is_blob(request) && !is_first.swap(false, Ordering::SeqCst) {
            true => Fault::DropRequest,
            false => Fault::None,
        }
    });
    clinic.sync().unwrap();
    clinic.faults().heal();
    spoil_blobs(world.server(), flip_a_bit);
    // What came does not belong together: it is thrown away, and the next exchange begins anew.
    assert_eq!(clinic.sync().unwrap().problems.len(), 1);
    world.minutes_pass(2);
    clinic.sync().unwrap();
    ada.sync_cleanly();
    clinic.sync_cleanly();
    assert!(heard_at(&clinic, &ada, entry.id, item).unwrap() == file);
}

#[test]
fn a_server_that_loses_the_same_recording_again_and_again_has_nobody_send_it_for_ever() {
    let world = World::over_http();
    let clinic = world.clinic("Riverbank");
    let ada = clinic.with_patient("Ada");
    let file = recording(5_000);
    let entry = ada.write("Listen.");
    let item = attached(&ada, entry.id, &file);
    ada.sync_cleanly();
    let mut given = 0;
    for _ in 0..12 {
        if spoil_blobs(world.server(), flip_a_bit) > 0 {
            world.minutes_pass(2);
            clinic.sync().unwrap();
        }
        given += ada.sync().unwrap().blobs_sent;
    }
    assert_eq!(given, 3);
    let report = ada.sync().unwrap();
    assert!(report.problems[0].passing, "{report:?}");
    assert!(report.problems[0].message.contains("later"), "{report:?}");
    world.minutes_pass(60);
    ada.sync_cleanly();
    clinic.sync_cleanly();
    assert!(heard_at(&clinic, &ada, entry.id, item).unwrap() == file);
}
