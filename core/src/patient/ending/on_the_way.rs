//! The way to the end of an account, which goes on wherever it broke off: what is shared is taken back where the
//! person says so, the clinic is told, and both spaces are ended.

use companion_protocol::id::SpaceId;

use super::{Ending, SharedThen, Stage};
use crate::domain::{AccountEnd, Content, DocumentId, Purpose, REGISTRY};
use crate::error::{CoreError, Missing, NotNow, Result};
use crate::patient::Patient;
use crate::records::{Edit, Query};
use crate::report::SyncReport;
use crate::settings::{ENDING, SERVER, note};
use crate::store::{SpaceRow, Writer};
use crate::sync::{self, BLOB_ROUNDS, BlobsDone, ServerConnection, end_space};

/// How often what is shared is read again before its end, where each read brings more to take back: the next exchange
/// goes on then.
const READS: usize = 16;

impl Patient {
    /// What of the end needs no server. Each step leaves something that the next try finds done.
    pub(super) fn settle_end(&self) -> Result<()> {
        let Some(ending) = self.noted_ending()? else {
            return Ok(());
        };
        if ending.stage != Stage::Decided {
            return Ok(());
        }
        let care = self.care_to_end();
        if care.is_some() && ending.shared == SharedThen::IsTakenBack {
            // The clinic is told that all was taken back only once it is known what the other phones shared.
            return self.take_everything_back().map(drop);
        }
        self.tell(care.map(|care| care.space), ending)
    }

    /// The record that is shared, where this phone is in it and it goes on.
    fn care_to_end(&self) -> Option<SpaceRow> {
        let care = self.replica.row_for(Purpose::Care);
        care.filter(SpaceRow::is_member)
    }

    /// Writes down for the clinic that the account is ended, and lets go of what was private and not sent.
    fn tell(&self, care: Option<SpaceId>, ending: Ending) -> Result<()> {
        let is_reached = care.is_some() || self.is_on_server()?;
        self.replica.writing_the_end(|| {
            let mut edits = Vec::new();
            if let Some(care) = care {
                edits.push(self.say_the_end(care, ending)?);
            }
            let private = self.replica.spaces_for(Purpose::Private);
            self.replica.commit_and(&edits, |w| {
                keep_private(w, &private)?;
                let stage = match is_reached {
                    true => Stage::Told,
                    false => Stage::Over,
                };
                note(w, ENDING, &Ending { stage, ..ending })
            })
        })
    }

    /// Tells the clinic. Where it was told already, and the person decided later to take back what is shared, that is
    /// said of the same end: there is one.
    fn say_the_end(&self, care: SpaceId, ending: Ending) -> Result<Edit> {
        let end = AccountEnd {
            at: ending.at,
            taken_back: ending.shared == SharedThen::IsTakenBack,
        };
        let end = end.checked()?;
        let mut said = self.every(&Query::<AccountEnd>::all())?.into_iter();
        match said.next() {
            Some(said) => {
                let later = |present: &mut AccountEnd| *present = end;
                self.records
                    .edit_to_commit::<AccountEnd>(said.id, &said.revision, later)
            }
            None => Edit::new(care, DocumentId::random(&*self.replica.ports.rng), &end),
        }
    }

    /// Whether the server has something of this phone's to end.
    pub(super) fn is_on_server(&self) -> Result<bool> {
        let rows = self.replica.rows();
        let is_paired = self.replica.text_setting(SERVER)?.is_some();
        Ok(is_paired && rows.iter().any(|row| row.on_server && row.is_member()))
    }

    /// Takes back all that is shared, as far as this phone knows of it, and deletes what it was shared from. Says
    /// how much that was.
    fn take_everything_back(&self) -> Result<u64> {
        self.replica.writing_the_end(|| {
            let mut taken = 0;
            for kind in REGISTRY.iter().filter(|kind| kind.is_shared_by_choice()) {
                for (id, _, is_shared) in self.records.readings(kind)? {
                    if !is_shared {
                        continue;
                    }
                    match self.records.take_out_as_it_stands(kind, id) {
                        Ok(()) => taken += 1,
                        // Not this side's to take back, or taken back by now.
                        Err(
                            CoreError::NotYours { .. }
                            | CoreError::NotFound(Missing::Document)
                            | CoreError::NotNow(
                                NotNow::Withdrawn { .. } | NotNow::MovedOn | NotNow::Deleted,
                            ),
                        ) => {}
                        Err(error) => return Err(error),
                    }
                }
            }
            let private = self.replica.spaces_for(Purpose::Private);
            self.replica.store.write(|w| keep_private(w, &private))?;
            Ok(taken)
        })
    }

