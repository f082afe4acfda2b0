//! The shape of the house, held by a test: what may depend on what, and where each dangerous tool may
//! be picked up. "The server cannot read" is a property of this graph, not a promise.
//!
//! Reads what the manifests declare (`cargo metadata --no-deps`, which needs no network), `Cargo.lock`,
//! and the sources. The lock holds every platform and every feature, so what is found is what could
//! ever be linked, not only what this machine links today.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic
)]

#[path = "architecture/requirements.rs"]
mod requirements;
#[path = "architecture/tone.rs"]
mod tone;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Crates that can open what a member sealed, or that agree on the keys for it.
const OPENS_SEALED_THINGS: &[&str] = &[
    "automerge",
    "bip39",
    "chacha20poly1305",
    "companion-core",
    "crypto_secretbox",
    "hpke",
    "ml-kem",
    "x-wing",
    "x25519-dalek",
];

/// What a crate of pure bytes and signatures has no use for: the disk, the network, other ciphers.
const NOT_IN_PROTOCOL: &[&str] = &[
    "aes",
    "aes-gcm",
    "axum",
    "chacha20",
    "hyper",
    "libsqlite3-sys",
    "openssl-sys",
    "reqwest",
    "ring",
    "rusqlite",
    "rustls",
    "tokio",
    "zstd",
];

/// Crates (or families of crates) that tell a third party what happens here.
const TELEMETRY: &[&str] = &[
    "amplitude",
    "bugsnag",
    "datadog",
    "dd-trace",
    "honeycomb",
    "mixpanel",
    "newrelic",
    "opentelemetry",
    "posthog",
    "raygun",
    "rollbar",
    "segment",
    "sentry",
    "tracing-opentelemetry",
];

/// Crates that may link the server and the console into one program. None of them is installed at a
/// clinic or on a server.
const MAY_LINK_SERVER_AND_CONSOLE: &[&str] = &[
    "companion-browser-tests",
    "companion-demo",
    "companion-tests",
];

/// Files that may say `unsafe`, each for a reason that it gives at its head. All are tests.
const MAY_BE_UNSAFE: &[&str] = &["core/src/store/tests/disk.rs"];

/// Where Automerge may be named: documents merge there and nowhere else.
const MAY_NAME_AUTOMERGE: &[&str] = &["core/src/document"];

/// Where the library of time zones may be named: whoever needs a zone takes `domain::Zone`.
const MAY_NAME_JIFF: &[&str] = &["core/src/domain/zone"];

/// Where SQL may be written: the replica's store, the server's storage, the console's accounts.
const MAY_NAME_RUSQLITE: &[&str] = &[
    "core/src/store",
    "sync-server/src/storage",
    "sync-server/tests",
    "sync-server/console/src/accounts",
    "tests",
];

#[test]
fn the_server_can_never_reach_the_core() {
    let house = House::read();
    let path = house.path_between("sync-server", "companion-core");
    assert_eq!(
        path, None,
        "sync-server reaches companion-core; not even a test of it may"
    );
}

#[test]
fn no_crate_that_the_server_links_can_open_a_sealed_change() {
    let house = House::read();
    let reached = house.linked_by("sync-server");
    assert!(
        reached.contains("axum"),
        "the graph is not being read: {reached:?}"
    );
    assert_eq!(overlap(&reached, OPENS_SEALED_THINGS), Vec::<&str>::new());
}

#[test]
fn the_protocol_verifies_and_can_do_nothing_else() {
    let house = House::read();
    let reached = house.linked_by("companion-protocol");
    assert!(
        reached.contains("ed25519-dalek"),
        "the graph is not being read: {reached:?}"
    );
    assert_eq!(overlap(&reached, OPENS_SEALED_THINGS), Vec::<&str>::new());
    assert_eq!(overlap(&reached, NOT_IN_PROTOCOL), Vec::<&str>::new());
    let ours: Vec<_> = house
        .members
        .keys()
        .filter(|member| reached.contains(*member))
        .collect();
    assert!(
        ours.is_empty(),
        "the protocol stands below every other crate, yet links {ours:?}"
    );
}

