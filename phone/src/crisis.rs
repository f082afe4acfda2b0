//! Where to find help right now. Works offline, unpaired, and without opening the record: a missing or wrong
//! key or a damaged store must never stand between a person and these lines. What they say stands in the
//! core: in the card that is part of the program, and in the copy that the core keeps beside a record.

use companion_core::domain::Moment;
use companion_core::domain::day::Day;
use companion_core::domain::safety_plan::PlanLine;
use companion_core::domain::support_card::{LineKind, SupportLine, UNITED_STATES};
use companion_core::domain::unlocked::UnlockedHelp;
use serde_json::{Value, json};

use crate::format;

/// The one line under whatever a person writes.
pub(crate) const POINTER: &str =
    "Nobody watches this around the clock. Help right now: 988 or 911 (US), or `phone crisis`.";

/// The day on which a card was checked, as people read it.
fn checked(on: &str) -> String {
    on.parse().map_or_else(|_| on.to_owned(), Day::in_words)
}

/// What is known without the record's key as a page, with sources and dates.
pub(crate) fn page(help: &UnlockedHelp) -> String {
    let mut page = String::from(
        "If you are in danger or think about ending your life, talk to somebody now.\n\n",
    );
    for help in &help.lines {
        page.push_str(&line(help));
        page.push('\n');
    }
    if !help.people.is_empty() {
        page.push_str("\nFrom your safety plan:\n");
    }
    for one in &help.people {
        page.push_str(&person(one));
        page.push('\n');
    }
    let card = &UNITED_STATES;
    page.push_str(&format!(
        "\n988 and 911 are for {}. Elsewhere, call your local emergency number.\n\
         Nobody watches this app around the clock: do not wait for an answer here.\n\n\
         Source: {}. Checked {}.",
        card.region_name,
        card.source,
        checked(card.checked_on)
    ));
    if let Some(at) = help.card_at {
        page.push_str(&format!(
            "\nThe other numbers are kept on this phone, as they were given on {}.",
            format::day_of(at)
        ));
    }
    if let Some(at) = help.kept_at.filter(|_| !help.people.is_empty()) {
        page.push_str(&format!(
            "\nThe lines of your safety plan are of {}.",
            format::day_of(at)
        ));
    }
    page
}

/// The same for a program.
pub(crate) fn as_value(help: &UnlockedHelp) -> Value {
    let at = |moment: Option<Moment>| moment.map(|at| at.to_string());
    let lines = help
        .lines
        .iter()
        .map(|line| json!({"label": line.label, "number": line.number, "how": line.how.as_str()}));
    let people = help
        .people
        .iter()
        .map(|one| json!({"text": one.text, "number": one.number}));
    json!({
        "help": lines.collect::<Vec<_>>(),
        "people": people.collect::<Vec<_>>(),
        "card_at": at(help.card_at),
        "kept_at": at(help.kept_at),
        "bundled": {"source": UNITED_STATES.source, "checked_on": UNITED_STATES.checked_on},
    })
}

fn person(one: &PlanLine) -> String {
    let how = match &*one.number {
        "" => String::new(),
        number => format!("Call {number}"),
    };
    format!("  {how:<21} {}", one.text)
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
    format!("  {how:<21} {}", help.label)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_and_the_line_under_what_is_written_name_what_the_card_does() {
        let page = page(&UnlockedHelp::bundled());
        for line in UNITED_STATES
            .lines()
            .filter(|line| line.how == LineKind::Call)
        {
            assert!(page.contains(&format!("Call {}", line.number)), "{page}");
            assert!(POINTER.contains(&line.number), "{}", line.number);
        }
    }
}
