//! What the registry of kinds knows of each, without its type: for whoever handles rows of any kind.

use super::content::{Content, Index, Placement, Projection, Writers};
use super::section::Belongs;
use super::{Kind, Moment, Shape, Visibility};

/// Raised whenever a kind's [`Content::index`] gives something else than before, or a kind is added:
/// stores then index again what they received before.
pub const INDEX_VERSION: u32 = 21;

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
    /// Which section of a patient's record it belongs to.
    pub belongs: Belongs,
    /// Whether it is a patient's word that somebody at the clinic has to see.
    pub to_be_seen: bool,
    /// Whether a patient who takes their record elsewhere takes it along.
    pub in_export: bool,
    read: fn(&Projection) -> Option<Reading>,
}

/// Goes through all kinds, for whoever needs their types.
pub trait KindVisitor {
    /// Called once for each kind.
    fn visit<T: Content>(&mut self);
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
            belongs: T::BELONGS,
            to_be_seen: T::TO_BE_SEEN,
            in_export: T::IN_EXPORT,
            read: |fields| {
                let content = T::from_projection(fields).ok()?;
                Some(Reading {
                    index: content.index(),
                    visibility: content.visibility(),
                })
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

        /// Goes through all kinds.
        pub fn visit_kinds(visitor: &mut impl KindVisitor) {
            $(visitor.visit::<$content>();)*
        }
    };
}
pub(super) use kinds;
