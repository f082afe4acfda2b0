//! Whoever tells two members different things, with the server's help, is proven a liar to both, whatever is
//! laid down beside the proof.

use companion_core::WarningCode;
use companion_core::domain::{DocumentId, Evidence, Projection};
use companion_core::ports::Method;
use companion_core::protocol::api::{PullPage, path};
use companion_core::protocol::change::{Header, SealedChange};
use companion_core::protocol::id::{ContentHash, Counter};
use companion_core::records::Query;
use companion_core::testing::space::payload::pack;
use companion_core::{StandingWarning, domain::Content as _};
use companion_tests::{Insider, Node, Phone, World, edit_payload, entry_payload, new_payload};

use super::shown_instead;

/// A clinic and a patient with two phones, all of whom have read everything.
fn three(world: &World) -> (Node, Phone, Phone) {
    let clinic = world.clinic("Riverbank");
    let ada = clinic.with_patient("Ada");
    let tablet = ada.second_phone();
    ada.rename_phone("Ada's phone").unwrap();
    ada.sync_cleanly();
    tablet.sync_cleanly();
    clinic.sync_cleanly();
    (clinic, ada, tablet)
}

/// The next change of an insider, and another one under the same count.
fn two_changes(world: &World, liar: &Insider) -> (SealedChange, SealedChange) {
    let sealed = |text: &str, header: Header| {
        let fresh = DocumentId::random(&*world.rng());
        let payload = entry_payload(world, fresh, text, text);
        liar.seal_under(header, &pack(&payload.encode()).unwrap())
    };
    let first = sealed("For the clinic.", liar.next_header());
    (first, sealed("For Ada.", liar.next_header()))
}

/// The tablet and the server work together: one change for the clinic, another under the same count for
/// Ada's phone. Then everybody goes on as always.
fn told_two_things(
    world: &World,
    clinic: &Node,
    ada: &Phone,
    liar: &mut Insider,
) -> [SealedChange; 2] {
    let (for_clinic, for_ada) = two_changes(world, liar);
    liar.push_ok(std::slice::from_ref(&for_clinic));
    liar.last = (for_clinic.header().counter, for_clinic.history());
    shown_instead(ada.faults(), liar.space, &for_clinic, &for_ada);
    ada.sync().unwrap();
    clinic.sync().unwrap();
    assert_eq!(ada.texts(), ["For Ada."]);
    assert_eq!(clinic.texts_of(ada), ["For the clinic."]);
    // The clinic's next word says what it had read. Ada's phone was given something else, says so and
    // lays down what it was given; the clinic does the same.
    for _ in 0..3 {
        clinic.sync().unwrap();
        ada.sync().unwrap();
    }
    [for_clinic, for_ada]
}

fn proofs(warnings: Vec<StandingWarning>) -> Vec<String> {
    let proofs = warnings.into_iter();
    let proofs = proofs.filter(|warning| warning.code == Some(WarningCode::Equivocated));
    proofs.map(|warning| warning.detail).collect()
}

fn lay_down(world: &World, insider: &mut Insider, evidence: &Evidence) -> DocumentId {
    let document = DocumentId::random(&*world.rng());
    let change = insider.seal(&new_payload(world, document, evidence));
    insider.push_ok(&[change]);
    document
}

fn piece(change: &SealedChange) -> Evidence {
    let header = change.header();
    Evidence::new(header.author, header.counter, change.bare().bytes())
}

#[test]
fn two_histories_of_one_author_are_proven_to_the_two_who_were_lied_to() {
    let world = World::in_memory(2);
    let (clinic, ada, tablet) = three(&world);
    let mut liar = Insider::of(&tablet, "care");
    let told = told_two_things(&world, &clinic, &ada, &mut liar);
    let warnings = ada.status().unwrap().warnings;
    let said = |code| warnings.iter().find(|w| w.code == Some(code));
    let contradicted = said(WarningCode::Contradicted).expect("it is noticed");
    assert!(
        contradicted.detail.contains("the clinic"),
        "{contradicted:?}"
    );
    assert_eq!(proofs(clinic.warnings().unwrap()).len(), 1);
    assert_eq!(proofs(warnings).len(), 1);
    // Both halves are in the record of both, signed by the one who told both.
    let halves = ada.all(Query::<Evidence>::all());
    let mut histories: Vec<_> = halves
        .iter()
        .map(|half| {
            let bytes = half.content.bytes().unwrap();
            let change = SealedChange::parse(&bytes).unwrap();
            change.verify_signature().unwrap();
            assert!(change.is_bare());
            assert_eq!(change.header().author, tablet.member());
            change.history()
        })
        .collect();
    histories.sort_unstable();
    let mut expected = told.map(|change| change.history()).to_vec();
    expected.sort_unstable();
    assert_eq!(histories, expected);
}

