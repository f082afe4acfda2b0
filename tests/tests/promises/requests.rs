//! Requests that nobody honest sends: replayed, altered, cut, enormous, noise.

use std::io::{Read, Write};

use std::sync::{Arc, Mutex};

use companion_core::ports::{Cancel, Lane, Method, Network, Request, TransportError};
use companion_core::protocol::api::{ErrorCode, PushBatch, path};
use companion_core::protocol::request::{Parts, sign};
use companion_core::testing::space::payload::pack;
use companion_core::{CertificateTrust, HttpNetwork};
use companion_tests::{Insider, World, code, signed};
use sync_server::config::TlsFiles;
use sync_server::{Config, Running, Server, SystemClock};

use crate::clinic_and_ada;

#[test]
fn a_replayed_request_is_refused_even_though_its_signature_is_right() {
    let (_world, clinic, ada) = clinic_and_ada();
    ada.write("Once.");
    ada.faults().record();
    ada.sync_cleanly();
    let tape = ada.faults().recorded();
    assert!(tape.len() >= 2);
    let insider = Insider::of(&ada, "care");
    for (request, _) in &tape {
        let answer = insider.transmit(request);
        assert_eq!(
            code(&answer),
            Some(ErrorCode::Replayed),
            "{} {}",
            request.method,
            request.path
        );
    }
    clinic.sync_cleanly();
    assert_eq!(clinic.texts_of(&ada), ["Once."]);
}

#[test]
fn a_request_is_bound_to_its_method_path_query_body_server_and_time() {
    let (world, _clinic, ada) = clinic_and_ada();
    let insider = Insider::of(&ada, "care");
    let good = || {
        insider.request(
            Method::Get,
            &path::changes(insider.space),
            "after=0&limit=5",
            Vec::new(),
        )
    };
    assert_eq!(insider.transmit(&good()).status, 200);
    type Alter = fn(&mut Request);
    let alter: [(&str, Alter); 4] = [
        ("query", |r| r.query = "after=1&limit=5".to_owned()),
        ("path", |r| r.path = r.path.replace("changes", "chain")),
        ("method", |r| r.method = Method::Post),
        ("signature", |r| {
            r.headers.retain(|(name, _)| name != "signature");
        }),
    ];
    for (what, alter) in alter {
        let mut request = good();
        alter(&mut request);
        let answer = insider.transmit(&request);
        assert_eq!(code(&answer), Some(ErrorCode::Unauthenticated), "{what}");
    }
    let mut request = insider.request(
        Method::Post,
        &path::changes(insider.space),
        "",
        b"signed".to_vec(),
    );
    request.body = b"altered".to_vec();
    assert_eq!(
        code(&insider.transmit(&request)),
        Some(ErrorCode::Unauthenticated)
    );
    // Signed for another server, and passed on to this one.
    let (at, nonce) = (path::SPACES, [7; 16]);
    let parts = Parts {
        method: "GET",
        authority: "other.example",
        path: at,
        query: "",
        body: &[],
    };
    let created = u64::try_from(world.now().unix_ms / 1000).unwrap();
    let mut request = Request::new(Method::Get, at);
    for (name, value) in sign(insider.me.signing_key(), parts, created, &nonce).pairs() {
        request.headers.push((name.to_owned(), value.to_owned()));
    }
    assert_eq!(
        code(&insider.transmit(&request)),
        Some(ErrorCode::Unauthenticated)
    );
    // Kept for an hour.
    let kept = good();
    world.minutes_pass(60);
    assert_eq!(code(&insider.transmit(&kept)), Some(ErrorCode::ClockSkew));
    // Signed by nobody known.
    let stranger = companion_tests::stranger(&world);
    let request = signed(
        &world,
        stranger.signing_key(),
        Method::Get,
        (&path::changes(insider.space), ""),
        Vec::new(),
        &[1; 16],
    );
    assert_eq!(
        code(&insider.transmit(&request)),
        Some(ErrorCode::Forbidden)
    );
}

