//! Statements that somebody signs who may not.

use companion_protocol::statement::{Role, Statement, StatementBody};

use super::{Cases, after};
use crate::fixtures::{NOW, Turn, answer, end, id, invite, key, last, leave};

/// At least one for each rule of `WIRE.md` §3.7.
pub(super) fn authority(cases: &mut Cases<'_>) {
    let (clinic, phone, words, tablet, stranger) = (key(1), key(2), key(3), key(4), key(5));
    let (newcomer, all) = (key(6), Turn::default());
    let enrol = |role| [(&newcomer, role)];
    let (as_words, as_device, as_host) =
        (enrol(Role::Words), enrol(Role::Device), enrol(Role::Host));
    cases.says("an invite by nobody known", 1, &stranger, |_| {
        invite(&key(12), Role::Reader)
    });
    cases.turns("a rotation by one who waits", 3, &phone, all);
    cases.says("an answer by one who waits", 3, &phone, |_| {
        answer(id(&phone))
    });
    cases.turns("a rotation by a removed member", 13, &phone, all);
    let lowers = |who, last| (who, after(cases.space, 13).last_of(who, last));
    let (of_tablet, of_phone) = ([lowers(&tablet, 2)], [lowers(&phone, 4)]);
    let lower = |removed| Turn {
        removed,
        ..Turn::default()
    };
    cases.turns(
        "a last change of one who left that is not earlier",
        14,
        &words,
        lower(&of_tablet),
    );
    cases.turns(
        "an earlier last change of one whom words removed, by a host",
        13,
        &clinic,
        lower(&of_phone),
    );
    cases.says("a leave of a removed member", 13, &phone, |_| leave(5));
    cases.says("a leave of one who was turned away", 13, &stranger, |_| {
        leave(0)
    });
    cases.says("an invite for words", 1, &clinic, |_| {
        invite(&key(12), Role::Words)
    });
    cases.says("an invite for a host by a device", 6, &phone, |_| {
        invite(&key(12), Role::Host)
    });
    cases.says("an invite by words", 6, &words, |_| {
        invite(&key(12), Role::Reader)
    });
    cases.says("an answer to a member", 6, &clinic, |_| answer(id(&phone)));
    let (one, two) = ([&phone], [&newcomer]);
    cases.turns(
        "an admission of nobody who waits",
        6,
        &clinic,
        Turn {
            admitted: &two,
            ..all
        },
    );
    cases.turns(
        "a newcomer both let in and turned away",
        4,
        &clinic,
        Turn {
            refused: &one,
            admitted: &one,
            ..all
        },
    );
    cases.turns(
        "an admission without an answer",
        3,
        &clinic,
        Turn {
            admitted: &one,
            ..all
        },
    );
    cases.says("an answer by another than who invited", 8, &clinic, |_| {
        answer(id(&tablet))
    });
    cases.says("a second answer", 9, &phone, |_| answer(id(&tablet)));
    let of_the_phone = [&stranger];
    cases.turns(
        "a newcomer of the first device turned away by the second",
        12,
        &tablet,
        Turn {
            refused: &of_the_phone,
            ..all
        },
    );
    let three = [&tablet];
    cases.turns(
        "an admission by another than who invited and answered",
        9,
        &clinic,
        Turn {
            removed: &[(&phone, last(1))],
            admitted: &three,
            ..all
        },
    );
    cases.turns(
        "words enrolled by a host",
        5,
        &clinic,
        Turn {
            enrolled: &as_words,
            ..all
        },
    );
    cases.turns(
        "a device enrolled by a device",
        5,
        &phone,
        Turn {
            enrolled: &as_device,
            ..all
        },
    );
    cases.turns(
        "a host enrolled by a device",
        5,
        &phone,
        Turn {
            enrolled: &as_host,
            ..all
        },
    );
    cases.turns(
        "words enrolled by a second device",
        10,
        &tablet,
        Turn {
            enrolled: &as_words,
            ..all
        },
    );
    let removes = |who| [(who, last(1))];
    let later = [(&phone, last(6))];
    let (of_phone, of_words, of_clinic) = (removes(&phone), removes(&words), removes(&clinic));
    cases.turns(
        "a second removal",
        13,
        &words,
        Turn {
            removed: &later,
            ..all
        },
    );
    cases.turns(
        "words that remove themselves",
        10,
        &words,
        Turn {
            removed: &of_words,
            ..all
        },
    );
    cases.turns(
        "a host removed by a device",
        10,
        &phone,
        Turn {
            removed: &of_clinic,
            ..all
        },
    );
    cases.turns(
        "a host removed by words",
        10,
        &words,
        Turn {
            removed: &of_clinic,
            ..all
        },
    );
    cases.turns(
        "words removed by a host",
        10,
        &clinic,
        Turn {
            removed: &of_words,
            ..all
        },
    );
    cases.turns(
        "words removed by a second device",
        10,
        &tablet,
        Turn {
            removed: &of_words,
            ..all
        },
    );
    cases.turns(
        "the first device removed by the second",
        10,
        &tablet,
        Turn {
            removed: &of_phone,
            ..all
        },
    );
    cases.says("the last admin's leave", 1, &clinic, |_| leave(0));
    for (name, who) in [
        ("an end by a second device", &tablet),
        ("an end by words", &words),
        ("an end by the clinic", &clinic),
        ("an end by one who waits", &stranger),
    ] {
        cases.says(name, 12, who, |_| end());
    }
    beside_the_patients(cases);
}

/// The clinic invites and answers a newcomer, and would let it in beside the phone.
fn beside_the_patients(cases: &mut Cases<'_>) {
    let (clinic, newcomer) = (key(1), key(6));
    let mut before = after(cases.space, 6);
    before.wait(&clinic, &newcomer, Role::Device);
    before.say(&clinic, answer(id(&newcomer))).unwrap();
    let rotate = before.rotation(Turn {
        admitted: &[&newcomer],
        ..Turn::default()
    });
    let statement = Statement::sign(&clinic, before.next(), NOW, StatementBody::Rotate(rotate));
    cases.refuse_after("a device beside the patient's", 6, before, &statement);
}
