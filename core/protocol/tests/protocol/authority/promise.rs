//! What must hold of every space, as far as one act can break it, and what must always be possible.

use companion_protocol::chain::authority::{Act, Decision, Lowering, Roll, Standing};
use companion_protocol::statement::Role;

use super::world::{FRESH, Law, OUTSIDER, Who, after, gone};

/// What people are promised. The sentence is in the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Promise {
    OnlyAdminsDecide,
    NoLinkMakesWords,
    NoHostInAPrivateSpace,
    OnlyTheWaitingAreDecidedAbout,
    OnlyTheInviterMakesTheWords,
    WhoLetsInCompared,
    NewcomersOfSeniorsAreKept,
    RemovedOnce,
    WhatSeniorsSaidStays,
    WhatSeniorsDecidedStays,
    WhoeverIsGoneIsHeld,
    TheKeyStaysInside,
    AnAdminStays,
    SeniorsStay,
    HostsStay,
    TheSecondDeviceEndsNeither,
    NoDeviceBesideThePatients,
    OnlyTheFirstDeviceEnds,
    ALostDeviceGoes,
    WordsAreReplaced,
    WhoeverSpeaksForThePatientEnds,
}

impl Promise {
    pub(super) fn sentence(self) -> &'static str {
        match self {
            Promise::OnlyAdminsDecide => {
                "whoever waits, reads, writes or is out changes nothing but its own presence"
            }
            Promise::NoLinkMakesWords => "no link makes recovery words",
            Promise::NoHostInAPrivateSpace => "no host ever is in a space that a device founded",
            Promise::OnlyTheWaitingAreDecidedAbout => {
                "only a newcomer who waits is answered, let in or turned away, and one of these"
            }
            Promise::OnlyTheInviterMakesTheWords => {
                "nobody but whoever invited a newcomer decides the words, and once"
            }
            Promise::NewcomersOfSeniorsAreKept => {
                "no later device or host turns away a newcomer of an earlier member's"
            }
            Promise::WhoLetsInCompared => "whoever lets a newcomer in compared words with it",
            Promise::RemovedOnce => "a removed member is not removed again",
            Promise::WhatSeniorsSaidStays => {
                "no junior takes back what a senior said before it was gone, and nobody but a host what a host said"
            }
            Promise::WhatSeniorsDecidedStays => {
                "no junior puts earlier what a senior named as somebody's last change, and of words only newer words and the first device do"
            }
            Promise::WhoeverIsGoneIsHeld => {
                "whoever might have removed a member, and whoever named its last change, holds it to what it said once it is gone"
            }
            Promise::TheKeyStaysInside => "whoever makes a key is in when it holds",
            Promise::AnAdminStays => "an admin stays",
            Promise::SeniorsStay => "no junior ends a senior host, device or words",
            Promise::HostsStay => "no link, device or words end a host",
            Promise::TheSecondDeviceEndsNeither => {
                "a second device ends neither the first device nor the words"
            }
            Promise::NoDeviceBesideThePatients => "no host slips in a device beside the patient's",
            Promise::OnlyTheFirstDeviceEnds => {
                "as long as the patient's first device and words are there, nobody else ends the space"
            }
            Promise::ALostDeviceGoes => "words remove a lost device and enrol another at once",
            Promise::WordsAreReplaced => "words are replaced, and no earlier ones stay",
            Promise::WhoeverSpeaksForThePatientEnds => {
                "the first device ends the space, and words do by a device that they enrol"
            }
        }
    }
}

/// One act that was let through.
pub(super) struct Step<'a> {
    pub(super) before: &'a Roll<Who>,
    pub(super) actor: Who,
    pub(super) act: &'a Act<Who>,
    pub(super) after: &'a Roll<Who>,
    pub(super) founder: Role,
}

fn role_of(roll: &Roll<Who>, id: Who) -> Option<Role> {
    let member = roll.present.iter().find(|member| member.id == id);
    member.map(|member| member.role)
}

/// The device that came before all others that are there.
fn first_device(roll: &Roll<Who>) -> Option<Who> {
    let devices = roll.present.iter().filter(|m| m.role == Role::Device);
    devices.min_by_key(|m| m.rank).map(|m| m.id)
}

fn waits(roll: &Roll<Who>, id: Who) -> bool {
    roll.pending.iter().any(|newcomer| newcomer.id == id)
}

