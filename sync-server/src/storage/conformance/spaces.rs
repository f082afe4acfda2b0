//! Lives, clinics, spaces and chains.

use companion_protocol::api::SpaceHead;
use companion_protocol::id::{
    Counter, GrantSerial, HistoryHash, Incarnation, LogNumber, MemberId, SpaceId, StatementHash,
};

use super::material::{
    Author, CLINIC, FOUNDER, STATEMENT, append, clinic, extension, founded, founding, statement,
};
use super::{Check, expect};
use crate::storage::{Clinic, Extended, Founded, Founding, Life, Named, Rewind, Room, Storage};

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
        blobs_lost: 0,
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
    join.comes = vec![newcomer];
    storage.extend_chain(join)?;
    let mut late = extension(space, 1, 3);
    late.goes = vec![newcomer];
    storage.extend_chain(late)?;
    let of = |member| storage.spaces_of(member).map(|heads| heads.len());
    expect((of(FOUNDER)?, of(newcomer)?) == (1, 1), "both are members")?;
    let mut removal = extension(space, 2, 3);
    removal.goes = vec![newcomer];
    storage.extend_chain(removal)?;
    expect(
        (of(FOUNDER)?, of(newcomer)?) == (1, 0),
        "who was removed has no space",
    )
}

pub(super) fn a_run_is_taken_whole_or_not_at_all(storage: &dyn Storage) -> Check {
    let space = founded(storage)?;
    let mut run = extension(space, 1, 2);
    run.statements = (2..5).map(statement).collect();
    storage.register_clinic(clinic(100, 350))?;
    let refused = storage.extend_chain(run.clone())?;
    expect(
        refused == Extended::QuotaExceeded,
        "a run that does not fit is refused",
    )?;
    let length = storage.head(space)?.map(|head| head.chain_length);
    expect(length == Some(1), "and nothing of it is stored")?;
    storage.register_clinic(clinic(100, 400))?;
    let Extended::Done(head) = storage.extend_chain(run)? else {
        return expect(false, "a run that fits is taken");
    };
    expect(
        (head.chain_length, head.chain_head) == (4, StatementHash::new([4; 32])),
        "the head is the last of the run",
    )?;
    expect(
        storage.chain(space, 0, 1 << 20)?.len() == 4,
        "all of the run is stored",
    )
}

pub(super) fn a_removal_names_a_change_that_is_stored(storage: &dyn Storage) -> Check {
    let space = founded(storage)?;
    let mut ada = Author::new(space, 10);
    storage.append(append(space, ada.write_many(2)))?;
    let newest = ada.newest();
    let named = |last| {
        let mut removal = extension(space, 1, 2);
        removal.last = vec![last];
        storage.extend_chain(removal)
    };
    let nothing = |author| Named {
        author,
        counter: Counter(0),
        hash: HistoryHash::ZERO,
    };
    for wrong in [
        Named {
            hash: HistoryHash::new([9; 32]),
            ..newest
        },
        Named {
            counter: Counter(3),
            ..newest
        },
        Named {
            author: 11,
            ..newest
        },
        nothing(10),
    ] {
        expect(
            named(wrong)? == Extended::UnknownChange(wrong),
            "a removal that names another change is refused",
        )?;
    }
    expect(
        matches!(named(newest)?, Extended::Done(_)),
        "a removal that names a stored change is taken",
    )?;
    let mut of_ben = extension(space, 2, 3);
    of_ben.last = vec![nothing(11)];
    expect(
        matches!(storage.extend_chain(of_ben)?, Extended::Done(_)),
        "as is one that says that nothing was written, where nothing was",
    )
}

pub(super) fn a_restored_space_is_vouched_for(storage: &dyn Storage) -> Check {
    let space = founded(storage)?;
    expect(storage.is_vouched(space)?, "a new space needs no word")?;
    storage.begin_life(Life {
        incarnation: Incarnation::new([7; 16]),
        restored_at_ms: Some(5),
    })?;
    expect(!storage.is_vouched(space)?, "a restored one does")?;
    let other = storage.vouch(space, StatementHash::new([9; 32]))?;
    expect(
        !other && !storage.is_vouched(space)?,
        "the word is about one chain",
    )?;
    let taken = storage.vouch(space, StatementHash::new([1; 32]))?;
    expect(taken && storage.is_vouched(space)?, "and is remembered")?;
    let brought_back = Founding {
        vouched: false,
        ..founding(2)
    };
    storage.create_space(brought_back)?;
    expect(
        !storage.is_vouched(SpaceId::new([2; 32]))?,
        "a space that is brought back needs one too",
    )
}

