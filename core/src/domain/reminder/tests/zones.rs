//! Every zone of the list, and every change of its clock in ten years.

use std::collections::{BTreeMap, BTreeSet};

use super::*;
use crate::domain::reminder::Rhythm;
use crate::domain::zone::Placing;

/// 2020-01-01 to 2035-01-01: the years that are past hold what governments did, those ahead the rules.
const FROM_MS: i64 = 1_577_836_800_000;
const TO_MS: i64 = 2_051_222_400_000;
const HOUR_MS: i64 = 3_600_000;

fn zones() -> Vec<Zone> {
    let names = Zone::all_names().into_iter();
    let zones: Vec<_> = names.filter_map(|name| Zone::named(&name).ok()).collect();
    assert!(zones.len() > 590, "{} zones", zones.len());
    zones
}

/// Every change of every zone; zones that change at the same instants by the same amounts once.
fn changes() -> Vec<(Zone, i64)> {
    let mut seen = BTreeSet::new();
    let mut all = Vec::new();
    for zone in zones() {
        for change in zone.changes(FROM_MS, TO_MS) {
            let offset = |ms| zone.moment(ms).unwrap().offset_minutes;
            if seen.insert((change, offset(change - 1), offset(change))) {
                all.push((zone.clone(), change));
            }
        }
    }
    assert!(all.len() > 300, "{} changes", all.len());
    all
}

#[test]
fn every_zone_places_the_hours_around_each_of_its_changes() {
    let mut found: BTreeMap<&str, usize> = BTreeMap::new();
    for zone in zones() {
        for change in zone.changes(FROM_MS, TO_MS) {
            for quarter in -12..12 {
                let instant = change + quarter * HOUR_MS / 4;
                let local = zone.local(instant).unwrap();
                let (placed, placing) = zone.place(local).unwrap();
                match placing {
                    Placing::Once => assert_eq!(placed.unix_ms, instant, "{} {local}", zone.name()),
                    Placing::Twice => assert!(placed.unix_ms <= instant, "{} {local}", zone.name()),
                    Placing::Skipped => panic!("{} shows {local}, which it skips", zone.name()),
                }
                assert_eq!(
                    zone.moment(placed.unix_ms),
                    Some(placed),
                    "{} {local} {placing:?}",
                    zone.name()
                );
                *found
                    .entry(if placing == Placing::Once {
                        "once"
                    } else {
                        "twice"
                    })
                    .or_default() += 1;
            }
            // What is skipped lies just before the first time after it.
            let after = zone.local(change).unwrap();
            let skipped = after - chrono::TimeDelta::minutes(1);
            let (placed, placing) = zone.place(skipped).unwrap();
            if placing == Placing::Skipped {
                assert!(placed.unix_ms >= change, "{} {skipped}", zone.name());
                assert_eq!(zone.moment(placed.unix_ms), Some(placed));
                *found.entry("skipped").or_default() += 1;
            }
        }
    }
    assert!(found.len() == 3, "not all sorts were met: {found:?}");
}

/// A check-in each day at every hour around a change of the clock, without and with quiet hours.
#[test]
fn no_change_of_any_clock_repeats_a_reminder_or_breaks_the_quiet() {
    let mut case = Case::new(vec![]);
    let rules = case.rules();
    let mut sizes = BTreeSet::new();
    for (zone, change) in changes() {
        case.zone = zone;
        let offset = |ms| case.zone.moment(ms).unwrap().offset_minutes;
        let size = offset(change) - offset(change - 1);
        sizes.insert(size);
        // The wall before and after the change; the hours in which it happens, by both.
        let before = case.zone.local(change - 1).unwrap();
        let after = case.zone.local(change).unwrap();
        let first = before.date().min(after.date()) - chrono::Days::new(2);
        case.facts.rhythm = Some(Rhythm {
            from: first,
            every_days: 1.try_into().unwrap(),
            until: Some(first + chrono::Days::new(5)),
        });
        let start = Moment::utc(change - 4 * 24 * HOUR_MS);
        for local in [
            before,
            after,
            after - chrono::TimeDelta::minutes(31),
            before + chrono::TimeDelta::minutes(31),
        ] {
            case.choices.check_in_at = Some(TimeOfDay::of(local));
            for hours in [quiet("00:00", "00:00"), around(local)] {
                case.choices.quiet = Some(hours);
                check(&case, &rules, start, size);
            }
        }
    }
    assert!(
        sizes.contains(&60) && sizes.contains(&-60) && sizes.contains(&30),
        "{sizes:?}"
    );
}

fn check(case: &Case, rules: &Rules, start: Moment, size: i32) {
    let planned = plan(rules, &case.facts, &case.choices, &case.zone, start, MOST);
    let about = || {
        format!(
            "{} {:?} {:?}",
            case.zone.name(),
            case.choices,
            lines(&planned)
        )
    };
    let days: BTreeSet<_> = planned.notifications.iter().map(|n| n.day).collect();
    assert_eq!(days.len(), planned.notifications.len(), "{}", about());
    // A zone that crosses the date line may lose a day; no other loses any.
    assert!(days.len() == 6 || size.abs() > 120, "{}", about());
    for notification in &planned.notifications {
        let local = case.zone.local(notification.at.unix_ms).unwrap();
        let hours = case.choices.quiet.unwrap();
        assert!(!hours.include(TimeOfDay::of(local)), "{}", about());
        // Just after it was shown, the next is another one, of another day.
        let next = plan(
            rules,
            &case.facts,
            &case.choices,
            &case.zone,
            notification.at,
            1,
        );
        assert!(
            next.notifications.iter().all(|n| n.day > notification.day),
            "{}",
            about()
        );
    }
}

/// Quiet hours that begin at that time.
fn around(local: chrono::NaiveDateTime) -> QuietHours {
    let from = TimeOfDay::of(local);
    let until = TimeOfDay::of(local + chrono::TimeDelta::hours(9));
    QuietHours::new(from, until).unwrap()
}

#[test]
fn a_programme_keeps_its_caps_in_every_zone() {
    let mut case = Case::new(vec![
        session(1, "2026-03-08T14:00:00Z"),
        session(2, "2026-10-25T02:30:00Z"),
    ]);
    case.rules.rules.push(fasting("food", 480));
    let rules = case.rules();
    for zone in zones() {
        case.zone = zone;
        for now in ["2026-02-20T00:00:00Z", "2026-10-10T00:00:00Z"] {
            let planned = plan(
                &rules,
                &case.facts,
                &case.choices,
                &case.zone,
                at(now),
                MOST,
            );
            let mut of_day: BTreeMap<_, usize> = BTreeMap::new();
            for n in planned
                .notifications
                .iter()
                .filter(|n| n.topic != Topic::Fasting)
            {
                let local = case.zone.local(n.at.unix_ms).unwrap();
                assert!(
                    !QuietHours::NIGHT.include(TimeOfDay::of(local)),
                    "{}",
                    case.zone.name()
                );
                *of_day.entry(local.date()).or_default() += 1;
            }
            assert!(
                of_day.values().all(|count| *count <= 2),
                "{}",
                case.zone.name()
            );
            assert!(planned.notifications.len() > 25, "{}", case.zone.name());
        }
    }
}
