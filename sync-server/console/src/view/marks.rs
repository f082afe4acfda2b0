//! What the care team noted about something: reviewed, talked about, opened; and what stands in the way
//! of believing it: another wording, a wrong clock, a change since.

use companion_core::clinic::Shared;
use companion_core::domain::{ReadReceipt, Revision, Visibility};
use maud::{Markup, html};

use crate::view::form;
use crate::view::frame::Frame;
use crate::view::name::name;
use crate::view::time;

/// Who something is meant for, as far as a clinic can see it. One that should never have come here
/// counts as the ordinary one: it was sealed to the clinic, so hiding it would only hide the fault. `None`
/// is of a kind that stands in the shared record always.
pub const fn scope(visibility: Option<Visibility>) -> &'static str {
    match visibility {
        Some(Visibility::TalkInSession) => "Wants to talk about it in session",
        Some(Visibility::CareTeam | Visibility::OnlyMe) => "Shared with the care team",
        None => "Part of the shared record",
    }
}

/// The small marks of something, as they stand in a timeline and over its page.
pub fn badges<T>(frame: &Frame, shared: &Shared<T>) -> Markup {
    html! {
        @if shared.is_new { span class="badge unread" { span aria-hidden="true" { "● " } "New" } }
        @if shared.is_to_talk_about {
            span class="badge talk" { span aria-hidden="true" { "◖ " } (scope(Some(Visibility::TalkInSession))) }
        }
        @if !shared.view.apart.is_empty() {
            span class="badge act" { span aria-hidden="true" { "≠ " } "In two wordings" }
        }
        @if let Some(review) = &shared.changed_since_review {
            span class="badge act" { span aria-hidden="true" { "↻ " } "Changed since " (name(&review.by)) "’s review "
                (time::at(review.at, frame.now)) }
        }
        @if shared.view.clock_ahead {
            span class="badge calm" { span aria-hidden="true" { "◷ " } "The phone’s clock was ahead" }
        }
        @if shared.talked_about.is_some() {
            span class="badge done" { span aria-hidden="true" { "✓ " } "Talked about" }
        }
        @if shared.review.is_some() {
            span class="badge done" { span aria-hidden="true" { "✓ " } "Reviewed" }
        }
    }
}

/// A button that stands for a mark of the care team's. It keeps its id and place whichever way it
/// stands, so that focus stays on it, and names the version that is shown: a mark is for what somebody
/// read.
struct Mark<'a> {
    id: &'a str,
    /// The last word of the form's address, and the name of its field.
    word: &'a str,
    /// What the button says to make the mark, and when it stands.
    labels: (&'a str, &'a str),
    is_made: bool,
    beside: Markup,
}

impl Mark<'_> {
    fn draw(&self, address: &str, revision: &Revision) -> Markup {
        let to = format!("{address}/{}", self.word);
        html! {
            form class="review-form" method="post" action=(to)
                hx-post=(to) hx-target="#main" hx-select="#main" hx-select-oob="#notice:outerMorph,#exchange:outerMorph" hx-swap="outerMorph" {
                input type="hidden" name=(self.word) value=(if self.is_made { "no" } else { "yes" });
                (form::revision(revision))
                button id=(self.id) type="submit" class=(if self.is_made { "pressed" } else { "primary" }) {
                    @if self.is_made { span aria-hidden="true" { "✓ " } (self.labels.1) span class="undo" { " · take back" } }
                    @else { span aria-hidden="true" { "○ " } (self.labels.0) }
                }
                span class="quiet" { (self.beside) }
            }
        }
    }
}

/// The mark that it needs no more attention.
pub fn review<T>(frame: &Frame, shared: &Shared<T>, address: &str) -> Markup {
    let beside = html! {
        @if let Some(review) = &shared.review {
            "by " (name(&review.by)) ", " (time::at(review.at, frame.now))
        } @else if let Some(earlier) = &shared.changed_since_review {
            "Changed since it was reviewed by " (name(&earlier.by)) ", " (time::at(earlier.at, frame.now)) "."
        } @else {
            "Marks it for the whole care team. The patient does not see this."
        }
    };
    let mark = Mark {
        id: "review",
        word: "reviewed",
        labels: ("Mark reviewed", "Reviewed"),
        is_made: shared.review.is_some(),
        beside,
    };
    mark.draw(address, &shared.view.revision)
}

/// The note that it was talked about, where the patient wants that.
pub fn talk<T>(
    frame: &Frame,
    shared: &Shared<T>,
    visibility: Option<Visibility>,
    address: &str,
) -> Markup {
    if visibility != Some(Visibility::TalkInSession) && shared.talked_about.is_none() {
        return Markup::default();
    }
    let beside = html! {
        @if let Some(talk) = &shared.talked_about {
            "by " (name(&talk.by)) ", " (time::at(talk.at, frame.now))
        } @else {
            "It stands on the caseload until somebody presses this, also after it was reviewed."
        }
    };
    let mark = Mark {
        id: "talk",
        word: "talked",
        labels: ("Mark talked about", "Talked about"),
        is_made: shared.talked_about.is_some(),
        beside,
    };
    mark.draw(address, &shared.view.revision)
}

/// Who opened it, in which version.
pub fn opened<T>(frame: &Frame, shared: &Shared<T>, receipts: &[ReadReceipt]) -> Markup {
    let revision = &shared.view.revision;
    let (these, earlier): (Vec<&ReadReceipt>, Vec<&ReadReceipt>) = receipts
        .iter()
        .partition(|receipt| receipt.revision == *revision);
    html! {
        @if !these.is_empty() {
            p class="quiet" { "Opened by " (names(frame, &these)) ". The patient’s phone says so once it has synced." }
        }
        @if !earlier.is_empty() {
            p class="quiet" { "An earlier version was opened by " (names(frame, &earlier)) "." }
        }
    }
}

fn names(frame: &Frame, receipts: &[&ReadReceipt]) -> Markup {
    html! {
        @for (index, receipt) in receipts.iter().enumerate() {
            @if index > 0 { "; " }
            (name(&receipt.by)) " " (time::at(receipt.at, frame.now))
        }
    }
}
