//! Two phones share the same apart, each with words of its own: the clinic has the words of both, and
//! nothing of it is called private beside that.

use companion_core::domain::measure::{Given, MeasureId, Points};
use companion_core::domain::safety_plan::{PlanLine, PlanStep};
use companion_core::domain::{Content, DocumentId, Entry, Response, SafetyPlan, Visibility};
use companion_core::records::{Query, View};
use companion_tests::{Node, Phone, World};

use crate::clinic_and_ada;

struct House {
    _world: World,
    clinic: Node,
    phones: [Phone; 2],
}

impl House {
    fn new() -> Self {
        let (world, clinic, phone) = clinic_and_ada();
        let tablet = phone.second_phone();
        let house = Self {
            _world: world,
            clinic,
            phones: [phone, tablet],
        };
        house.all_sync();
        house
    }

    fn all_sync(&self) {
        for _ in 0..3 {
            for phone in &self.phones {
                phone.sync_cleanly();
            }
            self.clinic.sync_cleanly();
        }
        for phone in &self.phones {
            assert_eq!(phone.check_record().unwrap().differing, []);
        }
        assert_eq!(self.clinic.check_record().unwrap().differing, []);
    }

    /// The one of its kind that both phones have and the clinic has, once all show the same.
    fn only_one<T: Content>(&self) -> View<T> {
        self.all_sync();
        let mut seen: Vec<View<T>> = Vec::new();
        for phone in &self.phones {
            let mut all = phone.all(Query::<T>::all());
            assert_eq!(all.len(), 1, "{all:#?}");
            seen.extend(all.pop());
        }
        let mut at_clinic = self.clinic.all_shared(&self.phones[0], Query::<T>::all());
        assert_eq!(at_clinic.len(), 1);
        seen.extend(at_clinic.pop().map(|shared| shared.view));
        let said = |view: &View<T>| {
            (
                view.id,
                view.shared,
                view.content.clone(),
                view.apart.clone(),
            )
        };
        assert_eq!(said(&seen[0]), said(&seen[1]));
        let read = (seen[2].id, &seen[2].content, &seen[2].apart);
        assert_eq!((seen[0].id, &seen[0].content, &seen[0].apart), read);
        assert!(seen[0].shared);
        seen.remove(0)
    }

    /// What both phones have of a kind, once they show the same.
    fn on_phones<T: Content>(&self) -> Vec<T> {
        self.all_sync();
        let [one, other] = [0, 1].map(|at| {
            let all = self.phones[at].all(Query::<T>::all()).into_iter();
            all.map(|view| view.content).collect::<Vec<T>>()
        });
        assert_eq!(one, other);
        one
    }
}

#[test]
fn answers_given_and_shared_on_two_phones_apart_can_all_be_read_by_the_clinic() {
    let house = House::new();
    let begun = house.phones[0].begin_measure(&MeasureId::from_stored("phq-2"));
    let response = begun.unwrap().id;
    house.all_sync();
    for (phone, points) in house.phones.iter().zip([3, 0]) {
        let mut view: View<Response> = phone.get(response).unwrap();
        while let Some(item) = view.content.next_item().map(|item| item.number) {
            let given = Given::Points(Points(points));
            view = phone.answer_item(response, item, given).unwrap();
        }
        phone.finish_measure(response).unwrap();
        let shared = phone.share::<Response>(response, Visibility::CareTeam);
        assert!(shared.unwrap().shared);
    }
    let shared = house.only_one::<Response>();
    let answers = shared
        .apart
        .iter()
        .filter(|apart| apart.field.starts_with("answers."));
    let answers: Vec<_> = answers.map(|apart| apart.wordings.clone()).collect();
    assert_eq!(answers, [["0", "3"], ["0", "3"]]);
}

fn add(phone: &Phone, text: &str) {
    let change = |plan: &mut SafetyPlan, id| {
        plan.lines_mut(PlanStep::Coping)
            .push(id, PlanLine::new(text));
    };
    phone.change_safety_plan(change).unwrap();
}

fn lines(plan: &SafetyPlan) -> Vec<String> {
    let lines = plan.lines(PlanStep::Coping).iter();
    let mut texts: Vec<_> = lines.map(|(_, line)| line.text.clone()).collect();
    texts.sort_unstable();
    texts
}

#[test]
fn a_plan_that_two_phones_changed_and_shared_apart_has_the_lines_of_both() {
    let house = House::new();
    add(&house.phones[0], "Tea.");
    house.all_sync();
    for (phone, text) in house.phones.iter().zip(["A walk.", "Music."]) {
        add(phone, text);
        phone.share_safety_plan(Visibility::CareTeam).unwrap();
    }
    let shared = house.only_one::<SafetyPlan>();
    assert_eq!(lines(&shared.content), ["A walk.", "Music.", "Tea."]);
    // It is one plan from there on, also taken back and changed on two phones apart.
    for (phone, text) in house.phones.iter().zip(["Birds.", "Rain."]) {
        add(phone, text);
        assert!(!phone.withdraw_safety_plan().unwrap().shared);
    }
    let plans = house.on_phones::<SafetyPlan>();
    assert_eq!(plans.len(), 1);
    let all = ["A walk.", "Birds.", "Music.", "Rain.", "Tea."];
    assert_eq!(lines(&plans[0]), all);
    let at_clinic = house
        .clinic
        .all_shared(&house.phones[0], Query::<SafetyPlan>::all());
    assert!(at_clinic.is_empty());
}

