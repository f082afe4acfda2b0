//! Who is in the care team, and who looked at what.

use companion_core::domain::{Access, EmergencyAccess};
use companion_core::patient::{CareTeam, OutsideProvider, TeamPerson, WHO_CAN_READ};

use super::PhoneRecord;
use super::releases::ReleaseNowView;
use crate::cross::{Cross, view};
use crate::error::Result;
use crate::kinds::{LookView, RecordPart};
use crate::values::{CalendarDay, LocalMoment};

view! {
    /// One of the clinic's people, as the person sees them.
    TeamPersonView of TeamPerson {
        /// Their name.
        name: String,
        /// What they are at the clinic.
        role: String,
        /// What they are in the person's programme, if they are named there.
        part: Option<String>,
        /// What of the record the clinic's system opens to them; nothing where the clinic does not say.
        sections: Option<Vec<RecordPart>>,
        /// When they last looked at something of the record, as the clinic's system wrote it down.
        last_looked: Option<LocalMoment>,
        /// Whether the clinic still lists them; also where it never said who its people are.
        is_listed: bool,
    }
}

view! {
    /// Somebody outside the clinic.
    OutsideProviderView of OutsideProvider {
        /// Their name.
        name: String,
        /// What they are.
        what: String,
        /// How to reach them; may be empty.
        contact: String,
        /// What the person released to them, the newest first.
        releases: Vec<ReleaseNowView>,
    }
}

/// The care team, and what a person should know about who can read what.
#[derive(Debug, Clone, PartialEq, uniffi::Record)]
pub struct CareTeamView {
    /// The clinic's name; nothing where the phone is paired with none.
    pub clinic: Option<String>,
    /// The clinic's people, by name.
    pub people: Vec<TeamPersonView>,
    /// Providers outside the clinic, by name.
    pub outside: Vec<OutsideProviderView>,
    /// What a person should know about who can read what, a sentence or two each: show all of them.
    pub who_can_read: Vec<String>,
}

impl Cross<CareTeam> for CareTeamView {
    fn out(core: CareTeam) -> Self {
        let CareTeam {
            clinic,
            people,
            outside,
        } = core;
        Self {
            clinic,
            people: Cross::out(people),
            outside: Cross::out(outside),
            who_can_read: WHO_CAN_READ.map(str::to_owned).to_vec(),
        }
    }
}

view! {
    /// What one of the clinic's people looked at on one day, as the clinic's system wrote it down.
    LooksView of Access {
        /// Who looked.
        by: String,
        /// What they are at the clinic.
        role: String,
        /// The day, by the clinic's clock.
        day: CalendarDay,
        /// When they first looked at each part that day.
        first: Vec<LookView>,
        /// When they last did.
        last: Vec<LookView>,
        /// Each emergency in which they had the record open that day. One that goes on past midnight stands on both days.
        emergencies: Vec<EmergencyAccessView>,
    }
}

view! {
    /// An emergency in which somebody opened what their role does not show.
    EmergencyAccessView of EmergencyAccess {
        /// When it was opened.
        begun: LocalMoment,
        /// When its time is up.
        until: LocalMoment,
        /// When it was ended before that, if it was.
        ended: Option<LocalMoment>,
        /// When they first looked in it, that day, at each part that their role does not show.
        looks: Vec<LookView>,
    }
}

impl Cross<(String, EmergencyAccess)> for EmergencyAccessView {
    fn out((_, core): (String, EmergencyAccess)) -> Self {
        Cross::out(core)
    }
}

#[uniffi::export]
impl PhoneRecord {
    /// Who is in the care team, as the clinic's system said when this phone last heard of it.
    ///
    /// # Errors
    ///
    /// `Damaged` when the record can't be read.
    pub async fn care_team(&self) -> Result<CareTeamView> {
        self.inner
            .ask(|patient| Ok(Cross::out(patient.care_team()?)))
            .await
    }

    /// Who looked at what of the record and when, the newest day first, as the clinic's system wrote it down.
    ///
    /// # Errors
    ///
    /// `Damaged` when the record can't be read.
    pub async fn access_log(&self) -> Result<Vec<LooksView>> {
        self.inner
            .ask(|patient| Ok(Cross::out(patient.access_log()?)))
            .await
    }
}
