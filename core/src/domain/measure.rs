//! Questionnaires with published wording and scoring: what each asks, what an answer counts, and what
//! the literature says of a total.
//!
//! Only instruments that may be reproduced are here in words; of others the registry keeps a name and
//! the reason ([`Withheld`]). Everything states facts with their source. Nothing here decides, advises
//! or names a diagnosis.

mod answers;
mod audit_c;
mod fact;
mod gad_7;
mod id;
mod instrument;
mod interval;
mod ons_4;
mod pcl_5;
mod phq;
mod progress;
mod sheet;
mod threshold;
mod withheld;

#[cfg(test)]
mod tests;

pub use answers::{Answers, HarmAnswer, Incomplete, ItemState, NoTotal, Score};
pub use fact::{Fact, Source};
pub use id::{InstrumentVersion, ItemNumber, ItemNumberError, Loinc, MeasureId, Points};
pub use instrument::{
    Asked, Band, Choice, Instrument, Item, LOINC_NOTICE, LoincCodes, Permission, Recall, Terms,
};
pub(super) use interval::days_between;
pub use interval::{Days, Interval, Timing, timing};
pub use progress::{
    Change, NotComparable, ReliableChange, Taken, baseline, caseness, meaningful_change,
    reliable_change, remission, response_to_treatment,
};
pub use sheet::{Given, Sheet};
pub use threshold::{Spread, Standing, Threshold, Thresholds};
pub use withheld::{Reason, Withheld};

/// A measure that the registry knows. Only what is offered has an [`Instrument`], so whatever needs one
/// can't be given a measure that may not be shipped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Measure {
    /// It may be reproduced, and is here in whole.
    Offered(&'static Instrument),
    /// It may not be shipped: its name, and why.
    Withheld(&'static Withheld),
}

/// Every instrument in every version that was ever released, oldest version first: an answer keeps the
/// score that it had, so none is ever edited or taken out.
static OFFERED: &[&Instrument] = &[
    &phq::PHQ_9,
    &phq::PHQ_2,
    &gad_7::GAD_7,
    &pcl_5::PCL_5,
    &audit_c::AUDIT_C,
    &ons_4::ONS_4,
];

impl Measure {
    /// The newest version of that measure; `None` for one that this version of the program does not
    /// know.
    pub fn of(id: &MeasureId) -> Option<Measure> {
        let offered = OFFERED.iter().rev().find(|known| known.id == *id);
        offered
            .map(|known| Measure::Offered(known))
            .or_else(|| Withheld::of(id).map(Measure::Withheld))
    }

    /// All measures: those that are offered in their newest version, then those that are withheld.
    pub fn all() -> impl Iterator<Item = Measure> {
        let withheld = withheld::WITHHELD.iter().map(Measure::Withheld);
        Instrument::offered().map(Measure::Offered).chain(withheld)
    }

    /// What it is called for short.
    pub const fn short_name(self) -> &'static str {
        match self {
            Measure::Offered(instrument) => instrument.short_name,
            Measure::Withheld(withheld) => withheld.short_name,
        }
    }
}

impl Instrument {
    /// That version of that measure; `None` for one that this version of the program does not know.
    pub fn of(id: &MeasureId, version: InstrumentVersion) -> Option<&'static Instrument> {
        let mut known = OFFERED.iter();
        known
            .find(|known| known.id == *id && known.version == version)
            .copied()
    }

    /// The newest version of everything that may be answered.
    pub fn offered() -> impl Iterator<Item = &'static Instrument> {
        let newest = |of: &Instrument| {
            let mut versions = OFFERED.iter().filter(move |known| known.id == of.id);
            versions.all(|known| known.version <= of.version)
        };
        OFFERED.iter().copied().filter(move |known| newest(known))
    }
}
