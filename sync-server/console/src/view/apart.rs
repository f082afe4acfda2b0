//! What was written in two places apart: all that was said, until somebody chooses; with buttons to choose where
//! the clinic may.

use companion_core::domain::medicine_record::Route;
use companion_core::domain::{Kind, Moment, Rating, Revision, Scale, Side, Visibility, declared};
use companion_core::records::{Apart, InTwoWordings};
use maud::{Markup, html};

use crate::view::form;
use crate::view::frame::Frame;
use crate::view::marks::scope;
use crate::view::time;

/// Who chooses.
#[derive(Clone, Copy, Debug)]
pub enum Chooser<'a> {
    /// The patient alone, on a phone of theirs: it is their word.
    Patient,
    /// Whoever reads the page.
    Clinic {
        /// Where the choice is sent.
        place: &'a str,
        /// The version that the page shows.
        revision: &'a Revision,
    },
}

impl<'a> Chooser<'a> {
    /// Who chooses between the wordings of a kind.
    pub fn of(kind: &Kind, place: &'a str, revision: &'a Revision) -> Self {
        let is_the_clinics =
            declared(kind).is_some_and(|declared| declared.writers.include(Side::Clinic));
        match is_the_clinics {
            true => Self::Clinic { place, revision },
            false => Self::Patient,
        }
    }
}

/// A part of the page for each field of which there is more than one wording.
pub fn draw(frame: &Frame, apart: &[Apart], chooser: Chooser<'_>) -> Markup {
    html! { @for each in apart { (field(frame, each, chooser)) } }
}

/// The same of something of whatever kind, which the clinic may choose between.
pub fn draw_one(frame: &Frame, which: &InTwoWordings, place: &str) -> Markup {
    let chooser = Chooser::of(&which.kind, place, &which.revision);
    draw(frame, &which.apart, chooser)
}

fn field(frame: &Frame, apart: &Apart, chooser: Chooser<'_>) -> Markup {
    let name = label(&apart.field);
    html! {
        section class="apart" aria-label=(format!("In two wordings: {name}")) {
            p { strong { span aria-hidden="true" { "≠ " } "In two wordings." } " "
                @if is_text(&apart.field) {
                    "The same words of " (name) " were written anew in two places that did not know of each other. "
                    "The page shows one of the wordings, or one after the other. These are all of them, whole:"
                } @else {
                    "In two places that did not know of each other, " (name) " was given different answers. "
                    "The page shows one of them. These are all:"
                }
            }
            @match chooser {
                Chooser::Patient => {
                    ol class="wordings" {
                        @for wording in &apart.wordings { li class="words" dir="auto" { (in_words(frame, &apart.field, wording)) } }
                    }
                    p { "Only the patient can choose, on their phone. This stands here until they do." }
                }
                Chooser::Clinic { place, revision } => {
                    form method="post" action=(place) {
                        (form::revision(revision))
                        input type="hidden" name="field" value=(apart.field);
                        ol class="wordings" {
                            @for (number, wording) in (1..).zip(&apart.wordings) {
                                li {
                                    p class="words" dir="auto" { (in_words(frame, &apart.field, wording)) }
                                    button type="submit" name="wording" value=(number) {
                                        "Choose this" span class="visually-hidden" { " as " (name) ", wording " (number) }
                                    }
                                }
                            }
                        }
                    }
                    p { "This stands here until somebody chooses. The others then are gone from the page, and stay in the history." }
                }
            }
        }
    }
}

/// The last name of a path such as `lines.1f….text`.
fn last(path: &str) -> &str {
    path.rsplit('.').next().unwrap_or(path)
}

fn is_text(field: &str) -> bool {
    matches!(
        last(field),
        "title" | "body" | "note" | "text" | "words" | "became_words" | "music_note"
    )
}

fn label(field: &str) -> String {
    if let Some(question) = field.strip_prefix("answers.") {
        return format!("the answer to {}", question.replace('_', " "));
    }
    let label = match last(field) {
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
        "by" => "who wrote it",
        "route" => "the route",
        "dose" => "the dose",
        "name" => "the name",
        "number" => "the number",
        "stopped_at" => "when it was stopped",
        "what_for" => "what it is for",
        "domain" => "the part of life",
        other => return other.replace('_', " "),
    };
    label.to_owned()
}

/// A wording as a person reads it: one of a value is written as a document writes it.
fn in_words(frame: &Frame, field: &str, wording: &str) -> String {
    let field = last(field);
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
        "route" => Route::from(wording.to_owned()).label().to_owned(),
        "at" | "stopped_at" => wording.parse::<Moment>().map_or_else(
            |_| wording.to_owned(),
            |moment| time::when(moment, frame.now),
        ),
        "session" => "A dosing session".to_owned(),
        "kind" | "became" | "domain" => wording.replace('_', " "),
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
            ("route", "im", "into a muscle (IM)"),
            ("route", "", "Nothing"),
            (
                "items.01.stopped_at",
                "2026-11-22T21:40:00+01:00",
                "yesterday 21:40",
            ),
        ] {
            assert_eq!(in_words(&frame, field, wording), read, "{field}");
        }
    }
}
