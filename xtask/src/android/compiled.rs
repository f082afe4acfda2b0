//! The app compiled, with its resources and the library around the core beneath it.

use std::ffi::OsString;
use std::path::PathBuf;

use super::parts::Parts;
use super::resources::{Resources, Shipped};
use crate::bindings::{self, Given, KotlinLibrary};
use crate::jvm::{Compilation, files};
use crate::step::root;

/// What the app's tests, and its package, are made of.
pub(super) struct Compiled {
    pub(super) resources: Resources,
    pub(super) library: KotlinLibrary,
    pub(super) app: PathBuf,
}

impl Compiled {
    pub(super) fn new(parts: &Parts, given: &Given) -> Result<Compiled, String> {
        let resources = parts
            .workshop
            .timed("resources", || Resources::new(parts, Shipped::WithTests))?;
        // The same classes that the library's own tests run against.
        let library = bindings::kotlin_library(given)?;
        let app = app(parts, &resources, &library)?;
        Ok(Compiled {
            resources,
            library,
            app,
        })
    }
}

/// The Compose compiler, as an argument of Kotlin's.
pub(super) fn compose(parts: &Parts) -> Result<OsString, String> {
    let plugin = parts.lock.files("kotlinc").into_iter().find(|file| {
        let name = file.file_name().unwrap_or_default().to_string_lossy();
        name.contains("compose-compiler-plugin")
    });
    let plugin = plugin.ok_or("find the Compose compiler in the lock")?;
    Ok(format!("-Xplugin={}", plugin.display()).into())
}

/// What the app itself sees, and no more: nothing that only tests have.
fn app(parts: &Parts, resources: &Resources, library: &KotlinLibrary) -> Result<PathBuf, String> {
    let mut class_path = vec![resources.classes()];
    class_path.extend(library.classes());
    class_path.extend(parts.class_path("main")?);
    class_path.push(parts.android.clone());
    parts.workshop.compile(&Compilation {
        name: "app",
        class_path,
        arguments: vec!["-Werror".into(), compose(parts)?],
        sources: files(&root().join("android/app/src/main/kotlin"), "kt")?,
    })
}
