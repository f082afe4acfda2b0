//! How much a person may write where: each limit stands here once, and nowhere else. They bind what
//! somebody types, never what a merge made of it.

/// Most characters of a title.
pub const TITLE: usize = 200;
/// Most bytes of UTF-8 of an entry's or a reply's text.
pub const BODY: usize = 100_000;
/// Most bytes of UTF-8 of a check-in's or a session's note.
pub const NOTE: usize = 4_000;
/// Most bytes of UTF-8 of a guide.
pub const GUIDE: usize = 60_000;
/// Most bytes of UTF-8 of a clinic's rule in a guide.
pub const GUIDE_SLOT: usize = 4_000;
/// Highest version of a guide.
pub const GUIDE_VERSION: u32 = 9_999;
/// Most editions of a guide that a patient opened or finished.
pub const GUIDE_EDITIONS: usize = 64;
/// Most tasks of a guide that are ticked.
pub const GUIDE_TASKS: usize = 256;
/// Most characters of a person's or a clinic's name.
pub const NAME: usize = 120;
/// Most characters of a server's address.
pub const ADDRESS: usize = 500;
/// Most characters of a grant as it is written down.
pub const GRANT: usize = 1_000;
/// Characters of a change without its body, in base64url: a header names 255 members at most.
pub const SIGNED_HEADER: usize = 24_000;
/// Most characters of initials.
pub const INITIALS: usize = 8;
/// Most characters of pronouns.
pub const PRONOUNS: usize = 40;
/// Most characters of one tag, one feeling or one kind of entry.
pub const WORD: usize = 40;
/// Most tags or feelings of one thing.
pub const WORDS: usize = 32;
/// Most answers of one response to a measure that this version does not know.
pub const ANSWERS: usize = 200;
/// Most characters of one such answer, as JSON.
pub const ANSWER: usize = 1_000;
/// Most characters of what is searched for.
pub const SEARCH: usize = 1_000;
/// Highest number of a dosing session.
pub const SESSION_NUMBER: u32 = 999;
/// Earliest year of a dosing session: the clinic plans and records nothing before it.
pub const SESSION_FIRST_YEAR: i32 = 2000;
/// Latest year of a dosing session.
pub const SESSION_LAST_YEAR: i32 = 2200;

/// Characters of a digest with the word of who may see what it is of.
pub const DIGEST: usize = 128;
