//! Members, servers and strangers that do not keep to the rules.

use std::io::{Read, Write};

use companion_core::document::{ActorId, create};
use companion_core::domain::{DocumentId, Kind};
use companion_core::ports::{Method, Request, Rng, random};
use companion_core::protocol::api::{ErrorCode, PullPage, PushBatch, path};
use companion_core::protocol::change::{Header, SealedChange};
use companion_core::protocol::id::{Counter, MemberId, SealedHash};
use companion_core::protocol::request::{Parts, sign};
use companion_core::protocol::statement::{Removal, Role, Rotate, Statement, StatementBody};
use companion_core::space::identity::Identity;
use companion_core::space::membership;
use companion_core::space::payload::{Payload, pack};
use companion_core::sync::WarningCode;
use companion_tests::{Insider, Node, Phone, World, code, signed};
use serde_json::json;

fn clinic_and_ada() -> (World, Node, Phone) {
    let world = World::over_http();
    let clinic = world.clinic("Riverbank");
    let ada = clinic.with_patient("Ada");
    (world, clinic, ada)
}

/// The payload of a well-formed entry whose plain row says `shown` and whose document says `meant`.
fn entry(world: &World, document: DocumentId, shown: &str, meant: &str) -> Payload {
    let fields = |body: &str| {
        let mut entry = companion_core::domain::Entry::new(world.now());
        entry.body = body.to_owned();
        entry.visibility = companion_core::domain::Visibility::CareTeam;
        companion_core::domain::Content::to_projection(&entry).unwrap()
    };
    let actor = ActorId::random(&*world.rng());
    let change = create(&Kind::ENTRY, &fields(meant), actor).unwrap();
    Payload {
        document,
        kind: Kind::ENTRY,
        projection: serde_json::Value::Object(fields(shown)).to_string(),
        change: change.raw,
    }
}

#[test]
fn a_members_garbage_is_put_into_quarantine_and_named_and_the_rest_flows() {
    let (world, clinic, ada) = clinic_and_ada();
    let mut insider = Insider::of(&ada.second_phone(), "care");
    let new = || DocumentId::random(&*world.rng());
    let good = entry(&world, new(), "fine", "fine");
    let mut changes = vec![
        insider.seal_plain(b"not even padded"),
        insider.seal_plain(&pack(b"not a payload").unwrap()),
        insider.seal(&Payload {
            change: b"not a change".to_vec(),
            ..entry(&world, new(), "a", "a")
        }),
        insider.seal(&Payload {
            projection: "{not json".to_owned(),
            ..entry(&world, new(), "b", "b")
        }),
        insider.seal(&Payload {
            projection: "[1,2]".to_owned(),
            ..entry(&world, new(), "c", "c")
        }),
    ];
    let header = insider.next_header();
    let mut broken = insider.seal_under(header, &pack(&good.encode()).unwrap());
    // A seal made with another key under the right header and a right signature.
    let other = companion_core::space::keys::EpochKey::generate(&*world.rng());
    let header = broken.header().clone();
    broken = companion_core::space::seal::seal(
        &insider.me,
        &other,
        header,
        &pack(&good.encode()).unwrap(),
        &*world.rng(),
    )
    .unwrap();
    insider.last = (broken.header().counter, broken.hash());
    changes.push(broken);
    changes.push(insider.seal(&good));
    insider.push_ok(&changes);

    let report = clinic.sync().unwrap();
    assert!(report.problems.is_empty(), "{report:?}");
    let quarantined = report
        .warnings
        .iter()
        .filter(|w| w.code == WarningCode::Quarantined)
        .count();
    // Equal words are one warning; no two of these faults need have words of their own.
    assert!(quarantined >= 4, "{report:#?}");
    assert_eq!(clinic.texts_of(&ada), ["fine"]);
    let check = clinic.check_record().unwrap();
    assert_eq!(check.quarantined.len(), 6, "{check:?}");
    assert!(!clinic.warnings().unwrap().is_empty());
    // It blocks nothing: others write on.
    ada.write("After the garbage.");
    ada.sync().unwrap();
    clinic.sync().unwrap();
    assert_eq!(clinic.texts_of(&ada), ["After the garbage.", "fine"]);
}

#[test]
fn a_row_that_says_other_words_than_its_document_is_found_by_the_check() {
    let (world, clinic, ada) = clinic_and_ada();
    let mut insider = Insider::of(&ada.second_phone(), "care");
    let document = DocumentId::random(&*world.rng());
    let lie = insider.seal(&entry(&world, document, "I am fine.", "I am not fine."));
    insider.push_ok(&[lie]);
    clinic.sync_cleanly();
    let check = clinic.check_record().unwrap();
    assert_eq!(check.differing, [document]);
    ada.sync_cleanly();
    assert_eq!(ada.check_record().unwrap().differing, [document]);
}

