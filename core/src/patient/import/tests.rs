//! What is no whole, unchanged export of this record is refused in plain words, and nothing of it is imported; and what
//! is one arrives whole, wherever a process ends or a disk fills on the way.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

mod arrives;
mod refused;

use std::collections::BTreeMap;
use std::io::Read;

use serde_json::Value;

use super::super::Patient;
use crate::domain::{DocumentId, Entry, Rating};
use crate::error::Result;
use crate::export::{ListedFile, Manifest};
use crate::import::{FileProblem, ImportReport};
use crate::media::samples;
use crate::ports::testing::offline;
use crate::records::NewAttachment;
use crate::store::StoreKey;

const KEY: StoreKey = StoreKey::new([7; 32]);

/// A phone, and its place.
struct App {
    place: tempfile::TempDir,
    phone: Patient,
}

impl App {
    fn new() -> Self {
        let place = tempfile::tempdir().unwrap();
        let phone = opened(&place);
        Self { place, phone }
    }

    fn reopened(self) -> Self {
        let Self { place, phone } = self;
        drop(phone);
        let phone = opened(&place);
        Self { place, phone }
    }

    /// What would differ if anything had been imported.
    fn state(&self) -> (crate::records::Sequence, u64, usize) {
        let blobs = self.place.path().join("phone.db.blobs");
        let files = std::fs::read_dir(blobs).into_iter().flatten().flatten();
        let files = files.filter(|file| file.file_name() != "lock").count();
        let waiting = self.phone.status().unwrap().waiting;
        (self.phone.sequence().unwrap(), waiting, files)
    }
}

fn opened(place: &tempfile::TempDir) -> Patient {
    Patient::open(&place.path().join("phone.db"), &KEY, offline()).unwrap()
}

/// The files of an export, to spoil.
#[derive(Clone)]
struct Folder(BTreeMap<String, Vec<u8>>);

impl Folder {
    fn of(phone: &Patient) -> Self {
        let export = phone.export().unwrap();
        let mut files = BTreeMap::new();
        for file in export.files.iter().chain([&export.manifest]) {
            files.insert(file.name.to_owned(), file.text.clone().into_bytes());
        }
        for media in &export.media {
            let mut bytes = Vec::new();
            let reader = phone.open_attachment(media.entry, media.item);
            reader.unwrap().read_to_end(&mut bytes).unwrap();
            files.insert(media.name.clone(), bytes);
        }
        Self(files)
    }

    fn open(&self, name: &str) -> std::result::Result<Box<dyn Read + '_>, FileProblem> {
        let file = self.0.get(name).ok_or(FileProblem::Missing)?;
        Ok(Box::new(&**file))
    }

    fn import(&self, phone: &Patient) -> Result<ImportReport> {
        let open = |name: &str| self.open(name);
        phone.import(&phone.read_export(&open)?, &open)
    }

    fn manifest(&self) -> Value {
        serde_json::from_slice(&self.0["manifest.json"]).unwrap()
    }

    fn record(&self) -> Value {
        serde_json::from_slice(&self.0["record.json"]).unwrap()
    }

    /// With another list of files.
    fn listed(mut self, change: impl FnOnce(&mut Value)) -> Self {
        let mut manifest = self.manifest();
        change(&mut manifest);
        self.0
            .insert("manifest.json".into(), manifest.to_string().into_bytes());
        self
    }

    /// With another file, and a list that says so: as somebody who means it would make it.
    fn with(mut self, name: &str, bytes: impl Into<Vec<u8>>) -> Self {
        self.0.insert(name.into(), bytes.into());
        let record = serde_json::from_value(self.manifest()["record"].clone()).unwrap();
        let files = self.0.iter().filter(|(name, _)| *name != "manifest.json");
        let files = files.map(|(name, bytes)| ListedFile {
            name: name.clone(),
            bytes: bytes.len() as u64,
            sha256: data_encoding::HEXLOWER.encode(&<sha2::Sha256 as sha2::Digest>::digest(bytes)),
        });
        let manifest = Manifest::new(record, files.collect()).file();
        self.0
            .insert("manifest.json".into(), manifest.text.into_bytes());
        self
    }

    /// With another record, and a list that says so.
    fn recorded(self, change: impl FnOnce(&mut Value)) -> Self {
        let mut record = self.record();
        change(&mut record);
        self.with("record.json", record.to_string())
    }

    /// With another document of a kind.
    fn written(self, kind: &str, change: impl FnOnce(&mut Value)) -> Self {
        self.recorded(|record| {
            let documents = record["documents"].as_array_mut().unwrap().iter_mut();
            change(
                documents
                    .into_iter()
                    .find(|one| one["kind"] == kind)
                    .unwrap(),
            );
        })
    }

    fn media(&self, ending: &str) -> String {
        let name = self.0.keys().find(|name| name.ends_with(ending));
        name.unwrap().clone()
    }
}

fn attach(phone: &Patient, entry: DocumentId, file: &[u8]) {
    let new = NewAttachment {
        size: file.len() as u64,
        ..NewAttachment::default()
    };
    phone.attach(entry, new, &mut &file[..]).unwrap();
}

/// A record with a recording and two pictures, and its export.
fn exported() -> Folder {
    let app = App::new();
    let lake = Entry {
        title: "The lake".into(),
        body: "It was calm.".into(),
        mood: Some(Rating::MIDDLE),
        ..Entry::new(app.phone.now())
    };
    let entry = app.phone.create(lake).unwrap();
    attach(&app.phone, entry.id, &samples::wav(8_000));
    attach(&app.phone, entry.id, &samples::jpeg(40, 30));
    attach(&app.phone, entry.id, &samples::png(20, 10));
    let gone = app
        .phone
        .get::<Entry>(entry.id)
        .unwrap()
        .content
        .attachments;
    let gone = gone.iter().last().unwrap().0;
    attach(&app.phone, entry.id, &samples::png(21, 10));
    app.phone.detach(entry.id, gone).unwrap();
    Folder::of(&app.phone)
}
