//! The other side of the contract suites (`bindings/contract`): a real `sync-server` process beside it, and a clinic
//! over the core's own facade. It is told what to do in lines of JSON, and answers each with one line:
//! `{"do": "invite", "name": "Ada"}` → `{"link": "kap://pair/…", "patient": "…"}`, or `{"error": "…"}`.
//!
//! It ends with its standard input, and the server with it.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a tool of the tests: what goes wrong here is to be seen at once"
)]

mod care;
mod clinic;
mod files;
mod gate;
mod looks;
mod server;

use std::io::{BufRead as _, Write as _};

use serde_json::{Value, json};

use clinic::TestClinic;

fn main() {
    let folder = tempfile::tempdir().unwrap();
    let mut clinic = TestClinic::start(folder.path());
    let mut files = files::Held::default();
    let mut out = std::io::stdout().lock();
    for line in std::io::stdin().lock().lines() {
        let Ok(line) = line else { return };
        if line.trim().is_empty() {
            continue;
        }
        let asked: Value = serde_json::from_str(&line).unwrap();
        let done = files
            .answer(&asked)
            .unwrap_or_else(|| clinic.answer(&asked));
        let answer = done.unwrap_or_else(|error| json!({ "error": error }));
        writeln!(out, "{answer}").unwrap();
        out.flush().unwrap();
    }
}

/// What a field of a line says.
fn text<'a>(asked: &'a Value, field: &str) -> &'a str {
    let said = asked.get(field).and_then(Value::as_str);
    said.unwrap_or_else(|| panic!("{asked} has no {field}"))
}

/// What number a field of a line says.
fn number(asked: &Value, field: &str) -> i64 {
    let said = asked.get(field).and_then(Value::as_i64);
    said.unwrap_or_else(|| panic!("{asked} has no number {field}"))
}
