//! Who is in the care team, what each may open, who looked, and what somebody outside may be told.

mod as_json;

use chrono::NaiveDate;
use companion_core::domain::release::{AtProgrammeEnd, ReleaseStanding, ReleaseTerms};
use companion_core::domain::{
    Access, EmergencyAccess, Moment, RecordSections, Release, ReleaseRequest,
};
use companion_core::patient::{
    Accepted, OutsideProvider, ReleaseView, RequestAnswer, RequestView, TeamPerson, Told,
    WHO_CAN_READ,
};

use super::{Done, Phone};
use crate::args::team::{Release as Typed, Team, TeamAction};
use crate::error::PhoneError;
use crate::format;

pub(super) fn team(phone: &mut Phone<'_, '_>, asked: Team) -> Done {
    let as_json = asked.shape.json;
    match asked.action {
        None => show(phone, as_json),
        Some(TeamAction::Log) => log(phone, as_json),
        Some(TeamAction::Release(typed)) => {
            let terms = terms(typed, phone.now)?;
            let given = phone.patient.give_release(terms)?;
            said(phone, &given, as_json)
        }
        Some(TeamAction::Narrow {
            what,
            without,
            until,
        }) => {
            let id = phone.find_one::<Release>(&what.id)?;
            let until = until.map(|day| end_of(day, phone.now)).transpose()?;
            let without = without.into_iter().collect();
            let narrowed = phone.patient.narrow_release(id, without, until)?;
            said(phone, &narrowed, as_json)
        }
        Some(TeamAction::Revoke { what, words }) => {
            let id = phone.find_one::<Release>(&what.id)?;
            let taken_back = phone.patient.take_back_release(id, &words.join(" "))?;
            said(phone, &taken_back, as_json)?;
            if as_json {
                return Ok(());
            }
            phone.say(
                "The clinic is told with the next exchange. What was handed over before stays with whoever has it.",
            )
        }
        Some(TeamAction::Requests) => requests(phone, as_json),
        Some(TeamAction::Accept {
            what,
            sections,
            until,
            ends_with_programme,
        }) => {
            let id = phone.find_one::<ReleaseRequest>(&what.id)?;
            let accepted = Accepted {
                sections: (!sections.is_empty()).then(|| sections.into_iter().collect()),
                until: until.map(|day| end_of(day, phone.now)).transpose()?,
                ends_with_programme,
            };
            let given = phone.patient.accept_release(id, accepted)?;
            said(phone, &given, as_json)
        }
        Some(TeamAction::Decline { what, words }) => {
            let id = phone.find_one::<ReleaseRequest>(&what.id)?;
            phone.patient.decline_release(id, &words.join(" "))?;
            if as_json {
                let all = phone.patient.release_requests()?;
                let its = all.iter().find(|one| one.id == id).map(as_json::request);
                return phone.json(&its.into());
            }
            phone.say(
                "Declined. Nothing is told; the clinic reads your answer with the next exchange.",
            )
        }
    }
}

fn terms(typed: Typed, now: Moment) -> Result<ReleaseTerms, PhoneError> {
    Ok(ReleaseTerms {
        provider: typed.to,
        what: typed.what,
        contact: typed.contact,
        sections: typed.sections.into_iter().collect(),
        purpose: typed.purpose,
        until: end_of(typed.until, now)?,
        at_programme_end: if typed.at_programme_end.ends_with_programme {
            AtProgrammeEnd::Ends
        } else {
            AtProgrammeEnd::GoesOn
        },
    })
}

/// The end of a day by this phone's clock: that day still counts.
fn end_of(day: NaiveDate, now: Moment) -> Result<Moment, PhoneError> {
    let midnight = day.succ_opt().and_then(|next| next.and_hms_opt(0, 0, 0));
    let midnight = midnight.ok_or_else(|| PhoneError::Usage("give an earlier day".to_owned()))?;
    Ok(Moment {
        unix_ms: midnight.and_utc().timestamp_millis() - i64::from(now.offset_minutes) * 60_000,
        ..now
    })
}

