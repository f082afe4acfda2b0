//! The newest of a kind of which only that one counts.

use companion_protocol::id::MemberId;

use super::super::commit::Edit;
use super::super::newest::{Candidate, Newest, newest_of};
use super::*;
use crate::domain::{Content, DocumentId, Latest, LatestVisitor, Moment, Readiness, visit_latest};
use crate::error::{CoreError, NotNow};
use crate::ports::random;
use crate::store::Begun;

/// Writes something of a kind as a newer version would, in a form that this one can't read.
fn write_unreadable<T: Content>(at: &Installation, content: &T) -> DocumentId {
    let space = at.records.space_for(content).unwrap();
    let id = DocumentId::new(random(&*at.replica.ports.rng));
    let mut edit = Edit::new(space, id, content).unwrap();
    let field = if T::SHAPE.has("at") { "at" } else { "name" };
    edit.content.insert(field.into(), serde_json::json!(17));
    assert!(T::from_projection(&edit.content).is_err());
    at.replica.commit(&[edit]).unwrap();
    id
}

struct EachKind(usize);

impl LatestVisitor for EachKind {
    fn visit<T: Latest>(&mut self) {
        self.0 += 1;
        let at = Installation::for_writers(T::WRITERS);
        let [first, second, third] = <[T; 3]>::try_from(T::examples()).unwrap();
        assert_eq!(at.records.newest::<T>().unwrap(), Newest::None);
        let first = at.records.create(first).unwrap();
        let newest = || at.records.newest::<T>().unwrap();
        assert_eq!(newest().or_nothing().unwrap().id, first.id);

        write_unreadable(&at, &second);
        assert!(newest().is_unreadable(), "{}", T::KIND.as_str());
        assert_eq!(newest().or_nothing(), None);
        assert_eq!(newest().or_older().unwrap().id, first.id);
        let refused = newest().or_refuse();
        assert!(matches!(refused, Err(CoreError::NotNow(NotNow::Newer))));
        assert_eq!(at.records.newest_unreadable().unwrap(), [T::KIND]);

        // Whoever wrote it says something else: that is the newest.
        let third = at.records.create(third).unwrap();
        assert_eq!(newest().or_nothing().unwrap().id, third.id);
        assert!(at.records.newest_unreadable().unwrap().is_empty());
    }
}

#[test]
fn of_no_kind_is_an_older_document_taken_for_one_that_cannot_be_read() {
    let mut each = EachKind(0);
    visit_latest(&mut each);
    assert_eq!(each.0, 20);
}

#[test]
fn what_one_member_wrote_last_counts_whatever_the_times_in_it_say() {
    let at = Installation::of(Side::Clinic);
    let said = |ms| {
        at.records
            .create(Readiness::ready("Dr. Vega", Moment::utc(ms)))
    };
    let now = at.replica.now().unix_ms;
    said(now - 1_000).unwrap();
    let last = said(now - 1_000_000).unwrap();
    let newest = at.records.newest::<Readiness>().unwrap().or_nothing();
    assert_eq!(newest.unwrap().id, last.id);
}

/// Something that a member wrote, and how many things had come before it.
fn candidate(
    at: &Installation,
    (author, came): (u8, u64),
    dated: i64,
    clock_ahead: bool,
) -> Candidate<Readiness> {
    let said = at
        .records
        .create(Readiness::ready("Dr. Vega", Moment::utc(dated)));
    let mut view = said.unwrap();
    view.clock_ahead = clock_ahead;
    Candidate {
        begun: Begun {
            author: MemberId::new([author; 32]),
            count: (false, 1),
            arrival: (came, 0),
        },
        place: (dated, view.id),
        view: Some(view),
    }
}

#[test]
fn between_two_members_the_time_decides_but_not_that_of_a_clock_that_was_ahead() {
    let at = Installation::of(Side::Clinic);
    let newest = |all: Vec<Candidate<Readiness>>| newest_of(all).or_nothing().unwrap().content.at;
    let one = |author, came, dated, ahead| candidate(&at, (author, came), dated, ahead);
    // What was written first and came last is not the newest.
    let said = newest(vec![one(1, 2, 10, false), one(2, 1, 20, false)]);
    assert_eq!(said.unix_ms, 20);
    // Dated ahead, it gives way to what came after it, whatever that says of its time, and stands before what
    // came earlier.
    let said = newest(vec![one(1, 1, 900, true), one(2, 2, 10, false)]);
    assert_eq!(said.unix_ms, 10);
    let said = newest(vec![one(1, 2, 900, true), one(2, 1, 10, false)]);
    assert_eq!(said.unix_ms, 900);
    assert_eq!(newest(vec![one(1, 1, 900, true)]).unix_ms, 900);
}
