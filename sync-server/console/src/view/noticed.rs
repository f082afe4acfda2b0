//! What the record noticed about its own history, in plain words, with what there is to do about it. It
//! stands until somebody dismisses it.

use companion_core::domain::DocumentId;
use companion_core::protocol::id::SpaceId;
use companion_core::{StandingWarning, WarningCode};
use maud::{Markup, html};

use crate::view::frame::Frame;
use crate::view::layout::{self, NavItem};
use crate::view::sentence::sentence;
use crate::view::time;

/// What is wrong with one patient's record, on the pages about that patient.
pub fn of_patient(frame: &Frame, patient: DocumentId, warnings: &[StandingWarning]) -> Markup {
    html! {
        @if !warnings.is_empty() {
            section class="card warned" aria-labelledby="noticed" {
                h2 id="noticed" { span aria-hidden="true" { "▲ " } "This record noticed something" }
                ul { @for warning in warnings {
                    li {
                        (what(warning))
                        " " (to_do(warning.code))
                        @if warning.code == Some(WarningCode::ChainForked) {
                            " " a href=(format!("/patients/{patient}/two-histories")) { "What two histories are, and what helps" }
                        }
                        span class="quiet" { " " (time::at(frame.here(warning.at_ms), frame.now)) }
                        (dismiss(warning))
                    }
                } }
            }
        }
    }
}

/// What was noticed, and what exactly.
pub(super) fn what(warning: &StandingWarning) -> Markup {
    html! {
        (warning.code.map_or("Something that this version has no words for.", WarningCode::sentence))
        @if !warning.detail.is_empty() { " " (sentence(&warning.detail)) }
    }
}

pub(super) fn dismiss(warning: &StandingWarning) -> Markup {
    html! {
        form class="inline" method="post" action=(format!("/warnings/{}/dismiss", warning.id.0)) {
            button class="quietly" type="submit" { "Dismiss" }
        }
    }
}

/// What somebody at the clinic can do. `None` is a warning from a newer version.
const fn to_do(code: Option<WarningCode>) -> &'static str {
    match code {
        Some(WarningCode::Forged) => {
            "It was not taken. If it comes again, tell whoever runs the server."
        }
        Some(WarningCode::Forked | WarningCode::ChainForked) => "Nothing was deleted. Tell whoever runs the server.",
        Some(WarningCode::Withheld) => {
            "It may still come. If this stands for a day, tell whoever runs the server."
        }
        Some(WarningCode::RolledBack) => {
            "This machine gives the server what it lacks. Tell whoever runs the server."
        }
        Some(WarningCode::ServerRestored) => {
            "This machine gives the server what it lacks; nothing needs to be done here."
        }
        Some(
            WarningCode::CloneSuspected
            | WarningCode::Removed
            | WarningCode::NotLetIn
            // Only a patient's phone says these two.
            | WarningCode::OnlyPrivate
            | WarningCode::CameByWords,
        ) => {
            "Tell whoever looks after the clinic’s computer."
        }
        Some(WarningCode::Quarantined) => {
            "It is kept and not shown. A newer version of this program may be able to show it."
        }
        Some(WarningCode::WrongWriter) => "Ask the patient which app that device uses.",
        Some(WarningCode::FalseRotation) => {
            "If the patient can’t explain it, remove that device: it stands in the list of phones on the \
             patient’s page."
        }
        Some(WarningCode::Retracted) => {
            "If the patient misses something that they had written, they can write it again."
        }
        Some(WarningCode::Contradicted) => {
            "Ask the patient to sync all their phones. If it stands after that, tell whoever runs the server."
        }
        Some(WarningCode::Equivocated) => {
            "The patient’s phones stand in the list on the patient’s page, where each can be removed. The \
             server took part in it: tell whoever looks after the clinic’s computer."
        }
        None => "A newer version of this program can say more.",
    }
}

/// The page about two histories of one record.
pub fn two_histories(
    frame: &Frame,
    patient: DocumentId,
    name: &str,
    warnings: &[StandingWarning],
) -> Markup {
    let forks = warnings
        .iter()
        .filter(|warning| warning.code == Some(WarningCode::ChainForked));
    let forks: Vec<_> = forks.collect();
    let space = forks.iter().find_map(|warning| warning.space);
    layout::page(
        frame,
        &format!("Two histories · {name}"),
        NavItem::Caseload,
        None,
        &html! {
            section class="card narrow" {
                h1 { "Two histories of one record" }
                @if forks.is_empty() {
                    p { "Nothing of the kind stands in " (crate::view::name::name(name)) "’s record now." }
                } @else {
                    p { "In " (crate::view::name::name(name)) "’s record:" }
                    ul { @for warning in &forks {
                        li { (sentence(&warning.detail)) span class="quiet" { " " (time::at(frame.here(warning.at_ms), frame.now)) } }
                    } }
                }
                @if !forks.is_empty() { (meaning(space)) }
                p { a href=(format!("/patients/{patient}")) { "Back to " (crate::view::name::name(name)) "’s page" } }
            }
        },
    )
}

/// What two histories are, and what helps.
fn meaning(space: Option<SpaceId>) -> Markup {
    html! {
        h2 { "What it means" }
        p { "A record is one line of steps, and each step names the one before it. Here two different steps "
            "claim the same place. It can happen when the server was put back from a backup and somebody went on from the "
            "old end before everybody had given it back what it lacked; or when a server shows different things to different people. "
            "Nothing was deleted by it, and this machine takes nothing from the other history." }
        p { "Until it is healed, this machine does not follow the other history: what this patient shares may not arrive here, "
            "and replies wait on this machine. Call the patient if something can’t wait." }
        h2 { "What helps" }
        p { "If a line above says that the server’s " em { "membership" } " history parts from this device’s: "
            "whoever runs the server cuts it back to the number that the line names. Machines and phones then give it the other "
            "history again by themselves. On the server’s machine, while the server is stopped:" }
        pre { code { "sync-server rewind " @match space { Some(space) => (space), None => "SPACE" } " --to NUMBER --data DIR" } }
        p { "If a line names a member that counted twice or follows another history: a copy of that device may be in use. "
            "Ask the patient to use only one of the two and to set the other one up anew." }
    }
}
