//! Records of every age, made once through the real facades and an in-memory server, kept in the
//! target folder and copied for each use. Making them takes minutes and is not measured.

mod house;

use std::path::{Path, PathBuf};
use std::time::Instant;

use house::{House, Person, Span};
use tempfile::TempDir;

use crate::contents::{Block, Sizes, Text, Texts, VERSION, name};

/// Patients who are invited, pair and write at the same time.
const AT_ONCE: usize = 50;
/// 2026-03-02 09:00 UTC: when all records end.
const END_MS: i64 = 1_772_442_000_000;
const DAY_MS: i64 = 24 * 60 * 60 * 1000;
const FIVE_YEARS_MS: i64 = 1_826 * DAY_MS;
/// Over how long an ordinary patient wrote.
const HALF_A_YEAR_MS: i64 = 182 * DAY_MS;
/// Dosing sessions in the longest record.
const SESSIONS: usize = 12;

/// All records of one version.
pub(crate) struct Records(PathBuf);

/// A phone, a clinic and their server, as they were at one moment.
pub(crate) struct Stage(PathBuf);

/// A copy of those to work on, gone when dropped.
pub(crate) struct Scratch(TempDir);

impl Records {
    /// Makes what is not there yet; all of it, when `fresh`.
    pub(crate) fn get(sizes: &Sizes, size: &str, fresh: bool) -> Self {
        let folder = target()
            .join("record-benchmark")
            .join(format!("{VERSION}-{size}"));
        if fresh && folder.exists() {
            std::fs::remove_dir_all(&folder).unwrap();
        }
        std::thread::scope(|scope| {
            scope.spawn(|| once(&folder, "old", |to| old_patients(sizes, to)));
            scope.spawn(|| once(&folder, "clinic", |to| clinics(sizes, to)));
            scope.spawn(|| once(&folder, "phone", |to| phone(sizes, to)));
        });
        Self(folder)
    }

    /// One phone, after so many blocks.
    pub(crate) fn phone(&self, blocks: usize) -> Stage {
        Stage(self.0.join("phone").join(blocks.to_string()))
    }

    /// A clinic of so many patients, and the phone of the first.
    pub(crate) fn clinic(&self, patients: usize) -> Stage {
        Stage(self.0.join("clinic").join(patients.to_string()))
    }

    /// A clinic of a few patients with the longest record, and the phone of the first.
    pub(crate) fn old(&self) -> Stage {
        Stage(self.0.join("old").join("all"))
    }
}

impl Stage {
    pub(crate) fn copy(&self) -> Scratch {
        let scratch = Scratch(scratch_folder());
        copy_folder(&self.0, scratch.0.path());
        scratch
    }
}

impl Scratch {
    pub(crate) fn phone(&self) -> PathBuf {
        self.0.path().join(PHONE)
    }

    pub(crate) fn clinic(&self) -> PathBuf {
        self.0.path().join(CLINIC)
    }

    pub(crate) fn server(&self) -> PathBuf {
        self.0.path().join(SERVER)
    }
}

const PHONE: &str = "phone.db";
const CLINIC: &str = "clinic.db";
const SERVER: &str = "server";
const MEMORY: &str = "/dev/shm";

/// In memory where the machine allows it: what is compared is work, and disks differ by the minute.
pub(crate) fn scratch_folder() -> TempDir {
    tempfile::tempdir_in(MEMORY)
        .or_else(|_| tempfile::tempdir())
        .unwrap()
}

/// Where this program was built.
pub(crate) fn target() -> PathBuf {
    let program = std::env::current_exe().unwrap();
    let target = program
        .ancestors()
        .find(|p| p.join("CACHEDIR.TAG").is_file());
    target.map_or_else(std::env::temp_dir, Path::to_owned)
}

fn once(folder: &Path, what: &str, make: impl FnOnce(&Path)) {
    let done = folder.join(what);
    if done.exists() {
        return;
    }
    let began = Instant::now();
    let part = folder.join(format!("{what}.part"));
    let _ = std::fs::remove_dir_all(&part);
    std::fs::create_dir_all(&part).unwrap();
    make(&part);
    // Only what was finished is used again.
    std::fs::rename(&part, &done).unwrap();
    println!("made the records \"{what}\" in {:.0?}", began.elapsed());
}

fn copy_folder(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for file in std::fs::read_dir(from).unwrap() {
        let (path, to) = {
            let file = file.unwrap();
            (file.path(), to.join(file.file_name()))
        };
        if path.is_dir() {
            copy_folder(&path, &to);
        } else {
            std::fs::copy(path, to).unwrap();
        }
    }
}

