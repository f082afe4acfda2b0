//! Each rule of authority once, by real statements: the chain asks it, and says which one.

use companion_protocol::chain::ChainError;
use companion_protocol::chain::authority::Rule;
use companion_protocol::statement::Role;
use ed25519_dalek::SigningKey;

use crate::fixtures::{Space, Turn, answer, end, id, invite, key, last, leave};

struct House {
    space: Space,
    clinic: SigningKey,
    phone: SigningKey,
    words: SigningKey,
    tablet: SigningKey,
    node: SigningKey,
    reader: SigningKey,
}

/// By rank: the clinic's node, a phone, its words, a tablet, a second node, a reader.
fn house() -> House {
    let (clinic, phone, words) = (key(1), key(2), key(3));
    let (tablet, node, reader) = (key(4), key(5), key(6));
    let mut space = Space::founded_by(&clinic, Role::Host);
    space.admit(&clinic, &phone, Role::Device);
    space.enrol(&phone, &words, Role::Words);
    space.admit(&phone, &tablet, Role::Device);
    space.enrol(&clinic, &node, Role::Host);
    space.admit(&phone, &reader, Role::Reader);
    House {
        space,
        clinic,
        phone,
        words,
        tablet,
        node,
        reader,
    }
}

fn breaks(result: Result<(), ChainError>, rule: Rule) {
    assert_eq!(result, Err(ChainError::NotAllowed(rule)));
}

impl House {
    fn removes(&mut self, by: &SigningKey, who: &SigningKey) -> Result<(), ChainError> {
        let removed = [(who, last(1))];
        let turn = Turn {
            removed: &removed,
            ..Turn::default()
        };
        self.space.turn(by, turn)
    }

    fn enrols(&mut self, by: &SigningKey, role: Role) -> Result<(), ChainError> {
        let newcomer = key(77);
        let enrolled = [(&newcomer, role)];
        let turn = Turn {
            enrolled: &enrolled,
            ..Turn::default()
        };
        self.space.turn(by, turn)
    }

    fn refuses(&mut self, by: &SigningKey, who: &SigningKey) -> Result<(), ChainError> {
        let refused = [who];
        let turn = Turn {
            refused: &refused,
            ..Turn::default()
        };
        self.space.turn(by, turn)
    }

    fn admits(&mut self, by: &SigningKey, who: &SigningKey) -> Result<(), ChainError> {
        let admitted = [who];
        let turn = Turn {
            admitted: &admitted,
            ..Turn::default()
        };
        self.space.turn(by, turn)
    }
}

#[test]
fn only_a_present_admin_decides() {
    let mut house = house();
    let (reader, tablet, stranger) = (house.reader.clone(), house.tablet.clone(), key(9));
    house.removes(&house.phone.clone(), &tablet).unwrap();
    for who in [&reader, &tablet, &stranger] {
        breaks(
            house.space.say(who, invite(&key(8), Role::Reader)),
            Rule::PresentAdmin,
        );
        breaks(house.space.turn(who, Turn::default()), Rule::PresentAdmin);
    }
    breaks(house.space.say(&stranger, leave(0)), Rule::PresentAdmin);
    breaks(house.space.say(&tablet, leave(0)), Rule::PresentAdmin);
    house.space.say(&reader, leave(0)).unwrap();
}

#[test]
fn one_who_waits_may_only_leave() {
    let mut house = house();
    let waiting = key(9);
    house
        .space
        .wait(&house.phone.clone(), &waiting, Role::Device);
    for body in [invite(&key(8), Role::Reader), answer(id(&waiting))] {
        breaks(house.space.say(&waiting, body), Rule::PresentAdmin);
    }
    breaks(
        house.space.turn(&waiting, Turn::default()),
        Rule::PresentAdmin,
    );
    house.space.say(&waiting, leave(0)).unwrap();
    assert!(house.space.chain.pending(&id(&waiting)).is_none());
}

#[test]
fn a_link_is_for_a_role_that_its_maker_may_let_in() {
    let roles = [
        (Role::Reader, [true, true, false]),
        (Role::Writer, [true, true, false]),
        (Role::Device, [true, true, false]),
        (Role::Words, [false, false, false]),
        (Role::Host, [true, false, false]),
    ];
    for (role, may) in roles {
        let mut house = house();
        let (clinic, phone) = (house.clinic.clone(), house.phone.clone());
        for (seed, (who, may)) in (80..).zip([clinic, phone, house.words.clone()].iter().zip(may)) {
            match house.space.say(who, invite(&key(seed), role)) {
                Ok(()) => assert!(may, "{role:?}"),
                refused => {
                    assert!(!may, "{role:?}");
                    breaks(refused, Rule::InvitableRole);
                }
            }
        }
    }
}

