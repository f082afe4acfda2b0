//! What of blobs outlives the process, a backup and a cut, and what does not.

use std::fs;
use std::io::{Read, Write};
use std::path::PathBuf;
use std::time::{SystemTime, UNIX_EPOCH};

use companion_protocol::api::{BlobState, ErrorCode, MAX_PART};
use companion_protocol::statement::Role;
use sync_server::storage::BlobStorage;
use sync_server::storage::audit::audit;
use sync_server::storage::rewinding::rewind_file;
use sync_server::storage::sqlite::{SqliteStorage, back_up_file, replace_file};

use super::{
    care, care_on, charged, delete, get, give, given, left, list, named, part, read, sealed,
};
use crate::support::client::{connect, raw};
use crate::support::people::{key, member};
use crate::support::program::Server;
use crate::support::{NOW_MS, Relay};

fn database(relay: &Relay) -> PathBuf {
    relay.config.data.join("sync.db")
}

fn is_sound(relay: &Relay) {
    let report = audit(&**relay.running.as_ref().unwrap().storage()).unwrap();
    assert!(report.problems.is_empty(), "{:?}", report.problems);
}

#[test]
fn an_upload_goes_on_after_the_server_was_stopped() {
    let (mut relay, space) = care();
    let whole = sealed(2 * MAX_PART);
    let _: BlobState = give(&relay, &space, &key(2), &whole, 0).json();
    relay.start_again();
    assert_eq!(
        give(&relay, &space, &key(2), &whole, 0).code(),
        ErrorCode::BlobOffset
    );
    let last: BlobState = give(&relay, &space, &key(2), &whole, MAX_PART).json();
    assert!(last.is_whole());
    relay.start_again();
    assert_eq!(read(&relay, &space, &key(1), named(&whole)), whole);
    is_sound(&relay);
}

#[test]
fn an_upload_to_a_server_that_is_killed_again_and_again_ends_with_the_whole() {
    let mut relay = Relay::start();
    let space = care_on(&relay);
    relay.stop();
    let whole = sealed(5 * MAX_PART + 9);
    let bytes_of = |from: usize| {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
        let to = whole.len().min(from + MAX_PART);
        let request = part(&space, named(&whole), from, whole.len(), &whole[from..to])
            .signed_at(&key(2), now.as_secs());
        [request.head(request.body.len()), request.body].concat()
    };
    let mut from = 0;
    while from < whole.len() {
        let mut server = Server::start(&relay.config.data, &[]);
        let address = server.address.parse().unwrap();
        let answer = raw(address, &bytes_of(from));
        let acknowledged = match answer.status {
            200 => answer.json::<BlobState>().received,
            _ => answer.refusal().1["received"].as_u64().unwrap(),
        };
        assert!(
            usize::try_from(acknowledged).unwrap() >= from,
            "what was acknowledged stays"
        );
        from = usize::try_from(acknowledged).unwrap();
        if from < whole.len() {
            // One more is under way when the process dies; whether it arrived is not known.
            let mut stream = connect(address);
            stream.write_all(&bytes_of(from)).unwrap();
            server.process.kill().unwrap();
            server.process.wait().unwrap();
            let _ = stream.read_to_end(&mut Vec::new());
        } else {
            server.stop();
        }
    }
    relay.start_again();
    assert_eq!(read(&relay, &space, &key(1), named(&whole)), whole);
    is_sound(&relay);
}

#[test]
fn an_upload_that_nobody_goes_on_with_goes_after_thirty_days_and_gives_its_room_back() {
    let (mut relay, space) = care();
    let before = charged(&relay, &space);
    let (whole, finished) = (sealed(2 * MAX_PART), sealed(100));
    let _: BlobState = give(&relay, &space, &key(2), &whole, 0).json();
    given(&relay, &space, &key(2), &finished);
    let days = |days: i64| days * 24 * 60 * 60 * 1000;
    relay.clock.advance(days(30));
    relay.start_again();
    let there = |relay: &Relay| {
        let storage = relay.running.as_ref().unwrap().storage();
        storage.blobs(space.id()).unwrap().len()
    };
    assert_eq!(there(&relay), 2);
    relay.clock.advance(days(1));
    relay.start_again();
    assert_eq!(there(&relay), 1, "the whole one stays");
    assert_eq!(charged(&relay, &space), before + 100);
    is_sound(&relay);
}

#[test]
fn a_backup_holds_the_blobs_and_a_restore_puts_them_back() {
    let (mut relay, space) = care();
    let copy = relay.folder.path().join("copy.db");
    let [kept, deleted, later, unfinished] = [MAX_PART + 5, 600, 700, 2 * MAX_PART].map(sealed);
    given(&relay, &space, &key(2), &kept);
    given(&relay, &space, &key(2), &deleted);
    let _: BlobState = give(&relay, &space, &key(2), &unfinished, 0).json();
    let report = back_up_file(&database(&relay), &copy).unwrap();
    assert_eq!((report.blobs, report.lost_blobs), (2, 0));
    assert!(report.bytes > u64::try_from(kept.len() + deleted.len()).unwrap());
    let opened = audit(&SqliteStorage::open(&copy).unwrap()).unwrap();
    assert_eq!((opened.problems.as_slice(), opened.blobs), (&[][..], 2));

    delete(&relay, &space, &key(2), named(&deleted));
    given(&relay, &space, &key(2), &later);
    relay.stop();
    let (_, aside) = replace_file(&copy, &database(&relay), NOW_MS).unwrap();
    relay.start_again();
    is_sound(&relay);
    let mut there = left(&list(&relay, &space, &key(1)));
    let mut in_backup = [named(&kept), named(&deleted)];
    there.sort();
    in_backup.sort();
    assert_eq!(there, in_backup, "what was not whole is not in a backup");
    assert_eq!(read(&relay, &space, &key(1), named(&kept)), kept);
    // A client gives what is missing, and deletes again.
    given(&relay, &space, &key(2), &later);
    given(&relay, &space, &key(2), &unfinished);
    delete(&relay, &space, &key(2), named(&deleted));
    is_sound(&relay);
    // What stood there is kept with its own blobs.
    let aside = SqliteStorage::open(&aside.unwrap()).unwrap();
    let of_old = aside.read_blob(space.id(), named(&later), 0, 1000).unwrap();
    assert_eq!(of_old, Some(later));
}

