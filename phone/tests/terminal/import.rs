//! A record that was exported, brought back into a new phone: said first, asked, whole or not at all.

use std::fs;
use std::path::Path;

use companion_core::testing::media;
use serde_json::Value;

use crate::paired::World;
use crate::person::Phone;

/// An export of a phone with an entry and a recording, in a folder.
fn exported(world: &World, place: &Path) -> String {
    let phone = world.paired_phone();
    let id = phone.write(&[
        "--share",
        "care-team",
        "--title",
        "The lake",
        "It was calm.",
    ]);
    let recording = place.join("lake.wav");
    fs::write(&recording, media::recording(100_000)).unwrap();
    phone
        .run(&["attach", &id, recording.to_str().unwrap()])
        .done();
    phone.run(&["sync"]).done();
    let folder = place.join("record").to_str().unwrap().to_owned();
    phone.run(&["export", &folder]).done();
    folder
}

fn json(phone: &Phone, words: &[&str]) -> Value {
    serde_json::from_str(&phone.run(words).done()).unwrap()
}

#[test]
fn a_record_is_imported_after_it_was_said_and_asked() {
    let world = World::new();
    let place = tempfile::tempdir().unwrap();
    let folder = exported(&world, place.path());
    let new = world.phone(40);
    for (answer, is_asked) in [("no\n", false), ("\n", true), ("", false)] {
        let said = match is_asked {
            true => new.answer(&["import", &folder], answer),
            false => new.type_in(&["import", &folder], answer),
        };
        assert_eq!(
            said.errors.contains("Type yes"),
            is_asked,
            "{}",
            said.errors
        );
        let said = said.output;
        assert!(said.contains("shared with Harbor Clinic"), "{said}");
        assert!(said.contains("  entry: 1\n"), "{said}");
        assert!(said.ends_with("Nothing was imported.\n"), "{said}");
        assert!(!new.run(&["list"]).done().contains("The lake"));
    }
    let said = new.answer(&["import", &folder], "yes\n").output;
    assert!(said.contains("nothing was sent to any clinic"), "{said}");
    let listed = new.run(&["list"]).done();
    assert!(
        listed.contains("The lake") && listed.contains("only on your devices"),
        "{listed}"
    );
    let id = &listed[..8];
    let out = place.path().join("out.wav");
    new.run(&["play", id, "1", "--to", out.to_str().unwrap()])
        .done();
    let (was, is) = (place.path().join("record"), fs::read(&out).unwrap());
    let recordings = fs::read_dir(was).unwrap().flatten().map(|file| file.path());
    let mut recordings = recordings.filter(|path| path.extension().is_some_and(|it| it == "wav"));
    assert_eq!(fs::read(recordings.next().unwrap()).unwrap(), is);
    let again = new.run(&["import", &folder, "--yes"]).done();
    assert!(
        again.contains("here already") && again.contains("nothing in it to import"),
        "{again}"
    );
    let former = new.run(&["former"]).done();
    assert!(
        former.contains("Clinic profile") && former.contains("Harbor Clinic"),
        "{former}"
    );
}

#[test]
fn a_script_says_yes_beforehand_and_reads_what_was_done() {
    let world = World::new();
    let place = tempfile::tempdir().unwrap();
    let folder = exported(&world, place.path());
    let new = world.phone(40);
    let refused = new.run(&["import", &folder, "--json"]).refused(2);
    assert!(refused.contains("--yes"), "{refused}");
    let value = json(&new, &["import", &folder, "--json", "--yes"]);
    assert_eq!(value["own"]["entry"], 1);
    assert_eq!(
        (&value["attachments"], &value["sent"]),
        (&1.into(), &false.into())
    );
    assert_eq!(value["clinic"], "Harbor Clinic");
    let former = json(&new, &["former", "--json"]);
    let documents = former["documents"].as_array().unwrap();
    assert!(
        documents
            .iter()
            .any(|one| one["kind"] == "clinic_profile" && one["clinic"] == "Harbor Clinic")
    );
    let value = json(&new, &["import", &folder, "--json", "--yes"]);
    assert_eq!(value["own"], serde_json::json!({}));
}

