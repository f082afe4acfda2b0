//! Given, read and deleted by those who may.

use companion_protocol::api::{BlobState, ErrorCode, MAX_PART};
use companion_protocol::statement::Role;

use super::{care, charged, delete, get, give, given, left, list, named, part, read, sealed};
use crate::support::people::{Space, key};

#[test]
fn a_recording_is_given_part_by_part_and_read_by_the_other_side() {
    let (relay, space) = care();
    let whole = sealed(3 * MAX_PART + 77);
    given(&relay, &space, &key(2), &whole);
    assert_eq!(read(&relay, &space, &key(1), named(&whole)), whole);
    let some = get(
        &relay,
        &space,
        &key(1),
        named(&whole),
        "?from=70000&limit=9",
    );
    assert_eq!(some.body, whole[70_000..70_009]);
    let beyond = get(&relay, &space, &key(1), named(&whole), "?from=99999999");
    assert_eq!((beyond.status, beyond.body.len()), (200, 0));
    assert_eq!(left(&list(&relay, &space, &key(3))), [named(&whole)]);
    let held = relay.counts();
    let most = u64::try_from(MAX_PART).unwrap();
    assert!(held.most_body_bytes_held <= most, "{held:?}");
    assert!(held.most_page_bytes_held <= most, "{held:?}");
}

#[test]
fn a_line_that_breaks_costs_one_part() {
    let (relay, space) = care();
    let whole = sealed(2 * MAX_PART);
    let _: BlobState = give(&relay, &space, &key(2), &whole, 0).json();
    // The answer was lost: the client begins anew and is told where to go on.
    let again = give(&relay, &space, &key(2), &whole, 0);
    let (code, detail) = again.refusal();
    assert_eq!(code, ErrorCode::BlobOffset);
    assert_eq!(detail["received"], MAX_PART);
    assert_eq!(detail["size"], 2 * MAX_PART);
    let early = get(&relay, &space, &key(1), named(&whole), "");
    let (code, detail) = early.refusal();
    assert_eq!(
        (code, &detail["received"]),
        (ErrorCode::BlobMissing, &detail["received"])
    );
    assert_eq!(detail["received"], MAX_PART);
    let last: BlobState = give(&relay, &space, &key(2), &whole, MAX_PART).json();
    assert!(last.is_whole());
    // And so was that answer.
    let known: BlobState = give(&relay, &space, &key(2), &whole, MAX_PART).json();
    assert_eq!(known, last);
    let known: BlobState = give(&relay, &space, &key(1), &whole, 0).json();
    assert_eq!(known, last);
}

#[test]
fn a_blob_is_charged_with_its_first_part_and_given_back_when_it_goes() {
    let (relay, space) = care();
    let (before, whole) = (charged(&relay, &space), sealed(MAX_PART + 1));
    let size = u64::try_from(whole.len()).unwrap();
    let _: BlobState = give(&relay, &space, &key(2), &whole, 0).json();
    assert_eq!(charged(&relay, &space), before + size);
    assert!(left(&delete(&relay, &space, &key(2), named(&whole))).is_empty());
    assert_eq!(charged(&relay, &space), before);
    given(&relay, &space, &key(2), &whole);
    assert_eq!(charged(&relay, &space), before + size);
    delete(&relay, &space, &key(3), named(&whole));
    assert_eq!(charged(&relay, &space), before);
    let gone = get(&relay, &space, &key(2), named(&whole), "");
    assert_eq!(
        gone.refusal(),
        (ErrorCode::BlobMissing, serde_json::Map::new())
    );
    assert!(left(&delete(&relay, &space, &key(3), named(&whole))).is_empty());
}

#[test]
fn what_is_not_what_its_name_says_is_thrown_away() {
    let (relay, space) = care();
    let (before, whole) = (charged(&relay, &space), sealed(MAX_PART + 100));
    let _: BlobState = give(&relay, &space, &key(2), &whole, 0).json();
    let swapped = [9; 100];
    let refused = part(&space, named(&whole), MAX_PART, whole.len(), &swapped)
        .signed(&key(2))
        .send(&relay);
    assert_eq!(refused.code(), ErrorCode::BlobMismatch);
    assert_eq!(charged(&relay, &space), before);
    assert!(left(&list(&relay, &space, &key(2))).is_empty());
    given(&relay, &space, &key(2), &whole);
    assert_eq!(read(&relay, &space, &key(2), named(&whole)), whole);
}

