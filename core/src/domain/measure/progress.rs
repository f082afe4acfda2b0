//! How a total stands to an earlier one, by published numbers. Each function answers with the fact and
//! its source, and with `None` where nothing was published for the measure. None of them says whether
//! somebody is well.

use super::super::{DocumentId, Moment};
use super::{Fact, Score, Standing, Threshold};

/// A total, when it was taken, and the response that it is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Taken {
    /// The total.
    pub score: Score,
    /// When the questionnaire was answered.
    pub at: Moment,
    /// The response.
    pub response: DocumentId,
}

/// Two totals that can't be compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotComparable {
    /// They are of different measures.
    #[error("the two scores are of different measures")]
    Measures,
    /// They are of different versions of one measure.
    #[error("the two scores are of different versions of the measure")]
    Versions,
}

/// From one total to another of the same measure and version.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Change {
    baseline: Score,
    latest: Score,
}

/// Whether two totals differ by more than the measure's error, and which way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReliableChange {
    /// Less than any published number of points.
    Within,
    /// Lower, by as many points as some of the published numbers ask.
    FellBySome,
    /// Lower, by as many points as every published number asks.
    Fell,
    /// Higher, by as many points as some of the published numbers ask.
    RoseBySome,
    /// Higher, by as many points as every published number asks.
    Rose,
}

/// The total to compare later ones with: the last one before the first dosing session, and the first of
/// all while there was no session. `None` where none was taken before the session, since what came
/// after it is no baseline. All of one measure and version as the newest; others are passed over.
///
/// Programmes measure at baseline and 1, 3 and 6 months after (Field Trip, n = 1,806,
/// <https://www.researchgate.net/publication/367222323>); that it is the *last* total before is our own
/// reading.
pub fn baseline(taken: &[Taken], first_session: Option<Moment>) -> Option<&Taken> {
    let newest = taken.iter().max_by_key(|one| order(one))?;
    let alike = taken
        .iter()
        .filter(|one| Change::new(one.score, newest.score).is_ok());
    match first_session {
        None => alike.min_by_key(|one| order(one)),
        Some(session) => alike
            .filter(|one| one.at.unix_ms < session.unix_ms)
            .max_by_key(|one| order(one)),
    }
}

/// By time, and by name where the times agree, so that every replica chooses the same one.
fn order(taken: &Taken) -> (i64, DocumentId) {
    (taken.at.unix_ms, taken.response)
}

impl Change {
    /// From a baseline to a later total.
    ///
    /// # Errors
    ///
    /// They are not of one measure in one version.
    pub fn new(baseline: Score, latest: Score) -> Result<Change, NotComparable> {
        if baseline.measure() != latest.measure() {
            Err(NotComparable::Measures)
        } else if baseline.version() != latest.version() {
            Err(NotComparable::Versions)
        } else {
            Ok(Change { baseline, latest })
        }
    }

    /// The earlier total.
    pub const fn baseline(&self) -> Score {
        self.baseline
    }

    /// The later total.
    pub const fn latest(&self) -> Score {
        self.latest
    }

    /// Points from the earlier to the later one: less than 0 where it fell.
    pub fn points(&self) -> i32 {
        i32::from(self.latest.total()) - i32::from(self.baseline.total())
    }

    fn size(&self) -> u16 {
        self.latest.total().abs_diff(self.baseline.total())
    }

    fn rose(&self) -> bool {
        self.latest.total() > self.baseline.total()
    }
}

/// Whether the totals differ by more than the measure's error (Jacobson and Truax 1991,
/// <https://doi.org/10.1037/0022-006X.59.1.12>).
pub fn reliable_change(change: &Change) -> Option<Fact<ReliableChange>> {
    let published = change.latest.instrument().thresholds.reliable_change?;
    let is = match (published.is.standing(change.size()), change.rose()) {
        (Standing::Below, _) => ReliableChange::Within,
        (Standing::Between, false) => ReliableChange::FellBySome,
        (Standing::Between, true) => ReliableChange::RoseBySome,
        (Standing::Reached, false) => ReliableChange::Fell,
        (Standing::Reached, true) => ReliableChange::Rose,
    };
    Some(Fact::new(is, published.source))
}

/// How the size of the change, up or down, stands to what people notice.
pub fn meaningful_change(change: &Change) -> Option<Fact<Standing>> {
    let published = change.latest.instrument().thresholds.meaningful_change?;
    Some(standing(published, change.size()))
}

/// Whether as much of the baseline is gone as is called a response. A baseline of 0 leaves nothing to
/// fall from: `false`.
pub fn response_to_treatment(change: &Change) -> Option<Fact<bool>> {
    let published = change.latest.instrument().thresholds.response_percent?;
    let (from, to) = (change.baseline.total(), change.latest.total());
    let fell = u32::from(from.saturating_sub(to));
    let is = from > 0 && fell * 100 >= u32::from(from) * u32::from(published.is);
    Some(Fact::new(is, published.source))
}

/// Whether a total is as low as what is called remission.
pub fn remission(score: &Score) -> Option<Fact<bool>> {
    let published = score.instrument().thresholds.remission?;
    Some(Fact::new(score.total() <= published.is, published.source))
}

/// How a total stands to where a screen counts as positive. Not a diagnosis.
pub fn caseness(score: &Score) -> Option<Fact<Standing>> {
    let published = score.instrument().thresholds.caseness?;
    Some(standing(published, score.total()))
}

fn standing(published: Fact<Threshold>, points: u16) -> Fact<Standing> {
    Fact::new(published.is.standing(points), published.source)
}