#[test]
fn a_backup_without_its_blobs_is_refused_and_what_stood_there_stays() {
    let (mut relay, space) = care();
    let copy = relay.folder.path().join("copy.db");
    let (whole, later) = (sealed(MAX_PART + 5), sealed(900));
    given(&relay, &space, &key(2), &whole);
    back_up_file(&database(&relay), &copy).unwrap();
    given(&relay, &space, &key(2), &later);
    relay.stop();
    let folder = relay.folder.path().join("copy.db.blobs");
    let file = folder
        .join(space.id().to_string())
        .join(named(&whole).to_string());
    let mut flipped = whole.clone();
    flipped[77] ^= 1;
    for damage in [Some(&flipped[..]), Some(&whole[1..]), None] {
        match damage {
            Some(bytes) => fs::write(&file, bytes).unwrap(),
            None => fs::remove_dir_all(&folder).unwrap(),
        }
        let refused = replace_file(&copy, &database(&relay), NOW_MS).unwrap_err();
        let said = refused.to_string();
        let source = std::error::Error::source(&refused).unwrap().to_string();
        assert!(said.contains("nothing was changed"), "{said}");
        assert!(source.contains("copy.db.blobs"), "{source}");
    }
    relay.start_again();
    assert_eq!(read(&relay, &space, &key(1), named(&later)), later);
    is_sound(&relay);
    let names = fs::read_dir(&relay.config.data).unwrap();
    let leftovers = names
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.contains("restoring") || name.contains("replaced"));
    assert_eq!(leftovers.count(), 0);
}

#[test]
fn a_blob_that_is_damaged_here_is_named_and_does_not_keep_a_backup_from_being_made() {
    let (relay, space) = care();
    let (good, bad) = (sealed(800), sealed(900));
    given(&relay, &space, &key(2), &good);
    given(&relay, &space, &key(2), &bad);
    let file = relay
        .config
        .data
        .join("sync.db.blobs")
        .join(space.id().to_string())
        .join(named(&bad).to_string());
    let mut flipped = bad.clone();
    flipped[5] ^= 1;
    fs::write(&file, &flipped).unwrap();
    let storage = relay.running.as_ref().unwrap().storage();
    let report = audit(&**storage).unwrap();
    assert_eq!(report.problems.len(), 1, "{:?}", report.problems);
    assert!(report.problems[0].contains("not what its name says"));
    let copy = relay.folder.path().join("copy.db");
    let report = back_up_file(&database(&relay), &copy).unwrap();
    assert_eq!((report.blobs, report.lost_blobs), (1, 1));
    let opened = audit(&SqliteStorage::open(&copy).unwrap()).unwrap();
    assert_eq!((opened.problems.as_slice(), opened.blobs), (&[][..], 1));
}

#[test]
fn a_cut_takes_along_what_was_given_by_those_who_came_later() {
    let (mut relay, mut space) = care();
    let length = space.chain.length();
    space.admit(&relay, &key(2), &key(6), Role::Device);
    let (stays, goes) = (sealed(400), sealed(500));
    given(&relay, &space, &key(2), &stays);
    given(&relay, &space, &key(6), &goes);
    relay.stop();
    rewind_file(&database(&relay), space.id(), length, NOW_MS).unwrap();
    relay.start_again();
    is_sound(&relay);
    assert_eq!(left(&list(&relay, &space, &key(2))), [named(&stays)]);
}

#[test]
fn the_measures_say_how_many_blobs_there_are_and_none_of_their_names() {
    let relay = Relay::start_with(|_| {});
    let space = care_on(&relay);
    let whole = sealed(1234);
    given(&relay, &space, &key(2), &whole);
    let address = relay.running.as_ref().unwrap().metrics_address().unwrap();
    let page = raw(
        address,
        b"GET /metrics HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n",
    )
    .text();
    assert!(page.contains("kap_blob_parts_total"), "{page}");
    assert!(page.contains("/v1/spaces/{space}/blobs/{blob}"), "{page}");
    assert!(!page.contains(&named(&whole).to_string()), "{page}");
    assert!(!page.contains(&space.id().to_string()), "{page}");
}

#[test]
fn who_may_not_read_a_space_may_not_read_its_blobs_after_a_restore_either() {
    let (mut relay, space) = care();
    let copy = relay.folder.path().join("copy.db");
    let whole = sealed(300);
    given(&relay, &space, &key(2), &whole);
    back_up_file(&database(&relay), &copy).unwrap();
    relay.stop();
    replace_file(&copy, &database(&relay), NOW_MS).unwrap();
    relay.start_again();
    let stranger = get(&relay, &space, &key(9), named(&whole), "");
    assert_eq!(stranger.code(), ErrorCode::Forbidden);
    relay.register(member(&key(1)), 10, 1 << 30);
    assert_eq!(read(&relay, &space, &key(2), named(&whole)), whole);
}