#[test]
fn dependencies_point_one_way() {
    let house = House::read();
    let may: BTreeMap<&str, &[&str]> = BTreeMap::from([
        ("companion-protocol", [].as_slice()),
        ("companion-core", &["companion-protocol"]),
        ("sync-server", &["companion-protocol"]),
        ("clinic-console", &["companion-core", "companion-protocol"]),
        ("companion-phone", &["companion-core", "companion-protocol"]),
        (
            "companion-demo",
            &["clinic-console", "companion-core", "sync-server"],
        ),
        ("xtask", &[]),
    ]);
    for (member, allowed) in may {
        let linked = house.declared(member, |kind| kind != Kind::Test);
        let beyond: Vec<_> = linked
            .iter()
            .filter(|name| house.members.contains_key(*name) && !allowed.contains(&name.as_str()))
            .collect();
        assert!(beyond.is_empty(), "{member} links {beyond:?}");
    }
}

#[test]
fn the_console_can_never_reach_the_server() {
    let house = House::read();
    let path = house.path_between("clinic-console", "sync-server");
    assert_eq!(
        path, None,
        "clinic-console reaches sync-server; not even a test of it may"
    );
}

#[test]
fn only_the_demo_and_tests_link_server_and_console_together() {
    let house = House::read();
    let both: Vec<_> = house
        .members
        .keys()
        .map(String::as_str)
        .filter(|member| {
            ["sync-server", "clinic-console"]
                .iter()
                .all(|end| member == end || house.path_between(member, end).is_some())
        })
        .collect();
    assert!(
        both.contains(&"companion-demo"),
        "the graph is not being read: {both:?}"
    );
    let strangers: Vec<_> = both
        .iter()
        .filter(|member| !MAY_LINK_SERVER_AND_CONSOLE.contains(member))
        .collect();
    assert!(
        strangers.is_empty(),
        "{strangers:?} link server and console together"
    );
}

#[test]
fn nothing_reports_to_a_third_party() {
    let house = House::read();
    assert!(house.locked.len() > 100, "Cargo.lock is not being read");
    let found: Vec<_> = house
        .locked
        .keys()
        .filter(|name| TELEMETRY.iter().any(|family| belongs_to(name, family)))
        .collect();
    assert!(found.is_empty(), "telemetry in Cargo.lock: {found:?}");
}

#[test]
fn only_documents_know_automerge() {
    let house = House::read();
    let strangers: Vec<_> = house
        .members
        .keys()
        .filter(|name| *name != "companion-core")
        .filter(|name| house.declared(name, |_| true).contains("automerge"))
        .collect();
    assert!(strangers.is_empty(), "{strangers:?} declare automerge");
    assert_named_only_in(&house, "automerge", MAY_NAME_AUTOMERGE);
}

#[test]
fn only_stores_know_sql() {
    assert_named_only_in(&House::read(), "rusqlite", MAY_NAME_RUSQLITE);
}

#[test]
fn only_zones_know_their_library() {
    assert_named_only_in(&House::read(), "jiff", MAY_NAME_JIFF);
}

#[test]
fn nothing_but_provenance_decides_whose_word_something_is() {
    let house = House::read();
    let mut found = BTreeSet::new();
    for (file, text) in house.sources() {
        let path = file.to_str().unwrap();
        if !path.starts_with("core/src/") || is_test(path) {
            continue;
        }
        let decides = code_lines(&text).any(|line| {
            has_word(line, "side_of")
                || line.to_lowercase().contains("writers.include(")
                || line.contains("Role::Host")
        });
        if decides {
            found.insert(path.to_owned());
        }
    }
    // Who is a clinic's node is also asked where a phone refuses to come to a private space with one in it,
    // where members are listed by name, and by a node that founds a space; a kind says of itself whether it
    // is the patient's, and so to be seen. Those decide who comes in, what they are called and what is new,
    // and not whose word something is. Who wrote a change is told to people as provenance says it.
    let expected: BTreeSet<String> = [
        "core/src/domain/content.rs",
        "core/src/members.rs",
        "core/src/records/provenance.rs",
        "core/src/records/written.rs",
        "core/src/replica.rs",
        "core/src/sync/members.rs",
    ]
    .map(str::to_owned)
    .into();
    assert_eq!(found, expected);
}

#[test]
fn only_the_registry_names_kinds() {
    let house = House::read();
    let words = kinds_of(&house);
    assert!(words.len() >= 9, "the kinds are not being read: {words:?}");
    let mut strangers = Vec::new();
    for (file, text) in house.sources() {
        let path = file.to_str().unwrap();
        let inside = path.starts_with("core/src/") && !is_test(path);
        if !inside || path.starts_with("core/src/domain/") {
            continue;
        }
        for line in code_lines(without_unit_tests(&text)) {
            // A sentence may use the same word.
            let is_sentence = line.contains("#[error(");
            let mut words = words.iter();
            let named = !is_sentence && words.any(|word| line.contains(&format!("\"{word}\"")));
            if named || line.contains("Kind::named(") {
                strangers.push(format!("{path}: {}", line.trim()));
            }
        }
    }
    assert!(strangers.is_empty(), "kinds are named in {strangers:#?}");
}

