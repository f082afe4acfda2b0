//! The tables, each with its section of the record.

use companion_core::Result;
use companion_core::clinic::Clinic;
use companion_core::domain::measure::ItemState;
use companion_core::domain::{
    CheckIn, Content, DocumentId, DosingSession, Entry, Goal, Moment, RecordSection, Response,
    Scale, Visit,
};
use companion_core::records::View;

use super::Rows;
use crate::pages::export::every;

/// A table that can be taken out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Table {
    /// How the patient felt.
    CheckIns,
    /// What was answered to measures, an answer a row.
    Measures,
    /// What the patient wrote.
    Journal,
    /// Dosing sessions.
    Sessions,
    /// Visits without a dose.
    Visits,
    /// What the patient hopes for.
    Goals,
}

impl Table {
    /// Each, in the order in which the page lists them.
    pub const ALL: [Self; 6] = [
        Self::CheckIns,
        Self::Measures,
        Self::Journal,
        Self::Sessions,
        Self::Visits,
        Self::Goals,
    ];

    /// The word in addresses and in the file's name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::CheckIns => "check-ins",
            Self::Measures => "measures",
            Self::Journal => "journal",
            Self::Sessions => "sessions",
            Self::Visits => "visits",
            Self::Goals => "goals",
        }
    }

    /// What pages call it.
    pub const fn label(self) -> &'static str {
        match self {
            Self::CheckIns => "Check-ins",
            Self::Measures => "Measures, an answer a row",
            Self::Journal => "Journal entries",
            Self::Sessions => "Dosing sessions",
            Self::Visits => "Visits",
            Self::Goals => "Goals",
        }
    }

    /// Reads the word.
    pub fn named(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.as_str() == word)
    }

    /// The section that it belongs to.
    pub const fn section(self) -> RecordSection {
        match self {
            Self::CheckIns => RecordSection::CheckIns,
            Self::Measures => RecordSection::Measures,
            Self::Journal => RecordSection::Journal,
            Self::Sessions | Self::Visits => RecordSection::Programme,
            Self::Goals => RecordSection::Goals,
        }
    }

    /// The file, oldest row first.
    ///
    /// # Errors
    ///
    /// No such patient, or the store.
    pub fn written(self, clinic: &Clinic, patient: DocumentId) -> Result<String> {
        match self {
            Self::CheckIns => of(clinic, patient, check_ins),
            Self::Measures => of(clinic, patient, measures),
            Self::Journal => of(clinic, patient, journal),
            Self::Sessions => of(clinic, patient, sessions),
            Self::Visits => of(clinic, patient, visits),
            Self::Goals => of(clinic, patient, goals),
        }
    }
}

fn of<T: Content>(
    clinic: &Clinic,
    patient: DocumentId,
    rows: impl FnOnce(&[View<T>]) -> Rows,
) -> Result<String> {
    Ok(rows(&every(clinic, patient)?).done())
}

/// A time with its offset, as it was written; a clock that was ahead is told beside it.
fn time(moment: Moment) -> String {
    moment.to_string()
}

fn yes(it: bool) -> String {
    let word = if it { "yes" } else { "" };
    word.to_owned()
}

fn edited<T>(view: &View<T>) -> String {
    view.edited_at.map_or_else(String::new, time)
}

pub(super) fn check_ins(all: &[View<CheckIn>]) -> Rows {
    let mut rows = Rows::named(&[
        "at",
        "clock_was_ahead",
        "edited_at",
        "mood_1_to_7",
        "energy_1_to_7",
        "anxiety_1_to_7",
        "sleep_1_to_7",
        "feelings",
        "note",
    ]);
    for view in all {
        let said = &view.content;
        let rated = |scale| {
            let rating = said.rating(scale);
            rating.map_or_else(String::new, |rating| rating.number().to_string())
        };
        let feelings: Vec<&str> = said.feelings.iter().map(String::as_str).collect();
        rows.add(&[
            time(said.at),
            yes(view.clock_ahead),
            edited(view),
            rated(Scale::Valence),
            rated(Scale::Energy),
            rated(Scale::Anxiety),
            rated(Scale::Sleep),
            feelings.join("; "),
            said.note.clone(),
        ]);
    }
    rows
}

