//! What the app stands on: the versions of Gradle's catalog, and what the modules' build files ask of it.

use std::fs;

use crate::step::root;

/// Gradle's catalog of versions.
pub(crate) struct Catalog {
    versions: Vec<(String, String)>,
    libraries: Vec<Library>,
    /// The aliases of Gradle's plugins, with dots.
    plugins: Vec<String>,
}

/// One line of `[libraries]`.
struct Library {
    alias: String,
    module: String,
    /// Nothing where a platform gives it.
    version: Option<String>,
}

impl Catalog {
    pub(crate) fn read() -> Result<Catalog, String> {
        Catalog::parse(&file("android/gradle/libs.versions.toml")?)
    }

    fn parse(text: &str) -> Result<Catalog, String> {
        let mut catalog = Catalog {
            versions: Vec::new(),
            libraries: Vec::new(),
            plugins: Vec::new(),
        };
        let mut section = "";
        for line in text.lines().map(str::trim) {
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            if line.starts_with('[') {
                section = line;
                continue;
            }
            let wrong = || format!("read this line of libs.versions.toml: {line}");
            let (name, value) = line.split_once(" = ").ok_or_else(wrong)?;
            match section {
                "[versions]" => {
                    let version = value.trim_matches('"').to_owned();
                    catalog.versions.push((name.to_owned(), version));
                }
                "[libraries]" => {
                    let version = quoted_after(value, "version.ref = ");
                    let version = version.map(|its| catalog.version(its)).transpose()?;
                    catalog.libraries.push(Library {
                        alias: name.replace('-', "."),
                        module: quoted_after(value, "module = ")
                            .ok_or_else(wrong)?
                            .to_owned(),
                        version,
                    });
                }
                "[plugins]" => {
                    let version = quoted_after(value, "version.ref = ").ok_or_else(wrong)?;
                    catalog.version(version)?;
                    catalog.plugins.push(name.replace('-', "."));
                }
                _ => return Err(wrong()),
            }
        }
        Ok(catalog)
    }

    /// The version of that name.
    pub(crate) fn version(&self, name: &str) -> Result<String, String> {
        let found = self.versions.iter().find(|(its, _)| its == name);
        found
            .map(|(_, version)| version.clone())
            .ok_or_else(|| format!("find the version {name} in libs.versions.toml"))
    }

    /// The version that the catalog says of a module, if it says one.
    #[cfg(test)]
    pub(crate) fn version_of(&self, module: &str) -> Option<&str> {
        let is_it = |library: &&Library| {
            library.module == module && !library.alias.starts_with("tool.android")
        };
        let found = self.libraries.iter().find(is_it)?;
        found.version.as_deref()
    }

    /// `group:name:version` of an alias as build files write it, with dots.
    pub(crate) fn library(&self, alias: &str) -> Result<String, String> {
        let library = self.named(alias)?;
        Ok(match &library.version {
            Some(version) => format!("{}:{version}", library.module),
            None => library.module.clone(),
        })
    }

    /// `group:name` of an alias.
    pub(super) fn module(&self, alias: &str) -> Result<&str, String> {
        Ok(&self.named(alias)?.module)
    }

    fn named(&self, alias: &str) -> Result<&Library, String> {
        let found = self.libraries.iter().find(|library| library.alias == alias);
        found.ok_or_else(|| format!("find {alias} in libs.versions.toml"))
    }

    /// The names of all versions, as build files write them.
    pub(super) fn versions(&self) -> Vec<String> {
        let names = self.versions.iter().map(|(name, _)| name);
        names.map(|name| name.replace('-', ".")).collect()
    }

    /// The aliases of all plugins.
    pub(super) fn plugins(&self) -> &[String] {
        &self.plugins
    }

    /// Every alias that begins so.
    pub(crate) fn aliases(&self, beginning: &str) -> Vec<&str> {
        let aliases = self.libraries.iter().map(|library| &*library.alias);
        aliases.filter(|its| its.starts_with(beginning)).collect()
    }
}

/// What a module's build file asks for.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Asked {
    /// `implementation`, `testImplementation`, …
    pub(super) how: String,
    /// Whether it only gives versions to others.
    pub(super) is_platform: bool,
    /// The alias in the catalog.
    pub(super) alias: String,
}

/// What all modules ask for.
pub(super) fn asked() -> Result<Vec<Asked>, String> {
    let mut all = Vec::new();
    for module in ["app", "core", "core/generated"] {
        let text = file(&format!("android/{module}/build.gradle.kts"))?;
        all.extend(text.lines().filter_map(asked_in));
    }
    Ok(all)
}

fn asked_in(line: &str) -> Option<Asked> {
    let (how, rest) = line.trim().split_once('(')?;
    if !(how == "api" || how == "implementation" || how.ends_with("Implementation")) {
        return None;
    }
    let (is_platform, rest) = match rest.strip_prefix("platform(") {
        Some(rest) => (true, rest),
        None => (false, rest),
    };
    let alias = rest.strip_prefix("libs.")?.split(')').next()?;
    Some(Asked {
        how: how.to_owned(),
        is_platform,
        alias: alias.to_owned(),
    })
}

fn quoted_after<'a>(text: &'a str, key: &str) -> Option<&'a str> {
    let (_, rest) = text.split_once(key)?;
    rest.strip_prefix('"')?.split('"').next()
}

fn file(path: &str) -> Result<String, String> {
    fs::read_to_string(root().join(path)).map_err(|error| format!("read {path}: {error}"))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::{Asked, Catalog, asked_in};

    #[test]
    fn a_library_has_the_version_that_it_refers_to() {
        let text = "[versions]\none = \"1.2\"\n[libraries]\n\
            a-b = { module = \"g:a\", version.ref = \"one\" }\nc = { module = \"g:c\" }\n";
        let catalog = Catalog::parse(text).unwrap();
        assert_eq!(catalog.library("a.b").unwrap(), "g:a:1.2");
        assert_eq!(catalog.library("c").unwrap(), "g:c");
        assert!(catalog.library("d").is_err());
        assert!(Catalog::parse(&text.replace("\"one\" }", "\"two\" }")).is_err());
    }

    #[test]
    fn a_build_file_asks_for_aliases_and_platforms() {
        let asked = |line: &str| asked_in(line);
        let one = Asked {
            how: "testImplementation".to_owned(),
            is_platform: false,
            alias: "a.b".to_owned(),
        };
        assert_eq!(asked("    testImplementation(libs.a.b)"), Some(one));
        let platform = asked("implementation(platform(libs.bom))").unwrap();
        assert!(platform.is_platform && platform.alias == "bom");
        assert_eq!(asked("    implementation(project(\":core\"))"), None);
        assert_eq!(asked("    named(libs.a)"), None);
    }
}
