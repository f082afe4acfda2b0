//! Flags: what a person has to deal with, first on the caseload and first on a patient's page, with the forms
//! that take one from step to step. Never by color alone.

use companion_core::clinic::{Answered, CaseRow, OpenFlag};
use companion_core::domain::flag::{FlagSource, FlagState};
use companion_core::domain::{ContactRequest, DocumentId, Flag};
use companion_core::records::View;
use maud::{Markup, html};

use crate::view::form::{self, Form};
use crate::view::frame::Frame;
use crate::view::name::name;
use crate::view::patient::Forms;
use crate::view::sentence::sentence;
use crate::view::time;

/// A flag on a patient's page.
#[derive(Clone, Debug)]
pub struct ShownFlag {
    /// The flag.
    pub view: View<Flag>,
    /// When it came to this node, milliseconds since 1970 UTC.
    pub since_ms: i64,
    /// The page of what it is about; `None` where it has none.
    pub address: Option<String>,
    /// Of a request to be contacted: the request, where it can be read.
    pub request: Option<ContactRequest>,
    /// Of answers: when they were given, where they can be read.
    pub answered: Option<Answered>,
}

/// Since when the oldest flag of a row waits that nobody has acknowledged.
pub fn waiting_since(row: &CaseRow) -> Option<i64> {
    let waiting = row.flags.iter().filter(|flag| is_waiting(flag));
    waiting.map(|flag| flag.since_ms).min()
}

const fn is_waiting(flag: &OpenFlag) -> bool {
    flag.acknowledged_by.is_none()
}

/// Over the caseload: how many flags nobody has acknowledged, of whom, and since when.
pub fn not_acknowledged(frame: &Frame, rows: &[CaseRow]) -> Markup {
    let flags: u64 = rows
        .iter()
        .map(|row| row.flags.iter().filter(|flag| is_waiting(flag)).count() as u64)
        .sum();
    let patients = rows.iter().filter(|row| waiting_since(row).is_some());
    let oldest = rows.iter().filter_map(waiting_since).min();
    html! {
        @if let Some(oldest) = oldest {
            p class="card alarm" {
                span aria-hidden="true" { "⚑ " }
                a href="/?show=flagged" { strong { (time::count(flags, "flag", "flags")) " that nobody has acknowledged" } }
                ", of " (time::count(patients.count() as u64, "patient", "patients"))
                ". The oldest came " (time::since(frame.here(oldest), frame.now)) "."
            }
        }
    }
}

/// In a row of the caseload: each open flag, with what it is about and since when.
pub fn of_row(frame: &Frame, row: &CaseRow) -> Markup {
    html! {
        @for flag in &row.flags {
            @let here = format!("/patients/{}#flag-{}", row.patient, flag.id);
            @match &flag.acknowledged_by {
                None => a class="badge flag" href=(here) {
                    span aria-hidden="true" { "⚑ " } "Flag: " (short(flag)) (asked(flag)) ", " (time::since(frame.here(flag.since_ms), frame.now))
                },
                Some(by) => a class="badge calm" href=(here) {
                    span aria-hidden="true" { "⚐ " } "Flag: " (short(flag)) (asked(flag)) ", acknowledged by " (name(by))
                },
            }
        }
    }
}

/// What a flag is about, in a few words: a clinic's rule and a person said it in their own.
fn short(flag: &OpenFlag) -> String {
    match flag.source {
        FlagSource::ClinicRule | FlagSource::Person => {
            let mut words: String = flag.words.chars().take(SHORT).collect();
            if flag.words.chars().nth(SHORT).is_some() {
                words.push('…');
            }
            words
        }
        _ => flag.source.label().to_owned(),
    }
}

/// What the patient wrote with a request, and that they took it back.
fn asked(flag: &OpenFlag) -> Markup {
    html! {
        @if !flag.request_words.is_empty() { ": “" bdi { (flag.request_words) } "”" }
        @if flag.is_taken_back { ", taken back" }
    }
}

/// How many characters of a flag's words a row shows.
const SHORT: usize = 60;

/// On a patient's page: what is open, what was closed, and the form to raise one. `flags` in the order in which
/// they are shown.
pub fn section(frame: &Frame, patient: DocumentId, flags: &[ShownFlag], forms: &Forms) -> Markup {
    let (open, closed): (Vec<_>, Vec<_>) =
        flags.iter().partition(|flag| flag.view.content.is_open());
    html! {
        section class=(if open.is_empty() { "card" } else { "card alarm" }) aria-labelledby="flags" {
            h2 id="flags" { "Flags" }
            @if open.is_empty() {
                p class="quiet" { "No open flag. It does not mean that the patient is safe." }
            } @else {
                ol class="items" { @for flag in open { (one(frame, patient, flag, forms)) } }
            }
            @if !closed.is_empty() {
                @let touched = closed.iter().any(|flag| {
                    let of_it = [&forms.close, &forms.reopen].map(|forms| forms.get(&flag.view.id));
                    of_it.into_iter().flatten().any(is_touched)
                });
                details open[touched] {
                    summary { (time::count(closed.len() as u64, "closed flag", "closed flags")) }
                    ol class="items" { @for flag in closed { (one(frame, patient, flag, forms)) } }
                }
            }
            (raise(frame, patient, &forms.flag))
        }
    }
}

