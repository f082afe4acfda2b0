//! What can't stand in a guide is refused with its line, and any text at all is survived.

use proptest::prelude::*;

use crate::domain::guide::parser::{self, BLOCKS_LIMIT};
use crate::domain::guide::{Block, GuideError, Reason, Written, parse};
use crate::domain::limits;

fn reason(text: &str) -> (u32, Reason) {
    let error = parse(text, Written::ByClinic).unwrap_err();
    (error.line, error.reason)
}

#[test]
fn a_script_and_any_other_html_is_refused_with_its_line() {
    for text in [
        "Hello.\n\n<script>alert(1)</script>",
        "Hello.\n\nWell <b>come</b>.",
        "Hello.\n\n<!-- hidden -->",
        "Hello.\n\n<img src=x onerror=alert(1)>",
        "Hello.\n\n<style>* { display: none }</style>",
        "Hello.\n\n- <iframe src=\"https://a.example\">",
    ] {
        assert_eq!(reason(text), (3, Reason::Html), "{text}");
    }
}

#[test]
fn only_plain_https_addresses_are_links() {
    for address in [
        "http://a.example",
        "data:text/html;base64,PHNjcmlwdD4=",
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "file:///etc/passwd",
        "mailto:a@b.example",
        "tel:+15550100",
        "//a.example",
        "/admin",
        "#top",
        "https://",
        "https://user:word@a.example",
        "https://a.example@b.example/",
        "https://localhost",
        "https://a..example",
        "https://exämple.org",
        "https://a.example:port",
        "https:a.example",
    ] {
        let text = format!("See [this]({address}).");
        assert_eq!(reason(&text), (1, Reason::Address), "{address}");
    }
    let long = format!("[x](https://a.example/{})", "y".repeat(1_000));
    assert_eq!(reason(&long), (1, Reason::Address));
    assert_eq!(reason("<ftp://a.example>"), (1, Reason::Address));
    assert_eq!(reason("[x][1]\n\n[1]: data:x"), (1, Reason::Address));
}

#[test]
fn pictures_are_refused_wherever_they_come_from() {
    for text in [
        "![a](https://a.example/b.png)",
        "![a](data:image/png;base64,AA==)",
        "[![a](b.png)](https://a.example)",
        "![a][1]\n\n[1]: https://a.example",
    ] {
        assert!(
            matches!(reason(text), (1, Reason::Picture | Reason::Address)),
            "{text}"
        );
    }
}

#[test]
fn what_markdown_has_besides_is_refused_by_name() {
    for (text, says) in [
        ("> quoted", "line 1: a quotation has no place in a guide"),
        ("a `word`", "line 1: code has no place in a guide"),
        (
            "```\nx\n```",
            "line 1: code (or a line that begins with four spaces) has no place in a guide",
        ),
        (
            "a\n\n---\n",
            "line 3: a line across has no place in a guide",
        ),
        (
            "|a|b|\n|-|-|\n|1|2|",
            "line 1: a table has no place in a guide",
        ),
        (
            "~~no~~",
            "line 1: text struck through has no place in a guide",
        ),
        (
            "a[^1]\n\n[^1]: b",
            "line 1: a footnote has no place in a guide",
        ),
        (
            "#### deep",
            "line 1: a heading below ### has no place in a guide",
        ),
        (
            "- # heading",
            "line 1: a heading inside a list has no place in a guide",
        ),
        (
            "- [x] done",
            "line 1: a box that is ticked already has no place in a guide",
        ),
        (
            "- a\n  - [ ] b",
            "line 2: a box in a list inside a list has no place in a guide",
        ),
        (
            "- a\n  - b\n\n  c",
            "line 4: text below a list inside a point has no place in a guide",
        ),
        ("-", "line 1: there are no words"),
        ("##", "line 1: there are no words"),
    ] {
        let error = parse(text, Written::ByClinic).unwrap_err();
        assert_eq!(error.to_string(), says, "{text}");
    }
}

