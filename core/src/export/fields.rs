//! Fields as Markdown: what somebody wrote is quoted line by line, so that none of it can look like a
//! heading of ours, and no tag in it is read as one.

use serde::Deserialize as _;
use serde_json::{Map, Value};

use crate::domain::text::printable;
use crate::domain::{Moment, Ordered};

/// A moment as people read it, with the offset that it has: `2026-11-24 20:30 (-07:00)`.
pub(super) fn time(at: Moment) -> String {
    match at.to_chrono() {
        Some(at) => at.format("%Y-%m-%d %H:%M (%:z)").to_string(),
        None => at.to_string(),
    }
}

/// Words of a person on one line.
pub(super) fn line(words: &str) -> String {
    let words: Vec<&str> = words.split_whitespace().collect();
    plain(&words.join(" ")).replace('|', "\\|")
}

/// Words of a person, quoted.
pub(super) fn quote(words: &str) -> String {
    let lines = plain(words);
    let lines = lines.lines().map(|line| match line.trim_end() {
        "" => ">".to_owned(),
        line => format!("> {line}"),
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// No tag is read as one, and nothing moves the terminal that shows the file.
fn plain(words: &str) -> String {
    printable(words).replace('&', "&amp;").replace('<', "&lt;")
}

/// A word of a record as people read it: `what_changed` becomes `what changed`.
pub(super) fn spoken(word: &str) -> String {
    line(&word.replace('_', " "))
}

/// All that fields say, as a list. What is empty is left out.
pub(super) fn list(fields: &Map<String, Value>, indent: usize, out: &mut String) {
    let space = " ".repeat(indent);
    for (name, value) in fields {
        let name = spoken(name);
        match shown(value) {
            Shown::Nothing => {}
            Shown::Line(text) => out.push_str(&format!("{space}- {name}: {text}\n")),
            Shown::Text(text) => {
                out.push_str(&format!("{space}- {name}:\n\n"));
                for line in quote(&text).lines() {
                    out.push_str(&format!("{space}  {line}\n"));
                }
                out.push('\n');
            }
            Shown::Items(items) => {
                out.push_str(&format!("{space}- {name}:\n"));
                for (number, item) in items.iter().enumerate() {
                    out.push_str(&format!("{space}  - {}\n", number + 1));
                    list(item, indent + 4, out);
                }
            }
            Shown::Fields(fields) => {
                out.push_str(&format!("{space}- {name}:\n"));
                list(&fields, indent + 2, out);
            }
        }
    }
}

enum Shown {
    Nothing,
    Line(String),
    Text(String),
    Items(Vec<Map<String, Value>>),
    Fields(Map<String, Value>),
}

fn shown(value: &Value) -> Shown {
    match value {
        Value::Null => Shown::Nothing,
        Value::Bool(is) => Shown::Line(if *is { "yes" } else { "no" }.to_owned()),
        Value::Number(number) => Shown::Line(number.to_string()),
        Value::String(text) => words(text),
        Value::Array(values) => match values.as_slice() {
            [] => Shown::Nothing,
            values => Shown::Line(values.iter().map(in_a_line).collect::<Vec<_>>().join(", ")),
        },
        Value::Object(map) if map.is_empty() => Shown::Nothing,
        Value::Object(map) if map.values().all(Value::is_boolean) => {
            let there = map.iter().filter(|(_, is)| **is == Value::Bool(true));
            let there: Vec<String> = there.map(|(word, _)| spoken(word)).collect();
            match there.is_empty() {
                true => Shown::Nothing,
                false => Shown::Line(there.join(", ")),
            }
        }
        Value::Object(map) => match Ordered::<Map<String, Value>>::deserialize(value) {
            Ok(items) => {
                let items: Vec<_> = items.iter().map(|(_, item)| item.clone()).collect();
                match items.is_empty() {
                    true => Shown::Nothing,
                    false => Shown::Items(items),
                }
            }
            Err(_) => Shown::Fields(map.clone()),
        },
    }
}

fn words(text: &str) -> Shown {
    if text.trim().is_empty() {
        Shown::Nothing
    } else if let Ok(at) = text.parse::<Moment>() {
        Shown::Line(time(at))
    } else if text.contains('\n') || text.len() > 120 {
        Shown::Text(text.to_owned())
    } else {
        Shown::Line(line(text))
    }
}

fn in_a_line(value: &Value) -> String {
    match value {
        Value::String(text) => line(text),
        other => line(&other.to_string()),
    }
}
