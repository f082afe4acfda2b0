#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use clap::CommandFactory as _;

use super::*;

#[test]
fn the_command_line_is_sound() {
    Arguments::command().debug_assert();
}

#[test]
fn a_shell_reads_a_quoted_word_back_as_it_was() {
    assert_eq!(quoted("/srv/clinic-1"), "/srv/clinic-1");
    assert_eq!(quoted("Rowan Street"), "'Rowan Street'");
    assert_eq!(quoted("Rowan's"), r"'Rowan'\''s'");
    assert_eq!(quoted(""), "''");
}

/// What is said of a command that is typed; empty where it did what it was asked.
fn said(words: &[&str]) -> String {
    let arguments = Arguments::try_parse_from([&["clinic-console"], words].concat()).unwrap();
    act(arguments).map_or_else(|error| error.to_string(), |()| String::new())
}

/// Every file and folder below a folder, with what is in it.
fn all_below(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut all = BTreeMap::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            all.extend(all_below(&path));
        }
        let bytes = fs::read(&path).unwrap_or_default();
        all.insert(path, bytes);
    }
    all
}

fn init(folder: &str) {
    let server = "https://sync.example.org";
    let done = said(&[
        "init", "--data", folder, "--server", server, "--name", "Harbor",
    ]);
    assert_eq!(done, "");
}

#[test]
fn a_command_on_a_mistyped_folder_names_it_and_makes_nothing() {
    type Spoil = fn(&Path);
    let place = tempfile::tempdir().unwrap();
    let copy = place.path().join("copy");
    let copy = copy.to_str().unwrap();
    let states: [(&str, Spoil, &str, &str); 7] = [
        (
            "missing",
            |folder| fs::remove_dir_all(folder).unwrap(),
            "",
            "there is no folder",
        ),
        (
            "empty",
            |folder| {
                fs::remove_dir_all(folder).unwrap();
                fs::create_dir(folder).unwrap();
            },
            "",
            "there is no clinic in",
        ),
        (
            "a-file",
            |folder| {
                fs::remove_dir_all(folder).unwrap();
                fs::write(folder, "not a folder").unwrap();
            },
            "",
            "there is no folder",
        ),
        (
            "without-record",
            |folder| fs::remove_file(folder.join("clinic.db")).unwrap(),
            "clinic.db",
            "is missing",
        ),
        (
            "without-accounts",
            |folder| fs::remove_file(folder.join("console.db")).unwrap(),
            "console.db",
            "is missing",
        ),
        (
            "record-emptied",
            |folder| fs::write(folder.join("clinic.db"), "").unwrap(),
            "clinic.db",
            "is missing",
        ),
        (
            "without-key",
            |folder| fs::remove_file(folder.join("store.key")).unwrap(),
            "store.key",
            "cannot use",
        ),
    ];
    for (name, spoil, file, says) in states {
        let folder = place.path().join(name);
        let data = folder.to_str().unwrap();
        init(data);
        spoil(&folder);
        let before = all_below(place.path());
        for command in [
            &["run"][..],
            &["clinician", "add", "--name", "Maya", "--passphrase-stdin"],
            &[
                "clinician",
                "passphrase",
                "--name",
                "Maya",
                "--passphrase-stdin",
            ],
            &["key"],
            &["audit"],
            &["backup", "--to", copy],
            &["server", "https://new.example.org"],
        ] {
            let said = said(&[command, &["--data", data]].concat());
            let named = folder.join(file);
            let named = named.to_str().unwrap().trim_end_matches('/');
            assert!(
                said.contains(says) && said.contains(named),
                "{name}, {command:?}: {said}"
            );
            assert!(all_below(place.path()) == before, "{name}, {command:?}");
        }
    }
}

#[test]
fn only_a_new_folder_becomes_a_clinic() {
    let place = tempfile::tempdir().unwrap();
    let folder = place.path().join("clinic");
    let data = folder.to_str().unwrap();
    init(data);
    let before = all_below(place.path());
    for command in [
        &[
            "init",
            "--server",
            "https://sync.example.org",
            "--name",
            "Harbor",
        ][..],
        &["restore", "--from", data],
    ] {
        let said = said(&[command, &["--data", data]].concat());
        assert!(
            said.contains(&format!("there is a clinic in {data} already")),
            "{said}"
        );
    }
    // A mistyped copy is named, and leaves no folder.
    let typo = place.path().join("copi");
    let (typo, new) = (typo.to_str().unwrap(), place.path().join("new"));
    let said = said(&["restore", "--data", new.to_str().unwrap(), "--from", typo]);
    assert!(
        said.starts_with(&format!("{typo} holds no copy of a clinic’s node")),
        "{said}"
    );
    assert!(all_below(place.path()) == before);
}

#[test]
fn a_folder_is_named_by_its_whole_path() {
    let said = said(&["key", "--data", "no-such-folder-of-a-clinic"]);
    let whole = std::path::absolute("no-such-folder-of-a-clinic").unwrap();
    assert!(said.contains(whole.to_str().unwrap()), "{said}");
}

#[test]
fn a_folder_belongs_to_one_process_at_a_time() {
    let place = tempfile::tempdir().unwrap();
    let data = place.path().join("clinic");
    init(data.to_str().unwrap());
    let folder = Folder::new(data.clone(), None);
    let held = folder.hold().unwrap();
    let said = said(&[
        "server",
        "https://new.example.org",
        "--data",
        data.to_str().unwrap(),
    ]);
    assert!(
        said.contains("is in use by another `clinic-console`"),
        "{said}"
    );
    drop(held);
    folder.hold().unwrap();
}