/// The words of all kinds, as their files declare them.
fn kinds_of(house: &House) -> BTreeSet<String> {
    let declared = |text: &str| {
        let (_, rest) = text.split_once("const KIND: Kind = Kind::named(\"")?;
        rest.split_once('"').map(|(word, _)| word.to_owned())
    };
    let sources = house.sources();
    let kinds = sources
        .iter()
        .filter(|(file, _)| file.starts_with("core/src/domain"));
    kinds.filter_map(|(_, text)| declared(text)).collect()
}

fn is_test(path: &str) -> bool {
    path.contains("/tests/") || path.ends_with("/tests.rs")
}

/// A file without the tests at its end.
fn without_unit_tests(text: &str) -> &str {
    text.split_once("#[cfg(test)]\nmod tests {")
        .map_or(text, |(code, _)| code)
}

#[test]
fn only_tests_reach_behind_the_cores_facades() {
    let house = House::read();
    for (file, text) in house.sources() {
        let path = file.to_str().unwrap();
        if path.starts_with("tests/") || path.starts_with("core/") || is_test(path) {
            continue;
        }
        let reaches = code_lines(without_unit_tests(&text))
            .any(|line| line.contains("companion_core::testing"));
        assert!(!reaches, "{path} uses what is for tests only");
    }
    for (name, member) in &house.members {
        if name == "companion-tests" || name == "companion-core" {
            continue;
        }
        for dependency in member.package["dependencies"].as_array().unwrap() {
            let tests_only = dependency["kind"] == "dev";
            let features = dependency["features"].to_string();
            assert!(
                dependency["name"] != "companion-core"
                    || tests_only
                    || !features.contains("testing"),
                "{name} links the core with what is for tests only"
            );
        }
    }
}

#[test]
fn no_source_is_unsafe() {
    let house = House::read();
    let sources = house.sources();
    assert!(
        sources.len() > 20,
        "the sources are not being read: {} files",
        sources.len()
    );
    let found: Vec<_> = sources
        .iter()
        .filter(|(file, _)| file != Path::new("tests/tests/architecture.rs"))
        .filter(|(file, _)| !MAY_BE_UNSAFE.iter().any(|may| file == Path::new(may)))
        .filter(|(_, text)| code_lines(text).any(|line| has_word(&without_texts(line), "unsafe")))
        .map(|(file, _)| file)
        .collect();
    assert!(found.is_empty(), "unsafe in {found:?}");
}

#[test]
fn plain_cargo_test_needs_no_browser() {
    let house = House::read();
    let browser = &house.members["companion-browser-tests"].package;
    let client = browser["dependencies"]
        .as_array()
        .unwrap()
        .iter()
        .find(|d| d["name"] == "chromiumoxide");
    assert_eq!(
        client.expect("the browser client is declared")["optional"],
        true
    );
    let default = &browser["features"]["default"];
    assert!(
        default.as_array().is_none_or(Vec::is_empty),
        "on by default: {default}"
    );
}

#[test]
fn every_crate_keeps_the_lints_of_the_workspace() {
    let house = House::read();
    for (name, member) in &house.members {
        let manifest = fs::read_to_string(&member.manifest).unwrap();
        assert!(
            manifest.contains("[lints]\nworkspace = true"),
            "{name} has lints of its own"
        );
    }
}

