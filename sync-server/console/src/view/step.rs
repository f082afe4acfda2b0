//! The seven steps in words, as the patient saw them when choosing.

use companion_core::domain::{Scale, Step};
use maud::{Markup, html};

/// The words for a step of a scale; a number beyond the scale counts as its nearest end.
pub fn words(scale: Scale, step: u8) -> &'static str {
    scale.label(Step::new(step.clamp(1, 7)).unwrap_or(Step::MIDDLE))
}

/// How pleasant it was, number and words together: never one without the other.
pub fn mood(step: u8) -> Markup {
    html! { span class="mood" { (step) " of 7 · " (words(Scale::Valence, step)) } }
}
