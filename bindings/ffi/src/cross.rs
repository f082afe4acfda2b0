//! How values cross over: one trait each way, and three macros that declare a record, an enum and a kind beside what
//! they are made from. A field or a variant that the core gains does not compile here before somebody named it.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Debug;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use companion_core::domain::session_block::Minutes;
use companion_core::domain::trail::Trail;
use companion_core::domain::{DocumentId, ItemId, Ordered, Revision};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::error::Result;

/// A value of the core's, as the shells read it.
pub(crate) trait Cross<C>: Sized {
    /// Out of the core.
    fn out(core: C) -> Self;
}

/// A value of a shell's, as the core takes it.
pub(crate) trait Back<C>: Sized {
    /// Into the core, or what is wrong with it.
    fn back(self) -> Result<C>;
}

/// An item of a list that two people edit, with its name.
pub(crate) trait CrossItem<C>: Sized {
    /// Out of the core.
    fn out_item(item: ItemId, core: C) -> Self;
}

macro_rules! the_same {
    ($($type:ty),* $(,)?) => {$(
        impl Cross<$type> for $type {
            fn out(core: $type) -> Self {
                core
            }
        }
        impl Back<$type> for $type {
            fn back(self) -> Result<$type> {
                Ok(self)
            }
        }
    )*};
}

the_same!(
    String, bool, u8, u16, u32, u64, i32, i64, DocumentId, ItemId, Revision
);

impl<C, T: Cross<C>> Cross<Option<C>> for Option<T> {
    fn out(core: Option<C>) -> Self {
        core.map(T::out)
    }
}

impl<C, T: Back<C>> Back<Option<C>> for Option<T> {
    fn back(self) -> Result<Option<C>> {
        self.map(T::back).transpose()
    }
}

impl<C, T: Cross<C>> Cross<Vec<C>> for Vec<T> {
    fn out(core: Vec<C>) -> Self {
        core.into_iter().map(T::out).collect()
    }
}

impl<C, T: Back<C>> Back<Vec<C>> for Vec<T> {
    fn back(self) -> Result<Vec<C>> {
        self.into_iter().map(T::back).collect()
    }
}

impl<C, T: Cross<C>> Cross<BTreeSet<C>> for Vec<T> {
    fn out(core: BTreeSet<C>) -> Self {
        core.into_iter().map(T::out).collect()
    }
}

impl<C: Ord, T: Back<C>> Back<BTreeSet<C>> for Vec<T> {
    fn back(self) -> Result<BTreeSet<C>> {
        self.into_iter().map(T::back).collect()
    }
}

/// What is kept under a key, as a list of both.
impl<K, V, T: Cross<(K, V)>> Cross<BTreeMap<K, V>> for Vec<T> {
    fn out(core: BTreeMap<K, V>) -> Self {
        core.into_iter().map(T::out).collect()
    }
}

/// What is shown of a list that two people edit, in its order.
impl<C, T: CrossItem<C>> Cross<Ordered<C>> for Vec<T>
where
    C: Serialize + DeserializeOwned + Clone + PartialEq + Debug,
{
    fn out(core: Ordered<C>) -> Self {
        let items = core.iter();
        items
            .map(|(item, one)| T::out_item(item, one.clone()))
            .collect()
    }
}

/// What was done, the oldest first.
impl<C, T: Cross<C>> Cross<Trail<C>> for Vec<T>
where
    C: Serialize + DeserializeOwned + Clone + PartialEq + Debug,
{
    fn out(core: Trail<C>) -> Self {
        core.iter().map(|(_, step)| T::out(step.clone())).collect()
    }
}

impl Cross<Minutes> for Duration {
    fn out(core: Minutes) -> Self {
        Duration::from_secs(u64::from(core.0) * 60)
    }
}

impl Cross<&'static str> for String {
    fn out(core: &'static str) -> Self {
        core.to_owned()
    }
}

impl Cross<usize> for u64 {
    fn out(core: usize) -> Self {
        core.try_into().unwrap_or(u64::MAX)
    }
}

/// An instant, from milliseconds since 1970 UTC. One that this system can't hold is the beginning of 1970.
pub(crate) fn instant(unix_ms: i64) -> SystemTime {
    let distance = Duration::from_millis(unix_ms.unsigned_abs());
    let time = match unix_ms < 0 {
        true => UNIX_EPOCH.checked_sub(distance),
        false => UNIX_EPOCH.checked_add(distance),
    };
    time.unwrap_or(UNIX_EPOCH)
}

/// Milliseconds since 1970 UTC, from an instant.
pub(crate) fn unix_ms(instant: SystemTime) -> i64 {
    let ms = |distance: Duration| i64::try_from(distance.as_millis()).unwrap_or(i64::MAX);
    match instant.duration_since(UNIX_EPOCH) {
        Ok(after) => ms(after),
        Err(before) => ms(before.duration()).saturating_neg(),
    }
}

/// Declares a record beside what it is made from: each field under its name, in a type that crosses over. What is not
/// for a shell is named after `without`.
macro_rules! view {
    (
        $(#[$doc:meta])*
        $name:ident of $core:ident {
            $($(#[$fdoc:meta])* $field:ident: $type:ty,)*
        }
        $(without { $($left:ident),* $(,)? })?
    ) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, uniffi::Record)]
        pub struct $name {
            $($(#[$fdoc])* pub $field: $type,)*
        }

        impl $crate::cross::Cross<$core> for $name {
            fn out(core: $core) -> Self {
                let $core { $($field,)* $($($left: _,)*)? } = core;
                Self { $($field: $crate::cross::Cross::out($field),)* }
            }
        }
    };
}

/// The same for an item of a list that two people edit: its name comes first.
macro_rules! item_view {
    (
        $(#[$doc:meta])*
        $name:ident of $core:ident {
            $($(#[$fdoc:meta])* $field:ident: $type:ty,)*
        }
        $(without { $($left:ident),* $(,)? })?
    ) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, uniffi::Record)]
        pub struct $name {
            /// Which item it is.
            pub item: companion_core::domain::ItemId,
            $($(#[$fdoc])* pub $field: $type,)*
        }

        impl $crate::cross::CrossItem<$core> for $name {
            fn out_item(item: companion_core::domain::ItemId, core: $core) -> Self {
                let $core { $($field,)* $($($left: _,)*)? } = core;
                Self { item, $($field: $crate::cross::Cross::out($field),)* }
            }
        }
    };
}

/// Declares an enum without data beside what it is made from, both ways.
macro_rules! choice {
    (
        $(#[$doc:meta])*
        $name:ident of $core:ident {
            $($(#[$vdoc:meta])* $variant:ident,)*
        }
    ) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Enum)]
        pub enum $name {
            $($(#[$vdoc])* $variant,)*
        }

        impl $crate::cross::Cross<$core> for $name {
            fn out(core: $core) -> Self {
                match core {
                    $($core::$variant => $name::$variant,)*
                }
            }
        }

        impl $crate::cross::Back<$core> for $name {
            fn back(self) -> $crate::error::Result<$core> {
                Ok(match self {
                    $($name::$variant => $core::$variant,)*
                })
            }
        }
    };
}

pub(crate) use {choice, item_view, view};
