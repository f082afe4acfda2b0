//! The wordings that stand in the fields of a document.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::APART;
use crate::domain::attachment::is_of_devices;

/// Paths of fields, and what they say in each place.
pub(crate) type Wordings = BTreeMap<String, Vec<String>>;

/// The wordings that stand in the fields of a document. Odd fields say nothing, and neither does what is nobody's word.
pub(crate) fn wordings_in(fields: &Map<String, Value>) -> Wordings {
    let wordings = |value: &Value| {
        let all = value.as_array()?.iter().filter_map(Value::as_str);
        Some(all.map(str::to_owned).collect())
    };
    let apart = fields.get(APART).and_then(Value::as_object);
    let apart = apart.into_iter().flatten();
    apart
        .filter(|(path, _)| !is_of_devices(path))
        .filter_map(|(path, value)| Some((path.clone(), wordings(value)?)))
        .collect()
}

/// Keeps some of the wordings that stand in the fields of a document.
pub(crate) fn retain_wordings(fields: &mut Map<String, Value>, keep: impl Fn(&str) -> bool) {
    let Some(Value::Object(apart)) = fields.get_mut(APART) else {
        return;
    };
    apart.retain(|path, _| keep(path));
    if apart.is_empty() {
        fields.remove(APART);
    }
}

/// What stands at a path such as `answers.9`.
pub(crate) fn at_path<'a>(fields: &'a Map<String, Value>, path: &str) -> Option<&'a Value> {
    let mut names = path.split('.');
    let first = fields.get(names.next()?)?;
    names.try_fold(first, |inside, name| inside.get(name))
}
