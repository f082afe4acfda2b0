#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]

mod late;
mod roles;
mod unicode;

use companion_core::ports::testing::{ManualClock, SeededRng};

use super::*;
use crate::accounts::audit::Action;

const START: i64 = 1_795_465_113_000;
const PASSPHRASE: &str = "correct horse battery staple";
const MINUTE: i64 = 60_000;

struct House {
    folder: tempfile::TempDir,
    clock: Arc<ManualClock>,
    accounts: Arc<Accounts>,
}

impl House {
    fn with(name: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let clock = Arc::new(ManualClock::at_unix_ms(START));
        let accounts = open(folder.path(), &[7; 32], &clock).unwrap();
        accounts
            .add_clinician(name, PASSPHRASE, Role::Lead)
            .unwrap();
        Self {
            folder,
            clock,
            accounts: Arc::new(accounts),
        }
    }

    async fn sign_in(&self, name: &str, passphrase: &str) -> Result<Token, SignInError> {
        let passphrase = zeroize::Zeroizing::new(passphrase.to_owned());
        self.accounts.sign_in(name.to_owned(), passphrase).await
    }
}

fn open(
    folder: &Path,
    key: &[u8; 32],
    clock: &Arc<ManualClock>,
) -> Result<Accounts, AccountsError> {
    let clock: Arc<dyn Clock> = Arc::clone(clock) as _;
    Accounts::open(
        &folder.join("console.db"),
        key,
        clock,
        Arc::new(SeededRng::new(1)),
    )
}

#[tokio::test]
async fn the_right_passphrase_begins_a_session_and_a_wrong_one_does_not() {
    let house = House::with("Mira");
    let token = house.sign_in(" mIRA ", PASSPHRASE).await.unwrap();
    let session = house
        .accounts
        .session(&token, Touch::Person)
        .unwrap()
        .unwrap();
    assert_eq!(session.name, "Mira");
    assert!(matches!(
        house.sign_in("Mira", "wrong").await,
        Err(SignInError::Wrong)
    ));
    assert!(matches!(
        house.sign_in("Nobody", PASSPHRASE).await,
        Err(SignInError::Wrong)
    ));
    let again = house.sign_in("Mira", PASSPHRASE).await.unwrap();
    assert_ne!(again.as_str(), token.as_str());
}

#[tokio::test]
async fn a_session_ends_after_fifteen_idle_minutes_and_a_page_refreshing_itself_is_idle() {
    let house = House::with("Mira");
    let token = house.sign_in("Mira", PASSPHRASE).await.unwrap();
    for _ in 0..3 {
        house.clock.advance_ms(14 * MINUTE);
        assert!(
            house
                .accounts
                .session(&token, Touch::Person)
                .unwrap()
                .is_some()
        );
    }
    house.clock.advance_ms(10 * MINUTE);
    assert!(
        house
            .accounts
            .session(&token, Touch::Page)
            .unwrap()
            .is_some()
    );
    house.clock.advance_ms(5 * MINUTE);
    assert!(
        house
            .accounts
            .session(&token, Touch::Page)
            .unwrap()
            .is_none()
    );
    assert!(
        house
            .accounts
            .session(&token, Touch::Person)
            .unwrap()
            .is_none()
    );
}

#[tokio::test]
async fn a_busy_session_ends_after_twelve_hours() {
    let house = House::with("Mira");
    let token = house.sign_in("Mira", PASSPHRASE).await.unwrap();
    for _ in 0..(12 * 60 / 10 - 1) {
        house.clock.advance_ms(10 * MINUTE);
        assert!(
            house
                .accounts
                .session(&token, Touch::Person)
                .unwrap()
                .is_some()
        );
    }
    house.clock.advance_ms(10 * MINUTE);
    assert!(
        house
            .accounts
            .session(&token, Touch::Person)
            .unwrap()
            .is_none()
    );
}

#[tokio::test]
async fn signing_out_and_a_new_passphrase_end_sessions() {
    let house = House::with("Mira");
    let one = house.sign_in("Mira", PASSPHRASE).await.unwrap();
    let two = house.sign_in("Mira", PASSPHRASE).await.unwrap();
    house.accounts.sign_out(&one).unwrap();
    assert!(
        house
            .accounts
            .session(&one, Touch::Person)
            .unwrap()
            .is_none()
    );
    assert!(
        house
            .accounts
            .session(&two, Touch::Person)
            .unwrap()
            .is_some()
    );
    house
        .accounts
        .set_passphrase("Mira", "an entirely different one")
        .unwrap();
    assert!(
        house
            .accounts
            .session(&two, Touch::Person)
            .unwrap()
            .is_none()
    );
    assert!(matches!(
        house.sign_in("Mira", PASSPHRASE).await,
        Err(SignInError::Wrong)
    ));
}

#[tokio::test]
async fn wrong_passphrases_make_the_next_try_wait_longer_even_after_a_restart() {
    let mut house = House::with("Mira");
    for _ in 0..5 {
        house.clock.advance_ms(2 * MINUTE);
        assert!(matches!(
            house.sign_in("Mira", "wrong").await,
            Err(SignInError::Wrong)
        ));
    }
    let accounts = open(house.folder.path(), &[7; 32], &house.clock).unwrap();
    house.accounts = Arc::new(accounts);
    // Even the right one has to wait: an answer now would tell a guesser that it is right.
    let refused = house.sign_in("Mira", PASSPHRASE).await;
    assert!(
        matches!(refused, Err(SignInError::Wait { seconds: 2 })),
        "{refused:?}"
    );
    assert!(matches!(
        house.sign_in("Other", "wrong").await,
        Err(SignInError::Wrong)
    ));
    house.clock.advance_ms(2000);
    house.sign_in("Mira", PASSPHRASE).await.unwrap();
    assert!(matches!(
        house.sign_in("Mira", "wrong").await,
        Err(SignInError::Wrong)
    ));
    house.sign_in("Mira", PASSPHRASE).await.unwrap();
}

