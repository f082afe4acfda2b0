//! The pages of what is mostly words: commitments, lines for the next session, answers about what is new,
//! requests to be contacted, sections of the assessment, goals.

use companion_core::domain::anything_new::News;
use companion_core::domain::goal::Became;
use companion_core::domain::use_questions::UseQuestion;
use companion_core::domain::{
    AnythingNew, AssessmentSection, Commitment, ContactRequest, Goal, Intention, NextSessionItem,
    UseCheck,
};
use maud::{Markup, html};

use crate::view::frame::Frame;
use crate::view::time;
use crate::view::timeline::became;

/// A commitment and what became of it.
pub(super) fn commitment(one: &Commitment) -> Markup {
    html! {
        (words(&one.text))
        section class="part" aria-labelledby="became" {
            h2 id="became" { "What became of it" }
            @match &one.became {
                Some(became) => p { strong dir="auto" { (became.label()) } },
                None => p class="quiet" { "Nobody has said yet." },
            }
            (words(&one.became_words))
            @if let Some(day) = one.review_on { p class="quiet" { "The patient wanted to look at it again on " (time::date(day)) "." } }
        }
    }
}

/// Questions on craving, use outside the plan and the bladder, each as it was asked. No answer is weighed.
pub(super) fn use_check(one: &UseCheck) -> Markup {
    html! {
        dl class="questions" {
            @for question in UseQuestion::ALL {
                div {
                    dt dir="auto" { (one.asked(question)) }
                    dd { @match one.answer(question) {
                        Some(answer) => strong dir="auto" { (answer.label()) },
                        None => span class="quiet" { "Left open" },
                    } }
                }
            }
        }
        (words(&one.words))
    }
}

/// A line for the next session.
pub(super) fn line(one: &NextSessionItem) -> Markup {
    words(&one.text)
}

/// What the patient would like to hold in mind, and what matters to them.
pub(super) fn intention(one: &Intention) -> Markup {
    html! {
        (words(&one.text))
        @if !one.values.is_empty() {
            p { "What matters to them: " span dir="auto" { (one.values_in_a_line()) } }
        }
    }
}

/// Whether anything is new before a session.
pub(super) fn news(one: &AnythingNew) -> Markup {
    html! {
        p { "Asked before the session: is anything new with medicines or supplements, health, pregnancy or illness?" }
        p { strong { @match one.answer { News::Nothing => "Nothing is new.", News::Something => "Something is new." } } }
        (words(&one.words))
        @if let Some(on) = one.on {
            p class="quiet" { "Said for the session’s day, " (time::date(on.to_chrono())) ". Where the session is moved to another day, it is asked again." }
        }
    }
}

/// A request to be contacted.
pub(super) fn contact(frame: &Frame, one: &ContactRequest) -> Markup {
    html! {
        @if let Some(at) = one.taken_back_at {
            p { strong { "The patient took this back " (time::at(at, frame.now)) "." } }
        } @else {
            p { strong { "The patient asks to be contacted." } " Their phone says who opened this, and promises nothing else." }
        }
        @if one.words.is_empty() { p class="quiet" { "They wrote nothing beside it." } }
        (words(&one.words))
    }
}

/// A section of the assessment.
pub(super) fn section(one: &AssessmentSection) -> Markup {
    html! {
        p class="quiet" { "What the patient wrote for the assessment. Each section is shared by itself: what is missing may be private." }
        (words(&one.text))
    }
}

/// A goal and what became of it.
pub(super) fn goal(one: &Goal) -> Markup {
    html! {
        (words(&one.text))
        dl class="facts given" {
            div { dt { "Part of life" } dd dir="auto" { (one.domain.as_str().replace('_', " ")) } }
            div { dt { "What became of it" } dd { (became(one.became)) } }
        }
        @if one.became == Became::Open && one.became_words.is_empty() {} @else { (words(&one.became_words)) }
    }
}

fn words(text: &str) -> Markup {
    html! { @if !text.is_empty() { div class="words body" dir="auto" { (text) } } }
}
