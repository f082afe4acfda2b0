//! Words for a person that stand in the app's code: Android Lint looks for them in layouts alone, and Compose has none.

use std::fs;
use std::path::Path;

use crate::jvm::files;
use crate::step::root;

/// What is before a text that only a developer reads.
const FOR_DEVELOPERS: [&str; 8] = [
    "@",
    "Exception",
    "check(",
    "checkNotNull(",
    "error(",
    "require(",
    "requireNotNull(",
    "throw ",
];

/// What is before a text that a person reads or hears, be it one word.
const FOR_PERSONS: [&str; 6] = [
    "Text(",
    "contentDescription = ",
    "setContentText(",
    "setContentTitle(",
    "label = ",
    "title = ",
];

/// Says where they are. An error where there are any.
pub(super) fn check() -> Result<(), String> {
    let main = root().join("android/app/src/main/kotlin");
    let mut found = 0_u64;
    for path in files(&main, "kt")? {
        let text = fs::read_to_string(&path)
            .map_err(|error| format!("read {}: {error}", path.display()))?;
        for (line, literal) in in_code(&text) {
            let path = path.strip_prefix(root()).unwrap_or(Path::new(""));
            println!(
                "{}:{line}: \"{literal}\" belongs into res/values",
                path.display()
            );
            found += 1;
        }
    }
    match found {
        0 => Ok(()),
        _ => Err("find all words for a person in resources".to_owned()),
    }
}

/// The line and the text of each literal that is words for a person.
fn in_code(text: &str) -> Vec<(usize, &str)> {
    let mut found = Vec::new();
    let mut is_comment = false;
    for (at, line) in text.lines().enumerate() {
        let code = line.trim();
        is_comment |= code.starts_with("/*");
        if !is_comment && !code.starts_with("//") {
            let parts: Vec<&str> = line.split('"').collect();
            for (before, literal) in parts.iter().zip(parts.iter().skip(1)).step_by(2) {
                if is_for_a_person(line, before, literal) {
                    found.push((at + 1, *literal));
                }
            }
        }
        is_comment &= !code.ends_with("*/");
    }
    found
}

fn is_for_a_person(line: &str, before: &str, literal: &str) -> bool {
    let is_named = FOR_PERSONS.iter().any(|its| before.ends_with(its));
    let has_letters = words(literal).next().is_some();
    let is_sentence = words(literal).count() > 1;
    let is_for_developers = FOR_DEVELOPERS.iter().any(|its| line.contains(its));
    (is_named && has_letters) || (is_sentence && !is_for_developers)
}

/// Words of letters alone, without what is filled in.
fn words(literal: &str) -> impl Iterator<Item = &str> {
    literal.split(' ').filter(|word| {
        let word = word.trim_end_matches(['.', ',', ':', '!', '?', '…']);
        word.chars().any(char::is_alphabetic)
            && word.chars().all(|it| it.is_alphabetic() || it == '\'')
    })
}

#[cfg(test)]
mod tests {
    use super::in_code;

    #[test]
    fn words_for_a_person_are_found_and_others_are_not() {
        for (code, is_found) in [
            ("Text(\"Save\")", true),
            ("Text(\"$count\")", false),
            ("Text(stringResource(R.string.save))", false),
            ("Icon(x, contentDescription = \"Back\")", true),
            ("val sentence = \"Your words are safe.\"", true),
            (
                "throw IllegalStateException(\"the record is closed\")",
                false,
            ),
            ("check(isOpen) { \"it is not open\" }", false),
            ("const val WRITE = \"write\"", false),
            ("val shown = \"$one – $two\"", false),
            ("// say \"hello there\"", false),
            ("/** It says \"hello there\". */", false),
        ] {
            assert_eq!(in_code(code).len(), usize::from(is_found), "{code}");
        }
    }
}
