//! Questionnaires: what is offered, and answering one question by question.

use companion_core::domain::measure::{
    Asked, Given, Instrument, Item, ItemNumber, ItemState, MeasureId, Points, Timing,
};
use companion_core::domain::{DocumentId, Response};
use companion_core::patient::MeasureOffer;
use companion_core::records::View;
use serde_json::{Value, json};

use super::{Done, Phone, own, support};
use crate::args::Talk;
use crate::args::care::{MeasureAction, Measures};
use crate::crisis;
use crate::error::PhoneError;
use crate::format;

/// What is said when answers were taken back that somebody may have read already.
const MAY_CALL: &str = "Somebody may call you all the same, to hear how you are.";

pub(super) fn measures(phone: &mut Phone<'_, '_>, asked: Measures) -> Done {
    let as_json = asked.shape.json;
    match asked.action {
        None => list(phone, as_json),
        Some(MeasureAction::Start { measure }) => {
            let measure = MeasureId::from_stored(measure.trim().to_lowercase());
            before_begun(phone, &measure, as_json)?;
            let begun = phone.patient.begin_measure(&measure)?;
            ask(phone, begun, as_json)
        }
        Some(MeasureAction::Resume { what }) => {
            let id = phone.find_one::<Response>(&what.id)?;
            let view = phone.patient.resume_measure(id)?;
            ask(phone, view, as_json)
        }
        Some(MeasureAction::Answer { what, item, points }) => {
            let view = found(phone, &what.id)?;
            let view = give(phone, view.id, item, Given::Points(Points(points)), as_json)?;
            progress(phone, &view, as_json)
        }
        Some(MeasureAction::Skip { what, item }) => {
            let view = found(phone, &what.id)?;
            let view = give(phone, view.id, item, Given::Skipped, as_json)?;
            progress(phone, &view, as_json)
        }
        Some(MeasureAction::Show { what }) => {
            let view = found(phone, &what.id)?;
            show(phone, &view, as_json)
        }
        Some(MeasureAction::Finish { what, share }) => {
            let id = phone.find_one::<Response>(&what.id)?;
            let before = phone.patient.get::<Response>(id)?.content;
            let view = phone.patient.finish_measure(id)?;
            let is_late = before.finished_at.is_none() && before.is_past_its_time(phone.now);
            if is_late && !as_json {
                phone.say(&format!(
                    "These answers were begun on {}, longer ago than the questions ask about, so they are kept as of \
                     {}. `measure start {}` asks about now.",
                    format::time(before.at, phone.now),
                    format::time(view.content.answered_at(), phone.now),
                    before.measure
                ))?;
            }
            if share {
                return share_one(phone, view.id, Talk::default(), as_json);
            }
            show(phone, &view, as_json)
        }
        Some(MeasureAction::Share { what, talk }) => {
            let id = phone.find_one::<Response>(&what.id)?;
            share_one(phone, id, talk, as_json)
        }
        Some(MeasureAction::Withdraw(gone)) => {
            let back = own::withdraw::<Response>(phone, &gone, as_json)?;
            let is_known = back
                .view()
                .is_some_and(|it| it.content.tells_of_harm().is_some());
            back.shown(phone, as_json, show)?;
            if is_known && !as_json {
                phone.say(MAY_CALL)?;
            }
            Ok(())
        }
        Some(MeasureAction::Delete(gone)) => {
            let now = phone.now;
            let name = |view: &View<Response>| {
                let deleted = &view.content;
                let at = format::time(deleted.answered_at(), now);
                format!("{}, {at}", deleted.measure).into()
            };
            let deleted = own::delete(phone, &gone, as_json, name)?;
            match deleted {
                Some(view) if view.shared && view.content.tells_of_harm().is_some() && !as_json => {
                    phone.say(MAY_CALL)
                }
                _ => Ok(()),
            }
        }
    }
}

fn list(phone: &mut Phone<'_, '_>, as_json: bool) -> Done {
    let offers = phone.patient.measures()?;
    if as_json {
        let all: Vec<Value> = offers.iter().map(offer_as_json).collect();
        return phone.json(&json!(all));
    }
    let now = phone.now;
    for offer in &offers {
        let instrument = offer.instrument;
        let questions = instrument.questions().count();
        phone.say(&format!(
            "{:<8}  {}: {questions} questions about {}; {}",
            instrument.id.as_str(),
            instrument.short_name,
            instrument.recall.label(),
            when(offer)
        ))?;
        for answered in &offer.answered {
            phone.say(&format!(
                "          {}  answered {}; `measure show {}`{}",
                format::short(answered.id),
                format::time(answered.content.answered_at(), now),
                format::short(answered.id),
                format::in_two_wordings(answered)
            ))?;
        }
        for open in &offer.open {
            let begun = format::time(open.content.at, phone.now);
            let id = format::short(open.id);
            let goes_on = match &offer.now {
                _ if open.content.is_past_its_time(now) => format!(
                    "; longer ago than it asks about: `measure start {}` begins anew, `measure finish {id}` keeps \
                     these answers as they are, of their own time",
                    instrument.id.as_str()
                ),
                Ok(()) => format!("; `measure resume {id}` goes on"),
                Err(_) => String::new(),
            };
            phone.say(&format!("          begun {begun}{goes_on}"))?;
        }
    }
    phone.say("\nA total is a number to talk about, and no diagnosis.")?;
    phone.say(crisis::POINTER)
}

