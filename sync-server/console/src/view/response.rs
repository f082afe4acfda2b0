//! What a patient answered to a measure: each question in its exact words with the answer that was chosen,
//! the total where there is one, and how it stands to an earlier one. Facts with their sources, and no verdict.

use companion_core::clinic::Measured;
use companion_core::domain::Response;
use companion_core::domain::measure::{
    Answers, Asked, Fact, HarmAnswer, Instrument, Item, ItemState, NoTotal, Points, ReliableChange,
    Score, Source, Spread, Standing, Threshold, caseness, meaningful_change, reliable_change,
    remission, response_to_treatment,
};
use maud::{Markup, html};

use crate::view::frame::Frame;
use crate::view::time;

/// The total in a line, or that there is none; and what was said about thoughts of death.
pub fn in_a_line(response: &Response) -> Markup {
    let Ok(answers) = response.read() else {
        return html! { p class="quiet" { "This version of the console does not know the measure." } };
    };
    html! {
        p {
            @match answers.total() {
                Ok(score) => (total(&score)),
                Err(NoTotal::NotMade(_)) => (each_by_itself(&answers)),
                Err(NoTotal::Incomplete(missing)) => { "No total: " (missing) "." }
                Err(why @ NoTotal::OverTooLong) => { "No total: " (why) "." }
            }
        }
        @if let Some(harm) = answers.harm() {
            @if says_something(harm) {
                p class="signs" { span class="badge act" { span aria-hidden="true" { "! " }
                    (asked(harm)) ": " (state_of(&answers, harm)) } }
            }
        }
    }
}

/// The page of a response. `measured` says how it stands to the baseline.
pub fn draw(frame: &Frame, response: &Response, measured: Option<&Measured>) -> Markup {
    let Ok(answers) = response.read() else {
        return unknown(response);
    };
    let Ok(instrument) = response.instrument() else {
        return unknown(response);
    };
    html! {
        p { (instrument.name) ", version " (response.version) ". It asks about " (instrument.recall.label()) "." }
        @if response.finished_at.is_none() {
            p class="quiet" { "The patient has not said that this is all. They can go on with it." }
        }
        @if let Some(harm) = answers.harm() { (harm_answer(&answers, harm)) }
        (totals(frame, instrument, &answers, measured))
        section class="part" aria-labelledby="answers" {
            h2 id="answers" { "Answers" }
            p class="quiet" { (instrument.instructions) }
            @if let Some(stem) = instrument.stem { p class="quiet" { (stem) } }
            ol class="questions" {
                @for item in instrument.items { (question(&answers, item)) }
            }
        }
        p class="quiet" { (instrument.permission.notice) }
    }
}

/// What is written down, as it is: a newer version may know more.
fn unknown(response: &Response) -> Markup {
    html! {
        p { "This version of the console does not know the measure " span dir="auto" { (response.measure) } " in version "
            (response.version) ". These are the answers as they were kept, without their questions:" }
        ul class="plainly" {
            @for (item, value) in response.answers.written() {
                li dir="auto" { (item) ": " (value.as_str().map_or_else(|| value.to_string(), str::to_owned)) }
            }
        }
    }
}

fn question(answers: &Answers<'_>, item: &Item) -> Markup {
    html! {
        li value=(item.number) {
            p { (item.text) }
            p {
                strong { (answer(answers, item)) }
                @if let ItemState::Answered(points) = answers.state(item) {
                    @match item.asked {
                        Asked::ForTheTotal => span class="quiet" { " · counts " (u16::from(points)) },
                        Asked::BesideIfAnyProblem => span class="quiet" { " · not part of the total" },
                        Asked::OnItsOwn => {},
                    }
                }
            }
        }
    }
}

fn answer(answers: &Answers<'_>, item: &Item) -> String {
    match answers.state(item) {
        ItemState::Apart(_) => {
            format!(
                "Answered differently on two phones: {}",
                answers.words_apart(item)
            )
        }
        ItemState::Open => "Not reached".to_owned(),
        ItemState::Skipped => "Skipped: the patient chose not to answer".to_owned(),
        ItemState::Answered(points) => item
            .choice(points)
            .map_or_else(String::new, |choice| choice.text.to_owned()),
        ItemState::Unreadable => "An answer that this measure does not offer".to_owned(),
    }
}

fn says_something(harm: HarmAnswer) -> bool {
    !matches!(harm.state, ItemState::Answered(Points(0)))
}

fn asked(harm: HarmAnswer) -> String {
    format!(
        "Item {}, about thoughts of death or of hurting oneself",
        harm.item
    )
}

fn state_of(answers: &Answers<'_>, harm: HarmAnswer) -> String {
    let item = answers.instrument().item(harm.item);
    item.map_or_else(String::new, |item| answer(answers, item))
}

fn harm_answer(answers: &Answers<'_>, harm: HarmAnswer) -> Markup {
    html! {
        div class=(if says_something(harm) { "stands-out" } else { "part" }) {
            p { strong {
                @if says_something(harm) { span aria-hidden="true" { "! " } }
                (asked(harm)) ": " (state_of(answers, harm)) } }
        }
    }
}

/// The answers in a line, by the numbers of their questions.
fn each_by_itself(answers: &Answers<'_>) -> Markup {
    let all: Vec<String> = answers
        .instrument()
        .questions()
        .map(|item| match answers.state(item) {
            ItemState::Answered(points) => format!("{}: {points}", item.number),
            ItemState::Open | ItemState::Skipped => format!("{}: –", item.number),
            ItemState::Apart(_) | ItemState::Unreadable => format!("{}: ?", item.number),
        })
        .collect();
    html! { "Answers by question: " strong { (all.join(" · ")) } }
}

