//! Lists that several people edit, under random edits on three devices that hear from each other at
//! random: all end up with the same, no line is lost, and no flag closes by itself.

use std::collections::BTreeSet;

use proptest::prelude::*;

use crate::document::{self, ActorId, History, Materialized};
use crate::domain::flag::{FlagAct, FlagStep};
use crate::domain::safety_plan::{PlanLine, PlanStep};
use crate::domain::{Content, Flag, ItemId, Moment, Ordered, SafetyPlan};

/// What one device does.
#[derive(Clone, Debug)]
enum Act {
    Add(usize, u8),
    Rewrite(usize, u8),
    Remove(usize, u8),
    Move(usize, u8),
    Hear(usize, usize),
}

fn acts() -> impl Strategy<Value = Vec<Act>> {
    let device = 0..3_usize;
    let act = prop_oneof![
        3 => (device.clone(), any::<u8>()).prop_map(|(d, n)| Act::Add(d, n)),
        2 => (device.clone(), any::<u8>()).prop_map(|(d, n)| Act::Rewrite(d, n)),
        1 => (device.clone(), any::<u8>()).prop_map(|(d, n)| Act::Remove(d, n)),
        1 => (device.clone(), any::<u8>()).prop_map(|(d, n)| Act::Move(d, n)),
        3 => (device.clone(), device).prop_map(|(a, b)| Act::Hear(a, b)),
    ];
    prop::collection::vec(act, 1..24)
}

/// Three devices with one document.
struct Devices<T> {
    heard: [Vec<Vec<u8>>; 3],
    written: u8,
    kind: std::marker::PhantomData<T>,
}

impl<T: Content> Devices<T> {
    fn with(content: &T) -> Self {
        let fields = content.to_projection().unwrap();
        let made = document::create(&T::SHAPE, &fields, ActorId::new([0; 16])).unwrap();
        Self {
            heard: [(); 3].map(|()| vec![made.raw.clone()]),
            written: 0,
            kind: std::marker::PhantomData,
        }
    }

    fn shown(&self, device: usize) -> Materialized {
        let shown = document::materialize(&self.heard[device]);
        assert_eq!((&shown.refused, &shown.waiting), (&vec![], &vec![]));
        shown
    }

    fn content(&self, device: usize) -> T {
        T::from_projection(&self.shown(device).projection).unwrap()
    }

    /// Writes what a person makes of what their device shows.
    fn write(&mut self, device: usize, change: impl FnOnce(&mut T)) {
        let shown = self.shown(device);
        let mut content = T::from_projection(&shown.projection).unwrap();
        change(&mut content);
        let mut target = shown.projection.clone();
        target.extend(content.to_projection().unwrap());
        self.written += 1;
        let actor = ActorId::new([self.written; 16]);
        let history = History::of(&self.heard[device]);
        let made = document::edit(&T::SHAPE, history, &shown.revision, &target, actor);
        self.heard[device].extend(made.unwrap().map(|made| made.raw));
    }

    fn hear(&mut self, device: usize, other: usize) {
        for change in self.heard[other].clone() {
            if !self.heard[device].contains(&change) {
                self.heard[device].push(change);
            }
        }
    }

    /// Lets everybody hear everything, in other orders, and gives what all of them show.
    fn at_rest(mut self) -> T {
        for (device, other) in [(0, 1), (0, 2), (2, 0), (1, 0)] {
            self.hear(device, other);
        }
        self.heard[1].reverse();
        let shown = [0, 1, 2].map(|device| self.shown(device).projection);
        assert_eq!(shown[0], shown[1]);
        assert_eq!(shown[0], shown[2]);
        self.content(1)
    }
}

fn some(ids: &[ItemId], n: u8) -> Option<ItemId> {
    ids.get(usize::from(n) % ids.len().max(1)).copied()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn no_line_of_a_safety_plan_is_lost_by_whoever_did_not_take_it_away(acts in acts()) {
        let step = PlanStep::Coping;
        let mut devices = Devices::with(&SafetyPlan::new(Moment::utc(0)));
        let (mut added, mut removed) = (BTreeSet::new(), BTreeSet::new());
        for (at, act) in (1_u8..).zip(acts) {
            let ids = |devices: &Devices<SafetyPlan>, device| -> Vec<ItemId> {
                let plan: SafetyPlan = devices.content(device);
                plan.lines(step).iter().map(|(id, _)| id).collect()
            };
            match act {
                Act::Add(device, n) => {
                    let id = ItemId::new([at; 16]);
                    added.insert(id);
                    devices.write(device, |plan| {
                        let line = PlanLine::new(format!("Line {at}."));
                        plan.lines_mut(step).insert(id, usize::from(n % 4), line);
                    });
                }
                Act::Rewrite(device, n) => if let Some(id) = some(&ids(&devices, device), n) {
                    devices.write(device, |plan| {
                        let text = format!("Line {n} in other words {at}.");
                        plan.lines_mut(step).update(id, |line| line.text = text);
                    });
                },
                Act::Remove(device, n) => if let Some(id) = some(&ids(&devices, device), n) {
                    removed.insert(id);
                    devices.write(device, |plan| {
                        plan.lines_mut(step).remove(id);
                    });
                },
                Act::Move(device, n) => if let Some(id) = some(&ids(&devices, device), n) {
                    devices.write(device, |plan| {
                        plan.lines_mut(step).move_to(id, usize::from(n % 5));
                    });
                },
                Act::Hear(device, other) => devices.hear(device, other),
            }
        }
        let plan = devices.at_rest();
        let shown: BTreeSet<ItemId> = plan.lines(step).iter().map(|(id, _)| id).collect();
        prop_assert!(shown.is_subset(&added));
        for id in added.difference(&removed) {
            prop_assert!(shown.contains(id), "{id} is lost");
        }
        for other in PlanStep::ALL.into_iter().filter(|other| *other != step) {
            prop_assert!(plan.lines(other).is_empty());
        }
    }

    #[test]
    fn a_flag_is_closed_only_by_whoever_closed_it_and_no_step_is_lost(acts in acts()) {
        let flag = Flag { steps: Ordered::default(), ..Flag::examples().remove(0) };
        let mut devices = Devices::with(&flag);
        let (mut taken, mut closed) = (0, 0);
        for (at, act) in (1_u8..).zip(acts) {
            let (device, step) = match act {
                Act::Add(device, _) => (device, FlagAct::Acknowledged),
                Act::Rewrite(device, _) => (device, FlagAct::Closed),
                Act::Remove(device, _) | Act::Move(device, _) => (device, FlagAct::Reopened),
                Act::Hear(device, other) => {
                    devices.hear(device, other);
                    continue;
                }
            };
            let step = FlagStep {
                act: step,
                by: format!("Person {device}"),
                at: Moment::utc(at.into()),
                words: "Talked by phone.".into(),
            };
            let is_closing = step.act == FlagAct::Closed;
            let mut flag: Flag = devices.content(device);
            if flag.take(ItemId::new([at; 16]), step).is_ok() {
                taken += 1;
                closed += usize::from(is_closing);
                devices.write(device, |it: &mut Flag| *it = flag);
            }
        }
        let flag = devices.at_rest();
        prop_assert_eq!(flag.steps.len(), taken);
        prop_assert!(flag.is_open() || closed > 0);
    }
}
