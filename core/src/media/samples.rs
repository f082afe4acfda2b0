//! Small files as phones make them, each with a place of recording in it, to try the formats on.
#![allow(clippy::indexing_slicing)]

use std::io::Cursor;

use image::{DynamicImage, ImageFormat, Rgba, RgbaImage};

/// What stands in each of these files, and must stand in nothing that is kept.
pub const PLACE: &[u8] = b"+43.4799-110.7624/";

/// A recording of so many samples, one channel of 16 bits at 8,000 in a second, that gets louder.
pub fn wav(samples: u32) -> Vec<u8> {
    let list = [b"INFOICMT", PLACE].concat();
    let mut data = Vec::new();
    for n in 0..samples {
        let loud = i16::try_from(u64::from(n) * 32_000 / u64::from(samples)).unwrap_or(0);
        data.extend((if n % 2 == 0 { loud } else { -loud }).to_le_bytes());
    }
    let list = riff(b"LIST", &list);
    wave(&[list.clone(), format(), riff(b"data", &data), list].concat())
}

/// A recording of so many bytes of sound, one channel of 16 bits at 8,000 in a second, no two parts of it alike. Nothing
/// is in it that is not kept.
pub fn recording(bytes: usize) -> Vec<u8> {
    let noise = (0_u32..).flat_map(|n| n.wrapping_mul(2_654_435_761).to_le_bytes());
    let sound: Vec<u8> = noise.take(bytes).collect();
    wave(&[format(), riff(b"data", &sound)].concat())
}

fn wave(chunks: &[u8]) -> Vec<u8> {
    riff(b"RIFF", &[b"WAVE", chunks].concat())
}

/// One channel of 16 bits, 8,000 samples in a second.
fn format() -> Vec<u8> {
    let format = [
        &1_u16.to_le_bytes()[..],
        &1_u16.to_le_bytes(),
        &8_000_u32.to_le_bytes(),
        &16_000_u32.to_le_bytes(),
        &2_u16.to_le_bytes(),
        &16_u16.to_le_bytes(),
    ];
    riff(b"fmt ", &format.concat())
}

fn riff(kind: &[u8; 4], content: &[u8]) -> Vec<u8> {
    [kind, &size(content.len())[..], content].concat()
}

fn size(bytes: usize) -> [u8; 4] {
    u32::try_from(bytes).unwrap_or(u32::MAX).to_le_bytes()
}

/// A picture that was taken on its side: as wide as given once it stands upright.
pub fn jpeg(width: u32, height: u32) -> Vec<u8> {
    let picture = picture(height, width).to_rgb8();
    let mut bytes = Vec::new();
    DynamicImage::from(picture)
        .write_to(&mut Cursor::new(&mut bytes), ImageFormat::Jpeg)
        .unwrap_or_default();
    // One directory with the orientation (6: turn right) and the place as an artist.
    let mut exif = b"Exif\0\0MM\0*\0\0\0\x08\0\x02".to_vec();
    exif.extend(b"\x01\x12\0\x03\0\0\0\x01\0\x06\0\0");
    exif.extend(b"\x01\x3b\0\x02\0\0\0\x12\0\0\0\x26\0\0\0\0");
    exif.extend(PLACE);
    let length = u16::try_from(exif.len() + 2).unwrap_or(0).to_be_bytes();
    let (start, rest) = bytes.split_at(2);
    [start, b"\xff\xe1", &length, &exif, rest].concat()
}

/// A drawing that one can see through.
pub fn png(width: u32, height: u32) -> Vec<u8> {
    let mut bytes = Vec::new();
    picture(width, height)
        .write_to(&mut Cursor::new(&mut bytes), ImageFormat::Png)
        .unwrap_or_default();
    let text = [b"Location\0", PLACE].concat();
    let mut chunk = u32::try_from(text.len())
        .unwrap_or(0)
        .to_be_bytes()
        .to_vec();
    chunk.extend(b"tEXt");
    chunk.extend(&text);
    chunk.extend(png_sum(&[b"tEXt", &text[..]].concat()).to_be_bytes());
    // Behind the signature and the header.
    let (start, rest) = bytes.split_at(33);
    [start, &chunk, rest].concat()
}

/// The sum behind each part of a PNG file (CRC-32).
pub fn png_sum(bytes: &[u8]) -> u32 {
    let step = |sum: u32, _| (sum >> 1) ^ (0xedb8_8320 * (sum & 1));
    !bytes.iter().fold(u32::MAX, |sum, byte| {
        (0..8).fold(sum ^ u32::from(*byte), step)
    })
}