pub(super) fn a_space_is_cut_back(storage: &dyn Storage) -> Check {
    let space = founded(storage)?;
    storage.create_space(founding(2))?;
    let (mut ada, mut ben) = (Author::new(space, 10), Author::new(space, 11));
    let first = ada.write();
    let kept = first.bytes.clone();
    let changes = vec![first, ben.write(), ada.write(), ben.write()];
    storage.append(append(space, changes))?;
    let mut come = extension(space, 1, 2);
    come.comes = vec![MemberId::new([5; 32])];
    storage.extend_chain(come)?;
    let life = Life {
        incarnation: Incarnation::new([7; 16]),
        restored_at_ms: Some(5),
    };
    let rewind = Rewind {
        space,
        chain_length: 1,
        chain_head: StatementHash::new([1; 32]),
        listed: vec![FOUNDER],
        members: vec![FOUNDER],
        kept: vec![LogNumber(1), LogNumber(3)],
        life,
    };
    expect(storage.rewind(rewind.clone())?, "a space is cut back")?;
    let head = storage.head(space)?;
    let stands = head.map(|head| (head.chain_length, head.chain_head, head.number));
    expect(
        stands == Some((1, StatementHash::new([1; 32]), LogNumber(2))),
        "the space ends where it was cut",
    )?;
    expect(
        storage.chain(space, 0, 1 << 20)?.len() == 1,
        "later statements are gone",
    )?;
    let page = storage.pull(space, LogNumber(0), 10, usize::MAX)?;
    let changes = page.map(|page| page.changes).unwrap_or_default();
    let numbers: Vec<u64> = changes.iter().map(|(number, _)| number.0).collect();
    expect(numbers == [1, 2], "what stays is numbered anew")?;
    expect(
        changes.first().is_some_and(|(_, bytes)| *bytes == kept),
        "and is what it was",
    )?;
    expect(
        storage.authors(space)? == [ada.newest()],
        "authors go on from what stays",
    )?;
    let size = kept.len().saturating_mul(2).saturating_add(STATEMENT);
    let bytes = storage.usage(space)?.map(|usage| usage.bytes);
    expect(
        bytes == u64::try_from(size).ok(),
        "what is gone is not charged any more",
    )?;
    let clinic = storage.clinics()?.into_iter().next().map(|c| c.bytes);
    expect(
        clinic == u64::try_from(size.saturating_add(STATEMENT)).ok(),
        "nor to the clinic",
    )?;
    let come = storage.spaces_of(MemberId::new([5; 32]))?;
    expect(come.is_empty(), "who came later is not listed")?;
    expect(
        storage.life()? == life && !storage.is_vouched(space)?,
        "a new life begins, in which this space needs an admin's word",
    )?;
    expect(
        storage.is_vouched(SpaceId::new([2; 32]))?,
        "others need none",
    )?;
    let nowhere = Rewind {
        space: SpaceId::new([9; 32]),
        ..rewind
    };
    expect(!storage.rewind(nowhere)?, "an unknown space is not cut")
}

pub(super) fn what_needs_no_room_goes_beyond_the_quota(storage: &dyn Storage) -> Check {
    let space = founded(storage)?;
    storage.register_clinic(clinic(100, 150))?;
    let refused = storage.extend_chain(extension(space, 1, 2))?;
    expect(
        refused == Extended::QuotaExceeded,
        "an ordinary statement needs room",
    )?;
    let mut rotation = extension(space, 1, 2);
    rotation.room = Room::NotNeeded;
    let done = storage.extend_chain(rotation)?;
    expect(
        matches!(done, Extended::Done(_)),
        "a removal goes beyond the quota",
    )?;
    let bytes = storage.usage(space)?.map(|usage| usage.bytes);
    expect(bytes == Some(200), "and is charged all the same")
}
