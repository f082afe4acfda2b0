//! Who works here, with which role, and what each role may see and change.

use companion_core::domain::Moment;
use maud::{Markup, html};

use crate::accounts::{Area, Emergency, Person, Right, Rights, Role};
use crate::view::form::{self, Field};
use crate::view::frame::Frame;
use crate::view::layout::{self, NavItem};
use crate::view::name::name;
use crate::view::sentence::capital;
use crate::view::time;
use crate::view::{releases, retention};

/// Everything on the page.
#[derive(Clone, Debug)]
pub struct People {
    /// Everybody, by name.
    pub people: Vec<Person>,
    /// What each role may do.
    pub roles: Vec<(Role, Rights)>,
    /// Records that were opened in an emergency, newest first, each with the patient's name.
    pub emergencies: Vec<(Emergency, String)>,
}

/// The page.
pub fn page(frame: &Frame, all: &People) -> Markup {
    layout::page(
        frame,
        "People and roles",
        NavItem::People,
        None,
        &html! {
            div class="intro" {
                h1 { "People and roles" }
                p { "These rules are kept by this console. Whoever has the clinic’s computer and its key can read everything that patients shared." }
            }
            section class="card" aria-labelledby="people" {
                h2 id="people" { "People" }
                p class="quiet" { "People are added at the clinic’s computer: " code { "clinic-console clinician add" } "." }
                ul class="plainly" { @for person in &all.people { li class="part" { (one(frame, person)) } } }
            }
            @for (role, rights) in &all.roles { (of_role(frame, *role, rights)) }
            (emergencies(frame, &all.emergencies))
            @if frame.sight.rights.may_read(Area::Settings) {
                // A line each: of two long links in one, a narrow page breaks the second where the first still is.
                ul class="plainly" {
                    li { a href=(retention::ADDRESS) { "What the server keeps after a patient ended their account" } }
                    li { a href=(releases::RULES) { "Rules for releases" } }
                }
            }
        },
    )
}

/// What a form about a person shows, for the digest that it carries.
pub fn shown_of(person: &Person) -> (&'static str, Option<i64>) {
    (person.role.as_str(), person.ended_ms)
}

fn one(frame: &Frame, person: &Person) -> Markup {
    let address = format!("/people/{}", person.id);
    let options = Role::ALL.map(|role| (role.as_str(), role.label()));
    let field = format!("role-{}", person.id);
    html! {
        h3 { (name(&person.name)) }
        @if let Some(ended) = person.ended_ms {
            p { (capital(person.role.label())) ". Access ended " (time::at(frame.here(ended), frame.now)) "." }
            form class="inline" method="post" action=(format!("{address}/again")) {
                (form::seen(&shown_of(person)))
                button type="submit" { "Give access again" span class="visually-hidden" { " to " (person.name) } }
            }
        } @else {
            form class="inline" method="post" action=(format!("{address}/role")) {
                (form::seen(&shown_of(person)))
                (form::choice_under(&field, "role", "Role", &options, &Field::of(person.role.as_str())))
                button type="submit" { "Set role" span class="visually-hidden" { " of " (person.name) } }
            }
            form class="inline" method="post" action=(format!("{address}/end-access")) {
                (form::seen(&shown_of(person)))
                button type="submit" class="quietly" { "End access" span class="visually-hidden" { " of " (person.name) } }
            }
        }
    }
}

/// What one role may do: fixed for the lead, a form for the others.
fn of_role(frame: &Frame, role: Role, rights: &Rights) -> Markup {
    let id = format!("role-{}", role.as_str());
    let options = Right::ALL.map(|right| (right.as_str(), right_label(right)));
    html! {
        section class="card" aria-labelledby=(id) {
            h2 id=(id) { (capital(role.label())) }
            @if role == Role::Lead {
                p { "Reads and changes everything. Somebody always is clinic lead." }
            } @else {
                form method="post" action=(format!("/roles/{}", role.as_str())) {
                    (form::once(frame))
                    (form::seen(&shown(rights)))
                    div class="rights" {
                        @for area in Area::all() {
                            @let label = area.label();
                            (form::choice_under(&format!("{}-{}", role.as_str(), area.as_str()), area.as_str(), label, &options, &Field::of(rights.to(area).as_str())))
                        }
                    }
                    button type="submit" { "Set what a " (role.label()) " may do" }
                }
            }
        }
    }
}

/// What a form of rights shows, for the digest that it carries.
pub fn shown(rights: &Rights) -> Vec<(&'static str, &'static str)> {
    let words = |area: Area| (area.as_str(), rights.to(area).as_str());
    Area::all().map(words).collect()
}

const fn right_label(right: Right) -> &'static str {
    match right {
        Right::None => "not shown",
        Right::Read => "may read",
        Right::Change => "may read and change",
    }
}

fn emergencies(frame: &Frame, all: &[(Emergency, String)]) -> Markup {
    html! {
        section class="card" aria-labelledby="emergencies" {
            h2 id="emergencies" { "Opened in an emergency" }
            @if all.is_empty() { p class="quiet" { "No record was opened in an emergency." } }
            @else {
                ul class="plainly" {
                    @for (one, patient) in all {
                        @let at: Moment = frame.here(one.at_ms);
                        li { (name(&one.by)) " opened the record of " a href=(format!("/patients/{}", one.patient)) { (patient) } " "
                            (time::at(at, frame.now)) ": " span dir="auto" { (one.reason) }
                            @if let Some((at, by)) = &one.ended {
                                span class="quiet" { " · ended by " (name(by)) " " (time::at(frame.here(*at), frame.now)) }
                            }
                            @if one.is_running {
                                form class="inline" method="post" action=(format!("/people/emergencies/{}/end", one.id)) {
                                    button type="submit" class="quietly" { "End it now" span class="visually-hidden" { ": " (one.by) ", the record of " (patient) } }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}
