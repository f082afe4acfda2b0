//! Signals: what there is to see, about which response, and when.

use super::super::measure::{
    Answers, HarmAnswer, Instrument, InstrumentVersion, ItemNumber, ItemState, MeasureId, Points,
    Score,
};
use super::super::response::UnknownMeasure;
use super::super::{DocumentId, Moment, Response};
use super::rule::Rule;

/// Something that somebody at the clinic has to see.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RiskSignal {
    /// What it is.
    pub cause: Cause,
    /// The document that it is about: the response, or the request to be contacted.
    pub about: DocumentId,
    /// When that was, by the patient's clock.
    pub at: Moment,
}

/// What makes a signal.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Cause {
    /// Thoughts of death or of hurting oneself were answered with more than "not at all".
    HarmItem {
        /// The item.
        item: ItemNumber,
        /// What the answer counts.
        points: Points,
    },
    /// Something was answered to that item that can't be read here. Nobody takes it for "not at all".
    HarmItemUnreadable {
        /// The item.
        item: ItemNumber,
    },
    /// The answers can't be read or scored here, wholly or in part. Nobody takes them for nothing.
    Unreadable {
        /// The measure that they are to.
        measure: MeasureId,
        /// In which version.
        version: InstrumentVersion,
    },
    /// The patient asked to be contacted.
    ContactMe,
    /// A rule of the clinic's is met.
    ClinicRule {
        /// Which rule.
        rule: DocumentId,
        /// The clinic's words for it, as they were then.
        words: String,
    },
}

/// What a response gives to see: the item on thoughts of death first, then that something of it can't be
/// read, then the clinic's rules in their order. The item counts by itself, in a response that is not finished as well.
///
/// # Errors
///
/// This version of the program does not know the measure, and can't say that there is nothing to see.
pub fn signals(
    (about, response): (DocumentId, &Response),
    baseline: Option<Score>,
    rules: &[Rule],
) -> Result<Vec<RiskSignal>, UnknownMeasure> {
    let instrument = response.instrument()?;
    let answers = response.read()?;
    let harm = answers.harm().and_then(harm_cause);
    let is_said = matches!(harm, Some(Cause::HarmItemUnreadable { .. }));
    let unreadable =
        (!is_said && has_unreadable(instrument, &answers)).then(|| unreadable(response));
    let met = rules
        .iter()
        .filter(|rule| rule.is_met(instrument, &answers, baseline));
    let met = met.map(|rule| Cause::ClinicRule {
        rule: rule.id(),
        words: rule.words().to_owned(),
    });
    let signal = |cause| RiskSignal {
        cause,
        about,
        at: response.answered_at(),
    };
    Ok(harm
        .into_iter()
        .chain(unreadable)
        .chain(met)
        .map(signal)
        .collect())
}

/// What is said of a response that can't be read or scored here.
pub(super) fn unreadable(response: &Response) -> Cause {
    Cause::Unreadable {
        measure: response.measure.clone(),
        version: response.version,
    }
}

/// Whether an answer is none that the instrument offers. The rules of a clinic can't be applied to those.
fn has_unreadable(instrument: &Instrument, answers: &Answers<'_>) -> bool {
    let mut items = instrument.items.iter();
    items.any(|item| answers.state(item) == ItemState::Unreadable)
}

/// The signal of a request to be contacted.
pub const fn asked_to_be_contacted(about: DocumentId, at: Moment) -> RiskSignal {
    RiskSignal {
        cause: Cause::ContactMe,
        about,
        at,
    }
}

fn harm_cause(harm: HarmAnswer) -> Option<Cause> {
    let item = harm.item;
    match harm.state {
        // Of two answers given apart the higher one counts: nobody takes the lower one for the answer.
        ItemState::Answered(points) | ItemState::Apart(points) if points > Points(0) => {
            Some(Cause::HarmItem { item, points })
        }
        ItemState::Unreadable => Some(Cause::HarmItemUnreadable { item }),
        ItemState::Answered(_) | ItemState::Apart(_) | ItemState::Open | ItemState::Skipped => None,
    }
}
