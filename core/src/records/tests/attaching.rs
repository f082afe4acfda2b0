//! Recordings and pictures of an entry on one device: sealed beside the store, opened from there, gone with what
//! they hang on; and a process that ends, or finds the disk full, at any step of that.

mod from_the_first;
mod two_names;

use std::collections::BTreeSet;
use std::io::{Read as _, Seek as _, SeekFrom};

use companion_protocol::id::BlobId;

use super::*;
use crate::domain::{Declared, DocumentId, Entry, ItemId, Moment, Visibility};
use crate::error::CoreError;
use crate::media::{MediaError, samples};
use crate::store::{BlobRow, BlobStanding};

const AT: Moment = Moment::utc(1_795_465_113_123);

fn entry(installation: &Installation) -> View<Entry> {
    let entry = Entry {
        body: "Calmer than I thought.".into(),
        ..Entry::new(AT)
    };
    installation.records.create(entry).unwrap()
}

fn attached(installation: &Installation, entry: DocumentId, file: &[u8]) -> Result<View<Entry>> {
    let new = NewAttachment {
        size: file.len() as u64,
        caption: " The lake. ".into(),
        ..NewAttachment::default()
    };
    installation.records.attach(entry, new, &mut &file[..])
}

fn only_item(view: &View<Entry>) -> ItemId {
    let mut items = view.content.attachments.iter();
    let (item, _) = items.next().unwrap();
    assert!(items.next().is_none());
    item
}

fn heard(installation: &Installation, entry: DocumentId, item: ItemId) -> Result<Vec<u8>> {
    let records = &installation.records;
    let mut reader = records.open_attachment::<Entry>(entry, item)?;
    let mut all = Vec::new();
    reader.read_to_end(&mut all).unwrap();
    assert_eq!(all.len() as u64, reader.length());
    Ok(all)
}

/// What stands in the folder of blobs, but for the lock.
fn files(installation: &Installation) -> BTreeSet<String> {
    let folder = installation.folder.path().join("record.db.blobs");
    let Ok(entries) = std::fs::read_dir(folder) else {
        return BTreeSet::new();
    };
    let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    names.filter(|name| name != "lock").collect()
}

fn rows(installation: &Installation) -> BTreeSet<String> {
    let rows = installation.replica.store.read(|r| r.blobs()).unwrap();
    rows.iter().map(|row| row.blob.to_string()).collect()
}

/// The blob of the only attachment of an entry.
fn only_blob(here: &Installation, entry: DocumentId) -> BlobId {
    let named = here.replica.store.read(|r| r.blobs_of(entry)).unwrap();
    named[0].blob.unwrap()
}

fn reopened(installation: Installation) -> Installation {
    let path = installation.path();
    let scope = installation.records.scope;
    let folder = installation.folder;
    drop((installation.replica, installation.records));
    let replica = Arc::new(Replica::open(&path, &KEY, offline(), Side::Patient).unwrap());
    Installation {
        folder,
        records: Records::new(&replica, scope),
        replica,
    }
}

/// As if the server had all that was written so far.
fn all_sent(installation: &Installation) {
    for row in installation.replica.rows() {
        let sent = |row: &mut crate::store::SpaceRow| row.sent_through = i64::MAX;
        installation.replica.update_row(row.space, sent).unwrap();
    }
}

