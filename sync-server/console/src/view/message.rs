//! Pages that say that something can't be done, and what to do instead.

use maud::{Markup, html};

use crate::view::frame::Frame;
use crate::view::layout::{self, NavItem};

/// A page to go to from here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Way {
    /// Its address.
    pub to: String,
    /// What the link says.
    pub words: &'static str,
}

/// A page with a heading, what happened in plain words, and a way on.
pub fn page(frame: &Frame, heading: &str, text: &str) -> Markup {
    page_with(frame, heading, text, &[])
}

/// The same with the pages on which to do what is missing.
pub fn page_with(frame: &Frame, heading: &str, text: &str, ways: &[Way]) -> Markup {
    let signed_in = frame.viewer.is_some();
    layout::page(
        frame,
        heading,
        NavItem::Elsewhere,
        None,
        &html! {
            section class="card narrow" {
                h1 { (heading) }
                p { (text) }
                @for way in ways { p { a href=(way.to) { (way.words) } } }
                p {
                    @if signed_in { a href="/" { "Go to the caseload" } }
                    @else { a href="/sign-in" { "Go to sign-in" } }
                }
            }
        },
    )
}
