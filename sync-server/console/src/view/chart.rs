//! Charts as small SVG: classes instead of colors, percentages instead of pixels, so that one
//! stylesheet serves both themes, print and any width. Words stand in HTML beside them.

use companion_core::domain::{CheckIn, DosingSession, Rating, Scale};
use companion_core::ports::Moment;
use maud::{Markup, html};

use crate::view::session;
use crate::view::time;

/// Highest rating of a scale.
const TOP: u8 = Rating::HIGHEST.number();

/// What the charts of a patient show.
#[derive(Clone, Debug, Default)]
pub struct OverTime {
    /// Check-ins of the last while, oldest first.
    pub check_ins: Vec<CheckIn>,
    /// How many of them stand at the time when they were received, because the phone's clock was ahead.
    pub clock_ahead: u64,
    /// Dosing sessions, by number.
    pub sessions: Vec<DosingSession>,
    /// How many check-ins are older than the charts reach back.
    pub older: u64,
}

/// A row's trend: the last ratings as a line, its newest point marked. Decoration: the words beside
/// it say the same.
pub fn sparkline(ratings: &[u8]) -> Markup {
    const WIDTH: f64 = 96.0;
    const HEIGHT: f64 = 26.0;
    let gap = if ratings.len() > 1 {
        (WIDTH - 8.0) / (ratings.len() - 1) as f64
    } else {
        0.0
    };
    let points: Vec<(f64, f64)> = ratings
        .iter()
        .enumerate()
        .map(|(index, rating)| {
            (
                4.0 + gap * index as f64,
                4.0 + share(*rating) * (HEIGHT - 8.0),
            )
        })
        .collect();
    let line: Vec<String> = points
        .iter()
        .map(|(x, y)| format!("{x:.1},{y:.1}"))
        .collect();
    html! {
        svg class="spark" viewBox=(format!("0 0 {WIDTH} {HEIGHT}")) aria-hidden="true" focusable="false" {
            line class="spark-mid" x1="0" x2=(WIDTH) y1=(HEIGHT / 2.0) y2=(HEIGHT / 2.0) {}
            @if points.len() > 1 { polyline class="spark-line" points=(line.join(" ")) {} }
            @if let Some((x, y)) = points.last() {
                circle class="spark-dot" cx=(format!("{x:.1}")) cy=(format!("{y:.1}")) r="3" {}
            }
        }
    }
}

/// How far down a rating stands: 0 for the highest, 1 for the lowest.
fn share(rating: u8) -> f64 {
    f64::from(TOP - rating.clamp(1, TOP)) / f64::from(TOP - 1)
}

/// One scale over time.
struct Panel<'a> {
    name: &'a str,
    class: &'a str,
    low: &'a str,
    high: &'a str,
    points: Vec<(Moment, u8)>,
}

/// The four scales under each other on one time axis, with dosing sessions as dashed lines, and
/// the same figures as a table below.
pub fn over_time(over: &OverTime, now: Moment) -> Markup {
    let panels = panels(&over.check_ins);
    let Some(axis) = Axis::over(&over.check_ins, now) else {
        return html! {
            @if over.older == 0 {
                p class="quiet" { "No check-ins have been shared yet. That says nothing about how the patient is." }
            } @else {
                p class="quiet" { "No check-ins in the last 90 days. " (time::count(over.older, "older one stands", "older ones stand")) " in the timeline." }
            }
        };
    };
    let marks: Vec<(f64, String)> = over
        .sessions
        .iter()
        .filter_map(|session| Some((axis.percent(session.at)?, session::label(session))))
        .collect();
    html! {
        div class="charts" {
            @for panel in &panels { (draw(panel, &axis, &marks, now)) }
            div class="axis" aria-hidden="true" {
                span { (time::day(axis.from, now)) }
                @if !marks.is_empty() { span class="key" { "dashed: dosing session" } }
                span { (time::day(axis.to, now)) }
            }
        }
        @if over.older > 0 {
            p class="quiet" { "These are the newest check-ins of the last 90 days. "
                (time::count(over.older, "older one stands", "older ones stand")) " in the timeline." }
        }
        @if over.clock_ahead > 0 {
            p class="quiet" { "The phone’s clock was ahead for "
                (time::count(over.clock_ahead, "check-in, which stands", "check-ins, which stand"))
                " at the time when the clinic received it." }
        }
        (table(&over.check_ins, &over.sessions, now))
    }
}

fn panels(check_ins: &[CheckIn]) -> Vec<Panel<'static>> {
    let series = |scale| -> Vec<(Moment, u8)> {
        check_ins
            .iter()
            .filter_map(|check_in| Some((check_in.at, check_in.rating(scale)?.number())))
            .collect()
    };
    Scale::ALL
        .into_iter()
        .map(|scale| Panel {
            name: scale.name(),
            class: class(scale),
            low: scale.label(Rating::LOWEST),
            high: scale.label(Rating::HIGHEST),
            points: series(scale),
        })
        .filter(|panel| !panel.points.is_empty())
        .collect()
}

const fn class(scale: Scale) -> &'static str {
    match scale {
        Scale::Valence => "mood",
        Scale::Energy => "energy",
        Scale::Anxiety => "anxiety",
        Scale::Sleep => "sleep",
    }
}

struct Axis {
    from: Moment,
    to: Moment,
}