/// Bytes on a socket, and whatever comes back until the other side closes or is silent.
fn raw(world: &World, bytes: &[u8]) -> Vec<u8> {
    let mut socket = std::net::TcpStream::connect(world.server().authority()).unwrap();
    socket
        .set_read_timeout(Some(std::time::Duration::from_secs(5)))
        .unwrap();
    let _ = socket.write_all(bytes);
    let _ = socket.shutdown(std::net::Shutdown::Write);
    let mut answer = Vec::new();
    let _ = socket.read_to_end(&mut answer);
    answer
}

#[test]
fn random_bytes_and_cut_bodies_on_every_route_store_nothing_and_leave_the_server_up() {
    let (world, clinic, ada) = clinic_and_ada();
    ada.write("Before the noise.");
    ada.sync_cleanly();
    let stored = world.server().stored_changes();
    let rng = world.rng();
    let insider = Insider::of(&ada, "care");
    let mut noise = vec![0; 3000];
    for route in [
        path::SPACES.to_owned(),
        path::chain(insider.space),
        path::changes(insider.space),
    ] {
        for length in [0, 1, 3, 100, 3000] {
            rng.fill(&mut noise);
            let answer = insider.send(Method::Post, &route, "", noise[..length].to_vec());
            assert!(
                (400..500).contains(&answer.status),
                "{route}: {}",
                answer.status
            );
            assert!(code(&answer).is_some(), "one shape of errors: {route}");
        }
        for query in [
            "after=x",
            "from=-1",
            "limit=99999999999999999999",
            "%00",
            "after=1&after=2",
        ] {
            let answer = insider.send(Method::Get, &route, query, Vec::new());
            assert!(answer.status < 500, "{route}?{query}: {}", answer.status);
        }
    }
    // A good push cut at every tenth of its length, with a signature over what is left of it.
    let mut member = Insider::of(&ada, "care");
    let change = member.seal_plain(&pack(b"whatever").unwrap());
    let whole = PushBatch {
        changes: vec![change.bytes().to_vec()],
    }
    .encode();
    for tenth in 0..10 {
        let cut = whole[..whole.len() * tenth / 10].to_vec();
        let answer = member.send(Method::Post, &path::changes(member.space), "", cut);
        assert!((400..500).contains(&answer.status));
    }
    // Noise that is not even HTTP, and a body shorter than it was announced.
    rng.fill(&mut noise);
    raw(&world, &noise);
    let head = format!(
        "POST {} HTTP/1.1\r\nhost: {}\r\ncontent-length: 5000\r\n\r\nshort",
        path::changes(insider.space),
        world.server().authority()
    );
    raw(&world, head.as_bytes());
    assert_eq!(world.server().stored_changes(), stored);
    ada.write("After the noise.");
    ada.sync_cleanly();
    clinic.sync_cleanly();
    assert_eq!(
        clinic.texts_of(&ada),
        ["After the noise.", "Before the noise."]
    );
}

