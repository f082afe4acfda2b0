//! What is settled for a session, by the day of it.

#![allow(clippy::unwrap_used)]

use super::*;

const NOON: Moment = Moment::utc(1_795_465_113_123);
const LATER: Moment = Moment::utc(1_795_565_113_123);

fn with_ride() -> SessionPreparation {
    let mut preparation = SessionPreparation {
        escort_name: "Ida".into(),
        escort_mode: Some(EscortMode::Car),
        ..SessionPreparation::new(DocumentId::new([1; 16]), NOON)
    };
    preparation.confirm_ride(NOON, NOON);
    preparation
}

#[test]
fn a_ride_that_changed_is_to_be_agreed_again() {
    let ride = with_ride();
    assert_eq!(ride.ride_confirmed_at(NOON), Some(NOON));
    // From another day it is another ride, and from the first one it is the same again.
    assert_eq!(ride.ride_confirmed_at(LATER), None);
    assert_eq!(
        ride.still_open(LATER).first(),
        Some(&StillOpen::RideNotConfirmed)
    );
    let another = SessionPreparation {
        escort_name: "Jo".into(),
        ..ride.clone()
    };
    assert_eq!(another.ride_confirmed_at(NOON), None);
    assert_eq!(
        another.still_open(NOON).first(),
        Some(&StillOpen::RideNotConfirmed)
    );
    let by_bus = SessionPreparation {
        escort_mode: Some(EscortMode::Transit),
        ..ride.clone()
    };
    assert_eq!(by_bus.ride_confirmed_at(NOON), None);
    // Agreed with nobody is not agreed.
    let mut nobody = SessionPreparation::new(DocumentId::new([1; 16]), NOON);
    nobody.confirm_ride(NOON, NOON);
    assert_eq!(nobody.ride_confirmed_at(NOON), None);
    assert_eq!(nobody.still_open(NOON).first(), Some(&StillOpen::NoRide));
}

#[test]
fn who_is_named_instead_has_a_number_and_a_way_of_their_own() {
    let mut ride = with_ride();
    ride.name_escort("Ida", Some("+1 307 555 0101".into()), None);
    assert_eq!(ride.escort_phone, "+1 307 555 0101");
    assert_eq!(ride.escort_mode, Some(EscortMode::Car), "still Ida");
    ride.name_escort(" Ida ", None, Some(EscortMode::OnFoot));
    assert_eq!(ride.escort_phone, "+1 307 555 0101", "still Ida");
    ride.name_escort("Jo", None, None);
    assert_eq!((&*ride.escort_name, &*ride.escort_phone), ("Jo", ""));
    assert_eq!(ride.escort_mode, None);
}

#[test]
fn a_ride_stays_agreed_when_its_words_are_only_tidied() {
    let mut untidy = with_ride();
    untidy.escort_name = " Ida  Berg ".into();
    untidy.confirm_ride(NOON, NOON);
    let tidied = untidy.checked().unwrap();
    assert_eq!(tidied.escort_name, "Ida Berg");
    assert_eq!(tidied.ride_confirmed_at(NOON), Some(NOON));
}

#[test]
fn what_is_ticked_is_open_no_more() {
    let mut preparation = with_ride();
    let open = preparation.still_open(NOON).len();
    assert_eq!(open, ReadinessItem::ALL.len());
    preparation.tick(&ReadinessItem::ClearTheDay, NOON);
    let item = StillOpen::Item(ReadinessItem::ClearTheDay);
    assert!(!preparation.still_open(NOON).contains(&item));
    assert_eq!(preparation.still_open(NOON).len(), open - 1);
}

#[test]
fn what_was_ticked_for_one_day_is_open_again_for_another() {
    let mut preparation = with_ride();
    for item in ReadinessItem::ALL {
        preparation.tick(item, NOON);
    }
    let open = |begins: Moment| {
        let open = preparation.still_open(begins).into_iter();
        open.filter(|one| matches!(one, StillOpen::Item(_)))
            .collect::<Vec<_>>()
    };
    assert_eq!(open(NOON), []);
    let later_that_day = Moment::utc(NOON.unix_ms + 60_000);
    assert_eq!(open(later_that_day), []);
    let next_day = Moment::utc(NOON.unix_ms + 86_400_000);
    let about_the_day = [ReadinessItem::ClearTheDay, ReadinessItem::WhatChanged];
    assert_eq!(open(next_day), about_the_day.clone().map(StillOpen::Item));
    // Said again, it is done for that day; taken back, for none.
    let mut again = preparation.clone();
    again.tick(&about_the_day[0], next_day);
    assert!(again.is_done(&about_the_day[0], next_day) && again.done.len() == 6);
    again.untick(&about_the_day[0]);
    assert!(!again.is_done(&about_the_day[0], next_day) && again.done.len() == 5);
    again.done.insert("snack_packed".into());
    assert_eq!(again.done_besides().collect::<Vec<_>>(), ["snack_packed"]);
}

#[test]
fn two_phones_that_began_apart_are_read_as_one_in_any_order() {
    let mut tablet = with_ride();
    tablet.done.insert("clear_the_day".into());
    tablet.eyeshades = Some(true);
    let phone = SessionPreparation {
        at: Moment::utc(NOON.unix_ms + 1),
        done: ["intention".to_owned()].into(),
        eyeshades: Some(false),
        ..SessionPreparation::new(tablet.about, NOON)
    };
    let read = SessionPreparation::together([&tablet, &phone]).unwrap();
    assert_eq!(
        Some(&read),
        SessionPreparation::together([&phone, &tablet]).as_ref()
    );
    assert_eq!(read.eyeshades, Some(false));
    assert_eq!(read.done.len(), 2);
    assert_eq!(read.ride_confirmed_at(NOON), Some(NOON));
    assert_eq!(SessionPreparation::together([]), None);
}

#[test]
fn a_number_and_a_link_are_what_they_claim_to_be() {
    let wrong = SessionPreparation {
        escort_phone: "ask my sister".into(),
        ..with_ride()
    };
    assert_eq!(wrong.checked().unwrap_err().name, ESCORT_PHONE);
    let wrong = SessionPreparation {
        music_link: "javascript:alert(1)".into(),
        ..with_ride()
    };
    assert_eq!(wrong.checked().unwrap_err().name, MUSIC_LINK);
}

#[test]
fn nothing_that_was_taken_back_comes_back_from_an_older_preparation() {
    let mut older = SessionPreparation::examples().remove(0);
    let all = SessionPreparation::examples().remove(0);
    older.forget_what_is_not_in(&all);
    assert_eq!(older, all, "what is still said stays");
    let nothing = SessionPreparation {
        // What was said on the day is taken back by another word.
        day_words: older.day_words.clone(),
        ..SessionPreparation::new(older.about, Moment::utc(older.at.unix_ms + 1))
    };
    older.forget_what_is_not_in(&nothing);
    let read = SessionPreparation::together([&older, &nothing]).unwrap();
    assert_eq!(read, nothing);
}