impl Axis {
    fn over(check_ins: &[CheckIn], now: Moment) -> Option<Self> {
        let from = check_ins.iter().map(|check_in| check_in.at).min()?;
        let newest = check_ins.iter().map(|check_in| check_in.at).max()?;
        let to = newest.max(now);
        Some(Self { from, to })
    }

    /// Place from left in percent, with a margin so that no dot is cut; `None` off the axis.
    fn percent(&self, moment: Moment) -> Option<f64> {
        if moment < self.from || moment > self.to {
            return None;
        }
        let span = self.to.unix_ms.saturating_sub(self.from.unix_ms).max(1);
        let along = moment.unix_ms.saturating_sub(self.from.unix_ms);
        Some(1.5 + 97.0 * (along as f64 / span as f64))
    }
}

fn draw(panel: &Panel<'_>, axis: &Axis, marks: &[(f64, String)], now: Moment) -> Markup {
    let placed: Vec<(f64, f64)> = panel
        .points
        .iter()
        .filter_map(|(at, value)| Some((axis.percent(*at)?, 20.0 + share(*value) * 68.0)))
        .collect();
    let line: Vec<String> = placed
        .iter()
        .map(|(x, y)| format!("{x:.2},{y:.2}"))
        .collect();
    let newest = panel.points.last();
    html! {
        figure class=(format!("chart {}", panel.class)) {
            figcaption {
                span class="chart-name" { (panel.name) }
                @if let Some((at, value)) = newest {
                    span class="chart-last" { (value) " of 7 · " (time::day(*at, now)) }
                }
            }
            div class="plot" {
                span class="y-high" { (panel.high) }
                span class="y-low" { (panel.low) }
                svg width="100%" height="92" role="img" aria-label=(summary(panel, now)) {
                    @for y in [20, 54, 88] {
                        line class="grid" x1="0" x2="100%" y1=(percent(f64::from(y))) y2=(percent(f64::from(y))) {}
                    }
                    @for (x, label) in marks {
                        line class="session-line" x1=(percent(*x)) x2=(percent(*x)) y1="15%" y2="100%" {}
                        text class="session-name" x=(percent(*x)) y="11%" text-anchor="middle" { (label) }
                    }
                    svg viewBox="0 0 100 100" preserveAspectRatio="none" width="100%" height="100%" {
                        polyline class="trace" points=(line.join(" ")) {}
                    }
                    @for (x, y) in &placed {
                        circle class="dot" cx=(percent(*x)) cy=(percent(*y)) r="3" {}
                    }
                }
            }
        }
    }
}

fn percent(value: f64) -> String {
    format!("{value:.2}%")
}

fn summary(panel: &Panel<'_>, now: Moment) -> String {
    let lowest = panel
        .points
        .iter()
        .map(|(_, value)| *value)
        .min()
        .unwrap_or(0);
    let highest = panel
        .points
        .iter()
        .map(|(_, value)| *value)
        .max()
        .unwrap_or(0);
    let newest = panel.points.last().map_or_else(String::new, |(at, value)| {
        format!("; newest {value} of 7, {}", time::day(*at, now))
    });
    format!(
        "{}: {} between {lowest} and {highest} of 7{newest}. The table below has every value.",
        panel.name,
        time::count(panel.points.len() as u64, "answer", "answers"),
    )
}

fn table(check_ins: &[CheckIn], sessions: &[DosingSession], now: Moment) -> Markup {
    html! {
        details class="figures" {
            summary { "The same as a table (" (time::count(check_ins.len() as u64, "check-in", "check-ins")) ")" }
            div class="scroll" tabindex="0" role="region" aria-label="Check-ins as a table" {
                table {
                    thead { tr {
                        th scope="col" { "When" }
                        @for scale in Scale::ALL { th scope="col" { (scale.name()) } }
                    } }
                    tbody {
                        @for check_in in check_ins.iter().rev() {
                            tr {
                                th scope="row" { (time::at(check_in.at, now)) }
                                td { (check_in.valence.number()) " " span class="quiet" { (Scale::Valence.label(check_in.valence)) } }
                                td { (cell(check_in.energy)) }
                                td { (cell(check_in.anxiety)) }
                                td { (cell(check_in.sleep)) }
                            }
                        }
                    }
                }
            }
            @if !sessions.is_empty() {
                p { "Dosing sessions: "
                    @for (index, session) in sessions.iter().enumerate() {
                        @if index > 0 { ", " }
                        (session::label(session)) " " (time::at(session.at, now))
                    }
                    "."
                }
            }
        }
    }
}

fn cell(rating: Option<Rating>) -> String {
    rating.map_or_else(|| "–".to_owned(), |rating| rating.number().to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_highest_rating_is_on_top_and_nonsense_stays_inside() {
        assert!(share(7) < f64::EPSILON);
        assert!((share(1) - 1.0).abs() < f64::EPSILON);
        assert!(share(200) < f64::EPSILON);
        assert!((share(0) - 1.0).abs() < f64::EPSILON);
    }

    #[test]
    fn a_trend_of_none_or_one_draws_no_line() {
        assert!(!sparkline(&[]).into_string().contains("polyline"));
        let one = sparkline(&[4]).into_string();
        assert!(!one.contains("polyline") && one.contains("circle"));
        assert!(sparkline(&[4, 5]).into_string().contains("polyline"));
    }
}
