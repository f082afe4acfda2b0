//! Private stays on the patient's devices, and nobody between sees anything.

use companion_core::domain::{CheckIn, DosingSession, Entry, EntryKind, Visibility};
use companion_core::ports::Method;
use companion_tests::{
    Canary, Fault, Insider, World, capture_logs, checked_in, note, private_note,
};

#[test]
fn a_private_entry_is_neither_on_the_page_nor_in_any_byte_of_the_clinics_record() {
    let world = World::over_http();
    let clinic = world.clinic("Riverbank");
    let ada = clinic.with_patient("Ada");
    let secret = Canary::new("the-attic-window-at-four");
    ada.create(Entry {
        title: secret.words().to_owned(),
        ..private_note(secret.words())
    })
    .unwrap();
    ada.create(CheckIn {
        visibility: Visibility::OnlyMe,
        ..checked_in(2, secret.words())
    })
    .unwrap();
    ada.write("Public.");
    ada.sync_cleanly();
    clinic.sync_cleanly();
    assert_eq!(clinic.texts_of(&ada), ["Public."]);
    assert!(clinic.check_ins_of(&ada).is_empty());
    assert_eq!(secret.found_below(clinic.folder()), None);
    assert_eq!(secret.found_in(&clinic.plain_bytes()), None);
    // The search would have found it: it is in the phone's own record.
    assert!(secret.found_in(&ada.plain_bytes()).is_some());
    // And the clinic has no key to the space that it is in.
    let private = Insider::of(&ada, "private").space;
    let keys = clinic.store().read(|r| r.epoch_keys(private)).unwrap();
    assert!(keys.is_empty());
    let known = clinic.store().read(|r| r.spaces()).unwrap();
    assert!(known.iter().all(|row| row.space != private));
}

#[test]
fn the_clinic_can_open_no_sealed_change_of_the_private_space_even_from_the_servers_disk() {
    let world = World::over_http();
    let clinic = world.clinic("Riverbank");
    let ada = clinic.with_patient("Ada");
    let secret = Canary::new("a-door-under-the-stairs");
    ada.write_privately(secret.words());
    ada.write("Hello.");
    ada.sync_cleanly();
    clinic.sync_cleanly();
    let stored = world.server().stored_changes();
    let seen_by_clinic = Insider::of_clinic(&clinic, &ada).readable(&stored);
    assert!(
        seen_by_clinic
            .iter()
            .any(|payload| payload.projection.contains("Hello."))
    );
    for payload in seen_by_clinic {
        assert_eq!(secret.found_in(&payload.encode()), None);
    }
    let seen_by_ada = Insider::of(&ada, "private").readable(&stored);
    assert!(
        seen_by_ada
            .iter()
            .any(|payload| secret.found_in(&payload.encode()).is_some())
    );
}

#[test]
fn a_canary_typed_anywhere_is_in_no_file_and_no_log_of_the_server() {
    let logs = capture_logs();
    let world = World::over_http();
    let clinic = world.clinic("canary-clinic-by-the-river");
    let ada = clinic.with_patient("canary-patient-name");
    let canary = |what: &str| Canary::new(&format!("canary-{what}-umbrella"));
    let written = [
        "title", "body", "tag", "note", "feeling", "reply", "private", "session", "by", "edited",
    ]
    .map(canary);
    let [
        title,
        body,
        tag,
        n,
        feeling,
        reply,
        private,
        session,
        by,
        edited,
    ] = written.each_ref().map(Canary::words);
    let entry = ada
        .create(Entry {
            title: title.to_owned(),
            tags: [tag.to_owned()].into(),
            kind: EntryKind::Other("canary-kind-umbrella".to_owned()),
            ..note(body)
        })
        .unwrap();
    let mut check_in = checked_in(3, n);
    check_in.feelings = [feeling.to_owned()].into();
    ada.create(check_in).unwrap();
    ada.write_privately(private);
    ada.sync_cleanly();
    clinic.sync_cleanly();
    let patient = ada.record.unwrap();
    clinic.open_shared::<Entry>(patient, entry.id, by).unwrap();
    clinic.reply(patient, entry.id, reply, by).unwrap();
    // Not today: what is written on a session's day can't be shared before the next.
    let mut at = world.now();
    at.unix_ms += 7 * 24 * 60 * 60 * 1000;
    let session = DosingSession {
        note: session.to_owned(),
        ..DosingSession::new(1, at)
    };
    clinic.book(patient, session);
    clinic.sync_cleanly();
    ada.sync_cleanly();
    ada.rewrite(&ada.get::<Entry>(entry.id).unwrap(), edited);
    ada.make_recovery_code().unwrap();
    let tablet = ada.second_phone();
    assert_eq!(tablet.texts().len(), 2);
    // Also where things go wrong, which is where logs become talkative.
    ada.faults().always(companion_tests::Fault::CutRequest(100));
    ada.write(body);
    let _ = ada.sync();
    ada.faults().heal();
    ada.sync_cleanly();
    let backup = world.server().backup();
    world.server().restart();

    assert!(
        world.server().stored_changes().len() > 8,
        "there is something to search"
    );
    let log = logs.bytes();
    assert!(log.len() > 1000, "the server logs");
    let names = [
        "canary-clinic-by-the-river",
        "canary-patient-name",
        "canary-kind-umbrella",
    ];
    for word in written.iter().cloned().chain(names.map(Canary::new)) {
        assert_eq!(
            word.found_below(&world.server().data()),
            None,
            "{}",
            word.words()
        );
        assert_eq!(
            word.found_in(&std::fs::read(&backup).unwrap()),
            None,
            "{}",
            word.words()
        );
        assert_eq!(word.found_in(&log), None, "{}", word.words());
        // Nor in the clear on the disks of those who may read it.
        assert_eq!(word.found_below(ada.folder()), None, "{}", word.words());
        assert_eq!(word.found_below(clinic.folder()), None, "{}", word.words());
    }
}

