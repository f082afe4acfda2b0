//! A file for a person to take elsewhere: whole or not at all, for its owner alone, and never over another
//! one unasked.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::Read;
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use crate::error::PhoneError;
use crate::folder::RECORD;

/// What to do with a file that is there already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Existing {
    /// Leave it, and say so.
    Keep,
    /// Put this one in its place.
    Replace,
}

/// Writes a file of a text.
pub(crate) fn save(path: &Path, text: &str, existing: Existing) -> Result<(), PhoneError> {
    save_from(path, &mut text.as_bytes(), existing)
}

/// Writes a file of all that is read.
pub(crate) fn save_from(
    path: &Path,
    from: &mut dyn Read,
    existing: Existing,
) -> Result<(), PhoneError> {
    let cannot = |error| PhoneError::NotSaved {
        path: path.to_owned(),
        error,
    };
    may_be_put(path).map_err(cannot)?;
    let draft = draft_of(path);
    match fs::remove_file(&draft) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(cannot(error)),
        _ => {}
    }
    let written = write(&draft, from).and_then(|()| match existing {
        // A link and not a renaming, which would put this file over one that came meanwhile.
        Existing::Keep => fs::hard_link(&draft, path),
        Existing::Replace => fs::rename(&draft, path),
    });
    if existing == Existing::Keep || written.is_err() {
        // What is left of a draft is nobody's; the outcome is said all the same.
        let _ = fs::remove_file(&draft);
    }
    match written {
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {
            Err(PhoneError::Exists {
                path: path.to_owned(),
            })
        }
        written => written.map_err(cannot),
    }
}

/// Nothing is put among a phone's own files, nor in the place of what is no file.
fn may_be_put(path: &Path) -> std::io::Result<()> {
    let refused = |why| Err(std::io::Error::new(std::io::ErrorKind::InvalidInput, why));
    if fs::symlink_metadata(path).is_ok_and(|there| !there.is_file()) {
        return refused("what is there is no file");
    }
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    let folder = fs::canonicalize(folder.unwrap_or(Path::new(".")))?;
    if folder
        .ancestors()
        .any(|folder| folder.join(RECORD).is_file())
    {
        return refused("a phone keeps its own record in this folder");
    }
    Ok(())
}

fn write(draft: &Path, from: &mut dyn Read) -> std::io::Result<()> {
    let mut file: File = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(draft)?;
    std::io::copy(from, &mut file)?;
    file.sync_all()
}

/// A file of a folder: its name, and what to read it from.
pub(crate) type Named<'a> = (String, Box<dyn Read + 'a>);

/// A text as a file of a folder.
pub(crate) fn text<'a>(name: &str, text: &'a str) -> Named<'a> {
    (name.to_owned(), Box::new(text.as_bytes()))
}

/// Writes a folder of files, each by its name: whole or not at all, for its owner alone, and never where something
/// is already.
pub(crate) fn save_folder(path: &Path, mut files: Vec<Named<'_>>) -> Result<(), PhoneError> {
    let cannot = |error| PhoneError::NotSaved {
        path: path.to_owned(),
        error,
    };
    if fs::symlink_metadata(path).is_ok() {
        return Err(PhoneError::FolderExists {
            path: path.to_owned(),
        });
    }
    let draft = draft_of(path);
    clear(&draft, &files).map_err(cannot)?;
    let written = write_folder(&draft, &mut files).and_then(|()| fs::rename(&draft, path));
    if written.is_err() {
        // What is left of a draft is nobody's; the outcome is said all the same.
        let _ = clear(&draft, &files);
    }
    written.map_err(cannot)
}

