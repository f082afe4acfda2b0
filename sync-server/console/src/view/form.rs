//! Form fields: a label, what was typed, and what is wrong with it in plain words beside it.

use std::collections::BTreeMap;

use companion_core::domain::Revision;
use companion_core::records::Seen;
use maud::{Markup, html};
use serde::Serialize;

use crate::view::frame::Frame;

/// The name of the field that makes a form count once.
pub const ONCE: &str = "once";

/// The field that makes a form count once, however often it is sent from this page. In every form that
/// makes something; not where it sets something, which may be set back and set again.
pub fn once(frame: &Frame) -> Markup {
    html! { input type="hidden" name=(ONCE) value=(frame.once); }
}

/// The name of the field that tells which part of a document a page showed.
pub const SEEN: &str = "seen";

/// The name of the field that tells which version of a whole document a page showed.
pub const REVISION: &str = "revision";

/// Sent with a button, what the page showed of the thing that it is about: where somebody changed that meanwhile,
/// nothing is done.
pub fn seen(shown: &(impl Serialize + ?Sized)) -> Markup {
    seen_as(Seen::of(shown))
}

/// The same, named already.
pub fn seen_as(seen: Seen) -> Markup {
    html! { input type="hidden" name=(SEEN) value=(seen); }
}

/// The same of a form with fields, whose values hold what was shown when it was first drawn.
pub fn seen_before(form: &Form) -> Markup {
    html! { input type="hidden" name=(SEEN) value=(form.value(SEEN)); }
}

/// The same of a whole document, of which a form with fields holds what was shown when it was first drawn.
pub fn revision_before(form: &Form) -> Markup {
    html! { input type="hidden" name=(REVISION) value=(form.value(REVISION)); }
}

/// The same of a whole document.
pub fn revision(shown: &Revision) -> Markup {
    html! { input type="hidden" name=(REVISION) value=(shown); }
}

/// The name of the field that tells what a field showed before anybody typed.
pub fn was(name: &str) -> String {
    format!("was_{name}")
}

/// What the fields of settings showed, sent along with what is typed: so a form that stood open while somebody
/// else changed the same settings does not undo what it never touched.
pub fn shown(names: &[&str], form: &Form) -> Markup {
    html! {
        @for name in names { input type="hidden" name=(was(name)) value=(form.value(&was(name))); }
    }
}

/// What was typed into a whole form, and what is wrong with it.
#[derive(Clone, Debug, Default)]
pub struct Form {
    values: BTreeMap<String, String>,
    is_kept: bool,
    is_refused: bool,
    errors: BTreeMap<&'static str, String>,
}

impl Form {
    /// What was typed, by the names of the fields; nothing wrong so far.
    pub const fn of(values: BTreeMap<String, String>) -> Self {
        Self {
            values,
            is_kept: false,
            is_refused: false,
            errors: BTreeMap::new(),
        }
    }

    /// The same, kept as a draft on the clinic's computer.
    #[must_use]
    pub fn kept(mut self) -> Self {
        self.is_kept = true;
        self
    }

    /// The same, sent and not done for something that is about no field of it.
    #[must_use]
    pub fn refused(mut self) -> Self {
        self.is_refused = true;
        self
    }

    /// Whether somebody's words wait in it, so that it is shown open where it is else folded.
    pub fn is_waiting(&self) -> bool {
        self.is_wrong() || self.is_kept || self.is_refused
    }

    /// Whether nothing but white space was typed.
    pub fn is_empty(&self) -> bool {
        self.values.values().all(|typed| typed.trim().is_empty())
    }

    /// Whether it is kept as a draft.
    pub const fn is_kept(&self) -> bool {
        self.is_kept
    }

    /// All that was typed, by the names of the fields.
    pub const fn values(&self) -> &BTreeMap<String, String> {
        &self.values
    }

