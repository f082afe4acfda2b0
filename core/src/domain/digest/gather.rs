//! What a digest is made of, asked of whoever holds the record: clinic and phone gather the same.

use super::super::disclosed::Disclosed;
use super::super::{
    AnythingNew, AssessmentSection, CheckIn, Commitment, ContactRequest, Content, DosingSession,
    Entry, Goal, Intention, MedicationList, NextSessionItem, Response, SafetyPlan,
    SessionPreparation, UseCheck,
};
use super::{Material, Noted, Other, TotalFact, safety};

/// A record that can be asked for all that is shared of a kind.
pub trait Shared {
    /// Why it can't be read.
    type Error;

    /// All that both sides can read of a kind.
    ///
    /// # Errors
    ///
    /// The record can't be read.
    fn all<T: Content>(&mut self) -> Result<Vec<Disclosed<T>>, Self::Error>;
}

impl Material {
    /// Gathers all that a digest is made of. Flags, and what was talked about, are for the clinic to add.
    ///
    /// # Errors
    ///
    /// The record can't be read.
    pub fn gather<S: Shared>(record: &mut S) -> Result<Self, S::Error> {
        let responses = record.all::<Response>()?;
        let mut others = noted(responses.clone());
        others.extend(noted(record.all::<UseCheck>()?));
        others.extend(noted(record.all::<AssessmentSection>()?));
        others.extend(noted(record.all::<SafetyPlan>()?));
        others.extend(noted(record.all::<MedicationList>()?));
        others.extend(noted(record.all::<AnythingNew>()?));
        others.extend(noted(record.all::<Goal>()?));
        others.extend(noted(record.all::<Intention>()?));
        others.extend(noted(record.all::<ContactRequest>()?));
        let totals = |one: &Disclosed<Response>| {
            let facts = TotalFact::all_of(one.content()).into_iter();
            let facts = facts.map(|fact| one.clone().map(|_| fact));
            facts.collect::<Vec<_>>()
        };
        Ok(Self {
            entries: record.all::<Entry>()?,
            check_ins: record.all::<CheckIn>()?,
            commitments: record.all::<Commitment>()?,
            lines: record.all::<NextSessionItem>()?,
            sessions: record.all::<DosingSession>()?,
            preparations: record.all::<SessionPreparation>()?,
            harm: safety::harm(responses.clone()),
            totals: responses.iter().flat_map(totals).collect(),
            others,
            ..Self::default()
        })
    }
}

fn noted<T: Noted>(all: Vec<Disclosed<T>>) -> Vec<Disclosed<Other>> {
    let noted = all.into_iter().map(|one| one.map(|one| one.other()));
    noted.collect()
}
