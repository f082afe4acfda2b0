//! A safety plan: what helps somebody through a suicidal crisis, in the order in which to try it.
//!
//! The six steps and their order are those of the Safety Planning Intervention: Stanley B, Brown GK.
//! Safety Planning Intervention: A Brief Intervention to Mitigate Suicide Risk. Cognitive and Behavioral
//! Practice 2012;19(2):256–264, doi 10.1016/j.cbpra.2011.01.001. The headings are in our own words.

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::text::{Named, Problem, named};
use super::{
    Belongs, Content, DocumentId, Field, Index, Invalid, ItemId, Kind, Moment, Ordered, Placement,
    RecordSection, SearchText, Shape, Visibility, Writers, limits, reach, text,
};

const AT: Named = named("at", "the time of the plan");

/// A step of the plan, and the reasons to live that stand beside it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PlanStep {
    /// Step 1.
    WarningSigns,
    /// Step 2.
    Coping,
    /// Step 3.
    Distraction,
    /// Step 4.
    PeopleToAsk,
    /// Step 5.
    Professionals,
    /// Step 6.
    Surroundings,
    /// Beside the steps.
    ReasonsToLive,
}

impl PlanStep {
    /// The six steps in their order, and then the reasons to live.
    pub const ALL: [PlanStep; 7] = [
        PlanStep::WarningSigns,
        PlanStep::Coping,
        PlanStep::Distraction,
        PlanStep::PeopleToAsk,
        PlanStep::Professionals,
        PlanStep::Surroundings,
        PlanStep::ReasonsToLive,
    ];

    /// The number of the step, 1 to 6; `None` for what stands beside them.
    pub const fn number(self) -> Option<u8> {
        match self {
            PlanStep::WarningSigns => Some(1),
            PlanStep::Coping => Some(2),
            PlanStep::Distraction => Some(3),
            PlanStep::PeopleToAsk => Some(4),
            PlanStep::Professionals => Some(5),
            PlanStep::Surroundings => Some(6),
            PlanStep::ReasonsToLive => None,
        }
    }

    /// The heading over its lines.
    pub const fn heading(self) -> &'static str {
        match self {
            PlanStep::WarningSigns => "How I notice that a crisis may be coming",
            PlanStep::Coping => "What I can do by myself to take my mind off it",
            PlanStep::Distraction => "People and places that take my mind off it",
            PlanStep::PeopleToAsk => "People whom I can ask for help",
            PlanStep::Professionals => "Professionals and agencies that I can call",
            PlanStep::Surroundings => "How I make the place around me safer",
            PlanStep::ReasonsToLive => "What is worth living for, for me",
        }
    }

    /// The word that is kept: the name of its list.
    pub const fn as_str(self) -> &'static str {
        match self {
            PlanStep::WarningSigns => "warning_signs",
            PlanStep::Coping => "coping",
            PlanStep::Distraction => "distraction",
            PlanStep::PeopleToAsk => "people_to_ask",
            PlanStep::Professionals => "professionals",
            PlanStep::Surroundings => "surroundings",
            PlanStep::ReasonsToLive => "reasons_to_live",
        }
    }
}

/// One line of a step.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanLine {
    /// What it says, at most 1,000 bytes of UTF-8. Edits of it merge inside the text.
    #[serde(default)]
    pub text: String,
    /// Whom to call, for people and agencies, at most 40 characters; may be empty.
    #[serde(default)]
    pub number: String,
}

impl PlanLine {
    /// A line without a number.
    pub fn new(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            number: String::new(),
        }
    }
}

/// Somebody's safety plan. Private until the patient shares it; once it is shared, a clinician may edit
/// it with them. Opening it tells nobody anything.
///
/// All lists are edited apart line by line: nothing that one of two wrote is lost to the other.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SafetyPlan {
    /// Step 1: thoughts, moods, situations and behavior that come before a crisis.
    #[serde(default)]
    pub warning_signs: Ordered<PlanLine>,
    /// Step 2: what one can do without contacting anybody.
    #[serde(default)]
    pub coping: Ordered<PlanLine>,
    /// Step 3: company and places that distract.
    #[serde(default)]
    pub distraction: Ordered<PlanLine>,
    /// Step 4: family and friends who may help, told that there is a crisis.
    #[serde(default)]
    pub people_to_ask: Ordered<PlanLine>,
    /// Step 5: clinicians, emergency rooms, lifelines.
    #[serde(default)]
    pub professionals: Ordered<PlanLine>,
    /// Step 6: what is put out of reach, by whom.
    #[serde(default)]
    pub surroundings: Ordered<PlanLine>,
    /// Beside the steps.
    #[serde(default)]
    pub reasons_to_live: Ordered<PlanLine>,
    /// Who is meant to see it.
    #[serde(default)]
    pub visibility: Visibility,
    /// When it was begun.
    pub at: Moment,
}

