//! What is done alike with whatever a person wrote: listed, shared, taken back, deleted.

use std::fs::File;

use companion_core::domain::{Content, DocumentId, Entry, Visibility};
use companion_core::patient::Patient;
use companion_core::records::{NewAttachment, PageSize, Query, Remains, View};
use companion_core::{CoreError, NotNow};

use serde_json::{Value, json};

use super::asked::Asked;
use super::{Done, Phone};
use crate::args::{Gone, Talk};
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
            Some(Held::Removed | Held::Ended(_) | Held::Forgotten) => {
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

/// What was taken back of what was asked for.
pub(super) enum TakenBack<T> {
    /// Nothing of it was shared.
    NotShared,
    /// Whoever was asked did not mean it, and was told that nothing was done.
    NotMeant,
    /// It was, and what remains where is said. Its private copies.
    Views(Vec<View<T>>),
}

impl<T> TakenBack<T> {
    /// The only one, of one that was asked for.
    pub(super) fn view(&self) -> Option<&View<T>> {
        match self {
            TakenBack::Views(views) => views.first(),
            TakenBack::NotShared | TakenBack::NotMeant => None,
        }
    }

    /// Shows what was taken back, or says that there was nothing to take back.
    pub(super) fn shown<'a, 'b>(
        &self,
        phone: &mut Phone<'a, 'b>,
        as_json: bool,
        mut show: impl FnMut(&mut Phone<'a, 'b>, &View<T>, bool) -> Done,
    ) -> Done {
        match self {
            TakenBack::NotShared if as_json => phone.json(&Value::Null),
            TakenBack::NotShared => phone.say(NOT_SHARED),
            TakenBack::NotMeant => Ok(()),
            TakenBack::Views(views) => views.iter().try_for_each(|view| show(phone, view, as_json)),
        }
    }
}

/// Takes something back once its person means it.
pub(super) fn withdraw<T: Content>(
    phone: &mut Phone<'_, '_>,
    gone: &Gone,
    as_json: bool,
) -> Result<TakenBack<T>, PhoneError> {
    let asked = Asked::of(gone.sure, as_json)?;
    let id = phone.find_one::<T>(&gone.what.id)?;
    withdraw_all(phone, &[id], asked)
}

/// The same, of all that was written of something in two places apart.
pub(super) fn withdraw_all<T: Content>(
    phone: &mut Phone<'_, '_>,
    ids: &[DocumentId],
    asked: Asked,
) -> Result<TakenBack<T>, PhoneError> {
    let mut before = Vec::new();
    for id in ids {
        // By the private copy of something that is shared as well.
        before.push(phone.patient.what_remains::<T>(*id)?);
    }
    before.retain(|remains| remains.is_shared);
    if before.is_empty() {
        return Ok(TakenBack::NotShared);
    }
    if !may_take_back(phone, asked, &before)? {
        return Ok(TakenBack::NotMeant);
    }
    let (views, after) = phone.between_exchanges(|patient| {
        let (mut views, mut after) = (Vec::new(), Vec::new());
        for id in ids {
            let remains = patient.what_remains::<T>(*id)?;
            if remains.is_shared {
                views.push(patient.withdraw::<T>(*id)?);
                after.push(remains);
            }
        }
        Ok((views, after))
    })?;
    say_taken_back(phone, asked, &before, &after)?;
    Ok(match views.is_empty() {
        true => TakenBack::NotShared,
        false => TakenBack::Views(views),
    })
}

/// Says what the clinic may keep of what is to be taken back, and asks whether it is meant.
pub(super) fn may_take_back(
    phone: &mut Phone<'_, '_>,
    asked: Asked,
    before: &[Remains],
) -> Result<bool, PhoneError> {
    if !asked.is_said {
        // Each by itself: one may have got further than another.
        for words in before.iter().filter_map(Remains::at_the_clinic) {
            phone.say(words)?;
        }
    }
    phone.is_meant(asked, "Take it back?", "Nothing was taken back.")
}

/// Says that it was taken back, with what remains where if that was not said before, or is something else since.
pub(super) fn say_taken_back(
    phone: &mut Phone<'_, '_>,
    asked: Asked,
    before: &[Remains],
    after: &[Remains],
) -> Done {
    if asked.as_json {
        return Ok(());
    }
    if !asked.is_said && before == after {
        return phone.say(Remains::TAKEN_BACK);
    }
    (after.iter()).try_for_each(|remains| phone.say(&remains.once_taken_back()))
}

/// What something is called that is to be deleted.
pub(super) struct Called {
    /// To a person.
    pub(super) shown: String,
    /// To a script.
    pub(super) word: String,
}

impl From<String> for Called {
    fn from(shown: String) -> Self {
        let word = shown.clone();
        Self { shown, word }
    }
}

/// Deletes something once its person means it, and says what remains of it where. Gives what it was; `None` where
/// whoever was asked did not mean it.
pub(super) fn delete<T: Content>(
    phone: &mut Phone<'_, '_>,
    gone: &Gone,
    as_json: bool,
    called: impl FnOnce(&View<T>) -> Called,
) -> Result<Option<View<T>>, PhoneError> {
    let asked = Asked::of(gone.sure, as_json)?;
    let id = phone.find_one::<T>(&gone.what.id)?;
    let view = phone.patient.get::<T>(id)?;
    let called = called(&view);
    let is_deleted = delete_all::<T>(phone, &[id], asked, &called)?;
    Ok(is_deleted.then_some(view))
}

/// The same, of all that was written of something in two places apart. Gives whether it was deleted.
pub(super) fn delete_all<T: Content>(
    phone: &mut Phone<'_, '_>,
    ids: &[DocumentId],
    asked: Asked,
    called: &Called,
) -> Result<bool, PhoneError> {
    // What is said is of the one that got furthest.
    let furthest = |patient: &Patient| -> companion_core::Result<Option<Remains>> {
        let all = ids.iter().map(|id| patient.what_remains::<T>(*id));
        Ok(all.collect::<Result<Vec<_>, _>>()?.into_iter().max())
    };
    let before = furthest(&phone.patient)?;
    if let Some(before) = before
        && !asked.is_said
    {
        phone.say(&format!("{}\n{}", called.shown, before.once_deleted()))?;
    }
    if !phone.is_meant(asked, "Delete it?", "Nothing was deleted.")? {
        return Ok(false);
    }
    let after = phone.between_exchanges(|patient| {
        let after = furthest(patient)?;
        ids.iter().try_for_each(|id| patient.delete::<T>(*id))?;
        Ok(after)
    })?;
    let Some(after) = after else {
        return Ok(false);
    };
    let (shown, word) = (&called.shown, &called.word);
    let remains = after.once_deleted();
    match asked {
        Asked { as_json: true, .. } => {
            phone.json(&json!({"deleted": word, "what_remains": remains}))?;
        }
        Asked { is_said: false, .. } if before == Some(after) => {
            phone.say(&format!("Deleted: {shown}"))?;
        }
        Asked { .. } => phone.say(&format!("Deleted: {shown}\n{remains}"))?,
    }
    Ok(true)
}
