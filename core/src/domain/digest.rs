//! What a clinician reads before a session instead of all that came in: made by rules that it states, of
//! what the patient let them see and of nothing else. It states facts, and judges none of them.

mod coming;
mod gather;
mod movement;
mod other;
mod safety;

#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use super::commitment::Became;
use super::disclosed::{Disclosed, Doubts, PatientsWord};
use super::programme::Gate;
use super::{
    CheckIn, Commitment, Content, DocumentId, DosingSession, Entry, Kind, Moment, NextSessionItem,
    SessionPreparation, Visibility,
};

pub use coming::Coming;
pub use gather::Shared;
pub use movement::{MoodMovement, ScoreMovement, TotalFact};
pub use other::{Noted, Other};
pub use safety::{Concern, FlagFact, Handled, HarmFact, What};

/// From so many days without anything new on, the digest says that it is quiet.
pub const SILENT_DAYS: i64 = 7;
/// Most characters that a line quotes.
pub const QUOTED: usize = 120;

const DAY_MS: i64 = 86_400_000;

/// A part of a digest, by a rule of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Section {
    /// What somebody has to deal with, and what was answered about thoughts of death.
    Safety,
    /// The next session.
    NextSession,
    /// What the patient wants to talk about.
    ToTalkAbout,
    /// What is new or was changed.
    Changed,
    /// What was left undone.
    LeftUndone,
    /// How check-ins moved.
    Moods,
    /// How measures moved.
    Totals,
    /// That nothing came.
    Silence,
}

impl Section {
    /// All of them, in the order to show them.
    pub const ALL: [Section; 8] = [
        Section::Safety,
        Section::NextSession,
        Section::ToTalkAbout,
        Section::Changed,
        Section::LeftUndone,
        Section::Moods,
        Section::Totals,
        Section::Silence,
    ];

    /// What it is made of, for whoever reads it.
    pub const fn rule(self) -> &'static str {
        match self {
            Section::Safety => {
                "Every flag that nobody has closed, and every answer other than \"not at all\" to a question about \
                 thoughts of death that was given, changed or came since then, with what people did about it; open \
                 ones first, then oldest first. Nothing is closed by itself."
            }
            Section::NextSession => {
                "The next session that takes place and is not over: what is missing before it may take place, the \
                 first of it; who is there, what the patient wants, and what is open of the ride home and of their \
                 list. Open is what the patient has not said. That nobody is named is said from 3 days before."
            }
            Section::ToTalkAbout => {
                "Everything marked \"talk about it in session\" that nobody has marked as talked about, however \
                 old, oldest first."
            }
            Section::Changed => {
                "What is new since then, and what is from before and was changed or came since then, oldest first: entries, \
                 lines, answers to measures and to questions on use, goals, intentions, the assessment, safety plans, lists of medicines, what is new \
                 before a session, and requests to be contacted. Of what both sides write, only what the patient \
                 wrote counts. What was written in two places apart, or dated by a clock that was ahead, is said. What \
                 stands above is not repeated, and check-ins and commitments have parts of their own."
            }
            Section::LeftUndone => {
                "Shared commitments whose day has come without a word of what became of them, and those of which \
                 it was said, or the word came, since then that they were done in part or not, oldest first."
            }
            Section::Moods => {
                "For each scale with an answer that was given, changed or came since then: how many, the first and \
                 the last of them in the order in which they were given, the lowest and the highest, and the \
                 answer given just before the first. Nothing is averaged or filled in."
            }
            Section::Totals => {
                "For each measure with a complete answer that was given, changed or came since then: the total of \
                 the last one, by when it was finished; its difference to the complete one of the same version just \
                 before it, since then or not; and all totals since, first to last. Incomplete ones are counted and \
                 have no total. Where a measure makes no total, the same of each of its questions."
            }
            Section::Silence => {
                "Said when nothing that the patient shared was written, changed or received in the last 7 days. It \
                 says nothing about how they are."
            }
        }
    }
}

/// What a digest is made of.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Material {
    /// Entries.
    pub entries: Vec<Disclosed<Entry>>,
    /// Check-ins.
    pub check_ins: Vec<Disclosed<CheckIn>>,
    /// Commitments.
    pub commitments: Vec<Disclosed<Commitment>>,
    /// Lines for the next session.
    pub lines: Vec<Disclosed<NextSessionItem>>,
    /// What is only said to be there: [`Disclosed::map`] makes it of what was disclosed.
    pub others: Vec<Disclosed<Other>>,
    /// Dosing sessions.
    pub sessions: Vec<Disclosed<DosingSession>>,
    /// Preparations for them.
    pub preparations: Vec<Disclosed<SessionPreparation>>,
    /// Totals of measures: [`Disclosed::map`] makes them of disclosed responses.
    pub totals: Vec<Disclosed<TotalFact>>,
    /// What was answered about thoughts of death: [`Disclosed::map`] makes it of disclosed responses.
    pub harm: Vec<Disclosed<HarmFact>>,
    /// Flags: those that are open, and those about what was answered about thoughts of death. They stay at
    /// the clinic: `None` on a phone.
    pub flags: Option<Vec<FlagFact>>,
    /// What of these somebody has talked about with the patient, as it is now.
    pub talked_about: BTreeSet<DocumentId>,
    /// The first thing that is missing before a session may take place; `None` where nothing is.
    pub closed: Option<Gate>,
}

