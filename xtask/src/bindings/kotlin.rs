//! Kotlin on the JVM, without Gradle: the generated code, the library around it and its tests, each compiled by
//! itself and only where something of it changed.

use std::ffi::OsString;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use data_encoding::HEXLOWER;
use sha2::{Digest as _, Sha256};

use super::maven::{self, Jars};
use super::{Build, Given, Language, built, clear, generate, library, succeed};
use crate::ci;
use crate::step::{Counts, Step, is_there, minutes, root, target};

const COMPILER: &str = "org.jetbrains.kotlin.cli.jvm.K2JVMCompiler";
const HINT: &str = "apt-get install openjdk-17-jre-headless maven";

/// Writes the code around a library, for the Gradle module to find.
pub(super) fn lay(built: &Path) -> Result<PathBuf, String> {
    let folder = target().join("bindings/kotlin");
    generated_twice(built, &folder)?;
    Ok(folder)
}

/// Builds everything and runs the tests whose names hold one of these words, or all.
pub(super) fn test(given: &Given, only: &[String]) -> Result<bool, String> {
    let ready = Ready::new(Build::Contract, given)?;
    let folder = sources("test")?;
    let classes = ready.compile("tests", &[&folder[..], &sources("runner")?].concat())?;
    let mut run = ready.run("test", &classes, "RunKt");
    run.push(quoted(classes.as_os_str()));
    run.extend(only.iter().map(|word| quoted(word.as_ref())));
    let step = Step::program("kotlin", java(), &[&arguments_file("test", &run)?]);
    ci::run(&[step.counted(Counts::Tests)])
}

/// Measures, and prints what it measured as lines of JSON.
pub(super) fn bench(given: &Given) -> Result<bool, String> {
    let ready = Ready::new(Build::Measured, given)?;
    let classes = ready.compile("bench", &sources("bench")?)?;
    let run = ready.run("bench", &classes, "BenchKt");
    let step = Step::program("kotlin figures", java(), &[&arguments_file("bench", &run)?]);
    ci::run(&[step])
}

/// The library, compiled, and what it stands on.
struct Ready {
    jars: Jars,
    built: PathBuf,
    generated: PathBuf,
    main: PathBuf,
}

impl Ready {
    fn new(build: Build, given: &Given) -> Result<Ready, String> {
        if !is_there(&java()) {
            return Err(format!(
                "start java, which is missing, so nothing of Kotlin was run: {HINT}"
            ));
        }
        let jars = timed("dependencies", maven::fetch)?;
        let built = timed("library and programs", || built(build, given))?;
        // With what only the contract calls: not where an app looks for it.
        let written = folder().join("kotlin");
        let written = timed("bindings", || generated_twice(&built, &written))?;
        let generated = Compilation {
            name: "generated",
            jars: &jars,
            class_path: jars.main.clone(),
            arguments: vec!["-nowarn".into()],
            sources: written,
        };
        let generated = generated.classes()?;
        // What the library gives to apps is said to be public, and of a type that is written down.
        let main = Compilation {
            name: "library",
            jars: &jars,
            class_path: [std::slice::from_ref(&generated), &jars.main].concat(),
            arguments: vec!["-Werror".into(), "-Xexplicit-api=strict".into()],
            sources: sources("main")?,
        };
        let main = main.classes()?;
        Ok(Ready {
            jars,
            built,
            generated,
            main,
        })
    }

    fn class_path(&self) -> Vec<PathBuf> {
        let own = [self.main.clone(), self.generated.clone()];
        [&own[..], &self.jars.main, &self.jars.test].concat()
    }

    /// Compiles what looks into the library as its own code does.
    fn compile(&self, name: &'static str, sources: &[PathBuf]) -> Result<PathBuf, String> {
        let friends = format!(
            "-Xfriend-paths={},{}",
            self.main.display(),
            self.generated.display()
        );
        let compilation = Compilation {
            name,
            jars: &self.jars,
            class_path: self.class_path(),
            arguments: vec!["-Werror".into(), friends.into()],
            sources: sources.to_vec(),
        };
        compilation.classes()
    }

    /// How a class is run with the library beneath it.
    fn run(&self, name: &str, classes: &Path, main: &str) -> Vec<String> {
        let class_path = [&[classes.to_path_buf()], &self.class_path()[..]].concat();
        let contract = root().join("bindings/contract");
        let temporary = folder().join(name);
        vec![
            "-Xmx1g".to_owned(),
            "-ea".to_owned(),
            // The one that was built, and never one of the system's.
            property(
                "uniffi.component.companion_ffi.libraryOverride",
                &library(&self.built),
            ),
            property("companion.programs", &self.built),
            property("companion.contract", &contract),
            property("java.io.tmpdir", &temporary),
            "-Djna.nosys=true".to_owned(),
            "-cp".to_owned(),
            joined(&class_path),
            main.to_owned(),
        ]
    }
}

/// Sources that are compiled together.
struct Compilation<'a> {
    name: &'static str,
    jars: &'a Jars,
    class_path: Vec<PathBuf>,
    arguments: Vec<OsString>,
    sources: Vec<PathBuf>,
}

