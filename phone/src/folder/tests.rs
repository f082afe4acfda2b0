#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use std::sync::{Arc, Barrier};

use companion_core::ports::OsRng;
use companion_core::ports::testing::offline;

use super::*;

#[test]
fn one_command_at_a_time_exchanges() {
    let place = tempfile::tempdir().unwrap();
    let (one, other) = (
        Folder::open(place.path()).unwrap(),
        Folder::open(place.path()).unwrap(),
    );
    let turn = one.take_turn().unwrap();
    assert!(other.try_take_turn().unwrap().is_none());
    drop(turn);
    assert!(other.try_take_turn().unwrap().is_some());
}

#[test]
fn commands_that_begin_at_once_make_one_phone() {
    const AT_ONCE: usize = 4;
    for _ in 0..5 {
        let place = tempfile::tempdir().unwrap();
        let together = Barrier::new(AT_ONCE);
        let open = |_| {
            let folder = Folder::open(&place.path().join("phone")).unwrap();
            let ports = ports();
            together.wait();
            folder.record(&ports).unwrap().status().unwrap().member
        };
        let members = std::thread::scope(|scope| {
            let open = &open;
            let opening = (0..AT_ONCE).map(|n| scope.spawn(move || open(n)));
            let opening: Vec<_> = opening.collect();
            let members = opening.into_iter().map(|thread| thread.join().unwrap());
            members.collect::<Vec<_>>()
        });
        assert!(
            members.windows(2).all(|two| two[0] == two[1]),
            "{members:?}"
        );
    }
}

/// A key that is made anew is another one.
fn ports() -> Ports {
    Ports {
        rng: Arc::new(OsRng),
        ..offline()
    }
}

/// A phone's folder with a record in it.
fn begun() -> (tempfile::TempDir, Folder) {
    let place = tempfile::tempdir().unwrap();
    let folder = Folder::open(&place.path().join("phone")).unwrap();
    folder.record(&ports()).unwrap();
    (place, folder)
}

