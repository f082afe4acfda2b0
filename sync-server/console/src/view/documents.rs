//! What a patient shared and keeps up to date: the safety plan, medicines, the assessment, goals. It stands
//! together and not in the timeline, where it would sink.

use companion_core::clinic::Shared;
use companion_core::domain::DocumentId;
use maud::{Markup, html};

use crate::view::frame::Frame;
use crate::view::shelf::{Shelf, Thing};
use crate::view::timeline;

/// What stands on one shelf, newest first.
#[derive(Clone, Debug)]
pub struct Documents {
    /// Which shelf.
    pub shelf: Shelf,
    /// The newest of it.
    pub items: Vec<Shared<Thing>>,
    /// How many there are in all.
    pub all: u64,
}

/// The part of a patient's page.
pub fn draw(frame: &Frame, patient: DocumentId, documents: &[Documents]) -> Markup {
    html! {
        section class="card" aria-labelledby="documents" {
            h2 id="documents" { "Documents" }
            @if documents.iter().all(|shelf| shelf.items.is_empty()) {
                @if frame.sight.is_partial() { p class="quiet" { "Nothing here is shown to your role." } }
                @else { p class="quiet" { "No safety plan, medicines, assessment or goals are shared." } }
            }
            @for shelf in documents.iter().filter(|shelf| !shelf.items.is_empty()) {
                div class="part" {
                    h3 { (shelf.shelf.many()) }
                    ol class="items" {
                        @for one in &shelf.items { (timeline::shared_line(frame, patient, one)) }
                    }
                    @let shown = shelf.items.len() as u64;
                    @if shelf.all > shown { p class="quiet" { (shelf.all - shown) " older: open one and go on from there." } }
                }
            }
        }
    }
}
