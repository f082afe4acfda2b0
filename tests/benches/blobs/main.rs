//! What sealing and opening a recording costs on the processor and in memory: alone, and on a whole phone that hangs
//! it on an entry and plays it. Beside each figure stands what the bare cipher takes for the same bytes in the same
//! run, alone and with the hash that names the blob. No network; files are in memory where the system has such a place.
//!
//! `cargo bench -p companion-tests --bench blobs`; `-- --quick` sees whether it works.
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

mod held;
#[path = "../shared/meter.rs"]
#[allow(dead_code, reason = "each benchmark uses a part of it")]
mod meter;
mod phone;
#[path = "../shared/report.rs"]
#[allow(dead_code, reason = "each benchmark uses a part of it")]
mod report;

use std::hint::black_box;
use std::io::{Cursor, sink};
use std::time::{Duration, Instant};

use chacha20poly1305::aead::AeadInOut as _;
use chacha20poly1305::{KeyInit as _, XChaCha20Poly1305};
use companion_core::testing::media as samples;
use companion_core::testing::space::blob::{BlobKey, BlobReader, BlobWriter, CHUNK};
use report::Table;
use sha2::{Digest as _, Sha256};

const MB: usize = 1_000_000;

fn main() {
    let is_quick = std::env::args().any(|argument| argument == "--quick");
    let (length, rounds) = if is_quick { (MB, 3) } else { (20 * MB, 25) };
    println!("load of the machine before: {}", meter::load());
    let content: Vec<u8> = (0..length).map(|n| (n * 31 % 251) as u8).collect();
    let key = BlobKey::new([7; 32]);
    let mut writer = BlobWriter::new(&key, Vec::with_capacity(2 * length)).unwrap();
    writer.write(&content).unwrap();
    let (blob, sealed) = writer.finish().unwrap();

    let mut bare_buffer = vec![0; CHUNK + 16];
    let mut bare = |with_hash: bool| {
        let cipher = XChaCha20Poly1305::new(&[7; 32].into());
        let mut hash = Sha256::new();
        for chunk in content.chunks(CHUNK) {
            bare_buffer.clear();
            bare_buffer.extend_from_slice(chunk);
            cipher
                .encrypt_in_place(&[0; 24].into(), &[], &mut bare_buffer)
                .unwrap();
            if with_hash {
                hash.update(&bare_buffer);
            }
        }
        black_box(hash.finalize());
    };
    let seal = || {
        let mut writer = BlobWriter::new(&key, sink()).unwrap();
        writer.write_all_of(&mut Cursor::new(&content)).unwrap();
        assert_eq!(writer.finish().unwrap().0, blob);
    };
    let open = || {
        let from = Cursor::new(&sealed);
        let reader = BlobReader::new(&key, blob.length, from, blob.size).unwrap();
        reader.check().unwrap();
    };
    let held_sealing = held::most(seal);
    let held_opening = held::most(open);
    let phone = phone::Phone::new();
    let recording = samples::recording(length);
    let held_attaching = held::most(|| {
        phone.attach(&recording);
    });
    let mut times = [const { Vec::new() }; 6];
    for _ in 0..rounds {
        times[0].push(timed(|| bare(false)));
        times[1].push(timed(|| bare(true)));
        times[2].push(timed(seal));
        times[3].push(timed(open));
        let mut attached = None;
        times[4].push(timed(|| attached = Some(phone.attach(&recording))));
        let attached = attached.unwrap();
        times[5].push(timed(|| phone.play(attached)));
        phone.take_off(attached);
    }
    let held_playing = {
        let attached = phone.attach(&recording);
        held::most(|| phone.play(attached))
    };
    let [
        cipher,
        cipher_and_hash,
        sealing,
        opening,
        attaching,
        playing,
    ] = times.map(|times| meter::Spread::of(times).p50);

    let mut table = Table::default();
    table.section(&format!(
        "A recording of {} MB, the middle of {rounds} rounds",
        length / MB
    ));
    let rate = |time: Duration| report::per_second(length, time) / 1e6;
    let shown = |time| format!("{:.0} MB/s", rate(time));
    table
        .row("sealed and named", shown(sealing))
        .target(">= 300 MB/s", rate(sealing) >= 300.0)
        .rate_floor("cipher and hash", rate(cipher_and_hash), rate(sealing));
    table
        .row("opened", shown(opening))
        .rate_floor("the bare cipher", rate(cipher), rate(opening));
    table
        .row("hung on an entry of a phone, durable", shown(attaching))
        .target(">= 300 MB/s", rate(attaching) >= 300.0)
        .rate_floor("cipher and hash", rate(cipher_and_hash), rate(attaching));
    table
        .row("played on the phone, to its end", shown(playing))
        .rate_floor("the bare cipher", rate(cipher), rate(playing));
    table.row("the bare cipher, chunk by chunk", shown(cipher));
    table.row("… and the hash", shown(cipher_and_hash));
    let kilobytes = |held: u64| format!("{held} KB");
    table
        .row("memory while sealing", kilobytes(held_sealing))
        .target("<= 8 MB", held_sealing <= 8_000);
    table
        .row("memory while opening", kilobytes(held_opening))
        .target("<= 8 MB", held_opening <= 8_000);
    table
        .row("memory while it is hung on", kilobytes(held_attaching))
        .target("<= 8 MB", held_attaching <= 8_000);
    table
        .row("memory while it plays", kilobytes(held_playing))
        .target("<= 8 MB", held_playing <= 8_000);
    table.print();
    println!("load of the machine after: {}", meter::load());
}

fn timed(work: impl FnOnce()) -> Duration {
    let began = Instant::now();
    work();
    began.elapsed()
}