#[test]
fn a_clinic_that_names_a_private_document_does_not_get_to_write_into_it() {
    let (world, clinic, ada) = clinic_and_ada();
    let secret = ada.write_privately("What I keep.");
    ada.sync_cleanly();
    clinic.sync_cleanly();
    let mut bad = Insider::of_clinic(&clinic, &ada);
    let overwrite = bad.seal(&entry(
        &world,
        secret.id,
        "What they put there.",
        "What they put there.",
    ));
    bad.push_ok(&[overwrite]);
    let report = ada.sync().unwrap();
    assert!(
        report
            .warnings
            .iter()
            .any(|w| w.code == WarningCode::Quarantined),
        "{report:?}"
    );
    let view = ada.entry(secret.id).unwrap();
    assert_eq!(
        (view.entry.body.as_str(), view.shared),
        ("What I keep.", false)
    );
    ada.rewrite(&view, "What I keep, still.");
    assert_eq!(ada.texts(), ["What I keep, still."]);
    ada.rebuild().unwrap();
    assert_eq!(ada.texts(), ["What I keep, still."]);
}

#[test]
fn a_patient_who_sends_a_clinics_marks_deceives_nobody() {
    let (world, clinic, ada) = clinic_and_ada();
    let tablet = ada.second_phone();
    let written = ada.write("Was this read?");
    ada.sync_cleanly();
    tablet.sync_cleanly();
    // The tablet claims, as if it were the clinic, that the clinic has everything and opened it.
    let mut bad = Insider::of(&tablet, "care");
    let through: serde_json::Map<_, _> = [(ada.member().to_string(), json!(99))]
        .into_iter()
        .collect();
    let at = json!(world.now());
    for (kind, fields) in [
        (
            Kind::DELIVERY,
            json!({"through": through, "clinic": "Riverbank", "at": at}),
        ),
        (
            Kind::OPENING,
            json!({"about": written.id, "by": "Dr Moss", "at": at}),
        ),
        (
            Kind::REPLY,
            json!({"about": written.id, "by": "Dr Moss", "body": "Stop all of it.", "at": at}),
        ),
    ] {
        let serde_json::Value::Object(fields) = fields else {
            panic!()
        };
        let change = create(&kind, &fields, ActorId::random(&*world.rng())).unwrap();
        let sealed = bad.seal(&Payload {
            document: DocumentId::random(&*world.rng()),
            kind,
            projection: serde_json::Value::Object(fields).to_string(),
            change: change.raw,
        });
        bad.push_ok(&[sealed]);
    }
    ada.sync().unwrap();
    let said = ada.entry(written.id).unwrap().delivery;
    assert_eq!(said, companion_core::patient::DeliveryState::Sent);
    assert!(
        ada.replies(written.id).unwrap().is_empty(),
        "a reply is the clinic's word or nobody's"
    );
    clinic.sync().unwrap();
    let page = clinic.entry(ada.record.unwrap(), written.id).unwrap();
    assert!(page.replies.is_empty() && page.openings.is_empty());
}

