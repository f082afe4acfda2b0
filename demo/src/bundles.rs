//! The demo's patients as FHIR bundles, for validators: each went from a phone through the server to the clinic first.

use std::io::Write;
use std::path::Path;

use clinic_console::fhir;
use clinic_console::pages::export;
use companion_core::domain::RecordSections;

use crate::error::{DemoError, at};
use crate::stage::Stage;

/// Writes one file for each patient, named by their place in the caseload. The folder is a new one: among the bundles of
/// yesterday nobody would know which were checked.
pub(crate) fn write(stage: &Stage, folder: &Path, output: &mut dyn Write) -> Result<(), DemoError> {
    std::fs::create_dir(folder).map_err(at(folder))?;
    for (number, row) in stage.clinic.caseload()?.iter().enumerate() {
        let record = export::record(&stage.clinic, row.patient, &RecordSections::all())?;
        let path = folder.join(format!("patient-{number:02}.json"));
        let bundle = fhir::bundle(&record);
        std::fs::write(&path, format!("{bundle:#}\n")).map_err(at(&path))?;
        writeln!(output, "{}", path.display())?;
    }
    Ok(())
}
