//! One life: who does what at each step, and what goes wrong meanwhile.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, Weak};

use companion_core::domain::{CheckIn, Content, Entry, Rating, Visibility};
use companion_core::records::{DeliveryState, Query, View};
use companion_core::{CoreError, NotNow, SyncReport, WarningCode};
use companion_tests::{Copy, Node, Phone, World, checked_in};

use crate::clinician::Done;
use crate::model::{Chance, Model};

/// The great misfortune of a life; the small ones come in all of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Misfortune {
    /// None.
    None,
    /// The server is restored from a backup.
    Restore,
    /// A phone is put back from an older copy.
    PutBack,
    /// A phone is removed and another takes its place.
    Removal,
}

/// Ada's phone, Ada's tablet, Ben's phone.
pub(crate) const PHONES: usize = 3;
pub(crate) const TABLET: usize = 1;

pub(crate) struct Life {
    pub(crate) world: World,
    pub(crate) clinic: Mutex<Node>,
    pub(crate) phones: [Mutex<Phone>; PHONES],
    pub(crate) model: Mutex<Model>,
    pub(crate) misfortune: Misfortune,
    pub(crate) seen: Mutex<BTreeSet<WarningCode>>,
    pub(crate) screens: Mutex<[Option<View<Entry>>; PHONES]>,
    pub(crate) copies: Mutex<[Option<(Copy, usize)>; PHONES]>,
    pub(crate) backups: Mutex<Vec<PathBuf>>,
    /// What the clinician did.
    pub(crate) done: Mutex<Done>,
    pub(crate) chance: Chance,
    pub(crate) harm: usize,
    pub(crate) running: AtomicBool,
    pub(crate) inside: AtomicBool,
    pub(crate) struck: AtomicBool,
    story: Mutex<Vec<String>>,
    pub(crate) me: Weak<Life>,
}

impl Life {
    pub(crate) fn begin(seed: u64) -> Arc<Self> {
        let world = World::in_memory(seed);
        let clinic = world.clinic("Riverbank");
        let ada = clinic.with_patient("Ada");
        let tablet = ada.second_phone();
        let ben = clinic.with_patient("Ben");
        clinic.sync_cleanly();
        // So that there is always something that the clinic may see, and something that it may not.
        let mut model = Model::default();
        for (which, phone) in [&ada, &tablet, &ben].into_iter().enumerate() {
            phone.write(&model.new_word(which, false));
            phone.write_privately(&model.new_word(which, true));
        }
        let chance = Chance::new(seed);
        let misfortune = [
            Misfortune::None,
            Misfortune::Restore,
            Misfortune::PutBack,
            Misfortune::Removal,
        ][(seed % 4) as usize];
        // Some lives are calm, or a fault that shows only without others would never show.
        let harm = [0, 8, 20, 35][chance.below(4)];
        Arc::new_cyclic(|me| Self {
            clinic: Mutex::new(clinic),
            phones: [Mutex::new(ada), Mutex::new(tablet), Mutex::new(ben)],
            model: Mutex::new(model),
            seen: Mutex::default(),
            screens: Mutex::default(),
            copies: Mutex::default(),
            backups: Mutex::default(),
            done: Mutex::default(),
            running: AtomicBool::new(true),
            inside: AtomicBool::new(false),
            struck: AtomicBool::new(false),
            story: Mutex::default(),
            me: me.clone(),
            world,
            misfortune,
            chance,
            harm,
        })
    }