#[test]
fn a_forged_chain_is_refused_by_the_server_and_by_clients_that_a_lying_server_gives_it() {
    let (world, clinic, ada) = clinic_and_ada();
    let insider = Insider::of(&ada, "care");
    let chain = path::chain(insider.space);
    let stranger = Identity::generate(&*world.rng());
    let now = world.now();
    // A stranger turns the key and keeps himself in.
    let key = insider.keys.values().next_back().unwrap();
    let (rotate, _) =
        membership::rotate(&stranger, &insider.chain, key, &[], now, &*world.rng()).unwrap();
    let answer = insider.send(Method::Post, &chain, "", rotate.bytes().to_vec());
    assert_eq!(code(&answer), Some(ErrorCode::InvalidStatement));
    // A member's statement with one bit of it changed.
    let (honest, _) =
        membership::rotate(&insider.me, &insider.chain, key, &[], now, &*world.rng()).unwrap();
    for at in [3, 40, 80, 200, honest.bytes().len() - 1] {
        let mut bytes = honest.bytes().to_vec();
        bytes[at] ^= 1;
        let answer = insider.send(Method::Post, &chain, "", bytes);
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
    let place = honest.place();
    let without = StatementBody::Rotate(Rotate {
        wrapped,
        ..body.clone()
    });
    let unfair = Statement::sign(insider.me.signing_key(), place, 1, without);
    let answer = insider.send(Method::Post, &chain, "", unfair.bytes().to_vec());
    assert_eq!(code(&answer), Some(ErrorCode::InvalidStatement));
    // A removal of somebody who was never in.
    let removals = vec![Removal {
        member: stranger.member(),
        last_counter: Counter(0),
    }];
    let odd = StatementBody::Rotate(Rotate { removals, ..body });
    let odd = Statement::sign(insider.me.signing_key(), place, 1, odd);
    let answer = insider.send(Method::Post, &chain, "", odd.bytes().to_vec());
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
    let forged = rotate.bytes().to_vec();
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
fn a_writer_can_neither_invite_nor_remove() {
    let (world, _clinic, ada) = clinic_and_ada();
    let insider = Insider::of(&ada, "care");
    let rng = world.rng();
    let key = insider.keys.values().next_back().unwrap();
    let until = u64::try_from(world.now().unix_ms).unwrap() + 60_000;
    let (open, secret) = membership::invite(
        &insider.me,
        &insider.chain,
        key,
        Role::Writer,
        world.now(),
        until,
        &*rng,
    )
    .unwrap();
    let chain_path = path::chain(insider.space);
    assert_eq!(
        insider
            .send(Method::Post, &chain_path, "", open.bytes().to_vec())
            .status,
        201
    );
    let mut chain = insider.chain.clone();
    chain.extend(&open).unwrap();
    let writer = Identity::generate(&*rng);
    let (join, key) = membership::join(&writer, &chain, &secret, world.now()).unwrap();
    let send = |body: Vec<u8>| {
        let nonce = random(&*rng);
        insider.transmit(&signed(
            &world,
            writer.signing_key(),
            Method::Post,
            (&chain_path, ""),
            body,
            &nonce,
        ))
    };
    assert_eq!(send(join.bytes().to_vec()).status, 201);
    chain.extend(&join).unwrap();
    let (invite, _) = membership::invite(
        &writer,
        &chain,
        &key,
        Role::Admin,
        world.now(),
        until,
        &*rng,
    )
    .unwrap();
    assert_eq!(
        code(&send(invite.bytes().to_vec())),
        Some(ErrorCode::InvalidStatement)
    );
    let (rotate, _) = membership::rotate(
        &writer,
        &chain,
        &key,
        &[(ada.member(), Counter(0))],
        world.now(),
        &*rng,
    )
    .unwrap();
    assert_eq!(
        code(&send(rotate.bytes().to_vec())),
        Some(ErrorCode::InvalidStatement)
    );
    ada.sync().unwrap();
}

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
    let alter: [(&str, fn(&mut Request)); 4] = [
        ("query", |r| r.query = "after=1&limit=5".to_owned()),
        ("path", |r| r.path = r.path.replace("changes", "chain")),
        ("method", |r| r.method = Method::Post),
        ("signature", |r| {
            r.headers.retain(|(name, _)| name != "signature")
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
    let stranger = Identity::generate(&*world.rng());
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
                previous_own: SealedHash::new([5; 32]),
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
                frontier: vec![(60_000, Counter(1))],
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
    let (world, clinic, ada) = clinic_and_ada();
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

#[test]
fn every_bit_of_a_sealed_change_is_under_its_signature() {
    let (_world, clinic, ada) = clinic_and_ada();
    let mut insider = Insider::of(&ada, "care");
    let change = insider.seal_plain(&pack(b"whatever").unwrap());
    for at in (0..change.bytes().len()).step_by(23) {
        let mut bytes = change.bytes().to_vec();
        bytes[at] ^= 0x10;
        let valid = SealedChange::parse(&bytes).is_ok_and(|c| c.verify_signature().is_ok());
        assert!(!valid, "byte {at}");
    }
    clinic.sync_cleanly();
}

#[test]
fn a_change_sent_twice_under_one_name_is_stored_once_and_another_under_that_name_never() {
    let (world, clinic, ada) = clinic_and_ada();
    let mut insider = Insider::of(&ada, "care");
    let document = DocumentId::random(&*world.rng());
    let first = insider.seal(&entry(&world, document, "first", "first"));
    insider.push_ok(std::slice::from_ref(&first));
    let stored = world.server().stored_changes();
    insider.push_ok(std::slice::from_ref(&first));
    let header = Header {
        id: first.header().id,
        ..insider.next_header()
    };
    let plain = pack(&entry(&world, document, "second", "second").encode()).unwrap();
    let same_name = insider.seal_under(header, &plain);
    // By its own author it is taken for a repetition, and the first stays.
    insider.push_ok(&[same_name]);
    assert_eq!(world.server().stored_changes(), stored);
    // By somebody else it is refused.
    let thief = Insider::of_clinic(&clinic, &ada);
    let header = Header {
        id: first.header().id,
        ..thief.next_header()
    };
    let stolen = thief.seal_under(header, &plain);
    assert_eq!(code(&thief.push(&[stolen])), Some(ErrorCode::InvalidChange));
    clinic.sync_cleanly();
    assert_eq!(clinic.texts_of(&ada), ["first"]);
}
