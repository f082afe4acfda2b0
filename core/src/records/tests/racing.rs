//! What another thread writes in the middle of a verb is neither lost nor doubled.

use std::sync::Mutex;

use super::*;
use crate::domain::{Declared, Entry, Moment, Visibility};
use crate::error::{CoreError, NotNow};
use crate::ports::{Clock, Ports};

type Meanwhile = Box<dyn FnOnce() + Send>;

/// A clock at whose next reading somebody else acts: verbs read it after they have read the record and
/// before they write.
struct Interrupting {
    at: Moment,
    meanwhile: Mutex<Option<Meanwhile>>,
}

impl Clock for Interrupting {
    fn now(&self) -> Moment {
        let meanwhile = self.meanwhile.lock().unwrap().take();
        if let Some(act) = meanwhile {
            act();
        }
        self.at
    }
}

/// A phone with both spaces, and the clock that it runs on.
fn phone() -> (Installation, Arc<Interrupting>) {
    let folder = tempfile::tempdir().unwrap();
    let clock = Arc::new(Interrupting {
        at: offline().clock.now(),
        meanwhile: Mutex::default(),
    });
    let ports = Ports {
        clock: Arc::clone(&clock) as _,
        ..offline()
    };
    let path = folder.path().join("record.db");
    let replica = Arc::new(Replica::open(&path, &KEY, ports, Side::Patient).unwrap());
    replica.found_space(Purpose::Care, None).unwrap();
    replica.found_space(Purpose::Private, None).unwrap();
    let records = Records::new(&replica, Scope::Patient);
    let phone = Installation {
        folder,
        replica,
        records,
    };
    (phone, clock)
}

fn entry(here: &Installation, visibility: Visibility) -> View<Entry> {
    let entry = Entry {
        body: "one".to_owned(),
        visibility,
        ..Entry::new(here.replica.now())
    };
    here.records.create(entry).unwrap()
}

/// Lets another thread's edit of that come at the clock's next reading.
fn edit_meanwhile(here: &Installation, clock: &Interrupting, view: &View<Entry>) {
    let (records, id, seen) = (here.records.clone(), view.id, view.revision.clone());
    *clock.meanwhile.lock().unwrap() = Some(Box::new(move || {
        let written = records.edit::<Entry>(id, &seen, |entry| entry.body = "one, and two".into());
        written.unwrap();
    }));
}

fn bodies(here: &Installation) -> Vec<String> {
    let page = here.records.page(&Query::<Entry>::all()).unwrap();
    page.items
        .into_iter()
        .map(|view| view.content.body)
        .collect()
}

/// As if the server might have it already.
fn may_have_left(here: &Installation) {
    for row in here.replica.rows() {
        let change = |row: &mut crate::store::SpaceRow| row.sent_through = i64::MAX;
        here.replica.update_row(row.space, change).unwrap();
    }
}

#[test]
fn words_saved_while_it_is_withdrawn_are_in_the_private_copy() {
    for left in [false, true] {
        let (here, clock) = phone();
        let shared = entry(&here, Visibility::CareTeam);
        if left {
            may_have_left(&here);
        }
        edit_meanwhile(&here, &clock, &shared);
        let private = here.records.withdraw::<Entry>(shared.id).unwrap();
        assert!(!private.shared);
        assert_eq!(bodies(&here), ["one, and two"], "left: {left}");
    }
}

#[test]
fn words_saved_while_it_is_deleted_are_kept() {
    for left in [false, true] {
        let (here, clock) = phone();
        let private = entry(&here, Visibility::OnlyMe);
        if left {
            may_have_left(&here);
        }
        edit_meanwhile(&here, &clock, &private);
        let refused = here.records.delete(Declared::by::<Entry>(), private.id);
        assert!(
            matches!(refused, Err(CoreError::NotNow(NotNow::Contended))),
            "nobody decided to delete that: {refused:?}"
        );
        assert_eq!(bodies(&here), ["one, and two"], "left: {left}");
    }
}

#[test]
fn sharing_twice_at_once_shares_once() {
    let (here, clock) = phone();
    let private = entry(&here, Visibility::OnlyMe);
    let (records, id) = (here.records.clone(), private.id);
    *clock.meanwhile.lock().unwrap() = Some(Box::new(move || {
        records.share::<Entry>(id, Visibility::CareTeam).unwrap();
    }));
    here.records
        .share::<Entry>(id, Visibility::CareTeam)
        .unwrap();
    assert_eq!(bodies(&here), ["one"]);
}
