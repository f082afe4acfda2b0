//! Servers that never come to the end of a chain.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use companion_core::CoreError;
use companion_core::domain::Purpose;
use companion_core::ports::{Method, Request, Response};
use companion_core::protocol::api::{ChainPage, path};
use companion_core::protocol::chain::{ChainError, MAX_CHAIN_BYTES};
use companion_core::protocol::id::{Epoch, Incarnation, StatementHash};
use companion_core::protocol::statement::{
    ChainPosition, MAX_STATEMENT, Role, Rotate, Statement, StatementBody,
};
use companion_core::testing::space::SpaceError;
use companion_core::testing::space::identity::Identity;
use companion_core::testing::space::invitation::{Invite, PairingLink};
use companion_core::testing::space::membership::{self, InviteSecret};
use companion_tests::{World, at_length, stranger};

/// Beyond this a phone would go on asking for as long as it is answered.
const PATIENCE: usize = 20;

/// Says of every chain that there is more of it, with or without what there is. Counts how often it is
/// asked, and gives up answering where a phone asks on and on.
fn without_end(
    length: u64,
    empty: bool,
    asked: Arc<AtomicUsize>,
) -> impl FnMut(&Request, Response) -> Response + Send + 'static {
    move |request, mut answer| {
        if request.method != Method::Get || !request.path.ends_with("/chain") {
            return answer;
        }
        if asked.fetch_add(1, Ordering::SeqCst) >= PATIENCE {
            answer.status = 500;
        } else if let Ok(mut page) = ChainPage::decode(&answer.body) {
            page.length = page.length.max(1) + length;
            if empty {
                page.statements.clear();
            }
            answer.body = page.encode();
        }
        answer
    }
}

#[test]
fn a_chain_without_end_is_not_read() {
    for length in [1 << 40, 1] {
        let world = World::in_memory(11);
        let clinic = world.clinic("Riverbank");
        let link = clinic.invite("Ada").link;
        let ada = world.phone("Ada");
        let asked = Arc::new(AtomicUsize::new(0));
        ada.faults()
            .rewrite(without_end(length, false, Arc::clone(&asked)));
        let paired = ada.pair(&link);
        assert!(
            matches!(paired, Err(CoreError::BadAnswer(_))),
            "{length}: {paired:?}"
        );
        assert!(asked.load(Ordering::SeqCst) <= 2, "{length}: {asked:?}");
        ada.faults().heal();
        ada.pair(&link).unwrap();
    }
}

#[test]
fn a_chain_that_grows_without_end_is_not_followed() {
    for (length, empty) in [(1 << 40, false), (1, true)] {
        let world = World::in_memory(12);
        let clinic = world.clinic("Riverbank");
        let ada = clinic.with_patient("Ada");
        clinic.reinvite(ada.record.unwrap()).unwrap();
        let asked = Arc::new(AtomicUsize::new(0));
        ada.faults()
            .rewrite(without_end(length, empty, Arc::clone(&asked)));
        let report = ada.sync();
        let told = match &report {
            Ok(report) => format!("{:?}", report.problems),
            Err(error) => format!("{error:?}"),
        };
        assert!(told.contains("answer makes no sense"), "{length}: {told}");
        assert!(asked.load(Ordering::SeqCst) <= 2, "{length}: {asked:?}");
        ada.faults().heal();
        ada.sync_cleanly();
    }
}

/// A link and a server of one hand: a chain of which each statement is allowed, as long as it may be.
#[test]
fn a_chain_fills_no_phones_memory() {
    const STATEMENTS: u64 = 1_000;
    let world = World::in_memory(13);
    let founder = stranger(&world);
    let (create, _) = membership::found(&founder, Role::Host, world.now(), &*world.rng()).unwrap();
    let space = create.space();
    let link = PairingLink {
        server: world.server().url(),
        clinic: "Riverbank".to_owned(),
        invites: vec![Invite {
            purpose: Purpose::Care,
            space,
            secret: InviteSecret::new([1; 32]),
            head: StatementHash::new([1; 32]),
        }],
        records: Vec::new(),
    };
    let phone = world.phone("victim");
    let served = Arc::new(AtomicUsize::new(0));
    let (serving, mut newest) = (Arc::clone(&served), None::<Statement>);
    phone.faults().rewrite(move |request, mut answer| {
        if request.method != Method::Get || request.path != path::chain(space) {
            return answer;
        }
        let mut page = Vec::new();
        while page.len() < 60 {
            let next = match &newest {
                None => create.clone(),
                Some(before) => turned(&founder, &create, before),
            };
            page.push(next.bytes().to_vec());
            newest = Some(next);
        }
        let bytes = page.iter().map(Vec::len).sum();
        serving.fetch_add(bytes, Ordering::SeqCst);
        answer.status = 200;
        answer.body = ChainPage {
            incarnation: Incarnation::new([1; 16]),
            length: STATEMENTS,
            statements: page,
        }
        .encode();
        answer
    });
    let paired = phone.pair(&link.to_text());
    let full = SpaceError::Chain(ChainError::NoRoom);
    assert!(
        matches!(&paired, Err(CoreError::Space(error)) if *error == full),
        "{paired:?}"
    );
    let a_page = 60 * MAX_STATEMENT;
    let most = usize::try_from(MAX_CHAIN_BYTES).unwrap() + a_page;
    assert!(served.load(Ordering::SeqCst) <= most, "{served:?}");
}

/// The founder's next rotation, as long as it may be.
fn turned(founder: &Identity, create: &Statement, before: &Statement) -> Statement {
    let StatementBody::Create(created) = create.body() else {
        panic!("it founds");
    };
    let position = ChainPosition {
        space: create.space(),
        sequence: before.sequence() + 1,
        previous: before.hash(),
    };
    let rotate = Rotate {
        epoch: Epoch(u32::try_from(position.sequence).unwrap()),
        commitment: created.commitment,
        previous_keys: Vec::new(),
        removals: Vec::new(),
        refused: Vec::new(),
        admitted: Vec::new(),
        enrolled: Vec::new(),
        wrapped: vec![(founder.member(), created.wrapped.clone())],
    };
    let (key, body) = (founder.signing_key(), StatementBody::Rotate(rotate));
    at_length(key, &Statement::sign(key, position, 0, body))
}
