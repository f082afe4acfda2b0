//! What a patient does in the story, on their phone.

use companion_core::domain::anything_new::News;
use companion_core::domain::goal::{self, LifeDomain};
use companion_core::domain::measure::{Given, Measure, MeasureId, Points};
use companion_core::domain::medication_list::{Medication, MedicationSort};
use companion_core::domain::monitoring::may_offer;
use companion_core::domain::release::{AtProgrammeEnd, ReleaseTerms};
use companion_core::domain::safety_plan::PlanLine;
use companion_core::domain::session_preparation::EscortMode;
use companion_core::domain::{
    AnythingNew, AssessmentSection, CheckIn, Commitment, ContactRequest, DocumentId, DosingSession,
    Entry, Goal, Intention, MedicationList, Monitoring, NextSessionItem, Rating, Response,
    SafetyPlan, SessionPreparation, Visibility, commitment,
};
use companion_core::records::{NewAttachment, PageSize, Query, View};
use companion_core::{CoreError, NotNow};

use super::humming::humming;
use super::{Player, date_in, missing};
use crate::error::DemoError;
use crate::script::{self, Preparation, What};
use crate::stage::Stage;

impl Player {
    pub(super) fn write(&mut self, stage: &Stage, what: &What) -> Result<(), DemoError> {
        match what {
            What::Write(told) => {
                let view = self.phone.create(self.entry_of(told)?)?;
                self.entries.insert(told.key, view.id);
            }
            What::Hum { key, caption } => {
                let file = humming();
                let new = NewAttachment {
                    size: file.len() as u64,
                    caption: (*caption).to_owned(),
                    ..NewAttachment::default()
                };
                self.phone.attach(self.entry(key)?, new, &mut &*file)?;
            }
            What::Intend {
                session,
                text,
                values,
            } => {
                self.phone.create(Intention {
                    values: values.iter().map(|&value| value.to_owned()).collect(),
                    visibility: Visibility::CareTeam,
                    ..Intention::new(self.session(*session)?, *text, self.phone.now())
                })?;
            }
            What::CheckIn(told) => {
                let check_in = self.check_in_of(told)?;
                match self.phone.create(check_in.clone()) {
                    // In the quiet hours after a session it stays the patient's own.
                    Err(CoreError::NotNow(NotNow::QuietHours { .. })) => {
                        self.phone.create(CheckIn {
                            visibility: Visibility::OnlyMe,
                            ..check_in
                        })?;
                    }
                    saved => drop(saved?),
                }
            }
            What::Share { key, how } => {
                let view = self.phone.share::<Entry>(self.entry(key)?, *how)?;
                self.entries.insert(key, view.id);
            }
            What::Withdraw { key } => {
                let view = self.phone.withdraw::<Entry>(self.entry(key)?)?;
                self.entries.insert(key, view.id);
            }
            What::Acknowledge => {
                let costs = self.phone.plan()?.costs.ok_or_else(|| missing("costs"))?;
                self.phone.acknowledge_costs(&costs, self.person.who.name)?;
            }
            What::Tell {
                section,
                text,
                visibility,
            } => {
                self.phone.create(AssessmentSection {
                    section: *section,
                    text: (*text).to_owned(),
                    visibility: *visibility,
                    at: self.phone.now(),
                })?;
            }
            What::Goal { domain, text } => {
                self.phone.create(Goal {
                    domain: LifeDomain::from((*domain).to_owned()),
                    text: (*text).to_owned(),
                    became: goal::Became::default(),
                    became_words: String::new(),
                    at: self.phone.now(),
                })?;
            }
            What::Medicines(told) => {
                let mut list = MedicationList::new(self.phone.now());
                for (name, what_for) in *told {
                    let medication = Medication {
                        name: (*name).to_owned(),
                        what_for: (*what_for).to_owned(),
                        sort: MedicationSort::default(),
                        stopped_at: None,
                    };
                    list.items.push(stage.clinic.new_item(), medication);
                }
                self.phone.create(list)?;
            }
            What::Prepare(told) => {
                self.phone.create(self.preparation_of(told)?)?;
            }
            What::NothingNew { session } => {
                let session = self.planned(*session)?;
                let (begins, now) = (session.content.at, self.phone.now());
                let answer = AnythingNew::new(session.id, begins, News::Nothing, now);
                self.phone.create(answer)?;
            }
            What::Answer { measure, points } => {
                self.phone.create(self.response_of(measure, points)?)?;
            }
            What::Release {
                provider,
                sections,
                purpose,
                days,
            } => {
                self.phone.give_release(ReleaseTerms {
                    provider: (*provider).to_owned(),
                    what: "psychiatrist".to_owned(),
                    contact: "+1 307 555 0144".to_owned(),
                    sections: sections.iter().copied().collect(),
                    purpose: (*purpose).to_owned(),
                    until: date_in(self.phone.now(), *days),
                    at_programme_end: AtProgrammeEnd::GoesOn,
                })?;
            }
            What::Contact { words } => {
                self.phone.create(ContactRequest {
                    words: (*words).to_owned(),
                    ..ContactRequest::new(self.phone.now())
                })?;
            }
            What::SafetyPlan(lines) => {
                let mut plan = SafetyPlan {
                    visibility: Visibility::CareTeam,
                    ..SafetyPlan::new(self.phone.now())
                };
                for (step, text) in *lines {
                    let line = PlanLine::new(*text);
                    plan.lines_mut(*step).push(stage.clinic.new_item(), line);
                }
                self.phone.create(plan)?;
            }
            What::Commit { text, again_in } => {
                let review_on = date_in(self.phone.now(), *again_in).local_date();
                self.phone.create(Commitment {
                    review_on,
                    visibility: Visibility::CareTeam,
                    ..Commitment::new(*text, self.phone.now())
                })?;
            }
            What::Kept { words } => {
                let newest = Query::<Commitment>::all().size(PageSize::ONE);
                let newest = self.phone.page(&newest)?.items.into_iter().next();
                let newest = newest.ok_or_else(|| missing("a commitment"))?;
                self.phone
                    .edit::<Commitment>(newest.id, &newest.revision, |it| {
                        it.became = Some(commitment::Became::Kept);
                        it.became_words = (*words).to_owned();
                    })?;
            }
            What::NextTime { text } => {
                self.phone.create(NextSessionItem {
                    visibility: Visibility::TalkInSession,
                    ..NextSessionItem::new(*text, self.phone.now())
                })?;
            }
            What::LoseNetwork => {
                self.deliver(stage)?;
                self.is_away = true;
            }
            What::FindNetwork => self.is_away = false,
            _ => {}
        }
        Ok(())
    }

