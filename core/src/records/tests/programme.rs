//! A programme, its goals and its costs, edited apart on up to three devices: what a merge comes to.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use serde_json::Value;

use crate::document::{self, ActorId};
use crate::domain::cost_sheet::{CostLine, Payer};
use crate::domain::goal::Became;
use crate::domain::medication_list::{Medication, MedicationSort};
use crate::domain::programme::{Standing, TeamMember, TeamRole};
use crate::domain::screening::{Finding, FindingStep, GROUPS};
use crate::domain::{
    Content, CostSheet, Goal, ItemId, MedicationList, Moment, Phase, Programme, Projection,
    Revision, Screening,
};

/// The changes of one document that a device has, in the order in which they came.
#[derive(Clone)]
struct Device {
    changes: Vec<Vec<u8>>,
}

/// Tells actors and item ids apart.
#[derive(Default)]
struct Ids(u16);

impl Ids {
    fn next(&mut self) -> [u8; 16] {
        self.0 += 1;
        let [high, low] = self.0.to_be_bytes();
        let mut id = [0xee; 16];
        (id[0], id[1]) = (high, low);
        id
    }

    fn item(&mut self) -> ItemId {
        ItemId::new(self.next())
    }
}

impl Device {
    fn with<T: Content>(content: &T, ids: &mut Ids) -> Self {
        let fields = content.to_projection().unwrap();
        let made = document::create(&T::SHAPE, &fields, ActorId::new(ids.next())).unwrap();
        Self {
            changes: vec![made.raw],
        }
    }

    fn whole(&self) -> (Projection, Revision) {
        let whole = document::materialize(&self.changes);
        assert_eq!((whole.refused, whole.waiting), (vec![], vec![]));
        (whole.projection, whole.revision)
    }

    fn reads<T: Content>(&self) -> T {
        T::from_projection(&self.whole().0).unwrap()
    }

    /// As a facade edits: what was seen, changed, and checked.
    fn edit<T: Content>(&mut self, ids: &mut Ids, change: impl FnOnce(&mut T)) {
        let (before, seen) = self.whole();
        let mut content = T::from_projection(&before).unwrap();
        change(&mut content);
        let content = content.checked().unwrap();
        let mut target = before;
        target.extend(content.to_projection().unwrap());
        let history = document::History::of(&self.changes);
        let actor = ActorId::new(ids.next());
        let made = document::edit(&T::SHAPE, history, &seen, &target, actor).unwrap();
        self.changes.extend(made.map(|made| made.raw));
    }

    fn hears(&mut self, other: &Device) {
        for change in &other.changes {
            if !self.changes.contains(change) {
                self.changes.push(change.clone());
            }
        }
    }
}

/// Two devices that both have a document, and then hear nothing of each other.
fn apart<T: Content>(content: &T, ids: &mut Ids) -> (Device, Device) {
    let one = Device::with(content, ids);
    (one.clone(), one)
}

/// What both show once each heard the other.
fn together<T: Content>(mut one: Device, mut two: Device) -> T {
    let (first, second) = (one.clone(), two.clone());
    one.hears(&second);
    two.hears(&first);
    assert_eq!(one.whole(), two.whole());
    one.reads()
}

fn at(day: i64) -> Moment {
    Moment::utc(1_795_465_113_000 + day * 86_400_000)
}

fn programme(ids: &mut Ids) -> Programme {
    let mut programme = Programme::new("Maya", ids.item(), at(0));
    programme.planned = Some(6);
    programme
}

#[test]
fn a_plan_that_was_changed_on_two_devices_apart_keeps_both_reasons_each_with_its_name() {
    let ids = &mut Ids::default();
    let (mut one, mut two) = apart(&programme(ids), ids);
    let (first, second) = (ids.item(), ids.item());
    one.edit::<Programme>(ids, |p| {
        p.change_plan(first, 7, "To close well.", "Maya", at(1));
    });
    two.edit::<Programme>(ids, |p| {
        p.change_plan(second, 5, "It is enough.", "Dr. Vega", at(2));
        p.set_standing(second, Standing::Paused, "Away.", "Dr. Vega", at(2));
    });
    let merged: Programme = together(one, two);
    let kept: BTreeSet<_> = merged
        .plan_history()
        .iter()
        .map(|change| (change.sessions, &*change.reason, &*change.by))
        .map(|(sessions, reason, by)| (sessions, reason.to_owned(), by.to_owned()))
        .collect();
    let said = |sessions, reason: &str, by: &str| (sessions, reason.to_owned(), by.to_owned());
    let expected = [
        said(5, "It is enough.", "Dr. Vega"),
        said(7, "To close well.", "Maya"),
    ];
    assert_eq!(kept, expected.into());
    assert!([5, 7].contains(&merged.planned_sessions().unwrap()));
    assert_eq!(merged.standing(), Standing::Paused);
    assert!(merged.checked().is_ok(), "a merge can be edited on");
}