#[test]
fn only_one_who_waits_is_answered_let_in_or_turned_away() {
    let mut house = house();
    let (phone, stranger) = (house.phone.clone(), key(9));
    let tablet = house.tablet.clone();
    for who in [&stranger, &tablet] {
        breaks(house.space.say(&phone, answer(id(who))), Rule::Pending);
        breaks(house.admits(&phone, who), Rule::Pending);
        breaks(house.refuses(&phone, who), Rule::Pending);
    }
    house.space.wait(&phone, &stranger, Role::Reader);
    house.space.say(&phone, answer(id(&stranger))).unwrap();
    let both = [&stranger];
    let turn = Turn {
        refused: &both,
        admitted: &both,
        ..Turn::default()
    };
    breaks(house.space.turn(&phone, turn), Rule::Pending);
}

#[test]
fn a_newcomer_is_answered_once_by_whoever_invited_it() {
    let mut house = house();
    let (phone, newcomer) = (house.phone.clone(), key(9));
    house.space.wait(&phone, &newcomer, Role::Device);
    for other in [house.clinic.clone(), house.tablet.clone()] {
        let said = house.space.say(&other, answer(id(&newcomer)));
        breaks(said, Rule::Answers);
    }
    house.space.say(&phone, answer(id(&newcomer))).unwrap();
    let again = house.space.say(&phone, answer(id(&newcomer)));
    breaks(again, Rule::Answers);
}

#[test]
fn whoever_lets_one_in_invited_and_answered_it() {
    let mut house = house();
    let (phone, tablet, newcomer) = (house.phone.clone(), house.tablet.clone(), key(9));
    house.space.wait(&phone, &newcomer, Role::Device);
    breaks(house.admits(&phone, &newcomer), Rule::Compared);
    house.space.say(&phone, answer(id(&newcomer))).unwrap();
    breaks(house.admits(&tablet, &newcomer), Rule::Compared);
    house.admits(&phone, &newcomer).unwrap();
}

#[test]
fn a_newcomer_is_turned_away_by_whoever_invited_it_or_may_remove_that_one() {
    // Who may turn away a newcomer of the clinic's, the phone's, the tablet's and the second node's.
    let all = [
        (0, [true, false, false, false, false]),
        (1, [true, true, true, false, false]),
        (3, [true, true, true, true, false]),
        (4, [true, false, false, false, true]),
    ];
    for (inviter, may) in all {
        for (who, may) in may.into_iter().enumerate() {
            let mut house = house();
            let admins = [
                &house.clinic,
                &house.phone,
                &house.words,
                &house.tablet,
                &house.node,
            ];
            let (inviter, by) = (admins[inviter].clone(), admins[who].clone());
            house.space.wait(&inviter, &key(9), Role::Reader);
            match house.refuses(&by, &key(9)) {
                Ok(()) => assert!(may, "{who}"),
                refused => {
                    assert!(!may, "{who}");
                    breaks(refused, Rule::Refuses);
                }
            }
        }
    }
}

#[test]
fn where_the_inviter_is_gone_any_admin_turns_its_newcomer_away() {
    let mut house = house();
    let (phone, tablet) = (house.phone.clone(), house.tablet.clone());
    house.space.wait(&phone, &key(9), Role::Reader);
    breaks(house.refuses(&tablet, &key(9)), Rule::Refuses);
    house.space.say(&phone, leave(1)).unwrap();
    house.refuses(&tablet, &key(9)).unwrap();
}

#[test]
fn a_clinic_lets_no_device_in_beside_the_patients() {
    let mut house = house();
    let (clinic, newcomer) = (house.clinic.clone(), key(9));
    house.space.wait(&clinic, &newcomer, Role::Device);
    house.space.say(&clinic, answer(id(&newcomer))).unwrap();
    breaks(house.admits(&clinic, &newcomer), Rule::OneDeviceByHost);
    let (phone, tablet) = (house.phone.clone(), house.tablet.clone());
    let instead = Turn {
        removed: &[(&phone, last(1)), (&tablet, last(1))],
        admitted: &[&newcomer],
        ..Turn::default()
    };
    house.space.turn(&clinic, instead).unwrap();
}

