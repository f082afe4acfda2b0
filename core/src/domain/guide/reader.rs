//! Puts blocks together from the events of a Markdown parser, one after the other, and refuses those
//! that stand for something that a guide has not. Knows neither files nor lines beyond those it is told.

use pulldown_cmark::{Event, HeadingLevel, Tag, TagEnd};

use super::marks::{self, Alone, Marks};
use super::model::{Block, Emphasis, Grounds, Level, Link, Marker, Point, Span, Task};
use super::parser::{BLOCKS_LIMIT, DEPTH_LIMIT, Written};
use super::{GuideError, Reason, TaskId};

/// What has been read so far.
pub(super) struct Reader {
    written: Written,
    line: u32,
    blocks: Vec<Block>,
    /// The words that are being read, and the line on which they begin.
    text: Vec<Span>,
    begun: u32,
    emphasis: Vec<Emphasis>,
    link: Option<Link>,
    /// Of each list that is open, the number of its next point.
    lists: Vec<Option<u64>>,
    points: Vec<Point>,
    tasks: Vec<Task>,
    /// The points and tasks that are open, the innermost last.
    items: Vec<Item>,
}

/// A point or task that is being read.
struct Item {
    marker: Marker,
    is_task: bool,
    has_words: bool,
}

impl Reader {
    pub(super) const fn new(written: Written) -> Self {
        Self {
            written,
            line: 1,
            blocks: Vec::new(),
            text: Vec::new(),
            begun: 1,
            emphasis: Vec::new(),
            link: None,
            lists: Vec::new(),
            points: Vec::new(),
            tasks: Vec::new(),
            items: Vec::new(),
        }
    }

    /// The blocks that were read.
    pub(super) fn blocks(self) -> Vec<Block> {
        self.blocks
    }

    /// Takes the next event, which begins on that line.
    pub(super) fn take(&mut self, event: Event<'_>, line: u32) -> Result<(), GuideError> {
        self.line = line;
        match event {
            Event::Start(Tag::List(first)) => self.list_begins(first),
            Event::Start(tag) => self.start(tag).map_err(|reason| reason.on(self.line)),
            Event::End(end) => self.end(end),
            Event::Text(words) => {
                self.words(&words);
                Ok(())
            }
            Event::SoftBreak => {
                self.words(" ");
                Ok(())
            }
            Event::HardBreak => {
                self.words("\n");
                Ok(())
            }
            Event::TaskListMarker(ticked) => self.task(ticked).map_err(|it| it.on(self.line)),
            other => Err(refused(&other).on(self.line)),
        }
    }

    fn start(&mut self, tag: Tag<'_>) -> Result<(), Reason> {
        match tag {
            Tag::Paragraph => {
                if self.items.is_empty() {
                    self.begun = self.line;
                } else if !self.text.is_empty() {
                    self.words("\n");
                }
                Ok(())
            }
            Tag::Heading { .. } if self.written == Written::ForSlot => {
                Err(Reason::Unsupported("a heading inside a rule"))
            }
            Tag::Heading { .. } if !self.items.is_empty() => {
                Err(Reason::Unsupported("a heading inside a list"))
            }
            Tag::Heading { .. } => {
                self.begun = self.line;
                Ok(())
            }
            Tag::Item => {
                let marker = match self.lists.last_mut() {
                    Some(Some(number)) => {
                        let marker = Marker::Number(*number);
                        *number = number.saturating_add(1);
                        marker
                    }
                    _ => Marker::Bullet,
                };
                self.items.push(Item {
                    marker,
                    is_task: false,
                    has_words: false,
                });
                self.begun = self.line;
                Ok(())
            }
            Tag::Emphasis => {
                self.emphasis.push(Emphasis::Light);
                Ok(())
            }
            Tag::Strong => {
                self.emphasis.push(Emphasis::Strong);
                Ok(())
            }
            Tag::Link { dest_url, .. } => {
                self.link = Some(Link::parse(&dest_url).ok_or(Reason::Address)?);
                Ok(())
            }
            Tag::HtmlBlock => Err(Reason::Html),
            Tag::Image { .. } => Err(Reason::Picture),
            other => Err(Reason::Unsupported(name_of(&other))),
        }
    }

