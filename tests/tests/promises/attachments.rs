//! Recordings and pictures: the words go first, the bytes follow part by part over whatever line there is, and what is
//! here is what was attached. What is taken back goes everywhere, and what never comes holds up nothing.

mod after_the_end;
mod damaged;
mod lost;
mod nobodys_words;
mod two_imports;

use std::io::Read as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use companion_core::domain::{DocumentId, Entry, ItemId, Visibility};
use companion_core::ports::{Method, Request};
use companion_core::protocol::api::MAX_PART;
use companion_core::records::{AttachmentView, DeliveryState, NewAttachment, View};
use companion_core::testing::media::recording;
use companion_core::{CoreError, MediaError};
use companion_tests::{Canary, Fault, Insider, Node, Phone, World, capture_logs};

/// What becomes of an answer on its way.
type Spoil = fn(&mut Vec<u8>);

fn attached(phone: &Phone, entry: DocumentId, file: &[u8]) -> ItemId {
    let new = NewAttachment {
        size: file.len() as u64,
        caption: "By the lake.".into(),
        ..NewAttachment::default()
    };
    let view = phone.attach(entry, new, &mut &file[..]).unwrap();
    let last = view.content.attachments.iter().last();
    last.unwrap().0
}

fn heard(phone: &Phone, entry: DocumentId, item: ItemId) -> Result<Vec<u8>, CoreError> {
    let mut bytes = Vec::new();
    let mut reader = phone.open_attachment(entry, item)?;
    reader.read_to_end(&mut bytes).unwrap();
    Ok(bytes)
}

fn heard_at(clinic: &Node, phone: &Phone, entry: DocumentId, item: ItemId) -> Option<Vec<u8>> {
    let record = phone.record.unwrap();
    let mut reader = clinic.open_attachment(record, entry, item).ok()?;
    let mut bytes = Vec::new();
    reader.read_to_end(&mut bytes).unwrap();
    Some(bytes)
}

fn only(phone: &Phone, entry: DocumentId) -> AttachmentView {
    let mut all = phone.attachments(entry).unwrap();
    assert_eq!(all.len(), 1);
    all.remove(0)
}

fn is_blob(request: &Request) -> bool {
    request.path.contains("/blobs/")
}

/// How many blobs the server has in a space, and how many of them whole.
fn on_server(insider: &Insider) -> (usize, usize) {
    let path = companion_core::protocol::api::path::blobs(insider.space);
    let answer = insider.send(Method::Get, &path, "", Vec::new());
    let blobs: companion_core::protocol::api::Blobs = serde_json::from_slice(&answer.body).unwrap();
    let whole = blobs.blobs.iter().filter(|state| state.is_whole());
    (blobs.blobs.len(), whole.count())
}

fn files_in(folder: &std::path::Path) -> usize {
    let mut count = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if path.is_dir() && name.ends_with(".blobs") {
            let files = std::fs::read_dir(&path).unwrap();
            count += files
                .filter(|file| file.as_ref().unwrap().file_name() != "lock")
                .count();
        } else if path.is_dir() {
            count += files_in(&path);
        }
    }
    count
}

fn delivered(state: &DeliveryState) -> bool {
    matches!(
        state,
        DeliveryState::Delivered { .. } | DeliveryState::Opened { .. }
    )
}

