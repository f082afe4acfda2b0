//! Raising flags by itself: after each exchange, and after rows were made anew, whatever patients shared that
//! gives something to see has its flag. What was looked at is remembered only while the node runs: a start, a
//! restore and an upgrade look at everything once more, and a flag that is there is not raised again.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{MutexGuard, PoisonError};

use companion_protocol::id::SpaceId;

use super::Clinic;
use super::flags::{NewFlag, plain_word};
use super::set_for_all::SetForAll;
use crate::domain::flag::FlagSource;
use crate::domain::risk::{Rule, StandingRule, asked_to_be_contacted, signals_of};
use crate::domain::{
    ContactRequest, Content, DocumentId, DosingSession, FlagRule, Kind, Moment, PatientRecord,
    Purpose, Response, declared,
};
use crate::error::{CoreError, Result};
use crate::records::{Records, Unreadable};
use crate::report::SyncProblem;

/// Kinds from a newer version that one patient's flags name. More would be noise, or somebody's mischief.
const UNKNOWN_KINDS: usize = 5;

/// Of something that says nothing of its time: a flag is the same on every node, so none is made up here.
const NO_TIME: Moment = Moment::utc(0);

/// What has been looked at since the node started.
#[derive(Debug, Default)]
pub(super) struct Looked {
    /// The clinic's rules as they were then.
    rules: Vec<(DocumentId, FlagRule)>,
    /// What patients' phones were to be told then.
    safety: SetForAll,
    /// The change of the clinic's space that both were read at.
    clinic_at: Option<i64>,
    /// For each space the number of its last change.
    spaces: BTreeMap<SpaceId, i64>,
}

/// What a look came to.
#[derive(Debug, Default)]
pub(super) struct Look {
    /// Documents that it wrote: flags, and copies of what the clinic set.
    pub(super) written: usize,
    /// Patients of whom not everything could be looked at. It is tried again.
    pub(super) problems: Vec<SyncProblem>,
}

impl Clinic {
    /// Looks at what changed in each patient's shared record, raises what there is to see, and says there
    /// what the clinic set for all. One patient of whom something can't be looked at stops nobody else.
    pub(super) fn raise_what_arrived(&self) -> Look {
        let mut look = Look::default();
        if let Err(error) = self.look(&mut look) {
            look.problems.push(problem(None, &error));
        }
        look
    }

    /// Has the next look look at everything.
    pub(super) fn look_at_everything_again(&self) {
        *self.looked() = Looked::default();
    }

    fn looked(&self) -> MutexGuard<'_, Looked> {
        self.looked.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn look(&self, look: &mut Look) -> Result<()> {
        let mut looked = self.looked();
        // Read before anything else: what changes meanwhile is looked at the next time.
        let changed = self.replica.store.read(|r| r.changed_by_space())?;
        let changed: BTreeMap<SpaceId, i64> = changed.into_iter().collect();
        if looked.spaces == changed {
            return Ok(());
        }
        let clinic = self.own.writable_space(Purpose::Clinic)?;
        let clinic_at = changed.get(&clinic).copied().unwrap_or_default();
        if looked.clinic_at != Some(clinic_at) {
            let kept = self.own.all::<FlagRule>()?.into_iter();
            let kept: Vec<_> = kept.map(|view| (view.id, view.content)).collect();
            let safety = self.set_for_all()?;
            if looked.rules != kept || looked.safety != safety {
                looked.spaces.clear();
                looked.rules = kept;
                looked.safety = safety;
            }
            looked.clinic_at = Some(clinic_at);
        }
        let safety = looked.safety.clone();
        let rules: Vec<StandingRule> = looked
            .rules
            .iter()
            .filter_map(|(id, kept)| {
                Some(StandingRule {
                    rule: Rule::of(*id, kept).ok()?,
                    since: kept.at,
                })
            })
            .collect();
        let mut register = BTreeSet::new();
        for (patient, record) in self.register_at(clinic_at)?.iter() {
            let care = record.care_space;
            register.insert(care);
            let now = changed.get(&care).copied();
            if now.is_none() || looked.spaces.get(&care) == now.as_ref() {
                continue;
            }
            let (written, failed) = self.look_at(*patient, record, &rules, &safety);
            look.written += written;
            match failed {
                None => looked.spaces.extend(now.map(|now| (care, now))),
                Some(error) => {
                    looked.spaces.remove(&care);
                    look.problems.push(problem(Some(care), &error));
                }
            }
        }
        // The clinic's own space, and whatever else holds nothing of a patient's, need no second look.
        let others = changed
            .iter()
            .filter(|(space, _)| !register.contains(*space));
        looked
            .spaces
            .extend(others.map(|(space, at)| (*space, *at)));
        Ok(())
    }