pub(super) fn measures(all: &[View<Response>]) -> Rows {
    let mut rows = Rows::named(&[
        "response",
        "measure",
        "version",
        "answered_at",
        "clock_was_ahead",
        "edited_at",
        "item",
        "question",
        "points",
        "answer",
        "total",
    ]);
    for view in all {
        let said = &view.content;
        let total = match said.score() {
            Ok(score) => score.total().to_string(),
            // The reason stands where the number would, so that nobody adds up what is not whole.
            Err(why) => format!("none: {why}"),
        };
        let row = |of_item: [String; 4]| {
            let whose = [
                view.id.to_string(),
                said.measure.to_string(),
                said.version.to_string(),
                time(said.answered_at()),
                yes(view.clock_ahead),
                edited(view),
            ];
            whose
                .into_iter()
                .chain(of_item)
                .chain([total.clone()])
                .collect::<Vec<_>>()
        };
        let Ok(answers) = said.read() else {
            rows.add(&row(Default::default()));
            continue;
        };
        for item in answers.instrument().items {
            let (points, answer) = match answers.state(item) {
                ItemState::Answered(points) => {
                    let words = item.choice(points).map_or("", |choice| choice.text);
                    (points.to_string(), words.to_owned())
                }
                ItemState::Skipped => (String::new(), "skipped".to_owned()),
                ItemState::Apart(_) => (String::new(), answers.words_apart(item)),
                ItemState::Open | ItemState::Unreadable => (String::new(), String::new()),
            };
            rows.add(&row([
                item.number.to_string(),
                item.text.to_owned(),
                points,
                answer,
            ]));
        }
    }
    rows
}

pub(super) fn journal(all: &[View<Entry>]) -> Rows {
    let mut rows = Rows::named(&[
        "at",
        "clock_was_ahead",
        "edited_at",
        "kind",
        "title",
        "text",
        "mood_1_to_7",
        "tags",
        "recordings_and_pictures",
    ]);
    for view in all {
        let said = &view.content;
        let tags: Vec<&str> = said.tags.iter().map(String::as_str).collect();
        let mood = said
            .mood
            .map_or_else(String::new, |mood| mood.number().to_string());
        rows.add(&[
            time(said.at),
            yes(view.clock_ahead),
            edited(view),
            said.kind.label().to_owned(),
            said.title.clone(),
            said.body.clone(),
            mood,
            tags.join("; "),
            said.attachments.iter().count().to_string(),
        ]);
    }
    rows
}

pub(super) fn sessions(all: &[View<DosingSession>]) -> Rows {
    let mut rows = Rows::named(&[
        "number",
        "begins",
        "ends",
        "takes_place",
        "why_not",
        "therapist",
        "medical_provider",
        "place",
        "note",
    ]);
    for view in all {
        let (said, block) = (&view.content, view.content.block());
        let off = said.called_off();
        rows.add(&[
            said.number.to_string(),
            time(block.arrives),
            time(block.ends),
            if off.is_none() { "yes" } else { "no" }.to_owned(),
            off.map_or_else(String::new, |step| step.reason.clone()),
            said.therapist.clone(),
            said.medical_provider.clone(),
            said.place.clone(),
            said.note.clone(),
        ]);
    }
    rows
}

pub(super) fn visits(all: &[View<Visit>]) -> Rows {
    let mut rows = Rows::named(&[
        "purpose",
        "begins",
        "ends",
        "takes_place",
        "with",
        "where",
        "note",
    ]);
    for view in all {
        let said = &view.content;
        rows.add(&[
            said.purpose.label().to_owned(),
            time(said.at),
            time(said.ends()),
            if said.takes_place() { "yes" } else { "no" }.to_owned(),
            said.with.clone(),
            said.place_in_words(),
            said.note.clone(),
        ]);
    }
    rows
}

pub(super) fn goals(all: &[View<Goal>]) -> Rows {
    let mut rows = Rows::named(&["at", "edited_at", "part_of_life", "goal", "became", "words"]);
    for view in all {
        let said = &view.content;
        rows.add(&[
            time(said.at),
            edited(view),
            said.domain.as_str().replace('_', " "),
            said.text.clone(),
            said.became.as_str().replace('_', " "),
            said.became_words.clone(),
        ]);
    }
    rows
}