impl SafetyPlan {
    /// An empty plan for [`OnlyMe`](Visibility::OnlyMe).
    pub fn new(at: Moment) -> Self {
        Self {
            warning_signs: Ordered::default(),
            coping: Ordered::default(),
            distraction: Ordered::default(),
            people_to_ask: Ordered::default(),
            professionals: Ordered::default(),
            surroundings: Ordered::default(),
            reasons_to_live: Ordered::default(),
            visibility: Visibility::default(),
            at,
        }
    }

    /// The lines of a step.
    pub const fn lines(&self, step: PlanStep) -> &Ordered<PlanLine> {
        match step {
            PlanStep::WarningSigns => &self.warning_signs,
            PlanStep::Coping => &self.coping,
            PlanStep::Distraction => &self.distraction,
            PlanStep::PeopleToAsk => &self.people_to_ask,
            PlanStep::Professionals => &self.professionals,
            PlanStep::Surroundings => &self.surroundings,
            PlanStep::ReasonsToLive => &self.reasons_to_live,
        }
    }

    /// The lines of a step, to change them.
    pub const fn lines_mut(&mut self, step: PlanStep) -> &mut Ordered<PlanLine> {
        match step {
            PlanStep::WarningSigns => &mut self.warning_signs,
            PlanStep::Coping => &mut self.coping,
            PlanStep::Distraction => &mut self.distraction,
            PlanStep::PeopleToAsk => &mut self.people_to_ask,
            PlanStep::Professionals => &mut self.professionals,
            PlanStep::Surroundings => &mut self.surroundings,
            PlanStep::ReasonsToLive => &mut self.reasons_to_live,
        }
    }

    /// What several plans of one person say together: two phones that began one apart made two, and so did one that
    /// changed a plan which the other one shared meanwhile. No line of any is lost: one that says something else in
    /// two of them is read twice. Visibility and time are those of the first. `None` of none.
    pub fn together<'a>(all: impl IntoIterator<Item = (DocumentId, &'a Self)>) -> Option<Self> {
        let mut all = all.into_iter();
        let mut read = all.next()?.1.clone();
        for (id, plan) in all {
            for step in PlanStep::ALL {
                let lines = read.lines_mut(step);
                lines.join_changed(plan.lines(step), |line| beside(id, line));
            }
        }
        Some(read)
    }

    /// Takes over what a change made of the lines of the plan `id`, which this is, in what was read as
    /// [`together`](Self::together) says before it and after it. The first of the plans takes the new lines too.
    pub(crate) fn follow(
        &mut self,
        id: DocumentId,
        (before, after): (&Self, &Self),
        is_first: bool,
    ) {
        for step in PlanStep::ALL {
            let change = (before.lines(step), after.lines(step));
            let lines = self.lines_mut(step);
            lines.follow(change, is_first, |line| beside(id, line));
        }
        if is_first {
            self.at = after.at;
        }
    }

    /// The lines of the plan `id`, which this is, by the names that they have in what was read as
    /// [`together`](Self::together) says.
    pub(crate) fn lines_in<'a>(
        &'a self,
        id: DocumentId,
        joined: &'a Self,
    ) -> impl Iterator<Item = (PlanStep, ItemId, ItemId)> + 'a {
        let steps = PlanStep::ALL.into_iter();
        steps.flat_map(move |step| {
            let lines = self.lines(step);
            lines.iter().filter_map(move |(line, _)| {
                let name = lines.name_in(line, joined.lines(step), |line| beside(id, line))?;
                Some((step, line, name))
            })
        })
    }

    /// Whether no step has a line.
    pub fn is_empty(&self) -> bool {
        PlanStep::ALL
            .iter()
            .all(|step| self.lines(*step).is_empty())
    }

    fn checked_step(&mut self, step: PlanStep) -> Result<(), Invalid> {
        let field = step.as_str();
        let lines = self.lines_mut(step);
        if lines.len() > limits::PLAN_LINES {
            return Err(named(field, "lines of one step").wrong(Problem::TooMany {
                limit: limits::PLAN_LINES,
            }));
        }
        let before: Vec<(ItemId, PlanLine)> =
            lines.iter().map(|(id, line)| (id, line.clone())).collect();
        for (id, line) in before {
            let words = named(field, "a line of the plan");
            let text = text::paragraphs(&line.text, words, limits::PLAN_LINE)?;
            let number = reach::number(&line.number, named(field, "a number of the plan"))?;
            if text.is_empty() && number.is_empty() {
                return Err(words.wrong(Problem::Empty));
            }
            let checked = PlanLine { text, number };
            if checked != line {
                lines.update(id, |line| *line = checked);
            }
        }
        Ok(())
    }
}

/// Names a line of a plan that says something else in a plan before it: on all phones the same.
fn beside(plan: DocumentId, line: ItemId) -> ItemId {
    let mut digest = Sha256::new();
    digest.update(b"kap line of another plan\0");
    digest.update(plan.as_bytes());
    digest.update(line.as_bytes());
    let digest: [u8; 32] = digest.finalize().into();
    digest
        .first_chunk()
        .map_or(line, |first| ItemId::new(*first))
}

