//! Every verb of the core's facade for a patient's phone is called here, or stands in a list with a reason.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// Verbs that no shell calls through this library, each with the reason.
const NOT_CALLED: &[(&str, &str)] = &[
    (
        "observe",
        "`listen` says that something changed, and who shows it asks anew",
    ),
    ("changes", "`listen` names the kinds that changed"),
    ("sync", "`sync_until` can be given up, and does the same"),
    ("resume", "after a pause the record is opened anew"),
    (
        "choose_wording",
        "`choose_wording_of` does the same for whatever kind",
    ),
    (
        "clinic_reminder_rules",
        "`clinic_reminders` lists what the clinic changed",
    ),
    (
        "safety_plans",
        "the list of safety plans shows each as it was written",
    ),
    ("reminder_facts", "`reminders` plans with them in the core"),
];

fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(sources(&path));
        } else if path.extension().is_some_and(|it| it == "rs") {
            found.push(path);
        }
    }
    found
}

fn text_of(folder: &Path) -> String {
    let all = sources(folder).into_iter();
    all.map(|path| fs::read_to_string(path).unwrap()).collect()
}

/// The public verbs of `Patient`: those that stand in an `impl Patient` block.
fn verbs(text: &str) -> BTreeSet<String> {
    let mut verbs = BTreeSet::new();
    let mut inside = false;
    for line in text.lines() {
        if line.starts_with("impl") {
            inside = line == "impl Patient {";
        } else if line == "}" {
            inside = false;
        }
        let name = line.strip_prefix("    pub fn ").filter(|_| inside);
        let end = name.and_then(|name| name.find(['(', '<']));
        verbs.extend(
            name.zip(end)
                .map(|(name, end)| name.split_at(end).0.to_owned()),
        );
    }
    verbs
}

/// Whether that verb is called somewhere in the text.
fn is_called(text: &str, verb: &str) -> bool {
    let ways = [
        format!("patient.{verb}("),
        format!("patient.{verb}::<"),
        format!("Patient::{verb}("),
    ];
    ways.iter().any(|way| text.contains(way))
}

#[test]
fn every_verb_of_the_core_is_called_or_has_a_reason() {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let core = here.join("../../core/src");
    let mut facade = text_of(&core.join("patient"));
    facade.push_str(&fs::read_to_string(core.join("patient.rs")).unwrap());
    let (verbs, ours) = (verbs(&facade), text_of(&here.join("src")));
    assert!(verbs.len() > 90, "only {} verbs were found", verbs.len());
    for verb in &verbs {
        let reason = NOT_CALLED.iter().find(|(name, _)| name == verb);
        match (is_called(&ours, verb), reason) {
            (true, None) | (false, Some(_)) => {}
            (false, None) => panic!("nothing here calls `{verb}`, and no reason is given"),
            (true, Some(_)) => panic!("`{verb}` is called, and a reason says that it is not"),
        }
    }
    for (verb, _) in NOT_CALLED {
        assert!(
            verbs.contains(*verb),
            "`{verb}` is no verb of the core's any more"
        );
    }
}
