//! What stands around every page: head, clinic, navigation, the live region, the footer.

use maud::{DOCTYPE, Markup, html};

use crate::accounts::Area;
use crate::view::frame::{Exchange, Frame, Notice, Refusal};
use crate::view::name::name;
use crate::view::sentence::sentence;
use crate::view::time;
use crate::web::assets;

/// Which item of the navigation a page belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NavItem {
    /// The caseload and what is reached from it.
    Caseload,
    /// The form that invites a patient.
    Invite,
    /// What is set for the safety of all patients.
    Safety,
    /// What phones remind of.
    Reminders,
    /// Prompts for integration.
    Prompts,
    /// What patients read.
    Guides,
    /// The questions on use.
    Questions,
    /// Who works here, and what each role may do.
    People,
    /// None of these.
    Elsewhere,
}

/// htmx without injected styles, without touching what a reader unfolded, and leaving the page as
/// it is when the console itself failed: `live.js` says so instead.
const HTMX: &str = r#"{"includeIndicatorCSS":false,"morphIgnore":["data-htmx-powered","open"],"noSwap":[204,304,"5xx"]}"#;

/// A whole page. `live` is what the page is about (`caseload`, a patient's id) if it should be
/// refreshed when something arrives.
pub fn page(
    frame: &Frame,
    title: &str,
    item: NavItem,
    live: Option<&Live>,
    main: &Markup,
) -> Markup {
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                meta name="htmx-config" content=(HTMX);
                title { (title) " · " (frame.clinic) }
                link rel="icon" type="image/svg+xml" href=(assets::MARK.path);
                link rel="stylesheet" href=(assets::STYLE.path);
                script src=(assets::HTMX.path) defer {}
                script src=(assets::LIVE.path) defer {}
            }
            body {
                a class="skip" href="#main" { "Skip to the page" }
                (top(frame, item))
                div id="notice" {
                    @match &frame.notice {
                        Some(Notice::Done(sentence)) => p class="notice" { span aria-hidden="true" { "✓ " } (sentence) },
                        Some(Notice::Refused(refusal)) => (refused(refusal)),
                        None => {},
                    }
                }
                main id="main" tabindex="-1" { (for_this_reader(frame, main)) }
                p id="announce" class="announce" role="status" aria-live="polite" {}
                @if frame.viewer.is_some() { (ending()) }
                @if let (Some(live), Some(_)) = (live, &frame.viewer) {
                    div id="live" hidden data-about=(live.about) hx-get=(live.path)
                        hx-trigger="console-refresh" hx-target="#main" hx-select="#main"
                        hx-select-oob="#exchange:outerMorph" hx-swap="outerMorph" hx-headers=r#"{"Console-Live":"1"}"# {}
                }
                (bottom(frame))
            }
        }
    }
}

/// The page as it is for whoever reads it: with its forms out of use where they may read it and not change it.
fn for_this_reader(frame: &Frame, main: &Markup) -> Markup {
    let sight = &frame.sight;
    let is_locked = sight
        .area
        .is_some_and(|area| !sight.rights.may_change(area));
    html! {
        @if is_locked {
            p class="notice calm" { "As a " (sight.role.label()) " you may read this page and not change it." }
            fieldset class="read-only" disabled { (main) }
        } @else { (main) }
    }
}

/// Why a form was not done, above the form with what was typed.
fn refused(Refusal { heading, text, way }: &Refusal) -> Markup {
    html! {
        p class="notice refused" role="alert" {
            strong { span aria-hidden="true" { "! " } (heading) "." } " " (text)
            " What you typed stands in the form."
            @if let Some(way) = way { " " a href=(way.to) { (way.words) } }
        }
    }
}

/// Says that the session is about to end, and how to stay. `live.js` shows it when the console says so.
fn ending() -> Markup {
    html! {
        div id="ending" class="ending" role="alert" hidden {
            p data-can-stay hidden { "You will be signed out within two minutes, because nothing has come from you for a while. "
                "Words in a form are kept for you." }
            p data-cannot-stay hidden { "You will be signed out within two minutes: twelve hours are over. "
                "Words in a form are kept for you. Sign in again to go on." }
            button id="stay" class="primary" type="button" { "Stay signed in" }
        }
    }
}

/// What a page shows live.
#[derive(Clone, Debug)]
pub struct Live {
    /// `caseload`, or the id of the patient that the page is about.
    pub about: String,
    /// Where the same page is fetched again.
    pub path: String,
}

fn top(frame: &Frame, item: NavItem) -> Markup {
    html! {
        header class="top" {
            div class="bar" {
                @if let Some(viewer) = &frame.viewer {
                    a class="clinic" href="/" {
                        img src=(assets::MARK.path) alt="" width="24" height="24";
                        span { (frame.clinic) }
                    }
                    nav aria-label="Main" {
                        a href="/" aria-current=[(item == NavItem::Caseload).then_some("true")] { "Caseload" }
                        @let may = |area| frame.sight.rights.may_read(area);
                        @if may(Area::Register) {
                        a href="/invite" aria-current=[(item == NavItem::Invite).then_some("true")] { "Invite a patient" }
                        }
                        @if may(Area::Settings) {
                        a href="/safety" aria-current=[(item == NavItem::Safety).then_some("true")] { "Safety" }
                        a href="/reminders" aria-current=[(item == NavItem::Reminders).then_some("true")] { "Reminders" }
                        a href="/prompts" aria-current=[(item == NavItem::Prompts).then_some("true")] { "Prompts" }
                        a href="/guides" aria-current=[(item == NavItem::Guides).then_some("true")] { "Guides" }
                        a href="/questions" aria-current=[(item == NavItem::Questions).then_some("true")] { "Questions" }
                        }
                        @if may(Area::People) {
                        a href="/people" aria-current=[(item == NavItem::People).then_some("true")] { "People" }
                        }
                    }
                    div class="who" {
                        span class="viewer" { span class="visually-hidden" { "Signed in as " } (name(viewer)) }
                        form method="post" action="/sign-out" {
                            button class="plain" type="submit" { "Sign out" }
                        }
                    }
                } @else {
                    span class="clinic" {
                        img src=(assets::MARK.path) alt="" width="24" height="24";
                        span { (frame.clinic) }
                    }
                }
            }
        }
    }
}

fn bottom(frame: &Frame) -> Markup {
    html! {
        footer class="bottom" {
            @if frame.viewer.is_some() {
                p id="exchange" class="exchange" { (exchange(&frame.exchange, frame)) }
                p { "Nobody watches these pages round the clock, and the patients’ phones tell them so. "
                    "Agree with each patient what to do in an emergency." }
            }
        }
    }
}

fn exchange(exchange: &Exchange, frame: &Frame) -> Markup {
    html! {
        @match exchange {
            Exchange::NotYet => {
                span class="sign" aria-hidden="true" { "…" } " Not yet checked with the sync server since the console started."
            }
            Exchange::Current { at } => {
                span class="sign" aria-hidden="true" { "✓" } " Last checked with the sync server " (time::at(*at, frame.now)) "."
            }
            Exchange::Partial { at, why } => {
                strong { span class="sign" aria-hidden="true" { "!" } " Not everything was exchanged with the sync server " (time::at(*at, frame.now)) "." }
                " " (sentence(why)) " What is missing is tried again every minute."
            }
            Exchange::Failed { why, last } => {
                strong { span class="sign" aria-hidden="true" { "!" } " " (sentence(why)) }
                " These pages show what arrived before"
                @if let Some(last) = last { " (last checked " (time::at(*last, frame.now)) ")" }
                ". Replies are kept and sent later."
            }
        }
    }
}
