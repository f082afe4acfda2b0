//! What stands in two wordings, whatever kind it is, and choosing one of them.

use companion_core::domain::{Content, DocumentId, Kind};
use companion_core::records::{Apart, InTwoWordings};
use serde_json::{Value, json};

use super::find::by_prefix;
use super::{Done, Phone};
use crate::args::Choose;
use crate::error::PhoneError;
use crate::format;

pub(super) fn choose(phone: &mut Phone<'_, '_>, asked: &Choose) -> Done {
    let all = phone.patient.in_two_wordings()?;
    match (&asked.id, &asked.field, asked.number) {
        (Some(id), Some(field), Some(number)) => one(phone, &all, (id, field, number)),
        (Some(id), ..) => match find(&all, id)? {
            Some(which) => show(phone, std::slice::from_ref(which), asked.shape.json),
            None => Err(PhoneError::NotDone(format!(
                "nothing that stands in two wordings has an id that begins with {id}"
            ))),
        },
        (None, ..) => show(phone, &all, asked.shape.json),
    }
}

fn find<'a>(
    all: &'a [InTwoWordings],
    typed: &str,
) -> Result<Option<&'a InTwoWordings>, PhoneError> {
    match by_prefix(typed, all.iter().map(|which| which.id)) {
        Ok(id) => Ok(all.iter().find(|which| which.id == id)),
        Err(PhoneError::NoSuchId(_)) => Ok(None),
        Err(error) => Err(error),
    }
}

fn one(
    phone: &mut Phone<'_, '_>,
    all: &[InTwoWordings],
    (id, field, number): (&str, &str, usize),
) -> Done {
    let found = find(all, id)?;
    let apart = found.and_then(|which| apart_of(which, field));
    let wording = apart.and_then(|apart| apart.wordings.get(number.checked_sub(1)?));
    let (Some(which), Some(apart), Some(wording)) = (found, apart, wording) else {
        return Err(PhoneError::Usage(format!(
            "there is no wording {number} of {field:?} to choose; `choose` lists what there is"
        )));
    };
    if !which.is_ours_to_choose {
        return Err(PhoneError::NotDone(ONLY_THE_CLINIC.to_lowercase()));
    }
    let delivery = phone
        .patient
        .choose_wording_of(which, &apart.field, wording)?;
    let here = phone.here()?;
    phone.say(&format!(
        "Chosen. It says that from now on; {}.",
        format::delivery(&delivery, here)
    ))
}

/// The field that was typed, whole or as it is shown.
fn apart_of<'a>(which: &'a InTwoWordings, typed: &str) -> Option<&'a Apart> {
    let whole = which.apart.iter().find(|apart| apart.field == typed);
    let mut shown = which
        .apart
        .iter()
        .filter(|apart| format::field(&apart.field) == typed);
    // Where two are shown alike, neither is meant.
    whole.or_else(|| shown.next().filter(|_| shown.next().is_none()))
}

const ONLY_THE_CLINIC: &str = "Your clinic writes this, and only your clinic can choose.";

fn show(phone: &mut Phone<'_, '_>, all: &[InTwoWordings], as_json: bool) -> Done {
    if as_json {
        return phone.json(&all.iter().map(as_value).collect());
    }
    if all.is_empty() {
        return phone.say("Nothing stands in two wordings.");
    }
    for which in all {
        phone.say(&format!(
            "{}  {}",
            format::short(which.id),
            which.kind.in_words()
        ))?;
        if which.is_ours_to_choose {
            let lines = format::wordings(which.id, &which.apart);
            for line in lines.iter().filter(|line| !line.is_empty()) {
                phone.say(line)?;
            }
            continue;
        }
        for line in which.apart.iter().flat_map(format::each_wording) {
            phone.say(&line)?;
        }
        phone.say(ONLY_THE_CLINIC)?;
    }
    Ok(())
}

fn as_value(which: &InTwoWordings) -> Value {
    let apart = which.apart.iter().map(|apart| {
        json!({
            "field": apart.field,
            "wordings": apart.wordings,
        })
    });
    json!({
        "id": which.id.to_string(),
        "kind": which.kind.as_str(),
        "is_yours_to_choose": which.is_ours_to_choose,
        "shared": which.shared,
        "apart": apart.collect::<Vec<_>>(),
    })
}

/// What a glance shows: that something stands in two wordings which are the patient's to choose between.
pub(super) fn glance(phone: &mut Phone<'_, '_>) -> Done {
    let all = phone.patient.in_two_wordings()?;
    let number = all.iter().filter(|which| which.is_ours_to_choose).count();
    if number > 0 {
        let things = format::count(number as u64, "thing stands", "things stand");
        phone.say(&format!("{things} in two wordings: see `choose`."))?;
    }
    Ok(())
}

/// Says of what is read together from several documents, so that no line of a list is one of them, which of them
/// stands in two wordings.
pub(super) fn of_kind<T: Content>(phone: &mut Phone<'_, '_>) -> Done {
    let all = phone.patient.in_two_wordings()?;
    for id in ids_of(&all, &T::KIND) {
        phone.say(&format!(
            "Something of this stands in two wordings: `choose {}` shows them.",
            format::short(id)
        ))?;
    }
    Ok(())
}

fn ids_of<'a>(all: &'a [InTwoWordings], kind: &'a Kind) -> impl Iterator<Item = DocumentId> + 'a {
    let those = all.iter().filter(move |which| which.kind == *kind);
    those.map(|which| which.id)
}