#[test]
fn what_is_no_export_or_not_whole_or_somebody_elses_is_refused_in_plain_words() {
    let world = World::new();
    let place = tempfile::tempdir().unwrap();
    let folder = exported(&world, place.path());
    let new = world.phone(40);
    let refused = |folder: &str| new.run(&["import", folder, "--yes"]).refused(1);
    let nowhere = place.path().join("nowhere").to_str().unwrap().to_owned();
    assert!(refused(&nowhere).contains("holds no finished export"));
    let file = place.path().join("lake.wav").to_str().unwrap().to_owned();
    assert!(refused(&file).contains("holds no finished export"));
    let journal = Path::new(&folder).join("journal.md");
    let text = fs::read(&journal).unwrap();
    fs::remove_file(&journal).unwrap();
    assert!(refused(&folder).contains("journal.md is missing"));
    std::os::unix::fs::symlink("/etc/passwd", &journal).unwrap();
    assert!(refused(&folder).contains("is a link or a folder"));
    fs::remove_file(&journal).unwrap();
    fs::write(&journal, text).unwrap();
    let other = world.phone(41);
    other.write(&["--title", "Mine", "Of somebody else."]);
    let said = other.run(&["import", &folder, "--yes"]).refused(1);
    assert!(said.contains("another record"), "{said}");
    assert!(!other.run(&["list"]).done().contains("The lake"));
    assert!(!new.run(&["list"]).done().contains("The lake"));
}

#[test]
fn nothing_that_comes_from_elsewhere_moves_a_terminal() {
    let world = World::new();
    let place = tempfile::tempdir().unwrap();
    let folder = exported(&world, place.path());
    let clears = "\u{1b}[2JThe lake\u{9b}2J";
    let is_plain = |said: &str| !said.chars().any(|c| c.is_control() && c != '\n');
    // A clinic's own words in a record, which an import keeps as they are.
    let mut record: Value =
        serde_json::from_slice(&fs::read(Path::new(&folder).join("record.json")).unwrap()).unwrap();
    for one in record["documents"].as_array_mut().unwrap() {
        if one["kind"] == "clinic_profile" {
            one["kind"] = clears
                .trim_start_matches('\u{1b}')
                .replace('\u{9b}', "")
                .into();
            one["fields"] = serde_json::json!({ clears: clears });
        }
    }
    write_anew(Path::new(&folder), &record.to_string());
    let new = world.phone(40);
    new.run(&["import", &folder, "--yes"]).done();
    let former = new.run(&["former"]).done();
    assert!(
        former.contains("The lake") && is_plain(&former),
        "{former:?}"
    );
    let said = new.run(&["former", "--json"]).done();
    assert!(is_plain(&said), "{said:?}");
    // What somebody pasted, and a name of a file.
    let said = new.run(&["show", clears]).refused(1);
    assert!(said.contains("the lake") && is_plain(&said), "{said:?}");
    let said = new
        .run(&["write", "--attach", clears, "It hummed."])
        .refused(1);
    assert!(said.contains("The lake") && is_plain(&said), "{said:?}");
    // What a clinic is called in an import.
    record["clinic"] = clears.into();
    write_anew(Path::new(&folder), &record.to_string());
    let said = world
        .phone(41)
        .run(&["import", &folder, "--yes"])
        .refused(1);
    assert!(
        said.contains("the clinic's name holds a character"),
        "{said:?}"
    );
    assert!(is_plain(&said), "{said:?}");
}

/// Puts another record into a folder, and into its list.
fn write_anew(folder: &Path, record: &str) {
    use sha2::Digest as _;
    fs::write(folder.join("record.json"), record).unwrap();
    let list = folder.join("manifest.json");
    let mut manifest: Value = serde_json::from_slice(&fs::read(&list).unwrap()).unwrap();
    for file in manifest["files"].as_array_mut().unwrap() {
        if file["name"] == "record.json" {
            file["bytes"] = record.len().into();
            let digest = sha2::Sha256::digest(record.as_bytes());
            let digits = digest.iter().map(|byte| format!("{byte:02x}"));
            file["sha256"] = digits.collect::<String>().into();
        }
    }
    fs::write(list, manifest.to_string()).unwrap();
}
