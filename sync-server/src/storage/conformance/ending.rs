//! Spaces that were ended.

use companion_protocol::id::{LogNumber, MemberId, SpaceId, StatementHash};

use super::material::{Author, FOUNDER, append, extension, founded, founding};
use super::{Check, expect};
use crate::storage::{Day, Ending, Founded, Life, Rewind, Storage};

const TODAY: Day = Day(20_000);

pub(super) fn an_ended_space_is_forgotten_on_its_day(storage: &dyn Storage) -> Check {
    let space = founded(storage)?;
    storage.create_space(founding(2))?;
    let mut ada = Author::new(space, 10);
    storage.append(append(space, ada.write_many(3)))?;
    expect(
        storage.ending(space)?.is_none() && storage.ended_spaces()?.is_empty(),
        "a space goes on by itself",
    )?;
    let ending = Ending::today(TODAY, 30);
    let mut end = extension(space, 1, 2);
    end.ends = Some(ending);
    storage.extend_chain(end)?;
    let waits = storage.ended_spaces()?;
    expect(
        storage.ending(space)? == Some(ending) && waits.iter().map(|one| one.space).eq([space]),
        "an ended space is kept for as long as is said",
    )?;
    storage.forget_spaces(Day(ending.forget_on.0.saturating_sub(1)))?;
    let page = storage.pull(space, LogNumber(0), 10, usize::MAX)?;
    expect(
        page.is_some_and(|page| page.changes.len() == 3),
        "until then it is read",
    )?;
    expect(
        storage.forget_spaces(ending.forget_on)? == 1,
        "on its day it is forgotten",
    )?;
    expect(
        storage.head(space)?.is_none()
            && storage.pull(space, LogNumber(0), 10, usize::MAX)?.is_none()
            && storage.chain(space, 0, 1 << 20)?.is_empty()
            && storage.usage(space)?.is_none()
            && storage.authors(space)?.is_empty(),
        "and nothing of it is left",
    )?;
    let other = SpaceId::new([2; 32]);
    let of_founder: Vec<SpaceId> = storage
        .spaces_of(FOUNDER)?
        .into_iter()
        .map(|head| head.space)
        .collect();
    expect(
        of_founder == [other] && storage.spaces()? == [other],
        "while others stay",
    )?;
    let held = storage.clinics()?.into_iter().next();
    expect(
        held.is_some_and(|held| (held.spaces, held.bytes) == (1, 100)),
        "nobody is charged for it any more",
    )?;
    expect(
        storage.is_forgotten(space)? && !storage.is_forgotten(other)?,
        "that it was there stays known",
    )?;
    expect(
        storage.create_space(founding(1))? == Founded::Forgotten,
        "so nobody founds it again",
    )?;
    cut_back(storage, other)
}

/// What was ended by a statement that an operator cuts off goes on.
fn cut_back(storage: &dyn Storage, space: SpaceId) -> Check {
    let mut end = extension(space, 2, 3);
    end.ends = Some(Ending::today(TODAY, 0));
    storage.extend_chain(end)?;
    let life = storage.life()?;
    storage.rewind(Rewind {
        space,
        chain_length: 1,
        chain_head: StatementHash::new([2; 32]),
        listed: vec![FOUNDER],
        members: vec![MemberId::new([2; 32])],
        kept: Vec::new(),
        life: Life {
            restored_at_ms: Some(5),
            ..life
        },
    })?;
    expect(
        storage.ending(space)?.is_none() && storage.forget_spaces(TODAY)? == 0,
        "a space whose end was cut off is not forgotten",
    )
}