/// The promises that this one act breaks.
pub(super) fn broken_by(step: &Step<'_>) -> Vec<Promise> {
    let Step {
        before,
        actor,
        act,
        after,
        founder,
    } = step;
    let is_admin = role_of(before, *actor).is_some_and(Role::is_admin);
    let but_actor = |roll: &Roll<Who>| {
        let present = roll.present.iter().filter(|member| member.id != *actor);
        let pending = roll.pending.iter().filter(|newcomer| newcomer.id != *actor);
        (
            present.copied().collect::<Vec<_>>(),
            pending.copied().collect::<Vec<_>>(),
        )
    };
    let turns_key = matches!(act, Act::Rotate(_));
    let decides = turns_key || but_actor(before) != but_actor(after);
    let words_wait = after.pending.iter().any(|one| one.role == Role::Words);
    let has_host = after.present.iter().any(|member| member.role == Role::Host);
    let has_admin = after.present.iter().any(|member| member.role.is_admin());
    let named: (Vec<Who>, Vec<Who>) = match act {
        Act::Answer(id) => (vec![*id], Vec::new()),
        Act::Rotate(decision) => (
            [&decision.admitted[..], &decision.refused].concat(),
            decision.removed.clone(),
        ),
        Act::Invite(_) | Act::Leave | Act::End => (Vec::new(), Vec::new()),
    };
    let (decided, removed) = named;
    let twice = |id: &Who| decided.iter().filter(|other| *other == id).count() > 1;
    let waiting = |id: &Who| before.pending.iter().find(|newcomer| newcomer.id == *id);
    let compared = |id: &Who| {
        waiting(id).is_none_or(|newcomer| newcomer.answered && newcomer.invited_by == *actor)
    };
    let answers = match act {
        Act::Answer(id) => waiting(id),
        _ => None,
    };
    let (admitted, refused) = match act {
        Act::Rotate(decision) => (&decision.admitted[..], &decision.refused[..]),
        _ => (&[][..], &[][..]),
    };
    let rank_of = |id: Who| before.present.iter().find(|m| m.id == id).map(|m| m.rank);
    let is_seniors = |id: &Who| {
        let inviter = waiting(id).and_then(|newcomer| rank_of(newcomer.invited_by));
        inviter.is_some_and(|inviter| rank_of(*actor).is_some_and(|mine| inviter < mine))
    };
    let by_words = role_of(before, *actor) == Some(Role::Words);
    let lowered = match act {
        Act::Rotate(decision) => &decision.lowered[..],
        _ => &[][..],
    };
    let is_junior = |of: &Standing<Who>| rank_of(*actor).is_none_or(|mine| of.rank < mine);
    let takes_back_a_seniors = |of: &Standing<Who>| match of.role {
        Role::Host => role_of(before, *actor) != Some(Role::Host) || is_junior(of),
        // Words that are gone said nothing that could be taken back.
        Role::Words => false,
        Role::Device | Role::Writer | Role::Reader => !by_words && is_junior(of),
    };
    let undoes_a_seniors = |one: &Lowering<Who>| {
        let (by, of) = (role_of(before, *actor), &one.named_by);
        let is_newer = rank_of(*actor).is_some_and(|mine| mine > of.rank);
        let may = match of.role {
            Role::Host => by == Some(Role::Host) && !is_junior(of),
            Role::Words => {
                by == Some(Role::Words) && is_newer || before.senior_device() == Some(*actor)
            }
            Role::Device | Role::Writer | Role::Reader => by_words || !is_junior(of),
        };
        of.id != *actor && of.id != one.member.id && !may
    };
    let holds = [
        (Promise::OnlyAdminsDecide, is_admin || !decides),
        (Promise::NoLinkMakesWords, !words_wait),
        (
            Promise::NoHostInAPrivateSpace,
            *founder != Role::Device || !has_host,
        ),
        (
            Promise::OnlyTheWaitingAreDecidedAbout,
            decided.iter().all(|id| waits(before, *id) && !twice(id)),
        ),
        (
            Promise::OnlyTheInviterMakesTheWords,
            answers.is_none_or(|one| one.invited_by == *actor && !one.answered),
        ),
        (Promise::WhoLetsInCompared, admitted.iter().all(compared)),
        (
            Promise::NewcomersOfSeniorsAreKept,
            by_words || !refused.iter().any(is_seniors),
        ),
        (
            Promise::RemovedOnce,
            removed.iter().all(|id| role_of(before, *id).is_some()),
        ),
        (
            Promise::WhatSeniorsSaidStays,
            !lowered.iter().any(|one| takes_back_a_seniors(&one.member)),
        ),
        (
            Promise::WhatSeniorsDecidedStays,
            !lowered.iter().any(undoes_a_seniors),
        ),
        (
            Promise::TheKeyStaysInside,
            !turns_key || role_of(after, *actor).is_some(),
        ),
        (Promise::AnAdminStays, has_admin),
        (
            Promise::OnlyTheFirstDeviceEnds,
            **act != Act::End || first_device(before) == Some(*actor),
        ),
    ];
    holds
        .into_iter()
        .filter(|(_, holds)| !holds)
        .map(|(promise, _)| promise)
        .collect()
}

