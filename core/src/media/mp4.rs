//! Sound in an MPEG-4 file (ISO/IEC 14496-12 and -14). Boxes that tell about the recording (place, device, names)
//! are blanked where they stand, so that no offset in the file changes.

use super::{Known, MAGIC, MediaError, Sink, Source, big_u32, big_u64};
use crate::domain::MediaType;
use crate::error::Result;

/// Bytes of the largest index of a recording: about three hours of it.
const INDEX: usize = 2 * 1024 * 1024;
/// Bytes of the longest statement of which kind of file it is.
const BRANDS: u64 = 1024;
const BLANK: &[u8; 4] = b"free";

pub(super) fn take(magic: &[u8; MAGIC], mut source: Source<'_>, to: Sink<'_>) -> Result<Known> {
    let brands = u64::from(big_u32(magic, 0).unwrap_or_default());
    if !(16..=BRANDS).contains(&brands) {
        return Err(MediaError::Damaged.into());
    }
    to(magic)?;
    source.pieces(brands - MAGIC as u64, |piece| to(piece))?;
    let (mut milliseconds, mut has_sound) = (None, false);
    while source.left > 0 {
        let mut head = source.array::<8>()?.to_vec();
        let length = match big_u32(&head, 0) {
            Some(0) => source.left,
            Some(1) => {
                head.extend(source.array::<8>()?);
                let length = big_u64(&head, 8).and_then(|length| length.checked_sub(16));
                length.ok_or(MediaError::Damaged)?
            }
            length => {
                let length = length.and_then(|length| length.checked_sub(8));
                length.ok_or(MediaError::Damaged)?.into()
            }
        };
        match head.get(4..8) {
            Some(b"mdat") => {
                has_sound = true;
                to(&head)?;
                source.pieces(length, |piece| to(piece))?;
            }
            Some(b"moov") if milliseconds.is_none() => {
                let mut index = source.bytes(length, INDEX)?;
                milliseconds = Some(cleared_index(&mut index)?);
                to(&head)?;
                to(&index)?;
            }
            // A recording in fragments has an index of its own in each.
            Some(b"moof" | b"moov") => return Err(MediaError::NotAllowed.into()),
            _ => {
                blank(&mut head);
                to(&head)?;
                source.pieces(length, |piece| {
                    piece.fill(0);
                    to(piece)
                })?;
            }
        }
    }
    match milliseconds.filter(|_| has_sound) {
        Some(milliseconds) => Ok(Known::sound(MediaType::M4a, milliseconds, None)),
        None => Err(MediaError::Damaged.into()),
    }
}

fn blank(head: &mut [u8]) {
    for (to, from) in head.iter_mut().skip(4).zip(BLANK) {
        *to = *from;
    }
}

/// Blanks what is no part of the sound in an index, and gives how long the recording plays, in milliseconds.
fn cleared_index(index: &mut [u8]) -> Result<u64> {
    let mut milliseconds = None;
    each_box(index, &mut |kind, all, content| {
        match kind {
            b"mvhd" => {
                let header = all.get_mut(content..).unwrap_or_default();
                milliseconds = duration(header);
                clear_times(header);
            }
            b"mvex" => {}
            b"trak" => cleared_track(all.get_mut(content..).unwrap_or_default())?,
            _ => cleared(all, content),
        }
        Ok(())
    })?;
    Ok(milliseconds.ok_or(MediaError::Damaged)?)
}

fn cleared_track(track: &mut [u8]) -> Result<()> {
    let mut is_sound = false;
    each_box(track, &mut |kind, all, content| {
        match kind {
            b"tkhd" => clear_times(all.get_mut(content..).unwrap_or_default()),
            b"edts" | b"tref" => {}
            b"mdia" => {
                is_sound = true;
                cleared_media(all.get_mut(content..).unwrap_or_default())?;
            }
            _ => cleared(all, content),
        }
        Ok(())
    })?;
    match is_sound {
        true => Ok(()),
        false => Err(MediaError::Damaged.into()),
    }
}

