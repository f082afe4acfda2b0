//! What one side writes never stands as the word of the other: not in a list, a count, a search or
//! what an observer is told, on no device, whatever keys the writer honestly has.

use companion_core::SyncReport;
use companion_core::WarningCode;
use companion_core::domain::{
    CheckIn, Content, DeliveryReceipt, DocumentId, DosingSession, Entry, Kind, PatientRecord,
    Projection, Rating, ReadReceipt, Reply, Review, Visibility,
};
use companion_core::protocol::id::MemberId;
use companion_core::records::{Diff, PageSize, Query};
use companion_core::testing::space::payload::Payload;
use companion_tests::{Insider, Node, Phone, World, edit_payload, entry_payload, new_payload};
use serde_json::json;

pub(crate) fn clinic_and_ada() -> (World, Node, Phone) {
    let world = World::in_memory(21);
    let clinic = world.clinic("Riverbank");
    let ada = clinic.with_patient("Ada");
    (world, clinic, ada)
}

/// A name that no document has yet.
pub(crate) fn fresh(world: &World) -> DocumentId {
    DocumentId::random(&*world.rng())
}

/// Seals and pushes them in their order.
pub(crate) fn plant(insider: &mut Insider, payloads: &[Payload]) {
    for payload in payloads {
        let sealed = insider.seal(payload);
        insider.push_ok(&[sealed]);
    }
}

/// Insists that the member is named as having written what is not its to write.
pub(crate) fn named(report: &SyncReport, member: MemberId) {
    let told = report.warnings.iter().any(|warning| {
        warning.code == WarningCode::WrongWriter && warning.detail.contains(&member.short())
    });
    assert!(told, "{report:#?}");
    assert!(report.problems.is_empty(), "{report:#?}");
}

pub(crate) fn check_in(world: &World, note: &str) -> CheckIn {
    CheckIn {
        note: note.to_owned(),
        visibility: Visibility::CareTeam,
        ..CheckIn::new(Rating::LOWEST, world.now())
    }
}

/// Everything of a patient's own that a phone shows, asked for in every way there is.
pub(crate) fn on_phone(phone: &Phone) -> (Vec<String>, [u64; 2], Vec<String>) {
    let mut texts = phone.texts();
    texts.extend(phone.check_ins().into_iter().map(|v| v.content.note));
    let counts = [
        phone.count(&Query::<Entry>::all()).unwrap(),
        phone.count(&Query::<CheckIn>::all()).unwrap(),
    ];
    let found = |words: &str| {
        let entries = phone.search::<Entry>(words, PageSize::LARGEST).unwrap();
        let check_ins = phone.search::<CheckIn>(words, PageSize::LARGEST).unwrap();
        let entries = entries.into_iter().map(|view| view.content.body);
        entries.chain(check_ins.into_iter().map(|view| view.content.note))
    };
    let found = found("planted").chain(found("own")).collect();
    (texts, counts, found)
}

/// The same at the clinic.
pub(crate) fn at_clinic(clinic: &Node, phone: &Phone) -> (Vec<String>, [u64; 6]) {
    let patient = phone.record.unwrap();
    let mut texts = clinic.texts_of(phone);
    let check_ins = clinic.check_ins_of(phone).into_iter();
    texts.extend(check_ins.map(|shared| shared.view.content.note));
    let row = clinic.caseload().unwrap().remove(0);
    let counts = [
        clinic.count(patient, &Query::<Entry>::all()).unwrap(),
        clinic.count(patient, &Query::<CheckIn>::all()).unwrap(),
        clinic.withdrawn_of(phone).len() as u64,
        row.unread,
        row.new_check_ins,
        row.unreviewed,
    ];
    (texts, counts)
}

