//! Phones and clinics: the real facades over real stores, with a clock, faults and a power switch.

use std::ops::Deref;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use companion_core::clinic::{Clinic, EntryItem, InviteState, NewPatient, TimelineItem};
use companion_core::domain::{DocumentId, EntryKind, Step, Visibility};
use companion_core::patient::{CheckInDraft, EntryDraft, EntryView, Patient};
use companion_core::ports::{Clock, random};
use companion_core::store::{Store, StoreKey};
use companion_core::sync::SyncReport;
use companion_core::{Ports, protocol::id::MemberId};

use crate::clock::ParticipantClock;
use crate::faults::{Faults, FaultyNetwork};
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

/// Where an installation lives and what it needs to open.
struct Home {
    world: World,
    name: String,
    folder: PathBuf,
    key: StoreKey,
    clock: Arc<ParticipantClock>,
    faults: Arc<Faults>,
}

impl Home {
    fn new(world: &World, name: &str) -> Self {
        Self {
            folder: world.new_folder(name),
            key: StoreKey::new(random(&*world.rng())),
            clock: ParticipantClock::new(world.clock()),
            faults: Arc::new(Faults::default()),
            name: name.to_owned(),
            world: world.clone(),
        }
    }

    fn file(&self) -> PathBuf {
        self.folder.join("record.db")
    }

    /// Fresh randomness at each opening: an installation that starts again must not draw the same.
    fn ports(&self) -> Ports {
        Ports {
            clock: Arc::clone(&self.clock) as Arc<dyn Clock>,
            rng: self.world.rng(),
            network: FaultyNetwork::new(self.world.network(), Arc::clone(&self.faults)),
        }
    }

    /// The folder as it is on disk at this moment.
    fn copy(&self) -> Copy {
        let to = self.world.new_folder("copy");
        copy_folder(&self.folder, &to);
        Copy(to)
    }

    fn put_back(&self, copy: &Copy) {
        std::fs::remove_dir_all(&self.folder).unwrap();
        std::fs::create_dir_all(&self.folder).unwrap();
        copy_folder(&copy.0, &self.folder);
    }

    fn store(&self) -> Store {
        Store::open(&self.file(), &self.key).unwrap()
    }
}

/// A copy of an installation's folder.
#[derive(Debug, Clone)]
pub struct Copy(PathBuf);

fn copy_folder(from: &Path, to: &Path) {
    for file in std::fs::read_dir(from).unwrap() {
        let file = file.unwrap();
        // The index of the write-ahead log lives in memory; a power cut takes it away.
        if !file.file_name().to_string_lossy().ends_with("-shm") {
            std::fs::copy(file.path(), to.join(file.file_name())).unwrap();
        }
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
    pub fn invite(&self, name: &str) -> companion_core::clinic::PatientInvitation {
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
                TimelineItem::Entry(entry) => Some(entry),
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
