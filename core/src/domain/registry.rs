//! What the registry of kinds knows of each, without its type: for whoever handles rows of any kind.

use serde::Deserialize as _;

use super::content::{Content, Index, Placement, Projection, Writers, unreadable};
use super::section::Belongs;
use super::{
    Attachment, ContentError, Invalid, Kind, Moment, Ordered, Shape, Visibility, attachment,
};

/// Raised whenever a kind's [`Content::index`] gives something else than before, or a kind is added:
/// stores then index again what they received before.
pub const INDEX_VERSION: u32 = 22;

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
    /// Whether nothing of it reaches the clinic in the quiet hours of a session.
    pub held_in_quiet: bool,
    read: fn(&Projection) -> Option<Reading>,
    check: fn(&Projection) -> Result<Result<Projection, Invalid>, ContentError>,
    show_to: fn(&mut Projection, Visibility) -> Result<(), ContentError>,
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
            held_in_quiet: T::HELD_IN_QUIET,
            read: |fields| {
                let content = T::from_projection(fields).ok()?;
                Some(Reading {
                    index: content.index(),
                    visibility: content.visibility(),
                })
            },
            check: |fields| match T::from_projection(fields)?.checked() {
                Ok(checked) => Ok(Ok(checked.to_projection()?)),
                Err(invalid) => Ok(Err(invalid)),
            },
            show_to: |fields, visibility| {
                let mut content = T::from_projection(fields)?;
                content.set_visibility(visibility);
                fields.extend(content.to_projection()?);
                Ok(())
            },
        }
    }

    /// What is declared of a kind whose type is at hand.
    pub const fn by<T: Content>() -> &'static Declared {
        const { &Declared::of::<T>() }
    }

    /// Whether the patient says for each who sees it: a private copy and a shared one stand for each other.
    pub fn is_shared_by_choice(&self) -> bool {
        self.placement == Placement::ByVisibility
    }

    /// Reads the fields; `None` when this version can't understand them.
    pub fn read(&self, fields: &Projection) -> Option<Reading> {
        (self.read)(fields)
    }

    /// The fields as a person may save them: [`Content::checked`].
    ///
    /// # Errors
    ///
    /// The outer one where they are not what this version understands under that kind.
    pub fn checked(
        &self,
        fields: &Projection,
    ) -> Result<Result<Projection, Invalid>, ContentError> {
        (self.check)(fields)
    }

    /// Chooses who is meant to see it: [`Content::set_visibility`].
    ///
    /// # Errors
    ///
    /// The fields are not what this version understands under that kind.
    pub fn set_visibility(
        &self,
        fields: &mut Projection,
        visibility: Visibility,
    ) -> Result<(), ContentError> {
        (self.show_to)(fields, visibility)
    }

    /// What hangs on it; `None` where nothing can, or nothing does.
    ///
    /// # Errors
    ///
    /// It is not what this version understands.
    pub fn attachments(
        &self,
        fields: &Projection,
    ) -> Result<Option<Ordered<Attachment>>, ContentError> {
        let name = attachment::ATTACHMENTS.field;
        let Some(all) = fields.get(name).filter(|_| self.shape.has(name)) else {
            return Ok(None);
        };
        let all = Ordered::deserialize(all);
        all.map(Some)
            .map_err(|_| unreadable(self.kind.clone(), "a list with a value that is not allowed"))
    }

    /// Writes what hangs on it into the fields.
    ///
    /// # Errors
    ///
    /// A value that can't be written down.
    pub fn put_attachments(
        &self,
        fields: &mut Projection,
        all: &Ordered<Attachment>,
    ) -> Result<(), ContentError> {
        let name = attachment::ATTACHMENTS.field;
        let all = serde_json::to_value(all)
            .map_err(|_| unreadable(self.kind.clone(), "a value that cannot be written down"))?;
        fields.insert(name.to_owned(), all);
        Ok(())
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
