//! Help that this phone shows without its record's key, and what the person lets be read there.

use std::path::Path;

use super::Patient;
use crate::domain::unlocked::{UnlockedChoice, UnlockedCopy, UnlockedHelp};
use crate::domain::{Content, Kind, Purpose, SafetyPlan};
use crate::error::Result;
use crate::report::WarningCode;
use crate::settings::{self, CLINIC};
use crate::store::SpaceStanding;
use crate::unlocked;

/// What the person chose to let be read.
const CHOICE: &str = "unlocked_help";

impl Patient {
    /// Help to show while the record at `path` is locked, missing or damaged, or its key is lost: the bundled
    /// lines, and what the copy beside the record has of the clinic's card and of the person's own plan, with
    /// its dates. Needs no key, and never fails. Whoever has the phone can have changed the copy since the record was
    /// last opened: show it, and decide nothing by it. [`Patient::open`] compares it with the record, puts it right
    /// and warns ([`WarningCode::HelpChanged`]).
    ///
    /// ```
    /// use companion_core::patient::Patient;
    /// let folder = tempfile::tempdir().unwrap();
    /// let help = Patient::help_without_key(&folder.path().join("phone.db"));
    /// assert_eq!(help.lines[0].number, "988");
    /// assert_eq!(help.kept_at, None);
    /// ```
    pub fn help_without_key(path: &Path) -> UnlockedHelp {
        unlocked::help(path)
    }

    /// What the person lets be read on this phone without unlocking. It is a choice of this phone alone.
    ///
    /// # Errors
    ///
    /// [`CoreError::Store`](crate::CoreError::Store) when the record can't be read.
    ///
    /// ```
    /// # let folder = tempfile::tempdir().unwrap();
    /// # let (path, key) = (folder.path().join("p.db"), companion_core::StoreKey::new([7; 32]));
    /// # let ports = companion_core::ports::testing::offline();
    /// # let phone = companion_core::patient::Patient::open(&path, &key, ports)?;
    /// let choice = phone.unlocked_choice()?;
    /// assert!(!choice.people && !choice.clinic_name);
    /// # Ok::<(), companion_core::CoreError>(())
    /// ```
    pub fn unlocked_choice(&self) -> Result<UnlockedChoice> {
        let noted = self.replica.store.read(|r| settings::noted(r, CHOICE))?;
        Ok(noted.unwrap_or_default())
    }

    /// Lets be read without unlocking what was chosen, and nothing else any more. When this returns, what was
    /// taken back is gone from the copy. Taking back needs no room on the disk for the copy: it is removed
    /// first, and written again without what was taken back as soon as it can be.
    ///
    /// # Errors
    ///
    /// [`CoreError::Store`](crate::CoreError::Store) when the copy can't be written, and the choice is then as
    /// before; or when it can't be removed, or the choice can't be saved. [`Patient::help_without_key`] says what
    /// can be read then.
    ///
    /// ```
    /// use companion_core::domain::safety_plan::{PlanLine, PlanStep};
    /// use companion_core::domain::unlocked::UnlockedChoice;
    /// use companion_core::patient::Patient;
    /// # let folder = tempfile::tempdir().unwrap();
    /// # let (path, key) = (folder.path().join("p.db"), companion_core::StoreKey::new([7; 32]));
    /// # let ports = companion_core::ports::testing::offline();
    /// # let phone = companion_core::patient::Patient::open(&path, &key, ports)?;
    /// phone.change_safety_plan(|plan, id| {
    ///     plan.lines_mut(PlanStep::PeopleToAsk).push(id, PlanLine::new("Jo"));
    /// })?;
    /// assert!(Patient::help_without_key(&path).people.is_empty());
    /// phone.choose_unlocked(UnlockedChoice { people: true, ..UnlockedChoice::default() })?;
    /// assert_eq!(Patient::help_without_key(&path).people[0].text, "Jo");
    /// # Ok::<(), companion_core::CoreError>(())
    /// ```
    pub fn choose_unlocked(&self, choice: UnlockedChoice) -> Result<()> {
        let note = || {
            let store = &self.replica.store;
            store.write(|w| settings::note(w, CHOICE, &choice))
        };
        let before = self.unlocked_choice()?;
        let takes_back =
            (before.people && !choice.people) || (before.clinic_name && !choice.clinic_name);
        if takes_back {
            // Removed first: a full disk must not keep readable what is to be read no more. The choice is
            // saved even where the copy can't be removed, so that the next exchange tries again.
            let removed = unlocked::remove(self.replica.store.path());
            note()?;
            removed?;
            self.keep_unlocked();
            return Ok(());
        }
        if choice == before {
            let kept = self.keep_unlocked_by(choice);
            return match kept {
                // It was taken back already, and the copy could not be removed then.
                Err(_) if !choice.people => unlocked::remove(self.replica.store.path()),
                kept => kept,
            };
        }
        // The copy first: a power cut in between leaves less readable than was chosen before, never more
        // than is chosen now. The next exchange writes it by the choice that stands.
        self.keep_unlocked_by(choice)?;
        note()
    }

    /// Compares the copy with the record, and puts it right: somebody without the key can have changed it, and it is
    /// what a person in need reads first. Says so in a warning, which stands until they dismiss it.
    pub(super) fn mend_unlocked(&self) {
        if unlocked::look(&self.replica.store) == unlocked::Found::Foreign {
            let now = self.now();
            let detail = format!("it was found so on {}", now.on_the_calendar());
            let code = WarningCode::HelpChanged.as_str();
            // Where nothing can be saved, reading goes on, and so does what follows.
            let _ = self
                .replica
                .store
                .write(|w| w.put_warning(code, None, &detail, now.unix_ms));
        }
        self.keep_unlocked();
    }

    /// Brings the copy up to date, if it can be written: it is one, and the record stands without it.
    pub(super) fn keep_unlocked(&self) {
        // Tried again at the next exchange; what was just saved or exchanged is so all the same.
        let _ = self
            .unlocked_choice()
            .and_then(|choice| self.keep_unlocked_by(choice));
    }

    /// The same after a change of a kind that may stand in it.
    pub(super) fn keep_unlocked_of(&self, kind: &Kind) {
        if *kind == SafetyPlan::KIND {
            self.keep_unlocked();
        }
    }

    /// Whether nothing goes to the clinic from this phone any more, nor comes from there: nobody reads what would be
    /// written for it, and what the clinic set may be set otherwise by now.
    pub(super) fn is_out(&self) -> bool {
        let care = self.replica.row_for(Purpose::Care);
        care.is_some_and(|row| !row.is_open())
    }

    /// Whether somebody took this phone out of the record with the clinic, or it left.
    fn was_removed(&self) -> bool {
        let care = self.replica.row_for(Purpose::Care);
        care.is_some_and(|row| row.standing == SpaceStanding::Gone)
    }

    fn keep_unlocked_by(&self, choice: UnlockedChoice) -> Result<()> {
        let private = self.replica.row_for(Purpose::Private);
        // A phone that its own person removed may be in other hands.
        let wanted = if private.is_some_and(|row| row.standing == SpaceStanding::Gone) {
            None
        } else {
            let plan = self.safety_plan()?.map(|view| view.content);
            let clinic = self.replica.text_setting(CLINIC)?.unwrap_or_default();
            // A phone that the clinic removed holds nothing ready of the clinic. The person's own people stay.
            let card = match self.was_removed() {
                true => None,
                false => self.support_card()?,
            };
            UnlockedCopy::of(choice, card.as_ref(), &clinic, plan.as_ref(), self.now())
        };
        unlocked::keep(&self.replica.store, wanted.as_ref())
    }
}
