//! How each field of a kind merges when two people edit it apart. A released shape is wire format:
//! other phones already hold documents that were made by it.

/// The names of fields that stand beside what something says: who may see it, when it is said to have
/// happened, and what became of it. The same for every kind.
pub const BESIDE_CONTENT: [&str; 8] = [
    "visibility",
    "at",
    "edited_at",
    "withdrawn_at",
    "shared_as",
    "shared_words",
    "withdrawn_words",
    "formerly",
];

/// How one field merges.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Merge {
    /// One of two values written apart wins, the same on every replica.
    Value,
    /// Long text: both edits stand, each where it was typed.
    Text,
    /// A set of words, kept as `{"word": true}`: additions from both sides stand.
    Set,
    /// A map: what was written under different keys stands; under one key, one value wins.
    Map,
    /// A list whose items two people add, edit, move and remove: an
    /// [`Ordered`](super::Ordered) of items with these fields.
    Ordered(&'static [Field]),
}

impl Merge {
    /// Whether edits made apart merge inside it, so that it stands from the first change on.
    pub const fn is_inside(self) -> bool {
        !matches!(self, Merge::Value)
    }
}

/// One field of a kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Field {
    /// Its name in the document.
    pub name: &'static str,
    /// How it merges.
    pub merge: Merge,
}

impl Field {
    /// A field of which one value wins.
    pub const fn value(name: &'static str) -> Field {
        Field {
            name,
            merge: Merge::Value,
        }
    }

    /// A long text that merges inside.
    pub const fn text(name: &'static str) -> Field {
        Field {
            name,
            merge: Merge::Text,
        }
    }

    /// A set of words.
    pub const fn set(name: &'static str) -> Field {
        Field {
            name,
            merge: Merge::Set,
        }
    }

    /// A map with one winner for each key.
    pub const fn map(name: &'static str) -> Field {
        Field {
            name,
            merge: Merge::Map,
        }
    }

    /// A list of items that two people edit.
    pub const fn ordered(name: &'static str, item: &'static [Field]) -> Field {
        Field {
            name,
            merge: Merge::Ordered(item),
        }
    }
}

/// All fields of a kind. What a document holds besides comes from a newer version, and is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shape {
    /// The fields, in the order in which they are declared.
    pub fields: &'static [Field],
}

impl Shape {
    /// A kind that this version knows nothing of.
    pub const UNKNOWN: Shape = Shape::new(&[]);

    /// A shape of these fields.
    pub const fn new(fields: &'static [Field]) -> Shape {
        Shape { fields }
    }

    /// The field of that name.
    pub fn field(&self, name: &str) -> Option<&'static Field> {
        self.fields.iter().find(|field| field.name == name)
    }

    /// Whether the kind declares a field of that name.
    pub fn has(&self, name: &str) -> bool {
        self.field(name).is_some()
    }
}
