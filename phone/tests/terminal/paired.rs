//! A phone and a clinic, with a real server between them.

use std::io::{BufRead as _, BufReader};
use std::process::{Command, Stdio};
use std::sync::Arc;

use companion_core::clinic::{Clinic, Comparison, InviteState, NewPatient, Shared};
use companion_core::domain::{CheckIn, Content, DocumentId, Entry, Visibility};
use companion_core::ports::testing::{ManualClock, SeededRng};
use companion_core::records::{PageSize, Query};
use companion_core::{HttpNetwork, Ports, StoreKey};
use sync_server::{Config, Running, Server, storage};

use crate::person::{AFTERNOON, Phone};

/// A clinic and its server.
pub(crate) struct World {
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) ports: Ports,
    pub(crate) clinic: Clinic,
    pub(crate) patient: DocumentId,
    pub(crate) link: String,
    pub(crate) config: Config,
    pub(crate) server: Option<Running>,
    // Last: everything above writes into it.
    _folder: tempfile::TempDir,
}

impl World {
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let clock = Arc::new(ManualClock::new(AFTERNOON));
        let rng = Arc::new(SeededRng::new(2));
        let network = Arc::new(HttpNetwork::new(rng.clone()).unwrap());
        let ports = Ports {
            clock: clock.clone(),
            rng,
            network,
        };
        let mut config = Config::new(&folder.path().join("server"));
        config.metrics = None;
        let server = start(&config);
        config.listen = server.address();
        let url = format!("http://{}", server.address());
        let key = StoreKey::new([3; 32]);
        let store = folder.path().join("clinic.db");
        let clinic = Clinic::init(&store, &key, ports.clone(), "Harbor Clinic", &url).unwrap();
        server
            .storage()
            .register_clinic(storage::Clinic {
                key: clinic.public_key(),
                label: "clinic".to_owned(),
                max_spaces: 10,
                max_bytes: 1 << 30,
            })
            .unwrap();
        let new = NewPatient {
            name: "Ada Sample".to_owned(),
            ..NewPatient::default()
        };
        let invitation = clinic.invite_patient(new).unwrap();
        let (patient, link, server) = (invitation.patient, invitation.link, Some(server));
        Self {
            clock,
            ports,
            clinic,
            patient,
            link,
            config,
            server,
            _folder: folder,
        }
    }

    /// Starts the server that was stopped, over whatever is in its folder.
    pub(crate) fn start_again(&mut self) {
        self.server = Some(start(&self.config));
    }

    pub(crate) fn phone(&self, seed: u64) -> Phone {
        let rng = Arc::new(SeededRng::new(seed));
        let ports = Ports {
            rng,
            ..self.ports.clone()
        };
        Phone::with(self.clock.clone(), ports)
    }

    pub(crate) fn paired_phone(&self) -> Phone {
        let phone = self.phone(10);
        phone.pair(&self.link);
        self.let_in(&phone);
        phone
    }

    /// The words that the clinic shows are the same.
    pub(crate) fn confirm_words(&self) {
        let shown = self.comparison();
        self.clinic.confirm_words(self.patient, shown).unwrap();
    }

    /// The words that the clinic shows are not the same.
    pub(crate) fn refuse_words(&self) {
        let shown = self.comparison();
        self.clinic.refuse_words(self.patient, shown).unwrap();
    }

    fn comparison(&self) -> Comparison {
        match self.clinic.invite_state(self.patient).unwrap() {
            InviteState::Joined { comparison, .. } => comparison,
            other => unreachable!("nobody came: {other:?}"),
        }
    }

    /// The clinic compares the words of the phone that came by its link, and lets it in.
    pub(crate) fn let_in(&self, phone: &Phone) {
        self.clinic.sync().unwrap();
        phone.run(&["sync"]).done();
        self.confirm_words();
        // The phone hears it and says what it is called; the clinic pays for what it keeps to itself.
        for _ in 0..2 {
            phone.run(&["sync"]).done();
            self.clinic.sync().unwrap();
        }
        phone.run(&["sync"]).done();
    }

    /// A second phone that this one let in.
    pub(crate) fn second_phone(&self, first: &Phone, name: &str) -> Phone {
        let second = self.phone(20);
        Self::come_in(&second, first, name);
        second
    }

    /// Lets a phone in by a link of this patient's first one.
    pub(crate) fn come_in(second: &Phone, first: &Phone, name: &str) {
        let invitation = first.run(&["invite-phone"]).done();
        let mut lines = invitation.lines();
        let link = lines.find(|line| line.starts_with("kap://pair/"));
        second
            .run(&["pair", link.unwrap(), "--name", name, "--wait", "0"])
            .done();
        first.run(&["sync"]).done();
        first.let_in();
        for phone in [second, first, second] {
            phone.run(&["sync"]).done();
        }
    }

    /// What of a kind the clinic's pages show, newest first.
    fn shown<T: Content>(&self) -> Vec<Shared<T>> {
        let page = self.clinic.shared(self.patient, &Query::<T>::all());
        page.unwrap().items
    }

    /// The newest entry as the clinic has it.
    pub(crate) fn newest(&self) -> DocumentId {
        self.shown::<Entry>().first().unwrap().view.id
    }

    /// How many entries the clinic's pages show.
    pub(crate) fn shared_entries(&self) -> usize {
        self.shown::<Entry>().len()
    }

    /// How much of a kind was withdrawn.
    fn withdrawn<T: Content>(&self) -> usize {
        let withdrawn = self.clinic.withdrawn::<T>(self.patient, PageSize::SCREEN);
        withdrawn.unwrap().len()
    }
}

