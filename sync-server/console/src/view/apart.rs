//! What was rewritten in two places apart: all that was said, until the patient chooses.

use companion_core::domain::{Moment, Rating, Scale, Visibility};
use companion_core::records::Apart;
use maud::{Markup, html};

use crate::view::frame::Frame;
use crate::view::marks::scope;
use crate::view::time;

/// A part of the page for each field of which there is more than one wording.
pub fn draw(frame: &Frame, apart: &[Apart]) -> Markup {
    html! { @for each in apart { (field(frame, each)) } }
}

fn field(frame: &Frame, apart: &Apart) -> Markup {
    let name = label(&apart.field);
    html! {
        section class="apart" aria-label=(format!("Edited on two phones: {name}")) {
            p { strong { span aria-hidden="true" { "≠ " } "Edited on two phones." } " "
                @if is_text(&apart.field) {
                    "The same words of " (name) " were written anew in two places that did not know of each other. "
                    "The page shows one of the wordings, or one after the other. These are all of them, whole:"
                } @else {
                    "In two places that did not know of each other, " (name) " was given different answers. "
                    "The page shows one of them. These are all:"
                }
            }
            ol class="wordings" {
                @for wording in &apart.wordings { li class="words" dir="auto" { (in_words(frame, &apart.field, wording)) } }
            }
            p { "This stands here until the patient chooses." }
        }
    }
}

fn is_text(field: &str) -> bool {
    matches!(
        field,
        "title" | "body" | "note" | "text" | "words" | "became_words" | "music_note"
    )
}

fn label(field: &str) -> &str {
    match field {
        "title" => "the title",
        "body" | "text" | "words" => "the text",
        "became_words" => "the words about what became of it",
        "became" => "what became of it",
        "music_note" => "the note about music",
        "review_on" => "the day to look at it again",
        "note" => "the note",
        "valence" | "mood" => "the mood",
        "energy" => "the energy",
        "anxiety" => "the anxiety",
        "sleep" => "the sleep",
        "visibility" => "whom it is for",
        "at" => "the time",
        "kind" => "what it is about",
        "session" => "the session that it belongs to",
        other => other,
    }
}

/// A wording as a person reads it: one of a value is written as a document writes it.
fn in_words(frame: &Frame, field: &str, wording: &str) -> String {
    let scale = match field {
        "valence" | "mood" => Some(Scale::Valence),
        "energy" => Some(Scale::Energy),
        "anxiety" => Some(Scale::Anxiety),
        "sleep" => Some(Scale::Sleep),
        _ => None,
    };
    let rating = || Rating::new(wording.parse().ok()?).ok();
    if let Some((scale, rating)) = scale.zip(rating()) {
        return format!("{} of 7 · {}", rating.number(), scale.label(rating));
    }
    if wording.is_empty() {
        return "Nothing".to_owned();
    }
    match field {
        "visibility" => Visibility::ALL
            .into_iter()
            .find(|visibility| visibility.as_str() == wording)
            .map_or_else(|| wording.to_owned(), |found| scope(Some(found)).to_owned()),
        "at" => wording.parse::<Moment>().map_or_else(
            |_| wording.to_owned(),
            |moment| time::when(moment, frame.now),
        ),
        "session" => "A dosing session".to_owned(),
        "kind" => wording.replace('_', " "),
        _ => wording.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::view::examples;

    #[test]
    fn every_wording_is_shown_as_a_person_reads_it() {
        let frame = examples::frame();
        for (field, wording, read) in [
            ("body", "I do not feel safe.", "I do not feel safe."),
            ("body", "", "Nothing"),
            ("valence", "1", "1 of 7 · very unpleasant"),
            ("sleep", "", "Nothing"),
            ("valence", "99", "99"),
            (
                "visibility",
                "talk_in_session",
                "Wants to talk about it in session",
            ),
            ("at", "2026-11-22T21:40:00+01:00", "yesterday 21:40"),
            ("at", "soon", "soon"),
            ("later", "unknown", "unknown"),
        ] {
            assert_eq!(in_words(&frame, field, wording), read, "{field}");
        }
    }
}
