//! Rotations that do not hand the keys on as they must.

use companion_protocol::statement::{PreviousKey, Role, Rotate, StatementBody};
use ed25519_dalek::SigningKey;

use super::{Cases, after};
use crate::fixtures::{Turn, id, key, last, sealed_key, wrapped};

pub(super) fn rotations(cases: &mut Cases<'_>) {
    let (clinic, phone, words, stranger) = (key(1), key(2), key(3), key(5));
    let all = Turn::default();
    let mut turns = |name: &str, onto, who: &SigningKey, turn, change: fn(&mut Rotate)| {
        cases.says(name, onto, who, |before| {
            let mut rotate = before.rotation(turn);
            change(&mut rotate);
            StatementBody::Rotate(rotate)
        });
    };
    turns(
        "a rotation that skips an epoch",
        13,
        &clinic,
        all,
        |rotate| rotate.epoch.0 += 1,
    );
    turns(
        "a rotation to the present epoch",
        13,
        &clinic,
        all,
        |rotate| rotate.epoch.0 -= 1,
    );
    turns(
        "a previous key of the new epoch",
        13,
        &clinic,
        all,
        |rotate| {
            rotate.previous_keys = vec![PreviousKey {
                epoch: rotate.epoch,
                sealed: sealed_key(1),
            }];
        },
    );
    turns(
        "a rotation without recipients",
        13,
        &clinic,
        all,
        |rotate| rotate.wrapped.clear(),
    );
    turns("a rotation to one less", 13, &clinic, all, |rotate| {
        rotate.wrapped.pop();
    });
    let removed = [(&phone, last(1))];
    let turn = Turn {
        removed: &removed,
        ..all
    };
    turns("a rotation to the removed", 10, &words, turn, |rotate| {
        let gone = rotate.removals[0].member;
        rotate.wrapped.push((gone, wrapped(1)));
        rotate.wrapped.sort();
    });
    turns("a rotation to one who waits", 12, &words, all, |rotate| {
        rotate.wrapped.push((id(&key(5)), wrapped(1)));
        rotate.wrapped.sort();
    });
    let (of_phone, of_stranger) = ([(&phone, Role::Host)], [(&stranger, Role::Host)]);
    turns(
        "an enrolment of a removed member",
        13,
        &clinic,
        Turn {
            enrolled: &of_phone,
            ..all
        },
        |_| (),
    );
    turns(
        "an enrolment of one who was turned away",
        13,
        &clinic,
        Turn {
            enrolled: &of_stranger,
            ..all
        },
        |_| (),
    );
    let newcomer = key(6);
    let enrolled = [(&newcomer, Role::Device)];
    let turn = Turn {
        enrolled: &enrolled,
        ..all
    };
    turns(
        "an enrolment for another role than was signed",
        10,
        &words,
        turn,
        |rotate| {
            rotate.enrolled[0].role = Role::Words;
        },
    );
    turns(
        "an enrolment that the newcomer did not sign",
        10,
        &words,
        turn,
        |rotate| {
            rotate.enrolled[0].proof = [0; 64];
        },
    );
    let earlier = after(cases.space, 9).rotation(turn).enrolled;
    cases.says(
        "an enrolment that was signed for an earlier place",
        10,
        &words,
        |before| {
            StatementBody::Rotate(Rotate {
                enrolled: earlier,
                ..before.rotation(turn)
            })
        },
    );
}
