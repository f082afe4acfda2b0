//! One test for each reason to refuse a statement. Who may decide what is searched in `authority`, and
//! shown here with real statements once for each rule.

mod authority_rules;
mod room;
mod rotations;

use companion_protocol::chain::{Chain, ChainError};
use companion_protocol::id::{InviteKey, SpaceId, StatementHash};
use companion_protocol::statement::{ChainPosition, MAX_MEMBERS, Role, Statement, StatementBody};
use ed25519_dalek::SigningKey;

use crate::fixtures::{
    NOW, Space, TOMORROW, Turn, answer, create, end, hpke, id, invite, invite_key_of, join, key,
    leave,
};

fn clinic() -> SigningKey {
    key(1)
}

/// Founded by the clinic's node.
fn founded() -> Space {
    Space::founded_by(&clinic(), Role::Host)
}

#[test]
fn a_chain_begins_with_a_founding() {
    let inviting = Statement::sign(
        &clinic(),
        ChainPosition::FIRST,
        NOW,
        invite(&key(9), Role::Writer),
    );
    assert_eq!(
        Chain::start(&inviting).unwrap_err(),
        ChainError::NotAFounding
    );
    assert_eq!(
        Chain::from_statements([]).unwrap_err(),
        ChainError::NotAFounding
    );
}

#[test]
fn after_its_end_a_space_takes_nothing() {
    let (phone, tablet, door) = (key(2), key(3), key(9));
    let mut space = founded();
    space.admit(&clinic(), &phone, Role::Device);
    space.admit(&phone, &tablet, Role::Device);
    space.say(&phone, invite(&door, Role::Device)).unwrap();
    space.say(&phone, end()).unwrap();
    let ended = space.chain.ended().unwrap();
    assert_eq!(
        (ended.by, ended.sequence, ended.keep_days),
        (id(&phone), space.chain.length() - 1, 30)
    );
    let rotation = StatementBody::Rotate(space.rotation(Turn::default()));
    let through = join(space.id(), &key(4), &door);
    for (who, body) in [
        (&phone, end()),
        (&phone, leave(0)),
        (&phone, rotation.clone()),
        (&clinic(), rotation),
        (&clinic(), invite(&key(10), Role::Device)),
        (&tablet, leave(0)),
        (&key(4), through),
    ] {
        assert_eq!(space.say(who, body), Err(ChainError::Ended));
    }
    let open = space.chain.open_invites().count();
    assert_eq!(open, 0, "nobody is waited for any more");
    let everybody = space.chain.present_members().count();
    assert_eq!(everybody, 3, "whoever was there may still read");
}

#[test]
fn a_device_or_a_host_founds() {
    for (role, founds) in [
        (Role::Device, true),
        (Role::Host, true),
        (Role::Words, false),
        (Role::Writer, false),
        (Role::Reader, false),
    ] {
        let body = create(1, &clinic(), role);
        let first = Statement::sign(&clinic(), ChainPosition::FIRST, NOW, body);
        assert_eq!(Chain::start(&first).is_ok(), founds, "{role:?}");
    }
}

#[test]
fn a_chain_has_only_one_founding() {
    let mut space = founded();
    assert_eq!(
        space.say(&clinic(), create(2, &clinic(), Role::Host)),
        Err(ChainError::NotAFounding)
    );
}

#[test]
fn a_founding_stands_in_the_first_place() {
    let positions = [
        ChainPosition {
            space: SpaceId::new([1; 32]),
            ..ChainPosition::FIRST
        },
        ChainPosition {
            sequence: 1,
            ..ChainPosition::FIRST
        },
        ChainPosition {
            previous: StatementHash::new([1; 32]),
            ..ChainPosition::FIRST
        },
    ];
    for position in positions {
        let body = create(1, &clinic(), Role::Host);
        let statement = Statement::sign(&clinic(), position, NOW, body);
        assert_eq!(
            Chain::start(&statement).unwrap_err(),
            ChainError::NotTheHead,
            "{position:?}"
        );
    }
}

#[test]
fn a_space_is_named_by_its_founding() {
    let space = founded();
    assert_eq!(space.id().as_bytes(), space.hash(0).as_bytes());
    let body = create(2, &clinic(), Role::Host);
    let other = Statement::sign(&clinic(), ChainPosition::FIRST, NOW, body);
    let other = Chain::start(&other).unwrap();
    assert_ne!(other.space(), space.id());
    assert_ne!(other.binding(), space.chain.binding());
}

#[test]
fn a_statement_of_another_space_is_refused() {
    let mut space = founded();
    let position = ChainPosition {
        space: SpaceId::new([7; 32]),
        ..space.next()
    };
    let elsewhere = Statement::sign(&clinic(), position, NOW, invite(&key(9), Role::Writer));
    assert_eq!(space.offer(elsewhere), Err(ChainError::OtherSpace));
}

