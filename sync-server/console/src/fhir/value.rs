//! The small values of FHIR: times, texts, codes, narratives.

use chrono::{Datelike as _, SecondsFormat};
use companion_core::domain::Moment;
use serde_json::{Map, Value, json};

/// Codes that nobody publishes: those of this program. A name and no address, since nothing is to be fetched there.
pub(super) const OURS: &str = "urn:x-kap-companion:code";
/// LOINC.
pub(super) const LOINC: &str = "http://loinc.org";

/// Takes away whatever says nothing: nulls, empty texts, lists and objects. FHIR allows none of them.
pub(super) fn pruned(value: Value) -> Option<Value> {
    match value {
        Value::Null => None,
        Value::String(text) if text.is_empty() => None,
        Value::Array(all) => {
            let all: Vec<Value> = all.into_iter().filter_map(pruned).collect();
            (!all.is_empty()).then_some(Value::Array(all))
        }
        Value::Object(all) => {
            let kept = all.into_iter();
            let kept = kept.filter_map(|(name, value)| Some((name, pruned(value)?)));
            let all: Map<String, Value> = kept.collect();
            (!all.is_empty()).then_some(Value::Object(all))
        }
        other => Some(other),
    }
}

/// A `dateTime` or `instant`, with the offset of whoever wrote it; nothing for a year that FHIR can't write.
pub(super) fn instant(moment: Moment) -> Option<String> {
    let time = moment.to_chrono().filter(|time| time.year() > 0)?;
    Some(time.to_rfc3339_opts(SecondsFormat::Millis, false))
}

/// The day of a moment, by the clock of whoever wrote it.
pub(super) fn day(moment: Moment) -> Option<String> {
    let time = moment.to_chrono().filter(|time| time.year() > 0)?;
    Some(time.format("%Y-%m-%d").to_string())
}

/// A text of people as a FHIR `string` or `markdown`: their letters, without control characters, and with plain
/// spaces, since the type knows no others. Empty where nothing is left.
pub(super) fn text(said: &str) -> String {
    let plain = said.chars().filter_map(|letter| match letter {
        '\n' | '\t' => Some(letter),
        letter if letter.is_control() => None,
        // What JavaScript takes for white space, and Rust does not.
        letter if letter.is_whitespace() || letter == '\u{feff}' => Some(' '),
        letter => Some(letter),
    });
    plain.collect::<String>().trim().to_owned()
}

/// A code of ours, with its words.
pub(super) fn ours(code: &str, words: &str) -> Value {
    json!({
        "coding": [{ "system": OURS, "code": code, "display": words }],
        "text": text(words),
    })
}

/// A code of HL7's own lists.
pub(super) fn of_hl7(list: &str, code: &str, display: &str) -> Value {
    let system = format!("http://terminology.hl7.org/CodeSystem/{list}");
    json!({ "coding": [{ "system": system, "code": code, "display": display }] })
}

/// The category of what was asked and answered.
pub(super) fn survey() -> Value {
    json!([of_hl7("observation-category", "survey", "Survey")])
}

/// The profiles of US Core 8 that a resource fits.
pub(super) fn us_core(profile: &str) -> Value {
    let base = "http://hl7.org/fhir/us/core/StructureDefinition";
    json!({ "profile": [format!("{base}/us-core-{profile}|8.0.0")] })
}

/// A narrative made of plain lines.
pub(super) fn narrative<'a>(lines: impl IntoIterator<Item = &'a str>) -> Value {
    let said = lines.into_iter().map(text);
    let said = said.filter(|line| !line.is_empty());
    let paragraphs: String = said
        .map(|line| format!("<p>{}</p>", escaped(&line)))
        .collect();
    if paragraphs.is_empty() {
        return Value::Null;
    }
    let div = format!("<div xmlns=\"http://www.w3.org/1999/xhtml\">{paragraphs}</div>");
    json!({ "status": "generated", "div": div })
}

fn escaped(line: &str) -> String {
    line.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}

/// A note, where there is one.
pub(super) fn note(said: &str) -> Value {
    match text(said) {
        said if said.is_empty() => Value::Null,
        said => json!([{ "text": said }]),
    }
}
