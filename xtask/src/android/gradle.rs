//! Whether Gradle would take its files: there is no Gradle in CI, so each of them is compiled as the body of a function
//! against the real types of Gradle and of Android's Gradle plugin, with the catalog's aliases as Gradle would offer
//! them. It finds a name that is not there and a value of the wrong type. It runs nothing.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::path::PathBuf;

use super::catalog::Catalog;
use crate::jvm::{Compilation, Workshop};
use crate::maven::Lock;
use crate::step::{clear, root};

/// Every file of Gradle's, whose body it is inside, and what `android { }` is there.
const FILES: [(&str, &str, &str); 5] = [
    ("settings.gradle.kts", "Settings", "Nothing"),
    ("build.gradle.kts", "Project", "Nothing"),
    ("app/build.gradle.kts", "Project", "ApplicationExtension"),
    ("core/build.gradle.kts", "Project", "LibraryExtension"),
    (
        "core/generated/build.gradle.kts",
        "Project",
        "LibraryExtension",
    ),
];

/// What the lock has for this.
pub(super) const USES: [&str; 5] = [
    "agp-dsl",
    "gradle",
    "gradle-assignment",
    "gradle-kotlin",
    "gradle-receiver",
];

/// What Gradle imports into each of its files, as far as ours use it.
const IMPORTED: [&str; 11] = [
    "check.*",
    "com.android.build.api.dsl.*",
    "org.gradle.api.*",
    "org.gradle.api.artifacts.*",
    "org.gradle.api.file.*",
    "org.gradle.api.initialization.*",
    "org.gradle.api.initialization.resolve.*",
    "org.gradle.api.provider.*",
    "org.gradle.api.tasks.*",
    "org.gradle.process.*",
    "java.io.File",
];

/// What Gradle's Kotlin adds to its own types, as far as our files use it.
const ADDED: &str = r#"
fun <T> never(): T = error("nothing of this runs")
fun Project.plugins(block: PluginDependenciesSpec.() -> Unit) = Unit
infix fun PluginDependencySpec.apply(isApplied: Boolean): PluginDependencySpec = this
fun Project.dependencies(block: DependencyHandler.() -> Unit) = Unit
fun Project.kotlin(block: org.jetbrains.kotlin.gradle.dsl.KotlinAndroidExtension.() -> Unit) = Unit
fun <T : Any> Property<T>.assign(value: T) = set(value)
fun <T : Any> Property<T>.assign(value: Provider<T>) = set(value)
inline fun <reified T : Task> TaskContainer.register(name: String, noinline block: T.() -> Unit): TaskProvider<T> =
    register(name, T::class.java) { block(this) }
"#;

const LIBRARY_LOCK: &str = include_str!("../../../bindings/kotlin/dependencies.lock");

/// Where a build file can say what it stands on.
const CONFIGURATIONS: [&str; 9] = [
    "api",
    "implementation",
    "compileOnly",
    "runtimeOnly",
    "debugImplementation",
    "releaseImplementation",
    "testImplementation",
    "testRuntimeOnly",
    "androidTestImplementation",
];

/// Compiles them all.
pub(super) fn check(workshop: &Workshop, lock: &Lock, catalog: &Catalog) -> Result<(), String> {
    let folder = workshop.folder.join("gradle");
    clear(&folder)?;
    let mut sources = Vec::new();
    let mut keep = |name: &str, text: String| -> Result<(), String> {
        let path = folder.join(name);
        let made = fs::create_dir_all(&folder).and_then(|()| fs::write(&path, text));
        sources.push(path);
        made.map_err(|error| format!("write {name}: {error}"))
    };
    keep("Offered.kt", offered(catalog))?;
    let mut used = BTreeSet::new();
    for (file, receiver, extension) in FILES {
        let path = root().join("android").join(file);
        let text = fs::read_to_string(&path)
            .map_err(|error| format!("read {}: {error}", path.display()))?;
        used.extend(aliases_in(&text));
        keep(
            &format!("{}.kt", file.replace('/', "_")),
            function(file, receiver, extension, &text),
        )?;
    }
    let unused = unused(catalog, &used)?;
    if !unused.is_empty() {
        return Err(format!(
            "find in any build file of Gradle's what libs.versions.toml names: {}",
            unused.join(", ")
        ));
    }
    workshop
        .compile(&Compilation {
            name: "gradle-files",
            class_path: class_path(lock),
            arguments: arguments(lock)?,
            sources,
        })
        .map(|_| ())
        .map_err(|error| {
            format!("{error}: the line and column are those of the file in android/ of that name")
        })
}

fn class_path(lock: &Lock) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for purpose in ["agp-dsl", "gradle", "gradle-kotlin", "main"] {
        files.extend(lock.files(purpose));
    }
    let is_jar = |file: &PathBuf| file.extension().is_some_and(|its| its == "jar");
    files.retain(is_jar);
    files
}

/// Gradle's blocks are lambdas with a receiver, and `property = value` sets it: two plugins of the compiler, as in
/// Gradle itself.
fn arguments(lock: &Lock) -> Result<Vec<std::ffi::OsString>, String> {
    let mut arguments: Vec<std::ffi::OsString> = vec!["-nowarn".into()];
    for (purpose, option) in [
        (
            "gradle-receiver",
            "plugin:org.jetbrains.kotlin.samWithReceiver:annotation=org.gradle.api.HasImplicitReceiver",
        ),
        (
            "gradle-assignment",
            "plugin:org.jetbrains.kotlin.assignment:annotation=org.gradle.api.SupportsKotlinAssignmentOverloading",
        ),
    ] {
        let file = lock.files(purpose).into_iter().next();
        let file = file.ok_or_else(|| format!("find {purpose} in the lock"))?;
        arguments.push(format!("-Xplugin={}", file.display()).into());
        arguments.extend(["-P".into(), option.into()]);
    }
    Ok(arguments)
}

