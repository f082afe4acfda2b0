//! The folder of an export, as it is read: each file of its own, and no link is followed, which could lead to anything
//! that this user may read.

use std::fs::{self, File};
use std::io::{ErrorKind, Read};
use std::os::unix::fs::MetadataExt as _;
use std::path::Path;

use companion_core::FileProblem;

/// Opens a file of the folder.
pub(crate) fn open(folder: &Path, name: &str) -> Result<Box<dyn Read>, FileProblem> {
    let path = folder.join(name);
    let why = |error: std::io::Error| match error.kind() {
        ErrorKind::NotFound | ErrorKind::NotADirectory => FileProblem::Missing,
        _ => FileProblem::Unreadable(error.to_string()),
    };
    // Looked at before it is opened: a pipe would never answer.
    let stands = fs::symlink_metadata(&path).map_err(why)?;
    if !stands.is_file() {
        return Err(FileProblem::NoFile);
    }
    let file = File::open(&path).map_err(why)?;
    let opened = file.metadata().map_err(why)?;
    // And after it was opened: somebody could have put a link there meanwhile.
    match (opened.dev(), opened.ino()) == (stands.dev(), stands.ino()) {
        true => Ok(Box::new(file)),
        false => Err(FileProblem::NoFile),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn a_file_is_opened_and_a_link_a_folder_and_nothing_are_told_apart() {
        let place = tempfile::tempdir().unwrap();
        let folder = place.path().join("record");
        fs::create_dir(&folder).unwrap();
        fs::write(place.path().join("secret"), "years").unwrap();
        fs::write(folder.join("journal.md"), "calm").unwrap();
        std::os::unix::fs::symlink("../secret", folder.join("record.json")).unwrap();
        fs::create_dir(folder.join("media")).unwrap();
        let problem = |name: &str| open(&folder, name).err();
        assert_eq!(problem("journal.md"), None);
        assert_eq!(problem("record.json"), Some(FileProblem::NoFile));
        assert_eq!(problem("media"), Some(FileProblem::NoFile));
        assert_eq!(problem("nothing"), Some(FileProblem::Missing));
        let nowhere = open(&place.path().join("nowhere"), "journal.md");
        assert_eq!(nowhere.err(), Some(FileProblem::Missing));
    }
}
