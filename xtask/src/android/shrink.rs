//! R8 over the app and all that it is shipped with, by the rules that Gradle would give it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::compiled::Compiled;
use super::parts::Parts;
use super::resources::{Resources, Shipped};
use crate::jvm::{files, java, joined, quoted, tool};
use crate::step::{clear, root, succeed};

/// The rules of the library around the core, which every app that uses it takes over.
const CONSUMER_RULES: &str = "android/core/consumer-rules.pro";

/// For class files, which Robolectric runs: it loads Kotlin's own library outside of where it loads the app, so that
/// names of Kotlin's must stay, and what was moved out of it could not be called.
const ON_THE_JVM: &str = "-dontoptimize\n-keep,allowshrinking class kotlin.** { *; }\n";

/// What R8 makes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Into {
    /// What phones run.
    Dex,
    /// What the JVM runs.
    Classes,
}

/// What R8 left.
pub(super) struct Shrunk {
    /// What is shipped: without what only tests have.
    pub(super) resources: Resources,
    /// A folder of dex files, or a jar of classes.
    pub(super) code: PathBuf,
    /// Which name each class had.
    pub(super) names: PathBuf,
}

/// Shrinks the app.
pub(super) fn shrink(parts: &Parts, compiled: &Compiled, into: Into) -> Result<Shrunk, String> {
    parts.lock.fetch(&["agp", "r8"])?;
    let resources = parts.workshop.timed("shipped resources", || {
        Resources::new(parts, Shipped::Alone)
    })?;
    let folder = parts.workshop.folder.join("shrunk");
    fs::create_dir_all(&folder).map_err(|error| format!("make {}: {error}", folder.display()))?;
    let mut jars = Vec::new();
    let [main, generated] = compiled.library.classes();
    for (name, classes) in [
        ("app", &compiled.app),
        ("library", &main),
        ("generated", &generated),
        ("r", &resources.classes()),
    ] {
        jars.push(jar(&folder, name, classes)?);
    }
    jars.extend(parts.class_path("main")?);
    let rules = rules(parts, &resources, &jars, &folder, into)?;
    let (code, names) = match into {
        Into::Dex => (folder.join("dex"), folder.join("dex-names.txt")),
        Into::Classes => (folder.join("classes.jar"), folder.join("classes-names.txt")),
    };
    clear_any(&code)?;
    if into == Into::Dex {
        fs::create_dir_all(&code).map_err(|error| format!("make {}: {error}", code.display()))?;
    }
    let base = java_base(&folder)?;
    let mut arguments = vec![
        "-Xmx4g".to_owned(),
        "-XX:+UseParallelGC".to_owned(),
        "-cp".to_owned(),
        joined(&parts.lock.files("r8")),
        "com.android.tools.r8.R8".to_owned(),
        "--release".to_owned(),
    ];
    // Of each rule that finds nothing: libraries have them for what others use of them.
    arguments.extend(["--map-diagnostics", "info", "none"].map(str::to_owned));
    match into {
        Into::Dex => arguments.extend(["--min-api".to_owned(), parts.catalog.version("min-sdk")?]),
        Into::Classes => arguments.push("--classfile".to_owned()),
    }
    for (flag, path) in [
        ("--lib", &parts.android),
        ("--lib", &base),
        ("--pg-conf", &rules),
        ("--pg-map-output", &names),
        ("--output", &code),
    ] {
        arguments.extend([flag.to_owned(), quoted(path.as_os_str())]);
    }
    arguments.extend(jars.iter().map(|its| quoted(its.as_os_str())));
    let arguments = parts.workshop.arguments_file("r8", &arguments)?;
    parts
        .workshop
        .timed("R8", || succeed(Command::new(java()).arg(arguments)))?;
    Ok(Shrunk {
        resources,
        code,
        names,
    })
}

/// All rules in one file: the Gradle plugin's, the resources', those inside of libraries, and ours.
fn rules(
    parts: &Parts,
    resources: &Resources,
    jars: &[PathBuf],
    folder: &Path,
    into: Into,
) -> Result<PathBuf, String> {
    let (file, own) = (folder.join("rules.pro"), folder.join("own.pro"));
    let text = match into {
        Into::Dex => "",
        Into::Classes => ON_THE_JVM,
    };
    fs::write(&own, text).map_err(|error| format!("write {}: {error}", own.display()))?;
    let mut command = Command::new(java());
    command.arg(root().join("android/ci/Rules.java")).arg(&file);
    command
        .arg(parts.catalog.version("r8")?)
        .args(parts.lock.files("agp"));
    command
        .arg(resources.rules())
        .arg(root().join(CONSUMER_RULES));
    let archives = parts.archives("main").into_iter();
    let inside = archives.map(|archive| archive.join("proguard.txt"));
    command.args(inside.filter(|its| its.exists()));
    succeed(command.args(jars).arg(own))?;
    Ok(file)
}

/// Classes as a jar: R8 reads no folders.
fn jar(folder: &Path, name: &str, classes: &Path) -> Result<PathBuf, String> {
    let jar = folder.join(name).with_extension("jar");
    if files(classes, "class")?.is_empty() {
        return Err(format!("find classes in {}", classes.display()));
    }
    let mut command = Command::new(tool("jar"));
    command
        .args(["--create", "--no-compress", "--file"])
        .arg(&jar);
    succeed(command.arg("-C").arg(classes).arg("."))?;
    Ok(jar)
}

/// Java's own classes, as far as Android has them.
fn java_base(folder: &Path) -> Result<PathBuf, String> {
    let jar = folder.join("java-base.jar");
    if !jar.exists() {
        let unfinished = jar.with_extension("unfinished");
        let mut command = Command::new(java());
        succeed(
            command
                .arg(root().join("android/ci/JavaBase.java"))
                .arg(&unfinished),
        )?;
        fs::rename(&unfinished, &jar)
            .map_err(|error| format!("keep {}: {error}", jar.display()))?;
    }
    Ok(jar)
}

fn clear_any(path: &Path) -> Result<(), String> {
    match path.is_dir() {
        true => clear(path),
        false if path.exists() => {
            fs::remove_file(path).map_err(|error| format!("clear {}: {error}", path.display()))
        }
        false => Ok(()),
    }
}
