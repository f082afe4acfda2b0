//! A record that is taken along and brought back, typed for `docs/export.md`.

use companion_core::domain::Reply;
use companion_core::testing::media;

use super::Told;
use crate::paired::World;
use crate::reminders::{exchange, ready, with_session};

pub(super) fn import() -> String {
    let world = World::new();
    let phone = world.paired_phone();
    ready(&world);
    with_session(&world, &phone);
    let id = phone.write(&["--share", "talk", "--title", "The lake", "It was calm."]);
    let place = tempfile::tempdir().unwrap();
    let recording = place.path().join("lake.wav");
    std::fs::write(&recording, media::recording(200_000)).unwrap();
    phone
        .run(&["attach", &id, recording.to_str().unwrap()])
        .done();
    phone.write(&["--title", "Mine", "For nobody else."]);
    exchange(&world, &phone);
    exchange(&world, &phone);
    let answer = Reply {
        about: world.newest(),
        body: "See you on Monday.".into(),
        by: "Dr. Vega".into(),
        at: world.clinic.now(),
    };
    world.clinic.create(world.patient, answer).unwrap();
    exchange(&world, &phone);
    let folder = place.path().join("my-record");
    let folder = folder.to_str().unwrap();
    let new = world.phone(40);
    let mut told = Told::default();
    told.types("phone", &phone, &["export", folder], "");
    told.types("new phone", &new, &["import", folder, "--yes"], "");
    told.types("new phone", &new, &["list"], "");
    told.types("new phone", &new, &["import", folder, "--yes"], "");
    std::fs::write(place.path().join("my-record/journal.md"), "# Mine\n").unwrap();
    told.meanwhile("somebody writes into journal.md");
    told.types("new phone", &new, &["import", folder], "");
    let place = place.path().to_str().unwrap().to_owned() + "/";
    told.fixed(&world).replace(&place, "")
}

pub(super) fn end() -> String {
    let world = World::new();
    let phone = world.paired_phone();
    let second = world.second_phone(&phone, "Tablet");
    phone.write(&[
        "--share",
        "care-team",
        "--title",
        "The lake",
        "It was calm.",
    ]);
    exchange(&world, &phone);
    second.write(&["--title", "The train", "Never sent."]);
    let mut told = Told::default();
    told.types("phone", &phone, &["end"], "END\n");
    told.types("tablet", &second, &["sync"], "");
    told.types("tablet", &second, &["end", "--yes", "END"], "");
    told.fixed(&world)
}
