//! Folders that can't be written, and folders in which there is no phone.

use std::fs::{self, Permissions};
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, chown};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use crate::person::Phone;

/// Anybody but the machine's administrator, whom no permission stops.
const NOBODY: u32 = 65_534;

/// The program itself, run by somebody whom permissions bind.
struct Bound {
    place: tempfile::TempDir,
    program: PathBuf,
    is_administrator: bool,
}

impl Bound {
    fn new() -> Self {
        let place = tempfile::tempdir().unwrap();
        fs::set_permissions(place.path(), Permissions::from_mode(0o755)).unwrap();
        let program = place.path().join("phone");
        // Where the build lies others may have no way in. Copied by another process: a test beside this one that
        // starts a program at that instant would else hold the copy open for writing, and it could not be run.
        let copied = Command::new("cp")
            .args([Path::new(env!("CARGO_BIN_EXE_phone")), &program])
            .status();
        assert!(copied.unwrap().success(), "the program can't be copied");
        fs::set_permissions(&program, Permissions::from_mode(0o755)).unwrap();
        let is_administrator = fs::metadata("/proc/self").is_ok_and(|me| me.uid() == 0);
        Self {
            place,
            program,
            is_administrator,
        }
    }

    fn data(&self) -> PathBuf {
        self.place.path().join("data")
    }

    fn give(&self, path: &Path) {
        if self.is_administrator {
            chown(path, Some(NOBODY), Some(NOBODY)).unwrap();
        }
    }

    fn run(&self, words: &[&str]) -> Output {
        let mut command = Command::new(&self.program);
        command.arg("--data").arg(self.data()).args(words);
        if self.is_administrator {
            command.uid(NOBODY).gid(NOBODY);
        }
        command.output().unwrap()
    }

    fn done(&self, words: &[&str]) -> String {
        let answer = self.run(words);
        let errors = String::from_utf8_lossy(&answer.stderr).into_owned();
        assert!(answer.status.success(), "{words:?}: {errors}");
        String::from_utf8(answer.stdout).unwrap()
    }
}

#[test]
fn a_folder_that_cannot_be_written_is_read_and_saving_says_why_not() {
    let phone = Bound::new();
    let data = phone.data();
    fs::create_dir(&data).unwrap();
    phone.give(&data);
    phone.done(&["write", "--title", "Safety", "Call Ruth, then the clinic."]);
    fs::set_permissions(&data, Permissions::from_mode(0o555)).unwrap();
    for words in [&["list"][..], &["search", "ruth"]] {
        assert!(phone.done(words).contains("Safety"), "{words:?}");
    }
    let list = phone.done(&["list"]);
    let id = &list[..8];
    let shown = phone.done(&["show", id]);
    assert!(shown.contains("Call Ruth, then the clinic."), "{shown}");
    phone.done(&["status"]);
    for words in [
        &["write", "More."][..],
        &["edit", id, "Less."],
        &["delete", id, "--yes"],
    ] {
        let answer = phone.run(words);
        let said = String::from_utf8(answer.stderr).unwrap();
        assert_eq!(answer.status.code(), Some(1), "{words:?}: {said}");
        assert!(
            said.contains("can't be written, so nothing can be saved")
                && said.contains("can be read"),
            "{words:?}: {said}"
        );
        assert!(
            !String::from_utf8(answer.stdout).unwrap().contains("saved"),
            "{words:?}"
        );
    }
    assert_eq!(phone.done(&["list"]), list);
    fs::set_permissions(&data, Permissions::from_mode(0o755)).unwrap();
    phone.done(&["write", "More."]);
    assert!(phone.done(&["list"]).contains("More."));
}

#[test]
fn what_can_still_be_read_without_unlocking_is_said_where_it_cannot_be_removed() {
    let phone = Bound::new();
    let data = phone.data();
    fs::create_dir(&data).unwrap();
    phone.give(&data);
    phone.done(&["write", "Hello."]);
    phone.done(&["safety", "add", "4", "Jo"]);
    phone.done(&["safety", "unlocked", "on"]);
    let help = data.join("phone.db.help");
    let kept = fs::read(&help).unwrap();
    phone.done(&["safety", "unlocked", "off"]);
    // Somebody put it back, where nobody can remove it.
    fs::write(&help, kept).unwrap();
    phone.give(&help);
    fs::set_permissions(&data, Permissions::from_mode(0o555)).unwrap();
    let said = phone.done(&["safety", "unlocked"]);
    assert!(
        said.starts_with("Off, and 1 line of your safety plan can still be read"),
        "{said}"
    );
    let told = phone.done(&["safety", "unlocked", "--json"]);
    let told: serde_json::Value = serde_json::from_str(&told).unwrap();
    assert_eq!(told["readable"]["people"], 1);
    fs::set_permissions(&data, Permissions::from_mode(0o755)).unwrap();
    phone.done(&["list"]);
    assert!(!help.exists());
}

