//! A phone and a clinic, with a real server between them.

use std::io::{BufRead as _, BufReader};
use std::process::{Command, Stdio};
use std::sync::Arc;

use companion_core::clinic::{Clinic, InviteState, NewPatient, Shared};
use companion_core::domain::{CheckIn, Content, DocumentId, Entry};
use companion_core::ports::testing::{ManualClock, SeededRng};
use companion_core::records::{PageSize, Query};
use companion_core::{HttpNetwork, Ports, StoreKey};
use sync_server::{Config, Running, Server, storage};

use crate::person::{AFTERNOON, Phone};

/// A clinic and its server.
pub(crate) struct World {
    clock: Arc<ManualClock>,
    ports: Ports,
    clinic: Clinic,
    patient: DocumentId,
    link: String,
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

    fn phone(&self, seed: u64) -> Phone {
        let rng = Arc::new(SeededRng::new(seed));
        let ports = Ports {
            rng,
            ..self.ports.clone()
        };
        Phone::with(self.clock.clone(), ports)
    }

    pub(crate) fn paired_phone(&self) -> Phone {
        let phone = self.phone(10);
        phone.run(&["pair", &self.link]).done();
        self.clinic.sync().unwrap();
        phone.run(&["sync"]).done();
        phone
    }

    /// What of a kind the clinic's pages show, newest first.
    fn shown<T: Content>(&self) -> Vec<Shared<T>> {
        let page = self.clinic.shared(self.patient, &Query::<T>::all());
        page.unwrap().items
    }

