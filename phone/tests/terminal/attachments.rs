//! Recordings and pictures of an entry, from the command line.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use companion_core::ports::NetworkKind;
use companion_core::ports::testing::SeededRng;
use companion_core::testing::media;
use companion_core::{HttpNetwork, Ports};
use serde_json::{Value, json};

use crate::paired::World;
use crate::person::Phone;

/// A recording of 100,000 samples, 8,000 in a second.
fn recording(place: &Path, name: &str) -> PathBuf {
    let path = place.join(name);
    fs::write(&path, media::recording(200_000)).unwrap();
    path
}

#[test]
fn a_recording_is_attached_shown_played_captioned_and_taken_off() {
    let phone = Phone::alone();
    let place = tempfile::tempdir().unwrap();
    let file = recording(place.path(), "walk.wav");
    let path = file.to_str().unwrap();
    let id = &*phone.write(&["A walk."]);
    let said = phone
        .run(&["attach", id, path, "--caption", "By the lake"])
        .done();
    assert_eq!(
        said,
        "  1  recording, 0:13, 201 kB: By the lake\n     only on your devices\n"
    );
    let shown = phone.run(&["show", id]).done();
    assert!(
        shown.contains("1 attachment") && shown.contains("By the lake"),
        "{shown}"
    );
    assert!(phone.run(&["search", "lake"]).done().contains(id));
    let said = phone.run(&["play", id]).done();
    assert!(
        said.contains(&format!("play {id} 1 --to FILE.wav")),
        "{said}"
    );
    let out = place.path().join("out.wav");
    let out_path = out.to_str().unwrap();
    let said = phone.run(&["play", id, "1", "--to", out_path]).done();
    assert!(said.contains("not encrypted"), "{said}");
    assert!(fs::read(&out).unwrap() == fs::read(&file).unwrap());
    let refused = phone.run(&["play", id, "--to", out_path]).refused(1);
    assert!(refused.contains("--force"), "{refused}");
    phone.run(&["play", id, "--to", out_path, "--force"]).done();
    let refused = phone.run(&["play", id, "2"]).refused(1);
    assert!(refused.contains("number 1"), "{refused}");

    let said = phone
        .run(&["attach", id, "--number", "1", "--caption", "By the river"])
        .done();
    assert!(said.contains("By the river"), "{said}");
    let value = phone.run(&["attach", id, "--json"]).done();
    let value: Value = serde_json::from_str(&value).unwrap();
    let one = &value["attachments"][0];
    assert_eq!(one["media_type"], "audio/wav");
    assert_eq!(
        (&one["milliseconds"], &one["is_here"]),
        (&12_500.into(), &true.into())
    );
    assert_eq!(one["waveform"].as_array().unwrap().len(), 64);
    assert!(one.get("key").is_none(), "a key is for nobody to read");

    let off = ["attach", id, "--remove", "1"];
    let said = phone.answer(&off, "no\n");
    assert_eq!(said.errors, "Take it off? Type yes.\n");
    assert!(
        said.output.starts_with("  1  recording")
            && said.output.ends_with("\nNothing was taken off.\n"),
        "{}",
        said.output
    );
    let refused = phone.run(&[&off[..], &["--json"]].concat()).refused(2);
    assert!(refused.contains("say --yes as well"), "{refused}");
    assert!(phone.run(&["show", id]).done().contains("1 attachment"));
    let said = phone.type_in(&off, "yes\n").done();
    assert!(said.contains("Nothing is attached"), "{said}");
    let refused = phone.run(&["play", id]).refused(1);
    assert!(refused.contains("Nothing is attached"), "{refused}");
}

