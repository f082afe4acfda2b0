//! Everything that has no page of its own, to read: kind by kind, each with all its fields.

use std::collections::BTreeMap;

use super::fields::{line, list, quote, spoken, time};
use crate::domain::text::capital;
use crate::domain::{CheckIn, Content as _, Entry, Kind, Response, Side};
use crate::records::Taken;

/// What stands on a page of its own.
const ELSEWHERE: [Kind; 3] = [Entry::KIND, CheckIn::KIND, Response::KIND];

/// The heading of what came with an import.
pub(super) const FORMER: &str = "From a record that was imported";

/// All other documents, by kind, oldest first.
pub(super) fn page(taken: &[Taken]) -> String {
    let has_a_page = |one: &Taken| one.is_readable && ELSEWHERE.contains(&one.kind);
    page_of(
        "Everything else",
        taken.iter().filter(|one| !has_a_page(one)),
    )
}

/// These documents, by kind.
pub(super) fn page_of<'a>(heading: &str, taken: impl IntoIterator<Item = &'a Taken>) -> String {
    let mut kinds: BTreeMap<&str, Vec<&Taken>> = BTreeMap::new();
    for one in taken {
        kinds.entry(one.kind.as_str()).or_default().push(one);
    }
    let mut text = format!("# {heading}\n");
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
    let of_former = match one.former_clinic.as_deref() {
        Some("") => Some("of a former clinic's record".to_owned()),
        Some(clinic) => Some(format!("of the record with {}", line(clinic))),
        None => None,
    };
    match &of_former {
        Some(of_former) => about.push(of_former),
        None if one.is_private => about.push("on your own devices only"),
        None => about.push("shared with the clinic"),
    }
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
