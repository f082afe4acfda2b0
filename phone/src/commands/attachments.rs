//! Recordings and pictures of an entry: hanging one on it, taking one off, and opening one.

use std::fs::File;
use std::io::Read as _;
use std::path::Path;

use companion_core::domain::{DocumentId, Entry};
use companion_core::records::{AttachmentView, DeliveryState, NewAttachment, View};
use companion_core::{CoreError, MediaError};
use serde_json::{Value, json};

use super::asked::Asked;
use super::{Done, Phone};
use crate::args;
use crate::error::PhoneError;
use crate::format;
use crate::save::{Existing, save_from};

/// What becomes of a recording or picture that is taken off.
const GONE: &str = "Its bytes go from this phone, and from the server and your other phones once they hear of it. What your clinic has \
                    received of it, it may have to keep.";

pub(super) fn attach(phone: &mut Phone<'_, '_>, asked: args::journal::Attach) -> Done {
    let id = phone.find_one::<Entry>(&asked.what.id)?;
    let caption = asked.caption.unwrap_or_default();
    let view = match (asked.file, asked.number, asked.remove) {
        (Some(file), _, _) => add(phone, id, &file, caption)?,
        (None, _, Some(number)) => {
            let asked = Asked::by(asked.yes, asked.shape.json, "--yes")?;
            let one = numbered(phone, id, number)?;
            if !asked.is_said {
                let line = format::attachment(number, &one, phone.here()?);
                phone.say(&line)?;
                phone.say(GONE)?;
            }
            if !phone.is_meant(asked, "Take it off?", "Nothing was taken off.")? {
                return Ok(());
            }
            phone.patient.detach(id, one.item)?
        }
        (None, Some(number), None) => {
            let item = numbered(phone, id, number)?.item;
            phone.patient.caption(id, item, &caption)?
        }
        (None, None, None) => phone.patient.get(id)?,
    };
    list(phone, &view, asked.shape.json)
}

fn add(
    phone: &Phone<'_, '_>,
    id: DocumentId,
    path: &Path,
    caption: String,
) -> Result<View<Entry>, PhoneError> {
    let (new, mut file) = opened(path, caption)?;
    Ok(phone.patient.attach(id, new, &mut file)?)
}

/// A file to be attached, and what can be said of it from outside.
pub(super) fn opened(path: &Path, caption: String) -> Result<(NewAttachment, File), PhoneError> {
    let unreadable = |error: std::io::Error| {
        PhoneError::NotDone(format!(
            "the file {} can't be read: {error}",
            path.display()
        ))
    };
    // Asked first: to open a pipe is to wait for whoever writes into it.
    if !std::fs::metadata(path).map_err(unreadable)?.is_file() {
        let place = path.display();
        return Err(PhoneError::NotDone(format!(
            "what is named {place} is not a file"
        )));
    }
    let file = File::open(path).map_err(unreadable)?;
    let about = file.metadata().map_err(unreadable)?;
    let new = NewAttachment {
        size: about.len(),
        media_type: media_type(path).map(str::to_owned),
        caption,
    };
    Ok((new, file))
}

/// What the ending of a file's name says that it is.
fn media_type(path: &Path) -> Option<&'static str> {
    let ending = path.extension()?.to_str()?.to_lowercase();
    match &*ending {
        "jpg" | "jpeg" => Some("image/jpeg"),
        "png" => Some("image/png"),
        "webp" => Some("image/webp"),
        "m4a" | "mp4" => Some("audio/mp4"),
        "ogg" | "oga" | "opus" => Some("audio/ogg"),
        "wav" => Some("audio/wav"),
        _ => None,
    }
}

fn list(phone: &mut Phone<'_, '_>, entry: &View<Entry>, as_json: bool) -> Done {
    let all = phone.patient.attachments(entry.id)?;
    if as_json {
        let all: Vec<Value> = (1..).zip(&all).map(|(n, one)| as_value(n, one)).collect();
        let value = json!({ "entry": entry.id.to_string(), "attachments": all });
        return phone.json(&value);
    }
    if all.is_empty() {
        return phone.say("Nothing is attached to this entry.");
    }
    let here = phone.here()?;
    for line in format::attachments(&all, here) {
        phone.say(&line)?;
    }
    Ok(())
}

pub(super) fn play(phone: &mut Phone<'_, '_>, asked: &args::journal::Play) -> Done {
    let id = phone.find_one::<Entry>(&asked.what.id)?;
    let one = numbered(phone, id, asked.number)?;
    let mut reader = phone.patient.open_attachment(id, one.item)?;
    match &asked.to {
        Some(path) => {
            let existing = match asked.force {
                true => Existing::Replace,
                false => Existing::Keep,
            };
            save_from(path, &mut reader, existing)?;
        }
        // Nothing is played in a terminal. Whether it could be is known only once all of it was opened.
        None => {
            let mut piece = vec![0; 64 * 1024];
            while reader.read(&mut piece).map_err(|error| damaged(&error))? > 0 {}
        }
    }
    if asked.shape.json {
        let value = json!({
            "attachment": as_value(asked.number, &one),
            "file": asked.to,
        });
        return phone.json(&value);
    }
    let here = phone.here()?;
    phone.say(&format::attachment(asked.number, &one, here))?;
    phone.say(&match &asked.to {
        Some(path) => format!(
            "It is in {}, not encrypted: whoever has the file can open it.",
            path.display()
        ),
        None => format!(
            "It is whole. To open it elsewhere: play {} {} --to FILE.{}",
            format::short(id),
            asked.number,
            one.content.media.ending()
        ),
    })
}

/// Why something can't be read to its end: whether it comes anew is known by whoever looked.
fn damaged(error: &std::io::Error) -> CoreError {
    let why = error
        .get_ref()
        .and_then(|why| why.downcast_ref::<MediaError>());
    why.cloned().unwrap_or(MediaError::NotGenuine).into()
}

/// The attachment of that number, as the list has it.
fn numbered(
    phone: &Phone<'_, '_>,
    id: DocumentId,
    number: usize,
) -> Result<AttachmentView, PhoneError> {
    let mut all = phone.patient.attachments(id)?;
    let count = all.len();
    match number.checked_sub(1).filter(|at| *at < count) {
        Some(at) => Ok(all.swap_remove(at)),
        None => Err(PhoneError::NotDone(match count {
            0 => "nothing is attached to this entry".to_owned(),
            1 => "this entry has one attachment: number 1".to_owned(),
            _ => format!("this entry has attachments 1 to {count}"),
        })),
    }
}

fn as_value(number: usize, one: &AttachmentView) -> Value {
    let content = &one.content;
    json!({
        "number": number,
        "id": one.item.to_string(),
        "media_type": content.media.as_str(),
        "caption": content.caption,
        "bytes": content.length,
        "milliseconds": content.milliseconds,
        "width": content.width,
        "height": content.height,
        "thumbnail": content.thumbnail,
        "waveform": content.waveform.as_ref().map(|waveform| &waveform.0),
        "is_here": one.is_here,
        "is_lost": one.is_lost,
        "arrived_bytes": one.arrived,
        "state": match one.delivery {
            DeliveryState::OnlyYours | DeliveryState::TakenBack { .. } => "only_yours",
            DeliveryState::OnThisDevice | DeliveryState::NeverSent => "not_sent",
            DeliveryState::Sent => "sent",
            DeliveryState::Delivered { .. } | DeliveryState::Opened { .. } => "delivered",
        },
    })
}