#[test]
fn a_body_of_100_megabytes_is_refused_before_it_is_read() {
    let (world, _clinic, ada) = clinic_and_ada();
    let insider = Insider::of(&ada, "care");
    let request = insider.request(Method::Post, &path::changes(insider.space), "", Vec::new());
    let mut head = format!(
        "POST {} HTTP/1.1\r\nhost: {}\r\ncontent-length: 104857600\r\n",
        request.path,
        world.server().authority()
    );
    for (name, value) in &request.headers {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    head.push_str("\r\n");
    let answer = raw(&world, head.as_bytes());
    assert!(
        answer.starts_with(b"HTTP/1.1 413"),
        "{}",
        String::from_utf8_lossy(&answer)
    );
    ada.sync_cleanly();
}

/// A server with a certificate for this name, and that certificate.
fn server_named(
    name: &str,
    folder: &std::path::Path,
) -> (Running, rcgen::CertifiedKey<rcgen::KeyPair>) {
    let made = rcgen::generate_simple_self_signed(vec![name.into()]).unwrap();
    let files = TlsFiles {
        certificates: folder.join("cert.pem"),
        key: folder.join("key.pem"),
    };
    std::fs::write(&files.certificates, made.cert.pem()).unwrap();
    std::fs::write(&files.key, made.signing_key.serialize_pem()).unwrap();
    let mut config = Config::new(folder);
    config.tls = Some(files);
    (Server::start(config, Arc::new(SystemClock)).unwrap(), made)
}

/// What a server says on a lane of its own.
fn asked(server: &Running, network: &HttpNetwork, lane: u8) -> Result<u16, TransportError> {
    let address = format!("https://localhost:{}", server.address().port());
    let way = network.transport(&address, &Lane::new([lane; 16])).unwrap();
    let answer = way.send(&Request::new(Method::Get, "/v1/info"), &Cancel::new());
    answer.map(|answer| answer.status)
}

#[test]
fn a_server_is_trusted_by_its_certificate_alone_on_every_lane() {
    let folder = tempfile::tempdir().unwrap();
    let (server, made) = server_named("localhost", folder.path());
    let rng = World::over_http().rng();
    let ask = |network: &HttpNetwork, lane: u8| asked(&server, network, lane);
    let root = made.cert.pem();
    let knows_it = HttpNetwork::with_root(Arc::clone(&rng), Some(root.as_bytes())).unwrap();
    let does_not = HttpNetwork::new(rng).unwrap();
    for lane in 1..=2 {
        assert_eq!(ask(&knows_it, lane), Ok(200));
        assert_eq!(ask(&does_not, lane), Err(TransportError::Untrusted));
    }
}

/// A platform that keeps what it was asked.
struct Platform {
    says: bool,
    asked: Mutex<Vec<(Vec<Vec<u8>>, String)>>,
}

impl Platform {
    fn that_says(says: bool) -> Arc<Self> {
        let asked = Mutex::default();
        Arc::new(Self { says, asked })
    }

    fn asked(&self) -> Vec<(Vec<Vec<u8>>, String)> {
        self.asked.lock().unwrap().clone()
    }
}

impl CertificateTrust for Platform {
    fn trusts(&self, certificates: &[&[u8]], server: &str) -> bool {
        let certificates = certificates.iter().map(|its| its.to_vec()).collect();
        let asked = (certificates, server.to_owned());
        self.asked.lock().unwrap().push(asked);
        self.says
    }
}

#[test]
fn a_platform_that_only_the_shell_can_ask_judges_a_chain_and_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    let (server, made) = server_named("localhost", folder.path());
    let rng = World::over_http().rng();
    let network = |platform: &Arc<Platform>, root: Option<&[u8]>| {
        HttpNetwork::with_trust(Arc::clone(&rng), Arc::clone(platform) as _, root).unwrap()
    };
    let yes = Platform::that_says(true);
    assert_eq!(asked(&server, &network(&yes, None), 1), Ok(200));
    let chain = vec![made.cert.der().to_vec()];
    assert_eq!(yes.asked(), [(chain, "localhost".to_owned())]);

    let no = Platform::that_says(false);
    let refused = asked(&server, &network(&no, None), 1);
    assert_eq!(refused, Err(TransportError::Untrusted));
    // A root of the clinic's own needs no platform.
    let root = made.cert.pem();
    let known = asked(&server, &network(&no, Some(root.as_bytes())), 1);
    assert_eq!((known, no.asked().len()), (Ok(200), 1));

    let folder = tempfile::tempdir().unwrap();
    let (other, _) = server_named("elsewhere.example", folder.path());
    let wrong = asked(&other, &network(&yes, None), 2);
    assert_eq!(wrong, Err(TransportError::Untrusted));
    // A certificate of another server's is refused before the platform is asked.
    assert_eq!(yes.asked().len(), 1);
}
