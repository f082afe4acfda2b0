//! A row of the caseload: who, what there is to read, how they feel, what comes next, and how fresh it is.

use companion_core::clinic::{CaseRow, InviteState, SharingOver};
use companion_core::domain::RecordSection;
use maud::{Markup, html};

use super::{Filter, is_new, is_paired};
use crate::view::chart;
use crate::view::flags;
use crate::view::frame::Frame;
use crate::view::name::name;
use crate::view::preparation;
use crate::view::rating;
use crate::view::sentence::capital;
use crate::view::session;
use crate::view::time;

fn class_of(row: &CaseRow) -> &'static str {
    match (row.flags.is_empty(), is_new(row)) {
        (false, _) => "case flagged",
        (true, true) => "case waiting",
        (true, false) => "case",
    }
}

/// One patient.
pub(super) fn case(frame: &Frame, row: &CaseRow) -> Markup {
    html! {
        li class=(class_of(row)) id=(format!("case-{}", row.patient)) {
            div class="case-who" {
                h2 { a href=(format!("/patients/{}", row.patient)) { (name(&row.record.name)) } }
                @if frame.shows(RecordSection::Programme) { p { span class="phase" { (row.phase.label()) } } }
            }
            div class="case-read" {
                @if frame.shows(RecordSection::Safety) { (flags::of_row(frame, row)) }
                (programme(row))
                @if frame.sight.is_partial() { (pairing(row)) } @else { (reading(row)) }
            }
            div class="case-mood" {
                @if frame.shows(RecordSection::CheckIns) { @match &row.last_check_in {
                    Some(last) => {
                        (chart::sparkline(&row.sparkline))
                        p { (rating::mood(last.content.valence)) br; span class="quiet" {
                            @if last.clock_ahead { "check-in received " (time::at(last.when, frame.now)) "; the phone’s clock was ahead" }
                            @else { "check-in " (time::at(last.when, frame.now)) }
                            @if last.in_two_wordings { "; two phones say different things of it" } } }
                    }
                    None => p class="quiet" { "No check-in yet" }
                } }
            }
            div class="case-next" {
                @if frame.shows(RecordSection::Programme) { @match &row.next_session {
                    Some(next) => {
                        p { span class="quiet" { "Next session" } br;
                            strong { (session::label(next)) } " " (time::at(next.at, frame.now)) }
                        (soon(row))
                    }
                    None => p class="quiet" { "No session planned" }
                } }
            }
            div class="case-fresh" { (freshness(frame, row)) }
        }
    }
}

/// What of a session that is near is open.
fn soon(row: &CaseRow) -> Markup {
    html! {
        @if let Some(soon) = &row.soon {
            p class="signs" {
                @if soon.is_closed {
                    span class="badge act" { span aria-hidden="true" { "! " } "Outcome or costs are open" } " "
                }
                @if let Some(ride) = &soon.ride {
                    span class="badge act" { span aria-hidden="true" { "! " } (preparation::still_open(ride)) } " "
                }
                @for who in &soon.not_named {
                    span class="badge act" { span aria-hidden="true" { "! " } (capital(who.label())) } " "
                }
            }
        }
    }
}

/// What of the programme needs somebody.
fn programme(row: &CaseRow) -> Markup {
    let address = format!("/patients/{}", row.patient);
    html! {
        @if row.has_no_programme {
            a class="badge act" href=(format!("{address}#course")) { span aria-hidden="true" { "! " } "No programme yet: begin one" }
        }
        @if !row.unreadable.is_empty() {
            a class="badge act" href=(format!("{address}#newer")) { span aria-hidden="true" { "▲ " } "Written by a newer version" }
        }
    }
}

/// How far the pairing is.
fn pairing(row: &CaseRow) -> Markup {
    let invitation = format!("/patients/{}/invitation", row.patient);
    html! {
        @match row.invite {
            InviteState::Joined { .. } => {
                a class="badge act" href=(invitation) { span aria-hidden="true" { "◆ " } "Compare words" }
            }
            InviteState::Waiting { .. } => {
                a class="badge calm" href=(invitation) { span aria-hidden="true" { "◇ " } "Invitation open" }
            }
            InviteState::Registered => {
                a class="badge calm" href=(invitation) { span aria-hidden="true" { "× " } "Not invited yet" }
            }
            InviteState::NotInvited | InviteState::Refused { .. } => {
                a class="badge calm" href=(invitation) { span aria-hidden="true" { "× " } "No invitation" }
            }
            InviteState::Unreadable => {
                a class="badge act" href=(invitation) { span aria-hidden="true" { "! " } "Can’t be read here" }
            }
            InviteState::Paired { .. } => {}
        }
    }
}

/// What there is to read, of all sections together, and how far the pairing is.
pub(super) fn reading(row: &CaseRow) -> Markup {
    html! {
        (pairing(row))
        @if row.unread > 0 {
            span class="badge unread" { span aria-hidden="true" { "● " } (row.unread) " unread" }
        }
        @if row.new_check_ins > 0 {
            span class="badge unread" { span aria-hidden="true" { "● " } (time::count(row.new_check_ins, "new check-in", "new check-ins")) }
        }
        @let others = row.new.saturating_sub(row.unread).saturating_sub(row.new_check_ins);
        @if others > 0 {
            span class="badge unread" { span aria-hidden="true" { "● " } (others) " new" }
        }
        @if row.to_talk_about > 0 {
            span class="badge talk" { span aria-hidden="true" { "◖ " } (row.to_talk_about) " to talk about" }
        }
        @if row.changed_since_review > 0 {
            span class="badge act" { span aria-hidden="true" { "↻ " } (row.changed_since_review) " changed since reviewed" }
        }
        @if row.in_two_wordings > 0 {
            span class="badge act" { span aria-hidden="true" { "≠ " } (row.in_two_wordings) " in two wordings" }
        }
        @if row.unreviewed > 0 {
            span class="badge review" { span aria-hidden="true" { "○ " } (row.unreviewed) " to review" }
        }
        @if is_paired(row) && row.flags.is_empty() && !Filter::ToRead.takes(row) && !Filter::ToTalk.takes(row) && !Filter::ToReview.takes(row) {
            span class="quiet" { "Nothing to read" }
        }
    }
}

/// Days without anything before a row says so.
const QUIET_DAYS: i64 = 7;

/// That nothing more goes to the patient, and why.
fn over(frame: &Frame, over: Option<SharingOver>) -> Markup {
    html! {
        @match over {
            None => {}
            Some(SharingOver::AccountEnded { at, .. }) => {
                span class="badge calm" { span aria-hidden="true" { "– " } "Ended their account " (time::day(at, frame.now)) } br;
            }
            Some(SharingOver::Forgotten) => {
                span class="badge act" { span aria-hidden="true" { "! " } "The server no longer has this record" } br;
            }
            Some(SharingOver::OutOfIt) => {
                span class="badge act" { span aria-hidden="true" { "! " } "This system is out of the record" } br;
            }
        }
    }
}

fn freshness(frame: &Frame, row: &CaseRow) -> Markup {
    html! {
        (over(frame, row.over))
        @match row.last_received_ms.map(|at| frame.here(at)) {
            // It tells of every section.
            _ if frame.sight.is_partial() => {}
            Some(at) => {
                p {
                    span class="quiet" { "Last received" } br; (time::since(at, frame.now))
                    @if is_paired(row) && time::days_since(at, frame.now) >= QUIET_DAYS {
                        " " span class="badge calm" { span aria-hidden="true" { "◌ " } "Quiet" }
                    }
                }
            }
            None => p class="quiet" { "Nothing received yet" }
        }
    }
}
