//! What a patient reads and writes with, on their page: which it is, since when, and how it is removed; and what
//! the patient should be told when a phone goes.

use companion_core::clinic::{ClinicDevice, DeviceKind, PatientView};
use maud::{Markup, html};

use crate::view::frame::Frame;
use crate::view::name::name as isolated;
use crate::view::time;

/// The patient's devices in the order in which they were let in, and below them those that are out; the clinic's
/// own node is none of them.
pub fn list(frame: &Frame, patient: &PatientView) -> Markup {
    let theirs = patient.devices.iter().filter(|device| !device.is_this_node);
    let (present, gone): (Vec<_>, Vec<_>) = theirs.partition(|device| device.removed_at.is_none());
    let is_words = |device: &&ClinicDevice| device.kind == DeviceKind::RecoveryWords;
    let (sheets, gone): (Vec<_>, Vec<_>) = gone.into_iter().partition(is_words);
    html! {
        div class="part" {
            h3 { "Phones and recovery words" }
            @if present.is_empty() { p class="quiet" { "No phone is in." } }
            ul class="plainly" {
                @for device in present {
                    li {
                        (which(frame, device))
                        @if is_words(&device) { (words(&patient.record.name)) }
                        @else { (removal(patient, device)) }
                    }
                }
                @for device in gone {
                    li { (which(frame, device)) (out_since(frame, device)) }
                }
                @if !sheets.is_empty() {
                    @let count = u64::try_from(sheets.len()).unwrap_or(u64::MAX);
                    li class="quiet" { (time::count(count, "earlier sheet", "earlier sheets")) " of recovery words" }
                }
            }
            p { a href=(format!("/patients/{}/invitation", patient.id)) { "Invitation" } }
        }
    }
}

/// Tells one device from another of the same name: by its short id, which the phone's own list shows too, and by
/// when it was let in.
fn which(frame: &Frame, device: &ClinicDevice) -> Markup {
    let sort = match device.kind {
        DeviceKind::Phone | DeviceKind::ThisPhone => Some("phone"),
        DeviceKind::RecoveryWords => Some("twelve words on paper"),
        DeviceKind::Unnamed => Some("it has not said what it is"),
        _ => None,
    };
    html! {
        span { (device.name) }
        @if let Some(sort) = sort { span class="quiet" { " · " (sort) } }
        span class="quiet" { " · " code { (device.member.short()) } " · since " (time::at(device.joined_at, frame.now)) }
        // It tells of every section.
        @if let Some(at) = device.last_received_at.filter(|_| !frame.sight.is_partial()) {
            span class="quiet" { " · last heard of " (time::day(at, frame.now)) }
        }
    }
}

fn out_since(frame: &Frame, device: &ClinicDevice) -> Markup {
    html! {
        @if let Some(at) = device.removed_at {
            " " span class="badge calm" { span aria-hidden="true" { "× " } "Gets nothing shared since " (time::day(at, frame.now)) }
        }
    }
}

/// No clinic ends words: whoever has them is to find their record again, whatever a clinic's computer does.
fn words(name: &str) -> Markup {
    html! {
        details {
            summary { "If somebody else has these words" }
            p { "The clinic can’t end them. " (isolated(name)) " does, by making new ones on their first phone." }
        }
    }
}

fn removal(patient: &PatientView, device: &ClinicDevice) -> Markup {
    let remove = match device.kind {
        DeviceKind::Unnamed => "Remove this device",
        _ => "Remove this phone",
    };
    let which = html! { (device.name) " (" (device.member.short()) ")" };
    html! {
        details {
            summary { (remove) span class="visually-hidden" { ": " (which) } }
            p { "It gets nothing that is shared from now on. It keeps what it has already received." }
            (tell_of_removal(&patient.record.name))
            form method="post" action=(format!("/patients/{}/devices/{}/remove", patient.id, device.member)) {
                button class="danger" type="submit" { (remove) ": " (which) }
            }
        }
    }
}

/// What a patient should know when the clinic removes a phone of theirs.
fn tell_of_removal(name: &str) -> Markup {
    html! {
        p { strong { "Tell " (isolated(name)) ":" } " what they keep private still reaches that phone until they remove it "
            "too, on another phone of theirs or with their recovery words. If recovery words were made on it, they should "
            "make new ones: the earlier ones stay good until then." }
    }
}

/// What a patient should know when a new phone replaces those that they had.
pub fn tell_of_replacement(name: &str) -> Markup {
    html! {
        p { strong { "Tell " (isolated(name)) ":" } " this ends only what is shared. What was private stays on the "
            "old phone, and still reaches it from other phones of theirs until they remove it there, or with their "
            "recovery words. Recovery words that were made before stay good until they make new ones on the new phone." }
    }
}