fn cleared_media(media: &mut [u8]) -> Result<()> {
    let mut is_sound = false;
    each_box(media, &mut |kind, all, content| {
        match kind {
            b"hdlr" => {
                let handles = all.get(content + 8..content + 12);
                // A film, or places along the way.
                if handles != Some(b"soun") {
                    return Err(MediaError::NotAllowed.into());
                }
                is_sound = true;
                // Behind it stands a name, of a device or whatever its maker liked.
                let name = all.iter_mut().skip(content + 12);
                name.for_each(|byte| *byte = 0);
            }
            b"mdhd" => clear_times(all.get_mut(content..).unwrap_or_default()),
            b"minf" => cleared_sound(all.get_mut(content..).unwrap_or_default())?,
            _ => cleared(all, content),
        }
        Ok(())
    })?;
    match is_sound {
        true => Ok(()),
        false => Err(MediaError::Damaged.into()),
    }
}

/// What the sound is made of, and where in the file it lies: no addresses of other files, and no words.
fn cleared_sound(sound: &mut [u8]) -> Result<()> {
    each_box(sound, &mut |kind, all, content| {
        match kind {
            b"smhd" => {}
            b"dinf" => each_box(
                all.get_mut(content..).unwrap_or_default(),
                &mut cleared_places,
            )?,
            b"stbl" => each_box(
                all.get_mut(content..).unwrap_or_default(),
                &mut |kind, all, content| {
                    match kind {
                        b"stsd" | b"stts" | b"ctts" | b"stsc" | b"stsz" | b"stz2" | b"stco"
                        | b"co64" | b"stss" | b"sgpd" | b"sbgp" => {}
                        _ => cleared(all, content),
                    }
                    Ok(())
                },
            )?,
            _ => cleared(all, content),
        }
        Ok(())
    })
}

/// A list of the places where the samples lie: this file, or one that an address names, which is none of ours.
fn cleared_places(kind: &[u8; 4], all: &mut [u8], content: usize) -> Result<()> {
    if kind != b"dref" {
        cleared(all, content);
        return Ok(());
    }
    // Behind a version and a count.
    let places = all.get_mut(content + 8..).ok_or(MediaError::Damaged)?;
    each_box(places, &mut |_, place, content| {
        let is_here = place.get(content + 3).is_some_and(|flags| flags & 1 == 1);
        if !is_here {
            return Err(MediaError::NotAllowed.into());
        }
        place
            .iter_mut()
            .skip(content + 4)
            .for_each(|byte| *byte = 0);
        Ok(())
    })
}

/// When a part was made and changed: in the headers of films, tracks and media alike, in either version.
fn clear_times(header: &mut [u8]) {
    let times = match header.first() {
        Some(0) => 8,
        _ => 16,
    };
    header
        .iter_mut()
        .skip(4)
        .take(times)
        .for_each(|byte| *byte = 0);
}

/// Makes a box one of nothing.
fn cleared(all: &mut [u8], content: usize) {
    blank(all);
    all.iter_mut().skip(content).for_each(|byte| *byte = 0);
}

type EachBox<'a> = &'a mut dyn FnMut(&[u8; 4], &mut [u8], usize) -> Result<()>;

/// Calls with the kind of each box, all of it, and where its content begins.
fn each_box(mut bytes: &mut [u8], each: EachBox<'_>) -> Result<()> {
    while !bytes.is_empty() {
        let length = big_u32(bytes, 0).ok_or(MediaError::Damaged)?;
        let length = usize::try_from(length).unwrap_or(usize::MAX);
        let kind = bytes.get(4..8).and_then(|kind| kind.try_into().ok());
        let kind: [u8; 4] = kind.ok_or(MediaError::Damaged)?;
        // Boxes inside an index are short: none has the longer form of a length.
        if length < 8 || length > bytes.len() {
            return Err(MediaError::Damaged.into());
        }
        let (first, rest) = bytes.split_at_mut(length);
        each(&kind, first, 8)?;
        bytes = rest;
    }
    Ok(())
}

/// From the header of a film, in either version.
fn duration(header: &[u8]) -> Option<u64> {
    let (scale, units) = match header.first()? {
        0 => (big_u32(header, 12)?, big_u32(header, 16)?.into()),
        _ => (big_u32(header, 20)?, big_u64(header, 24)?),
    };
    units.checked_mul(1000)?.checked_div(scale.into())
}
