//! What an operator types wrong is refused in plain words, and nothing is made or changed by it.

use std::path::Path;

use crate::program::run;
use crate::{KEY, made};

/// A folder's files by name, but for the lock.
fn files(of: &Path) -> Vec<String> {
    let Ok(entries) = std::fs::read_dir(of) else {
        return Vec::new();
    };
    let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<String> = names.filter(|name| name != "lock").collect();
    names.sort();
    names
}

#[test]
fn a_name_is_a_host_and_perhaps_a_port() {
    let folder = tempfile::tempdir().unwrap();
    for wrong in [
        "",
        " ",
        "https://sync.example.org",
        "http://sync.example.org/",
        "sync.example.org/",
        "sync.example.org/v1",
        "/var/lib/kap-sync",
        "sync example.org",
        "99 hops",
        "sync.example.org,other.example.org",
        "somebody@sync.example.org",
        "sync.example.org:",
        "sync.example.org:https",
        "sync.example.org:99999",
        ":8440",
    ] {
        let refused = run(folder.path(), &["serve", "--authority", wrong]).unwrap_err();
        assert!(
            refused.contains("a name is `host` or `host:port`"),
            "{wrong:?}: {refused}"
        );
    }
    assert_eq!(files(folder.path()), Vec::<String>::new());
    // These are names: what is refused is the certificate that is not there.
    for right in [
        "sync.example.org",
        "Sync.Example.org:8443",
        "localhost",
        "192.0.2.1:8440",
        "[2001:db8::1]:8440",
    ] {
        let arguments = [
            "serve",
            "--authority",
            right,
            "--tls-cert",
            "none",
            "--tls-key",
            "none",
        ];
        let refused = run(folder.path(), &arguments).unwrap_err();
        assert!(refused.contains("certificate"), "{right}: {refused}");
    }
}

#[test]
fn a_value_that_nobody_can_mean_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let short = KEY.trim_end_matches('7');
    let upper = KEY.to_uppercase();
    // The point of order one.
    let weak = format!("01{}", "00".repeat(31));
    let no_point = format!("02{}", "00".repeat(31));
    for (arguments, says) in [
        (&["serve", "--peer-rate", "0"][..], "--peer-rate"),
        (&["serve", "--member-rate", "0"], "--member-rate"),
        (&["serve", "--member-rate", "-1"], "-1"),
        (
            &["serve", "--statements-at-once", "0"],
            "--statements-at-once",
        ),
        (
            &["serve", "--statement-seconds", "0"],
            "--statement-seconds",
        ),
        (
            &["serve", "--statement-seconds", "10s"],
            "--statement-seconds",
        ),
        (
            &["serve", "--trusted-proxy-hops", "99"],
            "--trusted-proxy-hops",
        ),
        (
            &["serve", "--trusted-proxy-hops", "yes"],
            "--trusted-proxy-hops",
        ),
        (&["serve", "--listen", "8440"], "--listen"),
        (&["serve", "--listen", "sync.example.org:8440"], "--listen"),
        (&["serve", "--metrics", "9440"], "--metrics"),
        (&["serve", "--tls-cert", "chain.pem"], "--tls-key"),
        (&["clinic", "add", short], "public key"),
        (&["clinic", "add", &upper], "public key"),
        (&["clinic", "add", &weak], "public key"),
        (&["clinic", "add", &no_point], "public key"),
        (&["clinic", "add", KEY, "--bytes", "10G"], "--bytes"),
        (&["clinic", "add", KEY, "--spaces", "-1"], "-1"),
        (&["rewind", "abc", "--to", "1"], "abc"),
        (&["rewind", KEY], "--to"),
        (&["restore"], "--from"),
        (&["restore", "--from", ""], "--from"),
    ] {
        let refused = run(folder.path(), arguments).unwrap_err();
        assert!(refused.contains(says), "{arguments:?}: {refused}");
    }
    let refused = run(Path::new(""), &["clinic", "list"]).unwrap_err();
    assert!(refused.contains("--data"), "{refused}");
    assert_eq!(files(folder.path()), Vec::<String>::new());
}

#[test]
fn upkeep_of_a_database_that_is_not_there_names_it_and_makes_none() {
    let folder = tempfile::tempdir().unwrap();
    let copy = folder.path().join("copy.db");
    let copy = copy.to_str().unwrap();
    let typed_wrong = folder.path().join("kap-snyc");
    let empty = folder.path().join("empty");
    std::fs::create_dir(&empty).unwrap();
    for data in [&typed_wrong, &empty] {
        for arguments in [
            &["clinic", "add", KEY][..],
            &["clinic", "list"],
            &["backup", "--to", copy],
            &["check"],
            &["take-over"],
            &["rewind", KEY, "--to", "1"],
        ] {
            let refused = run(data, arguments).unwrap_err();
            let file = data.join("sync.db");
            assert!(
                refused.contains(&format!("there is no database {}", file.display())),
                "{arguments:?}: {refused}"
            );
        }
    }
    assert!(!typed_wrong.exists());
    assert_eq!(std::fs::read_dir(&empty).unwrap().count(), 0);
}

#[test]
fn upkeep_of_what_is_no_database_names_it_and_leaves_it() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("sync.db");
    for content in [&b""[..], b"somebody's notes"] {
        std::fs::write(&file, content).unwrap();
        let copy = folder.path().join("copy.db");
        for arguments in [
            &["clinic", "add", KEY][..],
            &["clinic", "list"],
            &["backup", "--to", copy.to_str().unwrap()],
            &["check"],
            &["take-over"],
            &["rewind", KEY, "--to", "1"],
        ] {
            let refused = run(folder.path(), arguments).unwrap_err();
            assert!(
                refused.contains(file.to_str().unwrap()),
                "{arguments:?}: {refused}"
            );
        }
        assert_eq!(std::fs::read(&file).unwrap(), content);
        assert!(!copy.exists());
    }
}

#[test]
fn a_file_where_a_folder_is_meant_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    std::fs::write(&data, "not a folder").unwrap();
    let refused = run(&data, &["serve", "--listen", "127.0.0.1:0"]).unwrap_err();
    assert!(refused.contains(data.to_str().unwrap()), "{refused}");
    let good = folder.path().join("good");
    made(&good);
    let nowhere = folder.path().join("nowhere/copy.db");
    let refused = run(&good, &["backup", "--to", nowhere.to_str().unwrap()]).unwrap_err();
    let missing = folder.path().join("nowhere");
    assert!(
        refused.contains(&format!("there is no folder {}", missing.display())),
        "{refused}"
    );
}

#[test]
fn a_space_that_is_not_there_is_not_cut_back() {
    let folder = tempfile::tempdir().unwrap();
    made(folder.path());
    let refused = run(folder.path(), &["rewind", KEY, "--to", "1"]).unwrap_err();
    assert!(refused.contains("no such space"), "{refused}");
}
