//! The recovery code: twelve words that *are* a member of each of the patient's spaces. Whoever holds the
//! words can act as that member, so a lost phone is replaced without anybody's help.

use bip39::{Language, Mnemonic};
use zeroize::Zeroizing;

use super::SpaceError;
use super::identity::Identity;
use super::keys::derive_with;
use super::typed;
use crate::domain::Purpose;
use crate::ports::{Rng, random};

/// Twelve words (128 bits and a checksum, BIP-39's English list).
#[derive(Clone, PartialEq, Eq)]
pub struct RecoveryCode(Zeroizing<String>);

impl RecoveryCode {
    /// A fresh one.
    pub fn generate(rng: &dyn Rng) -> Result<Self, SpaceError> {
        let entropy = Zeroizing::new(random::<16>(rng));
        Mnemonic::from_entropy_in(Language::English, entropy.as_slice())
            .map(|words| Self(Zeroizing::new(words.to_string())))
            .map_err(|error| SpaceError::BadRecoveryWords(error.to_string()))
    }

    /// Reads words as a person types or pastes them: see [`typed::recovery_words`].
    pub fn parse(text: &str) -> Result<Self, SpaceError> {
        let words = typed::recovery_words(text);
        if words.len() != 12 {
            return Err(SpaceError::BadRecoveryWords(format!(
                "there are {}",
                words.len()
            )));
        }
        let is_unknown = |word: &Zeroizing<String>| Language::English.find_word(word).is_none();
        // By its place and not by what was typed: a slip of one letter would give the word away.
        if let Some(place) = words.iter().position(is_unknown) {
            return Err(SpaceError::BadRecoveryWords(format!(
                "word {} is not on the list of words",
                place + 1
            )));
        }
        let mut joined = Zeroizing::new(String::new());
        for word in &words {
            if !joined.is_empty() {
                joined.push(' ');
            }
            joined.push_str(word);
        }
        match Mnemonic::parse_in_normalized(Language::English, &joined) {
            Ok(_) => Ok(Self(joined)),
            Err(_) => Err(SpaceError::BadRecoveryWords(
                "all of them are on the list, but they don't belong together: one is another word, or two \
                 are swapped"
                    .to_owned(),
            )),
        }
    }

    /// Whether a person typed that word.
    pub fn is_word(text: &str, word: &str) -> bool {
        let typed = typed::recovery_words(text);
        matches!(typed.as_slice(), [typed] if typed.as_str() == word)
    }

    /// The words, to be shown once.
    pub fn words(&self) -> Vec<&str> {
        self.0.split(' ').collect()
    }

    /// Who the words are in the patient's space of that purpose: somebody else in each, so that the
    /// server sees two members and not one.
    pub fn identity(&self, purpose: Purpose) -> Result<Identity, SpaceError> {
        let words = Mnemonic::parse_in_normalized(Language::English, &self.0)
            .map_err(|error| SpaceError::BadRecoveryWords(error.to_string()))?;
        let entropy = Zeroizing::new(words.to_entropy());
        let seed = |label: &[u8]| derive_with(&entropy, &[label, purpose.as_str().as_bytes()]);
        Ok(Identity::from_seeds(
            &seed(b"kap/recovery-signing/1"),
            &seed(b"kap/recovery-receiving/1"),
        ))
    }
}

impl std::fmt::Debug for RecoveryCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("RecoveryCode(..)")
    }
}
