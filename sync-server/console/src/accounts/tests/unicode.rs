//! The same passphrase and the same name, however a keyboard spells them.

use super::*;

#[tokio::test]
async fn a_passphrase_set_in_one_unicode_form_signs_in_typed_in_another() {
    let house = House::with("Mira");
    for (name, set, typed) in [
        // Composed on one keyboard, decomposed on another (macOS, some input methods).
        (
            "Zoë",
            "cr\u{e8}me br\u{fb}l\u{e9}e au caf\u{e9}",
            "cre\u{300}me bru\u{302}le\u{301}e au cafe\u{301}",
        ),
        (
            "Noor",
            "한국어로 쓴 아주 긴 비밀번호",
            &decomposed("한국어로 쓴 아주 긴 비밀번호"),
        ),
        // A space of a Japanese keyboard, and one that a text editor made unbreakable.
        (
            "Kei",
            "長い\u{3000}長い\u{a0}合い言葉はここにあります",
            "長い 長い 合い言葉はここにあります",
        ),
    ] {
        house.accounts.add_clinician(name, set, Role::Lead).unwrap();
        house.sign_in(name, typed).await.unwrap();
        house.sign_in(name, set).await.unwrap();
    }
    // What RFC 8265 leaves alone stays told apart: case, width, marks.
    for wrong in [
        "Cr\u{e8}me br\u{fb}l\u{e9}e au caf\u{e9}",
        "creme brulee au cafe",
        "cr\u{e8}me br\u{fb}l\u{e9}e au ca\u{ff46}\u{e9}",
        "cr\u{e8}me br\u{fb}l\u{e9}e  au caf\u{e9}",
    ] {
        let refused = house.sign_in("Zoë", wrong).await;
        assert!(matches!(refused, Err(SignInError::Wrong)), "{wrong}");
        house.clock.advance_ms(2 * MINUTE);
    }
}

fn decomposed(text: &str) -> String {
    icu_normalizer::DecomposingNormalizerBorrowed::new_nfd()
        .normalize(text)
        .into_owned()
}

#[tokio::test]
async fn a_name_signs_in_however_it_is_typed_and_cannot_be_added_twice() {
    let house = House::with("Mira");
    for (name, spellings) in [
        (
            "Zo\u{eb} Müller",
            ["zoe\u{308} MU\u{308}LLER", "  Zo\u{eb}  \u{a0}müller "],
        ),
        ("Ａｄａ", ["ada", "ADA"]),
        ("Strauß", ["STRAUSS", "strauß"]),
        (
            "علی\u{200c}رضا",
            ["علی\u{200c}رضا", "عليرضا".replace('ي', "ی").leak()],
        ),
        ("이지은", [decomposed("이지은").leak(), "이지은"]),
    ] {
        house
            .accounts
            .add_clinician(name, PASSPHRASE, Role::Lead)
            .unwrap();
        for spelling in spellings {
            house.sign_in(spelling, PASSPHRASE).await.unwrap();
            let twice = house
                .accounts
                .add_clinician(spelling, PASSPHRASE, Role::Lead);
            assert!(matches!(twice, Err(AccountsError::NameTaken)), "{spelling}");
        }
    }
}

#[test]
fn a_name_that_shows_less_than_it_holds_is_refused() {
    let house = House::with("Mira");
    for name in [
        "Mi\u{200b}ra",
        "Mira\u{200d}",
        "\u{202e}ariM",
        "Mira\u{2066}x\u{2069}",
        "Mi\u{ad}ra",
        "\u{2800}",
        "\u{3164}",
        "Mira\u{e0041}",
    ] {
        let refused = house.accounts.add_clinician(name, PASSPHRASE, Role::Lead);
        assert!(
            matches!(refused, Err(AccountsError::BadName(_))),
            "{name:?}: {refused:?}"
        );
    }
    assert_eq!(house.accounts.clinicians().unwrap(), 1);
}

#[tokio::test]
async fn names_from_before_are_found_by_their_new_keys() {
    let house = House::with("Zo\u{eb} Müller");
    {
        let store = house.accounts.store();
        store
            .execute("UPDATE clinician SET folded_name = 'zo\u{eb} müller '", [])
            .unwrap();
        store
            .execute_batch(
                "DROP TABLE calendar_feed; DROP TABLE draft; DROP TABLE sent_form; DROP TABLE begun_form; ALTER TABLE session DROP COLUMN is_over;
                 DROP TABLE emergency_end; DROP TABLE emergency; DROP TABLE role_right;
                 ALTER TABLE clinician DROP COLUMN role; ALTER TABLE clinician DROP COLUMN ended_ms;
                 ALTER TABLE audit DROP COLUMN detail;",
            )
            .unwrap();
        store.pragma_update(None, "user_version", 1).unwrap();
    }
    let accounts = open(house.folder.path(), &[7; 32], &house.clock).unwrap();
    let house = House {
        accounts: Arc::new(accounts),
        ..house
    };
    house
        .sign_in("zoe\u{308} müller", PASSPHRASE)
        .await
        .unwrap();
}