fn write_folder(draft: &Path, files: &mut [Named<'_>]) -> std::io::Result<()> {
    DirBuilder::new().mode(0o700).create(draft)?;
    for (name, from) in files {
        write(&draft.join(name), from)?;
    }
    File::open(draft)?.sync_all()
}

/// Takes away a draft that was left, by the names of its files: a folder with anything else in it is somebody's.
fn clear(draft: &Path, files: &[Named<'_>]) -> std::io::Result<()> {
    if fs::symlink_metadata(draft).is_err() {
        return Ok(());
    }
    for (name, _) in files {
        match fs::remove_file(draft.join(name)) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
    }
    fs::remove_dir(draft)
}

/// A name beside the file that is to be.
fn draft_of(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".part");
    PathBuf::from(name)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    #[test]
    fn a_file_is_written_whole_for_its_owner_and_over_another_only_when_asked() {
        let place = tempfile::tempdir().unwrap();
        let path = place.path().join("summary.md");
        save(&path, "one", Existing::Keep).unwrap();
        let mode = fs::metadata(&path).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        let refused = save(&path, "two", Existing::Keep).unwrap_err();
        assert!(refused.to_string().contains("--force"), "{refused}");
        assert_eq!(fs::read_to_string(&path).unwrap(), "one");
        fs::write(draft_of(&path), "left by a crash").unwrap();
        save(&path, "two", Existing::Replace).unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "two");
        assert_eq!(fs::read_dir(place.path()).unwrap().count(), 1);
    }

    #[test]
    fn nothing_is_put_among_a_phones_own_files_nor_in_the_place_of_what_is_no_file() {
        let place = tempfile::tempdir().unwrap();
        let record = place.path().join(RECORD);
        fs::write(&record, "a record").unwrap();
        let inside = place.path().join("phone.db.blobs");
        fs::create_dir(&inside).unwrap();
        for path in [
            &record,
            &place.path().join("new.m4a"),
            &inside.join("new.m4a"),
        ] {
            let refused = save(path, "words", Existing::Replace).unwrap_err();
            assert!(
                refused.to_string().contains("a phone keeps its own record"),
                "{refused}"
            );
        }
        assert_eq!(fs::read_to_string(&record).unwrap(), "a record");
        let other = tempfile::tempdir().unwrap();
        let link = other.path().join("link");
        std::os::unix::fs::symlink(&record, &link).unwrap();
        for path in [&link, &std::path::PathBuf::from("/dev/null")] {
            let refused = save(path, "words", Existing::Replace).unwrap_err();
            assert!(refused.to_string().contains("is no file"), "{refused}");
        }
    }

    #[test]
    fn a_folder_is_written_whole_for_its_owner_and_over_nothing() {
        let place = tempfile::tempdir().unwrap();
        let path = place.path().join("record");
        let files = || vec![text("README.md", "one"), text("record.json", "{}")];
        // Left by a crash.
        fs::create_dir(draft_of(&path)).unwrap();
        fs::write(draft_of(&path).join("README.md"), "ha").unwrap();
        save_folder(&path, files()).unwrap();
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!((mode(&path), mode(&path.join("README.md"))), (0o700, 0o600));
        assert_eq!(fs::read_to_string(path.join("README.md")).unwrap(), "one");
        assert_eq!(fs::read_dir(place.path()).unwrap().count(), 1);
        let refused = save_folder(&path, vec![text("README.md", "two")]).unwrap_err();
        assert!(
            refused.to_string().contains("is there already"),
            "{refused}"
        );
        assert_eq!(fs::read_to_string(path.join("README.md")).unwrap(), "one");
    }

    #[test]
    fn a_folder_of_somebodys_is_never_taken_for_a_draft() {
        let place = tempfile::tempdir().unwrap();
        let path = place.path().join("record");
        fs::create_dir(draft_of(&path)).unwrap();
        fs::write(draft_of(&path).join("thesis.md"), "years").unwrap();
        let refused = save_folder(&path, vec![text("README.md", "one")]).unwrap_err();
        assert!(refused.to_string().contains("record"), "{refused}");
        let kept = fs::read_to_string(draft_of(&path).join("thesis.md")).unwrap();
        assert_eq!(kept, "years");
        assert!(!path.exists());
    }

    #[test]
    fn what_is_no_place_for_a_file_is_named() {
        let place = tempfile::tempdir().unwrap();
        for (path, existing) in [
            (place.path().join("nowhere/summary.md"), Existing::Keep),
            (place.path().to_owned(), Existing::Replace),
        ] {
            let refused = save(&path, "one", existing).unwrap_err().to_string();
            assert!(refused.contains(&path.display().to_string()), "{refused}");
        }
    }
}
