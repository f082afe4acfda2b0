//! Reading: the caseload, one patient, one entry.

use std::collections::BTreeMap;

use super::view::{
    CaseRow, CheckInItem, ClinicDevice, EntryItem, EntryPage, PatientPage, ReplyItem, SessionItem,
    TimelineItem,
};
use super::{Clinic, clinic_space, items_of, record};
use crate::domain::{
    CheckIn, DocumentId, DosingSession, Entry, Kind, Moment, Opening, Reply, Review, Visibility,
};
use crate::error::{CoreError, Result};
use crate::patient::{OPENED_REVISION, read, revision_text, written_only_by};
use crate::replica::Replica;
use crate::store::ItemRow;
use companion_protocol::id::SpaceId;

/// How many check-ins a sparkline shows.
const SPARKLINE: usize = 30;

impl Clinic {
    /// All patients, by name.
    pub fn caseload(&self) -> Result<Vec<CaseRow>> {
        let replica = self.replica();
        let reviews = reviews(&replica)?;
        let mut rows = Vec::new();
        for item in items_of(&replica, clinic_space(&replica)?, &Kind::PATIENT)? {
            rows.push(case_row(&replica, &reviews, item.document)?);
        }
        rows.sort_by(|a, b| (&a.record.name, a.patient).cmp(&(&b.record.name, b.patient)));
        Ok(rows)
    }

    /// One patient.
    pub fn patient(&self, patient: DocumentId) -> Result<PatientPage> {
        let replica = self.replica();
        let (_, record) = record(&replica, patient)?;
        let space = record.care_space;
        let entries = entries(&replica, space, &reviews(&replica)?)?;
        let check_ins = check_ins(&replica, space)?;
        let sessions = sessions(&replica, space)?;
        let mut timeline: Vec<TimelineItem> = Vec::new();
        timeline.extend(
            entries
                .into_iter()
                .map(|item| TimelineItem::Entry(Box::new(item))),
        );
        timeline.extend(check_ins.iter().cloned().map(TimelineItem::CheckIn));
        timeline.extend(
            replies(&replica, space)?
                .into_iter()
                .map(TimelineItem::Reply),
        );
        timeline.extend(sessions.iter().cloned().map(TimelineItem::Session));
        timeline.sort_by_key(|item| std::cmp::Reverse(item.at().unix_ms));
        let mut check_ins: Vec<CheckIn> = check_ins.into_iter().map(|item| item.check_in).collect();
        check_ins.sort_by_key(|check_in| check_in.at.unix_ms);
        let mut sessions: Vec<DosingSession> =
            sessions.into_iter().map(|item| item.session).collect();
        sessions.sort_by_key(|session| session.at.unix_ms);
        Ok(PatientPage {
            patient,
            invite: super::pairing::state_of(&replica, patient, &record)?,
            last_received_ms: last_received(&replica, space)?,
            timeline,
            check_ins,
            sessions,
            devices: devices(&replica, space)?,
            record,
        })
    }

    /// One entry, without anybody's having opened it.
    pub fn entry(&self, patient: DocumentId, id: DocumentId) -> Result<EntryPage> {
        entry_page(&self.replica(), patient, id)
    }
}

