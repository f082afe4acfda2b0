//! What patients can write about in the days after a session: our prompts, what the clinic changed of them, and
//! its own. Our words stand beside the clinic's.

use companion_core::domain::PromptRules;
use companion_core::domain::guide::Language;
use companion_core::domain::integration_prompt::{BUNDLED, DAYS_LIMIT, DaysAfter, Words};
use companion_core::domain::prompt_rules::PromptChange;
use maud::{Markup, html};

use crate::view::form::{self, CHECKED, Form, Line};
use crate::view::frame::Frame;
use crate::view::layout::{self, NavItem};
use crate::view::name::name;
use crate::view::newer;
use crate::view::whose::{self, SetHere};

/// Whose prompts a page shows.
pub type Whose = whose::Whose<PromptRules>;

/// The fields of the form of one prompt.
pub const ONE: [&str; 4] = ["off", "from_day", "until_day", "words"];

/// One prompt as it stands.
#[derive(Clone, Debug)]
pub struct One {
    /// Its name.
    pub id: String,
    /// When it is offered, or would be.
    pub days: DaysAfter,
    /// What it says.
    pub words: String,
    /// What ours says; `None` for one of the clinic's own.
    pub ours: Option<&'static str>,
    /// Whether it is never offered.
    pub is_off: bool,
    /// What the clinic changed of it, if anything.
    pub change: Option<PromptChange>,
}

/// The words that this page shows as ours.
fn english() -> &'static Words {
    Words::of(&Language::english())
}

/// All of them under these rules: ours in their order, then the clinic's own.
pub fn all(set: Option<&PromptRules>) -> Vec<One> {
    let counting = PromptRules::prompts(set, english());
    let of_clinic = |id: &str| set.and_then(|set| set.change_of(id));
    let ours = BUNDLED.iter().map(|bundled| {
        let change = of_clinic(bundled.id);
        let words = english().prompt(bundled.id);
        let present = counting.iter().find(|it| it.id.as_str() == bundled.id);
        let reworded = change.map(|change| &*change.words);
        let reworded = reworded.filter(|words| !words.is_empty()).or(words);
        One {
            id: bundled.id.to_owned(),
            days: present.map_or(bundled.days, |present| present.days),
            words: reworded.unwrap_or_default().to_owned(),
            ours: words,
            is_off: present.is_none(),
            change: change.cloned(),
        }
    });
    let is_ours = |id: &str| BUNDLED.iter().any(|bundled| bundled.id == id);
    let own = counting.iter().filter(|it| !is_ours(it.id.as_str()));
    let own = own.map(|prompt| One {
        id: prompt.id.to_string(),
        days: prompt.days,
        words: prompt.words.clone(),
        ours: None,
        is_off: false,
        change: of_clinic(prompt.id.as_str()).cloned(),
    });
    ours.chain(own).collect()
}

/// One of them.
pub fn one(set: Option<&PromptRules>, id: &str) -> Option<One> {
    all(set).into_iter().find(|one| one.id == id)
}

/// The form of a prompt as it stands.
pub fn present(one: &One) -> Form {
    let form = Form::default()
        .with("from_day", one.days.from().to_string())
        .with("until_day", one.days.until().to_string())
        .with("words", &*one.words);
    let form = match one.is_off {
        true => form.with("off", CHECKED),
        false => form,
    };
    form.as_shown().showing(one.change.as_ref())
}

fn days(days: DaysAfter) -> String {
    match (days.from(), days.until()) {
        (1, 1) => "On the day after a session".to_owned(),
        (from, until) if from == until => format!("On day {from} after a session"),
        (from, until) => format!("Day {from} to day {until} after a session"),
    }
}

/// The page with all of them. `new` is the form of one to add.
pub fn page(frame: &Frame, whose: &Whose, new: &Form) -> Markup {
    let place = whose.address(SetHere::Prompts);
    let nav = match whose.patient {
        None => NavItem::Prompts,
        Some(_) => NavItem::Caseload,
    };
    layout::page(
        frame,
        "Prompts",
        nav,
        None,
        &html! {
            h1 { "Prompts" @if let Some((_, patient)) = &whose.patient { " of " (name(patient)) } }
            (newer::said(frame, &whose.unreadable))
            div class="intro" {
                (whose::told(frame, whose, SetHere::Prompts))
            p { "A prompt is offered in the days after a session that was held, to whoever wants to write. Nothing asks for it, and nobody is told whether it was used unless the patient shares what they wrote. "
                "Nothing is offered on the day of a session, in the quiet hours after it, before the assessment comes to ready, during a pause, and after the end." }
            }
            div class="columns" {
                section class="card" aria-labelledby="all" {
                    h2 id="all" { "What phones offer" }
                    ul class="plainly" { @for one in all(whose.set.as_ref()) { (one_of(&place, &one)) } }
                    (beside())
                }
                (add(frame, (whose, &place), new))
            }
        },
    )
}

