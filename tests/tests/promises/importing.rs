//! Bringing a record back: what the patient wrote is theirs again and theirs alone, what the clinic wrote is kept as it
//! was and taken for nothing, and an export of it says what the first one said.

use std::io::Read as _;

use companion_core::domain::release::{AtProgrammeEnd, ReleaseTerms};
use companion_core::domain::{
    Content, DosingSession, Entry, KindVisitor, Moment, Placement, Programme, REGISTRY,
    RecordSection, Reply, SafetyPlan, Visibility, visit_kinds,
};
use companion_core::records::{NewAttachment, Query};
use companion_core::testing::media::recording;
use companion_core::{CoreError, ImportError};
use companion_tests::{Fault, Node, Phone, TakenAlong, differences};

use crate::clinic_and_ada;

/// Writes the examples of every kind on each side that may write it.
struct Everything<'a> {
    clinic: &'a Node,
    ada: &'a Phone,
}

impl KindVisitor for Everything<'_> {
    fn visit<T: Content>(&mut self) {
        if T::PLACEMENT == Placement::Clinic || !T::IN_EXPORT {
            return;
        }
        for example in T::examples() {
            let _ = self.ada.create(example.clone());
            let _ = self.clinic.create(self.ada.record.unwrap(), example);
        }
    }
}

fn attach(phone: &Phone, entry: companion_core::domain::DocumentId, bytes: &[u8]) {
    let new = NewAttachment {
        size: bytes.len() as u64,
        caption: "By the lake.".into(),
        ..NewAttachment::default()
    };
    phone.attach(entry, new, &mut &bytes[..]).unwrap();
}

/// A session next week.
fn booked(clinic: &Node, ada: &Phone) {
    let mut at = clinic.now();
    at.unix_ms += 7 * 24 * 60 * 60 * 1000;
    clinic.book(ada.record.unwrap(), DosingSession::new(1, at));
}

/// What may be told whom outside.
fn terms(now: Moment) -> ReleaseTerms {
    let mut until = now;
    until.unix_ms += 24 * 60 * 60 * 1000;
    ReleaseTerms {
        provider: "Dr. Iris Okafor".into(),
        what: "psychiatrist".into(),
        contact: String::new(),
        sections: [RecordSection::Journal].into(),
        purpose: "To agree on the medicines.".into(),
        until,
        at_programme_end: AtProgrammeEnd::GoesOn,
    }
}

/// What has verbs of its own: a release, a question for one, what was told by it, and who looked.
fn released(clinic: &Node, ada: &Phone) {
    let record = ada.record.unwrap();
    let release = ada.give_release(terms(ada.now())).unwrap().id;
    ada.sync_cleanly();
    clinic.sync_cleanly();
    let asked = clinic.ask_for_release(record, terms(clinic.now()), "Maya");
    asked.unwrap();
    let leaving = clinic.preview_hand_over(record, release).unwrap();
    let handed = clinic.hand_over(record, release, leaving.seen, "Maya");
    handed.unwrap();
    let sections = [RecordSection::Journal];
    clinic
        .note_look(record, "Maya", "therapist", &sections)
        .unwrap();
}

/// The fields that an import may change, and no others.
fn is_expected(difference: &str) -> bool {
    let (path, values) = difference.split_once(": ").unwrap();
    let (kind, field) = path.split_once('.').unwrap_or(("", path));
    match field {
        "exported_at" => true,
        // The app that imports is paired with nobody.
        "clinic" => values.ends_with("→ null"),
        "space" => values == "\"care\" → \"private\"",
        "fields.visibility" => values.ends_with("→ \"only_me\""),
        "not_sent_yet" => values == "false → true",
        "former_clinic" => values.starts_with("null → "),
        // Both write a safety plan; from now on it is the patient's.
        "written_by" => kind == SafetyPlan::KIND.as_str(),
        _ => false,
    }
}