fn show(phone: &mut Phone<'_, '_>, as_json: bool) -> Done {
    let team = phone.patient.care_team()?;
    let open = phone.patient.release_requests()?.into_iter();
    let open = open.filter(|one| one.answer == RequestAnswer::Open).count();
    if as_json {
        return phone.json(&as_json::team(&team, open));
    }
    match &team.clinic {
        None => phone
            .say("This phone is paired with no clinic: nobody but you can read your record.")?,
        Some(clinic) => phone.say(&format!("At {clinic}:"))?,
    }
    for person in &team.people {
        person_line(phone, person)?;
    }
    if team.clinic.is_some() && team.people.is_empty() {
        phone.say("   The clinic has not said yet who its people are.")?;
    }
    if !team.outside.is_empty() {
        phone.say("Outside the clinic:")?;
    }
    for provider in &team.outside {
        outside_lines(phone, provider)?;
    }
    if open > 0 {
        let count = format::count(open as u64, "request", "requests");
        phone.say(&format!(
            "The clinic has {count} for you: `team requests` shows what it asks to be allowed."
        ))?;
    }
    phone.say("Who can read what:")?;
    for line in WHO_CAN_READ {
        phone.say(&format!("   {line}"))?;
    }
    Ok(())
}

fn person_line(phone: &mut Phone<'_, '_>, person: &TeamPerson) -> Done {
    let part = person.part.as_ref();
    let part = part.map_or_else(String::new, |part| format!("; {part} of your programme"));
    phone.say(&format!("   {} ({}{part})", person.name, person.role))?;
    let opens = match &person.sections {
        None if person.is_listed => "the clinic does not say what they may open".to_owned(),
        None => "not on the clinic's list of people".to_owned(),
        Some(sections) if sections.is_empty() => "may open no section".to_owned(),
        Some(sections) if *sections == RecordSections::all() => "may open every section".to_owned(),
        Some(sections) => format!("may open: {}", sections.in_words()),
    };
    let looked = match person.last_looked {
        Some(at) => format!("looked last {}", format::time(at, phone.now)),
        None => "has not looked".to_owned(),
    };
    phone.say(&format!("      {opens}; {looked}"))
}

fn outside_lines(phone: &mut Phone<'_, '_>, provider: &OutsideProvider) -> Done {
    let contact = match &*provider.contact {
        "" => String::new(),
        contact => format!("; {contact}"),
    };
    phone.say(&format!(
        "   {} ({}{contact})",
        provider.name, provider.what
    ))?;
    if provider.releases.is_empty() {
        phone.say("      you released nothing to them, so they are told nothing")?;
    }
    for release in &provider.releases {
        release_lines(phone, release, "      ")?;
    }
    Ok(())
}

fn release_lines(phone: &mut Phone<'_, '_>, view: &ReleaseView, indent: &str) -> Done {
    let terms = &view.release.terms;
    let sections = match view.sections.is_empty() {
        true => String::new(),
        false => format!(": {}", view.sections.in_words()),
    };
    phone.say(&format!(
        "{indent}{}  {}{sections}",
        format::short(view.id),
        standing(view, phone.now),
    ))?;
    phone.say(&format!(
        "{indent}          for: {}; {}",
        terms.purpose,
        terms.at_programme_end.label()
    ))?;
    if view.standing == ReleaseStanding::InTwoWordings {
        for line in format::wordings(view.id, &view.apart) {
            phone.say(&format!("{indent}{line}"))?;
        }
    }
    Ok(())
}

/// How a release stands, in words.
fn standing(view: &ReleaseView, now: Moment) -> String {
    match view.standing {
        ReleaseStanding::Live => format!("live until {}", format::time(view.until, now)),
        ReleaseStanding::NotBegun { from } => {
            format!("begins {}", format::time(from, now))
        }
        ReleaseStanding::Expired { until } => format!("expired {}", format::time(until, now)),
        ReleaseStanding::TakenBack { at } => format!("taken back {}", format::time(at, now)),
        ReleaseStanding::EndedWithProgramme => "ended with the programme".to_owned(),
        ReleaseStanding::EndedWithAccount => "ended with your account".to_owned(),
        ReleaseStanding::ProgrammeUnknown => {
            "nothing is told, since the programme that it ends with can't be read here".to_owned()
        }
        ReleaseStanding::NothingLeft => {
            "nothing is told, since it was narrowed in several places until nothing was left"
                .to_owned()
        }
        ReleaseStanding::InTwoWordings => {
            "nothing is told until you choose, since it says different things in two places"
                .to_owned()
        }
    }
}

/// One release that was just written.
fn said(phone: &mut Phone<'_, '_>, view: &ReleaseView, as_json: bool) -> Done {
    if as_json {
        return phone.json(&as_json::release(view));
    }
    phone.say(&format!("{}:", view.release.terms.provider))?;
    release_lines(phone, view, "   ")?;
    let delivery = format::delivery(&view.delivery, phone.here()?);
    phone.say(&format!("   {delivery}"))
}

