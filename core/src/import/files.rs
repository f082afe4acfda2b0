//! Reading files of an export, each held to what the list says of it: so many bytes, and that digest.

use std::io::Read;

use data_encoding::HEXLOWER;
use sha2::{Digest as _, Sha256};

use super::{FileProblem, ImportError, OpenFile};
use crate::error::Result;
use crate::export::ListedFile;

/// Bytes in memory at a time.
const PIECE: usize = 64 * 1024;
/// Longest name of a file.
const NAME: usize = 120;

/// Whether a name is that of a file in a folder of its own, on every system.
pub(super) fn is_name(name: &str) -> bool {
    let is_letter = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'.';
    (1..=NAME).contains(&name.len()) && !name.starts_with('.') && name.bytes().all(is_letter)
}

/// Opens a file.
pub(super) fn open<'a>(
    open: OpenFile<'a>,
    name: &str,
) -> std::result::Result<Box<dyn Read + 'a>, ImportError> {
    if !is_name(name) {
        let name = name.to_owned();
        return Err(ImportError::BadName { name });
    }
    open(name).map_err(|problem| {
        let name = name.to_owned();
        match problem {
            FileProblem::Missing => ImportError::Missing { name },
            FileProblem::NoFile => ImportError::NoFile { name },
            FileProblem::Unreadable(why) => ImportError::Unreadable { name, why },
        }
    })
}

/// Reads a file from its beginning to its end, a piece at a time. Whoever takes the pieces may use them only once all
/// of it was found to be what the list says.
pub(crate) fn pass(
    folder: OpenFile<'_>,
    file: &ListedFile,
    to: &mut dyn FnMut(&[u8]) -> Result<()>,
) -> Result<()> {
    let mut from = open(folder, &file.name)?;
    let name = || file.name.clone();
    let (mut digest, mut left) = (Sha256::new(), file.bytes);
    let mut buffer = vec![0; PIECE];
    loop {
        let read = match from.read(&mut buffer) {
            Ok(read) => read,
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => continue,
            Err(error) => {
                let why = error.to_string();
                return Err(ImportError::Unreadable { name: name(), why }.into());
            }
        };
        if read == 0 {
            break;
        }
        let piece = buffer.get(..read).unwrap_or_default();
        left = match left.checked_sub(read as u64) {
            Some(left) => left,
            None => return Err(ImportError::Longer { name: name() }.into()),
        };
        digest.update(piece);
        to(piece)?;
    }
    if left > 0 {
        return Err(ImportError::Cut { name: name() }.into());
    }
    match HEXLOWER.encode(&digest.finalize()) == file.sha256 {
        true => Ok(()),
        false => Err(ImportError::Changed { name: name() }.into()),
    }
}

/// All of a file that is not in the list, of at most that many bytes.
pub(super) fn whole(
    folder: OpenFile<'_>,
    name: &'static str,
    most: u64,
) -> std::result::Result<Vec<u8>, ImportError> {
    let mut bytes = Vec::new();
    let read = open(folder, name)?
        .take(most.saturating_add(1))
        .read_to_end(&mut bytes);
    if let Err(error) = read {
        let (name, why) = (name.to_owned(), error.to_string());
        return Err(ImportError::Unreadable { name, why });
    }
    match bytes.len() as u64 > most {
        true => Err(ImportError::TooLarge { file: name }),
        false => Ok(bytes),
    }
}
