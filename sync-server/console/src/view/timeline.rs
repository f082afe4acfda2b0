//! A patient's timeline: everything that was shared and answered, a page of it at a time.

mod line;

use std::collections::BTreeMap;

use companion_core::clinic::Shared;
use companion_core::domain::{CheckIn, DocumentId, DosingSession, Entry, Rating, Reply, Scale};
use companion_core::ports::Moment;
use companion_core::records::{DeliveryState, View, Withdrawn};
use maud::{Markup, html};

use crate::pages::timeline::Source;
use crate::view::excerpt::excerpt;
use crate::view::frame::Frame;
use crate::view::marks;
use crate::view::name::name;
use crate::view::rating;
use crate::view::sentence::capital;
use crate::view::session;
use crate::view::shelf::{Shelf, Stands, Thing};
use crate::view::time;

pub(crate) use line::became;
pub use line::draw as shared_line;

/// Which part of the timeline is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Filter {
    /// Everything.
    #[default]
    All,
    /// What the patient shared of one kind, withdrawn ones too.
    Shelf(Shelf),
    /// Replies from the care team.
    Replies,
}

impl Filter {
    /// All parts, in the order in which they are offered.
    pub fn all() -> impl Iterator<Item = Self> {
        let shelves = Shelf::ALL.iter().copied();
        let shelves = shelves.filter(|shelf| shelf.stands() == Stands::InTimeline);
        [Self::All]
            .into_iter()
            .chain(shelves.map(Self::Shelf))
            .chain([Self::Replies])
    }

    /// The word in the address.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Shelf(shelf) => shelf.as_str(),
            Self::Replies => "replies",
        }
    }

    /// Reads the word in the address; anything else shows all.
    pub fn named(word: &str) -> Self {
        Self::all()
            .find(|filter| filter.as_str() == word)
            .unwrap_or_default()
    }

    /// Whether a list belongs to this part.
    pub(crate) fn takes(self, source: Source) -> bool {
        match self {
            Self::All => true,
            Self::Shelf(shelf) => source == Source::Shelf(shelf),
            Self::Replies => source == Source::Replies,
        }
    }

    const fn label(self) -> &'static str {
        match self {
            Self::All => "Everything",
            Self::Shelf(shelf) => shelf.many(),
            Self::Replies => "Replies",
        }
    }

    /// Whether it is offered although nothing is in it.
    const fn is_usual(self) -> bool {
        matches!(
            self,
            Self::All | Self::Replies | Self::Shelf(Shelf::Entries | Shelf::CheckIns)
        )
    }
}

/// How many things the whole timeline has.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// What the patient shared, withdrawn ones too. Of what stands elsewhere, the withdrawn ones alone.
    pub shared: BTreeMap<Shelf, u64>,
    /// Replies; `None` for whoever is not shown all that they answer.
    pub replies: Option<u64>,
    /// Dosing sessions.
    pub sessions: u64,
}

