//! A sum of money, for what is read and compared: nothing here pays or converts.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// A sum in the smallest unit of its currency: 12,000 of `USD` is 120 dollars.
///
/// Kept as one text (`12000 USD`), so that two edits made apart can't mix the number of one with the
/// currency of the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Amount {
    /// How many of the smallest unit, such as cents.
    pub minor_units: u64,
    /// In which currency.
    pub currency: Currency,
}

/// A currency by its three letters of ISO 4217, such as `USD`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Currency([u8; 3]);

/// A text that is not a sum.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a sum of the form 12000 USD, in the smallest unit of a currency")]
pub struct AmountError;

/// Most of the smallest unit: what is more was mistyped.
const MOST: u64 = 1_000_000_000_000;

impl FromStr for Currency {
    type Err = AmountError;

    fn from_str(text: &str) -> Result<Self, AmountError> {
        match text.as_bytes() {
            [a, b, c] if [a, b, c].iter().all(|letter| letter.is_ascii_uppercase()) => {
                Ok(Currency([*a, *b, *c]))
            }
            _ => Err(AmountError),
        }
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let letters = self.0.iter().map(|letter| char::from(*letter));
        f.write_str(&letters.collect::<String>())
    }
}

impl FromStr for Amount {
    type Err = AmountError;

    fn from_str(text: &str) -> Result<Self, AmountError> {
        let (number, currency) = text.split_once(' ').ok_or(AmountError)?;
        let is_number = number.bytes().all(|byte| byte.is_ascii_digit());
        let minor_units = number.parse().map_err(|_| AmountError)?;
        if !is_number || minor_units > MOST || (number.starts_with('0') && number != "0") {
            return Err(AmountError);
        }
        Ok(Amount {
            minor_units,
            currency: currency.parse()?,
        })
    }
}

impl fmt::Display for Amount {
    /// As it is kept: `12000 USD`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.minor_units, self.currency)
    }
}

impl Serialize for Amount {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Amount {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn a_sum_reads_back_and_nothing_else_is_one() {
        for text in ["0 USD", "12000 USD", "1000000000000 JPY"] {
            assert_eq!(text.parse::<Amount>().unwrap().to_string(), text);
        }
        for text in [
            "",
            "12000",
            "12000 usd",
            "12000 US",
            "120.00 USD",
            "-1 USD",
            "+1 USD",
            "012 USD",
            "12  USD",
            "1000000000001 USD",
            "99999999999999999999 USD",
        ] {
            assert_eq!(text.parse::<Amount>(), Err(AmountError), "{text}");
        }
    }
}
