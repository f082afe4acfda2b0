//! Inviting a patient, and following their phone until it is let in.

use companion_core::StandingWarning;
use companion_core::clinic::{Comparison, InviteState, PatientView};
use companion_core::domain::{DocumentId, Moment};
use maud::{Markup, html};

use crate::view::devices;
use crate::view::form::{self, Form, Line};
use crate::view::frame::Frame;
use crate::view::layout::{self, Live, NavItem};
use crate::view::name::name as isolated;
use crate::view::noticed;
use crate::view::patient;
use crate::view::qr;
use crate::view::register;
use crate::view::time;

/// What a patient's invitation page shows.
#[derive(Clone, Debug)]
pub struct InvitationPage {
    /// Who is invited, and how far it got.
    pub patient: PatientView,
    /// The link while it can be used; `None` when it is not at hand.
    pub link: Option<String>,
    /// Until when the link can be used.
    pub link_until: Option<Moment>,
    /// What the record noticed about this patient's space.
    pub warnings: Vec<StandingWarning>,
    /// Why the answer to the words was not taken.
    pub not_answered: Option<String>,
}

/// The form that invites: `name`, `initials`, `pronouns` and `therapist`; and `another`, where `same_name` says
/// who is registered under that name.
pub fn form_page(frame: &Frame, form: &Form, same_name: Option<DocumentId>) -> Markup {
    layout::page(
        frame,
        "Invite a patient",
        NavItem::Invite,
        None,
        &html! {
            section class="card narrow" {
                h1 { "Invite a patient" }
                p { "Best done while the patient is with you: you will both compare a few words on your screens." }
                form method="post" action="/invite" data-draft="/invite" {
                    (form::once(frame))
                    (register::same_name(same_name))
                    (form::line(Line { name: "name", label: "Name", hint: "As the care team calls them. Stays inside the clinic.", required: true, ..Line::default() }, &form.field("name")))
                    (form::line(Line { name: "initials", label: "Initials", hint: "For lists that others may see. Left empty, they are taken from the name.", ..Line::default() }, &form.field("initials")))
                    (form::line(Line { name: "pronouns", label: "Pronouns", ..Line::default() }, &form.field("pronouns")))
                    (form::line(Line { name: "therapist", label: "Therapist", hint: "Leads their programme, which begins with the assessment. They see this name.", required: true, ..Line::default() }, &form.field("therapist")))
                    (form::keeping(form.is_kept()))
                    button class="primary" type="submit" { "Make an invitation" }
                }
                (form::discard("/invite", form.is_kept()))
            }
        },
    )
}

/// The invitation with its steps.
pub fn page(frame: &Frame, invitation: &InvitationPage) -> Markup {
    let patient = &invitation.patient;
    let name = &patient.record.name;
    let address = format!("/patients/{}", patient.id);
    let live = Live {
        about: patient.id.to_string(),
        path: format!("{address}/invitation"),
    };
    layout::page(
        frame,
        &format!("Invitation · {name}"),
        NavItem::Caseload,
        Some(&live),
        &html! {
            (patient::banner(frame, patient, false))
            (noticed::of_patient(frame, patient.id, &invitation.warnings))
            section class="card" {
                h1 { "Invitation" }
                @if let Some(why) = invitation.not_answered.as_deref().filter(|_| !is_asked(&patient.invite)) {
                    p class="error" role="alert" { (why) }
                }
                (steps(&patient.invite))
                @match &patient.invite {
                    InviteState::Waiting { expires_at } => {
                        p { "Works once, until " (time::at(*expires_at, frame.now)) ". This page moves on by itself when a phone comes." }
                        (waiting(frame, invitation, &address))
                    }
                    InviteState::Joined { comparison, compare_words, replaces } => {
                        @let not_answered = invitation.not_answered.as_deref();
                        (words(name, compare_words, replaces))
                        (answer(frame, *comparison, not_answered, &address))
                    }
                    InviteState::Paired { at } => {
                        p { strong { "Paired since " (time::at(*at, frame.now)) "." }
                            " What " (isolated(name)) " shares arrives here." }
                        p { a class="button primary" href=(address) { "Open " (isolated(name)) "’s page" } }
                        (another(frame, invitation, &address))
                    }
                    InviteState::Unreadable => {
                        p { strong { "What " (isolated(name)) " shares can’t be read on this machine now." }
                            " The register names " (isolated(name)) ", but the key to their record is not here: this machine "
                            "was probably put back from a copy that is older than the pairing, or the server lost the record." }
                        p { "Each exchange with the server tries to get it back; nothing needs to be done for that. "
                            "If the server lost it too, it comes back when the patient’s phone next syncs." }
                        p { "If it stays away, pair anew. The phone then starts a new shared record with the clinic; "
                            "what was shared before stays where it is, and does not move into the new one." }
                        (again(frame, invitation, &address, "Pair anew", false))
                    }
                    InviteState::Registered => {
                        p { strong { (isolated(name)) " is registered, not invited yet." } " No invitation was made, so no phone can come." }
                        (again(frame, invitation, &address, "Make an invitation", true))
                    }
                    InviteState::Refused { at } => {
                        p { strong { "The words were not the same" } " (" (time::at(*at, frame.now))
                            "). The phone that had come was turned away. It could read nothing of this record." }
                        p { "Nobody can come by its link any more. Give a new one only into "
                            (isolated(name)) "’s own hands." }
                        (again(frame, invitation, &address, "Make a new invitation", true))
                    }
                    InviteState::NotInvited => {
                        p { "There is no invitation that can be used now. Nobody can come by an earlier one." }
                        (again(frame, invitation, &address, "Make a new invitation", true))
                    }
                }
            }
        },
    )
}

