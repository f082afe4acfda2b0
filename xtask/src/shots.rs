//! Contact sheets of the Android app: every page in every state, light and dark, at the usual size of text and at twice
//! that, beside each other, from the pictures that the app's tests make.

mod letters;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use image::imageops::{self, FilterType};
use image::{Rgba, RgbaImage};

use crate::android;
use crate::bindings::Given;
use crate::step::{clear, root, target};

/// In this order beside each other. The name of a picture ends so.
const VARIANTS: [&str; 4] = ["light-100", "dark-100", "light-200", "dark-200"];

/// Pages beside each other on a sheet, and below each other.
const BESIDE: u32 = 2;
const BELOW: u32 = 4;

/// Pixels.
const WIDTH: u32 = 206;
const HEIGHT: u32 = 446;
const GAP: u32 = 8;
const LABEL: u32 = 24;

const PAPER: Rgba<u8> = Rgba([0xd8, 0xd8, 0xd8, 0xff]);
const MISSING: Rgba<u8> = Rgba([0xc0, 0x20, 0x20, 0xff]);

/// The pictures that `android/README.md` shows: which, and under which name.
const SHOWN: [(&str, &str); 3] = [
    ("today-light-100", "android-today.png"),
    ("check-in-light-200", "android-check-in.png"),
    ("entry-dark-100", "android-entry.png"),
];
const SHOWN_WIDTH: u32 = 320;

/// Has the pictures made, unless they are there and wanted as they are, and lays them out.
pub(crate) fn run(given: &Given, as_they_are: bool) -> Result<bool, String> {
    if !as_they_are && !android::pictures(given)? {
        return Ok(false);
    }
    let pictures = target().join("android/pictures");
    let pages = pages(&pictures)?;
    if pages.is_empty() {
        return Err(format!("find pictures in {}", pictures.display()));
    }
    let sheets = target().join("android/shots");
    clear(&sheets)?;
    fs::create_dir_all(&sheets).map_err(|error| format!("make {}: {error}", sheets.display()))?;
    let names: Vec<&String> = pages.keys().collect();
    let mut incomplete = 0;
    for (at, names) in names.chunks((BESIDE * BELOW) as usize).enumerate() {
        let mut sheet = RgbaImage::from_pixel(
            BESIDE * block() + GAP,
            rows(names.len()) * row() + GAP,
            PAPER,
        );
        for (place, name) in (0_u32..).zip(names) {
            let (x, y) = (place % BESIDE * block() + GAP, place / BESIDE * row() + GAP);
            letters::write(&mut sheet, x, y, name);
            let found = pages.get(*name).map(Vec::as_slice).unwrap_or_default();
            incomplete += place_page(&mut sheet, (x, y + LABEL), found)?;
        }
        let file = sheets.join(format!("{:02}.png", at + 1));
        save(&sheet, &file)?;
    }
    println!(
        "{} pages on {} sheets in {}, {incomplete} pictures missing",
        pages.len(),
        pages.len().div_ceil((BESIDE * BELOW) as usize),
        sheets.display()
    );
    show(&pictures)?;
    Ok(incomplete == 0)
}

/// A page's four pictures, in their order; where one is missing it is marked. Gives how many are.
fn place_page(
    sheet: &mut RgbaImage,
    (x, y): (u32, u32),
    found: &[Option<PathBuf>],
) -> Result<usize, String> {
    let mut missing = 0;
    for (column, path) in (0_u32..).zip(found) {
        let x = x + column * (WIDTH + GAP);
        match path {
            Some(path) => {
                let picture = open(path)?;
                let small = fitted(&picture, WIDTH, HEIGHT);
                imageops::overlay(sheet, &small, x.into(), y.into());
            }
            None => {
                let mark = RgbaImage::from_pixel(WIDTH, GAP, MISSING);
                imageops::overlay(sheet, &mark, x.into(), y.into());
                missing += 1;
            }
        }
    }
    Ok(missing)
}

