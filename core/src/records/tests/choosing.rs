//! What two devices wrote apart can be chosen between, whatever kind it is. It runs over the registry: a kind that
//! is added is held to it without another line here.

use serde_json::Value;

use super::two_devices::{hear, two_devices_with, with_more};
use super::*;
use crate::domain::reminder::LockScreenChoice;
use crate::domain::{
    BESIDE_CONTENT, ContactRequest, Content, DocumentId, Entry, KindVisitor, Merge, Moment,
    ReminderPreferences, Visibility, declared, settled, visit_kinds,
};

/// Whether two people can write different things into a field of a kind.
fn can_hold_two_wordings<T: Content>() -> bool {
    let given = [
        "2026-11-23T09:00:00.000+00:00",
        "2026-11-23T10:00:00.000+00:00",
    ]
    .map(Value::from);
    // Of what is settled by itself nobody chooses.
    let is_settled =
        |name: &str| settled(name, &given[0], &given).is_some() || name.ends_with("_since");
    T::SHAPE.fields.iter().any(|field| {
        !BESIDE_CONTENT.contains(&field.name)
            && !matches!(field.merge, Merge::Set)
            && !is_settled(field.name)
    })
}

/// The same thing as the lists of its side have it, in whichever of them it stands.
fn listed(here: &Installation, id: DocumentId) -> Option<(Records, InTwoWordings)> {
    let row = here.row(id);
    let reading = declared(&row.kind).unwrap().read(&fields_of(&row)).unwrap();
    let of_patient = reading.index.concerns.map(Scope::Care);
    let mut scopes = vec![here.records.scope];
    if here.replica.side == Side::Clinic {
        scopes.push(Scope::Clinic);
        scopes.extend(of_patient);
    }
    let mut found = scopes.into_iter().filter_map(|scope| {
        let records = Records::new(&here.replica, scope);
        let all = records.in_two_wordings().unwrap();
        let which = all.into_iter().find(|one| one.id == id)?;
        Some((records, which))
    });
    let which = found.next();
    assert!(found.next().is_none(), "it stands in two lists");
    which
}

/// What somebody makes of content: all of another example, also in the items that are there.
fn with_other_items<T: Content>(content: &T, other: &T) -> T {
    let mut fields = with_more(content, other).to_projection().unwrap();
    let (before, other) = (content.to_projection(), other.to_projection());
    let (before, other) = (before.unwrap(), other.unwrap());
    for field in T::SHAPE.fields {
        let items = |fields: &Map| fields.get(field.name).and_then(Value::as_object).cloned();
        let (Merge::Ordered(_), Some(before), Some(other)) =
            (field.merge, items(&before), items(&other))
        else {
            continue;
        };
        let says = before.keys().cloned().zip(other.values().cloned());
        if let Some(Value::Object(items)) = fields.get_mut(field.name) {
            items.extend(says);
        }
    }
    T::from_projection(&fields).unwrap()
}

/// Lets two devices of a side write into a kind apart, and one of them choose until there is nothing to choose.
/// Says whether there was anything to choose.
fn chosen_on<T: Content>(side: Side) -> bool {
    let [mut base, one, other] = <[T; 3]>::try_from(T::examples()[..3].to_vec())
        .ok()
        .unwrap();
    base.set_visibility(Visibility::CareTeam);
    let wrote = [
        with_other_items(&base, &one),
        with_other_items(&base, &other),
    ];
    let (devices, view) = two_devices_with(side, base);
    for (device, content) in devices.iter().zip(wrote) {
        let edit = |it: &mut T| *it = content;
        let edited = device.records.edit::<T>(view.id, &view.revision, edit);
        edited.unwrap();
    }
    let [here, there] = devices;
    hear::<T>(&here, &there, view.id);
    let by = (side == Side::Clinic).then_some("Maya Lindqvist");
    let mut left = usize::MAX;
    while let Some((records, which)) = listed(&here, view.id) {
        assert!(which.is_ours_to_choose);
        let now = which.apart.len();
        assert!(now < left, "{:?} can't be chosen between", which.apart);
        left = now;
        let apart = &which.apart[0];
        let wording = apart.wordings.last().unwrap();
        let (kind, seen) = (declared(&which.kind).unwrap(), &which.revision);
        let chosen = records.choose_of(kind, which.id, seen, (&apart.field, wording), by);
        assert_ne!(chosen.unwrap().revision, which.revision);
        assert!(!apart::read(&here.fields(view.id)).contains(apart));
    }
    if left == usize::MAX {
        return false;
    }
    assert_eq!(apart::read(&here.fields(view.id)), []);
    if T::SHAPE.has(apart::BY) && by.is_some() {
        assert_eq!(here.fields(view.id)[apart::BY], "Maya Lindqvist");
    }
    let check = here.replica.check_record().unwrap();
    assert_eq!((check.differing, check.quarantined), (vec![], vec![]));
    true
}

