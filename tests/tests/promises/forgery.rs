//! Chains and logs that are not what they claim, from members and from the server itself.

use companion_core::WarningCode;
use companion_core::ports::Method;
use companion_core::protocol::api::{ChainRun, ErrorCode, PullPage, path};
use companion_core::protocol::change::{Header, Seen};
use companion_core::protocol::id::{Counter, HistoryHash, MemberId};
use companion_core::protocol::statement::{LastChange, Removal, Rotate, Statement, StatementBody};
use companion_core::testing::space::payload::pack;
use companion_core::testing::space::rotation::{self, Change};
use companion_tests::{Insider, code, stranger};

use crate::clinic_and_ada;

#[test]
fn a_forged_chain_is_refused_by_the_server_and_by_clients_that_a_lying_server_gives_it() {
    let (world, clinic, ada) = clinic_and_ada();
    let insider = Insider::of(&ada, "care");
    let stranger = stranger(&world);
    let now = world.now();
    // A stranger rotates the key and keeps himself in.
    let (chain, keys, rng) = (&insider.chain, &insider.keys, world.rng());
    let rotate = |who| rotation::rotate(who, chain, keys, &[], Change::default(), now, &*rng);
    let (forged, _) = rotate(&stranger).unwrap();
    let answer = insider.offer(&forged);
    assert_eq!(code(&answer), Some(ErrorCode::InvalidStatement));
    // A member's statement with one bit of it changed.
    let (honest, _) = rotate(&insider.me).unwrap();
    for at in [3, 40, 80, 200, honest.bytes().len() - 1] {
        let mut bytes = honest.bytes().to_vec();
        bytes[at] ^= 1;
        let run = ChainRun::one(&bytes).encode();
        let answer = insider.send(Method::Post, &path::chain(insider.space), "", run);
        assert!(
            (400..500).contains(&answer.status),
            "bit {at}: {}",
            answer.status
        );
    }
    // A key turned to other recipients than those who stay.
    let StatementBody::Rotate(body) = honest.body().clone() else {
        panic!()
    };
    let mut wrapped = body.wrapped.clone();
    wrapped.pop();
    let place = honest.position();
    let without = StatementBody::Rotate(Rotate {
        wrapped,
        ..body.clone()
    });
    let unfair = Statement::sign(insider.me.signing_key(), place, 1, without);
    let answer = insider.offer(&unfair);
    assert_eq!(code(&answer), Some(ErrorCode::InvalidStatement));
    // A removal of somebody who was never in.
    let removals = vec![Removal {
        member: stranger.member(),
        last: LastChange::NONE,
    }];
    let odd = StatementBody::Rotate(Rotate { removals, ..body });
    let odd = Statement::sign(insider.me.signing_key(), place, 1, odd);
    let answer = insider.offer(&odd);
    assert_eq!(code(&answer), Some(ErrorCode::InvalidStatement));
    let length = Insider::of(&ada, "care").chain.length();
    clinic.sync_cleanly();
    ada.sync_cleanly();
    assert_eq!(
        Insider::of(&ada, "care").chain.length(),
        length,
        "nothing was stored"
    );

    // A server that slips the stranger's statement into the chain that it hands out.
    let space = insider.space;
    let forged = forged.bytes().to_vec();
    clinic.faults().rewrite(move |request, mut answer| {
        if request.path == path::SPACES {
            let mut heads: serde_json::Value = serde_json::from_slice(&answer.body).unwrap();
            for head in heads["spaces"].as_array_mut().unwrap() {
                if head["space"] == space.to_string() {
                    head["chain_length"] = (head["chain_length"].as_u64().unwrap() + 1).into();
                }
            }
            answer.body = serde_json::to_vec(&heads).unwrap();
        } else if request.path == path::chain(space) {
            let mut page = companion_core::protocol::api::ChainPage::decode(&answer.body).unwrap();
            page.statements.push(forged.clone());
            page.length += 1;
            answer.body = page.encode();
        }
        answer
    });
    let report = clinic.sync().unwrap();
    assert!(!report.problems.is_empty(), "{report:?}");
    let known = Insider::of_clinic(&clinic, &ada).chain;
    assert!(known.member(&stranger.member()).is_none());
    assert_eq!(known.length(), length);
    clinic.faults().heal();
    ada.write("On we go.");
    ada.sync_cleanly();
    clinic.sync().unwrap();
    assert_eq!(clinic.texts_of(&ada), ["On we go."]);
}

