//! A clinic and its patients' phones around one in-memory server, on clocks that are set.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use companion_core::Ports;
use companion_core::ports::testing::ManualClock;
use companion_core::ports::{Clock, Moment};
use companion_tests::World;

use super::{CLINIC, PHONE, SERVER, copy_folder};
use crate::contents::{Text, Texts};
use crate::subject::{self, Id, Node, Phone};

pub(super) struct House {
    world: World,
    folder: PathBuf,
    /// Empty only while its file is copied.
    clinic: Option<Node>,
}

/// A patient.
pub(super) struct Person {
    patient: Id,
    phone: Phone,
    clock: Arc<ManualClock>,
    folder: PathBuf,
}

/// A time in which something was written.
pub(super) struct Span {
    pub(super) begin_ms: i64,
    pub(super) end_ms: i64,
}

impl Span {
    /// The part number `part` of so many equal ones.
    pub(super) fn part(begin_ms: i64, end_ms: i64, part: usize, parts: usize) -> Self {
        let whole = Self { begin_ms, end_ms };
        Self {
            begin_ms: whole.at(part, parts),
            end_ms: whole.at(part + 1, parts),
        }
    }

    fn at(&self, step: usize, steps: usize) -> i64 {
        let [step, steps] = [step, steps].map(|number| i64::try_from(number).unwrap());
        self.begin_ms + (self.end_ms - self.begin_ms) * step / steps
    }
}

impl Person {
    /// Their phone is not needed any more.
    pub(super) fn goes(self) {
        drop(self.phone);
        std::fs::remove_dir_all(self.folder).unwrap();
    }
}

impl House {
    pub(super) fn found(seed: u64, now_ms: i64) -> Self {
        let world = World::in_memory(seed);
        world.clock().set(Moment::utc(now_ms));
        let folder = world.new_folder("clinic");
        let mut house = Self {
            world,
            folder,
            clinic: None,
        };
        let file = house.folder.join(CLINIC);
        let clock = Arc::clone(house.world.clock());
        let server = house.world.server();
        let (clinic, key) = subject::init_clinic(&file, house.ports(clock), &server.url());
        // Each patient has a space of their own besides the one with the clinic.
        server.register_with_room(key, 10_000, 1 << 40);
        house.clinic = Some(clinic);
        house.clinic_syncs();
        house
    }

    fn ports(&self, clock: Arc<ManualClock>) -> Ports {
        Ports {
            clock,
            rng: self.world.rng(),
            network: self.world.network(),
        }
    }

    fn clinic(&self) -> &Node {
        self.clinic.as_ref().unwrap()
    }

    pub(super) fn now_is(&self, unix_ms: i64) {
        self.world.clock().set(Moment::utc(unix_ms));
    }

    pub(super) fn clinic_syncs(&self) {
        subject::sync_clinic(self.clinic());
    }

    pub(super) fn phone_syncs(person: &Person) {
        subject::sync_phone(&person.phone);
    }

    /// Invites patients, whose phones pair, and confirms all of them.
    pub(super) fn pair(&self, names: &[String]) -> Vec<Person> {
        let mut people = Vec::new();
        for name in names {
            let (patient, link) = subject::invite(self.clinic(), name);
            let folder = self.world.new_folder("phone");
            let clock = Arc::new(ManualClock::new(self.world.now()));
            let ports = self.ports(Arc::clone(&clock));
            let phone = subject::open_phone(&folder.join(PHONE), ports);
            subject::pair(&phone, &link);
            people.push(Person {
                patient,
                phone,
                clock,
                folder,
            });
        }
        self.clinic_syncs();
        for person in &people {
            subject::confirm(self.clinic(), person.patient);
        }
        // They hear that they are let in; the clinic pays for what they keep private; they found that.
        for _ in 0..2 {
            people
                .iter()
                .for_each(|person| subject::try_sync(&person.phone));
            self.clinic_syncs();
        }
        people.iter().for_each(Self::phone_syncs);
        people
    }

    /// A person writes these entries and so many check-ins, evenly over a time, and syncs at its
    /// end. Gives the shared entries.
    pub(super) fn write(
        &self,
        person: &mut Person,
        entries: &[(Text, bool)],
        check_ins: usize,
        span: &Span,
        texts: &mut Texts,
    ) -> Vec<Id> {
        let steps = entries.len();
        let mut shared = Vec::new();
        for (step, (text, for_clinic)) in entries.iter().enumerate() {
            person.clock.set(Moment::utc(span.at(step, steps)));
            let seen = subject::write(&person.phone, text, *for_clinic);
            if *for_clinic {
                shared.push(subject::id_of(&seen));
            }
            for _ in check_ins * step / steps..check_ins * (step + 1) / steps {
                person.clock.advance_ms(60_000);
                subject::check_in(&person.phone, texts.step(), &texts.note());
            }
        }
        person.clock.set(self.world.now());
        subject::sync_phone(&person.phone);
        shared
    }

    pub(super) fn open(&self, person: &Person, entry: Id) {
        subject::open_entry(self.clinic(), person.patient, entry);
    }

    pub(super) fn mark(&self, person: &Person, entry: Id) {
        subject::mark_reviewed(self.clinic(), person.patient, entry);
    }

    pub(super) fn reply(&self, person: &Person, about: Id, body: &str) {
        subject::reply(self.clinic(), person.patient, about, body);
    }

    pub(super) fn add_session(&self, person: &Person, number: usize, at_ms: i64) {
        let number = u32::try_from(number).unwrap();
        subject::add_session(self.clinic(), person.patient, number, at_ms);
    }

    /// Keeps a copy of the clinic, of this person's phone and of the server. All are closed for it,
    /// so that nothing is left in a log beside a file.
    pub(super) fn keep(&mut self, person: Person, to: &Path) -> Person {
        let Person {
            patient,
            phone,
            clock,
            folder,
        } = person;
        drop((phone, self.clinic.take()));
        let server = self.world.server();
        server.stop();
        copy_folder(&server.data(), &to.join(SERVER));
        copy_folder(&self.folder, to);
        copy_folder(&folder, to);
        server.start();
        let ports = self.ports(Arc::clone(self.world.clock()));
        self.clinic = Some(subject::open_clinic(&self.folder.join(CLINIC), ports));
        let phone = subject::open_phone(&folder.join(PHONE), self.ports(Arc::clone(&clock)));
        clock.set(self.world.clock().now());
        Person {
            patient,
            phone,
            clock,
            folder,
        }
    }
}
