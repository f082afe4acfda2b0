//! What the record noticed about its own history, in plain words, with what there is to do about it. It
//! stands until somebody dismisses it.

use companion_core::clinic::{Fork, PatientView};
use companion_core::domain::DocumentId;
use companion_core::{StandingWarning, WarningCode};
use maud::{Markup, html};

use crate::view::frame::Frame;
use crate::view::layout::{self, NavItem};
use crate::view::name::name as isolated;
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
                        (dismiss(&[warning]))
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

pub(super) fn dismiss(warnings: &[&StandingWarning]) -> Markup {
    let ids: Vec<_> = warnings.iter().map(|w| w.id.0.to_string()).collect();
    html! {
        form class="inline" method="post" action=(format!("/warnings/{}/dismiss", ids.join("-"))) {
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
            // Only a patient’s phone says these.
            | WarningCode::HelpChanged
            | WarningCode::OnlyPrivate
            | WarningCode::CameByWords
            | WarningCode::CameBack,
        ) => {
            "Tell whoever looks after the clinic’s computer."
        }
        Some(WarningCode::Quarantined) => {
            "It is kept and not shown. A newer version of this program may be able to show it."
        }
        Some(WarningCode::WrongWriter | WarningCode::NameTaken) => {
            "Ask the patient which app that device uses."
        }
        Some(WarningCode::FalseRotation) => {
            "If the patient can’t explain it, remove that device: it stands in the list of phones on the \
             patient’s page."
        }
        Some(WarningCode::Retracted) => {
            "If the patient misses something that they had written, they can write it again."
        }
        Some(WarningCode::Dropped) => {
            "This machine keeps what was shared with it. Ask the patient whether that was meant."
        }
        Some(WarningCode::Contradicted) => {
            "Ask the patient to sync all their phones. If it stands after that, tell whoever runs the server."
        }
        Some(WarningCode::Equivocated) => {
            "The patient’s phones stand in the list on the patient’s page, where each can be removed. The \
             server took part in it: tell whoever looks after the clinic’s computer."
        }
        Some(WarningCode::SpaceForgotten) => {
            "The record stays here. If the patient did not end their account, tell whoever runs the server."
        }
        None => "A newer version of this program can say more.",
    }
}

/// The page about two histories of one record: the fork that stands, or that there is none.
pub fn two_histories(frame: &Frame, patient: &PatientView, fork: Option<&Fork>) -> Markup {
    let name = &patient.record.name;
    layout::page(
        frame,
        &format!("Two histories · {name}"),
        NavItem::Caseload,
        None,
        &html! {
            section class="card narrow" {
                h1 { "Two histories of one record" }
                @match fork {
                    None => p { "There is no second history of " (isolated(name)) "’s record: when this machine last "
                        "checked with the server, both had the same." },
                    Some(fork) => {
                        p { (sentence(&fork.detail)) span class="quiet" { " " (time::at(frame.here(fork.at_ms), frame.now)) } }
                        (meaning(name))
                        (healing(fork))
                    }
                }
                p { a href=(format!("/patients/{}", patient.id)) { "Back to " (isolated(name)) "’s page" } }
            }
        },
    )
}

/// What two histories are.
fn meaning(name: &str) -> Markup {
    html! {
        h2 { "What it means" }
        p { "Who may read a record is one line of steps, and each step names the one before it. Here two different "
            "steps claim the same place. It can happen when the server was put back from a backup and somebody went "
            "on from the old end before everybody had given it back what it lacked; or when a server shows different "
            "things to different people. Nothing was deleted by it, and this machine takes nothing from the other "
            "history." }
        p { "Until it is healed, what " (isolated(name)) " shares may not arrive here, and replies wait on this "
            "machine. Call " (isolated(name)) " if something can’t wait." }
    }
}

/// What helps, with the command as it is to be typed.
fn healing(fork: &Fork) -> Markup {
    html! {
        h2 { "What helps" }
        p { "Decide with whoever runs the server which history stands. If it is this machine’s, they cut the server’s "
            "back to what both have. On the server’s machine:" }
        ol class="numbered" {
            li { "Stop the server, and copy its data folder." }
            li { "Run this, with that folder in the place of DIR:"
                pre { code { "sync-server rewind " (fork.space) " --to " (fork.statements) " --data DIR" } } }
            li { "Start the server again, and wait until this machine has checked with it. Machines and phones then "
                "give it this history by themselves." }
        }
        p { "What the server’s history has beyond those " (fork.statements) " steps is gone from it then, and so are "
            "changes that were made after them." }
        h2 { "If the server’s history is to stand" }
        p { "This machine can’t take another history in the place of its own. Put back a backup of its folder from before "
            "the two part, with " code { "clinic-console restore" } ": it then reads the server’s. What it wrote since "
            "that backup and the server lacks is gone, and a phone that has this machine’s history has to be paired "
            "anew." }
        h2 { "If a phone names another space" }
        p { "A patient’s phone can say the same of what they keep private. This machine is no part of that and never "
            "sees it. It is healed by the same command, with the space and the number that the phone shows; whoever is "
            "told them learns which private space is whose. Let the patient decide whether to say them, and to whom." }
    }
}