/// What the clinic plants as the patient's: new things, and edits of what the patient wrote.
fn planted_as_patients(
    world: &World,
    bad: &Insider,
    entry: DocumentId,
    own_check_in: DocumentId,
) -> (Vec<DocumentId>, Vec<Payload>) {
    let known = bad.readable(&world.server().stored_changes());
    let names: Vec<DocumentId> = (0..3).map(|_| fresh(world)).collect();
    let shown_to_nobody = Entry {
        body: "planted secretly".to_owned(),
        ..Entry::new(world.now())
    };
    let rewrite = |how: fn(&mut Projection)| edit_payload(world, &known, entry, &Entry::SHAPE, how);
    let payloads = vec![
        entry_payload(world, names[0], "planted entry", "planted entry"),
        new_payload(world, names[1], &check_in(world, "planted check-in")),
        new_payload(world, names[2], &shown_to_nobody),
        rewrite(|fields| drop(fields.insert("body".to_owned(), json!("planted words")))),
        rewrite(|fields| {
            let at = json!("2026-03-01T00:00:00Z");
            fields.insert("withdrawn_at".to_owned(), at);
        }),
        edit_payload(world, &known, own_check_in, &CheckIn::SHAPE, |fields| {
            fields.insert("valence".to_owned(), json!(7));
        }),
        // Under a kind that it may write, and under one that nobody knows.
        Payload {
            kind: Reply::KIND,
            ..rewrite(|fields| drop(fields.insert("body".to_owned(), json!("planted as a reply"))))
        },
        Payload {
            kind: Kind::from_stored("of_a_later_version"),
            ..rewrite(|fields| drop(fields.insert("body".to_owned(), json!("planted later"))))
        },
    ];
    (names, payloads)
}

#[test]
fn what_a_clinic_writes_in_the_patients_name_stands_nowhere_and_hides_nothing() {
    let (world, clinic, ada) = clinic_and_ada();
    let entry = ada.write("Her own words.");
    let own_check_in = ada.check_in(2, "Her own note.");
    ada.sync_cleanly();
    clinic.sync_cleanly();
    let before = (on_phone(&ada), at_clinic(&clinic, &ada));
    assert_eq!(before.1.1, [1, 1, 0, 1, 1, 1]);
    let since = (ada.sequence().unwrap(), clinic.sequence().unwrap());

    let mut bad = Insider::of_clinic(&clinic, &ada);
    let (names, payloads) = planted_as_patients(&world, &bad, entry.id, own_check_in.id);
    plant(&mut bad, &payloads);
    named(&ada.sync().unwrap(), clinic.public_key());
    named(&clinic.sync().unwrap(), clinic.public_key());

    let standing = ada.status().unwrap().warnings;
    assert!(
        standing
            .iter()
            .any(|w| w.code == Some(WarningCode::WrongWriter)),
        "{standing:?}"
    );
    assert_eq!((on_phone(&ada), at_clinic(&clinic, &ada)), before);
    let changed = ada.changes(since.0, PageSize::LARGEST).unwrap().changes;
    assert!(
        !changed
            .iter()
            .any(|c| names.contains(&c.id) || c.id == entry.id),
        "{changed:?}"
    );
    let changed = clinic.changes(since.1, PageSize::LARGEST).unwrap().changes;
    assert!(
        !changed
            .iter()
            .any(|c| names.contains(&c.id) || c.id == entry.id),
        "{changed:?}"
    );
    for id in names {
        assert!(ada.get::<Entry>(id).is_err() && ada.get::<CheckIn>(id).is_err());
        let patient = ada.record.unwrap();
        assert!(clinic.get::<Entry>(patient, id).is_err());
        assert!(clinic.get_shared::<CheckIn>(patient, id).is_err());
    }
    // The same for whoever makes all rows anew, and whoever reads the log for the first time.
    ada.rebuild().unwrap();
    clinic.rebuild().unwrap();
    assert_eq!((on_phone(&ada), at_clinic(&clinic, &ada)), before);
    assert!(ada.check_record().unwrap().differing.is_empty());
    let tablet = world.phone("tablet");
    tablet.pair(&ada.invite_phone().unwrap().link).unwrap();
    ada.sync().unwrap();
    tablet.sync().unwrap();
    ada.confirm_phone(ada.newcomers().unwrap()[0].member)
        .unwrap();
    tablet.sync().unwrap();
    assert_eq!(on_phone(&tablet), before.0);
    // And the patient's own words go on.
    ada.rewrite(&ada.get(entry.id).unwrap(), "Her own words, and more.");
    ada.sync().unwrap();
    clinic.sync().unwrap();
    assert_eq!(clinic.texts_of(&ada), ["Her own words, and more."]);
}

