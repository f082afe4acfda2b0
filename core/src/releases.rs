//! What both facades read of releases: each with how it stands now, what was told by it, what the clinic asked for and
//! was answered; and who looked at the record.

use std::collections::BTreeMap;

use sha2::{Digest as _, Sha256};

use crate::domain::release::{ReleaseError, ReleaseStanding};
use crate::domain::{
    Access, Disclosure, DocumentId, Moment, Programme, RecordSections, Release, ReleaseDeclined,
    ReleaseRequest, Revision, nickname,
};
use crate::error::{CoreError, Missing, Result};
use crate::records::{Apart, DeliveryState, Records, View};

/// A release as it stands at the moment.
#[derive(Debug, Clone, PartialEq)]
pub struct ReleaseView {
    /// Its name.
    pub id: DocumentId,
    /// The version that this is.
    pub revision: Revision,
    /// What the patient said.
    pub release: Release,
    /// How it stands by this device's clock.
    pub standing: ReleaseStanding,
    /// The sections that it opens, after all that narrowed it.
    pub sections: RecordSections,
    /// Its end, after all that narrowed it.
    pub until: Moment,
    /// What of it stands in two wordings: nothing is told until the patient chose.
    pub apart: Vec<Apart>,
    /// How far the newest version of it got.
    pub delivery: DeliveryState,
}

/// What the clinic asked for, and what became of it.
#[derive(Debug, Clone, PartialEq)]
pub struct RequestView {
    /// Its name.
    pub id: DocumentId,
    /// The version that this is.
    pub revision: Revision,
    /// What was asked.
    pub request: ReleaseRequest,
    /// What became of it.
    pub answer: RequestAnswer,
}

/// What became of a request for a release.
#[derive(Debug, Clone, PartialEq)]
pub enum RequestAnswer {
    /// Nobody answered yet.
    Open,
    /// The patient gave that release.
    Given(DocumentId),
    /// The patient declined. A no that one phone said wins over a yes of another.
    Declined(ReleaseDeclined),
    /// The clinic took it back before it was answered.
    TakenBack(Moment),
}

/// Something that was told somebody outside: one line of the log of what was sent.
#[derive(Debug, Clone, PartialEq)]
pub struct Told {
    /// By which release.
    pub release: DocumentId,
    /// Whom.
    pub provider: String,
    /// The sections that it opened then.
    pub sections: RecordSections,
    /// Each document, at the version that it had.
    pub documents: BTreeMap<DocumentId, Revision>,
    /// Who told it.
    pub by: String,
    /// When.
    pub at: Moment,
}

/// All releases, newest first.
pub(crate) fn all(records: &Records, now: Moment) -> Result<Vec<ReleaseView>> {
    let views = records.all::<Release>()?.into_iter();
    let mut all = views
        .map(|view| stood(records, view, now))
        .collect::<Result<Vec<_>>>()?;
    all.sort_by_key(|one| (std::cmp::Reverse(one.release.at.unix_ms), one.id));
    Ok(all)
}

/// One release.
pub(crate) fn one(records: &Records, id: DocumentId, now: Moment) -> Result<ReleaseView> {
    let view = match records.get::<Release>(id) {
        Err(CoreError::Content(_) | CoreError::NotNow(crate::NotNow::Newer)) => {
            return Err(ReleaseError::Unreadable.into());
        }
        other => other?,
    };
    stood(records, view, now)
}

fn stood(records: &Records, view: View<Release>, now: Moment) -> Result<ReleaseView> {
    let release = view.content;
    let programme = match release.programme {
        Some(id) => readable::<Programme>(records, id)?,
        None => None,
    };
    let mut standing = release.standing(programme.as_ref(), now);
    // A no of another phone to the same request.
    if let Some(request) = release.request
        && let Some(declined) = declined(records, request)?
        && !matches!(standing, ReleaseStanding::TakenBack { .. })
    {
        standing = ReleaseStanding::TakenBack { at: declined.at };
    }
    if records.is_in_ended(view.id)? {
        standing = standing.after_the_account();
    }
    Ok(ReleaseView {
        id: view.id,
        revision: view.revision,
        sections: release.sections(),
        until: release.until(),
        standing,
        release,
        apart: view.apart,
        delivery: view.delivery,
    })
}

