//! Two people's records never become one: a phone that holds an import, or what it had with other devices, comes into
//! another record only where both go by one name. What it may not come into it is told of before anything is sent.

use companion_core::domain::Entry;
use companion_core::protocol::change::SealedChange;
use companion_core::protocol::id::HistoryHash;
use companion_core::records::NewAttachment;
use companion_core::testing::media::recording;
use companion_core::{CoreError, ImportError, NotNow, Result, WarningCode};
use companion_tests::{Insider, Phone, TakenAlong, World};

use crate::clinic_and_ada;
use crate::deleting::quiet;

fn is_refused<T: std::fmt::Debug>(outcome: Result<T>) {
    let error = outcome.unwrap_err();
    assert!(
        matches!(error, CoreError::NotNow(NotNow::AnotherRecordHere)),
        "{error}"
    );
}

/// A phone alone with an import.
fn with_import(world: &World, folder: &TakenAlong) -> Phone {
    let phone = world.phone("new");
    folder.import_into(&phone).unwrap();
    phone
}

#[test]
fn a_phone_with_an_import_of_another_record_comes_into_none_by_link_or_words() {
    let (world, clinic, ada) = clinic_and_ada();
    ada.write_privately("Ada's.");
    ada.sync_cleanly();
    let new = with_import(&world, &TakenAlong::of(&ada));
    let bob = clinic.with_patient("Bob");
    bob.write_privately("Bob's.");
    let words = bob.written_words();
    bob.sync_cleanly();
    let before = (new.sequence().unwrap(), TakenAlong::of(&new));
    is_refused(new.pair(&bob.invite_phone().unwrap().link));
    is_refused(new.recover(&world.server().url(), &words));
    bob.sync_cleanly();
    assert!(bob.newcomers().unwrap().is_empty());
    assert_eq!(bob.texts(), ["Bob's."]);
    assert_eq!(before.0, new.sequence().unwrap());
    assert_eq!(before.1.documents(), TakenAlong::of(&new).documents());
    // What the sentence says: an empty phone comes in, and there it turns out whose the export is.
    let taken = TakenAlong::of(&new);
    let of_bob = bob.second_phone();
    let refused = taken.import_into(&of_bob).unwrap_err();
    assert!(
        matches!(refused, CoreError::Import(ImportError::AnotherRecord)),
        "{refused}"
    );
    let of_ada = ada.second_phone();
    let report = taken.import_into(&of_ada).unwrap();
    assert!(report.own.is_empty() && report.former.is_empty() && report.here_already > 0);
}

#[test]
fn an_import_of_the_same_record_comes_into_it_by_words_also_after_its_keys_turned() {
    let (world, _clinic, ada) = clinic_and_ada();
    ada.write_privately("Ada's.");
    ada.sync_cleanly();
    let old = TakenAlong::of(&ada);
    let lost = ada.second_phone();
    let member = lost.member();
    ada.remove_device(member).unwrap();
    let words = ada.written_words();
    ada.write_privately("Written since.");
    ada.sync_cleanly();
    let new = with_import(&world, &old);
    new.recover(&world.server().url(), &words).unwrap();
    new.sync_cleanly();
    assert_eq!(new.texts(), ["Ada's.", "Written since."]);
}

#[test]
fn a_phone_that_joins_with_an_import_shows_what_is_written_into_it_from_then_on() {
    for by_words in [false, true] {
        let (world, _clinic, ada) = clinic_and_ada();
        let entry = ada.write_privately("One.");
        ada.sync_cleanly();
        let words = ada.written_words();
        ada.sync_cleanly();
        let mut new = with_import(&world, &TakenAlong::of(&ada));
        match by_words {
            true => drop(new.recover(&world.server().url(), &words).unwrap()),
            false => ada.join_by_link(&mut new),
        }
        for phone in [&ada, &new] {
            let _ = phone.sync().unwrap();
        }
        ada.rewrite(&ada.get(entry.id).unwrap(), "Two.");
        for phone in [&ada, &new] {
            phone.sync_cleanly();
            assert_eq!(phone.texts(), ["Two."]);
        }
        assert_eq!(new.warned(WarningCode::NameTaken), None);
        assert_eq!(new.check_record().unwrap(), quiet(&new));
        new.rewrite(&new.get(entry.id).unwrap(), "Three.");
        for phone in [&new, &ada] {
            phone.sync_cleanly();
            assert_eq!(phone.texts(), ["Three."]);
        }
    }
}

