//! A file for a person to take elsewhere: whole or not at all, for its owner alone, and never over another
//! one unasked.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::Read;
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use crate::error::PhoneError;

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