#[test]
fn a_recording_comes_over_a_line_that_breaks_five_times_and_no_part_goes_twice() {
    let world = World::over_http();
    let clinic = world.clinic("Riverbank");
    let ada = clinic.with_patient("Ada");
    let file = recording(20_000_000);
    let entry = ada.write("I could not write it, so I said it.");
    let item = attached(&ada, entry.id, &file);
    let given = Arc::new(AtomicUsize::new(0));
    let mut parts = 0;
    let counter = Arc::clone(&given);
    ada.faults().script(move |_, request| {
        if !is_blob(request) || request.method != Method::Post {
            return Fault::None;
        }
        parts += 1;
        counter.fetch_add(request.body.len(), Ordering::SeqCst);
        match parts % 7 {
            0 if parts < 40 => Fault::DropAnswer,
            _ => Fault::None,
        }
    });
    for broken in 0..5 {
        let report = ada.sync().unwrap();
        assert_eq!(report.problems.len(), 1, "{broken}: {report:?}");
        assert!(report.problems[0].passing, "{report:?}");
        // The words are there, long before the recording is.
        clinic.sync_cleanly();
        assert_eq!(clinic.texts_of(&ada).len(), 1);
        assert_eq!(heard_at(&clinic, &ada, entry.id, item), None);
        if broken == 2 {
            let view = ada.get::<Entry>(entry.id).unwrap();
            assert!(
                delivered(&view.delivery),
                "the words are: {:?}",
                view.delivery
            );
            assert!(
                !delivered(&only(&ada, entry.id).delivery),
                "the recording is not"
            );
        }
    }
    ada.sync_cleanly();
    let sealed = given.load(Ordering::SeqCst);
    assert!(
        sealed < file.len() + file.len() / 8 + MAX_PART,
        "{sealed} bytes went over the line"
    );
    clinic.sync_cleanly();
    assert!(heard_at(&clinic, &ada, entry.id, item).unwrap() == file);
    ada.sync_cleanly();
    assert!(delivered(&only(&ada, entry.id).delivery));
}

#[test]
fn a_recording_that_is_fetched_over_a_broken_line_goes_on_where_it_was() {
    let world = World::in_memory(71);
    let clinic = world.clinic("Riverbank");
    let ada = clinic.with_patient("Ada");
    let file = recording(3_000_000);
    let entry = ada.write("Listen.");
    let item = attached(&ada, entry.id, &file);
    ada.sync_cleanly();
    let reads = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&reads);
    clinic.faults().script(move |_, request| {
        if !is_blob(request) {
            return Fault::None;
        }
        match count.fetch_add(1, Ordering::SeqCst) % 3 {
            2 => Fault::DropAnswer,
            _ => Fault::None,
        }
    });
    let mut rounds = 0;
    while heard_at(&clinic, &ada, entry.id, item).is_none() {
        rounds += 1;
        assert!(rounds < 12, "it begins anew each time");
        clinic.sync().unwrap();
    }
    assert!(rounds > 2, "nothing broke");
    assert!(heard_at(&clinic, &ada, entry.id, item).unwrap() == file);
}

#[test]
fn a_second_phone_gets_what_is_private_and_what_is_shared() {
    let world = World::in_memory(72);
    let clinic = world.clinic("Riverbank");
    let ada = clinic.with_patient("Ada");
    let tablet = ada.second_phone();
    let (one, two) = (recording(40_000), recording(80_000));
    let private = ada.write_privately("Mine.");
    let of_private = attached(&ada, private.id, &one);
    let shared = ada.write("Ours.");
    let of_shared = attached(&ada, shared.id, &two);
    ada.sync_cleanly();
    tablet.sync_cleanly();
    assert!(heard(&tablet, private.id, of_private).unwrap() == one);
    assert!(heard(&tablet, shared.id, of_shared).unwrap() == two);
    clinic.sync_cleanly();
    assert_eq!(clinic.texts_of(&ada), ["Ours."]);
    assert_eq!(files_in(clinic.folder()), 1);
}

#[test]
fn what_is_withdrawn_goes_from_the_server_from_the_clinic_and_from_nobody_elses_phone() {
    let world = World::in_memory(73);
    let clinic = world.clinic("Riverbank");
    let ada = clinic.with_patient("Ada");
    let tablet = ada.second_phone();
    let file = recording(40_000);
    let private = ada.write_privately("Mine.");
    let item = attached(&ada, private.id, &file);
    ada.sync_cleanly();
    tablet.sync_cleanly();
    let (care, own) = (Insider::of(&ada, "care"), Insider::of(&ada, "private"));
    assert_eq!((on_server(&care), on_server(&own)), ((0, 0), (1, 1)));
    let shared = ada
        .share::<Entry>(private.id, Visibility::CareTeam)
        .unwrap();
    ada.sync_cleanly();
    assert_eq!((on_server(&care), on_server(&own)), ((1, 1), (0, 0)));
    clinic.sync_cleanly();
    tablet.sync_cleanly();
    assert!(heard_at(&clinic, &ada, shared.id, item).unwrap() == file);
    assert!(heard(&tablet, shared.id, item).unwrap() == file);
    let back = ada.withdraw::<Entry>(shared.id).unwrap();
    assert!(heard(&ada, back.id, item).unwrap() == file, "here at once");
    ada.sync_cleanly();
    assert_eq!((on_server(&care), on_server(&own)), ((0, 0), (1, 1)));
    clinic.sync_cleanly();
    assert_eq!(files_in(clinic.folder()), 0);
    assert_eq!(heard_at(&clinic, &ada, shared.id, item), None);
    tablet.sync_cleanly();
    assert!(heard(&tablet, back.id, item).unwrap() == file);
    assert_eq!((files_in(ada.folder()), files_in(tablet.folder())), (1, 1));
    // And once it is deleted, it is nowhere.
    tablet.delete::<Entry>(back.id).unwrap();
    tablet.sync_cleanly();
    ada.sync_cleanly();
    assert_eq!((on_server(&care), on_server(&own)), ((0, 0), (0, 0)));
    assert_eq!((files_in(ada.folder()), files_in(tablet.folder())), (0, 0));
}

