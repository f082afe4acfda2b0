//! What a patient was asked before a session and has not answered: a fact for the clinic, worked out on
//! its own side from what both see.

use super::facts::{Facts, Standing};
use super::plan::Planner;
use super::{Preferences, RuleId, Rules, When};
use crate::domain::{DocumentId, Moment, Zone};

/// One question without an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unanswered {
    /// The rule that asks.
    pub rule: RuleId,
    /// The session that it is about.
    pub session: DocumentId,
    /// Since when, by the rule: whether the phone was on nobody knows.
    pub since: Moment,
}

/// The rules that tell the clinic, whose time has come and whose session has not begun, and that are not
/// done; the longest first.
pub fn unanswered(rules: &Rules, facts: &Facts, zone: &Zone, now: Moment) -> Vec<Unanswered> {
    let choices = Preferences::default();
    let running = facts.standing == Standing::Running;
    let planner = running.then(|| Planner::of(rules, facts, &choices, zone, now));
    let Some(planner) = planner.flatten() else {
        return Vec::new();
    };
    let mut found = Vec::new();
    for rule in rules.pack.rules.iter().filter(|rule| rule.tells_clinic) {
        let When::SessionDay { days, at } = rule.when else {
            continue;
        };
        for dosing in planner.to_prepare() {
            let asked = dosing
                .day
                .checked_add_signed(chrono::TimeDelta::days(days.into()));
            let at = planner.time_of(rule, at).to_chrono();
            let since = asked.and_then(|day| zone.place(day.and_time(at)));
            let Some((since, _)) = since else { continue };
            let session = dosing.session;
            let open = since.unix_ms <= now.unix_ms && now.unix_ms < session.starts.unix_ms;
            if open && !planner.is_done(rule, Some(session)) {
                found.push(Unanswered {
                    rule: rule.id.clone(),
                    session: session.id,
                    since,
                });
            }
        }
    }
    found.sort_by_key(|one| (one.since, one.session));
    found
}