/// One entry with all that belongs to it.
pub(super) fn entry_page(
    replica: &Replica,
    patient: DocumentId,
    id: DocumentId,
) -> Result<EntryPage> {
    let (_, record) = record(replica, patient)?;
    let space = record.care_space;
    let all = entries(replica, space, &reviews(replica)?)?;
    let at = all
        .iter()
        .position(|item| item.id == id)
        .ok_or(CoreError::NotFound("entry"))?;
    let newer = at
        .checked_sub(1)
        .and_then(|at| all.get(at))
        .map(|item| item.id);
    let older = all.get(at.saturating_add(1)).map(|item| item.id);
    let item = all
        .into_iter()
        .nth(at)
        .ok_or(CoreError::NotFound("entry"))?;
    let mut replies: Vec<ReplyItem> = replies(replica, space)?
        .into_iter()
        .filter(|reply| reply.reply.about == id)
        .collect();
    replies.reverse();
    let mut openings: Vec<Opening> = own_items(replica, space, &Kind::OPENING)?
        .iter()
        .filter(|row| row.about == Some(id))
        .filter_map(|row| read(row).ok())
        .collect();
    openings.reverse();
    let session = sessions(replica, space)?
        .into_iter()
        .find(|session| Some(session.id) == item.entry.session)
        .map(|session| session.session);
    Ok(EntryPage {
        patient,
        record,
        care_space: space,
        item,
        replies,
        openings,
        session,
        newer,
        older,
    })
}

fn case_row(
    replica: &Replica,
    reviews: &BTreeMap<DocumentId, Review>,
    patient: DocumentId,
) -> Result<CaseRow> {
    let (_, record) = record(replica, patient)?;
    let space = record.care_space;
    let entries = entries(replica, space, reviews)?;
    let shown = || {
        entries
            .iter()
            .filter(|item| item.entry.withdrawn_at.is_none())
    };
    let unread = || shown().filter(|item| !item.opened && item.review.is_none());
    let check_ins = check_ins(replica, space)?;
    let mut sparkline: Vec<u8> = check_ins
        .iter()
        .take(SPARKLINE)
        .map(|item| item.check_in.valence.number())
        .collect();
    sparkline.reverse();
    let now = replica.now().unix_ms;
    let sessions = sessions(replica, space)?;
    let ahead = sessions
        .iter()
        .filter(|item| item.session.at.unix_ms >= now);
    let behind = sessions.iter().filter(|item| item.session.at.unix_ms < now);
    Ok(CaseRow {
        patient,
        invite: super::pairing::state_of(replica, patient, &record)?,
        unread: unread().count(),
        unread_for_session: unread()
            .filter(|item| item.entry.visibility == Visibility::TalkInSession)
            .count(),
        unreviewed: shown().filter(|item| item.review.is_none()).count(),
        last_check_in: check_ins.first().map(|item| item.check_in.clone()),
        sparkline,
        last_received_ms: last_received(replica, space)?,
        next_session: ahead
            .min_by_key(|item| item.session.at.unix_ms)
            .map(|item| item.session.clone()),
        last_session: behind
            .max_by_key(|item| item.session.at.unix_ms)
            .map(|item| item.session.clone()),
        record,
    })
}

/// Marks that stand, by what they are about.
fn reviews(replica: &Replica) -> Result<BTreeMap<DocumentId, Review>> {
    let mut marks = BTreeMap::new();
    // Newest first: the newest mark of a thing decides whether it stands.
    for item in items_of(replica, clinic_space(replica)?, &Kind::REVIEW)? {
        let review: Review = read(&item)?;
        marks.entry(review.about).or_insert(review);
    }
    marks.retain(|_, review| review.undone_at.is_none());
    Ok(marks)
}

/// Rows of a care space that a patient's device wrote. What this node says itself is never mistaken
/// for the patient's word, nor the other way round.
fn patient_items(replica: &Replica, space: SpaceId, kind: &Kind) -> Result<Vec<ItemRow>> {
    let me = replica.me.member();
    let mut rows = items_of(replica, space, kind)?;
    rows.retain(|row| row.author != me);
    Ok(rows)
}

fn own_items(replica: &Replica, space: SpaceId, kind: &Kind) -> Result<Vec<ItemRow>> {
    written_only_by(
        replica,
        replica.me.member(),
        items_of(replica, space, kind)?,
    )
}