/// A file as a function. All that stands before its text is on the first line, so that lines count as in the file.
fn function(file: &str, receiver: &str, extension: &str, text: &str) -> String {
    let name: String = file
        .chars()
        .map(|it| if it.is_ascii_alphanumeric() { it } else { '_' })
        .collect();
    let mut head = format!("package check.{name};");
    for import in IMPORTED {
        let _ = write!(head, " import {import};");
    }
    if extension != "Nothing" {
        let _ = write!(
            head,
            " private fun android(block: {extension}.() -> Unit) = Unit;"
        );
    }
    format!("{head} internal fun {receiver}.file() {{ {text}\n}}\n")
}

/// What Gradle would make of the catalog, and what it adds.
fn offered(catalog: &Catalog) -> String {
    let mut text = "package check\n\
        import org.gradle.api.*\nimport org.gradle.api.artifacts.*\nimport org.gradle.api.artifacts.dsl.*\n\
        import org.gradle.api.provider.*\nimport org.gradle.api.tasks.*\nimport org.gradle.plugin.use.*\n"
        .to_owned();
    text.push_str(ADDED);
    for name in CONFIGURATIONS {
        let _ = writeln!(text, "fun DependencyHandler.{name}(notation: Any) = Unit");
        let _ = writeln!(
            text,
            "fun DependencyHandler.{name}(notation: Any, block: ExternalModuleDependency.() -> Unit) = Unit"
        );
    }
    let mut tree = Tree::default();
    for alias in catalog.aliases("") {
        tree.add(alias, "MinimalExternalModuleDependency");
    }
    for alias in catalog.plugins() {
        tree.add(&format!("plugins.{alias}"), "PluginDependency");
    }
    for name in catalog.versions() {
        tree.add(&format!("versions.{name}"), "String");
    }
    let _ = write!(text, "object libs {{\n{}}}\n", tree.written("libs"));
    text
}

/// The parts of aliases: `a.b` and `a.c` are two properties of what `a` is.
#[derive(Default)]
struct Tree {
    /// Of what type this alias itself is, if it is one.
    is: Option<&'static str>,
    parts: BTreeMap<String, Tree>,
}

impl Tree {
    fn add(&mut self, alias: &str, of: &'static str) {
        let mut at = self;
        for part in alias.split('.') {
            at = at.parts.entry(part.to_owned()).or_default();
        }
        at.is = Some(of);
    }

    /// What is inside, as members.
    fn written(&self, place: &str) -> String {
        let mut text = String::new();
        for (name, tree) in &self.parts {
            let class = format!("{place}_{name}");
            let is = tree.is.map_or_else(String::new, |of| {
                format!(" : Provider<{of}> by never<Provider<{of}>>()")
            });
            let _ = writeln!(
                text,
                "object `{class}`{is} {{\n{}}}\nval `{name}` get() = `{class}`",
                tree.written(&class)
            );
        }
        text
    }
}

/// The aliases that a build file writes: `libs.a.b` is `a.b`.
fn aliases_in(text: &str) -> impl Iterator<Item = String> + '_ {
    let code = text.lines().filter(|line| !line.trim().starts_with("//"));
    code.flat_map(|line| line.split("libs.").skip(1))
        .map(|rest| {
            let end = rest
                .find(|it: char| !(it.is_ascii_alphanumeric() || it == '.'))
                .unwrap_or(rest.len());
            rest.get(..end).unwrap_or_default().to_owned()
        })
}

/// What the catalog names and nobody asks for; a tool is asked for by this program, and what the library's tests on the
/// JVM need by a lock of their own.
fn unused(catalog: &Catalog, used: &BTreeSet<String>) -> Result<Vec<String>, String> {
    let mut unused = Vec::new();
    for alias in catalog.aliases("") {
        let is_used = alias.starts_with("tool.") || used.contains(alias);
        if !is_used && !LIBRARY_LOCK.contains(catalog.module(alias)?) {
            unused.push(alias.to_owned());
        }
    }
    let plugins = catalog.plugins().iter().map(|its| format!("plugins.{its}"));
    unused.extend(plugins.filter(|its| !used.contains(its)));
    Ok(unused)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::{FILES, Tree, aliases_in, function};
    use crate::jvm::files;
    use crate::step::root;

    #[test]
    fn every_file_of_gradles_is_compiled() {
        let android = root().join("android");
        let mut found: Vec<String> = files(&android, "kts")
            .unwrap()
            .iter()
            .map(|its| its.strip_prefix(&android).unwrap().display().to_string())
            .collect();
        let mut known: Vec<String> = FILES.iter().map(|its| its.0.to_owned()).collect();
        found.sort();
        known.sort();
        assert_eq!(found, known);
    }

    #[test]
    fn a_file_keeps_its_lines() {
        let text = "// one\nplugins {\n}\n";
        let function = function("app/build.gradle.kts", "Project", "Nothing", text);
        assert!(function.lines().nth(1) == Some("plugins {"), "{function}");
        assert!(function.starts_with("package check.app_build_gradle_kts;"));
    }

    #[test]
    fn aliases_share_their_beginnings() {
        let mut tree = Tree::default();
        tree.add("a", "One");
        tree.add("a.b", "Two");
        let written = tree.written("libs");
        assert!(
            written.contains("object `libs_a` : Provider<One>"),
            "{written}"
        );
        assert!(written.contains("object `libs_a_b` : Provider<Two>"));
        let used: Vec<String> =
            aliases_in("implementation(libs.a.b) { }\n// libs.c\nx = libs.versions.d.get()")
                .collect();
        assert_eq!(used, ["a.b", "versions.d.get"]);
    }
}