/// What to know before one is begun: that one is open already, which is gone on with instead, and that it was answered
/// lately, which bars nobody.
fn before_begun(phone: &mut Phone<'_, '_>, measure: &MeasureId, as_json: bool) -> Done {
    let mut offers = phone.patient.measures()?.into_iter();
    let Some(offer) = offers.find(|offer| offer.instrument.id == *measure && offer.now.is_ok())
    else {
        return Ok(());
    };
    let mut open = offer.open.iter();
    if let Some(open) = open.find(|open| !open.content.is_past_its_time(phone.now)) {
        let id = format::short(open.id);
        return Err(PhoneError::NotDone(format!(
            "you began this on {} and have not finished it: `measure resume {id}` goes on. To begin anew, \
             `measure delete {id}` first, or `measure finish {id}`",
            format::time(open.content.at, phone.now)
        )));
    }
    match offer.timing {
        Timing::TooSoon { .. } if !as_json => {
            phone.say(&format::sentence(&format!("you {}", when(&offer))))
        }
        _ => Ok(()),
    }
}

/// Whether it can be answered now, in words.
fn when(offer: &MeasureOffer) -> String {
    if let Err(why) = &offer.now {
        return format!("not offered now: {why}");
    }
    let on = |day: &Option<chrono::NaiveDate>| day.map(format::day).unwrap_or_default();
    match &offer.timing {
        Timing::First => "not answered yet".to_owned(),
        Timing::Due => "can be answered again".to_owned(),
        Timing::Early { usual_on } => format!("usually asked again on {}", on(usual_on)),
        Timing::TooSoon { soonest } => {
            format!(
                "answered lately: before {} it would ask about the same days",
                on(soonest)
            )
        }
        Timing::LastLiesAhead => "the last answer is dated after this phone's clock".to_owned(),
    }
}

fn offer_as_json(offer: &MeasureOffer) -> Value {
    let open: Vec<_> = offer.open.iter().map(|view| view.id.to_string()).collect();
    let answered = offer
        .answered
        .iter()
        .map(|view| json!({"id": view.id.to_string(), "at": view.content.answered_at()}));
    let answered: Vec<Value> = answered.collect();
    json!({
        "measure": offer.instrument.id.as_str(),
        "version": offer.instrument.version.0,
        "name": offer.instrument.name,
        "questions": offer.instrument.questions().count(),
        "offered": offer.now.is_ok(),
        "why_not": offer.now.err().map(|why| why.to_string()),
        "timing": when(offer),
        "last": offer.last,
        "answered": answered,
        "open": open,
    })
}

/// Asks what is open, one question after the other, until somebody stops or there is nothing left.
fn ask(phone: &mut Phone<'_, '_>, mut view: View<Response>, as_json: bool) -> Done {
    let instrument = view
        .content
        .instrument()
        .map_err(|error| PhoneError::NotDone(error.to_string()))?;
    if !as_json {
        phone.say(&format!("{}\n{}", instrument.name, instrument.instructions))?;
    }
    while let Some(item) = view.content.next_item() {
        if !as_json {
            question(phone, instrument, item)?;
        }
        let line = phone.read_line()?;
        let given = match line.as_str() {
            "" => break,
            "s" | "skip" => Some(Given::Skipped),
            line => line
                .parse()
                .ok()
                .map(|points| Given::Points(Points(points))),
        };
        match given.filter(|given| is_offered(item, *given)) {
            Some(given) => view = give(phone, view.id, item.number.number(), given, as_json)?,
            None => {
                let odd = "that is none of the answers; `s` skips, an empty line stops";
                if !phone.terminal.asks {
                    // A script can't be asked again: with its next line it would answer another question.
                    return Err(PhoneError::Usage(format!(
                        "{odd}. What was answered before is kept; `measure resume {}` goes on with question {}",
                        format::short(view.id),
                        item.number
                    )));
                }
                phone.ask(&format::sentence(odd))?;
            }
        }
    }
    progress(phone, &view, as_json)
}

fn is_offered(item: &Item, given: Given) -> bool {
    match given {
        Given::Points(points) => item.choice(points).is_some(),
        Given::Skipped => true,
    }
}

fn question(phone: &mut Phone<'_, '_>, instrument: &Instrument, item: &Item) -> Done {
    let stem = instrument
        .stem
        .filter(|_| item.asked != Asked::BesideIfAnyProblem);
    if let Some(stem) = stem {
        phone.say(&format!("\n{stem}"))?;
    }
    phone.say(&format!("{}. {}", item.number, item.text))?;
    for choice in item.choices {
        let words = match choice.says_its_number() {
            true => choice.text.to_owned(),
            false => format!("{}  {}", choice.points, choice.text),
        };
        phone.say(&format!("   {words}"))?;
    }
    Ok(())
}

