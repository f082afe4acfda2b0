//! For how long the server keeps what a patient shared after they ended their account.

use maud::{Markup, html};

use crate::view::form::{self, Form, Line};
use crate::view::frame::Frame;
use crate::view::layout::{self, NavItem};

/// Where it is set.
pub const ADDRESS: &str = "/retention";

/// The field whose present value somebody else may change meanwhile.
pub const KEEP_DAYS: [&str; 1] = ["keep_days"];

/// The form as it stands.
pub fn present(days: u16) -> Form {
    Form::default()
        .with("keep_days", days.to_string())
        .as_shown()
}

/// The page with the form.
pub fn page(frame: &Frame, form: &Form) -> Markup {
    layout::page(
        frame,
        "After an account is ended",
        NavItem::Elsewhere,
        None,
        &html! {
            section class="card narrow" {
                h1 { "After an account is ended" }
                p { "A patient can end their account from their phone. What is theirs alone is deleted then. What they shared stays "
                    "on the sync server for some days more, so that this console has read all of it; then the server forgets it." }
                p { "What this console has received stays in the record that the clinic keeps. The phone says all of this before the end." }
                form method="post" action=(ADDRESS) data-draft=(ADDRESS) {
                    (form::once(frame))
                    (form::shown(&KEEP_DAYS, form))
                    (form::line(Line { name: "keep_days", label: "Days that the server keeps what was shared", hint: "3 to 366. Whoever runs the server may allow fewer.", required: true, ..Line::default() }, &form.field("keep_days")))
                    (form::keeping(form.is_kept()))
                    button class="primary" type="submit" { "Save" }
                }
                (form::discard(ADDRESS, form.is_kept()))
            }
        },
    )
}
