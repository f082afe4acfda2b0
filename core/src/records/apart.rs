//! What was rewritten in two places apart, as a document keeps it: both wordings, until somebody
//! chooses one.

use serde_json::Value;

use super::{Apart, Map};
use crate::document::APART;

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

/// Forgets the wordings of fields that say something else than before.
pub(crate) fn forget_where_changed(before: &Map, target: &mut Map) {
    let unchanged: Vec<String> = target
        .iter()
        .filter(|(name, value)| before.get(*name) == Some(*value))
        .map(|(name, _)| name.clone())
        .collect();
    retain(target, |path| {
        let field = path.split('.').next().unwrap_or(path);
        unchanged.iter().any(|name| name == field)
    });
}

/// Lets a field say one of its wordings, and forgets the others. Says whether it has that wording.
pub(crate) fn choose(target: &mut Map, path: &str, wording: &str) -> bool {
    let is_known = read(target)
        .iter()
        .any(|apart| apart.field == path && apart.wordings.iter().any(|one| one == wording));
    if !is_known {
        return false;
    }
    let mut names = path.split('.').peekable();
    let mut fields = &mut *target;
    while let Some(name) = names.next() {
        if names.peek().is_some() {
            match fields.get_mut(name) {
                Some(Value::Object(inside)) => fields = inside,
                _ => return false,
            }
            continue;
        }
        match fields.get(name) {
            Some(Value::String(_)) | None => {
                fields.insert(name.to_owned(), Value::from(wording));
            }
            // Nothing stands for a value that is not there.
            Some(_) if wording.is_empty() => drop(fields.remove(name)),
            Some(_) => {
                let Ok(value) = serde_json::from_str(wording) else {
                    return false;
                };
                fields.insert(name.to_owned(), value);
            }
        }
    }
    retain(target, |other| other != path);
    true
}

fn retain(fields: &mut Map, keep: impl Fn(&str) -> bool) {
    let Some(Value::Object(apart)) = fields.get_mut(APART) else {
        return;
    };
    apart.retain(|path, _| keep(path));
    if apart.is_empty() {
        fields.remove(APART);
    }
}
