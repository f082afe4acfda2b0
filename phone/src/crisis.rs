//! Where to find help right now. Works offline, unpaired, and without opening the record: a wrong
//! key or a damaged store must never stand between a person and these lines. What they say stands in the
//! core, in the card that is part of the program.

use companion_core::domain::support_card::{LineKind, UNITED_STATES, lines_to_show};

/// The one line under whatever a person writes.
pub(crate) const POINTER: &str =
    "Nobody watches this around the clock. Help right now: 988 or 911 (US), or `phone crisis`.";

/// The bundled card as a page, with its source and date.
pub(crate) fn page() -> String {
    let mut page = String::from(
        "If you are in danger or think about ending your life, talk to somebody now.\n\n",
    );
    for line in lines_to_show(None) {
        let how = match line.how {
            LineKind::Call => format!("Call {}", line.number),
            LineKind::Text => format!("Text {}", line.number),
            LineKind::Web | LineKind::Other(_) => {
                let address = line.number.strip_prefix("https://");
                address.unwrap_or(&line.number).to_owned()
            }
        };
        page.push_str(&format!("  {how:<18} {}\n", line.label));
    }
    let card = &UNITED_STATES;
    page.push_str(&format!(
        "\nThese are for {}. Elsewhere, call your local emergency number.\n\
         Nobody watches this app around the clock: do not wait for an answer here.\n\n\
         Source: {}. Checked {}.",
        card.region_name, card.source, card.checked_on
    ));
    page
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_and_the_line_under_what_is_written_name_what_the_card_does() {
        let page = page();
        for line in UNITED_STATES
            .lines()
            .filter(|line| line.how == LineKind::Call)
        {
            assert!(page.contains(&format!("Call {}", line.number)), "{page}");
            assert!(POINTER.contains(&line.number), "{}", line.number);
        }
    }
}
