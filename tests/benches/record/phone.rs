//! A phone at each age: what its person waits for.

use crate::contents::{CHINESE, COMMON, RARE, Sizes, Text, Texts};
use crate::echo::Echo;
use crate::floors::Bare;
use crate::making::{Records, Stage};
use crate::memory::{self, Doing};
use crate::relay::Relay;
use crate::sample::{Effort, Figure, each, repeat};
use crate::subject::{self, Plain};
use crate::table::Table;
use crate::{megabytes, network};

/// A number that no written entry has, so that texts differ from those.
const NEW: usize = 1_000_000;

pub(crate) fn measure(table: &mut Table, sizes: &Sizes, records: &Records, effort: Effort) {
    let mut saves = Vec::new();
    for blocks in &sizes.ages {
        let age = sizes.age(*blocks);
        println!("measuring a phone of {age}");
        table.section(&format!("A phone of {age}"));
        let stage = records.phone(*blocks);
        saves.push(at_age(table, &stage, effort));
        if *blocks == sizes.longest() {
            let [young, old] = [saves[0], saves[saves.len() - 1]].map(|save| save.processor);
            let ratio = old.as_secs_f64() / young.as_secs_f64();
            table
                .number("save one entry, against age 0", ratio, "x")
                .goal(1.2);
            peak(table, &stage);
        }
    }
}

/// Gives what saving an entry took.
fn at_age(table: &mut Table, stage: &Stage, effort: Effort) -> Figure {
    let scratch = stage.copy();
    let relay = Relay::start(&scratch.server());
    let ports = network::ports(&relay.address().to_string());
    let file = scratch.phone();

    let beside = stage.copy();
    let mut bare = Bare::into(&beside.phone());
    let phone = subject::open_phone(&file, ports.clone());
    let everything = subject::everything(&phone);
    bare.fill(0, "", &everything, true);
    let ids = subject::all_entries(&phone);
    drop(phone);

    let cold = each(
        effort,
        None,
        || (),
        |()| {
            let phone = subject::open_phone(&file, ports.clone());
            subject::status(&phone);
            subject::newest_page(&phone);
            phone
        },
    );
    let bare_cold = each(effort, None, || (), |()| bare.open_and_read());
    let phone = subject::open_phone(&file, ports);
    table
        .figure(
            "newest page of 30, warm",
            repeat(effort, || subject::newest_page(&phone)),
        )
        .goal(2.0)
        .floor(
            "30 newest rows by an index",
            repeat(effort, || bare.newest_entries(0)),
        );
    table
        .figure("cold: open, status, newest page", cold)
        .goal(10.0)
        .floor("open the file, 30 newest rows", bare_cold);
    if !ids.is_empty() {
        by_id(table, &phone, &bare, (&ids, &everything), effort);
        for (name, words) in [
            ("a common word", COMMON),
            ("a rare word", RARE),
            ("in Chinese", CHINESE),
        ] {
            let found = subject::search(&phone, words);
            let most = if found == 0 { subject::PAGE } else { found };
            let floor = repeat(effort, || bare.search(words, most));
            let possible = bare.search(words, most);
            let row = table.figure(
                &format!("search: {name} ({found} shown)"),
                repeat(effort, || subject::search(&phone, words)),
            );
            row.goal(3.0)
                .floor(&format!("match, order, read {possible} rows"), floor);
            if found == 0 && possible > 0 {
                row.missed();
            }
        }
    }
    writing(table, &phone, (&mut bare, &relay), ids.is_empty(), effort)
}

fn by_id(
    table: &mut Table,
    phone: &subject::Phone,
    bare: &Bare,
    (ids, everything): (&[subject::Id], &[Plain]),
    effort: Effort,
) {
    // Another one each time, all over the record.
    let mut at = 0;
    let mut next = |count: usize| {
        at = (at + 617) % count;
        at
    };
    let ours = repeat(effort, || subject::by_id(phone, ids[next(ids.len())]));
    let floor = repeat(effort, || bare.by_key(&everything[next(ids.len())].id));
    table
        .figure("one entry by its id", ours)
        .goal(0.1)
        .floor("one row by its key", floor);
}

/// Gives what saving an entry took. `young`: the phone holds nothing yet.
fn writing(
    table: &mut Table,
    phone: &subject::Phone,
    (bare, relay): (&mut Bare, &Relay),
    young: bool,
    effort: Effort,
) -> Figure {
    let server = relay.process();
    let mut texts = Texts::new();
    let mut number = NEW;
    let mut next = |texts: &mut Texts| -> Text {
        number += 1;
        texts.entry(number)
    };
    // What was written before has left the phone each time, as it would have.
    subject::sync_phone(phone);
    let save = each(
        effort,
        None,
        || {
            subject::sync_phone(phone);
            next(&mut texts)
        },
        |text| subject::write(phone, &text, true),
    );
    let tap = each(
        effort,
        None,
        || {
            subject::sync_phone(phone);
            texts.note()
        },
        |note| subject::check_in(phone, 5, &note),
    );
    subject::sync_phone(phone);
    let sync = each(
        effort,
        Some(&server),
        || subject::write(phone, &next(&mut texts), true),
        |_| {
            let sent = subject::sync_phone(phone).0;
            assert_eq!(sent, 1);
        },
    );
    let commit = bare.commits(effort);
    let mut echo = Echo::start();
    let trip = repeat(effort, || echo.round_trip());

    let row = table.figure("save one entry", save);
    row.floor("a commit of one row", commit);
    if young {
        row.goal(3.0);
    }
    table
        .figure("save one check-in", tap)
        .floor("a commit of one row", commit);
    table.figure("sync of one change", sync).goal(1.5).floor(
        "two round trips, two commits of one row",
        trip.and(trip).and(commit).and(commit),
    );
    table.server(sync);
    save
}

fn peak(table: &mut Table, stage: &Stage) {
    let scratch = stage.copy();
    let relay = Relay::start(&scratch.server());
    let address = relay.address().to_string();
    // Something to send.
    let phone = subject::open_phone(&scratch.phone(), network::ports(&address));
    subject::write(&phone, &Texts::new().entry(NEW), true);
    let everything = subject::everything(&phone);
    drop(phone);
    let beside = stage.copy();
    Bare::into(&beside.phone()).fill(0, "", &everything, true);
    let bare = megabytes(memory::peak(Doing::Bare, &beside.phone(), &address));
    let ours = megabytes(memory::peak(Doing::Phone, &scratch.phone(), &address));
    table
        .number("peak memory: open, newest page, sync", ours, "MB")
        .goal(28.0)
        .number_floor(
            "the same program: open, 30 newest rows",
            bare,
            format!("{bare:.1} MB"),
        );
}