#[test]
fn an_entry_about_nothing_and_an_entry_about_something_look_alike_from_outside() {
    let world = World::over_http();
    let clinic = world.clinic("Riverbank");
    let ada = clinic.with_patient("Ada");
    let before = world.server().stored_changes().len();
    ada.check_in(4, "");
    ada.write("I slept better than last week, and the walk helped.");
    ada.sync_cleanly();
    let stored = world.server().stored_changes();
    let sizes: std::collections::BTreeSet<usize> = stored
        .iter()
        .map(|bytes| companion_core::protocol::change::SealedChange::parse(bytes).unwrap())
        .filter(|change| change.header().author == ada.member())
        .map(|change| change.sealed().unwrap().ciphertext.len())
        .collect();
    assert_eq!(stored.len(), before + 2);
    assert_eq!(sizes.len(), 1, "{sizes:?}");
}

#[test]
fn two_patients_of_one_clinic_see_nothing_of_each_other() {
    let world = World::over_http();
    let clinic = world.clinic("Riverbank");
    let (ada, ben) = (clinic.with_patient("Ada"), clinic.with_patient("Ben"));
    let secret = Canary::new("only-for-ada-and-clinic");
    ada.write(secret.words());
    ada.sync_cleanly();
    clinic.sync_cleanly();
    ben.sync_cleanly();
    assert!(ben.texts().is_empty());
    assert_eq!(secret.found_in(&ben.plain_bytes()), None);
    let spaces = |phone: &companion_tests::Phone| {
        let rows = phone.store().read(|r| r.spaces()).unwrap();
        rows.into_iter()
            .map(|row| row.space)
            .collect::<std::collections::BTreeSet<_>>()
    };
    assert!(spaces(&ada).is_disjoint(&spaces(&ben)));
    // Ben asks the server for Ada's space by name: as if it did not exist.
    let mut thief = Insider::of(&ben, "care");
    let hers = Insider::of(&ada, "care").space;
    thief.space = hers;
    for path in [
        companion_core::protocol::api::path::chain(hers),
        companion_core::protocol::api::path::changes(hers),
    ] {
        let answer = thief.send(companion_core::ports::Method::Get, &path, "", Vec::new());
        assert_eq!(answer.status, 403);
    }
    let nowhere = companion_core::protocol::id::SpaceId::new([9; 32]);
    let of_nothing = thief.send(
        companion_core::ports::Method::Get,
        &companion_core::protocol::api::path::chain(nowhere),
        "",
        Vec::new(),
    );
    let of_hers = thief.send(
        companion_core::ports::Method::Get,
        &companion_core::protocol::api::path::chain(hers),
        "",
        Vec::new(),
    );
    assert_eq!(
        (of_nothing.status, of_nothing.body),
        (of_hers.status, of_hers.body)
    );
}

#[test]
fn what_is_shared_by_mistake_and_taken_back_before_it_left_never_leaves() {
    let world = World::over_http();
    let clinic = world.clinic("Riverbank");
    let ada = clinic.with_patient("Ada");
    let slip = Canary::new("the-letter-i-did-not-mean-to-send");
    let written = ada.create(note(slip.words())).unwrap();
    let private = ada.create(private_note(slip.words())).unwrap();
    let shared = ada
        .share::<Entry>(private.id, Visibility::CareTeam)
        .unwrap();
    ada.withdraw::<Entry>(written.id).unwrap();
    ada.withdraw::<Entry>(shared.id).unwrap();
    ada.sync_cleanly();
    clinic.sync_cleanly();
    assert!(clinic.entries_of(&ada).is_empty());
    assert!(clinic.withdrawn_of(&ada).is_empty());
    assert_eq!(slip.found_in(&clinic.plain_bytes()), None);
    let own = ada.entries();
    assert_eq!(own.len(), 2, "both are the patient's own again");
    assert!(own.iter().all(|entry| !entry.shared));
}

#[test]
fn what_may_have_left_is_withdrawn_in_the_open_and_not_forgotten() {
    let world = World::over_http();
    let clinic = world.clinic("Riverbank");
    let ada = clinic.with_patient("Ada");
    let written = ada.create(note("sent, and the answer got lost")).unwrap();
    ada.faults().script(|_, request| match request.method {
        Method::Post => Fault::DropAnswer,
        Method::Get | Method::Delete => Fault::None,
    });
    assert!(ada.sync().is_err());
    ada.faults().heal();
    ada.withdraw::<Entry>(written.id).unwrap();
    let report = ada.sync().unwrap();
    assert_eq!(report.warnings, [], "nothing comes back as a stranger's");
    clinic.sync_cleanly();
    assert!(clinic.entries_of(&ada).is_empty());
    assert_eq!(clinic.withdrawn_of(&ada).len(), 1);
    assert_eq!(ada.entries().len(), 1);
}
