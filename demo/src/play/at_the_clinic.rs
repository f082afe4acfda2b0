//! What somebody of the clinic does in the story.

use companion_core::clinic::PlannedNumber;
use companion_core::clinic::{PhaseChange, Shared};
use companion_core::domain::flag::FlagAct;
use companion_core::domain::medicine_record::{Route, Vitals};
use companion_core::domain::readiness::{Orientation, Timing};
use companion_core::domain::route_and_dose::RouteAndDose;
use companion_core::domain::screening::{FindingStep, GROUPS};
use companion_core::domain::visit::VisitWay;
use companion_core::domain::{
    Content, DosingSession, Entry, MedicationList, Monitoring, Readiness, RecordSection, Screening,
    Visit,
};
use companion_core::records::{PageSize, Query, Seen, View};

use super::{Player, date_in, missing};
use crate::error::DemoError;
use crate::script::{self, PROVIDER, THERAPIST, What};
use crate::stage::Stage;

impl Player {
    pub(super) fn answer(&self, stage: &Stage, what: &What) -> Result<(), DemoError> {
        let (clinic, patient) = (&stage.clinic, self.patient);
        match what {
            What::Open { key, by } => {
                self.open(stage, key, by)?;
            }
            What::Reply { key, by, body } => {
                let opened = self.open(stage, key, by)?.view;
                stage.clock.pass_seconds(240);
                clinic.reply(patient, opened.id, body, by)?;
                clinic.mark_reviewed(patient, opened.id, &opened.revision, by)?;
            }
            What::Review { key, by } => {
                let opened = self.open(stage, key, by)?.view;
                clinic.mark_reviewed(patient, opened.id, &opened.revision, by)?;
            }
            What::Plan { number, on, note } => {
                let session = DosingSession {
                    note: (*note).to_owned(),
                    place: script::CLINIC.to_owned(),
                    therapist: THERAPIST.to_owned(),
                    medical_provider: PROVIDER.to_owned(),
                    ..DosingSession::new(*number, stage.clock.moment(*on))
                };
                clinic.plan_session(patient, session)?;
            }
            What::Visit { purpose, on } => {
                let visit = Visit {
                    way: VisitWay::Video,
                    with: THERAPIST.to_owned(),
                    ..Visit::new(purpose.clone(), stage.clock.moment(*on))
                };
                clinic.plan_visit(patient, visit)?;
            }
            What::Ready { by } => {
                clinic.create(patient, Readiness::ready(*by, clinic.now()))?;
            }
            What::Costs { by } => {
                clinic.create(patient, stage.costs())?;
                let costs = clinic.costs(patient)?.ok_or_else(|| missing("costs"))?;
                clinic.walk_through_costs(patient, &costs, by)?;
            }
            What::Phase(to) => {
                let seen = clinic.patient(patient)?.phase;
                clinic.set_phase(
                    patient,
                    PhaseChange {
                        seen,
                        stood: clinic.standing_seen(patient)?,
                        to: *to,
                    },
                    THERAPIST,
                )?;
            }
            What::Screen { by, findings } => {
                let mut screening = Screening::new(clinic.now());
                for ((item, _), finding) in GROUPS.into_iter().zip(*findings) {
                    let step = FindingStep {
                        item,
                        finding,
                        note: String::new(),
                        by: (*by).to_owned(),
                        at: clinic.now(),
                    };
                    screening.findings.add(clinic.new_item(), step);
                }
                clinic.create(patient, screening)?;
            }
            What::ReviewMedicines { by } => {
                let list = self.newest::<MedicationList>(stage, "a list of medicines")?;
                clinic.review_medicines(patient, list.id, &list.revision, by)?;
            }
            What::NotYet {
                by,
                explanation,
                orientation,
                again_in,
            } => {
                let day = date_in(clinic.now(), *again_in).local_date();
                let day = day.and_then(|day| day.to_string().parse().ok());
                let mut readiness = Readiness {
                    timing: Timing::Later,
                    explanation: (*explanation).to_owned(),
                    revisit_on: day,
                    ..Readiness::ready(*by, clinic.now())
                };
                for (what, where_to) in *orientation {
                    let helps = Orientation {
                        what: (*what).to_owned(),
                        where_to: (*where_to).to_owned(),
                    };
                    readiness.orientation.push(clinic.new_item(), helps);
                }
                clinic.create(patient, readiness)?;
            }
            What::Sessions(planned) => clinic.plan_sessions(patient, THERAPIST, |_| {
                Some(PlannedNumber::new(*planned, ""))
            })?,
            What::Medicine { session, by } => self.record_medicine(stage, *session, by)?,
            What::HandOver { by } => {
                let newest = clinic.releases(patient)?.into_iter().next();
                let release = newest.ok_or_else(|| missing("a release"))?.id;
                let leaving = clinic.preview_hand_over(patient, release)?;
                clinic.hand_over(patient, release, leaving.seen, by)?;
            }
            What::Watch { by } => {
                let days = ["mon", "tue", "wed", "thu", "fri"];
                let hours = days.map(|day| (day.to_owned(), "09:00-17:00".to_owned()));
                let monitoring = Monitoring {
                    hours: hours.into(),
                    zone: "America/New_York".to_owned(),
                    responsible: (*by).to_owned(),
                    by: (*by).to_owned(),
                    at: clinic.now(),
                };
                clinic.set_monitoring(monitoring)?;
            }
            What::TakeOn { by } => {
                for flag in clinic.open_flags(patient)? {
                    let seen = Seen::of(&flag.content.steps);
                    clinic.step_flag(patient, flag.id, seen, FlagAct::Acknowledged, by, "")?;
                }
            }
            What::End { summary } => {
                clinic.end_programme(
                    patient,
                    clinic.standing_seen(patient)?,
                    "As agreed.",
                    summary,
                    THERAPIST,
                )?;
            }
            _ => {}
        }
        Ok(())
    }

