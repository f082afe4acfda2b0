//! What is done alike with whatever a person wrote: listed, shared, taken back, deleted.

use std::fs::File;

use companion_core::domain::{Content, DocumentId, Entry, Visibility};
use companion_core::patient::Patient;
use companion_core::records::{NewAttachment, PageSize, Query, Remains, View};
use companion_core::{CoreError, NotNow};

use serde_json::Value;

use super::{Done, Phone};
use crate::args::Talk;
use crate::error::PhoneError;
use crate::format::Held;

/// What is said when there is nothing to take back.
pub(super) const NOT_SHARED: &str = "This is not shared; there is nothing to take back.";

/// All of a kind, newest first.
pub(super) fn all<T: Content>(phone: &Phone<'_, '_>) -> Result<Vec<View<T>>, PhoneError> {
    let mut query = Query::<T>::all().size(PageSize::LARGEST);
    let mut all = Vec::new();
    loop {
        let page = phone.patient.page(&query)?;
        all.extend(page.items);
        match page.next {
            Some(next) => query = query.after(next),
            None => return Ok(all),
        }
    }
}

/// Saves something new. What is to be shared while nothing can be is kept as private and that is said: it may stand
/// nowhere else. What was written in quiet hours is asked about once they are over.
pub(super) fn create<T: Content>(
    phone: &mut Phone<'_, '_>,
    content: T,
    as_json: bool,
) -> Result<View<T>, PhoneError> {
    let why = match phone.patient.create(content.clone()) {
        Ok(view) => return Ok(view),
        Err(error) => kept_private_because(phone, error)?,
    };
    let view = phone.patient.create_for_later(content)?;
    if !as_json {
        phone.say(why)?;
    }
    Ok(view)
}

/// The same of an entry with a recording or a picture.
pub(super) fn create_attached(
    phone: &mut Phone<'_, '_>,
    entry: Entry,
    (new, mut file): (NewAttachment, File),
) -> Result<View<Entry>, PhoneError> {
    let made = phone
        .patient
        .create_attached(entry.clone(), new.clone(), &mut file);
    let why = match made {
        Ok(view) => return Ok(view),
        // Nothing of the file was read for that.
        Err(error) => kept_private_because(phone, error)?,
    };
    let view = phone
        .patient
        .create_attached_for_later(entry, new, &mut file)?;
    phone.say(why)?;
    Ok(view)
}

/// Why something can't be shared now and is kept as private; any other error as it is.
fn kept_private_because(
    phone: &Phone<'_, '_>,
    error: CoreError,
) -> Result<&'static str, PhoneError> {
    Ok(match error {
        CoreError::NotPaired => match phone.here()?.held {
            Some(Held::Removed | Held::Ended) => {
                "This phone is not a member of the record with your clinic any more, so nothing was shared. What \
                 you wrote is kept as private."
            }
            Some(_) => {
                "This phone was not let in to the record with your clinic, so nothing was shared. What you wrote is \
                 kept as private; `share` it after pairing by a new link."
            }
            None => {
                "This phone is not paired with a clinic yet, so nothing was shared. What you wrote is kept as \
                 private; `share` it after pairing."
            }
        },
        CoreError::NotNow(NotNow::QuietHours { .. }) => {
            "These are the quiet hours of your session, so nothing was shared. What you wrote is kept as private; \
             `session review` offers it to be shared when they are over."
        }
        other => return Err(other.into()),
    })
}

/// Lets the care team see something, to talk about in session where that is asked for or stands already.
pub(super) fn share<T: Content>(
    phone: &Phone<'_, '_>,
    id: DocumentId,
    talk: Talk,
) -> Result<View<T>, PhoneError> {
    let stands = phone.patient.how_shared::<T>(id)?;
    Ok(phone.patient.share::<T>(id, how(talk, stands))?)
}

/// How something is shared that is shared like this so far: to talk about in session, or to be read.
pub(super) fn how(talk: Talk, stands: Option<Visibility>) -> Visibility {
    match talk {
        Talk { talk: true, .. } => Visibility::TalkInSession,
        Talk { no_talk: true, .. } => Visibility::CareTeam,
        Talk { .. } => stands.unwrap_or(Visibility::CareTeam),
    }
}

/// What is said when something was shared like this, or waits on this phone to be.
pub(super) const fn shared(how: Visibility, waits: bool) -> &'static str {
    match (matches!(how, Visibility::TalkInSession), waits) {
        (true, false) => {
            "Shared with your care team, to talk about in session. Earlier drafts stay with you."
        }
        (false, false) => "Shared with your care team. Earlier drafts stay with you.",
        (true, true) => {
            "To be shared with your care team, to talk about in session. Earlier drafts stay with you."
        }
        (false, true) => "To be shared with your care team. Earlier drafts stay with you.",
    }
}

/// Something that was taken back: its private copy, and what remains of it where.
pub(super) struct TakenBack<T> {
    pub(super) view: View<T>,
    pub(super) remains: Remains,
}

/// Takes something back; `None` where there is nothing to take back.
pub(super) fn withdraw<T: Content>(
    phone: &mut Phone<'_, '_>,
    typed: &str,
) -> Result<Option<TakenBack<T>>, PhoneError> {
    let id = phone.find_one::<T>(typed)?;
    phone.between_exchanges(|patient| withdraw_one::<T>(patient, id))
}

/// The same, for whoever is between exchanges.
pub(super) fn withdraw_one<T: Content>(
    patient: &Patient,
    id: DocumentId,
) -> companion_core::Result<Option<TakenBack<T>>> {
    // By the private copy of something that is shared as well.
    let remains = patient.what_remains::<T>(id)?;
    if !remains.is_shared {
        return Ok(None);
    }
    let view = patient.withdraw::<T>(id)?;
    Ok(Some(TakenBack { view, remains }))
}

/// Deletes something; gives what it was, and what remains of it where.
pub(super) fn delete<T: Content>(
    phone: &mut Phone<'_, '_>,
    typed: &str,
) -> Result<(View<T>, Remains), PhoneError> {
    let id = phone.find_one::<T>(typed)?;
    phone.between_exchanges(|patient| delete_one::<T>(patient, id))
}

/// The same, for whoever is between exchanges.
pub(super) fn delete_one<T: Content>(
    patient: &Patient,
    id: DocumentId,
) -> companion_core::Result<(View<T>, Remains)> {
    let view = patient.get::<T>(id)?;
    let remains = patient.what_remains::<T>(id)?;
    patient.delete::<T>(id).map(|()| (view, remains))
}

/// What is said when something was deleted.
pub(super) fn deleted(name: &str, remains: Remains) -> String {
    format!("Deleted: {name}\n{}", remains.once_deleted())
}

/// Says that something was taken back and shows it, or that there was nothing to take back.
pub(super) fn taken_back<'a, 'b, T: Content>(
    phone: &mut Phone<'a, 'b>,
    back: Option<&TakenBack<T>>,
    as_json: bool,
    show: impl FnOnce(&mut Phone<'a, 'b>, &View<T>, bool) -> Done,
) -> Done {
    match back {
        None if as_json => phone.json(&Value::Null),
        None => phone.say(NOT_SHARED),
        Some(TakenBack { view, remains }) => {
            if !as_json {
                phone.say(&remains.once_taken_back())?;
            }
            show(phone, view, as_json)
        }
    }
}
