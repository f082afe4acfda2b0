//! What a resource is called: a UUID made of what it is about, so that two exports agree.

use std::fmt::Display;

use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

/// The name of one resource.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Name(String);

impl Name {
    /// The name of the part of something: `of("total", response)`. A UUID of version 8 (RFC 9562, section 5.8), whose
    /// bits are a hash.
    pub(super) fn of(part: &str, whole: impl Display) -> Self {
        let hash = Sha256::digest(format!("companion fhir {part} {whole}"));
        let mut bytes = [0; 16];
        for (byte, hashed) in bytes.iter_mut().zip(hash) {
            *byte = hashed;
        }
        let [_, _, _, _, _, _, version, _, variant, ..] = &mut bytes;
        *version = (*version & 0x0f) | 0x80;
        *variant = (*variant & 0x3f) | 0x80;
        let hex = data_encoding::HEXLOWER.encode(&bytes);
        let mut text = String::with_capacity(36);
        for (at, digit) in hex.chars().enumerate() {
            if matches!(at, 8 | 12 | 16 | 20) {
                text.push('-');
            }
            text.push(digit);
        }
        Self(text)
    }

    /// As a resource's `id`.
    pub(super) fn as_str(&self) -> &str {
        &self.0
    }

    /// As what others refer to.
    pub(super) fn address(&self) -> String {
        format!("urn:uuid:{}", self.0)
    }

    /// A reference to it.
    pub(super) fn reference(&self) -> Value {
        json!({ "reference": self.address() })
    }
}
