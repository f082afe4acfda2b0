//! The drill of a lost clinic's machine, with the programs' own code: init, pair, back up, pair another,
//! lose the folder, restore, sync.

use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::sync::Arc;

use clinic_console::accounts::{Accounts, Role};
use clinic_console::backup::{self, BackupError, KeyInCopy};
use clinic_console::node::{Folder, FolderError};
use companion_core::StoreKey;
use companion_core::clinic::{Clinic, NewPatient};
use companion_core::domain::Entry;
use companion_core::ports::{Clock, Ports};
use companion_core::records::Query;
use companion_tests::{Phone, World, shown};

fn ports(world: &World) -> Ports {
    Ports {
        clock: Arc::clone(world.clock()) as Arc<dyn Clock>,
        rng: world.rng(),
        network: world.network(),
    }
}

fn accounts(world: &World, folder: &Folder) -> Accounts {
    let Ports { clock, rng, .. } = ports(world);
    let key = folder.key().unwrap();
    Accounts::open(&folder.accounts(), &key, clock, rng).unwrap()
}

fn init(world: &World, folder: &Folder) -> Clinic {
    let key = folder.make(&*world.rng()).unwrap();
    let Ports { clock, rng, .. } = ports(world);
    let accounts = Accounts::open(&folder.accounts(), &key, clock, rng).unwrap();
    let (key, url) = (StoreKey::new(*key), world.server().url());
    let clinic = Clinic::init(&folder.replica(), &key, ports(world), "Riverbank", &url).unwrap();
    world.server().register(clinic.public_key());
    accounts
        .add_clinician("Maya Lindqvist", "correct horse battery", Role::Lead)
        .unwrap();
    clinic
}

fn pair(world: &World, clinic: &Clinic, name: &str) -> Phone {
    let new = NewPatient {
        name: name.to_owned(),
        ..NewPatient::default()
    };
    let invitation = clinic.invite_patient(new).unwrap();
    let mut phone = world.phone(name);
    phone.record = Some(invitation.patient);
    phone.pair(&invitation.link).unwrap();
    clinic.sync().unwrap();
    let comparison = shown(clinic, invitation.patient);
    clinic
        .confirm_words(invitation.patient, comparison)
        .unwrap();
    phone.write(&format!("Written by {name}."));
    for _ in 0..2 {
        phone.sync().unwrap();
        clinic.sync().unwrap();
    }
    phone.sync_cleanly();
    phone
}

fn texts(clinic: &Clinic, phone: &Phone) -> Vec<String> {
    let all = Query::<Entry>::all();
    let page = clinic.shared(phone.record.unwrap(), &all).unwrap();
    let items = page.items.into_iter();
    items.map(|shared| shared.view.content.body).collect()
}

fn is_below(folder: &Path, name: &str) -> bool {
    folder.join(name).exists()
}

#[test]
fn a_clinic_that_lost_its_machine_is_back_with_everybody_after_the_drill() {
    let world = World::over_http();
    let folder = Folder::new(world.new_folder("node").join("clinic"), None);
    let clinic = init(&world, &folder);
    let ada = pair(&world, &clinic, "Ada");
    let copies = world.new_folder("copies");
    let copy = copies.join("monday");
    // While it runs.
    backup::back_up(&folder, &copy, KeyInCopy::LeftOut, ports(&world)).unwrap();
    assert!(
        !is_below(&copy, "store.key"),
        "the key stays out unless asked"
    );
    let key = std::fs::read(folder.key_file()).unwrap();
    for file in ["clinic.db", "console.db"] {
        let bytes = std::fs::read(copy.join(file)).unwrap();
        assert!(!bytes.windows(32).any(|window| window == key), "{file}");
    }
    assert!(matches!(
        backup::back_up(&folder, &copy, KeyInCopy::LeftOut, ports(&world)),
        Err(BackupError::Exists(_))
    ));
    let ben = pair(&world, &clinic, "Ben");
    assert!(matches!(
        backup::restore(&copy, &folder, ports(&world)),
        Err(BackupError::Folder(FolderError::Occupied(_)))
    ));
    drop(clinic);
    std::fs::remove_dir_all(folder.data()).unwrap();

    // Without its key a copy is worth nothing, and the folder stays empty.
    assert!(matches!(
        backup::restore(&copy, &folder, ports(&world)),
        Err(BackupError::NoKey(_))
    ));
    assert!(!folder.replica().exists());
    std::fs::write(folder.key_file(), &key).unwrap();
    std::fs::set_permissions(folder.key_file(), Permissions::from_mode(0o600)).unwrap();
    let restored = backup::restore(&copy, &folder, ports(&world)).unwrap();
    assert_eq!(
        (restored.clinic.as_str(), restored.patients),
        ("Riverbank", 1)
    );
    assert!(!is_below(folder.data(), "restoring"));

    let store_key = StoreKey::new(*folder.key().unwrap());
    let clinic = Clinic::open(&folder.replica(), &store_key, ports(&world)).unwrap();
    assert_eq!(accounts(&world, &folder).clinicians().unwrap(), 1);
    clinic.sync().unwrap();
    assert_eq!(texts(&clinic, &ada), ["Written by Ada."]);
    assert_eq!(texts(&clinic, &ben), ["Written by Ben."]);
    // And the copy can be put back once more.
    let again = Folder::new(
        world.new_folder("again").join("clinic"),
        Some(folder.key_file().to_owned()),
    );
    backup::restore(&copy, &again, ports(&world)).unwrap();
}

#[test]
fn a_damaged_copy_is_not_put_in_place() {
    let world = World::over_http();
    let folder = Folder::new(world.new_folder("node").join("clinic"), None);
    let clinic = init(&world, &folder);
    pair(&world, &clinic, "Ada");
    let copy = world.new_folder("copies").join("monday");
    backup::back_up(&folder, &copy, KeyInCopy::Included, ports(&world)).unwrap();
    assert!(is_below(&copy, "store.key"));
    let elsewhere = || Folder::new(world.new_folder("new").join("clinic"), None);
    for file in ["clinic.db", "console.db"] {
        let whole = std::fs::read(copy.join(file)).unwrap();
        let mut torn = whole.clone();
        let middle = torn.len() / 2;
        torn[middle] ^= 1;
        std::fs::write(copy.join(file), &torn).unwrap();
        let new = elsewhere();
        assert!(
            backup::restore(&copy, &new, ports(&world)).is_err(),
            "{file}"
        );
        assert!(
            !new.replica().exists() && !new.accounts().exists(),
            "{file}"
        );
        std::fs::write(copy.join(file), &whole).unwrap();
    }
    let new = elsewhere();
    backup::restore(&copy, &new, ports(&world)).unwrap();
    let empty = world.new_folder("empty");
    assert!(matches!(
        backup::restore(&empty, &elsewhere(), ports(&world)),
        Err(BackupError::NotACopy(_))
    ));
}
