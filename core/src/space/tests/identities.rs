//! Who somebody is: by handle, by words.

use super::*;

#[test]
fn identities_by_handle_have_nothing_in_common_and_come_back() {
    let installation = Installation::generate(&SeededRng::new(1));
    let again = Installation::from_bytes(installation.as_bytes()).unwrap();
    let handles = [
        Handle::SHARED,
        Handle::new([1; 16]),
        Handle::random(&SeededRng::new(2)),
    ];
    let mut seen: Vec<[u8; 32]> = Vec::new();
    for handle in &handles {
        let (me, later) = (installation.identity(handle), again.identity(handle));
        assert_eq!(me.member(), later.member());
        assert_eq!(me.hpke_key(), later.hpke_key());
        assert_eq!(me.receiving_seed(), later.receiving_seed());
        seen.extend(parts(&me));
    }
    seen.push(*installation.as_bytes());
    all_differ(&seen);
    let other = Installation::generate(&SeededRng::new(3)).identity(&handles[1]);
    assert_ne!(other.member(), installation.identity(&handles[1]).member());
    assert!(Installation::from_bytes(&[1; 31]).is_none());
}

#[test]
fn recovery_words_are_somebody_else_in_each_space_and_come_back_however_they_are_typed() {
    let code = RecoveryCode::generate(&SeededRng::new(7)).unwrap();
    let typed = format!("  {}\n", code.words().join("   ").to_uppercase());
    let read = RecoveryCode::parse(&typed).unwrap();
    let mut seen: Vec<[u8; 32]> = Vec::new();
    for purpose in [Purpose::Care, Purpose::Private] {
        let (me, later) = (
            code.identity(purpose).unwrap(),
            read.identity(purpose).unwrap(),
        );
        assert_eq!(me.member(), later.member());
        assert_eq!(me.hpke_key(), later.hpke_key());
        seen.extend(parts(&me));
    }
    all_differ(&seen);
    let mut swapped: Vec<_> = code.words();
    swapped.swap(0, 1);
    for wrong in [
        code.words()[..11].join(" "),
        code.words().join(" ").replace(code.words()[0], "qwertz"),
        swapped.join(" "),
        String::new(),
    ] {
        assert!(matches!(
            RecoveryCode::parse(&wrong),
            Err(SpaceError::BadRecoveryWords(_))
        ));
    }
}

#[test]
fn words_of_one_space_open_nothing_of_the_other() {
    let phone = identity(1);
    let code = RecoveryCode::generate(&SeededRng::new(8)).unwrap();
    let [care, private] = [Purpose::Care, Purpose::Private].map(|p| code.identity(p).unwrap());
    let mut space = Space::of_phone(&phone, 1);
    let words = rotation::enrol(&private, &space.chain, Role::Words);
    let change = Change {
        enrol: vec![words],
        ..Change::default()
    };
    space.rotate(&phone, change);
    assert_eq!(space.keys_of(&private).len(), 2);
    assert!(space.keys_of(&care).is_empty());
}

#[test]
fn an_invites_key_is_not_its_secret() {
    let secret = InviteSecret::new([2; 32]);
    assert_ne!(secret.signing_key().to_bytes(), *secret.as_bytes());
    assert_ne!(secret.invite_key().as_bytes(), secret.as_bytes());
}

fn all_differ(seen: &[[u8; 32]]) {
    let distinct: std::collections::BTreeSet<_> = seen.iter().collect();
    assert_eq!(distinct.len(), seen.len());
}

/// All that an identity is made of; of its public key the ML-KEM part and the X25519 part.
fn parts(me: &Identity) -> [[u8; 32]; 5] {
    let public = me.hpke_key();
    let (of_ml_kem, of_x25519) = public.split_at(1184);
    [
        me.signing_key().to_bytes(),
        *me.receiving_seed(),
        *me.member().as_bytes(),
        Sha256::digest(of_ml_kem).into(),
        Sha256::digest(of_x25519).into(),
    ]
}
