//! On which days a check-in is asked for: after sessions and in the programme's rhythm, once a day, never
//! around a session, and less often while nobody answers.

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate};

use super::candidates::{Candidate, Wanted};
use super::facts::Rhythm;
use super::notification::{About, Part};
use super::plan::Planner;
use super::{DayTime, Rule, Topic, When};

/// How far ahead check-ins are looked for, and how far back for answers, in days.
const AHEAD_DAYS: u64 = 400;
/// Thinned check-ins come at least this often, in days.
const RAREST_DAYS: u32 = 7;

/// Goes through the days from the first without an answer.
pub(super) struct CheckIns<'p, 'a> {
    planner: &'p Planner<'a>,
    series: BTreeMap<NaiveDate, (usize, &'a Rule, DayTime)>,
    rhythm: Option<(Rhythm, usize, &'a Rule, DayTime)>,
    day: Option<NaiveDate>,
    last: NaiveDate,
    /// One of so many due days is asked on.
    one_of: u32,
    /// Due days since the last that was asked on.
    waited: u32,
    /// Asked in a row without an answer.
    ignored: u8,
}

impl<'p, 'a> CheckIns<'p, 'a> {
    pub(super) fn of(planner: &'p Planner<'a>) -> Self {
        let mut this = CheckIns {
            planner,
            series: BTreeMap::new(),
            rhythm: None,
            day: None,
            last: planner.today,
            one_of: 1,
            waited: 0,
            ignored: 0,
        };
        if planner.choices.silence(Topic::CheckIn) {
            return this;
        }
        for (rank, rule) in planner.rules.pack.rules.iter().enumerate() {
            match rule.when {
                When::SeriesAfterSession {
                    first,
                    every,
                    times,
                    at,
                } => {
                    for dosing in planner.to_prepare() {
                        for time in 0..times {
                            let days = u64::from(first) + u64::from(every) * u64::from(time);
                            if let Some(day) = dosing.day.checked_add_days(Days::new(days)) {
                                // The more important rule stands first in the pack.
                                this.series.entry(day).or_insert((rank, rule, at));
                            }
                        }
                    }
                }
                When::Rhythm { at } if this.rhythm.is_none() => {
                    let rhythm = planner.facts.rhythm;
                    this.rhythm = rhythm.map(|rhythm| (rhythm, rank, rule, at));
                }
                _ => {}
            }
        }
        let of_rhythm = this.rhythm.map(|(rhythm, ..)| rhythm.from);
        let of_series = this.series.keys().next().copied();
        let first = of_rhythm.into_iter().chain(of_series).min();
        let answered = planner.facts.checked_in.range(..=planner.today).next_back();
        let after_answer = answered.and_then(|day| day.checked_add_days(Days::new(1)));
        let oldest = planner.today.checked_sub_days(Days::new(AHEAD_DAYS));
        this.day = first.map(|first| {
            first
                .max(after_answer.unwrap_or(first))
                .max(oldest.unwrap_or(first))
        });
        let ahead = planner.today.checked_add_days(Days::new(AHEAD_DAYS));
        this.last = ahead.unwrap_or(planner.today);
        this
    }

    fn due(&self, day: NaiveDate) -> Option<(usize, &'a Rule, DayTime, u32)> {
        let of_series = self.series.get(&day).map(|(rank, rule, at)| {
            let every = match rule.when {
                When::SeriesAfterSession { every, .. } => u32::from(every),
                _ => 1,
            };
            (*rank, *rule, *at, every)
        });
        let of_rhythm = self.rhythm.and_then(|(rhythm, rank, rule, at)| {
            let days = day.signed_duration_since(rhythm.from).num_days();
            let every = rhythm.every_days.get();
            let falls = days >= 0
                && days % i64::from(every) == 0
                && rhythm.until.is_none_or(|until| day <= until);
            falls.then_some((rank, rule, at, u32::from(every)))
        });
        match (of_series, of_rhythm) {
            (Some(series), Some(rhythm)) => Some(if series.0 < rhythm.0 { series } else { rhythm }),
            (series, rhythm) => series.or(rhythm),
        }
    }
}

impl<'a> Iterator for CheckIns<'_, 'a> {
    type Item = Candidate<'a>;

    fn next(&mut self) -> Option<Candidate<'a>> {
        while let Some(day) = self.day.filter(|day| *day <= self.last) {
            self.day = day.succ_opt();
            let Some((rank, rule, at, every)) = self.due(day) else {
                continue;
            };
            let wanted = day.and_time(self.planner.time_of(rule, at).to_chrono());
            let mut sessions = self.planner.times.around.iter();
            // What could not be asked was not ignored.
            if sessions.any(|around| (around.local.0..around.local.1).contains(&wanted)) {
                continue;
            }
            if self.waited > 0 {
                self.waited -= 1;
                continue;
            }
            if day < self.planner.today {
                self.ignored += 1;
                if self.ignored >= self.planner.rules.pack.caps.thin_after {
                    self.ignored = 0;
                    let rarest = (RAREST_DAYS / every.max(1)).max(1);
                    self.one_of = (self.one_of * 2).min(rarest);
                }
                self.waited = self.one_of - 1;
                continue;
            }
            self.waited = self.one_of - 1;
            return Some(Candidate {
                day,
                rank,
                rule,
                about: About::Programme,
                wanted: Wanted::Wall(wanted),
                part: Part::Day(day),
            });
        }
        None
    }
}
