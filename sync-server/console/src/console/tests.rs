#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

mod door;

use companion_core::domain::People;
use companion_core::ports::testing::{ManualClock, SeededRng};
use companion_core::records::Query;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use super::*;
use crate::accounts::Role;
use crate::rehearsal::Rehearsal;
use crate::view::examples;

const PASSPHRASE: &str = "correct horse battery staple";

fn config(listen: &str) -> Config {
    Config {
        listen: listen.parse().unwrap(),
        security: Security::LoopbackHttp,
        names: Vec::new(),
        limits: Limits::default(),
        clock: Arc::new(ManualClock::new(examples::now())),
        rng: Arc::new(SeededRng::new(1)),
    }
}

fn accounts(folder: &std::path::Path) -> Arc<Accounts> {
    let config = config("127.0.0.1:0");
    let accounts = Accounts::open(
        &folder.join("console.db"),
        &[7; 32],
        config.clock,
        config.rng,
    );
    Arc::new(accounts.unwrap())
}

async fn say(stream: &mut TcpStream, request: &str) -> String {
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = vec![0; 4096];
    let length = stream.read(&mut answer).await.unwrap();
    answer.truncate(length);
    String::from_utf8_lossy(&answer).into_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_console_serves_on_a_free_port_and_stops_with_a_stream_open() {
    let folder = tempfile::tempdir().unwrap();
    let accounts = accounts(folder.path());
    accounts
        .add_clinician("Mira", PASSPHRASE, Role::Lead)
        .unwrap();
    let token = accounts
        .sign_in(
            "Mira".to_owned(),
            zeroize::Zeroizing::new(PASSPHRASE.to_owned()),
        )
        .await
        .unwrap();
    let clinic = Arc::clone(&Rehearsal::invited().0.clinic);
    let running = Console::start(config("127.0.0.1:0"), clinic, accounts)
        .await
        .unwrap();
    assert_eq!(
        running.url(),
        format!("http://localhost:{}", running.address().port())
    );
    let mut page = TcpStream::connect(running.address()).await.unwrap();
    let answer = say(
        &mut page,
        "GET /sign-in HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n",
    )
    .await;
    assert!(answer.starts_with("HTTP/1.1 200 OK"), "{answer}");
    let mut stream = TcpStream::connect(running.address()).await.unwrap();
    let cookie = format!("console-on-this-machine={}", token.as_str());
    let request = format!("GET /live HTTP/1.1\r\nhost: localhost\r\ncookie: {cookie}\r\n\r\n");
    let answer = say(&mut stream, &request).await;
    assert!(answer.contains("text/event-stream"), "{answer}");
    // Well under the five seconds after which open connections are cut.
    tokio::time::timeout(Duration::from_secs(4), running.shutdown())
        .await
        .unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn people_who_are_changed_by_a_command_are_told_by_the_console_that_runs() {
    let folder = tempfile::tempdir().unwrap();
    let of_console = accounts(folder.path());
    of_console
        .add_clinician("Mira", PASSPHRASE, Role::Lead)
        .unwrap();
    let stage = Rehearsal::new();
    let (clinic, patient) = (Arc::clone(&stage.clinic), stage.patient);
    let told = || {
        let newest = Query::<People>::all();
        let all = clinic.page(patient, &newest).unwrap().items.into_iter();
        let people = all.flat_map(|view| {
            let people = view.content.people.iter();
            people.map(|(_, one)| one.name.clone()).collect::<Vec<_>>()
        });
        people.collect::<Vec<_>>()
    };
    let running = Console::start(config("127.0.0.1:0"), Arc::clone(&clinic), of_console)
        .await
        .unwrap();
    let mut events = running.live.subscribe();
    // What `clinic-console clinician …` does: another program with the same file.
    let by_command = accounts(folder.path());
    by_command
        .add_clinician("Noor", PASSPHRASE, Role::Coordinator)
        .unwrap();
    by_command.set_role("Noor", Role::Lead, "here").unwrap();
    by_command.end_access("Mira", "here").unwrap();
    running.live.touched(None, None);
    let heard = async {
        while told() != ["Noor"] {
            events.recv().await.unwrap();
        }
    };
    tokio::time::timeout(Duration::from_secs(20), heard)
        .await
        .unwrap();
    running.shutdown().await;
}

#[tokio::test]
async fn plain_http_is_never_served_to_other_machines() {
    let folder = tempfile::tempdir().unwrap();
    for security in [Security::LoopbackHttp, Security::BehindProxy] {
        let config = Config {
            security,
            ..config("0.0.0.0:0")
        };
        let clinic = Arc::clone(&Rehearsal::invited().0.clinic);
        let refused = Console::start(config, clinic, accounts(folder.path())).await;
        assert!(matches!(refused, Err(ConsoleError::NotLoopback(_))));
    }
}