#[test]
fn what_is_taken_off_goes_from_the_server_once_the_change_that_took_it_off_is_there() {
    let world = World::in_memory(74);
    let clinic = world.clinic("Riverbank");
    let ada = clinic.with_patient("Ada");
    let entry = ada.write("Ours.");
    let item = attached(&ada, entry.id, &recording(5_000));
    ada.sync_cleanly();
    clinic.sync_cleanly();
    let care = Insider::of(&ada, "care");
    assert_eq!((on_server(&care), files_in(clinic.folder())), ((1, 1), 1));
    ada.detach(entry.id, item).unwrap();
    ada.faults().script(|_, request| match request.method {
        Method::Post if request.path.ends_with("/changes") => Fault::DropRequest,
        _ => Fault::None,
    });
    ada.sync().unwrap_err();
    assert_eq!(on_server(&care), (1, 1), "the words of it are still there");
    ada.faults().heal();
    ada.sync_cleanly();
    assert_eq!(on_server(&care), (0, 0));
    clinic.sync_cleanly();
    assert_eq!(files_in(clinic.folder()), 0);
}

#[test]
fn what_one_phone_takes_off_and_another_writes_to_stands_with_its_bytes_everywhere() {
    let world = World::in_memory(87);
    let clinic = world.clinic("Riverbank");
    let ada = clinic.with_patient("Ada");
    let tablet = ada.second_phone();
    let file = recording(40_000);
    let (shared, private) = (ada.write("Ours."), ada.write_privately("Mine."));
    let entries = [shared.id, private.id].map(|entry| (entry, attached(&ada, entry, &file)));
    let all_sync = || {
        ada.sync_cleanly();
        clinic.sync_cleanly();
        tablet.sync_cleanly();
    };
    all_sync();
    for (entry, item) in entries {
        assert!(heard(&tablet, entry, item).unwrap() == file);
        tablet.caption(entry, item, "My own voice.").unwrap();
        ada.detach(entry, item).unwrap();
    }
    // The first one's word arrives, and the server lets go, before the other one has said anything.
    ada.sync_cleanly();
    clinic.sync_cleanly();
    let (care, own) = (Insider::of(&ada, "care"), Insider::of(&ada, "private"));
    assert_eq!((on_server(&care), on_server(&own)), ((0, 0), (0, 0)));
    tablet.sync_cleanly();
    all_sync();
    assert_eq!((on_server(&care), on_server(&own)), ((1, 1), (1, 1)));
    for (entry, item) in entries {
        for phone in [&ada, &tablet] {
            assert_eq!(only(phone, entry).content.caption, "My own voice.");
            assert!(heard(phone, entry, item).unwrap() == file);
        }
    }
    assert!(heard_at(&clinic, &ada, shared.id, entries[0].1).unwrap() == file);
    assert!(delivered(&only(&ada, shared.id).delivery));
    // Nobody wrote to it this time: it goes, and stays gone.
    for (entry, item) in entries {
        tablet.detach(entry, item).unwrap();
    }
    tablet.sync_cleanly();
    all_sync();
    assert_eq!((on_server(&care), on_server(&own)), ((0, 0), (0, 0)));
}

