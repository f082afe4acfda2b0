//! The default pack with what a clinic changed of it.

use super::{ReminderChange, ReminderRules};
use crate::domain::reminder::{
    Caps, DayTime, Rule, RuleId, RulePack, Rules, RulesError, TimeOfDay, Topic, When,
};
use crate::domain::reminder_preferences::quiet;
use crate::domain::session_day::LEAST_QUIET_HOURS;
use crate::domain::{Ordered, Zone};

/// When a reminder of the clinic's own is shown that says no time.
const EVENING: TimeOfDay = TimeOfDay::hour(18);

/// All of it, or the first thing that can't be planned with.
pub(super) fn changed(rules: &ReminderRules) -> Result<Rules, RulesError> {
    let mut pack = RulePack {
        clinic_zone: (!rules.clinic_zone.is_empty()).then(|| rules.clinic_zone.clone()),
        caps: caps(rules),
        ..RulePack::default()
    };
    let caps = pack.caps;
    for rule in &mut pack.rules {
        fit(rule, &caps);
    }
    for (_, change) in rules.changes.iter() {
        apply(&mut pack, change)?;
    }
    pack.checked()
}

/// A rule of the default pack follows the hours and the number that the clinic chose.
fn fit(rule: &mut Rule, caps: &Caps) {
    rule.times = rule.times.min(caps.times_asked);
    let at = match &mut rule.when {
        When::SessionDay { at, .. }
        | When::BeforeVisit { at, .. }
        | When::AfterLastSession { at, .. }
        | When::SeriesAfterSession { at, .. }
        | When::Rhythm { at } => at,
        When::BeforeSession { .. } => return,
    };
    if let DayTime::At(time) = at
        && caps.quiet.include(*time)
    {
        *time = caps.quiet.from().an_hour_before();
    }
}

/// What of it can be planned with, one after the other.
pub(super) fn changed_as_far_as_possible(rules: &ReminderRules) -> Rules {
    if let Ok(whole) = changed(rules) {
        return whole;
    }
    let mut kept = ReminderRules {
        changes: Ordered::default(),
        ..rules.clone()
    };
    if let Err(RulesError::CheckInsInQuietHours { .. }) = changed(&kept) {
        // Two edits that met: the quiet stays, and check-ins are asked for when they are by default.
        kept.check_in_at = String::new();
    }
    if !kept.clinic_zone.is_empty() && Zone::named(&kept.clinic_zone).is_err() {
        kept.clinic_zone = String::new();
    }
    if changed(&kept).is_err() {
        // The numbers don't go together.
        let defaults = ReminderRules::new(&rules.by, rules.at);
        kept = ReminderRules {
            clinic_zone: kept.clinic_zone,
            check_in_every: kept.check_in_every,
            ..defaults
        };
    }
    for (id, change) in rules.changes.iter() {
        let mut with = kept.clone();
        with.changes.push(id, change.clone());
        if changed(&with).is_ok() {
            kept = with;
        }
    }
    changed(&kept).unwrap_or_default()
}

fn caps(rules: &ReminderRules) -> Caps {
    let defaults = Caps::default();
    let quiet = quiet(&rules.quiet).unwrap_or(defaults.quiet);
    let check_in_at = match defaults.check_in_at {
        // The default follows the hours that the clinic chose.
        at if quiet.include(at) => quiet.from().an_hour_before(),
        at => at,
    };
    Caps {
        per_day: rules.per_day.unwrap_or(defaults.per_day),
        times_asked: rules.times_asked.unwrap_or(defaults.times_asked),
        quiet,
        quiet_hours_after_session: rules
            .quiet_hours_after_session
            .unwrap_or(defaults.quiet_hours_after_session)
            // Whatever was written elsewhere shortens no quiet.
            .max(LEAST_QUIET_HOURS),
        thin_after: rules.thin_after.unwrap_or(defaults.thin_after),
        check_in_at: rules.check_in_at.parse().unwrap_or(check_in_at),
    }
}