#[test]
fn junk_laid_down_beside_a_proof_hides_nothing() {
    let world = World::in_memory(3);
    let (clinic, ada, tablet) = three(&world);
    let mut liar = Insider::of(&tablet, "care");
    // Noise; forged headers of the liar's own counts, known and to come; and genuine ones to come.
    let forged = |counter: u64, signed: bool| {
        let header = Header {
            counter: Counter(counter),
            previous_own: companion_core::protocol::id::HistoryHash::new([counter as u8; 32]),
            content: ContentHash::new([7; 32]),
            ..liar.next_header()
        };
        let change = liar.seal_under(header, &[0; 1024]).bare();
        let mut bytes = change.bytes().to_vec();
        if !signed {
            *bytes.last_mut().unwrap() ^= 1;
        }
        Evidence::new(liar.me.member(), Counter(counter), &bytes)
    };
    let mut junk = Vec::new();
    for n in 2..40 {
        junk.push(Evidence::new(liar.me.member(), Counter(n), &[n as u8; 64]));
        junk.push(forged(n, false));
        junk.push(forged(n + 1_000, true));
    }
    for evidence in &junk {
        lay_down(&world, &mut liar, evidence);
    }
    ada.sync().unwrap();
    clinic.sync().unwrap();
    assert_eq!(proofs(ada.status().unwrap().warnings), [""; 0]);
    told_two_things(&world, &clinic, &ada, &mut liar);
    assert_eq!(proofs(clinic.warnings().unwrap()).len(), 1);
    assert_eq!(proofs(ada.status().unwrap().warnings).len(), 1);
}

#[test]
fn a_piece_that_comes_before_what_it_speaks_of_has_room_that_no_other_member_takes() {
    let world = World::in_memory(6);
    let (clinic, ada, tablet) = three(&world);
    let mut liar = Insider::of(&tablet, "care");
    let (told, other) = two_changes(&world, &liar);
    liar.push_ok(std::slice::from_ref(&told));
    liar.last = (told.header().counter, told.history());
    // The liar claims to have written hundreds more, and the server keeps back what it did write.
    for n in 0..100 {
        let header = Header {
            counter: Counter(told.header().counter.0 + 1_000 + n),
            previous_own: told.history(),
            content: ContentHash::new([7; 32]),
            ..liar.next_header()
        };
        let claimed = liar.seal_under(header, &[0; 1024]);
        lay_down(&world, &mut liar, &piece(&claimed));
    }
    let mut node = Insider::of_clinic(&clinic, &ada);
    lay_down(&world, &mut node, &piece(&other));
    let (space, hidden) = (liar.space, told.bytes().to_vec());
    ada.faults().rewrite(move |request, mut answer| {
        if request.path == path::changes(space) && request.method == Method::Get {
            let mut page = PullPage::decode(&answer.body).unwrap();
            page.changes.retain(|(_, bytes)| *bytes != hidden);
            answer.body = page.encode();
        }
        answer
    });
    ada.sync().unwrap();
    assert_eq!(proofs(ada.status().unwrap().warnings), [""; 0]);
    ada.faults().heal();
    ada.sync().unwrap();
    assert_eq!(proofs(ada.status().unwrap().warnings).len(), 1);
}

#[test]
fn a_proof_that_somebody_wrote_over_still_proves() {
    let world = World::in_memory(4);
    let (clinic, ada, tablet) = three(&world);
    let mut liar = Insider::of(&tablet, "care");
    let (told, other) = two_changes(&world, &liar);
    liar.push_ok(std::slice::from_ref(&told));
    liar.last = (told.header().counter, told.history());
    // The clinic shows the other half, and the liar writes over it before anybody reads it.
    let mut node = Insider::of_clinic(&clinic, &ada);
    let document = lay_down(&world, &mut node, &piece(&other));
    let known = liar.readable(&world.server().stored_changes());
    let payload = edit_payload(
        &world,
        &known,
        document,
        &Evidence::SHAPE,
        |row: &mut Projection| {
            row.insert("header".to_owned(), "nothing".into());
            row.insert(
                "deleted_at".to_owned(),
                "2026-03-02T09:00:00.000+00:00".into(),
            );
        },
    );
    let over = liar.seal(&payload);
    liar.push_ok(&[over]);
    ada.sync().unwrap();
    let proven = proofs(ada.status().unwrap().warnings);
    assert_eq!(proven.len(), 1);
    assert!(
        proven[0].contains(&told.header().counter.to_string()),
        "{proven:?}"
    );
}

#[test]
fn one_name_and_count_with_another_content_is_proof_in_whatever_epoch() {
    let world = World::in_memory(5);
    let (clinic, ada, tablet) = three(&world);
    let liar = Insider::of(&tablet, "care");
    let (told, other) = two_changes(&world, &liar);
    liar.push_ok(std::slice::from_ref(&told));
    ada.sync_cleanly();
    // The key turns, and the same change is sealed again: with something else inside.
    let third = ada.second_phone();
    ada.remove_device(third.member()).unwrap();
    tablet.sync().unwrap();
    let later = Insider::of(&tablet, "care");
    assert!(later.chain.epoch() > liar.chain.epoch());
    let again = |content| Header {
        content,
        epoch: later.chain.epoch(),
        chain_head: later.chain.head(),
        ..told.header().clone()
    };
    clinic.sync().unwrap();
    let sealed_again = later.seal_under(again(told.header().content), &[0; 1024]);
    let mut node = Insider::of_clinic(&clinic, &ada);
    lay_down(&world, &mut node, &piece(&sealed_again));
    ada.sync().unwrap();
    assert_eq!(
        proofs(ada.status().unwrap().warnings),
        [""; 0],
        "the same change"
    );
    let rewritten = later.seal_under(again(other.header().content), &[0; 1024]);
    lay_down(&world, &mut node, &piece(&rewritten));
    ada.sync().unwrap();
    assert_eq!(proofs(ada.status().unwrap().warnings).len(), 1);
}