fn total(score: &Score) -> Markup {
    let instrument = score.instrument();
    html! {
        strong { "Total " (score.total()) " of " (instrument.most()) }
        @if let Some(band) = instrument.band(score.total()) { " · " (band.name) }
    }
}

fn totals(
    frame: &Frame,
    instrument: &Instrument,
    answers: &Answers<'_>,
    measured: Option<&Measured>,
) -> Markup {
    html! {
        section class="part" aria-labelledby="total" {
            h2 id="total" { "Total" }
            @match answers.total() {
                Err(NoTotal::NotMade(_)) => p { "No total is made of this measure: each question stands for itself." },
                Err(NoTotal::Incomplete(missing)) => p { "No total: " (missing) ". Nothing is filled in for what was not answered." },
                Err(why @ NoTotal::OverTooLong) => p { "No total: " (why) "." },
                Ok(score) => {
                    p { (total(&score))
                        @if let (Some(_), Some(source)) = (instrument.band(score.total()), instrument.bands_source) {
                            " " (cited(source)) } }
                    @if let Some(screen) = caseness(&score) { (on_the_screen(instrument, screen)) }
                    @if let Some(low) = remission(&score) { @if low.is {
                        p { "As low as what is called remission. " (cited(low.source)) } } }
                    @if let Some(measured) = measured { (compared(frame, measured)) }
                }
            }
        }
    }
}

/// Where the total stands to a screen: the number that was published, and no diagnosis.
fn on_the_screen(instrument: &Instrument, screen: Fact<Standing>) -> Markup {
    let Some(published) = instrument.thresholds.caseness else {
        return Markup::default();
    };
    let cut = points(published.is);
    html! {
        p { @match screen.is {
                Standing::Reached => { "At or above " (cut) ", from where the screen counts as positive. It is no diagnosis. " }
                Standing::Between => { "At or above some of the published numbers (" (cut) ") from where the screen counts as positive. It is no diagnosis. " }
                Standing::Below => { "Below " (cut) ", from where the screen counts as positive. " }
            }
            (cited(screen.source)) }
    }
}

fn compared(frame: &Frame, measured: &Measured) -> Markup {
    let Some(change) = &measured.change else {
        return html! {
            @match (&measured.taken, &measured.baseline) {
                (Some(own), Some(baseline)) if own.response == baseline.response =>
                    p { "This is the baseline: later totals are compared with it." },
                _ => p { "There is no baseline to compare with: no complete answer that was shared is from before the first session." },
            }
        };
    };
    let (instrument, from) = (change.latest().instrument(), change.baseline().total());
    let at = measured.baseline.map(|baseline| baseline.at);
    html! {
        p { "The baseline is " (from) @if let Some(at) = at { " (" (time::at(at, frame.now)) ")" } ". " (difference(change.points())) }
        ul class="plainly" {
            @if let (Some(reliable), Some(published)) = (reliable_change(change), instrument.thresholds.reliable_change) {
                li { (reliably(reliable.is, published.is)) " " (cited(reliable.source)) }
            }
            @if let (Some(noticed), Some(published)) = (meaningful_change(change), instrument.thresholds.meaningful_change) {
                li { (noticeably(noticed.is, published.is)) " " (cited(noticed.source)) }
            }
            @if let (Some(response), Some(percent)) = (response_to_treatment(change), instrument.thresholds.response_percent) {
                li { @if response.is { "Lower by at least " } @else { "Not lower by " } (percent.is) " % of the baseline, which is called a response. " (cited(response.source)) }
            }
        }
    }
}

fn difference(points: i32) -> String {
    let size = u64::from(points.unsigned_abs());
    let counted = time::count(size, "point", "points");
    match points {
        0 => "This total is the same.".to_owned(),
        ..0 => format!("This total is {counted} lower."),
        _ => format!("This total is {counted} higher."),
    }
}

fn reliably(change: ReliableChange, published: Threshold) -> Markup {
    let cut = points(published);
    html! {
        @match change {
            ReliableChange::Within => { "Within the error of the measure: a reliable change is " (cut) " points or more." }
            ReliableChange::Fell | ReliableChange::Rose => { "More than the error of the measure: a reliable change is " (cut) " points or more." }
            ReliableChange::FellBySome | ReliableChange::RoseBySome => {
                "A reliable change by some of the published numbers (" (cut) " points), and not by all." }
        }
    }
}

fn noticeably(standing: Standing, published: Threshold) -> Markup {
    let cut = points(published);
    html! {
        @match standing {
            Standing::Below => { "Less than the " (cut) " points that people notice." }
            Standing::Between => { "As much as some of the published numbers of points that people notice (" (cut) ")." }
            Standing::Reached => { "As much as the " (cut) " points that people notice, or more." }
        }
    }
}

/// A cut as it was published: one number, or several with the reason.
fn points(published: Threshold) -> String {
    let Threshold {
        least,
        most,
        spread,
    } = published;
    match spread {
        Spread::None => least.to_string(),
        Spread::SourcesDiffer => format!("{least} to {most}, as sources differ"),
        Spread::BySex => format!("{least} for women and {most} for men"),
    }
}

fn cited(source: Source) -> Markup {
    html! { cite class="quiet" { "(" (source.cited) ")" } }
}
