//! Taking the whole record along, as a folder that anybody can read.

use companion_core::folder::NamedFile;
use serde_json::json;

use super::{Done, Phone};
use crate::args::upkeep::Export;
use crate::save::save_folder;

pub(super) fn export(phone: &mut Phone<'_, '_>, asked: &Export) -> Done {
    let export = phone.patient.export()?;
    let files: Vec<NamedFile<'_>> = phone.patient.files_of(&export)?;
    let names: Vec<String> = files.iter().map(|(name, _)| name.clone()).collect();
    save_folder(&asked.folder, files)?;
    let (missing, lost) = (export.not_here_yet(), export.lost());
    if asked.shape.json {
        return phone.json(&json!({
            "folder": asked.folder,
            "files": names,
            "documents": export.documents,
            "unreadable": export.unreadable,
            "left_out_of_unknown_kinds": export.unknown,
            "attachments_not_here": missing,
            "attachments_lost": lost,
            "encrypted": false,
        }));
    }
    phone.say(&format!(
        "{} documents are in {}. Begin with README.md there.",
        export.documents,
        asked.folder.display()
    ))?;
    if missing > 0 {
        phone.say(&format!(
            "{} not come to this phone yet, so the folder is without. Sync, and export again.",
            match missing {
                1 => "1 attachment has".to_owned(),
                _ => format!("{missing} attachments have"),
            }
        ))?;
    }
    if lost > 0 {
        phone.say(&format!(
            "{} on one phone alone and damaged there, so the folder is without, and no later export has {}. The words \
             beside are whole.",
            match lost {
                1 => "1 attachment is lost: it was".to_owned(),
                _ => format!("{lost} attachments are lost: they were"),
            },
            if lost == 1 { "it" } else { "them" }
        ))?;
    }
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