/// As a phone did that read the record that it joined before what it had imported had moved there.
#[test]
fn a_phone_that_put_aside_what_it_joined_heals_with_an_exchange_and_when_its_rows_are_made_anew() {
    for by_exchange in [false, true] {
        let (world, _clinic, ada) = clinic_and_ada();
        let entry = ada.write_privately("One.");
        ada.sync_cleanly();
        let mut new = with_import(&world, &TakenAlong::of(&ada));
        ada.join_by_link(&mut new);
        ada.sync_cleanly();
        ada.rewrite(&ada.get(entry.id).unwrap(), "Two.");
        for phone in [&ada, &new] {
            phone.sync_cleanly();
        }
        let of_ada = "(SELECT author FROM log WHERE document = ?1 ORDER BY position DESC LIMIT 1)";
        let aside = format!(
            "UPDATE log SET refusal = 'it names a document of another space or kind', change = NULL
             WHERE document = ?1 AND author = {of_ada}"
        );
        new.damage(&aside, [entry.id.as_bytes()]);
        new.reopen();
        assert_eq!(new.check_record().unwrap().differing, [entry.id]);
        match by_exchange {
            true => drop(new.sync_cleanly()),
            false => new.rebuild().unwrap(),
        }
        let check = new.check_record().unwrap();
        assert_eq!(check, quiet(&new));
        assert_eq!(new.texts(), ["Two."]);
    }
}

#[test]
fn what_was_written_into_an_import_stands_beside_what_the_record_shares_under_that_name() {
    for by_words in [false, true] {
        let (world, clinic, ada) = clinic_and_ada();
        let shared = ada.write("Ours.");
        ada.sync_cleanly();
        let words = ada.written_words();
        ada.sync_cleanly();
        let mut new = with_import(&world, &TakenAlong::of(&ada));
        new.rewrite(&new.get(shared.id).unwrap(), "Mine by now.");
        match by_words {
            true => drop(new.recover(&world.server().url(), &words).unwrap()),
            false => ada.join_by_link(&mut new),
        }
        for phone in [&ada, &new, &ada, &new] {
            let _ = phone.sync().unwrap();
        }
        clinic.sync_cleanly();
        assert_eq!(clinic.texts_of(&ada), ["Ours."]);
        for phone in [&ada, &new] {
            phone.sync_cleanly();
            assert_eq!(phone.texts(), ["Mine by now.", "Ours."], "{}", phone.name());
            assert!(phone.get::<Entry>(shared.id).unwrap().shared);
            assert_eq!(phone.warned(WarningCode::NameTaken), None);
            assert_eq!(phone.warned(WarningCode::CameBack), None);
        }
        let mine = new
            .entries()
            .into_iter()
            .find(|entry| entry.id != shared.id);
        let mine = mine.unwrap();
        assert!(!mine.shared);
        let taken = TakenAlong::of(&new).documents();
        let formerly = &taken[&mine.id.to_string()]["formerly"];
        assert_eq!(*formerly, serde_json::json!([shared.id.to_string()]));
        // Rows made anew say the same, and each deletion keeps its promise.
        new.rebuild().unwrap();
        assert_eq!(new.check_record().unwrap().differing, []);
        assert_eq!(new.texts(), ["Mine by now.", "Ours."]);
        new.delete::<Entry>(mine.id).unwrap();
        for phone in [&new, &ada] {
            phone.sync_cleanly();
            assert_eq!(phone.texts(), ["Ours."]);
        }
        new.delete::<Entry>(shared.id).unwrap();
        for phone in [&new, &ada] {
            phone.sync_cleanly();
            assert!(phone.texts().is_empty());
        }
        clinic.sync_cleanly();
        assert!(clinic.texts_of(&ada).is_empty());
    }
}

/// The phone was in the record already, and imported before it had heard what the export says.
#[test]
fn an_import_that_had_reached_the_server_before_it_makes_way_leaves_none_of_its_words_there() {
    for is_written_into in [false, true] {
        let (world, clinic, ada) = clinic_and_ada();
        let tablet = ada.second_phone();
        let shared = ada.write("Ours.");
        let folder = TakenAlong::of(&ada);
        folder.import_into(&tablet).unwrap();
        if is_written_into {
            tablet.rewrite(&tablet.get(shared.id).unwrap(), "Mine by now.");
        }
        tablet.sync_cleanly();
        let private = Insider::of(&tablet, "private").space;
        let log = |phone: &Phone| phone.store().read(|r| r.log_in_order(private)).unwrap();
        let of_import = log(&tablet).into_iter();
        let of_import = of_import.filter(|row| row.document == Some(shared.id));
        let of_import: Vec<HistoryHash> = of_import.map(|row| row.history).collect();
        let whole_at_server = || {
            let stored = world.server().stored_changes().into_iter();
            let stored = stored.map(|bytes| SealedChange::parse(&bytes).unwrap());
            let of_import = stored.filter(|change| of_import.contains(&change.history()));
            let (bare, whole): (Vec<_>, Vec<_>) = of_import.partition(SealedChange::is_bare);
            (whole.len(), bare.len())
        };
        let sent = of_import.len();
        assert!(sent > 0 && whole_at_server() == (sent, 0));
        for phone in [&ada, &tablet, &ada, &tablet] {
            phone.sync_cleanly();
        }
        assert_eq!(whole_at_server(), (0, sent), "{is_written_into}");
        let third = ada.second_phone();
        let texts: &[&str] = match is_written_into {
            true => &["Mine by now.", "Ours."],
            false => &["Ours."],
        };
        for phone in [&ada, &tablet, &third] {
            assert_eq!(phone.texts(), texts, "{}", phone.name());
            assert!(phone.get::<Entry>(shared.id).unwrap().shared);
            for row in log(phone) {
                let change = SealedChange::parse(&row.sealed).unwrap();
                assert!(
                    change.is_bare() || !of_import.contains(&row.history),
                    "{}",
                    phone.name()
                );
            }
            assert_eq!(
                phone.check_record().unwrap(),
                quiet(phone),
                "{}",
                phone.name()
            );
            assert_eq!(phone.warned(WarningCode::CameBack), None);
        }
        clinic.sync_cleanly();
        assert_eq!(clinic.texts_of(&ada), ["Ours."]);
        // And the shared one can be deleted like any other.
        third.delete::<Entry>(shared.id).unwrap();
        for phone in [&third, &ada, &tablet] {
            phone.sync_cleanly();
            assert_eq!(phone.texts().len(), texts.len() - 1, "{}", phone.name());
        }
    }
}

