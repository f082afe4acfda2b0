//! Recordings and pictures that hang on an entry: played and looked at in the browser's own controls, which work by
//! keyboard and are read aloud; what has not arrived says so.

use companion_core::domain::{Attachment, ItemId, SmallBytes};
use companion_core::records::AttachmentView;
use data_encoding::BASE64;
use maud::{Markup, html};

use crate::view::sentence::capital;
use crate::view::time;

/// Where the bytes of one are.
pub fn address(entry: &str, item: ItemId) -> String {
    format!("{entry}/attachments/{item}")
}

/// All of an entry, in their order. `entry` is the address of its page.
pub fn all(entry: &str, all: &[AttachmentView]) -> Markup {
    html! {
        @if !all.is_empty() {
            section class="part" aria-labelledby="attachments" {
                h2 id="attachments" { "Recordings and pictures" }
                ol class="items" { @for (number, one) in (1..).zip(all) { li class="item" { (draw(entry, number, one)) } } }
            }
        }
    }
}

fn draw(entry: &str, number: usize, one: &AttachmentView) -> Markup {
    let it = &one.content;
    let called = called(number, it);
    let place = address(entry, one.item);
    html! {
        p class="item-head" { strong class="what" { (called) } span class="quiet" { (facts(it)) } }
        @if it.media.is_sound() {
            @if let Some(waveform) = &it.waveform { (wave(waveform)) }
            @if one.is_here {
                audio controls preload="none" src=(place) aria-label=(labeled(&called, it)) {}
            }
        } @else if it.media.is_picture() {
            @if one.is_here {
                a class="picture" href=(place) {
                    @match &it.thumbnail {
                        Some(small) => (thumbnail(small, &called, it)),
                        None => { "Open " (it.label()) " " (number) }
                    }
                }
            } @else if let Some(small) = &it.thumbnail { (thumbnail(small, &called, it)) }
        } @else if one.is_here {
            p { a href=(place) download { "Save it" } ": this version of the console can’t show what it is." }
        }
        @if it.caption.is_empty() { p class="quiet" { "No words were given to it." } }
        @else { p class="words" dir="auto" { (it.caption) } }
        @if !one.is_here {
            p { span aria-hidden="true" { "◇ " } (not_here(one)) }
        }
    }
}

/// What it is, by its place on the page.
fn called(number: usize, it: &Attachment) -> String {
    format!("{} {number}", capital(it.label()))
}

/// The same with the patient's words, for whoever can't see it.
fn labeled(called: &str, it: &Attachment) -> String {
    match it.caption.is_empty() {
        true => called.to_owned(),
        false => format!("{called}: {}", it.caption),
    }
}

fn thumbnail(small: &SmallBytes, called: &str, it: &Attachment) -> Markup {
    let bytes = BASE64.encode(&small.0);
    html! { img src=(format!("data:image/jpeg;base64,{bytes}")) alt=(labeled(called, it)); }
}

fn facts(it: &Attachment) -> String {
    let mut facts = Vec::new();
    if let Some(milliseconds) = it.milliseconds {
        facts.push(minutes(milliseconds));
    }
    if let (Some(width), Some(height)) = (it.width, it.height) {
        facts.push(format!("{width} × {height} pixels"));
    }
    facts.push(size(it.length));
    facts.join(" · ")
}

/// As it is spoken: a screen reader says nothing sensible of `1:02`.
fn minutes(milliseconds: u64) -> String {
    let seconds = milliseconds.div_ceil(1000);
    let (minutes, rest) = (seconds / 60, seconds % 60);
    match (minutes, rest) {
        (0, rest) => format!("{rest} s"),
        (minutes, 0) => format!("{minutes} min"),
        (minutes, rest) => format!("{minutes} min {rest} s"),
    }
}

fn size(bytes: u64) -> String {
    match bytes {
        0..1_000 => time::count(bytes, "byte", "bytes"),
        1_000..1_000_000 => format!("{} kB", bytes.div_ceil(1_000)),
        _ => format!("{:.1} MB", bytes as f64 / 1_000_000.0),
    }
}

fn not_here(one: &AttachmentView) -> String {
    if one.is_lost {
        return "Lost: it was on one of the patient’s phones alone and is damaged there, so it won’t come. The words \
                beside it are whole."
            .to_owned();
    }
    match one.arrived {
        0 => "Not here yet: only its words have arrived. It comes once the patient’s phone has sent it, and some never \
             come."
            .to_owned(),
        arrived => format!(
            "Not here yet: {} of {} have arrived. It goes on with the next exchange.",
            size(arrived),
            size(one.content.length)
        ),
    }
}

/// How loud it is from its beginning to its end. Decoration: how long it is stands in words.
fn wave(waveform: &SmallBytes) -> Markup {
    const HEIGHT: u32 = 32;
    let width = waveform.0.len() * 4;
    html! {
        svg class="wave" viewBox=(format!("0 0 {width} {HEIGHT}")) preserveAspectRatio="none" aria-hidden="true" focusable="false" {
            @for (at, loud) in waveform.0.iter().enumerate() {
                @let high = 2 + u32::from(*loud) * (HEIGHT - 2) / 255;
                rect x=(at * 4) y=((HEIGHT - high) / 2) width="2" height=(high) {}
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use companion_core::domain::{MediaKey, MediaType};
    use companion_core::records::DeliveryState;

    use super::*;

    fn a_picture(number: u8, length: u64) -> AttachmentView {
        AttachmentView {
            item: ItemId::new([number; 16]),
            content: Attachment {
                media: MediaType::Png,
                caption: String::new(),
                length,
                milliseconds: None,
                width: None,
                height: None,
                thumbnail: None,
                waveform: None,
                key: MediaKey::new([number; 32]),
                blob: None,
                lost: false,
            },
            is_here: true,
            is_lost: false,
            arrived: length,
            delivery: DeliveryState::Sent,
        }
    }

    #[test]
    fn what_is_lost_is_said_to_be_lost_and_not_to_be_on_its_way() {
        let lost = AttachmentView {
            is_here: false,
            is_lost: true,
            arrived: 0,
            ..a_picture(1, 1_000)
        };
        let page = all("/entries/1", &[lost]).into_string();
        assert!(page.contains("◇ </span>Lost: it was on one of"), "{page}");
        assert!(!page.contains("Not here yet"), "{page}");
    }

    #[test]
    fn a_picture_without_a_small_one_is_opened_by_a_name_of_its_own() {
        let both = [1, 2].map(|number| a_picture(number, 1_000));
        let page = all("/entries/1", &both).into_string();
        for link in [">Open picture 1</a>", ">Open picture 2</a>"] {
            assert!(page.contains(link), "{link}: {page}");
        }
    }

    #[test]
    fn what_has_come_of_one_is_said_beside_the_whole() {
        let one = |arrived| AttachmentView {
            is_here: false,
            arrived,
            ..a_picture(1, 20_400_000)
        };
        let said = not_here(&one(10_200_000));
        assert!(
            said.contains(": 10.2 MB of 20.4 MB have arrived."),
            "{said}"
        );
        assert!(not_here(&one(0)).contains("only its words"));
    }

    #[test]
    fn lengths_and_sizes_are_said_as_people_say_them() {
        let said = [0, 900, 62_000, 120_000].map(minutes);
        assert_eq!(said, ["0 s", "1 s", "1 min 2 s", "2 min"]);
        let said = [1, 999, 1_001, 1_500_000].map(size);
        assert_eq!(said, ["1 byte", "999 bytes", "2 kB", "1.5 MB"]);
    }
}
