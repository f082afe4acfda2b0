//! The caseload: who needs reading first, on one screen for sixty patients.

mod case;

use companion_core::StandingWarning;
use companion_core::clinic::{CaseRow, InviteState};
use companion_core::domain::{RecordSection, nickname};
use maud::{Markup, html};

use self::case::case;
use crate::accounts::Rights;
use crate::view::flags;
use crate::view::frame::Frame;
use crate::view::layout::{self, Live, NavItem};
use crate::view::name::name;
use crate::view::noticed;
use crate::view::time;
use crate::view::wordings;

/// Which patients are shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Filter {
    /// All.
    #[default]
    All,
    /// Those with a flag that is not closed.
    Flagged,
    /// Those of whom something is new.
    ToRead,
    /// Those who want to talk about something that nobody talked about yet.
    ToTalk,
    /// Those with entries that nobody marked reviewed, or something that changed since somebody did.
    ToReview,
    /// Those whose phone is not paired yet.
    Pairing,
    /// Those whose entry was archived or merged, and of whom nothing waits for anybody.
    PutAway,
}

impl Filter {
    const EACH: [Self; 7] = [
        Self::Flagged,
        Self::ToRead,
        Self::ToTalk,
        Self::ToReview,
        Self::Pairing,
        Self::All,
        Self::PutAway,
    ];

    /// The word in the address.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Flagged => "flagged",
            Self::ToRead => "to-read",
            Self::ToTalk => "to-talk-about",
            Self::ToReview => "to-review",
            Self::Pairing => "pairing",
            Self::PutAway => "put-away",
        }
    }

    /// Reads the word in the address; anything else shows all.
    pub fn named(word: &str) -> Self {
        Self::EACH
            .into_iter()
            .find(|filter| filter.as_str() == word)
            .unwrap_or_default()
    }

    const fn label(self) -> &'static str {
        match self {
            Self::All => "All patients",
            Self::Flagged => "Flagged",
            Self::ToRead => "To read",
            Self::ToTalk => "To talk about",
            Self::ToReview => "To review",
            Self::Pairing => "Pairing",
            Self::PutAway => "Put away",
        }
    }

    /// Whether somebody is shown what it goes by: what there is to read is counted over all sections together.
    fn is_for(self, rights: &Rights) -> bool {
        match self {
            Self::Flagged => rights.shows(RecordSection::Safety),
            Self::ToRead | Self::ToTalk | Self::ToReview => rights.shows_all_sections(),
            Self::All | Self::Pairing | Self::PutAway => true,
        }
    }

    pub(super) fn takes(self, row: &CaseRow) -> bool {
        match self {
            Self::PutAway => row.is_put_away(),
            _ if row.is_put_away() => false,
            Self::All => true,
            Self::Flagged => !row.flags.is_empty(),
            Self::ToRead => is_new(row),
            Self::ToTalk => row.to_talk_about > 0,
            Self::ToReview => row.unreviewed > 0 || row.changed_since_review > 0,
            Self::Pairing => !is_paired(row),
        }
    }
}

/// What the reader asked for.
#[derive(Clone, Debug, Default)]
pub struct Question {
    /// Part of a name.
    pub words: String,
    /// Which patients.
    pub filter: Filter,
}

impl Question {
    /// The same, of all patients where what it goes by is not shown.
    fn for_whom(&self, rights: &Rights) -> Self {
        let filter = Some(self.filter).filter(|filter| filter.is_for(rights));
        Self {
            words: self.words.clone(),
            filter: filter.unwrap_or_default(),
        }
    }

    fn takes(&self, row: &CaseRow) -> bool {
        let words = nickname::key(&self.words);
        self.filter.takes(row)
            && (words.is_empty() || nickname::key(&row.record.name).contains(&words))
    }
}

/// Whether something of a patient's, of whatever kind, was seen by nobody in its present version.
const fn is_new(row: &CaseRow) -> bool {
    row.new > 0
}

const fn is_paired(row: &CaseRow) -> bool {
    matches!(row.invite, InviteState::Paired { .. })
}

