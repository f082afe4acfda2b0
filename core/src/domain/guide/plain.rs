//! A guide as plain text, for a terminal: nothing but its words, wrapped.

use std::collections::BTreeSet;

use super::model::{Block, Emphasis, Grounds, Level, Marker, Span, sources_of};
use super::shown::{Shown, SlotWords};
use super::words::filled;
use super::{HelpLine, Language, Slot, Source, TaskId, Words};

/// The guide with what is said beside it, at most `width` characters in a line unless a word is
/// longer, in the words of `language`. Ticked tasks have an `x`. Ends with a line break.
pub fn plain(
    shown: &Shown,
    ticked: &BTreeSet<TaskId>,
    help: &[HelpLine],
    language: &Language,
    width: usize,
) -> String {
    let words = Words::of(language);
    let mut page = Page {
        text: String::new(),
        width,
        sources: sources_of(&shown.guide.blocks),
    };
    let guide = &shown.guide;
    page.line("", &guide.title.to_uppercase());
    let minutes = |minutes: super::Minutes| minutes.0.to_string();
    let (read, listen) = (minutes(shown.estimate.read), minutes(shown.estimate.listen));
    let mut head = vec![
        words.stage(guide.stage).to_owned(),
        filled(words.version, &[&guide.version.to_string()]),
    ];
    head.push(filled(words.minutes, &[&read, &listen]));
    page.line("", &head.join(" · "));
    for notice in &shown.notices {
        page.line("", &notice.text(words));
    }
    for block in &guide.blocks {
        page.gap();
        match block {
            Block::Slot(slot) => page.slot(shown, *slot, words, language),
            Block::CrisisHelp => {
                for line in help {
                    page.line("! ", &filled(words.help(line.kind), &[line.number]));
                }
            }
            block => page.block("", block, ticked),
        }
    }
    page.all_sources(words);
    page.text
}

/// What is being written.
struct Page {
    text: String,
    width: usize,
    sources: Vec<&'static Source>,
}

impl Page {
    fn block(&mut self, indent: &str, block: &Block, ticked: &BTreeSet<TaskId>) {
        match block {
            Block::Heading { level, text } => {
                let mark = match level {
                    Level::Section => "## ",
                    Level::Part => "### ",
                };
                self.line(&format!("{indent}{mark}"), &words(text));
            }
            Block::Paragraph { text, grounds } => {
                let text = self.with_numbers(text, grounds);
                self.line(indent, &text);
            }
            Block::List(points) => {
                for point in points {
                    let inner = "  ".repeat(point.depth.into());
                    let marker = match point.marker {
                        Marker::Bullet => "- ".to_owned(),
                        Marker::Number(number) => format!("{number}. "),
                    };
                    let text = self.with_numbers(&point.text, &point.grounds);
                    self.line(&format!("{indent}{inner}{marker}"), &text);
                }
            }
            Block::Tasks(tasks) => {
                for task in tasks {
                    let tick = if ticked.contains(&task.id) { 'x' } else { ' ' };
                    let text = self.with_numbers(&task.text, &task.grounds);
                    self.line(&format!("{indent}[{tick}] "), &text);
                }
            }
            Block::Slot(_) | Block::CrisisHelp => {}
        }
    }

    fn slot(&mut self, shown: &Shown, slot: Slot, words: &Words, asked: &Language) {
        self.line("| ", words.slot(slot));
        match shown.slots.get(&slot).unwrap_or(&SlotWords::AskYourClinic) {
            SlotWords::AskYourClinic => self.line("| ", words.ask_your_clinic),
            SlotWords::Unreadable { signed, .. } => {
                self.line("| ", words.cannot_show_rule);
                self.line("| ", &signed.text(words));
            }
            SlotWords::Clinic {
                blocks,
                signed,
                language,
            } => {
                for block in blocks {
                    self.block("| ", block, &BTreeSet::new());
                }
                self.line("| ", &signed.text(words));
                if !asked.reads(language) {
                    self.line("| ", &words.shown_in(language));
                }
            }
        }
    }

    /// The words with the numbers of their sources behind them.
    fn with_numbers(&self, text: &[Span], grounds: &Grounds) -> String {
        let mut text = words(text);
        if let Grounds::Sources(named) = grounds {
            for source in named {
                let place = self.sources.iter().position(|it| it.id == source.id);
                if let Some(place) = place {
                    text.push_str(&format!(" [{}]", place.saturating_add(1)));
                }
            }
        }
        text
    }

    fn all_sources(&mut self, words: &Words) {
        if self.sources.is_empty() {
            return;
        }
        self.gap();
        self.line("## ", words.sources);
        for (number, source) in (1..).zip(self.sources.clone()) {
            let address = source.address.map(|address| format!(": {address}"));
            let text = format!("{}{}", source.title, address.unwrap_or_default());
            self.line(&format!("[{number}] "), &text);
        }
    }

    fn gap(&mut self) {
        self.text.push('\n');
    }

    /// Lines with `first` before the first and as much room before the others; a bar goes on.
    fn line(&mut self, first: &str, text: &str) {
        let room: String = first
            .chars()
            .map(|c| if c == '|' { '|' } else { ' ' })
            .collect();
        let mut lead = first;
        for part in text.split('\n') {
            for line in wrapped(part, self.width.saturating_sub(first.chars().count())) {
                self.text.push_str(lead);
                self.text.push_str(&line);
                self.text.push('\n');
                lead = &room;
            }
        }
    }
}

/// Words as a terminal shows them: what stands out between stars, where a link leads behind it.
fn words(text: &[Span]) -> String {
    let span = |span: &Span| {
        let star = match span.emphasis {
            Emphasis::None => "",
            Emphasis::Light => "*",
            Emphasis::Strong => "**",
        };
        let link = match &span.link {
            Some(link) if link.as_str() != span.text => format!(" ({})", link.as_str()),
            _ => String::new(),
        };
        format!("{star}{}{star}{link}", span.text)
    };
    text.iter().map(span).collect()
}

fn wrapped(text: &str, width: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = String::new();
    let mut length = 0_usize;
    for word in text.split_whitespace() {
        let letters = word.chars().count();
        if !line.is_empty() && length.saturating_add(letters).saturating_add(1) > width {
            lines.push(std::mem::take(&mut line));
            length = 0;
        }
        if !line.is_empty() {
            line.push(' ');
            length = length.saturating_add(1);
        }
        line.push_str(word);
        length = length.saturating_add(letters);
    }
    lines.push(line);
    lines
}