#[test]
fn what_a_node_gives_the_server_again_that_had_not_heard_that_it_went_goes_again() {
    let world = World::in_memory(88);
    let clinic = world.clinic("Riverbank");
    let ada = Arc::new(clinic.with_patient("Ada"));
    let entry = ada.write("Ours.");
    let item = attached(&ada, entry.id, &recording(5_000));
    ada.sync_cleanly();
    clinic.sync_cleanly();
    clinic.sync_cleanly();
    ada.sync_cleanly();
    ada.write("More.");
    ada.sync_cleanly();
    let care = Insider::of(&ada, "care");
    let (list, meanwhile) = (Arc::new(AtomicBool::new(false)), Arc::clone(&ada));
    clinic.faults().before_each(move |request| {
        if request.path.ends_with("/blobs") && !list.swap(true, Ordering::SeqCst) {
            meanwhile.detach(entry.id, item).unwrap();
            meanwhile.sync_cleanly();
        }
    });
    clinic.sync().unwrap();
    clinic.faults().heal();
    assert_eq!(on_server(&care), (1, 1), "given again");
    clinic.sync_cleanly();
    ada.sync_cleanly();
    assert_eq!(on_server(&care), (0, 0));
    assert_eq!(files_in(clinic.folder()), 0);
}

#[test]
fn what_two_phones_attach_apart_beyond_the_most_is_all_kept_and_nothing_more_until_it_is_less() {
    let world = World::in_memory(89);
    let clinic = world.clinic("Riverbank");
    let ada = clinic.with_patient("Ada");
    let tablet = ada.second_phone();
    let entry = ada.write_privately("Mine.");
    for _ in 0..11 {
        attached(&ada, entry.id, &recording(100));
    }
    ada.sync_cleanly();
    tablet.sync_cleanly();
    let one = attached(&ada, entry.id, &recording(300));
    let other = attached(&tablet, entry.id, &recording(500));
    for phone in [&ada, &tablet, &ada, &tablet] {
        phone.sync_cleanly();
    }
    for phone in [&ada, &tablet] {
        let all = phone.attachments(entry.id).unwrap();
        assert!(all.len() == 13 && all.iter().all(|one| one.is_here));
        assert!(heard(phone, entry.id, one).unwrap() == recording(300));
        assert!(heard(phone, entry.id, other).unwrap() == recording(500));
        let new = NewAttachment {
            size: 10,
            ..NewAttachment::default()
        };
        let more = phone.attach(entry.id, new, &mut &[0; 10][..]).unwrap_err();
        assert!(more.to_string().contains("12"), "{more}");
    }
    // What is there can still be spoken of, and be made less.
    ada.caption(entry.id, one, "The last one.").unwrap();
    ada.detach(entry.id, other).unwrap();
    ada.sync_cleanly();
    tablet.sync_cleanly();
    assert_eq!(tablet.attachments(entry.id).unwrap().len(), 12);
}

#[test]
fn a_phone_that_has_the_words_and_not_the_bytes_shares_and_takes_back_all_the_same() {
    let world = World::in_memory(75);
    let clinic = world.clinic("Riverbank");
    let ada = clinic.with_patient("Ada");
    let tablet = ada.second_phone();
    let file = recording(40_000);
    let private = ada.write_privately("Mine.");
    let item = attached(&ada, private.id, &file);
    // The words go, and the bytes do not.
    ada.faults().script(|_, request| match is_blob(request) {
        true => Fault::DropRequest,
        false => Fault::None,
    });
    ada.sync().unwrap();
    tablet.sync_cleanly();
    let not_here = heard(&tablet, private.id, item).unwrap_err();
    assert!(matches!(not_here, CoreError::Media(MediaError::NotHere)));
    let shared = tablet
        .share::<Entry>(private.id, Visibility::CareTeam)
        .unwrap();
    tablet.sync_cleanly();
    clinic.sync_cleanly();
    let record = ada.record.unwrap();
    let seen = clinic.attachments(record, shared.id).unwrap();
    assert_eq!((seen.len(), seen[0].is_here), (1, false));
    assert_eq!(seen[0].content.caption, "By the lake.");
    ada.faults().heal();
    ada.sync_cleanly();
    clinic.sync_cleanly();
    assert!(heard_at(&clinic, &ada, shared.id, item).unwrap() == file);
    // Before the tablet ever fetched it, it takes it back: it comes first, and goes from there last.
    let back = tablet.withdraw::<Entry>(shared.id).unwrap();
    tablet.sync_cleanly();
    assert!(heard(&tablet, back.id, item).unwrap() == file);
    ada.sync_cleanly();
    assert!(heard(&ada, back.id, item).unwrap() == file);
    let (care, own) = (Insider::of(&ada, "care"), Insider::of(&ada, "private"));
    assert_eq!((on_server(&care), on_server(&own)), ((0, 0), (1, 1)));
    clinic.sync_cleanly();
    assert_eq!(files_in(clinic.folder()), 0);
}

