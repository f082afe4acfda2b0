//! The questions on craving, use outside the plan and the bladder. Nothing is counted, and no answer is judged.

use companion_core::domain::UseCheck;
use companion_core::domain::use_check::UseAnswer;
use companion_core::domain::use_questions::UseQuestion;
use companion_core::records::View;
use serde_json::{Value, json};

use super::{Done, Phone, own, support};
use crate::args::use_check::{Use, UseAction};
use crate::crisis;
use crate::error::PhoneError;
use crate::format;

pub(super) fn use_check(phone: &mut Phone<'_, '_>, asked: Use) -> Done {
    let as_json = asked.shape.json;
    match asked.action {
        None => list(phone, as_json),
        Some(UseAction::Answer {
            craving,
            outside_plan,
            bladder,
            words,
        }) => {
            let given = [
                (UseQuestion::Craving, craving),
                (UseQuestion::OutsidePlan, outside_plan),
                (UseQuestion::Bladder, bladder),
            ];
            let given = given.into_iter();
            let mut answers: Vec<_> = given
                .filter_map(|(question, answer)| Some((question, answer?.into())))
                .collect();
            if answers.is_empty() && words.is_empty() {
                answers = ask(phone, as_json)?;
            }
            let view = phone.patient.check_use(&answers, &words.join(" "))?;
            show(phone, &view, as_json)
        }
        Some(UseAction::Share { what, talk }) => {
            let id = phone.find_one::<UseCheck>(&what.id)?;
            let view = own::share::<UseCheck>(phone, id, talk)?;
            show(phone, &view, as_json)
        }
        Some(UseAction::Withdraw(gone)) => {
            own::withdraw::<UseCheck>(phone, &gone, as_json)?.shown(phone, as_json, show)
        }
        Some(UseAction::Delete(gone)) => {
            let now = phone.now;
            let name = |view: &View<UseCheck>| {
                format!("your answers of {}", format::time(view.content.at, now)).into()
            };
            own::delete(phone, &gone, as_json, name).map(drop)
        }
    }
}

/// What a glance shows: that the clinic wants the questions to be asked from time to time, and it is time.
pub(super) fn glance(phone: &mut Phone<'_, '_>) -> Done {
    if phone.patient.use_questions_are_due()? {
        phone.say("Three short questions are here, if you like; your answers are only yours until you share them: see `use`.")?;
    }
    Ok(())
}

/// Asks one question after the other; an empty line leaves one open.
fn ask(
    phone: &mut Phone<'_, '_>,
    as_json: bool,
) -> Result<Vec<(UseQuestion, UseAnswer)>, PhoneError> {
    let mut answers = Vec::new();
    for (question, words) in phone.patient.use_questions()? {
        if !as_json {
            phone.say(&format!(
                "{words}\n   y  yes\n   n  no\n   r  rather not say"
            ))?;
        }
        if let Some(answer) = answer(phone)? {
            answers.push((question, answer));
        }
    }
    Ok(answers)
}

/// One answer, asked for again as long as none was understood; `None` where the question is left open.
fn answer(phone: &mut Phone<'_, '_>) -> Result<Option<UseAnswer>, PhoneError> {
    loop {
        return Ok(Some(match &*phone.read_line()?.to_lowercase() {
            "" => return Ok(None),
            "y" | "yes" => UseAnswer::Yes,
            "n" | "no" => UseAnswer::No,
            "r" | "rather not say" => UseAnswer::RatherNotSay,
            _ if phone.terminal.asks => {
                phone.ask("Answer y, n or r; an empty line leaves the question open.")?;
                continue;
            }
            // A script can't be asked again: with its next line it would answer another question.
            _ => {
                let odd =
                    "answer y, n or r; an empty line leaves a question open. Nothing was saved";
                return Err(PhoneError::Usage(odd.to_owned()));
            }
        }));
    }
}

fn list(phone: &mut Phone<'_, '_>, as_json: bool) -> Done {
    let questions = phone.patient.use_questions()?;
    let all = own::all::<UseCheck>(phone)?;
    if as_json {
        let questions: serde_json::Map<String, Value> = questions
            .iter()
            .map(|(question, words)| (question.as_str().to_owned(), words.clone().into()))
            .collect();
        let answers: Result<Vec<Value>, PhoneError> =
            all.iter().map(|view| as_value(phone, view)).collect();
        return phone.json(&json!({"questions": questions, "answers": answers?}));
    }
    for (_, words) in &questions {
        phone.say(words)?;
    }
    phone.say("\n`use answer` asks them. Your answers are only yours until you share them.")?;
    for view in &all {
        phone.say("")?;
        told(phone, view)?;
    }
    phone.say("\nWhy they are asked: `guide show misuse-and-bladder`, which nobody is told that you read.")
}

fn show(phone: &mut Phone<'_, '_>, view: &View<UseCheck>, as_json: bool) -> Done {
    if as_json {
        let value = as_value(phone, view)?;
        return phone.json(&value);
    }
    let said_yes = UseQuestion::ALL
        .into_iter()
        .any(|question| view.content.answer(question) == Some(&UseAnswer::Yes));
    told(phone, view)?;
    if said_yes {
        let sees = support::who_sees(phone, &view.delivery)?;
        phone.say(&format!("Thank you for saying so. {sees}"))?;
        let id = format::short(view.id);
        let call = support::to_be_called(phone, "contact ask")?;
        phone.say(&match view.shared || phone.is_out()? {
            false => format!("To let your clinic know: `use share {id}`. {call}"),
            true => call,
        })?;
    }
    phone.say(crisis::POINTER)
}

fn told(phone: &mut Phone<'_, '_>, view: &View<UseCheck>) -> Done {
    let it = &view.content;
    phone.say(&format!(
        "{}  {}; {}{}",
        format::short(view.id),
        format::time(it.at, phone.now),
        format::delivery(&view.delivery, phone.here()?),
        format::in_two_wordings(view)
    ))?;
    for question in UseQuestion::ALL {
        if let Some(answer) = it.answer(question) {
            phone.say(&format!(
                "  {}\n     {}",
                it.asked(question),
                answer.label()
            ))?;
        }
    }
    if !it.words.is_empty() {
        phone.say(&format!("  {}", it.words))?;
    }
    Ok(())
}

fn as_value(phone: &Phone<'_, '_>, view: &View<UseCheck>) -> Result<Value, PhoneError> {
    let it = &view.content;
    let answers: serde_json::Map<String, Value> = UseQuestion::ALL
        .into_iter()
        .map(|question| {
            let answer = it.answer(question).map(UseAnswer::as_str);
            let value = json!({"asked": it.asked(question), "answer": answer});
            (question.as_str().to_owned(), value)
        })
        .collect();
    Ok(json!({
        "id": view.id.to_string(),
        "at": it.at,
        "answers": answers,
        "words": it.words,
        "visibility": it.visibility.as_str(),
        "delivery": format::delivery(&view.delivery, phone.here()?),
        "who_sees": support::who_sees(phone, &view.delivery)?,
    }))
}
