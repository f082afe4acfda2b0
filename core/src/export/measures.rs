//! Answers to measures, to read: each question in its words with the answer that was chosen.

use super::fields::{line, time};
use crate::domain::Response;
use crate::domain::measure::{Answers, Item, ItemState};
use crate::records::Taken;

/// All of them, oldest first.
pub(super) fn page(taken: &[Taken]) -> String {
    let mut text =
        "# Measures\n\nA total is a number to talk about, and no diagnosis.\n".to_owned();
    let responses: Vec<Response> = taken.iter().filter_map(Taken::read::<Response>).collect();
    if responses.is_empty() {
        text.push_str("\nNo answer to a measure.\n");
    }
    for response in responses {
        text.push_str(&format!(
            "\n## {}, {}\n\n*{}{}*\n\n",
            name(&response),
            time(response.answered_at()),
            response.visibility.label(),
            match response.finished_at {
                Some(_) => "",
                None => " · not finished",
            }
        ));
        answered(&response, &mut text);
    }
    text
}

/// What was answered, question by question.
pub(super) fn answered(response: &Response, text: &mut String) {
    match response.read() {
        Ok(answers) => known(response, &answers, text),
        Err(_) => {
            for (item, value) in response.answers.written() {
                text.push_str(&format!("- {}: {}\n", line(item), line(&value.to_string())));
            }
        }
    }
}

/// What the measure is called.
pub(super) fn name(response: &Response) -> String {
    match response.instrument() {
        Ok(instrument) => instrument.short_name.to_owned(),
        Err(_) => line(response.measure.as_str()),
    }
}

fn known(response: &Response, answers: &Answers<'_>, text: &mut String) {
    let instrument = answers.instrument();
    for item in instrument.items {
        text.push_str(&format!(
            "{}. {}\n   **{}**\n",
            item.number,
            item.text,
            answer(answers, item)
        ));
    }
    match response.score() {
        Ok(score) => text.push_str(&format!(
            "\nTotal: {} of {}.\n",
            score.total(),
            instrument.most()
        )),
        Err(why) => text.push_str(&format!("\nNo total; {why}.\n")),
    }
    text.push_str(&format!("\n{}\n", instrument.permission.notice));
}

fn answer(answers: &Answers<'_>, item: &Item) -> String {
    match answers.state(item) {
        ItemState::Apart(_) => {
            format!(
                "answered differently in two places: {}",
                answers.words_apart(item)
            )
        }
        ItemState::Open => "not reached".to_owned(),
        ItemState::Skipped => "skipped".to_owned(),
        ItemState::Answered(points) => item
            .choice(points)
            .map_or_else(|| points.to_string(), |choice| choice.text.to_owned()),
        ItemState::Unreadable => "an answer that this measure does not offer".to_owned(),
    }
}