fn rotation(removed: Vec<Who>, enrolled: Option<Role>) -> Act<Who> {
    Act::Rotate(Decision {
        removed,
        lowered: Vec::new(),
        refused: Vec::new(),
        admitted: Vec::new(),
        enrolled: enrolled.map(|role| (FRESH, role)).into_iter().collect(),
    })
}

/// What must always be possible, and is not in this space.
pub(super) fn missing(law: Law, roll: &Roll<Who>) -> Vec<Promise> {
    let of = |role: Role| {
        let members = roll
            .present
            .iter()
            .filter(move |member| member.role == role);
        members.map(|member| member.id).collect::<Vec<Who>>()
    };
    let (words, devices) = (of(Role::Words), of(Role::Device));
    let mut missing = Vec::new();
    let lost_go = words.iter().all(|words| {
        let each = devices.iter().map(|device| vec![*device]);
        let mut all = each.chain([devices.clone()]);
        all.all(|lost| law.allows(roll, *words, &rotation(lost, Some(Role::Device))))
    });
    if !lost_go {
        missing.push(Promise::ALostDeviceGoes);
    }
    let by_device = roll
        .senior_device()
        .is_none_or(|device| law.allows(roll, device, &rotation(words.clone(), Some(Role::Words))));
    // From words alone in two steps: the new ones come, and end all earlier ones.
    let by_words = words.iter().all(|by| {
        let enrol = rotation(Vec::new(), Some(Role::Words));
        law.allows(roll, *by, &enrol)
            && law.allows(
                &after(roll, *by, &enrol),
                FRESH,
                &rotation(words.clone(), None),
            )
    });
    if !by_device || !by_words {
        missing.push(Promise::WordsAreReplaced);
    }
    let by_first = first_device(roll).is_none_or(|first| law.allows(roll, first, &Act::End));
    let by_words = words.iter().all(|by| {
        let enrol = rotation(devices.clone(), Some(Role::Device));
        law.allows(roll, *by, &enrol) && law.allows(&after(roll, *by, &enrol), FRESH, &Act::End)
    });
    if !by_first || !by_words {
        missing.push(Promise::WhoeverSpeaksForThePatientEnds);
    }
    if !gone(roll).iter().all(|one| is_held(law, roll, *one)) {
        missing.push(Promise::WhoeverIsGoneIsHeld);
    }
    missing
}

/// Whether everybody who might remove this member, and whoever named its last change, were they present, may
/// put that earlier.
fn is_held(law: Law, roll: &Roll<Who>, one: Lowering<Who>) -> bool {
    let mut with_them = roll.clone();
    for back in [one.member, one.named_by] {
        if with_them.present.iter().all(|member| member.id != back.id) {
            with_them.present.push(back);
        }
    }
    with_them.present.sort_by_key(|member| member.rank);
    let lower = Act::Rotate(Decision {
        removed: Vec::new(),
        lowered: vec![one],
        refused: Vec::new(),
        admitted: Vec::new(),
        enrolled: Vec::new(),
    });
    let mut members = roll.present.iter().map(|member| member.id);
    members.all(|by| {
        let might = |id: Who| id == by || law.allows(&with_them, by, &rotation(vec![id], None));
        let might = might(one.member.id) && might(one.named_by.id);
        !might || law.allows(roll, by, &lower)
    })
}

/// Everybody who could try something: the members, the newcomers, and one who is neither.
pub(super) fn actors(roll: &Roll<Who>) -> Vec<Who> {
    let members = roll.present.iter().map(|member| member.id);
    let newcomers = roll.pending.iter().map(|newcomer| newcomer.id);
    members.chain(newcomers).chain([OUTSIDER]).collect()
}
