//! Names of things: fixed-size identifiers and the counters that order them.

use std::fmt;
use std::marker::PhantomData;
use std::str::FromStr;

use data_encoding::HEXLOWER;

/// Why a piece of text or bytes is not an identifier.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("expected {expected} bytes written as {} hexadecimal digits", expected * 2)]
pub struct IdError {
    expected: usize,
}

/// Reads an identifier from text, wherever the text stands: a `String` in between would cost more than
/// the reading.
struct Digits<T>(PhantomData<T>);

impl<T: FromStr<Err = IdError>> serde::de::Visitor<'_> for Digits<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("hexadecimal digits")
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<T, E> {
        text.parse().map_err(E::custom)
    }
}

macro_rules! identifier {
    ($(#[$doc:meta])* $name:ident, $len:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name([u8; $len]);

        impl $name {
            /// Length in bytes.
            pub const LENGTH: usize = $len;
            /// All zeros: "none yet" where the wire format says so.
            pub const ZERO: Self = Self([0; $len]);

            /// Wraps bytes as they are.
            pub const fn new(bytes: [u8; $len]) -> Self {
                Self(bytes)
            }

            /// Wraps a slice of exactly the right length.
            ///
            /// # Errors
            ///
            /// [`IdError`] where the slice has another length.
            pub fn from_slice(bytes: &[u8]) -> Result<Self, IdError> {
                bytes.try_into().map(Self).map_err(|_| IdError { expected: $len })
            }

            /// The bytes.
            pub const fn as_bytes(&self) -> &[u8; $len] {
                &self.0
            }

            /// Hands over the hexadecimal digits, which take no room of their own on the heap.
            fn with_digits<T>(&self, then: impl FnOnce(&str) -> T) -> T {
                let mut digits = [0; $len * 2];
                HEXLOWER.encode_mut(&self.0, &mut digits);
                // Hexadecimal digits are text.
                then(std::str::from_utf8(&digits).unwrap_or_default())
            }

            /// The first eight hexadecimal digits, for a log line or a label.
            pub fn short(&self) -> String {
                self.to_string().chars().take(8).collect()
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.with_digits(|digits| f.write_str(digits))
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self.short())
            }
        }

        impl FromStr for $name {
            type Err = IdError;
            fn from_str(text: &str) -> Result<Self, IdError> {
                let mut bytes = [0; $len];
                let fits = HEXLOWER.decode_len(text.len()) == Ok($len)
                    && HEXLOWER.decode_mut(text.as_bytes(), &mut bytes).is_ok();
                if fits {
                    Ok(Self(bytes))
                } else {
                    Err(IdError { expected: $len })
                }
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
                self.with_digits(|digits| to.serialize_str(digits))
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                from.deserialize_str(Digits(PhantomData))
            }
        }
    };
}

macro_rules! number {
    ($(#[$doc:meta])* $name:ident, $of:ty) => {
        $(#[$doc])*
        #[derive(
            Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash,
            serde::Serialize, serde::Deserialize,
        )]
        #[serde(transparent)]
        pub struct $name(pub $of);

        impl $name {
            /// The one after this; stays at the largest value instead of wrapping.
            pub const fn next(self) -> Self {
                Self(self.0.saturating_add(1))
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    };
}

identifier!(
    /// A space: the hash of its first statement, so an id commits to its creator.
    SpaceId, 32
);
identifier!(
    /// A member, that is one installation in one space: under suite 1 its Ed25519 public key.
    MemberId, 32
);
identifier!(
    /// A statement of a chain: SHA-256 over its bytes, signature included.
    StatementHash, 32
);
identifier!(
    /// One sealing of a change: SHA-256 over its header, its body's hash and its signature, so that it is the
    /// same once the body was dropped. The same change sealed again has another one.
    SealedHash, 32
);
identifier!(
    /// What is inside a change: SHA-256 over its payload before that is packed. It stays when the change is
    /// sealed again.
    ContentHash, 32
);
identifier!(
    /// What an author has said in a space up to and with one change: SHA-256 over all of it that stays when it
    /// is sealed again. By this changes name each other.
    HistoryHash, 32
);
identifier!(
    /// A blob: SHA-256 over its sealed bytes, so that nobody can put others in their place.
    BlobId, 32
);
identifier!(
    /// A change, named at random when the edit was committed, so that a retry is harmless.
    ChangeId, 16
);
identifier!(
    /// One life of a server's database. A restored backup starts a new one.
    Incarnation, 16
);
identifier!(
    /// The Ed25519 public key of a one-use invite.
    InviteKey, 32
);
identifier!(
    /// The serial of a grant; the server accepts each once.
    GrantSerial, 16
);

number!(
    /// A generation of a space's key, from 0.
    Epoch, u32
);
number!(
    /// A member's own contiguous count of its changes in one space, from 1. Zero means none.
    Counter, u64
);
number!(
    /// A change's place in the log of one space, from 1. Zero means before the first.
    LogNumber, u64
);

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn an_id_reads_back_what_it_prints() {
        let id = SpaceId::new([0xab; 32]);
        assert_eq!(id.to_string().parse::<SpaceId>(), Ok(id));
        assert_eq!(
            serde_json::from_str::<SpaceId>(&serde_json::to_string(&id).unwrap()).unwrap(),
            id
        );
    }

    #[test]
    fn text_of_another_length_or_alphabet_is_no_id() {
        for text in ["", "ab", "AB", "zz", &"a".repeat(63), &"A".repeat(64)] {
            assert!(text.parse::<SpaceId>().is_err(), "{text}");
        }
    }
}
