//! Keeping the patient's two spaces in step: who was removed from one of them goes from the other, and
//! whatever can't be put right from here is said.

use std::sync::{MutexGuard, PoisonError};

use companion_protocol::chain::Member;
use companion_protocol::id::{MemberId, SpaceId, StatementHash};
use companion_protocol::statement::Role;

use super::Patient;
use crate::domain::Purpose;
use crate::error::{CoreError, NotNow, Result};
use crate::members::{Devices, Twins, UNNAMED, is_patients};
use crate::replica::SpaceState;
use crate::report::{SyncProblem, SyncReport, WarningCode};
use crate::space::SpaceError;
use crate::store::SpaceRow;
use crate::sync::{BeforeSending, ServerConnection, remove_member};

type Step = fn(&Patient, &ServerConnection<'_>) -> Result<bool>;

/// The patient's two spaces, and which of their members are one.
pub(super) struct BothSpaces {
    pub(super) care: SpaceState,
    pub(super) private: SpaceState,
    pub(super) twins: Twins,
}

impl BothSpaces {
    /// Members of the private space, other than this device, that are in no more with what is shared; with who
    /// they are there, as far as that is known.
    pub(super) fn only_private(&self) -> impl Iterator<Item = (&Member, Option<&Member>)> {
        let me = self.private.my_id();
        let others = self.private.chain.present_members();
        let others = others.filter(move |member| member.id != me);
        let both = others.map(|member| {
            let same = self.twins.in_care(&member.id);
            (member, same.and_then(|id| self.care.chain.member(&id)))
        });
        both.filter(|(_, care)| care.is_none_or(|care| care.removed.is_some()))
    }

    /// Whether a member of the care space is in the private one, too.
    pub(super) fn reads_private(&self, care: &MemberId) -> bool {
        let mut twins = self.twins.in_private(*care);
        twins.any(|private| self.private.chain.present(&private).is_some())
    }
}

impl BeforeSending for Patient {
    /// What was written here before moves first: read over it, what the space says of the same documents would name
    /// documents of another space.
    fn let_in(&self) -> Result<()> {
        self.settle_private()
    }

    /// What another phone deleted is not shared by one that hears only now that it was.
    fn to_read_first(&self, space: SpaceId) -> Result<Option<SpaceId>> {
        let is_care = self
            .replica
            .row(space)
            .is_ok_and(|row| row.purpose == Purpose::Care);
        if !is_care || !self.replica.store.read(|r| r.waits_to_be_shared(space))? {
            return Ok(None);
        }
        Ok(self.replica.row_for(Purpose::Private).map(|row| row.space))
    }

    /// Nothing private is sent while somebody whom the patient's side removed from what is shared still gets it, and
    /// nothing that was written in quiet hours which this exchange brought word of.
    fn may_send(&self, space: SpaceId, report: &mut SyncReport) -> Result<()> {
        report.held_back += self.hold_back(space)?;
        // Before it leaves under a name that is shared.
        self.records.settle_names()?;
        self.records.take_back_what_was_deleted()?;
        let is_private = |row: &SpaceRow| row.space == space && row.purpose == Purpose::Private;
        let waits = self.replica.store.read(|r| r.outbox_spaces())?;
        if !self.replica.rows().iter().any(is_private) || !waits.contains(&space) {
            return Ok(());
        }
        let is_left_over = |both: &BothSpaces| {
            let mut left_over = left_over(both);
            left_over.any(|member| member.role == Role::Device)
        };
        match self.lost_some()? && is_left_over(&self.both_spaces()?) {
            true => Err(NotNow::HalfRemoved.into()),
            false => Ok(()),
        }
    }
}

/// Members of the private space whom the patient's side removed from what is shared, or who left that.
fn left_over(both: &BothSpaces) -> impl Iterator<Item = &Member> {
    let by_patient = |member: &Member| {
        let by = member.removed.map(|removed| removed.by);
        let by = by.and_then(|by| both.care.chain.member(&by));
        by.is_some_and(is_patients)
    };
    let all = both.only_private();
    let left_over = all.filter(move |(_, care)| care.is_some_and(by_patient));
    left_over.map(|(member, _)| member)
}

impl Patient {
    /// The patient's two spaces, where this phone is in both.
    pub(super) fn both_spaces(&self) -> Result<BothSpaces> {
        self.read_both(self.joined_spaces()?)
    }

    /// As [`Patient::both_spaces`], and of a phone that is out of what is shared as far as it knew that.
    pub(super) fn both_spaces_to_show(&self) -> Result<BothSpaces> {
        let (care, _) = self.care_to_show()?;
        let private = self.replica.row_for(Purpose::Private);
        let private = private.filter(SpaceRow::is_member);
        self.read_both([care, private.ok_or(CoreError::NotPaired)?.space])
    }

    fn read_both(&self, [care, private]: [SpaceId; 2]) -> Result<BothSpaces> {
        let care = self.replica.space(care)?;
        let private = self.replica.space(private)?;
        let known = self.let_in_here()?;
        let twins = Twins::read(&self.replica, &care, &private, &known)?;
        Ok(BothSpaces {
            care,
            private,
            twins,
        })
    }

    /// After an exchange: finishes what broke off between the two spaces, and says what stands open. Gives
    /// whether there is something new to send. A failure ends nothing: the next exchange tries again.
    pub(super) fn keep_in_step(
        &self,
        server: &ServerConnection<'_>,
        report: &mut SyncReport,
    ) -> Result<bool> {
        let mut any = false;
        // What follows from the members alone was looked at, unless something came.
        let members = self.heads();
        let is_known = report.received == 0 && members.is_some() && *self.lock_in_step() == members;
        let steps: [(bool, Step); 3] = [
            (true, Self::settle_second_phones),
            (!is_known, Self::finish_removals),
            (true, Self::settle_words),
        ];
        let mut is_done = true;
        for (_, step) in steps.into_iter().filter(|(is_due, _)| *is_due) {
            match step(self, server) {
                Ok(did) => any |= did,
                Err(error @ (CoreError::Offline(_) | CoreError::Canceled)) => return Err(error),
                Err(error) => {
                    is_done = false;
                    report.problems.push(SyncProblem {
                        space: None,
                        message: error.to_string(),
                        passing: error.is_passing(),
                    });
                }
            }
        }
        if !is_known {
            self.say_what_stands_open(report)?;
        }
        *self.lock_in_step() = self.heads().filter(|_| is_done);
        Ok(any)
    }

    /// The newest statements of both spaces.
    fn heads(&self) -> Option<[StatementHash; 2]> {
        let [care, private] = self.joined_spaces().ok()?;
        let head = |space| Some(self.replica.row(space).ok()?.chain_head);
        Some([head(care)?, head(private)?])
    }

    fn lock_in_step(&self) -> MutexGuard<'_, Option<[StatementHash; 2]>> {
        self.in_step.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whom the patient's side removed from what is shared, and what left, goes from what is private as well:
    /// a removal may have broken off between the two, on whichever phone. Whom the *clinic* removed stays until
    /// the patient says so: the clinic has no say in what is private.
    fn finish_removals(&self, server: &ServerConnection<'_>) -> Result<bool> {
        if !self.lost_some()? {
            return Ok(false);
        }
        let both = self.both_spaces()?;
        let mut any = false;
        for member in left_over(&both).map(|member| member.id) {
            match remove_member(server, both.private.row.space, member) {
                Ok(()) => any = true,
                // One that was there before this phone: another one, or the words, can.
                Err(CoreError::Space(SpaceError::Chain(_))) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(any)
    }

    /// Whether anybody was ever removed from what is shared. Most records never lost a device: then there is
    /// nothing to compare.
    fn lost_some(&self) -> Result<bool> {
        let Ok([care, _]) = self.joined_spaces() else {
            return Ok(false);
        };
        let care = self.replica.space(care)?;
        let mut members = care.chain.members();
        Ok(members.any(|member| member.removed.is_some()))
    }

    /// Says which devices read what is private though they are out of what is shared, and which came by the
    /// recovery words.
    fn say_what_stands_open(&self, report: &mut SyncReport) -> Result<()> {
        let Ok(both) = self.both_spaces() else {
            return Ok(());
        };
        let devices = Devices::read(&self.replica, both.care.row.space)?;
        let name = |member: &Member| format!("\u{201c}{}\u{201d}", devices.name(member));
        let only_private = both.only_private().map(|(_, care)| match care {
            Some(care) => name(care),
            None => UNNAMED.to_lowercase(),
        });
        let only_private: Vec<String> = only_private.collect();
        let came_back = both.care.chain.present_members().filter(|member| {
            let by = both.care.chain.member(&member.admitted_by);
            member.role == Role::Device
                && member.id != both.care.my_id()
                && by.is_some_and(|by| by.role == Role::Words)
        });
        let came_back: Vec<String> = came_back.map(name).collect();
        let still = match only_private.len() {
            1 => "is out of what you share and still gets what you keep private",
            _ => "are out of what you share and still get what you keep private",
        };
        self.say(
            report,
            WarningCode::OnlyPrivate,
            &both.private,
            &only_private,
            still,
        )?;
        let came = "came back by your recovery words";
        self.say(
            report,
            WarningCode::CameByWords,
            &both.care,
            &came_back,
            came,
        )
    }

    fn say(
        &self,
        report: &mut SyncReport,
        code: WarningCode,
        space: &SpaceState,
        who: &[String],
        what: &str,
    ) -> Result<()> {
        let space = space.row.space;
        if who.is_empty() {
            return self.replica.clear_warning(code, space);
        }
        let detail = format!("{} {what}", who.join(", "));
        if self.replica.warn_of_state(code, space, &detail)? {
            report.warn(code, space, detail);
        }
        Ok(())
    }
}