fn requests(phone: &mut Phone<'_, '_>, as_json: bool) -> Done {
    let all = phone.patient.release_requests()?;
    if as_json {
        let all: Vec<_> = all.iter().map(as_json::request).collect();
        return phone.json(&all.into());
    }
    if all.is_empty() {
        return phone.say("The clinic asks for no release.");
    }
    for one in &all {
        request_lines(phone, one)?;
    }
    Ok(())
}

fn request_lines(phone: &mut Phone<'_, '_>, one: &RequestView) -> Done {
    let (asked, now) = (&one.request, phone.now);
    let terms = &asked.terms;
    let answer = match &one.answer {
        RequestAnswer::Open => "waits for your answer".to_owned(),
        RequestAnswer::Given(id) => format!("you gave release {}", format::short(id)),
        RequestAnswer::Declined(no) => format!("you declined {}", format::time(no.at, now)),
        RequestAnswer::TakenBack(at) => {
            format!("the clinic took it back {}", format::time(*at, now))
        }
    };
    phone.say(&format!(
        "{}  {} asks, {}: {answer}",
        format::short(one.id),
        asked.by,
        format::time(asked.at, now)
    ))?;
    phone.say(&format!(
        "          to tell {} ({}): {}",
        terms.provider,
        terms.what,
        terms.sections.in_words()
    ))?;
    phone.say(&format!(
        "          for: {}; until {}; {}",
        terms.purpose,
        format::time(terms.until, now),
        terms.at_programme_end.label()
    ))?;
    if one.answer == RequestAnswer::Open {
        phone.say(
            "          `team accept ID` allows it, with --section or --until less of it; `team decline ID` does not. \
             Both are as good.",
        )?;
    }
    Ok(())
}

fn log(phone: &mut Phone<'_, '_>, as_json: bool) -> Done {
    let looks = phone.patient.access_log()?;
    let told = phone.patient.told_outside()?;
    if as_json {
        return phone.json(&as_json::log(&looks, &told));
    }
    phone.say("Who looked, as the clinic's system wrote it down:")?;
    if looks.is_empty() {
        phone.say("   nobody yet")?;
    }
    for day in &looks {
        look_lines(phone, day)?;
    }
    phone.say("What was told outside the clinic:")?;
    if told.is_empty() {
        phone.say("   nothing")?;
    }
    for one in &told {
        told_line(phone, one)?;
    }
    Ok(())
}

/// The hour, by the clinic's clock.
fn hour(at: &Moment) -> String {
    let at = at.to_chrono();
    at.map_or_else(String::new, |at| at.format("%H:%M").to_string())
}

fn look_lines(phone: &mut Phone<'_, '_>, day: &Access) -> Done {
    phone.say(&format!(
        "   {}  {} ({})",
        day.day.in_words(),
        day.by,
        day.role
    ))?;
    for emergency in day.emergencies.values() {
        for line in emergency_lines(emergency, phone.now) {
            phone.say(&line)?;
        }
    }
    for (section, first) in &day.first {
        let last = day.last.get(section).filter(|last| *last != first);
        let until = last.map_or_else(String::new, |last| format!(" to {}", hour(last)));
        phone.say(&format!(
            "      {}: {}{until}",
            section.label(),
            hour(first)
        ))?;
    }
    Ok(())
}

/// An emergency in which somebody had the record open: from when until when, and what was looked at in it that their
/// role does not show.
fn emergency_lines(one: &EmergencyAccess, now: Moment) -> [String; 2] {
    let begun = format::time(one.begun, now);
    let until = match one.ended {
        Some(ended) => format!(
            "until {}, when it was ended before its time was up",
            format::time(ended, now)
        ),
        None => format!("until {}", format::time(one.until, now)),
    };
    let opened = one.looks.iter();
    let opened: Vec<_> = opened
        .map(|(section, at)| format!("{} {}", section.label(), hour(at)))
        .collect();
    let opened = match opened.is_empty() {
        true => "nothing was looked at that their role does not show".to_owned(),
        false => format!("it alone opened: {}", opened.join(", ")),
    };
    [
        format!("      Emergency: from {begun} {until}"),
        format!("         {opened}"),
    ]
}

fn told_line(phone: &mut Phone<'_, '_>, told: &Told) -> Done {
    let documents = format::count(told.documents.len() as u64, "document", "documents");
    phone.say(&format!(
        "   {}  {}, handed over as a file by {}: {documents} of {} (release {})",
        format::time(told.at, phone.now),
        told.provider,
        told.by,
        told.sections.in_words(),
        format::short(told.release)
    ))
}