    pub(crate) fn phone(&self, which: usize) -> MutexGuard<'_, Phone> {
        self.phones[which].lock().unwrap()
    }

    pub(crate) fn story(&self) -> Vec<String> {
        self.story.lock().unwrap().clone()
    }

    /// Every kind of warning that any sync gave.
    pub(crate) fn warnings(&self) -> BTreeSet<WarningCode> {
        self.seen.lock().unwrap().clone()
    }

    pub(crate) fn struck(&self) -> bool {
        self.struck.load(Ordering::SeqCst)
    }

    pub(crate) fn tell(&self, what: String) {
        self.story.lock().unwrap().push(what);
    }

    /// Something happens.
    pub(crate) fn step(&self) {
        let which = self.chance.below(PHONES);
        match self.chance.below(100) {
            0..10 => self.write(which),
            10..34 => self.edit(which),
            34..38 => self.check_in(which),
            38..42 => self.share_or_withdraw(which),
            42..52 => self.clinician(),
            52..74 => self.sync_phone(which),
            74..84 => self.sync_clinic(),
            84..87 => self.stop_or_start(),
            87..90 => self.kill(which),
            90..93 => self.time(which),
            93..96 => self.copy(which),
            _ => self.strike(),
        }
        self.told_truthfully(self.chance.below(PHONES));
    }

    fn write(&self, which: usize) {
        let private = self.chance.percent(40);
        let word = self.model.lock().unwrap().new_word(which, private);
        let phone = self.phone(which);
        let view = if private {
            phone.write_privately(&word)
        } else {
            let how = if self.chance.percent(40) {
                Visibility::TalkInSession
            } else {
                Visibility::CareTeam
            };
            let (visibility, at) = (how, phone.now());
            let entry = companion_tests::note(&word);
            phone
                .create(Entry {
                    visibility,
                    at,
                    ..entry
                })
                .unwrap()
        };
        drop(phone);
        self.tell(format!("{which} writes {word} {private}"));
        self.screens.lock().unwrap()[which] = Some(view);
    }

    /// Checks in, or says more in the note of a check-in.
    fn check_in(&self, which: usize) {
        let phone = self.phone(which);
        let all = phone.check_ins();
        let earlier = all.get(self.chance.below(all.len()));
        match earlier.filter(|_| self.chance.percent(40)) {
            Some(view) => {
                let word = self.model.lock().unwrap().new_word(which, !view.shared);
                phone
                    .edit::<CheckIn>(view.id, &view.revision, |check_in| {
                        check_in.note = format!("{} {word}", check_in.note);
                        check_in.valence = Rating::new(1 + self.chance.below(7) as u8).unwrap();
                    })
                    .unwrap();
                self.tell(format!("{which} adds {word} to check-in {}", view.id));
            }
            None => {
                let private = self.chance.percent(40);
                let word = self.model.lock().unwrap().new_word(which, private);
                let mut check_in = checked_in(3, &word);
                if private {
                    check_in.visibility = Visibility::OnlyMe;
                }
                phone.create(check_in).unwrap();
                self.tell(format!("{which} checks in with {word} {private}"));
            }
        }
    }

    /// Adds a word to an entry as it is, or as it was when this person last looked.
    fn edit(&self, which: usize) {
        let phone = self.phone(which);
        let screen = self.screens.lock().unwrap()[which].take();
        let view = match screen {
            Some(view) if self.chance.percent(40) => Some(view),
            _ => {
                let all = phone.entries();
                let at = self.chance.below(all.len());
                all.into_iter().nth(at)
            }
        };
        let Some(view) = view else { return };
        let word = self.model.lock().unwrap().new_word(which, !view.shared);
        let edited = phone.edit::<Entry>(view.id, &view.revision, |entry| {
            entry.body = format!("{} {word}", view.content.body);
            entry.title = format!("as of {word}");
        });
        match edited {
            Ok(new) => {
                self.tell(format!("{which} adds {word} to {}", view.id));
                let keep = if self.chance.percent(50) { view } else { new };
                self.screens.lock().unwrap()[which] = Some(keep);
            }
            // A screen on which the entry has been shared or withdrawn since.
            Err(error) => {
                self.tell(format!("{which} may not add {word}: {error}"));
                self.model.lock().unwrap().take_back(&word);
            }
        }
    }

    /// Shares something, or shares it otherwise, or takes it back.
    fn share_or_withdraw(&self, which: usize) {
        // A phone that forgets that it shared shares again, and then the words are there twice.
        if self.misfortune == Misfortune::PutBack {
            return;
        }
        let phone = self.phone(which);
        if self.chance.percent(70) {
            self.share_or_withdraw_of::<Entry>(which, &phone, |entry| &entry.body);
        } else {
            self.share_or_withdraw_of::<CheckIn>(which, &phone, |check_in| &check_in.note);
        }
    }

    fn share_or_withdraw_of<T: Content>(
        &self,
        which: usize,
        phone: &Phone,
        text: impl Fn(&T) -> &String,
    ) {
        let all = phone.all(Query::<T>::all());
        let Some(view) = all.get(self.chance.below(all.len())) else {
            return;
        };
        if view.shared && self.chance.percent(60) {
            phone.withdraw::<T>(view.id).unwrap();
            self.tell(format!("{which} withdraws {}", view.id));
            return;
        }
        let how = if self.chance.percent(50) {
            Visibility::CareTeam
        } else {
            Visibility::TalkInSession
        };
        phone.share::<T>(view.id, how).unwrap();
        let mut model = self.model.lock().unwrap();
        model.shared(text(&view.content));
        // What nobody has chosen from yet goes along.
        for apart in &view.apart {
            apart
                .wordings
                .iter()
                .for_each(|wording| model.shared(wording));
        }
        drop(model);
        self.tell(format!("{which} shares {} with {how:?}", view.id));
    }

    fn sync_phone(&self, which: usize) {
        let phone = self.phone(which);
        self.trouble(phone.faults(), which);
        let outcome = phone.sync();
        phone.faults().heal();
        self.tell(format!("{which} syncs: {}", outcome.is_ok()));
        self.note(Some(which), outcome.ok());
    }

    fn sync_clinic(&self) {
        let clinic = self.clinic.lock().unwrap();
        self.trouble(clinic.faults(), PHONES);
        let outcome = clinic.sync();
        clinic.faults().heal();
        self.tell(format!("the clinic syncs: {}", outcome.is_ok()));
        self.note(None, outcome.ok());
    }

    pub(crate) fn note(&self, phone: Option<usize>, report: Option<SyncReport>) {
        let Some(report) = report else { return };
        if let Some(phone) = phone
            && report.problems.is_empty()
            && report.waiting == 0
        {
            self.model.lock().unwrap().acknowledged(phone);
        }
        self.seen
            .lock()
            .unwrap()
            .extend(report.warnings.iter().map(|warning| warning.code));
    }

    /// Whatever a phone says was delivered or opened, the clinic has, to the last word.
    fn told_truthfully(&self, which: usize) {
        let phone = self.phone(which);
        let clinic = self.clinic.lock().unwrap();
        self.told_truthfully_of::<Entry>((which, &phone), &clinic, |entry| &entry.body);
        self.told_truthfully_of::<CheckIn>((which, &phone), &clinic, |check_in| &check_in.note);
    }

    fn told_truthfully_of<T: Content>(
        &self,
        (which, phone): (usize, &Phone),
        clinic: &Node,
        text: impl Fn(&T) -> &String,
    ) {
        let there = clinic.all_shared(phone, Query::<T>::all());
        for view in phone.all(Query::<T>::all()) {
            self.delivered_once(which, &view);
            let (says, who) = (&view.delivery, phone.name());
            if matches!(says, DeliveryState::Opened { .. }) {
                let version = (view.id, view.revision.clone());
                let opened = self.done.lock().unwrap().opened.contains(&version);
                assert!(
                    opened,
                    "{who} says {says:?} of a version that nobody opened"
                );
            }
            if !matches!(
                says,
                DeliveryState::Delivered { .. } | DeliveryState::Opened { .. }
            ) {
                continue;
            }
            let Some(theirs) = there.iter().find(|shared| shared.view.id == view.id) else {
                // Another phone of the patient withdrew it, and the clinic knows that already.
                let refused = clinic.get::<T>(phone.record.unwrap(), view.id);
                assert!(
                    matches!(refused, Err(CoreError::NotNow(NotNow::Withdrawn { .. }))),
                    "{who} says {says:?} of what is not there: {refused:?}"
                );
                continue;
            };
            for word in text(&view.content).split_whitespace() {
                assert!(
                    text(&theirs.view.content).contains(word),
                    "{who} says {says:?}, but {word} has not arrived"
                );
            }
        }
    }

    /// The faults stop; everybody syncs until nothing moves any more.
    pub(crate) fn heal(&self) {
        self.start();
        let quiet = |report: &SyncReport| {
            report.problems.is_empty()
                && report.received + report.sent + report.rotated + report.waiting == 0
        };
        let mut last = Vec::new();
        for _ in 0..12 {
            last.clear();
            for which in 0..PHONES {
                last.push(self.phone(which).sync().unwrap());
                self.note(Some(which), last.last().cloned());
            }
            last.push(self.clinic.lock().unwrap().sync().unwrap());
            self.note(None, last.last().cloned());
            if last.iter().all(quiet) {
                return;
            }
        }
        panic!("it never becomes quiet: {last:#?}");
    }
}

/// Every text that a patient wrote and can see on this phone.
pub(crate) fn texts_on(phone: &Phone) -> Vec<String> {
    let notes = phone.check_ins().into_iter().map(|view| view.content.note);
    let mut all = phone.texts();
    all.extend(notes);
    all
}

/// All of them in one.
pub(crate) fn words_on(phone: &Phone) -> String {
    texts_on(phone).join(" ")
}

/// The wordings beside them, of what was rewritten on two phones apart.
pub(crate) fn wordings_on(phone: &Phone) -> String {
    let entries = phone.entries().into_iter().map(|view| view.apart);
    let check_ins = phone.check_ins().into_iter().map(|view| view.apart);
    let apart = entries.chain(check_ins).flatten();
    let wordings = apart.flat_map(|apart| apart.wordings);
    wordings.collect::<Vec<_>>().join(" ")
}