fn start(config: &Config) -> Running {
    let clock = sync_server::ManualClock::at(AFTERNOON.unix_ms);
    Server::start(config.clone(), Arc::new(clock)).unwrap()
}

#[test]
fn the_phone_says_how_far_an_entry_got_at_each_step() {
    let mut world = World::new();
    let phone = world.paired_phone();
    world.server = None;
    let id = phone.write(&["--share", "talk", "--title", "The lake", "Calm."]);
    let state = |phone: &Phone| phone.run(&["show", &id]).done();
    assert!(state(&phone).contains("Where it is: on this phone, not sent yet."));
    let away = phone.run(&["sync"]).refused(1);
    assert!(
        away.starts_with("The server can't be reached now; everything"),
        "{away}"
    );
    assert!(state(&phone).contains("on this phone, not sent yet"));
    assert!(
        phone
            .run(&["status"])
            .done()
            .contains("1 change waits on this phone")
    );

    world.server = Some(start(&world.config));
    assert_eq!(phone.run(&["sync"]).done(), "Sent 1, received 0.\n");
    assert!(state(&phone).contains("Where it is: sent, not yet received by the clinic."));

    world.clock.advance_ms(60_000);
    world.clinic.sync().unwrap();
    phone.run(&["sync"]).done();
    let said = state(&phone);
    assert!(
        said.contains("delivered to Harbor Clinic at 23 Nov 2026, 15:19"),
        "{said}"
    );

    world.clock.advance_ms(60_000);
    let entry = world.newest();
    world
        .clinic
        .open_shared::<Entry>(world.patient, entry, "Dr Ruiz")
        .unwrap();
    world
        .clinic
        .reply(world.patient, entry, "Thank you.", "Dr Ruiz")
        .unwrap();
    world.clinic.sync().unwrap();
    phone.run(&["sync"]).done();
    let said = state(&phone);
    assert!(
        said.contains("opened by Dr Ruiz at 23 Nov 2026, 15:20"),
        "{said}"
    );
    assert!(
        said.contains("Dr Ruiz replied on 23 Nov 2026, 15:20:\nThank you."),
        "{said}"
    );
    let replies = phone.run(&["replies"]).done();
    assert!(
        replies.contains("The lake") && replies.contains("Thank you."),
        "{replies}"
    );

    // What was opened is not what stands there now.
    phone.run(&["edit", &id, "Calm, and then not."]).done();
    assert!(state(&phone).contains("on this phone, not sent yet"));
}

