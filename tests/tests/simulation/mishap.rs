//! What goes wrong: on the way, in between, and with whole machines.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use companion_tests::{Fault, Faults};

use crate::life::{Life, Misfortune, PHONES, TABLET, words_on};

impl Life {
    /// What goes wrong in the sync that follows.
    pub(crate) fn trouble(&self, faults: &Arc<Faults>, who: usize) {
        let life = self.me.clone();
        let harm = self.harm;
        faults.script(move |_, _| life.upgrade().map_or(Fault::None, |life| life.fault(harm)));
        let life = self.me.clone();
        faults.after_each(move |_| {
            if let Some(life) = life.upgrade() {
                life.meanwhile(who);
            }
        });
    }

    pub(crate) fn fault(&self, harm: usize) -> Fault {
        if !self.chance.percent(harm) {
            return Fault::None;
        }
        match self.chance.below(11) {
            0 | 1 => Fault::DropRequest,
            2..5 => Fault::DropAnswer,
            5 => Fault::TwiceFirstAnswer,
            6 => Fault::TwiceSecondAnswer,
            7 => Fault::CutAnswer(self.chance.below(400)),
            8 => Fault::CutRequest(self.chance.below(400)),
            9 => Fault::Portal,
            _ => Fault::Status(if self.chance.percent(50) { 500 } else { 503 }),
        }
    }

    /// Between two requests of somebody's sync, somebody else syncs.
    pub(crate) fn meanwhile(&self, who: usize) {
        if !self.chance.percent(12) || self.inside.swap(true, Ordering::SeqCst) {
            return;
        }
        let other = self.chance.below(PHONES + 1);
        if other != who {
            if let Some(phone) = self.phones.get(other) {
                if let Ok(phone) = phone.try_lock() {
                    let outcome = phone.sync();
                    self.tell(format!("meanwhile {other} syncs: {}", outcome.is_ok()));
                    self.note(Some(other), outcome.ok());
                }
            } else if let Ok(clinic) = self.clinic.try_lock() {
                let outcome = clinic.sync();
                self.tell(format!("meanwhile the clinic syncs: {}", outcome.is_ok()));
                self.note(None, outcome.ok());
            }
        }
        self.inside.store(false, Ordering::SeqCst);
    }

    pub(crate) fn stop_or_start(&self) {
        if self.running.swap(false, Ordering::SeqCst) {
            self.world.server().stop();
            self.tell("the server stops".to_owned());
            if self.chance.percent(50) {
                self.start();
            }
        } else {
            self.start();
        }
    }

    pub(crate) fn start(&self) {
        if !self.running.swap(true, Ordering::SeqCst) {
            self.world.server().start();
            self.tell("the server starts".to_owned());
        }
    }

    pub(crate) fn kill(&self, which: usize) {
        if self.chance.percent(25) {
            self.clinic.lock().unwrap().kill();
            self.tell("the clinic is killed".to_owned());
        } else {
            self.phone(which).kill();
            self.tell(format!("{which} is killed"));
        }
    }

    pub(crate) fn time(&self, which: usize) {
        self.world
            .minutes_pass(self.chance.below(3 * 24 * 60) as i64);
        if self.chance.percent(30) {
            let days = self.chance.below(5) as i64 - 2;
            self.phone(which)
                .clock()
                .be_wrong_by(days * 24 * 60 * 60 * 1000);
            self.tell(format!("{which} is wrong by {days} days"));
        }
    }

    pub(crate) fn copy(&self, which: usize) {
        match self.misfortune {
            Misfortune::PutBack => {
                let copy = self.phone(which).copy();
                let typed = self.model.lock().unwrap().count();
                self.copies.lock().unwrap()[which] = Some((copy, typed));
            }
            Misfortune::Restore => self
                .backups
                .lock()
                .unwrap()
                .push(self.world.server().backup()),
            Misfortune::None | Misfortune::Removal => return,
        }
        self.tell(format!("a copy is made ({which})"));
    }

    /// The great misfortune happens.
    pub(crate) fn strike(&self) {
        match self.misfortune {
            Misfortune::None => {}
            Misfortune::Restore => {
                let backup = self.backups.lock().unwrap().pop();
                let Some(backup) = backup else { return };
                self.start();
                self.world.server().restore(&backup);
                self.struck.store(true, Ordering::SeqCst);
                self.tell("the server is restored".to_owned());
            }
            Misfortune::PutBack => {
                for which in 0..PHONES {
                    let copy = self.copies.lock().unwrap()[which].take();
                    let Some((copy, typed)) = copy else { continue };
                    self.phone(which).put_back(&copy);
                    self.model.lock().unwrap().forgot(which, typed);
                    self.screens.lock().unwrap()[which] = None;
                    self.struck.store(true, Ordering::SeqCst);
                    self.tell(format!("{which} is put back"));
                }
            }
            Misfortune::Removal => self.replace_the_tablet(),
        }
    }

    pub(crate) fn replace_the_tablet(&self) {
        if self.struck.swap(true, Ordering::SeqCst) {
            return;
        }
        self.start();
        let ada = self.phone(0);
        ada.clock().be_wrong_by(0);
        let lost = self.phone(TABLET).member();
        // While the removal is on its way the others go on, the lost tablet too.
        let life = self.me.clone();
        ada.faults().after_each(move |_| {
            if let Some(life) = life.upgrade() {
                (0..4).for_each(|_| life.meanwhile(0));
            }
        });
        ada.remove_device(lost).unwrap();
        ada.faults().heal();
        ada.sync().unwrap();
        self.model
            .lock()
            .unwrap()
            .left_with(TABLET, &words_on(&ada));
        let tablet = self.world.phone("Ada-new");
        tablet.pair(&ada.invite_phone().unwrap().link).unwrap();
        ada.sync().unwrap();
        tablet.sync().unwrap();
        let newcomer = ada.newcomers().unwrap().pop().unwrap();
        ada.confirm_phone(newcomer.member).unwrap();
        tablet.sync().unwrap();
        let mut place = self.phone(TABLET);
        let record = place.record;
        *place = tablet;
        place.record = record;
        self.screens.lock().unwrap()[TABLET] = None;
        self.tell("the tablet is lost, removed and replaced".to_owned());
    }
}
