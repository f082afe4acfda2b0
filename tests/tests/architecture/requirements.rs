//! `core/REQUIREMENTS.md` names what exists: all thirty-six requirements, files that are there, and tests
//! that are tests.

use std::collections::BTreeSet;
use std::fs;

use crate::house::House;

const REQUIREMENTS: usize = 36;
const PAGE: &str = "core/REQUIREMENTS.md";

#[test]
fn every_requirement_has_a_home_and_tests_that_exist() {
    let house = House::read();
    let page = fs::read_to_string(house.root.join(PAGE)).unwrap();
    let tests = tests_of(house.sources().iter().map(|(_, text)| text.as_str()));
    assert!(tests.len() > 500, "the tests are not being read");
    let is_there = |file: &str| house.root.join(file).is_file();
    let faults = faults_of(&page, &tests, is_there);
    assert!(faults.is_empty(), "{PAGE}: {faults:#?}");
}

#[test]
fn a_page_that_is_not_true_is_noticed() {
    let tests: BTreeSet<String> = ["it_holds".to_owned()].into();
    let faults = |page: &str| faults_of(page, &tests, |file| file == "core/src/here.rs");
    let section = |number: usize| {
        format!(
            "## R{number} · Something: met\n\n- Where: `core/src/here.rs`\n- Tests: `it_holds`\n\n"
        )
    };
    let whole: String = (1..=REQUIREMENTS).map(section).collect();
    assert_eq!(faults(&whole), Vec::<String>::new());
    for (from, to, fault) in [
        (section(7), String::new(), "R8 stands where R7 should"),
        (section(36), String::new(), "35 requirements"),
        (
            section(3),
            section(3).replace("it_holds", "it_held"),
            "R3 names the test it_held",
        ),
        (
            section(3),
            section(3).replace("here.rs", "gone.rs"),
            "R3 names the file core/src/gone.rs",
        ),
        (
            section(3),
            section(3).replace("- Tests: `it_holds`\n", ""),
            "R3 is met without a test",
        ),
        (
            section(3),
            section(3).replace("- Where: `core/src/here.rs`\n", ""),
            "R3 has no home",
        ),
        (
            section(3),
            section(3).replace(": met", ": partly"),
            "R3 does not say what is missing",
        ),
        (
            section(3),
            section(3) + "- Missing: much.\n",
            "R3 is met and misses something",
        ),
        (
            section(3),
            section(3).replace(": met", ": soon"),
            "R3 says neither",
        ),
    ] {
        let found = faults(&whole.replace(&from, &to)).join("; ");
        assert!(found.contains(fault), "{fault:?} is not in {found:?}");
    }
    let written = "#[test]\n#[ignore = \"slow\"]\nfn one() {}\nfn two() {}\n#[tokio::test]\nasync fn three() {}\n\
                   // #[test]\nfn four() {}\n#[test]\nfn five(x in 0..2) {}\n#[cfg(test)]\nfn six() {}\n\
                   for_every_kind! {\n    seven<T>() {\n        eight<T>() {";
    let read: Vec<_> = tests_of([written]).into_iter().collect();
    assert_eq!(read, ["five", "one", "seven", "three"]);
}

/// What is wrong with the page.
fn faults_of(page: &str, tests: &BTreeSet<String>, is_there: impl Fn(&str) -> bool) -> Vec<String> {
    let sections: Vec<&str> = page.split("\n## ").skip(1).collect();
    let first = page
        .strip_prefix("## ")
        .map(|rest| rest.split("\n## ").next().unwrap());
    let sections: Vec<&str> = first.into_iter().chain(sections).collect();
    let mut faults = Vec::new();
    if sections.len() != REQUIREMENTS {
        faults.push(format!("{} requirements", sections.len()));
    }
    for (section, number) in sections.into_iter().zip(1..) {
        let heading = section.lines().next().unwrap_or_default();
        let (name, title) = heading.split_once(" · ").unwrap_or((heading, ""));
        if name != format!("R{number}") {
            faults.push(format!("{name} stands where R{number} should"));
        }
        let named = |what: &str| named_in(section, what);
        let missing = section.contains("\n- Missing: ");
        let fault = match title.rsplit_once(": ").map(|(_, state)| state) {
            Some("met") if missing => "is met and misses something",
            Some("met") if named("Tests").is_empty() => "is met without a test",
            Some("met" | "partly") if named("Where").is_empty() => "has no home",
            Some("partly" | "not met") if !missing => "does not say what is missing",
            Some("met" | "partly" | "not met") => "",
            _ => "says neither that it is met nor what is missing",
        };
        if !fault.is_empty() {
            faults.push(format!("{name} {fault}"));
        }
        let unknown = named("Tests")
            .into_iter()
            .filter(|test| !tests.contains(*test));
        faults.extend(unknown.map(|test| format!("{name} names the test {test}")));
        let gone = named("Where").into_iter().filter(|file| !is_there(file));
        faults.extend(gone.map(|file| format!("{name} names the file {file}")));
    }
    faults
}

/// What stands between backticks on a section's line.
fn named_in<'a>(section: &'a str, what: &str) -> Vec<&'a str> {
    let begin = format!("- {what}: ");
    let line = section.lines().find_map(|line| line.strip_prefix(&begin));
    line.map_or(Vec::new(), |line| {
        line.split('`').skip(1).step_by(2).collect()
    })
}

/// The names of all functions with an attribute that makes them tests, and of the tests over every kind.
fn tests_of<'a>(texts: impl IntoIterator<Item = &'a str>) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for text in texts {
        let (mut is_test, mut is_over_kinds) = (false, false);
        for line in text.lines().map(str::trim_start) {
            let function = line.strip_prefix("async ").unwrap_or(line);
            if line.starts_with("#[test]") || line.starts_with("#[tokio::test") {
                is_test = true;
            } else if let Some(rest) = function.strip_prefix("fn ").filter(|_| is_test) {
                found.extend(rest.split('(').next().map(str::to_owned));
                is_test = false;
            } else if let Some((name, _)) = line.split_once("<T>() {").filter(|_| is_over_kinds) {
                found.insert(name.to_owned());
            } else if !line.starts_with("#[") && !line.starts_with("//") {
                is_test = false;
            }
            is_over_kinds = line == "for_every_kind! {";
        }
    }
    found
}
