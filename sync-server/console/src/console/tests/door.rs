//! Who is let in, over real sockets. Time-outs run on a clock that jumps ahead whenever nobody has anything
//! to do; every other bound is a count.

use std::net::Ipv4Addr;

use axum::body::Body;
use futures_util::StreamExt as _;
use futures_util::stream::FuturesUnordered;
use hyper::client::conn::http2;
use hyper_util::rt::{TokioExecutor, TokioIo};
use tokio::net::TcpSocket;
use tokio::time::timeout;

use super::*;

const HOUR: Duration = Duration::from_secs(3_600);
const ONE: Ipv4Addr = Ipv4Addr::LOCALHOST;
/// All of 127/8 is this machine.
const OTHER: Ipv4Addr = Ipv4Addr::new(127, 0, 0, 2);
const ASK: &str = "GET /sign-in HTTP/1.1\r\nhost: localhost\r\n\r\n";

struct Open {
    running: Running,
    accounts: Arc<Accounts>,
    _folder: tempfile::TempDir,
}

impl Open {
    async fn with(limits: Limits) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let accounts = accounts(folder.path());
        let config = Config {
            limits,
            ..config("127.0.0.1:0")
        };
        let clinic = Arc::clone(&Rehearsal::invited().0.clinic);
        let running = Console::start(config, clinic, Arc::clone(&accounts))
            .await
            .unwrap();
        Self {
            running,
            accounts,
            _folder: folder,
        }
    }

    async fn connect(&self, from: Ipv4Addr) -> TcpStream {
        let socket = TcpSocket::new_v4().unwrap();
        socket.bind(SocketAddr::from((from, 0))).unwrap();
        socket.connect(self.running.address()).await.unwrap()
    }

    async fn say(&self, from: Ipv4Addr, request: &str) -> TcpStream {
        let mut stream = self.connect(from).await;
        stream.write_all(request.as_bytes()).await.unwrap();
        stream
    }

    /// The cookie of a clinician.
    async fn cookie(&self) -> String {
        self.accounts
            .add_clinician("Mira", PASSPHRASE, Role::Lead)
            .unwrap();
        let passphrase = zeroize::Zeroizing::new(PASSPHRASE.to_owned());
        let token = self.accounts.sign_in("Mira".to_owned(), passphrase).await;
        format!("console-on-this-machine={}", token.unwrap().as_str())
    }

    async fn second_version(
        &self,
    ) -> (
        http2::SendRequest<Body>,
        http2::Connection<TokioIo<TcpStream>, Body, TokioExecutor>,
    ) {
        let stream = TokioIo::new(self.connect(ONE).await);
        http2::handshake(TokioExecutor::new(), stream)
            .await
            .unwrap()
    }
}

/// A clock that jumps ahead gives the answer to a ping no time: only silence ends a connection here.
fn no_hurry() -> Limits {
    Limits {
        header_timeout: 2 * HOUR,
        ..Limits::default()
    }
}

/// Everything that is said until the other side ends it.
async fn to_the_end(mut stream: TcpStream) -> String {
    let mut said = Vec::new();
    // A connection that is cut off may end with an error.
    let _ = stream.read_to_end(&mut said).await;
    String::from_utf8_lossy(&said).into_owned()
}

/// The first that is said.
async fn first(stream: &mut TcpStream) -> String {
    let mut said = vec![0; 64 * 1024];
    let length = stream.read(&mut said).await.unwrap_or(0);
    said.truncate(length);
    String::from_utf8_lossy(&said).into_owned()
}

fn form(announced: usize, sent: usize) -> String {
    format!(
        "POST /sign-in HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/x-www-form-urlencoded\r\n\
         content-length: {announced}\r\n\r\n{}",
        "x".repeat(sent)
    )
}