#[test]
fn a_second_node_ends_no_words_from_before_it_through_a_device_of_its_own() {
    let mut house = house();
    let (node, words, newcomer) = (house.node.clone(), house.words.clone(), key(9));
    let (phone, tablet) = (house.phone.clone(), house.tablet.clone());
    house.space.say(&tablet, leave(1)).unwrap();
    house.space.say(&phone, leave(1)).unwrap();
    house.space.wait(&node, &newcomer, Role::Device);
    house.space.say(&node, answer(id(&newcomer))).unwrap();
    breaks(house.admits(&node, &newcomer), Rule::OneDeviceByHost);
    house.space.say(&words, leave(0)).unwrap();
    house.admits(&node, &newcomer).unwrap();
}

#[test]
fn words_come_from_the_first_device_or_from_words() {
    let all = [
        (Role::Words, [false, true, true, false]),
        (Role::Device, [false, false, true, false]),
        (Role::Host, [true, false, false, false]),
        (Role::Writer, [false; 4]),
        (Role::Reader, [false; 4]),
    ];
    for (role, may) in all {
        for (who, may) in may.into_iter().enumerate() {
            let mut house = house();
            let actors = [&house.clinic, &house.phone, &house.words, &house.tablet];
            let by = actors[who].clone();
            match house.enrols(&by, role) {
                Ok(()) => assert!(may, "{role:?} by {who}"),
                refused => {
                    assert!(!may, "{role:?} by {who}");
                    breaks(refused, Rule::EnrolledRole);
                }
            }
        }
    }
}

#[test]
fn whoever_is_removed_is_present() {
    let mut house = house();
    let (phone, tablet, waiting) = (house.phone.clone(), house.tablet.clone(), key(9));
    house.removes(&phone, &tablet).unwrap();
    house.space.wait(&phone, &waiting, Role::Reader);
    for who in [&tablet, &waiting, &key(10)] {
        breaks(house.removes(&phone, who), Rule::RemovesPresent);
    }
}

/// Whoever leaves says itself what its last change is. Were that the last word, it could name one that is
/// far ahead, and go on through others.
#[test]
fn whoever_left_may_be_held_to_an_earlier_last_change_by_whoever_might_have_removed_it() {
    // The phone, the words, the second node and the reader leave; by whom of the clinic, the phone, the words,
    // the tablet and the second node they are held.
    let all = [
        (1, [true, false, true, false, false]),
        (2, [false, true, false, false, false]),
        (3, [true, true, true, false, false]),
        (4, [true, false, false, false, false]),
        (5, [true, true, true, true, true]),
    ];
    for (who, may) in all {
        for (by, may) in may.into_iter().enumerate().filter(|(by, _)| *by != who) {
            let mut house = house();
            let all = [
                &house.clinic,
                &house.phone,
                &house.words,
                &house.tablet,
                &house.node,
                &house.reader,
            ];
            let (who, by) = (all[who].clone(), all[by].clone());
            house.space.say(&who, leave(99)).unwrap();
            let held = house.removes(&by, &who);
            assert_eq!(held.is_ok(), may, "{:?}: {held:?}", id(&who).short());
            let removed = house
                .space
                .chain
                .member(&id(&who))
                .unwrap()
                .removed
                .unwrap();
            assert_eq!(removed.by, id(&who));
            assert_eq!(removed.last == last(1), may);
            assert_eq!(removed.last_by().by, if may { id(&by) } else { id(&who) });
            assert!(house.space.chain.present(&id(&who)).is_none());
        }
    }
}

#[test]
fn a_last_change_is_never_put_later() {
    let mut house = house();
    let (clinic, phone) = (house.clinic.clone(), house.phone.clone());
    let (tablet, reader) = (house.tablet.clone(), house.reader.clone());
    house.space.say(&tablet, leave(1)).unwrap();
    house.space.remove(&phone, &reader, 1);
    for (by, who) in [(&phone, &tablet), (&clinic, &reader)] {
        for counter in [1, 2] {
            let removed = [(who, last(counter))];
            let turn = Turn {
                removed: &removed,
                ..Turn::default()
            };
            breaks(house.space.turn(by, turn), Rule::RemovesPresent);
        }
    }
}

