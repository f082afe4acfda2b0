//! The list for the next session: whatever the person wants to talk about there, and lines of their own.

use companion_core::domain::digest::Line;
use companion_core::domain::{
    CheckIn, Commitment, Content, DocumentId, Entry, NextSessionItem, Visibility,
};
use companion_core::patient::Patient;
use companion_core::records::View;
use serde_json::{Value, json};

use super::{Done, Phone, own, prompts, use_check};
use crate::args::integration::{Next, NextAction};
use crate::args::{Gone, Talk};
use crate::error::PhoneError;
use crate::format;

/// A line is on the list to be talked about.
const TO_TALK: Talk = Talk {
    talk: true,
    no_talk: false,
};

pub(super) fn next(phone: &mut Phone<'_, '_>, asked: Next) -> Done {
    let as_json = asked.shape.json;
    match asked.action {
        None | Some(NextAction::List) => list(phone, as_json),
        Some(NextAction::Add { share, text }) => {
            let line = NextSessionItem {
                visibility: share.into(),
                ..NextSessionItem::new(text.join(" "), phone.now)
            };
            let view = own::create(phone, line, as_json)?;
            show(phone, &view, as_json)
        }
        Some(NextAction::Share(what)) => {
            let id = phone.find_one::<NextSessionItem>(&what.id)?;
            let view = own::share::<NextSessionItem>(phone, id, TO_TALK)?;
            show(phone, &view, as_json)
        }
        Some(NextAction::Withdraw(gone)) => {
            own::withdraw::<NextSessionItem>(phone, &gone, as_json)?.shown(phone, as_json, show)
        }
        Some(NextAction::Done(what)) => done(phone, &what.id, as_json),
        Some(NextAction::Remove(gone)) => remove(phone, &gone, as_json),
    }
}

fn list(phone: &mut Phone<'_, '_>, as_json: bool) -> Done {
    let marked = phone.patient.at_a_glance(phone.now)?.digest.to_talk_about;
    let lines = own::all::<NextSessionItem>(phone)?;
    let of = |wanted: Visibility| {
        let its = lines.iter();
        its.filter(move |view| view.content.visibility == wanted)
    };
    let (private, shared): (Vec<_>, Vec<_>) = (
        of(Visibility::OnlyMe).collect(),
        of(Visibility::CareTeam).collect(),
    );
    if as_json {
        let values = |views: &[&View<NextSessionItem>]| {
            let values = views.iter().map(|view| as_value(phone, view));
            values.collect::<Result<Vec<Value>, PhoneError>>()
        };
        let value = json!({
            "to_talk_about": marked.iter().map(line_as_value).collect::<Vec<_>>(),
            "only_yours": values(&private)?,
            "shared_and_not_on_the_list": values(&shared)?,
            "prompts_today": prompts::count(phone)?,
            "use_questions_due": phone.patient.use_questions_are_due()?,
        });
        return phone.json(&value);
    }
    if marked.is_empty() && private.is_empty() && shared.is_empty() {
        phone.say(
            "Nothing is on your list: `next add \u{2026}` keeps a line for your next session.",
        )?;
        prompts::glance(phone)?;
        return use_check::glance(phone);
    }
    if !marked.is_empty() {
        phone.say("To talk about in session; shared with your clinic:")?;
        for line in &marked {
            phone.say(&marked_line(line, phone))?;
        }
    }
    for (heading, views) in [
        ("Only on your own list:", &private),
        (
            "Your clinic can read these; they are not marked to talk about:",
            &shared,
        ),
    ] {
        if !views.is_empty() {
            phone.say(heading)?;
        }
        for view in views {
            show(phone, view, false)?;
        }
    }
    phone.say(
        "\n`next done ID` takes one off the list; `next share ID` puts a line of yours on it.",
    )?;
    prompts::glance(phone)?;
    use_check::glance(phone)
}

fn marked_line(line: &Line, phone: &Phone<'_, '_>) -> String {
    let when = format::time(line.when, phone.now);
    format!(
        "{}  {}\n          {}; {when}",
        format::short(line.id),
        line.words,
        line.kind.in_words()
    )
}

fn line_as_value(line: &Line) -> Value {
    json!({
        "id": line.id.to_string(),
        "kind": line.kind.as_str(),
        "words": line.words,
        "at": line.when,
    })
}

fn show(phone: &mut Phone<'_, '_>, view: &View<NextSessionItem>, as_json: bool) -> Done {
    if as_json {
        let value = as_value(phone, view)?;
        return phone.json(&value);
    }
    let it = &view.content;
    let delivery = format::delivery(&view.delivery, phone.here()?);
    phone.say(&format!(
        "{}  {}\n          {}; {delivery}{}",
        format::short(view.id),
        it.text,
        it.visibility.label(),
        format::in_two_wordings(view)
    ))
}

fn as_value(phone: &Phone<'_, '_>, view: &View<NextSessionItem>) -> Result<Value, PhoneError> {
    let it = &view.content;
    Ok(json!({
        "id": view.id.to_string(),
        "text": it.text,
        "at": it.at,
        "visibility": it.visibility.as_str(),
        "delivery": format::delivery(&view.delivery, phone.here()?),
    }))
}

/// Takes something off the list that was talked about. What was shared stays shared.
fn done(phone: &mut Phone<'_, '_>, typed: &str, as_json: bool) -> Done {
    let kinds = [
        Entry::KIND,
        CheckIn::KIND,
        Commitment::KIND,
        NextSessionItem::KIND,
    ];
    let (id, kind) = phone.find_of(typed, &kinds)?;
    let patient = &phone.patient;
    let was_on_it = if kind == Entry::KIND {
        off_the_list::<Entry>(patient, id)?
    } else if kind == CheckIn::KIND {
        off_the_list::<CheckIn>(patient, id)?
    } else if kind == Commitment::KIND {
        off_the_list::<Commitment>(patient, id)?
    } else {
        off_the_list::<NextSessionItem>(patient, id)?
    };
    if !was_on_it {
        return Err(PhoneError::NotDone(
            "that is not marked to talk about; `next remove` removes a line of yours".to_owned(),
        ));
    }
    if as_json {
        return phone.json(&json!({"id": id.to_string(), "off_the_list": true}));
    }
    phone.say("It is off the list. Your care team can still read it.")
}

fn off_the_list<T: Content>(patient: &Patient, id: DocumentId) -> companion_core::Result<bool> {
    let marked = patient.get::<T>(id)?.content.visibility() == Some(Visibility::TalkInSession);
    if marked {
        patient.share::<T>(id, Visibility::CareTeam)?;
    }
    Ok(marked)
}

/// Removes a line; one that was shared is taken back with it.
fn remove(phone: &mut Phone<'_, '_>, gone: &Gone, as_json: bool) -> Done {
    let name = |view: &View<NextSessionItem>| view.content.text.clone().into();
    own::delete(phone, gone, as_json, name).map(drop)
}
