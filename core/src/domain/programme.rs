//! A patient's programme: where it stands, how many sessions it plans, who leads it, and how it ended.
//! Each question that is asked of it has a file of its own below this one.

mod course;
mod gate;
mod offered;
mod plan;
mod since;
mod team;
#[cfg(test)]
mod tests;
mod view;

use serde::{Deserialize, Serialize};

pub use self::course::{PhaseStep, Standing, StandingStep, StandsOtherwise};
pub use self::gate::{Agreement, CostReview, Gate, may_begin_sessions, may_move_to, must_be_ready};
pub use self::offered::Offered;
pub(super) use self::plan::checked as number_of_sessions;
pub use self::plan::{BeyondPlan, PlanChange, PlanCheck, SessionCount, StillAhead};
pub use self::since::Since;
pub use self::team::{TeamMember, TeamRole};
pub use self::view::{ClinicianProgramme, PatientProgramme, ProgrammeView};
use super::medicine::MedicineId;
use super::text::{Named, Problem, named};
use super::trail::Trail;
use super::{
    Belongs, Content, Field, Index, Invalid, ItemId, Kind, Moment, Ordered, Phase, Placement,
    RecordSection, Shape, Writers, limits, text,
};

const MEDICINE: Named = named("medicine", "the medicine");
const MEDICINE_NAME: Named = named("medicine_name", "the medicine's name");
const PLANNED: Named = named("planned", "the number of sessions");
const CHANGED_TO: Named = named("plan_changes", "the number of sessions");
const CHANGE_REASON: Named = named("plan_changes", "the reason");
const CHANGES: Named = named("plan_changes", "changes of the plan");
const PHASES: Named = named("phases", "changes of the phase");
const STANDINGS: Named = named("standings", "pauses and ends");
const STANDING_REASON: Named = named("standings", "the reason");
const TEAM: Named = named("team", "people on the care team");
const THERAPIST: Named = named("team", "the therapist's name");
const MEMBER: Named = named("team", "a name on the care team");
const ROLE: Named = named("team", "a part on the care team");
const SUMMARY: Named = named("closing_summary", "the closing summary");
const AT: Named = named("at", "the time at which the programme began");

/// One patient's programme, from the first assessment to its end. It lives in the care space: both sides
/// see it, and [`ProgrammeView`] says what is laid before each.
///
/// What changes over time is the last step of a [`Trail`], so that no device's change can hide another's
/// and each keeps who made it, when and why. Where a patient comes back after an end, that is another
/// programme, or this one running again: the newest one counts.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Programme {
    /// Which medicine it works with.
    #[serde(default)]
    pub medicine: MedicineId,
    /// What the clinic calls that medicine, at most 120 characters; empty where it uses the name of the
    /// pack.
    #[serde(default)]
    pub medicine_name: String,
    /// How many dosing sessions were agreed on at first, 1 to 999; `None` until then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub planned: Option<u32>,
    /// How that number changed since, each time with its reason.
    #[serde(default)]
    pub plan_changes: Trail<PlanChange>,
    /// The phases that it went through. Before the first step it is in assessment.
    #[serde(default)]
    pub phases: Trail<PhaseStep>,
    /// When it was paused, went on and ended. Before the first step it is running.
    #[serde(default)]
    pub standings: Trail<StandingStep>,
    /// Who works with the patient; a therapist is among them.
    #[serde(default)]
    pub team: Ordered<TeamMember>,
    /// What stays at the end, for the patient, at most 100,000 bytes of UTF-8. Edits of it merge inside
    /// the text.
    #[serde(default)]
    pub closing_summary: String,
    /// When it began.
    pub at: Moment,
}

impl Programme {
    /// A programme that begins with its assessment, led by that therapist. No programme is self-guided:
    /// without a name it can't be saved.
    pub fn new(therapist: impl Into<String>, id: ItemId, at: Moment) -> Self {
        let mut team = Ordered::default();
        team.push(
            id,
            TeamMember {
                name: therapist.into(),
                role: TeamRole::therapist(),
            },
        );
        Self {
            medicine: MedicineId::default(),
            medicine_name: String::new(),
            planned: None,
            plan_changes: Trail::default(),
            phases: Trail::default(),
            standings: Trail::default(),
            team,
            closing_summary: String::new(),
            at,
        }
    }

