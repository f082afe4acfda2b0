//! An export in memory, as a folder holds it: to import, to compare, and to spoil.

use std::collections::BTreeMap;
use std::io::Read;

use companion_core::patient::Patient;
use companion_core::{FileProblem, ImportReport, Result};
use serde_json::Value;

/// The files of an export by their names.
#[derive(Clone, Debug)]
pub struct TakenAlong(pub BTreeMap<String, Vec<u8>>);

impl TakenAlong {
    /// What a phone exports now.
    pub fn of(phone: &Patient) -> Self {
        let export = phone.export().unwrap();
        let mut files = BTreeMap::new();
        for file in export.files.iter().chain([&export.manifest]) {
            files.insert(file.name.to_owned(), file.text.clone().into_bytes());
        }
        for media in export.media.iter().filter(|media| media.is_here) {
            let mut bytes = Vec::new();
            let mut reader = phone.open_attachment(media.entry, media.item).unwrap();
            reader.read_to_end(&mut bytes).unwrap();
            files.insert(media.name.clone(), bytes);
        }
        Self(files)
    }

    /// Opens a file of it.
    ///
    /// # Errors
    ///
    /// [`FileProblem::Missing`].
    pub fn open(&self, name: &str) -> Result<Box<dyn Read + '_>, FileProblem> {
        let file = self.0.get(name).ok_or(FileProblem::Missing)?;
        Ok(Box::new(&**file))
    }

    /// Imports all of it.
    ///
    /// # Errors
    ///
    /// What the phone says.
    pub fn import_into(&self, phone: &Patient) -> Result<ImportReport> {
        let open = |name: &str| self.open(name);
        let plan = phone.read_export(&open)?;
        let report = phone.import(&plan, &open)?;
        assert_eq!(report, plan.would);
        Ok(report)
    }

    /// Every document, by its id.
    pub fn documents(&self) -> BTreeMap<String, Value> {
        let record = self.record();
        let documents = record["documents"].as_array().unwrap().iter();
        let by_id = documents.map(|one| (one["id"].as_str().unwrap().to_owned(), one.clone()));
        by_id.collect()
    }

    /// `record.json`.
    pub fn record(&self) -> Value {
        serde_json::from_slice(&self.0["record.json"]).unwrap()
    }
}

/// Every field in which two records differ, each as `kind.field: before → after`; a document that one lacks as
/// `kind: missing`.
pub fn differences(before: &TakenAlong, after: &TakenAlong) -> Vec<String> {
    let (mut all, mut rest) = (Vec::new(), after.documents());
    for (id, one) in before.documents() {
        let kind = one["kind"].as_str().unwrap();
        match rest.remove(&id) {
            Some(other) => differing(kind, &one, &other, &mut all),
            None => all.push(format!("{kind}: missing")),
        }
    }
    let more = rest.values().map(|one| format!("{}: added", one["kind"]));
    all.extend(more);
    let (before, after) = (before.record(), after.record());
    for (field, value) in before.as_object().unwrap() {
        if field != "documents" {
            differing(field, value, &after[field], &mut all);
        }
    }
    all
}

fn differing(path: &str, before: &Value, after: &Value, all: &mut Vec<String>) {
    match (before, after) {
        (Value::Object(one), Value::Object(other)) => {
            let mut names: Vec<&String> = one.keys().chain(other.keys()).collect();
            names.sort();
            names.dedup();
            for name in names {
                let path = format!("{path}.{name}");
                differing(&path, &before[name], &after[name], all);
            }
        }
        _ if before == after => {}
        _ => all.push(format!("{path}: {before} → {after}")),
    }
}
