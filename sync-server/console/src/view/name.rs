//! Names of people inside a sentence.

use maud::{Markup, html};

/// A name that keeps to its own direction: one in Hebrew or Arabic must not pull the words beside it
/// along, nor they it.
pub fn name(name: &str) -> Markup {
    html! { bdi { (name) } }
}
