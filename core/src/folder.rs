//! A folder of files that a person takes elsewhere, and reads back from there: written whole or not at all, for its
//! owner alone, and never over anything; read without following a link, which could lead to anything that this program
//! may read. What an export or an import is decides none of it.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, ErrorKind, Read};
use std::os::unix::fs::{DirBuilderExt as _, MetadataExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use crate::import::FileProblem;

/// A file of a folder: its name, and what to read it from.
pub type NamedFile<'a> = (String, Box<dyn Read + 'a>);

/// A text as a file of a folder.
pub fn text_file<'a>(name: &str, text: &'a str) -> NamedFile<'a> {
    (name.to_owned(), Box::new(text.as_bytes()))
}

/// Writes a folder of files, each by its name. `written` hears how many of them stand, after each.
///
/// # Errors
///
/// [`ErrorKind::AlreadyExists`] where something is there; else what the system says. Nothing is there then.
pub fn save_folder(
    path: &Path,
    mut files: Vec<NamedFile<'_>>,
    written: &mut dyn FnMut(usize),
) -> io::Result<()> {
    if fs::symlink_metadata(path).is_ok() {
        return Err(ErrorKind::AlreadyExists.into());
    }
    let draft = draft_of(path);
    clear(&draft, &files)?;
    let done = write_folder(&draft, &mut files, written).and_then(|()| fs::rename(&draft, path));
    if done.is_err() {
        // What is left of a draft is nobody's; the outcome is said all the same.
        let _ = clear(&draft, &files);
    }
    done
}

fn write_folder(
    draft: &Path,
    files: &mut [NamedFile<'_>],
    written: &mut dyn FnMut(usize),
) -> io::Result<()> {
    DirBuilder::new().mode(0o700).create(draft)?;
    let mark = draft.join(UNFINISHED);
    write_new(&mark, &mut &*UNFINISHED_SAYS)?;
    for (number, (name, from)) in files.iter_mut().enumerate() {
        write_new(&draft.join(name), from)?;
        written(number + 1);
    }
    fs::remove_file(mark)?;
    File::open(draft)?.sync_all()
}

/// Marks a folder that is being written: whatever was left of it is ours to take away, whichever files it was to have.
const UNFINISHED: &str = ".unfinished";
const UNFINISHED_SAYS: &[u8] =
    b"This folder was not finished, and is not encrypted. It can be deleted.\n";

/// Takes away a draft that was left: all of it where it is marked, else by the names of its files, since a folder with
/// anything else in it is somebody's.
fn clear(draft: &Path, files: &[NamedFile<'_>]) -> io::Result<()> {
    if fs::symlink_metadata(draft).is_err() {
        return Ok(());
    }
    if fs::symlink_metadata(draft.join(UNFINISHED)).is_ok_and(|mark| mark.is_file()) {
        for left in fs::read_dir(draft)? {
            let left = left?;
            // The mark goes last: killed here, the next one goes on.
            if left.file_name() != UNFINISHED {
                fs::remove_file(left.path())?;
            }
        }
        fs::remove_file(draft.join(UNFINISHED))?;
        return fs::remove_dir(draft);
    }
    for (name, _) in files {
        match fs::remove_file(draft.join(name)) {
            Err(error) if error.kind() != ErrorKind::NotFound => return Err(error),
            _ => {}
        }
    }
    fs::remove_dir(draft)
}

/// Writes a file that is not there yet, of all that is read, for its owner alone; it is on the disk when this returns.
///
/// # Errors
///
/// What the system says; a part of the file may be there then.
pub fn write_new(path: &Path, from: &mut dyn Read) -> io::Result<()> {
    let mut file: File = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)?;
    io::copy(from, &mut file)?;
    file.sync_all()
}

/// The name, beside the file or folder that is to be, of what is being written.
pub fn draft_of(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".part");
    PathBuf::from(name)
}