#[test]
fn a_guide_is_neither_too_long_nor_too_deep_nor_in_too_many_pieces() {
    let limit = limits::GUIDE;
    assert_eq!(
        reason(&"x".repeat(limit + 1)),
        (1, Reason::TooLong { limit })
    );
    assert!(parse(&"x".repeat(limit), Written::ByClinic).is_ok());
    assert!(parse("- a\n  - b\n    - c", Written::ByClinic).is_ok());
    assert_eq!(
        reason("- a\n  - b\n    - c\n      - d"),
        (4, Reason::TooDeep { limit: 3 })
    );
    assert_eq!(
        reason(&format!("{}x", "- ".repeat(20_000))).1,
        Reason::Empty,
        "thousands of lists in a line"
    );
    assert!(matches!(
        reason(&">".repeat(50_000)).1,
        Reason::Unsupported(_)
    ));
    assert!(parse(&"[".repeat(50_000), Written::ByClinic).is_ok());
    assert!(parse(&"*a ".repeat(19_000), Written::ByClinic).is_ok());
    let limit = BLOCKS_LIMIT;
    assert!(parse(&"a\n\n".repeat(limit), Written::ByClinic).is_ok());
    assert_eq!(
        reason(&"a\n\n".repeat(limit + 1)).1,
        Reason::TooManyBlocks { limit }
    );
}

#[test]
fn characters_that_hide_or_turn_what_follows_are_refused() {
    for hidden in [
        '\0', '\u{1b}', '\u{7f}', '\r', '\u{202e}', '\u{2066}', '\u{2028}',
    ] {
        let text = format!("one\ntwo{hidden}");
        assert_eq!(reason(&text), (2, Reason::HiddenCharacter), "{hidden:?}");
    }
}

#[test]
fn a_mistyped_mark_is_refused_and_never_shown() {
    for (text, expected) in [
        ("A rule. {sorce: ketalar}", Reason::Mark),
        ("A rule. {source: nobody}", Reason::UnknownSource),
        ("A rule. {source:}", Reason::UnknownSource),
        ("{slot: fasting}", Reason::UnknownSlot),
        ("Words before. {slot: medicines}", Reason::Mark),
        ("{slot: medicines} {slot: medicines}", Reason::Mark),
        ("- {slot: medicines}", Reason::Empty),
        ("- [ ] Bring a coat. {task: The coat}", Reason::Mark),
        ("Bring a coat. {task: coat}", Reason::Mark),
        ("- Bring a coat. {task: coat}", Reason::Mark),
        ("A {brace} inside.", Reason::Brace),
        ("An open {brace", Reason::Brace),
        ("A closing brace}", Reason::Brace),
        ("## Heading {no claim}", Reason::Mark),
        ("{no claim}", Reason::Empty),
        ("Twice. {no claim} {source: ketalar}", Reason::Mark),
    ] {
        assert_eq!(reason(text).1, expected, "{text}");
    }
}

#[test]
fn a_task_is_named_once() {
    let text = "- [ ] Ride. {task: ride}\n\nThen:\n\n- [ ] Other. {task: ride}";
    assert_eq!(reason(text), (5, Reason::RepeatedTask));
    assert_eq!(
        reason("- [ ] Ride.\n- [ ] Ride."),
        (2, Reason::RepeatedTask)
    );
}

#[test]
fn a_bundled_guide_with_an_unsourced_claim_or_an_unnamed_task_is_refused() {
    let bundled = |text: &str| {
        let error = parse(text, Written::Bundled).unwrap_err();
        (error.line, error.reason)
    };
    assert_eq!(
        bundled("One. {no claim}\n\nIt lifts mood."),
        (3, Reason::NoSource)
    );
    assert_eq!(
        bundled("- One. {no claim}\n- It lifts mood."),
        (2, Reason::NoSource)
    );
    assert_eq!(bundled("- [ ] Ride. {task: ride}"), (1, Reason::NoSource));
    assert_eq!(bundled("- [ ] Ride. {no claim}"), (1, Reason::UnnamedTask));
}

