//! What the programme costs on the processor alone, without disk and network: reading the guides at
//! start and laying them out. Beside each figure stands what the same machine takes in the same run for
//! the least that there is to do.
//!
//! `cargo bench -p companion-tests --bench programme`; `-- --quick` sees whether it works.
//!
//! Nothing here is fit for production: it panics on any surprise.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a measurement that meets a surprise must not go on"
)]

mod guides;
#[path = "../shared/meter.rs"]
#[allow(dead_code, reason = "each benchmark uses a part of it")]
mod meter;
#[path = "../shared/report.rs"]
#[allow(dead_code, reason = "each benchmark uses a part of it")]
mod report;

use std::hint::black_box;
use std::time::{Duration, Instant};

use report::Table;

fn main() {
    let is_quick = std::env::args().any(|argument| argument == "--quick");
    let rounds = if is_quick { 20 } else { 2_000 };
    println!("load of the machine before: {}", meter::load());
    let mut table = Table::default();
    guides::measure(&mut table, rounds);
    table.print();
    println!("load of the machine after: {}", meter::load());
}

/// What each of several works takes, in turn with the others: the middle of all rounds.
fn in_turn<const N: usize>(rounds: usize, mut works: [&mut dyn FnMut(); N]) -> [Duration; N] {
    let mut times = [const { Vec::new() }; N];
    for _ in 0..rounds {
        for (work, times) in works.iter_mut().zip(&mut times) {
            let began = Instant::now();
            black_box(work)();
            times.push(began.elapsed());
        }
    }
    times.map(|times| meter::Spread::of(times).p50)
}