#[tokio::test(start_paused = true)]
async fn connections_that_say_nothing_or_half_of_something_are_closed() {
    let open = Open::with(Limits::default()).await;
    let mut all = FuturesUnordered::new();
    for number in 0..150 {
        let said = match number % 3 {
            0 => "",
            1 => "GET /sign-in HTTP/1.1\r\nhost: loc",
            // Answered, and then idle.
            _ => ASK,
        };
        let stream = open.say(ONE, said).await;
        all.push(timeout(HOUR, to_the_end(stream)));
    }
    let mut still_open = 0;
    while let Some(end) = all.next().await {
        still_open += usize::from(end.is_err());
    }
    assert_eq!(still_open, 0);
}

#[tokio::test(start_paused = true)]
async fn a_form_that_never_ends_is_given_up_and_its_room_given_back() {
    let only_one = Limits {
        form_bytes: 20_000,
        ..Limits::default()
    };
    let open = Open::with(only_one).await;
    for _ in 0..3 {
        let stream = open.say(ONE, &form(1_000, 999)).await;
        let said = timeout(HOUR, to_the_end(stream)).await.unwrap();
        assert!(said.starts_with("HTTP/1.1 408"), "{said}");
        assert!(said.contains("This form did not arrive"), "{said}");
    }
}

#[tokio::test(start_paused = true)]
async fn forms_that_are_arriving_take_no_more_room_than_there_is() {
    let three = Limits {
        form_bytes: 4 * 16 * 1024,
        form_bytes_per_address: 3 * 16 * 1024,
        ..Limits::default()
    };
    let open = Open::with(three).await;
    let mut streams = Vec::new();
    for _ in 0..8 {
        streams.push(open.say(ONE, &form(1_000, 999)).await);
    }
    // More than three find no room and are told at once; the others wait for their last byte.
    let mut answers: FuturesUnordered<_> = streams
        .into_iter()
        .map(|mut stream| async move {
            let told = first(&mut stream).await;
            (stream, told)
        })
        .collect();
    for _ in 0..5 {
        let (_, told) = answers.next().await.unwrap();
        assert!(told.starts_with("HTTP/1.1 503"), "{told}");
    }
    let next = futures_util::future::poll_immediate(answers.next()).await;
    assert!(next.is_none(), "three are still arriving");
    // Somebody at another address is served meanwhile.
    let mut honest = open.say(OTHER, &form(1_000, 1_000)).await;
    let told = first(&mut honest).await;
    assert!(told.starts_with("HTTP/1.1 422"), "{told}");
}

#[tokio::test]
async fn a_form_longer_than_any_and_what_is_no_form_are_refused_unread() {
    let no_room = Limits {
        form_bytes: 0,
        ..Limits::default()
    };
    let open = Open::with(no_room).await;
    // With no room at all, what asked for room would be told that there is none.
    let no_form = "POST /sign-in HTTP/1.1\r\nhost: localhost\r\ncontent-length: 1000\r\n\r\n";
    for said in [form(4 << 20, 0), no_form.to_owned()] {
        let told = first(&mut open.say(ONE, &said).await).await;
        assert!(told.starts_with("HTTP/1.1 400"), "{told}");
    }
}

#[tokio::test]
async fn one_address_leaves_connections_for_another_and_all_have_an_end() {
    let few = Limits {
        connections: 3,
        connections_per_address: 2,
        ..Limits::default()
    };
    let open = Open::with(few).await;
    let mut held = Vec::new();
    for from in [ONE, ONE, OTHER] {
        let mut stream = open.say(from, ASK).await;
        assert!(first(&mut stream).await.starts_with("HTTP/1.1 200"));
        held.push(stream);
    }
    for from in [ONE, OTHER] {
        let told = surplus(&open, from).await;
        assert_eq!(told, "", "{from}: closed, whatever it asks");
    }
    // The first address has no third one either when there is room.
    held.pop();
    assert_eq!(surplus(&open, ONE).await, "");
}

async fn surplus(open: &Open, from: Ipv4Addr) -> String {
    let mut stream = open.connect(from).await;
    // It may be closed already.
    let _ = stream.write_all(ASK.as_bytes()).await;
    first(&mut stream).await
}

