//! What must be true once everything is quiet.

use std::collections::BTreeSet;

use companion_core::domain::Kind;
use companion_core::patient::DeliveryState;
use companion_core::protocol::change::SealedChange;
use companion_core::store::{ItemFilter, Store};
use companion_core::sync::WarningCode;
use companion_tests::{Insider, Phone};

use crate::life::{Life, Misfortune, PHONES};

/// Everything of a space that two replicas must have alike.
fn picture(store: &Store, of: &Phone, purpose: &str) -> (Vec<String>, BTreeSet<String>) {
    let space = Insider::of(of, purpose).space;
    let filter = ItemFilter {
        spaces: vec![space],
        ..ItemFilter::default()
    };
    let mut rows: Vec<String> = store
        .read(|r| r.items(&filter))
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
        let before = phone.entries().unwrap();
        phone.rebuild().unwrap();
        assert_eq!(
            phone.entries().unwrap(),
            before,
            "the log and the rows of {}",
            phone.name()
        );
    }
}

fn nothing_is_lost_or_doubled(life: &Life) {
    let ada = life.phone(0).texts().concat();
    let ben = life.phone(2).texts().concat();
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
        .flat_map(|phone| clinic.texts_of(phone))
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
        for view in life.phone(which).entries().unwrap() {
            let expected = if view.shared {
                matches!(
                    view.delivery,
                    DeliveryState::Delivered { .. } | DeliveryState::Opened { .. }
                )
            } else {
                view.delivery == DeliveryState::OnlyYours
            };
            assert!(expected, "{which} says {:?}", view.delivery);
        }
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
