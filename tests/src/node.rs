//! A clinic's node: the real facade over a real store, with a clock, faults and a power switch.

use std::ops::Deref;
use std::path::Path;
use std::sync::Arc;

use companion_core::clinic::{
    Clinic, EntryItem, InviteState, NewPatient, PatientInvitation, TimelineItem,
};
use companion_core::store::Store;
use companion_core::sync::SyncReport;

use crate::clock::ParticipantClock;
use crate::faults::Faults;
use crate::home::Home;
use crate::phone::Phone;
use crate::world::World;

/// A clinic's node.
pub struct Node {
    app: Option<Clinic>,
    home: Home,
}

impl Deref for Node {
    type Target = Clinic;
    fn deref(&self) -> &Clinic {
        self.app.as_ref().unwrap()
    }
}

impl Node {
    pub(crate) fn init(world: &World, name: &str) -> Self {
        let node = Self::init_unregistered(world, name);
        world.server().register(node.public_key());
        node
    }

    pub(crate) fn init_unregistered(world: &World, name: &str) -> Self {
        let home = Home::new(world, "clinic");
        let url = world.server().url();
        let app = Clinic::init(&home.file(), &home.key, home.ports(), name, &url).unwrap();
        Self {
            app: Some(app),
            home,
        }
    }

    /// A patient with a paired phone whose words were compared, everything synced.
    pub fn with_patient(&self, name: &str) -> Phone {
        let invitation = self.invite(name);
        let mut phone = Phone::new(&self.home.world, name);
        phone.record = Some(invitation.patient);
        let pairing = phone.pair(&invitation.link).unwrap();
        self.sync_cleanly();
        let InviteState::Joined { compare_words } = self.invite_state(invitation.patient).unwrap()
        else {
            panic!("no phone joined");
        };
        assert_eq!(compare_words, pairing.compare_words);
        self.confirm_words(invitation.patient).unwrap();
        phone.sync_cleanly();
        self.sync_cleanly();
        phone.sync_cleanly();
        phone
    }

    /// Registers and invites a patient.
    pub fn invite(&self, name: &str) -> PatientInvitation {
        self.invite_patient(NewPatient {
            name: name.to_owned(),
            ..NewPatient::default()
        })
        .unwrap()
    }

    /// Syncs, and insists that everything went well and nothing waits.
    pub fn sync_cleanly(&self) -> SyncReport {
        let report = self.sync().unwrap();
        assert!(report.is_clean(), "clinic: {report:#?}");
        report
    }

    /// The entries of a patient as the clinician sees them, newest first.
    pub fn entries_of(&self, phone: &Phone) -> Vec<EntryItem> {
        let page = self.patient(phone.record.unwrap()).unwrap();
        page.timeline
            .into_iter()
            .filter_map(|item| match item {
                TimelineItem::Entry(entry) => Some(*entry),
                _ => None,
            })
            .collect()
    }

    /// The texts of those, sorted.
    pub fn texts_of(&self, phone: &Phone) -> Vec<String> {
        let mut texts: Vec<String> = self
            .entries_of(phone)
            .into_iter()
            .map(|item| item.entry.body)
            .collect();
        texts.sort();
        texts
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

    /// Closes and opens it.
    pub fn reopen(&mut self) {
        self.app = None;
        self.open();
    }

    /// The power goes at this very moment.
    pub fn lose_power(&mut self) {
        let copy = self.home.copy();
        self.app = None;
        self.home.put_back(&copy);
        self.open();
    }

    /// Its store, opened beside it.
    pub fn store(&self) -> Store {
        self.home.store()
    }

    /// Every byte in its store, decrypted.
    pub fn plain_bytes(&self) -> Vec<u8> {
        crate::canary::plain_bytes(&self.home.file(), &self.home.key)
    }

    fn open(&mut self) {
        let home = &self.home;
        self.app = Some(Clinic::open(&home.file(), &home.key, home.ports()).unwrap());
    }
}