/// Saves an answer. One about thoughts of death or harm is met at once, and not when all is answered.
fn give(
    phone: &mut Phone<'_, '_>,
    response: DocumentId,
    item: u8,
    given: Given,
    as_json: bool,
) -> Result<View<Response>, PhoneError> {
    let number = ItemNumber::new(item).map_err(|error| PhoneError::Usage(error.to_string()))?;
    let view = phone.patient.answer_item(response, number, given)?;
    if !as_json && view.content.tells_of_harm() == Some(number) {
        phone.say("\nThank you for saying so.")?;
        help_now(phone, &view)?;
    }
    Ok(view)
}

/// The card, and whether anybody will see what was answered.
fn help_now(phone: &mut Phone<'_, '_>, view: &View<Response>) -> Done {
    phone.say("If you are in danger or think about ending your life, talk to somebody now:")?;
    support::card(phone)?;
    let sees = support::who_sees(phone, &view.delivery)?;
    let call = support::to_be_called(phone, "phone contact ask")?;
    phone.say(&format!(
        "{sees}\nYour safety plan: `phone safety`. {call}\n"
    ))
}

/// How far a questionnaire is.
fn progress(phone: &mut Phone<'_, '_>, view: &View<Response>, as_json: bool) -> Done {
    if as_json {
        return show(phone, view, true);
    }
    let id = format::short(view.id);
    match view.content.next_item() {
        Some(item) => phone.say(&format!(
            "{id}  saved; question {} is next: `measure resume {id}`",
            item.number
        )),
        None if view.content.finished_at.is_some() => show(phone, view, false),
        None => phone.say(&format!(
            "{id}  saved; all questions were reached: `measure finish {id}`"
        )),
    }
}

fn show(phone: &mut Phone<'_, '_>, view: &View<Response>, as_json: bool) -> Done {
    let response = &view.content;
    if as_json {
        let answers: serde_json::Map<String, Value> = response
            .answers
            .written()
            .map(|(item, value)| (item.to_owned(), value.clone()))
            .collect();
        let score = response.score();
        return phone.json(&json!({
            "id": view.id.to_string(),
            "measure": response.measure.as_str(),
            "version": response.version.0,
            "answers": answers,
            "next": response.next_item().map(|item| item.number.number()),
            "finished_at": response.finished_at,
            "total": score.as_ref().ok().map(|score| score.total()),
            "no_total": score.err().map(|why| why.to_string()),
            "harm": response.tells_of_harm().map(ItemNumber::number),
            "help": support::as_value(phone)?,
            "who_sees": support::who_sees(phone, &view.delivery)?,
            "visibility": response.visibility.as_str(),
            "delivery": format::delivery(&view.delivery, phone.here()?),
        }));
    }
    let here = phone.here()?;
    phone.say(&format!(
        "{}  {}, {}{}",
        format::short(view.id),
        response.measure,
        format::time(response.answered_at(), here.now),
        format::in_two_wordings(view)
    ))?;
    if let (Ok(instrument), Ok(answers)) = (response.instrument(), response.read()) {
        for item in instrument.items {
            let state = match answers.state(item) {
                ItemState::Answered(points) => match item.choice(points) {
                    Some(choice) if choice.says_its_number() => choice.text.to_owned(),
                    Some(choice) => format!("{}: {}", points, choice.text),
                    None => points.to_string(),
                },
                ItemState::Apart(_) => {
                    let each = answers
                        .given_apart(item)
                        .into_iter()
                        .map(|given| match given {
                            Some(Given::Points(points)) => points.to_string(),
                            Some(Given::Skipped) | None => "skipped".to_owned(),
                        });
                    let each: Vec<String> = each.collect();
                    format!(
                        "answered differently on two phones: {}; answer it again to choose",
                        each.join(" and ")
                    )
                }
                ItemState::Skipped => "skipped".to_owned(),
                ItemState::Open => continue,
                ItemState::Unreadable => "an answer that this version can't read".to_owned(),
            };
            phone.say(&format!("  {}. {}\n     {state}", item.number, item.text))?;
        }
        match response.score() {
            Ok(score) => phone.say(&format!(
                "Total: {} of {}.",
                score.total(),
                instrument.most()
            ))?,
            Err(why) => phone.say(&format!("No total; {why}."))?,
        }
    }
    phone.say(&format!(
        "Where it is: {}.",
        format::delivery(&view.delivery, here)
    ))?;
    match response.tells_of_harm() {
        Some(_) => help_now(phone, view),
        None => phone.say(crisis::POINTER),
    }
}

fn share_one(phone: &mut Phone<'_, '_>, id: DocumentId, talk: Talk, as_json: bool) -> Done {
    let view = own::share::<Response>(phone, id, talk)?;
    show(phone, &view, as_json)
}

/// The response whose id begins with what was typed.
fn found(phone: &Phone<'_, '_>, typed: &str) -> Result<View<Response>, PhoneError> {
    let id = phone.find_one::<Response>(typed)?;
    Ok(phone.patient.get::<Response>(id)?)
}