#[test]
fn a_recording_is_sealed_beside_the_store_and_opened_from_there() {
    let phone = Installation::of(Side::Patient);
    let id = entry(&phone).id;
    let view = attached(&phone, id, &samples::wav(100_000)).unwrap();
    let item = only_item(&view);
    let one = view.content.attachments.get(item).unwrap();
    assert_eq!((one.label(), &*one.caption), ("recording", "The lake."));
    assert_eq!(one.milliseconds, Some(12_500));
    let all = heard(&phone, id, item).unwrap();
    assert!(all.starts_with(b"RIFF") && all.len() == 200_044);
    let mut reader = phone.records.open_attachment::<Entry>(id, item).unwrap();
    for at in [150_000, 3, 200_044, 200_043] {
        assert_eq!(reader.seek(SeekFrom::Start(at)).unwrap(), at);
        let mut rest = Vec::new();
        reader.read_to_end(&mut rest).unwrap();
        assert!(rest == all[usize::try_from(at).unwrap()..], "from {at}");
    }
    assert_eq!(reader.seek(SeekFrom::End(-4)).unwrap(), 200_040);
    let names = files(&phone);
    assert_eq!(names, rows(&phone));
    let file = phone
        .folder
        .path()
        .join("record.db.blobs")
        .join(names.first().unwrap());
    let sealed = std::fs::read(file).unwrap();
    assert!(
        !sealed
            .windows(4)
            .any(|four| four == b"RIFF" || four == b"WAVE")
    );
    let states = phone.records.attachments::<Entry>(id).unwrap();
    assert_eq!((states.len(), states[0].is_here), (1, true));
    assert_eq!(states[0].delivery, DeliveryState::OnlyYours);
}

#[test]
fn what_is_refused_is_refused_before_it_is_read_and_changes_nothing() {
    struct NeverRead;
    impl std::io::Read for NeverRead {
        fn read(&mut self, _: &mut [u8]) -> std::io::Result<usize> {
            panic!("it was read")
        }
    }
    let phone = Installation::of(Side::Patient);
    let id = entry(&phone).id;
    let size = 3 * 1024 * 1024 * 1024;
    let huge = NewAttachment {
        size,
        ..NewAttachment::default()
    };
    let refused = phone.records.attach::<Entry>(id, huge, &mut NeverRead);
    let too_large = MediaError::TooLarge { most: 60 };
    assert!(matches!(refused, Err(CoreError::Media(why)) if why == too_large));
    let talkative = NewAttachment {
        size: 100,
        caption: "x".repeat(1_001),
        ..NewAttachment::default()
    };
    let refused = phone.records.attach::<Entry>(id, talkative, &mut NeverRead);
    assert!(matches!(refused, Err(CoreError::Invalid(_))));
    for _ in 0..crate::domain::limits::ATTACHMENTS {
        attached(&phone, id, &samples::wav(10)).unwrap();
    }
    let one_more = NewAttachment {
        size: 100,
        ..NewAttachment::default()
    };
    let refused = phone.records.attach::<Entry>(id, one_more, &mut NeverRead);
    assert_eq!(
        refused.unwrap_err().to_string(),
        "there are more than 12 attachments"
    );
    assert_eq!(files(&phone).len(), 12);
    let not_allowed = attached(&phone, entry(&phone).id, b"MZ a program, no recording");
    assert!(matches!(
        not_allowed,
        Err(CoreError::Media(MediaError::NotAllowed))
    ));
    assert_eq!(files(&phone).len(), 12, "nothing is left of it");
}

#[test]
fn what_is_shared_has_another_key_and_another_name_and_comes_back_to_its_own() {
    let phone = Installation::of(Side::Patient);
    let id = entry(&phone).id;
    let own = attached(&phone, id, &samples::wav(5_000)).unwrap();
    let item = only_item(&own);
    let bytes = heard(&phone, id, item).unwrap();
    all_sent(&phone);
    let shared = phone
        .records
        .share::<Entry>(id, Visibility::CareTeam)
        .unwrap();
    let one = |view: &View<Entry>| view.content.attachments.get(item).unwrap().clone();
    assert_ne!(one(&shared).key, one(&own).key);
    assert_ne!(one(&shared).blob, one(&own).blob);
    assert_eq!(heard(&phone, shared.id, item).unwrap(), bytes);
    all_sent(&phone);
    let back = phone.records.withdraw::<Entry>(shared.id).unwrap();
    assert_eq!((back.id, one(&back)), (id, one(&own)));
    assert_eq!(heard(&phone, id, item).unwrap(), bytes);
    // What the clinic could read names nothing of what is private.
    let closed = phone.fields(shared.id)["attachments"].to_string();
    assert!(!closed.contains(&one(&own).blob.unwrap().to_string()));
}

