//! The blanks in the words of a rule, and what fills them.

use super::notification::About;
use super::plan::Planner;
use crate::domain::{Moment, Zone};

const BLANKS: [&str; 4] = ["time", "date", "when", "place"];
/// What `{place}` says where no place is named.
const SOMEWHERE: &str = "at the clinic";
/// A reminder may be shown on another day than it was meant for: so a day is told from the one that it is
/// shown on.
const TODAY: &str = "today";
const TOMORROW: &str = "tomorrow";
/// Behind a time that is another one where the person is.
const BY_THE_CLINIC: &str = " by the clinic’s clock";
/// Where there is no session or visit that could say a time or a day.
const UNTOLD: &str = "…";

/// The first blank that nothing fills, without its braces. A brace alone is one as well.
pub(super) fn unknown_blank(words: &str) -> Option<&str> {
    let mut rest = words;
    loop {
        let Some((before, after)) = rest.split_once('{') else {
            return rest.contains('}').then_some("}");
        };
        if before.contains('}') {
            return Some("}");
        }
        let Some((blank, behind)) = after.split_once('}') else {
            return Some(after);
        };
        if !BLANKS.contains(&blank) {
            return Some(blank);
        }
        rest = behind;
    }
}

/// The words with their blanks filled.
pub(super) fn filled(words: &str, planner: &Planner<'_>, about: About, shown: Moment) -> String {
    if !words.contains('{') {
        return words.to_owned();
    }
    let (starts, place) = planner.subject(about);
    let clinic_zone = planner.rules.clinic_zone.as_ref();
    let by_the_clinic = starts.and_then(|starts| written(starts, clinic_zone, planner.zone));
    let (date, time) = by_the_clinic.unwrap_or((UNTOLD.to_owned(), UNTOLD.to_owned()));
    let place = if place.is_empty() { SOMEWHERE } else { place };
    let when = starts.and_then(|starts| days_to(starts, shown, planner.zone));
    let when = match when {
        Some(0) => TODAY.to_owned(),
        Some(1) => TOMORROW.to_owned(),
        _ => format!("on {date}"),
    };
    // One pass: what a place is called is never read for blanks.
    let mut text = String::with_capacity(words.len() + place.len());
    for (index, part) in words.split('{').enumerate() {
        match part.split_once('}') {
            Some((blank, behind)) if index > 0 => {
                text.push_str(match blank {
                    "time" => &time,
                    "date" => &date,
                    "when" => &when,
                    _ => place,
                });
                text.push_str(behind);
            }
            _ => text.push_str(part),
        }
    }
    text
}

/// How many days it is to then, by the calendar of the person who reads it.
fn days_to(starts: Moment, shown: Moment, here: &Zone) -> Option<i64> {
    let day = |moment: Moment| here.local(moment.unix_ms).map(|local| local.date());
    Some(day(starts)?.signed_duration_since(day(shown)?).num_days())
}

/// The day and the time on the clinic's wall; and that it is the clinic's, where the person's shows another.
fn written(starts: Moment, clinic_zone: Option<&Zone>, here: &Zone) -> Option<(String, String)> {
    let there = match clinic_zone {
        Some(zone) => zone.moment(starts.unix_ms)?,
        None => starts,
    };
    let there = there.to_chrono()?;
    let is_the_same = here.local(starts.unix_ms) == Some(there.naive_local());
    let whose = if is_the_same { "" } else { BY_THE_CLINIC };
    Some((
        there.format("%-d %b %Y").to_string(),
        format!("{}{whose}", there.format("%H:%M")),
    ))
}