#[test]
fn what_is_private_does_not_reach_the_clinic_until_it_is_shared_and_can_be_taken_back() {
    let world = World::new();
    let phone = world.paired_phone();
    let private = phone.write(&["--title", "Mine", "For nobody."]);
    phone
        .run(&["check-in", "--valence", "2", "--note", "Mine too."])
        .done();
    phone.run(&["sync"]).done();
    world.clinic.sync().unwrap();
    assert_eq!(world.shown::<Entry>(), []);
    assert_eq!(world.shown::<CheckIn>(), []);

    let said = phone.run(&["share", &private]).done();
    let shared = said.lines().nth(1).unwrap()[..8].to_owned();
    assert_ne!(shared, private, "the shared entry must be a new document");
    phone.run(&["sync"]).done();
    world.clinic.sync().unwrap();
    let page = world.shown::<Entry>();
    assert_eq!(page.first().unwrap().view.content.body, "For nobody.");
    let refused = phone.run(&["edit", &private, "Another draft."]).refused(1);
    assert!(refused.contains("use the shared one"), "{refused}");

    let said = phone.run(&["withdraw", &shared, "--yes"]).done();
    assert!(said.contains("may keep, sealed"), "{said}");
    phone.run(&["sync"]).done();
    world.clinic.sync().unwrap();
    assert_eq!(world.shown::<Entry>(), []);
    assert_eq!(world.withdrawn::<Entry>(), 1);
    let list = phone.run(&["list", "--entries"]).done();
    assert!(list.contains(&private) && !list.contains(&shared), "{list}");
    assert!(list.contains("only on your devices"), "{list}");

    // What is shared is deleted in one act, and what the clinic may keep is said.
    let said = phone.run(&["share", &private]).done();
    let again = said.lines().nth(1).unwrap()[..8].to_owned();
    phone.run(&["sync"]).done();
    let said = phone.run(&["delete", &again, "--yes"]).done();
    assert!(
        said.contains("Nobody there is known to have opened it"),
        "{said}"
    );
    phone.run(&["sync"]).done();
    world.clinic.sync().unwrap();
    assert_eq!(
        (world.shown::<Entry>(), world.withdrawn::<Entry>()),
        (vec![], 2)
    );
    assert!(!phone.run(&["list", "--entries"]).done().contains(&private));
}

#[test]
fn what_is_said_of_the_clinic_follows_what_the_phone_hears_after_something_was_taken_back() {
    let world = World::new();
    let phone = world.paired_phone();
    let said = phone.run(&["deleted"]).done();
    assert_eq!(said, "Nothing that was shared was deleted since.\n");
    let ids = ["Taken back.", "Gone."].map(|words| phone.write(&["--share", "care-team", words]));
    phone.run(&["sync"]).done();
    world.clinic.sync().unwrap();
    let open: Vec<DocumentId> = world.shown::<Entry>().iter().map(|it| it.view.id).collect();
    let said = phone.run(&["withdraw", &ids[0], "--yes"]).done();
    let (_, own) = said.rsplit_once("Your own copy is ").unwrap();
    let own = own[..8].to_owned();
    phone.run(&["delete", &ids[1], "--yes"]).done();
    let shown = || phone.run(&["show", &own]).done();
    let not_opened = "Where it is: only on your devices; shared before, and not opened then as far as this phone knows.";
    assert!(shown().contains(not_opened), "{}", shown());
    let said = phone.run(&["deleted"]).done();
    assert!(
        said.starts_with("Entry, taken back on 23 Nov 2026"),
        "{said}"
    );
    assert!(
        said.contains("Nobody at your clinic is known to have opened it"),
        "{said}"
    );
    for id in open {
        world
            .clinic
            .open_shared::<Entry>(world.patient, id, "Maya")
            .unwrap();
    }
    world.clinic.sync().unwrap();
    phone.run(&["sync"]).done();
    let opened = "Where it is: only on your devices; shared before, and somebody at your clinic opened it then.";
    assert!(shown().contains(opened), "{}", shown());
    let said = phone.run(&["deleted"]).done();
    assert!(
        said.contains("somebody at your clinic opened it then, so the clinic may have to keep"),
        "{said}"
    );
    assert!(!said.contains("Gone"), "nothing of its words: {said}");
    let said = phone.run(&["deleted", "--json"]).done();
    let said: serde_json::Value = serde_json::from_str(&said).unwrap();
    assert_eq!(said[0]["kind"], "entry");
}

