//! What two devices call the bytes of one recording apart: of the two names one stands, and the other one stays known.

use super::super::two_devices::{hear, two_devices_with};
use super::*;
use crate::domain::{Content as _, MediaKey};
use crate::records::fill_in::edit_of;

/// What the two devices call it, and what opens it.
const NAMES: [u8; 2] = [101, 102];

/// Has a device call the recording of an entry by a name of its own, as an import does.
fn calls_it(here: &Installation, entry: DocumentId, item: ItemId, name: u8) {
    let row = here.row(entry);
    let mut fields = fields_of(&row);
    let named = &mut fields["attachments"][item.to_string()];
    named["key"] = serde_json::to_value(MediaKey::new([name; 32])).unwrap();
    named["blob"] = serde_json::Value::from(BlobId::new([name; 32]).to_string());
    let edit = edit_of(&row, fields).unwrap();
    here.replica.commit(&[edit]).unwrap();
}

#[test]
fn rows_that_are_made_anew_know_both_names_whichever_came_first() {
    let entry = Entry::examples().remove(0);
    let (item, _) = entry.attachments.iter().next().unwrap();
    let (devices, view) = two_devices_with(Side::Patient, entry);
    for (here, name) in devices.iter().zip(NAMES) {
        calls_it(here, view.id, item, name);
    }
    let [one, other] = &devices;
    for (here, from) in [(one, other), (other, one)] {
        // Each has its own first, and then the other's.
        hear::<Entry>(here, from, view.id);
        here.replica.rebuild().unwrap();
        here.replica
            .store
            .read(|r| {
                let named = r.blobs_of(view.id)?;
                for name in NAMES {
                    let blob = Some(BlobId::new([name; 32]));
                    let named = named.iter().find(|named| named.blob == blob).unwrap();
                    let key = r.key_of_blob(named)?.unwrap();
                    assert_eq!(key.as_bytes(), &[name; 32]);
                }
                Ok::<_, CoreError>(())
            })
            .unwrap();
    }
}