#[test]
fn two_phones_with_exports_of_one_former_record_come_to_be_one() {
    let (world, clinic, ada) = clinic_and_ada();
    ada.write_privately("Early.");
    let old = TakenAlong::of(&ada);
    ada.write_privately("Late.");
    let late = TakenAlong::of(&ada);
    let again = clinic.with_patient("Ada again");
    let mut tablet = with_import(&world, &old);
    // Nothing says yet that they are one.
    is_refused(tablet.pair(&again.invite_phone().unwrap().link));
    late.import_into(&again).unwrap();
    again.join_by_link(&mut tablet);
    for phone in [&tablet, &again, &tablet] {
        phone.sync_cleanly();
    }
    assert_eq!(again.texts(), ["Early.", "Late."]);
    assert_eq!(tablet.texts(), ["Early.", "Late."]);
}

#[test]
fn an_export_from_before_a_phone_joined_is_one_of_the_record_that_it_joined() {
    for by_words in [false, true] {
        let (world, _clinic, ada) = clinic_and_ada();
        ada.write_privately("On the phone.");
        let words = ada.written_words();
        ada.sync_cleanly();
        let mut tablet = world.phone("tablet");
        let mine = tablet.write_privately("On the tablet.");
        let old = TakenAlong::of(&tablet);
        match by_words {
            true => drop(tablet.recover(&world.server().url(), &words).unwrap()),
            false => ada.join_by_link(&mut tablet),
        }
        for phone in [&tablet, &ada, &tablet] {
            // A return by words is warned of.
            assert_eq!(phone.sync().unwrap().problems, []);
        }
        assert_eq!(
            ada.get::<Entry>(mine.id).unwrap(),
            tablet.get(mine.id).unwrap()
        );
        for phone in [&ada, &tablet] {
            let report = old.import_into(phone).unwrap();
            assert_eq!((report.here_already, report.own.len()), (1, 0));
        }
        let mut third = with_import(&world, &old);
        let link = ada.invite_phone().unwrap().link;
        third.pair(&link).unwrap();
        third.record = ada.record;
        if by_words {
            continue;
        }
        ada.let_in(&third);
        assert_eq!(third.texts(), ["On the phone.", "On the tablet."]);
    }
}

#[test]
fn a_phone_that_was_in_one_record_takes_nothing_of_it_into_another() {
    let (_world, clinic, ada) = clinic_and_ada();
    ada.write_privately("Ada's.");
    ada.sync_cleanly();
    let tablet = ada.second_phone();
    assert_eq!(tablet.texts(), ["Ada's."]);
    ada.remove_device(tablet.status().unwrap().member).unwrap();
    let _ = tablet.sync();
    let bob = clinic.with_patient("Bob");
    is_refused(tablet.pair(&bob.invite_phone().unwrap().link));
    bob.sync_cleanly();
    assert!(bob.newcomers().unwrap().is_empty());
    assert_eq!(tablet.texts(), ["Ada's."]);
}

/// Reading a long recording takes its time, and another process may have the phone come by a link meanwhile.
#[test]
fn an_import_in_the_midst_of_which_a_phone_comes_by_a_link_brings_nothing_along() {
    let (world, clinic, ada) = clinic_and_ada();
    let entry = ada.write_privately("With a recording.");
    let file = recording(50_000);
    let attached = NewAttachment {
        size: file.len() as u64,
        ..NewAttachment::default()
    };
    ada.attach(entry.id, attached, &mut &*file).unwrap();
    let folder = TakenAlong::of(&ada);
    let bob = clinic.with_patient("Bob");
    bob.write_privately("Bob's.");
    let link = bob.invite_phone().unwrap().link;
    let mut new = world.phone("new");
    let plan = new.read_export(&|name| folder.open(name)).unwrap();
    let refused = new.import(&plan, &|name| {
        if name.ends_with(".wav") && !new.is_paired() {
            new.pair(&link).unwrap();
        }
        folder.open(name)
    });
    assert!(
        matches!(refused, Err(CoreError::NotNow(NotNow::NotLetIn))),
        "{refused:?}"
    );
    new.record = bob.record;
    bob.let_in(&new);
    for phone in [&bob, &new] {
        assert_eq!(phone.texts(), ["Bob's."]);
    }
}
