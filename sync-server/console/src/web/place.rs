//! Addresses of forms whose words are kept, and addresses that signing in may lead to.

use companion_core::domain::guide::{GuideId, Slot};
use companion_core::domain::{DocumentId, ItemId, limits};

use crate::view::guides::LANGUAGES;
use crate::view::shelf::Shelf;

/// A form with something to type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Place(String);

impl Place {
    /// The form that is sent to that address; `None` if it has nothing to type.
    pub(super) fn of(address: &str) -> Option<Self> {
        let parts: Vec<&str> = address.split('/').collect();
        let named = |id: &str| id.parse::<DocumentId>().is_ok();
        let is_language = |tag: &str| LANGUAGES.iter().any(|(known, _)| *known == tag);
        let is_one = match parts.as_slice() {
            ["", "guides", language, guide, "words"] => {
                is_language(language) && guide.parse::<GuideId>().is_ok()
            }
            ["", "guides", language, "rules", slot] => {
                is_language(language) && slot.parse::<Slot>().is_ok()
            }
            ["", "invite" | "release-rules" | "retention"]
            | ["", "safety", "monitoring" | "card" | "rules"] => true,
            [
                "",
                "patients",
                patient,
                set @ ("reminders" | "prompts" | "questions"),
                rest @ ..,
            ] => named(patient) && is_set_here(set, rest),
            ["", set @ ("reminders" | "prompts" | "questions"), rest @ ..] => {
                is_set_here(set, rest)
            }
            [
                "",
                "patients",
                patient,
                "sessions" | "plan" | "pause" | "go-on" | "end" | "summary" | "outcome" | "flags"
                | "dates" | "team" | "correct" | "programme" | "emergency" | "releases",
            ]
            | ["", "patients", patient, "costs", "lines"] => named(patient),
            ["", "patients", patient, "costs", "lines", item] => {
                named(patient) && item.parse::<ItemId>().is_ok()
            }
            ["", "patients", patient, "screening", "findings" | "items"] => named(patient),
            ["", "patients", patient, "sessions", session, "medicine"]
            | [
                "",
                "patients",
                patient,
                "sessions",
                session,
                "medicine",
                "readings",
            ] => named(patient) && named(session),
            ["", "patients", patient, "sessions", id]
            | [
                "",
                "patients",
                patient,
                "sessions",
                id,
                "call-off" | "correct",
            ]
            | ["", "patients", patient, "flags", id, "close" | "reopen"] => {
                named(patient) && named(id)
            }
            ["", "patients", patient, shelf, id, "reply"] => {
                Shelf::named(shelf).is_some() && named(patient) && named(id)
            }
            ["", "patients", patient, "safety-plans", plan, "lines"] => {
                named(patient) && named(plan)
            }
            ["", "patients", patient, "safety-plans", plan, "lines", item] => {
                named(patient) && named(plan) && item.parse::<ItemId>().is_ok()
            }
            _ => false,
        };
        is_one.then(|| Self(address.to_owned()))
    }

    pub(super) fn as_str(&self) -> &str {
        &self.0
    }

    /// The page that the form stands on.
    pub(super) fn page(&self) -> &str {
        if let Some((page, _)) = self.0.split_once("/flags") {
            return page;
        }
        match self.0.rsplit_once('/') {
            // The form that adds a line of a safety plan is a page of its own.
            Some((page, "lines")) if page.contains("/safety-plans/") => &self.0,
            Some((
                page,
                "sessions" | "plan" | "pause" | "go-on" | "end" | "summary" | "lines" | "reply"
                | "monitoring" | "card" | "rules" | "call-off" | "findings" | "items" | "readings"
                | "limits" | "team" | "correct" | "programme",
            )) => page,
            _ => &self.0,
        }
    }
}

/// Whether there is such a form of what is set for all patients or for one, below the page of it.
fn is_set_here(set: &str, below: &[&str]) -> bool {
    let is_name = |name: &str| {
        let plain = |letter: u8| matches!(letter, b'a'..=b'z' | b'0'..=b'9' | b'_');
        (1..=limits::WORD).contains(&name.len()) && name.bytes().all(plain)
    };
    match (set, below) {
        ("prompts" | "questions", []) | ("reminders", ["limits" | "rules"]) => true,
        ("prompts", [prompt]) => is_name(prompt),
        ("reminders", ["rules", rule]) => is_name(rule),
        _ => false,
    }
}