/// A picture without loss in the newer format.
pub fn webp(width: u32, height: u32) -> Vec<u8> {
    let mut bytes = Vec::new();
    let picture = DynamicImage::from(picture(width, height).to_rgb8());
    picture
        .write_to(&mut Cursor::new(&mut bytes), ImageFormat::WebP)
        .unwrap_or_default();
    bytes
}

fn picture(width: u32, height: u32) -> DynamicImage {
    let pixel = |x: u32, y: u32| {
        let shade = u8::try_from((x * 7 + y * 3) % 256).unwrap_or(0);
        Rgba([shade, 200, 255 - shade, if x < 4 { 0 } else { 255 }])
    };
    DynamicImage::from(RgbaImage::from_fn(width, height, pixel))
}

/// A second of Opus: a head, comments over two pages, and two pages of sound.
pub fn opus() -> Vec<u8> {
    let head = [
        &b"OpusHead\x01\x01"[..],
        &312_u16.to_le_bytes(),
        &[0x80, 0xbb, 0, 0, 0, 0, 0],
    ]
    .concat();
    let mut tags = b"OpusTags\x04\0\0\0test\x01\0\0\0\x40\x01\0\0LOCATION=".to_vec();
    tags.extend(PLACE);
    tags.resize(600, b' ');
    let sound = vec![7; 200];
    [
        ogg_page(2, 0, 0, &[19], &head),
        ogg_page(0, u64::MAX, 1, &[255, 255], &tags[..510]),
        ogg_page(1, 0, 2, &[90], &tags[510..]),
        ogg_page(0, 24_000, 3, &[200], &sound),
        ogg_page(4, 48_312, 4, &[200], &sound),
    ]
    .concat()
}

/// Without its checksum, which whoever takes it makes anew.
fn ogg_page(flags: u8, position: u64, number: u32, lengths: &[u8], body: &[u8]) -> Vec<u8> {
    [
        &b"OggS\0"[..],
        &[flags],
        &position.to_le_bytes(),
        &9_u32.to_le_bytes(),
        &number.to_le_bytes(),
        &[0; 4],
        &[u8::try_from(lengths.len()).unwrap_or(0)],
        lengths,
        body,
    ]
    .concat()
}

/// Two seconds of sound in an MPEG-4 file, as a phone's recorder writes it.
pub fn m4a() -> Vec<u8> {
    m4a_of(b"soun")
}

/// The same with a track of another sort.
pub fn m4a_of(handler: &[u8; 4]) -> Vec<u8> {
    let place = mp4(b"udta", &mp4(b"\xa9xyz", PLACE));
    let made = 3_800_000_000_u32.to_be_bytes();
    let header = [
        &[0; 4][..],
        &made,
        &made,
        &1_000_u32.to_be_bytes(),
        &2_000_u32.to_be_bytes(),
        &[0; 80],
    ]
    .concat();
    let handles = [&[0; 8][..], handler, &[0; 12], PLACE, &[0]].concat();
    let here = [
        &[0, 0, 0, 0, 0, 0, 0, 1][..],
        &mp4(b"url ", &[&[0, 0, 0, 1][..], PLACE].concat()),
    ]
    .concat();
    let sound = [
        mp4(b"smhd", &[0; 8]),
        mp4(b"dinf", &mp4(b"dref", &here)),
        mp4(
            b"stbl",
            &[mp4(b"stsd", &[3; 32]), mp4(b"name", PLACE)].concat(),
        ),
        mp4(b"name", PLACE),
    ]
    .concat();
    let media = [
        mp4(b"mdhd", &[&[0; 4][..], &made, &made, &[0; 12]].concat()),
        mp4(b"hdlr", &handles),
        mp4(b"minf", &sound),
    ]
    .concat();
    let track = [
        mp4(b"tkhd", &[&[0; 4][..], &made, &made, &[0; 72]].concat()),
        mp4(b"mdia", &media),
        place.clone(),
    ]
    .concat();
    let index = [
        mp4(b"mvhd", &header),
        mp4(b"trak", &track),
        place,
        mp4(b"meta", PLACE),
    ]
    .concat();
    [
        mp4(b"ftyp", b"M4A \0\0\0\0M4A mp42"),
        mp4(b"free", PLACE),
        mp4(b"mdat", &[9; 5_000]),
        mp4(b"moov", &index),
        mp4(b"uuid", PLACE),
    ]
    .concat()
}

/// A box of an MPEG-4 file.
pub fn mp4(kind: &[u8; 4], content: &[u8]) -> Vec<u8> {
    let length = u32::try_from(content.len() + 8).unwrap_or(u32::MAX);
    [&length.to_be_bytes()[..], kind, content].concat()
}
