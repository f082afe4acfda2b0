//! The sign-in page.

use maud::{Markup, html};

use crate::view::form::{self, Field, Line};
use crate::view::frame::Frame;
use crate::view::layout::{self, NavItem};

/// What the sign-in form holds. The passphrase is never written back.
#[derive(Clone, Debug, Default)]
pub struct SignInForm {
    /// The clinician's name.
    pub name: Field,
    /// The page that signing in leads to.
    pub to: String,
    /// What is wrong with the two together.
    pub error: Option<String>,
}

/// The page.
pub fn page(frame: &Frame, form: &SignInForm) -> Markup {
    layout::page(frame, "Sign in", NavItem::Elsewhere, None, &main(form))
}

fn main(form: &SignInForm) -> Markup {
    html! {
        section class="card narrow" {
            h1 { "Sign in" }
            p class="quiet" { "For the care team. What you do here is written into the clinic’s audit record." }
            @if let Some(error) = &form.error {
                p class="error" role="alert" { span aria-hidden="true" { "▲ " } (error) }
            }
            form method="post" action="/sign-in" {
                (form::line(Line { name: "name", label: "Name", autocomplete: "username", required: true, ..Line::default() }, &form.name))
                (form::line(Line { name: "passphrase", label: "Passphrase", kind: "password",
                    autocomplete: "current-password", required: true, ..Line::default() }, &Field::default()))
                @if !matches!(&*form.to, "" | "/") { input type="hidden" name="to" value=(form.to); }
                button class="primary" type="submit" { "Sign in" }
            }
            p class="hint" { "You are signed out when nothing has come from you for 15 minutes, and after 12 hours in any case. "
                "Words that you had typed into a form are kept for you. Forgotten your passphrase? "
                "Whoever looks after the clinic’s computer can set a new one." }
        }
    }
}
