//! A patient's timeline: everything that was shared and answered, a page of it at a time.

use companion_core::clinic::Shared;
use companion_core::domain::{CheckIn, DocumentId, DosingSession, Entry, Rating, Reply, Scale};
use companion_core::ports::Moment;
use companion_core::records::{DeliveryState, View, Withdrawn};
use maud::{Markup, html};

use crate::view::excerpt::excerpt;
use crate::view::frame::Frame;
use crate::view::marks;
use crate::view::name::name;
use crate::view::rating;
use crate::view::sentence::capital;
use crate::view::session;
use crate::view::shelf::Shelf;
use crate::view::time;

/// Which part of the timeline is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Filter {
    /// Everything.
    #[default]
    All,
    /// Entries, withdrawn ones too.
    Entries,
    /// Check-ins, withdrawn ones too.
    CheckIns,
    /// Replies from the care team.
    Replies,
}

impl Filter {
    /// All parts, in the order in which they are offered.
    pub const ALL: [Self; 4] = [Self::All, Self::Entries, Self::CheckIns, Self::Replies];

    /// The word in the address.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Entries => "entries",
            Self::CheckIns => "check-ins",
            Self::Replies => "replies",
        }
    }

    /// Reads the word in the address; anything else shows all.
    pub fn named(word: &str) -> Self {
        Self::ALL
            .into_iter()
            .find(|filter| filter.as_str() == word)
            .unwrap_or_default()
    }

    const fn label(self) -> &'static str {
        match self {
            Self::All => "Everything",
            Self::Entries => "Entries",
            Self::CheckIns => "Check-ins",
            Self::Replies => "Replies",
        }
    }
}

/// How many things the whole timeline has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Entries, withdrawn ones too.
    pub entries: u64,
    /// Check-ins, withdrawn ones too.
    pub check_ins: u64,
    /// Replies.
    pub replies: u64,
    /// Dosing sessions.
    pub sessions: u64,
}

impl Counts {
    const fn of(self, filter: Filter) -> u64 {
        match filter {
            Filter::All => self.entries + self.check_ins + self.replies + self.sessions,
            Filter::Entries => self.entries,
            Filter::CheckIns => self.check_ins,
            Filter::Replies => self.replies,
        }
    }
}

/// One page of a timeline.
#[derive(Clone, Debug, Default)]
pub struct Timeline {
    /// Newest first.
    pub items: Vec<TimelineItem>,
    /// Which part of it.
    pub filter: Filter,
    /// How many there are on all pages.
    pub counts: Counts,
    /// The place that this page begins at, as it stands in the address; `None` for the newest page.
    pub before: Option<String>,
    /// The place that the next page begins at; `None` when this page reaches the beginning.
    pub older: Option<String>,
}

impl Timeline {
    /// The query of this very page's address.
    pub fn query(&self) -> String {
        match &self.before {
            Some(before) => format!("show={}&before={before}", self.filter.as_str()),
            None => format!("show={}", self.filter.as_str()),
        }
    }
}

/// One thing in a patient's timeline.
#[derive(Clone, Debug)]
pub enum TimelineItem {
    /// An entry that is shared.
    Entry(Box<Shared<Entry>>),
    /// A check-in that is shared.
    CheckIn(Box<Shared<CheckIn>>),
    /// A reply from the care team.
    Reply {
        /// The reply itself.
        reply: Box<View<Reply>>,
        /// What it is about, while that is shown.
        about: Option<About>,
    },
    /// A dosing session.
    Session(Box<View<DosingSession>>),
    /// Something that the patient shared once and has withdrawn: nothing of it is shown.
    Withdrawn(Withdrawn),
}

/// What a reply is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct About {
    /// Where that stands.
    pub shelf: Shelf,
    /// The title of an entry; may be empty.
    pub title: String,
}

