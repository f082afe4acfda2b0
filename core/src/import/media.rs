//! Whether a file of an export is the recording or picture that its entry says. It is read through as something that
//! is attached anew, so that what is no such file, or holds more than that, never gets in; its bytes stay as they are.

use data_encoding::HEXLOWER;
use sha2::{Digest as _, Sha256};

use super::files::pass;
use super::{ImportError, OpenFile};
use crate::domain::Attachment;
use crate::error::{CoreError, Result};
use crate::export::ListedFile;
use crate::media;

/// Bytes of the largest picture, which is looked at in memory.
const PICTURE: u64 = 40 * 1024 * 1024;

/// Reads the file, which is what the list says, as what its entry says.
pub(super) fn check(folder: OpenFile<'_>, file: &ListedFile, said: &Attachment) -> Result<()> {
    let otherwise = || -> CoreError {
        let name = file.name.clone();
        ImportError::NotWhatItSays { name }.into()
    };
    if file.bytes != said.length {
        return Err(otherwise());
    }
    let (known, is_all) = match said.media.is_picture() {
        true => picture(folder, file, said).map_err(|_| otherwise())?,
        false => sound(folder, file, said).map_err(|_| otherwise())?,
    };
    let is_it = known.media == said.media
        && known.milliseconds == said.milliseconds
        && (known.width, known.height) == (said.width, said.height);
    match is_it && is_all {
        true => Ok(()),
        false => Err(otherwise()),
    }
}

/// Whether nothing but the picture is in it: it was drawn anew before it was sealed.
fn picture(
    folder: OpenFile<'_>,
    file: &ListedFile,
    said: &Attachment,
) -> Result<(media::Known, bool)> {
    if file.bytes > PICTURE {
        let name = file.name.clone();
        return Err(ImportError::NotWhatItSays { name }.into());
    }
    let mut bytes = Vec::new();
    pass(folder, file, &mut |piece| {
        bytes.extend_from_slice(piece);
        Ok(())
    })?;
    let claimed = Some(said.media.as_str());
    let known = media::take(&mut &*bytes, file.bytes, claimed, &mut |_| Ok(()))?;
    Ok((known, media::is_bare(&bytes)))
}

/// Whether nothing would be taken out of it: that was done before it was sealed.
fn sound(
    folder: OpenFile<'_>,
    file: &ListedFile,
    said: &Attachment,
) -> Result<(media::Known, bool)> {
    let mut from = super::files::open(folder, &file.name)?;
    let mut digest = Sha256::new();
    let claimed = Some(said.media.as_str());
    let known = media::take(&mut *from, file.bytes, claimed, &mut |piece| {
        digest.update(piece);
        Ok(())
    })?;
    Ok((known, HEXLOWER.encode(&digest.finalize()) == file.sha256))
}
