//! Pictures are drawn anew: what a camera wrote beside the picture (place, time, device, a smaller picture of what
//! was cut away since) is in none of what is kept. A picture stands upright, is at most 4,096 pixels wide and high,
//! and has a small one of itself.

use std::io::Cursor;

use image::codecs::jpeg::JpegEncoder;
use image::codecs::png::PngEncoder;
use image::{
    DynamicImage, ExtendedColorType, ImageDecoder as _, ImageEncoder as _, ImageError, ImageReader,
    Limits, Rgba, RgbaImage,
};

use super::whole::is_whole;
use super::{Known, MAGIC, MediaError, PIECE, Sink, Source};
use crate::domain::{MediaType, SmallBytes, limits};
use crate::error::{CoreError, Result};

/// Bytes of the largest file of a picture.
const FILE: usize = 40 * 1024 * 1024;
/// Pixels in each direction and altogether that are opened, in millions, and the memory that this may take: a small
/// file can unfold to any size. Of 8 bits each, all of them fit into it.
const OPENED: u32 = 16_384;
const MILLIONS: u64 = 50;
const MEMORY: u64 = 200 * 1024 * 1024;
/// Pixels in each direction that are kept.
const KEPT: u32 = 4_096;
const QUALITY: u8 = 85;
/// The small picture: the largest and best of these that is small enough.
const SMALL: [(u32, u8); 4] = [(160, 70), (128, 60), (96, 50), (64, 40)];

pub(super) fn take(magic: &[u8; MAGIC], mut source: Source<'_>, to: Sink<'_>) -> Result<Known> {
    let left = source.left;
    let most = (FILE / 1024 / 1024) as u64;
    if left > FILE as u64 {
        return Err(MediaError::TooLarge { most }.into());
    }
    let mut file = magic.to_vec();
    file.extend(source.bytes(left, FILE)?);
    let picture = opened(file)?;
    let picture = match picture.width().max(picture.height()) {
        ..=KEPT => picture,
        // Averages whole numbers, and so needs no more memory than what is kept takes.
        _ => picture.thumbnail(KEPT, KEPT),
    };
    let (media, bytes) = drawn(&picture, magic)?;
    for piece in bytes.chunks(PIECE) {
        to(piece)?;
    }
    Ok(Known {
        media,
        milliseconds: None,
        width: Some(picture.width()),
        height: Some(picture.height()),
        thumbnail: small(&picture),
        waveform: None,
    })
}

fn opened(file: Vec<u8>) -> Result<DynamicImage> {
    if !is_whole(&file) {
        return Err(MediaError::Damaged.into());
    }
    let mut reader = ImageReader::new(Cursor::new(file))
        .with_guessed_format()
        .map_err(|error| MediaError::Unreadable(error.to_string()))?;
    let mut most = Limits::default();
    (most.max_image_width, most.max_image_height) = (Some(OPENED), Some(OPENED));
    most.max_alloc = Some(MEMORY);
    reader.limits(most);
    let mut decoder = reader.into_decoder().map_err(why)?;
    let (width, height) = decoder.dimensions();
    if u64::from(width) * u64::from(height) > MILLIONS * 1_000_000 {
        return Err(too_many_pixels());
    }
    let orientation = decoder.orientation().map_err(why)?;
    let mut picture = DynamicImage::from_decoder(decoder).map_err(why)?;
    picture.apply_orientation(orientation);
    Ok(picture)
}

fn too_many_pixels() -> CoreError {
    MediaError::TooManyPixels { most: MILLIONS }.into()
}

// Taken by value to fit `map_err`.
#[allow(clippy::needless_pass_by_value)]
fn why(error: ImageError) -> CoreError {
    match error {
        ImageError::Limits(_) => too_many_pixels(),
        _ => MediaError::Damaged.into(),
    }
}

/// A photo as a JPEG. A drawing stays without loss, and so does whatever one can see through.
fn drawn(picture: &DynamicImage, magic: &[u8]) -> Result<(MediaType, Vec<u8>)> {
    let is_drawing = magic.starts_with(b"\x89PNG") || picture.color().has_alpha();
    if !is_drawing {
        return Ok((MediaType::Jpeg, jpeg(picture, QUALITY)?));
    }
    let mut bytes = Vec::new();
    let (width, height) = (picture.width(), picture.height());
    let encoder = PngEncoder::new(&mut bytes);
    match picture.color().has_alpha() {
        true => {
            let pixels = picture.to_rgba8();
            encoder.write_image(&pixels, width, height, ExtendedColorType::Rgba8)
        }
        false => {
            let pixels = picture.to_rgb8();
            encoder.write_image(&pixels, width, height, ExtendedColorType::Rgb8)
        }
    }
    .map_err(why)?;
    Ok((MediaType::Png, bytes))
}

fn jpeg(picture: &DynamicImage, quality: u8) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let pixels = picture.to_rgb8();
    JpegEncoder::new_with_quality(&mut bytes, quality)
        .encode(
            &pixels,
            picture.width(),
            picture.height(),
            ExtendedColorType::Rgb8,
        )
        .map_err(why)?;
    Ok(bytes)
}

fn small(picture: &DynamicImage) -> Option<SmallBytes> {
    SMALL.iter().find_map(|(pixels, quality)| {
        let small = on_white(&picture.thumbnail(*pixels, *pixels));
        let bytes = jpeg(&small, *quality).ok()?;
        (bytes.len() <= limits::THUMBNAIL).then_some(SmallBytes(bytes))
    })
}

/// A drawing on nothing is one on paper.
fn on_white(picture: &DynamicImage) -> DynamicImage {
    if !picture.color().has_alpha() {
        return picture.clone();
    }
    let white = Rgba([255; 4]);
    let mut paper = RgbaImage::from_pixel(picture.width(), picture.height(), white);
    image::imageops::overlay(&mut paper, picture, 0, 0);
    DynamicImage::ImageRgba8(paper)
}
