//! Sentences from the fragments that errors and labels are.

pub(crate) use companion_core::domain::text::capital;

/// Errors are lowercase fragments; a page has sentences.
pub(crate) fn sentence(fragment: &str) -> String {
    let mut sentence = capital(fragment);
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

    #[test]
    fn a_label_begins_with_a_capital() {
        assert_eq!(capital("after a session"), "After a session");
        assert_eq!(capital("ångest"), "Ångest");
        assert_eq!(capital(""), "");
    }
}