    /// The name of the medicine: the clinic's own, else that of the pack, else the word that names it.
    pub fn medicine_name(&self) -> &str {
        match (&*self.medicine_name, self.medicine.pack()) {
            ("", Some(pack)) => pack.name,
            ("", None) => self.medicine.as_str(),
            (own, _) => own,
        }
    }

    /// Its therapists, as they were named.
    pub fn therapists(&self) -> impl Iterator<Item = &str> {
        let team = self.team.iter().map(|(_, member)| member);
        let therapists = team.filter(|member| member.role.is_therapist());
        therapists.map(|member| &*member.name)
    }
}

impl Content for Programme {
    const KIND: Kind = Kind::named("programme");
    const SHAPE: Shape = Shape::new(&[
        Field::value("medicine"),
        Field::value("medicine_name"),
        Field::value("planned"),
        Field::ordered(
            "plan_changes",
            &[
                Field::value("sessions"),
                Field::value("reason"),
                Field::value("by"),
                Field::value("at"),
            ],
        ),
        Field::ordered(
            "phases",
            &[
                Field::value("phase"),
                Field::value("by"),
                Field::value("at"),
            ],
        ),
        Field::ordered(
            "standings",
            &[
                Field::value("standing"),
                Field::value("reason"),
                Field::value("by"),
                Field::value("at"),
            ],
        ),
        Field::ordered("team", &[Field::value("name"), Field::value("role")]),
        Field::text("closing_summary"),
        Field::value("at"),
    ]);
    const PLACEMENT: Placement = Placement::Care;
    const WRITERS: Writers = Writers::Clinic;
    const BELONGS: Belongs = Belongs::To(RecordSection::Programme);

    fn checked(self) -> Result<Self, Invalid> {
        let medicine = text::needed_line(self.medicine.as_str(), MEDICINE, limits::WORD)?.into();
        let medicine_name = text::line(&self.medicine_name, MEDICINE_NAME, limits::NAME)?;
        let planned = self.planned.map(|number| plan::checked(number, PLANNED));
        let plan_changes = self.plan_changes.checked(CHANGES, PlanChange::checked)?;
        let phases = self.phases.checked(PHASES, PhaseStep::checked)?;
        let standings = self.standings.checked(STANDINGS, StandingStep::checked)?;
        let team = self
            .team
            .each_checked(TEAM, limits::ITEMS, TeamMember::checked)?;
        let closing_summary = text::paragraphs(&self.closing_summary, SUMMARY, limits::BODY)?;
        text::moment(self.at, AT)?;
        let checked = Self {
            medicine,
            medicine_name,
            planned: planned.transpose()?,
            plan_changes,
            phases,
            standings,
            team,
            closing_summary,
            at: self.at,
        };
        if checked.therapists().next().is_none() {
            return Err(THERAPIST.wrong(Problem::Empty));
        }
        Ok(checked)
    }

    fn index(&self) -> Index {
        Index {
            at: Some(self.at),
            state: self.phase().as_str(),
            ..Index::default()
        }
    }

    #[cfg(any(test, feature = "testing"))]
    fn examples() -> Vec<Self> {
        let example = |n: u8| {
            let at = |hour: i64| Moment::utc(1_795_465_113_123 + i64::from(n) + hour * 3_600_000);
            let id = |place: u8| ItemId::new([n * 16 + place; 16]);
            let by = || format!("Maya Lindqvist {n}");
            let mut programme = Programme::new(by(), id(0), at(0));
            programme.medicine = format!("medicine{n}").into();
            programme.medicine_name = format!("Medicine {n}");
            programme.planned = Some(u32::from(n) + 2);
            let more = u32::from(n) + 3;
            programme.change_plan(id(1), more, "One more to close well.", by(), at(1));
            programme.move_to(id(2), Phase::Preparation, by(), at(2));
            programme.set_standing(id(3), Standing::Paused, "Away in June.", by(), at(3));
            programme.closing_summary = format!("What stays: the lake, {n}.");
            programme
        };
        (1..=3).map(example).collect()
    }
}