impl TimelineItem {
    /// When it happened, as far as that can be known: the timeline is in this order.
    pub fn at(&self) -> Moment {
        match self {
            Self::Entry(entry) => entry.view.when.unwrap_or(entry.view.content.at),
            Self::CheckIn(check_in) => check_in.view.when.unwrap_or(check_in.view.content.at),
            Self::Reply { reply, .. } => reply.when.unwrap_or(reply.content.at),
            Self::Session(session) => session.when.unwrap_or(session.content.at),
            Self::Withdrawn(withdrawn) => withdrawn.at,
        }
    }

    /// Whether all that it says stands in the timeline, so that whoever sees the page has read it. Of
    /// what was edited on two phones only its own page shows both wordings.
    pub fn is_shown_in_full(&self) -> bool {
        match self {
            Self::Entry(entry) => {
                entry.view.apart.is_empty() && !excerpt(&entry.view.content.body).1
            }
            Self::CheckIn(check_in) => check_in.view.apart.is_empty(),
            Self::Reply { .. } | Self::Session(_) | Self::Withdrawn(_) => true,
        }
    }
}

/// The tabs, the things, and the way to older ones.
pub fn draw(frame: &Frame, patient: DocumentId, timeline: &Timeline) -> Markup {
    let show = |filter: Filter| format!("/patients/{patient}?show={}", filter.as_str());
    let own = show(timeline.filter);
    html! {
        nav class="tabs" aria-label="Part of the timeline" {
            @for each in Filter::ALL {
                a href=(format!("{}#timeline", show(each)))
                    aria-current=[(each == timeline.filter).then_some("true")] {
                    (each.label()) " " span class="number" { (timeline.counts.of(each)) }
                }
            }
        }
        @if timeline.before.is_some() {
            p { a href=(format!("{own}#timeline")) { span aria-hidden="true" { "↑ " } "Back to the newest" } }
        }
        @if timeline.items.is_empty() {
            p class="quiet" { @if timeline.before.is_some() { "Nothing older." } @else { "Nothing here yet." } }
        } @else {
            ol class="items" {
                @for item in &timeline.items { (self::item(frame, patient, item)) }
            }
        }
        @if let Some(older) = &timeline.older {
            p { a id="older" rel="next" href=(format!("{own}&before={older}#timeline")) {
                "Show older" span aria-hidden="true" { " ↓" } } }
        }
    }
}

fn item(frame: &Frame, patient: DocumentId, item: &TimelineItem) -> Markup {
    match item {
        TimelineItem::Entry(shared) => entry(frame, patient, shared),
        TimelineItem::CheckIn(shared) => check_in(frame, patient, shared),
        TimelineItem::Reply { reply, about } => self::reply(frame, patient, reply, about.as_ref()),
        TimelineItem::Withdrawn(gone) => withdrawn(frame, gone),
        TimelineItem::Session(view) => html! {
            li class="item session" {
                p class="item-head" { span class="what" { "Dosing session " (session::label(&view.content)) }
                    (time::at(view.content.at, frame.now))
                    @if !view.content.takes_place() { span class="badge calm" { span aria-hidden="true" { "× " } "called off" } } }
                @if !view.content.note.is_empty() { p class="words" dir="auto" { (view.content.note) } }
                (waits(view))
            }
        },
    }
}

fn withdrawn(frame: &Frame, gone: &Withdrawn) -> Markup {
    let what = Shelf::of(&gone.kind).one();
    html! {
        li class="item withdrawn" {
            p class="item-head" { span class="what" { (capital(what)) " withdrawn" } (time::at(gone.at, frame.now)) }
            p class="quiet" { "The patient took this " (what) " back. What it said is not shown any more." }
        }
    }
}

/// When it happened, as far as that can be known.
fn happened<T>(frame: &Frame, view: &View<T>, said: Moment) -> Markup {
    html! {
        @if view.clock_ahead {
            span { "received " (time::at(frame.here(view.received_ms), frame.now))
                "; the phone’s clock said " (time::at(said, frame.now)) }
        } @else { (time::at(said, frame.now)) }
    }
}

