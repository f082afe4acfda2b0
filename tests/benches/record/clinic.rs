//! A clinic as it grows: what its team waits for.

use crate::contents::{LETTERS, Sizes, Texts};
use crate::echo::Echo;
use crate::floors::Bare;
use crate::making::{Records, Stage};
use crate::memory::{self, Doing};
use crate::relay::Relay;
use crate::sample::{Effort, each, repeat};
use crate::subject;
use crate::table::Table;
use crate::{megabytes, network};

pub(crate) fn measure(table: &mut Table, sizes: &Sizes, records: &Records, effort: Effort) {
    let largest = sizes.clinics.last().copied().unwrap();
    for patients in &sizes.clinics {
        let patient = sizes.patient;
        table.section(&format!(
            "A clinic of {patients} patients with {} entries and {} check-ins each",
            patient.entries, patient.check_ins
        ));
        println!("measuring a clinic of {patients}");
        let stage = records.clinic(*patients);
        clinic(table, &stage, *patients, *patients == largest, effort);
        if *patients == largest {
            peak(table, &stage);
        }
    }
    let [entries, check_ins] =
        [sizes.block.entries / 2, sizes.block.check_ins].map(|each| each * sizes.longest());
    table.section(&format!(
        "A clinic of {} patients with {entries} entries and {check_ins} check-ins each",
        sizes.old_patients
    ));
    println!(
        "measuring a clinic of {} with long records",
        sizes.old_patients
    );
    clinic(table, &records.old(), sizes.old_patients, false, effort);
}

/// Some goals are for the largest clinic alone; a smaller one must reach them as well.
fn clinic(table: &mut Table, stage: &Stage, count: usize, largest: bool, effort: Effort) {
    let scratch = stage.copy();
    let relay = Relay::start(&scratch.server());
    let ports = network::ports(&relay.address().to_string());
    let file = scratch.clinic();

    let beside = stage.copy();
    let mut bare = Bare::into(&beside.clinic());
    let clinic = subject::open_clinic(&file, ports.clone());
    let patients = subject::patients(&clinic);
    assert_eq!(patients.len(), count);
    for (space, (name, patient)) in patients.iter().enumerate() {
        bare.fill(
            space,
            name,
            &subject::everything_of(&clinic, *patient),
            false,
        );
    }
    drop(clinic);

    let open = || subject::open_clinic(&file, ports.clone());
    let opening = each(effort, None, || (), |()| open());
    let bare_opening = each(effort, None, || (), |()| bare.open_and_read_names());
    table
        .figure("opening the store", opening)
        .goal(50.0)
        .floor("open the file, read all names", bare_opening);
    let first = each(effort, None, open, |clinic| {
        subject::caseload(&clinic);
        clinic
    });
    let group = repeat(effort, || bare.group());
    let lines = "a line for each patient and kind, by an index";
    table
        .figure("caseload, the first after opening", first)
        .goal(30.0)
        .floor(lines, group);

    let clinic = open();
    subject::sync_clinic(&clinic);
    table
        .figure(
            "caseload again",
            repeat(effort, || subject::caseload(&clinic)),
        )
        .goal(30.0)
        .floor(lines, group);
    let left = subject::keystroke(&clinic, LETTERS);
    table
        .figure(
            &format!("one keystroke of its search ({left} left)"),
            repeat(effort, || subject::keystroke(&clinic, LETTERS)),
        )
        .goal(5.0)
        .floor("names like it", repeat(effort, || bare.names(LETTERS)));
    let mut at = 0;
    let mut next = || {
        at = (at + 7) % count;
        at
    };
    let page = repeat(effort, || {
        subject::patient_page(&clinic, patients[next()].1)
    });
    table.figure("one patient's page", page).floor(
        "30 newest rows by an index",
        repeat(effort, || bare.newest(next())),
    );
    exchanging(
        table,
        &clinic,
        &scratch.phone(),
        (&relay, &mut bare),
        &patients,
        effort,
    );
    let size = std::fs::metadata(&file).unwrap().len();
    if largest {
        table.number("the clinic's file", megabytes(size / 1024), "MB");
    }
}

fn exchanging(
    table: &mut Table,
    clinic: &subject::Node,
    phone: &std::path::Path,
    (relay, bare): (&Relay, &mut Bare),
    patients: &[(String, subject::Id)],
    effort: Effort,
) {
    let server = relay.process();
    let mut echo = Echo::start();
    let trip = repeat(effort, || echo.round_trip());
    let nothing = each(
        effort,
        Some(&server),
        || (),
        |()| assert_eq!(subject::sync_clinic(clinic), (0, 0)),
    );
    table
        .figure("sync of nothing", nothing)
        .goal(10.0)
        .floor("one round trip", trip);
    table.server(nothing);

    let phone = subject::open_phone(phone, network::ports(&relay.address().to_string()));
    subject::sync_phone(&phone);
    // The phone that was kept is the first patient's.
    let name = crate::contents::name(0);
    let patient = patients.iter().find(|(other, _)| *other == name).unwrap().1;
    let mut unread = subject::unread(clinic, patient);
    let mut texts = Texts::new();
    let arrival = each(
        effort,
        Some(&server),
        || {
            subject::write(&phone, &texts.entry(0), true);
            assert_eq!(subject::sync_phone(&phone).0, 1);
        },
        |()| {
            unread += 1;
            assert_eq!(subject::exchange(clinic, patient), unread);
        },
    );
    let commit = bare.commits(effort);
    table
        .figure("one arrival: sync and its caseload row", arrival)
        .goal(5.0)
        .floor(
            "two round trips, two commits of one row",
            trip.and(trip).and(commit).and(commit),
        );
    table.server(arrival);
}

fn peak(table: &mut Table, stage: &Stage) {
    let scratch = stage.copy();
    let relay = Relay::start(&scratch.server());
    let address = relay.address().to_string();
    let beside = stage.copy();
    let clinic = subject::open_clinic(&scratch.clinic(), network::ports(&address));
    let mut bare = Bare::into(&beside.clinic());
    let (name, patient) = subject::patients(&clinic).swap_remove(0);
    bare.fill(0, &name, &subject::everything_of(&clinic, patient), false);
    drop((clinic, bare));
    let bare = megabytes(memory::peak(Doing::Bare, &beside.clinic(), &address));
    let ours = megabytes(memory::peak(Doing::Clinic, &scratch.clinic(), &address));
    table
        .number("peak memory: open, caseload, sync, a page", ours, "MB")
        .goal(34.0)
        .number_floor(
            "the same program: open, 30 newest rows",
            bare,
            format!("{bare:.1} MB"),
        );
}
