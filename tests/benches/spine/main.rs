//! What a person waits for and what a server holds, measured over real HTTP on loopback: the first
//! sync of a new phone, bytes per entry, durable pushes, and how long a change takes from one phone
//! to another. Next to each figure stands what the same machine does at the same moment without us:
//! a bare SQLite commit, a bare TCP round trip, bare cryptography.
//!
//! `cargo bench -p companion-tests --bench spine`. The server runs in a process of its own: this
//! program starts itself again for it. `docs/benchmarks.md` tells how to read the table.
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

mod costs;
#[path = "../shared/echo.rs"]
mod echo;
mod floors;
#[path = "../shared/meter.rs"]
#[allow(dead_code, reason = "each benchmark uses a part of it")]
mod meter;
mod people;
mod phones;
mod push;
#[path = "../shared/relay.rs"]
mod relay;
#[path = "../shared/report.rs"]
mod report;
#[path = "../shared/words.rs"]
mod words;

use report::{Table, amount, milliseconds};

/// Entries in the record that a new phone fetches.
const ENTRIES: usize = 2_000;
/// Changes sent from phone to phone.
const CHANGES: usize = 300;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let [first, folder, ..] = arguments.as_slice()
        && first == relay::SERVE
    {
        return relay::serve(folder.as_ref());
    }
    // Fewer of everything: to see that the program works, not to measure.
    let quick = arguments.iter().any(|argument| argument == "--quick");
    let (entries, changes) = if quick { (100, 20) } else { (ENTRIES, CHANGES) };
    println!("load of the machine before: {}", meter::load());

    let phones = phones::measure(entries, changes);
    let sizes = floors::Sizes::of(&phones.sealed_lengths);
    let costs = costs::measure(entries);
    let pushes = push::measure(&sizes, quick);
    let echo = floors::echo(if quick { 200 } else { 3_000 });

    let mut table = Table::default();
    first_sync(&mut table, &phones, &costs, entries);
    bytes(&mut table, &phones, &costs);
    durable(&mut table, &pushes, &phones, echo);
    latency(&mut table, &phones, echo);
    parts(&mut table, &costs, entries);
    table.print();
    println!("load of the machine after: {}", meter::load());
}

fn first_sync(table: &mut Table, phones: &phones::Measured, costs: &costs::Costs, entries: usize) {
    table.section(&format!(
        "First sync of a new phone, {entries} entries of about 2 KB"
    ));
    let bare = costs.verify_open_unpack();
    table
        .row("wall", milliseconds(phones.first_sync.wall))
        .target("<= 300 ms", phones.first_sync.wall.as_secs_f64() <= 0.3);
    table
        .row(
            "processor time of the phone",
            milliseconds(phones.first_sync.client),
        )
        .floor(
            "verify, open and unpack alone",
            bare,
            phones.first_sync.client,
        );
    table.row(
        "processor time of the server",
        milliseconds(phones.first_sync.server),
    );
    table.row("pairing before it, wall", milliseconds(phones.pairing));
    table.row(
        "the first phone: writing one entry (mean)",
        milliseconds(phones.writing / u32::try_from(entries).unwrap()),
    );
    let rate = amount(entries, phones.upload.wall);
    table.row("the first phone: sending them all", rate);
    table.row(
        "… processor time of the phone",
        milliseconds(phones.upload.client),
    );
}

fn bytes(table: &mut Table, phones: &phones::Measured, costs: &costs::Costs) {
    table.section("Bytes on the server for each entry");
    let each = phones.database_bytes_each;
    table
        .row("database file", format!("{each:.0} B"))
        .target("<= 1,500 B", each <= 1_500.0);
    table.row(
        "of that, the sealed change",
        format!("{:.0} B", phones.sealed_bytes_each),
    );
    for (name, length) in &costs.lengths {
        table.row(name, format!("{length:.0} B"));
    }
    table.row(
        "the text as it was typed",
        format!("{:.0} B", phones.typed_bytes_each),
    );
}

