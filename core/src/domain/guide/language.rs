//! The language of a text, and what to fall back to where it is not there.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, de};

/// A language with its script and region, where they matter: `en`, `es-MX`, `zh-Hant`.
///
/// Language, script and region of BCP 47 (RFC 5646, section 2.1) and nothing beyond them, in the case
/// that it recommends.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Language(String);

/// A text that names no language.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a language of the form es, es-MX or zh-Hant")]
pub struct LanguageError;

impl Language {
    /// English: every text of ours is there in it.
    pub fn english() -> Self {
        Self("en".to_owned())
    }

    /// Spanish.
    pub fn spanish() -> Self {
        Self("es".to_owned())
    }

    /// As it is written.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What to look for, best first: the language itself, then without its region, then without its
    /// script (RFC 4647, section 3.4, *lookup*), and English last.
    ///
    /// ```
    /// # use companion_core::domain::guide::Language;
    /// let chain = "es-MX".parse::<Language>()?.chain();
    /// let chain: Vec<_> = chain.iter().map(Language::as_str).collect();
    /// assert_eq!(chain, ["es-MX", "es", "en"]);
    /// # Ok::<(), companion_core::domain::guide::LanguageError>(())
    /// ```
    pub fn chain(&self) -> Vec<Language> {
        let mut chain = vec![self.clone()];
        let mut rest = self.as_str();
        while let Some((shorter, _)) = rest.rsplit_once('-') {
            chain.push(Self(shorter.to_owned()));
            rest = shorter;
        }
        if !chain.contains(&Self::english()) {
            chain.push(Self::english());
        }
        chain
    }

    /// Whether whoever asked for `self` reads `other`: it is the same language, whatever its region.
    pub fn reads(&self, other: &Language) -> bool {
        let language = |tag: &Language| tag.0.split('-').next().map(str::to_owned);
        language(self) == language(other)
    }
}

impl FromStr for Language {
    type Err = LanguageError;

    fn from_str(text: &str) -> Result<Self, LanguageError> {
        let mut parts = text.split(['-', '_']);
        let is_alphabetic = |part: &str| part.bytes().all(|byte| byte.is_ascii_alphabetic());
        let language = parts.next().unwrap_or_default();
        if !(2..=3).contains(&language.len()) || !is_alphabetic(language) {
            return Err(LanguageError);
        }
        let mut tag = language.to_ascii_lowercase();
        let mut next = parts.next();
        if let Some(script) = next
            && script.len() == 4
            && is_alphabetic(script)
        {
            let (first, others) = script.split_at_checked(1).ok_or(LanguageError)?;
            tag.push('-');
            tag.push_str(&first.to_ascii_uppercase());
            tag.push_str(&others.to_ascii_lowercase());
            next = parts.next();
        }
        if let Some(region) = next {
            let is_number = region.len() == 3 && region.bytes().all(|b| b.is_ascii_digit());
            let is_letters = region.len() == 2 && is_alphabetic(region);
            if !is_number && !is_letters {
                return Err(LanguageError);
            }
            tag.push('-');
            tag.push_str(&region.to_ascii_uppercase());
        }
        match parts.next() {
            None => Ok(Self(tag)),
            Some(_) => Err(LanguageError),
        }
    }
}

impl fmt::Display for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Language {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?
            .parse()
            .map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn chain(of: &str) -> Vec<String> {
        let language: Language = of.parse().unwrap();
        language.chain().iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_language_is_written_in_one_case() {
        for (text, written) in [
            ("EN", "en"),
            ("es_mx", "es-MX"),
            ("ZH-hANT-tw", "zh-Hant-TW"),
            ("es-419", "es-419"),
            ("haw", "haw"),
        ] {
            assert_eq!(text.parse::<Language>().unwrap().as_str(), written);
        }
        for text in [
            "", "e", "english", "es-", "es-MX-x", "es-M", "-es", "es-MX-MX", "ñ-ES",
        ] {
            assert_eq!(text.parse::<Language>(), Err(LanguageError), "{text}");
        }
    }

    #[test]
    fn whoever_asks_for_a_region_gets_the_language_and_at_last_english() {
        assert_eq!(chain("es-MX"), ["es-MX", "es", "en"]);
        assert_eq!(chain("zh-Hant-TW"), ["zh-Hant-TW", "zh-Hant", "zh", "en"]);
        assert_eq!(chain("en-US"), ["en-US", "en"]);
        assert_eq!(chain("en"), ["en"]);
    }
}
