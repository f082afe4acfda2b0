//! The next dosing session: what is settled for it, and where the patient stands on its day.

use companion_core::domain::guide::Slot;
use companion_core::domain::session_day::SessionStage;
use companion_core::domain::session_preparation::{EscortMode, ReadinessItem, StillOpen};
use companion_core::domain::{DosingSession, GuideSlot, Moment, SessionPreparation};
use companion_core::patient::{DayMark, Today};
use companion_core::records::{PageSize, Query, View};
use serde_json::{Value, json};

use super::asked::Asked;
use super::{Done, Phone, choose, intention, own, session_day, session_review, sessions};
use crate::args::Sure;
use crate::args::care::{Session, SessionAction, YesNo};
use crate::error::PhoneError;
use crate::format;

/// What is said where no session is to come.
pub(super) const NONE_TO_COME: &str = "The clinic has not planned a session that is still to come.";

pub(super) fn session(phone: &mut Phone<'_, '_>, asked: Session) -> Done {
    let as_json = asked.shape.json;
    match &asked.action {
        Some(SessionAction::Review) => return session_review::list(phone, as_json),
        Some(SessionAction::Share { what, talk }) => {
            return session_review::share(phone, &what.id, *talk);
        }
        Some(SessionAction::Keep { what }) => return session_review::keep(phone, &what.id),
        _ => {}
    }
    let Some(session) = which(phone, asked.number)? else {
        return match asked.action {
            Some(_) => Err(PhoneError::NotDone(NONE_TO_COME.to_lowercase())),
            None if as_json => phone.json(&Value::Null),
            None => phone.say(NONE_TO_COME),
        };
    };
    match asked.action {
        Some(SessionAction::Intention {
            withdraw: true,
            yes,
            ..
        }) => {
            let asked = Asked::of(Sure { yes }, as_json)?;
            if !intention::withdraw(phone, &session, asked)? {
                return Ok(());
            }
        }
        Some(SessionAction::Intention {
            words,
            values,
            share,
            ..
        }) => {
            let typed = intention::Typed {
                words: words.join(" "),
                values: values.into_iter().collect(),
                share,
            };
            intention::write(phone, &session, typed, as_json)?;
        }
        Some(action) => act(phone, &session, action)?,
        None => {}
    }
    show(phone, &session, as_json)
}

/// Does what was typed for that session.
fn act(phone: &Phone<'_, '_>, session: &View<DosingSession>, action: SessionAction) -> Done {
    let (patient, id) = (&phone.patient, session.id);
    match action {
        SessionAction::Here => patient.mark_day(id, DayMark::Here)?,
        SessionAction::Ended => patient.mark_day(id, DayMark::Ended)?,
        SessionAction::ConfirmEscort => patient.confirm_ride(id)?,
        SessionAction::Undo { item } => match &*item.trim().to_lowercase() {
            "here" => patient.unmark_day(id, DayMark::Here)?,
            "ended" => patient.unmark_day(id, DayMark::Ended)?,
            item => {
                let item = item_of(item)?;
                patient.prepare(id, |it| it.untick(&item))?
            }
        },
        action => {
            let change = change(action, session.content.at)?;
            patient.prepare(id, change)?
        }
    };
    Ok(())
}

/// The session of that number, or the one that is on or next.
fn which(
    phone: &Phone<'_, '_>,
    number: Option<u32>,
) -> Result<Option<View<DosingSession>>, PhoneError> {
    let Some(number) = number else {
        // On its day and in the quiet hours it is that one, even where it should be over.
        if let Some(today) = phone.patient.session_day()?
            && today.stage != SessionStage::NextDay
        {
            return Ok(Some(phone.patient.get::<DosingSession>(today.id)?));
        }
        return Ok(phone.patient.next_session()?);
    };
    let query = Query::<DosingSession>::all().size(PageSize::LARGEST);
    let mut all = phone.patient.page(&query)?.items.into_iter();
    match all.find(|view| view.content.number == number) {
        Some(view) => Ok(Some(view)),
        None => Err(PhoneError::NotDone(format!(
            "there is no dosing session {number} on this phone"
        ))),
    }
}

type Change = Box<dyn FnOnce(&mut SessionPreparation)>;

