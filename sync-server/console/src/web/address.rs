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

/// Reads percent-encoded words; what is not encoded properly stays as it is.
pub(crate) fn decode(words: &str) -> String {
    let mut bytes = Vec::with_capacity(words.len());
    let mut rest = words.as_bytes();
    while let [first, after @ ..] = rest {
        let digit = |at: usize| {
            after
                .get(at)
                .and_then(|byte| char::from(*byte).to_digit(16))
        };
        match (first, digit(0), digit(1)) {
            (b'%', Some(high), Some(low)) => {
                bytes.extend(u8::try_from(high * 16 + low));
                rest = after.get(2..).unwrap_or_default();
            }
            _ => {
                bytes.push(*first);
                rest = after;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_that_means_something_in_an_address_is_encoded() {
        assert_eq!(encode("Zoë & co?#"), "Zo%C3%AB%20%26%20co%3F%23");
        assert_eq!(encode("a-b.c_d~e9"), "a-b.c_d~e9");
        for words in ["Zoë & co?#", "a-b.c_d~e9", "100%", "%", "%4"] {
            assert_eq!(decode(&encode(words)), words);
        }
        assert_eq!(decode("%64c%4"), "dc%4");
    }
}
