//! What may hang on an entry: told by its bytes and not by its name, and stripped of what says where it was made,
//! before it is sealed. Recordings pass through a piece at a time; a picture is drawn anew in memory.
//!
//! Knows formats, and nothing of documents, disks and keys. The least that phones make is taken: each format more
//! is one more that strangers' bytes are read by.

mod bare;
mod mp4;
mod ogg;
mod picture;
#[cfg(any(test, feature = "testing"))]
pub(crate) mod samples;
#[cfg(test)]
mod tests;
mod wav;
mod waveform;
mod whole;

use std::io::Read;

pub(crate) use bare::is_bare;

use crate::domain::{MediaType, SmallBytes};
use crate::error::{CoreError, Result};

/// Bytes that tell what a file is.
const MAGIC: usize = 12;
/// Bytes of a recording in memory at a time. Whole samples of every width fit into it.
const PIECE: usize = 48 * 1024;

/// Why something can't be attached or opened.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MediaError {
    /// There is nothing in it.
    #[error("the file is empty")]
    Empty,
    /// It is larger than what can be kept.
    #[error("the file is larger than {most} MB, the most that can be attached")]
    TooLarge {
        /// The most, in units of 1,048,576 bytes.
        most: u64,
    },
    /// It is none of the formats that can be attached.
    #[error(
        "only pictures (JPEG, PNG, WebP) and recordings (M4A, Ogg Opus, WAV) can be attached, and this is none of \
         them"
    )]
    NotAllowed,
    /// Its name says another format than its bytes.
    #[error("by its name this is {said}, and by what is in it {is}: it was not attached")]
    NotWhatItSays {
        /// What its name says.
        said: String,
        /// What it is.
        is: &'static str,
    },
    /// It is cut off, or not as its format says.
    #[error("the file is cut off or damaged: it was not attached")]
    Damaged,
    /// It has more pixels than are opened here.
    #[error(
        "the picture has more than {most} million pixels, or too many shades for so many: make it smaller first"
    )]
    TooManyPixels {
        /// The most, in millions.
        most: u64,
    },
    /// It could not be read to its end.
    #[error("the file can't be read: {0}")]
    Unreadable(String),
    /// Its bytes have not come to this device.
    #[error("this is not here yet: only its words have arrived")]
    NotHere,
    /// What lies on this device is not what was sealed.
    #[error("what lies on this device is not what was attached; it comes anew with the next sync")]
    NotGenuine,
    /// What lies on the one device that had it is not what was sealed.
    #[error(
        "this was on one device alone and is damaged there, so it can't be opened any more; its words are not damaged. \
         If you have the file elsewhere, attach it again"
    )]
    Lost,
}

/// What was found out about something while it went by.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Known {
    pub(crate) media: MediaType,
    pub(crate) milliseconds: Option<u64>,
    pub(crate) width: Option<u32>,
    pub(crate) height: Option<u32>,
    pub(crate) thumbnail: Option<SmallBytes>,
    pub(crate) waveform: Option<SmallBytes>,
}

impl Known {
    fn sound(media: MediaType, milliseconds: u64, waveform: Option<SmallBytes>) -> Self {
        Self {
            media,
            milliseconds: Some(milliseconds),
            width: None,
            height: None,
            thumbnail: None,
            waveform,
        }
    }
}

/// Where what is to be kept goes, piece by piece.
pub(crate) type Sink<'a> = &'a mut dyn FnMut(&[u8]) -> Result<()>;

/// The formats that are told apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Format {
    Jpeg,
    Png,
    WebP,
    M4a,
    Opus,
    Wav,
}

impl Format {
    fn of(magic: &[u8]) -> Option<Self> {
        let (first, second) = (magic.get(..4)?, magic.get(4..8)?);
        match (first, second, magic.get(8..12)?) {
            ([0xff, 0xd8, 0xff, _], ..) => Some(Format::Jpeg),
            (b"\x89PNG", b"\r\n\x1a\n", _) => Some(Format::Png),
            (b"RIFF", _, b"WEBP") => Some(Format::WebP),
            (b"RIFF", _, b"WAVE") => Some(Format::Wav),
            (b"OggS", ..) => Some(Format::Opus),
            (_, b"ftyp", _) => Some(Format::M4a),
            _ => None,
        }
    }

    /// The format that a media type means, as people and systems write it.
    fn named(media_type: &str) -> Option<Self> {
        match media_type {
            "image/jpeg" | "image/jpg" => Some(Format::Jpeg),
            "image/png" => Some(Format::Png),
            "image/webp" => Some(Format::WebP),
            "audio/mp4" | "audio/m4a" | "audio/x-m4a" => Some(Format::M4a),
            "audio/ogg" | "audio/opus" => Some(Format::Opus),
            "audio/wav" | "audio/x-wav" | "audio/wave" | "audio/vnd.wave" => Some(Format::Wav),
            _ => None,
        }
    }

