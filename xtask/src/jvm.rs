//! Kotlin on the JVM, without Gradle: sources compiled together, and only where something of them changed.

use std::ffi::{OsStr, OsString};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use data_encoding::HEXLOWER;
use sha2::{Digest as _, Sha256};

use crate::step::{clear, is_there, minutes, succeed};

const COMPILER: &str = "org.jetbrains.kotlin.cli.jvm.K2JVMCompiler";

/// The Java that `JAVA_HOME` names, or the one of the search path.
pub(crate) fn java() -> String {
    tool("java")
}

/// A tool of that Java's.
pub(crate) fn tool(name: &str) -> String {
    let home = std::env::var_os("JAVA_HOME").map(PathBuf::from);
    let tool = home.map(|home| home.join("bin").join(name).display().to_string());
    tool.unwrap_or_else(|| name.to_owned())
}

/// Where that Java is.
pub(crate) fn home() -> Result<String, String> {
    let mut command = Command::new(java());
    let said = command
        .args(["-XshowSettings:properties", "-version"])
        .output();
    let said = said.map_err(|error| format!("start java: {error}"))?;
    let said = String::from_utf8_lossy(&said.stderr).into_owned();
    let mut lines = said.lines().map(str::trim);
    let home = lines.find_map(|line| line.strip_prefix("java.home = "));
    home.map(str::to_owned)
        .ok_or_else(|| "find where java is".to_owned())
}

/// An error where a tool of Java's is missing, with what was not run for that.
pub(crate) fn needs(name: &str, hint: &str) -> Result<(), String> {
    match is_there(&tool(name)) {
        true => Ok(()),
        false => Err(format!(
            "start {name}, which is missing, so nothing of it was run: {hint}"
        )),
    }
}

/// A place where things of one sort are built.
pub(crate) struct Workshop {
    /// What stands before its lines on the terminal.
    pub(crate) label: &'static str,
    pub(crate) folder: PathBuf,
    /// The compiler's own jars.
    pub(crate) compiler: Vec<PathBuf>,
}

/// Sources that are compiled together.
pub(crate) struct Compilation {
    pub(crate) name: &'static str,
    pub(crate) class_path: Vec<PathBuf>,
    pub(crate) arguments: Vec<OsString>,
    pub(crate) sources: Vec<PathBuf>,
}

impl Workshop {
    /// The folder of classes, which is named after all that they were made from.
    pub(crate) fn compile(&self, compilation: &Compilation) -> Result<PathBuf, String> {
        let name = compilation.name;
        if compilation.sources.is_empty() {
            return Err(format!("find sources of the {name}"));
        }
        let classes = self
            .folder
            .join(format!("{name}-{}", self.key(compilation)?));
        if classes.exists() {
            println!("=== {}: the {name} is compiled already", self.label);
            return Ok(classes);
        }
        self.clear_older(name)?;
        let unfinished = classes.with_extension("unfinished");
        clear(&unfinished)?;
        let mut arguments: Vec<String> = vec![
            "-no-stdlib".to_owned(),
            "-no-reflect".to_owned(),
            "-jvm-target".to_owned(),
            "17".to_owned(),
            "-module-name".to_owned(),
            format!("companion-{name}"),
            "-cp".to_owned(),
            joined(&compilation.class_path),
            "-d".to_owned(),
            quoted(unfinished.as_os_str()),
        ];
        arguments.extend(compilation.arguments.iter().map(|its| quoted(its)));
        arguments.extend(
            compilation
                .sources
                .iter()
                .map(|its| quoted(its.as_os_str())),
        );
        let arguments = self.arguments_file(name, &arguments)?;
        self.timed(name, || {
            let mut command = Command::new(java());
            // For a process of a minute: no second compiler inside, and no threads that tidy up beside it.
            command.args(["-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"]);
            command.args(["-Xmx3g", "-Xss4m", "-cp"]);
            command.arg(std::env::join_paths(&self.compiler).map_err(|error| error.to_string())?);
            succeed(command.arg(COMPILER).arg(&arguments))
        })?;
        std::fs::rename(&unfinished, &classes)
            .map_err(|error| format!("keep {}: {error}", classes.display()))?;
        Ok(classes)
    }

    fn key(&self, compilation: &Compilation) -> Result<String, String> {
        let mut all = Sha256::new();
        for argument in &compilation.arguments {
            all.update(argument.as_encoded_bytes());
        }
        // Jars are named by their versions, and classes after what they were made from.
        for path in self.compiler.iter().chain(&compilation.class_path) {
            all.update(path.as_os_str().as_encoded_bytes());
        }
        for source in &compilation.sources {
            let bytes = std::fs::read(source);
            let bytes = bytes.map_err(|error| format!("read {}: {error}", source.display()))?;
            all.update(source.as_os_str().as_encoded_bytes());
            all.update(Sha256::digest(bytes));
        }
        Ok(short(all))
    }

    /// Removes what this was made into before.
    pub(crate) fn clear_older(&self, name: &str) -> Result<(), String> {
        let beginning = format!("{name}-");
        for entry in std::fs::read_dir(&self.folder)
            .into_iter()
            .flatten()
            .filter_map(Result::ok)
        {
            let is_it = entry.file_name().to_string_lossy().starts_with(&beginning);
            if is_it && entry.path().is_dir() {
                clear(&entry.path())?;
            }
        }
        Ok(())
    }

    /// A file of arguments, for Java and its compilers: class paths are too long to be read by a person.
    pub(crate) fn arguments_file(
        &self,
        name: &str,
        arguments: &[String],
    ) -> Result<String, String> {
        let path = self.folder.join(name).with_extension("arguments");
        let mut text = String::new();
        for argument in arguments {
            let _ = writeln!(text, "{argument}");
        }
        // Tests keep their files there.
        let made = std::fs::create_dir_all(self.folder.join(name))
            .and_then(|()| std::fs::write(&path, text));
        made.map_err(|error| format!("write {}: {error}", path.display()))?;
        Ok(format!("@{}", path.display()))
    }

    pub(crate) fn timed<T>(
        &self,
        what: &str,
        work: impl FnOnce() -> Result<T, String>,
    ) -> Result<T, String> {
        let began = Instant::now();
        let done = work()?;
        println!(
            "=== {}: {what} took {}",
            self.label,
            minutes(began.elapsed())
        );
        Ok(done)
    }
}

/// The beginning of a digest, for a name.
pub(crate) fn short(all: Sha256) -> String {
    let mut key = HEXLOWER.encode(&all.finalize());
    key.truncate(16);
    key
}

/// Every file below a folder whose name ends so, in order.
pub(crate) fn files(folder: &Path, extension: &str) -> Result<Vec<PathBuf>, String> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(folder) = folders.pop() {
        let entries = std::fs::read_dir(&folder)
            .map_err(|error| format!("read {}: {error}", folder.display()))?;
        for path in entries.filter_map(Result::ok).map(|entry| entry.path()) {
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|its| its == extension) {
                found.push(path);
            }
        }
    }
    found.sort();
    Ok(found)
}

pub(crate) fn property(name: &str, path: &Path) -> String {
    quoted(format!("-D{name}={}", path.display()).as_ref())
}

pub(crate) fn joined(paths: &[PathBuf]) -> String {
    let joined = std::env::join_paths(paths).unwrap_or_default();
    quoted(&joined)
}

/// One argument, as Java's files of arguments want it.
pub(crate) fn quoted(argument: &OsStr) -> String {
    let argument = argument
        .to_string_lossy()
        .replace('\\', "\\\\")
        .replace('"', "\\\"");
    format!("\"{argument}\"")
}