fn steps(state: &InviteState) -> Markup {
    let reached = match state {
        InviteState::Waiting { .. } => Some(0),
        InviteState::Joined { .. } => Some(1),
        InviteState::Paired { .. } => Some(3),
        InviteState::Registered
        | InviteState::NotInvited
        | InviteState::Refused { .. }
        | InviteState::Unreadable => None,
    };
    let names = ["Phone scans the code", "Compare the words", "Let in"];
    html! {
        @if let Some(reached) = reached {
            ol class="steps" {
                @for (index, name) in names.iter().enumerate() {
                    @let (class, sign, said) = if index < reached { ("past", "✓", "done") }
                        else if index == reached { ("present", "▶", "now") } else { ("to-come", "·", "to come") };
                    li class=(class) aria-current=[(class == "present").then_some("step")] {
                        span class="sign" aria-hidden="true" { (sign) } " " (name)
                        span class="visually-hidden" { ": " (said) }
                    }
                }
            }
        }
    }
}

fn waiting(frame: &Frame, invitation: &InvitationPage, address: &str) -> Markup {
    let link = invitation.link.as_deref();
    html! {
        @match link {
            Some(link) => (code(link)),
            None => {
                p { "An invitation is open, but its link is not at hand here. "
                    "If the patient has not scanned it yet, make a new one." }
            }
        }
        (again(frame, invitation, address, "Replace by a new invitation", link.is_none()))
    }
}

fn code(link: &str) -> Markup {
    html! {
        div class="pairing" {
            @match qr::code(link, "Invitation as a code for the phone’s camera") {
                Some(code) => (code),
                None => p class="error" { "The link is too long for a code. Send the link instead." }
            }
            div {
                p { "Ask the patient to open the app, choose " strong { "Pair with a clinic" } ", and scan this code." }
                label for="link" { "Or give them this link, only into their own hands:" }
                textarea id="link" class="link" readonly rows="6" spellcheck="false" { (link) }
                p class="hint" { "Whoever has this link can come by it, once. Nobody who does reads anything before you let them in. Select it and copy." }
            }
        }
    }
}

/// What to do for a patient who has another phone now and nothing to bring their record to it.
fn another(frame: &Frame, invitation: &InvitationPage, address: &str) -> Markup {
    html! {
        div class="part" {
            h2 { "A new phone" }
            p { "Whoever still has their phone, or their recovery words, brings the record to a new one by themselves. "
                "An invitation from here is for a patient who has neither. The phone that comes by it replaces those that they have." }
            @match (&invitation.link, invitation.link_until) {
                (Some(link), Some(until)) => {
                    p { "Works once, until " (time::at(until, frame.now)) ". This page moves on by itself when a phone comes." }
                    (code(link))
                    (again(frame, invitation, address, "Replace by a new invitation", false))
                }
                _ => (again(frame, invitation, address, "Invite a new phone", false)),
            }
        }
    }
}

fn again(
    frame: &Frame,
    invitation: &InvitationPage,
    address: &str,
    label: &str,
    main_action: bool,
) -> Markup {
    html! {
        form method="post" action=(format!("{address}/reinvite")) {
            (form::once(frame))
            (form::seen(&invitation.patient.record.invited_at))
            button class=(if main_action { "primary" } else { "quietly" }) type="submit" { (label) }
        }
    }
}

/// Whether the page asks about words.
const fn is_asked(state: &InviteState) -> bool {
    matches!(state, InviteState::Joined { .. })
}

fn words(name: &str, words: &[String], replaces: &[String]) -> Markup {
    html! {
        p { "A phone came by the invitation. It can read nothing yet. Read these words to each other:" }
        ol class="compare" aria-label="Words to compare" { @for word in words { li { (word) } } }
        p { "The patient’s phone must show the same words in the same order. If even one differs, "
            "or their phone says that the invitation was used, somebody else’s phone came: turn it away." }
        @if !replaces.is_empty() {
            p class="replaces" {
                strong {
                    span aria-hidden="true" { "▲ " }
                    "This replaces " (isolated(name)) "’s "
                    @for (index, device) in replaces.iter().enumerate() {
                        @if index > 0 { ", " }
                        "phone “" (isolated(device)) "”"
                    }
                    ", which will be removed."
                }
                (if replaces.len() == 1 { " It gets" } else { " They get" }) " nothing that is shared from then on."
            }
            (devices::tell_of_replacement(name))
        }
    }
}

fn answer(
    frame: &Frame,
    comparison: Comparison,
    not_answered: Option<&str>,
    address: &str,
) -> Markup {
    html! {
        @if let Some(why) = not_answered { p class="error" role="alert" { (why) } }
        form class="answers" method="post" action=(format!("{address}/words"))
            hx-post=(format!("{address}/words")) hx-target="#main" hx-select="#main" hx-select-oob="#notice:outerMorph,#exchange:outerMorph" hx-swap="outerMorph" {
            (form::once(frame))
            input type="hidden" name="comparison" value=(comparison);
            button class="primary" type="submit" name="answer" value="match" { "The words are the same: let this phone in" }
            button class="danger" type="submit" name="answer" value="differ" { "They are not the same: turn it away" }
        }
    }
}