    fn end(&mut self, end: TagEnd) -> Result<(), GuideError> {
        match end {
            TagEnd::Paragraph if self.items.is_empty() => self.paragraph(),
            TagEnd::Heading(level) => self.heading(level),
            TagEnd::Item => {
                self.item_ends()?;
                self.items.pop();
                Ok(())
            }
            TagEnd::List(_) => {
                self.lists.pop();
                if self.lists.is_empty() {
                    return self.list_ends();
                }
                Ok(())
            }
            TagEnd::Emphasis | TagEnd::Strong => {
                self.emphasis.pop();
                Ok(())
            }
            TagEnd::Link => {
                self.link = None;
                Ok(())
            }
            _ => Ok(()),
        }
    }

    fn words(&mut self, words: &str) {
        let emphasis = self.emphasis.iter().copied().max().unwrap_or_default();
        if let Some(last) = self.text.last_mut()
            && last.emphasis == emphasis
            && last.link == self.link
        {
            last.text.push_str(words);
        } else {
            self.text.push(Span {
                text: words.to_owned(),
                emphasis,
                link: self.link.clone(),
            });
        }
    }

    fn paragraph(&mut self) -> Result<(), GuideError> {
        let (text, marks) = self.taken()?;
        let begun = self.begun;
        if marks.task.is_some() {
            return Err(Reason::Mark.on(begun));
        }
        match marks.alone {
            Some(alone) => {
                let stands_alone = text.is_empty() && marks.grounds.is_none();
                if !stands_alone || self.written == Written::ForSlot {
                    return Err(Reason::Mark.on(begun));
                }
                self.push(match alone {
                    Alone::Slot(slot) => Block::Slot(slot),
                    Alone::CrisisHelp => Block::CrisisHelp,
                })
            }
            None => {
                let grounds = self.grounds(marks.grounds)?;
                if text.is_empty() {
                    return Err(Reason::Empty.on(begun));
                }
                self.push(Block::Paragraph { text, grounds })
            }
        }
    }

    fn heading(&mut self, level: HeadingLevel) -> Result<(), GuideError> {
        let (text, marks) = self.taken()?;
        let is_marked = marks.task.is_some() || marks.grounds.is_some() || marks.alone.is_some();
        if is_marked {
            return Err(Reason::Mark.on(self.begun));
        }
        if text.is_empty() {
            return Err(Reason::Empty.on(self.begun));
        }
        let level = match level {
            HeadingLevel::H1 | HeadingLevel::H2 => Level::Section,
            HeadingLevel::H3 => Level::Part,
            _ => return Err(Reason::Unsupported("a heading below ###").on(self.begun)),
        };
        self.push(Block::Heading { level, text })
    }

    fn task(&mut self, ticked: bool) -> Result<(), Reason> {
        if ticked {
            return Err(Reason::Unsupported("a box that is ticked already"));
        }
        if self.written == Written::ForSlot {
            return Err(Reason::Unsupported("a box inside a rule"));
        }
        if self.lists.len() > 1 {
            return Err(Reason::Unsupported("a box in a list inside a list"));
        }
        if let Some(item) = self.items.last_mut() {
            item.is_task = true;
        }
        Ok(())
    }

