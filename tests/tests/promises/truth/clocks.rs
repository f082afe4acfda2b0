//! A clock that is wrong hides nothing.

use companion_core::domain::medication_list::{Medication, MedicationSort};
use companion_core::domain::{CheckIn, Entry, MedicationList};
use companion_core::records::Query;
use companion_tests::{Node, Phone};

use crate::clinic_and_ada;

const DAY_MS: i64 = 24 * 60 * 60 * 1000;
const YEAR_MS: i64 = 365 * DAY_MS;

fn all_sync(clinic: &Node, phone: &Phone) {
    phone.sync().unwrap();
    clinic.sync_cleanly();
}

#[test]
fn the_latest_check_in_is_the_last_received_where_a_phones_clock_was_years_ahead() {
    let (world, clinic, ada) = clinic_and_ada();
    ada.clock().be_wrong_by(3 * YEAR_MS);
    let wrong = ada.check_in(7, "from the future");
    all_sync(&clinic, &ada);
    ada.clock().be_wrong_by(0);
    world.minutes_pass(60);
    let right = ada.check_in(1, "very bad");
    all_sync(&clinic, &ada);

    let row = clinic.caseload().unwrap().remove(0);
    let last = row.last_check_in.unwrap();
    assert_eq!(
        (last.content.valence.number(), last.clock_ahead),
        (1, false)
    );
    assert_eq!(last.when.unix_ms, world.now().unix_ms);
    assert_eq!(row.sparkline, [7, 1]);

    let on_the_page = clinic.check_ins_of(&ada);
    let order: Vec<_> = on_the_page.iter().map(|shared| shared.view.id).collect();
    assert_eq!(order, [right.id, wrong.id]);
    let first = &on_the_page[1].view;
    assert!(first.clock_ahead);
    assert_eq!(first.when.unwrap().unix_ms, first.received_ms);
    // What the patient wrote is shown as it is.
    assert_eq!(first.content.at, wrong.content.at);
    assert_eq!(clinic.check_record().unwrap().differing, []);
}

#[test]
fn the_phone_itself_puts_right_what_it_wrote_while_its_clock_was_ahead() {
    let (world, _clinic, ada) = clinic_and_ada();
    ada.clock().be_wrong_by(3 * YEAR_MS);
    let wrong = ada.write("from the future");
    ada.clock().be_wrong_by(0);
    world.minutes_pass(60);
    ada.sync_cleanly();
    world.minutes_pass(1);
    let right = ada.write("today");
    let order: Vec<_> = ada.entries().iter().map(|view| view.id).collect();
    assert_eq!(order, [right.id, wrong.id]);
    assert!(ada.get::<Entry>(wrong.id).unwrap().clock_ahead);
    ada.rebuild().unwrap();
    let again: Vec<_> = ada.entries().iter().map(|view| view.id).collect();
    assert_eq!(again, order);
}

#[test]
fn what_is_kept_up_to_date_is_judged_by_when_it_last_came() {
    let (world, clinic, ada) = clinic_and_ada();
    let add = |name: &str| {
        let medication = Medication {
            name: name.into(),
            what_for: String::new(),
            sort: MedicationSort::Medicine,
            stopped_at: None,
        };
        ada.add_medicine(medication).unwrap();
        all_sync(&clinic, &ada);
        let lists = clinic.page(ada.record.unwrap(), &Query::<MedicationList>::all());
        let list = lists.unwrap().items.remove(0);
        (list.when.unwrap().unix_ms, list.clock_ahead)
    };
    assert_eq!(add("Zinc"), (world.now().unix_ms, false));
    world.days_pass(28);
    assert_eq!(add("Trazodone"), (world.now().unix_ms, false));
    ada.clock().be_wrong_by(2 * DAY_MS);
    assert_eq!(add("Iron"), (world.now().unix_ms, true));
    ada.clock().be_wrong_by(0);
    world.minutes_pass(60);
    assert_eq!(add("Sertraline"), (world.now().unix_ms, false));
    assert_eq!(clinic.check_record().unwrap().differing, []);
}

#[test]
fn what_is_edited_later_is_still_judged_by_when_it_first_came() {
    let (world, clinic, ada) = clinic_and_ada();
    ada.clock().be_wrong_by(2 * DAY_MS);
    let wrong = ada.check_in(6, "two days early");
    all_sync(&clinic, &ada);
    let first = clinic.check_ins_of(&ada)[0].view.when;
    ada.clock().be_wrong_by(0);
    world.days_pass(5);
    let seen = ada.get::<CheckIn>(wrong.id).unwrap();
    let more = |check_in: &mut CheckIn| check_in.note.push_str(", I meant");
    ada.edit(seen.id, &seen.revision, more).unwrap();
    all_sync(&clinic, &ada);
    let after = &clinic.check_ins_of(&ada)[0].view;
    assert_eq!((after.when, after.clock_ahead), (first, true));
}

#[test]
fn times_ten_years_away_are_kept_as_written_and_a_plan_may_lie_ahead() {
    let (world, clinic, ada) = clinic_and_ada();
    let at = |years: i64| {
        let mut at = world.now();
        at.unix_ms += years * YEAR_MS;
        at
    };
    let past = ada
        .create(Entry {
            at: at(-10),
            body: "ten years ago".into(),
            ..shared()
        })
        .unwrap();
    let ahead = ada
        .create(Entry {
            at: at(10),
            body: "in ten years".into(),
            ..shared()
        })
        .unwrap();
    all_sync(&clinic, &ada);
    let entries = clinic.entries_of(&ada);
    let of = |id| entries.iter().find(|shared| shared.view.id == id).unwrap();
    assert_eq!(of(past.id).view.when, Some(at(-10)));
    assert!(!of(past.id).view.clock_ahead && of(past.id).is_new);
    assert!(of(ahead.id).view.clock_ahead && of(ahead.id).is_new);
    assert_eq!(of(ahead.id).view.when.unwrap().unix_ms, world.now().unix_ms);

    let session = companion_core::domain::DosingSession::new(1, at(1));
    let planned = clinic.book(ada.record.unwrap(), session);
    assert_eq!((planned.when, planned.clock_ahead), (Some(at(1)), false));
    assert_eq!(ada.page(&Query::<Entry>::all()).unwrap().items.len(), 2);
}

fn shared() -> Entry {
    companion_tests::note("")
}
