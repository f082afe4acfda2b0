//! Sentences from the fragments that errors and warnings are.

/// Errors are lowercase fragments; a page has sentences.
pub(crate) fn sentence(fragment: &str) -> String {
    let mut letters = fragment.chars();
    let mut sentence: String = letters
        .next()
        .map(|first| first.to_uppercase().collect())
        .unwrap_or_default();
    sentence.push_str(letters.as_str());
    if !sentence.ends_with(['.', '!', '?']) {
        sentence.push('.');
    }
    sentence
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fragment_becomes_a_sentence_and_a_sentence_stays_one() {
        assert_eq!(sentence("the name is empty"), "The name is empty.");
        assert_eq!(sentence("ärgerlich!"), "Ärgerlich!");
        assert_eq!(sentence("Nothing was deleted."), "Nothing was deleted.");
    }
}