#[test]
fn two_phones_that_share_the_same_recording_apart_make_one_of_it() {
    let world = World::in_memory(76);
    let clinic = world.clinic("Riverbank");
    let ada = clinic.with_patient("Ada");
    let tablet = ada.second_phone();
    let file = recording(40_000);
    let private = ada.write_privately("Mine.");
    let item = attached(&ada, private.id, &file);
    ada.sync_cleanly();
    tablet.sync_cleanly();
    let share =
        |phone: &Phone| -> View<Entry> { phone.share(private.id, Visibility::CareTeam).unwrap() };
    let (one, other) = (share(&ada), share(&tablet));
    assert_eq!(one.id, other.id);
    for _ in 0..2 {
        ada.sync_cleanly();
        tablet.sync_cleanly();
    }
    clinic.sync_cleanly();
    let view = ada.get::<Entry>(one.id).unwrap();
    assert!(view.apart.is_empty(), "{:?}", view.apart);
    assert_eq!(view.content.attachments.len(), 1);
    assert_eq!(on_server(&Insider::of(&ada, "care")), (1, 1));
    assert!(heard_at(&clinic, &ada, one.id, item).unwrap() == file);
    assert!(heard(&tablet, one.id, item).unwrap() == file);
}

#[test]
fn a_blob_that_was_cut_or_swapped_is_never_here_and_comes_once_it_is_whole() {
    let world = World::in_memory(77);
    let clinic = world.clinic("Riverbank");
    let ada = clinic.with_patient("Ada");
    let file = recording(40_000);
    let entry = ada.write("Listen.");
    let item = attached(&ada, entry.id, &file);
    ada.sync_cleanly();
    let cut = |answer: &mut Vec<u8>| answer.truncate(1 + answer.len() / 2);
    let swap = |answer: &mut Vec<u8>| answer.reverse();
    let bit = |answer: &mut Vec<u8>| answer[1_000] ^= 1;
    let empty = |answer: &mut Vec<u8>| answer.clear();
    let longer = |answer: &mut Vec<u8>| answer.extend([0; 10]);
    let spoils: [(&str, Spoil); 5] = [
        ("swapped", swap),
        ("a bit", bit),
        ("nothing", empty),
        ("more", longer),
        ("cut", cut),
    ];
    for (how, spoil) in spoils {
        clinic.faults().rewrite(move |request, mut answer| {
            if is_blob(request) && answer.status == 200 {
                spoil(&mut answer.body);
            }
            answer
        });
        let report = clinic.sync().unwrap();
        let seen = clinic.attachments(ada.record.unwrap(), entry.id).unwrap();
        // What was only cut goes on where it ended, with the next request.
        assert_eq!(seen[0].is_here, how == "cut");
        if how != "cut" {
            assert_eq!(report.problems.len(), 1, "{how}: {report:?}");
            ada.sync_cleanly();
            assert!(!delivered(&only(&ada, entry.id).delivery), "{how}");
        }
        assert_eq!(clinic.texts_of(&ada), ["Listen."], "{how}");
    }
    clinic.faults().heal();
    clinic.sync_cleanly();
    assert!(heard_at(&clinic, &ada, entry.id, item).unwrap() == file);
    ada.sync_cleanly();
    assert!(delivered(&only(&ada, entry.id).delivery));
}