/// What an action changes of what is settled for a session that begins then.
fn change(action: SessionAction, begins: Moment) -> Result<Change, PhoneError> {
    Ok(match action {
        SessionAction::Eyeshades { wanted } => {
            Box::new(move |it| it.eyeshades = Some(wanted == YesNo::Yes))
        }
        SessionAction::Music { wanted, note, link } => Box::new(move |it| {
            it.music = Some(wanted == YesNo::Yes);
            it.music_note = note.unwrap_or(std::mem::take(&mut it.music_note));
            it.music_link = link.unwrap_or(std::mem::take(&mut it.music_link));
        }),
        SessionAction::Escort { name, phone, mode } => {
            let mode = mode.map(|mode| mode_of(&mode)).transpose()?;
            let name = name.join(" ");
            if name.trim().is_empty() {
                return Err(PhoneError::Usage(
                    "say who takes you home; nothing was changed. `session no-escort` takes back who is named"
                        .to_owned(),
                ));
            }
            Box::new(move |it| it.name_escort(&name, phone, mode))
        }
        SessionAction::NoEscort => Box::new(|it| it.name_nobody()),
        SessionAction::Done { item } => {
            let item = item_of(&item)?;
            Box::new(move |it| it.tick(&item, begins))
        }
        // The others are no change of what is settled.
        _ => Box::new(|_| {}),
    })
}

fn mode_of(text: &str) -> Result<EscortMode, PhoneError> {
    let word = text.trim().to_lowercase().replace('-', "_");
    let known = EscortMode::ALL.iter().find(|mode| mode.as_str() == word);
    known
        .cloned()
        .ok_or_else(|| PhoneError::Usage("give one of car, ride, transit, on-foot".to_owned()))
}

fn item_of(text: &str) -> Result<ReadinessItem, PhoneError> {
    let word = text.trim().to_lowercase().replace('-', "_");
    let known = ReadinessItem::ALL.iter().find(|item| item.as_str() == word);
    known.cloned().ok_or_else(|| {
        let all: Vec<_> = ReadinessItem::ALL
            .iter()
            .map(|item| item.as_str().replace('_', "-"))
            .collect();
        PhoneError::Usage(format!("give one of {}", all.join(", ")))
    })
}

/// The day of this session, if it is.
fn day_of(
    phone: &Phone<'_, '_>,
    session: &View<DosingSession>,
) -> Result<Option<Today>, PhoneError> {
    let today = phone.patient.session_day()?;
    Ok(today.filter(|today| today.id == session.id))
}

fn show(phone: &mut Phone<'_, '_>, session: &View<DosingSession>, as_json: bool) -> Done {
    let now = phone.now;
    let settled = phone.patient.preparation(session.id)?;
    let settled = settled.unwrap_or_else(|| SessionPreparation::new(session.id, now));
    let today = day_of(phone, session)?;
    if as_json {
        let mut value = as_value(session, &settled, today.as_ref());
        if let Value::Object(fields) = &mut value {
            let intentions = intention::as_value(phone, session)?;
            fields.insert("intentions".to_owned(), intentions);
        }
        return phone.json(&value);
    }
    if let Some(today) = &today {
        phone.say(&session_day::stage(today, phone))?;
        // In the quiet of the day nobody is asked for anything.
        if matches!(today.stage, SessionStage::During | SessionStage::After) {
            return session_day::at_hand(phone, &session.content, &settled, today.stage);
        }
    }
    let it = &session.content;
    let block = it.block();
    phone.say(&format!("Session {}", sessions::line(it, now)))?;
    phone.say(&format!("   about until {}", format::time(block.ends, now)))?;
    phone.say(&format!(
        "   arrival {} min, medicine {} min, coming back {} min, grounding {} min",
        it.arrival_minutes.0,
        it.medicine_minutes.0,
        it.coming_back_minutes.0,
        it.grounding_minutes.0
    ))?;
    for (what, words) in [
        ("", &it.place),
        ("", &it.address),
        ("", &it.contact),
        ("therapist: ", &it.therapist),
        ("medical provider: ", &it.medical_provider),
        ("", &it.note),
    ] {
        if !words.is_empty() {
            phone.say(&format!("   {what}{words}"))?;
        }
    }
    phone.say(&format!("Eyeshades: {}.", wish(settled.eyeshades)))?;
    phone.say(&format!(
        "Music: {}.{}",
        wish(settled.music),
        after(&[&settled.music_note, &settled.music_link])
    ))?;
    intention::lines(phone, session)?;
    phone.say(&escort(&settled, session.content.at, phone))?;
    for item in ReadinessItem::ALL {
        let tick = if settled.is_done(item, it.at) {
            "x"
        } else {
            " "
        };
        phone.say(&format!(
            "  [{tick}] {:<20} {}",
            item.as_str().replace('_', "-"),
            item.label()
        ))?;
    }
    choose::of_kind::<SessionPreparation>(phone)?;
    phone.say("\nWhat to bring and to wear stands in `guide show session-day`.")?;
    phone.say(match wrote_rules(phone)? {
        true => "What your clinic wrote about eating, drinking or medicines stands in your guides: `guide`.",
        false => {
            "Your clinic has written nothing here about eating, drinking and medicines before a session: ask it."
        }
    })
}

