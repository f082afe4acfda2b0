//! The fields of a session besides its number and its time: the same where one is added and where one is changed.

use companion_core::domain::DosingSession;
use companion_core::domain::session_details::SessionDetails;
use maud::{Markup, html};

use crate::view::form::{self, Form, Line};

/// The field of the form for a field of a session: other forms of a patient's page have fields of those names.
pub fn field_of(name: &'static str) -> &'static str {
    match name {
        "therapist" => "session_therapist",
        "medical_provider" => "session_provider",
        "place" => "session_place",
        "address" => "session_address",
        "contact" => "session_contact",
        other => other,
    }
}

/// The fields of the details.
pub const DETAILS: [&str; 10] = [
    "session_therapist",
    "session_provider",
    "session_place",
    "session_address",
    "session_contact",
    "arrival_minutes",
    "medicine_minutes",
    "coming_back_minutes",
    "grounding_minutes",
    "note",
];

/// The details of a session, typed into a form.
#[must_use]
pub fn with_details(form: Form, session: &DosingSession) -> Form {
    let details = SessionDetails::of(session);
    form.with("session_therapist", details.therapist)
        .with("session_provider", details.medical_provider)
        .with("session_place", details.place)
        .with("session_address", details.address)
        .with("session_contact", details.contact)
        .with("arrival_minutes", details.arrival_minutes.0.to_string())
        .with("medicine_minutes", details.medicine_minutes.0.to_string())
        .with(
            "coming_back_minutes",
            details.coming_back_minutes.0.to_string(),
        )
        .with("grounding_minutes", details.grounding_minutes.0.to_string())
        .with("note", details.note)
}

/// The fields.
pub fn details(form: &Form) -> Markup {
    let words = |name, label| {
        form::line(
            Line {
                name,
                label,
                ..Line::default()
            },
            &form.field(name),
        )
    };
    let minutes = |name, label| {
        form::line(
            Line {
                name,
                label,
                kind: "number",
                required: true,
                ..Line::default()
            },
            &form.field(name),
        )
    };
    html! {
        p class="hint" { "The patient sees all of it." }
        (words("session_therapist", "Therapist"))
        (words("session_provider", "Medical provider"))
        (words("session_place", "Name of the place"))
        (words("session_address", "Address"))
        (words("session_contact", "How to reach the clinic that day"))
        (minutes("arrival_minutes", "Minutes from the arrival to the medicine"))
        (minutes("medicine_minutes", "Minutes of the medicine"))
        (minutes("coming_back_minutes", "Minutes of the return"))
        (minutes("grounding_minutes", "Minutes of grounding"))
        (form::optional_text("note", "Note (optional)", "", &form.field("note")))
    }
}
