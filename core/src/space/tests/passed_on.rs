//! How much one rotation passes on, whatever others left out before it.

use companion_protocol::statement::MAX_STATEMENT;

use super::super::rotation::{MOST_AGAIN, enrol};
use super::*;

/// So many rotations that pass on nothing.
fn hide(space: &mut Space, by: &Identity, count: usize) {
    let mut keys = space.keys_of(by);
    for _ in 0..count {
        let change = Change::default();
        let made = rotation::rotate(by, &space.chain, &keys, &[], change, NOW, &space.rng);
        let (honest, key) = made.unwrap();
        let StatementBody::Rotate(mut rotate) = honest.body().clone() else {
            panic!("it is a rotation");
        };
        rotate.previous_keys.clear();
        let (position, at) = (honest.position(), honest.made_at_ms());
        let body = StatementBody::Rotate(rotate);
        space.say(Statement::sign(by.signing_key(), position, at, body));
        keys.insert(space.chain.epoch(), key.clone());
        space.key = key;
    }
}

/// What the newest rotation passes on.
fn passed_on(space: &Space) -> Vec<u32> {
    let StatementBody::Rotate(rotate) = space.statements.last().unwrap().body() else {
        panic!("it is a rotation");
    };
    rotate.previous_keys.iter().map(|key| key.epoch.0).collect()
}

#[test]
fn what_was_left_out_comes_with_the_next_rotations_newest_first() {
    let [first, second] = [1, 2].map(identity);
    let mut space = Space::of_phone(&first, 21);
    space.admit(&first, &second);
    let hidden = 2 * MOST_AGAIN + 20;
    hide(&mut space, &second, hidden);
    let missing = |space: &Space| {
        let keys = space.keys_of(&first);
        rotation::not_passed_on(&space.chain, &space.statements, &keys).len()
    };
    assert_eq!(missing(&space), hidden);
    let mut left = hidden;
    while left > 0 {
        let newest = space.chain.epoch().0;
        space.rotate(&first, Change::default());
        let passed = passed_on(&space);
        assert!(passed.len() <= MOST_AGAIN + 1);
        assert_eq!(passed.last(), Some(&newest), "that of the epoch before");
        let now = missing(&space);
        assert_eq!(now, left.saturating_sub(MOST_AGAIN));
        left = now;
    }
    let late = identity(50);
    space.admit(&first, &late);
    let all = usize::try_from(space.chain.epoch().0).unwrap() + 1;
    assert_eq!(space.keys_of(&late).len(), all, "a later member reads all");
}

#[test]
fn the_largest_honest_rotation_fits_a_statement() {
    let host = identity(1);
    let mut space = Space::founded_by(&host, Role::Host, 22);
    hide(&mut space, &host, 1_700);
    let members: Vec<Identity> = (100..163).map(identity).collect();
    let enrols = |space: &Space, some: &[Identity]| Change {
        enrol: some
            .iter()
            .map(|one| enrol(one, &space.chain, Role::Host))
            .collect(),
        ..Change::default()
    };
    let (most, few) = members.split_at(58);
    for some in most.chunks(20) {
        space.rotate(&host, enrols(&space, some));
    }
    space.rotate(&host, enrols(&space, few));
    assert_eq!(space.chain.present_members().count(), 64);
    assert_eq!(passed_on(&space).len(), MOST_AGAIN + 1);
    let length = space.statements.last().unwrap().bytes().len();
    assert!(length <= MAX_STATEMENT, "{length}");
    for said in &space.statements {
        Statement::parse(said.bytes()).unwrap();
    }
}
