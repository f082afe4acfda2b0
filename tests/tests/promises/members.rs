//! Members that do not keep to the rules: what they send is contained and named.

use companion_core::WarningCode;
use companion_core::domain::{DeliveryReceipt, DocumentId, Entry, ReadReceipt, Reply};
use companion_core::ports::{Method, random};
use companion_core::protocol::api::{ChainRun, path};
use companion_core::protocol::chain::Chain;
use companion_core::protocol::change::{Header, SealedChange};
use companion_core::protocol::id::Counter;
use companion_core::protocol::statement::{LastChange, Removal, Role, Statement};
use companion_core::records::Query;
use companion_core::testing::space::membership;
use companion_core::testing::space::payload::{Payload, pack};
use companion_core::testing::space::rotation::{self, Change};
use companion_tests::{Insider, entry_payload, new_payload, signed, stranger};
use ed25519_dalek::SigningKey;

use crate::clinic_and_ada;

#[test]
fn a_members_garbage_is_put_into_quarantine_and_named_and_the_rest_flows() {
    let (world, clinic, ada) = clinic_and_ada();
    let mut insider = Insider::of(&ada.second_phone(), "care");
    let new = || DocumentId::random(&*world.rng());
    let good = entry_payload(&world, new(), "fine", "fine");
    let mut changes = vec![
        insider.seal_plain(&[7; 1024]),
        insider.seal_plain(&pack(b"not a payload").unwrap()),
        insider.seal(&Payload {
            change: b"not a change".to_vec(),
            ..entry_payload(&world, new(), "a", "a")
        }),
        insider.seal(&Payload {
            projection: "{not json".to_owned(),
            ..entry_payload(&world, new(), "b", "b")
        }),
        insider.seal(&Payload {
            projection: "[1,2]".to_owned(),
            ..entry_payload(&world, new(), "c", "c")
        }),
    ];
    let header = insider.next_header();
    let mut broken = insider.seal_under(header, &pack(&good.encode()).unwrap());
    // A seal made with another key under the right header and a right signature.
    let other = companion_core::testing::space::keys::EpochKey::generate(&*world.rng());
    let header = broken.header().clone();
    broken = companion_core::testing::space::seal::seal(
        &insider.me,
        &other,
        header,
        &pack(&good.encode()).unwrap(),
        &*world.rng(),
    )
    .unwrap();
    insider.last = (broken.header().counter, broken.history());
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
    let lie = insider.seal(&entry_payload(
        &world,
        document,
        "I am fine.",
        "I am not fine.",
    ));
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
    let overwrite = bad.seal(&entry_payload(
        &world,
        secret.id,
        "What they put there.",
        "What they put there.",
    ));
    // And with a kind that it may write.
    let reply = Reply {
        about: secret.id,
        body: "What they put there.".to_owned(),
        by: "Dr Moss".to_owned(),
        at: world.now(),
    };
    let instead = bad.seal(&new_payload(&world, secret.id, &reply));
    bad.push_ok(&[overwrite, instead]);
    let report = ada.sync().unwrap();
    let codes: Vec<WarningCode> = report.warnings.iter().map(|w| w.code).collect();
    assert_eq!(
        codes,
        [WarningCode::WrongWriter, WarningCode::NameTaken],
        "{report:?}"
    );
    let view = ada.get::<Entry>(secret.id).unwrap();
    assert_eq!(
        (view.content.body.as_str(), view.shared),
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
    let new = || DocumentId::random(&*world.rng());
    let (by, at) = ("Dr Moss".to_owned(), world.now());
    let claims = [
        new_payload(
            &world,
            new(),
            &DeliveryReceipt {
                through: [(ada.member(), Counter(99))].into(),
                steps: std::collections::BTreeMap::new(),
                clinic: "Riverbank".to_owned(),
                at,
            },
        ),
        new_payload(
            &world,
            new(),
            &ReadReceipt {
                about: written.id,
                revision: written.revision.clone(),
                words: String::new(),
                by: by.clone(),
                at,
            },
        ),
        new_payload(
            &world,
            new(),
            &Reply {
                about: written.id,
                body: "Stop all of it.".to_owned(),
                by,
                at,
            },
        ),
    ];
    for claim in claims {
        let sealed = bad.seal(&claim);
        bad.push_ok(&[sealed]);
    }
    ada.sync().unwrap();
    let said = ada.get::<Entry>(written.id).unwrap().delivery;
    assert_eq!(said, companion_core::records::DeliveryState::Sent);
    assert!(
        ada.replies(written.id).is_empty(),
        "a reply is the clinic's word or nobody's"
    );
    clinic.sync().unwrap();
    let patient = ada.record.unwrap();
    assert_eq!(
        clinic
            .count(patient, &Query::<Reply>::about(written.id))
            .unwrap(),
        0
    );
    assert_eq!(
        clinic
            .count(patient, &Query::<ReadReceipt>::about(written.id))
            .unwrap(),
        0
    );
}

#[test]
fn a_writer_can_neither_invite_nor_remove() {
    let (world, _clinic, ada) = clinic_and_ada();
    let insider = Insider::of(&ada, "care");
    let rng = world.rng();
    let until = u64::try_from(world.now().unix_ms).unwrap() + 60_000;
    let now = world.now();
    let (open, secret) =
        membership::invite(&insider.me, &insider.chain, Role::Writer, now, until, &*rng);
    assert_eq!(insider.offer(&open).status, 201);
    let mut chain = insider.chain.clone();
    chain.extend(&open).unwrap();
    let writer = stranger(&world);
    let join = membership::join(&writer, &chain, &secret, now).unwrap();
    let chain_path = path::chain(insider.space);
    let send = |key: &SigningKey, statement: &Statement| {
        let body = ChainRun::one(statement.bytes()).encode();
        let place = (&*chain_path, "");
        let nonce = random(&*rng);
        insider.transmit(&signed(&world, key, Method::Post, place, body, &nonce))
    };
    assert_eq!(send(&secret.signing_key(), &join).status, 201);
    chain.extend(&join).unwrap();
    // Pending, it may say nothing of others; nor may it once it is let in as a writer.
    let tries = |chain: &Chain| {
        let (invite, _) = membership::invite(&writer, chain, Role::Device, now, until, &*rng);
        let removed = Removal {
            member: ada.member(),
            last: LastChange::NONE,
        };
        let change = Change {
            remove: vec![removed],
            ..Change::default()
        };
        let keys = &insider.keys;
        let (rotate, _) = rotation::rotate(&writer, chain, keys, &[], change, now, &*rng).unwrap();
        for statement in [&invite, &rotate] {
            let answer = send(writer.signing_key(), statement);
            assert!((400..500).contains(&answer.status), "{}", answer.status);
        }
    };
    tries(&chain);
    let answer = membership::answer(&insider.me, &chain, writer.member(), now, &*rng);
    assert_eq!(insider.offer(&answer).status, 201);
    chain.extend(&answer).unwrap();
    let change = Change {
        admit: vec![writer.member()],
        ..Change::default()
    };
    let (admit, _) =
        rotation::rotate(&insider.me, &chain, &insider.keys, &[], change, now, &*rng).unwrap();
    assert_eq!(insider.offer(&admit).status, 201);
    chain.extend(&admit).unwrap();
    tries(&chain);
    ada.sync().unwrap();
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
fn a_change_sent_twice_under_one_name_is_stored_once_and_another_of_its_author_under_that_name_never()
 {
    let (world, clinic, ada) = clinic_and_ada();
    let mut insider = Insider::of(&ada, "care");
    let document = DocumentId::random(&*world.rng());
    let first = insider.seal(&entry_payload(&world, document, "first", "first"));
    insider.push_ok(std::slice::from_ref(&first));
    let stored = world.server().stored_changes();
    insider.push_ok(std::slice::from_ref(&first));
    let header = Header {
        id: first.header().id,
        ..insider.next_header()
    };
    let plain = pack(&entry_payload(&world, document, "second", "second").encode()).unwrap();
    let same_name = insider.seal_under(header, &plain);
    // By its own author it is taken for a repetition, and the first stays.
    insider.push_ok(&[same_name]);
    assert_eq!(world.server().stored_changes(), stored);
    clinic.sync_cleanly();
    let stored = world.server().stored_changes();
    // Somebody else's change of that name is another change.
    let thief = Insider::of_clinic(&clinic, &ada);
    let header = Header {
        id: first.header().id,
        ..thief.next_header()
    };
    thief.push_ok(&[thief.seal_under(header, &plain)]);
    assert_eq!(world.server().stored_changes().len(), stored.len() + 1);
    clinic.sync().unwrap();
    assert_eq!(clinic.texts_of(&ada), ["first"]);
}
