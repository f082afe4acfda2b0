//! A summary of structure and costs that a person can hand in: to an insurer, or to whoever runs a health savings
//! or flexible spending account. It says what was written down. It is no receipt: nothing here knows what was
//! paid, and nobody here decides what a plan pays.

use super::amount::Amount;
use super::cost_sheet::CostLine;
use super::day::Day;
use super::programme::CostReview;
use super::{CostSheet, Moment};

const ONCE: &str = "Each line says its sum once, however often it comes. How often, and what all comes to, is for the \
                    clinic to say.";

/// The summary as Markdown. `clinic` is the clinic's name as patients see it; it may be empty.
pub fn summary(sheet: &CostSheet, review: &CostReview, clinic: &str, now: Moment) -> String {
    let mut lines = vec![
        "# Structure and costs".to_owned(),
        String::new(),
        format!(
            "{}Version {} of {}. This summary was made on {}.",
            match clinic {
                "" => String::new(),
                clinic => format!("{}. ", plain(clinic)),
            },
            sheet.version,
            day(sheet.at),
            day(now)
        ),
        String::new(),
        "| What for | Provider | Paid by | HSA or FSA | Sum |".to_owned(),
        "|---|---|---|---|---|".to_owned(),
    ];
    lines.extend(sheet.lines.iter().map(|(_, line)| row(line)));
    lines.push(String::new());
    lines.push(ONCE.to_owned());
    lines.push(String::new());
    match review.of.planned {
        Some(1) => lines.push("1 session is planned in all.".to_owned()),
        Some(planned) => lines.push(format!("{planned} sessions are planned in all.")),
        None => {}
    }
    lines.push(match &review.walked_through {
        Some(one) => format!(
            "{} of the clinic went through this version with the patient on {}.",
            plain(&one.by),
            day(one.at)
        ),
        None => "The clinic has not gone through this version with the patient yet.".to_owned(),
    });
    lines.push(match &review.acknowledged {
        Some(one) => format!("{} acknowledged it on {}.", plain(&one.by), day(one.at)),
        None => "The patient has not acknowledged this version.".to_owned(),
    });
    lines.push(String::new());
    lines.push(
        "This is a summary of what was written down, and no receipt: it does not say what was paid. The clinic gives \
         receipts. Whether insurance, an HSA or an FSA pays a line is for them to say."
            .to_owned(),
    );
    lines.push(String::new());
    lines.join("\n")
}

fn row(line: &CostLine) -> String {
    let what = match line.is_medicine {
        true => format!("{} (the medicine itself)", plain(&line.label)),
        false => plain(&line.label),
    };
    let sum = line
        .amount
        .map_or_else(|| "not known yet".to_owned(), Amount::label);
    let accepted = if line.hsa_fsa { "accepted" } else { "" };
    format!(
        "| {what} | {} | {} | {accepted} | {sum} |",
        plain(&line.provider),
        line.payer.label()
    )
}

fn day(at: Moment) -> String {
    Day::of_moment(at).map_or_else(|| at.to_string(), Day::in_words)
}

/// Words as they are, and not as Markdown: a label that somebody typed makes no column, heading or link.
fn plain(words: &str) -> String {
    let mut plain = String::new();
    for letter in words.chars() {
        if letter.is_ascii_punctuation() && !",.;:'()/%+-".contains(letter) {
            plain.push('\\');
        }
        plain.push(letter);
    }
    plain
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::super::cost_sheet::Payer;
    use super::super::programme::Agreement;
    use super::super::{DocumentId, ItemId, Ordered, Revision};
    use super::*;

    const NOW: Moment = Moment::utc(1_795_465_113_123);

    fn review() -> CostReview {
        CostReview {
            of: Agreement {
                sheet: DocumentId::new([1; 16]),
                revision: Revision::default(),
                planned: None,
            },
            walked_through: None,
            acknowledged: None,
            acknowledged_another: false,
        }
    }

    fn sheet(lines: &[(&str, Option<&str>, bool)]) -> CostSheet {
        let mut all = Ordered::default();
        for (n, (label, amount, hsa_fsa)) in (1_u8..).zip(lines) {
            let line = CostLine {
                label: (*label).to_owned(),
                provider: "Harbor Clinic".to_owned(),
                payer: Payer::Cash,
                is_medicine: *label == "Ketamine",
                hsa_fsa: *hsa_fsa,
                amount: amount.map(|amount| amount.parse().unwrap()),
            };
            all.push(ItemId::new([n; 16]), line);
        }
        CostSheet {
            lines: all,
            ..CostSheet::new(NOW)
        }
    }

    #[test]
    fn a_summary_says_line_by_line_what_was_written_and_that_it_is_no_receipt() {
        let sheet = sheet(&[
            ("Session", Some("45050 USD"), true),
            ("Ketamine", Some("5000 USD"), false),
            ("Room", Some("9000 JPY"), true),
            ("Later", None, true),
        ]);
        insta::assert_snapshot!(summary(&sheet, &review(), "Harbor Clinic", NOW));
    }

    #[test]
    fn a_summary_says_how_many_sessions_both_stand_by() {
        let mut review = review();
        let said = |review: &CostReview| summary(&sheet(&[]), review, "", NOW);
        assert!(!said(&review).contains("planned in all"));
        review.of.planned = Some(6);
        assert!(said(&review).contains("6 sessions are planned in all."));
    }

    /// One visit, one session and one dose of several: what they come to is not known here.
    #[test]
    fn no_sum_is_made_of_lines_that_come_more_or_less_often() {
        let one = sheet(&[("A", Some("1 USD"), false), ("B", Some("2 USD"), false)]);
        let said = summary(&one, &review(), "", NOW);
        assert!(!said.contains("0.03") && said.contains(ONCE), "{said}");
    }

    #[test]
    fn what_somebody_typed_makes_no_table_heading_or_link() {
        let odd = sheet(&[("A | B # <b>[x](y)*_`", None, false)]);
        let said = summary(&odd, &review(), "", NOW);
        assert!(
            said.contains(r"| A \| B \# \<b\>\[x\](y)\*\_\` |"),
            "{said}"
        );
    }
}
