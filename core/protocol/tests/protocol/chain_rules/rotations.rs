//! What a rotation must say beside what is decided with it.

use companion_protocol::chain::ChainError;
use companion_protocol::id::Epoch;
use companion_protocol::statement::{PreviousKey, Role, Rotate, StatementBody};
use ed25519_dalek::Signer;

use super::{clinic, founded};
use crate::fixtures::{Space, Turn, hpke, id, invite, join, key, last, sealed_key, wrapped};

fn says(space: &mut Space, rotate: Rotate) -> Result<(), ChainError> {
    space.say(&clinic(), StatementBody::Rotate(rotate))
}

#[test]
fn epochs_count_up_by_one() {
    let mut space = founded();
    space.turn(&clinic(), Turn::default()).unwrap();
    for epoch in [0, 1, 3] {
        let rotate = Rotate {
            epoch: Epoch(epoch),
            ..space.rotation(Turn::default())
        };
        assert_eq!(
            says(&mut space, rotate),
            Err(ChainError::WrongEpoch),
            "{epoch}"
        );
    }
    space.turn(&clinic(), Turn::default()).unwrap();
    assert_eq!(space.chain.epoch(), Epoch(2));
}

#[test]
fn only_earlier_keys_are_sealed_under_a_new_one() {
    let mut space = founded();
    space.turn(&clinic(), Turn::default()).unwrap();
    let with = |space: &Space, epochs: &[u32]| Rotate {
        previous_keys: epochs
            .iter()
            .map(|epoch| PreviousKey {
                epoch: Epoch(*epoch),
                sealed: sealed_key(1),
            })
            .collect(),
        ..space.rotation(Turn::default())
    };
    for epochs in [&[2][..], &[0, 2], &[9]] {
        let rotate = with(&space, epochs);
        assert_eq!(says(&mut space, rotate), Err(ChainError::WrongEpoch));
    }
    for epochs in [&[0, 1][..], &[0], &[]] {
        let rotate = with(&space, epochs);
        says(&mut space, rotate).unwrap();
    }
}

#[test]
fn a_new_key_goes_to_exactly_those_who_are_in() {
    let mut space = founded();
    space.admit(&clinic(), &key(2), Role::Writer);
    space.admit(&clinic(), &key(3), Role::Writer);
    let mut all: Vec<_> = [clinic(), key(2), key(3)].iter().map(id).collect();
    all.sort();
    let missing = all[1..].to_vec();
    let mut with_a_stranger = [all.clone(), vec![id(&key(4))]].concat();
    with_a_stranger.sort();
    let reversed: Vec<_> = all.iter().rev().copied().collect();
    for stay in [Vec::new(), missing, with_a_stranger, reversed] {
        let rotate = Rotate {
            wrapped: stay.iter().map(|one| (*one, wrapped(1))).collect(),
            ..space.rotation(Turn::default())
        };
        assert_eq!(
            says(&mut space, rotate),
            Err(ChainError::WrongRecipients),
            "{stay:?}"
        );
    }
    let removed = [(&key(2), last(1))];
    let also_to_the_removed = Rotate {
        wrapped: all.iter().map(|one| (*one, wrapped(1))).collect(),
        ..space.rotation(Turn {
            removed: &removed,
            ..Turn::default()
        })
    };
    assert_eq!(
        says(&mut space, also_to_the_removed),
        Err(ChainError::WrongRecipients)
    );
    space.wait(&clinic(), &key(5), Role::Writer);
    let mut also_to_one_who_waits = space.rotation(Turn::default());
    also_to_one_who_waits
        .wrapped
        .push((id(&key(5)), wrapped(1)));
    also_to_one_who_waits.wrapped.sort();
    assert_eq!(
        says(&mut space, also_to_one_who_waits),
        Err(ChainError::WrongRecipients)
    );
}

#[test]
fn one_who_is_enrolled_signs_that_it_comes() {
    let mut space = founded();
    let newcomer = key(2);
    let enrol = |space: &Space| {
        space.rotation(Turn {
            enrolled: &[(&newcomer, Role::Host)],
            ..Turn::default()
        })
    };
    let earlier = enrol(&space);
    space.turn(&clinic(), Turn::default()).unwrap();
    let genuine = enrol(&space);
    let mut at_an_earlier_head = genuine.clone();
    at_an_earlier_head.enrolled[0].proof = earlier.enrolled[0].proof;
    let mut with_another_key = genuine.clone();
    with_another_key.enrolled[0].hpke_key = hpke(8);
    let mut by_somebody_else = genuine.clone();
    by_somebody_else.enrolled[0].proof = clinic().sign(b"").to_bytes();
    for rotate in [at_an_earlier_head, with_another_key, by_somebody_else] {
        assert_eq!(says(&mut space, rotate), Err(ChainError::BadProof));
    }
    says(&mut space, genuine).unwrap();

    // A proof for words lets no device in.
    let mut space = Space::founded_by(&clinic(), Role::Device);
    space.enrol(&clinic(), &key(3), Role::Words);
    let mut as_another = space.rotation(Turn {
        enrolled: &[(&newcomer, Role::Words)],
        ..Turn::default()
    });
    as_another.enrolled[0].role = Role::Device;
    let refused = space.say(&key(3), StatementBody::Rotate(as_another));
    assert_eq!(refused, Err(ChainError::BadProof));
}

#[test]
fn turning_the_key_closes_every_invite() {
    let mut space = founded();
    for seed in [8, 9] {
        space
            .say(&clinic(), invite(&key(seed), Role::Writer))
            .unwrap();
    }
    space.turn(&clinic(), Turn::default()).unwrap();
    assert_eq!(space.chain.open_invites().count(), 0);
    let late = join(space.id(), &key(2), &key(9));
    assert_eq!(space.say(&key(2), late), Err(ChainError::InviteUnusable));
}

#[test]
fn ranks_follow_the_order_of_admission_and_in_one_rotation_of_ids() {
    let mut space = founded();
    for seed in [2, 3] {
        space.wait(&clinic(), &key(seed), Role::Writer);
        space
            .say(&clinic(), crate::fixtures::answer(id(&key(seed))))
            .unwrap();
    }
    let everybody = Turn {
        admitted: &[&key(2), &key(3)],
        enrolled: &[(&key(4), Role::Host), (&key(5), Role::Host)],
        ..Turn::default()
    };
    space.turn(&clinic(), everybody).unwrap();
    let mut expected = vec![id(&clinic())];
    for seeds in [[2, 3], [4, 5]] {
        let mut ids = seeds.map(|seed| id(&key(seed)));
        ids.sort();
        expected.extend(ids);
    }
    for (index, member) in (0..).zip(expected) {
        assert_eq!(
            space.chain.member_by_index(index).map(|one| one.id),
            Some(member)
        );
    }
}

#[test]
fn a_removal_names_the_last_change_that_counts() {
    let mut space = founded();
    space.admit(&clinic(), &key(2), Role::Writer);
    space.remove(&clinic(), &key(2), 12);
    let gone = space.chain.member(&id(&key(2))).unwrap().removed.unwrap();
    assert_eq!(
        (gone.by, gone.sequence, gone.last),
        (id(&clinic()), 5, space.last_of(&key(2), 12))
    );
}
