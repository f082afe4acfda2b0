//! A patient's phone: the real facade over a real store, with a clock and faults.

use std::ops::Deref;
use std::path::Path;
use std::sync::Arc;

use companion_core::domain::{
    CheckIn, Content, DocumentId, Entry, Moment, Rating, Reply, Visibility,
};
use companion_core::patient::{PairingState, Patient};
use companion_core::protocol::id::MemberId;
use companion_core::records::{Query, View};
use companion_core::testing::store::Store;
use companion_core::{SyncReport, WarningCode};

use crate::clock::ParticipantClock;
use crate::faults::Faults;
use crate::home::{Copy, Home};
use crate::world::{START_MS, World};

/// An entry for the care team, dated at the world's beginning: [`Phone::write`] dates it now.
pub fn note(body: &str) -> Entry {
    Entry {
        body: body.to_owned(),
        visibility: Visibility::CareTeam,
        ..Entry::new(beginning())
    }
}

/// An entry for nobody else.
pub fn private_note(body: &str) -> Entry {
    Entry {
        visibility: Visibility::OnlyMe,
        ..note(body)
    }
}

/// A check-in with a note, for the care team, dated at the world's beginning.
pub fn checked_in(valence: u8, note: &str) -> CheckIn {
    CheckIn {
        note: note.to_owned(),
        visibility: Visibility::CareTeam,
        ..CheckIn::new(Rating::new(valence).unwrap(), beginning())
    }
}

fn beginning() -> Moment {
    Moment::utc(START_MS)
}

/// A patient's phone.
pub struct Phone {
    app: Option<Patient>,
    home: Home,
    /// The patient in the clinic's register, once paired with one.
    pub record: Option<DocumentId>,
}

impl Deref for Phone {
    type Target = Patient;
    fn deref(&self) -> &Patient {
        self.app.as_ref().unwrap()
    }
}

impl Phone {
    pub(crate) fn new(world: &World, name: &str) -> Self {
        let home = Home::new(world, name);
        let app = Patient::open(&home.file(), &home.key, home.ports()).unwrap();
        Self {
            app: Some(app),
            home,
            record: None,
        }
    }

    /// Whose it is.
    pub fn name(&self) -> &str {
        &self.home.name
    }

    /// What happens to its requests.
    pub fn faults(&self) -> &Arc<Faults> {
        &self.home.faults
    }

    /// Its clock.
    pub fn clock(&self) -> &ParticipantClock {
        &self.home.clock
    }

    /// Its folder.
    pub fn folder(&self) -> &Path {
        &self.home.folder
    }

    /// Its public name.
    pub fn member(&self) -> MemberId {
        self.status().unwrap().member
    }

    /// Writes an entry for the care team.
    pub fn write(&self, body: &str) -> View<Entry> {
        self.write_now(note(body))
    }

    /// Writes an entry for nobody else.
    pub fn write_privately(&self, body: &str) -> View<Entry> {
        self.write_now(private_note(body))
    }

    fn write_now(&self, entry: Entry) -> View<Entry> {
        let at = self.now();
        self.create(Entry { at, ..entry }).unwrap()
    }

    /// Replaces an entry's text, as seen in `view`.
    pub fn rewrite(&self, view: &View<Entry>, body: &str) -> View<Entry> {
        self.edit::<Entry>(view.id, &view.revision, |entry| {
            entry.body = body.to_owned();
        })
        .unwrap()
    }

    /// Adds a check-in for the care team.
    pub fn check_in(&self, valence: u8, note: &str) -> View<CheckIn> {
        let at = self.now();
        let check_in = checked_in(valence, note);
        self.create(CheckIn { at, ..check_in }).unwrap()
    }

    /// Syncs, and insists that everything went well and nothing waits.
    pub fn sync_cleanly(&self) -> SyncReport {
        let report = self.sync().unwrap();
        assert!(report.is_clean(), "{}: {report:#?}", self.name());
        report
    }

    /// As [`Phone::sync_cleanly`], where it may be told that something deleted is back.
    pub fn sync_told(&self) {
        let mut report = self.sync().unwrap();
        report
            .warnings
            .retain(|warning| warning.code != WarningCode::CameBack);
        assert!(report.is_clean(), "{}: {report:#?}", self.name());
    }

    /// The texts of all entries, sorted.
    pub fn texts(&self) -> Vec<String> {
        let mut texts: Vec<String> = self
            .entries()
            .into_iter()
            .map(|view| view.content.body)
            .collect();
        texts.sort();
        texts
    }

    /// All entries, newest first.
    pub fn entries(&self) -> Vec<View<Entry>> {
        self.all(Query::all())
    }

    /// All check-ins, newest first.
    pub fn check_ins(&self) -> Vec<View<CheckIn>> {
        self.all(Query::all())
    }

    /// All replies to something, oldest first.
    pub fn replies(&self, about: DocumentId) -> Vec<View<Reply>> {
        self.all(Query::about(about).oldest_first())
    }