#[test]
fn large_recordings_wait_for_a_network_that_is_not_metered_where_the_person_chose_so() {
    let world = World::in_memory(145);
    let clinic = world.clinic("Riverbank");
    let ada = clinic.with_patient("Ada");
    let tablet = ada.second_phone();
    let (large, small) = (recording(1_500_000), recording(40_000));
    let entry = ada.write("Listen.");
    let of_large = attached(&ada, entry.id, &large);
    let of_small = attached(&ada, entry.id, &small);
    for phone in [&ada, &tablet] {
        phone.faults().metered(true);
        assert!(phone.attachments_on_metered().unwrap());
        phone.send_attachments_on_metered(false).unwrap();
    }
    assert_eq!(ada.sync().unwrap().blobs_waiting, 1);
    clinic.sync_cleanly();
    assert_eq!(clinic.texts_of(&ada), ["Listen."]);
    assert!(heard_at(&clinic, &ada, entry.id, of_small).unwrap() == small);
    assert_eq!(heard_at(&clinic, &ada, entry.id, of_large), None);
    let status = ada.status().unwrap();
    assert_eq!(
        (status.files_held.files, status.files.waiting.files),
        (1, 1)
    );
    ada.faults().metered(false);
    assert_eq!(ada.status().unwrap().files_held.files, 0);
    ada.sync_cleanly();
    clinic.sync_cleanly();
    assert!(heard_at(&clinic, &ada, entry.id, of_large).unwrap() == large);
    // What comes costs as much as what goes.
    tablet.sync_cleanly();
    assert!(heard(&tablet, entry.id, of_small).unwrap() == small);
    let waits = heard(&tablet, entry.id, of_large).unwrap_err();
    assert!(matches!(waits, CoreError::Media(MediaError::NotHere)));
    let to_come = |phone: &Phone| {
        let held = phone.status().unwrap().files_to_come_held;
        (held.files, held.bytes)
    };
    assert_eq!(to_come(&tablet), (1, large.len() as u64));
    assert_eq!(to_come(&ada), (0, 0));
    tablet.send_attachments_on_metered(true).unwrap();
    assert_eq!(to_come(&tablet), (0, 0), "the next exchange fetches it");
    tablet.send_attachments_on_metered(false).unwrap();
    tablet.faults().metered(false);
    assert_eq!(to_come(&tablet), (0, 0));
    tablet.faults().metered(true);
    tablet.send_attachments_on_metered(true).unwrap();
    tablet.sync_cleanly();
    assert_eq!(to_come(&tablet), (0, 0));
    assert!(heard(&tablet, entry.id, of_large).unwrap() == large);
}

#[test]
fn what_has_arrived_of_a_recording_is_never_said_to_be_more_than_all_of_it() {
    let world = World::in_memory(147);
    let clinic = world.clinic("Riverbank");
    let ada = clinic.with_patient("Ada");
    let entry = ada.write("Listen.");
    // Sealed it is a little more than two parts, and less by itself.
    let file = recording(2 * MAX_PART - 46);
    let item = attached(&ada, entry.id, &file);
    ada.sync_cleanly();
    let seen = || {
        let record = ada.record.unwrap();
        clinic.attachments(record, entry.id).unwrap().remove(0)
    };
    let parts = AtomicUsize::new(0);
    clinic.faults().script(move |_, request| {
        match is_blob(request) && parts.fetch_add(1, Ordering::SeqCst) >= 2 {
            true => Fault::DropRequest,
            false => Fault::None,
        }
    });
    clinic.sync().unwrap();
    let (arrived, whole) = (seen().arrived, seen().content.length);
    assert!(!seen().is_here && whole == file.len() as u64);
    assert!(
        arrived > whole - 1_000 && arrived < whole,
        "{arrived} of {whole}"
    );
    clinic.faults().heal();
    clinic.sync_cleanly();
    assert!(heard_at(&clinic, &ada, entry.id, item).unwrap() == file);
    assert_eq!(seen().arrived, whole);
}