/// A digest.
#[derive(Clone, Debug, PartialEq)]
pub struct Digest {
    /// Since when.
    pub since: Moment,
    /// When it was made.
    pub made_at: Moment,
    /// [`Section::Safety`].
    pub safety: Vec<Concern>,
    /// [`Section::NextSession`].
    pub next_session: Option<Coming>,
    /// [`Section::ToTalkAbout`].
    pub to_talk_about: Vec<Line>,
    /// [`Section::Changed`].
    pub changed: Vec<Line>,
    /// [`Section::LeftUndone`].
    pub left_undone: Vec<Line>,
    /// [`Section::Moods`], in the order of the scales.
    pub moods: Vec<MoodMovement>,
    /// [`Section::Totals`], by measure and version.
    pub totals: Vec<ScoreMovement>,
    /// [`Section::Silence`].
    pub silence: Option<Silence>,
}

/// One thing, to open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// The document.
    pub id: DocumentId,
    /// Its kind.
    pub kind: Kind,
    /// Its title or first line, at most 120 characters, as the patient wrote it; "…" at its end where there
    /// is more.
    pub words: String,
    /// When it happened.
    pub when: Moment,
    /// When it came, where that is more than a day after it was written or last changed.
    pub came_late: Option<Moment>,
    /// Why it stands there.
    pub why: Why,
    /// What is to be doubted of it.
    pub doubts: Doubts,
}

/// Why a line stands in a digest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Why {
    /// The patient wants to talk about it.
    WantsToTalk,
    /// It is new.
    New,
    /// It was changed.
    Edited {
        /// When.
        at: Moment,
    },
    /// Its day has come, and nobody has said what became of it.
    NothingSaid,
    /// This became of it.
    Became(Became),
}

/// That nothing came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Silence {
    /// When the patient last wrote, changed or sent something that they share; `None` when they never did.
    pub last: Option<Moment>,
    /// Whole days since then.
    pub days: Option<i64>,
}

/// Makes a digest of what a clinician may see. The same material gives the same digest, in whatever order
/// it is handed over.
pub fn digest(material: &Material, since: Moment, now: Moment) -> Digest {
    let to_talk_about = sorted(
        wanted(&material.entries, material, entry_words)
            .chain(wanted(&material.check_ins, material, |one| {
                one.note.clone()
            }))
            .chain(wanted(&material.commitments, material, |one| {
                one.text.clone()
            }))
            .chain(wanted(&material.lines, material, |one| one.text.clone()))
            .chain(others_wanted(material)),
    );
    let above: BTreeSet<DocumentId> = to_talk_about.iter().map(|line| line.id).collect();
    let changed = sorted(
        news(&material.entries, since, entry_words)
            .chain(news(&material.lines, since, |one| one.text.clone()))
            .chain(other_news(&material.others, since))
            .filter(|line| !above.contains(&line.id)),
    );
    Digest {
        since,
        made_at: now,
        safety: safety::concerns(material, since),
        next_session: coming::next(material, now),
        left_undone: sorted(undone(material, since, now)),
        to_talk_about,
        changed,
        moods: movement::moods(&material.check_ins, since),
        totals: movement::totals(&material.totals, since),
        silence: silence(material, now),
    }
}

fn wanted<'a, T: Content>(
    all: &'a [Disclosed<T>],
    material: &'a Material,
    words: impl Fn(&T) -> String + 'a,
) -> impl Iterator<Item = Line> + 'a {
    let is_wanted = |one: &&Disclosed<T>| {
        one.content().visibility() == Some(Visibility::TalkInSession)
            && !material.talked_about.contains(&one.id())
    };
    let line = move |one| line(one, &words, Why::WantsToTalk);
    all.iter().filter(is_wanted).map(line)
}

fn news<'a, T: Content>(
    all: &'a [Disclosed<T>],
    since: Moment,
    words: impl Fn(&T) -> String + 'a,
) -> impl Iterator<Item = Line> + 'a {
    let why = move |one| Some((one, why_told(one, since)?));
    let told = all.iter().filter_map(why);
    told.map(move |(one, why)| line(one, &words, why))
}

