//! The checklist of contraindications that a clinic goes through in the assessment.

use serde::{Deserialize, Serialize};

use super::text::{Named, Problem, named};
use super::trail::Trail;
use super::{
    Belongs, Content, Field, Index, Invalid, ItemId, Kind, Moment, Ordered, Placement,
    RecordSection, Shape, Writers, limits, nickname, text,
};

const ITEM: Named = named("items", "an item of the checklist");
const ITEMS: Named = named("items", "items of the checklist");
const FINDINGS: Named = named("findings", "findings");
const BY: Named = named("findings", "the reviewer's name");
const NOTE: Named = named("findings", "the note");
const AT: Named = named("at", "the time of the checklist");

/// A checklist of what speaks against a programme, with what was found, by whom and when. It lives in
/// the care space: the patient sees it.
///
/// It records what clinicians found, and nothing computes a verdict from it: the outcome is a
/// [`Readiness`](super::Readiness), which a person gives.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Screening {
    /// What is asked. The three groups that KAP screens for are there from the start
    /// ([`Screening::new`]); a clinic adds its own.
    #[serde(default)]
    pub items: Ordered<ScreeningItem>,
    /// What was found, one step for each look at an item: the last one of an item stands.
    #[serde(default)]
    pub findings: Trail<FindingStep>,
    /// When it was begun.
    pub at: Moment,
}

/// One question of the checklist.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ScreeningItem {
    /// What it is about, 1 to 200 characters.
    pub label: String,
}

/// What was found of one item, in one look.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FindingStep {
    /// Which item.
    pub item: ItemId,
    /// What was found.
    pub finding: Finding,
    /// More of it, at most 500 characters; may be empty.
    #[serde(default)]
    pub note: String,
    /// Who looked.
    pub by: String,
    /// When.
    pub at: Moment,
}

/// What a clinician found of an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Finding {
    /// It is not there.
    Absent,
    /// It is there.
    Present,
    /// Somebody has to look closer.
    NeedsReview,
}

/// The three groups that an assessment screens for: certain cardiovascular conditions, psychotic
/// disorders, and active substance use issues. Their ids are fixed, so that two checklists begun apart
/// ask the same.
pub const GROUPS: [(ItemId, &str); 3] = [
    (ItemId::new([1; 16]), "Cardiovascular conditions"),
    (ItemId::new([2; 16]), "Psychotic disorders"),
    (ItemId::new([3; 16]), "Active substance use"),
];

/// Whether an item is one of the three groups, which are always asked.
pub fn is_group(item: ItemId) -> bool {
    GROUPS.iter().any(|(group, _)| *group == item)
}

impl Screening {
    /// A checklist with the three groups, of which nothing was looked at.
    pub fn new(at: Moment) -> Self {
        let mut items = Ordered::default();
        for (id, label) in GROUPS {
            let label = label.to_owned();
            items.push(id, ScreeningItem { label });
        }
        Self {
            items,
            findings: Trail::default(),
            at,
        }
    }

    /// Asks one thing more.
    ///
    /// # Errors
    ///
    /// [`Problem::Twice`] for what is asked already, however it is spelled: of two items that read the same one
    /// would stay open, or say another thing than the other.
    pub fn ask(&mut self, id: ItemId, label: String) -> Result<(), Invalid> {
        let key = nickname::key(&label);
        let is_same = |item: &ScreeningItem| nickname::key(&item.label) == key;
        if self.items.iter().any(|(_, item)| is_same(item)) {
            return Err(named("items", "this item of the checklist").wrong(Problem::Twice));
        }
        self.items.push(id, ScreeningItem { label });
        Ok(())
    }

    /// The items that the last look found there.
    pub fn found_there(&self) -> Vec<(ItemId, &ScreeningItem)> {
        let is_there = |id| {
            let finding = self.finding(id).map(|step| step.finding);
            finding == Some(Finding::Present)
        };
        self.items.iter().filter(|(id, _)| is_there(*id)).collect()
    }

    /// What stands of an item: the last look. `None` as long as nobody looked, which is not *absent*.
    pub fn finding(&self, item: ItemId) -> Option<&FindingStep> {
        let steps = self.findings.iter().map(|(_, step)| step);
        steps.filter(|step| step.item == item).last()
    }

    /// An item with what stands of it: what a page shows of it. `None` for one that is not asked.
    pub fn looked_at(&self, item: ItemId) -> Option<(&ScreeningItem, Option<&FindingStep>)> {
        Some((self.items.get(item)?, self.finding(item)))
    }

    /// The items that nobody looked at, and those that need another look.
    pub fn open_items(&self) -> Vec<(ItemId, &ScreeningItem)> {
        let is_open = |id| {
            let finding = self.finding(id).map(|step| step.finding);
            matches!(finding, None | Some(Finding::NeedsReview))
        };
        self.items.iter().filter(|(id, _)| is_open(*id)).collect()
    }
}

