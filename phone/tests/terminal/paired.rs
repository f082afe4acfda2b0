//! A phone and a clinic, with a real server between them.

use std::sync::Arc;

use companion_core::Ports;
use companion_core::clinic::{Clinic, InviteState, NewPatient};
use companion_core::domain::DocumentId;
use companion_core::ports::testing::{ManualClock, SeededRng};
use companion_core::store::StoreKey;
use companion_core::sync::http::HttpNetwork;
use sync_server::{Config, Running, Server, storage};

use crate::person::{AFTERNOON, Phone};

/// A clinic and its server.
struct World {
    clock: Arc<ManualClock>,
    ports: Ports,
    clinic: Clinic,
    patient: DocumentId,
    link: String,
    config: Config,
    server: Option<Running>,
    // Last: everything above writes into it.
    _folder: tempfile::TempDir,
}

impl World {
    fn new() -> Self {
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
        Phone::with(Ports {
            rng: Arc::new(SeededRng::new(seed)),
            ..self.ports.clone()
        })
    }

    fn paired_phone(&self) -> Phone {
        let phone = self.phone(10);
        phone.run(&["pair", &self.link]).done();
        self.clinic.sync().unwrap();
        phone
    }

    /// The newest entry as the clinic has it.
    fn newest(&self) -> DocumentId {
        use companion_core::clinic::TimelineItem;
        let page = self.clinic.patient(self.patient).unwrap();
        let entry = page.timeline.into_iter().find_map(|item| match item {
            TimelineItem::Entry(item) => Some(item.id),
            _ => None,
        });
        entry.unwrap()
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
    assert!(said.contains("Paired with Harbor Clinic."), "{said}");
    assert!(
        said.contains(&compare_words.join("  ")),
        "{compare_words:?} are not in {said}"
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
        .open_entry(world.patient, entry, "Dr Ruiz")
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
    assert_eq!(world.clinic.patient(world.patient).unwrap().timeline, []);

    let said = phone.run(&["share", &private]).done();
    let shared = said.lines().nth(1).unwrap()[..8].to_owned();
    assert_ne!(shared, private, "the shared entry must be a new document");
    phone.run(&["sync"]).done();
    world.clinic.sync().unwrap();
    let page = world.clinic.entry(world.patient, world.newest()).unwrap();
    assert_eq!(page.item.entry.body, "For nobody.");

    let said = phone.run(&["withdraw", &shared]).done();
    assert!(said.contains("may have to keep"), "{said}");
    phone.run(&["sync"]).done();
    world.clinic.sync().unwrap();
    let page = world.clinic.entry(world.patient, world.newest()).unwrap();
    assert_eq!(
        (
            page.item.entry.body.as_str(),
            page.item.entry.title.as_str()
        ),
        ("", "")
    );
    let list = phone.run(&["list", "--entries"]).done();
    assert!(list.contains(&private) && !list.contains(&shared), "{list}");
    assert!(list.contains("only on your devices"), "{list}");
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
    second.run(&["pair", link]).done();
    phone.run(&["sync"]).done();
    second.run(&["sync"]).done();
    assert!(second.run(&["list"]).done().contains("Mine alone."));

    let status = second.run(&["status"]).done();
    let name = status
        .lines()
        .find_map(|line| line.strip_prefix("This phone's name: "))
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
    let said = second.run(&["sync"]).done();
    assert_eq!(
        said,
        "Nothing new on either side.\nThis device was removed.\n"
    );
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
    let new = world.phone(30);
    let server = format!("http://{}", world.config.listen);
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
