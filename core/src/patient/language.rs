//! The language that a person reads in: a choice of this phone alone, since each phone has its own.

use super::Patient;
use crate::domain::guide::Language;
use crate::error::Result;

const LANGUAGE: &str = "language";

impl Patient {
    /// The language that was chosen on this phone; `None` where none was, or where what was kept names none.
    ///
    /// # Errors
    ///
    /// [`CoreError::Store`](crate::CoreError::Store) when the record can't be read.
    ///
    /// ```
    /// # let folder = tempfile::tempdir().unwrap();
    /// # let (path, key) = (folder.path().join("p.db"), companion_core::StoreKey::new([7; 32]));
    /// # let ports = companion_core::ports::testing::offline();
    /// # let phone = companion_core::patient::Patient::open(&path, &key, ports)?;
    /// assert_eq!(phone.language()?, None);
    /// # Ok::<(), companion_core::CoreError>(())
    /// ```
    pub fn language(&self) -> Result<Option<Language>> {
        let kept = self.replica.text_setting(LANGUAGE)?;
        Ok(kept.and_then(|kept| kept.parse().ok()))
    }

    /// Chooses the language to read in on this phone, or chooses none any more. One that no guide is written in
    /// is kept as well: a newer version may have it.
    ///
    /// # Errors
    ///
    /// [`CoreError::Store`](crate::CoreError::Store) when the record can't be written.
    ///
    /// ```
    /// use companion_core::domain::guide::Language;
    /// # let folder = tempfile::tempdir().unwrap();
    /// # let (path, key) = (folder.path().join("p.db"), companion_core::StoreKey::new([7; 32]));
    /// # let ports = companion_core::ports::testing::offline();
    /// # let phone = companion_core::patient::Patient::open(&path, &key, ports)?;
    /// phone.choose_language(Some(&Language::spanish()))?;
    /// assert_eq!(phone.language()?, Some(Language::spanish()));
    /// # Ok::<(), companion_core::CoreError>(())
    /// ```
    pub fn choose_language(&self, language: Option<&Language>) -> Result<()> {
        if self.language()?.as_ref() == language {
            return Ok(());
        }
        Ok(self.replica.store.write(|w| match language {
            Some(language) => w.set_setting(LANGUAGE, language.as_str().as_bytes()),
            None => w.remove_setting(LANGUAGE),
        })?)
    }
}
