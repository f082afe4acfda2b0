//! Guides: what is due now and next, one of them as text, and how far the patient is.

use companion_core::CoreError;
use companion_core::domain::guide::model::tasks_of;
use companion_core::domain::guide::{Assigned, Desk, Language, Pack, TaskId, When, help, plain};
use companion_core::patient::{GuideMark, PairingState};
use serde_json::{Value, json};

use super::{Done, Phone, language, standing};
use crate::args::care::{GuideAction, Guides};
use crate::error::PhoneError;
use crate::format;

/// How wide a guide is shown, in characters.
const WIDTH: usize = 80;

pub(super) fn guides(phone: &mut Phone<'_, '_>, asked: Guides) -> Done {
    let pack = Pack::ketamine().map_err(|error| PhoneError::NotDone(error.to_string()))?;
    let (typed, as_json) = (asked.language, asked.shape.json);
    let language = language::reading(phone, typed.as_ref())?;
    let desk = phone.patient.guides(&pack, &language)?;
    let done = match asked.action {
        None => list(phone, &desk, as_json),
        Some(GuideAction::Show { guide }) => {
            let guide = named(&desk, &guide)?;
            // Somebody without a clinic reads as well; nobody has to know.
            let is_told = match phone.patient.mark_guide(guide, &GuideMark::Opened) {
                Ok(is_told) => is_told,
                Err(CoreError::NotPaired) => false,
                Err(error) => return Err(error.into()),
            };
            show(phone, guide, &language, as_json)?;
            // Once: whoever opens it again was told.
            let is_first = !guide.done.opened.contains(&guide.shown.edition);
            if is_told && is_first && !as_json && !phone.is_out()? {
                phone.say("\nYour clinic is told that you opened this guide.")?;
            }
            Ok(())
        }
        Some(GuideAction::Tick { guide, task }) => {
            let guide = named(&desk, &guide)?;
            let task = task_of(guide, &task)?;
            mark(phone, guide, &GuideMark::Ticked(task), "Ticked.")
        }
        Some(GuideAction::Untick { guide, task }) => {
            let guide = named(&desk, &guide)?;
            let task = task_of(guide, &task)?;
            mark(
                phone,
                guide,
                &GuideMark::Unticked(task),
                "Not ticked any more.",
            )
        }
        Some(GuideAction::Finish { guide }) => {
            let guide = named(&desk, &guide)?;
            mark(
                phone,
                guide,
                &GuideMark::Finished,
                "You are done with it. It stays here to look up.",
            )
        }
    };
    done?;
    language::remember(phone, typed.as_ref(), as_json)
}

fn list(phone: &mut Phone<'_, '_>, desk: &Desk, as_json: bool) -> Done {
    if as_json {
        let all = |guides: &[Assigned]| guides.iter().map(as_value).collect::<Vec<_>>();
        return phone.json(&json!({
            "now": all(&desk.now),
            "next": all(&desk.next),
            "shelf": all(&desk.shelf),
        }));
    }
    for (heading, guides) in [
        ("Now", &desk.now),
        ("Next", &desk.next),
        ("To look up", &desk.shelf),
    ] {
        if guides.is_empty() {
            continue;
        }
        phone.say(&format!("{heading}:"))?;
        for guide in guides {
            phone.say(&line(guide))?;
        }
    }
    phone.say("\n`guide show NAME` opens one.")?;
    let status = phone.patient.status()?;
    // What is opened while a phone waits is told once it is let in.
    match status.pairing {
        PairingState::Waiting { .. } | PairingState::Paired { .. } => {
            phone.say(&told(&standing::clinic(&status)))
        }
        PairingState::Alone
        | PairingState::NotLetIn
        | PairingState::Removed
        | PairingState::Ended { .. }
        | PairingState::Forgotten => Ok(()),
    }
}

