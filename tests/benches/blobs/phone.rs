//! A phone that hangs a recording on an entry: what it is gets recognized, its waveform made, its bytes sealed, written
//! and named in the record, and all of it is on the disk when that returns.

use std::io::{Read as _, copy, sink};

use companion_core::StoreKey;
use companion_core::domain::{DocumentId, Entry, ItemId};
use companion_core::patient::Patient;
use companion_core::ports::testing::offline;
use companion_core::records::NewAttachment;

pub(crate) struct Phone {
    patient: Patient,
    _folder: tempfile::TempDir,
}

impl Phone {
    pub(crate) fn new() -> Self {
        let shared_memory = std::path::Path::new("/dev/shm");
        let folder = match shared_memory.is_dir() {
            true => tempfile::tempdir_in(shared_memory),
            false => tempfile::tempdir(),
        };
        let folder = folder.unwrap();
        let path = folder.path().join("phone.db");
        let patient = Patient::open(&path, &StoreKey::new([7; 32]), offline()).unwrap();
        Self {
            patient,
            _folder: folder,
        }
    }

    /// Writes an entry and hangs the recording on it.
    pub(crate) fn attach(&self, recording: &[u8]) -> (DocumentId, ItemId) {
        let entry = self.patient.create(Entry::new(self.patient.now())).unwrap();
        let new = NewAttachment {
            size: recording.len() as u64,
            ..NewAttachment::default()
        };
        let entry = self.patient.attach(entry.id, new, &mut &recording[..]);
        let entry = entry.unwrap();
        let (item, _) = entry.content.attachments.iter().next().unwrap();
        (entry.id, item)
    }

    /// Reads all of it, as a player does.
    pub(crate) fn play(&self, (entry, item): (DocumentId, ItemId)) {
        let mut reader = self.patient.open_attachment(entry, item).unwrap();
        let length = reader.length();
        let mut piece = vec![0; 64 * 1024];
        let mut read = 0_u64;
        loop {
            match reader.read(&mut piece).unwrap() {
                0 => break,
                some => read += some as u64,
            }
        }
        assert_eq!(read, length);
        copy(&mut reader, &mut sink()).unwrap();
    }

    pub(crate) fn take_off(&self, (entry, item): (DocumentId, ItemId)) {
        self.patient.detach(entry, item).unwrap();
    }
}