#[test]
fn what_was_taken_off_goes_into_no_copy_with_its_own_key() {
    let phone = Installation::of(Side::Patient);
    let id = entry(&phone).id;
    let own = attached(&phone, id, &samples::wav(500)).unwrap();
    let item = only_item(&own);
    let blob = own.content.attachments.get(item).unwrap().blob.unwrap();
    let off = phone.records.detach::<Entry>(id, item).unwrap();
    assert!(off.content.attachments.is_empty());
    let again = phone.records.detach::<Entry>(id, item);
    assert!(matches!(
        again,
        Err(CoreError::NotFound(crate::Missing::Attachment))
    ));
    all_sent(&phone);
    let shared = phone
        .records
        .share::<Entry>(id, Visibility::CareTeam)
        .unwrap();
    let fields = phone.fields(shared.id)["attachments"].to_string();
    assert!(!fields.contains(&blob.to_string()), "{fields}");
    assert!(shared.content.attachments.is_empty(), "it stays taken off");
}

#[test]
fn what_never_left_goes_without_a_trace() {
    let phone = Installation::of(Side::Patient);
    let id = entry(&phone).id;
    attached(&phone, id, &samples::wav(500)).unwrap();
    phone.records.delete(Declared::by::<Entry>(), id).unwrap();
    assert_eq!((files(&phone), rows(&phone)), Default::default());
}

#[test]
fn a_shared_entry_whose_bytes_are_not_here_stands_without_them_until_they_are() {
    let phone = Installation::of(Side::Patient);
    let id = entry(&phone).id;
    let own = attached(&phone, id, &samples::wav(500)).unwrap();
    let item = only_item(&own);
    let blob = own.content.attachments.get(item).unwrap().blob.unwrap();
    let row = phone.replica.store.read(|r| r.blob(blob)).unwrap().unwrap();
    let bytes = heard(&phone, id, item).unwrap();
    let file = phone.folder.path().join(format!("record.db.blobs/{blob}"));
    let sealed = std::fs::read(&file).unwrap();
    all_sent(&phone);
    // As on a phone to which the words came, and the recording has not yet.
    phone.replica.store.write(|w| w.remove_blob(blob)).unwrap();
    std::fs::remove_file(&file).unwrap();
    let not_here = heard(&phone, id, item).unwrap_err();
    assert_eq!(
        not_here.to_string(),
        "this is not here yet: only its words have arrived"
    );
    let shared = phone
        .records
        .share::<Entry>(id, Visibility::CareTeam)
        .unwrap();
    assert_eq!(shared.content.attachments.get(item).unwrap().blob, None);
    assert_eq!(phone.records.fill_in_attachments().unwrap(), 0);
    // And now it has.
    std::fs::write(&file, sealed).unwrap();
    phone.replica.store.write(|w| w.put_blob(&row)).unwrap();
    assert_eq!(phone.records.fill_in_attachments().unwrap(), 1);
    assert_eq!(phone.records.fill_in_attachments().unwrap(), 0);
    let filled = phone.records.get::<Entry>(shared.id).unwrap();
    assert_eq!(filled.edited_at, None, "nobody edited it");
    assert_eq!(heard(&phone, shared.id, item).unwrap(), bytes);
    let check = phone.replica.check_record().unwrap();
    assert_eq!((check.differing, check.quarantined), (vec![], vec![]));
}