#[tokio::test(start_paused = true)]
async fn an_http_2_connection_over_which_nothing_is_asked_is_closed() {
    let open = Open::with(no_hurry()).await;
    let (mut sender, connection) = open.second_version().await;
    let ended = tokio::spawn(timeout(HOUR, connection));
    let request = hyper::Request::get("http://localhost/sign-in");
    let answer = sender.send_request(request.body(Body::empty()).unwrap());
    let answer = answer.await.unwrap();
    assert_eq!(answer.status(), 200);
    drop(answer);
    // The client answers each ping: it lives, and has nothing to ask.
    assert!(ended.await.unwrap().is_ok(), "still open after an hour");
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_nobody_takes_ends_its_connection() {
    let open = Open::with(no_hurry()).await;
    let stream = TokioIo::new(open.connect(ONE).await);
    let (mut sender, connection) = http2::Builder::new(TokioExecutor::new())
        .initial_stream_window_size(0)
        .handshake(stream)
        .await
        .unwrap();
    let ended = tokio::spawn(timeout(HOUR, connection));
    let request = hyper::Request::get("http://localhost/sign-in");
    let answer = sender.send_request(request.body(Body::empty()).unwrap());
    let untaken = answer.await.unwrap();
    // Other requests over it are no excuse.
    let mut others = 0;
    while others < 40 && !ended.is_finished() {
        tokio::time::advance(Duration::from_secs(30)).await;
        let request = hyper::Request::head("http://localhost/sign-in");
        let answer = sender.send_request(request.body(Body::empty()).unwrap());
        others += usize::from(answer.await.is_ok());
    }
    assert!(ended.await.unwrap().is_ok(), "still open after an hour");
    assert!((1..40).contains(&others), "{others}");
    drop(untaken);
}

#[tokio::test(start_paused = true)]
async fn a_live_page_stays_open() {
    let open = Open::with(no_hurry()).await;
    let cookie = open.cookie().await;
    let (mut sender, connection) = open.second_version().await;
    tokio::spawn(connection);
    let request = hyper::Request::get("http://localhost/live").header("cookie", cookie);
    let answer = sender.send_request(request.body(Body::empty()).unwrap());
    let answer = answer.await.unwrap();
    assert_eq!(answer.headers()["content-type"], "text/event-stream");
    let mut beats = Body::new(answer.into_body()).into_data_stream();
    let began = tokio::time::Instant::now();
    while began.elapsed() < HOUR {
        beats.next().await.unwrap().unwrap();
    }
}

#[tokio::test]
async fn an_http_2_connection_has_few_streams_and_small_windows() {
    let open = Open::with(Limits::default()).await;
    let mut stream = open.say(ONE, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n").await;
    stream
        .write_all(&[0, 0, 0, 4, 0, 0, 0, 0, 0])
        .await
        .unwrap();
    let mut head = [0; 9];
    stream.read_exact(&mut head).await.unwrap();
    assert_eq!(head[3], 4, "the settings come first");
    let mut settings = vec![0; usize::from(head[2])];
    stream.read_exact(&mut settings).await.unwrap();
    let setting = |wanted: u8| {
        let of = settings.chunks(6).find(|setting| setting[1] == wanted);
        of.map(|of| u32::from_be_bytes(of[2..6].try_into().unwrap()))
    };
    assert_eq!(setting(3), Some(32), "streams at once");
    assert_eq!(
        setting(4),
        Some(64 * 1024),
        "bytes of one that nobody has read"
    );
    assert_eq!(setting(6), Some(16 * 1024), "bytes of headers");
}

#[tokio::test(start_paused = true)]
async fn a_session_has_so_many_live_pages_and_one_more_looks_again_later() {
    let two = Limits {
        live_pages_per_session: 2,
        ..Limits::default()
    };
    let open = Open::with(two).await;
    let cookie = open.cookie().await;
    let ask = format!(
        "GET /live HTTP/1.1\r\nhost: localhost\r\ncookie: {cookie}\r\nconnection: close\r\n\r\n"
    );
    let mut held = Vec::new();
    for _ in 0..2 {
        let mut stream = open.say(ONE, &ask).await;
        assert!(first(&mut stream).await.contains("text/event-stream"));
        held.push(stream);
    }
    let told = timeout(HOUR, to_the_end(open.say(ONE, &ask).await))
        .await
        .unwrap();
    assert!(told.contains("retry: 60000"), "{told}");
    assert!(told.contains("event: going-on"), "{told}");
}

#[tokio::test(start_paused = true)]
async fn one_address_has_so_many_live_pages_whoever_is_signed_in() {
    let none = Limits {
        live_pages_per_address: 0,
        ..Limits::default()
    };
    let open = Open::with(none).await;
    let cookie = open.cookie().await;
    let ask = format!(
        "GET /live HTTP/1.1\r\nhost: localhost\r\ncookie: {cookie}\r\nconnection: close\r\n\r\n"
    );
    let told = timeout(HOUR, to_the_end(open.say(ONE, &ask).await))
        .await
        .unwrap();
    assert!(told.contains("retry: 60000"), "{told}");
}

#[tokio::test]
async fn one_address_does_not_sit_on_every_place_to_be_checked() {
    let none = Limits {
        sign_ins_per_address: 0,
        ..Limits::default()
    };
    let open = Open::with(none).await;
    let told = first(&mut open.say(ONE, &form(6, 6)).await).await;
    assert!(told.starts_with("HTTP/1.1 503"), "{told}");
}

#[tokio::test]
async fn only_who_calls_the_console_by_its_name_is_answered() {
    let open = Open::with(Limits::default()).await;
    let own = open.running.address().port();
    let ask = async |line: &str, hosts: &str| {
        let request = format!("GET {line}\r\n{hosts}connection: close\r\n\r\n");
        to_the_end(open.say(ONE, &request).await).await
    };
    for name in ["localhost", "127.0.0.1", "[::1]"] {
        let told = ask("/sign-in HTTP/1.1", &format!("host: {name}:{own}\r\n")).await;
        assert!(told.starts_with("HTTP/1.1 200"), "{name}: {told}");
    }
    for path in ["/sign-in", "/", "/live", "/assets/any"] {
        let told = ask(
            &format!("{path} HTTP/1.1"),
            &format!("host: rebound.example:{own}\r\n"),
        )
        .await;
        assert!(told.starts_with("HTTP/1.1 421"), "{path}: {told}");
        assert!(!told.contains("<form"), "{path}: {told}");
    }
    for (line, hosts) in [
        ("/sign-in HTTP/1.1", ""),
        ("/sign-in HTTP/1.0", ""),
        (
            "/sign-in HTTP/1.1",
            "host: localhost\r\nhost: localhost\r\n",
        ),
        (
            "http://rebound.example/sign-in HTTP/1.1",
            "host: localhost\r\n",
        ),
    ] {
        let told = ask(line, hosts).await;
        assert!(told.contains(" 400 "), "{line} {hosts}: {told}");
    }
}

#[tokio::test]
async fn a_console_that_others_can_reach_must_know_its_name() {
    let folder = tempfile::tempdir().unwrap();
    let tls = Security::Tls {
        certificate: folder.path().join("none.pem"),
        key: folder.path().join("none.pem"),
    };
    for (listen, security, needs_name) in [
        ("0.0.0.0:0", tls.clone(), true),
        ("[::]:0", tls.clone(), true),
        ("127.0.0.1:0", Security::BehindProxy, true),
        ("127.0.0.1:0", tls, false),
    ] {
        let config = Config {
            security,
            ..config(listen)
        };
        let clinic = Arc::clone(&Rehearsal::invited().0.clinic);
        let refused = Console::start(config, clinic, accounts(folder.path())).await;
        let no_name = matches!(refused, Err(ConsoleError::NoName));
        assert_eq!(no_name, needs_name, "{listen}");
    }
}
