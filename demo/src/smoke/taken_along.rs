//! That each of the ten can take their record along and bring it back: what was exported, imported into an empty app
//! and exported again says the same, field by field.

use std::collections::BTreeMap;
use std::io::Read;

use companion_core::domain::Kind;
use companion_core::patient::Patient;
use companion_core::{FileProblem, StoreKey};
use serde_json::Value;

use crate::broken::Broken;
use crate::error::{DemoError, at};
use crate::script::PEOPLE;
use crate::stage::Stage;

/// What an import may change of a document: who can read it now, what has not been sent from the new app, whose record
/// it was, and of a safety plan, which both sides write, whose word it is.
const MAY_DIFFER: [&str; 4] = [
    "space",
    "not_sent_yet",
    "former_clinic",
    "fields.visibility",
];
const BY_BOTH: (&str, &str) = ("safety_plan", "written_by");

/// Compares the record of each of the ten, and says who has the most in it.
pub(super) fn compared(stage: &Stage) -> Result<String, DemoError> {
    let mut most = (0, "");
    for person in &PEOPLE {
        let (who, name) = (person.who.folder, person.who.name);
        let before = Folder::of(&opened(stage, who)?)?;
        let again = stage.phone(&format!("{who}-again"))?;
        let open = |name: &str| before.open(name);
        again.import(&again.read_export(&open)?, &open)?;
        let after = Folder::of(&again)?;
        let documents = before.documents()?;
        let differing = differing(&documents, &after.documents()?);
        if let Some(field) = differing.into_iter().next() {
            return Err(Broken::BroughtBackOtherwise { name, field }.into());
        }
        if before.media() != after.media() {
            let field = "a recording or picture".to_owned();
            return Err(Broken::BroughtBackOtherwise { name, field }.into());
        }
        most = most.max((documents.len(), name));
    }
    let (documents, name) = most;
    Ok(format!("{name}: {documents} documents"))
}

/// A phone of the story, as it was left.
fn opened(stage: &Stage, folder: &str) -> Result<Patient, DemoError> {
    let path = stage.phone_folder(folder);
    let key_file = path.join("phone.key");
    let key = std::fs::read(&key_file).map_err(at(&key_file))?;
    let key = key.try_into().map_err(|_| Broken::NoKey(key_file))?;
    stage.opened(&path.join("phone.db"), &StoreKey::new(key))
}

/// An export in memory.
struct Folder(BTreeMap<String, Vec<u8>>);

impl Folder {
    fn of(phone: &Patient) -> Result<Self, DemoError> {
        let export = phone.export()?;
        let texts = export.files.iter().chain([&export.manifest]);
        let texts = texts.map(|file| (file.name.to_owned(), file.text.clone().into_bytes()));
        let mut files: BTreeMap<_, _> = texts.collect();
        for media in export.media.iter().filter(|media| media.is_here) {
            let mut bytes = Vec::new();
            phone
                .open_attachment(media.entry, media.item)?
                .read_to_end(&mut bytes)?;
            files.insert(media.name.clone(), bytes);
        }
        Ok(Self(files))
    }

    fn open(&self, name: &str) -> Result<Box<dyn Read + '_>, FileProblem> {
        let file = self.0.get(name).ok_or(FileProblem::Missing)?;
        Ok(Box::new(&**file))
    }

    fn documents(&self) -> Result<BTreeMap<String, Value>, DemoError> {
        let record = self.0.get("record.json").map(Vec::as_slice);
        let record: Option<Value> = record.and_then(|record| serde_json::from_slice(record).ok());
        let documents = record
            .as_ref()
            .and_then(|record| record["documents"].as_array());
        let documents = documents.ok_or(Broken::NoRecord)?;
        let id = |one: &Value| one["id"].as_str().unwrap_or_default().to_owned();
        Ok(documents.iter().map(|one| (id(one), one.clone())).collect())
    }

    fn media(&self) -> Vec<&Vec<u8>> {
        let is_text = |name: &str| name.ends_with(".md") || name.ends_with(".json");
        let media = self.0.iter().filter(|(name, _)| !is_text(name));
        media.map(|(_, bytes)| bytes).collect()
    }
}

/// The fields that say something else, but for those that may.
fn differing(before: &BTreeMap<String, Value>, after: &BTreeMap<String, Value>) -> Vec<String> {
    let mut differing = Vec::new();
    let ids = before.keys().chain(after.keys());
    for id in ids {
        let nothing = Value::Null;
        let [one, other] = [before, after].map(|all| all.get(id).unwrap_or(&nothing));
        let kind = one["kind"].as_str().unwrap_or_default();
        let called = Kind::from_stored(kind).in_words();
        let mut fields = Vec::new();
        compare("", one, other, &mut fields);
        fields.retain(|field| !MAY_DIFFER.contains(&&**field) && (kind, &**field) != BY_BOTH);
        differing.extend(fields.iter().map(|field| format!("{field} ({called})")));
    }
    differing
}

fn compare(path: &str, before: &Value, after: &Value, differing: &mut Vec<String>) {
    match (before, after) {
        (Value::Object(one), Value::Object(other)) => {
            for name in one.keys().chain(other.keys()) {
                let path = match path {
                    "" => name.clone(),
                    path => format!("{path}.{name}"),
                };
                compare(&path, &before[name], &after[name], differing);
            }
        }
        _ if before == after => {}
        _ => differing.push(path.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::indexing_slicing)]

    use serde_json::json;

    use super::*;

    #[test]
    fn a_field_that_says_something_else_is_named_and_one_that_may_is_not() {
        let all = |value: Value| BTreeMap::from([("1".to_owned(), value)]);
        let said = json!({"kind": "entry", "space": "care", "fields": {"body": "calm", "visibility": "care_team"}});
        let private = json!({"kind": "entry", "space": "private", "fields": {"body": "calm", "visibility": "only_me"}});
        assert!(differing(&all(said.clone()), &all(private.clone())).is_empty());
        let mut other = private;
        other["fields"]["body"] = json!("calmer");
        assert!(
            differing(&all(said.clone()), &all(other)).contains(&"fields.body (entry)".to_owned())
        );
        assert!(!differing(&all(said.clone()), &BTreeMap::new()).is_empty());
        assert!(!differing(&BTreeMap::new(), &all(said)).is_empty());
    }
}
