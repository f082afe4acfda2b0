//! A patient at a glance: the digest, with the rule that made each part of it; in short on top of the
//! patient's page. It states facts and judges none.

use companion_core::clinic::PatientView;
use companion_core::domain::digest::{
    Coming, Digest, Line, MoodMovement, ScoreMovement, Section, Silence, Why,
};
use companion_core::domain::disclosed::Doubts;
use companion_core::domain::measure::{Instrument, InstrumentVersion, MeasureId};
use companion_core::domain::session_preparation::StillOpen;
use companion_core::domain::{DocumentId, Rating, RecordSection};
use companion_core::ports::Moment;
use maud::{Markup, html};

use crate::accounts::Rights;
use crate::view::concern;
use crate::view::emergency;
use crate::view::frame::Frame;
use crate::view::gate;
use crate::view::layout::{self, Live, NavItem};
use crate::view::patient::banner;
use crate::view::preparation;
use crate::view::sentence::capital;
use crate::view::shelf::Shelf;
use crate::view::time;

/// Since when a digest tells.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Since {
    /// The last session that was held.
    #[default]
    Session,
    /// The last time before today that somebody opened something of the patient's.
    Look,
    /// The beginning.
    Beginning,
}

impl Since {
    /// All of them, in the order in which they are offered.
    pub const ALL: [Self; 3] = [Self::Session, Self::Look, Self::Beginning];

    /// The word in the address.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Session => "session",
            Self::Look => "look",
            Self::Beginning => "beginning",
        }
    }

    /// Reads the word in the address; anything else is the last session.
    pub fn named(word: &str) -> Self {
        let mut all = Self::ALL.into_iter();
        all.find(|since| since.as_str() == word).unwrap_or_default()
    }

    const fn label(self) -> &'static str {
        match self {
            Self::Session => "the last session",
            Self::Look => "somebody last opened something, before today",
            Self::Beginning => "the beginning",
        }
    }
}

/// A digest, and since when it tells.
#[derive(Clone, Debug)]
pub struct Glance {
    /// What it tells since.
    pub since: Since,
    /// When the last session was; `None` before the first.
    pub last_session: Option<Moment>,
    /// When somebody last opened something, before today; `None` where nobody did.
    pub last_look: Option<Moment>,
    /// The digest.
    pub digest: Digest,
}

/// Where a patient's digest is.
pub fn address(patient: DocumentId) -> String {
    format!("/patients/{patient}/at-a-glance")
}

/// So many lines of each part stand on the patient's page.
const SHORT: usize = 3;

/// In short, on top of the patient's page.
pub fn short(frame: &Frame, patient: DocumentId, glance: &Glance) -> Markup {
    let digest = &glance.digest;
    html! {
        section class="card glance" aria-labelledby="glance" {
            h2 id="glance" { "At a glance" }
            (concern::short(&digest.safety))
            @if let Some(next) = &digest.next_session {
                (coming(frame, next))
                @let open = next.open.iter().filter(|open| is_item(open)).count();
                @if open > 0 { p class="quiet" { (time::count(open as u64, "thing", "things")) " open of the patient’s list" } }
            }
            (few(frame, patient, "To talk about", &digest.to_talk_about))
            (few(frame, patient, "Left undone", &digest.left_undone))
            p { strong { "Changed" } " since " (since(frame, glance)) ": "
                (time::count(digest.changed.len() as u64, "thing", "things")) "." }
            @if let Some(silence) = digest.silence { p { (silent(silence)) } }
            p { a href=(address(patient)) { "Read all of it, and by which rules it is made" } }
        }
    }
}

fn few(frame: &Frame, patient: DocumentId, heading: &str, lines: &[Line]) -> Markup {
    html! {
        @if !lines.is_empty() {
            p { strong { (heading) ": " (lines.len()) } }
            ul class="plainly" { @for one in lines.iter().take(SHORT) { li { (line(frame, patient, one)) } } }
            @if lines.len() > SHORT { p class="quiet" { (lines.len() - SHORT) " more" } }
        }
    }
}

/// The whole digest.
pub fn page(frame: &Frame, patient: &PatientView, glance: &Glance) -> Markup {
    let address = address(patient.id);
    let live = Live {
        about: patient.id.to_string(),
        path: format!("{address}?since={}", glance.since.as_str()),
    };
    layout::page(
        frame,
        &format!("At a glance · {}", patient.record.name),
        NavItem::Caseload,
        Some(&live),
        &html! {
            (banner(frame, patient, false))
            (emergency::partial(frame, patient.id))
            div class="intro" {
                h1 { "At a glance" }
                p { "Made by fixed rules of what the patient shared, and of nothing else. Each part says its rule. "
                    "It judges nothing, and nothing counts as opened by reading it." }
                nav class="tabs" aria-label="Since when" {
                    @for each in offered(glance) {
                        a href=(format!("{address}?since={}", each.as_str()))
                            aria-current=[(each == glance.since).then_some("true")] { "Since " (each.label()) }
                    }
                }
                p class="quiet" { "This tells since " (since(frame, glance)) "." }
            }
            @for section in Section::ALL { (part(frame, patient.id, section, &glance.digest)) }
        },
    )
}

