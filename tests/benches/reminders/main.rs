//! What planning reminders takes: a programme of six months, and a record far beyond any real one. Beside
//! each figure stands what its instants alone take: as many local times as the plan has notifications,
//! turned into instants and back by the library of time zones, and a SHA-256 for the name of each.
//!
//! `cargo bench -p companion-tests --bench reminders`; `-- --quick` sees whether it works.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a measurement that meets a surprise must not go on"
)]

#[path = "../shared/meter.rs"]
#[allow(dead_code, reason = "each benchmark uses a part of it")]
mod meter;
#[path = "../shared/report.rs"]
#[allow(dead_code, reason = "each benchmark uses a part of it")]
mod report;
#[path = "../record/sample.rs"]
#[allow(dead_code, reason = "each benchmark uses a part of it")]
mod sample;

use std::hint::black_box;
use std::time::Duration;

use companion_core::domain::reminder::{
    Facts, MOST, MeasureFacts, MeasureId, Plan, Preferences, Readiness, Rhythm, Rules, Scheduled,
    Session, Visit, plan,
};
use companion_core::domain::{DocumentId, Moment, Zone};
use report::Table;
use sample::{Effort, repeat};
use sha2::{Digest as _, Sha256};

const DAY_MS: i64 = 24 * 3_600_000;
/// 2026-01-05T14:00:00Z, a Monday.
const FIRST_DAY_MS: i64 = 1_767_621_600_000;
/// The goal for six months, in microseconds.
const GOAL_US: f64 = 100.0;

fn main() {
    let quick = std::env::args().any(|argument| argument == "--quick");
    let effort = Effort {
        samples: if quick { 3 } else { 101 },
        at_most: Duration::from_secs(5),
    };
    println!("load of the machine before: {}", meter::load());
    let mut table = Table::default();
    let zone = Zone::named("America/New_York").unwrap();
    let cases = [
        (
            "six months, six sessions, a check-in every second day",
            programme(6, 26),
        ),
        (
            "ten years, 120 sessions, a check-in every second day",
            programme(120, 520),
        ),
    ];
    for (number, (title, facts)) in cases.iter().enumerate() {
        table.section(title);
        let goal = (number == 0).then_some(GOAL_US);
        let whole = measure(&mut table, facts, &zone, effort, goal);
        println!(
            "{title}: {} notifications in the plan",
            whole.notifications.len()
        );
        if number == 0 {
            assert_eq!(whole.notifications.len(), MOST);
        }
    }
    table.print();
    println!("load of the machine after: {}", meter::load());
}

fn measure(
    table: &mut Table,
    facts: &Facts,
    zone: &Zone,
    effort: Effort,
    goal: Option<f64>,
) -> Plan {
    let (rules, choices) = (Rules::default(), Preferences::default());
    let now = |days: i64| {
        zone.moment(FIRST_DAY_MS + days * DAY_MS - 3_600_000)
            .unwrap()
    };
    let whole = plan(&rules, facts, &choices, zone, now(-1), MOST);
    let floor = repeat(effort, || floor(zone, &whole));
    let mut row = |name: &str, work: &mut dyn FnMut()| {
        let figure = repeat(effort, work);
        let micros = figure.processor.as_secs_f64() * 1e6;
        let row = table.row(name, format!("{micros:.1} µs"));
        row.floor(
            "its instants and names alone",
            floor.processor,
            figure.processor,
        );
        if let Some(goal) = goal.filter(|_| name.starts_with("a plan")) {
            row.target(&format!("<= {goal} µs"), micros <= goal);
        }
    };
    row("a plan before the first session", &mut || {
        black_box(plan(&rules, facts, &choices, zone, now(-1), MOST));
    });
    row("a plan in the middle", &mut || {
        black_box(plan(&rules, facts, &choices, zone, now(90), MOST));
    });
    let scheduled: Vec<Scheduled> = whole.notifications.iter().map(Into::into).collect();
    row("… and what is to be changed on the phone", &mut || {
        black_box(whole.difference(&scheduled));
    });
    whole
}

/// A session every four weeks with a visit two days later, and check-ins that were all answered.
fn programme(sessions: u8, weeks: u16) -> Facts {
    let starts = |n: u8| Moment {
        unix_ms: FIRST_DAY_MS + (14 + i64::from(n) * 28) * DAY_MS,
        offset_minutes: -300,
    };
    let measures = ["phq-9", "gad-7", "pcl-5"].map(|word| MeasureFacts {
        id: MeasureId::new(word).unwrap(),
        smallest_interval_days: 7,
        last_answered: None,
    });
    let first = Moment::utc(FIRST_DAY_MS).local_date().unwrap();
    let days = (0..i64::from(weeks) * 7)
        .filter_map(|day| Moment::utc(FIRST_DAY_MS + day * DAY_MS).local_date());
    Facts {
        readiness: Readiness::Ready,
        sessions: (0..sessions)
            .map(|n| Session {
                id: DocumentId::new([n; 16]),
                starts: starts(n),
                ends: None,
                takes_place: true,
                place: "12 Orchard Street".to_owned(),
                done: [].into(),
            })
            .collect(),
        visits: (0..sessions)
            .map(|n| Visit {
                id: DocumentId::new([n; 16]),
                starts: Moment {
                    unix_ms: starts(n).unix_ms + 2 * DAY_MS,
                    ..starts(n)
                },
                takes_place: true,
                place: "12 Orchard Street".to_owned(),
            })
            .collect(),
        rhythm: Some(Rhythm {
            from: first,
            every_days: 2.try_into().unwrap(),
            until: None,
        }),
        checked_in: days.collect(),
        measures: measures.into(),
        ..Facts::default()
    }
}

fn floor(zone: &Zone, plan: &Plan) -> usize {
    let mut sum = 0;
    for notification in &plan.notifications {
        let (moment, _) = zone.place(notification.wanted).unwrap();
        black_box(zone.local(moment.unix_ms));
        let name = Sha256::digest(notification.id.as_bytes());
        sum += usize::from(name[0]);
    }
    sum
}
