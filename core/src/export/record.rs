//! Everything that has no page of its own, to read: kind by kind, each with all its fields.

use std::collections::BTreeMap;

use super::fields::{list, quote, spoken, time};
use crate::domain::{CheckIn, Content as _, Entry, Kind, Response, Side};
use crate::records::Taken;

/// What stands on a page of its own.
const ELSEWHERE: [Kind; 3] = [Entry::KIND, CheckIn::KIND, Response::KIND];

/// All other documents, by kind, oldest first.
pub(super) fn page(taken: &[Taken]) -> String {
    let mut kinds: BTreeMap<&str, Vec<&Taken>> = BTreeMap::new();
    for one in taken {
        if !(one.is_readable && ELSEWHERE.contains(&one.kind)) {
            kinds.entry(one.kind.as_str()).or_default().push(one);
        }
    }
    let mut text = "# Everything else\n".to_owned();
    if kinds.is_empty() {
        text.push_str("\nNothing.\n");
    }
    for (kind, documents) in kinds {
        text.push_str(&format!("\n## {}\n", capital(&spoken(kind))));
        for one in documents {
            document(one, &mut text);
        }
    }
    text
}

fn document(one: &Taken, text: &mut String) {
    let when = one.when.map_or_else(|| "no date".to_owned(), time);
    let by = one.by.iter().map(|by| match by {
        Side::Patient => "written by you",
        Side::Clinic => "written by the clinic",
    });
    let mut about: Vec<&str> = by.collect();
    about.push(match one.is_private {
        true => "on your own devices only",
        false => "shared with the clinic",
    });
    if !one.is_readable {
        about.push("this version can't read it");
    }
    text.push_str(&format!("\n### {when}\n\n*{}*\n\n", about.join(" · ")));
    let mut said = one.fields.clone();
    // The heading says when; what it is about is an id, which record.json has.
    said.remove("at");
    said.remove("about");
    list(&said, 0, text);
    for apart in &one.apart {
        text.push_str(&format!(
            "\nThe field {} was written in {} wordings apart from each other; all of them:\n",
            spoken(&apart.field),
            apart.wordings.len()
        ));
        for wording in &apart.wordings {
            text.push_str(&format!("\n{}\n", quote(wording)));
        }
    }
}

fn capital(words: &str) -> String {
    let mut letters = words.chars();
    match letters.next() {
        Some(first) => first.to_uppercase().chain(letters).collect(),
        None => String::new(),
    }
}