#[test]
fn a_patient_deletes_all_of_their_space_and_a_node_what_a_node_gave() {
    let (relay, mut space) = care();
    let (node, phone, second, guest) = (key(1), key(2), key(3), key(4));
    space.admit(&relay, &node, &guest, Role::Writer);
    space.admit(&relay, &node, &key(5), Role::Writer);
    let [of_node, given_back, of_phone, of_guest] = [100, 150, 200, 300].map(sealed);
    given(&relay, &space, &node, &of_node);
    given(&relay, &space, &node, &given_back);
    given(&relay, &space, &phone, &of_phone);
    given(&relay, &space, &guest, &of_guest);
    for (by, blob) in [
        (&node, &of_phone),
        (&node, &of_guest),
        (&guest, &of_node),
        (&guest, &of_phone),
        (&key(5), &of_guest),
    ] {
        let refused = delete(&relay, &space, by, named(blob));
        assert_eq!(refused.code(), ErrorCode::Forbidden);
    }
    let count_after = |by, blob: &[u8]| left(&delete(&relay, &space, by, named(blob))).len();
    assert_eq!(left(&list(&relay, &space, &node)).len(), 4);
    assert_eq!(count_after(&guest, &of_guest), 3);
    // What a node gave back after a restore is the patient's to delete all the same.
    assert_eq!(count_after(&second, &given_back), 2);
    assert_eq!(count_after(&node, &of_node), 1);
    // Whoever was removed deletes nothing any more; their side does.
    let removal = space.rotate(&node, &[&phone]);
    space.extend(&relay, &node, removal);
    assert_eq!(
        delete(&relay, &space, &phone, named(&of_phone)).code(),
        ErrorCode::Forbidden
    );
    assert!(left(&delete(&relay, &space, &second, named(&of_phone))).is_empty());
}

#[test]
fn two_phones_that_give_the_same_blob_end_with_the_whole() {
    let (relay, space) = care();
    let whole = sealed(6 * MAX_PART);
    let gives = |number: u8| {
        let mut from = 0;
        while from < whole.len() {
            let answer = give(&relay, &space, &key(number), &whole, from);
            let received = match answer.status {
                200 => answer.json::<BlobState>().received,
                _ => {
                    let (code, detail) = answer.refusal();
                    assert_eq!(code, ErrorCode::BlobOffset);
                    detail["received"].as_u64().unwrap()
                }
            };
            from = usize::try_from(received).unwrap();
        }
    };
    std::thread::scope(|threads| {
        threads.spawn(|| gives(2));
        threads.spawn(|| gives(3));
    });
    assert_eq!(read(&relay, &space, &key(1), named(&whole)), whole);
    assert_eq!(left(&list(&relay, &space, &key(1))).len(), 1);
}

#[test]
fn where_there_is_no_room_nothing_is_kept() {
    let (relay, space) = care();
    let used = charged(&relay, &space);
    relay.register(crate::support::people::member(&key(1)), 10, used + 1000);
    let refused = give(&relay, &space, &key(2), &sealed(1001), 0);
    assert_eq!(refused.code(), ErrorCode::QuotaExceeded);
    assert_eq!(charged(&relay, &space), used);
    assert!(left(&list(&relay, &space, &key(2))).is_empty());
    given(&relay, &space, &key(2), &sealed(1000));
}

#[test]
fn a_blob_is_of_one_space() {
    let (relay, space) = care();
    let other = Space::founded(&relay, &key(1), &key(9), 2);
    let whole = sealed(500);
    given(&relay, &space, &key(2), &whole);
    assert_eq!(
        get(&relay, &other, &key(9), named(&whole), "").code(),
        ErrorCode::BlobMissing
    );
    given(&relay, &other, &key(9), &whole);
    delete(&relay, &space, &key(2), named(&whole));
    assert_eq!(read(&relay, &other, &key(9), named(&whole)), whole);
}
