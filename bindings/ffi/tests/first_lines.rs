//! What stands beside this crate in other languages says what this crate and its README say.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::path::Path;

use companion_ffi::CompanionError;

fn beside(file: &str) -> String {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(file);
    std::fs::read_to_string(&file).unwrap_or_else(|why| panic!("{}: {why}", file.display()))
}

/// The README's lines in a language.
fn shown(language: &str) -> String {
    let readme = beside("README.md");
    let begins = format!("```{language}\n");
    let mut blocks = readme.split(&begins).skip(1);
    let (block, _) = blocks.next().unwrap().split_once("```").unwrap();
    assert!(blocks.next().is_none(), "more lines in {language}");
    block.to_owned()
}

/// What stands between the marks of a source, each piece without its indentation, and an empty line between two.
fn compiled(file: &str) -> String {
    let source = beside(file);
    let mut pieces = Vec::new();
    let mut lines = source.lines();
    while let Some(mark) = lines.find(|line| line.trim() == "// README:") {
        let indentation = mark.len() - mark.trim_start().len();
        let piece = lines
            .by_ref()
            .take_while(|line| line.trim() != "// :README");
        let piece = piece.map(|line| line.get(indentation..).unwrap_or("").to_owned() + "\n");
        pieces.push(piece.collect::<String>());
    }
    pieces.join("\n")
}

#[test]
fn the_lines_that_the_readme_shows_are_those_that_the_suites_compile() {
    let kotlin = "kotlin/src/test/kotlin/org/kapcompanion/core/FirstLinesTest.kt";
    assert_eq!(shown("kotlin"), compiled(kotlin));
    let swift = "swift/Tests/CompanionKitTests/FirstLinesTests.swift";
    assert_eq!(shown("swift"), compiled(swift));
}

#[test]
fn an_error_without_words_has_the_same_sentence_in_each_language() {
    let clinic = || "CLINIC".to_owned();
    let errors = [
        CompanionError::NoKey,
        CompanionError::VaultLocked,
        CompanionError::NewerRecord { found: 2, known: 1 },
        CompanionError::Untrusted,
        CompanionError::Canceled,
        CompanionError::Paused,
        CompanionError::NotPaired,
        CompanionError::AlreadyPaired { clinic: clinic() },
    ];
    let kotlin = beside("kotlin/src/main/kotlin/org/kapcompanion/core/Words.kt");
    let swift = beside("swift/Sources/CompanionKit/Words.swift");
    for error in errors {
        let sentence = error.to_string();
        let in_kotlin = format!("\"{}\"", sentence.replace(&clinic(), "$clinic"));
        assert!(kotlin.contains(&in_kotlin), "Words.kt has no {in_kotlin}");
        let in_swift = format!("\"{}\"", sentence.replace(&clinic(), "\\(clinic)"));
        assert!(swift.contains(&in_swift), "Words.swift has no {in_swift}");
    }
}