/// Why something is told as a change; `None` where it is as it was before. What came late, or was shared
/// late, is told when it came.
fn why_told<T>(one: &Disclosed<T>, since: Moment) -> Option<Why> {
    if !is_since(one, since) {
        return None;
    }
    match (one.word(), one.edited_at()) {
        (PatientsWord::Nothing, _) => None,
        // What the clinic began is nothing new of the patient's.
        (PatientsWord::Changed, Some(at)) => Some(Why::Edited { at }),
        (_, Some(at)) if one.when() < since => Some(Why::Edited { at }),
        _ => Some(Why::New),
    }
}

/// Whether something happened, was changed or was received since a moment.
fn is_since<T>(one: &Disclosed<T>, since: Moment) -> bool {
    one.latest().unix_ms >= since.unix_ms
}

/// When something came, where that is more than a day after it was written or last changed.
fn came_late<T>(one: &Disclosed<T>) -> Option<Moment> {
    let written = one.edited_at().unwrap_or(one.when());
    let late_ms = one.received().unix_ms.saturating_sub(written.unix_ms);
    (late_ms > DAY_MS).then_some(one.received())
}

fn others_wanted(material: &Material) -> impl Iterator<Item = Line> {
    let is_wanted = |one: &&Disclosed<Other>| {
        one.content().wants_to_talk && !material.talked_about.contains(&one.id())
    };
    let wanted = material.others.iter().filter(is_wanted);
    wanted.map(|one| other_line(one, Why::WantsToTalk))
}

fn other_news(others: &[Disclosed<Other>], since: Moment) -> impl Iterator<Item = Line> {
    let news = move |one| Some(other_line(one, why_told(one, since)?));
    others.iter().filter_map(news)
}

fn undone(material: &Material, since: Moment, now: Moment) -> impl Iterator<Item = Line> {
    let today = now.local_date();
    material.commitments.iter().filter_map(move |one| {
        let said_since = is_since(one, since);
        let why = match &one.content().became {
            None if today.is_some_and(|today| one.content().is_to_review(today)) => {
                Why::NothingSaid
            }
            Some(became @ (Became::Partly | Became::Not)) if said_since => {
                Why::Became(became.clone())
            }
            _ => return None,
        };
        Some(line(one, &|one: &Commitment| one.text.clone(), why))
    })
}

fn silence(material: &Material, now: Moment) -> Option<Silence> {
    let is_patients = |one: &&Disclosed<Other>| one.word() != PatientsWord::Nothing;
    let others = material.others.iter().filter(is_patients);
    let whens = (material.entries.iter().map(Disclosed::latest))
        .chain(material.check_ins.iter().map(Disclosed::latest))
        .chain(material.commitments.iter().map(Disclosed::latest))
        .chain(material.lines.iter().map(Disclosed::latest))
        .chain(others.map(Disclosed::latest))
        .chain(material.totals.iter().map(Disclosed::latest));
    let last = whens.max();
    let days = last.map(|last| now.unix_ms.saturating_sub(last.unix_ms).div_euclid(DAY_MS));
    let is_silent = days.is_none_or(|days| days >= SILENT_DAYS);
    is_silent.then_some(Silence { last, days })
}

fn entry_words(entry: &Entry) -> String {
    if entry.title.is_empty() {
        entry.body.clone()
    } else {
        entry.title.clone()
    }
}

fn line<T: Content>(one: &Disclosed<T>, words: &impl Fn(&T) -> String, why: Why) -> Line {
    Line {
        id: one.id(),
        kind: T::KIND,
        words: quoted(&words(one.content())),
        when: one.when(),
        came_late: came_late(one),
        why,
        doubts: one.doubts(),
    }
}

fn other_line(one: &Disclosed<Other>, why: Why) -> Line {
    let other = one.content();
    Line {
        id: one.id(),
        kind: other.kind.clone(),
        words: quoted(&other.words),
        when: one.when(),
        came_late: came_late(one),
        why,
        doubts: one.doubts(),
    }
}

/// The first line of words; "…" at its end says that there is more.
fn quoted(words: &str) -> String {
    let words = words.trim();
    let first = words.lines().next().unwrap_or_default().trim_end();
    let is_long = first.chars().nth(QUOTED).is_some();
    if is_long {
        let kept: String = first.chars().take(QUOTED.saturating_sub(1)).collect();
        return format!("{}…", kept.trim_end());
    }
    if first.len() == words.len() {
        return first.to_owned();
    }
    let kept: String = first.chars().take(QUOTED.saturating_sub(2)).collect();
    format!("{} …", kept.trim_end())
}

fn sorted(lines: impl Iterator<Item = Line>) -> Vec<Line> {
    let mut lines: Vec<Line> = lines.collect();
    lines.sort_by_key(|line| (line.when, line.id));
    lines
}
