//! The guides as patients read them, the rules that only the clinic writes, and the clinic's own words for a guide.

pub mod blocks;

use companion_core::domain::guide::model::{self, Block};
use companion_core::domain::guide::{
    Language, Overtaken, Pack, Shown, Slot, SlotWords, Stage, Words,
};
use companion_core::domain::{GuideSlot, GuideText};
use maud::{Markup, html};

use crate::view::form::{self, Form, Line};
use crate::view::frame::Frame;
use crate::view::layout::{self, NavItem};
use crate::view::sentence::sentence;
use crate::view::time;

/// The languages of the guides.
pub const LANGUAGES: [(&str, &str); 2] = [("en", "English"), ("es", "Español")];

/// The fields of the form of a guide in the clinic's own words.
pub const WORDS: [&str; 2] = ["title", "text"];

/// The box that says: save it also where it leaves out what ours has a place for.
pub const LEAVE_OUT: &str = "leave_out";

/// The field of the form of a rule.
pub const RULE: [&str; 1] = ["text"];

/// A guide as a patient reads it, and what the clinic has to know of it.
#[derive(Clone, Debug)]
pub struct Guide {
    /// As it is shown.
    pub shown: Shown,
    /// The clinic's own words of it, if they stand in this language.
    pub own: Option<GuideText>,
    /// Later words of the clinic's in another language.
    pub overtaken: Option<Overtaken>,
    /// The other languages in which patients read ours, whatever the clinic writes in this one.
    pub keeps_ours: Vec<Language>,
}

/// A rule as a patient reads it, and what the clinic has to know of it.
#[derive(Clone, Debug)]
pub struct Rule {
    /// Which.
    pub slot: Slot,
    /// As it is shown.
    pub words: SlotWords,
    /// The rule, if one stands in this language.
    pub own: Option<GuideSlot>,
    /// A later one in another language.
    pub overtaken: Option<Overtaken>,
}

/// Where the guides of a language are.
pub fn address(language: &Language) -> String {
    format!("/guides/{language}")
}

/// Where a rule is written.
pub fn rule_address(language: &Language, slot: Slot) -> String {
    format!("{}/rules/{}", address(language), slot.as_str())
}

/// Where the clinic's own words of a guide are written.
pub fn words_address(language: &Language, guide: &Shown) -> String {
    format!("{}/{}/words", address(language), guide.guide.id)
}

/// The form of a rule as it stands.
pub fn rule_form(own: Option<&GuideSlot>) -> Form {
    let text = own.map_or("", |rule| &*rule.text);
    Form::default().with("text", text).as_shown().showing(own)
}

/// The form of a guide in the clinic's own words as they stand; where there are none, with ours to begin with.
pub fn words_form(own: Option<&GuideText>, bundled: &companion_core::domain::guide::Guide) -> Form {
    let (title, text) = match own {
        Some(own) => (&*own.title, &*own.text),
        None => (
            &*bundled.title,
            Pack::text(bundled).unwrap_or_default().trim(),
        ),
    };
    Form::default()
        .with("title", title)
        .with("text", text)
        .as_shown()
        .showing(own)
}

/// What the words leave out of ours, in words; `None` where that is nothing.
pub fn left_out(blocks: &[Block], ours: &[Block]) -> Option<String> {
    let words = Words::of(&Language::english());
    let left_out = model::left_out(ours, blocks).into_iter();
    let named: Vec<_> = left_out
        .map(|block| match block {
            Block::Slot(slot) => format!("“{}”", words.slot(slot)),
            _ => "the lines to call in a crisis".to_owned(),
        })
        .collect();
    (!named.is_empty()).then(|| named.join(", "))
}

fn behind(overtaken: Option<&Overtaken>, frame: &Frame, language: &Language) -> Markup {
    html! {
        @if let Some(later) = overtaken {
            p class="warned" { span aria-hidden="true" { "▲ " }
                "The words in " (named(&later.by)) " are newer: version " (later.version) ", " (time::at(later.at, frame.now))
                ". Whoever reads " (named(language)) " is not told what changed there."
            }
        }
    }
}

/// Who does not read the clinic's words: said before they are saved, and beside them afterwards.
fn not_read_by(guide: &Guide, language: &Language) -> Markup {
    html! {
        @for other in &guide.keeps_ours {
            p class="warned" { span aria-hidden="true" { "▲ " }
                "Whoever reads " (named(other)) " keeps our guide in " (named(other)) ", and is told there that the clinic has its own text in " (named(language)) ". "
                a href=(words_address(other, &guide.shown)) { "Write it in " (named(other)) " as well" }
                " if they should read it."
            }
        }
    }
}

fn named(language: &Language) -> String {
    let tag = language.as_str();
    match tag {
        "en" => "English".to_owned(),
        "es" => "Spanish".to_owned(),
        other => other.to_owned(),
    }
}

/// The page of all guides in one language.
pub fn page(frame: &Frame, language: &Language, guides: &[Guide], rules: &[Rule]) -> Markup {
    let words = Words::of(language);
    layout::page(
        frame,
        "Guides",
        NavItem::Guides,
        None,
        &html! {
            h1 { "Guides" }
            div class="intro" {
                p { "What patients read, in the words that count: the clinic’s where it wrote some, and else ours. For all patients." }
            }
            nav class="intro" aria-label="Language" {
                ul class="in-a-row" {
                    @for (tag, label) in LANGUAGES {
                        li { a href=(format!("/guides/{tag}")) lang=(tag) aria-current=[(language.as_str() == tag).then_some("true")] { (label) } }
                    }
                }
            }
            div class="columns" {
                div {
                    @for stage in Stage::ALL {
                        section class="card" aria-labelledby=(stage.as_str()) {
                            h2 id=(stage.as_str()) { (words.stage(stage)) }
                            ul class="plainly" {
                                @for guide in guides.iter().filter(|guide| guide.shown.guide.stage == stage) {
                                    (line(frame, language, guide))
                                }
                            }
                        }
                    }
                }
                section class="card" aria-labelledby="rules" {
                    h2 id="rules" { "Rules that only the clinic writes" }
                    p { "The program says nothing of its own about eating, medicines, substances and the way home. Where no rule stands, patients are told to ask." }
                    ul class="plainly" { @for rule in rules { (rule_line(frame, language, rule)) } }
                }
            }
        },
    )
}