#[test]
fn what_is_not_fetched_over_a_metered_network_is_said_with_how_many_how_large_and_why() {
    let world = World::new();
    let phone = world.paired_phone();
    let place = tempfile::tempdir().unwrap();
    let (small, large) = (
        place.path().join("small.wav"),
        place.path().join("large.wav"),
    );
    fs::write(&small, media::recording(40_000)).unwrap();
    fs::write(&large, media::recording(1_500_000)).unwrap();
    let id = &*phone.write(&["A walk."]);
    for file in [&small, &large] {
        phone.run(&["attach", id, file.to_str().unwrap()]).done();
    }
    phone.run(&["sync"]).done();
    let network = Arc::new(HttpNetwork::new(Arc::new(SeededRng::new(21))).unwrap());
    network.set_kind(NetworkKind::Metered);
    let ports = Ports {
        rng: Arc::new(SeededRng::new(20)),
        network: Arc::clone(&network) as _,
        ..world.ports.clone()
    };
    let tablet = Phone::with(world.clock.clone(), ports);
    tablet.write(&["On the tablet."]);
    tablet.run(&["attachments-on-metered", "no"]).done();
    World::come_in(&tablet, &phone, "Ada's tablet");
    tablet.run(&["sync"]).done();
    let status = tablet.run(&["status"]).done();
    let waits = "1 recording or picture (2 MB) of another phone of yours is not here yet and waits for a network that is \
                 not metered, as you chose. `attachments-on-metered yes` fetches it over this one.";
    assert!(status.contains(waits), "{status}");
    let held = || {
        let said = tablet.run(&["status", "--json"]).done();
        let said: Value = serde_json::from_str(&said).unwrap();
        said["files_to_come_held_for_network"].clone()
    };
    assert_eq!(held(), json!({"files": 1, "bytes": 1_500_044}));
    let other = phone.run(&["status"]).done();
    assert!(!other.contains("is not here yet"), "{other}");
    network.set_kind(NetworkKind::Unmetered);
    let status = tablet.run(&["status"]).done();
    assert!(!status.contains("is not here yet"), "{status}");
    network.set_kind(NetworkKind::Metered);
    tablet.run(&["attachments-on-metered", "yes"]).done();
    tablet.run(&["sync"]).done();
    assert_eq!(held(), json!({"files": 0, "bytes": 0}));
}

#[test]
fn what_can_not_be_attached_says_why_and_the_entry_keeps_its_words() {
    let phone = Phone::alone();
    let place = tempfile::tempdir().unwrap();
    let id = &*phone.write(&["A walk."]);
    let lie = recording(place.path(), "walk.jpg");
    let refused = phone.run(&["attach", id, lie.to_str().unwrap()]).refused(1);
    assert!(
        refused.contains("By its name this is a JPEG picture"),
        "{refused}"
    );
    let text = place.path().join("notes.txt");
    fs::write(&text, "Just some words of mine.").unwrap();
    let refused = phone
        .run(&["attach", id, text.to_str().unwrap()])
        .refused(1);
    assert!(refused.contains("this is none of them"), "{refused}");
    let huge = place.path().join("night.wav");
    fs::File::create(&huge).unwrap().set_len(3 << 30).unwrap();
    let refused = phone
        .run(&["attach", id, huge.to_str().unwrap()])
        .refused(1);
    assert!(refused.contains("larger than 60 MB"), "{refused}");
    let refused = phone
        .run(&["attach", id, place.path().to_str().unwrap()])
        .refused(1);
    assert!(refused.contains("is not a file"), "{refused}");
    // A name that is a word like others stays as it was typed, too.
    let refused = phone.run(&["attach", id, "nothere"]).refused(1);
    assert!(
        refused.starts_with("The file nothere can't be read: "),
        "{refused}"
    );
    let shown = phone.run(&["show", id]).done();
    assert!(
        shown.contains("A walk.") && !shown.contains("attachment"),
        "{shown}"
    );
}

