//! How much a person may write where: each limit stands here once, and nowhere else. They bind what
//! somebody types, never what a merge made of it.

/// Most characters of a title.
pub const TITLE: usize = 200;
/// Most bytes of UTF-8 of an entry's or a reply's text.
pub const BODY: usize = 100_000;
/// Most bytes of UTF-8 of a check-in's or a session's note.
pub const NOTE: usize = 4_000;
/// Most attachments of an entry.
pub const ATTACHMENTS: usize = 12;
/// Most bytes of UTF-8 of an attachment's caption.
pub const CAPTION: usize = 1_000;
/// Most bytes of the small picture of a picture.
pub const THUMBNAIL: usize = 8 * 1024;
/// Most points of a recording's waveform.
pub const WAVEFORM: usize = 64;
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
/// Most characters of what a reminder says.
pub const REMINDER_WORDS: usize = 240;
/// Most reminders that a clinic may change or add.
pub const REMINDERS: usize = 64;
/// Most prompts for integration that a clinic may change or add.
pub const PROMPTS: usize = 40;
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
/// Most steps of a list that is only added to, such as the phases of a programme.
pub const STEPS: usize = 500;
/// Most items of a list that people edit: a care team, the lines of a cost sheet, medicines.
pub const ITEMS: usize = 100;
/// Most characters of a reason that is kept with a change.
pub const REASON: usize = 500;
/// Highest number of sessions that a programme plans.
pub const PLANNED_SESSIONS: u32 = 999;
/// Highest version of a cost sheet.
pub const SHEET_VERSION: u32 = 9_999;
/// Highest number of a dosing session.
pub const SESSION_NUMBER: u32 = 999;
/// Earliest year of a dosing session or a visit: the clinic plans and records nothing before it.
pub const SESSION_FIRST_YEAR: i32 = 2000;
/// Latest year of a dosing session or a visit.
pub const SESSION_LAST_YEAR: i32 = 2200;
/// Most minutes of one part of a dosing session, or of a visit.
pub const BLOCK_MINUTES: u16 = 360;
/// Most characters of a place's address, or of how to reach it.
pub const PLACE: usize = 300;
/// Most characters of a dose as a clinician writes it.
pub const DOSE: usize = 200;
/// Most readings of one session.
pub const VITALS: usize = 500;
/// Most characters of a phone number.
pub const PHONE_NUMBER: usize = 40;
/// Most characters of the name of a time zone; the longest that IANA gave has 32.
pub const ZONE: usize = 64;
/// Most lines of one step of a safety plan, or of a support card.
pub const PLAN_LINES: usize = 50;
/// Most bytes of UTF-8 of one such line.
pub const PLAN_LINE: usize = 1_000;
/// Most steps that people take with one flag.
pub const FLAG_STEPS: usize = 500;
/// Most points of a measure that a clinic's rule asks for.
pub const POINTS: u16 = 1_000;
/// Most characters of a question that a clinic words itself.
pub const QUESTION: usize = 300;
/// Most weeks from one time that something is asked to the next.
pub const WEEKS: u8 = 52;
/// Highest version of a support card.
pub const CARD_VERSION: u32 = 9_999;

/// Characters of a digest with the word of who may see what it is of.
pub const DIGEST: usize = 128;
/// Most bytes of UTF-8 of a document of a former clinic, as an export holds it.
pub const FORMER_DOCUMENT: usize = 500_000;
/// Most days of a release, whatever a clinic says.
pub const RELEASE_DAYS: u32 = 3_650;
/// Most documents that one line of the log of what was sent names.
pub const DISCLOSED: usize = 1_000;
/// Most lines of that log for one telling.
pub const DISCLOSED_PARTS: u32 = 999;
/// Most people of a clinic.
pub const PEOPLE: usize = 300;