    /// All pages of a list.
    pub fn all<T: Content>(&self, query: Query<T>) -> Vec<View<T>> {
        let mut all = Vec::new();
        let mut next = query;
        loop {
            let page = self.page(&next).unwrap();
            all.extend(page.items);
            assert!(all.len() < 100_000, "it goes round in circles");
            match page.next {
                Some(cursor) => next = next.after(cursor),
                None => return all,
            }
        }
    }

    /// Another phone of the same patient, paired with this one.
    pub fn second_phone(&self) -> Phone {
        let mut second = Phone::new(&self.home.world, &format!("{}-2", self.home.name));
        self.join_by_link(&mut second);
        second
    }

    /// A phone comes into this one's record by a link, and is let in.
    pub fn join_by_link(&self, second: &mut Phone) {
        let invitation = self.invite_phone().unwrap();
        second.pair(&invitation.link).unwrap();
        second.record = self.record;
        self.let_in(second);
    }

    /// The words of a phone that came by this one's link are compared, and it is let in.
    pub fn let_in(&self, second: &Phone) {
        self.sync().unwrap();
        second.sync().unwrap();
        let newcomer = self.newcomers().unwrap().pop().unwrap();
        assert_eq!(
            newcomer.compare_words.as_ref(),
            Some(&second.words_to_compare())
        );
        self.confirm_phone(newcomer.member).unwrap();
        second.sync().unwrap();
        self.sync_cleanly();
        second.sync_cleanly();
    }

    /// Recovery words that are on paper: made, and the word that was asked for given back.
    pub fn written_words(&self) -> String {
        let sheet = self.make_recovery_code().unwrap();
        let words = sheet.words();
        self.confirm_recovery_code(words[sheet.asks_for - 1])
            .unwrap();
        words.join(" ")
    }

    /// The words that this phone shows while it waits.
    pub fn words_to_compare(&self) -> Vec<String> {
        match self.status().unwrap().pairing {
            PairingState::Waiting {
                compare_words: Some(words),
                ..
            } => words,
            other => panic!("it shows no words: {other:?}"),
        }
    }

    /// What a warning that stands on it says.
    pub fn warned(&self, code: WarningCode) -> Option<String> {
        let warnings = self.status().unwrap().warnings.into_iter();
        let mut said = warnings.filter(|warning| warning.code == Some(code));
        said.next().map(|warning| warning.detail)
    }

    /// Whether it was let into a record.
    pub fn is_paired(&self) -> bool {
        self.status().unwrap().pairing.is_paired()
    }

    /// Closes and opens it.
    pub fn reopen(&mut self) {
        self.app = None;
        self.open();
    }

    /// The process is killed at this very moment: what it had handed to the system is all that is
    /// left. Whether a disk would have it after a power cut is what the store's own tests prove.
    pub fn kill(&mut self) {
        let copy = self.home.copy();
        self.app = None;
        self.home.put_back(&copy);
        self.open();
    }

    /// A copy of its folder, as a phone's backup would make it.
    pub fn copy(&self) -> Copy {
        self.home.copy()
    }

    /// Puts an older copy back in the place of what is there.
    pub fn put_back(&mut self, copy: &Copy) {
        self.app = None;
        self.home.put_back(copy);
        self.open();
    }

    /// A second installation made from a copy, alive beside this one.
    pub fn clone_from(&self, copy: &Copy) -> Phone {
        let mut home = Home::new(&self.home.world, &format!("{}-clone", self.home.name));
        home.key = self.home.key.clone();
        home.put_back(copy);
        let app = Patient::open(&home.file(), &home.key, home.ports()).unwrap();
        Phone {
            app: Some(app),
            home,
            record: self.record,
        }
    }

    /// The same record, opened a second time, as by an extension in a process of its own.
    pub fn opened_beside(&self) -> Patient {
        let home = &self.home;
        Patient::open(&home.file(), &home.key, home.ports()).unwrap()
    }

    /// Runs SQL on its file, behind its back: damage.
    pub fn damage(&self, sql: &str, with: impl rusqlite::Params) {
        crate::canary::open(&self.home.file(), &self.home.key)
            .execute(sql, with)
            .unwrap();
    }

    /// Its store, opened beside it.
    pub fn store(&self) -> Store {
        self.home.store()
    }

    /// The world that it is in.
    pub fn world(&self) -> &World {
        &self.home.world
    }

    /// Every byte in its store, decrypted.
    pub fn plain_bytes(&self) -> Vec<u8> {
        crate::canary::plain_bytes(&self.home.file(), &self.home.key)
    }

    /// Its store and what stands beside it, as the disk has it.
    pub fn raw_bytes(&self) -> Vec<u8> {
        crate::canary::raw_bytes(&self.home.folder)
    }

    /// Closes it, and takes its record away if the account was ended; opens it again where it was not.
    pub fn removed_if_ended(&mut self) -> Option<Moment> {
        self.app = None;
        let home = &self.home;
        let removed = Patient::remove_if_ended(&home.file(), &home.key, home.ports()).unwrap();
        if removed.is_none() {
            self.open();
        }
        removed
    }

    fn open(&mut self) {
        let home = &self.home;
        self.app = Some(Patient::open(&home.file(), &home.key, home.ports()).unwrap());
    }
}