#[test]
fn an_export_has_the_recordings_beside_the_words() {
    let phone = Phone::alone();
    let place = tempfile::tempdir().unwrap();
    let id = &*phone.write(&["A walk."]);
    let file = recording(place.path(), "walk.wav");
    let path = file.to_str().unwrap();
    phone
        .run(&["attach", id, path, "--caption", "By [the] lake"])
        .done();
    let folder = place.path().join("record");
    phone.run(&["export", folder.to_str().unwrap()]).done();
    let name = "2026-11-23-recording-1.wav";
    assert!(fs::read(folder.join(name)).unwrap() == fs::read(&file).unwrap());
    let journal = fs::read_to_string(folder.join("journal.md")).unwrap();
    assert!(
        journal.contains(&format!("[By (the) lake]({name})")),
        "{journal}"
    );
    let record = fs::read_to_string(folder.join("record.json")).unwrap();
    let record: Value = serde_json::from_str(&record).unwrap();
    let document = &record["documents"][0];
    let files: Vec<_> = document["files"].as_object().unwrap().values().collect();
    assert_eq!(files, [name]);
    let attached = document["fields"]["attachments"].to_string();
    assert!(attached.contains("By [the] lake"), "{attached}");
    assert!(
        !attached.contains("\"key\"") && !attached.contains("\"blob\""),
        "{attached}"
    );
}

#[test]
fn an_export_says_of_a_lost_recording_that_it_is_lost_and_not_that_it_is_late() {
    let phone = Phone::alone();
    let place = tempfile::tempdir().unwrap();
    let id = &*phone.write(&["A walk."]);
    let file = recording(place.path(), "walk.wav");
    phone.run(&["attach", id, file.to_str().unwrap()]).done();
    for file in fs::read_dir(phone.path().join("phone/phone.db.blobs")).unwrap() {
        let path = file.unwrap().path();
        let mut sealed = fs::read(&path).unwrap();
        sealed.fill(0x5a);
        fs::write(path, sealed).unwrap();
    }
    // Nothing has read it yet: the export itself finds that it is damaged.
    let folder = place.path().join("record");
    let said = phone.run(&["export", folder.to_str().unwrap()]).done();
    assert!(
        said.contains("1 attachment is lost: it was on one phone alone") && !said.contains("Sync"),
        "{said}"
    );
    let journal = fs::read_to_string(folder.join("journal.md")).unwrap();
    assert!(journal.contains("recording that is lost"), "{journal}");
    let folder = place.path().join("again");
    let said = phone
        .run(&["export", folder.to_str().unwrap(), "--json"])
        .done();
    let value: Value = serde_json::from_str(&said).unwrap();
    assert_eq!(
        (&value["attachments_not_here"], &value["attachments_lost"]),
        (&json!(0), &json!(1))
    );
}

#[test]
fn the_words_and_the_recording_each_say_how_far_they_got() {
    let world = World::new();
    let phone = world.paired_phone();
    let place = tempfile::tempdir().unwrap();
    let file = recording(place.path(), "walk.wav");
    let id = &*phone.write(&["--share", "care-team", "A walk."]);
    let said = phone.run(&["attach", id, file.to_str().unwrap()]).done();
    assert!(said.contains("on this phone, not sent yet"), "{said}");
    let said = phone.run(&["sync"]).done();
    assert!(said.contains("Sent 1 recording or picture."), "{said}");
    let said = phone.run(&["attach", id]).done();
    assert!(
        said.contains("sent, not yet received by the clinic"),
        "{said}"
    );
    world.clinic.sync().unwrap();
    phone.run(&["sync"]).done();
    let said = phone.run(&["attach", id]).done();
    assert!(said.contains("delivered to Harbor Clinic at"), "{said}");
    let shown = phone.run(&["show", id]).done();
    assert_eq!(
        shown.matches("delivered to Harbor Clinic").count(),
        2,
        "{shown}"
    );
}

