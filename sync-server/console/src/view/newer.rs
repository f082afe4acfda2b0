//! What of a record this version can't read, where only the newest counts: in plain words, with what helps.

use companion_core::domain::{Belongs, Kind};
use maud::{Markup, html};

use crate::accounts::Rights;
use crate::view::frame::Frame;

/// Those that somebody may hear of: what is of a section of the record, whoever is shown it.
pub fn told(unreadable: &[Kind], rights: &Rights) -> Vec<Kind> {
    let section = |kind: &Kind| Belongs::of(kind).and_then(|place| place.section(None));
    let is_told = |kind: &&Kind| section(kind).is_none_or(|section| rights.shows(section));
    unreadable.iter().filter(is_told).cloned().collect()
}

/// Beside what it would be about; nothing where all can be read.
pub fn said(frame: &Frame, unreadable: &[Kind]) -> Markup {
    let unreadable = told(unreadable, &frame.sight.rights);
    html! {
        @if !unreadable.is_empty() {
            section class="card warned" aria-labelledby="newer" {
                h2 id="newer" { span aria-hidden="true" { "▲ " } "Written by a newer version" }
                p { "Another of the clinic’s computers runs a newer version of this program, and wrote what this one can’t read. "
                    "Nothing older counts in its place. Bring this program up to date, or use the other computer." }
                ul class="plainly" { @for kind in &unreadable { li { (named(kind)) } } }
            }
        }
    }
}

fn named(kind: &Kind) -> &'static str {
    match kind.as_str() {
        "programme" => "The programme. Until then it can’t be changed here, and no outcome counts.",
        "readiness" => "What the assessment came to. Until then no outcome counts.",
        "cost_sheet" => "Structure and costs. Until then nobody stands by them.",
        "monitoring" | "clinic_monitoring" => "Who reads what arrives, and when.",
        "support_card" | "clinic_support_card" => "The support card.",
        "reminder_rules" | "clinic_reminder_rules" => "The rules for reminders.",
        "use_questions" | "clinic_use_questions" => "The questions on use.",
        "prompt_rules" | "clinic_prompt_rules" => "The prompts for integration.",
        "medication_list" => "The list of medicines.",
        "screening" => "The screening.",
        "clinic_profile" => "What the clinic says of itself and of its server.",
        _ => "Something else.",
    }
}

#[cfg(test)]
mod tests {
    use companion_core::domain::{Content as _, Programme};

    use super::*;
    use crate::view::examples;

    #[test]
    fn what_a_newer_version_wrote_is_said_with_what_helps_and_nothing_where_all_can_be_read() {
        let mut frame = examples::frame();
        let page = said(&frame, &[Programme::KIND]).0;
        assert!(page.contains("Bring this program up to date") && page.contains("The programme."));
        assert_eq!(said(&frame, &[]).0, "");
        frame.sight.rights = Rights::default();
        assert_eq!(said(&frame, &[Programme::KIND]).0, "");
    }
}