impl Compilation<'_> {
    /// The folder of its classes, which is named after all that they were made from.
    fn classes(&self) -> Result<PathBuf, String> {
        if self.sources.is_empty() {
            return Err(format!("find sources of the {}", self.name));
        }
        let classes = folder().join(format!("{}-{}", self.name, self.key()?));
        if classes.exists() {
            println!("=== kotlin: the {} is compiled already", self.name);
            return Ok(classes);
        }
        self.clear_older()?;
        let unfinished = classes.with_extension("unfinished");
        clear(&unfinished)?;
        let mut arguments: Vec<String> = vec![
            "-no-stdlib".to_owned(),
            "-no-reflect".to_owned(),
            "-jvm-target".to_owned(),
            "17".to_owned(),
            "-module-name".to_owned(),
            format!("companion-{}", self.name),
            "-cp".to_owned(),
            joined(&self.class_path),
            "-d".to_owned(),
            quoted(unfinished.as_os_str()),
        ];
        arguments.extend(self.arguments.iter().map(|argument| quoted(argument)));
        arguments.extend(self.sources.iter().map(|source| quoted(source.as_os_str())));
        let arguments = arguments_file(self.name, &arguments)?;
        timed(self.name, || {
            let mut command = Command::new(java());
            // For a process of a minute: no second compiler inside, and no threads that tidy up beside it.
            command.args(["-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"]);
            command.args(["-Xmx3g", "-Xss4m", "-cp"]);
            command
                .arg(std::env::join_paths(&self.jars.compiler).map_err(|error| error.to_string())?);
            succeed(command.arg(COMPILER).arg(&arguments))
        })?;
        std::fs::rename(&unfinished, &classes)
            .map_err(|error| format!("keep {}: {error}", classes.display()))?;
        Ok(classes)
    }

    fn key(&self) -> Result<String, String> {
        let mut all = Sha256::new();
        for argument in &self.arguments {
            all.update(argument.as_encoded_bytes());
        }
        // Jars are named by their versions, and classes after what they were made from.
        for path in self.jars.compiler.iter().chain(&self.class_path) {
            all.update(path.as_os_str().as_encoded_bytes());
        }
        for source in &self.sources {
            let bytes = std::fs::read(source);
            let bytes = bytes.map_err(|error| format!("read {}: {error}", source.display()))?;
            all.update(source.as_os_str().as_encoded_bytes());
            all.update(Sha256::digest(bytes));
        }
        let mut key = HEXLOWER.encode(&all.finalize());
        key.truncate(16);
        Ok(key)
    }

    /// Removes what this was compiled to before.
    fn clear_older(&self) -> Result<(), String> {
        let beginning = format!("{}-", self.name);
        for entry in std::fs::read_dir(folder())
            .into_iter()
            .flatten()
            .filter_map(Result::ok)
        {
            if entry.file_name().to_string_lossy().starts_with(&beginning) {
                clear(&entry.path())?;
            }
        }
        Ok(())
    }
}

/// Writes the code twice: it must be the same both times, down to the byte.
fn generated_twice(built: &Path, folder: &Path) -> Result<Vec<PathBuf>, String> {
    let again = folder.with_file_name("kotlin again");
    for folder in [folder, &again] {
        generate(Language::Kotlin, built, folder)?;
    }
    let contents = |files: &[PathBuf]| -> Result<Vec<Vec<u8>>, String> {
        let read =
            |file| std::fs::read(file).map_err(|error| format!("read what is generated: {error}"));
        files.iter().map(read).collect()
    };
    let written = files(folder)?;
    if written.is_empty() || contents(&written)? != contents(&files(&again)?)? {
        return Err("write the same bindings twice".to_owned());
    }
    clear(&again)?;
    Ok(written)
}

/// What is hand-written for this purpose.
fn sources(purpose: &str) -> Result<Vec<PathBuf>, String> {
    let folder = root().join("bindings/kotlin/src").join(purpose);
    files(&folder.join("kotlin"))
}

/// Every Kotlin file below a folder, in order.
fn files(folder: &Path) -> Result<Vec<PathBuf>, String> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(folder) = folders.pop() {
        let entries = std::fs::read_dir(&folder)
            .map_err(|error| format!("read {}: {error}", folder.display()))?;
        for path in entries.filter_map(Result::ok).map(|entry| entry.path()) {
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|its| its == "kt") {
                found.push(path);
            }
        }
    }
    found.sort();
    Ok(found)
}

/// Where all of this is built.
fn folder() -> PathBuf {
    target().join("bindings/jvm")
}

/// The Java that `JAVA_HOME` names, or the one of the search path.
fn java() -> String {
    let home = std::env::var_os("JAVA_HOME").map(PathBuf::from);
    let java = home.map(|home| home.join("bin/java").display().to_string());
    java.unwrap_or_else(|| "java".to_owned())
}

/// A file of arguments, for Java and its compilers: class paths are too long to be read by a person.
fn arguments_file(name: &str, arguments: &[String]) -> Result<String, String> {
    let path = folder().join(name).with_extension("arguments");
    let mut text = String::new();
    for argument in arguments {
        let _ = writeln!(text, "{argument}");
    }
    // Tests keep their files there.
    let made =
        std::fs::create_dir_all(folder().join(name)).and_then(|()| std::fs::write(&path, text));
    made.map_err(|error| format!("write {}: {error}", path.display()))?;
    Ok(format!("@{}", path.display()))
}

fn property(name: &str, path: &Path) -> String {
    quoted(format!("-D{name}={}", path.display()).as_ref())
}

fn joined(paths: &[PathBuf]) -> String {
    let joined = std::env::join_paths(paths).unwrap_or_default();
    quoted(&joined)
}

/// One argument, as Java's files of arguments want it.
fn quoted(argument: &std::ffi::OsStr) -> String {
    let argument = argument
        .to_string_lossy()
        .replace('\\', "\\\\")
        .replace('"', "\\\"");
    format!("\"{argument}\"")
}

fn timed<T>(what: &str, work: impl FnOnce() -> Result<T, String>) -> Result<T, String> {
    let began = Instant::now();
    let done = work()?;
    println!("=== kotlin: {what} took {}", minutes(began.elapsed()));
    Ok(done)
}
