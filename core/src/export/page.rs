//! The first page: what is in the folder, and what is not.

use std::collections::BTreeMap;

use super::Head;
use super::fields::{line, spoken, time};
use crate::records::Taken;

/// The page.
pub(super) fn readme(head: &Head, taken: &[Taken], unreadable: usize) -> String {
    let mut kinds: BTreeMap<&str, usize> = BTreeMap::new();
    for one in taken {
        *kinds.entry(one.kind.as_str()).or_default() += 1;
    }
    let waits = taken.iter().filter(|one| one.waits).count();
    let clinic = match &head.clinic {
        Some(clinic) => format!("shared with {}", line(clinic)),
        None => "shared with no clinic".to_owned(),
    };
    let mut text = format!(
        "# A record, taken along\n\n\
         Made {}, of what this phone held then; {clinic}. {} documents.\n\n\
         **These files are not encrypted.** Whoever has them can read all of them.\n\n\
         | file | what is in it |\n|---|---|\n\
         | journal.md | entries, with what the clinic answered |\n\
         | check-ins.md | check-ins as a table |\n\
         | measures.md | answers to measures, question by question |\n\
         | record.md | everything else: programme, sessions, lists, plans, what the clinic wrote for you |\n\
         | record.json | every document with every field, for other programs |\n\
         | manifest.json | the names of all files here, each with its size and SHA-256 |\n\n\
         **To bring this record into an empty app**, choose “import” there, or type \
         `phone --data NEW-FOLDER import THIS-FOLDER`. What you wrote is yours again, on your own devices only; what your \
         clinic wrote can be read, and is not taken for the plan of another clinic. Keep every file as it is: a folder \
         in which one is missing or was changed is not imported.\n\n\
         What is in it, by kind:\n\n",
        time(head.now),
        taken.len()
    );
    for (kind, count) in kinds {
        text.push_str(&format!("- {}: {count}\n", spoken(kind)));
    }
    text.push_str(
        "\nNot in it: what you deleted; what your clinic keeps to itself; and keys and names of devices, which \
         open nothing elsewhere.\n",
    );
    let former = taken.iter().filter(|one| one.former_clinic.is_some());
    let former = former.count();
    if former > 0 {
        text.push_str(&format!(
            "\n{former} of these documents came with a record that was imported, and are kept as a former clinic \
             left them.\n"
        ));
    }
    if waits > 0 {
        text.push_str(&format!(
            "\n{waits} of these documents, or a change of them, had not been sent yet.\n"
        ));
    }
    if unreadable > 0 {
        text.push_str(&format!(
            "\n{unreadable} of these documents can't be read by this version of the program. They stand in \
             record.json as they are; a newer version reads them.\n"
        ));
    }
    if head.unknown > 0 {
        text.push_str(&format!(
            "\n{} documents are left out: this version does not know what they are. Bring the program up to date \
             and export again.\n",
            head.unknown
        ));
    }
    text
}