/// Puts first what needs a person first: flags that nobody has acknowledged, the one that has waited longest
/// before all others, then those that somebody takes care of, then words to compare, then a session that is near
/// and has something open, then something new of somebody who wants to talk, then other new things, then what is to be talked about, then what changed since it was reviewed,
/// then what nobody reviewed; among equals whoever was heard from longest ago, and a name decides the
/// rest.
pub fn sort(rows: &mut [CaseRow]) {
    rows.sort_by(|a, b| {
        let rank = |row: &CaseRow| {
            (
                flags::waiting_since(row).unwrap_or(i64::MAX),
                row.flags.is_empty(),
                !matches!(
                    row.invite,
                    InviteState::Joined { .. } | InviteState::Unreadable
                ),
                row.soon.is_none(),
                !(is_new(row) && row.to_talk_about > 0),
                !is_new(row),
                row.to_talk_about == 0,
                row.changed_since_review == 0,
                row.unreviewed == 0,
            )
        };
        let name = |row: &CaseRow| nickname::key(&row.record.name);
        rank(a)
            .cmp(&rank(b))
            .then_with(|| a.last_received_ms.cmp(&b.last_received_ms))
            .then_with(|| name(a).cmp(&name(b)))
            .then_with(|| a.patient.cmp(&b.patient))
    });
}

/// What there is to see to besides the patients.
#[derive(Clone, Copy, Debug, Default)]
pub struct Besides<'a> {
    /// What the node noticed, and nobody dismissed.
    pub warnings: &'a [StandingWarning],
    /// How much of what the clinic keeps for itself stands in two wordings.
    pub in_two_wordings: usize,
}

/// The page. `rows` are shown in the order given; `path` is where the same page is fetched again.
pub fn page(
    frame: &Frame,
    rows: &[CaseRow],
    besides: Besides<'_>,
    question: &Question,
    path: String,
) -> Markup {
    let live = Live {
        about: "caseload".to_owned(),
        path,
    };
    layout::page(
        frame,
        "Caseload",
        NavItem::Caseload,
        Some(&live),
        &html! {
            (main(frame, rows, question))
            (wordings::line(None, besides.in_two_wordings))
            (what_was_noticed(frame, rows, besides.warnings))
        },
    )
}

fn main(frame: &Frame, rows: &[CaseRow], question: &Question) -> Markup {
    let question = &question.for_whom(&frame.sight.rights);
    let shown: Vec<&CaseRow> = rows.iter().filter(|row| question.takes(row)).collect();
    html! {
        div class="heading" {
            h1 { "Caseload" }
            @if !rows.is_empty() { (search(question)) }
        }
        @if rows.is_empty() {
            (empty())
        } @else {
            (flags::not_acknowledged(frame, rows))
            nav class="tiles" aria-label="Which patients" {
                @for filter in Filter::EACH.into_iter().filter(|filter| filter.is_for(&frame.sight.rights)) {
                    @let number = rows.iter().filter(|row| filter.takes(row)).count();
                    a class=(if number == 0 { "tile none" } else { "tile" })
                        href=(address(filter, &question.words))
                        aria-current=[(filter == question.filter).then_some("true")] {
                        span class="tile-number" { (number) } " "
                        span class="tile-word" { (filter.label()) }
                    }
                }
            }
            p id="shown" class="quiet" role="status" { (time::count(shown.len() as u64, "patient", "patients")) " shown" }
            @if frame.sight.is_partial() {
                p class="quiet" { "What is not shown to your role is not counted here, and puts nobody first." }
            }
            ul class="cases" {
                @for row in &shown { (case(frame, row)) }
            }
            @if shown.is_empty() {
                p class="card" { "Nobody here. " a href="/" { "Show all patients" } }
            }
            p class="quiet honest" {
                "A quiet row means that nothing has arrived. It does not mean that a patient is fine: "
                "a phone may be switched off, out of reach, or put away."
            }
        }
    }
}

/// What the node noticed about its own history, until somebody dismisses it. Below the patients: it
/// is for whoever looks after the clinic's computer, and does not go away by reading.
fn what_was_noticed(frame: &Frame, rows: &[CaseRow], warnings: &[StandingWarning]) -> Markup {
    html! {
        @if !warnings.is_empty() {
            section class="card warned" aria-labelledby="noticed" {
                h2 id="noticed" { span aria-hidden="true" { "▲ " } "The record noticed something" }
                p { "Show this to whoever looks after the clinic’s computer. Nothing was deleted." }
                ul { @for alike in alike(warnings) { (noticed_in(frame, rows, &alike)) } }
            }
        }
    }
}