fn one(frame: &Frame, patient: DocumentId, shown: &ShownFlag, forms: &Forms) -> Markup {
    let flag = &shown.view.content;
    let by_rule = flag.source != FlagSource::Person;
    html! {
        li class="item" id=(format!("flag-{}", shown.view.id)) {
            p class="signs" { (state(flag)) span class="quiet" { "Raised by: " (flag.source.label()) } }
            p class="words" { strong { (flag.words) } }
            @if let Some(request) = &shown.request {
                @let words = request.first_line();
                @if !words.is_empty() { p { "In their words: “" bdi { (words) } "”" } }
                @if let Some(at) = request.taken_back_at {
                    p { strong { "The patient took it back " (time::at(at, frame.now)) "." } " The flag stays until somebody closes it." }
                }
            }
            p {
                @if !flag.raised_by.is_empty() { "By " (name(&flag.raised_by)) ", " }
                @if by_rule { "Arrived here " }
                (time::at(frame.here(shown.since_ms), frame.now)) "."
                @if let Some(answered) = &shown.answered { span class="quiet" { (given(frame, answered)) } }
                // A thing from a newer version may say nothing of its time.
                @else if by_rule && flag.at.unix_ms > 0 {
                    span class="quiet" { " By the patient’s clock it is of " (time::at(flag.at, frame.now)) "." }
                }
            }
            @match &shown.address {
                Some(address) => p { a href=(address) { "Open what it is about" } },
                None if flag.about.is_some() => p class="quiet" { "What it is about has no page here, or is not shared any more." },
                None => {}
            }
            @if !flag.steps.is_empty() {
                ol class="plainly" aria-label="What was done" {
                    @for (_, step) in flag.steps.iter() {
                        li {
                            (sentence_start(step.act.label())) " by " (name(&step.by)) " " (time::at(step.at, frame.now))
                            @if !step.words.is_empty() { ": " span class="words" { (step.words) } }
                        }
                    }
                }
            }
            (steps(frame, patient, shown, forms))
        }
    }
}

/// When answers were given. The flag itself is of when they were begun, which says little of the answer that raised it.
fn given(frame: &Frame, answered: &Answered) -> Markup {
    let at = |moment| time::at(moment, frame.now);
    html! {
        " By the patient’s clock the answers were begun " (at(answered.begun))
        @match (answered.finished, answered.changed) {
            (Some(finished), Some(changed)) if changed > finished => { ", finished " (at(finished)) " and last changed " (at(changed)) "." }
            (Some(finished), _) => { " and finished " (at(finished)) "." }
            (None, Some(changed)) => { " and last changed " (at(changed)) "; they are not finished." }
            (None, None) => "; they are not finished, and when each was given is not known."
        }
    }
}

fn state(flag: &Flag) -> Markup {
    html! {
        @match flag.state() {
            FlagState::New => span class="badge flag" { span aria-hidden="true" { "⚑ " } "New: nobody has acknowledged it" },
            FlagState::Reopened(_) => span class="badge flag" { span aria-hidden="true" { "⚑ " } "Opened again: nobody has acknowledged it since" },
            FlagState::Acknowledged(step) => span class="badge act" { span aria-hidden="true" { "⚐ " } "Acknowledged by " (name(&step.by)) },
            FlagState::Closed(step) => span class="badge done" { span aria-hidden="true" { "✓ " } "Closed by " (name(&step.by)) },
        }
    }
}

fn is_touched(form: &Form) -> bool {
    form.is_waiting()
}

/// The field by which words are added to a flag that is closed.
pub const BESIDES: &str = "besides";

/// Words that do not follow from where the flag is now, because somebody else took a step with it meanwhile.
fn late(place: &str, field: &str, form: &Form) -> Markup {
    html! {
        @if is_touched(form) && !form.value(field).trim().is_empty() {
            (form::error(field, &form.field(field)))
            p { strong { "What you typed is not with the flag:" } }
            p class="words" { (form.value(field)) }
            (form::discard(place, form.is_kept()))
        }
    }
}

