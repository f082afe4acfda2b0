//! A clinic's node with a patient's phone beside it, for tests: the real core on both sides, and between
//! them a relay in memory.

#![allow(clippy::unwrap_used, clippy::panic)]

mod relay;

use std::sync::Arc;

use companion_core::clinic::{Clinic, Comparison, InviteState, NewPatient};
use companion_core::domain::{CheckIn, DocumentId, Entry, Moment, Rating, Visibility};
use companion_core::patient::Patient;
use companion_core::ports::testing::{ManualClock, SeededRng};
use companion_core::records::View;
use companion_core::{Ports, StoreKey};

pub(crate) use relay::Relay;

/// Where the relay answers.
const SERVER: &str = "https://sync.test";

pub(crate) struct Rehearsal {
    pub(crate) clinic: Arc<Clinic>,
    pub(crate) phone: Patient,
    pub(crate) relay: Relay,
    pub(crate) clock: Arc<ManualClock>,
    /// Ada Okafor.
    pub(crate) patient: DocumentId,
    pub(crate) folder: tempfile::TempDir,
}

impl Rehearsal {
    /// Ada is registered and holds a link that nobody used yet.
    pub(crate) fn invited() -> (Self, String) {
        let folder = tempfile::tempdir().unwrap();
        let relay = Relay::default();
        // Mon 23 Nov 2026, 20:30 in a clinic one hour ahead of UTC.
        let now: Moment = "2026-11-23T20:30:00+01:00".parse().unwrap();
        let clock = Arc::new(ManualClock::new(now));
        let ports = |seed| Ports {
            clock: Arc::clone(&clock) as _,
            rng: Arc::new(SeededRng::new(seed)),
            network: Arc::new(relay.clone()),
        };
        let key = StoreKey::new([7; 32]);
        let path = |name: &str| folder.path().join(name);
        let name = "Rowan Street Clinic";
        let clinic = Clinic::init(&path("clinic.db"), &key, ports(1), name, SERVER).unwrap();
        let invitation = clinic
            .invite_patient(NewPatient {
                name: "Ada Okafor".to_owned(),
                pronouns: "she/her".to_owned(),
                therapist: "Maya Lindqvist".to_owned(),
                ..NewPatient::default()
            })
            .unwrap();
        let phone = Patient::open(&path("phone.db"), &key, ports(2)).unwrap();
        let stage = Self {
            clinic: Arc::new(clinic),
            phone,
            relay,
            clock,
            patient: invitation.patient,
            folder,
        };
        (stage, invitation.link)
    }

    /// Ada's phone came by the link; the words are to be compared.
    pub(crate) fn joined() -> Self {
        let (stage, link) = Self::invited();
        stage.phone.pair(&link).unwrap();
        stage.sync();
        stage
    }

    /// Ada's phone is let in, and has said what it is called.
    pub(crate) fn new() -> Self {
        let stage = Self::joined();
        stage.let_in();
        stage
    }

    /// The words were the same: Ada's phone is let in.
    pub(crate) fn let_in(&self) {
        let shown = self.comparison();
        self.clinic.confirm_words(self.patient, shown).unwrap();
        for _ in 0..2 {
            self.sync();
        }
    }

    /// The comparison that the clinic shows.
    pub(crate) fn comparison(&self) -> Comparison {
        match self.clinic.invite_state(self.patient).unwrap() {
            InviteState::Joined { comparison, .. } => comparison,
            other => panic!("nobody waits: {other:?}"),
        }
    }

    /// The words that the clinic shows.
    pub(crate) fn words(&self) -> Vec<String> {
        match self.clinic.invite_state(self.patient).unwrap() {
            InviteState::Joined { compare_words, .. } => compare_words,
            other => panic!("nobody waits: {other:?}"),
        }
    }

    /// A phone that nobody has let in anywhere.
    pub(crate) fn another_phone(&self, seed: u64) -> Patient {
        let ports = Ports {
            clock: Arc::clone(&self.clock) as _,
            rng: Arc::new(SeededRng::new(seed)),
            network: Arc::new(self.relay.clone()),
        };
        let path = self.folder.path().join(format!("phone-{seed}.db"));
        Patient::open(&path, &StoreKey::new([7; 32]), ports).unwrap()
    }

    /// Ada's second phone, which shows what the first does.
    pub(crate) fn second_phone(&self) -> Patient {
        let tablet = self.another_phone(3);
        tablet
            .pair(&self.phone.invite_phone().unwrap().link)
            .unwrap();
        self.phone.sync().unwrap();
        let newcomer = self.phone.newcomers().unwrap().pop().unwrap();
        assert!(newcomer.compare_words.is_some());
        self.phone.confirm_phone(newcomer.member).unwrap();
        for _ in 0..2 {
            tablet.sync().unwrap();
            self.sync();
        }
        tablet.sync().unwrap();
        tablet
    }

    /// Phone, clinic, and the phone again, which learns what the clinic said.
    pub(crate) fn sync(&self) {
        self.phone.sync().unwrap();
        self.clinic.sync().unwrap();
        self.phone.sync().unwrap();
    }

    /// Ada writes something that she wants to talk about; it has not left her phone.
    pub(crate) fn write(&self, title: &str, body: &str) -> View<Entry> {
        self.clock.advance_ms(1_000);
        let entry = Entry {
            title: title.to_owned(),
            body: body.to_owned(),
            visibility: Visibility::TalkInSession,
            ..Entry::new(self.phone.now())
        };
        self.phone.create(entry).unwrap()
    }

    /// Ada checks in; it has not left her phone.
    pub(crate) fn check_in(&self, valence: u8, note: &str) -> View<CheckIn> {
        self.clock.advance_ms(1_000);
        let valence = Rating::new(valence).unwrap();
        let check_in = CheckIn {
            note: note.to_owned(),
            visibility: Visibility::CareTeam,
            ..CheckIn::new(valence, self.phone.now())
        };
        self.phone.create(check_in).unwrap()
    }
}
