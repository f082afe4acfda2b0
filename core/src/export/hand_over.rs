//! The summary that a clinic hands to somebody outside: what one release opens of what the patient shared, and
//! nothing else, with the release itself and the rules on passing it on.

use std::collections::BTreeMap;

use serde_json::Value;

use super::fields::{line, list, quote, spoken, time};
use super::measures;
use crate::domain::release::AtProgrammeEnd;
use crate::domain::text::capital;
use crate::domain::{
    Attachment, Belongs, Content as _, DocumentId, EditedBy, Entry, Kind, Moment, ReadReceipt,
    RecordSection, RecordSections, Release, Response, Side, declared,
};
use crate::records::Taken;

/// What is said to whoever is handed something, in plain words.
pub const REDISCLOSURE: &str = "The patient released this for the purpose named above, and for nothing else. Please \
    pass it on to nobody unless the patient agreed to that or the law asks for it. The release can end earlier than it \
    says: ask the clinic before you use this again.";

/// What 42 CFR Part 2 has a program say with each disclosure that the patient consented to: the second of the two
/// statements among which § 2.32(a) lets a program choose, word for word. Before 2024 it said "unauthorized disclosure"
/// alone.
pub const PART_2_NOTICE: &str =
    "42 CFR part 2 prohibits unauthorized use or disclosure of these records.";

/// Where that stands.
pub const PART_2_SOURCE: &str =
    "42 CFR § 2.32(a)(2), as amended by 89 FR 12472 (February 16, 2024)";

/// Since the same amendment § 2.32(b) has a copy of the consent, or a clear explanation of its scope, go with each
/// disclosure as well. The release is the consent, and the head of a summary tells all of it: this says that it does.
pub const PART_2_SCOPE: &str = "The lines above tell what the patient consented to: who may be told, by whom, which \
    sections, what for, and from when until when (42 CFR § 2.32(b)).";

/// What machines and the clinic note about a document, which tells nobody outside anything.
const NOTES: [Kind; 2] = [EditedBy::KIND, ReadReceipt::KIND];

/// What a summary says of itself.
pub(crate) struct HandOverHead<'a> {
    /// The clinic's name.
    pub(crate) clinic: &'a str,
    /// The patient's name as the clinic has it.
    pub(crate) patient: &'a str,
    /// Whether the clinic says that 42 CFR Part 2 binds it.
    pub(crate) part_2: bool,
    pub(crate) now: Moment,
}

/// Those documents that a release of these sections opens, with the section of each. `taken` is all of a care space.
pub(crate) fn released<'a>(
    taken: &'a [Taken],
    sections: &RecordSections,
) -> Vec<(RecordSection, &'a Taken)> {
    let mut by_id: BTreeMap<DocumentId, &Taken> = BTreeMap::new();
    for one in taken {
        for id in one.formerly.iter().chain([&one.id]) {
            by_id.insert(*id, one);
        }
    }
    let section_of = |one: &Taken| {
        if one.is_private || NOTES.contains(&one.kind) {
            return None;
        }
        match declared(&one.kind)?.belongs {
            Belongs::WithItsSubject => {
                // What is about something that is not shown any more is not told either.
                let subject = by_id.get(&one.about?)?;
                Belongs::WithItsSubject.section(Some(&subject.kind))
            }
            belongs => belongs.section(None),
        }
    };
    let open = taken.iter().filter_map(|one| {
        let section = section_of(one)?;
        (one.is_readable && sections.contains(section)).then_some((section, one))
    });
    open.collect()
}

/// The summary, as Markdown.
pub(crate) fn summary(
    head: &HandOverHead<'_>,
    release: &Release,
    sections: &RecordSections,
    until: Moment,
    released: &[(RecordSection, &Taken)],
) -> String {
    let terms = &release.terms;
    let mut text = format!(
        "# Summary for {}\n\n\
         {} hands this to {}, {}, {}.\n\n\
         - patient: {}\n- released by the patient: {}\n- sections: {}\n- purpose: {}\n- from: {}\n- until: {}\n\
         - when the programme ends: the release {}\n- documents: {}\n\n\
         **{REDISCLOSURE}**\n",
        line(&terms.provider),
        line(head.clinic),
        line(&terms.provider),
        line(&terms.what),
        time(head.now),
        line(head.patient),
        time(release.at),
        line(&sections.in_words()),
        line(&terms.purpose),
        time(release.from),
        time(until),
        match terms.at_programme_end {
            AtProgrammeEnd::Ends => "ends",
            AtProgrammeEnd::GoesOn => "goes on until its own end",
        },
        released.len(),
    );
    if head.part_2 {
        text.push_str(&format!(
            "\n**{PART_2_NOTICE}** ({PART_2_SOURCE})\n\n{PART_2_SCOPE}\n"
        ));
    }
    for section in sections.iter() {
        text.push_str(&format!("\n## {}\n", section.label()));
        let its: Vec<&Taken> = released
            .iter()
            .filter(|(of, _)| *of == section)
            .map(|(_, one)| *one)
            .collect();
        if its.is_empty() {
            text.push_str("\nNothing.\n");
        }
        for one in its {
            document(one, &mut text);
        }
    }
    text
}

fn document(one: &Taken, text: &mut String) {
    let when = one.when.map_or_else(|| "no date".to_owned(), time);
    let what = match one.read::<Response>() {
        Some(response) => measures::name(&response),
        None => capital(&spoken(one.kind.as_str())),
    };
    let by = one.by.iter().map(|by| match by {
        Side::Patient => "the patient",
        Side::Clinic => "the clinic",
    });
    let by: Vec<&str> = by.collect();
    text.push_str(&format!(
        "\n### {what}, {when}\n\n*written by {}*\n\n",
        by.join(" and ")
    ));
    if let Some(response) = one.read::<Response>() {
        measures::answered(&response, text);
        return;
    }
    let mut said = one.fields.clone();
    for beside in ["at", "about", "visibility", "attachments"] {
        said.remove(beside);
    }
    said.retain(|_, value| !is_a_name_of_something(value));
    list(&said, 0, text);
    let entry = one.read::<Entry>();
    for (_, attached) in entry.iter().flat_map(|entry| entry.attachments.iter()) {
        text.push_str(&attachment(attached));
    }
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

/// The bytes stay here: only words are handed over.
fn attachment(attached: &Attachment) -> String {
    let caption = match line(&attached.caption) {
        caption if caption.is_empty() => String::new(),
        caption => format!(": {caption}"),
    };
    format!(
        "\n*A {} that is not handed over{caption}*\n",
        attached.label()
    )
}

/// Ids, digests and revisions name things for programs and tell a reader nothing.
fn is_a_name_of_something(value: &Value) -> bool {
    let Some(text) = value.as_str() else {
        return false;
    };
    let is_hex = |part: &str| {
        matches!(part.len(), 32 | 64)
            && part
                .bytes()
                .all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte))
    };
    !text.is_empty() && text.split('.').all(is_hex)
}
