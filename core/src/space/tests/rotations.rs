//! Rotations that everybody can check.

use companion_protocol::statement::PreviousKey;
use companion_protocol::suite::WRAPPED_KEY_LENGTH;
use proptest::prelude::*;

use super::super::agreement::{KeyAgreement, Recipient, XWingHpke};
use super::super::keys::{derive_into, open_previous, seal_previous};
use super::super::rotation::Falsehood;
use super::*;

fn wrap_of<'a>(rotate: &'a mut Rotate, member: &Identity) -> &'a mut [u8; WRAPPED_KEY_LENGTH] {
    let wrapped = rotate.wrapped.iter_mut();
    let mut mine = wrapped.filter(|(id, _)| *id == member.member());
    &mut mine.next().unwrap().1
}

/// Another key, wrapped as an honest member would.
fn other_wrap(rotate: &Rotate, member: &Identity) -> Box<[u8; WRAPPED_KEY_LENGTH]> {
    let recipient = Recipient {
        member: &member.member(),
        hpke_key: &member.hpke_key(),
    };
    let key = EpochKey::new(noise(3));
    XWingHpke.wrap(recipient, &rotate.commitment, &key).unwrap()
}

/// Four phones of one patient, of whom the first founded the space.
fn four() -> ([Identity; 4], Space) {
    let all = [1, 2, 3, 4].map(identity);
    let mut space = Space::of_phone(&all[0], 11);
    for newcomer in &all[1..] {
        space.admit(&all[0], newcomer);
    }
    (all, space)
}

fn whats(faults: &[FalseRotation]) -> Vec<(Epoch, Falsehood)> {
    faults
        .iter()
        .map(|fault| (fault.epoch, fault.what))
        .collect()
}

/// Lets one more phone in and gives it.
fn one_more(space: &mut Space, admin: &Identity) -> Identity {
    let late = identity(50);
    space.admit(admin, &late);
    late
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]
    #[test]
    fn a_wrap_is_the_same_bytes_each_time_and_opens_for_its_recipient_alone(
        key in any::<[u8; 32]>(), commitment in any::<[u8; 32]>(), seed in any::<u64>(),
    ) {
        let (me, other) = (identity(seed % 1_000), identity(1_000 + seed % 1_000));
        let key = EpochKey::new(key);
        let to = |who: &Identity| {
            let recipient = Recipient { member: &who.member(), hpke_key: &who.hpke_key() };
            XWingHpke.wrap(recipient, &commitment, &key).unwrap()
        };
        let wrapped = to(&me);
        prop_assert_eq!(&wrapped, &to(&me));
        prop_assert_ne!(&wrapped, &to(&other));
        let open = |who: &Identity, member: &Identity, commitment: &[u8; 32]| {
            XWingHpke.unwrap(who.receiving_seed(), &member.member(), commitment, &wrapped)
        };
        let opened = open(&me, &me, &commitment).unwrap();
        prop_assert_eq!(opened.as_bytes(), key.as_bytes());
        prop_assert!(open(&other, &other, &commitment).is_err());
        prop_assert!(open(&me, &other, &commitment).is_err());
        prop_assert!(open(&me, &me, &noise(9)).is_err());
    }

    #[test]
    fn a_previous_key_is_the_same_bytes_each_time_and_opens_where_it_belongs_alone(
        new in any::<[u8; 32]>(), earlier in any::<[u8; 32]>(), at in 1u32..1_000,
    ) {
        let (new, earlier) = (EpochKey::new(new), EpochKey::new(earlier));
        let (binding, of, next) = (noise(1), Epoch(at - 1), Epoch(at));
        let seal = |of| seal_previous(&binding, (next, &new), (of, &earlier)).unwrap();
        let sealed = seal(of);
        prop_assert_eq!(sealed, seal(of));
        prop_assert_ne!(&sealed[..24], &seal(next)[..24], "each epoch has a nonce of its own");
        let opened = open_previous(&binding, (next, &new), of, &sealed).unwrap();
        prop_assert_eq!(opened.as_bytes(), earlier.as_bytes());
        prop_assert!(open_previous(&noise(2), (next, &new), of, &sealed).is_err());
        prop_assert!(open_previous(&binding, (next.next(), &new), of, &sealed).is_err());
        prop_assert!(open_previous(&binding, (next, &new), next, &sealed).is_err());
        prop_assert!(open_previous(&binding, (next, &earlier), of, &sealed).is_err());
    }
}

