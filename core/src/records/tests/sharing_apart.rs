//! Two phones that share or withdraw the same document apart, each with words of its own, make one copy
//! that has the words of both. It runs over the registry, as the contract of all kinds does.

use serde_json::Value;

use super::two_devices::{changes_of, hear, two_devices_with, with_more};
use super::*;
use crate::document;
use crate::domain::{
    BESIDE_CONTENT, Content, Declared, DocumentId, Entry, KindVisitor, Placement, Projection,
    Visibility, settled, visit_kinds,
};
use crate::store::Standing;

/// Fails where something that one phone said is neither shown nor among the wordings.
fn nothing_is_lost(said: &Projection, by_all: &[&Projection], shown: &Projection) {
    let apart = apart::read(shown);
    for (name, value) in said {
        if BESIDE_CONTENT.contains(&&**name) {
            continue;
        }
        is_kept(value, shown.get(name), name, &apart);
        let is_whole = matches!(value, Value::Array(_));
        if is_whole {
            let all = by_all.iter().filter_map(|fields| fields.get(name));
            assert!(all.into_iter().any(|one| shown.get(name) == Some(one)));
        }
    }
}

fn is_kept(value: &Value, shown: Option<&Value>, path: &str, apart: &[Apart]) {
    // What opens an attachment, and what its sealed bytes are called, is another in each space.
    if path.starts_with("attachments.") && (path.ends_with(".key") || path.ends_with(".blob")) {
        return;
    }
    let is_wording = |text: &str| {
        let mut apart = apart.iter().filter(|apart| apart.field == path);
        apart.any(|apart| apart.wordings.iter().any(|one| one == text))
    };
    match (value, shown) {
        (Value::Object(entries), Some(Value::Object(shown))) => {
            for (key, value) in entries {
                is_kept(value, shown.get(key), &format!("{path}.{key}"), apart);
            }
        }
        (Value::Array(_), Some(Value::Array(_))) => {}
        (Value::String(text), Some(Value::String(said))) => {
            let given = [Value::from(text.clone()), Value::from(said.clone())];
            let is_settled = || settled(path, &given[1], &given).is_some();
            assert!(
                said.contains(text) || is_wording(text) || is_settled(),
                "{path}: {text}"
            );
        }
        (value, shown) => {
            let is_there = shown == Some(value) || is_wording(&value.to_string());
            assert!(is_there, "{path}: {value} is not in {shown:?}");
        }
    }
}

/// Lets two phones do the same with a document after each wrote into it, and looks at what they made.
fn done_apart<T: Content>(
    visibility: Visibility,
    act: impl Fn(&Records, DocumentId) -> Result<View<T>>,
) {
    let [mut base, one, other] = <[T; 3]>::try_from(T::examples()[..3].to_vec())
        .ok()
        .unwrap();
    base.set_visibility(visibility);
    let (phones, view) = two_devices_with(Side::Patient, base.clone());
    let wrote = [with_more(&base, &one), with_more(&base, &other)];
    let mut changes = Vec::new();
    let mut made = Vec::new();
    for (phone, content) in phones.iter().zip(&wrote) {
        let content = content.clone();
        let edit = |it: &mut T| *it = content;
        let edited = phone.records.edit::<T>(view.id, &view.revision, edit);
        let copy = act(&phone.records, edited.unwrap().id).unwrap();
        assert_ne!(copy.id, view.id);
        made.push(copy.id);
        changes.extend(changes_of(phone, copy.id));
        let check = phone.replica.check_record().unwrap();
        assert_eq!((check.differing, check.quarantined), (vec![], vec![]));
    }
    assert_eq!(made[0], made[1], "two copies were made");
    let whole = document::materialize(&changes);
    assert_eq!((whole.refused, whole.waiting), (vec![], vec![]));
    let said = wrote.map(|content| content.to_projection().unwrap());
    for one in &said {
        nothing_is_lost(one, &[&said[0], &said[1]], &whole.projection);
    }
    // What each took along, it has shared or withdrawn: nothing of it stands beside the copy.
    let [here, other] = phones;
    hear::<T>(&here, &other, made[0]);
    hear::<T>(&here, &other, view.id);
    assert_eq!(here.fields(made[0]), whole.projection);
    assert_eq!(here.records.bring_back_what_was_left().unwrap(), 0);
    let shown = here.records.page(&Query::<T>::all()).unwrap().items;
    let shown: Vec<_> = shown.into_iter().map(|view| view.id).collect();
    assert_eq!(shown, [made[0]]);
    let check = here.replica.check_record().unwrap();
    assert_eq!((check.differing, check.quarantined), (vec![], vec![]));
}

#[test]
fn what_two_phones_share_apart_has_the_words_of_both() {
    struct Visit;
    impl KindVisitor for Visit {
        fn visit<T: Content>(&mut self) {
            if T::PLACEMENT == Placement::ByVisibility {
                println!("of {}", T::KIND);
                done_apart::<T>(Visibility::OnlyMe, |records, id| {
                    records.share(id, Visibility::CareTeam)
                });
            }
        }
    }
    visit_kinds(&mut Visit);
}

