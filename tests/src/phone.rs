//! A patient's phone: the real facade over a real store, with a clock, faults and a power switch.

use std::ops::Deref;
use std::path::Path;
use std::sync::Arc;

use companion_core::domain::{DocumentId, EntryKind, Step, Visibility};
use companion_core::patient::{CheckInDraft, EntryDraft, EntryView, Patient};
use companion_core::protocol::id::MemberId;
use companion_core::store::Store;
use companion_core::sync::SyncReport;

use crate::clock::ParticipantClock;
use crate::faults::Faults;
use crate::home::{Copy, Home};
use crate::world::World;

/// An entry for the care team.
pub fn note(body: &str) -> EntryDraft {
    EntryDraft {
        body: body.to_owned(),
        visibility: Visibility::CareTeam,
        ..private_note("")
    }
}

/// An entry for nobody else.
pub fn private_note(body: &str) -> EntryDraft {
    EntryDraft {
        title: String::new(),
        body: body.to_owned(),
        kind: EntryKind::Reflection,
        mood: None,
        session: None,
        tags: std::collections::BTreeSet::new(),
        visibility: Visibility::OnlyMe,
    }
}

/// A check-in with a note, for the care team.
pub fn checked_in(valence: u8, note: &str) -> CheckInDraft {
    CheckInDraft {
        valence: Step::new(valence).unwrap(),
        energy: None,
        anxiety: None,
        sleep: None,
        feelings: std::collections::BTreeSet::new(),
        note: note.to_owned(),
        visibility: Visibility::CareTeam,
        at: None,
    }
}

/// A patient's phone.
pub struct Phone {
    app: Option<Patient>,
    home: Home,
    /// The patient in the clinic's register, once paired with one.
    pub record: Option<DocumentId>,
}

impl Deref for Phone {
    type Target = Patient;
    fn deref(&self) -> &Patient {
        self.app.as_ref().unwrap()
    }
}

impl Phone {
    pub(crate) fn new(world: &World, name: &str) -> Self {
        let home = Home::new(world, name);
        let app = Patient::open(&home.file(), &home.key, home.ports()).unwrap();
        Self {
            app: Some(app),
            home,
            record: None,
        }
    }

    /// Whose it is.
    pub fn name(&self) -> &str {
        &self.home.name
    }

    /// What happens to its requests.
    pub fn faults(&self) -> &Arc<Faults> {
        &self.home.faults
    }

    /// Its clock.
    pub fn clock(&self) -> &ParticipantClock {
        &self.home.clock
    }

    /// Its folder.
    pub fn folder(&self) -> &Path {
        &self.home.folder
    }

    /// Its public name.
    pub fn member(&self) -> MemberId {
        self.status().unwrap().member
    }

    /// Writes an entry for the care team.
    pub fn write(&self, body: &str) -> EntryView {
        self.write_entry(note(body)).unwrap()
    }

    /// Writes an entry for nobody else.
    pub fn write_privately(&self, body: &str) -> EntryView {
        self.write_entry(private_note(body)).unwrap()
    }

    /// Replaces an entry's text, as seen in `view`.
    pub fn rewrite(&self, view: &EntryView, body: &str) -> EntryView {
        let draft = EntryDraft {
            visibility: view.entry.visibility,
            ..note(body)
        };
        self.edit_entry(view.id, &view.revision, draft).unwrap()
    }

    /// Syncs, and insists that everything went well and nothing waits.
    pub fn sync_cleanly(&self) -> SyncReport {
        let report = self.sync().unwrap();
        assert!(report.is_clean(), "{}: {report:#?}", self.name());
        report
    }

    /// The texts of all entries, sorted.
    pub fn texts(&self) -> Vec<String> {
        let mut texts: Vec<String> = self
            .entries()
            .unwrap()
            .into_iter()
            .map(|view| view.entry.body)
            .collect();
        texts.sort();
        texts
    }

    /// Another phone of the same patient, paired with this one.
    pub fn second_phone(&self) -> Phone {
        let mut second = Phone::new(&self.home.world, &format!("{}-2", self.home.name));
        let invitation = self.invite_phone().unwrap();
        second.pair(&invitation.link).unwrap();
        second.record = self.record;
        second.sync().unwrap();
        // Whoever was there before turns the key.
        self.sync_cleanly();
        second.sync_cleanly();
        second
    }

    /// Closes and opens it.
    pub fn reopen(&mut self) {
        self.app = None;
        self.open();
    }

    /// The power goes at this very moment: what is on the disk now is all that is left.
    pub fn lose_power(&mut self) {
        let copy = self.home.copy();
        self.app = None;
        self.home.put_back(&copy);
        self.open();
    }

    /// A copy of its folder, as a phone's backup would make it.
    pub fn copy(&self) -> Copy {
        self.home.copy()
    }

    /// Puts an older copy back in the place of what is there.
    pub fn put_back(&mut self, copy: &Copy) {
        self.app = None;
        self.home.put_back(copy);
        self.open();
    }

    /// A second installation made from a copy, alive beside this one.
    pub fn clone_from(&self, copy: &Copy) -> Phone {
        let mut home = Home::new(&self.home.world, &format!("{}-clone", self.home.name));
        home.key = self.home.key.clone();
        home.put_back(copy);
        let app = Patient::open(&home.file(), &home.key, home.ports()).unwrap();
        Phone {
            app: Some(app),
            home,
            record: self.record,
        }
    }

    /// Its store, opened beside it.
    pub fn store(&self) -> Store {
        self.home.store()
    }

    /// The world that it is in.
    pub fn world(&self) -> &World {
        &self.home.world
    }

    /// Every byte in its store, decrypted.
    pub fn plain_bytes(&self) -> Vec<u8> {
        crate::canary::plain_bytes(&self.home.file(), &self.home.key)
    }

    fn open(&mut self) {
        let home = &self.home;
        self.app = Some(Patient::open(&home.file(), &home.key, home.ports()).unwrap());
    }
}