/// The encapsulation of a wrap is that of X-Wing's `EncapsulateDerand` with our 64 bytes: so the library
/// asks for just these, and another implementation that has only X-Wing makes the same.
#[test]
fn a_wrap_is_x_wings_own_with_the_sixty_four_bytes_that_follow_from_the_key() {
    let me = identity(1);
    let (key, commitment) = (EpochKey::new(noise(1)), noise(2));
    let recipient = Recipient {
        member: &me.member(),
        hpke_key: &me.hpke_key(),
    };
    let wrapped = XWingHpke.wrap(recipient, &commitment, &key).unwrap();
    let mut randomness = [0; 64];
    let (label, member) = (b"kap/wrap-seed/1", me.member());
    let info: [&[u8]; 3] = [label, &commitment, member.as_bytes()];
    derive_into(key.as_bytes(), &info, &mut randomness);
    let public = x_wing::EncapsulationKey::try_from(me.hpke_key().as_slice()).unwrap();
    let (encapsulated, _) = public.encapsulate_deterministic(&randomness.into());
    assert_eq!(wrapped[..1120], encapsulated[..]);
}

#[test]
fn an_honest_rotation_is_false_to_nobody() {
    let ([first, second, third, fourth], mut space) = four();
    space.rotate(&second, removing(&fourth));
    space.rotate(&third, Change::default());
    let late = one_more(&mut space, &second);
    for member in [&first, &second, &third, &fourth, &late] {
        assert_eq!(space.faults_seen_by(member), []);
    }
}

#[test]
fn whoever_is_locked_out_knows_and_everybody_else_says_by_whom() {
    for honest_form in [false, true] {
        let ([first, second, third, fourth], mut space) = four();
        space.rotate_falsely(&second, |rotate| {
            let wrong = match honest_form {
                true => other_wrap(rotate, &third),
                false => Box::new([5; WRAPPED_KEY_LENGTH]),
            };
            *wrap_of(rotate, &third) = *wrong;
        });
        let epoch = space.chain.epoch();
        let named = |what| FalseRotation {
            epoch,
            by: second.member(),
            at_ms: u64::try_from(NOW.unix_ms).unwrap(),
            what,
        };
        let locks_out = named(Falsehood::LocksOut(third.member()));
        assert_eq!(space.faults_seen_by(&first), [locks_out]);
        assert_eq!(space.faults_seen_by(&fourth), [locks_out]);
        assert_eq!(space.faults_seen_by(&third), [named(Falsehood::LockedOut)]);
        assert!(!space.keys_of(&third).contains_key(&epoch));
    }
}

#[test]
fn one_flipped_bit_anywhere_in_what_a_rotation_seals_is_found() {
    for at in [0, 31, 1_087, 1_088, 1_119, 1_120, 1_151, 1_152, 1_167] {
        let ([first, second, third, _], mut space) = four();
        space.rotate_falsely(&second, |rotate| wrap_of(rotate, &third)[at] ^= 1);
        let found = whats(&space.faults_seen_by(&first));
        let locks_out = Falsehood::LocksOut(third.member());
        assert_eq!(found, [(space.chain.epoch(), locks_out)], "byte {at}");
    }
    for at in [0, 23, 24, 55, 56, 71] {
        let ([first, second, ..], mut space) = four();
        space.rotate_falsely(&second, |rotate| rotate.previous_keys[0].sealed[at] ^= 1);
        let found = whats(&space.faults_seen_by(&first));
        let hides = Falsehood::HidesHistory(Epoch(3));
        assert_eq!(found, [(Epoch(4), hides)], "byte {at}");
    }
}

#[test]
fn a_key_that_the_chain_does_not_commit_to_is_nobodys() {
    let ([first, second, third, _], mut space) = four();
    // All get one key, and the chain names another.
    space.rotate_falsely(&second, |rotate| rotate.commitment = noise(1));
    for member in [&first, &third] {
        assert!(!space.keys_of(member).contains_key(&Epoch(4)));
        let found = whats(&space.faults_seen_by(member));
        assert_eq!(found, [(Epoch(4), Falsehood::LockedOut)]);
    }
}

#[test]
fn a_random_or_missing_or_swapped_previous_key_hides_history_and_names_its_author() {
    type Hide = fn(&mut Rotate);
    let hide: [Hide; 3] = [
        |rotate| rotate.previous_keys[0].sealed = [5; 72],
        |rotate| rotate.previous_keys.clear(),
        |rotate| rotate.previous_keys[0].epoch = Epoch(2),
    ];
    for hide in hide {
        let ([first, second, third, fourth], mut space) = four();
        space.rotate_falsely(&second, hide);
        for member in [&first, &third, &fourth] {
            let faults = space.faults_seen_by(member);
            assert_eq!(faults.len(), 1);
            assert_eq!((faults[0].by, faults[0].epoch), (second.member(), Epoch(4)));
            assert!(matches!(faults[0].what, Falsehood::HidesHistory(_)));
        }
    }
}

#[test]
fn whoever_was_locked_out_passes_on_what_it_has_and_is_not_accused() {
    let ([first, second, third, fourth], mut space) = four();
    space.rotate_falsely(&second, |rotate| {
        *wrap_of(rotate, &third) = [5; WRAPPED_KEY_LENGTH];
    });
    space.rotate(&third, Change::default());
    for member in [&first, &fourth] {
        let faults = space.faults_seen_by(member);
        assert_eq!(faults.len(), 1);
        assert_eq!(faults[0].by, second.member());
    }
    assert!(space.keys_of(&third).contains_key(&Epoch(5)));
}

