//! What a device is called is what it says of itself, whatever a stolen one says of it or writes over.

use companion_core::domain::{Content, Device, DeviceSort, DocumentId, Moment};
use companion_core::protocol::statement::{LastChange, Removal};
use companion_core::testing::space::rotation::Change;
use companion_tests::{Insider, Node, Phone, World, edit_payload, new_payload};

struct Household {
    world: World,
    clinic: Node,
    ada: Phone,
    tablet: Phone,
    laptop: Phone,
}

fn household() -> Household {
    let world = World::over_http();
    let clinic = world.clinic("Riverbank");
    let ada = clinic.with_patient("Ada");
    let mut phones = [ada.second_phone(), ada.second_phone()];
    // Members are read in the order of their ids: what a thief on the tablet says comes last.
    phones.sort_by_key(|phone| phone.member());
    let [laptop, tablet] = phones;
    tablet.rename_phone("The tablet").unwrap();
    laptop.rename_phone("The laptop").unwrap();
    for phone in [&tablet, &laptop, &ada, &tablet] {
        phone.sync_cleanly();
    }
    clinic.sync_cleanly();
    Household {
        world,
        clinic,
        ada,
        tablet,
        laptop,
    }
}

impl Household {
    /// What Ada's phone calls the tablet and the laptop.
    fn names(&self) -> [String; 2] {
        let devices = self.ada.devices().unwrap();
        [&self.tablet, &self.laptop].map(|phone| {
            let mut all = devices.iter();
            let device = all.find(|device| device.member == phone.member());
            device.unwrap().name.clone()
        })
    }
}

#[test]
fn a_thief_on_the_second_phone_gives_no_names_to_others() {
    let home = household();
    let mut thief = Insider::of(&home.tablet, "care");
    let known = thief.readable(&home.world.server().stored_changes());
    // In a document of its own, older than theirs; and over what they said.
    let said = Device {
        member: home.laptop.member(),
        name: "The tablet".to_owned(),
        sort: DeviceSort::Phone,
        at: Moment {
            unix_ms: 1,
            offset_minutes: 0,
        },
        grant_for: None,
    };
    let fresh = DocumentId::random(&*home.world.rng());
    let mut lies = vec![new_payload(&home.world, fresh, &said)];
    let laptop = home.laptop.member().to_string();
    let of_laptop = known
        .iter()
        .filter(|p| p.kind == Device::KIND && p.projection.contains(&laptop));
    let mut documents: Vec<_> = of_laptop.map(|payload| payload.document).collect();
    documents.dedup();
    assert!(!documents.is_empty());
    let thiefs = home.tablet.member().to_string();
    for document in documents {
        for (field, lie) in [("name", "The tablet"), ("member", &thiefs)] {
            lies.push(edit_payload(
                &home.world,
                &known,
                document,
                &Device::SHAPE,
                |row| drop(row.insert(field.to_owned(), lie.into())),
            ));
        }
    }
    let changes: Vec<_> = lies.iter().map(|lie| thief.seal(lie)).collect();
    thief.push_ok(&changes);
    home.ada.sync().unwrap();
    home.clinic.sync().unwrap();
    assert_eq!(home.names()[1], "The laptop");
    // The owner goes on naming it, though the thief wrote into what it is named in.
    home.laptop.sync().unwrap();
    home.laptop.rename_phone("Ada's laptop").unwrap();
    home.laptop.sync_cleanly();
    home.ada.sync().unwrap();
    assert_eq!(home.names()[1], "Ada's laptop");
    assert_eq!(home.laptop.status().unwrap().name, "Ada's laptop");
}

#[test]
fn a_removed_device_keeps_its_name_also_where_its_removal_takes_back_all_that_it_said() {
    let home = household();
    // A restored server takes a removal that says of somebody who wrote that nothing of it counts.
    let backup = home.world.server().backup();
    home.world.server().restore(&backup);
    home.ada.sync().unwrap();
    home.clinic.sync().unwrap();
    let (removal, _) = Insider::of(&home.ada, "care").rotation(Change {
        remove: vec![Removal {
            member: home.tablet.member(),
            last: LastChange::NONE,
        }],
        ..Change::default()
    });
    let answer = Insider::of(&home.ada, "care").offer(&removal);
    assert_eq!(answer.status, 201);
    home.ada.sync().unwrap();
    assert_eq!(home.names()[0], "The tablet");
    let taken_back = home.ada.retracted().unwrap();
    assert!(!taken_back.is_empty());
    for word in taken_back {
        assert_eq!(word.written_by, "\u{201c}The tablet\u{201d}");
    }
}