    const fn label(self) -> &'static str {
        match self {
            Format::Jpeg => "a JPEG picture",
            Format::Png => "a PNG picture",
            Format::WebP => "a WebP picture",
            Format::M4a => "an MPEG-4 file",
            Format::Opus => "an Ogg file",
            Format::Wav => "a WAV recording",
        }
    }
}

/// Reads a file of `size` bytes, gives on what is to be kept of it, and says what it is. `claimed` is the media type
/// that its name or whoever made it says.
///
/// # Errors
///
/// [`MediaError`]; what `to` gives.
pub(crate) fn take(
    from: &mut dyn Read,
    size: u64,
    claimed: Option<&str>,
    to: Sink<'_>,
) -> Result<Known> {
    if size == 0 {
        return Err(MediaError::Empty.into());
    }
    let mut source = Source { from, left: size };
    let mut magic = [0; MAGIC];
    if size < MAGIC as u64 {
        return Err(MediaError::NotAllowed.into());
    }
    source.fill(&mut magic)?;
    let format = Format::of(&magic).ok_or(MediaError::NotAllowed)?;
    if let Some(said) = claimed
        && Format::named(said) != Some(format)
    {
        return Err(MediaError::NotWhatItSays {
            said: match Format::named(said) {
                Some(format) => format.label().to_owned(),
                None => said.to_owned(),
            },
            is: format.label(),
        }
        .into());
    }
    match format {
        Format::Jpeg | Format::Png | Format::WebP => picture::take(&magic, source, to),
        Format::Wav => wav::take(source, to),
        Format::Opus => ogg::take(&magic, source, to),
        Format::M4a => mp4::take(&magic, source, to),
    }
}

/// A file as it is read: it must have as many bytes as it was said to have.
struct Source<'a> {
    from: &'a mut dyn Read,
    left: u64,
}

impl Source<'_> {
    /// The next bytes, all of them.
    fn fill(&mut self, to: &mut [u8]) -> Result<()> {
        let wanted = to.len() as u64;
        self.left = self.left.checked_sub(wanted).ok_or(MediaError::Damaged)?;
        self.from.read_exact(to).map_err(|error| {
            CoreError::Media(match error.kind() {
                std::io::ErrorKind::UnexpectedEof => MediaError::Damaged,
                _ => MediaError::Unreadable(error.to_string()),
            })
        })
    }

    /// The next bytes, as an array.
    fn array<const N: usize>(&mut self) -> Result<[u8; N]> {
        let mut bytes = [0; N];
        self.fill(&mut bytes)?;
        Ok(bytes)
    }

    /// So many bytes, for what has to be looked at as a whole.
    fn bytes(&mut self, count: u64, most: usize) -> Result<Vec<u8>> {
        let count = usize::try_from(count).ok().filter(|count| *count <= most);
        let mut bytes = vec![0; count.ok_or(MediaError::Damaged)?];
        self.fill(&mut bytes)?;
        Ok(bytes)
    }

    /// So many bytes, a piece at a time.
    fn pieces(
        &mut self,
        mut count: u64,
        mut each: impl FnMut(&mut [u8]) -> Result<()>,
    ) -> Result<()> {
        if count > self.left {
            return Err(MediaError::Damaged.into());
        }
        let mut buffer = vec![0; PIECE];
        while count > 0 {
            let some = usize::try_from(count).map_or(PIECE, |count| count.min(PIECE));
            let piece = buffer.get_mut(..some).unwrap_or_default();
            self.fill(piece)?;
            each(piece)?;
            count -= some as u64;
        }
        Ok(())
    }
}

/// Numbers as formats write them.
fn little_u16(bytes: &[u8], at: usize) -> Option<u16> {
    let bytes = bytes.get(at..at.checked_add(2)?)?;
    Some(u16::from_le_bytes(bytes.try_into().ok()?))
}

fn little_u32(bytes: &[u8], at: usize) -> Option<u32> {
    let bytes = bytes.get(at..at.checked_add(4)?)?;
    Some(u32::from_le_bytes(bytes.try_into().ok()?))
}

fn big_u32(bytes: &[u8], at: usize) -> Option<u32> {
    let bytes = bytes.get(at..at.checked_add(4)?)?;
    Some(u32::from_be_bytes(bytes.try_into().ok()?))
}

fn big_u64(bytes: &[u8], at: usize) -> Option<u64> {
    let bytes = bytes.get(at..at.checked_add(8)?)?;
    Some(u64::from_be_bytes(bytes.try_into().ok()?))
}