    /// The same with something in a field.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<String>) -> Self {
        self.values.insert(name.to_owned(), value.into());
        self
    }

    /// The same, with what it shows of the thing that it is about, if there is one yet: see [`seen`].
    #[must_use]
    pub fn showing(self, shown: Option<&impl Serialize>) -> Self {
        match shown {
            Some(shown) => self.with(SEEN, Seen::of(shown).to_string()),
            None => self,
        }
    }

    /// The same, with what each field holds as what is shown in it: see [`shown`].
    #[must_use]
    pub fn as_shown(mut self) -> Self {
        let held: Vec<_> = self
            .values
            .iter()
            .map(|(name, value)| (was(name), value.clone()))
            .collect();
        self.values.extend(held);
        self
    }

    /// Puts something into a field.
    pub fn set(&mut self, name: &str, value: impl Into<String>) {
        self.values.insert(name.to_owned(), value.into());
    }

    /// Whether the form was sent with a field of that name.
    pub fn has(&self, name: &str) -> bool {
        self.values.contains_key(name)
    }

    /// As typed; empty where nothing was.
    pub fn value(&self, name: &str) -> &str {
        self.values.get(name).map_or("", String::as_str)
    }

    /// Says what is wrong with a field, in a sentence to stand beside it.
    pub fn wrong(&mut self, name: &'static str, error: impl Into<String>) {
        self.errors.insert(name, error.into());
    }

    /// Whether something in it is wrong.
    pub fn is_wrong(&self) -> bool {
        !self.errors.is_empty()
    }

    /// One field, to show.
    pub fn field(&self, name: &str) -> Field {
        Field {
            value: self.value(name).to_owned(),
            is_kept: self.is_kept,
            error: self.errors.get(name).cloned(),
        }
    }
}

/// What was typed into a field, and what is wrong with it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Field {
    /// As typed.
    pub value: String,
    /// Whether it is kept as a draft on the clinic's computer.
    pub is_kept: bool,
    /// In plain words; `None` when fine or not yet checked.
    pub error: Option<String>,
}

impl Field {
    /// A field with something in it and nothing wrong so far.
    pub fn of(value: impl Into<String>) -> Self {
        Self {
            value: value.into(),
            is_kept: false,
            error: None,
        }
    }

    /// The same with an error beside it.
    #[must_use]
    pub fn wrong(mut self, error: impl Into<String>) -> Self {
        self.error = Some(error.into());
        self
    }
}

/// How a one-line field looks.
#[derive(Clone, Copy, Debug)]
pub struct Line<'a> {
    /// `name` and `id`.
    pub name: &'a str,
    /// The label.
    pub label: &'a str,
    /// Shown under the label; may be empty.
    pub hint: &'a str,
    /// `type` of the input.
    pub kind: &'a str,
    /// `autocomplete` of the input.
    pub autocomplete: &'a str,
    /// Whether it must be filled in.
    pub required: bool,
}

impl Default for Line<'_> {
    fn default() -> Self {
        Self {
            name: "",
            label: "",
            hint: "",
            kind: "text",
            autocomplete: "off",
            required: false,
        }
    }
}

/// A one-line field.
pub fn line(look: Line<'_>, field: &Field) -> Markup {
    line_under(look.name, look, field)
}

/// A one-line field under an id of its own, for a form that a page has more than once.
pub fn line_under(id: &str, look: Line<'_>, field: &Field) -> Markup {
    let described = described_by(id, !look.hint.is_empty(), field);
    html! {
        div class="field" {
            label for=(id) {
                (look.label)
                @if !look.required { span class="optional" { " (optional)" } }
            }
            (hint(id, look.hint))
            input type=(look.kind) id=(id) name=(look.name) value=[(look.kind != "password").then_some(&field.value)]
                autocomplete=(look.autocomplete) required[look.required]
                aria-invalid=[field.error.as_ref().map(|_| "true")] aria-describedby=[described];
            (error(id, field))
        }
    }
}