#[test]
fn a_check_in_is_shared_answered_and_taken_back_like_an_entry() {
    let world = World::new();
    let phone = world.paired_phone();
    let said = phone.run(&["check-in", "--valence", "2"]).done();
    let private = said.split_whitespace().next().unwrap();
    let said = phone.run(&["share", private, "--talk"]).done();
    assert!(said.contains("to talk about in session"), "{said}");
    let shared = said.lines().nth(1).unwrap()[..8].to_owned();
    // Shared again, by whichever of its ids, it stays so; that is taken away by a word of its own.
    for id in [&*shared, private] {
        let said = phone.run(&["share", id]).done();
        assert!(said.contains("to talk about in session"), "{said}");
    }
    let said = phone.run(&["share", private, "--no-talk"]).done();
    assert!(!said.contains("to talk about in session"), "{said}");
    phone
        .run(&["share", &shared, "--no-talk", "--talk"])
        .refused(2);
    phone.run(&["sync"]).done();
    world.clinic.sync().unwrap();
    let there = &world.shown::<CheckIn>()[0].view;
    assert_eq!(there.content.visibility, Visibility::CareTeam);
    let there = there.id;
    world
        .clinic
        .reply(world.patient, there, "I am here.", "Dr Ruiz")
        .unwrap();
    world.clinic.sync().unwrap();
    phone.run(&["sync"]).done();
    for words in [&["show", &shared][..], &["replies"]] {
        let said = phone.run(words).done();
        assert!(
            said.contains("Check-in of 23 Nov 2026") && said.contains("I am here."),
            "{said}"
        );
    }

    // By the private copy's id as well: the person need not know that there are two.
    phone.run(&["withdraw", private, "--yes"]).done();
    phone.run(&["sync"]).done();
    world.clinic.sync().unwrap();
    assert_eq!(world.shown::<CheckIn>(), []);
    assert_eq!(world.withdrawn::<CheckIn>(), 1);
    let replies = phone.run(&["replies"]).done();
    assert!(
        replies.contains("something that is not shown any more"),
        "{replies}"
    );
}

#[test]
fn what_was_taken_back_before_it_was_sent_never_leaves_the_phone() {
    let world = World::new();
    let phone = world.paired_phone();
    let id = phone.write(&["--share", "care-team", "Too soon."]);
    phone.run(&["withdraw", &id, "--yes"]).done();
    phone.run(&["sync"]).done();
    world.clinic.sync().unwrap();
    assert_eq!(world.shown::<Entry>(), []);
    assert_eq!(world.withdrawn::<Entry>(), 0, "it left the phone");
}

#[test]
fn watching_does_not_say_connected_while_the_server_is_stopped() {
    let mut world = World::new();
    let phone = world.paired_phone();
    world.server = None;
    let mut watching = Command::new(env!("CARGO_BIN_EXE_phone"))
        .arg("--data")
        .arg(phone.path().join("phone"))
        .arg("watch")
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut said = String::new();
    let mut errors = BufReader::new(watching.stderr.take().unwrap());
    errors.read_line(&mut said).unwrap();
    watching.kill().unwrap();
    let output = watching.wait_with_output().unwrap().stdout;
    assert!(
        said.starts_with("The server can't be reached now"),
        "{said}"
    );
    assert_eq!(
        String::from_utf8(output).unwrap(),
        "Watching; Ctrl-C ends it.\n"
    );
}