    /// The point ends, or a list inside it begins.
    fn item_ends(&mut self) -> Result<(), GuideError> {
        let Some(item) = self.items.last_mut() else {
            return Ok(());
        };
        let (marker, is_task, had_words) = (item.marker, item.is_task, item.has_words);
        item.has_words = true;
        if self.text.is_empty() && had_words {
            return Ok(());
        }
        if had_words {
            return Err(Reason::Unsupported("text below a list inside a point").on(self.line));
        }
        let (text, marks) = self.taken()?;
        if text.is_empty() {
            return Err(Reason::Empty.on(self.begun));
        }
        if marks.alone.is_some() || (marks.task.is_some() && !is_task) {
            return Err(Reason::Mark.on(self.begun));
        }
        let grounds = self.grounds(marks.grounds)?;
        let begins_other_sort = if is_task {
            !self.points.is_empty()
        } else {
            !self.tasks.is_empty()
        };
        if begins_other_sort {
            self.list_ends()?;
        }
        if is_task {
            let id = match marks.task {
                Some(id) => id,
                None if self.written == Written::Bundled => {
                    return Err(Reason::UnnamedTask.on(self.begun));
                }
                None => TaskId::of_words(&text),
            };
            if self.tasks_before().any(|task| task.id == id) {
                return Err(Reason::RepeatedTask.on(self.begun));
            }
            self.tasks.push(Task { id, text, grounds });
        } else {
            let depth = self.lists.len().saturating_sub(1);
            self.points.push(Point {
                depth: u8::try_from(depth).unwrap_or(u8::MAX),
                marker,
                text,
                grounds,
            });
        }
        Ok(())
    }

    fn list_begins(&mut self, first: Option<u64>) -> Result<(), GuideError> {
        if self.lists.len() >= DEPTH_LIMIT {
            let limit = DEPTH_LIMIT;
            return Err(Reason::TooDeep { limit }.on(self.line));
        }
        // The point above ends where its own list begins.
        self.item_ends()?;
        self.lists.push(first);
        Ok(())
    }

    fn tasks_before(&self) -> impl Iterator<Item = &Task> {
        let earlier = self.blocks.iter().filter_map(|block| match block {
            Block::Tasks(tasks) => Some(tasks),
            _ => None,
        });
        earlier.flatten().chain(&self.tasks)
    }

    /// Points and tasks become blocks of their own, in their order.
    fn list_ends(&mut self) -> Result<(), GuideError> {
        let points = std::mem::take(&mut self.points);
        let tasks = std::mem::take(&mut self.tasks);
        if !points.is_empty() {
            self.push(Block::List(points))?;
        }
        if !tasks.is_empty() {
            self.push(Block::Tasks(tasks))?;
        }
        Ok(())
    }

    /// The words so far and the marks at their end.
    fn taken(&mut self) -> Result<(Vec<Span>, Marks), GuideError> {
        let mut text = std::mem::take(&mut self.text);
        let marks = marks::taken_off(&mut text, self.begun)?;
        Ok((text, marks))
    }

    fn grounds(&self, stated: Option<Grounds>) -> Result<Grounds, GuideError> {
        match (stated, self.written) {
            (Some(grounds), _) => Ok(grounds),
            (None, Written::Bundled) => Err(Reason::NoSource.on(self.begun)),
            (None, _) => Ok(Grounds::Clinic),
        }
    }

    fn push(&mut self, block: Block) -> Result<(), GuideError> {
        if self.blocks.len() >= BLOCKS_LIMIT {
            let limit = BLOCKS_LIMIT;
            return Err(Reason::TooManyBlocks { limit }.on(self.line));
        }
        self.blocks.push(block);
        Ok(())
    }
}

fn refused(event: &Event<'_>) -> Reason {
    match event {
        Event::Html(_) | Event::InlineHtml(_) => Reason::Html,
        Event::Rule => Reason::Unsupported("a line across"),
        Event::Code(_) => Reason::Unsupported("code"),
        Event::FootnoteReference(_) => Reason::Unsupported("a footnote"),
        _ => Reason::Unsupported("a formula"),
    }
}

fn name_of(tag: &Tag<'_>) -> &'static str {
    match tag {
        Tag::BlockQuote(_) => "a quotation",
        Tag::CodeBlock(_) => "code (or a line that begins with four spaces)",
        Tag::FootnoteDefinition(_) => "a footnote",
        Tag::Strikethrough => "text struck through",
        Tag::Table(_) => "a table",
        _ => "that part of Markdown",
    }
}
