//! What two devices wrote apart can be chosen between, whatever kind it is. It runs over the registry: a kind that
//! is added is held to it without another line here.

use serde_json::Value;

use super::two_devices::{hear, two_devices_with, with_more};
use super::*;
use crate::domain::{
    BESIDE_CONTENT, Content, DocumentId, KindVisitor, Merge, Visibility, declared, visit_kinds,
};

/// Whether two people can write different things into a field of a kind.
fn can_hold_two_wordings<T: Content>() -> bool {
    T::SHAPE
        .fields
        .iter()
        .any(|field| !BESIDE_CONTENT.contains(&field.name) && !matches!(field.merge, Merge::Set))
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

struct Choose<'a> {
    records: &'a Records,
    which: &'a InTwoWordings,
    chosen: (&'a str, &'a str),
    by: Option<&'a str>,
}

impl OfItsKind for Choose<'_> {
    type Outcome = ();
    fn run<T: Content>(self) -> crate::Result<()> {
        let (id, seen) = (self.which.id, &self.which.revision);
        let chosen = self.records.choose::<T>(id, seen, self.chosen, self.by);
        chosen.map(drop)
    }
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
        let choose = Choose {
            records: &records,
            which: &which,
            chosen: (&apart.field, wording),
            by,
        };
        of_its_kind(&which.kind, choose).unwrap();
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
