//! What the Kotlin library is built with, from Maven Central: exactly what `bindings/kotlin/dependencies.lock` names,
//! by its hash.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use data_encoding::HEXLOWER;
use sha2::{Digest as _, Sha256};

use super::succeed;
use crate::step::{is_there, root, target};

const PLUGIN: &str = "org.apache.maven.plugins:maven-dependency-plugin:3.11.0";

/// One file of the lock.
#[derive(Debug, PartialEq, Eq)]
struct Locked<'a> {
    group: &'a str,
    name: &'a str,
    version: &'a str,
    uses: Vec<&'a str>,
    sha256: &'a str,
}

impl<'a> Locked<'a> {
    fn from_line(line: &'a str) -> Option<Locked<'a>> {
        let mut words = line.split_whitespace();
        let (coordinates, uses, sha256) = (words.next()?, words.next()?, words.next()?);
        let mut parts = coordinates.split(':');
        let (group, name, version) = (parts.next()?, parts.next()?, parts.next()?);
        let is_whole = parts.next().is_none() && words.next().is_none() && sha256.len() == 64;
        is_whole.then(|| Locked {
            group,
            name,
            version,
            uses: uses.split(',').collect(),
            sha256,
        })
    }

    fn file(&self, jars: &Path) -> PathBuf {
        jars.join(format!("{}-{}.jar", self.name, self.version))
    }

    /// Whether its file is there as it was locked; another one is removed.
    fn is_there(&self, jars: &Path) -> Result<bool, String> {
        let file = self.file(jars);
        let Ok(bytes) = std::fs::read(&file) else {
            return Ok(false);
        };
        let sha256 = HEXLOWER.encode(&Sha256::digest(bytes));
        if sha256 == self.sha256 {
            return Ok(true);
        }
        let _ = std::fs::remove_file(&file);
        let (file, locked) = (file.display(), self.sha256);
        Err(format!(
            "accept {file}: its sha256 is {sha256}, and dependencies.lock says {locked}"
        ))
    }
}

/// The files, by what they are for.
pub(super) struct Jars {
    /// The compiler itself.
    pub(super) compiler: Vec<PathBuf>,
    /// What the library stands on, in an app too.
    pub(super) main: Vec<PathBuf>,
    /// What its tests need besides.
    pub(super) test: Vec<PathBuf>,
}

/// All files of the lock, fetched where they are not here yet.
pub(super) fn fetch() -> Result<Jars, String> {
    let path = root().join("bindings/kotlin/dependencies.lock");
    let lock = std::fs::read_to_string(&path);
    let lock = lock.map_err(|error| format!("read {}: {error}", path.display()))?;
    let locked = parse(&lock)?;
    let jars = target().join("bindings/jars");
    let mut missing = Vec::new();
    for one in &locked {
        if !one.is_there(&jars)? {
            missing.push(one);
        }
    }
    if !missing.is_empty() {
        download(&missing, &jars)?;
    }
    for one in missing {
        if !one.is_there(&jars)? {
            return Err(format!("fetch {}:{}:{}", one.group, one.name, one.version));
        }
    }
    let of = |purpose: &str| {
        let chosen = locked.iter().filter(|one| one.uses.contains(&purpose));
        chosen.map(|one| one.file(&jars)).collect()
    };
    Ok(Jars {
        compiler: of("compiler"),
        main: of("main"),
        test: of("test"),
    })
}

fn parse(lock: &str) -> Result<Vec<Locked<'_>>, String> {
    let lines = lock
        .lines()
        .filter(|line| !line.starts_with('#') && !line.trim().is_empty());
    let read = |line| {
        Locked::from_line(line)
            .ok_or_else(|| format!("read this line of dependencies.lock: {line}"))
    };
    lines.map(read).collect()
}

