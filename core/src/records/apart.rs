//! What was rewritten in two places apart, as a document keeps it: both wordings, until somebody
//! chooses one.

use serde_json::Value;

use super::{Apart, Map};
use crate::document::{APART, at_path, retain_wordings, wordings_in};
use crate::domain::attachment::is_of_devices;
use crate::domain::{Content, ContentError, is_removed};

/// The field in which a kind names who stands behind it.
pub(crate) const BY: &str = "by";

/// What stands in a document. Odd fields say nothing, and neither does what was removed from a list: nobody sees it,
/// so nobody can choose.
pub(crate) fn read(fields: &Map) -> Vec<Apart> {
    let all = wordings_in(fields).into_iter();
    let apart = all.filter(|(field, wordings)| wordings.len() > 1 && !is_gone(fields, field));
    apart
        .map(|(field, wordings)| Apart { field, wordings })
        .collect()
}

/// Whether fields hold wordings of what is nobody's word, as an older version read them.
pub(crate) fn has_wordings_of_devices(fields: &Map) -> bool {
    let apart = fields.get(APART).and_then(Value::as_object);
    apart.is_some_and(|apart| apart.keys().any(|path| is_of_devices(path)))
}

/// Whether a path leads into an item that was removed.
fn is_gone(fields: &Map, path: &str) -> bool {
    let mut inside = fields;
    for name in path.split('.') {
        let Some(Value::Object(next)) = inside.get(name) else {
            return false;
        };
        if is_removed(next) {
            return true;
        }
        inside = next;
    }
    false
}

/// The content of fields, which knows what of it stands in several wordings.
pub(crate) fn content<T: Content>(fields: &Map, apart: &[Apart]) -> Result<T, ContentError> {
    let mut content = T::from_projection(fields)?;
    for one in apart {
        content.note_apart(&one.field, &one.wordings);
    }
    Ok(content)
}

/// Adds what a field says now to its wordings, where it was edited before anybody chose: an edit drops
/// nothing that somebody else wrote.
pub(crate) fn add_where_changed(before: &Map, target: &mut Map) {
    let mut added = Vec::new();
    for apart in read(target) {
        let now = at_path(target, &apart.field);
        if now.is_some() && now != at_path(before, &apart.field) {
            let now = match now {
                Some(Value::String(text)) => text.clone(),
                other => other.map(Value::to_string).unwrap_or_default(),
            };
            added.push((apart.field, now));
        }
    }
    let Some(Value::Object(apart)) = target.get_mut(APART) else {
        return;
    };
    for (field, now) in added {
        if let Some(Value::Array(wordings)) = apart.get_mut(&field)
            && !wordings.iter().any(|one| one.as_str() == Some(&*now))
        {
            wordings.push(Value::String(now));
        }
    }
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
    retain_wordings(target, |other| other != path);
    true
}

/// Names who stands behind what a document says from now on.
pub(crate) fn sign(target: &mut Map, by: &str) {
    target.insert(BY.to_owned(), Value::from(by));
    retain_wordings(target, |path| path != BY);
}
