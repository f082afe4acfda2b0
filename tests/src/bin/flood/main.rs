//! A flood: what one address can do to a server and to a console, and whether others are still answered.
//!
//! It runs the real programs, each attack against a fresh process over plain HTTP on loopback. The
//! attacker calls from one loopback address; an honest client with another asks meanwhile. It prints a
//! table and judges nothing: `docs/benchmarks.md` tells how to read it. `cargo xtask flood` builds the
//! programs and runs it; `--programs DIR` takes those of another build, `--descriptors N` lets them open
//! other than the usual number of files, `--only NAME` floods one of the two.
//!
//! Nothing here is fit for production: it panics on any surprise.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a measurement that meets a surprise must not go on"
)]

mod attack;
mod honest;
mod process;
mod request;
mod table;
mod target;

use std::path::PathBuf;
use std::time::Duration;

use attack::Attack;
use table::Row;
use target::{Kind, Target};

/// What systemd and most shells let a program open.
const USUAL_DESCRIPTORS: u64 = 1_024;
/// More than the largest flood needs.
const OWN_DESCRIPTORS: u64 = 16_384;

/// How large the flood is.
pub(crate) struct Sizes {
    pub(crate) bodies: usize,
    pub(crate) connections: usize,
    pub(crate) streams: usize,
    pub(crate) questions: usize,
    /// How long the attack stands after the honest client was served, so that time-outs show.
    pub(crate) patience: Duration,
}

impl Sizes {
    const FULL: Self = Self {
        bodies: 150,
        connections: 4_200,
        streams: 4_000,
        questions: 20,
        patience: Duration::from_secs(30),
    };
    /// Does it run?
    const QUICK: Self = Self {
        bodies: 15,
        connections: 420,
        streams: 400,
        questions: 8,
        patience: Duration::from_secs(2),
    };
}

fn main() {
    let mut arguments = std::env::args().skip(1);
    let mut programs = beside_this_one();
    let mut sizes = Sizes::FULL;
    let mut descriptors = USUAL_DESCRIPTORS;
    let mut kinds = vec![Kind::Server, Kind::Console];
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--programs" => programs = arguments.next().expect("a folder").into(),
            "--quick" => sizes = Sizes::QUICK,
            "--only" => {
                let name = arguments.next().expect("a program");
                kinds.retain(|kind| kind.name() == name);
            }
            "--descriptors" => {
                let number = arguments.next().and_then(|number| number.parse().ok());
                descriptors = number.expect("how many");
            }
            other => panic!("{other}: --programs, --only, --descriptors and --quick are known"),
        }
    }
    println!(
        "{}: each program may open {descriptors} files",
        programs.display()
    );
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .unwrap();
    let mut rows = Vec::new();
    for kind in kinds {
        for attack in Attack::ALL {
            // A program gets the limit that its starter has: ours goes up only afterwards.
            process::limit_descriptors(descriptors);
            let target = Target::start(kind, &programs);
            process::limit_descriptors(OWN_DESCRIPTORS);
            let row = runtime.block_on(measure(&target, attack, &sizes));
            eprintln!("{row}");
            rows.push(row);
        }
    }
    table::print(&rows);
}

/// The folder of this program: cargo puts the others there too.
fn beside_this_one() -> PathBuf {
    let mut own = std::env::current_exe().unwrap();
    own.pop();
    own
}

async fn measure(target: &Target, attack: Attack, sizes: &Sizes) -> Row {
    let mut honest = honest::Client::new(target).await;
    // What the first answers need is not the flood's doing.
    honest.ask(4).await;
    tokio::time::sleep(Duration::from_millis(500)).await;
    let before = target.process.sample();
    let watching = target.process.watch();
    let flood = attack.begin(target, sizes).await;
    let during = target.process.sample();
    let answered = honest.ask(sizes.questions).await;
    tokio::time::sleep(sizes.patience).await;
    let late = target.process.sample();
    let (tried, served) = (flood.tried(), flood.served());
    drop(flood);
    let peak = watching.end();
    let after = target.process.settled(before.sockets).await;
    Row {
        target: target.kind.name(),
        attack: attack.name(),
        tried,
        served,
        held: during.sockets.saturating_sub(before.sockets),
        held_late: late.sockets.saturating_sub(before.sockets),
        patience: sizes.patience,
        before: before.memory,
        peak,
        after: after.memory,
        answered,
        asked: sizes.questions,
    }
}
