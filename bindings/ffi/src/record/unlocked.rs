//! Help without unlocking: whom to call, where there is no key, no record, or no time.

use std::path::Path;

use companion_core::domain::safety_plan::PlanLine;
use companion_core::domain::support_card::{
    BUNDLED, BundledCard, SupportCard, SupportLine, lines_to_show,
};
use companion_core::domain::unlocked::{UnlockedChoice, UnlockedHelp};
use companion_core::patient::Patient;

use super::PhoneRecord;
use crate::cross::{Cross, view};
use crate::error::Result;
use crate::kinds::ReachedBy;
use crate::runtime;
use crate::values::LocalMoment;

view! {
    /// Somebody to call, to write to, or to look up.
    HelpLineView of SupportLine {
        /// Who it is.
        label: String,
        /// The number, or the address.
        number: String,
        /// How they are reached.
        how: ReachedBy,
    }
}

view! {
    /// Somebody of the person's own safety plan.
    HelpPersonView of PlanLine {
        /// Who it is, in the person's words.
        text: String,
        /// Their number; may be empty.
        number: String,
    }
}

view! {
    /// Help to show without unlocking. Whoever has the phone can have changed the copy beside the record since it was
    /// last opened: show it, and decide nothing by it.
    HelpView of UnlockedHelp {
        /// Whom to call, the most urgent first: the lines of this library, and then the clinic's.
        lines: Vec<HelpLineView>,
        /// The date of the clinic's card; nothing where no copy of one is here.
        card_at: Option<LocalMoment>,
        /// Whom to call of the person's own safety plan; empty unless they chose so.
        people: Vec<HelpPersonView>,
        /// When the copy was made; nothing where there is none.
        kept_at: Option<LocalMoment>,
    }
}

/// The crisis lines of one country that are a part of this library.
#[derive(Debug, Clone, PartialEq, uniffi::Record)]
pub struct BundledHelpView {
    /// The country, by ISO 3166-1: `US`.
    pub region: String,
    /// The country in words.
    pub region_name: String,
    /// Counted up with each change.
    pub version: u32,
    /// Where the lines come from.
    pub source: String,
    /// When somebody last compared them with it: `2026-11-23`.
    pub checked_on: String,
    /// Whom to call, the most urgent first.
    pub lines: Vec<HelpLineView>,
}

/// Help to show while the record at that path is locked, missing or damaged, or its key is lost. Needs no vault and no
/// key, and always gives at least the lines of this library. Reads one small file: `bundled_help` can stand on the
/// screen until it did.
///
/// # Errors
///
/// None today.
#[uniffi::export]
pub async fn help_without_key(path: String) -> Result<HelpView> {
    let help = runtime::run(move || Ok(Cross::out(Patient::help_without_key(Path::new(&path)))));
    help.await
}

/// The crisis lines that are a part of this library, by country: for a screen that has to stand before anything else
/// does. Touches no disk.
///
/// # Errors
///
/// None today.
#[uniffi::export]
pub fn bundled_help() -> Result<Vec<BundledHelpView>> {
    Ok(BUNDLED.iter().map(|card| bundled(card)).collect())
}

view! {
    /// What the person lets be read on this phone by anybody who has it. Nothing, until they say so.
    HelpChoiceView of UnlockedChoice {
        /// The people and professionals of their safety plan.
        people: bool,
        /// What their clinic is called. Its number is there without it.
        clinic_name: bool,
    }
}

#[uniffi::export]
impl PhoneRecord {
    /// The lines to show of whom to call, the most urgent first: those of this library, and the clinic's. The same as
    /// without unlocking, with the clinic's name.
    ///
    /// # Errors
    ///
    /// `Damaged` when the record can't be read: `help_without_key` then still gives lines.
    pub async fn help_lines(&self) -> Result<Vec<HelpLineView>> {
        let lines = self.inner.ask(|patient| {
            let card: Option<SupportCard> = patient.support_card()?;
            Ok(Cross::out(lines_to_show(card.as_ref())))
        });
        lines.await
    }

    /// What the person lets be read on this phone without unlocking. It is a choice of this phone alone.
    ///
    /// # Errors
    ///
    /// `Damaged` when the record can't be read.
    pub async fn help_choice(&self) -> Result<HelpChoiceView> {
        self.inner
            .ask(|patient| Ok(Cross::out(patient.unlocked_choice()?)))
            .await
    }

    /// Lets be read without unlocking what was chosen, and nothing else any more. When this returns, what was taken
    /// back is gone.
    ///
    /// # Errors
    ///
    /// `DiskFull`, `NotWritable`, where the copy can't be written or removed: `help_without_key` says what can be read
    /// then.
    pub async fn choose_help(&self, choice: HelpChoiceView) -> Result<()> {
        let HelpChoiceView {
            people,
            clinic_name,
        } = choice;
        let choice = UnlockedChoice {
            people,
            clinic_name,
        };
        self.inner
            .ask(move |patient| Ok(patient.choose_unlocked(choice)?))
            .await
    }
}

fn bundled(card: &BundledCard) -> BundledHelpView {
    BundledHelpView {
        region: card.region.to_owned(),
        region_name: card.region_name.to_owned(),
        version: card.version,
        source: card.source.to_owned(),
        checked_on: card.checked_on.to_owned(),
        lines: Cross::out(card.lines().collect::<Vec<_>>()),
    }
}
