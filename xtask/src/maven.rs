//! Files from Maven repositories: exactly those that a lock names, by their hashes.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use data_encoding::HEXLOWER;
use sha2::{Digest as _, Sha256};

use crate::step::{is_there, root, succeed, target};

const PLUGIN: &str = "org.apache.maven.plugins:maven-dependency-plugin:3.11.0";

/// A file by the name that Maven has for it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Coordinates {
    pub(crate) group: String,
    pub(crate) name: String,
    pub(crate) version: String,
    /// `jar` or `aar`.
    pub(crate) extension: String,
}

impl Coordinates {
    /// `group:name:version`, and `:aar` where it is no jar.
    pub(crate) fn parse(text: &str) -> Option<Coordinates> {
        let mut parts = text.split(':').map(str::to_owned);
        let (group, name, version) = (parts.next()?, parts.next()?, parts.next()?);
        let extension = parts.next().unwrap_or_else(|| "jar".to_owned());
        let is_whole = parts.next().is_none() && matches!(&*extension, "jar" | "aar");
        is_whole.then_some(Coordinates {
            group,
            name,
            version,
            extension,
        })
    }

    fn file(&self) -> PathBuf {
        let Coordinates {
            group,
            name,
            version,
            extension,
        } = self;
        folder()
            .join("files")
            .join(format!("{group}.{name}-{version}.{extension}"))
    }
}

impl std::fmt::Display for Coordinates {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}:{}", self.group, self.name, self.version)?;
        match &*self.extension {
            "jar" => Ok(()),
            other => write!(f, ":{other}"),
        }
    }
}

/// One line of a lock.
#[derive(Debug, PartialEq, Eq)]
struct Locked {
    coordinates: Coordinates,
    uses: Vec<String>,
    sha256: String,
}

impl Locked {
    fn from_line(line: &str) -> Option<Locked> {
        let mut words = line.split_whitespace();
        let (coordinates, uses, sha256) = (words.next()?, words.next()?, words.next()?);
        let is_whole = words.next().is_none() && sha256.len() == 64;
        Some(Locked {
            coordinates: Coordinates::parse(coordinates).filter(|_| is_whole)?,
            uses: uses.split(',').map(str::to_owned).collect(),
            sha256: sha256.to_owned(),
        })
    }

    /// Whether its file is there as it was locked; another one is removed.
    fn is_there(&self) -> Result<bool, String> {
        let file = self.coordinates.file();
        if !file.exists() {
            return Ok(false);
        }
        let found = sha256(&file)?;
        if found == self.sha256 {
            return Ok(true);
        }
        let _ = std::fs::remove_file(&file);
        let (file, locked) = (file.display(), &self.sha256);
        Err(format!(
            "accept {file}: its sha256 is {found}, and the lock says {locked}"
        ))
    }
}

/// The files of a lock, by what they are for.
pub(crate) struct Lock {
    locked: Vec<Locked>,
}

impl Lock {
    /// Reads a lock; its path is told from the root of the workspace.
    pub(crate) fn read(path: &str) -> Result<Lock, String> {
        let text = std::fs::read_to_string(root().join(path));
        let text = text.map_err(|error| format!("read {path}: {error}"))?;
        Ok(Lock {
            locked: parse(&text).map_err(|line| format!("read this line of {path}: {line}"))?,
        })
    }

    /// Fetches what these uses need and is not here yet, each file by its hash.
    pub(crate) fn fetch(&self, uses: &[&str]) -> Result<(), String> {
        let is_wanted = |one: &&Locked| one.uses.iter().any(|its| uses.contains(&&**its));
        let mut missing = Vec::new();
        for one in self.locked.iter().filter(is_wanted) {
            if !one.is_there()? {
                missing.push(one);
            }
        }
        let names: Vec<&Coordinates> = missing.iter().map(|one| &one.coordinates).collect();
        download(&names)?;
        for one in missing {
            if !one.is_there()? {
                return Err(format!("fetch {}", one.coordinates));
            }
        }
        Ok(())
    }

    /// The files of a use, in the lock's order.
    pub(crate) fn files(&self, purpose: &str) -> Vec<PathBuf> {
        let files = self.coordinates(purpose);
        files.map(Coordinates::file).collect()
    }

    /// What a use consists of.
    pub(crate) fn coordinates(&self, purpose: &str) -> impl Iterator<Item = &Coordinates> {
        let chosen = self
            .locked
            .iter()
            .filter(move |one| one.uses.iter().any(|its| its == purpose));
        chosen.map(|one| &one.coordinates)
    }
}

/// The lines of a lock, or the first that can't be read.
fn parse(lock: &str) -> Result<Vec<Locked>, &str> {
    let lines = lock
        .lines()
        .filter(|line| !line.starts_with('#') && !line.trim().is_empty());
    lines
        .map(|line| Locked::from_line(line).ok_or(line))
        .collect()
}