    fn entry_of(&self, told: &script::Entry) -> Result<Entry, DemoError> {
        let session = match told.session {
            0 => None,
            number => Some(self.session(number)?),
        };
        Ok(Entry {
            title: told.title.to_owned(),
            body: told.body.to_owned(),
            kind: told.kind.clone(),
            mood: rating(told.mood)?,
            session,
            tags: told.tags.iter().map(|tag| (*tag).to_owned()).collect(),
            visibility: told.visibility,
            ..Entry::new(self.phone.now())
        })
    }

    fn session(&self, number: u32) -> Result<DocumentId, DemoError> {
        Ok(self.planned(number)?.id)
    }

    fn planned(&self, number: u32) -> Result<View<DosingSession>, DemoError> {
        let sessions = Query::<DosingSession>::all().size(PageSize::LARGEST);
        let mut sessions = self.phone.page(&sessions)?.items.into_iter();
        let found = sessions.find(|view| view.content.number == number);
        found.ok_or_else(|| missing(&format!("session {number}")))
    }

    fn preparation_of(&self, told: &Preparation) -> Result<SessionPreparation, DemoError> {
        let (name, number) = told.escort;
        let session = self.planned(told.session)?;
        let now = self.phone.now();
        let mut preparation = SessionPreparation {
            eyeshades: Some(true),
            music: Some(true),
            music_note: told.music.to_owned(),
            escort_name: name.to_owned(),
            escort_phone: number.to_owned(),
            escort_mode: Some(EscortMode::Car),
            ..SessionPreparation::new(session.id, now)
        };
        for item in told.done {
            preparation.tick(item, session.content.at);
        }
        preparation.confirm_ride(now, session.content.at);
        Ok(preparation)
    }

    /// A whole answer, offered by the rules that hold for phones.
    fn response_of(&self, measure: &str, points: &[u8]) -> Result<Response, DemoError> {
        let watch = Query::<Monitoring>::all().size(PageSize::ONE);
        let watch = self.phone.page(&watch)?.items.into_iter().next();
        let id = MeasureId::from_stored(measure);
        let Some(Measure::Offered(instrument)) = Measure::of(&id) else {
            return Err(missing(measure));
        };
        may_offer(instrument, watch.as_ref().map(|view| &view.content))
            .map_err(|error| DemoError::Script(error.to_string()))?;
        let mut response = Response::new(instrument, self.phone.now());
        response.visibility = Visibility::CareTeam;
        for points in points {
            let item = response.next_item().ok_or_else(|| missing(measure))?;
            response.give(item.number, Given::Points(Points(*points)));
        }
        response.finished_at = Some(self.phone.now());
        Ok(response)
    }

    fn check_in_of(&self, told: &script::CheckIn) -> Result<CheckIn, DemoError> {
        let [valence, energy, anxiety, sleep] = told.ratings;
        let valence = rating(valence)?.ok_or_else(|| missing("a mood of 0"))?;
        let feelings = told.feelings.iter().map(|word| (*word).to_owned());
        Ok(CheckIn {
            energy: rating(energy)?,
            anxiety: rating(anxiety)?,
            sleep: rating(sleep)?,
            feelings: feelings.collect(),
            note: told.note.to_owned(),
            visibility: told.visibility,
            ..CheckIn::new(valence, self.phone.now())
        })
    }
}

fn rating(number: u8) -> Result<Option<Rating>, DemoError> {
    if number == 0 {
        return Ok(None);
    }
    Rating::new(number)
        .map(Some)
        .map_err(|_| DemoError::Script(format!("a rating of {number}")))
}
