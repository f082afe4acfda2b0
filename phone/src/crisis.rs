//! Where to find help right now. Works offline, unpaired, and without opening the record: a wrong
//! key or a damaged store must never stand between a person and these lines. What they say stands in the
//! core, in the card that is part of the program.

use companion_core::domain::support_card::{LineKind, SupportLine, UNITED_STATES, lines_to_show};

/// The one line under whatever a person writes.
pub(crate) const POINTER: &str =
    "Nobody watches this around the clock. Help right now: 988 or 911 (US), or `phone crisis`.";

/// The bundled card as a page, with its source and date.
pub(crate) fn page() -> String {
    let mut page = String::from(
        "If you are in danger or think about ending your life, talk to somebody now.\n\n",
    );
    for help in lines_to_show(None) {
        page.push_str(&line(&help));
        page.push('\n');
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

/// One line of a card: how to reach somebody, and whom.
pub(crate) fn line(help: &SupportLine) -> String {
    let how = match help.how {
        LineKind::Call => format!("Call {}", help.number),
        LineKind::Text => format!("Text {}", help.number),
        LineKind::Web | LineKind::Other(_) => {
            let address = help.number.strip_prefix("https://");
            address.unwrap_or(&help.number).to_owned()
        }
    };
    format!("  {how:<18} {}", help.label)
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
