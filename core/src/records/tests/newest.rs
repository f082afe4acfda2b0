//! The newest of a kind of which only that one counts.

use super::super::commit::Edit;
use super::super::newest::Newest;
use super::*;
use crate::domain::{Content, DocumentId, Latest, LatestVisitor, Moment, Readiness, visit_latest};
use crate::error::{CoreError, NotNow};
use crate::ports::random;

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
    assert_eq!(each.0, 13);
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
