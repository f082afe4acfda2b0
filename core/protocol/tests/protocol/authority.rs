//! The rule of authority, searched exhaustively: every space up to a size that any sequence of allowed
//! acts leads to, from both foundings; in each of them everybody, members, newcomers and outsiders, tries
//! everything there is. The promises to people are properties of what can be reached that way.
//!
//! Then each rule is set aside in turn, and the table in `snapshots/` says which promise breaks and how.
//! A rule without which nothing breaks would be superfluous.

mod attack;
mod promise;
mod world;

use std::collections::{BTreeMap, BTreeSet};

use companion_protocol::chain::authority::{Roll, Rule};
use companion_protocol::statement::Role;

use attack::search;
use promise::{Promise, Step, actors, broken_by, missing};
use world::{Law, Who, acts, after, canonical, founded_by, print, tell};

const LONG_ATTACKS: [Promise; 5] = [
    Promise::SeniorsStay,
    Promise::HostsStay,
    Promise::TheSecondDeviceEndsNeither,
    Promise::NoDeviceBesideThePatients,
    Promise::OnlyTheFirstDeviceEnds,
];

/// How large the spaces are that are searched.
#[derive(Clone, Copy)]
struct Bounds {
    present: usize,
    pending: usize,
    attacked: usize,
}

#[derive(Default)]
struct Report {
    spaces: usize,
    actors: usize,
    acts: usize,
    allowed: usize,
    worlds: usize,
    attacks: usize,
    /// The first case of each broken promise.
    violations: BTreeMap<Promise, String>,
}

fn explore(law: Law, bounds: Bounds) -> Report {
    let mut report = Report::default();
    let mut reached: BTreeSet<Vec<Role>> = BTreeSet::new();
    for founder in [Role::Host, Role::Device] {
        explore_from(founder, law, bounds, &mut report, &mut reached);
    }
    let mut spaces: Vec<Vec<Role>> = reached.into_iter().collect();
    spaces.sort_by_key(Vec::len);
    for promise in LONG_ATTACKS {
        let searched = search(law, promise, &spaces, bounds.attacked);
        report.worlds += searched.worlds;
        report.attacks += searched.tried;
        if let Some(story) = searched.found {
            report.violations.insert(promise, story);
        }
    }
    report
}

fn explore_from(
    founder: Role,
    law: Law,
    bounds: Bounds,
    report: &mut Report,
    reached: &mut BTreeSet<Vec<Role>>,
) {
    let mut seen: BTreeSet<Roll<Who>> = BTreeSet::from([founded_by(founder)]);
    let mut next: Vec<Roll<Who>> = seen.iter().cloned().collect();
    while !next.is_empty() {
        let mut found = Vec::new();
        for roll in &next {
            report.spaces += 1;
            reached.insert(roll.present.iter().map(|member| member.role).collect());
            for promise in missing(law, roll) {
                report
                    .violations
                    .entry(promise)
                    .or_insert_with(|| print(roll));
            }
            let acts = acts(roll);
            for actor in actors(roll) {
                report.actors += 1;
                report.acts += acts.len();
                for act in &acts {
                    if !law.allows(roll, actor, act) {
                        continue;
                    }
                    report.allowed += 1;
                    let then = after(roll, actor, act);
                    let step = Step {
                        before: roll,
                        actor,
                        act,
                        after: &then,
                        founder,
                    };
                    for promise in broken_by(&step) {
                        let case = || format!("{}: {}", print(roll), tell(roll, actor, act));
                        report.violations.entry(promise).or_insert_with(case);
                    }
                    if then.present.len() <= bounds.present && then.pending.len() <= bounds.pending
                    {
                        let then = canonical(&then);
                        if !seen.contains(&then) {
                            seen.insert(then.clone());
                            found.push(then);
                        }
                    }
                }
            }
        }
        next = found;
    }
}

#[test]
fn nobody_breaks_a_promise_whatever_anybody_does() {
    let bounds = Bounds {
        present: 4,
        pending: 1,
        attacked: 5,
    };
    let report = explore(Law { without: None }, bounds);
    let counts = format!(
        "spaces of up to {} members and {} newcomer: {}\n\
         actors that tried everything: {}\n\
         acts tried: {}, of which the rules allow {}\n\
         spaces under a long attack, of up to {} members: {}\n\
         acts tried by attackers: {}\n\
         promises broken: {}",
        bounds.present,
        bounds.pending,
        report.spaces,
        report.actors,
        report.acts,
        report.allowed,
        bounds.attacked,
        report.worlds,
        report.attacks,
        report.violations.len(),
    );
    assert!(report.violations.is_empty(), "{:#?}", report.violations);
    insta::assert_snapshot!(counts);
}

#[test]
fn each_rule_keeps_a_promise() {
    let bounds = Bounds {
        present: 3,
        pending: 1,
        attacked: 4,
    };
    let mut table = String::new();
    for rule in Rule::ALL {
        let report = explore(
            Law {
                without: Some(rule),
            },
            bounds,
        );
        assert!(
            !report.violations.is_empty(),
            "nothing breaks without {rule:?}"
        );
        table.push_str(&format!("without {rule:?} ({rule}):\n"));
        for (promise, case) in report.violations {
            table.push_str(&format!(
                "  not true: {}\n      {case}\n",
                promise.sentence()
            ));
        }
    }
    insta::assert_snapshot!(table);
}

/// So that a reader may stand for both in what is searched.
#[test]
fn readers_and_writers_decide_the_same() {
    let swapped = |roll: &Roll<Who>| {
        let mut roll = roll.clone();
        for role in roll.present.iter_mut().map(|member| &mut member.role) {
            *role = if *role == Role::Reader {
                Role::Writer
            } else {
                *role
            };
        }
        for role in roll.pending.iter_mut().map(|newcomer| &mut newcomer.role) {
            *role = if *role == Role::Reader {
                Role::Writer
            } else {
                *role
            };
        }
        roll
    };
    let mut spaces = vec![founded_by(Role::Host), founded_by(Role::Device)];
    for _ in 0..3 {
        let mut found = Vec::new();
        for roll in &spaces {
            for actor in actors(roll) {
                for act in acts(roll) {
                    let verdict = roll.broken(actor, &act);
                    assert_eq!(verdict, swapped(roll).broken(actor, &act));
                    let then = canonical(&after(roll, actor, &act));
                    if verdict.is_empty() && then.present.len() < 4 && then.pending.len() < 2 {
                        found.push(then);
                    }
                }
            }
        }
        spaces.extend(found);
        spaces.sort();
        spaces.dedup();
    }
}