#[test]
fn a_head_says_what_it_must_and_nothing_else() {
    let head = "---\nguide: a\nversion: 1\nlanguage: en\ntitle: A\nstage: about\ndue: never\nagain: once\nprogress: kept\n---\n";
    let guide = |head: &str| parser::guide(&format!("{head}Hello. {{no claim}}\n"));
    assert_eq!(guide(head).unwrap().title, "A");
    let refused = |from: &str, to: &str| {
        let GuideError { line, reason } = guide(&head.replace(from, to)).unwrap_err();
        (line, reason)
    };
    assert_eq!(refused("---\n", ""), (1, Reason::NoHead));
    let error = parser::guide("---\nguide: a\n").unwrap_err();
    assert_eq!((error.line, error.reason), (3, Reason::NoHead));
    assert_eq!(refused("title: A\n", ""), (9, Reason::HeadLacks("title")));
    assert_eq!(
        refused("title: A", "title:"),
        (5, Reason::HeadValue("title"))
    );
    assert_eq!(
        refused("version: 1", "version: 0"),
        (3, Reason::HeadValue("version"))
    );
    assert_eq!(refused("title: A", "titel: A"), (5, Reason::HeadLine));
    assert_eq!(
        refused("title: A", "title: A\ntitle: B"),
        (6, Reason::HeadLine)
    );
    assert_eq!(refused("about", "beyond"), (6, Reason::HeadValue("stage")));
    // A line of the words is counted from the beginning of the file.
    let error = parser::guide(&format!("{head}One. {{no claim}}\n\n<b>two</b>\n")).unwrap_err();
    assert_eq!((error.line, error.reason), (13, Reason::Html));
}

/// Text that is full of what Markdown minds.
fn markdown() -> impl Strategy<Value = String> {
    let pieces = prop::sample::select(vec![
        "\n",
        "\n\n",
        "  ",
        "    ",
        "- ",
        "- [ ] ",
        "1. ",
        "# ",
        "### ",
        "> ",
        "*",
        "**",
        "_",
        "`",
        "```",
        "[",
        "](",
        ")",
        "https://a.example",
        "<",
        ">",
        "<b>",
        "<!--",
        "![",
        "{",
        "}",
        "{no claim}",
        "{source: ketalar}",
        "{slot: medicines}",
        "{task: a}",
        "|",
        "|-|",
        "~~",
        "[^1]",
        "[^1]: ",
        "\\",
        "&amp;",
        "&#0;",
        "---",
        "===",
        "word",
        "ß",
        "👩‍🚀",
        "\t",
        "\r",
        "\0",
    ]);
    let piece = prop_oneof![8 => pieces.prop_map(str::to_owned), 1 => any::<String>()];
    prop::collection::vec(piece, 0..60).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn any_text_gives_blocks_or_an_error_on_one_of_its_lines(text in markdown()) {
        for written in [Written::Bundled, Written::ByClinic, Written::ForSlot] {
            match parse(&text, written) {
                Ok(blocks) => {
                    for span in blocks.iter().flat_map(Block::texts).flatten() {
                        let has_mark = span.text.contains(['{', '}', '\0', '\r']);
                        prop_assert!(!has_mark);
                        let link = span.link.as_ref();
                        prop_assert!(link.is_none_or(|link| link.as_str().starts_with("https://")));
                    }
                    let mut texts = blocks.iter().flat_map(Block::texts);
                    prop_assert!(texts.all(|text| !text.is_empty()));
                    if written == Written::ForSlot {
                        let is_rule = blocks.iter().all(|block| {
                            matches!(block, Block::Paragraph { .. } | Block::List(_))
                        });
                        prop_assert!(is_rule);
                    }
                }
                Err(error) => {
                    let lines = u32::try_from(text.split('\n').count()).unwrap();
                    prop_assert!((1..=lines).contains(&error.line), "{error} of {lines}");
                }
            }
        }
        let _ = parser::guide(&text);
    }
}