#[test]
fn what_two_phones_withdraw_apart_has_the_words_of_both() {
    struct Visit;
    impl KindVisitor for Visit {
        fn visit<T: Content>(&mut self) {
            if T::PLACEMENT == Placement::ByVisibility {
                println!("of {}", T::KIND);
                done_apart::<T>(Visibility::CareTeam, |records, id| records.withdraw(id));
            }
        }
    }
    visit_kinds(&mut Visit);
}

#[test]
fn what_two_phones_share_apart_in_the_same_words_is_the_same_change_on_both() {
    struct Visit;
    impl KindVisitor for Visit {
        fn visit<T: Content>(&mut self) {
            if T::PLACEMENT != Placement::ByVisibility {
                return;
            }
            println!("of {}", T::KIND);
            let mut content = T::examples().remove(0);
            content.set_visibility(Visibility::OnlyMe);
            let (phones, view) = two_devices_with(Side::Patient, content);
            let made = phones.map(|phone| {
                let shared = phone.records.share::<T>(view.id, Visibility::CareTeam);
                changes_of(&phone, shared.unwrap().id)
            });
            assert!(!made[0].is_empty());
            assert_eq!(made[0], made[1]);
        }
    }
    visit_kinds(&mut Visit);
}

#[test]
fn a_copy_of_which_only_the_frame_has_come_is_neither_shown_nor_unreadable() {
    struct Visit;
    impl KindVisitor for Visit {
        fn visit<T: Content>(&mut self) {
            if T::PLACEMENT != Placement::ByVisibility {
                return;
            }
            println!("of {}", T::KIND);
            let content = T::examples().remove(0).to_projection().unwrap();
            let actor = document::ActorId::new([1; 16]);
            let (frame, said) = document::create_framed(&T::SHAPE, &content, actor).unwrap();
            assert!(!document::is_frame(&said.projection));
            for change in frame {
                assert!(document::is_frame(&change.projection), "{change:?}");
            }
            let here = Installation::of(Side::Patient);
            let space = here.records.writable_space(Purpose::Care).unwrap();
            let bare = here
                .records
                .new_edit(Declared::by::<T>(), space, Map::new());
            let id = bare.document;
            here.replica.commit(&[bare]).unwrap();
            assert_eq!(here.records.count(&Query::<T>::all()).unwrap(), 0);
            assert_ne!(here.row(id).standing, Standing::Unreadable);
        }
    }
    visit_kinds(&mut Visit);
}

#[test]
fn a_text_that_two_phones_rewrote_and_shared_apart_is_shared_once_in_two_wordings() {
    let before = "The lake was calm. I slept badly. My sister called.";
    let rewritten = [
        "The lake was very calm. I slept badly. My sister called.",
        "The lake was calm. I slept well. My sister called.",
    ];
    let entry = Entry {
        body: before.to_owned(),
        ..Entry::examples().remove(0)
    };
    let private = Entry {
        visibility: Visibility::OnlyMe,
        ..entry
    };
    let (phones, view) = two_devices_with(Side::Patient, private);
    let shared = [0, 1].map(|at: usize| {
        let records = &phones[at].records;
        let rewrite = |it: &mut Entry| rewritten[at].clone_into(&mut it.body);
        let edited = records.edit::<Entry>(view.id, &view.revision, rewrite);
        let shared = records.share::<Entry>(edited.unwrap().id, Visibility::CareTeam);
        shared.unwrap().id
    });
    assert_eq!(shared[0], shared[1]);
    let [one, other] = &phones;
    hear::<Entry>(one, other, shared[0]);
    hear::<Entry>(other, one, shared[0]);
    for phone in &phones {
        let shown: View<Entry> = phone.records.get(shared[0]).unwrap();
        assert!(rewritten.contains(&&*shown.content.body), "{shown:?}");
        let apart = Apart {
            field: "body".to_owned(),
            wordings: rewritten.map(str::to_owned).to_vec(),
        };
        let mut said = shown.apart;
        said.iter_mut()
            .for_each(|one| one.wordings.sort_by_key(|it| *it != rewritten[0]));
        assert_eq!(said, [apart]);
    }
}

#[test]
fn whoever_shared_more_of_the_same_text_has_said_it_all() {
    let entry = |body: &str| Entry {
        body: body.to_owned(),
        visibility: Visibility::OnlyMe,
        ..Entry::examples().remove(0)
    };
    let (phones, view) = two_devices_with(Side::Patient, entry("The lake was calm."));
    let [one, other] = &phones;
    let more = "The lake was calm. I went in.";
    let add = |it: &mut Entry| more.clone_into(&mut it.body);
    one.records
        .edit::<Entry>(view.id, &view.revision, add)
        .unwrap();
    let shared = [one, other].map(|phone| {
        let shared = phone.records.share::<Entry>(view.id, Visibility::CareTeam);
        shared.unwrap().id
    });
    hear::<Entry>(one, other, shared[0]);
    let shown: View<Entry> = one.records.get(shared[0]).unwrap();
    assert_eq!((&*shown.content.body, shown.apart), (more, vec![]));
}
