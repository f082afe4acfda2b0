//! Writing, changing, sharing, taking back and deleting.

use std::collections::BTreeSet;

use companion_core::domain::{CheckIn, Content, DocumentId, DosingSession, Entry, Visibility};
use companion_core::records::{DeliveryState, PageSize, Query, View};
use serde_json::json;

use super::find::Thing;
use super::own::Called;
use super::{Done, Phone, attachments, own, prompts};
use crate::args::journal::{self as typed, CheckInFields, EntryFields};
use crate::args::{Gone, Talk};
use crate::crisis;
use crate::error::PhoneError;
use crate::format;

pub(super) fn write(phone: &mut Phone<'_, '_>, write: typed::Write) -> Done {
    // Before anybody types: a prompt that is not offered refuses no words.
    let begun = match &write.prompt {
        Some(prompt) => prompts::begun(phone, prompt)?,
        None => Entry::new(phone.now),
    };
    let caption = write.caption.unwrap_or_default();
    let attached = match &write.attach {
        Some(path) => Some(attachments::opened(path, caption)?),
        None => None,
    };
    let body = match text(phone, &write.text)? {
        Some(body) => body,
        // Somebody who speaks need not write.
        None if attached.is_some() => String::new(),
        None => {
            if write.prompt.is_some() {
                phone.ask(&begun.title)?;
            }
            phone.ask("Write your entry, and end it with Ctrl-D on a line of its own.")?;
            phone.read_all()?
        }
    };
    // With its title alone it would say what was asked, as if somebody had answered.
    if write.prompt.is_some() && body.trim().is_empty() && attached.is_none() {
        return Err(PhoneError::Usage(
            "nothing was written to the prompt, so nothing was saved".to_owned(),
        ));
    }
    let mut entry = Entry {
        body,
        visibility: write.share.into(),
        ..begun
    };
    fill_entry(&mut entry, write.fields.session_of(phone)?, write.fields);
    match attached {
        None => create(phone, entry),
        Some(attached) => {
            let view = own::create_attached(phone, entry, attached)?;
            saved(phone, &view)
        }
    }
}

pub(super) fn check_in(phone: &mut Phone<'_, '_>, check_in: typed::CheckIn) -> Done {
    let mut felt = CheckIn {
        visibility: check_in.share.into(),
        ..CheckIn::new(check_in.valence, phone.now)
    };
    fill_check_in(&mut felt, check_in.fields);
    create(phone, felt)
}

/// Saves something new and says where it is.
fn create<T: Content>(phone: &mut Phone<'_, '_>, content: T) -> Done {
    let view = own::create(phone, content, false)?;
    saved(phone, &view)
}

pub(super) fn edit(phone: &mut Phone<'_, '_>, edit: typed::Edit) -> Done {
    match phone.find(&edit.what.id)? {
        Thing::Entry(id) => edit_entry(phone, id, edit),
        Thing::CheckIn(id) => edit_check_in(phone, id, edit),
    }
}

fn edit_entry(phone: &mut Phone<'_, '_>, id: DocumentId, edit: typed::Edit) -> Done {
    if edit.valence.is_some() || edit.check_in != CheckInFields::default() {
        return Err(PhoneError::Usage(
            "that is an entry; it has a title, kind, mood, tags, session and text".to_owned(),
        ));
    }
    // What a person types answers what stands here now.
    let before = phone.patient.get::<Entry>(id)?;
    let body = text(phone, &edit.text)?;
    let session = edit.entry.session_of(phone)?;
    let mut wanted = before.content.clone();
    fill_entry(&mut wanted, session, edit.entry);
    if let Some(body) = body {
        wanted.body = body;
    }
    change(phone, &before, wanted)
}

fn edit_check_in(phone: &mut Phone<'_, '_>, id: DocumentId, edit: typed::Edit) -> Done {
    if !edit.text.is_empty() || edit.entry != EntryFields::default() {
        return Err(PhoneError::Usage(
            "that is a check-in; it has a valence, energy, anxiety, sleep, feelings and a note"
                .to_owned(),
        ));
    }
    let before = phone.patient.get::<CheckIn>(id)?;
    let mut wanted = before.content.clone();
    if let Some(valence) = edit.valence {
        wanted.valence = valence;
    }
    fill_check_in(&mut wanted, edit.check_in);
    change(phone, &before, wanted)
}

/// Saves what a person made of what they saw. What says the same as before is no edit: it would make a
/// version that nobody has opened.
fn change<T: Content>(phone: &mut Phone<'_, '_>, before: &View<T>, wanted: T) -> Done {
    if before.content == wanted {
        return phone.say("Nothing was changed: it says that already.");
    }
    let edited = phone
        .patient
        .edit::<T>(before.id, &before.revision, |content| *content = wanted);
    saved(phone, &edited?)
}