    /// Writes down how the medicine was given, and two readings, and shows a copy of the former.
    fn record_medicine(&self, stage: &Stage, number: u32, by: &str) -> Result<(), DemoError> {
        let (clinic, patient) = (&stage.clinic, self.patient);
        let sessions = clinic.sessions(patient)?.into_iter();
        let mut sessions = sessions.filter(|one| one.view.content.number == number);
        let session = sessions.next().ok_or_else(|| missing("a session"))?.view.id;
        let given = RouteAndDose::new(
            Some(Route::Intramuscular),
            "As walked through in the preparation.",
        );
        let mut record = clinic.set_medicine(patient, session, None, given, by)?;
        for (pulse, spo2, dissociation) in [(72, 98, 0), (80, 97, 6)] {
            let reading = Vitals {
                pulse: Some(pulse),
                spo2: Some(spo2),
                dissociation: Some(dissociation),
                ..Vitals::new(clinic.now())
            };
            record = clinic.add_reading(patient, session, reading, by)?;
        }
        clinic.show_medicine(patient, record.id, &record.revision, by)?;
        Ok(())
    }

    fn newest<T: Content>(&self, stage: &Stage, what: &str) -> Result<View<T>, DemoError> {
        let query = Query::<T>::all().size(PageSize::ONE);
        let found = stage.clinic.page(self.patient, &query)?.items;
        found.into_iter().next().ok_or_else(|| missing(what))
    }

    fn open(&self, stage: &Stage, key: &str, by: &str) -> Result<Shared<Entry>, DemoError> {
        let entry = self.entry(key)?;
        let opened = stage.clinic.open_shared(self.patient, entry, by)?;
        // As the console does: whoever opened something is among those who looked.
        let role = match by {
            PROVIDER => "medical provider",
            _ => "clinic lead",
        };
        let journal = [RecordSection::Journal];
        stage.clinic.note_look(self.patient, by, role, &journal)?;
        Ok(opened)
    }
}
