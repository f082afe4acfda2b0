#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]

use std::io::Read;

use proptest::prelude::*;

use super::samples::{self, PLACE};
use super::{Known, MediaError, take};
use crate::domain::{MediaType, limits};
use crate::error::CoreError;

fn taken(file: &[u8]) -> Result<(Known, Vec<u8>), MediaError> {
    taken_as(file, file.len() as u64, None)
}

fn taken_as(file: &[u8], size: u64, claimed: Option<&str>) -> Result<(Known, Vec<u8>), MediaError> {
    let mut kept = Vec::new();
    let known = take(&mut &file[..], size, claimed, &mut |piece| {
        kept.extend_from_slice(piece);
        Ok(())
    });
    match known {
        Ok(known) => Ok((known, kept)),
        Err(CoreError::Media(error)) => Err(error),
        Err(other) => panic!("{other}"),
    }
}

fn holds(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}

#[test]
fn nothing_that_is_kept_says_where_it_was_recorded() {
    let files = [
        samples::wav(8_000),
        samples::jpeg(120, 80),
        samples::png(120, 80),
        samples::opus(),
        samples::m4a(),
    ];
    for file in files {
        assert!(holds(&file, PLACE), "the sample says it");
        let (known, kept) = taken(&file).unwrap();
        assert!(!holds(&kept, PLACE), "{known:?}");
        // What was kept is a file of the same sort, of which nothing more is to be taken away.
        let (again, kept_again) = taken(&kept).unwrap();
        assert_eq!(again.media, known.media);
        assert_eq!(again.milliseconds, known.milliseconds);
        if known.media.is_sound() {
            assert!(kept_again == kept, "{known:?}");
        }
    }
}

#[test]
fn a_recording_says_how_long_it_plays_and_how_loud_it_is() {
    let (known, kept) = taken(&samples::wav(8_000)).unwrap();
    assert_eq!(known.media, MediaType::Wav);
    assert_eq!(known.milliseconds, Some(1_000));
    assert_eq!(kept.len(), 44 + 16_000);
    let waveform = known.waveform.unwrap().0;
    assert_eq!(waveform.len(), limits::WAVEFORM);
    assert!(waveform.is_sorted(), "it gets louder: {waveform:?}");
    assert!(waveform[0] < 8 && waveform[63] > 240, "{waveform:?}");
    let (known, _) = taken(&samples::opus()).unwrap();
    assert_eq!((known.milliseconds, known.waveform), (Some(1_000), None));
    let (known, kept) = taken(&samples::m4a()).unwrap();
    assert_eq!(
        (known.media, known.milliseconds),
        (MediaType::M4a, Some(2_000))
    );
    assert_eq!(kept.len(), samples::m4a().len(), "no offset has moved");
}

#[test]
fn the_pages_behind_the_comments_stay_pages() {
    let (_, kept) = taken(&samples::opus()).unwrap();
    let tags = kept
        .windows(8)
        .position(|window| window == b"OpusTags")
        .unwrap();
    assert_eq!(
        &kept[tags + 8..tags + 16],
        &[0; 8],
        "no program and no comments"
    );
    // The checksum of a page, worked out bit by bit by another program: `OpusTags`, serial number 9, page 1.
    assert_eq!(
        &kept[tags - 10..tags - 2],
        &[1, 0, 0, 0, 0x89, 0x6f, 0x5c, 0x5a]
    );
}

#[test]
fn a_picture_stands_upright_and_has_a_small_one() {
    let (known, kept) = taken(&samples::jpeg(120, 80)).unwrap();
    assert_eq!(known.media, MediaType::Jpeg);
    assert_eq!((known.width, known.height), (Some(120), Some(80)));
    assert!(kept.starts_with(&[0xff, 0xd8, 0xff]));
    let small = known.thumbnail.unwrap().0;
    assert!(small.len() <= limits::THUMBNAIL && small.starts_with(&[0xff, 0xd8, 0xff]));
    let (known, _) = taken(&samples::jpeg(60, 5_000)).unwrap();
    assert_eq!((known.width, known.height), (Some(49), Some(4_096)));
    let (known, _) = taken(&samples::png(300, 200)).unwrap();
    assert_eq!(known.media, MediaType::Png);
    let (known, _) = taken(&samples::webp(300, 200)).unwrap();
    assert_eq!((known.media, known.width), (MediaType::Jpeg, Some(300)));
}

#[test]
fn a_small_file_that_unfolds_to_a_huge_picture_is_refused() {
    let mut bomb = samples::png(10, 10);
    // Width and height in the header, and its checksum.
    bomb[16..24].copy_from_slice(&[0, 0, 0xff, 0xff, 0, 0, 0xff, 0xff]);
    assert_eq!(
        taken(&bomb).unwrap_err(),
        MediaError::Damaged,
        "its checksum is wrong"
    );
    let sum = samples::png_sum(&bomb[12..29]).to_be_bytes();
    bomb[29..33].copy_from_slice(&sum);
    let too_many = MediaError::TooManyPixels { most: 50 };
    assert_eq!(taken(&bomb).unwrap_err(), too_many);
    // In each direction it would do: 9,000 by 9,000.
    bomb[16..24].copy_from_slice(&[0, 0, 0x23, 0x28, 0, 0, 0x23, 0x28]);
    let sum = samples::png_sum(&bomb[12..29]).to_be_bytes();
    bomb[29..33].copy_from_slice(&sum);
    assert_eq!(taken(&bomb).unwrap_err(), too_many);
}

