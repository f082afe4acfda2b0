//! Why a text is not a guide: on which line, and what is wrong there.

/// Something that a guide can't hold. Never carries what the text says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {reason}")]
pub struct GuideError {
    /// The line, from 1.
    pub line: u32,
    /// What is wrong there.
    pub reason: Reason,
}

/// What is wrong with a line of a guide.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Reason {
    /// Raw HTML, a comment and a script included.
    #[error("HTML has no place in a guide")]
    Html,
    /// A picture: a guide is read without the network, and fetching one would tell somebody who reads.
    #[error("a picture has no place in a guide")]
    Picture,
    /// A link that is not to an https address.
    #[error("a link can only lead to a plain https:// address")]
    Address,
    /// Another thing that Markdown has and guides have not.
    #[error("{0} has no place in a guide")]
    Unsupported(&'static str),
    /// More text than a guide may have.
    #[error("the text is longer than {limit} bytes")]
    TooLong {
        /// The most that is allowed, in bytes of UTF-8.
        limit: usize,
    },
    /// More blocks than a guide may have.
    #[error("there are more than {limit} paragraphs, lists and headings")]
    TooManyBlocks {
        /// The most that are allowed.
        limit: usize,
    },
    /// Lists in lists in lists.
    #[error("lists stand more than {limit} deep")]
    TooDeep {
        /// The deepest that is allowed.
        limit: usize,
    },
    /// A control character, or one that turns the direction of what follows.
    #[error("there is a character that cannot be shown")]
    HiddenCharacter,
    /// A mark in braces that means nothing here.
    #[error("the mark in braces is not known, or stands where it can't")]
    Mark,
    /// A brace that belongs to no mark at the end of a paragraph.
    #[error("a brace stands inside the text")]
    Brace,
    /// A task without a name of its own, in a bundled guide.
    #[error("a task has no name")]
    UnnamedTask,
    /// Two tasks of one name: ticking one would tick the other.
    #[error("another task has the same name")]
    RepeatedTask,
    /// No slot of that name.
    #[error("there is no slot of that name")]
    UnknownSlot,
    /// No source of that name.
    #[error("there is no source of that name")]
    UnknownSource,
    /// A bundled paragraph that neither names a source nor says that it claims nothing.
    #[error("a claim has no source")]
    NoSource,
    /// A heading, point or task without words.
    #[error("there are no words")]
    Empty,
    /// The lines at the head of a bundled guide are missing or do not end.
    #[error("the guide does not begin with its head between two lines of ---")]
    NoHead,
    /// A line of the head that is no known field, or one that stands twice.
    #[error("the head has a line that is not known")]
    HeadLine,
    /// A field of the head is missing.
    #[error("the head lacks the field {0}")]
    HeadLacks(&'static str),
    /// A field of the head says what it can't.
    #[error("the head's field {0} can't say that")]
    HeadValue(&'static str),
}

impl Reason {
    /// The same, on that line.
    pub(super) const fn on(self, line: u32) -> GuideError {
        GuideError { line, reason: self }
    }
}
