//! What somebody would like to hold in mind in a session, and what matters to them.

use std::collections::BTreeSet;

use companion_core::domain::session_preparation::ReadinessItem;
use companion_core::domain::{DosingSession, Intention, Visibility};
use companion_core::records::View;
use serde_json::{Value, json};

use super::asked::Asked;
use super::own::TakenBack;
use super::{Done, Phone, own};
use crate::error::PhoneError;
use crate::format;

/// What was typed.
pub(super) struct Typed {
    pub(super) words: String,
    pub(super) values: BTreeSet<String>,
    pub(super) share: bool,
}

/// Writes it down or changes it, and lets the care team read it where that was typed.
pub(super) fn write(
    phone: &mut Phone<'_, '_>,
    session: &View<DosingSession>,
    typed: Typed,
    as_json: bool,
) -> Done {
    // Of several the newest is the one that is gone on with.
    let present = phone.patient.intentions(session.id)?.into_iter().next();
    let says_nothing = typed.words.trim().is_empty() && typed.values.is_empty();
    let view = match present {
        Some(view) if says_nothing && typed.share => view,
        None if says_nothing && typed.share => {
            return Err(PhoneError::NotDone(
                "there is no intention for this session that could be shared".to_owned(),
            ));
        }
        _ if says_nothing => {
            return Err(PhoneError::Usage(
                "write what you would like to hold in mind, or what matters to you with --value. To have none is as \
                 good: `session done intention`"
                    .to_owned(),
            ));
        }
        Some(view) => phone
            .patient
            .edit::<Intention>(view.id, &view.revision, |it| {
                if !typed.words.trim().is_empty() {
                    it.text = typed.words;
                }
                if !typed.values.is_empty() {
                    it.values = typed.values;
                }
            })?,
        None => {
            let intention = Intention {
                values: typed.values,
                visibility: match typed.share {
                    true => Visibility::CareTeam,
                    false => Visibility::OnlyMe,
                },
                ..Intention::new(session.id, typed.words, phone.now)
            };
            // Where it can't be shared now it is kept, and that is said.
            own::create(phone, intention, as_json)?;
            return tick(phone, session);
        }
    };
    if typed.share && !view.shared {
        phone
            .patient
            .share::<Intention>(view.id, Visibility::CareTeam)?;
    }
    tick(phone, session)
}

/// Before a session that is done which the list asks for. Later nothing is asked.
fn tick(phone: &Phone<'_, '_>, session: &View<DosingSession>) -> Done {
    let begins = session.content.at;
    if phone.now.unix_ms < begins.unix_ms {
        let item = ReadinessItem::Intention;
        phone
            .patient
            .prepare(session.id, |it| it.tick(&item, begins))?;
    }
    Ok(())
}

/// Takes back from the care team whatever they were let read. Gives whether it is not shared any more.
pub(super) fn withdraw(
    phone: &mut Phone<'_, '_>,
    session: &View<DosingSession>,
    asked: Asked,
) -> Result<bool, PhoneError> {
    let all = phone.patient.intentions(session.id)?;
    let ids: Vec<_> = all.iter().map(|view| view.id).collect();
    match own::withdraw_all::<Intention>(phone, &ids, asked)? {
        TakenBack::NotMeant => return Ok(false),
        TakenBack::NotShared if !asked.as_json => phone.say(own::NOT_SHARED)?,
        TakenBack::NotShared | TakenBack::Views(_) => {}
    }
    Ok(true)
}

/// In a line of the session's page each.
pub(super) fn lines(phone: &mut Phone<'_, '_>, session: &View<DosingSession>) -> Done {
    let all = phone.patient.intentions(session.id)?;
    if all.is_empty() {
        return phone.say("Intention: none written; that is as good. `session intention WORDS`.");
    }
    for view in &all {
        let it = &view.content;
        let values = it.values_in_a_line();
        let mut said = Vec::new();
        if !it.text.is_empty() {
            said.push(it.text.clone());
        }
        if !values.is_empty() {
            said.push(format!("what matters to you: {values}"));
        }
        phone.say(&format!(
            "Intention: {} ({}){}",
            said.join("; "),
            it.visibility.label(),
            format::in_two_wordings(view)
        ))?;
    }
    if all.len() < 2 {
        return Ok(());
    }
    phone.say(
        "They were written on phones that did not know of each other. The first is the one that you change; \
         `session intention --withdraw` takes back all that your care team can read.",
    )
}

pub(super) fn as_value(
    phone: &Phone<'_, '_>,
    session: &View<DosingSession>,
) -> Result<Value, PhoneError> {
    let here = phone.here()?;
    let all = phone.patient.intentions(session.id)?;
    let all = all.iter().map(|view| {
        let it = &view.content;
        json!({
            "id": view.id.to_string(),
            "text": it.text,
            "values": it.values,
            "at": it.at,
            "visibility": it.visibility.as_str(),
            "delivery": format::delivery(&view.delivery, here),
        })
    });
    Ok(all.collect())
}
