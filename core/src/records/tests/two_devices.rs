//! Two devices of one side that know the same and write apart, and what each hears of the other.

use serde_json::Value;

use super::*;
use crate::domain::{Content, DocumentId, Merge};
use crate::ports::Ports;
use crate::ports::testing::SeededRng;
use crate::space::payload::Payload;

/// Two devices of one side that both know a document, and do not hear from each other any more.
pub(super) fn two_devices_with<T: Content>(side: Side, content: T) -> ([Installation; 2], View<T>) {
    let first = Installation::of(side);
    let view = first.records.create(content).unwrap();
    // As if the server had it: or it would be forgotten, and not withdrawn.
    for row in first.replica.rows() {
        let sent = |row: &mut crate::store::SpaceRow| row.sent_through = i64::MAX;
        first.replica.update_row(row.space, sent).unwrap();
    }
    let Installation {
        folder,
        replica,
        records,
    } = first;
    let scope = records.scope;
    drop((records, replica));
    let copy = tempfile::tempdir().unwrap();
    for file in std::fs::read_dir(folder.path()).unwrap() {
        let file = file.unwrap();
        std::fs::copy(file.path(), copy.path().join(file.file_name())).unwrap();
    }
    let opened = [(folder, 11), (copy, 12)].map(|(folder, seed)| {
        let path = folder.path().join("record.db");
        let ports = Ports {
            rng: Arc::new(SeededRng::new(seed)),
            ..offline()
        };
        let replica = Arc::new(Replica::open(&path, &KEY, ports, side).unwrap());
        Installation {
            folder,
            records: Records::new(&replica, scope),
            replica,
        }
    });
    (opened, view)
}

/// The changes of a document that one device has yet to send.
pub(super) fn changes_of(here: &Installation, id: DocumentId) -> Vec<Vec<u8>> {
    let waiting = here.replica.store.read(|r| r.outbox_of_document(id));
    let waiting = waiting.unwrap().into_iter();
    waiting
        .map(|row| Payload::decode(&row.payload).unwrap().change)
        .collect()
}

/// Lets one device hear what another wrote into a document.
pub(super) fn hear<T: Content>(here: &Installation, other: &Installation, id: DocumentId) {
    let said = other.replica.store.read(|r| r.outbox_of_document(id));
    let heard = here.replica.store.write(|w| {
        let known = w.outbox_of_document(id)?;
        let is_new = |row: &crate::store::OutboxRow| known.iter().all(|known| known.id != row.id);
        for row in said.unwrap().into_iter().filter(is_new) {
            w.push_outbox(&row)?;
        }
        let state = here.replica.space(here.row(id).space)?;
        row::Rows::new(&here.replica).rematerialize(w, &state, (id, &T::KIND), 0)
    });
    heard.unwrap();
}

/// What somebody makes of content: all of another example, with the entries of what merges by entries kept.
pub(super) fn with_more<T: Content>(content: &T, more: &T) -> T {
    let mut fields = content.to_projection().unwrap();
    for (name, value) in more.to_projection().unwrap() {
        let merge = T::SHAPE.field(&name).map(|field| field.merge);
        match (merge, fields.get_mut(&name), value) {
            (
                Some(Merge::Set | Merge::Map | Merge::Ordered(_)),
                Some(Value::Object(all)),
                Value::Object(entries),
            ) => all.extend(entries),
            (_, _, value) => drop(fields.insert(name, value)),
        }
    }
    T::from_projection(&fields).unwrap()
}
