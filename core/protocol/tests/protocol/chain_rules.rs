//! One test for each reason to refuse a statement.

use companion_protocol::chain::{Chain, ChainError};
use companion_protocol::id::{Epoch, InviteKey, SpaceId, StatementHash};
use companion_protocol::statement::{ChainPosition, MAX_MEMBERS, Role, Statement, StatementBody};

use crate::fixtures::{
    NOW, Space, TOMORROW, create, hpke, id, invite, invite_key_of, join, key, rotate,
};

fn founder() -> ed25519_dalek::SigningKey {
    key(1)
}

#[test]
fn a_chain_begins_with_a_founding() {
    let inviting = Statement::sign(
        &founder(),
        ChainPosition::FIRST,
        NOW,
        invite(&key(9), Role::Writer, 0),
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
fn a_chain_has_only_one_founding() {
    let mut space = Space::founded_by(&founder());
    assert_eq!(
        space.say(&founder(), create(2)),
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
        let statement = Statement::sign(&founder(), position, NOW, create(1));
        assert_eq!(
            Chain::start(&statement).unwrap_err(),
            ChainError::NotTheHead,
            "{position:?}"
        );
    }
}

#[test]
fn a_space_is_named_by_its_founding() {
    let space = Space::founded_by(&founder());
    assert_eq!(space.id().as_bytes(), space.hash(0).as_bytes());
    let other = Chain::start(&Statement::sign(
        &founder(),
        ChainPosition::FIRST,
        NOW,
        create(2),
    ))
    .unwrap();
    assert_ne!(other.space(), space.id());
}

#[test]
fn a_statement_of_another_space_is_refused() {
    let mut space = Space::founded_by(&founder());
    let position = ChainPosition {
        space: SpaceId::new([7; 32]),
        ..space.next()
    };
    let elsewhere = Statement::sign(&founder(), position, NOW, invite(&key(9), Role::Writer, 0));
    assert_eq!(space.offer(elsewhere), Err(ChainError::OtherSpace));
}

#[test]
fn a_statement_extends_the_head_and_nothing_else() {
    let mut space = Space::founded_by(&founder());
    space.admit(&founder(), &key(2), Role::Writer);
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
        let statement = Statement::sign(&founder(), position, NOW, space.rotation(&[]));
        assert_eq!(
            space.offer(statement),
            Err(ChainError::NotTheHead),
            "{position:?}"
        );
    }
    let again = space.statements[2].clone();
    assert_eq!(space.offer(again), Err(ChainError::NotTheHead));
}

#[test]
fn only_a_present_admin_invites_and_turns_the_key() {
    let (writer, reader, gone, stranger) = (key(2), key(3), key(4), key(5));
    let mut space = Space::founded_by(&founder());
    space.admit(&founder(), &writer, Role::Writer);
    space.admit(&founder(), &reader, Role::Reader);
    space.admit(&founder(), &gone, Role::Admin);
    space.rotate(&founder(), &[(id(&gone), 0)]);
    for who in [&writer, &reader, &gone, &stranger] {
        assert_eq!(
            space.say(who, invite(&key(9), Role::Reader, 1)),
            Err(ChainError::NotAllowed)
        );
        let rotation = space.rotation(&[]);
        assert_eq!(space.say(who, rotation), Err(ChainError::NotAllowed));
    }
}

#[test]
fn an_admin_who_joined_later_may_do_the_same() {
    let second = key(2);
    let mut space = Space::founded_by(&founder());
    space.admit(&founder(), &second, Role::Admin);
    space.admit(&second, &key(3), Role::Writer);
    space.rotate(&second, &[(id(&founder()), 4)]);
    assert!(space.chain.present(&id(&founder())).is_none());
}

#[test]
fn an_invite_that_is_open_is_not_opened_again() {
    let mut space = Space::founded_by(&founder());
    space
        .say(&founder(), invite(&key(9), Role::Writer, 0))
        .unwrap();
    let again = space.say(&founder(), invite(&key(9), Role::Admin, 0));
    assert_eq!(again, Err(ChainError::InviteUnusable));
}

#[test]
fn there_are_only_so_many_open_invites() {
    let mut space = Space::founded_by(&founder());
    for seed in 100..100 + u8::try_from(MAX_MEMBERS).unwrap() {
        space
            .say(&founder(), invite(&key(seed), Role::Writer, 0))
            .unwrap();
    }
    let one_more = space.say(&founder(), invite(&key(99), Role::Writer, 0));
    assert_eq!(one_more, Err(ChainError::InviteUnusable));
}

#[test]
fn an_invite_carries_the_present_epoch() {
    let mut space = Space::founded_by(&founder());
    space.rotate(&founder(), &[]);
    for epoch in [0, 2] {
        let inviting = space.say(&founder(), invite(&key(9), Role::Writer, epoch));
        assert_eq!(inviting, Err(ChainError::WrongEpoch));
    }
    space
        .say(&founder(), invite(&key(9), Role::Writer, 1))
        .unwrap();
}

#[test]
fn an_unknown_invite_lets_nobody_in() {
    let mut space = Space::founded_by(&founder());
    let through = join(space.id(), &key(2), &key(9));
    assert_eq!(space.say(&key(2), through), Err(ChainError::InviteUnusable));
}

#[test]
fn an_invite_lets_one_in() {
    let mut space = Space::founded_by(&founder());
    space
        .say(&founder(), invite(&key(9), Role::Writer, 0))
        .unwrap();
    let through = join(space.id(), &key(2), &key(9));
    space.say(&key(2), through).unwrap();
    assert!(space.chain.open_invite(&invite_key_of(&key(9))).is_none());
    let second = join(space.id(), &key(3), &key(9));
    assert_eq!(space.say(&key(3), second), Err(ChainError::InviteUnusable));
}

#[test]
fn rotating_the_key_closes_every_invite() {
    let mut space = Space::founded_by(&founder());
    space
        .say(&founder(), invite(&key(8), Role::Writer, 0))
        .unwrap();
    space
        .say(&founder(), invite(&key(9), Role::Writer, 0))
        .unwrap();
    space.rotate(&founder(), &[]);
    assert_eq!(space.chain.open_invites().count(), 0);
    let late = join(space.id(), &key(2), &key(9));
    assert_eq!(space.say(&key(2), late), Err(ChainError::InviteUnusable));
}

#[test]
fn an_invite_ends_after_its_last_millisecond() {
    for (at, expected) in [
        (TOMORROW, Ok(())),
        (TOMORROW + 1, Err(ChainError::InviteUnusable)),
    ] {
        let mut space = Space::founded_by(&founder());
        space
            .say(&founder(), invite(&key(9), Role::Writer, 0))
            .unwrap();
        let through = join(space.id(), &key(2), &key(9));
        let joining = Statement::sign(&key(2), space.next(), at, through);
        assert_eq!(space.offer(joining), expected);
    }
}

#[test]
fn the_invites_signature_binds_space_newcomer_and_receiving_key() {
    let mut space = Space::founded_by(&founder());
    space
        .say(&founder(), invite(&key(9), Role::Writer, 0))
        .unwrap();
    let elsewhere = join(SpaceId::new([7; 32]), &key(2), &key(9));
    let of_somebody_else = join(space.id(), &key(3), &key(9));
    let mut other_hpke_key = join(space.id(), &key(2), &key(9));
    let mut by_another_key = join(space.id(), &key(2), &key(8));
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
fn nobody_joins_twice_not_even_after_a_removal() {
    let mut space = Space::founded_by(&founder());
    space.admit(&founder(), &key(2), Role::Writer);
    space.admit(&founder(), &key(3), Role::Writer);
    space.rotate(&founder(), &[(id(&key(3)), 5)]);
    space
        .say(&founder(), invite(&key(9), Role::Admin, 1))
        .unwrap();
    for known in [founder(), key(2), key(3)] {
        let again = join(space.id(), &known, &key(9));
        assert_eq!(space.say(&known, again), Err(ChainError::AlreadyKnown));
    }
}

#[test]
fn epochs_count_up_by_one() {
    let mut space = Space::founded_by(&founder());
    space.rotate(&founder(), &[]);
    for epoch in [0, 1, 3] {
        let body = rotate(epoch, &[], &[id(&founder())]);
        assert_eq!(
            space.say(&founder(), body),
            Err(ChainError::WrongEpoch),
            "{epoch}"
        );
    }
    space.rotate(&founder(), &[]);
    assert_eq!(space.chain.epoch(), Epoch(2));
}

#[test]
fn a_new_key_goes_to_exactly_those_who_stay_in_order() {
    let mut space = Space::founded_by(&founder());
    space.admit(&founder(), &key(2), Role::Writer);
    space.admit(&founder(), &key(3), Role::Writer);
    let mut all: Vec<_> = [founder(), key(2), key(3)].iter().map(id).collect();
    all.sort();
    let missing = all[1..].to_vec();
    let mut with_a_stranger = [all.clone(), vec![id(&key(4))]].concat();
    with_a_stranger.sort();
    let twice = vec![all[0], all[0], all[1], all[2]];
    let reversed: Vec<_> = all.iter().rev().copied().collect();
    for stay in [Vec::new(), missing, with_a_stranger, twice, reversed] {
        let body = rotate(1, &[], &stay);
        assert_eq!(
            space.say(&founder(), body),
            Err(ChainError::WrongRecipients),
            "{stay:?}"
        );
    }
    let also_to_the_removed = rotate(1, &[(id(&key(2)), 0)], &all);
    assert_eq!(
        space.say(&founder(), also_to_the_removed),
        Err(ChainError::WrongRecipients)
    );
}

#[test]
fn removals_name_present_members_once_and_in_order() {
    let mut space = Space::founded_by(&founder());
    for seed in 2..5 {
        space.admit(&founder(), &key(seed), Role::Writer);
    }
    space.rotate(&founder(), &[(id(&key(4)), 1)]);
    let (mut low, mut high) = (id(&key(2)), id(&key(3)));
    if low > high {
        std::mem::swap(&mut low, &mut high);
    }
    let cases = [
        vec![(id(&key(5)), 0)],
        vec![(id(&key(4)), 0)],
        vec![(low, 1), (low, 1)],
        vec![(low, 1), (low, 2)],
        vec![(high, 1), (low, 1)],
    ];
    for removals in cases {
        let body = rotate(2, &removals, &[id(&founder())]);
        assert_eq!(
            space.say(&founder(), body),
            Err(ChainError::WrongRemoval),
            "{removals:?}"
        );
    }
    let in_order = rotate(2, &[(low, 1), (high, 1)], &[id(&founder())]);
    space.say(&founder(), in_order).unwrap();
}

#[test]
fn a_space_keeps_an_admin() {
    let mut space = Space::founded_by(&founder());
    space.admit(&founder(), &key(2), Role::Writer);
    for removals in [
        vec![(id(&founder()), 0)],
        vec![(id(&founder()), 0), (id(&key(2)), 0)],
    ] {
        let rotation = space.rotation(&removals);
        assert_eq!(space.say(&founder(), rotation), Err(ChainError::NoAdmin));
    }
}

#[test]
fn an_admin_may_leave_to_another() {
    let mut space = Space::founded_by(&founder());
    space.admit(&founder(), &key(2), Role::Admin);
    space.rotate(&founder(), &[(id(&founder()), 12)]);
    assert_eq!(space.chain.present_members().count(), 1);
    assert_eq!(
        space
            .chain
            .member(&id(&founder()))
            .unwrap()
            .removed
            .unwrap()
            .last_counter
            .0,
        12
    );
}

#[test]
fn a_full_space_takes_nobody_until_one_goes() {
    let mut space = Space::founded_by(&founder());
    for seed in 2..=u8::try_from(MAX_MEMBERS).unwrap() {
        space.admit(&founder(), &key(seed), Role::Writer);
    }
    space
        .say(&founder(), invite(&key(0xbb), Role::Writer, 0))
        .unwrap();
    let newcomer = key(200);
    let through = join(space.id(), &newcomer, &key(0xbb));
    assert_eq!(space.say(&newcomer, through), Err(ChainError::Full));

    space.rotate(&founder(), &[(id(&key(2)), 0)]);
    let rotation = space.statements.last().unwrap().bytes().len();
    assert!(
        rotation < companion_protocol::statement::MAX_STATEMENT,
        "{rotation}"
    );
    space.admit(&founder(), &newcomer, Role::Writer);
    let newest = space.chain.member(&id(&newcomer)).unwrap();
    assert_eq!(
        usize::from(newest.index),
        MAX_MEMBERS,
        "an index is never given twice"
    );
}

#[test]
fn an_invite_is_found_by_its_key_alone() {
    let mut space = Space::founded_by(&founder());
    space
        .say(&founder(), invite(&key(9), Role::Reader, 0))
        .unwrap();
    let open = space.chain.open_invite(&invite_key_of(&key(9))).unwrap();
    assert_eq!(
        (open.by, open.sequence, open.hash),
        (id(&founder()), 1, space.hash(1))
    );
    assert!(space.chain.open_invite(&InviteKey::ZERO).is_none());
}