/// The next step, and no other: a flag is acknowledged before it is closed.
fn steps(frame: &Frame, patient: DocumentId, shown: &ShownFlag, forms: &Forms) -> Markup {
    let id = shown.view.id;
    let address = format!("/patients/{patient}/flags/{id}");
    let closing = forms.close.get(&id).cloned().unwrap_or_default();
    let reopening = forms.reopen.get(&id).cloned().unwrap_or_default();
    let (close, reopen) = (format!("{address}/close"), format!("{address}/reopen"));
    html! {
        @match shown.view.content.state() {
            FlagState::New | FlagState::Reopened(_) => {
                (late(&close, "close_words", &closing))
                (late(&reopen, "reopen_words", &reopening))
                form method="post" action=(format!("{address}/acknowledge")) {
                    (form::once(frame))
                    (form::seen(&shown.view.content.steps))
                    button class="primary" type="submit" { "Acknowledge: I have seen it and take care of it" }
                }
            }
            FlagState::Acknowledged(_) => {
                (late(&reopen, "reopen_words", &reopening))
                form method="post" action=(close) data-draft=(close) {
                    (form::once(frame))
                    (form::seen(&shown.view.content.steps))
                    (form::text(&format!("close-{id}"), "close_words", "What was done", "Needed to close it. It is kept with the flag.", &closing.field("close_words")))
                    (form::keeping(closing.is_kept()))
                    button type="submit" { "Close the flag" }
                }
                (form::discard(&close, closing.is_kept()))
            }
            FlagState::Closed(step) => {
                @if is_touched(&closing) {
                    form method="post" action=(close) data-draft=(close) {
                        (form::once(frame))
                        (form::seen(&shown.view.content.steps))
                        input type="hidden" name=(BESIDES) value=(form::CHECKED);
                        p { (name(&step.by)) " closed this flag meanwhile. What you typed is not with it yet." }
                        (form::text(&format!("close-{id}"), "close_words", "What was done besides", "It is kept with the flag, which stays closed.", &closing.field("close_words")))
                        (form::keeping(closing.is_kept()))
                        button type="submit" { "Add it to the flag" }
                    }
                    (form::discard(&close, closing.is_kept()))
                }
                details open[is_touched(&reopening)] {
                    summary { "Open it again" }
                    form method="post" action=(reopen) data-draft=(reopen) {
                        (form::once(frame))
                        (form::seen(&shown.view.content.steps))
                        (form::text(&format!("reopen-{id}"), "reopen_words", "Why it is not over", "It is kept with the flag.", &reopening.field("reopen_words")))
                        (form::keeping(reopening.is_kept()))
                        button type="submit" { "Open the flag again" }
                    }
                    (form::discard(&reopen, reopening.is_kept()))
                }
            }
        }
    }
}

fn raise(frame: &Frame, patient: DocumentId, form: &Form) -> Markup {
    let place = format!("/patients/{patient}/flags");
    html! {
        details open[is_touched(form)] {
            summary { "Raise a flag" }
            form method="post" action=(place) data-draft=(place) {
                (form::once(frame))
                (form::text("flag_words", "flag_words", "What the care team has to see", "The patient does not see flags.", &form.field("flag_words")))
                (form::keeping(form.is_kept()))
                button type="submit" { "Raise the flag" }
            }
            (form::discard(&place, form.is_kept()))
        }
    }
}

/// The first letter large, and no full stop.
fn sentence_start(words: &str) -> String {
    sentence(words).trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::view::caseload::{Filter, sort};
    use crate::view::examples;

    #[test]
    fn of_flags_what_has_waited_longest_unacknowledged_comes_first() {
        let mut rows = examples::caseload();
        let flag = |since_ms, by: Option<&str>| OpenFlag {
            since_ms,
            acknowledged_by: by.map(str::to_owned),
            ..examples::open_flags().remove(0)
        };
        let flags = [
            ("Ruth Abrams", vec![flag(30, None)]),
            (
                "Theo Lindqvist",
                vec![flag(1, Some("Maya")), flag(20, None)],
            ),
            ("Lena Novak", vec![flag(5, Some("Maya"))]),
        ];
        for row in &mut rows {
            let its = flags.iter().find(|(name, _)| row.record.name == *name);
            row.flags = its.map_or_else(Vec::new, |(_, flags)| flags.clone());
        }
        sort(&mut rows);
        let names: Vec<&str> = rows.iter().map(|row| row.record.name.as_str()).collect();
        assert!(
            matches!(
                names.as_slice(),
                [
                    "Theo Lindqvist",
                    "Ruth Abrams",
                    "Lena Novak",
                    "Jonas Weber",
                    ..
                ]
            ),
            "{names:?}"
        );
        let flagged = rows.iter().filter(|row| Filter::Flagged.takes(row));
        assert_eq!(flagged.count(), 3);
        let said = not_acknowledged(&examples::frame(), &rows).0;
        assert!(
            said.contains("2 flags that nobody has acknowledged") && said.contains("of 2 patients")
        );
        for row in &mut rows {
            row.record.archived_at = Some(examples::now());
            (row.new, row.unreviewed, row.to_talk_about) = (0, 0, 0);
        }
        let away = rows.iter().filter(|row| Filter::PutAway.takes(row));
        let names: Vec<&str> = away.map(|row| row.record.name.as_str()).collect();
        assert!(
            !names.contains(&"Ruth Abrams") && names.contains(&"Ada Okafor"),
            "{names:?}"
        );
    }
}
