//! The demo's folder: everything it writes is in there, and goes with it.

use std::fs::DirBuilder;
use std::io;
use std::os::unix::fs::DirBuilderExt as _;
use std::path::{Path, PathBuf};

use companion_core::ports::{Rng, random};

/// A folder of the demo's own, removed when it is dropped unless it is to be kept.
pub(crate) struct DataDir {
    root: PathBuf,
    keep: bool,
}

impl DataDir {
    /// Makes a new folder for its owner alone.
    pub(crate) fn make(rng: &dyn Rng, keep: bool) -> io::Result<Self> {
        let name = data_encoding::HEXLOWER.encode(&random::<4>(rng));
        let root = std::env::temp_dir().join(format!("kap-demo-{name}"));
        // Not recursive: fails where somebody made it before us.
        DirBuilder::new().mode(0o700).create(&root)?;
        Ok(Self { root, keep })
    }

    /// The folder.
    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// A folder inside, made on first use.
    pub(crate) fn folder(&self, name: &str) -> io::Result<PathBuf> {
        let path = self.root.join(name);
        DirBuilder::new()
            .mode(0o700)
            .recursive(true)
            .create(&path)?;
        Ok(path)
    }
}

impl Drop for DataDir {
    fn drop(&mut self) {
        if !self.keep {
            // What can't be removed now is in the system's folder for such things.
            let _ = std::fs::remove_dir_all(&self.root);
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use companion_core::ports::OsRng;

    use super::*;

    #[test]
    fn the_folder_goes_with_the_demo_unless_it_is_kept() {
        let gone = DataDir::make(&OsRng, false).unwrap();
        std::fs::write(gone.folder("phones").unwrap().join("file"), b"x").unwrap();
        let path = gone.root().to_owned();
        drop(gone);
        assert!(!path.exists());
        let kept = DataDir::make(&OsRng, true).unwrap();
        let path = kept.root().to_owned();
        drop(kept);
        assert!(path.exists());
        std::fs::remove_dir_all(path).unwrap();
    }
}
