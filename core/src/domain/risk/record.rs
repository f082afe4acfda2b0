//! What everything that a patient answered to measures gives to see, taken together: which answers a
//! clinic's rule looks at, and what it compares them with.

use super::super::measure::{Score, Taken, baseline};
use super::super::{DocumentId, Moment, Response};
use super::rule::Rule;
use super::signal::{RiskSignal, signals, unreadable};

/// A clinic's rule, and since when there is one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StandingRule {
    /// The rule.
    pub rule: Rule,
    /// When the clinic made it.
    pub since: Moment,
}

/// The signals of all responses of one patient, in the order in which the responses are given. Item 9 and
/// what can't be read count in each of them, however old it is: a response may arrive late. A clinic's rule
/// looks at what was answered since it was made, and at the newest answers to its measure, so that a new
/// rule says where patients stand and not where they stood years ago.
///
/// The baseline of a response is that of the totals up to it; `sessions` are the times of the dosing
/// sessions that take place.
pub fn signals_of(
    responses: &[(DocumentId, Response)],
    sessions: &[Moment],
    rules: &[StandingRule],
) -> Vec<RiskSignal> {
    let each = responses.iter().flat_map(|(id, response)| {
        let rules = looking_at((*id, response), responses, rules);
        // Only rules ask for it.
        let baseline = match rules.is_empty() {
            true => None,
            false => baseline_of((*id, response), responses, sessions),
        };
        signals((*id, response), baseline, &rules).unwrap_or_else(|_| {
            vec![RiskSignal {
                cause: unreadable(response),
                about: *id,
                at: response.answered_at(),
            }]
        })
    });
    each.collect()
}

/// The rules that look at a response.
fn looking_at(
    one: (DocumentId, &Response),
    responses: &[(DocumentId, Response)],
    rules: &[StandingRule],
) -> Vec<Rule> {
    let response = one.1;
    let is_newest = || {
        let of_measure = responses
            .iter()
            .filter(|(_, other)| other.measure == response.measure);
        let newest = of_measure.map(|(id, other)| order((*id, other))).max();
        newest == Some(order(one))
    };
    let looks = |standing: &&StandingRule| {
        *standing.rule.measure() == response.measure
            && (response.answered_at().unix_ms >= standing.since.unix_ms || is_newest())
    };
    let looking = rules.iter().filter(looks);
    looking.map(|standing| standing.rule.clone()).collect()
}

/// The total that a response is compared with, out of those that were answered up to then.
fn baseline_of(
    one: (DocumentId, &Response),
    responses: &[(DocumentId, Response)],
    sessions: &[Moment],
) -> Option<Score> {
    let until = order(one);
    let of_measure = responses
        .iter()
        .filter(|(id, other)| other.measure == one.1.measure && order((*id, other)) <= until);
    let taken: Vec<Taken> = of_measure
        .filter_map(|(id, other)| {
            Some(Taken {
                score: other.score().ok()?,
                at: other.answered_at(),
                response: *id,
            })
        })
        .collect();
    let held = sessions
        .iter()
        .filter(|session| session.unix_ms <= one.1.answered_at().unix_ms);
    let first = held.min_by_key(|session| session.unix_ms).copied();
    baseline(&taken, first).map(|taken| taken.score)
}

/// By time, and by name where the times agree, so that every node says the same.
fn order((id, response): (DocumentId, &Response)) -> (i64, DocumentId) {
    (response.answered_at().unix_ms, id)
}
