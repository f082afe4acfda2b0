//! Who wrote what the patient and the care team write together: the last change, and those before it.

use companion_core::domain::Side;
use companion_core::records::Written;
use maud::{Markup, html};

use crate::view::frame::Frame;
use crate::view::name::name;
use crate::view::time;

/// So many earlier changes are named.
const EARLIER: usize = 20;

/// Nothing where only one side can write it: then the page says whose it is.
pub fn draw(frame: &Frame, written: &[Written]) -> Markup {
    html! {
        @if let Some((last, earlier)) = written.split_first() {
            p class="quiet" { (one(frame, last)) }
            @if !earlier.is_empty() {
                details {
                    summary { "Who wrote it before" }
                    ul class="plainly" {
                        @for each in earlier.iter().take(EARLIER) { li { (one(frame, each)) } }
                        @if earlier.len() > EARLIER { li { (earlier.len() - EARLIER) " more" } }
                    }
                }
            }
        }
    }
}

fn one(frame: &Frame, written: &Written) -> Markup {
    html! {
        @if written.is_first { "Begun by " } @else { "Changed by " }
        @match written.side {
            Side::Patient => "the patient",
            Side::Clinic if written.by.is_empty() => "the clinic",
            Side::Clinic if frame.viewer.as_deref() == Some(&*written.by) => "you",
            Side::Clinic => (name(&written.by)),
        }
        " " (time::at(written.at, frame.now))
    }
}