/// Whoever removes its own accomplice could name a last change that is far ahead, and the accomplice go on
/// through others up to it.
#[test]
fn whoever_was_removed_is_held_by_whoever_might_have_removed_it_and_its_remover() {
    // The tablet removed the reader, or the phone did; by whom of the clinic, the phone, the words, the tablet
    // and the second node the reader is held. The tablet and the phone might put right what they said themselves.
    let all = [
        (3, [true, true, true, true, false]),
        (1, [true, true, true, false, false]),
    ];
    for (remover, may) in all {
        for (by, may) in may.into_iter().enumerate() {
            for remover_is_gone in [false, true] {
                let mut house = house();
                let all = [
                    &house.clinic,
                    &house.phone,
                    &house.words,
                    &house.tablet,
                    &house.node,
                ];
                let (remover, by) = (all[remover].clone(), all[by].clone());
                let reader = house.reader.clone();
                if remover_is_gone && id(&remover) == id(&by) {
                    continue;
                }
                house.space.remove(&remover, &reader, 99);
                if remover_is_gone {
                    house.space.say(&remover, leave(7)).unwrap();
                }
                let held = house.removes(&by, &reader);
                assert_eq!(held.is_ok(), may, "{:?}: {held:?}", id(&by).short());
                let removed = house.space.chain.member(&id(&reader)).unwrap();
                let removed = removed.removed.unwrap();
                assert_eq!(removed.by, id(&remover));
                assert_eq!(removed.last == last(1), may);
            }
        }
    }
}

#[test]
fn what_a_senior_put_earlier_no_junior_puts_earlier_still() {
    let mut house = house();
    let (clinic, phone) = (house.clinic.clone(), house.phone.clone());
    let (tablet, reader) = (house.tablet.clone(), house.reader.clone());
    house.space.say(&reader, leave(99)).unwrap();
    house.space.remove(&phone, &reader, 50);
    breaks(house.removes(&tablet, &reader), Rule::Rank);
    house.space.remove(&clinic, &reader, 40);
    breaks(house.removes(&phone, &reader), Rule::HostsAreKept);
    house.space.remove(&clinic, &reader, 30);
}

#[test]
fn nobody_removes_itself() {
    let mut house = house();
    let words = house.words.clone();
    breaks(house.removes(&words, &words), Rule::NotOneself);
    house.space.say(&words, leave(0)).unwrap();
}

#[test]
fn a_host_is_removed_only_by_a_host_before_it() {
    let mut house = house();
    let (clinic, node) = (house.clinic.clone(), house.node.clone());
    for by in [&house.phone.clone(), &house.words.clone()] {
        breaks(house.removes(by, &node), Rule::HostsAreKept);
    }
    breaks(house.removes(&node, &clinic), Rule::HostsAreKept);
    house.removes(&clinic, &node).unwrap();
}

#[test]
fn words_are_removed_only_by_newer_ones_or_by_the_first_device() {
    let mut house = house();
    let words = house.words.clone();
    for by in [&house.clinic.clone(), &house.tablet.clone()] {
        breaks(house.removes(by, &words), Rule::WordsAreKept);
    }
    let newer = key(77);
    house.enrols(&words, Role::Words).unwrap();
    breaks(house.removes(&words, &newer), Rule::WordsAreKept);
    house.removes(&newer, &words).unwrap();
    house.removes(&house.phone.clone(), &newer).unwrap();
}

#[test]
fn everybody_else_is_removed_by_words_or_by_who_was_there_before() {
    let mut house = house();
    let (phone, tablet, reader) = (
        house.phone.clone(),
        house.tablet.clone(),
        house.reader.clone(),
    );
    let node = house.node.clone();
    breaks(house.removes(&tablet, &phone), Rule::Rank);
    breaks(house.removes(&node, &phone), Rule::Rank);
    house.removes(&node, &reader).unwrap();
    house.removes(&house.words.clone(), &phone).unwrap();
}

#[test]
fn only_the_first_device_ends_a_space() {
    let mut house = house();
    let (phone, tablet, words) = (
        house.phone.clone(),
        house.tablet.clone(),
        house.words.clone(),
    );
    let others = [&house.clinic, &house.node, &tablet, &words];
    for other in others.map(Clone::clone) {
        breaks(house.space.say(&other, end()), Rule::FirstDeviceEnds);
    }
    let reader = house.reader.clone();
    breaks(house.space.say(&reader, end()), Rule::PresentAdmin);
    house.removes(&words, &phone).unwrap();
    breaks(house.space.say(&phone, end()), Rule::PresentAdmin);
    house.space.say(&tablet, end()).unwrap();
}

#[test]
fn an_admin_stays() {
    let mut space = Space::founded_by(&key(1), Role::Host);
    space.admit(&key(1), &key(2), Role::Writer);
    breaks(space.say(&key(1), leave(1)), Rule::AnAdminStays);
    space.enrol(&key(1), &key(3), Role::Host);
    space.say(&key(1), leave(1)).unwrap();
    breaks(space.say(&key(3), leave(1)), Rule::AnAdminStays);
}