#[test]
fn whoever_may_write_a_kind_can_choose_between_its_wordings() {
    #[derive(Default)]
    struct Visit {
        never: Vec<String>,
    }
    impl KindVisitor for Visit {
        fn visit<T: Content>(&mut self) {
            // What devices write for each other has nothing in it for a person to choose.
            if !T::IN_EXPORT || !can_hold_two_wordings::<T>() {
                return;
            }
            for side in [Side::Patient, Side::Clinic] {
                if T::WRITERS.include(side) {
                    println!("of {} by the {}", T::KIND, side.as_str());
                    if !chosen_on::<T>(side) {
                        self.never.push(T::KIND.to_string());
                    }
                }
            }
        }
    }
    let mut visit = Visit::default();
    visit_kinds(&mut visit);
    assert_eq!(visit.never, [""; 0], "never stood in two wordings");
}

#[test]
fn settings_that_were_chosen_apart_ask_for_no_choice_and_the_more_private_one_stands() {
    let at = Moment::utc(1_795_465_113_123);
    let later = |ms| Moment::utc(at.unix_ms + ms);
    let mut base = ReminderPreferences::new(at);
    base.tell_on_lock_screen(LockScreenChoice::Words, at);
    let (devices, view) = two_devices_with(Side::Patient, base);
    let [here, there] = &devices;
    let choose = |device: &Installation, seen: &crate::domain::Revision, what, quiet: &str, ms| {
        let edit = |it: &mut ReminderPreferences| {
            it.tell_on_lock_screen(what, later(ms));
            quiet.clone_into(&mut it.quiet);
        };
        let edited = device
            .records
            .edit::<ReminderPreferences>(view.id, seen, edit);
        edited.unwrap()
    };
    let (words, neutral) = (LockScreenChoice::Words, LockScreenChoice::Neutral);
    choose(here, &view.revision, neutral, "21:00-07:00", 20);
    choose(there, &view.revision, words, "22:00-08:00", 10);
    hear::<ReminderPreferences>(here, there, view.id);
    hear::<ReminderPreferences>(there, here, view.id);
    let read = |device: &Installation| {
        let records = &device.records;
        assert_eq!(records.in_two_wordings().unwrap(), []);
        records.get::<ReminderPreferences>(view.id).unwrap()
    };
    let both = read(here);
    assert_eq!(both.content, read(there).content);
    assert_eq!(both.content.lock_screen(), neutral);
    // Whoever chooses and knows of both has chosen.
    let chosen = choose(here, &both.revision, words, "20:00-06:00", 30).content;
    assert_eq!(
        (chosen.lock_screen(), &*chosen.quiet),
        (words, "20:00-06:00")
    );
    assert_eq!(read(here).content, chosen);
}

#[test]
fn a_request_that_was_taken_back_on_two_devices_was_taken_back_once() {
    let at = Moment::utc(1_795_465_113_123);
    let (devices, view) = two_devices_with(Side::Patient, ContactRequest::new(at));
    let [here, there] = &devices;
    for (device, ms) in [(here, 20), (there, 10)] {
        let edit = |it: &mut ContactRequest| it.taken_back_at = Some(Moment::utc(at.unix_ms + ms));
        let edited = device
            .records
            .edit::<ContactRequest>(view.id, &view.revision, edit);
        edited.unwrap();
    }
    hear::<ContactRequest>(here, there, view.id);
    assert_eq!(here.records.in_two_wordings().unwrap(), []);
    let read = here.records.get::<ContactRequest>(view.id).unwrap();
    assert_eq!(
        read.content.taken_back_at,
        Some(Moment::utc(at.unix_ms + 10))
    );
}

#[test]
fn the_wish_to_talk_survives_that_another_phone_shared_without_it() {
    let entry = Entry {
        body: "The rain on the roof.".into(),
        ..Entry::new(Moment::utc(1_795_465_113_123))
    };
    let (devices, view) = two_devices_with(Side::Patient, entry);
    let hows = [Visibility::TalkInSession, Visibility::CareTeam];
    let [here, there] = &devices;
    let shared = [here, there].map(|device| &device.records);
    let shared = [0, 1].map(|n| shared[n].share::<Entry>(view.id, hows[n]).unwrap());
    assert_eq!(shared[0].id, shared[1].id);
    let id = shared[0].id;
    hear::<Entry>(here, there, id);
    hear::<Entry>(there, here, id);
    for device in [here, there] {
        let read = device.records.get::<Entry>(id).unwrap();
        assert_eq!(read.content.visibility, Visibility::TalkInSession);
    }
    // Whoever knows of both may choose otherwise.
    let calmer = here.records.share::<Entry>(id, Visibility::CareTeam);
    assert_eq!(calmer.unwrap().content.visibility, Visibility::CareTeam);
}
