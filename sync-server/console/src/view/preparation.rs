//! What a patient settled for a session: eyeshades and music, who takes them home, what is done.

use companion_core::clinic::{PlannedSession, Prepared};
use companion_core::domain::session_day::{Marks, SessionDay};
use companion_core::domain::session_preparation::{EscortMode, ReadinessItem, StillOpen};
use companion_core::domain::{
    DocumentId, DosingSession, Moment, RecordSection, SessionPreparation,
};
use maud::{Markup, html};

use crate::view::frame::Frame;
use crate::view::name::name;
use crate::view::shelf::Shelf;
use crate::view::time;

/// The page of what is settled for a session; `None` where the session is not there.
pub fn draw(frame: &Frame, one: &SessionPreparation, session: Option<&DosingSession>) -> Markup {
    let begins = session.map(|session| session.at);
    let said = session.map_or(one.marks(), |it| SessionDay::marks(it, Some(one)));
    html! {
        section class="part" aria-labelledby="wishes" {
            h2 id="wishes" { "Eyeshades and music" }
            p { (wishes(one.eyeshades, one.music)) }
            @if !one.music_note.is_empty() { div class="words" dir="auto" { (one.music_note) } }
            @if !one.music_link.is_empty() { p class="quiet" { "Playlist: " span class="link" { (one.music_link) } } }
        }
        section class="part" aria-labelledby="ride" {
            h2 id="ride" { "The way home" }
            (ride(frame, one, begins))
        }
        section class="part" aria-labelledby="done" {
            h2 id="done" { "What is done" }
            ul class="plainly" {
                @for item in ReadinessItem::ALL {
                    @let is_done = one.is_done(item, begins.unwrap_or(one.at));
                    li { span aria-hidden="true" { @if is_done { "✓ " } @else { "◇ " } }
                        @if is_done { "Done: " } @else { "Open: " } (item.label()) }
                }
                @for own in one.done_besides() {
                    li { span aria-hidden="true" { "✓ " } "Done: " span dir="auto" { (own.replace('_', " ")) } }
                }
            }
        }
        @if said != Marks::default() {
            section class="part" aria-labelledby="the-day" {
                h2 id="the-day" { "On the day" }
                @if let Some(at) = said.here { p { "Said that they are here " (time::at(at, frame.now)) "." } }
                @if let Some(at) = said.ended { p { "Said that it is over " (time::at(at, frame.now)) "." } }
            }
        }
    }
}

fn ride(frame: &Frame, one: &SessionPreparation, begins: Option<Moment>) -> Markup {
    html! {
        @if one.escort_name.is_empty() { p { strong { "Nobody is named who takes the patient home." } } }
        @else {
            p { (name(&one.escort_name))
                @if !one.escort_phone.is_empty() { ", " span dir="auto" { (one.escort_phone) } }
                @if let Some(mode) = &one.escort_mode { ", " span dir="auto" { (EscortMode::label(mode)) } } }
            @match begins.and_then(|begins| one.ride_confirmed_at(begins)) {
                Some(at) => p { span aria-hidden="true" { "✓ " } "The patient said that this ride is agreed, " (time::at(at, frame.now)) "." },
                None => p { strong { "The ride as it is written now is not confirmed for the day of this session." } },
            }
        }
    }
}

/// Who is there, what the patient wants and what of the ride is open: beside a session on the patient's page.
pub fn beside(frame: &Frame, patient: DocumentId, planned: &PlannedSession) -> Markup {
    let session = &planned.view.content;
    let is_ahead = session.takes_place() && session.block().ends.unix_ms >= frame.now.unix_ms;
    let unsaid = SessionPreparation::new(planned.view.id, session.at);
    let said = planned.preparation.as_ref();
    let prepared = said.map_or(planned.view.id, |said| said.id);
    let link = Shelf::Preparations.address(patient, prepared);
    let one = said.map_or(&unsaid, |said| &said.content);
    html! {
        @if is_ahead || !session.therapist.is_empty() || !session.medical_provider.is_empty() { p { (people(session)) } }
        @if is_ahead || said.is_some() {
            p { (wishes(one.eyeshades, one.music)) " "
                @if said.is_some() { a href=(link) { "Open the preparation" span class="visually-hidden" { " for S" (session.number) } } } }
        }
        @if let Some(intention) = planned.intention.filter(|_| frame.shows(RecordSection::Journal)) {
            p { a href=(Shelf::Intentions.address(patient, intention)) { "Open the intention"
                span class="visually-hidden" { " for S" (session.number) } } " that the patient shared for it" }
        }
        @if is_ahead { (open_ride(said, session.at)) }
    }
}

/// That the ride home is open, or that it is agreed.
fn open_ride(said: Option<&Prepared>, begins: Moment) -> Markup {
    let open = said.map_or(Some(StillOpen::NoRide), |said| {
        let mut open = said.content.still_open(begins).into_iter();
        open.find(|one| !matches!(one, StillOpen::Item(_)))
    });
    html! {
        p class="signs" {
            @match open {
                Some(open) => span class="badge act" { span aria-hidden="true" { "! " } (still_open(&open)) },
                None => span class="badge done" { span aria-hidden="true" { "✓ " } "Ride home confirmed" },
            }
        }
    }
}

/// What is open, in words.
pub fn still_open(open: &StillOpen) -> String {
    match open {
        StillOpen::NoRide => "No ride home is named".to_owned(),
        StillOpen::RideNotConfirmed => "The ride home is not confirmed".to_owned(),
        StillOpen::Item(item) => format!("Open: {}", item.label()),
    }
}

/// Therapist and medical provider, or that nobody is named.
pub fn people(session: &DosingSession) -> Markup {
    who(&session.therapist, &session.medical_provider)
}

/// The same, of their names.
pub fn who(therapist: &str, medical_provider: &str) -> Markup {
    html! {
        "Therapist: " (named(therapist)) " · medical provider: " (named(medical_provider))
    }
}

fn named(who: &str) -> Markup {
    html! { @if who.is_empty() { "not named" } @else { (name(who)) } }
}

/// What the patient wants of eyeshades and music. What they did not say is not said for them.
pub fn wishes(eyeshades: Option<bool>, music: Option<bool>) -> String {
    let said = |wish, yes: &str, no: &str, open: &str| {
        match wish {
            Some(true) => yes,
            Some(false) => no,
            None => open,
        }
        .to_owned()
    };
    format!(
        "{}, {}.",
        said(
            eyeshades,
            "Eyeshades",
            "No eyeshades",
            "Eyeshades: not said"
        ),
        said(music, "music", "no music", "music: not said")
    )
}