#[test]
fn a_large_picture_is_kept_smaller() {
    let (known, _) = taken(&samples::jpeg(60, 5_000)).unwrap();
    assert_eq!((known.width, known.height), (Some(49), Some(4_096)));
}

#[test]
fn a_picture_that_was_cut_off_anywhere_is_refused() {
    let progressive = include_bytes!("samples/progressive.jpg").to_vec();
    for file in [
        samples::jpeg(64, 64),
        progressive,
        samples::png(64, 64),
        samples::webp(64, 64),
    ] {
        taken(&file).unwrap();
        for cut in (12..file.len()).step_by(5).chain([file.len() - 1]) {
            let error = taken(&file[..cut]).unwrap_err();
            assert_eq!(error, MediaError::Damaged, "{cut} of {}", file.len());
        }
    }
    // What a camera puts behind the end of a picture is no picture, and goes.
    let more = [samples::jpeg(64, 64), b"more of the camera's".to_vec()].concat();
    let (_, kept) = taken(&more).unwrap();
    assert!(!holds(&kept, b"camera"));
}

#[test]
fn a_recording_says_neither_when_it_was_made_nor_what_its_maker_called_it() {
    let file = samples::m4a();
    let made = 3_800_000_000_u32.to_be_bytes();
    assert!(holds(&file, &made));
    let (known, kept) = taken(&file).unwrap();
    assert!(!holds(&kept, &made) && !holds(&kept, PLACE));
    assert_eq!((kept.len(), known.milliseconds), (file.len(), Some(2_000)));
}

#[test]
fn a_recording_whose_sound_lies_in_another_file_is_refused() {
    let mut file = samples::m4a();
    let url = file.windows(4).position(|four| four == b"url ").unwrap();
    file[url + 7] = 0;
    assert_eq!(taken(&file).unwrap_err(), MediaError::NotAllowed);
}

#[test]
fn what_a_file_is_called_changes_nothing_about_what_it_is() {
    let wav = samples::wav(100);
    let size = wav.len() as u64;
    assert!(taken_as(&wav, size, Some("audio/x-wav")).is_ok());
    let lies = taken_as(&wav, size, Some("image/jpeg")).unwrap_err();
    assert_eq!(
        lies.to_string(),
        "by its name this is a JPEG picture, and by what is in it a WAV recording: it was not attached"
    );
    assert_eq!(
        taken(b"MZ this is a program").unwrap_err(),
        MediaError::NotAllowed
    );
    assert_eq!(taken(b"short").unwrap_err(), MediaError::NotAllowed);
    assert_eq!(taken(b"").unwrap_err(), MediaError::Empty);
    assert_eq!(
        taken(&samples::m4a_of(b"vide")).unwrap_err(),
        MediaError::NotAllowed
    );
    assert_eq!(
        taken(&samples::m4a_of(b"meta")).unwrap_err(),
        MediaError::NotAllowed
    );
}

#[test]
fn a_file_that_ends_too_early_is_refused_wherever_that_is() {
    for file in [samples::wav(50), samples::opus(), samples::m4a()] {
        let until = file.len() - 40;
        for cut in (12..until).step_by(7) {
            let cut = &file[..cut];
            let as_said = taken_as(cut, file.len() as u64, None);
            assert_eq!(as_said.unwrap_err(), MediaError::Damaged, "{}", cut.len());
            // Between two boxes or pages it can't be told where a file ends.
            if let Err(error) = taken(cut) {
                assert_eq!(error, MediaError::Damaged, "{}", cut.len());
            }
        }
    }
    let jpeg = samples::jpeg(64, 64);
    assert_eq!(taken(&jpeg[..100]).unwrap_err(), MediaError::Damaged);
    let error = taken_as(&jpeg[..100], jpeg.len() as u64, None);
    assert_eq!(error.unwrap_err(), MediaError::Damaged);
}

#[test]
fn a_file_that_can_not_be_read_says_so() {
    struct Broken;
    impl Read for Broken {
        fn read(&mut self, _: &mut [u8]) -> std::io::Result<usize> {
            Err(std::io::Error::other("the card was pulled out"))
        }
    }
    let error = take(&mut Broken, 100, None, &mut |_| Ok(())).unwrap_err();
    assert_eq!(
        error.to_string(),
        "the file can't be read: the card was pulled out"
    );
}

proptest! {
    #[test]
    fn whatever_the_bytes_are_there_is_an_answer(
        which in 0usize..6, at in 0usize..6_000, bytes in proptest::collection::vec(any::<u8>(), 1..9),
    ) {
        let files = [
            samples::wav(50), samples::jpeg(16, 16), samples::png(16, 16), samples::opus(), samples::m4a(),
            samples::webp(16, 16),
        ];
        let mut file = files[which].clone();
        let at = at % file.len();
        for (place, byte) in file[at..].iter_mut().zip(&bytes) {
            *place = *byte;
        }
        let _ = taken(&file);
    }
}
