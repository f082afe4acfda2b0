//! Every kind that a patient reads has a list here, every kind that they write by the verbs for all kinds can be
//! written here, and what has no list says why.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use companion_core::domain::{Content, KindVisitor, Placement, Side, Writers, visit_kinds};

/// Kinds that a phone holds and that no list shows, each with the reason.
const NOT_LISTED: &[(&str, &str)] = &[
    ("read_receipt", "the head of what was opened says by whom"),
    ("delivery_receipt", "the head of what arrived says so"),
    (
        "attachment_receipt",
        "an attachment's own view says how far it got",
    ),
    (
        "deletion",
        "machines tell each other; what was deleted is not shown",
    ),
    (
        "device",
        "`devices` puts it beside what the record's members prove",
    ),
    (
        "evidence",
        "machines tell each other; a warning says what it is of",
    ),
    ("member_keys", "machines tell each other"),
    ("space_grant", "machines tell each other"),
    (
        "imported_record",
        "machines remember that an export was read in",
    ),
    ("former_document", "`former_record` reads what is inside"),
    ("access", "`access_log` puts the looks in order"),
    (
        "clinic_profile",
        "`status` tells the name and the server, `before_ending` the days",
    ),
    (
        "guide_text",
        "`guides` shows each guide in the words that count",
    ),
    ("guide_slot", "`guides` fills it into the guides"),
    (
        "use_questions",
        "`use_questions` asks in the words that count",
    ),
];

/// Kinds that a patient writes by verbs of their own, so that their lists have none, each with the verb.
const OWN_VERBS: &[(&str, &str)] = &[
    ("response", "begin_measure"),
    ("guide_progress", "mark_guide"),
    ("medication_list", "add_medicine"),
    ("anything_new", "say_what_is_new"),
    ("cost_acknowledgement", "acknowledge_costs"),
    ("session_preparation", "prepare"),
    ("kept_private", "keep_private"),
    ("sharing_wish", "create_for_later"),
    ("safety_plan", "change_safety_plan"),
    ("use_check", "check_use"),
    ("reminder_preferences", "choose_reminders"),
    ("release_declined", "decline_release"),
    ("account_end", "end_account"),
];

/// Kinds that a patient keeps private or shares by verbs of their own.
const SHARED_BY_OWN_VERBS: &[(&str, &str)] = &[("safety_plan", "share_safety_plan")];

/// What the core declares of one kind.
struct Declared {
    kind: String,
    placement: Placement,
    writers: Writers,
    has_own_verbs: bool,
}

impl Declared {
    fn is_on_a_phone(&self) -> bool {
        self.placement != Placement::Clinic
    }
}

/// The core's registry, by the names of its types.
#[derive(Default)]
struct Registry(BTreeMap<String, Declared>);

impl KindVisitor for Registry {
    fn visit<T: Content>(&mut self) {
        let path = std::any::type_name::<T>();
        let name = path.rsplit("::").next().unwrap().to_owned();
        let declared = Declared {
            kind: T::KIND.to_string(),
            placement: T::PLACEMENT,
            writers: T::WRITERS,
            has_own_verbs: T::HAS_OWN_VERBS,
        };
        assert!(
            self.0.insert(name, declared).is_none(),
            "two kinds are called {path}"
        );
    }
}

fn registry() -> BTreeMap<String, Declared> {
    let mut registry = Registry::default();
    visit_kinds(&mut registry);
    registry.0
}

/// What the sources here declare: the types of the core's that have a list, and the verbs of each list.
#[derive(Debug, Default)]
struct Here {
    /// List, by the type of the core's.
    listed: BTreeMap<String, String>,
    written: BTreeSet<String>,
    shared: BTreeSet<String>,
    /// Lists that the record hands out.
    handed_out: BTreeSet<String>,
}

