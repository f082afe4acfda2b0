//! A guide as its patient reads it: typed blocks as HTML, with the clinic's rules in their places, and its sources
//! under numbers.

use companion_core::domain::guide::help::UNITED_STATES;
use companion_core::domain::guide::model::{Block, Emphasis, Level, Marker, Span, sources_of};
use companion_core::domain::guide::words::filled;
use companion_core::domain::guide::{
    Grounds, Language, Point, Shown, Slot, SlotWords, Source, Words,
};
use maud::{Markup, html};

/// The whole of it, in the words of that language.
pub fn guide(shown: &Shown, language: &Language) -> Markup {
    let (words, sources) = (Words::of(language), sources_of(&shown.guide.blocks));
    html! {
        div class="guide" lang=(shown.guide.language) {
            @for block in &shown.guide.blocks {
                @match block {
                    Block::Slot(slot) => (slot_of(shown, *slot, words)),
                    Block::CrisisHelp => ul class="plainly" {
                        @for line in &UNITED_STATES { li { (filled(words.help(line.kind), &[line.number])) } }
                    },
                    block => (one(block, &sources)),
                }
            }
            @if !sources.is_empty() {
                h3 { (words.sources) }
                ol {
                    @for source in &sources {
                        li { (source.title) @if let Some(address) = source.address { " " a class="link" href=(address) rel="noreferrer" { (address) } } }
                    }
                }
            }
        }
    }
}

/// What stands in a rule's place, and whose words it is.
pub fn rule(words: &SlotWords, language: &Language) -> Markup {
    let around = Words::of(language);
    html! {
        @match words {
            SlotWords::AskYourClinic => p { (around.ask_your_clinic) },
            SlotWords::Unreadable { signed, .. } => {
                p { (around.cannot_show_rule) }
                p class="quiet" { (signed.text(around)) }
            },
            SlotWords::Clinic { blocks, signed, language: written_in } => {
                div lang=(written_in) { @for block in blocks { (one(block, &[])) } }
                p class="quiet" { (signed.text(around)) @if !language.reads(written_in) { ". " (around.shown_in(written_in)) } }
            },
        }
    }
}

fn slot_of(shown: &Shown, slot: Slot, words: &Words) -> Markup {
    let language = &shown.guide.language;
    let said = shown.slots.get(&slot).unwrap_or(&SlotWords::AskYourClinic);
    html! {
        div class="card" {
            p { strong { (words.slot(slot)) } }
            (rule(said, language))
        }
    }
}

fn one(block: &Block, sources: &[&Source]) -> Markup {
    html! {
        @match block {
            Block::Heading { level: Level::Section, text } => h3 { (spans(text)) },
            Block::Heading { level: Level::Part, text } => h4 { (spans(text)) },
            Block::Paragraph { text, grounds } => p { (spans(text)) (numbers(grounds, sources)) },
            Block::List(points) => (list(points, sources)),
            Block::Tasks(tasks) => ul class="plainly" {
                @for task in tasks { li { span aria-hidden="true" { "☐ " } (spans(&task.text)) (numbers(&task.grounds, sources)) } }
            },
            Block::Slot(_) | Block::CrisisHelp => {},
        }
    }
}

/// What lies deeper in a list begins with a dash.
fn list(points: &[Point], sources: &[&Source]) -> Markup {
    let is_numbered = |point: &Point| matches!(point.marker, Marker::Number(_));
    let outer = points.iter().filter(|point| point.depth == 0);
    let is_numbered = outer.clone().count() == points.len() && outer.clone().all(is_numbered);
    let items = html! {
        @for point in points {
            li { @if point.depth > 0 { "– " } (spans(&point.text)) (numbers(&point.grounds, sources)) }
        }
    };
    html! { @if is_numbered { ol { (items) } } @else { ul { (items) } } }
}

fn spans(text: &[Span]) -> Markup {
    html! {
        @for span in text {
            @match &span.link {
                Some(link) => a href=(link.as_str()) rel="noreferrer" { (emphasis(span)) },
                None => (emphasis(span)),
            }
        }
    }
}

fn emphasis(span: &Span) -> Markup {
    match span.emphasis {
        Emphasis::None => html! { (span.text) },
        Emphasis::Light => html! { em { (span.text) } },
        Emphasis::Strong => html! { strong { (span.text) } },
    }
}

/// The numbers of the sources of a claim; that the words claim nothing, or are the clinic's, needs none.
fn numbers(grounds: &Grounds, sources: &[&Source]) -> Markup {
    let Grounds::Sources(named) = grounds else {
        return html! {};
    };
    let numbers = named.iter().filter_map(|source| {
        let place = sources.iter().position(|known| known.id == source.id)?;
        Some(place.saturating_add(1))
    });
    html! { @for number in numbers { " [" (number) "]" } }
}