/// Opens a file of a folder by its name.
///
/// # Errors
///
/// Why it can't be opened; [`FileProblem::NoFile`] for a link, a folder, a pipe.
pub fn open_in_folder(folder: &Path, name: &str) -> Result<Box<dyn Read>, FileProblem> {
    let path = folder.join(name);
    let why = |error: io::Error| match error.kind() {
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

    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    fn save(path: &Path, files: Vec<NamedFile<'_>>) -> io::Result<()> {
        save_folder(path, files, &mut |_| {})
    }

    #[test]
    fn what_was_left_of_another_folder_of_ours_is_taken_away() {
        let place = tempfile::tempdir().unwrap();
        let path = place.path().join("record");
        let draft = draft_of(&path);
        fs::create_dir(&draft).unwrap();
        fs::write(draft.join(UNFINISHED), UNFINISHED_SAYS).unwrap();
        fs::write(draft.join("recording-that-was-deleted-since.wav"), "la").unwrap();
        save(&path, vec![text_file("README.md", "one")]).unwrap();
        assert!(!draft.exists());
        let names = fs::read_dir(&path).unwrap();
        let names: Vec<_> = names.map(|file| file.unwrap().file_name()).collect();
        assert_eq!(names, ["README.md"]);
    }

    #[test]
    fn a_folder_is_written_whole_for_its_owner_and_over_nothing() {
        let place = tempfile::tempdir().unwrap();
        let path = place.path().join("record");
        let files = || {
            vec![
                text_file("README.md", "one"),
                text_file("record.json", "{}"),
            ]
        };
        // Left by a crash.
        fs::create_dir(draft_of(&path)).unwrap();
        fs::write(draft_of(&path).join("README.md"), "ha").unwrap();
        let mut stood = Vec::new();
        save_folder(&path, files(), &mut |number| stood.push(number)).unwrap();
        assert_eq!(stood, [1, 2]);
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!((mode(&path), mode(&path.join("README.md"))), (0o700, 0o600));
        assert_eq!(fs::read_to_string(path.join("README.md")).unwrap(), "one");
        assert_eq!(fs::read_dir(place.path()).unwrap().count(), 1);
        let refused = save(&path, vec![text_file("README.md", "two")]).unwrap_err();
        assert_eq!(refused.kind(), ErrorKind::AlreadyExists);
        assert_eq!(fs::read_to_string(path.join("README.md")).unwrap(), "one");
    }

    #[test]
    fn a_folder_of_somebodys_is_never_taken_for_a_draft() {
        let place = tempfile::tempdir().unwrap();
        let path = place.path().join("record");
        fs::create_dir(draft_of(&path)).unwrap();
        fs::write(draft_of(&path).join("thesis.md"), "years").unwrap();
        save(&path, vec![text_file("README.md", "one")]).unwrap_err();
        let kept = fs::read_to_string(draft_of(&path).join("thesis.md")).unwrap();
        assert_eq!(kept, "years");
        assert!(!path.exists());
    }

    #[test]
    fn a_folder_of_which_a_file_can_not_be_read_is_not_there() {
        struct Broken;
        impl Read for Broken {
            fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
                Err(io::Error::other("broken"))
            }
        }
        let place = tempfile::tempdir().unwrap();
        let path = place.path().join("record");
        let broken: NamedFile<'_> = ("one.m4a".to_owned(), Box::new(Broken));
        save(&path, vec![text_file("README.md", "one"), broken]).unwrap_err();
        assert_eq!(fs::read_dir(place.path()).unwrap().count(), 0);
    }

    #[test]
    fn a_file_is_opened_and_a_link_a_folder_and_nothing_are_told_apart() {
        let place = tempfile::tempdir().unwrap();
        let folder = place.path().join("record");
        fs::create_dir(&folder).unwrap();
        fs::write(place.path().join("secret"), "years").unwrap();
        fs::write(folder.join("journal.md"), "calm").unwrap();
        std::os::unix::fs::symlink("../secret", folder.join("record.json")).unwrap();
        fs::create_dir(folder.join("media")).unwrap();
        let problem = |name: &str| open_in_folder(&folder, name).err();
        assert_eq!(problem("journal.md"), None);
        assert_eq!(problem("record.json"), Some(FileProblem::NoFile));
        assert_eq!(problem("media"), Some(FileProblem::NoFile));
        assert_eq!(problem("nothing"), Some(FileProblem::Missing));
        let nowhere = open_in_folder(&place.path().join("nowhere"), "journal.md");
        assert_eq!(nowhere.err(), Some(FileProblem::Missing));
    }
}