fn offered(glance: &Glance) -> impl Iterator<Item = Since> {
    Since::ALL.into_iter().filter(|since| match since {
        Since::Session => glance.last_session.is_some(),
        Since::Look => glance.last_look.is_some(),
        Since::Beginning => true,
    })
}

fn since(frame: &Frame, glance: &Glance) -> Markup {
    let at = match glance.since {
        Since::Session => glance.last_session,
        Since::Look => glance.last_look,
        Since::Beginning => None,
    };
    html! {
        (glance.since.label())
        @if let Some(at) = at { " (" (time::at(at, frame.now)) ")" }
    }
}

const fn heading(section: Section) -> (&'static str, &'static str) {
    match section {
        Section::Safety => ("safety", "Safety"),
        Section::NextSession => ("next-session", "Next session"),
        Section::ToTalkAbout => ("to-talk-about", "To talk about"),
        Section::Changed => ("changed", "New or changed"),
        Section::LeftUndone => ("left-undone", "Left undone"),
        Section::Moods => ("moods", "Check-ins"),
        Section::Totals => ("totals", "Measures"),
        Section::Silence => ("silence", "Silence"),
    }
}

fn part(frame: &Frame, patient: DocumentId, section: Section, digest: &Digest) -> Markup {
    let (id, title) = heading(section);
    html! {
        section class="card" aria-labelledby=(id) {
            h2 id=(id) { (title) }
            @if let Some(hidden) = hidden(section, &frame.sight.rights) {
                p { "“" (hidden.label()) "” is not shown to your role." }
            } @else if section == Section::Silence && frame.sight.is_partial() {
                p { "This goes over all that the patient shares, and parts of that are not shown to your role." }
            } @else { @match section {
                Section::Safety => (concern::all(frame, patient, &digest.safety)),
                Section::NextSession => @match &digest.next_session {
                    Some(next) => { (coming(frame, next)) (list(next)) }
                    None => p { "None is planned." },
                },
                Section::ToTalkAbout => (lines(frame, patient, &digest.to_talk_about)),
                Section::Changed => (lines(frame, patient, &digest.changed)),
                Section::LeftUndone => (lines(frame, patient, &digest.left_undone)),
                Section::Moods => (moods(&digest.moods)),
                Section::Totals => (totals(frame, &digest.totals)),
                Section::Silence => p { @match digest.silence {
                    Some(silence) => (silent(silence)),
                    None => "Something that the patient shared was written, changed or received in the last 7 days.",
                } },
            } }
            @if frame.sight.is_partial() && matches!(section, Section::ToTalkAbout | Section::Changed | Section::LeftUndone) {
                p class="quiet" { "Of what is shown to your role." }
            }
            p class="hint" { "Rule: " (section.rule()) }
        }
    }
}

/// The section of the record that a part is made of, and that its reader is not shown: that the part is empty would not
/// be true. `None` for what is shown, and for parts whose lines are each of a section of their own.
pub(crate) fn hidden(section: Section, rights: &Rights) -> Option<RecordSection> {
    let of = match section {
        Section::Safety => RecordSection::Safety,
        Section::NextSession => RecordSection::Programme,
        Section::Moods => RecordSection::CheckIns,
        Section::Totals => RecordSection::Measures,
        Section::ToTalkAbout | Section::Changed | Section::LeftUndone | Section::Silence => {
            return None;
        }
    };
    (!rights.shows(of)).then_some(of)
}

/// Who is there, what the patient wants, and what of the ride home is open.
fn coming(frame: &Frame, next: &Coming) -> Markup {
    html! {
        p { strong { "S" (next.number) } " " (time::at(next.at, frame.now)) " · "
            (preparation::who(&next.therapist, &next.medical_provider)) }
        (gate::booked(frame, next.number, next.closed))
        p { (preparation::wishes(next.eyeshades, next.music)) }
        @for who in &next.not_named {
            p class="signs" { span class="badge act" { span aria-hidden="true" { "! " } (capital(who.label())) } }
        }
        @for open in next.open.iter().filter(|open| !is_item(open)) {
            p class="signs" { span class="badge act" { span aria-hidden="true" { "! " } (preparation::still_open(open)) } }
        }
    }
}

/// What is open of the patient's list.
fn list(next: &Coming) -> Markup {
    let items = || next.open.iter().filter(|open| is_item(open));
    html! {
        @if items().next().is_some() {
            p { "Open of the patient’s list:" }
            ul class="plainly" { @for open in items() { li { (item(open)) } } }
        }
    }
}

const fn is_item(open: &StillOpen) -> bool {
    matches!(open, StillOpen::Item(_))
}

