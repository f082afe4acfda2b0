//! What somebody sent from a page that nobody is signed in on any more: given back, because it could be
//! kept for nobody.

use maud::{Markup, html};

use crate::view::form::{self, Field, Form};
use crate::view::frame::Frame;
use crate::view::layout::{self, NavItem};

/// The page. `to` leads to signing in and back to where the form stands.
pub fn page(frame: &Frame, form: &Form, to: &str) -> Markup {
    let typed = form.values().iter();
    let typed = typed.filter(|(_, words)| !words.trim().is_empty());
    layout::page(
        frame,
        "You are not signed in",
        NavItem::Elsewhere,
        None,
        &html! {
            section id="given-back" class="card narrow" {
                h1 { "You are not signed in" }
                p { "Nothing was sent, and these words are kept nowhere but on this page. "
                    "Copy them before you go on." }
                @for (index, (name, words)) in typed.enumerate() {
                    (form::text(&format!("typed-{index}"), name, "What you wrote", "", &Field::of(words)))
                }
                p { a href=(to) { "Go to sign-in" } }
            }
        },
    )
}
