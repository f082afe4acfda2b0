//! Writing, reading, sharing and taking back.

use std::collections::BTreeSet;

use companion_core::domain::{DocumentId, Moment, Visibility};
use companion_core::patient::{CheckInDraft, DeliveryState, EntryDraft, EntryView};

use super::{Done, Found, Phone};
use crate::args;
use crate::crisis;
use crate::error::PhoneError;
use crate::say;

pub(super) fn write(phone: &mut Phone<'_, '_>, write: args::Write) -> Done {
    let body = match text(phone, &write.text)? {
        Some(body) => body,
        None => {
            phone.ask("Write your entry, and end it with Ctrl-D on a line of its own.")?;
            phone.read_all()?
        }
    };
    let fields = write.fields;
    let draft = EntryDraft {
        title: fields.title.unwrap_or_default(),
        body,
        kind: fields.kind.unwrap_or_default(),
        mood: fields.mood,
        session: session(phone, fields.session)?,
        tags: fields.tags.into_iter().collect(),
        visibility: write.share.into(),
    };
    let view = phone.patient.write_entry(draft)?;
    saved(phone, view.id, &view.delivery)
}

pub(super) fn edit(phone: &mut Phone<'_, '_>, edit: args::Edit) -> Done {
    let view = phone.find_entry(&edit.id)?;
    let before = view.entry;
    let body = text(phone, &edit.text)?;
    let fields = edit.fields;
    let session = match fields.session {
        None => before.session,
        number => session(phone, number)?,
    };
    let draft = EntryDraft {
        title: fields.title.unwrap_or(before.title),
        body: body.unwrap_or(before.body),
        kind: fields.kind.unwrap_or(before.kind),
        mood: fields.mood.or(before.mood),
        session,
        tags: if fields.tags.is_empty() {
            before.tags
        } else {
            fields.tags.into_iter().collect()
        },
        visibility: before.visibility,
    };
    let view = phone.patient.edit_entry(view.id, &view.revision, draft)?;
    saved(phone, view.id, &view.delivery)
}

pub(super) fn check_in(phone: &mut Phone<'_, '_>, check_in: args::CheckIn) -> Done {
    let view = phone.patient.check_in(CheckInDraft {
        valence: check_in.valence,
        energy: check_in.energy,
        anxiety: check_in.anxiety,
        sleep: check_in.sleep,
        feelings: check_in.feelings.into_iter().collect(),
        note: check_in.note,
        visibility: check_in.share.into(),
        at: None,
    })?;
    saved(phone, view.id, &view.delivery)
}

pub(super) fn list(phone: &mut Phone<'_, '_>, list: &args::List) -> Done {
    let mut lines: Vec<(Moment, DocumentId, String)> = Vec::new();
    if !list.check_ins {
        for view in phone.patient.entries()? {
            lines.push((view.entry.at, view.id, say::entry_line(&view, phone.now)));
        }
    }
    if !list.entries {
        for view in phone.patient.check_ins()? {
            lines.push((
                view.check_in.at,
                view.id,
                say::check_in_line(&view, phone.now),
            ));
        }
    }
    lines.sort_by_key(|(at, id, _)| std::cmp::Reverse((*at, *id)));
    if lines.is_empty() {
        return phone.say("Nothing is written here yet.");
    }
    lines.iter().try_for_each(|(_, _, line)| phone.say(line))
}

pub(super) fn show(phone: &mut Phone<'_, '_>, id: &str) -> Done {
    let (id, text) = match phone.find(id)? {
        Found::Entry(view) => (view.id, say::entry(&view, phone.now)),
        Found::CheckIn(view) => (view.id, say::check_in(&view, phone.now)),
    };
    phone.say(&text)?;
    say_replies(phone, id)
}

