//! A server process that is killed in the middle of its work has kept what it acknowledged.

use std::io::{Read, Write};
use std::time::{SystemTime, UNIX_EPOCH};

use companion_protocol::change::SealedChange;
use sync_server::storage::audit::audit;

use crate::support::Relay;
use crate::support::client::{connect, raw};
use crate::support::people::{Space, key, member};
use crate::support::program::Server;

const ROUNDS: usize = 5;
const ACKNOWLEDGED: usize = 12;

/// The push as bytes, signed by the machine's clock, which the process goes by.
fn push(space: &Space, change: &SealedChange) -> Vec<u8> {
    let now = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap()
        .as_secs();
    let request = space
        .push_request(std::slice::from_ref(change))
        .signed_at(&key(1), now);
    [request.head(request.body.len()), request.body].concat()
}

#[test]
fn what_a_killed_server_acknowledged_is_there_afterwards_and_once() {
    let mut relay = Relay::start();
    let clinic = key(1);
    relay.register(member(&clinic), 10, 1 << 24);
    let mut space = Space::founded(&relay, &clinic, &clinic, 1);
    relay.stop();
    let mut acknowledged: Vec<Vec<u8>> = Vec::new();
    for round in 0..ROUNDS {
        let mut server = Server::start(&relay.config.data, &[]);
        let address = server.address.parse().unwrap();
        for n in 0..ACKNOWLEDGED {
            let change = space.write(&clinic, &format!("{round} {n}"));
            assert_eq!(raw(address, &push(&space, &change)).status, 200);
            acknowledged.push(change.bytes().to_vec());
        }
        // One more is under way when the process dies; whether it arrived is not known.
        let unknown = space.write(&clinic, &format!("{round} under way"));
        let mut stream = connect(address);
        stream.write_all(&push(&space, &unknown)).unwrap();
        server.process.kill().unwrap();
        server.process.wait().unwrap();
        let _ = stream.read_to_end(&mut Vec::new());

        relay.start_again();
        let again = space.pushed(&relay, &clinic, std::slice::from_ref(&unknown));
        acknowledged.push(unknown.bytes().to_vec());
        assert_eq!(again.head.0, u64::try_from(acknowledged.len()).unwrap());
        let held: Vec<_> = space
            .pulled(&relay, &clinic)
            .changes
            .into_iter()
            .map(|(_, bytes)| bytes)
            .collect();
        assert_eq!(held, acknowledged);
        relay.stop();
    }
    relay.start_again();
    let report = audit(&**relay.running.as_ref().unwrap().storage()).unwrap();
    assert!(report.problems.is_empty(), "{:?}", report.problems);
}