#[test]
fn an_observer_is_told_nothing_of_what_a_clinic_writes_in_the_patients_name() {
    let (world, clinic, ada) = clinic_and_ada();
    let entry = ada.write("Her own words.");
    let own_check_in = ada.check_in(2, "Her own note.");
    ada.sync_cleanly();
    let (to, told) = std::sync::mpsc::channel();
    let all = Query::<Entry>::all();
    let watching = ada.observe(all, move |diffs| to.send(diffs).unwrap_or_default());
    let mut bad = Insider::of_clinic(&clinic, &ada);
    let (_, payloads) = planted_as_patients(&world, &bad, entry.id, own_check_in.id);
    plant(&mut bad, &payloads);
    ada.sync().unwrap();
    ada.write("The end.");
    let patience = std::time::Duration::from_secs(20);
    let mut texts = Vec::new();
    while !texts.contains(&"The end.".to_owned()) {
        for diff in told.recv_timeout(patience).unwrap() {
            match diff {
                Diff::Reset(views) => texts.extend(views.into_iter().map(|v| v.content.body)),
                Diff::Insert(_, view) | Diff::Set(_, view) => texts.push(view.content.body),
                Diff::Remove(at) => panic!("row {at} went"),
            }
        }
    }
    drop(watching);
    texts.dedup();
    // How far it got may have changed meanwhile, and nothing else.
    assert_eq!(texts, ["Her own words.", "The end."]);
}

#[test]
fn a_phone_that_builds_upon_what_a_clinic_planted_does_not_bring_it_in() {
    let (world, clinic, ada) = clinic_and_ada();
    let tablet = ada.second_phone();
    let entry = ada.write("Her own words.");
    ada.sync_cleanly();
    tablet.sync_cleanly();
    clinic.sync_cleanly();
    let mut bad = Insider::of_clinic(&clinic, &ada);
    let mut known = bad.readable(&world.server().stored_changes());
    let planted = edit_payload(&world, &known, entry.id, &Entry::SHAPE, |fields| {
        fields.insert("body".to_owned(), json!("planted words"));
    });
    plant(&mut bad, std::slice::from_ref(&planted));
    known.push(planted);
    let upon = edit_payload(&world, &known, entry.id, &Entry::SHAPE, |fields| {
        fields.insert("body".to_owned(), json!("planted words, and more"));
    });
    plant(&mut Insider::of(&tablet, "care"), &[upon]);
    named(&ada.sync().unwrap(), clinic.public_key());
    clinic.sync().unwrap();
    assert_eq!(ada.texts(), ["Her own words."]);
    assert_eq!(clinic.texts_of(&ada), ["Her own words."]);
    ada.rewrite(&ada.get(entry.id).unwrap(), "Her own words, and more.");
    ada.sync().unwrap();
    clinic.sync().unwrap();
    assert_eq!(clinic.texts_of(&ada), ["Her own words, and more."]);
}

/// What a device plants as the clinic's about something.
pub(crate) fn planted_as_clinics(world: &World, phone: &Phone, about: DocumentId) -> Vec<Payload> {
    let (by, at) = ("Dr Moss".to_owned(), world.now());
    let (space, seen) = (Insider::of(phone, "care").space, phone.get::<Entry>(about));
    let revision = seen.unwrap().revision;
    let delivered = DeliveryReceipt {
        through: [(phone.member(), companion_core::protocol::id::Counter(99))].into(),
        steps: std::collections::BTreeMap::new(),
        clinic: "Riverbank".to_owned(),
        at,
    };
    let receipt = ReadReceipt {
        about,
        revision: revision.clone(),
        words: String::new(),
        by: by.clone(),
        at,
    };
    let reply = Reply {
        about,
        body: "planted reply".to_owned(),
        by: by.clone(),
        at,
    };
    let session = DosingSession {
        note: "planted session".to_owned(),
        ..DosingSession::new(9, at)
    };
    let review = Review {
        about,
        care_space: space,
        revision,
        words: String::new(),
        by,
        at,
        undone_at: None,
    };
    let record = PatientRecord::examples().remove(0);
    vec![
        new_payload(world, fresh(world), &delivered),
        new_payload(world, fresh(world), &receipt),
        new_payload(world, fresh(world), &reply),
        new_payload(world, fresh(world), &session),
        new_payload(world, fresh(world), &review),
        new_payload(world, fresh(world), &record),
    ]
}

