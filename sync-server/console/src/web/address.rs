//! Words in an address.

/// Percent-encodes everything but unreserved characters (RFC 3986 §2.3).
pub(crate) fn encode(words: &str) -> String {
    let mut encoded = String::with_capacity(words.len());
    for byte in words.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
            encoded.push(char::from(byte));
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_that_means_something_in_an_address_is_encoded() {
        assert_eq!(encode("Zoë & co?#"), "Zo%C3%AB%20%26%20co%3F%23");
        assert_eq!(encode("a-b.c_d~e9"), "a-b.c_d~e9");
    }
}
