//! Those who may not, and requests that nobody means.

use companion_protocol::api::{BlobState, ErrorCode, MAX_BLOB, MAX_PART, path};
use companion_protocol::id::BlobId;
use companion_protocol::statement::Role;

use super::{care, charged, delete, get, give, given, left, list, named, part, read, sealed};
use crate::support::client::{Request, announced};
use crate::support::people::key;

#[test]
fn a_stranger_learns_nothing_and_has_nothing_read() {
    let (relay, mut space) = care();
    let whole = sealed(1000);
    given(&relay, &space, &key(2), &whole);
    space.knock(&relay, &key(1), &key(8), Role::Reader);
    let before = relay.counts().body_bytes_read;
    // A stranger, and one who waits to be let in.
    for nobody in [key(9), key(8)] {
        for answer in [
            list(&relay, &space, &nobody),
            get(&relay, &space, &nobody, named(&whole), ""),
            get(&relay, &space, &nobody, BlobId::new([1; 32]), ""),
            delete(&relay, &space, &nobody, named(&whole)),
            give(&relay, &space, &nobody, &sealed(2000), 0),
            give(&relay, &space, &nobody, &whole, 0),
        ] {
            assert_eq!(
                answer.refusal(),
                (ErrorCode::Forbidden, serde_json::Map::new())
            );
        }
        let request = part(&space, named(&whole), 0, 10, &[1; 10]).signed(&nobody);
        let (_stream, answer) = announced(&relay, &request);
        assert_eq!(
            answer.code(),
            ErrorCode::Forbidden,
            "before the body is read"
        );
    }
    assert_eq!(relay.counts().body_bytes_read, before);
    let unsigned = Request::new("GET", &path::blobs(space.id()), Vec::new()).send(&relay);
    assert_eq!(unsigned.code(), ErrorCode::Unauthenticated);
    assert_eq!(left(&list(&relay, &space, &key(2))), [named(&whole)]);
}

#[test]
fn a_part_that_begins_elsewhere_is_refused_before_it_is_read() {
    let (relay, space) = care();
    let whole = sealed(2 * MAX_PART);
    let _: BlobState = give(&relay, &space, &key(2), &whole, 0).json();
    let before = relay.counts().body_bytes_read;
    let request = part(&space, named(&whole), 0, whole.len(), &whole[..MAX_PART]).signed(&key(3));
    let (_stream, answer) = announced(&relay, &request);
    assert_eq!(answer.code(), ErrorCode::BlobOffset);
    assert_eq!(relay.counts().body_bytes_read, before);
}

#[test]
fn only_hexadecimal_names_lead_anywhere() {
    let (relay, space) = care();
    let id = space.id().to_string();
    let mut blob = named(b"x").to_string();
    for name in [
        "..".to_owned(),
        "%2e%2e".to_owned(),
        "..%2f..%2fsync.db".to_owned(),
        "%2e%2e%2f%2e%2e%2fsync.db".to_owned(),
        format!("{blob}.part"),
        format!("{blob}%00"),
        format!("{blob}/"),
        blob.to_uppercase(),
        format!("g{}", blob.split_off(1)),
        format!("{}%2f", "a".repeat(63)),
        "a".to_owned(),
        String::new(),
    ] {
        let target = format!("/v1/spaces/{id}/blobs/{name}");
        for (method, query) in [("GET", ""), ("POST", "?from=0&size=1"), ("DELETE", "")] {
            let body = if method == "POST" {
                vec![1]
            } else {
                Vec::new()
            };
            let answer = Request::new(method, &format!("{target}{query}"), body)
                .signed(&key(2))
                .send(&relay);
            assert_eq!(answer.code(), ErrorCode::NotFound, "{method} {name}");
        }
    }
    assert!(left(&list(&relay, &space, &key(2))).is_empty());
    let mut names: Vec<String> = std::fs::read_dir(&relay.config.data)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.retain(|name| !name.starts_with("sync.db-"));
    names.sort();
    assert_eq!(names, ["lock", "nonces", "sync.db"]);
}

