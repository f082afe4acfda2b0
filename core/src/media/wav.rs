//! WAV (Microsoft and IBM, Multimedia Programming Interface and Data Specifications 1.0, 1991): only the format and
//! the samples are kept. Everything else in such a file is about who recorded it, where and with what.

use super::waveform::{Sample, Waveform};
use super::{Known, MediaError, Sink, Source, little_u16, little_u32};
use crate::domain::MediaType;
use crate::error::Result;

/// Bytes of the longest description of a format: WAVEFORMATEXTENSIBLE.
const FORMAT: usize = 40;
const PCM: u16 = 1;
const FLOAT: u16 = 3;
const EXTENSIBLE: u16 = 0xfffe;

pub(super) fn take(mut source: Source<'_>, to: Sink<'_>) -> Result<Known> {
    let mut format = None;
    loop {
        // A file without samples ends here, too early.
        let head: [u8; 8] = source.array()?;
        let length = little_u32(&head, 4).unwrap_or_default();
        match (head.first_chunk::<4>(), &format) {
            (Some(b"fmt "), _) => {
                let bytes = source.bytes(length.into(), FORMAT)?;
                format = Some(Described::read(bytes).ok_or(MediaError::Damaged)?);
            }
            (Some(b"data"), Some(format)) => return samples(source, length, format, to),
            (Some(b"data"), None) => return Err(MediaError::Damaged.into()),
            _ => source.pieces(u64::from(length) + u64::from(length % 2), |_| Ok(()))?,
        }
    }
}

struct Described {
    bytes: Vec<u8>,
    bytes_in_a_second: u32,
    sample: Option<Sample>,
}

impl Described {
    fn read(bytes: Vec<u8>) -> Option<Self> {
        let bytes_in_a_second = little_u32(&bytes, 8).filter(|rate| *rate > 0)?;
        let said = little_u16(&bytes, 0)?;
        let form = match said {
            // The first two bytes of the longer name of a format are its short one.
            EXTENSIBLE => little_u16(&bytes, 24)?,
            form => form,
        };
        let sample = match (form, little_u16(&bytes, 14)?) {
            (PCM, 8) => Some(Sample::Unsigned8),
            (PCM, bits @ (16 | 24 | 32)) => Some(Sample::Signed(usize::from(bits / 8))),
            (FLOAT, 32) => Some(Sample::Float32),
            _ => None,
        };
        Some(Self {
            bytes,
            bytes_in_a_second,
            sample,
        })
    }
}

fn samples(mut source: Source<'_>, length: u32, format: &Described, to: Sink<'_>) -> Result<Known> {
    let length = u64::from(length);
    if length == 0 || length > source.left {
        return Err(MediaError::Damaged.into());
    }
    let described = format.bytes.len() as u64;
    let whole = 4 + (8 + described) + 8 + length;
    let word = |number: u64| u32::try_from(number).unwrap_or(u32::MAX).to_le_bytes();
    for part in [b"RIFF", &word(whole), b"WAVE", b"fmt ", &word(described)] {
        to(part)?;
    }
    to(&format.bytes)?;
    to(b"data")?;
    to(&word(length))?;
    let mut waveform = format.sample.map(|sample| Waveform::new(sample, length));
    source.pieces(length, |piece| {
        if let Some(waveform) = &mut waveform {
            waveform.add(piece);
        }
        to(piece)
    })?;
    Ok(Known::sound(
        MediaType::Wav,
        length.saturating_mul(1000) / u64::from(format.bytes_in_a_second),
        waveform.map(Waveform::points),
    ))
}
