//! Whether what R8 leaves of the app still starts and reaches the core: R8 to class files by the same rules, and
//! Robolectric over those.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::compiled::Compiled;
use super::parts::Parts;
use super::shrink::{Into, Shrunk, shrink};
use super::test::{flags, settings};
use crate::bindings::Given;
use crate::ci;
use crate::jvm::{files, java, joined, property, quoted, tool};
use crate::step::{Counts, Step, clear, root, succeed};

/// The Android that most phones have: what R8 leaves does not depend on it.
const LEVEL: &str = "35";

/// JNA's own native library for this machine; on a phone it is in the package.
const OF_JNA: &str = "com/sun/jna/linux-x86-64/libjnidispatch.so";

/// Shrinks, and runs the tests of that.
pub(super) fn run(given: &Given) -> Result<bool, String> {
    let parts = Parts::new()?;
    let compiled = Compiled::new(&parts, given)?;
    let shrunk = shrink(&parts, &compiled, Into::Classes)?;
    let tests = tests(&parts, &compiled)?;
    let native = native(&parts)?;
    let pictures = parts.workshop.folder.join("shrunk-pictures");
    clear(&pictures)?;
    std::fs::create_dir_all(&pictures)
        .map_err(|error| format!("make {}: {error}", pictures.display()))?;

    let mut run = flags(&parts, &compiled.library)?;
    run.push(format!("-Drobolectric.enabledSdks={LEVEL}"));
    run.push(property("companion.pictures", &pictures));
    run.push("-cp".to_owned());
    run.push(joined(&class_path(&parts, &shrunk, tests, native)?));
    run.push("org.kapcompanion.smoke.ShrunkAppTest".to_owned());
    let arguments = parts.workshop.arguments_file("smoke-run", &run)?;
    let step = Step::program("what R8 left", java(), &[&arguments]);
    ci::run(&[step.counted(Counts::Tests)])
}

/// What R8 left, and Robolectric: nothing that R8 might have left out may be found elsewhere.
fn class_path(
    parts: &Parts,
    shrunk: &Shrunk,
    tests: PathBuf,
    native: PathBuf,
) -> Result<Vec<PathBuf>, String> {
    let settings = settings(parts, &shrunk.resources, "shrunk-settings")?;
    let mut class_path = vec![settings, tests, shrunk.code.clone(), native];
    class_path.extend(only_tests(parts)?);
    class_path.push(parts.android.clone());
    Ok(class_path)
}

/// The jars that tests have and the app has not; but nothing of Kotlin's: its library would find there what the app
/// does not have, and miss what R8 left out.
fn only_tests(parts: &Parts) -> Result<Vec<PathBuf>, String> {
    let main = parts.class_path("main")?;
    let mut jars = parts.class_path("test")?;
    jars.retain(|jar| !main.contains(jar) && !name(jar).starts_with("org.jetbrains."));
    Ok(jars)
}

/// The tests are Java: Kotlin's would need what R8 may have left out of Kotlin's library.
fn tests(parts: &Parts, compiled: &Compiled) -> Result<PathBuf, String> {
    let classes = parts.workshop.folder.join("smoke");
    clear(&classes)?;
    let mut class_path = compiled.library.classes().to_vec();
    class_path.extend(parts.class_path("test")?);
    class_path.push(parts.android.clone());
    let mut arguments: Vec<String> = ["-nowarn", "-proc:none", "-Xlint:-options"]
        .map(str::to_owned)
        .to_vec();
    arguments.extend(["--release", "17", "-cp"].map(str::to_owned));
    arguments.push(joined(&class_path));
    arguments.push("-d".to_owned());
    arguments.push(quoted(classes.as_os_str()));
    let sources = files(&root().join("android/app/src/smokeTest/java"), "java")?;
    arguments.extend(sources.iter().map(|its| quoted(its.as_os_str())));
    let arguments = parts.workshop.arguments_file("smoke-compile", &arguments)?;
    succeed(Command::new(tool("javac")).arg(arguments))?;
    Ok(classes)
}

/// A folder with JNA's native library alone.
fn native(parts: &Parts) -> Result<PathBuf, String> {
    let folder = parts.workshop.folder.join("jna");
    let file = folder.join(OF_JNA);
    let jars = parts.lock.files("main").into_iter();
    let is_jna = |jar: &PathBuf| name(jar).starts_with("net.java.dev.jna.jna-");
    let jar = jars
        .into_iter()
        .find(is_jna)
        .ok_or("find JNA in the lock")?;
    let list = parts.workshop.folder.join("unpack-jna");
    let order = format!("{}\t{}\t{OF_JNA}\n", jar.display(), file.display());
    std::fs::write(&list, order).map_err(|error| format!("write {}: {error}", list.display()))?;
    succeed(
        Command::new(java())
            .arg(root().join("android/ci/Unpack.java"))
            .arg(list),
    )?;
    Ok(folder)
}

fn name(path: &Path) -> String {
    path.file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned()
}