#[test]
fn a_file_that_was_altered_or_lost_is_no_recording() {
    let phone = Installation::of(Side::Patient);
    let id = entry(&phone).id;
    let item = only_item(&attached(&phone, id, &samples::wav(500)).unwrap());
    let name = files(&phone).into_iter().next().unwrap();
    let file = phone.folder.path().join("record.db.blobs").join(name);
    let mut bytes = std::fs::read(&file).unwrap();
    *bytes.last_mut().unwrap() ^= 1;
    std::fs::write(&file, &bytes).unwrap();
    let mut reader = phone.records.open_attachment::<Entry>(id, item).unwrap();
    assert!(reader.read_to_end(&mut Vec::new()).is_err());
    // Its words are shared all the same.
    let copy = phone
        .records
        .share::<Entry>(id, Visibility::CareTeam)
        .unwrap();
    assert_eq!(copy.content.attachments.get(item).unwrap().blob, None);
    assert_eq!(phone.records.fill_in_attachments().unwrap(), 0);
    let id = phone.records.withdraw::<Entry>(copy.id).unwrap().id;
    assert!(!file.exists());
    let other = entry(&phone).id;
    let lost = only_item(&attached(&phone, other, &samples::wav(500)).unwrap());
    let name = files(&phone).into_iter().next().unwrap();
    let file = phone.folder.path().join("record.db.blobs").join(name);
    let sealed = std::fs::read(&file).unwrap();
    std::fs::remove_file(&file).unwrap();
    let phone = reopened(phone);
    let damaged = heard(&phone, id, item).unwrap_err();
    assert!(matches!(damaged, CoreError::Media(MediaError::Lost)));
    let gone = heard(&phone, other, lost).unwrap_err();
    assert!(matches!(gone, CoreError::Media(MediaError::Lost)));
    let rows = phone.replica.store.read(|r| r.blobs()).unwrap();
    let is_lost = |row: &BlobRow| row.standing == BlobStanding::Lost;
    assert!(rows.iter().all(is_lost) && rows.len() == 2, "{rows:?}");
    assert_eq!(
        phone.records.get::<Entry>(id).unwrap().content.body,
        "Calmer than I thought."
    );
    // A file that somebody puts back is here again.
    std::fs::write(&file, sealed).unwrap();
    let phone = reopened(phone);
    assert_eq!(heard(&phone, other, lost).unwrap().len(), 1_044);
    assert!(file.exists());
}

/// Attaches twice, takes one off, shares and takes back: what a device does with blobs by itself.
fn story(phone: &Installation, id: DocumentId) -> Result<()> {
    let first = attached(phone, id, &samples::wav(40_000))?;
    attached(phone, id, &samples::jpeg(64, 48))?;
    phone.records.detach::<Entry>(id, only_item(&first))?;
    let shared = phone.records.share::<Entry>(id, Visibility::CareTeam)?;
    phone.records.withdraw::<Entry>(shared.id)?;
    Ok(())
}

/// What is said to be here is here, and nothing else lies there.
fn adds_up(phone: &Installation, when: &str) {
    assert_eq!(files(phone), rows(phone), "{when}");
    let entries = phone.records.all::<Entry>().unwrap();
    for view in entries {
        assert_eq!(view.content.body, "Calmer than I thought.", "{when}");
        for (item, _) in view.content.attachments.iter() {
            heard(phone, view.id, item).unwrap();
        }
    }
}

#[test]
fn a_process_may_end_at_any_step_and_a_disk_may_be_full_at_any() {
    let phone = Installation::of(Side::Patient);
    let id = entry(&phone).id;
    phone.replica.store.blob_files().fate.decide(0, 0);
    story(&phone, id).unwrap();
    let steps = phone.replica.store.blob_files().fate.steps();
    assert!(steps > 20, "{steps}");
    for at in 1..=steps {
        for (killed_at, full_at) in [(at, 0), (0, at)] {
            let when = format!("killed at {killed_at}, full at {full_at}, of {steps}");
            let phone = Installation::of(Side::Patient);
            let id = entry(&phone).id;
            phone
                .replica
                .store
                .blob_files()
                .fate
                .decide(killed_at, full_at);
            let told = story(&phone, id);
            if let Err(why) = &told
                && full_at > 0
            {
                let is_full = matches!(why, CoreError::Store(crate::store::StoreError::Full));
                assert!(is_full, "{when}: {why}");
            }
            phone.replica.store.blob_files().fate.decide(0, 0);
            let phone = reopened(phone);
            adds_up(&phone, &when);
            // And it goes on from there.
            attached(&phone, id, &samples::wav(50))
                .or_else(|why| match why {
                    CoreError::NotNow(_) => Ok(entry(&phone)),
                    other => Err(other),
                })
                .unwrap();
            adds_up(&phone, &when);
        }
    }
}

