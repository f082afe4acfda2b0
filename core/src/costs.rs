//! What both facades read of structure and costs: the present sheet, and who stands by it.

use crate::domain::cost_summary::summary;
use crate::domain::programme::CostReview;
use crate::domain::{CostAcknowledgement, CostSheet, CostWalkthrough, Moment};
use crate::error::{NotNow, Result};
use crate::records::{Records, View};

/// Structure and costs of a programme as they are now.
#[derive(Debug, Clone, PartialEq)]
pub struct Costs {
    /// The newest sheet.
    pub sheet: View<CostSheet>,
    /// Who stands by this version of it.
    pub review: CostReview,
}

impl Costs {
    /// `None` as long as no sheet was written, and where the newest can't be read by this version: nobody stands by
    /// an older one.
    pub(crate) fn read(records: &Records) -> Result<Option<Self>> {
        let Some(sheet) = records.newest::<CostSheet>()?.or_nothing() else {
            return Ok(None);
        };
        let review = CostReview::of(
            sheet.id,
            sheet.revision.clone(),
            records.about::<CostWalkthrough>(sheet.id)?,
            records.about::<CostAcknowledgement>(sheet.id)?,
        );
        Ok(Some(Self { sheet, review }))
    }

    /// The same, if that very version is the present one: nobody stands by what they did not see.
    pub(crate) fn seen(records: &Records, seen: &View<CostSheet>) -> Result<Self> {
        let present = Self::read(records)?;
        let is_present =
            |costs: &Self| (costs.sheet.id, &costs.sheet.revision) == (seen.id, &seen.revision);
        let present = present.filter(is_present).ok_or(NotNow::CostsChanged)?;
        if present.sheet.content.lines.is_empty() {
            // Nobody stands by a sheet that says nothing.
            return Err(NotNow::NoCostLines.into());
        }
        Ok(present)
    }

    /// A summary to hand in, as Markdown. `clinic` is the clinic's name as patients see it.
    pub fn summary(&self, clinic: &str, now: Moment) -> String {
        summary(&self.sheet.content, &self.review, clinic, now)
    }
}