impl Finding {
    /// The word that is kept.
    pub const fn as_str(self) -> &'static str {
        match self {
            Finding::Absent => "absent",
            Finding::Present => "present",
            Finding::NeedsReview => "needs_review",
        }
    }
}

impl ScreeningItem {
    fn checked(self) -> Result<Self, Invalid> {
        let label = text::needed_line(&self.label, ITEM, limits::TITLE)?;
        Ok(Self { label })
    }
}

impl FindingStep {
    fn checked(self) -> Result<Self, Invalid> {
        let note = text::line(&self.note, NOTE, limits::REASON)?;
        let by = text::needed_line(&self.by, BY, limits::NAME)?;
        text::moment(self.at, FINDINGS)?;
        Ok(Self { note, by, ..self })
    }
}

impl Content for Screening {
    const KIND: Kind = Kind::named("screening");
    const SHAPE: Shape = Shape::new(&[
        Field::ordered("items", &[Field::value("label")]),
        Field::ordered(
            "findings",
            &[
                Field::value("item"),
                Field::value("finding"),
                Field::value("note"),
                Field::value("by"),
                Field::value("at"),
            ],
        ),
        Field::value("at"),
    ]);
    const PLACEMENT: Placement = Placement::Care;
    const WRITERS: Writers = Writers::Clinic;
    const BELONGS: Belongs = Belongs::To(RecordSection::Medicines);

    fn checked(self) -> Result<Self, Invalid> {
        // A group that was left out would look like one that was never found.
        if GROUPS.iter().any(|(id, _)| self.items.get(*id).is_none()) {
            return Err(named("items", "one of the three groups").wrong(Problem::Empty));
        }
        let items = self
            .items
            .each_checked(ITEMS, limits::ITEMS, ScreeningItem::checked)?;
        let findings = self.findings.checked(FINDINGS, FindingStep::checked)?;
        text::moment(self.at, AT)?;
        Ok(Self {
            items,
            findings,
            at: self.at,
        })
    }

    fn index(&self) -> Index {
        Index {
            at: Some(self.at),
            ..Index::default()
        }
    }

    #[cfg(any(test, feature = "testing"))]
    fn examples() -> Vec<Self> {
        let example = |n: u8, finding| {
            let at = Moment::utc(1_795_465_113_123 + i64::from(n));
            let mut screening = Screening::new(at);
            let label = format!("Thyroid, {n}");
            let id = ItemId::new([n * 16; 16]);
            screening.items.push(id, ScreeningItem { label });
            let found = FindingStep {
                item: id,
                finding,
                note: format!("As told, {n}."),
                by: format!("Dr. Vega {n}"),
                at,
            };
            screening.findings.add(id, found);
            screening
        };
        vec![
            example(1, Finding::Absent),
            example(2, Finding::NeedsReview),
            example(3, Finding::Present),
        ]
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn looked(screening: &mut Screening, step: u8, item: ItemId, finding: Finding) {
        let found = FindingStep {
            item,
            finding,
            note: String::new(),
            by: "Dr. Vega".into(),
            at: Moment::utc(i64::from(step)),
        };
        screening.findings.add(ItemId::new([step; 16]), found);
    }

    #[test]
    fn what_nobody_looked_at_is_open_and_not_absent() {
        let mut screening = Screening::new(Moment::utc(0));
        assert_eq!(screening.open_items().len(), 3);
        let [(heart, _), (psychosis, _), _] = GROUPS;
        assert_eq!(screening.finding(heart), None);
        looked(&mut screening, 9, heart, Finding::NeedsReview);
        looked(&mut screening, 8, psychosis, Finding::Present);
        assert_eq!(screening.open_items().len(), 2, "a second look is open");
        looked(&mut screening, 7, heart, Finding::Absent);
        assert_eq!(screening.open_items().len(), 1);
        assert_eq!(screening.finding(heart).unwrap().finding, Finding::Absent);
        assert_eq!(screening.findings.len(), 3, "each look is kept");
    }

    #[test]
    fn the_three_groups_are_asked_whatever_else_is() {
        for (group, _) in GROUPS {
            let mut screening = Screening::new(Moment::utc(0));
            assert!(screening.clone().checked().is_ok());
            screening.items.remove(group);
            let error = screening.checked().unwrap_err();
            assert_eq!(error.to_string(), "one of the three groups is empty");
        }
    }

    #[test]
    fn a_finding_has_a_reviewer() {
        let mut screening = Screening::new(Moment::utc(0));
        let step = FindingStep {
            item: ItemId::new([1; 16]),
            finding: Finding::Absent,
            note: String::new(),
            by: " ".into(),
            at: Moment::utc(0),
        };
        screening.findings.add(ItemId::new([9; 16]), step);
        assert_eq!(
            screening.checked().unwrap_err().to_string(),
            "the reviewer's name is empty"
        );
    }
}