const LINE: &[Field] = &[Field::text("text"), Field::value("number")];

impl Content for SafetyPlan {
    const KIND: Kind = Kind::named("safety_plan");
    const SHAPE: Shape = Shape::new(&[
        Field::ordered("warning_signs", LINE),
        Field::ordered("coping", LINE),
        Field::ordered("distraction", LINE),
        Field::ordered("people_to_ask", LINE),
        Field::ordered("professionals", LINE),
        Field::ordered("surroundings", LINE),
        Field::ordered("reasons_to_live", LINE),
        Field::value("visibility"),
        Field::value("at"),
    ]);
    const PLACEMENT: Placement = Placement::ByVisibility;
    const WRITERS: Writers = Writers::Both;
    const BELONGS: Belongs = Belongs::To(RecordSection::Safety);
    /// Help in a crisis waits for no morning.
    const HELD_IN_QUIET: bool = false;

    fn checked(mut self) -> Result<Self, Invalid> {
        for step in PlanStep::ALL {
            self.checked_step(step)?;
        }
        text::moment(self.at, AT)?;
        Ok(self)
    }

    fn index(&self) -> Index {
        let texts = PlanStep::ALL
            .iter()
            .flat_map(|step| self.lines(*step).iter());
        let texts: Vec<&str> = texts.map(|(_, line)| &*line.text).collect();
        Index {
            at: Some(self.at),
            state: self.visibility.as_str(),
            search: (!texts.is_empty()).then(|| SearchText {
                body: texts.join("\n"),
                ..SearchText::default()
            }),
            ..Index::default()
        }
    }

    fn visibility(&self) -> Option<Visibility> {
        Some(self.visibility)
    }

    fn set_visibility(&mut self, visibility: Visibility) {
        self.visibility = visibility;
    }

    #[cfg(any(test, feature = "testing"))]
    fn examples() -> Vec<Self> {
        let example = |n: u8, visibility| {
            let mut plan = SafetyPlan {
                visibility,
                ..SafetyPlan::new(Moment::utc(1_795_465_113_123 + i64::from(n)))
            };
            for (at, step) in (0_u8..).zip(PlanStep::ALL) {
                let line = PlanLine {
                    text: format!("{} {n}", step.heading()),
                    number: format!("+1 307 555 01{n}{at}"),
                };
                plan.lines_mut(step)
                    .push(ItemId::new([16 * n + at; 16]), line);
            }
            plan
        };
        vec![
            example(1, Visibility::CareTeam),
            example(2, Visibility::OnlyMe),
            example(3, Visibility::TalkInSession),
        ]
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn the_six_steps_stand_in_the_order_in_which_they_are_tried() {
        let numbers: Vec<_> = PlanStep::ALL.iter().map(|step| step.number()).collect();
        assert_eq!(
            numbers,
            [Some(1), Some(2), Some(3), Some(4), Some(5), Some(6), None]
        );
        let fields: Vec<_> = PlanStep::ALL.iter().map(|step| step.as_str()).collect();
        let declared = SafetyPlan::SHAPE.fields.iter().take(7);
        assert_eq!(declared.map(|field| field.name).collect::<Vec<_>>(), fields);
    }

    #[test]
    fn a_plan_is_private_and_may_be_empty_at_first() {
        let plan = SafetyPlan::new(Moment::utc(0)).checked().unwrap();
        assert_eq!(plan.visibility, Visibility::OnlyMe);
    }

    #[test]
    fn a_line_says_something_and_its_number_can_be_called() {
        let with = |step, line| {
            let mut plan = SafetyPlan::new(Moment::utc(0));
            plan.lines_mut(step).push(ItemId::new([1; 16]), line);
            plan.checked()
        };
        let empty = with(PlanStep::Coping, PlanLine::new(" ")).unwrap_err();
        assert_eq!(
            (empty.name.field, &*empty.to_string()),
            ("coping", "a line of the plan is empty")
        );
        let ada = PlanLine {
            number: "ask Jo".into(),
            ..PlanLine::new("Ada")
        };
        assert_eq!(
            with(PlanStep::PeopleToAsk, ada).unwrap_err().name.field,
            "people_to_ask"
        );
        let tidied = with(PlanStep::Coping, PlanLine::new(" Walk to the lake. ")).unwrap();
        let (_, line) = tidied.coping.iter().next().unwrap();
        assert_eq!(line.text, "Walk to the lake.");
        let mut long = SafetyPlan::new(Moment::utc(0));
        for n in 0..=u8::try_from(limits::PLAN_LINES).unwrap() {
            long.coping
                .push(ItemId::new([n; 16]), PlanLine::new("Walk."));
        }
        assert_eq!(
            long.checked().unwrap_err().to_string(),
            "there are more than 50 lines of one step"
        );
    }
}