fn line(frame: &Frame, language: &Language, guide: &Guide) -> Markup {
    let shown = &guide.shown;
    let words = Words::of(&Language::english());
    html! {
        li {
            a href=(format!("{}/{}", address(language), shown.guide.id)) { (shown.guide.title) }
            p class="quiet" { "About " (shown.estimate.read.0) " min to read, version " (shown.guide.version) "." }
            @for notice in &shown.notices { p class="quiet" { (sentence(&notice.text(words))) } }
            (behind(guide.overtaken.as_ref(), frame, language))
        }
    }
}

fn rule_line(frame: &Frame, language: &Language, rule: &Rule) -> Markup {
    // Our title of the rule, as the patient reads it above the rule.
    let title = Words::of(language).slot(rule.slot);
    html! {
        li {
            strong lang=(language) { (title) }
            div lang=(language) { (blocks::rule(&rule.words, language)) }
            (behind(rule.overtaken.as_ref(), frame, language))
            p { a href=(rule_address(language, rule.slot)) {
                @if rule.own.is_some() { "Change" } @else { "Write it" }
                span class="visually-hidden" lang=(language) { ": " (title) }
            } }
        }
    }
}

/// The page of one guide.
pub fn one_page(frame: &Frame, language: &Language, guide: &Guide) -> Markup {
    let shown = &guide.shown;
    layout::page(
        frame,
        &shown.guide.title,
        NavItem::Guides,
        None,
        &html! {
            article class="card" {
                h1 { (shown.guide.title) }
                p { a href=(address(language)) { "Back to the guides" } }
                @for notice in &shown.notices { p class="quiet" { (sentence(&notice.text(Words::of(&Language::english())))) } }
                (behind(guide.overtaken.as_ref(), frame, language))
                @if guide.own.is_some() { (not_read_by(guide, language)) }
                p { a href=(words_address(language, shown)) {
                    @if guide.own.is_some() { "Change the clinic’s words" } @else { "Write it in the clinic’s words" }
                } }
                h2 { "As the patient reads it" }
                (blocks::guide(shown, language))
            }
        },
    )
}

/// The page on which a guide is written in the clinic's own words.
pub fn words_page(frame: &Frame, language: &Language, guide: &Guide, form: &Form) -> Markup {
    let place = words_address(language, &guide.shown);
    let back = format!("{}/{}", address(language), guide.shown.guide.id);
    let title = format!("In the clinic’s words, {}", named(language));
    layout::page(
        frame,
        &title,
        NavItem::Guides,
        None,
        &html! {
            section class="card" {
                h1 { (title) }
                p { a href=(back) { "Back to the guide" } }
                p { "It stands in the place of our words for all patients, under your name. A paragraph that you change is yours: take away the source in braces behind it. Keep the lines with a slot and with crisis help, and the names of tasks: ticks are kept by them." }
                (not_read_by(guide, language))
                form method="post" action=(place) data-draft=(place) {
                    (form::shown(&WORDS, form))
                    (form::seen_before(form))
                    (form::line(Line { name: "title", label: "Title", required: true, ..Line::default() }, &form.field("title")))
                    (form::text("text", "text", "Text", "Markdown: paragraphs, ## headings, lists, - [ ] tasks. No HTML, no dose, no number to call.", &form.field("text")))
                    (form::check(LEAVE_OUT, "Save it also where it leaves out a rule’s place, or the lines to call", form))
                    (form::keeping(form.is_kept()))
                    button class="primary" type="submit" { "Save for all patients" }
                }
                (form::discard(&place, form.is_kept()))
                @if guide.own.is_some() {
                    form class="part" method="post" action=(format!("{place}/back")) {
                        (form::seen_before(form))
                        button class="danger" type="submit" { "Take the clinic’s words back" }
                        p class="hint" { "Ours count again for all patients." }
                    }
                }
            }
        },
    )
}

/// The page on which a rule is written.
pub fn rule_page(frame: &Frame, language: &Language, rule: &Rule, form: &Form) -> Markup {
    let place = rule_address(language, rule.slot);
    let title = Words::of(language).slot(rule.slot);
    layout::page(
        frame,
        title,
        NavItem::Guides,
        None,
        &html! {
            section class="card narrow" {
                h1 { span lang=(language) { (title) } ", " (named(language)) }
                p { a href=(address(language)) { "Back to the guides" } }
                (behind(rule.overtaken.as_ref(), frame, language))
                form method="post" action=(place) data-draft=(place) {
                    (form::shown(&RULE, form))
                    (form::seen_before(form))
                    (form::text("text", "text", "The rule", "Paragraphs and lists, at most 4,000 bytes. It is shown to all patients, under your name.", &form.field("text")))
                    (form::keeping(form.is_kept()))
                    button class="primary" type="submit" { "Save for all patients" }
                }
                (form::discard(&place, form.is_kept()))
                @if rule.own.is_some() {
                    form class="part" method="post" action=(format!("{place}/back")) {
                        (form::seen_before(form))
                        button class="danger" type="submit" { "Take the rule back" }
                        p class="hint" { "Where no rule stands in any language, patients are told to ask." }
                    }
                }
            }
        },
    )
}