#[test]
fn a_statement_extends_the_head_and_nothing_else() {
    let mut space = founded();
    space.wait(&clinic(), &key(2), Role::Writer);
    let next = space.next();
    let positions = [
        ChainPosition {
            previous: space.hash(1),
            ..next
        },
        ChainPosition {
            previous: space.hash(1),
            sequence: 2,
            ..next
        },
        ChainPosition {
            sequence: next.sequence + 1,
            ..next
        },
        ChainPosition {
            sequence: next.sequence - 1,
            ..next
        },
    ];
    for position in positions {
        let statement = Statement::sign(&clinic(), position, NOW, answer(id(&key(2))));
        assert_eq!(
            space.offer(statement),
            Err(ChainError::NotTheHead),
            "{position:?}"
        );
    }
    let again = space.statements[2].clone();
    assert_eq!(space.offer(again), Err(ChainError::NotTheHead));
}

/// While it is open, after somebody came by it, and after a rotation closed it.
#[test]
fn an_invites_key_is_never_used_twice() {
    let mut space = founded();
    let again = |space: &mut Space, seed| {
        let said = space.say(&clinic(), invite(&key(seed), Role::Device));
        assert_eq!(said, Err(ChainError::InviteUnusable));
    };
    for seed in [8, 9] {
        space
            .say(&clinic(), invite(&key(seed), Role::Writer))
            .unwrap();
    }
    again(&mut space, 9);
    let through = join(space.id(), &key(2), &key(9));
    space.say(&key(2), through).unwrap();
    again(&mut space, 9);
    space.turn(&clinic(), Turn::default()).unwrap();
    again(&mut space, 8);
    again(&mut space, 9);
}

#[test]
fn there_are_only_so_many_open_invites() {
    let mut space = founded();
    for seed in 100..100 + u8::try_from(MAX_MEMBERS).unwrap() {
        space
            .say(&clinic(), invite(&key(seed), Role::Writer))
            .unwrap();
    }
    let one_more = space.say(&clinic(), invite(&key(99), Role::Writer));
    assert_eq!(one_more, Err(ChainError::InviteUnusable));
}

#[test]
fn an_unknown_invite_brings_nobody() {
    let mut space = founded();
    let through = join(space.id(), &key(2), &key(9));
    assert_eq!(space.say(&key(2), through), Err(ChainError::InviteUnusable));
}

#[test]
fn an_invite_brings_one() {
    let mut space = founded();
    space.say(&clinic(), invite(&key(9), Role::Writer)).unwrap();
    let through = join(space.id(), &key(2), &key(9));
    space.say(&key(2), through).unwrap();
    assert!(space.chain.open_invite(&invite_key_of(&key(9))).is_none());
    let second = join(space.id(), &key(3), &key(9));
    assert_eq!(space.say(&key(3), second), Err(ChainError::InviteUnusable));
}

#[test]
fn an_invite_ends_after_its_last_millisecond() {
    for (at, expected) in [
        (TOMORROW, Ok(())),
        (TOMORROW + 1, Err(ChainError::InviteUnusable)),
    ] {
        let mut space = founded();
        space.say(&clinic(), invite(&key(9), Role::Writer)).unwrap();
        let through = join(space.id(), &key(2), &key(9));
        let joining = Statement::sign(&key(2), space.next(), at, through);
        assert_eq!(space.offer(joining), expected);
    }
}

#[test]
fn the_invites_signature_binds_space_newcomer_and_receiving_key() {
    let mut space = founded();
    space.say(&clinic(), invite(&key(9), Role::Writer)).unwrap();
    let elsewhere = join(SpaceId::new([7; 32]), &key(2), &key(9));
    let mut of_somebody_else = join(space.id(), &key(3), &key(9));
    let mut other_hpke_key = join(space.id(), &key(2), &key(9));
    let mut by_another_key = join(space.id(), &key(2), &key(8));
    if let StatementBody::Join(join) = &mut of_somebody_else {
        join.signing_key = id(&key(2));
    }
    if let StatementBody::Join(join) = &mut other_hpke_key {
        join.hpke_key = hpke(6);
    }
    if let StatementBody::Join(join) = &mut by_another_key {
        join.invite_key = invite_key_of(&key(9));
    }
    for body in [elsewhere, of_somebody_else, other_hpke_key, by_another_key] {
        assert_eq!(space.say(&key(2), body), Err(ChainError::InviteUnusable));
    }
    let through = join(space.id(), &key(2), &key(9));
    space.say(&key(2), through).unwrap();
}

#[test]
fn who_comes_by_a_link_waits_and_is_nothing_yet() {
    let mut space = founded();
    space.wait(&clinic(), &key(2), Role::Device);
    let waiting = space.chain.pending(&id(&key(2))).unwrap();
    assert_eq!((waiting.role, waiting.joined_at), (Role::Device, 2));
    assert_eq!(waiting.joined_by, space.hash(2));
    assert_eq!((waiting.invited_by, waiting.answer), (id(&clinic()), None));
    assert!(space.chain.member(&id(&key(2))).is_none());
    assert_eq!(space.chain.present_members().count(), 1);
}

