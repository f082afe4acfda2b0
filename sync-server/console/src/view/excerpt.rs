//! The beginning of a long text.

/// So many letters of an entry stand in a timeline.
const LONGEST: usize = 220;

/// The beginning of a text, ended at a word, and whether anything is left out.
pub(crate) fn excerpt(body: &str) -> (String, bool) {
    let mut short = String::new();
    for word in body.split_whitespace() {
        if !short.is_empty() && short.chars().count() + word.chars().count() > LONGEST {
            short.push('…');
            return (short, true);
        }
        if !short.is_empty() {
            short.push(' ');
        }
        short.extend(word.chars().take(LONGEST));
        if word.chars().nth(LONGEST).is_some() {
            short.push('…');
            return (short, true);
        }
    }
    (short, false)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_excerpt_ends_at_a_word_and_a_text_without_spaces_is_cut() {
        assert_eq!(excerpt("  two\n\nwords "), ("two words".to_owned(), false));
        let (long, cut) = excerpt(&"word ".repeat(100));
        assert!(cut && long.ends_with("word…") && long.chars().count() <= LONGEST + 1);
        let (unbroken, cut) = excerpt(&"ü".repeat(1000));
        assert!(cut && unbroken.chars().count() == LONGEST + 1);
        assert!(!excerpt(&"ü".repeat(LONGEST)).1);
    }
}
