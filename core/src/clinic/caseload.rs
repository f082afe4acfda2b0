//! The caseload: one row for each patient. What a row shows of a care space is kept as a summary, and
//! worked out again only where something changed.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use companion_protocol::id::SpaceId;
use serde::{Deserialize, Serialize};

use super::comparing::Coming;
use super::view::{CaseRow, InviteState, LastCheckIn, OpenFlag, SharingOver, Soon};
use super::{Clinic, programme};
use crate::domain::near_session::{is_near, not_named};
use crate::domain::session_preparation::StillOpen;
use crate::domain::{
    CheckIn, Content as _, DocumentId, DosingSession, Entry, Kind, Moment, PatientRecord,
    Programme, Purpose, REGISTRY, SessionPreparation, Visibility,
};
use crate::error::{CoreError, Result};
use crate::present;
use crate::records::{PageSize, Query};
use crate::store::{Needing, SummaryRow};

/// How many check-ins a sparkline shows.
const SPARKLINE: i64 = 30;
/// Fewer summaries than these are not worth waiting for the disk: they are worked out again when the
/// node starts next.
const WORTH_KEEPING: usize = 8;

/// What a row shows of one care space.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Summary {
    /// How long the chain was: who came in is part of the row.
    chain_length: u64,
    /// How the space was ended, if its chain says that it was.
    #[serde(default)]
    ended: Option<SharingOver>,
    coming: Coming,
    unread: u64,
    unread_for_session: u64,
    new_check_ins: u64,
    new: u64,
    unreviewed: u64,
    changed_since_review: u64,
    to_talk_about: u64,
    in_two_wordings: u64,
    last_check_in: Option<LastCheckIn>,
    sparkline: Vec<u8>,
    sessions: Vec<Session>,
    /// Whether the outcome or the costs are still missing before a session.
    is_closed: bool,
    programme: Option<Programme>,
    unreadable: Vec<Kind>,
    flags: Vec<OpenFlag>,
}

/// A session, with what the patient settled for it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Session {
    planned: DosingSession,
    settled: Option<SessionPreparation>,
}

impl Session {
    /// What is open of it, once it is near.
    fn soon(&self, is_closed: bool, now: Moment) -> Option<Soon> {
        if !is_near(self.planned.at, now) {
            return None;
        }
        let ride = match &self.settled {
            Some(settled) => settled.ride_open(self.planned.at),
            None => Some(StillOpen::NoRide),
        };
        let not_named = not_named(&self.planned, now);
        let is_open = is_closed || ride.is_some() || !not_named.is_empty();
        is_open.then_some(Soon {
            is_closed,
            ride,
            not_named,
        })
    }
}

/// A summary, and the change of its space that it was made at.
type Made = (i64, Arc<Summary>);

/// The patients of the register.
type Entries = Vec<(DocumentId, PatientRecord)>;

/// The register, and the change of the clinic's space that it was read at.
type Register = (i64, Arc<Entries>);

/// The caseload as it was last looked at. Never changed in place: whoever finds something newer puts
/// another one here, and nobody waits for anybody.
#[derive(Default)]
pub(super) struct Cache(Mutex<Arc<Kept>>);

#[derive(Clone, Default)]
struct Kept {
    /// Whether the summaries of the store were read.
    is_read: bool,
    register: Option<Register>,
    summaries: BTreeMap<SpaceId, Made>,
}

impl Cache {
    fn lock(&self) -> MutexGuard<'_, Arc<Kept>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Clinic {
    /// All patients, by name.
    ///
    /// # Errors
    ///
    /// [`CoreError::Store`] when the record can't be read.
    ///
    /// ```
    /// # use companion_core::clinic::{Clinic, NewPatient};
    /// # let folder = tempfile::tempdir().unwrap();
    /// # let (path, key) = (folder.path().join("c.db"), companion_core::StoreKey::new([7; 32]));
    /// # let ports = companion_core::ports::testing::offline();
    /// # let clinic = Clinic::init(&path, &key, ports, "Harbor Street Clinic", "https://sync.test")?;
    /// # let ada = clinic.register(NewPatient { name: "Ada".into(), ..NewPatient::default() })?;
    /// assert_eq!(clinic.caseload()?[0].record.name, "Ada");
    /// # Ok::<(), companion_core::CoreError>(())
    /// ```
    pub fn caseload(&self) -> Result<Vec<CaseRow>> {
        let kept = self.up_to_date()?;
        let now = self.now();
        let register = kept
            .register
            .iter()
            .flat_map(|(_, register)| register.iter());
        let mut rows: Vec<CaseRow> = register
            .filter_map(|(patient, record)| {
                let (_, summary) = kept.summaries.get(&record.care_space)?;
                Some(self.case_row(*patient, record, summary, now))
            })
            .collect();
        rows.sort_by(|a, b| (&a.record.name, a.patient).cmp(&(&b.record.name, b.patient)));
        Ok(rows)
    }