/// The page to come back to after signing in, for a request that came too late.
pub(super) fn page_to_come_back_to(is_form: bool, path: &str, query: Option<&str>) -> String {
    if !is_form {
        return match query {
            Some(query) => format!("{path}?{query}"),
            None => path.to_owned(),
        };
    }
    let place = Place::of(path);
    if let Some(place) = &place {
        return place.page().to_owned();
    }
    let parts: Vec<&str> = path.split('/').collect();
    match parts.as_slice() {
        ["", "patients", patient, "words" | "reinvite"] => {
            format!("/patients/{patient}/invitation")
        }
        ["", "patients", patient, "dates" | "visits", ..] => format!("/patients/{patient}/dates"),
        ["", "patients", patient, "screening", ..] => format!("/patients/{patient}/screening"),
        ["", "patients", patient, "sessions", session, "medicine", ..] => {
            format!("/patients/{patient}/sessions/{session}/medicine")
        }
        ["", "patients", patient, "sessions", session, ..] => {
            format!("/patients/{patient}/sessions/{session}")
        }
        [
            "",
            "patients",
            patient,
            page @ ("reminders" | "prompts" | "questions" | "wordings" | "costs" | "releases"),
            ..,
        ] => format!("/patients/{patient}/{page}"),
        ["", "patients", patient, shelf, id, ..] if Shelf::named(shelf).is_some() => {
            format!("/patients/{patient}/{shelf}/{id}")
        }
        ["", "patients", patient, ..] => format!("/patients/{patient}"),
        [
            "",
            page @ ("wordings" | "safety" | "reminders" | "prompts" | "questions" | "guides"
            | "people" | "calendar"),
            ..,
        ] => format!("/{page}"),
        ["", "roles", ..] => "/people".to_owned(),
        _ => "/".to_owned(),
    }
}