fn one_of(place: &str, one: &One) -> Markup {
    html! {
        li {
            strong { (days(one.days)) } " "
            @if one.is_off { span class="badge calm" { span aria-hidden="true" { "× " } "off" } }
            @else if one.ours.is_none() { span class="badge calm" { "the clinic’s own" } }
            @else if one.change.is_some() { span class="badge calm" { "changed" } }
            p class="words" { (one.words) }
            @if let Some(ours) = one.ours.filter(|ours| *ours != one.words) {
                p class="quiet" { "Ours: " (ours) }
            }
            p { a href=(format!("{place}/{}", one.id)) { "Change" span class="visually-hidden" { ": " (one.words) } } }
        }
    }
}

/// What stands beside all of them, and can't be changed.
fn beside() -> Markup {
    html! {
        p class="quiet" { "Beside them each phone says: “" (english().stop_any_time) "” and “" (english().way_back) "”" }
    }
}

fn day(field: &'static str, label: &str, form: &Form) -> Markup {
    let hint = format!("1 to {DAYS_LIMIT}; the day of the session is 0.");
    let look = Line {
        name: field,
        label,
        hint: &hint,
        kind: "number",
        required: true,
        ..Line::default()
    };
    form::line(look, &form.field(field))
}

fn fields(form: &Form, hint: &str) -> Markup {
    html! {
        (day("from_day", "First day", form))
        (day("until_day", "Last day", form))
        (form::line(Line { name: "words", label: "What it says", hint, required: true, ..Line::default() }, &form.field("words")))
    }
}

fn add(frame: &Frame, (whose, place): (&Whose, &str), form: &Form) -> Markup {
    html! {
        section class="card" aria-labelledby="add" {
            h2 id="add" { "Add a prompt" }
            p { "Short, and nobody has to answer it. Ask for nobody’s worst." }
            form method="post" action=(place) data-draft=(place) {
                (whose.shown())
                (form::once(frame))
                (fields(form, "One line of at most 200 characters. It becomes the title of what is written to it."))
                (form::keeping(form.is_kept()))
                button type="submit" { "Add the prompt" }
            }
            (form::discard(place, form.is_kept()))
        }
    }
}

/// Where one prompt is changed.
pub fn one_address(whose: &Whose, one: &One) -> String {
    format!("{}/{}", whose.address(SetHere::Prompts), one.id)
}

/// The page of one prompt.
pub fn one_page(frame: &Frame, whose: &Whose, one: &One, form: &Form) -> Markup {
    let (page, place) = (whose.address(SetHere::Prompts), one_address(whose, one));
    layout::page(
        frame,
        "Change a prompt",
        NavItem::Elsewhere,
        None,
        &html! {
            section class="card narrow" {
                h1 { "Change a prompt" }
                p { a href=(page) { "Back to the prompts" @if let Some((_, patient)) = &whose.patient { " of " (name(patient)) } } }
                @if let Some(ours) = one.ours { p { "Ours: " (ours) } }
                form method="post" action=(place) data-draft=(place) {
                    (whose.shown())
                    (form::shown(&ONE, form))
                    (form::seen_before(form))
                    @if one.ours.is_some() { (form::check("off", "Never offer it", form)) }
                    (fields(form, "Left as ours, it is shown in the patient’s language. What you write is shown as you write it."))
                    (form::keeping(form.is_kept()))
                    button class="primary" type="submit" { "Save" }
                }
                (form::discard(&place, form.is_kept()))
                @if one.change.is_some() {
                    form class="part" method="post" action=(format!("{place}/back")) {
                        (whose.shown())
                        (form::seen_before(form))
                        @if one.ours.is_none() { button class="danger" type="submit" { "Remove the prompt" } }
                        @else { button type="submit" { "Back to ours" } }
                    }
                }
            }
        },
    )
}
