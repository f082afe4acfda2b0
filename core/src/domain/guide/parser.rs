//! Markdown of a small form into blocks: headings, paragraphs, lists, tasks, emphasis, https links, and
//! the marks of [`super::marks`]. Everything else that Markdown knows is refused by name, so that no
//! text of a clinic or of a stranger's is ever shown in a form that nobody meant.

use pulldown_cmark::{Options, Parser};

use super::model::{Block, Guide};
use super::reader::Reader;
use super::{GuideError, Reason, front};
use crate::domain::limits;

/// Most blocks of a guide.
pub const BLOCKS_LIMIT: usize = 1_000;
/// Most lists inside each other.
pub const DEPTH_LIMIT: usize = 3;

/// Who wrote a text, which decides what must and may stand in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Written {
    /// We did: each paragraph names its sources or says that it claims nothing; each task has a name.
    Bundled,
    /// A clinic did: it answers for its words. A task without a name is named by its words, so a tick
    /// stays with them when others change.
    ByClinic,
    /// A clinic did, for a slot: paragraphs and lists only.
    ForSlot,
}

/// Reads a bundled guide with its head.
///
/// # Errors
///
/// The first line that can't stand in a guide, and why.
pub fn guide(text: &str) -> Result<Guide, GuideError> {
    within_limits(text)?;
    let (head, body, first_line) = front::split(text)?;
    let blocks = blocks(body, Written::Bundled, first_line)?;
    Ok(Guide {
        id: head.id,
        version: head.version,
        language: head.language,
        title: head.title,
        stage: head.stage,
        due: head.due,
        again: head.again,
        progress: head.progress,
        blocks,
    })
}

/// Reads the words of a guide or of a slot.
///
/// # Errors
///
/// The first line that can't stand there, and why. Any text at all gives blocks or an error.
pub fn parse(text: &str, written: Written) -> Result<Vec<Block>, GuideError> {
    within_limits(text)?;
    blocks(text, written, 1)
}

/// Before Markdown is read: it takes longer for longer texts.
fn within_limits(text: &str) -> Result<(), GuideError> {
    if text.len() > limits::GUIDE {
        return Err(Reason::TooLong {
            limit: limits::GUIDE,
        }
        .on(1));
    }
    let hidden = |c: char| (c.is_control() && c != '\n' && c != '\t') || is_turning(c);
    match text.split('\n').position(|line| line.contains(hidden)) {
        Some(before) => Err(Reason::HiddenCharacter.on(line_number(1, before))),
        None => Ok(()),
    }
}

/// Whether a character turns or isolates the direction of what follows: with one, words can be made to
/// look like others (Unicode TR 36, section 2.6).
fn is_turning(c: char) -> bool {
    matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{2028}' | '\u{2029}')
}

fn line_number(first: u32, lines_before: usize) -> u32 {
    first.saturating_add(u32::try_from(lines_before).unwrap_or(u32::MAX))
}

fn blocks(text: &str, written: Written, first_line: u32) -> Result<Vec<Block>, GuideError> {
    // Read what we refuse, too: a table or a footnote must not be shown as bars and brackets.
    let options = Options::ENABLE_TASKLISTS
        | Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH;
    let mut reader = Reader::new(written);
    let (mut line, mut counted) = (first_line, 0);
    for (event, place) in Parser::new_ext(text, options).into_offset_iter() {
        // Starts only ever move on; an end gives the whole of its block again.
        if let Some(passed) = text.get(counted..place.start) {
            line = line_number(line, passed.bytes().filter(|byte| *byte == b'\n').count());
            counted = place.start;
        }
        reader.take(event, line)?;
    }
    Ok(reader.blocks())
}
