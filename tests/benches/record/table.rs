//! The table that is printed at the end. Goals are told, never asserted: they are judged by processor
//! time, which neighbors on the machine move less than the time on the wall.

use std::time::Duration;

use crate::report::milliseconds;
use crate::sample::Figure;

#[derive(Default)]
pub(crate) struct Table(Vec<Line>);

enum Line {
    Section(String),
    Row(Row),
}

#[derive(Default)]
pub(crate) struct Row {
    what: String,
    /// What a goal is compared with: milliseconds, megabytes, or a ratio.
    judged: f64,
    processor: String,
    wall: String,
    goal: String,
    met: &'static str,
    floor: String,
    ratio: String,
    against: String,
}

impl Table {
    pub(crate) fn section(&mut self, title: &str) {
        self.0.push(Line::Section(title.to_owned()));
    }

    fn row(&mut self, row: Row) -> &mut Row {
        self.0.push(Line::Row(row));
        match self.0.last_mut() {
            Some(Line::Row(row)) => row,
            _ => panic!("a row was just pushed"),
        }
    }

    pub(crate) fn figure(&mut self, what: &str, figure: Figure) -> &mut Row {
        self.row(Row {
            what: what.to_owned(),
            judged: in_ms(figure.processor),
            processor: milliseconds(figure.processor),
            wall: milliseconds(figure.wall),
            ..Row::default()
        })
    }

    /// Something that was not timed here.
    pub(crate) fn number(&mut self, what: &str, number: f64, unit: &str) -> &mut Row {
        self.row(Row {
            what: what.to_owned(),
            judged: number,
            processor: format!("{number:.1} {unit}").trim_end().to_owned(),
            ..Row::default()
        })
    }

    pub(crate) fn server(&mut self, figure: Figure) {
        self.row(Row {
            what: "… processor time of the server".to_owned(),
            processor: milliseconds(figure.server),
            ..Row::default()
        });
    }

    /// As Markdown.
    pub(crate) fn print(&self) {
        let line = |row: [&str; 8]| {
            let [what, processor, wall, goal, met, floor, ratio, against] = row;
            println!(
                "| {what:<40} | {processor:>10} | {wall:>10} | {goal:>7} | {met:<3} | {floor:>10} | {ratio:>7} | {against} |"
            );
        };
        for one in &self.0 {
            match one {
                Line::Section(title) => {
                    println!("\n**{title}**\n");
                    line([
                        "what",
                        "processor",
                        "wall",
                        "goal",
                        "met",
                        "floor",
                        "ratio",
                        "the floor is",
                    ]);
                    println!("|---|---:|---:|---:|---|---:|---:|---|");
                }
                Line::Row(row) => line([
                    &row.what,
                    &row.processor,
                    &row.wall,
                    &row.goal,
                    row.met,
                    &row.floor,
                    &row.ratio,
                    &row.against,
                ]),
            }
        }
        println!();
    }
}

impl Row {
    /// In the unit of the row; milliseconds where it is a time.
    pub(crate) fn goal(&mut self, most: f64) -> &mut Self {
        self.goal = most.to_string();
        self.met = if self.judged <= most { "yes" } else { "no" };
        self
    }

    /// However fast it was, it did not do what it should.
    pub(crate) fn missed(&mut self) -> &mut Self {
        self.met = "no";
        self
    }

    /// What the same takes without us, processor time too.
    pub(crate) fn floor(&mut self, against: &str, floor: Figure) -> &mut Self {
        let floor = floor.processor;
        self.number_floor(against, in_ms(floor), milliseconds(floor))
    }

    pub(crate) fn number_floor(&mut self, against: &str, floor: f64, shown: String) -> &mut Self {
        self.floor = shown;
        self.ratio = format!("{:.1}", self.judged / floor);
        against.clone_into(&mut self.against);
        self
    }
}

fn in_ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}