/// What says the same of several records is said once: after a restore of the server all of them notice it, and
/// the one that noticed something else must not be lost among them.
fn alike(warnings: &[StandingWarning]) -> Vec<Vec<&StandingWarning>> {
    let mut groups: Vec<Vec<&StandingWarning>> = Vec::new();
    for warning in warnings {
        let same = |group: &&mut Vec<&StandingWarning>| {
            let first = group.first();
            first.is_some_and(|w| (w.code, &w.detail) == (warning.code, &warning.detail))
        };
        match groups.iter_mut().find(same) {
            Some(group) => group.push(warning),
            None => groups.push(vec![warning]),
        }
    }
    groups.sort_by_key(Vec::len);
    groups
}

/// What was noticed in one record, or in the same words in several.
fn noticed_in(frame: &Frame, rows: &[CaseRow], alike: &[&StandingWarning]) -> Markup {
    let is_of = |row: &CaseRow| {
        let mut spaces = alike.iter().filter_map(|warning| warning.space);
        spaces.any(|space| space == row.record.care_space)
    };
    let whose: Vec<_> = rows.iter().filter(|row| is_of(row)).collect();
    let newest = alike.iter().max_by_key(|warning| warning.at_ms);
    html! {
        @if let Some(warning) = newest { li {
            (noticed::what(warning))
            span class="quiet" {
                " "
                @if !whose.is_empty() {
                    "In " @for (index, row) in whose.iter().enumerate() {
                        @if index > 0 { ", " }
                        a href=(format!("/patients/{}", row.patient)) { (name(&row.record.name)) } "’s"
                    }
                    (if whose.len() == 1 { " record, " } else { " records, " })
                }
                (time::at(frame.here(warning.at_ms), frame.now))
            }
            (noticed::dismiss(alike))
        } }
    }
}

fn address(filter: Filter, words: &str) -> String {
    let mut query = String::from("/?show=");
    query.push_str(filter.as_str());
    if !words.is_empty() {
        query.push_str("&q=");
        query.push_str(&crate::web::address::encode(words));
    }
    query
}

fn search(question: &Question) -> Markup {
    html! {
        form class="search" role="search" method="get" action="/" hx-get="/"
            hx-trigger="submit, input delay:250ms from:#q" hx-target="#main" hx-select="#main" hx-select-oob="#notice:outerMorph,#exchange:outerMorph"
            hx-swap="outerMorph" hx-replace-url="true" {
            input type="hidden" name="show" value=(question.filter.as_str());
            label for="q" { "Find by name" }
            input id="q" type="search" name="q" value=(question.words) autocomplete="off" spellcheck="false";
            button class="quietly" type="submit" { "Find" }
        }
    }
}

fn empty() -> Markup {
    html! {
        section class="card welcome" {
            h2 { "No patients yet" }
            p { "Invite the first one while they sit with you: their phone scans a code, "
                "both screens show the same words, and from then on what they share arrives here." }
            p { a class="button primary" href="/invite" { "Invite a patient" } }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::case::reading;
    use super::*;
    use crate::view::examples;

    #[test]
    fn flags_come_first_then_words_to_compare_then_unread_then_the_longest_silence() {
        let mut rows = examples::caseload();
        rows.reverse();
        sort(&mut rows);
        let names: Vec<&str> = rows.iter().map(|row| row.record.name.as_str()).collect();
        assert_eq!(names, examples::CASELOAD_ORDER);
    }

    #[test]
    fn what_is_new_of_any_kind_is_something_to_read_and_comes_before_what_was_only_not_reviewed() {
        let mut rows = examples::caseload();
        rows.retain(|row| matches!(row.record.name.as_str(), "Lena Novak" | "Ruth Abrams"));
        for row in &mut rows {
            row.last_received_ms = None;
            row.unreviewed = u64::from(row.new == 0);
            row.record.name = if row.unreviewed == 1 { "A" } else { "B" }.to_owned();
        }
        sort(&mut rows);
        let shown: Vec<(bool, String)> = rows
            .iter()
            .map(|row| (Filter::ToRead.takes(row), reading(row).0))
            .collect();
        assert!(matches!(shown.as_slice(), [(true, first), (false, _)]
            if first.contains("2 new check-ins") && !first.contains("Nothing to read")));
    }

    #[test]
    fn a_search_is_case_blind_and_joins_the_filter() {
        let rows = examples::caseload();
        let count = |words: &str, filter| {
            let question = Question {
                words: words.to_owned(),
                filter,
            };
            rows.iter().filter(|row| question.takes(row)).count()
        };
        assert_eq!(count("", Filter::All), rows.len());
        assert_eq!(count(" ADA ", Filter::All), 1);
        assert_eq!(count("ada", Filter::Pairing), 0);
        assert_eq!(count("nobody", Filter::All), 0);
    }
}
