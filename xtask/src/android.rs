//! The Android app without Gradle: what it stands on by a lock with hashes, the manifests merged, the resources
//! linked, the Kotlin compiled, and the tests run under Robolectric against the core as it was built for this machine.
//!
//! The Gradle files say the same for Android Studio. The versions are those of its catalog.

mod catalog;
mod lint;
mod lock;
mod parts;
mod resources;
mod test;

use clap::Subcommand;

#[cfg(test)]
pub(crate) use catalog::Catalog;

use crate::bindings::Given;

/// What is locked.
const LOCK: &str = "android/ci/dependencies.lock";

/// The oldest Android that the app runs on, and the one that most phones have: the tests run on both. By API level.
const TESTED: [&str; 2] = ["28", "35"];

/// What this needs of a machine.
const HINT: &str = "apt-get install openjdk-17-jdk-headless maven";

#[derive(Subcommand)]
pub(crate) enum Android {
    /// Writes `android/ci/dependencies.lock` anew, from the catalog.
    Lock,
    /// Builds the app and runs its tests.
    Test {
        #[command(flatten)]
        given: Given,
        /// Only tests whose name holds one of these words.
        only: Vec<String>,
    },
    /// How the Kotlin is written, and whether Gradle's files name what there is.
    Lint {
        /// Mends what can be.
        #[arg(long)]
        write: bool,
    },
}

pub(crate) fn run(task: &Android) -> Result<bool, String> {
    match task {
        Android::Lock => lock::write(),
        Android::Test { given, only } => test::run(given, only),
        Android::Lint { write } => lint::run(*write),
    }
}