    fn case_row(
        &self,
        patient: DocumentId,
        record: &PatientRecord,
        summary: &Summary,
        now: Moment,
    ) -> CaseRow {
        let sessions = || {
            let sessions = summary.sessions.iter();
            sessions.filter(|session| session.planned.takes_place())
        };
        let at = |session: &&Session| session.planned.at.unix_ms;
        // What is open before a session is said until the session is over.
        let ahead = sessions().filter(|session| !session.planned.is_over(now));
        let behind = sessions().filter(|session| session.planned.is_over(now));
        let next = ahead.min_by_key(at);
        let last = behind.max_by_key(at);
        let row = self.replica.row(record.care_space).ok();
        CaseRow {
            patient,
            record: record.clone(),
            phase: programme::phase_of(summary.programme.as_ref(), record),
            invite: match &row {
                Some(_) => self.state_of(&summary.coming, record),
                None => InviteState::Unreadable,
            },
            unread: summary.unread,
            unread_for_session: summary.unread_for_session,
            new_check_ins: summary.new_check_ins,
            new: summary.new,
            unreviewed: summary.unreviewed,
            changed_since_review: summary.changed_since_review,
            to_talk_about: summary.to_talk_about,
            in_two_wordings: summary.in_two_wordings,
            last_check_in: summary.last_check_in.clone(),
            sparkline: summary.sparkline.clone(),
            flags: summary.flags.clone(),
            over: row
                .as_ref()
                .and_then(|row| SharingOver::of(row.standing, summary.ended)),
            last_received_ms: row.and_then(|row| row.received_ms),
            next_session: next.map(|session| session.planned.clone()),
            soon: next.and_then(|session| session.soon(summary.is_closed, now)),
            last_session: last.map(|session| session.planned.clone()),
            has_no_programme: summary.programme.is_none()
                && !summary.unreadable.contains(&Programme::KIND),
            unreadable: summary.unreadable.clone(),
        }
    }

    /// The cache, with whatever changed since worked out again.
    fn up_to_date(&self) -> Result<Arc<Kept>> {
        let before = Arc::clone(&self.caseload.lock());
        let changed = self.replica.store.read(|r| r.changed_by_space())?;
        let changed: BTreeMap<SpaceId, i64> = changed.into_iter().collect();
        let mut kept = Kept::clone(&before);
        if !kept.is_read {
            kept.summaries = self.stored_summaries()?;
            kept.is_read = true;
        }
        let clinic = self.own.writable_space(Purpose::Clinic)?;
        let clinic_at = changed.get(&clinic).copied().unwrap_or_default();
        let register = self.register_at(clinic_at)?;
        kept.register = Some((clinic_at, Arc::clone(&register)));
        let mut made = Vec::new();
        for (_, record) in register.iter() {
            let space = record.care_space;
            let at = changed.get(&space).copied().unwrap_or_default();
            let length = self.replica.row(space).map_or(0, |row| row.chain_length);
            let is_current = kept
                .summaries
                .get(&space)
                .is_some_and(|(made_at, summary)| *made_at == at && summary.chain_length == length);
            if !is_current {
                let summary = Arc::new(self.summarize(space)?);
                kept.summaries.insert(space, (at, Arc::clone(&summary)));
                made.push((space, at, summary));
            }
        }
        if made.len() >= WORTH_KEEPING {
            self.store_summaries(&made)?;
        }
        let kept = Arc::new(kept);
        *self.caseload.lock() = Arc::clone(&kept);
        Ok(kept)
    }

    /// The register as it is at that change of the clinic's space, read anew only where something changed there.
    pub(super) fn register_at(&self, clinic_at: i64) -> Result<Arc<Entries>> {
        let before = Arc::clone(&self.caseload.lock());
        if let Some((at, register)) = &before.register
            && *at == clinic_at
        {
            return Ok(Arc::clone(register));
        }
        let register = Arc::new(self.read_register()?);
        let mut lock = self.caseload.lock();
        let kept = Kept {
            register: Some((clinic_at, Arc::clone(&register))),
            ..Kept::clone(&lock)
        };
        *lock = Arc::new(kept);
        Ok(register)
    }

    pub(super) fn read_register(&self) -> Result<Entries> {
        let register = self.own.all::<PatientRecord>()?.into_iter();
        Ok(register.map(|view| (view.id, view.content)).collect())
    }

