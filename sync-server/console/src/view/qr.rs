//! A link as a QR code: one SVG path of runs, always dark on white with four modules of quiet
//! around it, in the dark theme too, because phone cameras need it.

use maud::{Markup, html};
use qrcode::{EcLevel, QrCode};

const QUIET: usize = 4;

/// Draws `text`; `None` when it is longer than a QR code can hold.
pub fn code(text: &str, label: &str) -> Option<Markup> {
    let code = QrCode::with_error_correction_level(text, EcLevel::M).ok()?;
    let side = code.width() + 2 * QUIET;
    let path = runs(&code);
    Some(html! {
        svg class="qr" role="img" aria-label=(label) viewBox=(format!("0 0 {side} {side}"))
            shape-rendering="crispEdges" {
            rect class="qr-paper" width=(side) height=(side) {}
            path class="qr-ink" d=(path) {}
        }
    })
}

/// One `M x y h n` for each horizontal run of dark modules, as a stroke-free box one unit high.
fn runs(code: &QrCode) -> String {
    let width = code.width();
    let mut path = String::new();
    for (y, row) in code.to_colors().chunks(width).enumerate() {
        let mut start = None;
        for x in 0..=width {
            let dark = row
                .get(x)
                .is_some_and(|color| *color == qrcode::Color::Dark);
            match (dark, start) {
                (true, None) => start = Some(x),
                (false, Some(from)) => {
                    let length = x - from;
                    path.push_str(&format!(
                        "M{} {}h{length}v1h-{length}z",
                        from + QUIET,
                        y + QUIET
                    ));
                    start = None;
                }
                _ => {}
            }
        }
    }
    path
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn the_runs_cover_exactly_the_dark_modules() {
        let code = QrCode::with_error_correction_level("kap://pair", EcLevel::M).unwrap();
        let dark = code
            .to_colors()
            .iter()
            .filter(|color| **color == qrcode::Color::Dark)
            .count();
        let path = runs(&code);
        let drawn: usize = path
            .split('h')
            .skip(1)
            .step_by(2)
            .map(|piece| piece.split('v').next().unwrap().parse::<usize>().unwrap())
            .sum();
        assert_eq!(drawn, dark);
    }

    #[test]
    fn a_text_beyond_a_qr_code_is_no_code() {
        assert!(code(&"x".repeat(4000), "long").is_none());
        assert!(code("https://example.org", "short").is_some());
    }
}
