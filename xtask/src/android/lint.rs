//! How the app's code is written, whether its words are in resources, whether Gradle would take its files, and what
//! Android Lint says.

use std::fmt::Write as _;
use std::path::Path;

use super::parts::Parts;
use super::resources::{Resources, Shipped};
use super::{HINT, LOCK, gradle, words};
use crate::bindings::{self, Given, KotlinLibrary};
use crate::ci;
use crate::jvm::{Workshop, files, java, joined, needs, quoted};
use crate::maven::Lock;
use crate::step::{Step, clear, root, target};

/// Checks, or mends what can be.
pub(super) fn run(given: &Given, write: bool) -> Result<bool, String> {
    needs("java", HINT)?;
    let lock = Lock::read(LOCK)?;
    lock.fetch(&["ktlint"])?;
    if write {
        return ci::run(&[ktlint(&lock, true)?]);
    }
    let parts = Parts::new()?;
    parts.workshop.timed("tools", || {
        parts.lock.fetch(&["lint"])?;
        parts.lock.fetch(&gradle::USES)
    })?;
    // All of it, whatever fails: one run tells everything that is wrong.
    let mut all_well = true;
    for (what, done) in [
        ("words", words::check()),
        (
            "Gradle's files",
            gradle::check(&parts.workshop, &parts.lock, &parts.catalog),
        ),
    ] {
        if let Err(error) = done {
            println!("=== android: {what}: failed to {error}");
            all_well = false;
        }
    }
    let resources = Resources::new(&parts, Shipped::WithTests)?;
    let library = bindings::kotlin_library(given)?;
    let steps = [
        ktlint(&lock, false)?,
        android_lint(&parts, &resources, &library)?,
    ];
    Ok(ci::run(&steps)? && all_well)
}

fn ktlint(lock: &Lock, write: bool) -> Result<Step, String> {
    let workshop = Workshop {
        label: "android",
        folder: target().join("android"),
        compiler: Vec::new(),
    };
    let mut arguments = vec![
        "--add-opens=java.base/java.lang=ALL-UNNAMED".to_owned(),
        "-cp".to_owned(),
        joined(&lock.files("ktlint")),
        "com.pinterest.ktlint.Main".to_owned(),
        "--log-level=warn".to_owned(),
    ];
    arguments.extend(write.then(|| "--format".to_owned()));
    arguments.extend(["android/**/*.kt", "android/**/*.kts"].map(|its| format!("\"{its}\"")));
    let arguments = workshop.arguments_file("ktlint", &arguments)?;
    Ok(Step::program(
        "how Kotlin is written",
        java(),
        &[&arguments],
    ))
}

/// Android Lint without Gradle. What it calls a warning is an error here; what is switched off stands in `lint.xml`,
/// with the reason.
fn android_lint(
    parts: &Parts,
    resources: &Resources,
    library: &KotlinLibrary,
) -> Result<Step, String> {
    let folder = parts.workshop.folder.join("lint");
    // It keeps what it saw of a file the time before, and would say that instead.
    clear(&folder)?;
    for inside in ["home", "cache"] {
        std::fs::create_dir_all(folder.join(inside))
            .map_err(|error| format!("make {}: {error}", folder.display()))?;
    }
    let project = folder.join("project.xml");
    std::fs::write(&project, described(parts, resources, library, &folder)?)
        .map_err(|error| format!("write {}: {error}", project.display()))?;
    let config = root().join("android/app/lint.xml");
    let mut arguments = vec![
        "-Xmx2g".to_owned(),
        "-XX:+UseSerialGC".to_owned(),
        quoted(format!("-Duser.home={}", folder.join("home").display()).as_ref()),
        "-cp".to_owned(),
        joined(&parts.lock.files("lint")),
        "com.android.tools.lint.Main".to_owned(),
    ];
    arguments.extend(["--exitcode", "--quiet", "--offline", "-Werror"].map(str::to_owned));
    for (flag, path) in [
        ("--config", &*config),
        ("--project", &*project),
        ("--jdk-home", Path::new(&crate::jvm::home()?)),
    ] {
        arguments.extend([flag.to_owned(), quoted(path.as_os_str())]);
    }
    let arguments = parts.workshop.arguments_file("android-lint", &arguments)?;
    Ok(Step::program("Android Lint", java(), &[&arguments]))
}

/// The app as Lint wants it described.
fn described(
    parts: &Parts,
    resources: &Resources,
    library: &KotlinLibrary,
    folder: &Path,
) -> Result<String, String> {
    let main = root().join("android/app/src/main");
    let mut text = String::new();
    let mut line = |tag: &str, attribute: &str, path: &Path| {
        let path = path.display().to_string();
        let path = path.replace('&', "&amp;").replace('"', "&quot;");
        let _ = writeln!(text, "    <{tag} {attribute}=\"{path}\"/>");
    };
    line("manifest", "file", &main.join("AndroidManifest.xml"));
    line("merged-manifest", "file", &resources.manifest());
    line("resource", "dir", &main.join("res"));
    // One by one: of a folder it would read no Kotlin, and find every text unused.
    for source in files(&main.join("kotlin"), "kt")? {
        line("src", "file", &source);
    }
    let own = [resources.classes()].into_iter().chain(library.classes());
    for jar in own
        .chain(parts.class_path("main")?)
        .chain([parts.android.clone()])
    {
        line("classpath", "jar", &jar);
    }
    for archive in parts.archives("main") {
        line("aar", "extracted", &archive);
    }
    let level = parts.catalog.version("compile-sdk")?;
    Ok(format!(
        "<project>\n  <root dir=\"{}\"/>\n  <cache dir=\"{}\"/>\n  \
        <module name=\"app\" android=\"true\" library=\"false\" compile-sdk-version=\"{level}\">\n{text}  \
        </module>\n</project>\n",
        root().join("android").display(),
        folder.join("cache").display(),
    ))
}