#[test]
fn changes_with_a_wrong_count_link_author_or_space_are_refused_and_nothing_is_stored() {
    let (world, clinic, ada) = clinic_and_ada();
    ada.write("One.");
    ada.write("Two.");
    ada.sync_cleanly();
    clinic.sync_cleanly();
    let insider = Insider::of(&ada, "care");
    let other_space = Insider::of(&ada, "private");
    let stored = world.server().stored_changes();
    let plain = pack(b"whatever").unwrap();
    let next = || insider.next_header();
    let cases: Vec<(&str, Header, ErrorCode)> = vec![
        (
            "skips a count",
            Header {
                counter: next().counter.next(),
                ..next()
            },
            ErrorCode::CounterMismatch,
        ),
        (
            "a count again",
            Header {
                counter: insider.last.0,
                ..next()
            },
            ErrorCode::CounterMismatch,
        ),
        (
            "another past",
            Header {
                previous_own: HistoryHash::new([5; 32]),
                ..next()
            },
            ErrorCode::OwnHistoryMismatch,
        ),
        (
            "an unknown head",
            Header {
                chain_head: companion_core::protocol::id::StatementHash::new([5; 32]),
                ..next()
            },
            ErrorCode::InvalidChange,
        ),
        (
            "another space",
            Header {
                space: other_space.space,
                ..next()
            },
            ErrorCode::InvalidChange,
        ),
        (
            "a frontier of nobody",
            Header {
                frontier: vec![Seen {
                    index: 60_000,
                    counter: Counter(1),
                    hash: HistoryHash::new([1; 32]),
                }],
                ..next()
            },
            ErrorCode::InvalidChange,
        ),
        (
            "another author",
            Header {
                author: MemberId::new([3; 32]),
                ..next()
            },
            ErrorCode::InvalidChange,
        ),
    ];
    for (what, header, expected) in cases {
        // `another author` is signed by a key that is not that author's.
        let change = insider.seal_under(header, &plain);
        assert_eq!(code(&insider.push(&[change])), Some(expected), "{what}");
    }
    // A good one followed by a bad one: neither is stored.
    let good = insider.seal_under(next(), &plain);
    let bad = insider.seal_under(next(), &plain);
    assert_eq!(insider.push(&[good, bad]).status, 409);
    assert_eq!(world.server().stored_changes(), stored);
    clinic.sync_cleanly();
    ada.sync_cleanly();
}

#[test]
fn a_server_that_repeats_reorders_alters_or_invents_changes_is_caught() {
    let (_world, clinic, ada) = clinic_and_ada();
    let space = Insider::of(&ada, "care").space;
    for n in 0..6 {
        ada.write(&format!("entry {n}"));
    }
    ada.sync_cleanly();
    let tamper = |how: fn(&mut PullPage)| {
        clinic.faults().rewrite(move |request, mut answer| {
            if request.path == path::changes(space) && request.method == Method::Get {
                let mut page = PullPage::decode(&answer.body).unwrap();
                how(&mut page);
                answer.body = page.encode();
            }
            answer
        });
    };
    let seen = |expected: WarningCode, what: &str| {
        let report = clinic.sync().unwrap();
        let told =
            report.warnings.iter().any(|w| w.code == expected) || !report.problems.is_empty();
        assert!(told, "{what}: {report:#?}");
        clinic.faults().heal();
    };
    tamper(|page| drop(page.changes.remove(1)));
    seen(WarningCode::Withheld, "one from the middle was kept back");
    // What it kept back is asked for again and arrives, once the server is honest.
    clinic.sync().unwrap();
    clinic.sync().unwrap();
    assert_eq!(
        clinic.texts_of(&ada).len(),
        6,
        "what was withheld is not lost for good"
    );

    let tablet = ada.second_phone();
    tablet.sync().unwrap();
    tablet.write("from the tablet");
    ada.write("entry 6");
    tablet.sync().unwrap();
    ada.sync().unwrap();
    tamper(|page| {
        for (_, bytes) in &mut page.changes {
            let middle = bytes.len() / 2;
            bytes[middle] ^= 1;
        }
    });
    seen(WarningCode::Forged, "a bit of each was changed");
}

#[test]
fn a_server_that_goes_back_in_secret_is_named() {
    let (world, clinic, ada) = clinic_and_ada();
    ada.write("Kept.");
    ada.sync_cleanly();
    clinic.sync_cleanly();
    let backup = world.server().backup();
    ada.write("Forgotten by the server.");
    ada.sync_cleanly();
    clinic.sync_cleanly();
    world.server().roll_back_in_secret(&backup);
    let report = clinic.sync().unwrap();
    assert!(
        report
            .warnings
            .iter()
            .any(|w| w.code == WarningCode::RolledBack),
        "{report:?}"
    );
    // Nothing is deleted because it is missing there.
    assert_eq!(clinic.texts_of(&ada), ["Forgotten by the server.", "Kept."]);
    let report = ada.sync().unwrap();
    assert!(
        report
            .warnings
            .iter()
            .any(|w| w.code == WarningCode::RolledBack),
        "{report:?}"
    );
    assert_eq!(ada.texts(), ["Forgotten by the server.", "Kept."]);
}
