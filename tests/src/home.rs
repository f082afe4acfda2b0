//! Where an installation lives: its folder, key, clock and faults.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use companion_core::ports::{Clock, random};
use companion_core::testing::store::Store;
use companion_core::{Ports, StoreKey};

use crate::clock::ParticipantClock;
use crate::faults::{Faults, FaultyNetwork};
use crate::world::World;

/// Where an installation lives and what it needs to open.
pub(crate) struct Home {
    pub(crate) world: World,
    pub(crate) name: String,
    pub(crate) folder: PathBuf,
    pub(crate) key: StoreKey,
    pub(crate) clock: Arc<ParticipantClock>,
    pub(crate) faults: Arc<Faults>,
}

impl Home {
    pub(crate) fn new(world: &World, name: &str) -> Self {
        Self {
            folder: world.new_folder(name),
            key: match world.has_open_files() {
                true => StoreKey::NONE,
                false => StoreKey::new(random(&*world.rng())),
            },
            clock: ParticipantClock::new(world.clock()),
            faults: Arc::new(Faults::default()),
            name: name.to_owned(),
            world: world.clone(),
        }
    }

    pub(crate) fn file(&self) -> PathBuf {
        self.folder.join("record.db")
    }

    /// Fresh randomness at each opening: an installation that starts again must not draw the same.
    pub(crate) fn ports(&self) -> Ports {
        Ports {
            clock: Arc::clone(&self.clock) as Arc<dyn Clock>,
            rng: self.world.rng(),
            network: FaultyNetwork::new(self.world.network(), Arc::clone(&self.faults)),
        }
    }

    /// The folder as it is at this moment: what was handed to the system, whether or not a disk has it.
    pub(crate) fn copy(&self) -> Copy {
        let to = self.world.new_folder("copy");
        copy_folder(&self.folder, &to);
        Copy(to)
    }

    pub(crate) fn put_back(&self, copy: &Copy) {
        std::fs::remove_dir_all(&self.folder).unwrap();
        std::fs::create_dir_all(&self.folder).unwrap();
        copy_folder(&copy.0, &self.folder);
    }

    pub(crate) fn store(&self) -> Store {
        Store::open(&self.file(), &self.key).unwrap()
    }
}

/// A copy of an installation's folder.
#[derive(Debug, Clone)]
pub struct Copy(PathBuf);

fn copy_folder(from: &Path, to: &Path) {
    for file in std::fs::read_dir(from).unwrap() {
        let file = file.unwrap();
        // The index of the write-ahead log is of no use to another process.
        if !file.file_name().to_string_lossy().ends_with("-shm") {
            std::fs::copy(file.path(), to.join(file.file_name())).unwrap();
        }
    }
}
