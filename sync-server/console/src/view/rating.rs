//! Ratings in words, as the patient saw them when choosing.

use companion_core::domain::{Rating, Scale};
use maud::{Markup, html};

/// How pleasant it was, number and words together: never one without the other.
pub fn mood(rating: Rating) -> Markup {
    html! { span class="mood" { (rating.number()) " of 7 · " (Scale::Valence.label(rating)) } }
}