fn rewrite(house: &House, entry: DocumentId, bodies: [&str; 2], then: impl Fn(&Phone)) {
    for (phone, body) in house.phones.iter().zip(bodies) {
        phone.rewrite(&phone.get(entry).unwrap(), body);
        then(phone);
    }
}

#[test]
fn what_one_phone_wrote_and_did_not_share_stays_beside_what_the_other_shared() {
    let house = House::new();
    let entry = house.phones[0].write_privately("Slept.").id;
    house.all_sync();
    house.phones[0]
        .share::<Entry>(entry, Visibility::CareTeam)
        .unwrap();
    let private = house.phones[1].get(entry).unwrap();
    house.phones[1].rewrite(&private, "Slept. I dreamed of him.");
    house.all_sync();
    let all = ["Slept.", "Slept. I dreamed of him."];
    assert_eq!(house.phones[0].texts(), all);
    assert_eq!(house.phones[1].texts(), all);
    assert_eq!(house.clinic.texts_of(&house.phones[0]), ["Slept."]);
}

#[test]
fn what_two_phones_rewrote_and_deleted_apart_stays_deleted() {
    let house = House::new();
    let entry = house.phones[0].write_privately("Slept.").id;
    house.all_sync();
    rewrite(&house, entry, ["Slept badly.", "Slept well."], |phone| {
        phone.delete::<Entry>(entry).unwrap();
    });
    assert_eq!(house.on_phones::<Entry>(), []);
}

/// Writes a line of the plan anew; `None` removes it.
fn change(phone: &Phone, text: &str, to: Option<&str>) {
    let plan = phone.safety_plan().unwrap().unwrap().content;
    let mut lines = plan.lines(PlanStep::Coping).iter();
    let (id, _) = lines.find(|(_, line)| line.text == text).unwrap();
    let change = |plan: &mut SafetyPlan, _| {
        let lines = plan.lines_mut(PlanStep::Coping);
        assert!(match to {
            Some(to) => lines.update(id, |line| line.text = to.to_owned()),
            None => lines.remove(id),
        });
    };
    phone.change_safety_plan(change).unwrap();
}

/// The lines of the plan, the same on both phones; what the clinic does not have is in brackets.
fn read(house: &House) -> Vec<String> {
    let read = |phone: &Phone| {
        let plan = phone.safety_plan().unwrap().unwrap().content;
        let only_here = phone.safety_lines_only_here().unwrap();
        let lines = plan.lines(PlanStep::Coping).iter();
        let mut texts: Vec<_> = lines
            .map(|(id, line)| match only_here.contains(&id) {
                true => format!("({})", line.text),
                false => line.text.clone(),
            })
            .collect();
        texts.sort_unstable();
        texts
    };
    let [phone, tablet] = &house.phones;
    assert_eq!(read(phone), read(tablet));
    read(phone)
}

fn at_the_clinic(house: &House) -> Vec<String> {
    let plans = house
        .clinic
        .all_shared(&house.phones[0], Query::<SafetyPlan>::all());
    let mut all: Vec<_> = plans
        .iter()
        .flat_map(|view| lines(&view.view.content))
        .collect();
    all.sort_unstable();
    all
}

#[test]
fn a_line_that_was_changed_apart_from_the_sharing_of_its_plan_is_read_beside_the_shared_one() {
    let house = House::new();
    let [phone, tablet] = &house.phones;
    for text in ["Call Jo: 111", "Tea."] {
        add(phone, text);
    }
    house.all_sync();
    phone.share_safety_plan(Visibility::CareTeam).unwrap();
    change(tablet, "Call Jo: 111", Some("Call Jo: 222"));
    house.all_sync();
    assert_eq!(read(&house), ["(Call Jo: 222)", "Call Jo: 111", "Tea."]);
    assert_eq!(at_the_clinic(&house), ["Call Jo: 111", "Tea."]);

    // Changes go where the line is: nothing private reaches the clinic, and nothing is overwritten.
    add(tablet, "Music.");
    change(phone, "Tea.", Some("Green tea."));
    change(phone, "Call Jo: 222", Some("Call Jo: 333"));
    house.all_sync();
    let both = ["(Call Jo: 333)", "Call Jo: 111", "Green tea.", "Music."];
    assert_eq!(read(&house), both);
    assert_eq!(
        at_the_clinic(&house),
        ["Call Jo: 111", "Green tea.", "Music."]
    );

    change(tablet, "Call Jo: 111", None);
    tablet.share_safety_plan(Visibility::CareTeam).unwrap();
    house.all_sync();
    let all = ["Call Jo: 333", "Green tea.", "Music."];
    assert_eq!(read(&house), all);
    assert_eq!(at_the_clinic(&house), all);
    phone.withdraw_safety_plan().unwrap();
    house.all_sync();
    assert_eq!(read(&house), all);
    assert!(at_the_clinic(&house).is_empty());
}

#[test]
fn a_line_that_was_changed_apart_from_its_removal_and_sharing_is_still_read() {
    let house = House::new();
    let [phone, tablet] = &house.phones;
    for text in ["Call Jo: 111", "Tea."] {
        add(phone, text);
    }
    house.all_sync();
    change(phone, "Call Jo: 111", None);
    phone.share_safety_plan(Visibility::CareTeam).unwrap();
    change(tablet, "Call Jo: 111", Some("Call Jo: 222"));
    house.all_sync();
    assert_eq!(read(&house), ["(Call Jo: 222)", "Tea."]);
    assert_eq!(at_the_clinic(&house), ["Tea."]);
}