#[test]
fn a_folder_that_cannot_be_written_and_was_not_closed_says_how_to_read_it() {
    let phone = Bound::new();
    let data = phone.data();
    fs::create_dir(&data).unwrap();
    phone.give(&data);
    phone.done(&["write", "Call Ruth, then the clinic."]);
    // As a copy made while the phone was in use, or of one that was killed.
    let log = data.join("phone.db-wal");
    fs::write(&log, [0x37; 64]).unwrap();
    phone.give(&log);
    fs::set_permissions(&data, Permissions::from_mode(0o555)).unwrap();
    let answer = phone.run(&["list"]);
    assert_eq!(answer.status.code(), Some(1));
    assert_eq!(
        String::from_utf8(answer.stderr).unwrap(),
        "This folder can't be written, and what was last saved in it can't be read without that: copy the \
         whole folder to a place that can be written.\n"
    );
    fs::set_permissions(&data, Permissions::from_mode(0o755)).unwrap();
    assert!(phone.done(&["list"]).contains("Call Ruth"));
}

#[test]
fn a_command_that_only_looks_makes_no_phone_in_a_folder_that_has_none() {
    let phone = Phone::alone();
    let words: [&[&str]; 8] = [
        &["status"],
        &["list"],
        &["search", "lake"],
        &["sync"],
        &["devices"],
        &["show", "00"],
        &["recovery-code"],
        &["warnings"],
    ];
    for words in words {
        let said = phone.run(words).refused(1);
        assert!(
            said.starts_with("There is no phone in "),
            "{words:?}: {said}"
        );
        assert!(
            !phone.path().join("phone").exists(),
            "{words:?} made a folder"
        );
    }
    phone.write(&["Hello."]);
    phone.run(&["status"]).done();
}

#[test]
fn a_reader_who_goes_away_ends_the_phone_quietly() {
    let phone = Bound::new();
    fs::create_dir(phone.data()).unwrap();
    phone.give(&phone.data());
    for n in 0..40 {
        phone.done(&["write", &format!("{n} {}", "long ".repeat(400))]);
    }
    let program = phone.program.display();
    let data = phone.data();
    let mut shell = Command::new("sh");
    shell.arg("-c").arg(format!(
        "{{ {program} --data {} list --limit 500; echo \"ended with $?\" >&2; }} | head -n 1",
        data.display()
    ));
    if phone.is_administrator {
        shell.uid(NOBODY).gid(NOBODY);
    }
    let answer = shell.output().unwrap();
    let said = String::from_utf8(answer.stderr).unwrap();
    assert_eq!(said, "ended with 0\n");
}

#[test]
fn a_record_that_was_lost_is_said_and_its_only_recording_is_there_when_it_is_put_back() {
    let phone = Phone::alone();
    let place = tempfile::tempdir().unwrap();
    let sound = place.path().join("walk.wav");
    fs::write(&sound, companion_core::testing::media::recording(200_000)).unwrap();
    let id = &*phone.write(&["A walk."]);
    phone.run(&["attach", id, sound.to_str().unwrap()]).done();
    let record = phone.path().join("phone/phone.db");
    let aside = place.path().join("aside");
    fs::rename(&record, &aside).unwrap();
    let words: [&[&str]; 4] = [&["list"], &["check"], &["rebuild"], &["write", "More."]];
    for empty in [false, true] {
        if empty {
            fs::write(&record, b"").unwrap();
        }
        for words in words {
            let said = phone.run(words).refused(1);
            assert!(
                said.starts_with(
                    "The record, phone.db in this folder, is missing or empty, while its key or its recordings are \
                     there, so nothing was changed: put phone.db back."
                ),
                "{words:?}: {said}"
            );
        }
        let report = phone.run(&["report"]).output;
        assert!(report.contains("can't be opened (missing)"), "{report}");
        assert_eq!(record.exists(), empty);
    }
    fs::rename(&aside, &record).unwrap();
    let out = place.path().join("out.wav");
    let play = ["play", id, "1", "--to", out.to_str().unwrap()];
    phone.run(&play).done();
    assert!(fs::read(&out).unwrap() == fs::read(&sound).unwrap());
}