pub(super) fn share(phone: &mut Phone<'_, '_>, id: &str, talk: bool) -> Done {
    let id = phone.find_entry(id)?.id;
    let how = if talk {
        Visibility::TalkInSession
    } else {
        Visibility::CareTeam
    };
    let view = phone.patient.share(id, how)?;
    let words = if talk {
        "Shared with your care team, to talk about in session. Earlier drafts stay with you."
    } else {
        "Shared with your care team. Earlier drafts stay with you."
    };
    phone.say(words)?;
    saved(phone, view.id, &view.delivery)
}

pub(super) fn withdraw(phone: &mut Phone<'_, '_>, id: &str) -> Done {
    let view = phone.find_entry(id)?;
    if !view.shared {
        return phone.say("This entry is not shared; there is nothing to take back.");
    }
    let view = phone.patient.withdraw(view.id)?;
    phone.say(
        "Taken back: it is private again, and the clinic's pages stop showing it once they hear \
         of it. What the clinic has received it may have to keep.",
    )?;
    phone.say(&format!("Your own copy is {}.", say::short(view.id)))
}

pub(super) fn search(phone: &mut Phone<'_, '_>, words: &str) -> Done {
    let found = phone.patient.search(words)?;
    if found.is_empty() {
        return phone.say("No entry has these words.");
    }
    found
        .iter()
        .try_for_each(|view| phone.say(&say::entry_line(view, phone.now)))
}

pub(super) fn replies(phone: &mut Phone<'_, '_>) -> Done {
    let mut any = false;
    for view in phone.patient.entries()? {
        any |= replies_under(phone, view.id, &title(&view))?;
    }
    for view in phone.patient.check_ins()? {
        let title = format!("Check-in of {}", say::time(view.check_in.at, phone.now));
        any |= replies_under(phone, view.id, &title)?;
    }
    if any {
        Ok(())
    } else {
        phone.say("The clinic has not replied to anything yet.")
    }
}

fn title(view: &EntryView) -> String {
    say::name(&view.entry)
}

fn replies_under(
    phone: &mut Phone<'_, '_>,
    id: DocumentId,
    title: &str,
) -> Result<bool, PhoneError> {
    if phone.patient.replies(id)?.is_empty() {
        return Ok(false);
    }
    phone.say(&format!("{}  {title}", say::short(id)))?;
    say_replies(phone, id)?;
    Ok(true)
}

fn say_replies(phone: &mut Phone<'_, '_>, id: DocumentId) -> Done {
    for view in phone.patient.replies(id)? {
        let at = say::time(view.reply.at, phone.now);
        phone.say(&format!(
            "\n{} replied on {at}:\n{}",
            view.reply.by, view.reply.body
        ))?;
    }
    Ok(())
}

/// What was typed as the text: words are joined, `-` reads what is piped in.
fn text(phone: &mut Phone<'_, '_>, words: &[String]) -> Result<Option<String>, PhoneError> {
    match words {
        [] => Ok(None),
        [dash] if dash == "-" => phone.read_all().map(Some),
        words => Ok(Some(words.join(" "))),
    }
}

fn session(phone: &Phone<'_, '_>, number: Option<u32>) -> Result<Option<DocumentId>, PhoneError> {
    let Some(number) = number else {
        return Ok(None);
    };
    let sessions = phone.patient.sessions()?;
    match sessions.iter().find(|view| view.session.number == number) {
        Some(view) => Ok(Some(view.id)),
        None => {
            let known: BTreeSet<u32> = sessions.iter().map(|view| view.session.number).collect();
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
}

/// Says what became of what was written, and that nobody sits waiting for it.
fn saved(phone: &mut Phone<'_, '_>, id: DocumentId, delivery: &DeliveryState) -> Done {
    let state = say::delivery(delivery, phone.now);
    phone.say(&format!("{}  saved; {state}.", say::short(id)))?;
    if *delivery == DeliveryState::OnThisPhone {
        phone.say("`sync` sends it when the server can be reached.")?;
    }
    phone.say(crisis::POINTER)
}
