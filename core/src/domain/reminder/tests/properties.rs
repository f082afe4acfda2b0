//! What holds of every plan, whatever a record says.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Days, NaiveDate};
use proptest::prelude::*;

use super::*;
use crate::domain::reminder::{About, Pause, Rhythm, Standing, Task};

const DAY_MS: i64 = 24 * 3_600_000;
/// 2026-01-01T00:00:00Z.
const NEW_YEAR: i64 = 1_767_225_600_000;
const ZONES: [&str; 8] = [
    "America/New_York",
    "America/St_Johns",
    "Asia/Kolkata",
    "Australia/Lord_Howe",
    "Africa/Cairo",
    "Pacific/Apia",
    "Africa/Casablanca",
    "Antarctica/Troll",
];

fn a_session() -> impl Strategy<Value = Session> {
    (
        0..6u8,
        0..400 * DAY_MS,
        0..10i64,
        prop::bool::weighted(0.85),
        0..16u8,
    )
        .prop_map(|(n, from_new_year, hours, takes_place, done)| {
            let starts = Moment::utc(NEW_YEAR + from_new_year / 60_000 * 60_000);
            let tasks = [Task::RIDE, Task::SUPPORT, Task::GUIDE, Task::CHANGES];
            let done = (0..4).zip(tasks).filter(|(bit, _)| done & (1 << bit) != 0);
            Session {
                id: id(n),
                starts,
                ends: (hours > 0).then(|| Moment::utc(starts.unix_ms + hours * 3_600_000)),
                takes_place,
                place: "Room 3".into(),
                done: done.map(|(_, task)| task).collect(),
            }
        })
}

fn a_day() -> impl Strategy<Value = NaiveDate> {
    (0..400u64).prop_map(|days| {
        let first = NaiveDate::from_ymd_opt(2026, 1, 1).unwrap();
        first.checked_add_days(Days::new(days)).unwrap()
    })
}

fn some_hours() -> impl Strategy<Value = QuietHours> {
    let time =
        || (0..24u8, 0..60u8).prop_map(|(hour, minute)| TimeOfDay::new(hour, minute).unwrap());
    (time(), time()).prop_filter_map("too long", |(from, until)| {
        QuietHours::new(from, until).ok()
    })
}

fn some_choices() -> impl Strategy<Value = Preferences> {
    let paused = prop::collection::btree_map(
        prop::sample::select(Topic::ALL.to_vec()),
        prop_oneof![a_day().prop_map(Pause::Until), Just(Pause::Open)],
        0..2,
    );
    (
        prop::option::of((0..24u8).prop_map(|hour| TimeOfDay::new(hour, 30).unwrap())),
        prop::option::of(some_hours()),
        paused,
    )
        .prop_map(|(check_in_at, quiet, paused)| Preferences {
            check_in_at,
            quiet,
            paused,
            ..Preferences::default()
        })
}

fn some_facts() -> impl Strategy<Value = Facts> {
    let rhythm = (a_day(), 1..20u16, prop::option::of(a_day()));
    let visits = prop::collection::vec(a_session(), 0..4);
    (
        prop::collection::vec(a_session(), 0..6),
        visits,
        prop::option::of(rhythm),
        prop::collection::btree_set(a_day(), 0..20),
        prop::option::weighted(0.3, a_day()),
        (0..40u16, prop::option::of(a_day())),
    )
        .prop_map(
            |(sessions, visits, rhythm, checked_in, last_day, (interval, answered))| {
                let visits = visits.into_iter().map(|session| Visit {
                    id: session.id,
                    starts: session.starts,
                    takes_place: session.takes_place,
                    place: session.place,
                });
                Facts {
                    readiness: Readiness::Ready,
                    sessions,
                    visits: visits.collect(),
                    rhythm: rhythm.map(|(from, every, until)| Rhythm {
                        from,
                        every_days: every.try_into().unwrap(),
                        until,
                    }),
                    checked_in,
                    last_day,
                    measures: vec![
                        MeasureFacts {
                            last_answered: answered,
                            ..measure("phq-9", interval, None)
                        },
                        measure("gad-7", 7, None),
                    ],
                    ..Facts::default()
                }
            },
        )
}

fn a_case() -> impl Strategy<Value = Case> {
    let caps = (1..4u8, 24..=72u16, 1..5u8);
    (
        some_facts(),
        some_choices(),
        prop::sample::select(ZONES.to_vec()),
        caps,
    )
        .prop_map(
            |(facts, choices, zone, (per_day, quiet_after, thin_after))| {
                let mut rules = RulePack::default();
                rules.rules.push(fasting("food", 480));
                rules.rules.push(fasting("drink", 121));
                rules.caps.per_day = per_day;
                rules.caps.quiet_hours_after_session = quiet_after;
                rules.caps.thin_after = thin_after;
                Case {
                    rules,
                    facts,
                    choices,
                    zone: Zone::named(zone).unwrap(),
                }
            },
        )
}

