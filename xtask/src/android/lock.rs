//! `android/ci/dependencies.lock`, made from the catalog: what Gradle would take, file by file.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::process::Command;

use sha2::{Digest as _, Sha256};

use super::LOCK;
use super::catalog::{Catalog, asked};
use crate::jvm::{java, short};
use crate::maven::{self, Coordinates, sha256};
use crate::step::{clear, root, target};

const HEAD: &str = "# What the app is built and tested with, and nothing besides: `cargo xtask android` fetches exactly these with Maven,\n\
    # and refuses a file with another hash. Made by `cargo xtask android lock` from gradle/libs.versions.toml and the\n\
    # modules' build files.\n";

/// Tools that are one file, whatever that names in turn.
const ALONE: [&str; 13] = [
    "tool.aapt2",
    "tool.agp",
    "tool.agp.dsl",
    "tool.android.28",
    "tool.android.35",
    "tool.android.37",
    "tool.apksig",
    "tool.asm",
    "tool.gradle",
    "tool.gradle.assignment",
    "tool.gradle.kotlin",
    "tool.gradle.receiver",
    "tool.r8",
];

/// Tools with all that they stand on, by what they are for.
const WHOLE: [(&str, &str); 6] = [
    ("tool.kotlin.compiler", "kotlinc"),
    ("tool.compose.compiler", "kotlinc"),
    ("tool.ktlint", "ktlint"),
    ("tool.lint", "lint"),
    ("tool.lint.checks", "lint"),
    ("tool.manifest.merger", "merger"),
];

/// Resolves, fetches and writes the lock.
pub(super) fn write() -> Result<bool, String> {
    let catalog = Catalog::read()?;
    let resolver = target().join("android/resolver");
    clear(&resolver)?;
    let mut own = Vec::new();
    for alias in catalog.aliases("tool.resolver") {
        let coordinates = Coordinates::parse(&catalog.library(alias)?);
        own.push(coordinates.ok_or_else(|| format!("read the version of {alias}"))?);
    }
    maven::copy(&own.iter().collect::<Vec<_>>(), true, &resolver)?;

    let requests = target().join("android/requests");
    let asked = requested(&catalog)?;
    std::fs::write(&requests, &asked)
        .map_err(|error| format!("write {}: {error}", requests.display()))?;
    let mut command = Command::new(java());
    command.arg("-cp").arg(resolver.join("*"));
    command.arg(root().join("android/ci/Resolve.java"));
    command
        .arg(maven::folder().join("repository"))
        .arg(requests);
    let output = command.stderr(std::process::Stdio::inherit()).output();
    let output = output.map_err(|error| format!("start java: {error}"))?;
    if !output.status.success() {
        return Err("resolve what the app stands on".to_owned());
    }
    let lock = lines(&asked, &String::from_utf8_lossy(&output.stdout))?;
    std::fs::write(root().join(LOCK), lock).map_err(|error| format!("write {LOCK}: {error}"))?;
    println!("{LOCK} is written");
    Ok(true)
}

/// An error where something else is asked for now than when the lock was made.
pub(super) fn must_be_of(catalog: &Catalog) -> Result<(), String> {
    let lock = std::fs::read_to_string(root().join(LOCK));
    let lock = lock.map_err(|error| format!("read {LOCK}: {error}"))?;
    match lock.contains(&made_of(&requested(catalog)?)) {
        true => Ok(()),
        false => Err(format!(
            "use {LOCK}: it is of other versions than the catalog's; cargo xtask android lock"
        )),
    }
}

/// The line that names what a lock was made of.
fn made_of(requested: &str) -> String {
    let mut all = Sha256::new();
    all.update(requested);
    format!("# made of {}\n", short(all))
}

fn requested(catalog: &Catalog) -> Result<String, String> {
    let mut text = String::new();
    for asked in asked()? {
        let sort = if asked.is_platform {
            "platform"
        } else {
            "module"
        };
        let module = catalog.library(&asked.alias)?;
        let is_shipped = asked.how == "implementation" || asked.how == "api";
        for purpose in ["main", "test"] {
            if is_shipped || purpose == "test" {
                let _ = writeln!(text, "{purpose} android {sort} {module}");
            }
        }
    }
    for (alias, purpose) in WHOLE {
        let _ = writeln!(text, "{purpose} jvm module {}", catalog.library(alias)?);
    }
    for alias in ALONE {
        let purpose = alias.trim_start_matches("tool.").replace('.', "-");
        let _ = writeln!(text, "{purpose} alone module {}", catalog.library(alias)?);
    }
    Ok(text)
}

/// The lock, from what the resolver said: use, coordinates and file of each.
fn lines(requested: &str, resolved: &str) -> Result<String, String> {
    let mut uses: BTreeMap<Coordinates, (Vec<&str>, &str)> = BTreeMap::new();
    for line in resolved.lines() {
        let mut words = line.split('\t');
        let (Some(purpose), Some(coordinates), Some(file)) =
            (words.next(), words.next(), words.next())
        else {
            return Err(format!("read what the resolver said: {line}"));
        };
        let coordinates = Coordinates::parse(coordinates)
            .ok_or_else(|| format!("read what the resolver said: {line}"))?;
        let entry = uses.entry(coordinates).or_insert((Vec::new(), file));
        entry.0.push(purpose);
    }
    let mut text = HEAD.to_owned() + &made_of(requested);
    for (coordinates, (purposes, file)) in uses {
        let hash = sha256(file.as_ref())?;
        let _ = writeln!(text, "{coordinates} {} {hash}", purposes.join(","));
    }
    Ok(text)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::{Catalog, must_be_of, requested};

    #[test]
    fn the_lock_is_of_what_the_build_files_ask_for() {
        must_be_of(&Catalog::read().unwrap()).unwrap();
    }

    #[test]
    fn what_the_app_is_shipped_with_is_what_its_tests_run_with() {
        let asked = requested(&Catalog::read().unwrap()).unwrap();
        let main: Vec<&str> = asked
            .lines()
            .filter_map(|line| line.strip_prefix("main "))
            .collect();
        assert!(main.len() > 5, "{asked}");
        for line in main {
            assert!(asked.contains(&format!("test {line}\n")), "{line}");
        }
        assert!(!asked.contains("main android module junit"), "{asked}");
    }
}
