//! What must be true once everything is quiet.

use std::collections::BTreeSet;

use companion_core::WarningCode;
use companion_core::domain::{CheckIn, Content, Entry, Kind};
use companion_core::protocol::change::SealedChange;
use companion_core::records::{DeliveryState, Query};
use companion_core::testing::store::Store;
use companion_tests::{Insider, Phone};

use crate::life::{Life, Misfortune, PHONES, words_on};

/// Everything of a space that two replicas must have alike.
fn picture(store: &Store, of: &Phone, purpose: &str) -> (Vec<String>, BTreeSet<String>) {
    let space = Insider::of(of, purpose).space;
    let mut rows: Vec<String> = store
        .read(|r| r.items_of_space(space))
        .unwrap()
        .into_iter()
        .map(|row| {
            let kind: &Kind = &row.kind;
            format!(
                "{} {} {:?} {}",
                row.document,
                kind.as_str(),
                row.revision,
                row.projection
            )
        })
        .collect();
    rows.sort();
    let log = store.read(|r| r.log_in_order(space)).unwrap();
    // What a removed phone wrote too late is kept out; who had it before the removal still has it.
    let counted = log.into_iter().filter(|row| row.refusal.is_none());
    (rows, counted.map(|row| row.hash.to_string()).collect())
}

pub(crate) fn agreed(life: &Life) {
    replicas_agree(life);
    nothing_is_lost_or_doubled(life);
    private_stays_private(life);
    everything_was_delivered(life);
    marks_stand_for_what_was_marked(life);
    warnings_have_reasons(life);
}

fn replicas_agree(life: &Life) {
    let clinic = life.clinic.lock().unwrap();
    let (ada, tablet, ben) = (life.phone(0), life.phone(1), life.phone(2));
    let shared = picture(&ada.store(), &ada, "care");
    assert_eq!(
        picture(&tablet.store(), &ada, "care"),
        shared,
        "Ada's two phones, shared"
    );
    assert_eq!(
        picture(&clinic.store(), &ada, "care"),
        shared,
        "Ada's phone and the clinic"
    );
    let private = picture(&ada.store(), &ada, "private");
    assert_eq!(
        picture(&tablet.store(), &ada, "private"),
        private,
        "Ada's two phones, private"
    );
    let bens = picture(&ben.store(), &ben, "care");
    assert_eq!(
        picture(&clinic.store(), &ben, "care"),
        bens,
        "Ben's phone and the clinic"
    );

    // The server has exactly what the replicas have, each once.
    let stored = life.world.server().stored_changes();
    let distinct: BTreeSet<Vec<u8>> = stored.iter().cloned().collect();
    assert_eq!(
        stored.len(),
        distinct.len(),
        "the server has a change twice"
    );
    for (phone, purpose, (_, log)) in [
        (&ada, "care", shared),
        (&ada, "private", private),
        (&ben, "care", bens),
        (&ben, "private", picture(&ben.store(), &ben, "private")),
    ] {
        let chain = Insider::of(phone, purpose).chain;
        let there: BTreeSet<String> = stored
            .iter()
            .map(|bytes| SealedChange::parse(bytes).unwrap())
            .filter(|change| chain.check_change(change.header()).is_ok())
            .map(|change| change.hash().to_string())
            .collect();
        assert_eq!(
            there,
            log,
            "the server and {}'s {purpose} space",
            phone.name()
        );
    }
    for check in [
        ada.check_record().unwrap(),
        tablet.check_record().unwrap(),
        ben.check_record().unwrap(),
        clinic.check_record().unwrap(),
    ] {
        assert!(check.differing.is_empty(), "{check:?}");
        // What a removed phone wrote too late stays in the log, kept out of the record and named.
        let late = |why: &String| {
            life.misfortune == Misfortune::Removal && why.contains("after its author was removed")
        };
        assert!(check.quarantined.iter().all(late), "{check:?}");
    }
    for phone in [&ada, &tablet, &ben] {
        let lists = || (phone.entries(), phone.check_ins());
        let before = lists();
        phone.rebuild().unwrap();
        assert_eq!(lists(), before, "the log and the rows of {}", phone.name());
    }
}

