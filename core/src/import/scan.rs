//! Holds a text of JSON to how deep it may be and how much it may unfold to, before anything is made of it: a value of
//! two letters takes many times as much in memory.

use super::ImportError;

/// How deep values may stand in each other: the file, the list of documents, a document and its fields, and then as
/// deep as the fields of a document go.
const DEEPEST: usize = 19;
/// Most values. A life's record has some hundred thousand.
const VALUES: usize = 4_000_000;

/// Goes through the text once. What is no JSON at all is left to who reads it.
pub(super) fn scan(text: &[u8], file: &'static str) -> Result<(), ImportError> {
    scan_within(text, file, VALUES)
}

fn scan_within(text: &[u8], file: &'static str, most: usize) -> Result<(), ImportError> {
    let (mut depth, mut values) = (0_usize, 0_usize);
    let (mut in_words, mut is_escaped) = (false, false);
    for byte in text {
        if in_words {
            match byte {
                _ if is_escaped => is_escaped = false,
                b'\\' => is_escaped = true,
                b'"' => in_words = false,
                _ => {}
            }
            continue;
        }
        match byte {
            b'"' => in_words = true,
            b'[' | b'{' => {
                depth += 1;
                values += 1;
                if depth > DEEPEST {
                    return Err(ImportError::TooDeep { file });
                }
            }
            b']' | b'}' => depth = depth.saturating_sub(1),
            b',' => values += 1,
            _ => {}
        }
        if values > most {
            return Err(ImportError::TooLarge { file });
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_in_words_counts_for_nothing_and_what_is_too_deep_or_too_much_is_refused() {
        let quoted = format!("{{\"a\": \"{}\\\"{}\"}}", "[".repeat(100), ",".repeat(100));
        assert_eq!(scan_within(quoted.as_bytes(), "a", 5), Ok(()));
        let deep = |levels| "[".repeat(levels) + &"]".repeat(levels);
        assert_eq!(scan(deep(DEEPEST).as_bytes(), "a"), Ok(()));
        let refused = ImportError::TooDeep { file: "a" };
        assert_eq!(scan(deep(DEEPEST + 1).as_bytes(), "a"), Err(refused));
        let refused = ImportError::TooLarge { file: "a" };
        assert_eq!(scan_within(b"[1,1,1,1,1,1]", "a", 5), Err(refused));
    }
}