/// The width of a page's pictures with the gap behind them, and the height with its label.
fn block() -> u32 {
    u32::try_from(VARIANTS.len()).unwrap_or(0) * (WIDTH + GAP)
}

fn row() -> u32 {
    LABEL + HEIGHT + GAP
}

fn rows(pages: usize) -> u32 {
    u32::try_from(pages).unwrap_or(0).div_ceil(BESIDE)
}

/// The pictures of each page, by name.
fn pages(folder: &Path) -> Result<BTreeMap<String, Vec<Option<PathBuf>>>, String> {
    let mut pages: BTreeMap<String, Vec<Option<PathBuf>>> = BTreeMap::new();
    let entries = fs::read_dir(folder).map_err(|error| {
        format!(
            "read {}: {error}; cargo xtask shots makes the pictures",
            folder.display()
        )
    })?;
    for path in entries.filter_map(Result::ok).map(|entry| entry.path()) {
        let name = path.file_stem().unwrap_or_default().to_string_lossy();
        if let Some((page, variant)) = page_of(&name) {
            let page = pages
                .entry(page.to_owned())
                .or_insert_with(|| vec![None; VARIANTS.len()]);
            if let Some(place) = page.get_mut(variant) {
                *place = Some(path.clone());
            }
        }
    }
    Ok(pages)
}

/// Of which page a picture is, and which of its four.
fn page_of(name: &str) -> Option<(&str, usize)> {
    let of = |(at, variant): (usize, &&str)| {
        let page = name.strip_suffix(*variant)?.strip_suffix('-')?;
        Some((page, at))
    };
    VARIANTS.iter().enumerate().find_map(of)
}

/// The pictures that the README shows, small.
fn show(pictures: &Path) -> Result<(), String> {
    for (name, shown) in SHOWN {
        let picture = open(&pictures.join(name).with_extension("png"))?;
        let small = fitted(&picture, SHOWN_WIDTH, u32::MAX);
        save(&small, &root().join("docs/pictures").join(shown))?;
    }
    Ok(())
}

/// As large as fits into this, without being distorted.
fn fitted(picture: &RgbaImage, width: u32, height: u32) -> RgbaImage {
    let (its_width, its_height) = (u64::from(picture.width()), u64::from(picture.height()));
    let by_width = (
        u64::from(width),
        its_height * u64::from(width) / its_width.max(1),
    );
    let (width, height) = match by_width.1 > u64::from(height) {
        true => (
            its_width * u64::from(height) / its_height.max(1),
            u64::from(height),
        ),
        false => by_width,
    };
    let size = |its: u64| u32::try_from(its).unwrap_or(u32::MAX).max(1);
    imageops::resize(picture, size(width), size(height), FilterType::Triangle)
}

fn open(path: &Path) -> Result<RgbaImage, String> {
    let picture = image::open(path).map_err(|error| format!("read {}: {error}", path.display()))?;
    Ok(picture.into_rgba8())
}

fn save(picture: &RgbaImage, path: &Path) -> Result<(), String> {
    // No transparency: the files are a fourth smaller.
    let opaque = image::DynamicImage::from(picture.clone()).into_rgb8();
    opaque
        .save(path)
        .map_err(|error| format!("write {}: {error}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::{fitted, page_of};

    #[test]
    fn a_picture_belongs_to_a_page_and_has_its_place() {
        assert_eq!(page_of("check-in-dark-200"), Some(("check-in", 3)));
        assert_eq!(page_of("today-es-light-100"), Some(("today-es", 0)));
        assert_eq!(page_of("today"), None);
    }

    #[test]
    fn a_picture_is_made_smaller_and_not_narrower() {
        let picture = image::RgbaImage::new(400, 800);
        assert_eq!(fitted(&picture, 100, 1000).dimensions(), (100, 200));
        assert_eq!(fitted(&picture, 100, 100).dimensions(), (50, 100));
    }
}
