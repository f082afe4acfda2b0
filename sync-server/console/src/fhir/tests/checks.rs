//! What must hold of every bundle, whatever is in it.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::super::loinc;

/// The resources that are asked for, in their order.
pub(super) fn all_of(bundle: &Value, is_one: impl Fn(&Value) -> bool) -> Vec<Value> {
    let entries = bundle["entry"].as_array().unwrap();
    let all = entries.iter().map(|entry| entry["resource"].clone());
    all.filter(|resource| is_one(resource)).collect()
}

/// Everything that it says, documents opened.
pub(super) fn words_of(bundle: &Value) -> String {
    let mut words = String::new();
    walk(bundle, &mut |_, value| {
        let Some(said) = value.as_str() else { return };
        words.push_str(said);
        words.push('\n');
        if let Ok(bytes) = data_encoding::BASE64.decode(said.as_bytes()) {
            words.push_str(&String::from_utf8_lossy(&bytes));
        }
    });
    words
}

/// No reference leads nowhere, nothing is empty, no code is without a system, every name of LOINC is LOINC's.
pub(super) fn check(bundle: &Value) {
    let entries = bundle["entry"].as_array().unwrap();
    let mut names = BTreeMap::new();
    for entry in entries {
        let name = entry["fullUrl"].as_str().unwrap().to_owned();
        let id = entry["resource"]["id"].as_str().unwrap();
        assert_eq!(name, format!("urn:uuid:{id}"));
        let kind = entry["resource"]["resourceType"].as_str().unwrap();
        assert!(
            names.insert(name.clone(), kind).is_none(),
            "{name} stands twice"
        );
    }
    let answers = answers();
    walk(bundle, &mut |field, value| {
        match value {
            Value::Null => panic!("{field} is null"),
            Value::String(said) => {
                assert!(!said.trim().is_empty(), "{field} is empty");
                let is_plain = |letter: char| !letter.is_control() || matches!(letter, '\n' | '\t');
                assert!(said.chars().all(is_plain), "{field}: {said:?}");
            }
            Value::Array(all) => assert!(!all.is_empty(), "{field} is empty"),
            Value::Object(all) => assert!(!all.is_empty(), "{field} is empty"),
            Value::Bool(_) | Value::Number(_) => {}
        }
        if field == "reference" {
            let to = value.as_str().unwrap();
            assert!(names.contains_key(to), "{to} leads nowhere");
        }
        if matches!(field, "coding" | "valueCoding") {
            let all = value
                .as_array()
                .cloned()
                .unwrap_or_else(|| vec![value.clone()]);
            for coding in all {
                let [system, code] = ["system", "code"].map(|part| coding[part].as_str());
                assert!(system.is_some() && code.is_some(), "{coding}");
                if system == Some("http://loinc.org") {
                    let shown = coding["display"].as_str();
                    let is_answer = code.unwrap().starts_with("LA");
                    let right = match is_answer {
                        true => {
                            answers.contains(&(code.unwrap().to_owned(), shown.unwrap().to_owned()))
                        }
                        false => shown == loinc::display(code.unwrap()),
                    };
                    assert!(right, "{coding}");
                }
            }
        }
    });
    // A canonical reference is one too.
    let measures: BTreeSet<String> = all_of(bundle, |one| one["resourceType"] == "Questionnaire")
        .iter()
        .map(|one| {
            format!(
                "{}|{}",
                one["url"].as_str().unwrap(),
                one["version"].as_str().unwrap()
            )
        })
        .collect();
    for response in all_of(bundle, |one| one["questionnaire"].is_string()) {
        assert!(
            measures.contains(response["questionnaire"].as_str().unwrap()),
            "{response}"
        );
    }
}

/// LOINC's answers, with their words on the form.
fn answers() -> BTreeSet<(String, String)> {
    let all = companion_core::domain::measure::Instrument::offered();
    let choices = all.flat_map(|one| one.items).flat_map(|item| item.choices);
    let coded =
        choices.filter_map(|choice| Some((choice.loinc?.0.to_owned(), choice.text.to_owned())));
    coded.collect()
}

fn walk(value: &Value, look: &mut impl FnMut(&str, &Value)) {
    match value {
        Value::Object(all) => {
            for (field, value) in all {
                look(field, value);
                walk(value, look);
            }
        }
        Value::Array(all) => all.iter().for_each(|one| {
            look("item of a list", one);
            walk(one, look);
        }),
        _ => {}
    }
}
