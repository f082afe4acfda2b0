//! The list of medicines and supplements: both sides see it, nothing is taken off it, and nothing here says what
//! goes with what.

use companion_core::domain::medication_list::{Medication, MedicationSort};
use companion_core::domain::{DocumentId, ItemId, MedicationList, MedicationReview, Moment};
use companion_core::patient::Medicines as Reviewed;
use companion_core::records::View;
use serde_json::{Value, json};

use super::{Done, Phone};
use crate::args::assessment::{MedicineAction, Medicines};
use crate::error::PhoneError;
use crate::format;

pub(super) fn medicines(phone: &mut Phone<'_, '_>, asked: Medicines) -> Done {
    let as_json = asked.shape.json;
    match asked.action {
        None => {}
        Some(MedicineAction::Add {
            supplement,
            what_for,
            name,
        }) => {
            phone.patient.add_medicine(Medication {
                name: name.join(" "),
                what_for: what_for.unwrap_or_default(),
                sort: match supplement {
                    true => MedicationSort::Supplement,
                    false => MedicationSort::Medicine,
                },
                stopped_at: None,
            })?;
        }
        Some(MedicineAction::Stop { what }) => {
            set_stopped(phone, &what.join(" "), Some(phone.now))?;
        }
        Some(MedicineAction::Resume { what }) => {
            set_stopped(phone, &what.join(" "), None)?;
        }
    }
    list(phone, as_json)
}

/// All that stands on the lists.
fn items(lists: &[(View<MedicationList>, Reviewed)]) -> Vec<Listed<'_>> {
    let each = lists.iter().flat_map(|(list, _)| {
        let items = list.content.items.iter();
        items.map(move |(id, item)| (list.id, id, item))
    });
    each.collect()
}

/// Something on a list, with the list that it stands on.
type Listed<'a> = (DocumentId, ItemId, &'a Medication);

/// What was meant, by its number or by what it is called.
fn meant<'a, 'b>(all: &'a [Listed<'b>], typed: &str) -> Result<&'a Listed<'b>, PhoneError> {
    let typed = typed.trim();
    if let Ok(number) = typed.parse::<usize>() {
        let named = number.checked_sub(1).and_then(|place| all.get(place));
        return named.ok_or_else(|| {
            PhoneError::Usage(format!(
                "there is no number {number} on the list; `medicines` shows it"
            ))
        });
    }
    let wanted = key_of(typed);
    let named = (1_usize..).zip(all);
    let named = named.filter(|(_, (_, _, item))| key_of(&item.name) == wanted);
    let named: Vec<(usize, &Listed<'_>)> = named.collect();
    match &*named {
        [(_, one)] => Ok(one),
        [] if all.is_empty() => Err(PhoneError::Usage(
            "nothing is on the list yet; `medicines add NAME` puts something there".to_owned(),
        )),
        [] => {
            let names: Vec<&str> = all.iter().map(|(_, _, item)| &*item.name).collect();
            Err(PhoneError::Usage(format!(
                "nothing on the list is called {typed:?}; there is {}",
                names.join(", ")
            )))
        }
        _ => {
            let numbers = named.iter().map(|(number, _)| number.to_string());
            let numbers: Vec<String> = numbers.collect();
            Err(PhoneError::Usage(format!(
                "{} things on the list are called {typed:?}; give the number of the one you mean: {}",
                named.len(),
                numbers.join(" or ")
            )))
        }
    }
}

/// A name as it is compared: nobody has to type its capitals and blanks.
fn key_of(name: &str) -> String {
    let words: Vec<&str> = name.split_whitespace().collect();
    words.join(" ").to_lowercase()
}

fn set_stopped(phone: &mut Phone<'_, '_>, typed: &str, at: Option<Moment>) -> Done {
    let lists = phone.patient.medicines()?;
    let all = items(&lists);
    let (list, item, known) = meant(&all, typed)?;
    if known.stopped_at.is_some() != at.is_some() {
        phone.patient.set_medicine_stopped(*list, *item, at)?;
    }
    Ok(())
}

fn list(phone: &mut Phone<'_, '_>, as_json: bool) -> Done {
    let lists = phone.patient.medicines()?;
    let all = items(&lists);
    if as_json {
        let items: Vec<Value> = (1..)
            .zip(&all)
            .map(|(number, it)| as_value(number, it.2))
            .collect();
        let reviews = lists.iter().filter_map(|(_, reviewed)| {
            let (review, stands) = newest(reviewed)?;
            Some(json!({"by": review.by, "at": review.at, "stands": stands}))
        });
        return phone.json(&json!({"items": items, "reviewed": reviews.collect::<Vec<_>>()}));
    }
    if all.is_empty() {
        return phone.say(
            "Nothing is on the list yet: `medicines add NAME`, with `--supplement` for what is none.",
        );
    }
    phone.say("What you take, as your clinic sees it too:")?;
    for (number, (_, _, item)) in (1..).zip(&all) {
        phone.say(&line(number, item, phone.now))?;
    }
    for (list, reviewed) in &lists {
        let delivery = format::delivery(&list.delivery, phone.here()?);
        let said = match newest(reviewed) {
            None => "Not reviewed by the clinic yet".to_owned(),
            Some((review, stands)) => {
                let at = format::time(review.at, phone.now);
                let since = if stands { "" } else { ", and changed since" };
                format!("Reviewed by {} on {at}{since}", review.by)
            }
        };
        let apart = format::in_two_wordings(list);
        phone.say(&format!("{said}; {delivery}{apart}."))?;
    }
    phone.say(
        "Take and stop nothing because of this list: your clinic says what holds around a session.",
    )
}

/// The newest word that a list was gone through, and whether that is about what it says now.
fn newest(reviewed: &Reviewed) -> Option<(&MedicationReview, bool)> {
    let present = reviewed.reviewed.as_ref().map(|review| (review, true));
    let before = || reviewed.reviewed_before.as_ref();
    present.or_else(|| before().map(|review| (review, false)))
}

fn line(number: usize, item: &Medication, now: Moment) -> String {
    let mut parts = vec![item.name.clone()];
    if item.sort == MedicationSort::Supplement {
        parts.push("supplement".to_owned());
    }
    if !item.what_for.is_empty() {
        parts.push(format!("for {}", item.what_for));
    }
    if let Some(at) = item.stopped_at {
        parts.push(format!("stopped on {}", format::time(at, now)));
    }
    format!("{number:>3}  {}", parts.join("; "))
}

fn as_value(number: usize, item: &Medication) -> Value {
    json!({
        "number": number,
        "name": item.name,
        "what_for": item.what_for,
        "supplement": item.sort == MedicationSort::Supplement,
        "stopped_at": item.stopped_at,
    })
}