fn durable(
    table: &mut Table,
    pushes: &push::Pushes,
    phones: &phones::Measured,
    echo: std::time::Duration,
) {
    table.section("Durable pushes per second (synchronous = FULL), changes of that size");
    let rate = |rate: f64| format!("{rate:.0} /s");
    table
        .row("one connection, one by one", rate(pushes.alone.rate))
        .target(">= 3,000 /s", pushes.alone.rate >= 3_000.0)
        .rate_floor(
            "bare SQLite, 1 each commit",
            pushes.bare_1,
            pushes.alone.rate,
        );
    table.row("… one push, p50", milliseconds(pushes.alone.p50));
    table.row("… one push, p99", milliseconds(pushes.alone.p99));
    table.row(
        "… processor time of the server for each",
        milliseconds(pushes.alone.server_each),
    );
    let best = 1.0 / (1.0 / pushes.bare_1 + echo.as_secs_f64());
    table.row("bare SQLite, 1 each commit", rate(pushes.bare_1));
    table.row("bare SQLite after a bare round trip", rate(best));
    table
        .row("one connection, 128 each push", rate(pushes.batched.rate))
        .target(">= 10,000 /s", pushes.batched.rate >= 10_000.0)
        .rate_floor(
            "bare SQLite, 64 each commit",
            pushes.bare_64,
            pushes.batched.rate,
        );
    table.row(
        "… processor time of the server for each",
        milliseconds(pushes.batched.server_each),
    );
    table.row("bare SQLite, 64 each commit", rate(pushes.bare_64));
    table
        .row("16 members at once, one by one", rate(pushes.crowd.rate))
        .rate_floor(
            "bare SQLite, 64 each commit",
            pushes.bare_64,
            pushes.crowd.rate,
        );
    table.row("… one push, p50", milliseconds(pushes.crowd.p50));
    table.row("… one push, p99", milliseconds(pushes.crowd.p99));
    table.row(
        "16 members at once, 128 each push",
        rate(pushes.crowd_batched.rate),
    );
    table.row(
        "whole phone: save one entry and sync it, p50",
        milliseconds(phones.save_and_sync.p50),
    );
    table.row("… of that, the sync", milliseconds(phones.sync_one.p50));
    table.row(
        "… processor time of the phone for the sync",
        milliseconds(phones.sync_one_processor),
    );
}

fn latency(table: &mut Table, phones: &phones::Measured, echo: std::time::Duration) {
    let travel = &phones.travel;
    table.section(&format!(
        "From phone to phone, {} changes: from the start of one's sync to the other's screen",
        travel.count
    ));
    table
        .row("p50", milliseconds(travel.visible.p50))
        .target("<= 2 ms", travel.visible.p50.as_secs_f64() <= 0.002)
        .floor("bare TCP round trip", echo, travel.visible.p50);
    table.row("p95", milliseconds(travel.visible.p95));
    table.row(
        "… until the hint is here, p50",
        milliseconds(travel.hint.p50),
    );
    table.row(
        "… the other phone's sync, p50",
        milliseconds(travel.fetch.p50),
    );
    table.row(
        "… the writer's own sync, p50",
        milliseconds(travel.sent.p50),
    );
    table.row(
        "with saving the entry before it, p50",
        milliseconds(travel.with_saving.p50),
    );
    table.row("hints that did not come", travel.missed.to_string());
    table.row("bare TCP round trip of 1 KB, p50", milliseconds(echo));
}

fn parts(table: &mut Table, costs: &costs::Costs, entries: usize) {
    table.section(&format!(
        "What taking in {entries} changes is made of: processor time, each step alone"
    ));
    for (name, time) in &costs.steps {
        table.row(name, milliseconds(*time));
    }
    table.row(
        "sum",
        milliseconds(costs.steps.iter().map(|(_, t)| *t).sum()),
    );
}
