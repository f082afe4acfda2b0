//! One change in two sealings, and one that goes into another space.

use companion_protocol::id::ContentHash;

use super::*;

impl Phone {
    /// The newest change that it sent, with this in it and that said of it.
    fn sealed_again(&self, plain: Option<&[u8]>, said: Option<ContentHash>) -> SealedChange {
        let (state, before) = (self.state(), self.sent.last().unwrap());
        let mut header = before.header().clone();
        header.content = said.unwrap_or(header.content);
        let key = state.key(header.epoch).unwrap();
        let packed = seal::open(key, before).unwrap();
        let plain = plain.unwrap_or(packed.as_slice());
        seal::seal(&state.me, key, header, plain, self.rng()).unwrap()
    }

    fn logged(&self) -> Vec<crate::store::LogRow> {
        let log = self.replica.store.read(|r| r.log_in_order(self.space));
        log.unwrap()
    }
}

fn two() -> [Phone; 2] {
    let first = Phone::founding(1);
    let second = first.let_in(2, &[]);
    [first, second]
}

#[test]
fn another_sealing_of_what_is_here_changes_nothing_and_says_nothing() {
    let [mut first, second] = two();
    first.write_entry("one", &[&second]);
    let before = second.logged();
    let again = first.sealed_again(None, None);
    assert_ne!(again.hash(), before[0].hash);
    for form in [again.clone(), again.bare()] {
        assert_eq!(second.take(&form), IntakeOutcome::Known);
    }
    let after = second.logged();
    assert_eq!((after.len(), after[0].hash), (1, before[0].hash));
    assert_eq!(second.entries(), ["one"]);
}

#[test]
fn a_second_sealing_that_can_be_used_takes_the_place_of_one_that_cannot() {
    let [mut first, second] = two();
    first.write_entry("one", &[]);
    let broken = first.sealed_again(Some(&[9; 1024]), None);
    assert!(matches!(
        second.take(&broken),
        IntakeOutcome::Quarantined(WarningCode::Quarantined, _)
    ));
    assert_eq!(second.entries(), [""; 0]);
    let whole = first.sent[0].clone();
    assert_eq!(second.take(&whole), IntakeOutcome::New);
    assert_eq!(second.entries(), ["one"]);
    assert_eq!(second.logged().len(), 1);
    // And never the other way round.
    assert_eq!(second.take(&broken), IntakeOutcome::Known);
    assert_eq!(second.entries(), ["one"]);
}

#[test]
fn the_same_name_for_another_content_is_a_fork() {
    let [mut first, second] = two();
    first.write_entry("one", &[&second]);
    let other = first.sealed_again(None, Some(ContentHash::new([7; 32])));
    assert!(matches!(
        second.take(&other),
        IntakeOutcome::Rejected(WarningCode::Forked, _)
    ));
    assert_eq!(second.entries(), ["one"]);
}

#[test]
fn what_moves_into_another_space_looks_like_nothing_that_was_sent_before() {
    let mut phone = Phone::founding(3);
    phone.write_entry("sent", &[]);
    let sent = phone.sent[0].clone();
    assert_eq!(phone.take(&sent), IntakeOutcome::Acknowledged);
    phone.write_entry("waits", &[]);
    let moved = phone
        .replica
        .store
        .read(|r| phone.replica.changes_to_move(r, phone.space));
    let moved = moved.unwrap();
    assert_eq!(moved.len(), 2);
    for (before, after) in phone.sent.iter().zip(&moved) {
        assert_ne!(before.header().id, after.id);
        assert_ne!(before.header().content, payload::content(&after.payload));
        let state = phone.state();
        let opened = crate::records::open_payload(&state, before).unwrap();
        let read = payload::Payload::decode(&after.payload).unwrap();
        assert_eq!(
            (read.document, &read.change),
            (opened.document, &opened.change)
        );
        assert_eq!(read.projection, opened.projection);
    }
}