fn nothing_is_lost_or_doubled(life: &Life) {
    let (ada, ben) = (words_on(&life.phone(0)), words_on(&life.phone(2)));
    for word in life.model.lock().unwrap().words() {
        let text = if word.by == 2 { &ben } else { &ada };
        let times = text.matches(&word.text).count();
        assert!(times <= 1, "{word:?} is there {times} times");
        assert!(times == 1 || word.excused, "{word:?} is lost");
    }
}

fn private_stays_private(life: &Life) {
    let clinic = life.clinic.lock().unwrap();
    let record = String::from_utf8_lossy(&clinic.plain_bytes()).into_owned();
    let shown: String = [life.phone(0), life.phone(2)]
        .iter()
        .flat_map(|phone| {
            let notes = clinic.check_ins_of(phone).into_iter();
            let notes = notes.map(|shared| shared.view.content.note);
            clinic.texts_of(phone).into_iter().chain(notes)
        })
        .collect();
    let stored = life.world.server().stored_changes();
    let mut opened = String::new();
    for phone in [life.phone(0), life.phone(2)] {
        for payload in Insider::of_clinic(&clinic, &phone).readable(&stored) {
            opened.push_str(&payload.projection);
        }
    }
    let mut shared = 0;
    for word in life.model.lock().unwrap().words() {
        if word.private {
            for (place, text) in [("record", &record), ("page", &shown), ("mail", &opened)] {
                assert!(
                    !text.contains(&word.text),
                    "{word:?} is in the clinic's {place}"
                );
            }
        } else if opened.contains(&word.text) {
            shared += 1;
        }
    }
    assert!(
        shared > 0,
        "the clinic can open nothing at all: this proves nothing"
    );
}

fn everything_was_delivered(life: &Life) {
    for which in 0..PHONES {
        let phone = life.phone(which);
        all_delivered::<Entry>(&phone);
        all_delivered::<CheckIn>(&phone);
    }
}

fn all_delivered<T: Content>(phone: &Phone) {
    for view in phone.all(Query::<T>::all()) {
        let says = &view.delivery;
        let expected = if view.shared {
            matches!(
                says,
                DeliveryState::Delivered { .. } | DeliveryState::Opened { .. }
            )
        } else {
            *says == DeliveryState::OnlyYours
        };
        assert!(expected, "{} says {says:?}", phone.name());
    }
}

/// A mark stands as long as the words are those that were marked, and the caseload counts the same.
fn marks_stand_for_what_was_marked(life: &Life) {
    let clinic = life.clinic.lock().unwrap();
    let marks = life.marks.lock().unwrap();
    let rows = clinic.caseload().unwrap();
    for phone in [life.phone(0), life.phone(2)] {
        let entries = clinic.entries_of(&phone);
        for shared in &entries {
            let view = &shared.view;
            let stands = marks.get(&view.id) == Some(&view.revision);
            assert_eq!(shared.review.is_some(), stands, "{shared:?}");
        }
        let row = rows.iter().find(|row| Some(row.patient) == phone.record);
        let row = row.unwrap();
        let unread = entries.iter().filter(|shared| shared.is_new).count();
        let unreviewed = entries.iter().filter(|shared| shared.review.is_none());
        let check_ins = clinic.check_ins_of(&phone);
        let new_check_ins = check_ins.iter().filter(|shared| shared.is_new).count();
        assert_eq!(
            (row.unread, row.unreviewed, row.new_check_ins),
            (
                unread as u64,
                unreviewed.count() as u64,
                new_check_ins as u64
            )
        );
    }
}

fn warnings_have_reasons(life: &Life) {
    for warning in life.warnings() {
        let explained = match warning {
            WarningCode::ServerRestored => life.misfortune == Misfortune::Restore,
            WarningCode::CloneSuspected => life.misfortune == Misfortune::PutBack,
            // Only the lost tablet itself is told so.
            WarningCode::Removed => life.misfortune == Misfortune::Removal,
            _ => false,
        };
        assert!(
            explained && life.struck(),
            "{warning:?} without a reason ({:?})",
            life.misfortune
        );
    }
}
