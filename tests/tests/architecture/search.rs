//! Looking for words and crates in sources.

use std::collections::{BTreeMap, BTreeSet};

use crate::house::{House, closure, parse_lock};

pub(crate) fn is_test(path: &str) -> bool {
    path.contains("/tests/") || path.ends_with("/tests.rs")
}

/// A file without the tests at its end.
pub(crate) fn without_unit_tests(text: &str) -> &str {
    text.split_once("#[cfg(test)]\nmod tests {")
        .map_or(text, |(code, _)| code)
}

pub(crate) fn overlap<'a>(reached: &BTreeSet<String>, unwanted: &[&'a str]) -> Vec<&'a str> {
    unwanted
        .iter()
        .copied()
        .filter(|name| reached.contains(*name))
        .collect()
}

pub(crate) fn belongs_to(name: &str, family: &str) -> bool {
    name.strip_prefix(family)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with(['-', '_']))
}

pub(crate) fn assert_named_only_in(house: &House, wanted: &str, places: &[&str]) {
    let (mut inside, mut outside) = (0, Vec::new());
    for (file, text) in house.sources() {
        if !code_lines(&text).any(|line| names_crate(line, wanted)) {
            continue;
        }
        let path = file.to_str().unwrap().replace('\\', "/");
        let fits =
            |place: &&str| path.starts_with(&format!("{place}/")) || path == format!("{place}.rs");
        if places.iter().any(fits) {
            inside += 1;
        } else {
            outside.push(path);
        }
    }
    assert!(
        inside > 0,
        "{wanted} is found nowhere: the search is broken"
    );
    assert!(outside.is_empty(), "{wanted} is named in {outside:?}");
}

/// Lines without comments. A `//` inside a string cuts the line short, which can only hide what
/// follows a URL on the same line.
pub(crate) fn code_lines(text: &str) -> impl Iterator<Item = &str> {
    let code = text
        .lines()
        .map(|line| line.split_once("//").map_or(line, |(code, _)| code));
    code.filter(|line| !line.trim().is_empty())
}

/// A line without what stands between quotes.
pub(crate) fn without_texts(line: &str) -> String {
    line.split('"').step_by(2).collect()
}

pub(crate) fn names_crate(line: &str, name: &str) -> bool {
    let ends_a_word = |before: &str| !before.ends_with(|c: char| c.is_alphanumeric() || c == '_');
    let mut parts = line.split(name).peekable();
    let mut in_path = false;
    while let Some(before) = parts.next() {
        in_path |= ends_a_word(before) && parts.peek().is_some_and(|after| after.starts_with("::"));
    }
    in_path || (line.trim_start().starts_with("use ") && has_word(line, name))
}

pub(crate) fn has_word(line: &str, word: &str) -> bool {
    line.split(|c: char| !c.is_alphanumeric() && c != '_')
        .any(|part| part == word)
}

#[test]
fn the_searches_of_these_tests_find_what_they_look_for() {
    let graph = BTreeMap::from([
        ("a".to_owned(), BTreeSet::from(["b".to_owned()])),
        (
            "b".to_owned(),
            BTreeSet::from(["c".to_owned(), "a".to_owned()]),
        ),
    ]);
    let reached = closure(["a".to_owned()], |name| {
        graph.get(name).cloned().unwrap_or_default()
    });
    assert_eq!(overlap(&reached, &["c", "z"]), vec!["c"]);

    let locked =
        parse_lock("[[package]]\nname = \"x\"\ndependencies = [\n \"y\",\n \"z 0.1.0\",\n]\n");
    assert_eq!(
        locked["x"],
        BTreeSet::from(["y".to_owned(), "z".to_owned()])
    );

    assert!(names_crate("use rusqlite::params;", "rusqlite"));
    assert!(names_crate(
        "    pub(crate) fn f(c: &rusqlite::Connection) {",
        "rusqlite"
    ));
    assert!(!names_crate("let rusqlite_like = 1;", "rusqlite"));
    assert_eq!(
        code_lines("// unsafe\n/// unsafe\nlet a = 1; // unsafe").collect::<Vec<_>>(),
        ["let a = 1; "]
    );
    assert!(has_word("unsafe { x() }", "unsafe") && !has_word("deny(unsafe_code)", "unsafe"));
    assert_eq!(
        without_texts("csp.contains(\"unsafe\") && !x"),
        "csp.contains() && !x"
    );
    assert!(belongs_to("sentry-core", "sentry") && !belongs_to("sentryless", "sentry"));
}