    /// Reads what the patient's other phones shared and takes it back as well, until nothing was left to send and a
    /// read brought nothing that is left to take back. A read comes before what is sent, so one that sends is not the
    /// last.
    fn take_back_what_others_shared(
        &self,
        server: &ServerConnection<'_>,
        care: SpaceId,
    ) -> Result<()> {
        for _ in 0..READS {
            let waiting = self.replica.store.read(|r| r.count_outbox())?;
            sync::sync_one(server, care)?;
            if !self.replica.row(care)?.is_member() {
                return Ok(());
            }
            if self.take_everything_back()? == 0 && waiting == 0 {
                return Ok(());
            }
        }
        Err(NotNow::Contended.into())
    }

    /// Goes on with the end, for as far as the server can be reached; says so in the report. `None` where nobody
    /// decided it here.
    pub(in crate::patient) fn go_on_ending(
        &self,
        server: &ServerConnection<'_>,
    ) -> Result<Option<SyncReport>> {
        let Some(ending) = self.noted_ending()? else {
            return Ok(None);
        };
        let mut report = SyncReport::default();
        if ending.stage != Stage::Over {
            self.settle_end()?;
            let private = self.replica.row_for(Purpose::Private);
            if let Some(care) = self.care_to_end() {
                self.tell_and_end(server, care.space, ending, &mut report)?;
            }
            // Second: it is what the other phones go by.
            if let Some(row) = private.filter(|row| row.is_member() && row.on_server) {
                end_space(server, row.space, 0)?;
            }
            let over = Ending {
                stage: Stage::Over,
                ..ending
            };
            self.replica.store.write(|w| note(w, ENDING, &over))?;
        }
        report.ended = true;
        Ok(Some(report))
    }

    /// Sends what waits in the care space, the end among it, with what hangs on it; and ends that space. Where what is
    /// shared is taken back, nothing is ended before a read brought nothing more of it.
    fn tell_and_end(
        &self,
        server: &ServerConnection<'_>,
        care: SpaceId,
        ending: Ending,
        report: &mut SyncReport,
    ) -> Result<()> {
        let takes_back = ending.shared == SharedThen::IsTakenBack;
        let before = self.replica.store.read(|r| r.count_outbox())?;
        if takes_back {
            self.take_back_what_others_shared(server, care)?;
        }
        let is_said = self.noted_ending()?.map(|noted| noted.stage) != Some(Stage::Decided);
        if !is_said && self.replica.row(care)?.is_member() {
            self.tell(Some(care), ending)?;
        }
        sync::sync_one(server, care)?;
        let after = self.replica.store.read(|r| r.count_outbox())?;
        let sent = before.saturating_sub(after);
        report.sent = sent.try_into().unwrap_or(u64::MAX);
        for _ in 0..BLOB_ROUNDS {
            match sync::exchange_blobs(server, report)? {
                BlobsDone::All | BlobsDone::Arrived => break,
                BlobsDone::TextWaits => sync::sync_one(server, care)?,
            }
        }
        if takes_back && self.replica.row(care)?.is_member() {
            self.take_back_what_others_shared(server, care)?;
        }
        if !self.replica.row(care)?.is_member() {
            // It was ended meanwhile, or this phone was removed.
            return Ok(());
        }
        end_space(server, care, ending.keep_days)
    }
}

/// What is private is not sent any more.
fn keep_private(w: &mut Writer<'_>, private: &[SpaceId]) -> Result<()> {
    for space in private {
        w.drop_outbox_in(*space)?;
        w.drop_blobs_to_send(*space)?;
    }
    Ok(())
}
