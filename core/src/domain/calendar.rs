//! Sessions and visits as a file that a phone's own calendar reads: iCalendar, RFC 5545. A pure function.
//!
//! Times are in UTC. A moment knows its offset and no zone, and a calendar shows UTC on whatever clock the
//! phone has; so no table of time zones is needed. The name under which an appointment is kept there never
//! changes, so that a file read again moves what was moved and adds nothing twice.

use std::fmt::Write as _;

use super::dosing_session::DosingSession;
use super::visit::Visit;
use super::{DocumentId, Moment};

/// Most bytes of a line without its end (RFC 5545, 3.1).
const LONGEST_LINE: usize = 75;
/// What an appointment is called where nobody asked for more: others see calendars too.
const NEUTRAL: &str = "Appointment";
/// Who made the file (RFC 5545, 3.7.3): as neutral as the titles.
const MADE_BY: &str = "-//Companion//Appointments//EN";
const MS_OF_A_MINUTE: i64 = 60_000;

/// What a calendar says of an appointment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Telling {
    /// That there is one, from when to when.
    #[default]
    Neutral,
    /// Also what it is, with whom and where. Whoever sees the calendar reads it.
    Everything,
}

/// One appointment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Appointment {
    id: DocumentId,
    starts: Moment,
    ends: Moment,
    takes_place: bool,
    title: String,
    place: String,
    contact: String,
}

impl Appointment {
    /// A dosing session, from the arrival to the end of the block.
    pub fn of_session(id: DocumentId, session: &DosingSession) -> Appointment {
        Appointment {
            id,
            starts: session.at,
            ends: session.block().ends,
            takes_place: session.takes_place(),
            title: format!("Dosing session {}", session.number),
            place: joined(&session.place, &session.address),
            contact: session.contact.clone(),
        }
    }

    /// A visit.
    pub fn of_visit(id: DocumentId, visit: &Visit) -> Appointment {
        let title = format!("Visit: {}", visit.purpose.label().to_lowercase());
        Appointment {
            id,
            starts: visit.at,
            ends: visit.ends(),
            takes_place: visit.takes_place(),
            title: match &*visit.with {
                "" => title,
                with => format!("{title}, with {with}"),
            },
            place: joined(&visit.place_in_words(), &visit.address),
            contact: visit.contact.clone(),
        }
    }
}

/// The file. What was called off is in it as canceled, so that a calendar which has it takes it off. One at
/// a time that can't be written down is left out.
pub fn calendar(appointments: &[Appointment], telling: Telling, now: Moment) -> String {
    let mut file = Lines::default();
    file.line("BEGIN", "VCALENDAR");
    file.line("VERSION", "2.0");
    file.line("PRODID", MADE_BY);
    file.line("CALSCALE", "GREGORIAN");
    for appointment in appointments {
        let times = utc(now)
            .zip(utc(appointment.starts))
            .zip(utc(appointment.ends));
        let Some(((made, starts), ends)) = times else {
            continue;
        };
        file.line("BEGIN", "VEVENT");
        file.line("UID", &appointment.id.to_string());
        file.line("DTSTAMP", &made);
        file.line("DTSTART", &starts);
        file.line("DTEND", &ends);
        // A later file counts for more than an earlier one (RFC 5545, 3.8.7.4).
        let sequence = (now.unix_ms / MS_OF_A_MINUTE).clamp(0, i32::MAX.into());
        file.line("SEQUENCE", &sequence.to_string());
        file.line("CLASS", "PRIVATE");
        file.line(
            "STATUS",
            if appointment.takes_place {
                "CONFIRMED"
            } else {
                "CANCELLED"
            },
        );
        match telling {
            Telling::Neutral => file.text("SUMMARY", NEUTRAL),
            Telling::Everything => {
                file.text("SUMMARY", &appointment.title);
                file.text("LOCATION", &appointment.place);
                file.text("DESCRIPTION", &appointment.contact);
            }
        }
        file.line("END", "VEVENT");
    }
    file.line("END", "VCALENDAR");
    file.0
}

fn joined(place: &str, address: &str) -> String {
    let parts = [place, address].into_iter().filter(|part| !part.is_empty());
    parts.collect::<Vec<_>>().join(", ")
}

/// `20261123T201833Z`; `None` outside the years 0 to 9999.
fn utc(moment: Moment) -> Option<String> {
    let time = Moment::utc(moment.unix_ms).to_chrono()?;
    Some(time.format("%Y%m%dT%H%M%SZ").to_string())
}

/// Lines as RFC 5545 ends and folds them.
#[derive(Default)]
struct Lines(String);

impl Lines {
    /// A line with something that needs no escaping.
    fn line(&mut self, name: &str, value: &str) {
        let mut room = LONGEST_LINE;
        for letter in name.chars().chain([':']).chain(value.chars()) {
            if letter.len_utf8() > room {
                self.0.push_str("\r\n ");
                // The space in front counts.
                room = LONGEST_LINE - 1;
            }
            self.0.push(letter);
            room -= letter.len_utf8();
        }
        self.0.push_str("\r\n");
    }

    /// A line with a text; none where it is empty.
    fn text(&mut self, name: &str, text: &str) {
        if !text.is_empty() {
            self.line(name, &escaped(text));
        }
    }
}

/// A text as RFC 5545, 3.3.11 writes it. Control characters, which no text there may have, are left out.
fn escaped(text: &str) -> String {
    let mut written = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '\\' | ';' | ',' => {
                let _ = write!(written, "\\{letter}");
            }
            '\n' => written.push_str("\\n"),
            '\t' => written.push(letter),
            letter if letter.is_control() => {}
            letter => written.push(letter),
        }
    }
    written
}

#[cfg(test)]
mod tests;
