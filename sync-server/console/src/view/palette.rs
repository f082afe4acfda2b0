//! The stylesheet's colors against each other: WCAG 2.2 AA in both themes. A browser's checker
//! can't see text in SVG, or colors under a layer; this can.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use std::collections::BTreeMap;

const STYLE: &str = include_str!("../../assets/console.css");

/// The `--name: #rrggbb` pairs of the nth `:root` block; the dark one overrides the light one.
fn themes() -> [BTreeMap<&'static str, [u8; 3]>; 2] {
    let mut blocks = STYLE.split(":root {").skip(1).map(|rest| {
        let block = rest.split('}').next().unwrap();
        block
            .lines()
            .filter_map(|line| {
                let (name, value) = line.trim().strip_suffix(';')?.split_once(": #")?;
                let bytes = data_encoding::HEXLOWER.decode(value.as_bytes()).ok()?;
                Some((name.strip_prefix("--")?, bytes.try_into().ok()?))
            })
            .collect::<BTreeMap<_, _>>()
    });
    let light = blocks.next().unwrap();
    let mut dark = light.clone();
    dark.extend(blocks.next().unwrap());
    [light, dark]
}

fn luminance(color: [u8; 3]) -> f64 {
    let [r, g, b] = color.map(|byte| {
        let share = f64::from(byte) / 255.0;
        if share <= 0.040_45 {
            share / 12.92
        } else {
            ((share + 0.055) / 1.055).powf(2.4)
        }
    });
    0.2126 * r + 0.7152 * g + 0.0722 * b
}

fn contrast(a: [u8; 3], b: [u8; 3]) -> f64 {
    let (a, b) = (luminance(a), luminance(b));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

/// Every pair that the stylesheet puts on top of each other.
const TEXT: [(&str, &str); 28] = [
    ("ink", "page"),
    ("ink", "card"),
    ("ink", "sunken"),
    ("ink", "soft"),
    ("quiet", "page"),
    ("quiet", "card"),
    ("quiet", "sunken"),
    ("quiet", "soft"),
    ("accent", "page"),
    ("accent", "card"),
    ("accent", "sunken"),
    ("accent", "soft"),
    ("accent-strong", "page"),
    ("accent-strong", "card"),
    ("accent-strong", "soft"),
    ("accent-strong", "sunken"),
    ("on-accent", "accent"),
    ("on-accent", "accent-strong"),
    ("warm-ink", "warm"),
    ("warm-ink", "card"),
    ("stop-ink", "card"),
    ("stop-ink", "page"),
    ("stop-ink", "stop"),
    ("page", "ink"),
    ("mood", "card"),
    ("energy", "card"),
    ("anxiety", "card"),
    ("sleep", "card"),
];
const SHAPES: [(&str, &str); 8] = [
    ("edge", "card"),
    ("edge", "page"),
    ("focus", "page"),
    ("focus", "card"),
    ("focus", "soft"),
    ("mood", "sunken"),
    ("accent", "card"),
    ("edge", "sunken"),
];

#[test]
fn text_has_four_and_a_half_to_one_and_shapes_three_to_one_in_both_themes() {
    for (theme, colors) in ["light", "dark"].into_iter().zip(themes()) {
        for (pairs, least) in [(&TEXT[..], 4.5), (&SHAPES[..], 3.0)] {
            for (front, back) in pairs {
                let reached = contrast(colors[front], colors[back]);
                assert!(
                    reached >= least,
                    "{theme}: {front} on {back} has {reached:.2}, needs {least}"
                );
            }
        }
    }
}

#[test]
fn black_on_white_has_twenty_one_to_one() {
    assert!((contrast([0; 3], [255; 3]) - 21.0).abs() < 1e-9);
    assert!(themes()[1].len() > 15 && themes()[0]["page"] != themes()[1]["page"]);
}