#[test]
fn compare_words_are_made_from_the_join_and_the_answer() {
    let mut space = founded();
    space.wait(&clinic(), &key(2), Role::Device);
    assert!(
        space
            .chain
            .pending(&id(&key(2)))
            .unwrap()
            .compared()
            .is_none()
    );
    space.say(&clinic(), answer(id(&key(2)))).unwrap();
    let compared = space
        .chain
        .pending(&id(&key(2)))
        .unwrap()
        .compared()
        .unwrap();
    assert_eq!(compared.join, space.hash(2));
    assert_eq!(compared.answer, space.hash(3));
    let admit = Turn {
        admitted: &[&key(2)],
        ..Turn::default()
    };
    space.turn(&clinic(), admit).unwrap();
    let member = space.chain.present(&id(&key(2))).unwrap();
    assert_eq!(member.compared, Some(compared));
    assert_eq!((member.admitted_by, member.joined_at), (id(&clinic()), 4));
}

#[test]
fn nobody_comes_twice_not_even_after_a_removal() {
    let mut space = founded();
    space.admit(&clinic(), &key(2), Role::Writer);
    space.admit(&clinic(), &key(3), Role::Writer);
    space.remove(&clinic(), &key(3), 5);
    space.wait(&clinic(), &key(4), Role::Writer);
    space.wait(&clinic(), &key(5), Role::Writer);
    let turn_away = Turn {
        refused: &[&key(5)],
        ..Turn::default()
    };
    space.turn(&clinic(), turn_away).unwrap();
    space.wait(&clinic(), &key(6), Role::Writer);
    space.say(&key(6), leave(0)).unwrap();
    space.say(&clinic(), invite(&key(9), Role::Writer)).unwrap();
    for known in [clinic(), key(2), key(3), key(4), key(5), key(6)] {
        let again = join(space.id(), &known, &key(9));
        assert_eq!(space.say(&known, again), Err(ChainError::AlreadyKnown));
        let enrol = Turn {
            enrolled: &[(&known, Role::Host)],
            ..Turn::default()
        };
        assert_eq!(space.turn(&clinic(), enrol), Err(ChainError::AlreadyKnown));
    }
    assert!(space.chain.was_turned_away(&id(&key(5))));
    assert!(space.chain.was_turned_away(&id(&key(6))));
}

#[test]
fn a_full_space_takes_nobody_until_one_goes() {
    let mut space = founded();
    let seeds: Vec<u8> = (2..u8::try_from(MAX_MEMBERS).unwrap()).collect();
    let all: Vec<SigningKey> = seeds.iter().map(|seed| key(*seed)).collect();
    for some in all.chunks(30) {
        let hosts: Vec<(&SigningKey, Role)> = some.iter().map(|one| (one, Role::Host)).collect();
        let enrol = Turn {
            enrolled: &hosts,
            ..Turn::default()
        };
        space.turn(&clinic(), enrol).unwrap();
    }
    // The last place is taken by one who waits.
    space.wait(&clinic(), &key(199), Role::Writer);
    space
        .say(&clinic(), invite(&key(0xbb), Role::Writer))
        .unwrap();
    let newcomer = key(200);
    let through = join(space.id(), &newcomer, &key(0xbb));
    assert_eq!(space.say(&newcomer, through), Err(ChainError::Full));
    let one = [(&newcomer, Role::Host)];
    let enrol = || Turn {
        enrolled: &one,
        ..Turn::default()
    };
    assert_eq!(space.turn(&clinic(), enrol()), Err(ChainError::Full));

    space.remove(&clinic(), &key(2), 1);
    let rotation = space.statements.last().unwrap().bytes().len();
    assert!(
        rotation < companion_protocol::statement::MAX_STATEMENT,
        "{rotation}"
    );
    space.turn(&clinic(), enrol()).unwrap();
    let newest = space.chain.member(&id(&newcomer)).unwrap();
    assert_eq!(
        usize::from(newest.index),
        MAX_MEMBERS - 1,
        "an index is never given twice"
    );
}

#[test]
fn an_invite_is_found_by_its_key_alone() {
    let mut space = founded();
    space.say(&clinic(), invite(&key(9), Role::Reader)).unwrap();
    let open = space.chain.open_invite(&invite_key_of(&key(9))).unwrap();
    assert_eq!(
        (open.by, open.sequence, open.hash),
        (id(&clinic()), 1, space.hash(1))
    );
    assert!(space.chain.open_invite(&InviteKey::ZERO).is_none());
}

#[test]
fn whoever_leaves_says_what_it_wrote_last() {
    let mut space = founded();
    space.admit(&clinic(), &key(2), Role::Device);
    space.say(&key(2), leave(7)).unwrap();
    let gone = space.chain.member(&id(&key(2))).unwrap().removed.unwrap();
    assert_eq!((gone.by, gone.last.counter.0), (id(&key(2)), 7));
    assert_eq!(space.chain.epoch().0, 1, "leaving turns no key");
}