#[tokio::test]
async fn a_clock_set_back_locks_nobody_out() {
    let house = House::with("Mira");
    for _ in 0..12 {
        house.clock.advance_ms(2 * MINUTE);
        assert!(house.sign_in("Mira", "wrong").await.is_err());
    }
    house.clock.advance_ms(-300 * MINUTE);
    house.sign_in("Mira", PASSPHRASE).await.unwrap();
}

#[test]
fn names_are_unique_and_passphrases_long() {
    let house = House::with("Mira");
    let accounts = &house.accounts;
    assert!(matches!(
        accounts.add_clinician("MIRA", PASSPHRASE, Role::Lead),
        Err(AccountsError::NameTaken)
    ));
    assert!(matches!(
        accounts.add_clinician(" ", PASSPHRASE, Role::Lead),
        Err(AccountsError::BadName(_))
    ));
    assert!(matches!(
        accounts.add_clinician("a\u{7}b", PASSPHRASE, Role::Lead),
        Err(AccountsError::BadName(_))
    ));
    assert!(matches!(
        accounts.add_clinician("Noor", "too short", Role::Lead),
        Err(AccountsError::BadPassphrase)
    ));
    assert!(matches!(
        accounts.set_passphrase("Noor", PASSPHRASE),
        Err(AccountsError::NoSuchClinician)
    ));
    assert_eq!(accounts.clinicians().unwrap(), 1);
}

#[test]
fn what_is_wrong_with_a_name_or_a_passphrase_can_be_asked_before_it_is_typed_again() {
    let house = House::with("Mira");
    let accounts = &house.accounts;
    assert!(matches!(
        accounts.new_name(" mira"),
        Err(AccountsError::NameTaken)
    ));
    assert_eq!(accounts.new_name(" Noor  B. ").unwrap(), "Noor B.");
    assert_eq!(accounts.known_name("MIRA").unwrap(), "Mira");
    assert!(matches!(
        accounts.known_name("Noor"),
        Err(AccountsError::NoSuchClinician)
    ));
    for (passphrase, said) in [
        ("14 characters.", "a passphrase has at least 15 characters"),
        // Seventeen code points, and fourteen characters once they are composed.
        (
            "e\u{301}e\u{301}e\u{301}4 character",
            "a passphrase has at least 15 characters",
        ),
        (
            "correct horse\u{200b}battery",
            "the passphrase holds a character that no screen shows: another keyboard may not type it",
        ),
    ] {
        let refused = Accounts::check_passphrase(passphrase).unwrap_err();
        assert_eq!(refused.to_string(), said);
    }
    let long = Accounts::check_passphrase(&"x".repeat(1025)).unwrap_err();
    assert_eq!(long.to_string(), "a passphrase has at most 1024 bytes");
    Accounts::check_passphrase(PASSPHRASE).unwrap();
}

#[test]
fn a_wrong_key_and_a_newer_file_are_refused_and_left_alone() {
    let house = House::with("Mira");
    let file = house.folder.path().join("console.db");
    assert!(matches!(
        open(house.folder.path(), &[8; 32], &house.clock),
        Err(AccountsError::Store(_))
    ));
    house
        .accounts
        .store()
        .pragma_update(None, "user_version", 99)
        .unwrap();
    assert!(matches!(
        open(house.folder.path(), &[7; 32], &house.clock),
        Err(AccountsError::Newer)
    ));
    house
        .accounts
        .store()
        .pragma_update(None, "user_version", schema::VERSION)
        .unwrap();
    assert_eq!(
        open(house.folder.path(), &[7; 32], &house.clock)
            .unwrap()
            .clinicians()
            .unwrap(),
        1
    );
    let bytes = std::fs::read(&file).unwrap();
    assert!(
        !bytes
            .windows(4)
            .any(|window| window == b"Mira" || window == b"SQLi")
    );
}

#[tokio::test]
async fn the_audit_record_says_who_did_what_and_shows_when_it_was_changed() {
    let house = House::with("Mira");
    house.sign_in("Mira", PASSPHRASE).await.unwrap();
    assert!(house.sign_in("my secret passphrase", "x").await.is_err());
    house
        .accounts
        .record("Mira", Action::OpenedEntry, Some("0b0b"))
        .unwrap();
    let record = house.accounts.audit().unwrap();
    assert!(record.unbroken);
    let lines: Vec<String> = record
        .lines
        .iter()
        .map(|line| {
            format!(
                "{} {} {} {}",
                line.number, line.actor, line.action, line.patient
            )
        })
        .collect();
    assert_eq!(
        lines,
        [
            "4 Mira opened entry 0b0b",
            "3 unknown name failed sign-in ",
            "2 Mira signed in ",
            "1 clinic-console added clinician ",
        ]
    );
    for change in [
        "UPDATE audit SET actor = 'Noor' WHERE number = 2",
        "DELETE FROM audit WHERE number = 2",
    ] {
        assert!(
            house.accounts.store().execute(change, []).is_err(),
            "{change}"
        );
        let store = house.accounts.store();
        store.execute_batch("SAVEPOINT tamper; DROP TRIGGER audit_is_kept; DROP TRIGGER audit_stays_as_written;").unwrap();
        store.execute(change, []).unwrap();
        assert!(!audit::read(&store).unwrap().unbroken, "{change}");
        store
            .execute_batch("ROLLBACK TO tamper; RELEASE tamper;")
            .unwrap();
        assert!(audit::read(&store).unwrap().unbroken);
    }
}
