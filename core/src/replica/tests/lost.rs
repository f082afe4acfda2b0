//! A record whose file is missing or empty while its recordings are there: nothing is made in its place, and nothing
//! of it is tidied away.

use std::collections::BTreeMap;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use super::*;
use crate::clinic::Clinic;
use crate::media::samples;
use crate::records::NewAttachment;
use crate::store::StoreError;

/// A recording that was never sent, on a phone that is closed.
struct Recorded {
    folder: tempfile::TempDir,
    entry: DocumentId,
    sound: Vec<u8>,
}

impl Recorded {
    fn new() -> Self {
        let (folder, sound) = (tempfile::tempdir().unwrap(), samples::recording(200_000));
        let phone = Patient::open(&folder.path().join("phone.db"), &KEY, ports(1)).unwrap();
        let walk = Entry {
            body: "A walk.".into(),
            ..Entry::new(phone.now())
        };
        let entry = phone.create(walk).unwrap().id;
        let new = NewAttachment {
            size: sound.len() as u64,
            ..NewAttachment::default()
        };
        phone.attach(entry, new, &mut &sound[..]).unwrap();
        drop(phone);
        Self {
            folder,
            entry,
            sound,
        }
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join("phone.db")
    }

    fn aside(&self) -> PathBuf {
        self.folder.path().join("aside")
    }

    /// That it opens to just that error, and that no file was made, changed or taken away.
    fn is_refused(&self, open: impl Fn(&Path) -> Result<()>) {
        let before = everything(self.folder.path());
        let refused = open(&self.path());
        assert!(
            matches!(refused, Err(CoreError::Store(StoreError::Lost))),
            "{refused:?}"
        );
        assert!(
            everything(self.folder.path()) == before,
            "a file was touched"
        );
    }
}

fn everything(folder: &Path) -> BTreeMap<PathBuf, Option<Vec<u8>>> {
    let mut all = BTreeMap::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            all.extend(everything(&path));
        }
        all.insert(path.clone(), std::fs::read(&path).ok());
    }
    all
}

fn as_patient(path: &Path) -> Result<()> {
    Patient::open(path, &KEY, ports(2)).map(drop)
}

fn as_clinic(path: &Path) -> Result<()> {
    Clinic::open(path, &KEY, ports(2)).map(drop)
}

fn as_new_clinic(path: &Path) -> Result<()> {
    let server = "https://sync.test";
    Clinic::init(path, &KEY, ports(2), "Harbor Street Clinic", server).map(drop)
}

#[test]
fn a_record_that_is_missing_or_empty_beside_its_recordings_is_not_made_anew_and_they_stay() {
    let phone = Recorded::new();
    std::fs::rename(phone.path(), phone.aside()).unwrap();
    for empty in [false, true] {
        if empty {
            std::fs::write(phone.path(), b"").unwrap();
        }
        for open in [as_patient, as_clinic, as_new_clinic] {
            phone.is_refused(open);
        }
    }
    std::fs::rename(phone.aside(), phone.path()).unwrap();
    let back = Patient::open(&phone.path(), &KEY, ports(3)).unwrap();
    let view = back.get::<Entry>(phone.entry).unwrap();
    let (item, _) = view.content.attachments.iter().next().unwrap();
    let mut heard = Vec::new();
    let mut reader = back.open_attachment(phone.entry, item).unwrap();
    reader.read_to_end(&mut heard).unwrap();
    assert!(heard == phone.sound, "the recording is another one");
}

#[test]
fn help_or_a_log_beside_no_record_says_that_it_was_lost() {
    for beside in ["phone.db.help", "phone.db-wal"] {
        let phone = Recorded::new();
        std::fs::remove_file(phone.path()).unwrap();
        std::fs::remove_dir_all(phone.folder.path().join("phone.db.blobs")).unwrap();
        std::fs::write(phone.folder.path().join(beside), b"something").unwrap();
        phone.is_refused(as_patient);
    }
}

#[test]
fn a_store_without_an_identity_takes_no_recordings_for_its_own() {
    let phone = Recorded::new();
    std::fs::rename(phone.path(), phone.aside()).unwrap();
    // As a first start leaves it that was killed, with recordings that were put back beside it.
    let sealed = phone.folder.path().join("phone.db.blobs");
    let elsewhere = phone.folder.path().join("elsewhere");
    std::fs::rename(&sealed, &elsewhere).unwrap();
    drop(Store::open(&phone.path(), &KEY).unwrap());
    std::fs::rename(&elsewhere, &sealed).unwrap();
    phone.is_refused(as_patient);
}

#[test]
fn where_no_record_was_a_first_start_goes_on_and_looking_makes_none() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("phone.db");
    for empty in [false, true] {
        if empty {
            std::fs::write(&path, b"").unwrap();
        }
        let before = everything(folder.path());
        assert!(matches!(
            as_clinic(&path),
            Err(CoreError::NotFound(Missing::Clinic))
        ));
        assert!(
            everything(folder.path()) == before,
            "looking made something"
        );
    }
    as_patient(&path).unwrap();
    as_patient(&path).unwrap();
}