    fn summarize(&self, care: SpaceId) -> Result<Summary> {
        let records = self.records_in(care);
        let recent = Query::<CheckIn>::all().size(PageSize::new(SPARKLINE)?);
        let check_ins = records.contents(&recent)?;
        let check_ins = check_ins.iter().take(SPARKLINE as usize);
        let mut sparkline: Vec<u8> = check_ins
            .map(|(_, check_in)| check_in.valence.number())
            .collect();
        sparkline.reverse();
        let newest = Query::<CheckIn>::all().size(PageSize::ONE);
        let newest = records.page(&newest)?.items.into_iter().next();
        let sessions = Query::<DosingSession>::all().size(PageSize::LARGEST);
        let sessions = records.contents(&sessions)?.into_iter();
        let settled = records.every(&Query::<SessionPreparation>::all())?;
        let sessions = sessions.map(|(id, planned)| Session {
            settled: SessionPreparation::together(
                settled
                    .iter()
                    .map(|view| &view.content)
                    .filter(|one| one.about == id),
            ),
            planned,
        });
        let sessions: Vec<Session> = sessions.collect();
        // Of a session that is over nothing is missing any more.
        let now = self.now();
        let mut booked = sessions.iter().filter(|one| one.planned.takes_place());
        let is_any_booked = booked.any(|one| !one.planned.is_over(now));
        let (chain_length, coming, ended) = match self.replica.space(care) {
            Ok(state) => {
                let ended = self.account_end(&state)?;
                (state.row.chain_length, self.coming(&state)?, ended)
            }
            Err(CoreError::NotFound(_)) => (0, Coming::default(), None),
            Err(error) => return Err(error),
        };
        let [unread, unread_for_session, new_check_ins, unreviewed] =
            self.replica.store.read(|r| {
                let entry = |needing, state| r.count_needing(care, &Entry::KIND, needing, state);
                let for_session = Visibility::TalkInSession.as_str();
                let counts = [
                    entry(Needing::Opening, None)?,
                    entry(Needing::Opening, Some(for_session))?,
                    r.count_needing(care, &CheckIn::KIND, Needing::Opening, None)?,
                    entry(Needing::Review, None)?,
                ];
                Ok::<_, CoreError>(counts.map(|count| count as u64))
            })?;
        let [new, changed_since_review, to_talk_about, in_two_wordings] =
            self.count_of_every_kind(care)?;
        Ok(Summary {
            chain_length,
            ended,
            coming,
            unread,
            unread_for_session,
            new_check_ins,
            new,
            unreviewed,
            changed_since_review,
            to_talk_about,
            in_two_wordings,
            last_check_in: newest.map(|view| LastCheckIn {
                when: view.when.unwrap_or(view.content.at),
                clock_ahead: view.clock_ahead,
                in_two_wordings: !view.apart.is_empty(),
                content: view.content,
            }),
            sparkline,
            sessions,
            is_closed: is_any_booked && present::before_sessions(&records)?.is_some(),
            programme: records.newest()?.or_nothing().map(|view| view.content),
            unreadable: records.newest_unreadable()?,
            flags: self.open_flags_of(care)?,
        })
    }

    /// What is new, what changed since it was reviewed, what is to be talked about, and what says
    /// different things in two places: of every kind,
    /// so that no kind is ever nothing to read.
    fn count_of_every_kind(&self, care: SpaceId) -> Result<[u64; 4]> {
        let of = [
            Needing::Opening,
            Needing::ReviewAgain,
            Needing::Talk,
            Needing::Choosing,
        ];
        self.replica.store.read(|r| {
            let mut counts = [0_u64; 4];
            for declared in REGISTRY.iter().filter(|declared| declared.to_be_seen) {
                for (count, needing) in counts.iter_mut().zip(of) {
                    let found = r.count_needing(care, &declared.kind, needing, None)?;
                    *count += u64::try_from(found).unwrap_or(u64::MAX);
                }
            }
            Ok(counts)
        })
    }

    /// Those that were kept. One that can't be read is worked out again.
    fn stored_summaries(&self) -> Result<BTreeMap<SpaceId, Made>> {
        let rows = self.replica.store.read(|r| r.summaries())?;
        let read = |row: SummaryRow| {
            let summary = serde_json::from_str(&row.body).ok()?;
            Some((row.space, (row.made_at, Arc::new(summary))))
        };
        Ok(rows.into_iter().filter_map(read).collect())
    }

    fn store_summaries(&self, made: &[(SpaceId, i64, Arc<Summary>)]) -> Result<()> {
        self.replica.store.write(|w| {
            for (space, made_at, summary) in made {
                w.put_summary(&SummaryRow {
                    space: *space,
                    made_at: *made_at,
                    // Plain fields can always be written.
                    body: serde_json::to_string(&**summary).unwrap_or_default(),
                })?;
            }
            Ok::<_, CoreError>(())
        })
    }
}
