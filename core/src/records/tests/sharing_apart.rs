//! Two phones that share or withdraw the same document apart, each with words of its own, make one copy
//! that has the words of both. It runs over the registry, as the contract of all kinds does.

use serde_json::Value;

use super::*;
use crate::document;
use crate::domain::{
    BESIDE_CONTENT, Content, DocumentId, KindVisitor, Merge, Placement, Projection, Visibility,
    visit_kinds,
};
use crate::ports::Ports;
use crate::ports::testing::SeededRng;
use crate::space::payload::Payload;
use crate::store::Standing;

/// Two phones of one person that both know a document, and do not hear from each other any more.
fn two_phones_with<T: Content>(content: T) -> ([Installation; 2], View<T>) {
    let first = Installation::of(Side::Patient);
    let view = first.records.create(content).unwrap();
    // As if the server had it: or it would be forgotten, and not withdrawn.
    for row in first.replica.rows() {
        let sent = |row: &mut crate::store::SpaceRow| row.sent_through = i64::MAX;
        first.replica.update_row(row.space, sent).unwrap();
    }
    let Installation {
        folder,
        replica,
        records,
    } = first;
    drop((records, replica));
    let copy = tempfile::tempdir().unwrap();
    for file in std::fs::read_dir(folder.path()).unwrap() {
        let file = file.unwrap();
        std::fs::copy(file.path(), copy.path().join(file.file_name())).unwrap();
    }
    let opened = [(folder, 11), (copy, 12)].map(|(folder, seed)| {
        let path = folder.path().join("record.db");
        let ports = Ports {
            rng: Arc::new(SeededRng::new(seed)),
            ..offline()
        };
        let replica = Arc::new(Replica::open(&path, &KEY, ports, Side::Patient).unwrap());
        Installation {
            folder,
            records: Records::new(&replica, Scope::Patient),
            replica,
        }
    });
    (opened, view)
}

/// The changes of a document that one phone has yet to send.
fn changes_of(here: &Installation, id: DocumentId) -> Vec<Vec<u8>> {
    let waiting = here.replica.store.read(|r| r.outbox_of_document(id));
    let waiting = waiting.unwrap().into_iter();
    waiting
        .map(|row| Payload::decode(&row.payload).unwrap().change)
        .collect()
}

/// Lets one phone hear what another wrote into a document.
fn hear<T: Content>(here: &Installation, other: &Installation, id: DocumentId) {
    let said = other.replica.store.read(|r| r.outbox_of_document(id));
    let heard = here.replica.store.write(|w| {
        let known = w.outbox_of_document(id)?;
        let is_new = |row: &crate::store::OutboxRow| known.iter().all(|known| known.id != row.id);
        for row in said.unwrap().into_iter().filter(is_new) {
            w.push_outbox(&row)?;
        }
        let state = here.replica.space(here.row(id).space)?;
        row::Rows::new(&here.replica).rematerialize(w, &state, (id, &T::KIND), 0)
    });
    heard.unwrap();
}

/// What somebody makes of content: all of another example, with the entries of what merges by entries kept.
fn with_more<T: Content>(content: &T, more: &T) -> T {
    let mut fields = content.to_projection().unwrap();
    for (name, value) in more.to_projection().unwrap() {
        let merge = T::SHAPE.field(&name).map(|field| field.merge);
        match (merge, fields.get_mut(&name), value) {
            (
                Some(Merge::Set | Merge::Map | Merge::Ordered(_)),
                Some(Value::Object(all)),
                Value::Object(entries),
            ) => all.extend(entries),
            (_, _, value) => drop(fields.insert(name, value)),
        }
    }
    T::from_projection(&fields).unwrap()
}

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
        (Value::String(text), Some(Value::String(shown))) => {
            assert!(shown.contains(text) || is_wording(text), "{path}: {text}");
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
    let (phones, view) = two_phones_with(base.clone());
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
            let (phones, view) = two_phones_with(content);
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
            let bare = here.records.new_edit::<T>(space, Map::new());
            let id = bare.document;
            here.replica.commit(&[bare]).unwrap();
            assert_eq!(here.records.count(&Query::<T>::all()).unwrap(), 0);
            assert_ne!(here.row(id).standing, Standing::Unreadable);
        }
    }
    visit_kinds(&mut Visit);
}