#[test]
fn every_kind_survives_an_export_an_import_and_an_export_field_by_field() {
    let (world, clinic, ada) = clinic_and_ada();
    booked(&clinic, &ada);
    visit_kinds(&mut Everything {
        clinic: &clinic,
        ada: &ada,
    });
    released(&clinic, &ada);
    let entry = ada.write("With a recording.");
    attach(&ada, entry.id, &recording(100_000));
    ada.sync_cleanly();
    clinic.sync_cleanly();
    ada.sync_cleanly();
    let first = TakenAlong::of(&ada);
    let kinds: Vec<String> = first
        .documents()
        .into_values()
        .map(|one| one["kind"].to_string())
        .collect();
    for known in REGISTRY
        .iter()
        .filter(|known| known.in_export && known.placement != Placement::Clinic)
    {
        let word = format!("\"{}\"", known.kind);
        assert!(
            kinds.contains(&word),
            "no {word} was written to be exported"
        );
    }
    let new = world.phone("new");
    let report = first.import_into(&new).unwrap();
    let brought: usize = report.own.values().chain(report.former.values()).sum();
    assert_eq!(brought, kinds.len());
    let second = TakenAlong::of(&new);
    let clinic = first.record()["clinic"].clone();
    for one in second.documents().into_values() {
        let of = &one["former_clinic"];
        assert!(of.is_null() || *of == clinic, "{of}");
    }
    let unexpected: Vec<String> = differences(&first, &second)
        .into_iter()
        .filter(|one| !is_expected(one))
        .collect();
    assert_eq!(unexpected, [""; 0]);
    // All files but those that say when and from where they come have the same bytes.
    let of_media = |folder: &TakenAlong| {
        let mut media: Vec<Vec<u8>> = folder
            .0
            .iter()
            .filter(|(name, _)| name.ends_with(".wav"))
            .map(|(_, bytes)| bytes.clone())
            .collect();
        media.sort();
        media
    };
    assert_eq!(of_media(&first).len(), 1);
    assert_eq!(of_media(&first), of_media(&second));
    // And once more, from the app that imported.
    let third = world.phone("third");
    second.import_into(&third).unwrap();
    let differing = differences(&second, &TakenAlong::of(&third));
    let differing: Vec<&String> = differing
        .iter()
        .filter(|one| !one.starts_with("exported_at"))
        .collect();
    assert!(differing.is_empty(), "{differing:?}");
    assert!(third.check_record().unwrap().differing.is_empty());
    third.rebuild().unwrap();
    let differing = differences(&second, &TakenAlong::of(&third));
    assert!(
        differing.iter().all(|one| one.starts_with("exported_at")),
        "{differing:?}"
    );
}

/// A record with something of everybody's, shared and not, and its export.
fn lived_record(clinic: &Node, ada: &Phone) -> TakenAlong {
    booked(clinic, ada);
    let shared = ada.write("The lake was calm.");
    attach(ada, shared.id, &recording(200_000));
    ada.write_privately("For nobody else.");
    ada.check_in(5, "Rested.");
    ada.sync_cleanly();
    clinic.sync_cleanly();
    let answer = Reply {
        about: shared.id,
        body: "See you on Monday.".into(),
        by: "Maya".into(),
        at: clinic.now(),
    };
    clinic.create(ada.record.unwrap(), answer).unwrap();
    clinic.sync_cleanly();
    ada.sync_cleanly();
    TakenAlong::of(ada)
}