/// All that the clinic says, as the phone and the clinic show it.
fn clinics_word(clinic: &Node, ada: &Phone, about: DocumentId) -> Vec<String> {
    let patient = ada.record.unwrap();
    let mut said: Vec<String> = Vec::new();
    said.extend(ada.replies(about).into_iter().map(|v| v.content.body));
    let sessions = ada.all(Query::<DosingSession>::all()).into_iter();
    said.extend(sessions.map(|view| view.content.note));
    said.push(format!("{:?}", ada.get::<Entry>(about).unwrap().delivery));
    let shared = clinic.get_shared::<Entry>(patient, about).unwrap();
    said.push(format!("{} {:?}", shared.is_new, shared.review));
    let replies = clinic.page(patient, &Query::<Reply>::about(about)).unwrap();
    said.extend(replies.items.into_iter().map(|view| view.content.body));
    let sessions = clinic.page(patient, &Query::<DosingSession>::all());
    said.extend(sessions.unwrap().items.into_iter().map(|v| v.content.note));
    let receipts = Query::<ReadReceipt>::about(about);
    said.push(clinic.count(patient, &receipts).unwrap().to_string());
    let marks = Query::<Review>::about(about);
    said.push(clinic.count(patient, &marks).unwrap().to_string());
    said.push(format!("{:?}", clinic.caseload().unwrap()));
    said
}

#[test]
fn what_a_patients_device_writes_in_the_clinics_name_stands_nowhere_and_hides_nothing() {
    let (world, clinic, ada) = clinic_and_ada();
    let patient = ada.record.unwrap();
    let tablet = ada.second_phone();
    let entry = ada.write("Was this read?");
    ada.sync_cleanly();
    tablet.sync_cleanly();
    clinic.sync_cleanly();
    let reply = clinic
        .reply(patient, entry.id, "The clinic's own words.", "Dr Moss")
        .unwrap();
    let session = DosingSession {
        note: "The clinic's own note.".to_owned(),
        ..DosingSession::new(1, world.now())
    };
    let session = clinic.book(patient, session);
    clinic.sync_cleanly();
    ada.sync_cleanly();
    tablet.sync_cleanly();
    let before = clinics_word(&clinic, &ada, entry.id);

    let mut bad = Insider::of(&tablet, "care");
    let mut planted = planted_as_clinics(&world, &ada, entry.id);
    let known = bad.readable(&world.server().stored_changes());
    planted.push(edit_payload(
        &world,
        &known,
        reply.id,
        &Reply::SHAPE,
        |fields| {
            fields.insert("body".to_owned(), json!("planted words"));
        },
    ));
    planted.push(edit_payload(
        &world,
        &known,
        session.id,
        &DosingSession::SHAPE,
        |fields| {
            fields.insert("withdrawn_at".to_owned(), json!("2026-03-01T00:00:00Z"));
        },
    ));
    plant(&mut bad, &planted);
    named(&ada.sync().unwrap(), tablet.member());
    named(&clinic.sync().unwrap(), tablet.member());
    ada.sync().unwrap();
    // The clinic hears of a device at fault, and its caseload says when it last heard anything.
    assert_eq!(clinics_word(&clinic, &ada, entry.id), before);
    ada.rebuild().unwrap();
    clinic.rebuild().unwrap();
    assert_eq!(clinics_word(&clinic, &ada, entry.id), before);
    // The clinic's own words go on.
    clinic
        .edit::<Reply>(patient, reply.id, &reply.revision, |reply| {
            reply.body = "The clinic's own words, and more.".to_owned();
        })
        .unwrap();
    clinic.sync().unwrap();
    ada.sync().unwrap();
    assert_eq!(
        ada.replies(entry.id)[0].content.body,
        "The clinic's own words, and more."
    );
}
