//! What lists and search need to know of a document, taken from its plain fields without knowing
//! more of it than that. Total: odd fields give less, never an error.

use serde_json::Value;

use super::{DocumentId, Kind, Moment, Projection};

/// How a document is found and ordered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Indexed {
    /// Milliseconds since 1970 to order by, by the author's clock; 0 when it gives no time.
    pub sort_ms: i64,
    /// The document that this one is about.
    pub about: Option<DocumentId>,
    /// What full-text search may find; only what the person wrote as an entry.
    pub search: Option<SearchText>,
}

/// The words of an entry.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SearchText {
    /// Its title.
    pub title: String,
    /// Its text.
    pub body: String,
    /// Its tags, one on each line.
    pub tags: String,
}

/// Reads what lists and search need.
pub fn index(kind: &Kind, fields: &Projection) -> Indexed {
    let text = |name: &str| fields.get(name).and_then(Value::as_str);
    // A patient has no time of their own: the register is ordered by when they were invited.
    let at = text("at").or_else(|| text("invited_at"));
    let moment = at.and_then(|at| at.parse::<Moment>().ok());
    Indexed {
        sort_ms: moment.map_or(0, |moment| moment.unix_ms),
        about: text("about").and_then(|about| about.parse().ok()),
        search: (*kind == Kind::ENTRY).then(|| SearchText {
            title: text("title").unwrap_or_default().to_owned(),
            body: text("body").unwrap_or_default().to_owned(),
            tags: words(fields.get("tags")).join("\n"),
        }),
    }
}

fn words(set: Option<&Value>) -> Vec<&str> {
    let set = set.and_then(Value::as_object).into_iter().flatten();
    let mut words: Vec<_> = set
        .filter(|(_, present)| **present == Value::Bool(true))
        .map(|(word, _)| &**word)
        .collect();
    words.sort_unstable();
    words
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use serde_json::json;

    use super::*;

    fn indexed(kind: &Kind, fields: &Value) -> Indexed {
        index(kind, fields.as_object().unwrap())
    }

    #[test]
    fn an_entry_is_found_by_its_words_and_ordered_by_its_instant() {
        let fields = json!({
            "title": "The lake",
            "body": "calm",
            "tags": {"water": true, "gone": false, "sleep": true},
            "at": "1970-01-01T01:00:01.500+01:00",
        });
        let expected = SearchText {
            title: "The lake".into(),
            body: "calm".into(),
            tags: "sleep\nwater".into(),
        };
        assert_eq!(
            indexed(&Kind::ENTRY, &fields),
            Indexed {
                sort_ms: 1_500,
                about: None,
                search: Some(expected)
            }
        );
    }

    #[test]
    fn a_reply_points_at_what_it_answers_and_is_not_searched() {
        let about = DocumentId::new([9; 16]);
        let fields = json!({"about": about, "body": "words", "at": "1970-01-01T00:00:00.007Z"});
        let expected = Indexed {
            sort_ms: 7,
            about: Some(about),
            search: None,
        };
        assert_eq!(indexed(&Kind::REPLY, &fields), expected);
    }

    #[test]
    fn odd_fields_give_less_and_never_an_error() {
        let fields = json!({"title": 3, "body": null, "tags": ["a"], "at": 5, "about": "x"});
        let expected = Indexed {
            sort_ms: 0,
            about: None,
            search: Some(SearchText::default()),
        };
        assert_eq!(indexed(&Kind::ENTRY, &fields), expected);
        assert_eq!(indexed(&Kind::new("new"), &json!({})).search, None);
    }
}
