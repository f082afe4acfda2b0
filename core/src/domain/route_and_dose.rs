//! How the medicine is given and how much of it, as one thing: a dose that was written for one route says nothing
//! of another.

use std::fmt;

use super::MedicineRecord;
use super::medicine_record::Route;

/// Route and dose of a session, in the clinician's words. They are written down, chosen and shown together.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RouteAndDose {
    /// How it is given; `None` as long as nobody has decided.
    pub route: Option<Route>,
    /// The dose, at most 200 characters; empty as long as nothing is written down. Nothing here counts with it.
    pub dose: String,
}

impl RouteAndDose {
    /// What was typed, with the dose on one line as a record keeps it.
    ///
    /// ```
    /// use companion_core::domain::{medicine_record::Route, route_and_dose::RouteAndDose};
    ///
    /// let given = RouteAndDose::new(Some(Route::Sublingual), " as  agreed ");
    /// assert_eq!(given.to_string(), "under the tongue (SL), as agreed");
    /// ```
    pub fn new(route: Option<Route>, dose: &str) -> Self {
        let dose = dose.split_whitespace().collect::<Vec<_>>().join(" ");
        Self { route, dose }
    }

    /// What a record says.
    pub fn of(record: &MedicineRecord) -> Self {
        Self {
            route: record.route.clone(),
            dose: record.dose.clone(),
        }
    }

    /// Lets a record say it.
    pub fn put_into(self, record: &mut MedicineRecord) {
        record.route = self.route;
        record.dose = self.dose;
    }
}

impl fmt::Display for RouteAndDose {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let route = self.route.as_ref().map_or("no route", Route::label);
        let dose = match &*self.dose {
            "" => "no dose",
            dose => dose,
        };
        write!(f, "{route}, {dose}")
    }
}