#[test]
fn nothing_that_was_imported_reaches_a_new_clinic_or_is_taken_for_its_own() {
    let (world, clinic, ada) = clinic_and_ada();
    let folder = lived_record(&clinic, &ada);
    let other = world.clinic("Hillside");
    // Only paired, it counts as empty.
    let new = other.with_patient("Ada again");
    let before = (
        new.plan().unwrap(),
        new.support_card().unwrap(),
        new.all(Query::<Programme>::all()),
    );
    folder.import_into(&new).unwrap();
    new.sync_cleanly();
    other.sync_cleanly();
    new.sync_cleanly();
    assert!(other.entries_of(&new).is_empty() && other.check_ins_of(&new).is_empty());
    let after = (
        new.plan().unwrap(),
        new.support_card().unwrap(),
        new.all(Query::<Programme>::all()),
    );
    assert_eq!(before, after);
    assert!(new.all(Query::<DosingSession>::all()).is_empty());
    assert!(new.all(Query::<Reply>::all()).is_empty());
    for entry in new.entries() {
        let visibility = entry.content.visibility;
        assert_eq!((entry.shared, visibility), (false, Visibility::OnlyMe));
    }
    assert_eq!(new.entries().len(), 2);
    let former = new.former_record().unwrap();
    let kinds: Vec<&str> = former
        .documents
        .iter()
        .map(|one| one.kind.as_str())
        .collect();
    assert!(
        kinds.contains(&"session") && kinds.contains(&"reply"),
        "{kinds:?}"
    );
    assert!(former.documents.iter().all(|one| one.clinic == "Riverbank"));
    assert!(
        former.page.contains("See you on Monday."),
        "{}",
        former.page
    );
    // The journal of another export has the answer where it belongs.
    let again = TakenAlong::of(&new);
    let journal = String::from_utf8(again.0["journal.md"].clone()).unwrap();
    assert!(journal.contains("**Maya answered, "), "{journal}");
    // What the patient shares now goes to the clinic that is there now.
    let lake = new
        .entries()
        .into_iter()
        .find(|one| one.content.body.contains("lake"));
    new.share::<Entry>(lake.unwrap().id, Visibility::CareTeam)
        .unwrap();
    new.sync_cleanly();
    other.sync_cleanly();
    assert_eq!(other.entries_of(&new).len(), 1);
    // Shared anew it is the same thing: another import finds it.
    assert!(folder.import_into(&new).unwrap().own.is_empty());
}

#[test]
fn a_second_phone_gets_what_was_imported_and_two_that_import_apart_make_the_same_of_it() {
    let (world, clinic, ada) = clinic_and_ada();
    let folder = lived_record(&clinic, &ada);
    let new = clinic.with_patient("Ada again");
    clinic.sync_cleanly();
    let second = new.second_phone();
    new.sync_cleanly();
    second.sync_cleanly();
    let (one, other) = (
        folder.import_into(&new).unwrap(),
        folder.import_into(&second).unwrap(),
    );
    assert_eq!(one, other);
    for phone in [&new, &second, &new, &second] {
        phone.sync_cleanly();
    }
    let (here, there) = (TakenAlong::of(&new), TakenAlong::of(&second));
    assert_eq!(differences(&here, &there), [""; 0]);
    assert!(new.entries().iter().all(|entry| entry.apart.is_empty()));
    assert_eq!(
        here.0.keys().filter(|name| name.ends_with(".wav")).count(),
        1
    );
    // A third one that never saw the folder.
    let third = second.second_phone();
    third.sync_cleanly();
    assert_eq!(differences(&here, &TakenAlong::of(&third)), [""; 0]);
    drop(world);
}