/// Shared entries, newest first; a row that can't be understood is left out, not guessed at.
fn entries(
    replica: &Replica,
    space: SpaceId,
    reviews: &BTreeMap<DocumentId, Review>,
) -> Result<Vec<EntryItem>> {
    let mut opened: BTreeMap<DocumentId, Vec<String>> = BTreeMap::new();
    for item in own_items(replica, space, &Kind::OPENING)? {
        let opening: Opening = read(&item)?;
        let revision = opening
            .extra
            .get(OPENED_REVISION)
            .and_then(serde_json::Value::as_str);
        opened
            .entry(opening.about)
            .or_default()
            .extend(revision.map(str::to_owned));
    }
    let mut replied: BTreeMap<DocumentId, usize> = BTreeMap::new();
    for item in own_items(replica, space, &Kind::REPLY)? {
        if let Some(about) = item.about {
            *replied.entry(about).or_default() += 1;
        }
    }
    let mut found = Vec::new();
    for row in patient_items(replica, space, &Kind::ENTRY)? {
        let Ok(mut entry) = read::<Entry>(&row) else {
            continue;
        };
        if entry.withdrawn_at.is_some() {
            blank(&mut entry);
        }
        let revision = revision_text(&row.revision);
        found.push(EntryItem {
            id: row.document,
            opened: opened
                .get(&row.document)
                .is_some_and(|seen| seen.contains(&revision)),
            review: reviews.get(&row.document).cloned(),
            replies: replied.get(&row.document).copied().unwrap_or(0),
            revision: row.revision,
            received_ms: row.received_ms,
            entry,
        });
    }
    Ok(found)
}

/// A withdrawn entry shows that it was withdrawn, and nothing else.
fn blank(entry: &mut Entry) {
    entry.title.clear();
    entry.body.clear();
    entry.mood = None;
    entry.session = None;
    entry.tags.clear();
    entry.extra.clear();
}

fn check_ins(replica: &Replica, space: SpaceId) -> Result<Vec<CheckInItem>> {
    Ok(patient_items(replica, space, &Kind::CHECK_IN)?
        .into_iter()
        .filter_map(|row| {
            let check_in = read(&row).ok()?;
            Some(CheckInItem {
                id: row.document,
                check_in,
                received_ms: row.received_ms,
            })
        })
        .collect())
}

fn replies(replica: &Replica, space: SpaceId) -> Result<Vec<ReplyItem>> {
    let waiting = replica.store.read(|r| r.outbox_documents())?;
    Ok(own_items(replica, space, &Kind::REPLY)?
        .into_iter()
        .filter_map(|row| {
            let reply: Reply = read(&row).ok()?;
            let sent = !waiting.contains(&row.document);
            Some(ReplyItem {
                id: row.document,
                reply,
                sent,
            })
        })
        .collect())
}

fn sessions(replica: &Replica, space: SpaceId) -> Result<Vec<SessionItem>> {
    Ok(own_items(replica, space, &Kind::SESSION)?
        .into_iter()
        .filter_map(|row| {
            Some(SessionItem {
                id: row.document,
                session: read(&row).ok()?,
            })
        })
        .collect())
}

fn last_received(replica: &Replica, space: SpaceId) -> Result<Option<i64>> {
    let mut newest = None;
    for kind in [Kind::ENTRY, Kind::CHECK_IN] {
        for row in patient_items(replica, space, &kind)? {
            newest = newest.max(Some(row.received_ms));
        }
    }
    Ok(newest)
}

fn devices(replica: &Replica, space: SpaceId) -> Result<Vec<ClinicDevice>> {
    let me = replica.me.member();
    let Ok(state) = replica.space(space) else {
        return Ok(Vec::new());
    };
    let mut members: Vec<_> = state.chain.members().collect();
    members.sort_by_key(|member| member.index);
    Ok(members
        .into_iter()
        .map(|member| ClinicDevice {
            member: member.id,
            is_this_node: member.id == me,
            joined_at: Moment::utc(i64::try_from(member.joined_at_ms).unwrap_or(0)),
            removed: member.removed.is_some(),
        })
        .collect())
}
