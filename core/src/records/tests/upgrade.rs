//! What an older version received is indexed, found and attributed as this version does it.

use super::*;
use crate::domain::{CheckIn, Content as _, Entry, Kind, Rating, Reply, Visibility};
use crate::store::Standing;

/// As an older version left it: it knew nothing of the kind.
fn forget_what_was_known(here: &Installation, kind: &Kind) {
    let spaces: Vec<_> = here.replica.rows().iter().map(|row| row.space).collect();
    here.replica
        .store
        .write(|w| {
            for space in spaces {
                for mut row in w.items_of_space(space)? {
                    if row.kind == *kind {
                        row.standing = Standing::Unreadable;
                        row.state = String::new();
                        row.sort_ms = 0;
                        w.remove_search(row.document)?;
                        w.put_item(&row)?;
                    }
                }
            }
            w.set_setting("index_version", &0_u32.to_be_bytes())
        })
        .unwrap();
}

fn reopened(here: Installation) -> Installation {
    let (scope, side, path) = (here.records.scope, here.replica.side, here.path());
    let Installation { folder, .. } = here;
    let replica = Arc::new(Replica::open(&path, &KEY, offline(), side).unwrap());
    Installation {
        folder,
        records: Records::new(&replica, scope),
        replica,
    }
}

#[test]
fn an_upgraded_phone_indexes_again_what_it_had_received_before() {
    let here = Installation::of(Side::Patient);
    let at = here.replica.now();
    let check_in = CheckIn {
        note: "Slept by the harbor.".to_owned(),
        ..CheckIn::new(Rating::MIDDLE, at)
    };
    let made = here.records.create(check_in).unwrap();
    forget_what_was_known(&here, &CheckIn::KIND);
    let all = Query::<CheckIn>::all();
    assert_eq!(here.records.count(&all).unwrap(), 0);
    let here = reopened(here);
    assert_eq!(
        here.records.page(&all).unwrap().items,
        std::slice::from_ref(&made)
    );
    let in_state = all.in_state(Visibility::OnlyMe.as_str());
    assert_eq!(here.records.count(&in_state).unwrap(), 1);
    let found = here.records.search::<CheckIn>("harb", PageSize::SCREEN);
    assert_eq!(found.unwrap(), [made]);
}

#[test]
fn something_of_an_unknown_kind_is_kept_and_shown_by_nobody() {
    let here = Installation::of(Side::Patient);
    let at = here.replica.now();
    let entry = Entry {
        body: "calm".to_owned(),
        ..Entry::new(at)
    };
    let entry = here.records.create(entry).unwrap();
    let space = here.row(entry.id).space;
    let id = crate::domain::DocumentId::new([9; 16]);
    let content = serde_json::json!({"at": at, "lines": {"a": true}, "text": "new"});
    here.replica
        .commit(&[Edit {
            space,
            kind: Kind::from_stored("letter"),
            shape: crate::domain::Shape::UNKNOWN,
            document: id,
            seen: None,
            must_follow: false,
            begins: Begins::Fresh,
            content: content.as_object().unwrap().clone(),
        }])
        .unwrap();
    assert_eq!(here.row(id).standing, Standing::Unreadable);
    assert_eq!(here.row(id).sort_ms, at.unix_ms);
    here.replica.rebuild().unwrap();
    assert_eq!(&here.fields(id), content.as_object().unwrap());
    assert_eq!(here.records.count(&Query::<Entry>::all()).unwrap(), 1);
    let changes = here.records.changes(Sequence(0), PageSize::SCREEN);
    let changes = changes.unwrap().changes;
    let of_letter = changes.iter().find(|change| change.id == id).unwrap();
    assert!(!of_letter.is_shown);
}

#[test]
fn a_kind_that_was_unknown_is_judged_when_it_is_known() {
    // A clinic's node that could not tell yet who may write a check-in holds one of its own making.
    let here = Installation::of(Side::Clinic);
    let care = here.replica.spaces_for(Purpose::Care)[0];
    let at = here.replica.now();
    let reply = Reply {
        about: crate::domain::DocumentId::new([1; 16]),
        body: "words".to_owned(),
        by: "Maya".to_owned(),
        at,
    };
    let reply = here.records.create(reply).unwrap();
    let state = here.replica.space(care).unwrap();
    let me = state.my_id();
    assert_eq!(
        provenance::judge(&state, &me, &CheckIn::KIND),
        Err(provenance::Misplaced::WrongWriter)
    );
    assert_eq!(
        provenance::judge(&state, &me, &Kind::from_stored("letter")),
        Ok(())
    );
    forget_what_was_known(&here, &Reply::KIND);
    let here = reopened(here);
    assert_eq!(here.records.get::<Reply>(reply.id).unwrap(), reply);
}

#[test]
fn an_upgraded_phone_holds_no_wordings_of_what_devices_gave_an_attachment() {
    let here = Installation::of(Side::Patient);
    let entry = Entry {
        body: "calm".to_owned(),
        ..Entry::new(here.replica.now())
    };
    let entry = here.records.create(entry).unwrap();
    let row = here.row(entry.id);
    let mut fields = fields_of(&row);
    let apart = serde_json::json!({"attachments.a1.key": ["one", "two"]});
    fields.insert("apart".to_owned(), apart);
    let projection = serde_json::to_string(&fields).unwrap();
    let written = here.replica.store.write(|w| {
        w.put_item(&crate::store::ItemRow { projection, ..row })?;
        w.set_setting("index_version", &0_u32.to_be_bytes())
    });
    written.unwrap();
    assert!(here.fields(entry.id).contains_key("apart"));
    // What is shared, taken back or exported is copied from here.
    let here = reopened(here);
    assert!(!here.fields(entry.id).contains_key("apart"));
    assert_eq!(here.records.get::<Entry>(entry.id).unwrap(), entry);
}
