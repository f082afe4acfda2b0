//! Pages that say that something can't be done, and what to do instead.

use maud::{Markup, html};

use crate::view::frame::Frame;
use crate::view::layout::{self, NavItem};

/// A page with a heading, what happened in plain words, and a way on.
pub fn page(frame: &Frame, heading: &str, text: &str) -> Markup {
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
                p {
                    @if signed_in { a href="/" { "Go to the caseload" } }
                    @else { a href="/sign-in" { "Go to sign-in" } }
                }
            }
        },
    )
}