#[test]
fn the_same_session_added_for_the_same_reason_on_two_devices_is_one_session_more() {
    let ids = &mut Ids::default();
    let (mut one, mut two) = apart(&programme(ids), ids);
    for device in [&mut one, &mut two] {
        let id = ids.item();
        device.edit::<Programme>(ids, |p| {
            p.change_plan(id, 7, "To close well.", "Maya", at(1));
        });
    }
    let merged: Programme = together(one, two);
    assert_eq!(merged.planned_sessions(), Some(7), "and not eight");
    assert_eq!(merged.plan_history().len(), 1);
    assert_eq!(merged.plan_changes.len(), 2, "nothing of it is lost");
}

#[test]
fn a_therapist_who_was_removed_in_one_place_and_another_in_the_other_leaves_a_plan_that_can_be_mended()
 {
    let ids = &mut Ids::default();
    let mut both = programme(ids);
    let first = both.team.iter().next().unwrap().0;
    let second = ids.item();
    let member = |name: &str| TeamMember {
        name: name.to_owned(),
        role: TeamRole::therapist(),
    };
    both.team.push(second, member("Jo"));
    let (mut one, mut two) = apart(&both, ids);
    one.edit::<Programme>(ids, |p| {
        p.team.remove(first);
    });
    two.edit::<Programme>(ids, |p| {
        p.team.remove(second);
    });
    let merged: Programme = together(one.clone(), two.clone());
    assert_eq!(merged.therapists().count(), 0);
    let error = merged.checked().unwrap_err();
    assert_eq!(error.to_string(), "the therapist's name is empty");
    one.hears(&two);
    let third = ids.item();
    one.edit::<Programme>(ids, |p| p.team.push(third, member("Ines")));
    let mended: Programme = one.reads();
    assert_eq!(mended.therapists().collect::<Vec<_>>(), ["Ines"]);
}

#[test]
fn a_goal_that_both_sides_edit_keeps_the_words_of_both() {
    let ids = &mut Ids::default();
    let goal = Goal {
        domain: "sleep".to_owned().into(),
        text: "Sleep through the night.".into(),
        became: Became::Open,
        became_words: String::new(),
        at: at(0),
    };
    let (mut patient, mut clinic) = apart(&goal, ids);
    patient.edit::<Goal>(ids, |goal| {
        goal.text = "Sleep through the night. Without the phone.".into();
        goal.became = Became::Partly;
    });
    clinic.edit::<Goal>(ids, |goal| {
        goal.text = "For a start: Sleep through the night.".into();
        goal.became_words = "Four nights of seven.".into();
    });
    let merged: Goal = together(patient, clinic);
    assert_eq!(
        merged.text,
        "For a start: Sleep through the night. Without the phone."
    );
    assert_eq!(merged.became, Became::Partly);
    assert_eq!(merged.became_words, "Four nights of seven.");
}

#[test]
fn the_same_goal_corrected_alike_by_both_sides_says_it_once() {
    let ids = &mut Ids::default();
    let mut goal = Goal::examples().remove(0);
    goal.text = "Sleap well.".into();
    let (mut patient, mut clinic) = apart(&goal, ids);
    for side in [&mut patient, &mut clinic] {
        side.edit::<Goal>(ids, |goal| goal.text = "Sleep well.".into());
    }
    assert_eq!(together::<Goal>(patient, clinic).text, "Sleep well.");
}

