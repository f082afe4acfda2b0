//! Published examples, the tables themselves, and what must hold for any answers.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]

mod published;
mod scoring;
mod tables;
mod timing;

use super::*;

/// The item of that number.
fn item(number: u8) -> ItemNumber {
    ItemNumber::new(number).unwrap()
}

/// A sheet with those points, from item 1 on.
fn sheet(points: &[u8]) -> Sheet {
    let items = (1..).map(item);
    let given = points.iter().map(|points| Given::Points(Points(*points)));
    items.zip(given).collect()
}

fn score(instrument: &'static Instrument, points: &[u8]) -> Score {
    Answers::new(instrument, &sheet(points)).total().unwrap()
}

/// A total of that height, made of the lowest items first.
fn score_of(instrument: &'static Instrument, total: u16) -> Score {
    let mut left = total;
    let mut points = Vec::new();
    for item in instrument.counted() {
        let here = left.min(item.most().into());
        left -= here;
        points.push(u8::try_from(here).unwrap());
    }
    assert_eq!(left, 0);
    score(instrument, &points)
}