#[test]
fn an_export_of_this_record_adds_what_is_missing_and_brings_back_nothing_that_was_deleted() {
    let (_world, clinic, ada) = clinic_and_ada();
    let kept = ada.write_privately("Kept.");
    let sent = ada.write_privately("Deleted after it was sent.");
    let shared = ada.write("Withdrawn later.");
    ada.sync_cleanly();
    clinic.sync_cleanly();
    let unsent = ada.write_privately("Deleted before it was sent.");
    let folder = TakenAlong::of(&ada);
    ada.delete::<Entry>(sent.id).unwrap();
    ada.delete::<Entry>(unsent.id).unwrap();
    ada.withdraw::<Entry>(shared.id).unwrap();
    ada.rewrite(&kept, "Kept, and more.");
    let before = TakenAlong::of(&ada);
    let report = folder.import_into(&ada).unwrap();
    assert!(report.own.is_empty() && report.former.is_empty());
    assert_eq!((report.deleted_here, report.in_other_words), (2, 1));
    assert_eq!(differences(&before, &TakenAlong::of(&ada)), [""; 0]);
    // Into an app that imported before: what was deleted there stays deleted, and what is new comes.
    let new = clinic.with_patient("Ada again");
    folder.import_into(&new).unwrap();
    new.delete::<Entry>(kept.id).unwrap();
    ada.write_privately("Written after.");
    let report = TakenAlong::of(&ada).import_into(&new).unwrap();
    assert_eq!(report.own.values().sum::<usize>(), 1);
    let mut texts: Vec<String> = new
        .entries()
        .into_iter()
        .map(|one| one.content.body)
        .collect();
    texts.sort();
    let expected = [
        "Deleted after it was sent.",
        "Deleted before it was sent.",
        "Withdrawn later.",
        "Written after.",
    ];
    assert_eq!(texts, expected);
}

#[test]
fn an_export_of_somebody_elses_is_refused_and_changes_nothing() {
    let (_world, clinic, ada) = clinic_and_ada();
    let folder = lived_record(&clinic, &ada);
    let bob = clinic.with_patient("Bob");
    bob.write_privately("Mine.");
    let before = (bob.sequence().unwrap(), bob.status().unwrap().waiting);
    let refused = folder.import_into(&bob).unwrap_err();
    assert!(
        matches!(refused, CoreError::Import(ImportError::AnotherRecord)),
        "{refused}"
    );
    assert_eq!(
        (bob.sequence().unwrap(), bob.status().unwrap().waiting),
        before
    );
}

#[test]
fn what_stood_in_two_wordings_stands_in_two_again_until_somebody_chooses() {
    let (world, _clinic, ada) = clinic_and_ada();
    let tablet = ada.second_phone();
    let entry = ada.write_privately("The lake was calm.");
    ada.sync_cleanly();
    tablet.sync_cleanly();
    let there = tablet.get::<Entry>(entry.id).unwrap();
    ada.rewrite(&entry, "The lake was wild.");
    tablet.rewrite(&there, "The lake was gray.");
    for phone in [&ada, &tablet, &ada] {
        phone.sync_cleanly();
    }
    let folder = TakenAlong::of(&ada);
    let new = world.phone("new");
    folder.import_into(&new).unwrap();
    let (was, is) = (
        ada.get::<Entry>(entry.id).unwrap(),
        new.get::<Entry>(entry.id).unwrap(),
    );
    assert_eq!((was.apart.len(), &is.apart), (1, &was.apart));
    assert_eq!(is.edited_at, was.edited_at);
    let unexpected = differences(&folder, &TakenAlong::of(&new));
    let unexpected: Vec<String> = unexpected
        .into_iter()
        .filter(|one| !is_expected(one))
        .collect();
    assert_eq!(unexpected, [""; 0]);
    let chosen = (&*is.apart[0].field, &*is.apart[0].wordings[1]);
    let chosen = new
        .choose_wording::<Entry>(entry.id, &is.revision, chosen.0, chosen.1)
        .unwrap();
    assert!(chosen.apart.is_empty());
}

#[test]
fn what_was_deleted_stays_deleted_where_another_phone_imports_it_before_it_has_heard() {
    for was_sent in [false, true] {
        let (_world, _clinic, ada) = clinic_and_ada();
        let tablet = ada.second_phone();
        let slip = ada.write_privately("Better forgotten.");
        if was_sent {
            ada.sync_cleanly();
        }
        let folder = TakenAlong::of(&ada);
        ada.delete::<Entry>(slip.id).unwrap();
        let other = folder.import_into(&tablet).unwrap();
        assert_eq!(other.own.values().sum::<usize>(), 1);
        assert_eq!(tablet.texts(), ["Better forgotten."]);
        for phone in [&tablet, &ada, &tablet, &ada] {
            phone.sync_cleanly();
        }
        assert!(ada.texts().is_empty() && tablet.texts().is_empty());
        // By whoever has heard of it, it is not imported at all.
        assert_eq!(folder.import_into(&tablet).unwrap().deleted_here, 1);
    }
}

