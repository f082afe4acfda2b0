//! A file for a person to take elsewhere: whole or not at all, for its owner alone, and never over another
//! one unasked.

use std::ffi::OsString;
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};

use companion_core::folder::{self, NamedFile, write_new};

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

/// Where a file is written until it is whole: beside it, under a name that is nobody else's, since what a crash left
/// there is removed.
fn own_draft_of(path: &Path) -> PathBuf {
    let mut name = OsString::from(".");
    name.push(path.file_name().unwrap_or_default());
    name.push(".companion-unfinished");
    path.with_file_name(name)
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
    let draft = own_draft_of(path);
    match fs::remove_file(&draft) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(cannot(error)),
        _ => {}
    }
    let written = write_new(&draft, from).and_then(|()| match existing {
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

/// Writes a folder of files, each by its name: whole or not at all, for its owner alone, and never where something
/// is already.
pub(crate) fn save_folder(path: &Path, files: Vec<NamedFile<'_>>) -> Result<(), PhoneError> {
    folder::save_folder(path, files, &mut |_| {}).map_err(|error| match error.kind() {
        std::io::ErrorKind::AlreadyExists => PhoneError::FolderExists {
            path: path.to_owned(),
        },
        _ => PhoneError::NotSaved {
            path: path.to_owned(),
            error,
        },
    })
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
        fs::write(own_draft_of(&path), "left by a crash").unwrap();
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
    fn a_folder_that_is_there_is_named_and_left() {
        let place = tempfile::tempdir().unwrap();
        let path = place.path().join("record");
        let one = || vec![folder::text_file("README.md", "one")];
        save_folder(&path, one()).unwrap();
        let refused = save_folder(&path, one()).unwrap_err();
        assert!(
            refused.to_string().contains("is there already"),
            "{refused}"
        );
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