/// A many-line field under an id of its own, so that a sent text can be replaced by a fresh field.
pub fn text(id: &str, name: &str, label: &str, hint_text: &str, field: &Field) -> Markup {
    many_lines(id, name, label, hint_text, field, Needed::Yes)
}

/// A many-line field that may stay empty.
pub fn optional_text(name: &str, label: &str, hint_text: &str, field: &Field) -> Markup {
    many_lines(name, name, label, hint_text, field, Needed::No)
}

/// Whether a field must be filled in.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Needed {
    Yes,
    No,
}

fn many_lines(
    id: &str,
    name: &str,
    label: &str,
    hint_text: &str,
    field: &Field,
    needed: Needed,
) -> Markup {
    let described = described_by(id, !hint_text.is_empty(), field);
    html! {
        div class="field" {
            label for=(id) { (label) }
            (hint(id, hint_text))
            textarea id=(id) name=(name) rows="5" required[needed == Needed::Yes]
                aria-invalid=[field.error.as_ref().map(|_| "true")] aria-describedby=[described] {
                // A browser drops one newline after the tag; this one is for that.
                "\n" (field.value)
            }
            (error(id, field))
        }
    }
}

/// Says whether what was typed into a form is kept, and keeps saying it while somebody types
/// (`live.js`).
pub fn keeping(is_kept: bool) -> Markup {
    html! {
        p class="hint" data-keeping aria-live="polite" data-kept=(KEPT) data-lost=(NOT_KEPT) {
            @if is_kept { (KEPT) }
        }
    }
}

/// Throws a draft away, where there is one.
pub fn discard(place: &str, is_kept: bool) -> Markup {
    html! {
        @if is_kept {
            form method="post" action=(format!("/drafts/discard?of={}", crate::web::address::encode(place))) {
                button class="quietly" type="submit" { "Throw the draft away" }
            }
        }
    }
}

const KEPT: &str = "Kept as your draft, not sent yet. Nobody else is shown it.";
const NOT_KEPT: &str = "This could not be kept: the console can’t be reached. It stands only here.";

/// A field to choose from a few words.
pub fn choice(name: &str, label: &str, options: &[(&str, &str)], field: &Field) -> Markup {
    choice_under(name, name, label, options, field)
}

/// The same under an id of its own, where the page has several of one name.
pub fn choice_under(
    id: &str,
    name: &str,
    label: &str,
    options: &[(&str, &str)],
    field: &Field,
) -> Markup {
    html! {
        div class="field" {
            label for=(id) { (label) }
            select id=(id) name=(name) aria-invalid=[field.error.as_ref().map(|_| "true")]
                aria-describedby=[described_by(id, false, field)] {
                @for (value, word) in options {
                    option value=(value) selected[*value == field.value] { (word) }
                }
            }
            (error(id, field))
        }
    }
}

/// What a checkbox sends.
pub const CHECKED: &str = "yes";

/// A checkbox.
pub fn check(name: &str, label: &str, form: &Form) -> Markup {
    html! {
        label { input type="checkbox" name=(name) value=(CHECKED) checked[form.value(name) == CHECKED]; " " (label) }
    }
}

fn described_by(id: &str, with_hint: bool, field: &Field) -> Option<String> {
    match (with_hint, field.error.is_some()) {
        (true, true) => Some(format!("{id}-hint {id}-error")),
        (true, false) => Some(format!("{id}-hint")),
        (false, true) => Some(format!("{id}-error")),
        (false, false) => None,
    }
}

fn hint(id: &str, text: &str) -> Markup {
    html! {
        @if !text.is_empty() { p class="hint" id=(format!("{id}-hint")) { (text) } }
    }
}

/// What is wrong with a field; nothing where nothing is.
pub fn error(id: &str, field: &Field) -> Markup {
    html! {
        @if let Some(error) = &field.error {
            p class="error" id=(format!("{id}-error")) { span aria-hidden="true" { "▲ " } (error) }
        }
    }
}
