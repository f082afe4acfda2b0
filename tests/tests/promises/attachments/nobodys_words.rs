//! What opens an attachment, and what its sealed bytes are called, is nobody's word. Nobody is asked to choose between two
//! of them, and none is read by people or leaves with what is taken along or handed over.

use companion_core::domain::{Entry, RecordSection, Visibility};
use companion_core::testing::media::recording;
use companion_tests::TakenAlong;

use super::{attached, heard, heard_at};
use crate::clinic_and_ada;
use crate::releases::{both, terms};

/// What looks like a key or the name of a blob: 32 bytes in base64url, or in hex.
fn names_in(text: &str) -> Vec<&str> {
    let is_in_name = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '-' | '_');
    let words = text.split(|letter| !is_in_name(letter));
    let is_name = |word: &&str| matches!(word.len(), 43 | 64);
    words.filter(is_name).collect()
}

#[test]
fn nobody_reads_a_key_where_an_export_met_the_record_that_it_is_of() {
    let (world, clinic, ada) = clinic_and_ada();
    let record = ada.record.unwrap();
    let file = recording(50_000);
    let entry = ada.write("With a recording.");
    let item = attached(&ada, entry.id, &file);
    both(&ada, &clinic);
    let back = ada.withdraw::<Entry>(entry.id).unwrap().id;
    both(&ada, &clinic);
    let folder = TakenAlong::of(&ada);
    let mut new = world.phone("new");
    folder.import_into(&new).unwrap();
    ada.join_by_link(&mut new);
    let exchange = || {
        for phone in [&new, &ada, &new, &ada] {
            phone.sync_cleanly();
            clinic.sync_cleanly();
        }
    };
    let nobody_is_asked = || {
        for phone in [&ada, &new] {
            let name = phone.name();
            assert_eq!(phone.in_two_wordings().unwrap(), [], "{name}");
            for (file, bytes) in TakenAlong::of(phone).0 {
                let text = String::from_utf8_lossy(&bytes);
                // The manifest has the SHA-256 of each file.
                let is_text = file.ends_with(".md") || file == "record.json";
                assert!(
                    !is_text || names_in(&text).is_empty(),
                    "{name}, {file}: {text}"
                );
            }
        }
    };
    exchange();
    nobody_is_asked();
    // What opens it and what it is called are of one copy.
    for phone in [&ada, &new] {
        assert_eq!(heard(phone, back, item).unwrap(), file, "{}", phone.name());
    }
    let shared = new.share::<Entry>(back, Visibility::CareTeam).unwrap().id;
    exchange();
    nobody_is_asked();
    for phone in [&ada, &new] {
        assert_eq!(
            heard(phone, shared, item).unwrap(),
            file,
            "{}",
            phone.name()
        );
    }
    assert_eq!(heard_at(&clinic, &ada, shared, item).unwrap(), file);
    assert_eq!(clinic.in_two_wordings(record).unwrap(), []);
    assert_eq!(clinic.get::<Entry>(record, shared).unwrap().apart, []);
    let journal = terms(ada.now(), [RecordSection::Journal]);
    let release = ada.give_release(journal).unwrap().id;
    both(&ada, &clinic);
    let leaving = clinic.preview_hand_over(record, release).unwrap();
    assert!(leaving.text.contains("With a recording."));
    assert_eq!(names_in(&leaving.text), [""; 0], "{}", leaving.text);
}