#[test]
fn nobody_tidies_up_what_another_process_is_just_writing() {
    let phone = Installation::of(Side::Patient);
    let id = entry(&phone).id;
    let store = &phone.replica.store;
    let turn = store.blob_files().turn().unwrap();
    let being_written = store
        .blob_files()
        .begin(&turn, &crate::ports::OsRng)
        .unwrap();
    let other = crate::store::Store::open(&phone.path(), &KEY).unwrap();
    other.reconcile_blobs().unwrap();
    assert_eq!(files(&phone).len(), 1);
    drop((being_written, turn));
    attached(&phone, id, &samples::wav(50)).unwrap();
    std::fs::write(phone.folder.path().join("record.db.blobs/stray.new"), b"x").unwrap();
    other.reconcile_blobs().unwrap();
    assert_eq!(files(&phone), rows(&phone));
    let rows = store.read(|r| r.blobs()).unwrap();
    assert!(rows.iter().all(|row| row.standing == BlobStanding::ToSend));
}

#[test]
fn a_file_that_was_damaged_is_not_here_any_more_and_is_named_by_the_check() {
    let here = Installation::of(Side::Patient);
    let file = samples::wav(200_000);
    for (is_checked, is_sent, damage) in [
        (false, false, "overwritten"),
        (false, true, "overwritten"),
        (true, false, "overwritten"),
        (true, true, "cut"),
        (true, true, "gone"),
        (true, false, "gone"),
    ] {
        let entry = entry(&here).id;
        let item = only_item(&attached(&here, entry, &file).unwrap());
        let name = files(&here).into_iter().next().unwrap();
        let path = here.folder.path().join("record.db.blobs").join(&name);
        let store = &here.replica.store;
        let blob = only_blob(&here, entry);
        if is_sent {
            let row = store.read(|r| r.blob(blob)).unwrap().unwrap();
            let standing = BlobStanding::Sent;
            store
                .write(|w| w.put_blob(&BlobRow { standing, ..row }))
                .unwrap();
        }
        let mut bytes = std::fs::read(&path).unwrap();
        let middle = bytes.len() / 2;
        match damage {
            "gone" => std::fs::remove_file(&path).unwrap(),
            "cut" => std::fs::write(&path, &bytes[..middle]).unwrap(),
            _ => {
                bytes[middle..middle + 4].copy_from_slice(&[0x5a; 4]);
                std::fs::write(&path, bytes).unwrap();
            }
        }
        if is_checked {
            let found = here.replica.check_record().unwrap();
            assert_eq!(found.damaged_files, 1, "{damage}");
        } else {
            let mut reader = here.records.open_attachment::<Entry>(entry, item).unwrap();
            let why = reader.read_to_end(&mut Vec::new()).unwrap_err();
            let why = why
                .get_ref()
                .and_then(|why| why.downcast_ref::<MediaError>());
            let expected = match is_sent {
                true => MediaError::NotGenuine,
                false => MediaError::Lost,
            };
            assert_eq!(why, Some(&expected));
        }
        // The document wants it again, and the next exchange asks for it. What nobody else has is said to be lost.
        assert!(files(&here).is_empty());
        let again = here.records.open_attachment::<Entry>(entry, item);
        let again = again.err().unwrap();
        let expected = match is_sent {
            true => MediaError::NotHere,
            false => MediaError::Lost,
        };
        assert!(
            matches!(&again, CoreError::Media(error) if *error == expected),
            "{again}"
        );
        let shown = here.records.attachments::<Entry>(entry).unwrap();
        assert_eq!((shown[0].is_here, shown[0].is_lost), (false, !is_sent));
        let space = here.row(entry).space;
        let wanted = here.replica.store.read(|r| r.blobs_to_fetch(space));
        assert!(wanted.unwrap().iter().any(|one| one.document == entry));
        assert_eq!(here.replica.check_record().unwrap().damaged_files, 0);
    }
}