/// The same address if it is one of a page of this console, and the caseload if it is anything else:
/// what stands in a link to the sign-in page may come from anybody.
pub(super) fn own_page(address: &str) -> &str {
    let (path, query) = address.split_once('?').unwrap_or((address, ""));
    let plain = |letter: char| letter.is_ascii_alphanumeric() || "-_".contains(letter);
    let mut parts = path.split('/');
    let is_rooted = parts.next() == Some("");
    let is_page = match parts.next() {
        Some("") => parts.next().is_none(),
        Some(
            "invite" | "patients" | "safety" | "reminders" | "prompts" | "guides" | "questions"
            | "wordings" | "people" | "release-rules" | "retention" | "calendar",
        ) => parts.all(|part| !part.is_empty() && part.chars().all(plain)),
        _ => false,
    };
    let is_query = query
        .chars()
        .all(|letter| plain(letter) || "=&.~%+".contains(letter));
    if is_rooted && is_page && is_query {
        address
    } else {
        "/"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_forms_with_something_to_type_are_places() {
        let id = "0b".repeat(16);
        for (address, page) in [
            ("/invite".to_owned(), "/invite".to_owned()),
            (
                format!("/patients/{id}/sessions"),
                format!("/patients/{id}"),
            ),
            (
                format!("/patients/{id}/sessions/{id}"),
                format!("/patients/{id}/sessions/{id}"),
            ),
            (
                format!("/patients/{id}/sessions/{id}/call-off"),
                format!("/patients/{id}/sessions/{id}"),
            ),
            (format!("/patients/{id}/plan"), format!("/patients/{id}")),
            ("/safety/monitoring".to_owned(), "/safety".to_owned()),
            (format!("/patients/{id}/flags"), format!("/patients/{id}")),
            (
                format!("/patients/{id}/dates"),
                format!("/patients/{id}/dates"),
            ),
            (
                format!("/patients/{id}/flags/{id}/close"),
                format!("/patients/{id}"),
            ),
            (
                format!("/patients/{id}/flags/{id}/reopen"),
                format!("/patients/{id}"),
            ),
            (
                format!("/patients/{id}/costs/lines"),
                format!("/patients/{id}/costs"),
            ),
            (
                format!("/patients/{id}/costs/lines/{id}"),
                format!("/patients/{id}/costs/lines/{id}"),
            ),
            (
                format!("/patients/{id}/screening/findings"),
                format!("/patients/{id}/screening"),
            ),
            (
                format!("/patients/{id}/sessions/{id}/medicine"),
                format!("/patients/{id}/sessions/{id}/medicine"),
            ),
            (
                format!("/patients/{id}/sessions/{id}/medicine/readings"),
                format!("/patients/{id}/sessions/{id}/medicine"),
            ),
            (
                format!("/patients/{id}/check-ins/{id}/reply"),
                format!("/patients/{id}/check-ins/{id}"),
            ),
            (
                format!("/patients/{id}/goals/{id}/reply"),
                format!("/patients/{id}/goals/{id}"),
            ),
            (
                format!("/patients/{id}/safety-plans/{id}/lines"),
                format!("/patients/{id}/safety-plans/{id}/lines"),
            ),
            (
                format!("/patients/{id}/safety-plans/{id}/lines/{id}"),
                format!("/patients/{id}/safety-plans/{id}/lines/{id}"),
            ),
        ] {
            assert_eq!(Place::of(&address).as_ref().map(Place::page), Some(&*page));
        }
        for address in [
            "",
            "/",
            "/sign-in",
            "invite",
            "/invite/",
            "/patients/x/sessions",
            "/safety",
            "/safety/rules/x/retire",
            &format!("/patients/{id}/phase"),
            &format!("/patients/{id}/sessions/{id}/put-back"),
            &format!("/patients/{id}/flags/{id}/acknowledge"),
            &format!("/patients/{id}/costs"),
            &format!("/patients/{id}/costs/lines/x"),
            &format!("/patients/{id}/costs/lines/{id}/remove"),
            &format!("/patients/{id}/entries/{id}/reviewed"),
            &format!("/patients/{id}/nothing-of-ours/{id}/reply"),
            &format!("/patients/{id}/safety-plans/{id}/lines/{id}/remove"),
        ] {
            assert_eq!(Place::of(address), None, "{address}");
        }
    }

    #[test]
    fn a_form_that_came_too_late_leads_back_to_its_page() {
        for (path, page) in [
            (
                "/patients/ab/entries/cd/reviewed",
                "/patients/ab/entries/cd",
            ),
            (
                "/patients/ab/safety-plans/cd/lines/ef/remove",
                "/patients/ab/safety-plans/cd",
            ),
            ("/patients/ab/words", "/patients/ab/invitation"),
            ("/patients/ab/devices/cd/remove", "/patients/ab"),
            ("/patients/ab/costs/walked-through", "/patients/ab/costs"),
            (
                "/patients/ab/screening/items/cd/remove",
                "/patients/ab/screening",
            ),
            (
                "/patients/ab/sessions/cd/medicine/show",
                "/patients/ab/sessions/cd/medicine",
            ),
            ("/patients/ab/wordings/cd", "/patients/ab/wordings"),
            ("/wordings/cd", "/wordings"),
            ("/reminders/rules/leave/back", "/reminders"),
            ("/patients/ab/reminders/for-all", "/patients/ab/reminders"),
            ("/patients/ab/flags/cd/acknowledge", "/patients/ab"),
            ("/patients/ab/sessions/cd/move", "/patients/ab/sessions/cd"),
            ("/patients/ab/visits/cd/move", "/patients/ab/dates"),
            ("/safety/rules/ab/retire", "/safety"),
            ("/warnings/3/dismiss", "/"),
            ("/invite", "/invite"),
        ] {
            assert_eq!(page_to_come_back_to(true, path, None), page);
        }
        assert_eq!(
            page_to_come_back_to(false, "/", Some("show=all&q=a")),
            "/?show=all&q=a"
        );
    }
}
