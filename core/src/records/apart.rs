//! What was rewritten in two places apart, as a document keeps it: both wordings, until somebody
//! chooses one.

use serde_json::Value;

use super::{Apart, Map};

/// The field of the envelope: the names of fields, and their wordings.
pub(crate) const APART: &str = "apart";

/// What stands in a document. Odd fields say nothing.
pub(crate) fn read(fields: &Map) -> Vec<Apart> {
    let Some(Value::Object(apart)) = fields.get(APART) else {
        return Vec::new();
    };
    let wordings = |value: &Value| {
        let wordings = value.as_array()?.iter().filter_map(Value::as_str);
        Some(wordings.map(str::to_owned).collect::<Vec<_>>())
    };
    let apart = apart.iter().filter_map(|(field, value)| {
        let wordings = wordings(value).filter(|wordings| wordings.len() > 1)?;
        Some(Apart {
            field: field.clone(),
            wordings,
        })
    });
    apart.collect()
}
