//! A guide as typed blocks. Flat on purpose: a span knows its emphasis and its link, a point its depth,
//! so that a phone and a page draw them without walking a tree.

use std::collections::BTreeSet;

use super::{Again, Due, GuideId, GuideVersion, Language, Slot, Source, Stage, TaskId};

/// One guide in one language.
#[derive(Clone, Debug, PartialEq)]
pub struct Guide {
    /// Which one; the same in every language.
    pub id: GuideId,
    /// Which version of its words; every language of a bundled guide has the same.
    pub version: GuideVersion,
    /// The language that it is in.
    pub language: Language,
    /// Its title.
    pub title: String,
    /// What it is about.
    pub stage: Stage,
    /// When it comes due, as long as the clinic says nothing else.
    pub due: Due,
    /// Whether it comes again for each session.
    pub again: Again,
    /// Whether the clinic sees how far the patient is with it.
    pub progress: Progress,
    /// What it says.
    pub blocks: Vec<Block>,
}

/// Whether what a patient opened and ticked is kept.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Progress {
    /// It is, where both sides see it.
    #[default]
    Kept,
    /// It is not: that somebody looked up misuse is nobody's business.
    NotKept,
}

/// One block of a guide, from top to bottom.
#[derive(Clone, Debug, PartialEq)]
pub enum Block {
    /// A heading. The guide's title is not among the blocks.
    Heading {
        /// How far down it is.
        level: Level,
        /// Its words.
        text: Vec<Span>,
    },
    /// A paragraph.
    Paragraph {
        /// Its words.
        text: Vec<Span>,
        /// What they rest on.
        grounds: Grounds,
    },
    /// Points, with points below them. Begins with an inner one where that stands below a task.
    List(Vec<Point>),
    /// Things to do, each with a box.
    Tasks(Vec<Task>),
    /// A place that the clinic fills.
    Slot(Slot),
    /// The lines to call in a crisis: shown from [`help`](super::help), never written into a guide.
    CrisisHelp,
}

/// How far down a heading is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// A section.
    Section,
    /// A part of a section.
    Part,
}

/// One point of a list.
#[derive(Clone, Debug, PartialEq)]
pub struct Point {
    /// How many lists it stands in beyond the first: 0 to 2.
    pub depth: u8,
    /// What stands before it.
    pub marker: Marker,
    /// Its words.
    pub text: Vec<Span>,
    /// What they rest on.
    pub grounds: Grounds,
}

/// What stands before a point.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Marker {
    /// A dot.
    Bullet,
    /// Its number.
    Number(u64),
}

/// One thing to do.
#[derive(Clone, Debug, PartialEq)]
pub struct Task {
    /// Under which name a tick is kept.
    pub id: TaskId,
    /// Its words.
    pub text: Vec<Span>,
    /// What they rest on.
    pub grounds: Grounds,
}

/// What some words rest on. In a bundled guide somebody decided it for each paragraph.
#[derive(Clone, Debug, PartialEq)]
pub enum Grounds {
    /// They claim something, and these say so. Never empty.
    Sources(Vec<&'static Source>),
    /// They ask, invite, name or advise, and claim no fact.
    NoClaim,
    /// The clinic says so; who and when stands with its text.
    Clinic,
}

/// Words that look alike throughout. A line break inside is `\n`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Span {
    /// The words, as text: whatever looks like a tag or an entity here is shown as it stands.
    pub text: String,
    /// How much they stand out.
    pub emphasis: Emphasis,
    /// Where they lead, if anywhere.
    pub link: Option<Link>,
}

/// How much words stand out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Emphasis {
    /// Like the others.
    #[default]
    None,
    /// A little.
    Light,
    /// A lot.
    Strong,
}

/// An https address that a reader may choose to open. Nothing is fetched from it by itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link(String);

impl Link {
    /// Most characters of an address.
    pub const LIMIT: usize = 1_000;

