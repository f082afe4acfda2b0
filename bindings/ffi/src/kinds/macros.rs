//! What makes a kind of the core's one of the shells': `kind!` gives its view, its pages and the verbs that read it;
//! `writes!` adds those that write it, `shares!` those that share, take back and delete what a patient may keep private.

/// A kind: its view, a page of views, and an object with the verbs that read it. What the core says of a whole content
/// and not of a field stands under `reads`; what is not for a shell, under `without`.
macro_rules! kind {
    (
        $(#[$doc:meta])*
        $list:ident of $core:ident as $view:ident in $page:ident {
            $($(#[$fdoc:meta])* $field:ident: $type:ty,)*
        }
        $(reads {
            $($(#[$rdoc:meta])* $read:ident: $rtype:ty = |$content:ident| $said:expr,)*
        })?
        $(without { $($left:ident),* $(,)? })?
    ) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, uniffi::Record)]
        pub struct $view {
            /// Which it is, how far it got, when it was.
            pub head: $crate::values::DocumentHead,
            $($(#[$fdoc])* pub $field: $type,)*
            $($($(#[$rdoc])* pub $read: $rtype,)*)?
        }

        impl $crate::cross::Cross<companion_core::records::View<$core>> for $view {
            fn out(core: companion_core::records::View<$core>) -> Self {
                let (head, content) = $crate::values::DocumentHead::of(core);
                $($(
                    let $content = &content;
                    let $read: $rtype = $crate::cross::Cross::out($said);
                )*)?
                let $core { $($field,)* $($($left: _,)*)? } = content;
                Self {
                    head,
                    $($field: $crate::cross::Cross::out($field),)*
                    $($($read,)*)?
                }
            }
        }

        /// A page of a list, in its order.
        #[derive(Debug, Clone, PartialEq, uniffi::Record)]
        pub struct $page {
            /// What is on it.
            pub items: Vec<$view>,
            /// Where the next page goes on; nothing at the end of the list.
            pub next: Option<String>,
        }

        $(#[$doc])*
        #[derive(uniffi::Object)]
        pub struct $list {
            pub(crate) inner: std::sync::Arc<$crate::inner::Inner>,
        }

        #[uniffi::export]
        impl $list {
            /// What a `RecordChange` calls this kind. Touches no disk.
            ///
            /// # Errors
            ///
            /// None today.
            pub fn kind(&self) -> $crate::error::Result<String> {
                Ok(<$core as companion_core::domain::Content>::KIND.to_string())
            }

            /// One of them.
            ///
            /// # Errors
            ///
            /// `NotFound`; `NotNow` where it was
            /// withdrawn, deleted, shared, or written by a newer version.
            pub async fn get(
                &self,
                id: companion_core::domain::DocumentId,
            ) -> $crate::error::Result<$view> {
                let view = self
                    .inner
                    .ask(move |patient| Ok($crate::cross::Cross::out(patient.get::<$core>(id)?)));
                view.await
            }

            /// A page of those that are shown, the newest first unless asked otherwise.
            ///
            /// # Errors
            ///
            /// `Invalid` for more rows than 500, or a place in another list.
            pub async fn page(
                &self,
                request: $crate::values::PageRequest,
            ) -> $crate::error::Result<$page> {
                let page = self.inner.ask(move |patient| {
                    let query = request.query::<$core>()?;
                    let page = patient.page(&query)?;
                    Ok($page {
                        items: $crate::cross::Cross::out(page.items),
                        next: page.next.map(|cursor| cursor.to_string()),
                    })
                });
                page.await
            }

            /// How many a list has.
            ///
            /// # Errors
            ///
            /// As of `page`.
            pub async fn count(
                &self,
                request: $crate::values::PageRequest,
            ) -> $crate::error::Result<u64> {
                let count = self.inner.ask(move |patient| {
                    let query = request.query::<$core>()?;
                    Ok(patient.count(&query)?)
                });
                count.await
            }

            /// Those that hold all of these words, the best match first.
            ///
            /// # Errors
            ///
            /// `Invalid` for more rows than 500.
            pub async fn search(
                &self,
                words: String,
                rows: u32,
            ) -> $crate::error::Result<Vec<$view>> {
                let found = self.inner.ask(move |patient| {
                    let size = companion_core::records::PageSize::new(rows.into())
                        .map_err(companion_core::CoreError::from)?;
                    let found = patient.search::<$core>(&words, size)?;
                    Ok($crate::cross::Cross::out(found))
                });
                found.await
            }
        }
    };
}

/// The verbs that write a kind, from a request of its own. What of a kind a request does not name stays as it is.
macro_rules! writes {
    (
        $(#[$doc:meta])*
        $list:ident of $core:ident as $view:ident from $request:ident, new $new:expr => {
            $($(#[$fdoc:meta])* $field:ident: $type:ty,)*
        }
    ) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, uniffi::Record)]
        pub struct $request {
            $($(#[$fdoc])* pub $field: $type,)*
        }

        impl $request {
            /// What it says, for the core to write.
            pub(crate) fn settled(self) -> $crate::error::Result<impl FnOnce(&mut $core) + Send + 'static> {
                $(let $field = $crate::cross::Back::back(self.$field)?;)*
                Ok(move |content: &mut $core| {
                    $(content.$field = $field;)*
                })
            }

            /// A new one that says it.
            pub(crate) fn content(self) -> $crate::error::Result<$core> {
                let new: fn(&$request) -> $crate::error::Result<$core> = $new;
                let mut content = new(&self)?;
                self.settled()?(&mut content);
                Ok(content)
            }
        }

        #[uniffi::export]
        impl $list {
            /// Writes a new one. When this returns, it survives a power cut.
            ///
            /// # Errors
            ///
            /// `Invalid` names the field and its limit;
            /// `NotPaired` where the clinic would read it and there is none;
            /// `NotNow` in the quiet hours of a session, where the clinic would read
            /// it at once.
            pub async fn create(&self, request: $request) -> $crate::error::Result<$view> {
                let view = self.inner.ask(move |patient| {
                    let content = request.content()?;
                    Ok($crate::cross::Cross::out(patient.create(content)?))
                });
                view.await
            }

            /// Changes one. Words that somebody added meanwhile, on another phone, are kept. Who reads it is changed
            /// by sharing it and taking it back alone.
            ///
            /// # Errors
            ///
            /// As of `create` and `get`.
            pub async fn edit(
                &self,
                id: companion_core::domain::DocumentId,
                seen: companion_core::domain::Revision,
                request: $request,
            ) -> $crate::error::Result<$view> {
                let view = self.inner.ask(move |patient| {
                    let settle = request.settled()?;
                    let view = patient.edit::<$core>(id, &seen, settle)?;
                    Ok($crate::cross::Cross::out(view))
                });
                view.await
            }
        }
    };
}

/// The verbs of what a patient keeps private or shares, as they choose: those that share it, take it back, and delete
/// it. With a request it can also be kept to be shared later.
macro_rules! shares {
    ($list:ident of $core:ident as $view:ident from $request:ident) => {
        $crate::kinds::macros::shares! { $list of $core as $view }

        #[uniffi::export]
        impl $list {
            /// Keeps a new one private that was to be shared and can't be now. In the quiet hours of a session it is
            /// noted how it was to be shared: `to_review` offers it so once they are over.
            ///
            /// # Errors
            ///
            /// `Invalid` names the field and its limit.
            pub async fn create_for_later(
                &self,
                request: $request,
            ) -> $crate::error::Result<$view> {
                self.inner
                    .ask(move |patient| {
                        let content = request.content()?;
                        Ok($crate::cross::Cross::out(
                            patient.create_for_later(content)?,
                        ))
                    })
                    .await
            }
        }
    };
    ($list:ident of $core:ident as $view:ident) => {
        #[uniffi::export]
        impl $list {
            /// Shares one with the clinic, as it is now; what was written before stays private.
            ///
            /// # Errors
            ///
            /// `NotPaired`;
            /// `NotNow` in the quiet hours of a session.
            pub async fn share(
                &self,
                id: companion_core::domain::DocumentId,
                readers: $crate::values::WhoReads,
            ) -> $crate::error::Result<$view> {
                self.inner
                    .ask(move |patient| {
                        let readers = $crate::cross::Back::back(readers)?;
                        Ok($crate::cross::Cross::out(
                            patient.share::<$core>(id, readers)?,
                        ))
                    })
                    .await
            }

            /// Takes one back: it is private again. `what_remains` says first what of it stays where.
            ///
            /// # Errors
            ///
            /// `NotFound`.
            pub async fn withdraw(
                &self,
                id: companion_core::domain::DocumentId,
            ) -> $crate::error::Result<$view> {
                self.inner
                    .ask(move |patient| {
                        Ok($crate::cross::Cross::out(patient.withdraw::<$core>(id)?))
                    })
                    .await
            }

            /// Who reads it, where it is shared.
            ///
            /// # Errors
            ///
            /// `NotFound`.
            pub async fn readers(
                &self,
                id: companion_core::domain::DocumentId,
            ) -> $crate::error::Result<Option<$crate::values::WhoReads>> {
                self.inner
                    .ask(move |patient| {
                        Ok($crate::cross::Cross::out(patient.how_shared::<$core>(id)?))
                    })
                    .await
            }

            /// Deletes one, on every phone; one that is shared is taken back in the same act. `what_remains` says
            /// first what of it stays where.
            ///
            /// # Errors
            ///
            /// `NotFound`.
            pub async fn delete(
                &self,
                id: companion_core::domain::DocumentId,
            ) -> $crate::error::Result<()> {
                self.inner
                    .ask(move |patient| Ok(patient.delete::<$core>(id)?))
                    .await
            }

            /// What of it stays where once it is taken back or deleted.
            ///
            /// # Errors
            ///
            /// `NotFound`.
            pub async fn what_remains(
                &self,
                id: companion_core::domain::DocumentId,
            ) -> $crate::error::Result<$crate::values::RemainsView> {
                self.inner
                    .ask(move |patient| {
                        Ok($crate::cross::Cross::out(
                            patient.what_remains::<$core>(id)?,
                        ))
                    })
                    .await
            }
        }
    };
}

/// An enum of words of which a newer version, or a person, may have others, both ways.
macro_rules! open_choice {
    (
        $(#[$doc:meta])*
        $name:ident of $core:ident {
            $($(#[$vdoc:meta])* $variant:ident,)*
        }
    ) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, uniffi::Enum)]
        pub enum $name {
            $($(#[$vdoc])* $variant,)*
            /// Anything else: a word of somebody's own, or of a newer version.
            Other {
                /// The word.
                word: String,
            },
        }

        impl $crate::cross::Cross<$core> for $name {
            fn out(core: $core) -> Self {
                match core {
                    $($core::$variant => $name::$variant,)*
                    $core::Other(word) => $name::Other { word },
                }
            }
        }

        impl $crate::cross::Back<$core> for $name {
            fn back(self) -> $crate::error::Result<$core> {
                Ok(match self {
                    $($name::$variant => $core::$variant,)*
                    $name::Other { word } => $core::Other(word),
                })
            }
        }
    };
}

/// A name that the core keeps in a type of its own, as a text.
macro_rules! as_text {
    ($($core:ty),* $(,)?) => {$(
        impl $crate::cross::Cross<$core> for String {
            fn out(core: $core) -> Self {
                core.to_string()
            }
        }
    )*};
}

pub(crate) use {as_text, kind, open_choice, shares, writes};
