//! The page of somebody's calendar feed.

use maud::{Markup, html};

use crate::accounts::{Feed, FeedOf};
use crate::view::frame::Frame;
use crate::view::layout::{self, NavItem};
use crate::view::time;

/// Where it is.
pub const PAGE: &str = "/calendar";

/// The page; with the address of a feed that was just made.
pub fn page(frame: &Frame, feed: Option<Feed>, made: Option<&str>) -> Markup {
    layout::page(
        frame,
        "Calendar feed",
        NavItem::Elsewhere,
        None,
        &html! {
            div class="intro" {
                h1 { "Calendar feed" }
                p { "Your own calendar can fetch the times of sessions and visits from here. It reads that there is an appointment, from when to when: "
                    "no name, no place, and nothing of the programme." }
            }
            @if let Some(address) = made {
                section class="card" aria-labelledby="made" {
                    h2 id="made" { "Your new address" }
                    p { "Add this address to your calendar as a subscription. It is shown this once: copy it now. Whoever has it reads the same times." }
                    p { code { (address) } }
                }
            }
            section class="card" aria-labelledby="feed" {
                h2 id="feed" { "Your feed" }
                @match feed {
                    None => p { "You have none." },
                    Some(feed) => {
                        p { (said(feed.of)) " Made " (time::at(frame.here(feed.made_ms), frame.now)) ". "
                            @match feed.fetched_ms {
                                Some(at) => { "Last fetched " (time::at(frame.here(at), frame.now)) "." }
                                None => "No calendar has fetched it yet.",
                            }
                        }
                        form method="post" action=(format!("{PAGE}/revoke")) {
                            button type="submit" { "Take it back" }
                        }
                    }
                }
            }
            section class="card" aria-labelledby="make" {
                h2 id="make" { @if feed.is_some() { "Make a new one" } @else { "Make one" } }
                @if feed.is_some() { p { "The address that you have now then leads nowhere." } }
                @for of in [FeedOf::Own, FeedOf::All] {
                    form class="inline" method="post" action=(PAGE) {
                        input type="hidden" name="of" value=(of.as_str());
                        button type="submit" { (button(of)) }
                    }
                }
                p class="hint" { "An appointment names you where your name stands in it just as you sign in." }
            }
        },
    )
}

const fn said(of: FeedOf) -> &'static str {
    match of {
        FeedOf::Own => "It has the appointments that name you.",
        FeedOf::All => "It has the appointments of all patients.",
    }
}

const fn button(of: FeedOf) -> &'static str {
    match of {
        FeedOf::Own => "With the appointments that name me",
        FeedOf::All => "With all appointments",
    }
}
