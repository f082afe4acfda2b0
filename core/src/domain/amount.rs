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

/// Why what a person typed is no sum. Each says how to write one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SumError {
    /// Not a number, or one with commas: a comma parts thousands for some and cents for others.
    #[error("write the sum as a number, such as 1200 or 1200.50, without commas")]
    NotANumber,
    /// More digits after the point than the currency has.
    #[error("{currency} has no more than {digits} digits after the point")]
    TooFine {
        /// Which currency.
        currency: Currency,
        /// How many digits it has.
        digits: usize,
    },
    /// More than anybody pays.
    #[error("the sum is too large")]
    TooLarge,
    /// Not the three letters of a currency.
    #[error("write the currency as its three capital letters, such as USD")]
    NoCurrency,
}

/// Most of the smallest unit: what is more was mistyped.
const MOST: u64 = 1_000_000_000_000;

impl Currency {
    /// How many digits stand after the point: two for `USD`, none for `JPY`.
    ///
    /// By the list of minor units of ISO 4217; a code that it does not name has two.
    pub const fn digits(self) -> usize {
        match &self.0 {
            b"BIF" | b"CLP" | b"DJF" | b"GNF" | b"ISK" | b"JPY" | b"KMF" | b"KRW" | b"PYG"
            | b"RWF" | b"UGX" | b"UYI" | b"VND" | b"VUV" | b"XAF" | b"XOF" | b"XPF" => 0,
            b"BHD" | b"IQD" | b"JOD" | b"KWD" | b"LYD" | b"OMR" | b"TND" => 3,
            b"CLF" | b"UYW" => 4,
            _ => 2,
        }
    }
}

impl Amount {
    /// A sum as a person types it: `1200` or `1200.50`, and the currency beside it.
    ///
    /// # Errors
    ///
    /// [`SumError`], in words for whoever typed it.
    ///
    /// ```
    /// use companion_core::domain::amount::Amount;
    /// assert_eq!(Amount::typed("120.5", "USD")?.to_string(), "12050 USD");
    /// assert!(Amount::typed("120,50", "USD").is_err());
    /// # Ok::<(), companion_core::domain::amount::SumError>(())
    /// ```
    pub fn typed(sum: &str, currency: &str) -> Result<Self, SumError> {
        let currency: Currency = currency.trim().parse().map_err(|_| SumError::NoCurrency)?;
        let (whole, fraction) = match sum.trim().split_once('.') {
            Some((_, "")) => return Err(SumError::NotANumber),
            Some(parts) => parts,
            None => (sum.trim(), ""),
        };
        let are_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        if whole.is_empty() || !are_digits(whole) || !are_digits(fraction) {
            return Err(SumError::NotANumber);
        }
        let digits = currency.digits();
        if fraction.len() > digits {
            return Err(SumError::TooFine { currency, digits });
        }
        let number = format!("{whole}{fraction:0<digits$}");
        match number.parse() {
            Ok(minor_units) if minor_units <= MOST => Ok(Amount {
                minor_units,
                currency,
            }),
            _ => Err(SumError::TooLarge),
        }
    }

    /// The number as a person types it: `120.50`.
    pub fn number(self) -> String {
        let digits = self.currency.digits();
        let text = format!("{:0>width$}", self.minor_units, width = digits + 1);
        match text.split_at_checked(text.len().saturating_sub(digits)) {
            Some((whole, fraction)) if !fraction.is_empty() => format!("{whole}.{fraction}"),
            _ => text,
        }
    }

    /// The same with its currency, for a person: `120.50 USD`.
    pub fn label(self) -> String {
        format!("{} {}", self.number(), self.currency)
    }
}

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
    fn what_a_person_types_is_a_sum_in_the_digits_of_its_currency() {
        for (typed, currency, kept, shown) in [
            ("120", "USD", "12000 USD", "120.00"),
            (" 120.5 ", " USD", "12050 USD", "120.50"),
            ("0.05", "USD", "5 USD", "0.05"),
            ("007", "USD", "700 USD", "7.00"),
            ("12000", "JPY", "12000 JPY", "12000"),
            ("1.125", "KWD", "1125 KWD", "1.125"),
        ] {
            let sum = Amount::typed(typed, currency).unwrap();
            assert_eq!((sum.to_string(), sum.number()), (kept.into(), shown.into()));
            assert_eq!(
                sum.to_string().parse(),
                Ok(sum),
                "it is kept as it was read"
            );
            let again = Amount::typed(&sum.number(), &sum.currency.to_string());
            assert_eq!(again, Ok(sum));
        }
        let number = SumError::NotANumber;
        for typed in [
            "", ".", "5.", ".5", "-5", "+5", "1,200", "120,50", "1.2.3", "much",
        ] {
            assert_eq!(Amount::typed(typed, "USD"), Err(number), "{typed}");
        }
        for currency in ["", "$", "usd", "US", "USDX"] {
            let refused = Amount::typed("1", currency);
            assert_eq!(refused, Err(SumError::NoCurrency), "{currency}");
        }
        let fine = Amount::typed("1.5", "JPY").unwrap_err();
        assert_eq!(
            fine.to_string(),
            "JPY has no more than 0 digits after the point"
        );
        for large in ["10000000000.01", "99999999999999999999999"] {
            assert_eq!(Amount::typed(large, "USD"), Err(SumError::TooLarge));
        }
    }

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