impl Counts {
    fn of(&self, filter: Filter) -> Option<u64> {
        match filter {
            Filter::All => Some(self.shared.values().sum::<u64>() + self.replies? + self.sessions),
            Filter::Shelf(shelf) => Some(self.shared.get(&shelf).copied().unwrap_or_default()),
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
    /// Something that the patient shared.
    Shared(Box<Shared<Thing>>),
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
    /// What stands over it.
    pub heading: String,
}

impl TimelineItem {
    /// When it happened, as far as that can be known: the timeline is in this order.
    pub fn at(&self) -> Moment {
        match self {
            Self::Shared(shared) => shared.view.when.unwrap_or(shared.view.content.at()),
            Self::Reply { reply, .. } => reply.when.unwrap_or(reply.content.at),
            Self::Session(session) => session.when.unwrap_or(session.content.at),
            Self::Withdrawn(withdrawn) => withdrawn.at,
        }
    }

    /// Whether all that it says stands in the timeline, so that whoever sees the page has read it. Of
    /// what is in two wordings only its own page shows both wordings.
    pub fn is_shown_in_full(&self) -> bool {
        match self {
            Self::Shared(shared) => {
                shared.view.apart.is_empty()
                    && match &shared.view.content {
                        // Nobody has heard a recording who saw its line.
                        Thing::Entry(entry) => {
                            entry.attachments.is_empty() && !excerpt(&entry.body).1
                        }
                        Thing::CheckIn(_) => true,
                        other => line::is_whole(other),
                    }
            }
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
            @for each in Filter::all().filter(|each| is_offered(frame, timeline, *each)) {
                a href=(format!("{}#timeline", show(each)))
                    aria-current=[(each == timeline.filter).then_some("true")] {
                    (each.label()) @if let Some(number) = timeline.counts.of(each) { " " span class="number" { (number) } }
                }
            }
        }
        @if timeline.before.is_some() {
            p { a href=(format!("{own}#timeline")) { span aria-hidden="true" { "↑ " } "Back to the newest" } }
        }
        @if timeline.items.is_empty() {
            p class="quiet" { @if timeline.before.is_some() { "Nothing older." } @else if frame.sight.is_partial() { "Nothing here that is shown to your role." } @else { "Nothing here yet." } }
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

fn is_offered(frame: &Frame, timeline: &Timeline, part: Filter) -> bool {
    let is_hidden = match part {
        Filter::Shelf(shelf) => !frame.sight.rights.may_read(shelf.area()),
        Filter::All | Filter::Replies => false,
    };
    if is_hidden {
        return false;
    }
    part.is_usual()
        || part == timeline.filter
        || timeline.counts.of(part).is_some_and(|number| number > 0)
}

fn item(frame: &Frame, patient: DocumentId, item: &TimelineItem) -> Markup {
    match item {
        TimelineItem::Shared(shared) => match &shared.view.content {
            Thing::Entry(it) => entry(frame, patient, shared, it),
            Thing::CheckIn(it) => check_in(frame, patient, shared, it),
            _ => line::draw(frame, patient, shared),
        },
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
    let what = Shelf::of(&gone.kind).map_or("thing", Shelf::one);
    html! {
        li class="item withdrawn" {
            p class="item-head" { span class="what" { (capital(what)) " withdrawn" } (time::at(gone.at, frame.now)) }
            p class="quiet" { "The patient took this " (what) " back. What it said is not shown any more." }
        }
    }
}

/// When it happened, as far as that can be known.
pub(super) fn happened<T>(frame: &Frame, view: &View<T>, said: Moment) -> Markup {
    html! {
        @if view.clock_ahead {
            span { "received " (time::at(frame.here(view.received_ms), frame.now))
                "; the phone’s clock said " (time::at(said, frame.now)) }
        } @else { (time::at(said, frame.now)) }
    }
}

fn entry(frame: &Frame, patient: DocumentId, shared: &Shared<Thing>, entry: &Entry) -> Markup {
    let id = shared.view.id;
    html! {
        li class=(if shared.is_new { "item entry waiting" } else { "item entry" }) id=(format!("entry-{id}")) {
            p class="item-head" { span class="what" { (capital(entry.kind.label())) } (happened(frame, &shared.view, entry.at)) }
            h3 { a href=(Shelf::Entries.address(patient, id)) dir="auto" {
                @if entry.title.is_empty() { "Entry without a title" } @else { (entry.title) }
            } }
            p class="words" dir="auto" { (excerpt(&entry.body).0) }
            (attached(entry))
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

/// What hangs on an entry, by how many: `1 recording, 2 pictures`.
fn attached(entry: &Entry) -> Markup {
    let of = |label: &str| {
        let all = entry.attachments.iter();
        all.filter(|(_, one)| one.label() == label).count() as u64
    };
    let counted = [
        (of("recording"), "recording", "recordings"),
        (of("picture"), "picture", "pictures"),
        (of("attachment"), "attachment", "attachments"),
    ];
    let counted = counted.into_iter().filter(|(count, ..)| *count > 0);
    let counted: Vec<String> = counted
        .map(|(count, one, many)| time::count(count, one, many))
        .collect();
    html! {
        @if !counted.is_empty() {
            p class="signs" { span class="badge calm" { span aria-hidden="true" { "◉ " } (counted.join(", ")) } }
        }
    }
}

pub(super) fn answered<T>(shared: &Shared<T>) -> Markup {
    html! { @if shared.replies > 0 { span { (time::count(shared.replies, "reply", "replies")) } } }
}

fn check_in(
    frame: &Frame,
    patient: DocumentId,
    shared: &Shared<Thing>,
    check_in: &CheckIn,
) -> Markup {
    let id = shared.view.id;
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
                    @match (about.shelf, &*about.heading) {
                        (Shelf::CheckIns, _) => "a check-in",
                        (Shelf::Entries, "Entry without a title") => "an entry without a title",
                        (_, heading) => (heading),
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
        @match view.delivery {
            DeliveryState::OnThisDevice => p class="quiet" { span aria-hidden="true" { "◔ " } "Not sent yet: it waits here until the sync server takes it." },
            DeliveryState::NeverSent => p class="quiet" { span aria-hidden="true" { "× " } "Never sent: the record takes nothing any more. The patient’s page says why." },
            _ => {}
        }
    }
}
