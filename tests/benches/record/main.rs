//! How costs grow with the age and size of a record: a phone from its first day to five years, a
//! clinic from ten patients to five hundred, one entry edited three hundred times. Beside each figure
//! stands what plain SQLite takes for the same rows of the same encrypted file in the same run.
//!
//! `cargo bench -p companion-tests --bench record`; `-- --quick` sees whether it works, `-- --fresh`
//! makes the records anew. They are made once, through the real facades, and kept in the target
//! folder. `docs/benchmarks.md` tells how to read the table. `subject.rs` alone calls the facades.
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

mod clinic;
mod contents;
mod disk;
#[path = "../shared/echo.rs"]
mod echo;
mod edits;
mod floors;
mod making;
mod memory;
#[path = "../shared/meter.rs"]
#[allow(dead_code, reason = "each benchmark uses a part of it")]
mod meter;
mod network;
mod phone;
#[path = "../shared/relay.rs"]
#[allow(dead_code, reason = "each benchmark uses a part of it")]
mod relay;
#[path = "../shared/report.rs"]
#[allow(dead_code, reason = "each benchmark uses a part of it")]
mod report;
mod sample;
mod subject;
mod table;
#[path = "../shared/words.rs"]
mod words;

use std::time::{Duration, Instant};

use contents::Sizes;
use making::Records;
use sample::Effort;
use table::Table;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [relay::SERVE, folder, ..] => return relay::serve(folder.as_ref()),
        [memory::CHILD, doing, file, address] => return memory::run(doing, file.as_ref(), address),
        _ => {}
    }
    let asked = |what: &str| arguments.iter().any(|argument| argument == what);
    let (sizes, size) = if asked("--quick") {
        (Sizes::quick(), "quick")
    } else {
        (Sizes::full(), "full")
    };
    let effort = Effort {
        samples: if size == "quick" { 3 } else { 31 },
        at_most: Duration::from_secs(3),
    };
    let began = Instant::now();
    println!("load of the machine at the start: {}", meter::load());
    let records = Records::get(&sizes, size, asked("--fresh"));
    println!("the records are there after {:.0?}", began.elapsed());
    println!("load of the machine before: {}", meter::load());

    let mut table = Table::default();
    phone::measure(&mut table, &sizes, &records, effort);
    edits::measure(&mut table, &sizes, &records, effort);
    clinic::measure(&mut table, &sizes, &records, effort);
    disk::measure(&mut table, effort);
    table.print();
    println!("load of the machine after: {}", meter::load());
    println!("all of it took {:.0?}", began.elapsed());
}

fn megabytes(kilobytes: u64) -> f64 {
    f64::from(u32::try_from(kilobytes).unwrap()) / 1024.0
}