    /// Raises what there is to see in one record, and says there what the clinic set. What can't be looked at does not keep the rest from it.
    fn look_at(
        &self,
        patient: DocumentId,
        record: &PatientRecord,
        rules: &[StandingRule],
        safety: &SetForAll,
    ) -> (usize, Option<CoreError>) {
        let records = self.records_in(record.care_space);
        let parts = [
            flags_of_answers(&records, rules),
            flags_of_requests(&records),
            self.flags_of_the_unreadable(record.care_space),
        ];
        let (mut written, mut failed) = (0, None);
        for part in parts {
            let flags = part.unwrap_or_else(|error| {
                failed.get_or_insert(error);
                Vec::new()
            });
            for new in flags {
                match self.raise(patient, record.care_space, new) {
                    Ok(one) => written += usize::from(one.is_new),
                    Err(error) => drop(failed.get_or_insert(error)),
                }
            }
        }
        let is_member = self.replica.row(record.care_space);
        if is_member.is_ok_and(|row| row.is_member()) {
            match safety.say_in(&records) {
                Ok(said) => written += said,
                Err(error) => drop(failed.get_or_insert(error)),
            }
        }
        (written, failed)
    }

    /// What this version can't understand is shown nowhere else. Answers and requests have a flag each; of
    /// other kinds one says that there is something.
    fn flags_of_the_unreadable(&self, care: SpaceId) -> Result<Vec<NewFlag>> {
        let mut flags = Vec::new();
        let mut others: BTreeMap<Kind, Moment> = BTreeMap::new();
        for one in self.replica.unreadable_of_others(care, self.public_key())? {
            let at = one.at.unwrap_or(NO_TIME);
            if one.kind == Response::KIND || one.kind == ContactRequest::KIND {
                flags.push(unreadable(&one, at));
            } else {
                let earliest = others.entry(one.kind).or_insert(at);
                *earliest = (*earliest).min(at);
            }
        }
        let others = others.into_iter().take(UNKNOWN_KINDS);
        flags.extend(others.map(|(kind, at)| unreadable_kind(&kind, at)));
        Ok(flags)
    }
}

fn flags_of_answers(records: &Records, rules: &[StandingRule]) -> Result<Vec<NewFlag>> {
    let responses = records.all::<Response>()?.into_iter();
    let responses: Vec<(DocumentId, Response)> =
        responses.map(|view| (view.id, view.content)).collect();
    if responses.is_empty() {
        return Ok(Vec::new());
    }
    let sessions = records.all::<DosingSession>()?.into_iter();
    let sessions = sessions.map(|view| view.content);
    let held = sessions.filter(DosingSession::takes_place);
    let sessions: Vec<Moment> = held.map(|session| session.at).collect();
    let begun: BTreeMap<DocumentId, Moment> = responses
        .iter()
        .map(|(id, response)| (*id, response.at))
        .collect();
    let signals = signals_of(&responses, &sessions, rules).into_iter();
    Ok(signals
        .map(|signal| NewFlag {
            // When they were begun does not change: whoever sees them unfinished raises the same flag.
            at: begun.get(&signal.about).copied().or(Some(signal.at)),
            ..NewFlag::from(signal)
        })
        .collect())
}

/// Taken back or not: whether the clinic was asked must not hang on when its node looked.
fn flags_of_requests(records: &Records) -> Result<Vec<NewFlag>> {
    let requests = records.all::<ContactRequest>()?.into_iter();
    let signals = requests.map(|view| asked_to_be_contacted(view.id, view.content.at));
    Ok(signals.map(NewFlag::from).collect())
}

fn unreadable(one: &Unreadable, at: Moment) -> NewFlag {
    let what = if one.kind == ContactRequest::KIND {
        "The patient asked to be contacted, and what they wrote can't be read here."
    } else {
        "Answers to a measure can't be read here."
    };
    NewFlag {
        about: Some(one.id),
        source: FlagSource::Unreadable,
        words: format!("{what} Ask the patient, and bring this program up to date."),
        by: String::new(),
        at: Some(at),
    }
}

fn unreadable_kind(kind: &Kind, at: Moment) -> NewFlag {
    let words = if declared(kind).is_some() {
        format!(
            "Something that was shared can't be read here: a {} that is damaged, or that a newer version \
             wrote. Ask the patient, and bring this program up to date.",
            plain_word(kind.as_str())
        )
    } else {
        format!(
            "Something that was shared can't be read here: this version does not know what a {} is. Ask the \
             patient, and bring this program up to date.",
            plain_word(kind.as_str())
        )
    };
    NewFlag {
        about: None,
        source: FlagSource::Unreadable,
        words,
        by: String::new(),
        at: Some(at),
    }
}

fn problem(space: Option<SpaceId>, error: &CoreError) -> SyncProblem {
    SyncProblem {
        space,
        message: format!("flags could not be raised: {error}"),
        passing: error.is_passing(),
    }
}
