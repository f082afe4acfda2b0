//! The blocks of a guide, as they are drawn from the top to the bottom.

use companion_core::domain::guide::{
    Block, Emphasis as CoreEmphasis, Grounds, Level, Marker, Point, Source, Span, Task,
};

use crate::cross::{Cross, choice};

/// How strongly something is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Enum)]
pub enum GuideEmphasis {
    /// Plainly.
    Plain,
    /// Lightly: drawn slanted.
    Light,
    /// Strongly: drawn bold.
    Strong,
}

// An enum with a case of its own that is called none is not told from nothing in Swift.
impl Cross<CoreEmphasis> for GuideEmphasis {
    fn out(core: CoreEmphasis) -> Self {
        match core {
            CoreEmphasis::None => GuideEmphasis::Plain,
            CoreEmphasis::Light => GuideEmphasis::Light,
            CoreEmphasis::Strong => GuideEmphasis::Strong,
        }
    }
}

choice! {
    /// How high a heading is.
    HeadingLevel of Level {
        /// Over a part of the guide.
        Section,
        /// Below that.
        Part,
    }
}

/// A run of words that are drawn alike.
#[derive(Debug, Clone, PartialEq, uniffi::Record)]
pub struct GuideSpan {
    /// The words.
    pub text: String,
    /// How strongly.
    pub emphasis: GuideEmphasis,
    /// Where they lead, an https address.
    pub link: Option<String>,
}

impl Cross<Span> for GuideSpan {
    fn out(core: Span) -> Self {
        let Span {
            text,
            emphasis,
            link,
        } = core;
        Self {
            text,
            emphasis: Cross::out(emphasis),
            link: link.map(|link| link.as_str().to_owned()),
        }
    }
}

/// What a guide's words stand on.
#[derive(Debug, Clone, PartialEq, uniffi::Record)]
pub struct GuideSource {
    /// Its short name.
    pub id: String,
    /// What it is.
    pub title: String,
    /// Where it is found.
    pub address: Option<String>,
}

impl Cross<&'static Source> for GuideSource {
    fn out(core: &'static Source) -> Self {
        let Source {
            id, title, address, ..
        } = *core;
        Self {
            id: id.to_owned(),
            title: title.to_owned(),
            address: address.map(str::to_owned),
        }
    }
}

/// On what something that a guide says stands.
#[derive(Debug, Clone, PartialEq, uniffi::Enum)]
pub enum GuideGrounds {
    /// On these sources.
    Sources {
        /// Which.
        sources: Vec<GuideSource>,
    },
    /// It claims nothing.
    NoClaim,
    /// On the clinic's word.
    Clinic,
}

impl Cross<Grounds> for GuideGrounds {
    fn out(core: Grounds) -> Self {
        match core {
            Grounds::Sources(sources) => GuideGrounds::Sources {
                sources: Cross::out(sources),
            },
            Grounds::NoClaim => GuideGrounds::NoClaim,
            Grounds::Clinic => GuideGrounds::Clinic,
        }
    }
}

/// A point of a list.
#[derive(Debug, Clone, PartialEq, uniffi::Record)]
pub struct GuidePoint {
    /// How deep it stands; 0 is the outermost.
    pub depth: u8,
    /// Its number; nothing for a bullet.
    pub number: Option<u64>,
    /// Its words.
    pub text: Vec<GuideSpan>,
    /// On what it stands.
    pub grounds: GuideGrounds,
}

impl Cross<Point> for GuidePoint {
    fn out(core: Point) -> Self {
        let Point {
            depth,
            marker,
            text,
            grounds,
        } = core;
        Self {
            depth,
            number: match marker {
                Marker::Bullet => None,
                Marker::Number(number) => Some(number),
            },
            text: Cross::out(text),
            grounds: Cross::out(grounds),
        }
    }
}

/// Something to tick.
#[derive(Debug, Clone, PartialEq, uniffi::Record)]
pub struct GuideTask {
    /// Its name, for `mark_guide`.
    pub id: String,
    /// Its words.
    pub text: Vec<GuideSpan>,
    /// On what it stands.
    pub grounds: GuideGrounds,
}

impl Cross<Task> for GuideTask {
    fn out(core: Task) -> Self {
        let Task { id, text, grounds } = core;
        Self {
            id: id.as_str().to_owned(),
            text: Cross::out(text),
            grounds: Cross::out(grounds),
        }
    }
}

/// One block of a guide, from the top to the bottom.
#[derive(Debug, Clone, PartialEq, uniffi::Enum)]
pub enum GuideBlock {
    /// A heading.
    Heading {
        /// How high.
        level: HeadingLevel,
        /// Its words.
        text: Vec<GuideSpan>,
    },
    /// A paragraph.
    Paragraph {
        /// Its words.
        text: Vec<GuideSpan>,
        /// On what it stands.
        grounds: GuideGrounds,
    },
    /// A list.
    Points {
        /// Its points.
        points: Vec<GuidePoint>,
    },
    /// Things to tick.
    Tasks {
        /// Which.
        tasks: Vec<GuideTask>,
    },
    /// The place for a rule of the clinic's: that of the same name in `slots`.
    Slot {
        /// Its name.
        slot: String,
    },
    /// The place for whom to call right now: `help_lines`.
    CrisisHelp,
}

impl Cross<Block> for GuideBlock {
    fn out(core: Block) -> Self {
        match core {
            Block::Heading { level, text } => GuideBlock::Heading {
                level: Cross::out(level),
                text: Cross::out(text),
            },
            Block::Paragraph { text, grounds } => GuideBlock::Paragraph {
                text: Cross::out(text),
                grounds: Cross::out(grounds),
            },
            Block::List(points) => GuideBlock::Points {
                points: Cross::out(points),
            },
            Block::Tasks(tasks) => GuideBlock::Tasks {
                tasks: Cross::out(tasks),
            },
            Block::Slot(slot) => GuideBlock::Slot {
                slot: slot.as_str().to_owned(),
            },
            Block::CrisisHelp => GuideBlock::CrisisHelp,
        }
    }
}
