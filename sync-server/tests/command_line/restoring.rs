//! Putting a backup back: what is wrong with it is said of it, and the good database stays.

use std::path::{Path, PathBuf};
use std::process::Stdio;

use crate::program::{program, run};
use crate::{KEY, made};

const OTHER: &str = "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c";

/// A database with one clinic, a backup of it, and then a second clinic.
fn drill(folder: &Path) -> (PathBuf, PathBuf) {
    let (data, copy) = (folder.join("data"), folder.join("copy.db"));
    made(&data);
    run(&data, &["clinic", "add", KEY]).unwrap();
    run(&data, &["backup", "--to", copy.to_str().unwrap()]).unwrap();
    run(&data, &["clinic", "add", OTHER]).unwrap();
    (data, copy)
}

fn clinics(data: &Path) -> usize {
    run(data, &["check"]).unwrap();
    run(data, &["clinic", "list"]).unwrap().lines().count()
}

#[test]
fn what_is_wrong_with_a_backup_is_said_of_that_file_and_the_database_stays() {
    let folder = tempfile::tempdir().unwrap();
    let (data, copy) = drill(folder.path());
    let good = std::fs::read(&copy).unwrap();
    let mut scribbled = good.clone();
    let middle = good.len() / 2;
    scribbled[middle..].fill(0xa5);
    let mut newer = good.clone();
    // The format's number stands at byte 60 of the header (sqlite.org/fileformat2.html).
    newer[60..64].copy_from_slice(&99_u32.to_be_bytes());
    let mut foreign = good.clone();
    // And whose file it is, at byte 68.
    foreign[68..72].copy_from_slice(&7_u32.to_be_bytes());
    let bad = |name: &str, content: &[u8]| {
        let file = folder.path().join(name);
        std::fs::write(&file, content).unwrap();
        file
    };
    let cases = [
        (folder.path().join("missing"), "No such file"),
        (folder.path().to_owned(), "not a file"),
        (bad("empty", b""), "not a backup"),
        (bad("text", b"hello"), "not a backup"),
        (
            bad("notes", &b"somebody's notes".repeat(10_000)),
            "not a backup",
        ),
        (bad("half", &good[..middle]), "damaged or not whole"),
        (bad("head", &good[..200]), "damaged or not whole"),
        (bad("scribbled", &scribbled), "damaged or not whole"),
        (bad("newer", &newer), "format 99"),
        (bad("foreign", &foreign), "not a backup"),
    ];
    let elsewhere = folder.path().join("elsewhere");
    for (file, says) in cases {
        let from = file.to_str().unwrap();
        for data in [&data, &elsewhere] {
            let refused = run(data, &["restore", "--from", from]).unwrap_err();
            assert!(
                refused.contains(&format!("{from}: ")) && refused.contains(says),
                "{refused}"
            );
            assert!(refused.contains("nothing was changed"), "{refused}");
        }
        assert_eq!(clinics(&data), 2, "{from}");
    }
    assert!(!elsewhere.join("sync.db").exists());
    let said = run(&data, &["restore", "--from", copy.to_str().unwrap()]).unwrap();
    assert!(
        said.contains(data.join("sync.db").to_str().unwrap()),
        "{said}"
    );
    assert_eq!(clinics(&data), 1);
}

/// Names in the data folder that say how far a restore has come.
fn has_come(data: &Path, to: &str) -> bool {
    let names = std::fs::read_dir(data).unwrap();
    names
        .filter_map(Result::ok)
        .any(|entry| entry.file_name().to_string_lossy().starts_with(to))
}

#[test]
fn a_restore_that_is_killed_leaves_the_old_database_or_the_new_one_whole() {
    let folder = tempfile::tempdir().unwrap();
    let (data, copy) = drill(folder.path());
    let mut before = clinics(&data);
    for mark in [
        "sync.db.restoring",
        "sync.db.restoring-wal",
        "sync.db.replaced-",
    ] {
        let mut restore = program()
            .args(["restore", "--from"])
            .arg(&copy)
            .arg("--data")
            .arg(&data)
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        while !has_come(&data, mark) && restore.try_wait().unwrap().is_none() {
            std::hint::spin_loop();
        }
        restore.kill().unwrap();
        restore.wait().unwrap();
        let after = clinics(&data);
        assert!([before, 1].contains(&after), "{mark}: {after}");
        before = after;
    }
    // And what a broken-off restore left is in nobody's way.
    run(&data, &["restore", "--from", copy.to_str().unwrap()]).unwrap();
    assert_eq!(clinics(&data), 1);
    assert!(!has_come(&data, "sync.db.restoring"));
}