/// What a clinic learns of reading, without anything being shared.
pub(super) fn told(clinic: &str) -> String {
    format!(
        "Told to {clinic}: which guides you open and finish, and what you tick in them. Of `misuse-and-bladder` \
         nothing is told."
    )
}

fn line(guide: &Assigned) -> String {
    let shown = &guide.shown;
    let when = match guide.when {
        When::From(day) => format!("; from {}", format::day(day)),
        When::InPhase(phase) => format!("; in the phase \u{201c}{}\u{201d}", phase.label()),
        When::Now | When::AnyTime => String::new(),
    };
    let done = if guide.done.finished.is_empty() {
        ""
    } else {
        "; done"
    };
    format!(
        "  {:<22} {}, about {} min{when}{done}",
        shown.guide.id.as_str(),
        shown.guide.title,
        shown.estimate.read.0
    )
}

fn as_value(guide: &Assigned) -> Value {
    let shown = &guide.shown;
    let ticked: Vec<_> = guide.done.ticked.iter().map(TaskId::as_str).collect();
    let tasks = tasks_of(&shown.guide.blocks);
    json!({
        "guide": shown.guide.id.as_str(),
        "title": shown.guide.title,
        "language": shown.guide.language.as_str(),
        "edition": shown.edition.to_string(),
        "stage": shown.guide.stage.as_str(),
        "read_minutes": shown.estimate.read.0,
        "listen_minutes": shown.estimate.listen.0,
        "from": match guide.when { When::From(day) => Some(day), _ => None },
        "due": guide.due.to_string(),
        "tasks": tasks.iter().map(TaskId::as_str).collect::<Vec<_>>(),
        "ticked": ticked,
        "finished": !guide.done.finished.is_empty(),
    })
}

fn show(phone: &mut Phone<'_, '_>, guide: &Assigned, language: &Language, as_json: bool) -> Done {
    let text = plain(
        &guide.shown,
        &guide.done.ticked,
        &help::UNITED_STATES,
        language,
        WIDTH,
    );
    if as_json {
        let mut value = as_value(guide);
        if let Some(fields) = value.as_object_mut() {
            fields.insert("text".to_owned(), text.into());
        }
        return phone.json(&value);
    }
    phone.say(text.trim_end())?;
    let tasks = tasks_of(&guide.shown.guide.blocks);
    if tasks.is_empty() {
        return Ok(());
    }
    let tasks: Vec<_> = tasks.iter().map(TaskId::as_str).collect();
    phone.say(&format!(
        "\n`guide tick {} TASK` ticks one of: {}.",
        guide.shown.guide.id,
        tasks.join(", ")
    ))
}

fn named<'a>(desk: &'a Desk, name: &str) -> Result<&'a Assigned, PhoneError> {
    let all = || desk.now.iter().chain(&desk.next).chain(&desk.shelf);
    let found = all().find(|guide| guide.shown.guide.id.as_str() == name.trim());
    found.ok_or_else(|| {
        let names: Vec<_> = all().map(|guide| guide.shown.guide.id.as_str()).collect();
        PhoneError::Usage(format!(
            "there is no guide {name:?} for you now; there is {}",
            names.join(", ")
        ))
    })
}

fn task_of(guide: &Assigned, name: &str) -> Result<TaskId, PhoneError> {
    let tasks = tasks_of(&guide.shown.guide.blocks);
    let found = tasks.iter().find(|task| task.as_str() == name.trim());
    found.cloned().ok_or_else(|| {
        let names: Vec<_> = tasks.iter().map(TaskId::as_str).collect();
        PhoneError::Usage(format!(
            "that guide has no task {name:?}; it has {}",
            names.join(", ")
        ))
    })
}

fn mark(phone: &mut Phone<'_, '_>, guide: &Assigned, mark: &GuideMark, said: &str) -> Done {
    if phone.patient.mark_guide(guide, mark)? {
        phone.say(said)
    } else {
        phone.say("Nothing is kept of this guide, so that you can look it up unseen.")
    }
}