fn apply(pack: &mut RulePack, change: &ReminderChange) -> Result<(), RulesError> {
    let present = pack
        .rules
        .iter()
        .position(|rule| rule.id.as_str() == change.rule);
    if change.off {
        if let Some(at) = present {
            pack.rules.remove(at);
        }
        return Ok(());
    }
    if let Some(rule) = present.and_then(|at| pack.rules.get_mut(at)) {
        rule.when = moved(rule, change)?;
        if !change.words.is_empty() {
            rule.words.clone_from(&change.words);
        }
        rule.times = change.times.unwrap_or(rule.times);
        return Ok(());
    }
    let rule = own(change)?;
    // Behind what nobody may miss. When fasting begins is told beside the number of a day, wherever it stands.
    let is_first = |rule: &Rule| {
        matches!(
            rule.topic,
            Topic::Fasting | Topic::Leaving | Topic::Evening | Topic::DayBefore
        )
    };
    let first = pack.rules.iter().take_while(|rule| is_first(rule)).count();
    pack.rules.insert(first, rule);
    Ok(())
}

/// A rule of the default pack at another time.
fn moved(rule: &Rule, change: &ReminderChange) -> Result<When, RulesError> {
    let at = |present: DayTime| match change.at.parse() {
        Ok(at) => DayTime::At(at),
        Err(_) => present,
    };
    let within = |present: i32, what, least: i32, most: i32| {
        let number = change.number.unwrap_or(present);
        if (least..=most).contains(&number) {
            return Ok(number);
        }
        Err(RulesError::OutOfRange {
            rule: rule.id.clone(),
            what,
            least: least.into(),
            most: most.into(),
        })
    };
    let narrow = |number: i32| u16::try_from(number).unwrap_or(u16::MAX);
    Ok(match rule.when {
        When::SessionDay { days, at: present } => When::SessionDay {
            days: within(days.into(), "days", -365, 365)?
                .try_into()
                .unwrap_or(i16::MAX),
            at: at(present),
        },
        When::BeforeSession { minutes } => When::BeforeSession {
            minutes: narrow(within(minutes.into(), "minutes", 1, 2_880)?),
        },
        When::BeforeVisit { days, at: present } => When::BeforeVisit {
            days: narrow(within(days.into(), "days", 0, 60)?),
            at: at(present),
        },
        When::AfterLastSession {
            months,
            at: present,
        } => When::AfterLastSession {
            months: within(months.into(), "months", 1, 24)?
                .try_into()
                .unwrap_or(u8::MAX),
            at: at(present),
        },
        When::SeriesAfterSession {
            first,
            every,
            times,
            at: present,
        } => When::SeriesAfterSession {
            first,
            every,
            times: narrow(within(times.into(), "times", 1, 60)?),
            at: at(present),
        },
        When::Rhythm { at: present } => When::Rhythm { at: at(present) },
    })
}

/// A rule of the clinic's own. Fasting and leaving are told by the minute, all else on a day.
fn own(change: &ReminderChange) -> Result<Rule, RulesError> {
    let id = RuleId::new(change.rule.as_str()).map_err(|_| RulesError::NoRule {
        name: change.rule.chars().take(40).collect(),
    })?;
    let number = change.number.unwrap_or_default();
    let out_of_range = |what, least: i64, most: i64| RulesError::OutOfRange {
        rule: id.clone(),
        what,
        least,
        most,
    };
    let mut topics = Topic::ALL.into_iter();
    let topic = topics.find(|topic| topic.as_str() == change.topic);
    let topic = topic.ok_or_else(|| RulesError::NoTopic { rule: id.clone() })?;
    let when = match topic {
        Topic::Fasting | Topic::Leaving => When::BeforeSession {
            minutes: number
                .try_into()
                .map_err(|_| out_of_range("minutes", 1, 2_880))?,
        },
        _ => When::SessionDay {
            days: number
                .try_into()
                .map_err(|_| out_of_range("days", -365, 365))?,
            at: DayTime::At(change.at.parse().unwrap_or(EVENING)),
        },
    };
    Ok(Rule {
        id,
        topic,
        when,
        words: change.words.clone(),
        asks: [].into(),
        measures: [].into(),
        times: change.times.unwrap_or(1),
        tells_clinic: false,
    })
}