#[test]
fn what_never_arrives_holds_up_nothing_and_says_so() {
    let world = World::in_memory(78);
    let clinic = world.clinic("Riverbank");
    let ada = clinic.with_patient("Ada");
    let entry = ada.write("Listen.");
    attached(&ada, entry.id, &recording(5_000));
    ada.faults().script(|_, request| match is_blob(request) {
        true => Fault::DropRequest,
        false => Fault::None,
    });
    ada.sync().unwrap();
    for words in ["One.", "Two."] {
        ada.write(words);
        ada.sync().unwrap();
        clinic.sync_cleanly();
    }
    assert_eq!(clinic.texts_of(&ada).len(), 3);
    let seen = clinic.attachments(ada.record.unwrap(), entry.id).unwrap();
    assert!(!seen[0].is_here && seen[0].content.waveform.is_some());
    ada.sync().unwrap();
    let view = ada.get::<Entry>(entry.id).unwrap();
    assert!(delivered(&view.delivery));
    assert_eq!(only(&ada, entry.id).delivery, DeliveryState::OnThisDevice);
}

#[test]
fn words_that_are_written_while_a_recording_is_on_its_way_go_before_the_rest_of_it() {
    let world = World::in_memory(79);
    let clinic = world.clinic("Riverbank");
    let ada = Arc::new(clinic.with_patient("Ada"));
    let entry = ada.write("Listen.");
    attached(&ada, entry.id, &recording(5_000_000));
    let (writer, wrote) = (Arc::downgrade(&ada), AtomicBool::new(false));
    ada.faults().record();
    ada.faults().before_each(move |request| {
        if is_blob(request)
            && request.query.starts_with("from=1048576")
            && !wrote.swap(true, Ordering::SeqCst)
            && let Some(writer) = writer.upgrade()
        {
            writer.write("I do not want to be here any more.");
        }
    });
    let report = ada.sync().unwrap();
    assert!(
        report.problems.is_empty() && report.waiting == 0,
        "{report:?}"
    );
    let sent = ada.faults().recorded();
    let last_text = sent.iter().rposition(|(request, _)| {
        request.method == Method::Post && request.path.ends_with("/changes")
    });
    let parts_after = sent[last_text.unwrap()..]
        .iter()
        .filter(|(request, _)| is_blob(request));
    assert!(
        parts_after.count() > 5,
        "the words waited for the recording"
    );
}

#[test]
fn a_server_that_was_put_back_gets_its_blobs_again_and_lets_go_of_the_same_ones() {
    let world = World::over_http();
    let clinic = world.clinic("Riverbank");
    let ada = clinic.with_patient("Ada");
    let kept = ada.write("Kept.");
    let gone = ada.write("Gone.");
    let first = attached(&ada, gone.id, &recording(5_000));
    ada.sync_cleanly();
    let backup = world.server().backup();
    ada.detach(gone.id, first).unwrap();
    let file = recording(30_000);
    let item = attached(&ada, kept.id, &file);
    ada.sync_cleanly();
    let care = Insider::of(&ada, "care");
    assert_eq!(on_server(&care), (1, 1));
    world.server().restore(&backup);
    ada.sync().unwrap();
    ada.sync().unwrap();
    clinic.sync().unwrap();
    ada.sync().unwrap();
    clinic.sync().unwrap();
    assert_eq!(on_server(&care), (1, 1));
    assert!(heard_at(&clinic, &ada, kept.id, item).unwrap() == file);
}

#[test]
fn nothing_of_a_recording_is_in_a_file_or_a_log_of_the_server() {
    let logs = capture_logs();
    let world = World::over_http();
    let clinic = world.clinic("Riverbank");
    let ada = clinic.with_patient("Ada");
    let said = Canary::new("canary-spoken-umbrella");
    let mut file = recording(40_000);
    let words = said.words().as_bytes();
    file[1_000..1_000 + words.len()].copy_from_slice(words);
    let entry = ada.write("Listen.");
    let new = NewAttachment {
        size: file.len() as u64,
        caption: said.words().to_owned(),
        ..NewAttachment::default()
    };
    let view = ada.attach(entry.id, new, &mut &file[..]).unwrap();
    let (item, _) = view.content.attachments.iter().next().unwrap();
    ada.sync_cleanly();
    clinic.sync_cleanly();
    assert!(heard_at(&clinic, &ada, entry.id, item).unwrap() == file);
    assert_eq!(said.found_below(&world.server().data()), None);
    assert_eq!(said.found_in(&logs.bytes()), None);
    assert_eq!(
        said.found_below(ada.folder()),
        None,
        "nor unsealed on the phone"
    );
    assert_eq!(said.found_below(clinic.folder()), None);
}
