//! The workspace as its manifests, its lock and its folders tell it.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// How a manifest asks for a dependency.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Linked,
    Build,
    Test,
}

pub(crate) struct Member {
    pub(crate) manifest: PathBuf,
    pub(crate) declared: Vec<(String, Kind)>,
    /// All that cargo says of it.
    pub(crate) package: serde_json::Value,
}

/// The workspace as its manifests, its lock and its folders tell it.
pub(crate) struct House {
    pub(crate) root: PathBuf,
    pub(crate) members: BTreeMap<String, Member>,
    pub(crate) locked: BTreeMap<String, BTreeSet<String>>,
}

impl House {
    pub(crate) fn read() -> House {
        let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
        let output = Command::new(cargo)
            .args([
                "metadata",
                "--format-version",
                "1",
                "--no-deps",
                "--offline",
                "--locked",
            ])
            .current_dir(env!("CARGO_MANIFEST_DIR"))
            .output()
            .unwrap();
        assert!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
        let metadata: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();

        let root = PathBuf::from(metadata["workspace_root"].as_str().unwrap());
        let members = metadata["packages"]
            .as_array()
            .unwrap()
            .iter()
            .map(member)
            .collect();
        let locked = parse_lock(&fs::read_to_string(root.join("Cargo.lock")).unwrap());
        House {
            root,
            members,
            locked,
        }
    }

    pub(crate) fn declared(&self, member: &str, wanted: impl Fn(Kind) -> bool) -> BTreeSet<String> {
        let member = self
            .members
            .get(member)
            .unwrap_or_else(|| panic!("no crate {member}"));
        let asked = member.declared.iter().filter(|(_, kind)| wanted(*kind));
        asked.map(|(name, _)| name.clone()).collect()
    }

    /// Everything that building `member` can link or run, without what only its tests use.
    pub(crate) fn linked_by(&self, member: &str) -> BTreeSet<String> {
        let first = self.declared(member, |kind| kind != Kind::Test);
        closure(first, |name| {
            if self.members.contains_key(name) {
                self.declared(name, |kind| kind != Kind::Test)
            } else {
                self.locked.get(name).cloned().unwrap_or_default()
            }
        })
    }

    /// Whether `from` reaches `to` over workspace crates, by any kind of dependency, tests included.
    pub(crate) fn path_between(&self, from: &str, to: &str) -> Option<BTreeSet<String>> {
        let ours = |name: &str| -> BTreeSet<String> {
            let all = self.declared(name, |_| true);
            all.into_iter()
                .filter(|name| self.members.contains_key(name))
                .collect()
        };
        let reached = closure(ours(from), ours);
        reached.contains(to).then_some(reached)
    }

    /// Every Rust source of the workspace, by its path from the root.
    pub(crate) fn sources(&self) -> Vec<(PathBuf, String)> {
        let mut found = BTreeMap::new();
        for member in self.members.values() {
            read_sources(member.manifest.parent().unwrap(), &self.root, &mut found);
        }
        found.into_iter().collect()
    }
}

fn member(package: &serde_json::Value) -> (String, Member) {
    let declared = package["dependencies"]
        .as_array()
        .unwrap()
        .iter()
        .map(|dependency| {
            let kind = match dependency["kind"].as_str() {
                None => Kind::Linked,
                Some("build") => Kind::Build,
                Some("dev") => Kind::Test,
                Some(other) => panic!("a kind of dependency that this test does not know: {other}"),
            };
            (dependency["name"].as_str().unwrap().to_owned(), kind)
        });
    let member = Member {
        manifest: PathBuf::from(package["manifest_path"].as_str().unwrap()),
        declared: declared.collect(),
        package: package.clone(),
    };
    (package["name"].as_str().unwrap().to_owned(), member)
}

/// The lock as crate → crates it uses. Versions are joined: to reach one is to reach the name.
pub(crate) fn parse_lock(text: &str) -> BTreeMap<String, BTreeSet<String>> {
    let mut graph: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut current = String::new();
    for line in text.lines() {
        if let Some(name) = line.strip_prefix("name = ") {
            current = name.trim_matches('"').to_owned();
            graph.entry(current.clone()).or_default();
        } else if let Some(dependency) = line.strip_prefix(" \"") {
            let name = dependency
                .trim_end_matches("\",")
                .split(' ')
                .next()
                .unwrap();
            graph
                .entry(current.clone())
                .or_default()
                .insert(name.to_owned());
        }
    }
    graph
}

pub(crate) fn closure(
    start: impl IntoIterator<Item = String>,
    next: impl Fn(&str) -> BTreeSet<String>,
) -> BTreeSet<String> {
    let mut open: Vec<String> = start.into_iter().collect();
    let mut reached = BTreeSet::new();
    while let Some(name) = open.pop() {
        if reached.insert(name.clone()) {
            open.extend(next(&name));
        }
    }
    reached
}

fn read_sources(folder: &Path, root: &Path, found: &mut BTreeMap<PathBuf, String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            if !path.ends_with("target") {
                read_sources(&path, root, found);
            }
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let text = fs::read_to_string(&path).unwrap();
            found.insert(path.strip_prefix(root).unwrap().to_owned(), text);
        }
    }
}
