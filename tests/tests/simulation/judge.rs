//! What must be true once everything is quiet.

use std::collections::BTreeSet;

use companion_core::WarningCode;
use companion_core::domain::{CheckIn, Content, Entry, Kind};
use companion_core::protocol::change::SealedChange;
use companion_core::records::{DeliveryState, Query};
use companion_core::testing::store::Store;
use companion_tests::{Insider, Phone};

use crate::clinician::{Expected, said};
use crate::life::{Life, Misfortune, PHONES, texts_on, wordings_on};

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
    (rows, counted.map(|row| row.history.to_string()).collect())
}

pub(crate) fn agreed(life: &Life) {
    replicas_agree(life);
    nothing_is_lost_or_doubled(life);
    private_stays_private(life);
    everything_was_delivered(life);
    marks_stand_for_what_was_marked(life);
    receipts_are_of_what_was_opened(life);
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
            .map(|change| change.history().to_string())
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
    let on = |which| {
        let phone = life.phone(which);
        (texts_on(&phone), wordings_on(&phone))
    };
    let (ada, ben) = (on(0), on(2));
    for word in life.model.lock().unwrap().words() {
        let (texts, wordings) = if word.by == 2 { &ben } else { &ada };
        let times: Vec<usize> = texts
            .iter()
            .map(|text| text.matches(&word.text).count())
            .filter(|times| *times > 0)
            .collect();
        assert!(times.iter().all(|times| *times == 1), "{word:?} is doubled");
        // What one phone shares or withdraws while the other writes into it is both: what was taken along,
        // and what was written, with the words that it was written into. One phone alone never does that.
        let most = if word.by == 2 { 1 } else { 3 };
        assert!(times.len() <= most, "{word:?} is in {} texts", times.len());
        let is_there = !times.is_empty() || wordings.contains(&word.text);
        assert!(is_there || word.excused, "{word:?} is lost");
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
            matches!(
                says,
                DeliveryState::OnlyYours | DeliveryState::TakenBack { .. }
            )
        };
        assert!(expected, "{} says {says:?}", phone.name());
    }
}

/// What is new, reviewed, changed since and to be talked about follows for each version from what was
/// done about that version, and the caseload counts the same.
fn marks_stand_for_what_was_marked(life: &Life) {
    let clinic = life.clinic.lock().unwrap();
    let done = life.done.lock().unwrap();
    let rows = clinic.caseload().unwrap();
    for phone in [life.phone(0), life.phone(2)] {
        let entries = clinic.entries_of(&phone);
        let check_ins = clinic.check_ins_of(&phone);
        let mut all: Vec<Expected> = Vec::new();
        for shared in &entries {
            assert_eq!(said(shared), done.expected(&shared.view), "{shared:?}");
            all.push(said(shared));
        }
        for shared in &check_ins {
            assert_eq!(said(shared), done.expected(&shared.view), "{shared:?}");
            all.push(said(shared));
        }
        let row = rows.iter().find(|row| Some(row.patient) == phone.record);
        let row = row.unwrap();
        let count = |is: fn(&Expected) -> bool, of: &[Expected]| {
            of.iter().filter(|one| is(one)).count() as u64
        };
        let (of_entries, of_check_ins) = all.split_at(entries.len());
        let is_new: fn(&Expected) -> bool = |one| one.is_new;
        assert_eq!(
            (row.unread, row.new_check_ins, row.new, row.unreviewed),
            (
                count(is_new, of_entries),
                count(is_new, of_check_ins),
                count(is_new, &all),
                count(|one| !one.is_reviewed, of_entries),
            )
        );
        assert_eq!(
            (row.changed_since_review, row.to_talk_about),
            (
                count(|one| one.changed_since_review, &all),
                count(|one| one.to_talk_about, &all),
            )
        );
    }
}

/// What a phone says of opening is just what was opened, in that version.
fn receipts_are_of_what_was_opened(life: &Life) {
    for which in 0..PHONES {
        let phone = life.phone(which);
        opened_in_that_version::<Entry>(life, which, &phone);
        opened_in_that_version::<CheckIn>(life, which, &phone);
    }
}

fn opened_in_that_version<T: Content>(life: &Life, which: usize, phone: &Phone) {
    for view in phone
        .all(Query::<T>::all())
        .iter()
        .filter(|view| view.shared)
    {
        life.delivered_once(which, view);
        let version = (view.id, view.revision.clone());
        let opened = life.done.lock().unwrap().opened.contains(&version);
        let says = matches!(view.delivery, DeliveryState::Opened { .. });
        assert_eq!(says, opened, "{which} says {:?}", view.delivery);
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
