//! The program as an operator uses it.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    missing_docs
)]

mod mistakes;
#[path = "../over_http/support/program.rs"]
mod program;
mod restoring;

use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::Path;

use companion_protocol::id::{GrantSerial, MemberId, SpaceId, StatementHash};
use program::{Server, run};
use sync_server::storage::sqlite::SqliteStorage;
use sync_server::storage::{Clinic, Day, Ending, Extension, Founding, NewStatement, Room, Storage};

const KEY: &str = "d04ab232742bb4ab3a1368bd4615e4e6d0224ab71a016baf8520a332c9778737";

/// Makes a database as an operator does: by a first start.
fn made(data: &Path) {
    Server::start(data, &[]).stop();
}

#[test]
fn a_clinic_is_added_changed_and_listed() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    made(&data);
    run(
        &data,
        &[
            "clinic", "add", KEY, "--label", "First", "--spaces", "5", "--bytes", "1000",
        ],
    )
    .unwrap();
    let listed = run(&data, &["clinic", "list"]).unwrap();
    assert!(
        listed.contains("spaces 0/5  bytes 0/1000  First"),
        "{listed}"
    );
    run(
        &data,
        &["clinic", "add", KEY, "--label", "Second", "--spaces", "7"],
    )
    .unwrap();
    let listed = run(&data, &["clinic", "list"]).unwrap();
    assert!(
        listed.contains("spaces 0/7") && listed.contains("Second"),
        "{listed}"
    );
    assert_eq!(listed.lines().count(), 1);
}

#[test]
fn a_backup_is_restored_and_checked() {
    let folder = tempfile::tempdir().unwrap();
    let (data, copy) = (folder.path().join("data"), folder.path().join("copy.db"));
    let copy = copy.to_str().unwrap();
    made(&data);
    run(&data, &["clinic", "add", KEY]).unwrap();
    run(&data, &["backup", "--to", copy]).unwrap();
    assert!(
        run(&data, &["backup", "--to", copy])
            .unwrap_err()
            .contains("exists already")
    );
    let elsewhere = folder.path().join("elsewhere");
    let said = run(&elsewhere, &["restore", "--from", copy]).unwrap();
    assert!(said.contains("new life"), "{said}");
    assert!(
        run(&elsewhere, &["check"])
            .unwrap()
            .contains("checked 0 spaces")
    );
    assert!(run(&elsewhere, &["clinic", "list"]).unwrap().contains(KEY));
    let again = run(&elsewhere, &["restore", "--from", copy]).unwrap();
    assert!(again.contains("kept as"), "{again}");
}

#[test]
fn what_waits_to_be_forgotten_is_listed() {
    let folder = tempfile::tempdir().unwrap();
    made(folder.path());
    let said = run(folder.path(), &["ended"]).unwrap();
    assert_eq!(said.trim(), "no space waits to be forgotten");
    let storage = SqliteStorage::open(&folder.path().join("sync.db")).unwrap();
    let (clinic, space) = (MemberId::new([1; 32]), SpaceId::new([7; 32]));
    storage
        .register_clinic(Clinic {
            key: clinic,
            label: String::new(),
            max_spaces: 1,
            max_bytes: 1000,
        })
        .unwrap();
    let statement = |number| NewStatement {
        bytes: vec![number],
        hash: StatementHash::new([number; 32]),
    };
    storage
        .create_space(Founding {
            space,
            founder: clinic,
            statement: vec![1],
            hash: StatementHash::new([1; 32]),
            issuer: clinic,
            serial: GrantSerial::new([1; 16]),
            max_bytes: 0,
            vouched: true,
        })
        .unwrap();
    storage
        .extend_chain(Extension {
            space,
            previous: StatementHash::new([1; 32]),
            statements: vec![statement(2)],
            comes: Vec::new(),
            goes: Vec::new(),
            last: Vec::new(),
            room: Room::NotNeeded,
            ends: Some(Ending::today(Day(20_789), 30)),
        })
        .unwrap();
    drop(storage);
    let said = run(folder.path(), &["ended"]).unwrap();
    let line = format!("{space}  ended 2026-12-02  forgotten from 2027-01-02\n");
    assert_eq!(said, format!("{line}1 space(s) wait to be forgotten\n"));
    let elsewhere = run(&folder.path().join("nowhere"), &["ended"]).unwrap_err();
    assert!(elsewhere.contains("there is no database"), "{elsewhere}");
}

#[test]
fn a_server_off_loopback_wants_a_name_and_tls() {
    let folder = tempfile::tempdir().unwrap();
    let serve = |more: &[&str]| {
        let arguments = [&["serve", "--listen", "0.0.0.0:0"][..], more].concat();
        run(folder.path(), &arguments).unwrap_err()
    };
    assert!(serve(&[]).contains("certificate"));
    assert!(serve(&["--authority", "sync.example"]).contains("certificate"));
    assert!(serve(&["--behind-proxy"]).contains("--authority"));
    assert!(
        serve(&["--behind-proxy", "--tls-cert", "a", "--tls-key", "b"]).contains("cannot be used")
    );
}

#[test]
fn a_served_folder_can_be_backed_up_but_not_restored_and_logs_hold_no_request() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let server = Server::start(&data, &["--metrics", "127.0.0.1:0"]);

    run(&data, &["clinic", "add", KEY]).unwrap();
    let copy = folder.path().join("copy.db");
    run(&data, &["backup", "--to", copy.to_str().unwrap()]).unwrap();
    let refused = run(&data, &["restore", "--from", copy.to_str().unwrap()]).unwrap_err();
    assert!(refused.contains("in use"), "{refused}");

    let mut stream = TcpStream::connect(&server.address).unwrap();
    let ask = "CANARY /v1/spaces/canary/chain?from=canary HTTP/1.1\r\nhost: canary\r\n\
               user-agent: canary\r\nconnection: close\r\ncontent-length: 6\r\n\r\ncanary";
    stream.write_all(ask.as_bytes()).unwrap();
    let mut answer = String::new();
    let _ = stream.read_to_string(&mut answer);
    assert!(answer.starts_with("HTTP/1.1 405"), "{answer}");

    let logs = server.stop();
    assert!(
        logs.contains(r#""route":"/v1/spaces/{space}/chain""#),
        "{logs}"
    );
    assert!(!logs.to_lowercase().contains("canary"), "{logs}");
    for line in logs.lines() {
        let _: serde_json::Value = serde_json::from_str(line).unwrap();
    }
}

#[test]
fn what_is_not_given_of_a_registered_clinic_stays() {
    let folder = tempfile::tempdir().unwrap();
    made(folder.path());
    let list = || run(folder.path(), &["clinic", "list"]).unwrap();
    let add = |more: &[&str]| {
        let arguments = [&["clinic", "add", KEY][..], more].concat();
        run(folder.path(), &arguments).unwrap();
    };
    add(&["--label", "Harbor Street"]);
    assert!(list().contains("spaces 0/1000  bytes 0/10737418240  Harbor Street"));
    add(&["--spaces", "7"]);
    add(&["--bytes", "9000"]);
    add(&["--label", "Harbor"]);
    let listed = list();
    assert!(
        listed.contains("spaces 0/7  bytes 0/9000  Harbor"),
        "{listed}"
    );
}
