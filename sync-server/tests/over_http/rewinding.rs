//! A chain that was forked after a restore is cut back by the operator, and goes on from there.

use companion_protocol::api::{ErrorCode, Info, path};
use companion_protocol::change::SealedChange;
use companion_protocol::statement::Role;
use sync_server::storage::audit::audit;
use sync_server::storage::sqlite::{back_up_file, replace_file};

use crate::support::client::Request;
use crate::support::people::{Space, key, member};
use crate::support::program::run;
use crate::support::{NOW_MS, Relay};

fn rewind(relay: &Relay, space: &Space, to: u64) -> Result<String, String> {
    let (space, to) = (space.id().to_string(), to.to_string());
    run(&relay.config.data, &["rewind", &space, "--to", &to])
}

fn incarnation(relay: &Relay) -> String {
    let info: Info = Request::new("GET", path::INFO, Vec::new())
        .send(relay)
        .json();
    info.incarnation.to_string()
}

/// The server was restored to a copy in which a phone that was removed since is still there. That
/// phone came first and went on from the old end; what the clinic knows does not fit any more.
fn forked() -> (Relay, Space, Space) {
    let mut relay = Relay::start();
    relay.register(member(&key(1)), 10, 1 << 24);
    let mut honest = Space::founded(&relay, &key(1), &key(1), 1);
    honest.admit(&relay, &key(1), &key(2), Role::Device);
    honest.admit(&relay, &key(2), &key(3), Role::Device);
    let early = honest.write(&key(2), "early");
    honest.pushed(&relay, &key(2), &[early]);
    let copy = relay.folder.path().join("copy");
    let database = relay.config.data.join("sync.db");
    back_up_file(&database, &copy).unwrap();
    let mut false_one = honest.clone();

    let removal = honest.rotate(&key(1), &[&key(2)]);
    honest.extend(&relay, &key(1), removal);
    let late = honest.write(&key(3), "after the removal");
    honest.pushed(&relay, &key(3), &[late]);

    relay.stop();
    replace_file(&copy, &database, NOW_MS).unwrap();
    relay.start_again();
    let revenge = false_one.rotate(&key(2), &[&key(3)]);
    false_one.extend(&relay, &key(2), revenge);
    let forged = false_one.write(&key(2), "in the false end");
    let reply = false_one.write(&key(1), "by the clinic, who was misled");
    let mut reading = false_one.header(&key(1));
    reading.frontier = vec![false_one.seen(&key(2))];
    let reading = false_one.write_as(&key(1), reading, "after reading it");
    false_one.pushed(&relay, &key(2), &[forged, reply, reading]);
    (relay, honest, false_one)
}

#[test]
fn a_forked_chain_is_cut_back_and_the_honest_end_goes_on() {
    let (mut relay, honest, false_one) = forked();
    let old_end = false_one.chain.length() - 1;
    let removal = honest.statements.last().unwrap();
    assert_eq!(
        honest.offer(&relay, &key(1), removal).code(),
        ErrorCode::ChainConflict,
        "the false end stands in the way"
    );
    let before = incarnation(&relay);
    let refused = rewind(&relay, &honest, old_end).unwrap_err();
    assert!(refused.contains("in use"), "{refused}");
    relay.stop();
    for wrong in [0, false_one.chain.length(), 5000] {
        let refused = rewind(&relay, &honest, wrong).unwrap_err();
        assert!(refused.contains("can be cut to"), "{refused}");
    }
    let nowhere = Space::imagined(&key(1), &key(1), 9);
    assert!(
        rewind(&relay, &nowhere, 1)
            .unwrap_err()
            .contains("no such space")
    );
    let said = rewind(&relay, &honest, old_end).unwrap();
    assert!(said.contains("1 of 4 changes stay"), "{said}");
    relay.start_again();
    assert_ne!(incarnation(&relay), before, "devices notice");

    // The clinic brings the end that it knows, and vouches for it.
    assert_eq!(honest.offer(&relay, &key(1), removal).status, 201);
    assert_eq!(honest.vouch(&relay, &key(1)).status, 200);
    assert_eq!(
        honest.pull(&relay, &key(2), 0).code(),
        ErrorCode::Forbidden,
        "who was removed is out again"
    );
    let mut honest = honest;
    let next = honest.write(&key(1), "goes on");
    honest.pushed(&relay, &key(1), &[next]);
    let texts: Vec<String> = honest
        .pulled(&relay, &key(3))
        .changes
        .iter()
        .map(|(_, bytes)| {
            let change = SealedChange::parse(bytes).unwrap();
            let text = String::from_utf8(change.sealed().unwrap().ciphertext.clone()).unwrap();
            text.trim_end().to_owned()
        })
        .collect();
    assert_eq!(texts, ["early", "goes on"]);
    let report = audit(&**relay.running.as_ref().unwrap().storage()).unwrap();
    assert!(report.problems.is_empty(), "{:?}", report.problems);
}