fn entry(frame: &Frame, patient: DocumentId, shared: &Shared<Entry>) -> Markup {
    let (id, entry) = (shared.view.id, &shared.view.content);
    html! {
        li class=(if shared.is_new { "item entry waiting" } else { "item entry" }) id=(format!("entry-{id}")) {
            p class="item-head" { span class="what" { (capital(entry.kind.label())) } (happened(frame, &shared.view, entry.at)) }
            h3 { a href=(Shelf::Entries.address(patient, id)) dir="auto" {
                @if entry.title.is_empty() { "Entry without a title" } @else { (entry.title) }
            } }
            p class="words" dir="auto" { (excerpt(&entry.body).0) }
            @if !entry.tags.is_empty() {
                ul class="feelings" aria-label="Tags" { @for tag in &entry.tags { li dir="auto" { (tag) } } }
            }
            p class="signs" {
                (marks::badges(frame, shared))
                @if shared.review.is_none() { span class="badge review" { span aria-hidden="true" { "○ " } "To review" } }
                @if let Some(mood) = entry.mood { (rating::mood(mood)) }
                (answered(shared))
            }
        }
    }
}

fn answered<T>(shared: &Shared<T>) -> Markup {
    html! { @if shared.replies > 0 { span { (time::count(shared.replies, "reply", "replies")) } } }
}

fn check_in(frame: &Frame, patient: DocumentId, shared: &Shared<CheckIn>) -> Markup {
    let (id, check_in) = (shared.view.id, &shared.view.content);
    let answers =
        [Scale::Energy, Scale::Anxiety, Scale::Sleep].map(|scale| (scale, check_in.rating(scale)));
    html! {
        li class=(if shared.is_new { "item check-in waiting" } else { "item check-in" }) id=(format!("check-in-{id}")) {
            p class="item-head" {
                a class="what" href=(Shelf::CheckIns.address(patient, id)) { "Check-in"
                    span class="visually-hidden" { ", " (time::when(shared.view.when.unwrap_or(check_in.at), frame.now)) } }
                (happened(frame, &shared.view, check_in.at))
            }
            p { (rating::mood(check_in.valence))
                @for (scale, answer) in answers {
                    @if let Some(answer) = answer { span class="quiet" { " · " (scale.name().to_lowercase()) " " (Rating::number(answer)) } }
                }
            }
            @if !check_in.feelings.is_empty() {
                ul class="feelings" aria-label="Feelings" { @for feeling in &check_in.feelings { li dir="auto" { (feeling) } } }
            }
            @if !check_in.note.is_empty() { p class="words" dir="auto" { (check_in.note) } }
            @let signs = html! { (marks::badges(frame, shared)) (answered(shared)) };
            @if !signs.0.is_empty() { p class="signs" { (signs) } }
        }
    }
}

fn reply(frame: &Frame, patient: DocumentId, view: &View<Reply>, about: Option<&About>) -> Markup {
    let reply = &view.content;
    html! {
        li class="item reply" {
            p class="item-head" { span class="what" { "Reply from " (name(&reply.by)) } (time::at(reply.at, frame.now)) }
            @if let Some(about) = about {
                p class="quiet" { "About " a href=(about.shelf.address(patient, reply.about)) dir="auto" {
                    @match (about.shelf, &*about.title) {
                        (Shelf::CheckIns, _) => "a check-in",
                        (Shelf::Entries, "") => "an entry without a title",
                        (Shelf::Entries, title) => (title),
                    }
                } }
            }
            p class="words" dir="auto" { (reply.body) }
            (waits(view))
        }
    }
}

/// Says so while something of the care team's has not left the clinic yet.
pub fn waits<T>(view: &View<T>) -> Markup {
    html! {
        @if view.delivery == DeliveryState::OnThisDevice {
            p class="quiet" { span aria-hidden="true" { "◔ " } "Not sent yet: it waits here until the sync server takes it." }
        }
    }
}