    /// The newest entry as the clinic has it.
    fn newest(&self) -> DocumentId {
        self.shown::<Entry>().first().unwrap().view.id
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
fn pairing_shows_the_words_that_the_clinic_sees() {
    let world = World::new();
    let phone = world.phone(10);
    // From standard input, so that no shell remembers the link.
    let said = phone
        .type_in(&["pair"], &format!("{}\n", world.link))
        .done();
    world.clinic.sync().unwrap();
    let InviteState::Joined { compare_words } = world.clinic.invite_state(world.patient).unwrap()
    else {
        unreachable!("nobody joined")
    };
    let words = compare_words.join("  ");
    assert!(
        said.contains("Joined the record with Harbor Clinic."),
        "{said}"
    );
    assert!(said.contains(&words), "{compare_words:?} are not in {said}");
    assert!(
        said.contains("Compare these words with the clinic."),
        "{said}"
    );
    // Nobody says "paired" before the words were compared: somebody else may have come in.
    phone.run(&["sync"]).done();
    let status = phone.run(&["status"]).done();
    assert!(
        !said.contains("Paired") && !status.contains("Paired"),
        "{status}"
    );
    assert!(
        status.contains(&format!("to compare with the clinic: {words}")),
        "{status}"
    );
    world.clinic.confirm_words(world.patient).unwrap();
    world.clinic.sync().unwrap();
    phone.run(&["sync"]).done();
    let status = phone.run(&["status"]).done();
    let paired = "Paired with Harbor Clinic, which compared the words on 23 Nov 2026, 15:18.";
    assert!(
        status.contains(paired) && !status.contains(&words),
        "{status}"
    );
    let again = world.phone(11).run(&["pair", &world.link]).refused(1);
    assert!(
        again.lines().count() == 1 && !again.contains("panicked"),
        "{again}"
    );
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
    let refused = phone.run(&["delete", &shared]).refused(1);
    assert_eq!(
        refused,
        "This is shared with the clinic; `withdraw` it first.\n"
    );
    let refused = phone.run(&["edit", &private, "Another draft."]).refused(1);
    assert!(refused.contains("use the shared one"), "{refused}");

    let said = phone.run(&["withdraw", &shared]).done();
    assert!(said.contains("may have to keep"), "{said}");
    phone.run(&["sync"]).done();
    world.clinic.sync().unwrap();
    assert_eq!(world.shown::<Entry>(), []);
    assert_eq!(world.withdrawn::<Entry>(), 1);
    let list = phone.run(&["list", "--entries"]).done();
    assert!(list.contains(&private) && !list.contains(&shared), "{list}");
    assert!(list.contains("only on your devices"), "{list}");
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
    phone.run(&["sync"]).done();
    world.clinic.sync().unwrap();
    let there = world.shown::<CheckIn>().first().unwrap().view.id;
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
    phone.run(&["withdraw", private]).done();
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
    phone.run(&["withdraw", &id]).done();
    phone.run(&["sync"]).done();
    world.clinic.sync().unwrap();
    assert_eq!(world.shown::<Entry>(), []);
    assert_eq!(world.withdrawn::<Entry>(), 0, "it left the phone");
}

#[test]
fn a_second_phone_comes_in_by_link_and_a_lost_one_is_removed() {
    let world = World::new();
    let phone = world.paired_phone();
    phone.write(&["Mine alone."]);
    phone.run(&["sync"]).done();
    let invitation = phone.run(&["invite-phone"]).done();
    let link = invitation
        .lines()
        .find(|line| line.starts_with("kap://pair/"))
        .unwrap();
    assert!(invitation.contains('█'), "no code to scan");
    let second = world.phone(20);
    let said = second.run(&["pair", link, "--name", "Ada's tablet"]).done();
    let words = said.lines().nth(2).unwrap().trim().to_owned();
    assert!(
        said.contains("Compare these words with the phone that made the link"),
        "{said}"
    );
    phone.run(&["sync"]).done();
    // Both phones show the same words, and the newcomer by its name.
    let devices = phone.run(&["devices"]).done();
    assert!(devices.contains(&words), "{words} are not in {devices}");
    assert!(
        devices.contains("Ada's tablet (another phone of yours)"),
        "{devices}"
    );
    second.run(&["sync"]).done();
    assert!(second.run(&["list"]).done().contains("Mine alone."));

    let name = devices
        .lines()
        .find(|line| line.contains("Ada's tablet"))
        .map(|line| &line[..8])
        .unwrap();
    let devices = phone.run(&["devices"]).done();
    let clinic = devices
        .lines()
        .find(|line| line.contains("your clinic"))
        .unwrap();
    let refused = phone.run(&["devices", "remove", &clinic[..8]]).refused(1);
    assert!(refused.starts_with("That is your clinic"), "{refused}");
    phone.run(&["devices", "remove", name]).done();
    assert!(
        phone
            .run(&["devices"])
            .done()
            .contains("removed, gets nothing new")
    );
    phone.write(&["After the loss."]);
    phone.run(&["sync"]).done();
    let last_exchange = |said: &str| {
        let line = said.lines().find(|line| line.starts_with("Last exchange"));
        line.unwrap().to_owned()
    };
    let before = last_exchange(&second.run(&["status"]).done());
    world.clock.advance_ms(3_600_000);
    let said = second.run(&["sync"]);
    assert_eq!(said.code, std::process::ExitCode::FAILURE);
    assert_eq!(
        said.errors,
        "This phone is not a member of the record any more, so nothing was exchanged with the clinic; \
         what is here stays here.\n"
    );
    assert_eq!(said.output, "This device was removed from the record.\n");
    let status = second.run(&["status"]).done();
    assert_eq!(
        last_exchange(&status),
        before,
        "nothing was exchanged since"
    );
    assert!(
        status.contains("To know: This device was removed from the record."),
        "{status}"
    );
    let warnings = second.run(&["warnings"]).done();
    assert!(warnings.contains("23 Nov 2026"), "{warnings}");
    for line in warnings.lines().filter(|line| line.contains("23 Nov 2026")) {
        let number = line.split_whitespace().next().unwrap();
        second.run(&["warnings", "dismiss", number]).done();
    }
    assert!(!second.run(&["status"]).done().contains("To know"));
    // What is written to be shared is saved all the same, and nobody says that it was shared.
    let said = second
        .run(&["write", "--share", "care-team", "From the lost one."])
        .done();
    assert!(
        said.contains("so nothing was shared. What you wrote is kept as private.")
            && said.contains("saved; only on your devices"),
        "{said}"
    );
    // Nor does it watch for a clinic that gives it nothing.
    let said = second.run(&["watch"]);
    assert_eq!(said.code, std::process::ExitCode::FAILURE);
    assert_eq!(said.output, "Watching; Ctrl-C ends it.\n");
    let kept = second.run(&["list"]).done();
    assert!(
        kept.contains("Mine alone.") && !kept.contains("After the loss."),
        "{kept}"
    );
}

#[test]
fn twelve_words_bring_a_new_phone_back() {
    let world = World::new();
    let phone = world.paired_phone();
    phone.write(&["Not lost."]);
    phone.run(&["sync"]).done();
    let said = phone.run(&["recovery-code"]).done();
    let words: Vec<&str> = said
        .lines()
        .take(12)
        .map(|line| line.split_whitespace().nth(1).unwrap())
        .collect();
    assert_eq!(words.len(), 12);
    // All that coming back takes stands on the sheet; nothing is said of words that never were.
    let server = format!("http://{}", world.config.listen);
    assert!(
        said.contains(&format!("recover --server {server}")),
        "{said}"
    );
    assert!(!said.contains("open nothing"), "{said}");
    let devices = phone.run(&["devices"]).done();
    assert!(
        devices.contains("Recovery words (no phone: twelve words on paper)"),
        "{devices}"
    );
    let new = world.phone(30);
    let mut wrong = words.clone();
    wrong.swap(0, 1);
    let refused = new.type_in(&["recover", "--server", &server], &wrong.join(" "));
    assert_eq!(refused.output, "");
    let said = new
        .type_in(&["recover", "--server", &server], &words.join("\n"))
        .done();
    assert!(said.contains("yours again, with Harbor Clinic"), "{said}");
    assert!(new.run(&["list"]).done().contains("Not lost."));
}

#[test]
fn words_made_again_say_what_became_of_the_earlier_ones_on_both_phones() {
    let world = World::new();
    let phone = world.paired_phone();
    phone
        .run(&["devices", "name", "Ada's", "old", "phone"])
        .done();
    let sheet = phone.run(&["recovery-code"]).done();
    let numbered: Vec<&str> = sheet.lines().take(12).collect();
    let invitation = phone.run(&["invite-phone"]).done();
    let link = invitation.lines().find(|line| line.starts_with("kap://"));
    let second = world.phone(20);
    second
        .run(&["pair", link.unwrap(), "--name", "Ada's tablet"])
        .done();
    phone.run(&["sync"]).done();
    second.run(&["sync"]).done();
    let status = second.run(&["status"]).done();
    assert!(
        status.contains("Recovery words: those made on Ada's old phone on 23 Nov 2026, 15:18."),
        "{status}"
    );
    let said = second.run(&["recovery-code"]).done();
    assert!(
        said.contains("The words that were made before them open nothing any more."),
        "{said}"
    );
    // Pasted with their numbers, just as the sheet shows them.
    let server = format!("http://{}", world.config.listen);
    let refused = world
        .phone(30)
        .type_in(&["recover", "--server", &server], &numbered.join("\n"))
        .refused(1);
    assert_eq!(
        refused,
        "These words open no record on this server: newer words replaced them, or they belong to another \
         server.\n"
    );
    phone.run(&["sync"]).done();
    let status = phone.run(&["status"]).done();
    assert!(
        status.contains("Recovery words: those made on Ada's tablet on")
            && status.contains(
                "Those made here on 23 Nov 2026, 15:18 were replaced on Ada's tablet, and open nothing \
                 any more."
            ),
        "{status}"
    );
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