/// A document, where it is here and can be read.
fn readable<T: crate::domain::Content>(records: &Records, id: DocumentId) -> Result<Option<T>> {
    match records.get::<T>(id) {
        Ok(view) => Ok(Some(view.content)),
        Err(CoreError::Store(error)) => Err(error.into()),
        Err(_) => Ok(None),
    }
}

fn declined(records: &Records, request: DocumentId) -> Result<Option<ReleaseDeclined>> {
    let answers = records.about::<ReleaseDeclined>(request)?.into_iter();
    Ok(answers.min_by_key(|answer| answer.at.unix_ms))
}

/// All that the clinic asked for, newest first.
pub(crate) fn requests(records: &Records) -> Result<Vec<RequestView>> {
    let views = records.all::<ReleaseRequest>()?.into_iter();
    let mut all = views
        .map(|view| answered(records, view))
        .collect::<Result<Vec<_>>>()?;
    all.sort_by_key(|one| (std::cmp::Reverse(one.request.at.unix_ms), one.id));
    Ok(all)
}

/// One of them, if it waits for an answer.
pub(crate) fn open_request(records: &Records, id: DocumentId) -> Result<RequestView> {
    let request = answered(records, records.get::<ReleaseRequest>(id)?)?;
    match request.answer {
        RequestAnswer::Open => Ok(request),
        _ => Err(ReleaseError::NotAskedAnyMore.into()),
    }
}

fn answered(records: &Records, view: View<ReleaseRequest>) -> Result<RequestView> {
    let given = answer_id(view.id);
    let answer = if let Some(declined) = declined(records, view.id)? {
        RequestAnswer::Declined(declined)
    } else if records.all::<Release>()?.iter().any(|one| one.id == given) {
        RequestAnswer::Given(given)
    } else if let Some(at) = view.content.taken_back_at {
        RequestAnswer::TakenBack(at)
    } else {
        RequestAnswer::Open
    };
    Ok(RequestView {
        id: view.id,
        revision: view.revision,
        request: view.content,
        answer,
    })
}

/// The name of the release that answers a request. Two phones that answer apart write one document, and where they say
/// different things nothing is told until the patient chose.
pub(crate) fn answer_id(request: DocumentId) -> DocumentId {
    let mut digest = Sha256::new();
    digest.update(b"kap companion: the release that answers a request, v1");
    digest.update(request.as_bytes());
    let mut named = [0; DocumentId::LENGTH];
    let digest = digest.finalize();
    named
        .iter_mut()
        .zip(digest)
        .for_each(|(to, from)| *to = from);
    DocumentId::new(named)
}

/// The log of what was sent, newest first. The parts of one telling are one line.
pub(crate) fn told(records: &Records) -> Result<Vec<Told>> {
    let mut lines: BTreeMap<_, Told> = BTreeMap::new();
    for view in records.all::<Disclosure>()? {
        let said = view.content;
        let key = (
            std::cmp::Reverse(said.at.unix_ms),
            said.about,
            said.by.clone(),
            // Only parts of one telling are one line: two tellings of one instant are two.
            (said.parts == 1).then_some(view.id),
        );
        let line = lines.entry(key).or_insert_with(|| Told {
            release: said.about,
            provider: said.provider.clone(),
            sections: said.sections.clone(),
            documents: BTreeMap::new(),
            by: said.by.clone(),
            at: said.at,
        });
        line.documents.extend(said.documents);
    }
    Ok(lines.into_values().collect())
}

/// Who looked, the newest day first; of a day, by name. What two nodes of a clinic wrote of one person's day is one.
pub(crate) fn looks(records: &Records) -> Result<Vec<Access>> {
    let mut days: BTreeMap<_, Access> = BTreeMap::new();
    for view in records.all::<Access>()? {
        let said = view.content;
        let key = (std::cmp::Reverse(said.day), nickname::key(&said.by));
        match days.entry(key) {
            std::collections::btree_map::Entry::Vacant(day) => drop(day.insert(said)),
            std::collections::btree_map::Entry::Occupied(mut day) => day.get_mut().join(said),
        }
    }
    Ok(days.into_values().collect())
}

/// That something asked for by name is there.
pub(crate) fn must_be_there<T>(found: Option<T>) -> Result<T> {
    found.ok_or(CoreError::NotFound(Missing::Document))
}
