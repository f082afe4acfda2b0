//! How check-ins and measures moved: numbers as they were given, and differences of them.

use std::collections::BTreeMap;

use super::super::disclosed::{Disclosed, Doubts};
use super::super::measure::ItemState;
use super::super::{CheckIn, Moment, Rating, Response, Scale};
use super::is_since;

/// How far a clock may be ahead before what it says is not believed, as in lists.
const CLOCKS_DIFFER_MS: i64 = 15 * 60 * 1000;

/// How the answers on one scale moved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MoodMovement {
    /// The scale.
    pub scale: Scale,
    /// The answer given just before the first, if there is one.
    pub before: Option<Rating>,
    /// How many answers were given, changed or received since.
    pub answers: usize,
    /// Of those, how many say different things on two phones, or were dated by a clock that was ahead.
    pub doubted: usize,
    /// The first of them, in the order in which they were given.
    pub first: Rating,
    /// The last of them.
    pub last: Rating,
    /// The lowest of them.
    pub lowest: Rating,
    /// The highest of them.
    pub highest: Rating,
}

/// The outcome of one response to a measure, or to one question of it where no total is made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TotalFact {
    /// The measure, by its id.
    pub measure: String,
    /// Its version: totals of two versions are not compared.
    pub version: u16,
    /// The question, where each stands for itself.
    pub item: Option<u8>,
    /// When it was answered: finished, or else begun.
    pub answered_at: Moment,
    /// The total, or the answer to the question; `None` where there is none.
    pub total: Option<u16>,
}

impl TotalFact {
    /// What a response comes to: its total, which half an answer does not have; or each answer by itself, where the
    /// measure makes no total.
    pub fn all_of(response: &Response) -> Vec<Self> {
        let fact = |item, total| Self {
            measure: response.measure.to_string(),
            version: response.version.0,
            item,
            answered_at: response.answered_at(),
            total,
        };
        match response.read() {
            Ok(answers) if !answers.instrument().has_total() => {
                let questions = answers.instrument().questions();
                let each = questions.map(|item| {
                    let points = match answers.state(item) {
                        ItemState::Answered(points) => Some(points.into()),
                        ItemState::Open
                        | ItemState::Skipped
                        | ItemState::Apart(_)
                        | ItemState::Unreadable => None,
                    };
                    fact(Some(item.number.number()), points)
                });
                each.collect()
            }
            _ => vec![fact(None, response.score().ok().map(|score| score.total()))],
        }
    }
}

/// How the totals of one measure moved, or the answers to one question of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScoreMovement {
    /// The measure.
    pub measure: String,
    /// Its version.
    pub version: u16,
    /// The question, where each stands for itself and no total is made.
    pub item: Option<u8>,
    /// The last of the complete totals since.
    pub latest: u16,
    /// When that was answered.
    pub at: Moment,
    /// The complete total answered just before the latest, and when: since then or before.
    pub before: Option<(u16, Moment)>,
    /// The latest less the one before.
    pub difference: Option<i32>,
    /// All complete totals since and when they were answered, first to last; the latest is the last.
    pub since_then: Vec<(u16, Moment)>,
    /// How many responses since are not complete.
    pub incomplete: usize,
}

pub(super) fn moods(check_ins: &[Disclosed<CheckIn>], since: Moment) -> Vec<MoodMovement> {
    let mut by_time: Vec<_> = check_ins.iter().collect();
    by_time.sort_by_key(|one| (one.when(), one.id()));
    let of_scale = |scale: Scale| {
        let mut before = None;
        let mut answers = Vec::new();
        let mut doubted = 0;
        for one in &by_time {
            let Some(rating) = one.content().rating(scale) else {
                continue;
            };
            if is_since(one, since) {
                answers.push(rating);
                doubted += usize::from(one.doubts() != Doubts::default());
            } else if answers.is_empty() {
                before = Some(rating);
            }
        }
        Some(MoodMovement {
            scale,
            before,
            answers: answers.len(),
            doubted,
            first: *answers.first()?,
            last: *answers.last()?,
            lowest: *answers.iter().min()?,
            highest: *answers.iter().max()?,
        })
    };
    Scale::ALL.into_iter().filter_map(of_scale).collect()
}

/// What is compared with each other: answers to one measure in one version, or to one question of it.
type Compared<'a> = (&'a str, u16, Option<u8>);

pub(super) fn totals(totals: &[Disclosed<TotalFact>], since: Moment) -> Vec<ScoreMovement> {
    let mut by_measure: BTreeMap<Compared<'_>, Vec<&Disclosed<TotalFact>>> = BTreeMap::new();
    for one in totals {
        let fact = one.content();
        let compared = (&*fact.measure, fact.version, fact.item);
        let its = by_measure.entry(compared).or_default();
        its.push(one);
    }
    let movement = |(of, mut its): (Compared<'_>, Vec<&Disclosed<TotalFact>>)| {
        let (measure, version, item) = of;
        its.sort_by_key(|one| (answered_at(one), one.id()));
        let mut before = None;
        let mut newest = None;
        let mut since_then = Vec::new();
        let mut incomplete = 0;
        for one in its {
            let is_since = is_since(one, since) || answered_at(one).unix_ms >= since.unix_ms;
            match one.content().total {
                None => incomplete += usize::from(is_since),
                Some(total) => {
                    let this = (total, answered_at(one));
                    if is_since {
                        before = newest;
                        since_then.push(this);
                    }
                    newest = Some(this);
                }
            }
        }
        let (latest, at) = *since_then.last()?;
        Some(ScoreMovement {
            measure: measure.to_owned(),
            version,
            item,
            latest,
            at,
            before,
            difference: before.map(|(before, _)| i32::from(latest) - i32::from(before)),
            since_then,
            incomplete,
        })
    };
    by_measure.into_iter().filter_map(movement).collect()
}

/// When it was answered; when it was received, where its writer's clock was ahead of that.
fn answered_at(one: &Disclosed<TotalFact>) -> Moment {
    let said = one.content().answered_at;
    if said.unix_ms > one.received().unix_ms.saturating_add(CLOCKS_DIFFER_MS) {
        one.received()
    } else {
        said
    }
}