fn names(folder: &Folder) -> Vec<String> {
    let all = fs::read_dir(&folder.path).unwrap();
    let mut names: Vec<_> = all
        .map(|one| one.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

fn is_lost(opened: &Result<Patient, PhoneError>) -> bool {
    matches!(
        opened,
        Err(PhoneError::Core(CoreError::Store(StoreError::Lost)))
    )
}

#[test]
fn a_key_beside_no_record_is_a_record_that_was_lost() {
    let (_place, folder) = begun();
    let (record, aside) = (folder.record_path(), folder.path.join("aside"));
    let member = folder.record(&ports()).unwrap().status().unwrap().member;
    fs::rename(&record, &aside).unwrap();
    let before = names(&folder);
    assert!(is_lost(&folder.record(&ports())));
    assert_eq!(names(&folder), before);
    fs::write(&record, b"").unwrap();
    assert!(is_lost(&folder.record(&ports())));
    assert_eq!(fs::read(&record).unwrap(), b"");
    fs::rename(&aside, &record).unwrap();
    let back = folder.record(&ports()).unwrap().status().unwrap();
    assert_eq!(back.member, member);
}

#[test]
fn recordings_beside_neither_key_nor_record_leave_no_key_that_is_not_theirs() {
    let (_place, folder) = begun();
    let sealed = folder.path.join("phone.db.blobs");
    fs::create_dir_all(&sealed).unwrap();
    fs::write(sealed.join("recording"), b"sealed").unwrap();
    for file in [KEY, RECORD] {
        fs::rename(
            folder.path.join(file),
            folder.path.join(format!("{file}.aside")),
        )
        .unwrap();
    }
    assert!(is_lost(&folder.record(&ports())));
    assert_eq!(fs::read(sealed.join("recording")).unwrap(), b"sealed");
    fs::rename(folder.path.join("phone.db.aside"), folder.record_path()).unwrap();
    let error = folder.record(&ports()).unwrap_err().to_string();
    assert!(error.contains("phone.key is missing"), "{error}");
}

#[test]
fn a_first_start_that_was_killed_at_any_step_goes_on() {
    type Harm = fn(&Folder);
    let killed: [(&str, Harm); 5] = [
        ("as the key was written", |folder| {
            fs::remove_file(folder.record_path()).unwrap();
            fs::rename(folder.path.join(KEY), folder.path.join(NEW_KEY)).unwrap();
            fs::write(folder.path.join(NEW_KEY), [7; 9]).unwrap();
        }),
        ("before the record", |folder| {
            fs::remove_file(folder.record_path()).unwrap();
            fs::rename(folder.path.join(KEY), folder.path.join(NEW_KEY)).unwrap();
        }),
        ("as the record was made", |folder| {
            fs::write(folder.record_path(), b"").unwrap();
            fs::rename(folder.path.join(KEY), folder.path.join(NEW_KEY)).unwrap();
        }),
        ("before the key got its name", |folder| {
            fs::rename(folder.path.join(KEY), folder.path.join(NEW_KEY)).unwrap();
        }),
        ("before its other name went", |folder| {
            fs::hard_link(folder.path.join(KEY), folder.path.join(NEW_KEY)).unwrap();
        }),
    ];
    for (step, harm) in killed {
        let (_place, folder) = begun();
        harm(&folder);
        let first = folder.record(&ports()).unwrap();
        let member = first.status().unwrap().member;
        drop(first);
        let again = folder.record(&ports()).unwrap().status().unwrap();
        assert_eq!(again.member, member, "{step}");
        assert_eq!(fs::metadata(folder.path.join(KEY)).unwrap().len(), 32);
    }
}

#[test]
fn a_key_that_is_there_is_never_written_over() {
    let place = tempfile::tempdir().unwrap();
    let file = place.path().join("phone.key");
    fs::write(&file, [7; 32]).unwrap();
    assert!(make_key(&file, &OsRng).is_err());
    let folder = Folder::open(place.path()).unwrap();
    fs::write(place.path().join(NEW_KEY), [8; 32]).unwrap();
    assert!(folder.settle_key().is_err());
    assert_eq!(fs::read(&file).unwrap(), [7; 32]);
}

#[test]
fn a_key_is_made_once_for_its_owner_alone() {
    let (place, folder) = begun();
    let key = folder.key(&OsRng).unwrap();
    assert!(folder.key(&OsRng).unwrap() == key);
    let file = place.path().join("phone/phone.key");
    assert_eq!(
        fs::metadata(&file).unwrap().permissions().mode() & 0o777,
        0o600
    );
    assert_eq!(fs::metadata(&file).unwrap().len(), 32);
    assert!(!names(&folder).contains(&NEW_KEY.to_owned()));
}

#[test]
fn a_key_that_is_cut_off_open_to_others_or_lost_is_named() {
    let (_place, folder) = begun();
    let file = folder.path.join(KEY);
    fs::set_permissions(&file, fs::Permissions::from_mode(0o640)).unwrap();
    assert!(folder.key(&OsRng).unwrap_err().to_string().contains("0600"));
    fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).unwrap();
    for length in [0, 31, 33] {
        fs::write(&file, vec![7; length]).unwrap();
        assert!(
            folder
                .key(&OsRng)
                .unwrap_err()
                .to_string()
                .contains("32 bytes"),
            "{length}"
        );
    }
    fs::remove_file(&file).unwrap();
    // A fresh key would make the record look damaged, and hide what is really missing.
    assert!(
        folder
            .key(&OsRng)
            .unwrap_err()
            .to_string()
            .contains("missing")
    );
}

/// A phone whose account was ended, which nobody has taken away yet.
fn ended() -> (tempfile::TempDir, Folder) {
    let (place, folder) = begun();
    let record = folder.record(&ports()).unwrap();
    record
        .end_account(companion_core::patient::SharedThen::Stays)
        .unwrap();
    (place, folder)
}

/// While another command exchanges, nothing is taken away: and then it is, by this one.
#[test]
fn what_an_ended_account_left_goes_once_the_other_command_is_done() {
    let (_place, folder) = ended();
    let other = Folder::existing(&folder.path).unwrap();
    let together = Barrier::new(2);
    let removed = std::thread::scope(|scope| {
        scope.spawn(|| {
            let turn = other.take_turn().unwrap();
            together.wait();
            // Longer than it takes to see that the turn is taken.
            (0..10_000).for_each(|_| std::thread::yield_now());
            drop(turn);
        });
        together.wait();
        folder.removed_if_ended(&ports()).unwrap()
    });
    assert!(removed.is_some());
    assert_eq!(fs::read_dir(&folder.path).unwrap().count(), 0);
}

#[test]
fn no_phone_is_made_in_the_place_of_one_that_another_command_took_away() {
    let (_place, folder) = ended();
    assert!(folder.removed_if_ended(&ports()).unwrap().is_some());
    let again = folder.record_again(&ports());
    assert!(matches!(again, Err(PhoneError::NoPhone { .. })));
    assert_eq!(folder.removed_if_ended(&ports()).unwrap(), None);
    assert_eq!(fs::read_dir(&folder.path).unwrap().count(), 0);
}
