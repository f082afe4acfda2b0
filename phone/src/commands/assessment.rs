//! The five sections of the assessment: drafted here alone, and shared one by one.

use companion_core::domain::assessment_section::Section;
use companion_core::domain::{AssessmentSection, DocumentId, Visibility};
use companion_core::records::View;
use serde_json::{Value, json};

use super::asked::Asked;
use super::own::Called;
use super::{Done, Phone, own};
use crate::args::assessment::{Assessment, AssessmentAction};
use crate::crisis;
use crate::error::PhoneError;
use crate::format;

pub(super) fn assessment(phone: &mut Phone<'_, '_>, asked: Assessment) -> Done {
    let as_json = asked.shape.json;
    match asked.action {
        None => list(phone, as_json),
        Some(AssessmentAction::Show { section }) => {
            let all = of(phone, section.into())?;
            for view in some(&all, section.into())? {
                show(phone, view, as_json)?;
            }
            Ok(())
        }
        Some(AssessmentAction::Write { section, text }) => {
            write(phone, section.into(), &text, as_json)
        }
        Some(AssessmentAction::Share { section, talk }) => {
            let all = of(phone, section.into())?;
            for view in some(&all, section.into())? {
                let shared = own::share::<AssessmentSection>(phone, view.id, talk)?;
                line(phone, &shared, as_json)?;
            }
            Ok(())
        }
        Some(AssessmentAction::Withdraw { section, sure }) => {
            let asked = Asked::of(sure, as_json)?;
            let ids = ids(phone, section.into())?;
            let back = own::withdraw_all::<AssessmentSection>(phone, &ids, asked)?;
            back.shown(phone, as_json, line)
        }
        Some(AssessmentAction::Delete { section, sure }) => {
            let (asked, section) = (Asked::of(sure, as_json)?, section.into());
            let ids = ids(phone, section)?;
            let called = Called {
                shown: section.label().to_owned(),
                word: section.as_str().to_owned(),
            };
            own::delete_all::<AssessmentSection>(phone, &ids, asked, &called).map(drop)
        }
    }
}

/// All that was written in a section, which must be something.
fn ids(phone: &Phone<'_, '_>, section: Section) -> Result<Vec<DocumentId>, PhoneError> {
    let all = of(phone, section)?;
    Ok(some(&all, section)?.iter().map(|view| view.id).collect())
}

/// What was written in a section, newest first. Two phones that began it apart wrote two.
fn of(phone: &Phone<'_, '_>, section: Section) -> Result<Vec<View<AssessmentSection>>, PhoneError> {
    let mut all = own::all::<AssessmentSection>(phone)?;
    all.retain(|view| view.content.section == section);
    Ok(all)
}

/// The same, where there is something.
fn some(
    all: &[View<AssessmentSection>],
    section: Section,
) -> Result<&[View<AssessmentSection>], PhoneError> {
    if all.is_empty() {
        return Err(PhoneError::NotDone(format!(
            "nothing is written there yet: `assessment write {}`",
            word(section)
        )));
    }
    Ok(all)
}

fn word(section: Section) -> String {
    section.as_str().replace('_', "-")
}

fn write(phone: &mut Phone<'_, '_>, section: Section, typed: &[String], as_json: bool) -> Done {
    let before = of(phone, section)?;
    let before = before.first();
    let text = match typed {
        [] => {
            if before.is_some_and(|before| before.shared) {
                phone.ask(
                    "Your care team reads this section: what you write now reaches it as well.",
                )?;
            }
            phone.ask(&format!(
                "{}. Write it, and end it with Ctrl-D on a line of its own.",
                section.label()
            ))?;
            phone.read_all()?
        }
        words => words.join(" "),
    };
    let view = match before {
        Some(before) => {
            phone
                .patient
                .edit::<AssessmentSection>(before.id, &before.revision, |it| it.text = text)?
        }
        None => phone.patient.create(AssessmentSection {
            section,
            text,
            visibility: Visibility::OnlyMe,
            at: phone.now,
        })?,
    };
    line(phone, &view, as_json)?;
    if as_json {
        return Ok(());
    }
    if view.shared {
        phone.say(&format!(
            "You share this section, so your care team reads what it says now, from the next sync on. \
             `assessment withdraw {}` takes it back.",
            word(section)
        ))?;
    }
    phone.say(crisis::POINTER)
}

fn list(phone: &mut Phone<'_, '_>, as_json: bool) -> Done {
    let all = own::all::<AssessmentSection>(phone)?;
    if as_json {
        let values: Result<Vec<Value>, PhoneError> =
            all.iter().map(|view| as_value(phone, view)).collect();
        let sections = Section::ALL
            .map(|section| json!({"section": section.as_str(), "label": section.label()}));
        return phone.json(&json!({"sections": sections, "written": values?}));
    }
    phone.say(
        "Write what you like, in any order, before your visit. Only you see it until you share it.",
    )?;
    for section in Section::ALL {
        let mut written = all.iter().filter(|view| view.content.section == section);
        let Some(first) = written.next() else {
            phone.say(&format!(
                "{:<20} {}; nothing yet",
                word(section),
                section.label()
            ))?;
            continue;
        };
        line(phone, first, false)?;
        for view in written {
            line(phone, view, false)?;
        }
    }
    phone.say("\n`assessment write SECTION` writes one; `assessment share SECTION` lets your care team read it.")
}

fn line(phone: &mut Phone<'_, '_>, view: &View<AssessmentSection>, as_json: bool) -> Done {
    if as_json {
        let value = as_value(phone, view)?;
        return phone.json(&value);
    }
    let section = view.content.section;
    phone.say(&format!(
        "{:<20} {}; {}{}",
        word(section),
        section.label(),
        format::delivery(&view.delivery, phone.here()?),
        format::in_two_wordings(view)
    ))
}

fn show(phone: &mut Phone<'_, '_>, view: &View<AssessmentSection>, as_json: bool) -> Done {
    line(phone, view, as_json)?;
    if as_json {
        return Ok(());
    }
    phone.say(&view.content.text)
}

fn as_value(phone: &Phone<'_, '_>, view: &View<AssessmentSection>) -> Result<Value, PhoneError> {
    let it = &view.content;
    Ok(json!({
        "id": view.id.to_string(),
        "section": it.section.as_str(),
        "text": it.text,
        "at": it.at,
        "visibility": it.visibility.as_str(),
        "delivery": format::delivery(&view.delivery, phone.here()?),
    }))
}
