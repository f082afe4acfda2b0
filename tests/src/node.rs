//! A clinic's node: the real facade over a real store, with a clock and faults.

use std::ops::Deref;
use std::path::Path;
use std::sync::Arc;

use companion_core::clinic::{
    Clinic, Comparison, InviteState, NewPatient, PatientInvitation, PhaseChange, Shared,
};
use companion_core::domain::flag::FlagAct;
use companion_core::domain::{
    CheckIn, Content, DocumentId, DosingSession, Entry, Flag, Phase, Readiness,
};
use companion_core::records::{PageSize, Query, Seen, View, Withdrawn};
use companion_core::testing::store::Store;
use companion_core::{Result, SyncReport};

use crate::clock::ParticipantClock;
use crate::faults::Faults;
use crate::home::{Copy, Home};
use crate::phone::Phone;
use crate::world::World;

/// The comparison that a clinic shows now.
pub fn shown(clinic: &Clinic, record: DocumentId) -> Comparison {
    match clinic.invite_state(record).unwrap() {
        InviteState::Joined { comparison, .. } => comparison,
        other => panic!("no phone came: {other:?}"),
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
        phone.pair(&invitation.link).unwrap();
        self.let_in(&phone);
        phone
    }

    /// Another phone that comes by a new link for the same patient.
    pub fn come_again(&self, patient: DocumentId, name: &str) -> Phone {
        let invitation = self.reinvite(patient).unwrap();
        let mut phone = Phone::new(&self.home.world, name);
        phone.record = Some(patient);
        phone.pair(&invitation.link).unwrap();
        self.let_in(&phone);
        phone
    }

    /// Plans a session, or writes down one that was; the patient is ready for one, and whoever is there is named.
    pub fn book(&self, patient: DocumentId, session: DosingSession) -> View<DosingSession> {
        if self.readiness(patient).unwrap().is_none() {
            let ready = Readiness::ready("Dr Moss", self.now());
            self.create(patient, ready).unwrap();
        }
        self.plan_session(patient, attended(session)).unwrap()
    }

    /// An entry of the register as it stands, for whoever changes it.
    pub fn entry_of(&self, patient: DocumentId) -> Seen {
        Seen::of(&self.patient(patient).unwrap().record.entry())
    }

    /// Takes a step with a flag as it stands.
    ///
    /// # Errors
    ///
    /// As [`Clinic::step_flag`].
    pub fn step(
        &self,
        patient: DocumentId,
        flag: DocumentId,
        act: FlagAct,
        by: &str,
        words: &str,
    ) -> Result<View<Flag>> {
        let seen = Seen::of(&self.get::<Flag>(patient, flag)?.content.steps);
        self.step_flag(patient, flag, seen, act, by, words)
    }

    /// Sets the phase of a patient's programme, whichever it is in.
    pub fn enter(&self, patient: DocumentId, to: Phase, by: &str) -> Result<()> {
        let seen = self.patient(patient)?.phase;
        let stood = self.standing_seen(patient)?;
        self.set_phase(patient, PhaseChange { seen, stood, to }, by)
    }

    /// The words of a phone that came by this clinic's link are compared, and it is let in; everything
    /// synced.
    pub fn let_in(&self, phone: &Phone) {
        let record = phone.record.unwrap();
        self.sync_cleanly();
        phone.sync().unwrap();
        let shown = self.words_of(record);
        assert_eq!(phone.words_to_compare(), shown);
        self.confirm(record).unwrap();
        // The phone hears that it is in and says who it is; the clinic pays for what it keeps to itself.
        phone.sync().unwrap();
        self.sync_cleanly();
        phone.sync_cleanly();
        self.sync_cleanly();
        phone.sync_cleanly();
    }

    /// The words that stand are the same.
    pub fn confirm(&self, record: DocumentId) -> Result<()> {
        self.confirm_words(record, shown(self, record))
    }

    /// The words that stand are not the same.
    pub fn refuse(&self, record: DocumentId) -> Result<()> {
        self.refuse_words(record, shown(self, record))
    }

    /// The words that the clinic shows for a newcomer.
    pub fn words_of(&self, record: DocumentId) -> Vec<String> {
        match self.invite_state(record).unwrap() {
            InviteState::Joined { compare_words, .. } => compare_words,
            other => panic!("no phone came: {other:?}"),
        }
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
    pub fn entries_of(&self, phone: &Phone) -> Vec<Shared<Entry>> {
        self.all_shared(phone, Query::all())
    }

    /// The check-ins of a patient as the clinician sees them, newest first.
    pub fn check_ins_of(&self, phone: &Phone) -> Vec<Shared<CheckIn>> {
        self.all_shared(phone, Query::all())
    }

    /// All pages of a list of what a patient shared.
    pub fn all_shared<T: Content>(&self, phone: &Phone, query: Query<T>) -> Vec<Shared<T>> {
        let mut all = Vec::new();
        let mut next = query;
        loop {
            let page = self.shared(phone.record.unwrap(), &next).unwrap();
            all.extend(page.items);
            assert!(all.len() < 100_000, "it goes round in circles");
            match page.next {
                Some(cursor) => next = next.after(cursor),
                None => return all,
            }
        }
    }

    /// What a patient shared once and withdrew.
    pub fn withdrawn_of(&self, phone: &Phone) -> Vec<Withdrawn> {
        self.withdrawn::<Entry>(phone.record.unwrap(), PageSize::LARGEST)
            .unwrap()
    }

    /// The texts of a patient's entries, sorted.
    pub fn texts_of(&self, phone: &Phone) -> Vec<String> {
        let mut texts: Vec<String> = self
            .entries_of(phone)
            .into_iter()
            .map(|shared| shared.view.content.body)
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

    /// The process is killed at this very moment: what it had handed to the system is all that is
    /// left.
    pub fn kill(&mut self) {
        let copy = self.home.copy();
        self.app = None;
        self.home.put_back(&copy);
        self.open();
    }

    /// A copy of its folder, as somebody makes one before an update.
    pub fn copy(&self) -> Copy {
        self.home.copy()
    }

    /// Puts an older copy back in the place of what is there.
    pub fn put_back(&mut self, copy: &Copy) {
        self.app = None;
        self.home.put_back(copy);
        self.open();
    }

    /// Runs SQL on its file, behind its back: damage.
    pub fn damage(&self, sql: &str, with: impl rusqlite::Params) {
        crate::canary::open(&self.home.file(), &self.home.key)
            .execute(sql, with)
            .unwrap();
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

/// A session that names a therapist and a medical provider where it named none.
pub fn attended(mut session: DosingSession) -> DosingSession {
    let names = [
        (&mut session.therapist, "Maya Lindqvist"),
        (&mut session.medical_provider, "Dr. Vega"),
    ];
    for (name, of) in names {
        if name.is_empty() {
            of.clone_into(name);
        }
    }
    session
}
