//! What the registry of kinds knows of each, without its type: for whoever handles rows of any kind.

use super::content::{Content, Index, Placement, Projection, Writers};
use super::{Kind, Moment, Shape, Visibility};

/// Raised whenever a kind's [`Content::index`] gives something else than before, or a kind is added:
/// stores then index again what they received before.
pub const INDEX_VERSION: u32 = 1;

/// One kind as its file declares it.
#[derive(Clone, Debug)]
pub struct Declared {
    /// Its word.
    pub kind: Kind,
    /// Its fields.
    pub shape: Shape,
    /// Where it lives.
    pub placement: Placement,
    /// Who may write it.
    pub writers: Writers,
    read: fn(&Projection) -> Option<Reading>,
    /// For the contract test of all kinds.
    #[cfg(any(test, feature = "testing"))]
    pub contract: Contract,
}

/// What the contract test asks of a kind without naming its type.
#[cfg(any(test, feature = "testing"))]
#[derive(Clone, Debug)]
pub struct Contract {
    /// [`Content::examples`], as documents hold them.
    pub examples: fn() -> Vec<Projection>,
    /// Reads the fields and checks them as if somebody saved them.
    pub checked: fn(&Projection) -> Result<Projection, String>,
    /// The same with another visibility.
    pub with_visibility: fn(&Projection, Visibility) -> Option<Projection>,
}

/// What a row of a known kind says, for lists.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reading {
    /// How it is found.
    pub index: Index,
    /// Who is meant to see it.
    pub visibility: Option<Visibility>,
}

impl Declared {
    pub(super) const fn of<T: Content>() -> Declared {
        Declared {
            kind: T::KIND,
            shape: T::SHAPE,
            placement: T::PLACEMENT,
            writers: T::WRITERS,
            read: |fields| {
                let content = T::from_projection(fields).ok()?;
                Some(Reading {
                    index: content.index(),
                    visibility: content.visibility(),
                })
            },
            #[cfg(any(test, feature = "testing"))]
            contract: Contract {
                examples: || {
                    let examples = T::examples();
                    let fields = examples.iter().map(Content::to_projection);
                    fields.filter_map(Result::ok).collect()
                },
                checked: |fields| {
                    let content = T::from_projection(fields).map_err(|error| error.to_string())?;
                    let checked = content.checked().map_err(|invalid| invalid.to_string())?;
                    checked.to_projection().map_err(|error| error.to_string())
                },
                with_visibility: |fields, visibility| {
                    let mut content = T::from_projection(fields).ok()?;
                    content.set_visibility(visibility);
                    content.to_projection().ok()
                },
            },
        }
    }

    /// Reads the fields; `None` when this version can't understand them.
    pub fn read(&self, fields: &Projection) -> Option<Reading> {
        (self.read)(fields)
    }
}

/// How something of a kind that this version does not know is ordered and found: by the names of
/// fields that every kind so far uses. Total: odd fields give less, never an error.
pub fn index_unknown(fields: &Projection) -> Index {
    let text = |name: &str| fields.get(name).and_then(serde_json::Value::as_str);
    Index {
        at: text("at").and_then(|at| at.parse::<Moment>().ok()),
        about: text("about").and_then(|about| about.parse().ok()),
        ..Index::default()
    }
}

/// Declares the modules of all kinds and the registry over them: one line a kind.
macro_rules! kinds {
    ($($module:ident::$content:ident,)*) => {
        $(pub mod $module;)*
        $(pub use $module::$content;)*

        /// Every kind that this version understands.
        pub static REGISTRY: &[Declared] = &[$(Declared::of::<$content>()),*];
    };
}
pub(super) use kinds;