fn some_now() -> impl Strategy<Value = Moment> {
    (-20 * DAY_MS..420 * DAY_MS).prop_map(|ms| Moment::utc(NEW_YEAR + ms))
}

/// What a phone shows from then on that plans again whenever it has run out, a few times over.
fn all_shown(case: &Case, now: Moment) -> Vec<Notification> {
    let mut all: Vec<Notification> = Vec::new();
    let mut now = now;
    for _ in 0..4 {
        let plan = case.at_moment(now);
        all.extend(plan.notifications);
        match all.last() {
            Some(last) if plan.more => now = last.at,
            _ => break,
        }
    }
    all
}

fn day_of(case: &Case, notification: &Notification) -> NaiveDate {
    case.zone.local(notification.at.unix_ms).unwrap().date()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn no_plan_breaks_a_cap(case in a_case(), now in some_now()) {
        let plan = case.at_moment(now);
        prop_assert!(plan.notifications.len() <= MOST);
        prop_assert!(plan.notifications.is_sorted_by_key(|n| n.at.unix_ms));
        let mut ids = BTreeSet::new();
        let mut of_day: BTreeMap<NaiveDate, usize> = BTreeMap::new();
        let mut asked: BTreeMap<_, Vec<NaiveDate>> = BTreeMap::new();
        let hours = case.choices.quiet.unwrap_or(QuietHours::NIGHT);
        for notification in &plan.notifications {
            prop_assert!(ids.insert(notification.id), "{} twice", notification.id);
            prop_assert!(notification.at.unix_ms > now.unix_ms);
            let day = day_of(&case, notification);
            prop_assert!(case.facts.last_day.is_none_or(|last| day <= last));
            prop_assert!(!case.choices.silence(notification.topic));
            if notification.topic == Topic::Fasting {
                continue;
            }
            let time = TimeOfDay::of(case.zone.local(notification.at.unix_ms).unwrap());
            prop_assert!(!hours.include(time), "{} in quiet hours", line(notification));
            *of_day.entry(day).or_default() += 1;
            let asked = asked.entry((notification.rule.clone(), notification.about)).or_default();
            asked.push(day);
        }
        for (day, count) in of_day {
            prop_assert!(count <= case.rules.caps.per_day.into(), "{count} on {day}");
        }
        for ((rule, _), days) in asked {
            let once: BTreeSet<_> = days.iter().collect();
            prop_assert_eq!(once.len(), days.len(), "{} twice a day", &rule);
            let series = rule.as_str().starts_with("check_in");
            prop_assert!(series || days.len() <= 3, "{} {} times", rule, days.len());
        }
    }

    #[test]
    fn a_session_has_its_quiet(case in a_case(), now in some_now()) {
        let plan = case.at_moment(now);
        // One id is one session: the first.
        let mut sessions = BTreeMap::new();
        for session in case.facts.sessions.iter().filter(|session| session.takes_place) {
            sessions.entry(session.id).or_insert(session);
        }
        let begins = |session: &Session| session.starts.unix_ms;
        let is_over = |session: &Session| {
            session.ends.map_or(begins(session) + 3 * 3_600_000, |ends| ends.unix_ms)
        };
        let quiet_ms = i64::from(case.rules.caps.quiet_hours_after_session) * 3_600_000;
        let mut evenings: BTreeMap<NaiveDate, usize> = BTreeMap::new();
        for notification in &plan.notifications {
            let at = notification.at.unix_ms;
            let day = day_of(&case, notification);
            let own = match notification.about {
                About::Session(id) => sessions.get(&id).copied(),
                _ => None,
            };
            match notification.topic {
                Topic::Fasting | Topic::Leaving => {
                    prop_assert!(at < begins(own.unwrap()));
                    continue;
                }
                Topic::Evening => {
                    prop_assert!(at >= is_over(own.unwrap()));
                    *evenings.entry(day).or_default() += 1;
                }
                _ => {}
            }
            for session in sessions.values() {
                let dosing_day = case.zone.local(begins(session)).unwrap().date();
                let after = begins(session)..is_over(session) + quiet_ms;
                let inside = day == dosing_day || after.contains(&at);
                let of_its_own = notification.topic == Topic::Evening
                    && own.is_some_and(|own| own.id == session.id);
                prop_assert!(!inside || of_its_own, "{} around a session", line(notification));
            }
        }
        prop_assert!(evenings.values().all(|count| *count == 1));
    }

    #[test]
    fn a_plan_of_later_the_same_day_is_what_is_left(case in a_case(), now in some_now(), later in 0..DAY_MS) {
        let later = Moment::utc(now.unix_ms + later);
        let today = |moment: Moment| case.zone.local(moment.unix_ms).unwrap().date();
        prop_assume!(today(now) == today(later));
        let (first, second) = (case.at_moment(now), case.at_moment(later));
        let left: Vec<_> = first.notifications.iter().filter(|n| n.at.unix_ms > later.unix_ms).collect();
        let same: Vec<_> = second.notifications.iter().take(left.len()).collect();
        prop_assert_eq!(&left, &same);
        prop_assert!(first.more || left.len() == second.notifications.len());
        // A phone that showed what is past has to add what had no room, and to cancel nothing.
        let there: Vec<_> = left.iter().map(|n| (*n).into()).collect();
        let difference = second.difference(&there);
        prop_assert!(difference.to_cancel.is_empty());
        prop_assert_eq!(difference.to_schedule.len(), second.notifications.len() - left.len());
        prop_assert_eq!(case.at_moment(now).difference(&first.notifications.iter().map(Into::into).collect::<Vec<_>>()), Default::default());
    }

    #[test]
    fn a_phone_that_is_told_what_it_showed_never_shows_too_much(case in a_case(), now in some_now()) {
        let mut case = case;
        let mut on_days: BTreeMap<NaiveDate, usize> = BTreeMap::new();
        let mut now = now;
        let mut ids = BTreeSet::new();
        for step in 0..30u32 {
            let plan = case.at_moment(now);
            let Some(next) = plan.notifications.first() else { break };
            prop_assert!(ids.insert(next.id));
            if next.topic != Topic::Fasting {
                let count = on_days.entry(day_of(&case, next)).or_default();
                *count += 1;
                prop_assert!(*count <= case.rules.caps.per_day.into());
            }
            case.facts.shown.push(shown(next));
            now = next.at;
            // The person does things meanwhile, which makes room for others.
            match step % 3 {
                0 => { case.facts.checked_in.insert(day_of(&case, next)); }
                1 => case.facts.done.extend([Task::RIDE, Task::COSTS, Task::MEDICINES]),
                _ => case.facts.done.clear(),
            }
        }
    }

    #[test]
    fn a_programme_that_does_not_run_says_nothing(case in a_case(), now in some_now(), n in 0..4usize) {
        let mut case = case;
        case.facts.standing = [Standing::Paused, Standing::NotYet, Standing::NotAFit, Standing::Ended][n];
        prop_assert_eq!(case.at_moment(now), Plan::default());
    }

    #[test]
    fn before_ready_only_check_ins_and_visits_are_told(case in a_case(), now in some_now()) {
        let mut case = case;
        case.facts.readiness = Readiness::Undecided;
        for notification in case.at_moment(now).notifications {
            let allowed = notification.topic == Topic::CheckIn || notification.rule.as_str() == "visit";
            prop_assert!(allowed, "{}", line(&notification));
        }
    }

    #[test]
    fn the_next_fifty_are_the_first_of_all(case in a_case(), now in some_now()) {
        let all = all_shown(&case, now);
        let first = case.at_moment(now).notifications;
        prop_assert_eq!(&all[..first.len()], &first[..]);
        let ids: BTreeSet<_> = all.iter().map(|n| n.id).collect();
        prop_assert_eq!(ids.len(), all.len());
    }

    #[test]
    fn any_record_and_any_clock_are_survived(
        starts in any::<i64>(), ends in any::<i64>(), offset in any::<i32>(), now in any::<i64>(),
    ) {
        let mut case = Case::new(vec![session(1, "2026-11-20T14:00:00-05:00")]);
        case.facts.sessions[0].starts = Moment { unix_ms: starts, offset_minutes: offset };
        case.facts.sessions[0].ends = Some(Moment::utc(ends));
        case.facts.visits = vec![Visit { id: id(2), starts: Moment::utc(ends), takes_place: true, place: String::new() }];
        case.facts.rhythm = Some(Rhythm { from: NaiveDate::MIN, every_days: 1.try_into().unwrap(), until: Some(NaiveDate::MAX) });
        case.facts.checked_in = [NaiveDate::MIN, NaiveDate::MAX].into();
        let _ = case.at_moment(Moment::utc(now));
        let _ = case.at_moment(Moment::utc(starts));
    }
}
