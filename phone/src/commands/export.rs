//! Taking the whole record along, as a folder that anybody can read.

use serde_json::json;

use super::{Done, Phone};
use crate::args::upkeep::Export;
use crate::save::save_folder;

pub(super) fn export(phone: &mut Phone<'_, '_>, asked: &Export) -> Done {
    let export = phone.patient.export()?;
    let files: Vec<(&str, &str)> = export
        .files
        .iter()
        .map(|file| (file.name, &*file.text))
        .collect();
    save_folder(&asked.folder, &files)?;
    if asked.shape.json {
        let names: Vec<&str> = files.iter().map(|(name, _)| *name).collect();
        return phone.json(&json!({
            "folder": asked.folder,
            "files": names,
            "documents": export.documents,
            "unreadable": export.unreadable,
            "left_out_of_unknown_kinds": export.unknown,
            "encrypted": false,
        }));
    }
    phone.say(&format!(
        "{} documents are in {}. Begin with README.md there.",
        export.documents,
        asked.folder.display()
    ))?;
    if export.unreadable > 0 {
        phone.say(&format!(
            "{} of them can't be read by this version; they are in record.json as they are.",
            export.unreadable
        ))?;
    }
    if export.unknown > 0 {
        phone.say(&format!(
            "{} are left out: this version does not know what they are. Bring the program up to date and export \
             again.",
            export.unknown
        ))?;
    }
    phone.say(
        "The files are not encrypted: whoever has them can read all that you wrote, also what is only yours. Nothing \
         was sent, and nothing changed on this phone.",
    )
}
