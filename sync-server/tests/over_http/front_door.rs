//! Who is let in, and when: the signature, the nonce, the rate and the membership are looked at
//! before the first byte of a body, and a request has one form.

use std::io::Write;

use companion_protocol::api::{ErrorCode, path};
use companion_protocol::id::SpaceId;
use companion_protocol::statement::Role;

use crate::support::Relay;
use crate::support::client::{Request, announced, answer_on, connect, nonsense};
use crate::support::people::{Space, key, member};

#[test]
fn a_wrong_signature_is_refused_before_a_byte_of_the_body() {
    let relay = Relay::start();
    let (_open, answer) = announced(&relay, &nonsense(SpaceId::new([1; 32])));
    assert_eq!(answer.code(), ErrorCode::Unauthenticated);
}

#[test]
fn a_server_that_is_reached_from_elsewhere_has_tls_and_a_name() {
    use sync_server::{Config, Server, StartError, SystemClock};
    let folder = tempfile::tempdir().unwrap();
    let start = |change: &dyn Fn(&mut Config)| {
        let mut config = Config::new(folder.path());
        config.metrics = None;
        change(&mut config);
        Server::start(config, std::sync::Arc::new(SystemClock)).map(drop)
    };
    let everywhere = |config: &mut Config| config.listen = ([0, 0, 0, 0], 0).into();
    assert!(matches!(start(&everywhere), Err(StartError::Plain)));
    let proxied = |config: &mut Config| {
        everywhere(config);
        config.behind_proxy = true;
    };
    assert!(matches!(start(&proxied), Err(StartError::Nameless)));
    let hop = |config: &mut Config| config.trusted_proxy_hops = 1;
    assert!(matches!(start(&hop), Err(StartError::Nameless)));
    let named = |config: &mut Config| {
        proxied(config);
        config.authorities = vec!["sync.example".into()];
    };
    assert!(start(&named).is_ok());
}

#[test]
fn who_is_no_member_is_refused_before_a_byte_of_the_body() {
    let relay = Relay::start();
    let clinic = key(1);
    relay.register(member(&clinic), 10, 1 << 20);
    let space = Space::founded(&relay, &clinic, &clinic, 1);
    let nowhere = SpaceId::new([1; 32]);
    for space in [space.id(), nowhere] {
        let push = Request::new("POST", &path::changes(space), vec![7; 100]).signed(&key(9));
        let (_open, answer) = announced(&relay, &push);
        assert_eq!(answer.code(), ErrorCode::Forbidden);
        let mut stream = connect(relay.address());
        let extend = Request::new("POST", &path::chain(space), vec![7; 100]).signed(&key(9));
        stream.write_all(&extend.head(100)).unwrap();
        assert_eq!(answer_on(&mut stream).code(), ErrorCode::Forbidden);
    }
}

#[test]
fn who_was_removed_is_refused_before_a_byte_of_the_body() {
    let relay = Relay::start();
    let (clinic, phone) = (key(1), key(2));
    relay.register(member(&clinic), 10, 1 << 20);
    let mut space = Space::founded(&relay, &clinic, &clinic, 1);
    space.admit(&relay, &clinic, &phone, Role::Device);
    let removal = space.rotate(&clinic, &[&phone]);
    space.extend(&relay, &clinic, removal);
    let push = Request::new("POST", &path::changes(space.id()), vec![7; 100]).signed(&phone);
    let (_open, answer) = announced(&relay, &push);
    assert_eq!(answer.code(), ErrorCode::Forbidden);
}

#[test]
fn a_request_of_http_1_1_names_its_host_once() {
    let relay = Relay::start();
    for hosts in ["", "host: a\r\nhost: b\r\n"] {
        for route in [path::INFO, "/livez", "/nothing"] {
            let mut stream = connect(relay.address());
            let ask = format!("GET {route} HTTP/1.1\r\n{hosts}connection: close\r\n\r\n");
            stream.write_all(ask.as_bytes()).unwrap();
            assert_eq!(answer_on(&mut stream).status, 400, "{route} {hosts:?}");
        }
    }
    relay.is_up();
}

#[test]
fn a_query_has_one_spelling() {
    let relay = Relay::start();
    let clinic = key(1);
    relay.register(member(&clinic), 10, 1 << 20);
    let space = Space::founded(&relay, &clinic, &clinic, 1);
    let (chain, changes) = (path::chain(space.id()), path::changes(space.id()));
    let refused = [
        (&changes, "limit=0"),
        (&changes, "limit=1025"),
        (&changes, "after=01"),
        (&changes, "after=+1"),
        (&changes, "after=1&"),
        (&changes, "&after=1"),
        (&changes, "after=1&&limit=1"),
        (&changes, "after=9223372036854775808"),
        (&chain, "from=01"),
        (&chain, "from=0&"),
        (&chain, "from="),
    ];
    for (route, query) in refused {
        let answer = Request::new("GET", &format!("{route}?{query}"), Vec::new())
            .signed(&clinic)
            .send(&relay);
        assert_eq!(answer.code(), ErrorCode::BadRequest, "{query}");
    }
    for (route, query) in [
        (&changes, "limit=1024"),
        (&changes, "after=9223372036854775807"),
        (&chain, "from=0"),
        // Past the end there is nothing, which is no mistake.
        (&chain, "from=5000"),
    ] {
        let answer = Request::new("GET", &format!("{route}?{query}"), Vec::new())
            .signed(&clinic)
            .send(&relay);
        assert_eq!(answer.status, 200, "{query}");
    }
    for (method, route) in [
        ("GET", path::SPACES),
        ("POST", &chain),
        ("GET", path::EVENTS),
    ] {
        let answer = Request::new(method, &format!("{route}?a=1"), Vec::new())
            .signed(&clinic)
            .send(&relay);
        assert_eq!(
            answer.code(),
            ErrorCode::BadRequest,
            "{route} takes no query"
        );
    }
}

#[test]
fn a_request_answered_before_a_restart_is_not_answered_after_it() {
    let mut relay = Relay::start();
    let list = Request::new("GET", path::SPACES, Vec::new()).signed(&key(1));
    assert_eq!(list.send(&relay).status, 200);
    relay.start_again();
    assert_eq!(list.send(&relay).code(), ErrorCode::Replayed);
    // By a clock that is ahead: still within the window after the restart.
    let ahead = Request::new("GET", path::SPACES, Vec::new());
    let now = u64::try_from(crate::support::NOW_MS / 1000).unwrap();
    let ahead = ahead.signed_at(&key(1), now + 300);
    assert_eq!(ahead.send(&relay).status, 200);
    relay.start_again();
    relay.clock.advance(599_000);
    assert_eq!(ahead.send(&relay).code(), ErrorCode::Replayed);
}

#[test]
fn the_database_is_for_its_owners_eyes() {
    use std::os::unix::fs::PermissionsExt;
    let relay = Relay::start();
    let clinic = key(1);
    relay.register(member(&clinic), 10, 1 << 20);
    let copy = relay.folder.path().join("copy.db");
    let storage = relay.running.as_ref().unwrap().storage();
    storage.backup(&copy).unwrap();
    for file in ["sync.db", "sync.db-wal", "sync.db-shm"] {
        let file = relay.config.data.join(file);
        let mode = std::fs::metadata(&file).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{}", file.display());
    }
    let mode = std::fs::metadata(&copy).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600, "a backup as well");
}