#[test]
fn nobody_of_several_who_were_locked_out_is_accused() {
    let ([first, second, third, fourth], mut space) = four();
    space.rotate_falsely(&second, |rotate| {
        *wrap_of(rotate, &third) = [5; WRAPPED_KEY_LENGTH];
        *wrap_of(rotate, &fourth) = [6; WRAPPED_KEY_LENGTH];
    });
    // Whichever of the two was named: the other one passes on what it has, and did no wrong.
    for honest in [&third, &fourth] {
        let mut space = space.again();
        space.rotate(honest, Change::default());
        let faults = space.faults_seen_by(&first);
        assert_eq!(faults.len(), 1, "{faults:?}");
        assert_eq!(faults[0].by, second.member());
    }
}

#[test]
fn whoever_had_the_key_is_accused_whomever_else_it_was_kept_from() {
    let ([first, second, third, fourth], mut space) = four();
    space.rotate_falsely(&second, |rotate| {
        *wrap_of(rotate, &third) = [5; WRAPPED_KEY_LENGTH];
    });
    space.rotate_falsely(&fourth, |rotate| rotate.previous_keys.clear());
    let by: Vec<_> = space
        .faults_seen_by(&first)
        .iter()
        .map(|fault| fault.by)
        .collect();
    assert_eq!(by, [second.member(), fourth.member()]);
}

#[test]
fn the_next_rotation_seals_again_what_was_hidden_and_a_later_member_reads_all() {
    type Hide = fn(&mut Rotate);
    let hide: [Hide; 2] = [
        |rotate| rotate.previous_keys[0].sealed = [5; 72],
        |rotate| rotate.previous_keys.clear(),
    ];
    for hide in hide {
        let ([first, second, third, _], mut space) = four();
        space.rotate_falsely(&second, hide);
        let missing = |space: &Space, member: &Identity| {
            rotation::not_passed_on(&space.chain, &space.statements, &space.keys_of(member))
        };
        assert_eq!(missing(&space, &first), [Epoch(3)]);
        assert_eq!(missing(&space, &third), [Epoch(3)]);
        space.rotate(&third, Change::default());
        assert_eq!(missing(&space, &first), []);
        let StatementBody::Rotate(mended) = space.statements.last().unwrap().body() else {
            panic!("it is a rotation");
        };
        let passed: Vec<_> = mended.previous_keys.iter().map(|key| key.epoch).collect();
        assert_eq!(passed, [Epoch(3), Epoch(4)]);
        let late = one_more(&mut space, &first);
        let epochs: Vec<_> = space.keys_of(&late).keys().map(|epoch| epoch.0).collect();
        assert_eq!(epochs, [0, 1, 2, 3, 4, 5, 6]);
    }
}

#[test]
fn what_the_locked_out_could_not_pass_on_is_sealed_again_by_whoever_can() {
    let ([first, second, third, _], mut space) = four();
    space.rotate_falsely(&second, |rotate| {
        *wrap_of(rotate, &third) = [5; WRAPPED_KEY_LENGTH];
    });
    space.rotate(&third, Change::default());
    let keys = space.keys_of(&first);
    let missing = rotation::not_passed_on(&space.chain, &space.statements, &keys);
    assert_eq!(missing, [Epoch(4)]);
    space.rotate(&first, Change::default());
    assert_eq!(
        space.keys_of(&third).len(),
        7,
        "and it reaches whoever was locked out"
    );
    let late = one_more(&mut space, &third);
    assert_eq!(space.keys_of(&late).len(), 8);
    assert_eq!(space.faults_seen_by(&late).len(), 1);
}

#[test]
fn a_rotation_may_pass_on_more_than_the_last_key() {
    let ([first, second, ..], mut space) = four();
    let keys = space.keys_of(&second);
    let again = [Epoch(0), Epoch(1)];
    let change = Change::default();
    let made = rotation::rotate(
        &second,
        &space.chain,
        &keys,
        &again,
        change,
        NOW,
        &space.rng,
    );
    let (statement, key) = made.unwrap();
    let StatementBody::Rotate(rotate) = statement.body() else {
        panic!("it is a rotation");
    };
    let genuine: Vec<PreviousKey> = [0, 1, 3]
        .map(|epoch| PreviousKey {
            epoch: Epoch(epoch),
            sealed: seal_previous(
                space.chain.binding(),
                (Epoch(4), &key),
                (Epoch(epoch), &keys[&Epoch(epoch)]),
            )
            .unwrap(),
        })
        .to_vec();
    assert_eq!(rotate.previous_keys, genuine);
    space.say(statement);
    assert_eq!(space.faults_seen_by(&first), []);
}
