//! What a session that is over is still good for: keeping its person's words, a day long, and nothing
//! else.

use super::*;

fn words() -> Fields {
    [("body".to_owned(), "half a sentence".to_owned())].into()
}

#[tokio::test]
async fn only_a_session_that_ended_by_itself_keeps_words_and_only_for_a_day() {
    let house = House::with("Mira");
    let accounts = &house.accounts;
    let token = house.sign_in("Mira", PASSPHRASE).await.unwrap();
    let mira = accounts.session(&token, Touch::Page).unwrap().unwrap();
    let keep = |token: &Token, place: &str| accounts.keep_late_draft(token, place, &words());
    assert!(!keep(&token, "/invite").unwrap(), "it goes on");
    house.clock.advance_ms(16 * MINUTE);
    assert!(keep(&token, "/invite").unwrap());
    assert_eq!(
        accounts.draft(mira.clinician, "/invite").unwrap(),
        Some(words())
    );
    // The clock is put back: what is over stays over.
    assert!(accounts.session(&token, Touch::Person).unwrap().is_none());
    house.clock.advance_ms(-10 * MINUTE);
    assert!(accounts.session(&token, Touch::Person).unwrap().is_none());
    assert!(keep(&token, "/invite").unwrap());
    house.clock.advance_ms(25 * 60 * MINUTE);
    assert!(!keep(&token, "/invite").unwrap(), "a day is over");

    let token = house.sign_in("Mira", PASSPHRASE).await.unwrap();
    accounts.sign_out(&token).unwrap();
    assert!(!keep(&token, "/invite").unwrap(), "signed out");
    let token = house.sign_in("Mira", PASSPHRASE).await.unwrap();
    accounts.set_passphrase("Mira", PASSPHRASE).unwrap();
    assert!(!keep(&token, "/invite").unwrap(), "a new passphrase");
    let unknown = Token::from_cookie(&"a".repeat(64)).unwrap();
    assert!(!keep(&unknown, "/invite").unwrap());
}

#[tokio::test]
async fn an_old_cookie_cannot_fill_the_disk() {
    let house = House::with("Mira");
    let token = house.sign_in("Mira", PASSPHRASE).await.unwrap();
    house.clock.advance_ms(16 * MINUTE);
    let keep = |place: usize| {
        house
            .accounts
            .keep_late_draft(&token, &place.to_string(), &words())
            .unwrap()
    };
    assert_eq!((0..300).filter(|place| keep(*place)).count(), 200);
    assert!(keep(7), "what is there can be written over");
}