#[test]
fn sizes_that_can_not_be_are_refused_and_nothing_is_kept() {
    let (relay, space) = care();
    let (before, target) = (charged(&relay, &space), path::blob(space.id(), named(b"x")));
    let largest = MAX_BLOB;
    for query in [
        String::new(),
        "?from=0".to_owned(),
        "?size=10".to_owned(),
        "?from=0&size=0".to_owned(),
        format!("?from=0&size={}", largest + 1),
        "?from=0&size=9223372036854775807".to_owned(),
        "?from=0&size=18446744073709551615".to_owned(),
        "?from=0&size=3".to_owned(),
        "?from=10&size=10".to_owned(),
        "?from=11&size=10".to_owned(),
        "?from=-1&size=10".to_owned(),
        "?from=0&size=010".to_owned(),
        "?from=0&size=10&size=10".to_owned(),
        "?from=0&size=10&limit=1".to_owned(),
    ] {
        let answer = Request::new("POST", &format!("{target}{query}"), vec![1; 4])
            .signed(&key(2))
            .send(&relay);
        assert_eq!(answer.code(), ErrorCode::BadRequest, "{query}");
    }
    let empty = part(&space, named(b"x"), 0, 10, b"")
        .signed(&key(2))
        .send(&relay);
    assert_eq!(empty.code(), ErrorCode::BadRequest);
    let long = part(&space, named(b"x"), 0, 2 * MAX_PART, &vec![0; MAX_PART + 1]);
    assert_eq!(
        long.signed(&key(2)).send(&relay).code(),
        ErrorCode::TooLarge
    );
    for query in ["?limit=0", "?limit=524289", "?from=01", "?after=1"] {
        let answer = get(&relay, &space, &key(2), named(b"x"), query);
        assert_eq!(answer.code(), ErrorCode::BadRequest, "{query}");
    }
    assert_eq!(charged(&relay, &space), before);
    assert!(left(&list(&relay, &space, &key(2))).is_empty());
}

#[test]
fn a_size_that_changes_midway_and_a_part_out_of_turn_change_nothing() {
    let (relay, space) = care();
    let whole = sealed(300);
    let first = part(&space, named(&whole), 0, 300, &whole[..100]);
    let _: BlobState = first.signed(&key(2)).send(&relay).json();
    let charged_then = charged(&relay, &space);
    for (from, size) in [(100, 299), (100, 301), (0, 300), (99, 300), (101, 300)] {
        let answer = part(&space, named(&whole), from, size, &[1; 50])
            .signed(&key(1))
            .send(&relay);
        let (code, detail) = answer.refusal();
        assert_eq!(code, ErrorCode::BlobOffset, "{from} {size}");
        assert_eq!(
            (&detail["received"], &detail["size"]),
            (&100.into(), &300.into())
        );
    }
    // Nothing of it is there: it begins at the beginning.
    let late = part(&space, named(b"x"), 5, 10, &[1; 5])
        .signed(&key(2))
        .send(&relay);
    let (code, detail) = late.refusal();
    assert_eq!(
        (code, &detail["received"]),
        (ErrorCode::BlobOffset, &0.into())
    );
    assert_eq!(charged(&relay, &space), charged_then);
    let rest = part(&space, named(&whole), 100, 300, &whole[100..]);
    let _: BlobState = rest.signed(&key(2)).send(&relay).json();
    assert_eq!(read(&relay, &space, &key(1), named(&whole)), whole);
}

#[test]
fn whoever_was_removed_gives_and_reads_no_more() {
    let (relay, mut space) = care();
    let whole = sealed(300);
    let first = part(&space, named(&whole), 0, 300, &whole[..100]);
    let _: BlobState = first.signed(&key(3)).send(&relay).json();
    let removal = space.rotate(&key(1), &[&key(3)]);
    space.extend(&relay, &key(1), removal);
    let rest = part(&space, named(&whole), 100, 300, &whole[100..]);
    let refused = rest.clone().signed(&key(3)).send(&relay);
    assert_eq!(refused.code(), ErrorCode::Forbidden);
    // Whoever else has the bytes goes on.
    let state: BlobState = rest.signed(&key(2)).send(&relay).json();
    assert!(state.is_whole());
    let read = get(&relay, &space, &key(3), named(&whole), "");
    assert_eq!(read.code(), ErrorCode::Forbidden);
}
