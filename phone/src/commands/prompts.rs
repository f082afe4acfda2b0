//! What somebody could write about in the days after a session. It is offered: nothing waits for an answer, and
//! nothing is counted.

use companion_core::domain::integration_prompt::{NothingNow, Offer, Offered, Prompt, Whose};
use companion_core::domain::{DosingSession, Entry};
use companion_core::patient::Prompts;
use serde_json::{Value, json};

use super::{Done, Phone, language};
use crate::args::integration;
use crate::crisis;
use crate::error::PhoneError;
use crate::format;

pub(super) fn prompts(phone: &mut Phone<'_, '_>, asked: &integration::Prompts) -> Done {
    let prompts = today(phone)?;
    if asked.shape.json {
        let value = as_value(phone, &prompts)?;
        return phone.json(&value);
    }
    let offered = match &prompts.offer {
        Offer::Nothing(why) => return phone.say(in_words(*why)),
        Offer::Prompts(offered) => offered,
    };
    let number = number_of(phone, offered)?;
    let day = format::count(offered.day.into(), "day", "days");
    phone.say(&format!(
        "{day} after session {number}. If you like, write to one of these:"
    ))?;
    for prompt in &offered.prompts {
        phone.say(&format!("  {:<14} {}", prompt.id.as_str(), prompt.words))?;
    }
    phone.say(&format!("\n{}", prompts.words.stop_any_time))?;
    phone.say(prompts.words.way_back)?;
    phone.say(
        "`write --prompt NAME` begins an entry with one. Only you see it until you share it.",
    )?;
    phone.say(crisis::POINTER)
}

/// What a glance shows: that there is something to write about, for whoever wants to.
pub(super) fn glance(phone: &mut Phone<'_, '_>) -> Done {
    match count(phone)? {
        0 => Ok(()),
        _ => phone.say("There is something to write about today, if you like: see `prompts`."),
    }
}

/// How many prompts are offered now.
pub(super) fn count(phone: &Phone<'_, '_>) -> Result<usize, PhoneError> {
    Ok(match today(phone)?.offer {
        Offer::Prompts(offered) => offered.prompts.len(),
        Offer::Nothing(_) => 0,
    })
}

/// An entry that begins with the prompt of that name.
pub(super) fn begun(phone: &Phone<'_, '_>, name: &str) -> Result<Entry, PhoneError> {
    let offered = match today(phone)?.offer {
        Offer::Prompts(offered) => offered,
        Offer::Nothing(why) => return Err(PhoneError::NotDone(in_words(why).to_owned())),
    };
    let id = name.trim().parse().ok();
    let entry = id.and_then(|id| offered.entry(&id, phone.now));
    entry.ok_or_else(|| {
        let names = offered.prompts.iter().map(|it| it.id.as_str());
        let names: Vec<_> = names.collect();
        PhoneError::Usage(format!(
            "there is no prompt {name:?} today; there is {}",
            names.join(", ")
        ))
    })
}

fn today(phone: &Phone<'_, '_>) -> Result<Prompts, PhoneError> {
    let language = language::reading(phone, None)?;
    Ok(phone.patient.prompts(&language)?)
}

fn number_of(phone: &Phone<'_, '_>, offered: &Offered) -> Result<u32, PhoneError> {
    let session = phone.patient.get::<DosingSession>(offered.session)?;
    Ok(session.content.number)
}

const fn in_words(why: NothingNow) -> &'static str {
    match why {
        NothingNow::NotAMember => {
            "Nothing is offered: this phone is not a member of the record with your clinic. You can write all the same."
        }
        NothingNow::NotReady => {
            "Nothing is offered yet: prompts begin once the assessment came to \u{201c}ready\u{201d} and a session was \
             held. You can write all the same."
        }
        NothingNow::Paused => {
            "Nothing is offered: the programme is paused. You can write all the same."
        }
        NothingNow::Ended => {
            "Nothing is offered: the programme has ended. You can write all the same."
        }
        NothingNow::SessionDay => {
            "Nothing is offered on the day of a session and in the quiet hours after it. You can write all the same."
        }
        NothingNow::NoSession => {
            "Nothing is offered before the first session. You can write all the same."
        }
        NothingNow::NoneForThisDay => {
            "Nothing is offered so long after the last session. You can write all the same."
        }
    }
}

const fn word(why: NothingNow) -> &'static str {
    match why {
        NothingNow::NotAMember => "not_a_member",
        NothingNow::NotReady => "not_ready",
        NothingNow::Paused => "paused",
        NothingNow::Ended => "ended",
        NothingNow::SessionDay => "session_day",
        NothingNow::NoSession => "no_session",
        NothingNow::NoneForThisDay => "none_for_this_day",
    }
}

fn as_value(phone: &Phone<'_, '_>, prompts: &Prompts) -> Result<Value, PhoneError> {
    let (offered, why) = match &prompts.offer {
        Offer::Prompts(offered) => (Some(offered), None),
        Offer::Nothing(why) => (None, Some(word(*why))),
    };
    let number = offered.map(|offered| number_of(phone, offered));
    let all = offered.map(|offered| &*offered.prompts).unwrap_or_default();
    Ok(json!({
        "nothing_because": why,
        "session": number.transpose()?,
        "day": offered.map(|offered| offered.day),
        "prompts": all.iter().map(one_as_value).collect::<Vec<_>>(),
        "language": prompts.words.language,
        "stop_any_time": prompts.words.stop_any_time,
        "way_back": prompts.words.way_back,
    }))
}

fn one_as_value(prompt: &Prompt) -> Value {
    json!({
        "prompt": prompt.id.as_str(),
        "words": prompt.words,
        "from_day": prompt.days.from(),
        "until_day": prompt.days.until(),
        "by_clinic": prompt.whose == Whose::Clinic,
    })
}