#[test]
fn the_searches_of_this_file_find_what_they_look_for() {
    let graph = BTreeMap::from([
        ("a".to_owned(), BTreeSet::from(["b".to_owned()])),
        (
            "b".to_owned(),
            BTreeSet::from(["c".to_owned(), "a".to_owned()]),
        ),
    ]);
    let reached = closure(["a".to_owned()], |name| {
        graph.get(name).cloned().unwrap_or_default()
    });
    assert_eq!(overlap(&reached, &["c", "z"]), vec!["c"]);

    let locked =
        parse_lock("[[package]]\nname = \"x\"\ndependencies = [\n \"y\",\n \"z 0.1.0\",\n]\n");
    assert_eq!(
        locked["x"],
        BTreeSet::from(["y".to_owned(), "z".to_owned()])
    );

    assert!(names_crate("use rusqlite::params;", "rusqlite"));
    assert!(names_crate(
        "    pub(crate) fn f(c: &rusqlite::Connection) {",
        "rusqlite"
    ));
    assert!(!names_crate("let rusqlite_like = 1;", "rusqlite"));
    assert_eq!(
        code_lines("// unsafe\n/// unsafe\nlet a = 1; // unsafe").collect::<Vec<_>>(),
        ["let a = 1; "]
    );
    assert!(has_word("unsafe { x() }", "unsafe") && !has_word("deny(unsafe_code)", "unsafe"));
    assert_eq!(
        without_texts("csp.contains(\"unsafe\") && !x"),
        "csp.contains() && !x"
    );
    assert!(belongs_to("sentry-core", "sentry") && !belongs_to("sentryless", "sentry"));
}

/// How a manifest asks for a dependency.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Linked,
    Build,
    Test,
}

struct Member {
    manifest: PathBuf,
    declared: Vec<(String, Kind)>,
    /// All that cargo says of it.
    package: serde_json::Value,
}

/// The workspace as its manifests, its lock and its folders tell it.
struct House {
    root: PathBuf,
    members: BTreeMap<String, Member>,
    locked: BTreeMap<String, BTreeSet<String>>,
}

impl House {
    fn read() -> House {
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

    fn declared(&self, member: &str, wanted: impl Fn(Kind) -> bool) -> BTreeSet<String> {
        let member = self
            .members
            .get(member)
            .unwrap_or_else(|| panic!("no crate {member}"));
        let asked = member.declared.iter().filter(|(_, kind)| wanted(*kind));
        asked.map(|(name, _)| name.clone()).collect()
    }

    /// Everything that building `member` can link or run, without what only its tests use.
    fn linked_by(&self, member: &str) -> BTreeSet<String> {
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
    fn path_between(&self, from: &str, to: &str) -> Option<BTreeSet<String>> {
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
    fn sources(&self) -> Vec<(PathBuf, String)> {
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
fn parse_lock(text: &str) -> BTreeMap<String, BTreeSet<String>> {
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

fn closure(
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

fn overlap<'a>(reached: &BTreeSet<String>, unwanted: &[&'a str]) -> Vec<&'a str> {
    unwanted
        .iter()
        .copied()
        .filter(|name| reached.contains(*name))
        .collect()
}

fn belongs_to(name: &str, family: &str) -> bool {
    name.strip_prefix(family)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with(['-', '_']))
}

fn assert_named_only_in(house: &House, wanted: &str, places: &[&str]) {
    let (mut inside, mut outside) = (0, Vec::new());
    for (file, text) in house.sources() {
        if !code_lines(&text).any(|line| names_crate(line, wanted)) {
            continue;
        }
        let path = file.to_str().unwrap().replace('\\', "/");
        let fits =
            |place: &&str| path.starts_with(&format!("{place}/")) || path == format!("{place}.rs");
        if places.iter().any(fits) {
            inside += 1;
        } else {
            outside.push(path);
        }
    }
    assert!(
        inside > 0,
        "{wanted} is found nowhere: the search is broken"
    );
    assert!(outside.is_empty(), "{wanted} is named in {outside:?}");
}

/// Lines without comments. A `//` inside a string cuts the line short, which can only hide what
/// follows a URL on the same line.
fn code_lines(text: &str) -> impl Iterator<Item = &str> {
    let code = text
        .lines()
        .map(|line| line.split_once("//").map_or(line, |(code, _)| code));
    code.filter(|line| !line.trim().is_empty())
}

/// A line without what stands between quotes.
fn without_texts(line: &str) -> String {
    line.split('"').step_by(2).collect()
}

fn names_crate(line: &str, name: &str) -> bool {
    let ends_a_word = |before: &str| !before.ends_with(|c: char| c.is_alphanumeric() || c == '_');
    let mut parts = line.split(name).peekable();
    let mut in_path = false;
    while let Some(before) = parts.next() {
        in_path |= ends_a_word(before) && parts.peek().is_some_and(|after| after.starts_with("::"));
    }
    in_path || (line.trim_start().starts_with("use ") && has_word(line, name))
}

fn has_word(line: &str, word: &str) -> bool {
    line.split(|c: char| !c.is_alphanumeric() && c != '_')
        .any(|part| part == word)
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
