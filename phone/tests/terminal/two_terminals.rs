//! Two terminals over one folder, each with a program of its own.

use std::io::{ErrorKind, Read as _};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};

use crate::paired::World;

fn phone(data: &Path, words: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_phone"));
    command
        .arg("--data")
        .arg(data)
        .args(words)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

fn done(output: &Output) -> String {
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && errors.is_empty(), "{errors}");
    String::from_utf8(output.stdout.clone()).unwrap()
}

/// Ends a program whatever becomes of the test.
struct Ending(Child);

impl Drop for Ending {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn nothing_local_waits_for_a_server_that_never_answers() {
    let mut world = World::new();
    let person = world.paired_phone();
    let data = person.path().join("phone");
    let before = person.write(&["Before."]);
    let address = world.config.listen;
    world.server = None;
    let silent = TcpListener::bind(address).unwrap();
    let hanging = Ending(phone(&data, &["sync"]).spawn().unwrap());
    let (mut connection, _) = silent.accept().unwrap();
    // The request is here; whoever sent it waits for the answer.
    assert!(connection.read(&mut [0; 64]).unwrap() > 0);

    let id = done(&phone(&data, &["write", "Meanwhile."]).output().unwrap());
    let id = id.split_whitespace().next().unwrap().to_owned();
    let commands = [
        &["list"][..],
        &["show", &id],
        &["edit", &id, "Meanwhile, and more."],
        &["check-in", "--valence", "4"],
        &["delete", &before, "--yes"],
        &["status"],
    ];
    for words in commands {
        done(&phone(&data, words).output().unwrap());
    }

    // Had any of them waited, the exchange would have been given up by now, and its connection closed.
    connection.set_nonblocking(true).unwrap();
    let left = loop {
        match connection.read(&mut [0; 4096]) {
            Ok(0) => break None,
            Ok(_) => {}
            Err(error) => break Some(error.kind()),
        }
    };
    assert_eq!(left, Some(ErrorKind::WouldBlock), "the exchange ended");
    drop(hanging);
    let list = done(&phone(&data, &["list"]).output().unwrap());
    assert!(list.contains("Meanwhile, and more."), "{list}");
    assert!(!list.contains(&before), "{list}");
}

#[test]
fn first_commands_at_once_make_one_phone_and_lose_nothing() {
    let place = tempfile::tempdir().unwrap();
    let data = place.path().join("phone");
    let words: Vec<String> = (0..8).map(|number| format!("number{number}")).collect();
    let writing: Vec<Child> = words
        .iter()
        .map(|word| phone(&data, &["write", word]).spawn().unwrap())
        .collect();
    for child in writing {
        done(&child.wait_with_output().unwrap());
    }
    let list = done(&phone(&data, &["list"]).output().unwrap());
    for word in &words {
        assert!(list.contains(word.as_str()), "{word} is missing in {list}");
    }
    let check = done(&phone(&data, &["check"]).output().unwrap());
    assert!(check.contains("All of it fits."), "{check}");
}
