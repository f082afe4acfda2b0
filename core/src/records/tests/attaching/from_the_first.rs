//! An entry on which a recording hangs from the first: there are both, or there is neither.

use super::*;
use crate::store::StoreError;

fn spoken(phone: &Installation, entry: Entry, file: &[u8]) -> Result<View<Entry>> {
    let new = NewAttachment {
        size: file.len() as u64,
        ..NewAttachment::default()
    };
    let records = &phone.records;
    records.create_attached(entry, new, &mut &file[..])
}

fn nothing_is_there(phone: &Installation, when: &str) {
    assert_eq!(phone.records.all::<Entry>().unwrap(), [], "{when}");
    assert_eq!((files(phone), rows(phone)), Default::default(), "{when}");
    let waiting = phone.replica.store.read(|r| r.count_outbox()).unwrap();
    assert_eq!(waiting, 0, "{when}");
}

#[test]
fn an_entry_of_a_recording_alone_is_written_in_one_step() {
    for visibility in [Visibility::OnlyMe, Visibility::CareTeam] {
        let phone = Installation::of(Side::Patient);
        let entry = Entry {
            visibility,
            ..Entry::new(AT)
        };
        let view = spoken(&phone, entry, &samples::wav(500)).unwrap();
        assert_eq!(
            (&*view.content.body, view.shared),
            ("", visibility.is_shared())
        );
        let item = only_item(&view);
        assert_eq!(heard(&phone, view.id, item).unwrap().len(), 1_044);
        assert_eq!(files(&phone), rows(&phone));
        let row = phone.row(view.id);
        let blob = phone
            .replica
            .store
            .read(|r| r.blob(only_blob(&phone, view.id)));
        assert_eq!(blob.unwrap().unwrap().space, row.space);
        let waiting = phone.replica.store.read(|r| r.count_outbox()).unwrap();
        assert_eq!(waiting, 1, "no version of it is without the recording");
    }
}

#[test]
fn where_the_file_or_the_entry_is_refused_neither_stays_behind() {
    let phone = Installation::of(Side::Patient);
    let wav = samples::wav(500);
    let refused = spoken(&phone, Entry::new(AT), b"MZ this is no recording").unwrap_err();
    assert!(matches!(refused, CoreError::Media(MediaError::NotAllowed)));
    nothing_is_there(&phone, "no recording");
    spoken(&phone, Entry::new(AT), b"").unwrap_err();
    nothing_is_there(&phone, "an empty file");
    let new = NewAttachment {
        size: wav.len() as u64,
        ..NewAttachment::default()
    };
    let cut = &mut &wav[..700];
    let cut = phone.records.create_attached(Entry::new(AT), new, cut);
    assert!(matches!(cut, Err(CoreError::Media(_))), "{cut:?}");
    nothing_is_there(&phone, "a file that is cut");
    // Found only once the recording was sealed.
    let entry = Entry {
        title: "x".repeat(201),
        ..Entry::new(AT)
    };
    let refused = spoken(&phone, entry, &wav).unwrap_err();
    assert!(matches!(refused, CoreError::Invalid(_)), "{refused}");
    nothing_is_there(&phone, "a title that is too long");
}

#[test]
fn a_process_that_ends_or_a_disk_that_fills_leaves_both_or_neither() {
    let wav = samples::wav(40_000);
    let phone = Installation::of(Side::Patient);
    phone.replica.store.blob_files().fate.decide(0, 0);
    spoken(&phone, Entry::new(AT), &wav).unwrap();
    let steps = phone.replica.store.blob_files().fate.steps();
    assert!(steps > 3, "{steps}");
    for at in 1..=steps {
        for (killed_at, full_at) in [(at, 0), (0, at)] {
            let when = format!("killed at {killed_at}, full at {full_at}, of {steps}");
            let phone = Installation::of(Side::Patient);
            let fate = &phone.replica.store.blob_files().fate;
            fate.decide(killed_at, full_at);
            let told = spoken(&phone, Entry::new(AT), &wav);
            fate.decide(0, 0);
            if let Err(why) = &told
                && full_at > 0
            {
                let is_full = matches!(why, CoreError::Store(StoreError::Full));
                assert!(is_full, "{when}: {why}");
            }
            let phone = reopened(phone);
            let entries = phone.records.all::<Entry>().unwrap();
            match (entries.first(), told) {
                (None, Err(_)) => nothing_is_there(&phone, &when),
                (Some(view), Ok(_)) => {
                    heard(&phone, view.id, only_item(view)).unwrap();
                }
                (there, told) => panic!("{when}: {there:?} and {told:?}"),
            }
        }
    }
}