/// Whether the clinic filled a place of the guides that says what to eat, drink and take before a session.
fn wrote_rules(phone: &Phone<'_, '_>) -> Result<bool, PhoneError> {
    let slots = own::all::<GuideSlot>(phone)?;
    let mut standing = slots.iter().map(|view| &view.content);
    Ok(standing.any(|slot| {
        let about = [Slot::EatingAndDrinking, Slot::Medicines].map(Some);
        slot.retired_at.is_none() && about.contains(&slot.known())
    }))
}

const fn wish(wish: Option<bool>) -> &'static str {
    match wish {
        None => "not said yet",
        Some(true) => "yes",
        Some(false) => "no",
    }
}

pub(super) fn after(words: &[&str]) -> String {
    let there: Vec<_> = words
        .iter()
        .filter(|words| !words.is_empty())
        .copied()
        .collect();
    if there.is_empty() {
        String::new()
    } else {
        format!(" {}", there.join("; "))
    }
}

fn escort(settled: &SessionPreparation, begins: Moment, phone: &Phone<'_, '_>) -> String {
    if settled.escort_name.is_empty() {
        return "Who takes you home: not said yet; `session escort NAME`.".to_owned();
    }
    let mode = settled.escort_mode.as_ref().map_or("", EscortMode::label);
    let more = after(&[&settled.escort_phone, mode]);
    let agreed = match settled.ride_confirmed_at(begins) {
        Some(at) => format!("confirmed {}", format::time(at, phone.now)),
        None => "not confirmed yet; `session confirm-escort`".to_owned(),
    };
    format!(
        "Who takes you home: {};{more} ({agreed}).",
        settled.escort_name
    )
}

fn as_value(
    session: &View<DosingSession>,
    settled: &SessionPreparation,
    today: Option<&Today>,
) -> Value {
    let it = &session.content;
    let open: Vec<String> = settled
        .still_open(it.at)
        .iter()
        .map(|open| match open {
            StillOpen::NoRide => "escort".to_owned(),
            StillOpen::RideNotConfirmed => "escort_confirmation".to_owned(),
            StillOpen::Item(item) => item.as_str().to_owned(),
        })
        .collect();
    let done: Vec<&str> = ReadinessItem::ALL
        .iter()
        .filter(|item| settled.is_done(item, it.at))
        .map(ReadinessItem::as_str)
        .chain(settled.done_besides())
        .collect();
    let stage = today.map(|today| match today.stage {
        SessionStage::Before => "before",
        SessionStage::During => "during",
        SessionStage::After => "after",
        SessionStage::NextDay => "next_day",
    });
    json!({
        "id": session.id.to_string(),
        "number": it.number,
        "at": it.at,
        "ends": it.block().ends,
        "minutes": {
            "arrival": it.arrival_minutes.0,
            "medicine": it.medicine_minutes.0,
            "coming_back": it.coming_back_minutes.0,
            "grounding": it.grounding_minutes.0,
        },
        "takes_place": it.takes_place(),
        "place": it.place,
        "address": it.address,
        "contact": it.contact,
        "therapist": it.therapist,
        "medical_provider": it.medical_provider,
        "note": it.note,
        "stage": stage,
        "quiet_until": today.map(|today| today.day.quiet_until),
        "eyeshades": settled.eyeshades,
        "music": settled.music,
        "music_note": settled.music_note,
        "music_link": settled.music_link,
        "escort": {
            "name": settled.escort_name,
            "phone": settled.escort_phone,
            "mode": settled.escort_mode.as_ref().map(EscortMode::as_str),
            "confirmed_at": settled.ride_confirmed_at(it.at),
        },
        "done": done,
        "still_open": open,
    })
}