#[test]
fn a_finding_of_one_reviewer_never_gets_the_name_of_another() {
    let ids = &mut Ids::default();
    let (heart, _) = GROUPS[0];
    let (mut one, mut two) = apart(&Screening::new(at(0)), ids);
    let looks = [
        (&mut one, Finding::Absent, "Dr. Vega"),
        (&mut two, Finding::Present, "Dr. Moss"),
    ];
    for (device, finding, by) in looks {
        let id = ids.item();
        device.edit::<Screening>(ids, |screening| {
            let found = FindingStep {
                item: heart,
                finding,
                note: String::new(),
                by: by.to_owned(),
                at: at(1),
            };
            screening.findings.add(id, found);
        });
    }
    let merged: Screening = together(one, two);
    let found: BTreeSet<_> = merged
        .findings
        .iter()
        .map(|(_, step)| (step.finding, &*step.by))
        .collect();
    let expected = [
        (Finding::Absent, "Dr. Vega"),
        (Finding::Present, "Dr. Moss"),
    ];
    assert_eq!(found, expected.into());
}

#[test]
fn a_sheet_that_was_changed_anywhere_is_another_revision() {
    let ids = &mut Ids::default();
    let (mut one, mut two) = apart(&CostSheet::examples()[0].clone(), ids);
    let acknowledged = one.whole().1;
    let (first, second) = (ids.item(), ids.item());
    let line = |label: &str| CostLine {
        label: label.to_owned(),
        provider: String::new(),
        payer: Payer::Either,
        is_medicine: false,
        hsa_fsa: false,
        amount: None,
    };
    one.edit::<CostSheet>(ids, |sheet| {
        sheet.revise(|lines| lines.push(first, line("Preparation")));
    });
    two.edit::<CostSheet>(ids, |sheet| {
        sheet.revise(|lines| lines.push(second, line("Integration")));
    });
    assert_ne!(one.whole().1, acknowledged);
    let seen_by_one = one.whole().1;
    one.hears(&two);
    assert_ne!(one.whole().1, seen_by_one, "what came in asks again, too");
    let merged: CostSheet = together(one, two);
    assert_eq!(merged.lines.len(), 3, "the lines of both stand");
}

/// What somebody does on one of three devices.
#[derive(Clone, Debug)]
enum Step {
    Plan(usize, u32),
    Phase(usize, usize),
    Standing(usize, usize),
    Join(usize, u8),
    Leave(usize),
    Summary(usize, u8),
    Take(usize, u8),
    Stop(usize, u8),
    Hear(usize, usize),
}

fn step() -> impl Strategy<Value = Step> {
    let device = 0..3_usize;
    prop_oneof![
        3 => (device.clone(), 1..20_u32).prop_map(|(d, n)| Step::Plan(d, n)),
        3 => (device.clone(), 0..5_usize).prop_map(|(d, n)| Step::Phase(d, n)),
        2 => (device.clone(), 0..3_usize).prop_map(|(d, n)| Step::Standing(d, n)),
        1 => (device.clone(), any::<u8>()).prop_map(|(d, n)| Step::Join(d, n)),
        1 => device.clone().prop_map(Step::Leave),
        2 => (device.clone(), any::<u8>()).prop_map(|(d, n)| Step::Summary(d, n)),
        2 => (device.clone(), any::<u8>()).prop_map(|(d, n)| Step::Take(d, n)),
        2 => (device.clone(), any::<u8>()).prop_map(|(d, n)| Step::Stop(d, n)),
        4 => (device.clone(), device).prop_map(|(a, b)| Step::Hear(a, b)),
    ]
}

/// A programme and a list of medicines on three devices, and what was ever said.
struct World {
    ids: Ids,
    programmes: Vec<Device>,
    lists: Vec<Device>,
    said: BTreeMap<ItemId, String>,
    words: Vec<String>,
    taken: BTreeMap<ItemId, String>,
}

impl World {
    fn new() -> Self {
        let mut ids = Ids::default();
        let programme = Device::with(&programme(&mut ids), &mut ids);
        let list = Device::with(&MedicationList::new(at(0)), &mut ids);
        Self {
            programmes: vec![programme; 3],
            lists: vec![list; 3],
            ids,
            said: BTreeMap::new(),
            words: Vec::new(),
            taken: BTreeMap::new(),
        }
    }

    fn edit(&mut self, device: usize, change: impl FnOnce(&mut Programme)) {
        self.programmes[device].edit::<Programme>(&mut self.ids, change);
    }

