//! Words of which a newer version may know more: kept as they are, never guessed at.

/// Declares an enum that is kept as one word: its known words, each with what a person reads, and
/// `Other` for a word that this version does not know.
macro_rules! open_word {
    (
        $(#[$doc:meta])*
        $name:ident {
            $($(#[$variant_doc:meta])* $variant:ident = $word:literal, $label:literal;)*
        }
    ) => {
        $(#[$doc])*
        #[derive(
            Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
        )]
        #[serde(from = "String", into = "String")]
        pub enum $name {
            $($(#[$variant_doc])* $variant,)*
            /// A word that this version does not know.
            Other(String),
        }

        impl $name {
            /// The words to choose from, in the order to show them.
            pub const ALL: &'static [$name] = &[$($name::$variant),*];

            /// The word that is kept.
            pub fn as_str(&self) -> &str {
                match self {
                    $($name::$variant => $word,)*
                    $name::Other(word) => word,
                }
            }

            /// The same for a person.
            pub fn label(&self) -> &str {
                match self {
                    $($name::$variant => $label,)*
                    $name::Other(word) => word,
                }
            }

            /// The word, tidied, if it can be kept: one line of at most 40 characters, and not empty.
            #[allow(dead_code, reason = "some are checked as keys of a set")]
            pub(in crate::domain) fn checked(
                &self,
                name: $crate::domain::text::Named,
            ) -> Result<Self, $crate::domain::Invalid> {
                let word = $crate::domain::text::needed_line(
                    self.as_str(),
                    name,
                    $crate::domain::limits::WORD,
                )?;
                Ok(word.into())
            }
        }

        impl From<String> for $name {
            fn from(word: String) -> Self {
                let known = $name::ALL.iter().find(|known| known.as_str() == word);
                known.cloned().unwrap_or($name::Other(word))
            }
        }

        impl From<$name> for String {
            fn from(word: $name) -> String {
                word.as_str().to_owned()
            }
        }
    };
}
pub(in crate::domain) use open_word;
