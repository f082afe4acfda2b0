//! Which questionnaires are due: none sooner after an answer than its smallest interval, and none twice
//! because two rules ask for it.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::candidates::Candidate;
use super::notification::About;
use super::{MeasureFacts, MeasureId};

/// Leaves out what asks for measures on a day when none of them is due. One that is still to be asked
/// for counts as answered on its first day, so that the next rule does not ask for it too soon; one that
/// was asked for in vain does not.
pub(super) fn only_due<'a>(
    found: Vec<Candidate<'a>>,
    measures: &[MeasureFacts],
    today: NaiveDate,
) -> Vec<Candidate<'a>> {
    let (asking, mut kept): (Vec<_>, Vec<_>) = found
        .into_iter()
        .partition(|candidate| !candidate.rule.measures.is_empty());
    let mut groups: BTreeMap<(usize, About), Vec<Candidate<'a>>> = BTreeMap::new();
    for candidate in asking {
        let group = (candidate.rank, candidate.about);
        groups.entry(group).or_default().push(candidate);
    }
    let mut groups: Vec<_> = groups.into_values().collect();
    groups.sort_by_key(|group| group.first().map(|first| (first.day, first.rank)));

    let mut last: BTreeMap<&MeasureId, NaiveDate> = measures
        .iter()
        .filter_map(|measure| Some((&measure.id, measure.last_answered?)))
        .collect();
    for group in groups {
        let still_asks = group.last().is_some_and(|last| last.day >= today);
        let mut asked_for: BTreeMap<&MeasureId, NaiveDate> = BTreeMap::new();
        for candidate in group {
            let due = measures.iter().filter(|measure| {
                let wanted = candidate.rule.measures.contains(&measure.id);
                let since = last.get(&measure.id);
                let days = since.map(|last| candidate.day.signed_duration_since(*last).num_days());
                wanted && days.is_none_or(|days| days >= i64::from(measure.smallest_interval_days))
            });
            let before = kept.len();
            for measure in due {
                if kept.len() == before {
                    kept.push(candidate);
                }
                asked_for.entry(&measure.id).or_insert(candidate.day);
            }
        }
        if still_asks {
            last.extend(asked_for);
        }
    }
    kept
}