    fn run(&mut self, step: &Step) {
        let id = self.ids.item();
        match *step {
            Step::Plan(device, sessions) => {
                let reason = format!("reason {id}");
                self.said
                    .insert(id, format!("{sessions} {reason} device {device}"));
                self.edit(device, |p| {
                    p.change_plan(id, sessions, reason, format!("device {device}"), at(1));
                });
            }
            Step::Phase(device, n) => self.edit(device, |p| {
                p.move_to(id, Phase::ALL[n], "Maya", at(1));
                assert_eq!(p.phase(), Phase::ALL[n], "what was just said stands");
            }),
            Step::Standing(device, n) => self.edit(device, |p| {
                p.set_standing(id, Standing::ALL[n], "", "Maya", at(1));
                assert_eq!(p.standing(), Standing::ALL[n]);
            }),
            Step::Join(device, n) => self.edit(device, |p| {
                let member = TeamMember {
                    name: format!("Jo {n}"),
                    role: TeamRole::therapist(),
                };
                p.team.push(id, member);
            }),
            // Never the first one, so that no merge leaves the programme without a therapist.
            Step::Leave(device) => self.edit(device, |p| {
                if let Some(last) = p.team.iter().skip(1).last().map(|(id, _)| id) {
                    p.team.remove(last);
                }
            }),
            Step::Summary(device, n) => {
                let word = format!("<{id} {n}>");
                self.words.push(word.clone());
                self.edit(device, |p| p.closing_summary.push_str(&word));
            }
            Step::Take(device, n) => {
                let name = format!("medicine {n}");
                self.taken.insert(id, name.clone());
                self.lists[device].edit::<MedicationList>(&mut self.ids, |list| {
                    let medication = Medication {
                        name,
                        what_for: String::new(),
                        sort: MedicationSort::Medicine,
                        stopped_at: None,
                    };
                    list.items.push(id, medication);
                });
            }
            Step::Stop(device, n) => {
                self.lists[device].edit::<MedicationList>(&mut self.ids, |list| {
                    let known: Vec<_> = list.items.iter().map(|(id, _)| id).collect();
                    if let Some(id) = known.get(usize::from(n) % known.len().max(1)) {
                        list.items.update(*id, |item| item.stopped_at = Some(at(2)));
                    }
                });
            }
            Step::Hear(from, to) => {
                let heard = (self.programmes[from].clone(), self.lists[from].clone());
                self.programmes[to].hears(&heard.0);
                self.lists[to].hears(&heard.1);
            }
        }
    }

    fn ends(mut self) {
        for (from, to) in [(0, 1), (1, 2), (2, 0), (0, 1), (1, 2)] {
            self.run(&Step::Hear(from, to));
        }
        for device in [1, 2] {
            assert_eq!(self.programmes[0].whole(), self.programmes[device].whole());
            assert_eq!(self.lists[0].whole(), self.lists[device].whole());
        }
        let programme: Programme = self.programmes[0].reads();
        let said: BTreeMap<_, _> = programme
            .plan_changes
            .iter()
            .map(|(id, one)| (id, format!("{} {} {}", one.sessions, one.reason, one.by)))
            .collect();
        assert_eq!(
            said, self.said,
            "each reason stands with its number and name"
        );
        // Where one sentence was changed in two places, one of the texts is shown, and all of them are kept.
        let (fields, _) = self.programmes[0].whole();
        let kept = fields.get(document::APART).map(Value::to_string);
        for word in &self.words {
            let shown = programme.closing_summary.matches(word).count();
            let is_kept = kept.as_ref().is_some_and(|kept| kept.contains(word));
            assert!(shown == 1 || (shown == 0 && is_kept), "{word} {fields:?}");
        }
        let list: MedicationList = self.lists[0].reads();
        let taken: BTreeMap<_, _> = list
            .items
            .iter()
            .map(|(id, item)| (id, item.name.clone()))
            .collect();
        assert_eq!(taken, self.taken, "no medicine is lost");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn three_devices_that_edit_a_programme_apart_come_to_the_same_and_lose_nothing(
        steps in prop::collection::vec(step(), 1..28),
    ) {
        let mut world = World::new();
        for step in &steps {
            world.run(step);
        }
        world.ends();
    }
}