fn item(open: &StillOpen) -> String {
    match open {
        StillOpen::Item(item) => item.label().to_owned(),
        other => preparation::still_open(other),
    }
}

fn lines(frame: &Frame, patient: DocumentId, lines: &[Line]) -> Markup {
    html! {
        @if lines.is_empty() { p { "Nothing." } }
        @else { ul class="plainly" { @for one in lines { li { (line(frame, patient, one)) } } } }
    }
}

/// What it is, in its own words, when, and why it stands there.
fn line(frame: &Frame, patient: DocumentId, one: &Line) -> Markup {
    let shelf = Shelf::of(&one.kind);
    let what = shelf.map_or("thing", Shelf::one);
    let words = html! {
        (capital(what)) @if !one.words.is_empty() { ": " span dir="auto" { (one.words) } }
    };
    html! {
        @match shelf {
            Some(shelf) => a href=(shelf.address(patient, one.id)) { (words) },
            None => (words),
        }
        span class="quiet" {
            " · " @if one.came_late.is_some() { "recorded " } (time::at(one.when, frame.now))
            @if let Some(came) = one.came_late { " · received " (time::at(came, frame.now)) }
            " · " (why(frame, &one.why))
        }
        (doubts(one.doubts))
    }
}

/// Why what it says, or when, is not to be taken as it stands.
fn doubts(doubts: Doubts) -> Markup {
    html! {
        @if doubts.in_two_wordings { " " span class="badge" { "In two wordings" } }
        @if doubts.clock_ahead { " " span class="badge" { "The phone’s clock was ahead: when it was is not known" } }
    }
}

fn why(frame: &Frame, why: &Why) -> Markup {
    html! {
        @match why {
            Why::WantsToTalk => "marked “talk about it in session”",
            Why::New => "new",
            Why::Edited { at } => { "changed " (time::at(*at, frame.now)) }
            Why::NothingSaid => "its day has come, and nobody said what became of it",
            Why::Became(became) => { "what became of it: " span dir="auto" { (became.label()) } }
        }
    }
}

fn moods(moods: &[MoodMovement]) -> Markup {
    let number = |rating: Rating| rating.number();
    html! {
        @if moods.is_empty() { p { "No check-in since then." } }
        @else {
            ul class="plainly" {
                @for one in moods {
                    li { strong { (one.scale.name()) } ": " (time::count(one.answers as u64, "answer", "answers"))
                        ", first " (number(one.first)) ", last " (number(one.last)) ", lowest " (number(one.lowest))
                        ", highest " (number(one.highest)) " of 7"
                        @match one.before {
                            Some(before) => { "; the last one before was " (number(before)) "." }
                            None => "; none before.",
                        }
                        @if one.doubted > 0 { " Of those, " (one.doubted) " in two wordings or dated by a clock that was ahead." }
                    }
                }
            }
        }
    }
}

fn totals(frame: &Frame, totals: &[ScoreMovement]) -> Markup {
    html! {
        @if totals.is_empty() { p { "No complete answer to a measure since then." } }
        @else {
            ul class="plainly" {
                @for one in totals {
                    li { strong { (measure(one)) } ": " (one.latest) " " (time::at(one.at, frame.now))
                        @match (one.before, one.difference) {
                            (Some((before, at)), Some(difference)) => {
                                "; " (before) " before " span class="quiet" { "(" (time::at(at, frame.now)) ")" }
                                ", a difference of " (signed(difference)) "." }
                            _ => "; no answer before that is complete.",
                        }
                        @if one.since_then.len() > 1 {
                            " Since then, first to last: "
                            @for (n, (total, at)) in one.since_then.iter().enumerate() {
                                @if n > 0 { ", " }
                                (total) " " span class="quiet" { "(" (time::at(*at, frame.now)) ")" }
                            }
                            "."
                        }
                        @if one.incomplete > 0 { " " (time::count(one.incomplete as u64, "answer", "answers")) " since then without one." }
                    }
                }
            }
        }
    }
}

fn measure(one: &ScoreMovement) -> String {
    let known = Instrument::of(
        &MeasureId::from_stored(&*one.measure),
        InstrumentVersion(one.version),
    );
    let Some(known) = known else {
        return one.measure.clone();
    };
    let mut items = known.items.iter();
    match items.find(|item| Some(item.number.number()) == one.item) {
        Some(item) => format!("{}: “{}”", known.short_name, item.text),
        None => known.short_name.to_owned(),
    }
}

fn signed(difference: i32) -> String {
    match difference {
        ..0 => format!("−{}", difference.unsigned_abs()),
        0 => "0".to_owned(),
        _ => format!("+{difference}"),
    }
}

fn silent(silence: Silence) -> Markup {
    html! {
        @match silence.days {
            Some(days) => { "Nothing that the patient shared was written, changed or received in the last " (days) " days. It says nothing about how they are." }
            None => "The patient has shared nothing yet. It says nothing about how they are.",
        }
    }
}
