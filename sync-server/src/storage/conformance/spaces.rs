//! Lives, clinics, spaces and chains.

use companion_protocol::api::SpaceHead;
use companion_protocol::id::{
    GrantSerial, Incarnation, LogNumber, MemberId, SpaceId, StatementHash,
};

use super::material::{CLINIC, FOUNDER, STATEMENT, clinic, extension, founded, founding};
use super::{Check, expect};
use crate::storage::{Clinic, Extended, Founded, Founding, Life, Room, Storage};

pub(super) fn a_life_has_a_name_and_a_restore_gives_another(storage: &dyn Storage) -> Check {
    let first = storage.life()?;
    expect(
        first.restored_at_ms.is_none(),
        "a new database was never restored",
    )?;
    expect(
        first.incarnation != Incarnation::ZERO,
        "a life has a random name",
    )?;
    let next = Life {
        incarnation: Incarnation::new([7; 16]),
        restored_at_ms: Some(5),
    };
    storage.begin_life(next)?;
    expect(storage.life()? == next, "a new life is remembered")
}

pub(super) fn a_clinic_is_registered_and_its_limits_changed(storage: &dyn Storage) -> Check {
    storage.register_clinic(clinic(1, 2))?;
    storage.register_clinic(Clinic {
        label: "Other".into(),
        ..clinic(3, 4)
    })?;
    let clinics = storage.clinics()?;
    let [only] = clinics.as_slice() else {
        return expect(false, "registering a key twice keeps one clinic");
    };
    expect(
        only.clinic
            == Clinic {
                label: "Other".into(),
                ..clinic(3, 4)
            },
        "the newer limits hold",
    )
}

pub(super) fn a_grant_founds_one_space(storage: &dyn Storage) -> Check {
    let space = founded(storage)?;
    let head = SpaceHead {
        space,
        chain_length: 1,
        chain_head: StatementHash::new([1; 32]),
        number: LogNumber(0),
    };
    expect(
        storage.head(space)? == Some(head),
        "a new space has one statement and no change",
    )?;
    let again = storage.create_space(founding(1))?;
    expect(
        again == Founded::AlreadyThere(head),
        "founding the same space again changes nothing",
    )?;
    let other = Founding {
        serial: GrantSerial::new([1; 16]),
        ..founding(2)
    };
    expect(
        storage.create_space(other)? == Founded::GrantUsed,
        "a grant is used once",
    )?;
    expect(
        storage.head(SpaceId::new([2; 32]))?.is_none(),
        "a refused founding leaves nothing",
    )?;
    expect(storage.spaces()? == [space], "the space is listed")
}

pub(super) fn only_a_registered_clinic_founds_and_only_within_its_limits(
    storage: &dyn Storage,
) -> Check {
    let unknown = storage.create_space(founding(1))?;
    expect(
        unknown == Founded::UnknownIssuer,
        "an unknown key founds nothing",
    )?;
    storage.register_clinic(clinic(1, 1 << 20))?;
    storage.create_space(founding(1))?;
    let second = storage.create_space(founding(2))?;
    expect(
        second == Founded::QuotaExceeded,
        "the number of spaces is limited",
    )?;
    storage.register_clinic(clinic(5, 150))?;
    let third = storage.create_space(founding(3))?;
    expect(third == Founded::QuotaExceeded, "the bytes are limited")?;
    let usage = storage
        .clinics()?
        .into_iter()
        .next()
        .map(|usage| (usage.spaces, usage.bytes));
    expect(usage == Some((1, 100)), "only what is held is charged")?;
    let charged = storage
        .usage(SpaceId::new([1; 32]))?
        .map(|usage| (usage.clinic, usage.bytes));
    expect(
        charged == Some((CLINIC, 100)),
        "a space is charged to the grant's issuer",
    )
}

pub(super) fn a_chain_is_extended_only_at_its_head(storage: &dyn Storage) -> Check {
    let space = founded(storage)?;
    let done = storage.extend_chain(extension(space, 1, 2))?;
    let head = storage.head(space)?;
    expect(
        head.is_some_and(|head| done == Extended::Done(head)),
        "the new head is told",
    )?;
    let late = storage.extend_chain(extension(space, 1, 3))?;
    expect(
        head.is_some_and(|head| late == Extended::Moved(head)),
        "a late writer is told so",
    )?;
    let nowhere = storage.extend_chain(extension(SpaceId::new([9; 32]), 1, 2))?;
    expect(
        nowhere == Extended::NoSuchSpace,
        "an unknown space is not extended",
    )?;
    let all = storage.chain(space, 0, 1 << 20)?;
    expect(
        all == [vec![1; STATEMENT], vec![2; STATEMENT]],
        "statements come back in order",
    )?;
    expect(
        storage.chain(space, 1, 1 << 20)?.len() == 1,
        "a chain can be read from its middle",
    )?;
    expect(
        storage.chain(space, 0, 0)?.len() == 1,
        "a page holds at least one statement",
    )?;
    expect(
        storage.chain(space, 2, 1 << 20)?.is_empty(),
        "after the end there is nothing",
    )
}

pub(super) fn membership_follows_the_chain(storage: &dyn Storage) -> Check {
    let space = founded(storage)?;
    let newcomer = MemberId::new([5; 32]);
    let mut join = extension(space, 1, 2);
    join.joined = vec![newcomer];
    storage.extend_chain(join)?;
    let mut late = extension(space, 1, 3);
    late.removed = vec![newcomer];
    storage.extend_chain(late)?;
    let of = |member| storage.spaces_of(member).map(|heads| heads.len());
    expect((of(FOUNDER)?, of(newcomer)?) == (1, 1), "both are members")?;
    let mut removal = extension(space, 2, 3);
    removal.removed = vec![newcomer];
    storage.extend_chain(removal)?;
    expect(
        (of(FOUNDER)?, of(newcomer)?) == (1, 0),
        "who was removed has no space",
    )
}

pub(super) fn a_rotation_may_use_the_grace(storage: &dyn Storage) -> Check {
    let space = founded(storage)?;
    storage.register_clinic(clinic(100, 150))?;
    let refused = storage.extend_chain(extension(space, 1, 2))?;
    expect(
        refused == Extended::QuotaExceeded,
        "an ordinary statement needs room",
    )?;
    let mut rotation = extension(space, 1, 2);
    rotation.room = Room::Grace;
    let done = storage.extend_chain(rotation)?;
    expect(
        matches!(done, Extended::Done(_)),
        "a rotation goes beyond the quota",
    )?;
    let bytes = storage.usage(space)?.map(|usage| usage.bytes);
    expect(bytes == Some(200), "and is charged all the same")
}