/// Has Maven fetch these alone: what they depend on is in the lock, or is not wanted.
fn download(missing: &[&Locked<'_>], jars: &Path) -> Result<(), String> {
    if !is_there("mvn") {
        return Err("start mvn, which is missing: apt-get install maven".to_owned());
    }
    let folder = target().join("bindings/maven");
    std::fs::create_dir_all(&folder)
        .map_err(|error| format!("make {}: {error}", folder.display()))?;
    let project = folder.join("pom.xml");
    std::fs::write(&project, pom(missing))
        .map_err(|error| format!("write {}: {error}", project.display()))?;
    println!("=== fetching {} files from Maven Central", missing.len());
    let mut command = Command::new("mvn");
    command
        .args(["--batch-mode", "--quiet", "--file"])
        .arg(project);
    command.arg(format!(
        "-Dmaven.repo.local={}",
        folder.join("repository").display()
    ));
    command.arg(format!("-DoutputDirectory={}", jars.display()));
    succeed(command.arg(format!("{PLUGIN}:copy-dependencies")))
}

fn pom(missing: &[&Locked<'_>]) -> String {
    let mut pom = "<project xmlns=\"http://maven.apache.org/POM/4.0.0\">\n<modelVersion>4.0.0</modelVersion>\n\
        <groupId>org.kapcompanion</groupId><artifactId>fetch</artifactId><version>1</version>\n\
        <packaging>pom</packaging>\n<dependencies>\n"
        .to_owned();
    for Locked {
        group,
        name,
        version,
        ..
    } in missing
    {
        let _ = writeln!(
            pom,
            "<dependency><groupId>{group}</groupId><artifactId>{name}</artifactId><version>{version}</version>\
            <exclusions><exclusion><groupId>*</groupId><artifactId>*</artifactId></exclusion></exclusions>\
            </dependency>"
        );
    }
    pom + "</dependencies>\n</project>\n"
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::{Locked, parse, root};

    fn read(file: &str) -> String {
        std::fs::read_to_string(root().join("bindings/kotlin").join(file)).unwrap()
    }

    #[test]
    fn a_line_of_the_lock_that_is_not_whole_is_refused() {
        let hash = "0".repeat(64);
        let line = format!("group:name:1.0 compiler,main {hash}");
        let locked = Locked::from_line(&line).unwrap();
        assert_eq!(
            (locked.group, locked.name, locked.version),
            ("group", "name", "1.0")
        );
        assert_eq!(locked.uses, ["compiler", "main"]);
        for broken in [
            "group:name main",
            "group:name:1.0 main abc",
            &format!("name:1.0 main {hash}"),
        ] {
            assert_eq!(Locked::from_line(broken), None, "{broken}");
            assert!(parse(broken).is_err(), "{broken}");
        }
    }

    #[test]
    fn the_lock_has_the_versions_of_the_catalog() {
        let (lock, catalog) = (read("dependencies.lock"), read("gradle/libs.versions.toml"));
        let locked = parse(&lock).unwrap();
        let version = |name: &str| {
            let line = catalog
                .lines()
                .find_map(|line| line.strip_prefix(&format!("{name} = \"")));
            line.unwrap().trim_end_matches('"').to_owned()
        };
        let modules: Vec<(&str, String)> = catalog
            .lines()
            .filter_map(|line| {
                let (_, rest) = line.split_once("module = \"")?;
                let (module, rest) = rest.split_once('"')?;
                let (_, rest) = rest.split_once("version.ref = \"")?;
                Some((module, version(rest.split_once('"')?.0)))
            })
            .chain([("org.jetbrains.kotlin:kotlin-stdlib", version("kotlin"))])
            .chain([(
                "org.jetbrains.kotlin:kotlin-compiler-embeddable",
                version("kotlin"),
            )])
            .collect();
        assert!(modules.len() > 4, "{modules:?}");
        for (module, version) in modules {
            let (group, name) = module.split_once(':').unwrap();
            let on_the_jvm = format!("{name}-jvm");
            let found = locked
                .iter()
                .find(|one| one.group == group && (one.name == name || one.name == on_the_jvm));
            assert_eq!(found.unwrap().version, version, "{module}");
        }
    }
}