    /// A plain https address: a host of letters, digits, dots and hyphens, no name or password before it.
    pub fn parse(address: &str) -> Option<Link> {
        let rest = address.strip_prefix("https://")?;
        let host = rest.split(['/', '?', '#']).next()?;
        let (name, port) = host.split_once(':').unwrap_or((host, "443"));
        let is_host = name.split('.').count() > 1
            && name.split('.').all(|label| {
                let mut bytes = label.bytes();
                !label.is_empty() && bytes.all(|b| b.is_ascii_alphanumeric() || b == b'-')
            });
        let is_port = (1..=5).contains(&port.len()) && port.bytes().all(|b| b.is_ascii_digit());
        let is_plain = address.bytes().all(|byte| byte.is_ascii_graphic());
        let is_short = address.len() <= Self::LIMIT;
        (is_host && is_port && is_plain && is_short).then(|| Link(address.to_owned()))
    }

    /// The whole address.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The host, which a shell shows before it opens anything: words may say another one.
    pub fn host(&self) -> &str {
        let rest = self.0.strip_prefix("https://").unwrap_or_default();
        rest.split(['/', '?', '#', ':']).next().unwrap_or_default()
    }
}

impl Block {
    /// All runs of words in it, in their order.
    pub fn texts(&self) -> Vec<&[Span]> {
        match self {
            Block::Heading { text, .. } | Block::Paragraph { text, .. } => vec![text],
            Block::List(points) => points.iter().map(|point| &*point.text).collect(),
            Block::Tasks(tasks) => tasks.iter().map(|task| &*task.text).collect(),
            Block::Slot(_) | Block::CrisisHelp => Vec::new(),
        }
    }

    /// What its words rest on, in their order; nothing for a heading.
    pub fn grounds(&self) -> Vec<&Grounds> {
        match self {
            Block::Paragraph { grounds, .. } => vec![grounds],
            Block::List(points) => points.iter().map(|point| &point.grounds).collect(),
            Block::Tasks(tasks) => tasks.iter().map(|task| &task.grounds).collect(),
            Block::Heading { .. } | Block::Slot(_) | Block::CrisisHelp => Vec::new(),
        }
    }
}

/// The words of spans without their looks.
pub fn words_of(text: &[Span]) -> String {
    text.iter().map(|span| span.text.as_str()).collect()
}

/// How many words blocks have, parted by white space.
pub fn count_words(blocks: &[Block]) -> usize {
    let texts = blocks.iter().flat_map(Block::texts);
    texts
        .map(|text| words_of(text).split_whitespace().count())
        .sum()
}

/// The names of all tasks in blocks.
pub fn tasks_of(blocks: &[Block]) -> BTreeSet<TaskId> {
    let tasks = blocks.iter().filter_map(|block| match block {
        Block::Tasks(tasks) => Some(tasks),
        _ => None,
    });
    tasks.flatten().map(|task| task.id.clone()).collect()
}

/// All slots in blocks.
pub fn slots_of(blocks: &[Block]) -> BTreeSet<Slot> {
    let slots = blocks.iter().filter_map(|block| match block {
        Block::Slot(slot) => Some(*slot),
        _ => None,
    });
    slots.collect()
}

/// All sources that blocks name, each once, in the order in which they are named first.
pub fn sources_of(blocks: &[Block]) -> Vec<&'static Source> {
    let mut sources: Vec<&'static Source> = Vec::new();
    for grounds in blocks.iter().flat_map(Block::grounds) {
        if let Grounds::Sources(named) = grounds {
            for source in named {
                if !sources.iter().any(|known| known.id == source.id) {
                    sources.push(source);
                }
            }
        }
    }
    sources
}

/// What of a bundled guide a clinic's words leave out: slots, and the lines to call. Whoever edits a
/// guide at a clinic is told before it is saved; a clinic may have its reasons.
pub fn left_out(bundled: &[Block], words: &[Block]) -> Vec<Block> {
    let kept = slots_of(words);
    let mut left_out: Vec<_> = slots_of(bundled)
        .into_iter()
        .filter(|slot| !kept.contains(slot))
        .map(Block::Slot)
        .collect();
    if bundled.contains(&Block::CrisisHelp) && !words.contains(&Block::CrisisHelp) {
        left_out.push(Block::CrisisHelp);
    }
    left_out
}