/// The sha256 of a file, in hexadecimal digits.
pub(crate) fn sha256(file: &Path) -> Result<String, String> {
    let bytes = std::fs::read(file);
    let bytes = bytes.map_err(|error| format!("read {}: {error}", file.display()))?;
    Ok(HEXLOWER.encode(&Sha256::digest(bytes)))
}

/// Where files are kept, and what Maven itself keeps.
pub(crate) fn folder() -> PathBuf {
    target().join("maven")
}

/// Has Maven fetch these alone: what they depend on is in the lock, or is not wanted.
fn download(missing: &[&Coordinates]) -> Result<(), String> {
    if missing.is_empty() {
        return Ok(());
    }
    println!("=== fetching {} files with Maven", missing.len());
    // A project of Maven's has no module in two versions, so those come one after the other.
    let mut rest = missing.to_vec();
    while !rest.is_empty() {
        let mut now: Vec<&Coordinates> = Vec::new();
        let mut later = Vec::new();
        for one in rest {
            let is_twice =
                |other: &&Coordinates| (&other.group, &other.name) == (&one.group, &one.name);
            match now.iter().any(is_twice) {
                true => later.push(one),
                false => now.push(one),
            }
        }
        copy(&now, false, &folder().join("files"))?;
        rest = later;
    }
    Ok(())
}

/// Copies files into a folder, named by group, name and version; with what they depend on, if that is wanted.
pub(crate) fn copy(
    files: &[&Coordinates],
    with_dependencies: bool,
    into: &Path,
) -> Result<(), String> {
    if !is_there("mvn") {
        return Err("start mvn, which is missing: apt-get install maven".to_owned());
    }
    std::fs::create_dir_all(folder())
        .map_err(|error| format!("make {}: {error}", folder().display()))?;
    let project = folder().join("pom.xml");
    std::fs::write(&project, pom(files, with_dependencies))
        .map_err(|error| format!("write {}: {error}", project.display()))?;
    let mut command = Command::new("mvn");
    command
        .args(["--batch-mode", "--quiet", "--file"])
        .arg(project);
    command.arg(format!(
        "-Dmaven.repo.local={}",
        folder().join("repository").display()
    ));
    command.arg(format!("-DoutputDirectory={}", into.display()));
    command.arg("-Dmdep.prependGroupId=true");
    succeed(command.arg(format!("{PLUGIN}:copy-dependencies")))
}

fn pom(files: &[&Coordinates], with_dependencies: bool) -> String {
    let mut pom = "<project xmlns=\"http://maven.apache.org/POM/4.0.0\">\n<modelVersion>4.0.0</modelVersion>\n\
        <groupId>org.kapcompanion</groupId><artifactId>fetch</artifactId><version>1</version>\n\
        <packaging>pom</packaging>\n<dependencies>\n"
        .to_owned();
    let alone = match with_dependencies {
        true => "",
        false => {
            "<exclusions><exclusion><groupId>*</groupId><artifactId>*</artifactId></exclusion></exclusions>"
        }
    };
    for Coordinates {
        group,
        name,
        version,
        extension,
    } in files
    {
        let _ = writeln!(
            pom,
            "<dependency><groupId>{group}</groupId><artifactId>{name}</artifactId><version>{version}</version>\
            <type>{extension}</type>{alone}</dependency>"
        );
    }
    pom + "</dependencies>\n</project>\n"
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::{Lock, Locked, parse};
    use crate::android::Catalog;

    #[test]
    fn a_line_of_a_lock_that_is_not_whole_is_refused() {
        let hash = "0".repeat(64);
        let locked =
            Locked::from_line(&format!("group:name:1.0:aar compiler,main {hash}")).unwrap();
        assert_eq!(locked.coordinates.to_string(), "group:name:1.0:aar");
        assert_eq!(locked.uses, ["compiler", "main"]);
        for broken in [
            "group:name main",
            "group:name:1.0 main abc",
            &format!("name:1.0 main {hash}"),
            &format!("group:name:1.0:exe main {hash}"),
        ] {
            assert_eq!(Locked::from_line(broken), None, "{broken}");
            assert_eq!(parse(broken), Err(broken));
        }
    }

    #[test]
    fn locks_have_the_versions_of_the_catalog() {
        let catalog = Catalog::read().unwrap();
        for path in [
            "bindings/kotlin/dependencies.lock",
            "android/ci/dependencies.lock",
        ] {
            let lock = Lock::read(path).unwrap();
            let mut compared = 0;
            for one in ["main", "test"]
                .iter()
                .flat_map(|purpose| lock.coordinates(purpose))
            {
                let module = format!("{}:{}", one.group, one.name);
                let module = module.trim_end_matches("-jvm").trim_end_matches("-android");
                if let Some(version) = catalog.version_of(module) {
                    assert_eq!(one.version, version, "{module} in {path}");
                    compared += 1;
                }
            }
            assert!(compared >= 4, "{path}: {compared}");
        }
    }
}
