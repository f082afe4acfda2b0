//! The Android app without Gradle: what it stands on by a lock with hashes, the manifests merged, the resources
//! linked, the Kotlin compiled, and the tests run under Robolectric against the core as it was built for this machine.
//!
//! The Gradle files say the same for Android Studio. The versions are those of its catalog.

mod catalog;
mod compiled;
mod dex;
mod gradle;
mod lint;
mod lock;
mod package;
mod parts;
mod prove;
mod resources;
mod shrink;
mod smoke;
mod test;
mod words;

use std::path::PathBuf;

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
    /// How the Kotlin is written, where the words are, what Android Lint says, and whether Gradle's files name what
    /// there is.
    Lint {
        #[command(flatten)]
        given: Given,
        /// Mends how the Kotlin is written, and checks nothing else.
        #[arg(long)]
        write: bool,
    },
    /// The app shrunk by R8, packed and signed, and what its size consists of. It takes minutes, and no phone can load
    /// it: that needs the NDK.
    Apk {
        #[command(flatten)]
        given: Given,
        /// The core's library, built already. Without it one is built as phones have it, which alone takes minutes.
        #[arg(long, value_name = "FILE")]
        core: Option<PathBuf>,
    },
    /// Shows that the checks notice: breaks a copy of the app on purpose. No part of CI: it takes many minutes.
    Prove {
        #[command(flatten)]
        given: Given,
        /// Only faults whose description holds one of these words.
        only: Vec<String>,
    },
    /// Starts what R8 leaves of the app, and has it reach the core.
    Smoke {
        #[command(flatten)]
        given: Given,
    },
}

pub(crate) fn run(task: &Android) -> Result<bool, String> {
    match task {
        Android::Lock => lock::write(),
        Android::Test { given, only } => test::run(given, only),
        Android::Lint { given, write } => lint::run(given, *write),
        Android::Apk { given, core } => package::run(given, core.as_deref()),
        Android::Prove { given, only } => prove::run(given, only),
        Android::Smoke { given } => smoke::run(given),
    }
}

/// Has the tests make their pictures of every page.
pub(crate) fn pictures(given: &Given) -> Result<bool, String> {
    test::run(given, &["ScreensTest".to_owned()])
}