/// One patient's phone through the years, with the clinic's side of it.
fn phone(sizes: &Sizes, to: &Path) {
    let mut house = House::found(1, END_MS - FIVE_YEARS_MS);
    let mut person = house.pair(&[name(0)]).pop().unwrap();
    let mut texts = Texts::new();
    for block in 0..=sizes.longest() {
        if sizes.ages.contains(&block) {
            person = house.keep(person, &to.join(block.to_string()));
        }
        if block < sizes.longest() {
            let first = block * sizes.block.entries;
            let entries = (first..).take(sizes.block.entries).map(|number| {
                // Two and two, so that texts of every script are among both.
                (texts.entry(number), number / 2 % 2 == 0)
            });
            let entries: Vec<_> = entries.collect();
            let people = std::slice::from_mut(&mut person);
            years(&house, people, sizes, block, &entries, &mut texts);
        }
    }
}

/// Several patients through the years. What they keep to themselves reaches no clinic, so they
/// write only the shared half; all of them the same.
fn old_patients(sizes: &Sizes, to: &Path) {
    let mut house = House::found(3, END_MS - FIVE_YEARS_MS);
    let names: Vec<String> = (0..sizes.old_patients).map(name).collect();
    let mut people = house.pair(&names);
    let mut texts = Texts::new();
    // In a few large blocks: each costs the clinic two syncs of all that is there.
    let together = (sizes.longest() / 4).max(1);
    let Block {
        entries,
        check_ins,
        replies,
    } = sizes.block;
    let sizes = Sizes {
        block: Block {
            entries: entries / 2 * together,
            check_ins: check_ins * together,
            replies: replies * together,
        },
        ages: vec![sizes.longest() / together],
        ..Sizes::full()
    };
    for block in 0..sizes.longest() {
        let entries: Vec<_> = (block * sizes.block.entries..)
            .take(sizes.block.entries)
            .map(|number| (texts.entry(number), true))
            .collect();
        years(&house, &mut people, &sizes, block, &entries, &mut texts);
    }
    let first = people.swap_remove(0);
    house.keep(first, &to.join("all"));
}

/// One block of a long record, on both sides.
fn years(
    house: &House,
    people: &mut [Person],
    sizes: &Sizes,
    block: usize,
    entries: &[(Text, bool)],
    texts: &mut Texts,
) {
    let span = Span::part(END_MS - FIVE_YEARS_MS, END_MS, block, sizes.longest());
    house.now_is(span.end_ms);
    let mut shared = Vec::new();
    for person in people.iter_mut() {
        shared.push(house.write(person, entries, sizes.block.check_ins, &span, texts));
    }
    house.clinic_syncs();
    let due = |block: usize| block * SESSIONS / sizes.longest();
    for (person, shared) in people.iter().zip(&shared) {
        for (number, id) in shared.iter().enumerate() {
            if number % 5 < 2 {
                house.open(person, *id);
            }
            if number < sizes.block.replies {
                house.reply(person, *id, &texts.reply());
            }
        }
        // A day each: no two take place at one time.
        let numbers = due(block) + 1..=due(block + 1);
        for (before, number) in numbers.rev().enumerate() {
            let days = 2 + i64::try_from(before).unwrap();
            house.add_session(person, number, span.end_ms - days * DAY_MS);
        }
    }
    house.clinic_syncs();
    people.iter().for_each(House::phone_syncs);
}

/// One clinic as it grows. All of its patients write the same.
fn clinics(sizes: &Sizes, to: &Path) {
    let mut house = House::found(2, END_MS);
    let mut texts = Texts::new();
    let Block {
        entries,
        check_ins,
        replies,
    } = sizes.patient;
    let entries: Vec<_> = (0..entries).map(|n| (texts.entry(n), true)).collect();
    let span = Span {
        begin_ms: END_MS - HALF_A_YEAR_MS,
        end_ms: END_MS,
    };
    let (mut first, mut there) = (None, 0);
    for goal in &sizes.clinics {
        while there < *goal {
            let names: Vec<String> = (there..*goal).take(AT_ONCE).map(name).collect();
            there += names.len();
            let mut people = house.pair(&names);
            let shared: Vec<_> = people
                .iter_mut()
                .map(|person| house.write(person, &entries, check_ins, &span, &mut texts))
                .collect();
            house.clinic_syncs();
            for (person, shared) in people.iter().zip(&shared) {
                // The oldest: what came last is still unread.
                shared.iter().take(4).for_each(|id| house.open(person, *id));
                shared.iter().take(2).for_each(|id| house.mark(person, *id));
                for id in shared.iter().take(replies) {
                    house.reply(person, *id, &texts.reply());
                }
                house.add_session(person, 1, END_MS - 30 * DAY_MS);
            }
            house.clinic_syncs();
            for person in people {
                House::phone_syncs(&person);
                match first {
                    None => first = Some(person),
                    Some(_) => person.goes(),
                }
            }
            println!("… {there} patients");
        }
        let kept = house.keep(first.take().unwrap(), &to.join(goal.to_string()));
        first = Some(kept);
    }
}
