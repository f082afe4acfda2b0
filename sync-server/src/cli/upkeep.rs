//! Commands that look after the database.

use std::path::Path;

use companion_protocol::id::{MemberId, SpaceId};

use super::{Failure, existing, say};
use crate::clock::{Clock, SystemClock};
use crate::config::database;
use crate::server::hold;
use crate::storage::audit::audit;
use crate::storage::sqlite::{
    SqliteStorage, back_up_file, recognize_backup, recognize_file, replace_file, rewind_file,
    verify_file,
};
use crate::storage::{Clinic, Life, Storage};

fn open(data: &Path) -> Result<SqliteStorage, Failure> {
    let file = existing(data)?;
    // Asked first: opening would make a database of an empty file.
    recognize_file(&file)
        .and_then(|()| SqliteStorage::open(&file))
        .map_err(|why| Failure::Database(file, why))
}

/// How many spaces a new clinic may found.
const NEW_CLINIC_SPACES: u64 = 1000;
/// How many bytes the spaces of a new clinic may hold together.
const NEW_CLINIC_BYTES: u64 = 10 * 1024 * 1024 * 1024;

pub(super) fn add_clinic(
    data: &Path,
    key: MemberId,
    label: Option<String>,
    max_spaces: Option<u64>,
    max_bytes: Option<u64>,
) -> Result<(), Failure> {
    let storage = open(data)?;
    let known = storage.clinics()?.into_iter();
    let mut known = known.map(|usage| usage.clinic);
    let before = known.find(|clinic| clinic.key == key);
    let before = before.unwrap_or(Clinic {
        key,
        label: String::new(),
        max_spaces: NEW_CLINIC_SPACES,
        max_bytes: NEW_CLINIC_BYTES,
    });
    let clinic = Clinic {
        key,
        label: label.unwrap_or(before.label),
        max_spaces: max_spaces.unwrap_or(before.max_spaces),
        max_bytes: max_bytes.unwrap_or(before.max_bytes),
    };
    let said = format!(
        "registered {key}: {} spaces, {} bytes",
        clinic.max_spaces, clinic.max_bytes
    );
    storage.register_clinic(clinic)?;
    say(format_args!("{said}"))
}

pub(super) fn list_clinics(data: &Path) -> Result<(), Failure> {
    for usage in open(data)?.clinics()? {
        let clinic = &usage.clinic;
        say(format_args!(
            "{}  spaces {}/{}  bytes {}/{}  {}",
            clinic.key,
            usage.spaces,
            clinic.max_spaces,
            usage.bytes,
            clinic.max_bytes,
            // A label is free text, and a terminal obeys control characters.
            clinic.label.escape_debug()
        ))?;
    }
    Ok(())
}

pub(super) fn back_up(data: &Path, to: &Path) -> Result<(), Failure> {
    let file = existing(data)?;
    let folder = to.parent().filter(|folder| !folder.as_os_str().is_empty());
    if let Some(folder) = folder.filter(|folder| !folder.is_dir()) {
        return Err(Failure::NoFolder(folder.to_owned()));
    }
    recognize_file(&file).map_err(|why| Failure::Database(file.clone(), why))?;
    let report = back_up_file(&file, to)?;
    say(format_args!(
        "backed up {} spaces with {} changes and {} blobs, {} bytes, verified",
        report.spaces, report.changes, report.blobs, report.bytes
    ))?;
    match report.lost_blobs {
        0 => Ok(()),
        lost => Err(Failure::LostBlobs(lost)),
    }
}

pub(super) fn restore(data: &Path, from: &Path) -> Result<(), Failure> {
    // Before the data folder is made where there is none.
    recognize_backup(from)?;
    let _held = hold(data)?;
    let file = database(data);
    let (life, kept) = replace_file(from, &file, SystemClock.now_ms())?;
    say(format_args!(
        "restored to {}; the database begins a new life, {}",
        file.display(),
        life.incarnation
    ))?;
    match kept {
        Some(kept) => say(format_args!("what was there is kept as {}", kept.display())),
        None => Ok(()),
    }
}

/// A server that takes over from another one is filled like one that was restored to nothing.
pub(super) fn take_over(data: &Path) -> Result<(), Failure> {
    existing(data)?;
    let _held = hold(data)?;
    let storage = open(data)?;
    let life = Life {
        restored_at_ms: Some(SystemClock.now_ms()),
        ..storage.life()?
    };
    storage.begin_life(life)?;
    say("whoever comes from another server can bring what they hold, for two years from now")
}

/// Which of two ends of a forked chain stands is for people to say; this takes the other one away.
pub(super) fn rewind(data: &Path, space: SpaceId, to: u64) -> Result<(), Failure> {
    let file = existing(data)?;
    let _held = hold(data)?;
    drop(open(data)?);
    let plan = rewind_file(&file, space, to, SystemClock.now_ms())?;
    say(format_args!(
        "cut back from {} to {to} statements; {} of {} changes stay",
        plan.statements,
        plan.rewind.kept.len(),
        plan.changes
    ))?;
    say(format_args!(
        "the database begins a new life, {}; this space takes nobody new until a device or node that \
         decides about it has synced",
        plan.rewind.life.incarnation
    ))
}

/// Nothing is known of them but these days.
pub(super) fn list_ended(data: &Path) -> Result<(), Failure> {
    let ended = open(data)?.ended_spaces()?;
    for one in &ended {
        say(format_args!(
            "{}  ended {}  forgotten from {}",
            one.space, one.ending.on, one.ending.forget_on
        ))?;
    }
    match ended.len() {
        0 => say("no space waits to be forgotten"),
        waiting => say(format_args!("{waiting} space(s) wait to be forgotten")),
    }
}

pub(super) fn check(data: &Path) -> Result<(), Failure> {
    let storage = open(data)?;
    verify_file(&database(data))?;
    let report = audit(&storage)?;
    for problem in &report.problems {
        say(format_args!("problem: {problem}"))?;
    }
    say(format_args!(
        "checked {} spaces, {} statements, {} changes, {} blobs",
        report.spaces, report.statements, report.changes, report.blobs
    ))?;
    match report.problems.len() {
        0 => Ok(()),
        several => Err(Failure::Problems(several)),
    }
}
