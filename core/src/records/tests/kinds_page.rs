//! The part of `core/KINDS.md` that says what each kind holds is written from the registry, so that it
//! can't say anything else than the program does.

mod sorts;

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use serde_json::Value;
use sorts::{Sort, sort_of};

use crate::domain::{
    Belongs, Content, Field, KindVisitor, Merge, Placement, Projection, Writers, visit_kinds,
};

const BEGIN: &str = "<!-- written from the registry: begin -->\n";
const END: &str = "<!-- written from the registry: end -->\n";

fn page() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("KINDS.md")
}

/// The page before the part that is written, that part, and the page after it.
fn parts(page: &str) -> (&str, &str, &str) {
    let (before, rest) = page
        .split_once(BEGIN)
        .expect("the page has a beginning mark");
    let (written, after) = rest.split_once(END).expect("the page has an end mark");
    (before, written, after)
}

fn written() -> String {
    struct Visit(String);
    impl KindVisitor for Visit {
        fn visit<T: Content>(&mut self) {
            self.0.push_str(&section::<T>());
        }
    }
    let mut visit = Visit("\n".to_owned());
    visit_kinds(&mut visit);
    visit.0
}

fn section<T: Content>() -> String {
    let lives = match T::PLACEMENT {
        Placement::Care => "the care space",
        Placement::Private => "the private space",
        Placement::Clinic => "the clinic space",
        Placement::CareOrPrivate => "the space that it speaks of, care or private",
        Placement::ByVisibility => {
            "the private space where `visibility` is `only_me`, else the care space"
        }
    };
    let writers = match T::WRITERS {
        Writers::Patient => "the patient's side",
        Writers::Clinic => "the clinic's side",
        Writers::Both => "both sides",
    };
    let belongs = match T::BELONGS {
        Belongs::To(section) => format!("`{}`", section.as_str()),
        Belongs::WithItsSubject => "that of what it is about".to_owned(),
        Belongs::ToNone => "none".to_owned(),
    };
    let to_be_seen = if T::TO_BE_SEEN { "yes" } else { "no" };
    let mut text = format!(
        "### `{}`\n\nLives in: {lives}. Written by: {writers}. Section of the record: {belongs}. New to the clinic until somebody there saw it: {to_be_seen}.\n\n\
         | field | shape | type and limit | |\n|---|---|---|---|\n",
        T::KIND
    );
    for field in T::SHAPE.fields {
        let sort = sort_of(T::KIND.as_str(), field.name);
        let needed = if is_needed::<T>(field) {
            "needed"
        } else {
            "may be missing"
        };
        let (name, shape) = (field.name, shape(field.merge));
        writeln!(
            text,
            "| `{name}` | {shape} | {} | {needed} |",
            sort.described()
        )
        .unwrap();
    }
    let example = serde_json::to_string_pretty(&sorted(&example::<T>())).unwrap();
    write!(text, "\n```json\n{example}\n```\n\n").unwrap();
    text
}

fn shape(merge: Merge) -> String {
    match merge {
        Merge::Value => "plain".to_owned(),
        Merge::Text => "text".to_owned(),
        Merge::Set => "set".to_owned(),
        Merge::Map => "map".to_owned(),
        Merge::Ordered(item) => {
            let fields = item
                .iter()
                .map(|field| format!("`{}`: {}", field.name, shape(field.merge)));
            format!(
                "ordered list of ({})",
                fields.collect::<Vec<_>>().join(", ")
            )
        }
    }
}

fn example<T: Content>() -> Projection {
    T::examples()[0].to_projection().unwrap()
}

/// In the order of names, whatever order the maps of this build keep.
fn sorted(fields: &Projection) -> std::collections::BTreeMap<&String, &Value> {
    fields.iter().collect()
}

/// Whether a reader that knows the kind can do nothing with a document without that field.
fn is_needed<T: Content>(field: &Field) -> bool {
    let mut fields = example::<T>();
    fields.remove(field.name);
    T::from_projection(&fields).is_err()
}

/// Whether a person could save that value in that field.
fn takes<T: Content>(field: &Field, value: &Value) -> bool {
    let mut fields = example::<T>();
    fields.insert(field.name.to_owned(), value.clone());
    T::from_projection(&fields).is_ok_and(|content| content.checked().is_ok())
}

#[test]
fn the_page_of_kinds_says_what_the_registry_says() {
    let page = std::fs::read_to_string(page()).unwrap();
    assert_eq!(
        parts(&page).1,
        written(),
        "write the page again: see `write_the_kinds_page`"
    );
}

#[test]
fn each_field_takes_just_what_the_page_says_of_it() {
    struct Visit(Vec<String>);
    impl KindVisitor for Visit {
        fn visit<T: Content>(&mut self) {
            for field in T::SHAPE.fields {
                let (taken, refused) = sort_of(T::KIND.as_str(), field.name).probes();
                assert!(!taken.is_empty() && !refused.is_empty());
                let mut wrong = |value: &Value, is: &str| {
                    let value = value.to_string();
                    let short: String = value.chars().take(40).collect();
                    self.0
                        .push(format!("{}.{}: {short} is {is}", T::KIND, field.name));
                };
                for value in taken.iter().filter(|value| !takes::<T>(field, value)) {
                    wrong(value, "refused");
                }
                for value in refused.iter().filter(|value| takes::<T>(field, value)) {
                    wrong(value, "taken");
                }
            }
        }
    }
    let mut visit = Visit(Vec::new());
    visit_kinds(&mut visit);
    assert_eq!(visit.0, [""; 0]);
}

#[test]
fn a_field_that_nobody_described_is_noticed() {
    assert!(std::panic::catch_unwind(|| sort_of("entry", "shoe_size")).is_err());
    assert!(matches!(sort_of("entry", "title"), Sort::Line { .. }));
}

/// Writes the tables into the page: `cargo test -p companion-core --lib write_the_kinds_page --
/// --ignored`. Look at what changed before you keep it.
#[test]
// `cargo test -p companion-core --lib write_the_kinds_page -- --ignored`
#[ignore = "writes a file into the source tree, whenever a kind changed"]
fn write_the_kinds_page() {
    let before = std::fs::read_to_string(page()).unwrap();
    let (head, _, tail) = parts(&before);
    std::fs::write(page(), format!("{head}{BEGIN}{}{END}{tail}", written())).unwrap();
}