fn here() -> Here {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut here = Here::default();
    for file in std::fs::read_dir(source.join("kinds")).unwrap() {
        let path = file.unwrap().path();
        if path.file_name().unwrap() == "macros.rs" {
            continue;
        }
        for line in std::fs::read_to_string(path).unwrap().lines() {
            read(line, &mut here);
        }
    }
    let lists = std::fs::read_to_string(source.join("record/lists.rs")).unwrap();
    let (_, lists) = lists.split_once("\nlists! {").unwrap();
    let lines = lists.lines().filter(|line| !line.trim().starts_with("//"));
    for (_, list) in lines.filter_map(|line| line.split_once(": ")) {
        here.handed_out
            .insert(list.trim_end_matches(',').to_owned());
    }
    here
}

/// `Goals of Goal as GoalView in GoalPage {`, `Goals of Goal as GoalView from GoalRequest, new …`,
/// `shares! { Journal of Entry as EntryView … }`.
fn read(line: &str, here: &mut Here) {
    let words: Vec<&str> = line.split_whitespace().collect();
    let of = |list: &str, core: &str| (core.to_owned(), list.to_owned());
    match &*words {
        [list, "of", core, "as", _, "in", ..] => here.listed.extend([of(list, core)]),
        [_, "of", core, "as", _, "from", ..] => here.written.extend([(*core).to_owned()]),
        ["shares!", "{", _, "of", core, ..] => here.shared.extend([(*core).to_owned()]),
        _ => {}
    }
}

fn reason<'a>(reasons: &[(&str, &'a str)], kind: &str) -> Option<&'a str> {
    let mut reasons = reasons.iter();
    reasons
        .find(|(named, _)| *named == kind)
        .map(|(_, why)| *why)
}

#[test]
fn every_kind_on_a_phone_has_a_list_or_a_reason() {
    let (registry, here) = (registry(), here());
    assert!(
        here.listed.len() > 30,
        "the sources are not being read: {here:?}"
    );
    for (name, declared) in &registry {
        let is_listed = here.listed.contains_key(name);
        let why_not = reason(NOT_LISTED, &declared.kind);
        match declared.is_on_a_phone() {
            true => assert!(
                is_listed != why_not.is_some(),
                "{name} needs a list or a reason, and not both: listed {is_listed}, {why_not:?}"
            ),
            false => assert!(!is_listed && why_not.is_none(), "{name} is on no phone"),
        }
    }
    for (core, list) in &here.listed {
        assert!(registry.contains_key(core), "{list} is of no kind");
        assert!(
            here.handed_out.contains(list),
            "the record hands out no {list}"
        );
    }
}

#[test]
fn every_kind_that_a_patient_writes_can_be_written_or_names_its_verb() {
    let (registry, here) = (registry(), here());
    for (name, declared) in &registry {
        let is_generic = declared.is_on_a_phone()
            && declared.writers.include(Side::Patient)
            && !declared.has_own_verbs
            && reason(NOT_LISTED, &declared.kind).is_none();
        let is_written = here.written.contains(name);
        let own_verb = reason(OWN_VERBS, &declared.kind);
        assert_eq!(
            is_written || own_verb.is_some(),
            is_generic,
            "{name}: written here {is_written}, by {own_verb:?}"
        );
        assert!(
            !is_written || own_verb.is_none(),
            "{name} has two ways to be written"
        );
    }
}

#[test]
fn every_kind_of_which_a_patient_chooses_who_reads_it_can_be_shared() {
    let (registry, here) = (registry(), here());
    for (name, declared) in &registry {
        let is_shared = here.shared.contains(name);
        let own_verb = reason(SHARED_BY_OWN_VERBS, &declared.kind);
        assert_eq!(
            is_shared != own_verb.is_some(),
            declared.placement == Placement::ByVisibility,
            "{name}: shared here {is_shared}, by {own_verb:?}"
        );
    }
}

#[test]
fn every_reason_is_about_a_kind_that_there_is() {
    let kinds: BTreeSet<String> = registry()
        .into_values()
        .map(|declared| declared.kind)
        .collect();
    for (kind, why) in [NOT_LISTED, OWN_VERBS, SHARED_BY_OWN_VERBS].concat() {
        assert!(kinds.contains(kind), "there is no {kind}: {why}");
    }
}