/// Puts in what was given; the rest stays.
fn fill_entry(entry: &mut Entry, session: Option<DocumentId>, fields: EntryFields) {
    if let Some(title) = fields.title {
        entry.title = title;
    }
    if let Some(kind) = fields.kind {
        entry.kind = kind;
    }
    entry.mood = fields.mood.or(entry.mood);
    entry.session = session.or(entry.session);
    if !fields.tags.is_empty() {
        entry.tags = fields.tags.into_iter().collect();
    }
}

/// Puts in what was given; the rest stays.
fn fill_check_in(check_in: &mut CheckIn, fields: CheckInFields) {
    check_in.energy = fields.energy.or(check_in.energy);
    check_in.anxiety = fields.anxiety.or(check_in.anxiety);
    check_in.sleep = fields.sleep.or(check_in.sleep);
    if !fields.feelings.is_empty() {
        check_in.feelings = fields.feelings.into_iter().collect();
    }
    if let Some(note) = fields.note {
        check_in.note = note;
    }
}

pub(super) fn share(phone: &mut Phone<'_, '_>, id: &str, talk: Talk) -> Done {
    match phone.find(id)? {
        Thing::Entry(id) => share_one::<Entry>(phone, id, talk),
        Thing::CheckIn(id) => share_one::<CheckIn>(phone, id, talk),
    }
}

fn share_one<T: Content>(phone: &mut Phone<'_, '_>, id: DocumentId, talk: Talk) -> Done {
    let view = own::share::<T>(phone, id, talk)?;
    let how = view.content.visibility().unwrap_or(Visibility::CareTeam);
    let waits = phone.here()?.held.is_some();
    phone.say(own::shared(how, waits))?;
    saved(phone, &view)
}

pub(super) fn withdraw(phone: &mut Phone<'_, '_>, gone: &Gone, as_json: bool) -> Done {
    match phone.find(&gone.what.id)? {
        Thing::Entry(_) => withdraw_one::<Entry>(phone, gone, as_json),
        Thing::CheckIn(_) => withdraw_one::<CheckIn>(phone, gone, as_json),
    }
}

fn withdraw_one<T: Content>(phone: &mut Phone<'_, '_>, gone: &Gone, as_json: bool) -> Done {
    let back = own::withdraw::<T>(phone, gone, as_json)?;
    back.shown(phone, as_json, |phone, view, as_json| {
        if as_json {
            // Its clinic may keep the same after it was taken back as before.
            let remains = phone.patient.what_remains::<T>(view.id)?;
            let remains = remains.at_the_clinic();
            return phone.json(&json!({"own_copy": view.id.to_string(), "what_remains": remains}));
        }
        phone.say(&format!("Your own copy is {}.", format::short(view.id)))
    })
}

pub(super) fn delete(phone: &mut Phone<'_, '_>, gone: &Gone, as_json: bool) -> Done {
    let called = |name: String, id: DocumentId| Called {
        shown: format!("{name}."),
        word: id.to_string(),
    };
    match phone.find(&gone.what.id)? {
        Thing::Entry(_) => {
            let name = |view: &View<Entry>| called(format::name(&view.content), view.id);
            own::delete(phone, gone, as_json, name).map(drop)
        }
        Thing::CheckIn(_) => {
            let name = |view: &View<CheckIn>| called(format::valence(&view.content), view.id);
            own::delete(phone, gone, as_json, name).map(drop)
        }
    }
}

/// What was typed as the text: words are joined, `-` reads what is piped in.
fn text(phone: &mut Phone<'_, '_>, words: &[String]) -> Result<Option<String>, PhoneError> {
    match words {
        [] => Ok(None),
        [dash] if dash == "-" => phone.read_all().map(Some),
        words => Ok(Some(words.join(" "))),
    }
}

impl EntryFields {
    /// The dosing session that was meant.
    fn session_of(&self, phone: &Phone<'_, '_>) -> Result<Option<DocumentId>, PhoneError> {
        let Some(number) = self.session else {
            return Ok(None);
        };
        let sessions = Query::<DosingSession>::all().size(PageSize::LARGEST);
        let sessions = phone.patient.page(&sessions)?.items;
        let found = sessions.iter().find(|view| view.content.number == number);
        if let Some(view) = found {
            return Ok(Some(view.id));
        }
        let known: BTreeSet<u32> = sessions.iter().map(|view| view.content.number).collect();
        let known: Vec<String> = known.iter().map(u32::to_string).collect();
        Err(PhoneError::NotDone(if known.is_empty() {
            "the clinic has not planned a dosing session on this phone yet".to_owned()
        } else {
            format!(
                "there is no dosing session {number}; there is {}",
                known.join(", ")
            )
        }))
    }
}

/// Says what became of what was written, and that nobody sits waiting for it.
fn saved<T>(phone: &mut Phone<'_, '_>, view: &View<T>) -> Done {
    let here = phone.here()?;
    let state = format::delivery(&view.delivery, here);
    phone.say(&format!("{}  saved; {state}.", format::short(view.id)))?;
    if view.delivery == DeliveryState::OnThisDevice && here.held.is_none() {
        phone.say("`sync` sends it when the server can be reached.")?;
    }
    phone.say(crisis::POINTER)
}
