//! How long a chain may be, and what each admin leaves to those before it.

use companion_protocol::chain::authority::{Roll, Standing};
use companion_protocol::chain::{ChainError, MAX_CHAIN_BYTES, MAX_STATEMENTS, statements_left};
use companion_protocol::statement::{MAX_STATEMENT, Role, Statement, StatementBody};
use ed25519_dalek::SigningKey;

use crate::fixtures::{NOW, Space, Turn, invite, join, key, last, leave, with_extensions};

/// The patient's own space: the first phone, and a second one that was let in.
fn two_phones() -> (Space, SigningKey, SigningKey) {
    let (phone, tablet) = (key(1), key(2));
    let mut space = Space::founded_by(&phone, Role::Device);
    space.admit(&phone, &tablet, Role::Device);
    (space, phone, tablet)
}

/// Says the shortest thing that an admin may say again and again.
fn turns(space: &mut Space, by: &SigningKey) -> Result<(), ChainError> {
    let rotate = StatementBody::Rotate(space.rotation(Turn::default()));
    says(space, &Statement::sign(by, space.next(), NOW, rotate))
}

/// Without looking for what a refusal changed: these chains are long.
fn says(space: &mut Space, statement: &Statement) -> Result<(), ChainError> {
    space.chain.extend(statement)
}

/// Opens invites and closes them until that is refused. Gives the key of the last one.
fn fill(space: &mut Space, by: &SigningKey) -> SigningKey {
    let mut last = key(0);
    loop {
        let door = space.door();
        let open = Statement::sign(by, space.next(), NOW, invite(&door, Role::Reader));
        let said = match says(space, &open) {
            Ok(()) => {
                last = door;
                Ok(())
            }
            Err(ChainError::InviteUnusable) => turns(space, by),
            refused => refused,
        };
        if let Err(refused) = said {
            assert_eq!(refused, ChainError::NoRoom);
            return last;
        }
    }
}

/// Turns the key in statements as long as they may be until that is refused.
fn fill_with_bytes(space: &mut Space, by: &SigningKey) -> SigningKey {
    loop {
        let rotate = StatementBody::Rotate(space.rotation(Turn::default()));
        let short = Statement::sign(by, space.next(), NOW, rotate);
        let room = MAX_STATEMENT - short.bytes().len();
        if let Err(refused) = says(space, &with_extensions(by, &short, room)) {
            assert_eq!(refused, ChainError::NoRoom);
            break;
        }
    }
    fill(space, by)
}

#[test]
fn no_chain_is_longer_than_is_said() {
    let phone = key(1);
    let mut space = Space::founded_by(&phone, Role::Device);
    fill(&mut space, &phone);
    assert_eq!(space.chain.length(), MAX_STATEMENTS);

    let mut space = Space::founded_by(&phone, Role::Device);
    fill_with_bytes(&mut space, &phone);
    assert!(space.chain.length() < MAX_STATEMENTS);
    assert!(space.chain.bytes() <= MAX_CHAIN_BYTES);
    assert!(
        space.chain.bytes() > MAX_CHAIN_BYTES - 2_000,
        "and no shorter"
    );
}

#[test]
fn a_second_phone_can_not_fill_a_chain_and_is_removed_from_it() {
    for fill in [fill, fill_with_bytes] {
        let (mut space, phone, tablet) = two_phones();
        fill(&mut space, &tablet);
        assert_eq!(turns(&mut space, &tablet), Err(ChainError::NoRoom));
        let removed = [(&tablet, last(1))];
        let turn = Turn {
            removed: &removed,
            ..Turn::default()
        };
        let rotate = StatementBody::Rotate(space.rotation(turn));
        let removal = Statement::sign(&phone, space.next(), NOW, rotate);
        says(&mut space, &removal).unwrap();
        for _ in 0..100 {
            turns(&mut space, &phone).unwrap();
        }
    }
}

#[test]
fn who_comes_by_a_link_takes_room_of_whoever_made_it() {
    let (mut space, phone, tablet) = two_phones();
    let of_phone = key(8);
    let of_tablet = fill(&mut space, &tablet);
    let open = Statement::sign(&phone, space.next(), NOW, invite(&of_phone, Role::Device));
    says(&mut space, &open).unwrap();
    for (door, expected) in [(&of_tablet, Err(ChainError::NoRoom)), (&of_phone, Ok(()))] {
        let through = join(space.id(), &key(7), door);
        let joining = Statement::sign(&key(7), space.next(), NOW, through);
        assert_eq!(says(&mut space, &joining), expected);
    }
}

/// Or somebody could be kept in. A long leave would take from those before it what they need.
#[test]
fn whoever_leaves_may_use_room_that_is_left_to_others_but_not_at_length() {
    let (mut space, _, tablet) = two_phones();
    fill(&mut space, &tablet);
    let leaving = Statement::sign(&tablet, space.next(), NOW, leave(1));
    let at_length = with_extensions(&tablet, &leaving, 2_048);
    assert_eq!(says(&mut space, &at_length), Err(ChainError::NoRoom));
    let just = with_extensions(&tablet, &leaving, 2_048 - leaving.bytes().len());
    says(&mut space, &just).unwrap();
}

#[test]
fn room_goes_by_seniority() {
    use Role::{Device, Host, Reader, Words};
    let left = |roles: &[Role], ranks: &[u16], who: u16| {
        let present = ranks.iter().zip(roles).map(|(rank, role)| Standing {
            id: *rank,
            role: *role,
            rank: *rank,
        });
        let roll = Roll {
            present: present.collect(),
            pending: Vec::new(),
        };
        statements_left(&roll, who)
    };
    // Host, then words wherever they stand, then the others by rank.
    let care = [Host, Device, Device, Words, Host, Reader, Words, Device];
    let ranks = [0, 1, 2, 3, 4, 5, 6, 7];
    let of_care = ranks.map(|who| left(&care, &ranks, who));
    assert_eq!(
        of_care,
        [0, 2_048, 3_072, 1_024, 4_096, 8_192, 1_024, 5_120]
    );
    let private = [Device, Device, Words];
    let of_private = [3, 5, 6].map(|who| left(&private, &[3, 5, 6], who));
    assert_eq!(of_private, [1_024, 2_048, 0]);
    assert_eq!(
        left(&[Device, Host], &[0, 1], 0),
        0,
        "a host that is not first"
    );
    assert_eq!(left(&[Device, Host], &[0, 1], 1), 1_024);
    let many = [Device; 12];
    let ranks: Vec<u16> = (0..12).collect();
    let of_many = [7, 8, 9, 11].map(|who| left(&many, &ranks, who));
    assert_eq!(
        of_many,
        [7_168, 8_192, 8_192, 8_192],
        "never more than half"
    );
    assert_eq!(left(&many, &ranks, 99), 8_192, "one who is not there");
}