#[test]
fn status_counts_recordings_that_wait_and_those_that_are_lost() {
    let world = World::new();
    let phone = world.paired_phone();
    phone.run(&["sync"]).done();
    let as_json = || -> Value {
        let said = phone.run(&["status", "--json"]).done();
        serde_json::from_str(&said).unwrap()
    };
    let none = json!({"files": 0, "bytes": 0});
    assert_eq!(as_json()["files_waiting"], none);
    let place = tempfile::tempdir().unwrap();
    let file = recording(place.path(), "walk.wav");
    let id = &*phone.write(&["--share", "care-team", "A walk."]);
    phone.run(&["attach", id, file.to_str().unwrap()]).done();
    let said = phone.run(&["status"]).done();
    assert!(
        said.contains("2 changes wait on this phone to be sent.\n1 recording or picture (")
            && said.contains("kB) waits on this phone to be sent.\n"),
        "{said}"
    );
    let value = as_json();
    assert_eq!(value["files_waiting"]["files"], 1);
    assert!(value["files_waiting"]["bytes"].as_u64().unwrap() > 200_000);
    assert_eq!(
        (&value["changes_waiting"], &value["pairing"]),
        (&json!(2), &json!("paired"))
    );
    phone.run(&["sync"]).done();
    let said = phone.run(&["status"]).done();
    assert!(said.contains("Nothing waits to be sent."), "{said}");
    assert_eq!(as_json()["files_waiting"], none);

    let alone = &*phone.write(&["Another walk."]);
    phone.run(&["attach", alone, file.to_str().unwrap()]).done();
    for file in fs::read_dir(phone.path().join("phone/phone.db.blobs")).unwrap() {
        let path = file.unwrap().path();
        let mut sealed = fs::read(&path).unwrap();
        sealed.fill(0x5a);
        fs::write(path, sealed).unwrap();
    }
    assert_eq!(phone.run(&["check"]).code, ExitCode::FAILURE);
    let said = phone.run(&["status"]).done();
    // The one that the server has comes back from there.
    assert!(
        said.contains("1 recording or picture (") && said.contains("kB) is lost: it was on"),
        "{said}"
    );
    assert!(!said.contains("picture (201 kB) waits"), "{said}");
    assert_eq!(as_json()["files_lost"]["files"], 1);
    phone
        .run(&["attach", alone, "--remove", "1", "--yes"])
        .done();
    assert_eq!(as_json()["files_lost"], none);
}

#[test]
fn an_entry_of_ones_voice_is_written_in_one_command() {
    let phone = Phone::alone();
    let place = tempfile::tempdir().unwrap();
    let file = recording(place.path(), "walk.wav");
    let path = file.to_str().unwrap();
    // Whoever speaks is asked for no words.
    let said = phone
        .run(&["write", "--attach", path, "--caption", "By the lake"])
        .done();
    let id = &said[..8];
    assert!(said.contains("saved; only on your devices."), "{said}");
    let shown = phone.run(&["show", id]).done();
    assert!(
        shown.contains("1  recording, 0:13, 201 kB: By the lake"),
        "{shown}"
    );
    assert!(phone.run(&["list"]).done().contains("Recording"));
    let said = phone
        .run(&[
            "write",
            "--share",
            "care-team",
            "--attach",
            path,
            "And",
            "words.",
        ])
        .done();
    assert!(said.contains("kept as private"), "{said}");
    let id = &said.lines().nth(1).unwrap()[..8];
    let shown = phone.run(&["show", id]).done();
    assert!(
        shown.contains("And words.") && shown.contains("recording, 0:13"),
        "{shown}"
    );
    // Where the file is refused, there is no entry.
    let lie = recording(place.path(), "walk.jpg");
    for path in [lie.to_str().unwrap(), "nowhere.wav"] {
        phone.run(&["write", "--attach", path]).refused(1);
    }
    phone.run(&["write", "--caption", "Of what?"]).refused(2);
    let value = phone.run(&["status", "--json"]).done();
    let value: Value = serde_json::from_str(&value).unwrap();
    assert_eq!(
        (&value["changes_waiting"], &value["files_waiting"]["files"]),
        (&json!(2), &json!(2))
    );
}