#[test]
fn what_was_written_into_something_imported_comes_back_although_it_was_deleted() {
    let (_world, _clinic, ada) = clinic_and_ada();
    let tablet = ada.second_phone();
    let slip = ada.write_privately("Better forgotten.");
    let folder = TakenAlong::of(&ada);
    ada.delete::<Entry>(slip.id).unwrap();
    folder.import_into(&tablet).unwrap();
    tablet.rewrite(&tablet.get(slip.id).unwrap(), "Better forgotten. Or not.");
    for phone in [&tablet, &ada, &tablet, &ada] {
        phone.sync_told();
    }
    assert_eq!(ada.texts(), ["Better forgotten. Or not."]);
    assert_eq!(tablet.texts(), ["Better forgotten. Or not."]);
}

#[test]
fn importing_again_fills_in_a_recording_that_was_missing_the_first_time() {
    let (world, _clinic, ada) = clinic_and_ada();
    let tablet = ada.second_phone();
    let entry = ada.write_privately("With a recording.");
    attach(&ada, entry.id, &recording(50_000));
    let whole = TakenAlong::of(&ada);
    // The words go, and the bytes do not: a phone without them exports.
    ada.faults()
        .script(|_, request| match request.path.contains("/blobs/") {
            true => Fault::DropRequest,
            false => Fault::None,
        });
    ada.sync().unwrap();
    tablet.sync_cleanly();
    let without = TakenAlong::of(&tablet);
    let new = world.phone("new");
    assert_eq!(without.import_into(&new).unwrap().without_file, 1);
    let again = whole.import_into(&new).unwrap();
    assert!(again.own.is_empty());
    assert_eq!((again.in_other_words, again.files), (0, 1));
    let item = new.attachments(entry.id).unwrap()[0].item;
    let mut bytes = Vec::new();
    let mut reader = new.open_attachment(entry.id, item).unwrap();
    reader.read_to_end(&mut bytes).unwrap();
    assert!(bytes == recording(50_000));
    assert_eq!(whole.import_into(&new).unwrap().files, 0);
    let brought_back = differences(&whole, &TakenAlong::of(&new));
    assert!(
        brought_back.iter().all(|one| is_expected(one)),
        "{brought_back:?}"
    );
}

#[test]
fn an_export_that_was_imported_and_the_record_that_it_is_of_come_to_be_one() {
    let (world, clinic, ada) = clinic_and_ada();
    let private = ada.write_privately("Mine.");
    let shared = ada.write("Ours.");
    attach(&ada, private.id, &recording(50_000));
    ada.sync_cleanly();
    clinic.sync_cleanly();
    ada.sync_cleanly();
    let folder = TakenAlong::of(&ada);
    ada.write_privately("Written since.");
    ada.sync_cleanly();
    let mut new = world.phone("new");
    folder.import_into(&new).unwrap();
    assert_eq!(new.texts(), ["Mine.", "Ours."]);
    ada.join_by_link(&mut new);
    for phone in [&new, &ada, &new, &ada] {
        phone.sync_cleanly();
        clinic.sync_cleanly();
    }
    for phone in [&ada, &new] {
        assert_eq!(
            phone.texts(),
            ["Mine.", "Ours.", "Written since."],
            "{}",
            phone.name()
        );
        assert!(phone.entries().iter().all(|entry| entry.apart.is_empty()));
        assert!(phone.get::<Entry>(shared.id).unwrap().shared);
        let here = phone.attachments(private.id).unwrap();
        assert_eq!((here.len(), here[0].is_here), (1, true));
    }
}
