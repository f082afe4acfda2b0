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

#[path = "architecture/house.rs"]
mod house;
#[path = "architecture/names.rs"]
mod names;
#[path = "architecture/requirements.rs"]
mod requirements;
#[path = "architecture/search.rs"]
mod search;
#[path = "architecture/tone.rs"]
mod tone;

use std::collections::BTreeMap;
use std::fs;

use house::{House, Kind};
use search::{belongs_to, overlap};

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
        ("companion-ffi", &["companion-core"]),
        ("companion-bindgen", &[]),
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
