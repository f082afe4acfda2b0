//! The rule of authority as cases: a space, somebody in it, an act, and the rules that it breaks. And how
//! many a space takes.

use companion_protocol::chain::authority::{Act, Decision, Lowering, Roll, Standing, Waiting};
use companion_protocol::chain::{ChainError, statements_left};
use companion_protocol::statement::{Role, StatementBody};
use ed25519_dalek::SigningKey;
use serde_json::{Value, json};

use super::describe::role;
use crate::fixtures::{Space, Turn, invite, join, key};

/// Somebody by rank; from here on those who wait; and one who is neither.
const WAITING: u8 = 100;
/// From here on those who left.
const GONE: u8 = 150;
/// Those who named the last change of somebody who is gone, and are gone, too.
const NAMED: u8 = 230;
const OUTSIDER: u8 = 200;

/// Who waits: what it is to be, by whose invite it came, and whether that one answered.
type Newcomer = (Role, u8, bool);

fn space(present: &[Role], waiting: &[Newcomer]) -> Roll<u8> {
    let members = (0..).zip(present).map(|(id, role)| Standing {
        id,
        role: *role,
        rank: 2 * u16::from(id) + 1,
    });
    let newcomers = (WAITING..).zip(waiting);
    let newcomers = newcomers.map(|(id, (role, invited_by, answered))| Waiting {
        id,
        role: *role,
        invited_by: *invited_by,
        answered: *answered,
    });
    Roll {
        present: members.collect(),
        pending: newcomers.collect(),
    }
}

/// Spaces in which each rule has something to say.
fn spaces() -> [Roll<u8>; 4] {
    use Role::{Device, Host, Reader, Words, Writer};
    [
        space(
            &[Host, Device, Words, Device, Host, Reader],
            &[
                (Device, 1, true),
                (Reader, 3, true),
                (Host, 0, true),
                (Device, 3, false),
            ],
        ),
        space(
            &[Device, Words, Device, Words],
            &[
                (Device, 2, true),
                (Device, 0, false),
                (Reader, OUTSIDER, true),
            ],
        ),
        space(
            &[Host, Words, Host],
            &[(Device, 2, true), (Device, 0, true)],
        ),
        space(
            &[Host, Writer, Device],
            &[(Device, 0, true), (Device, 2, false)],
        ),
    ]
}

fn nothing() -> Decision<u8> {
    Decision {
        removed: Vec::new(),
        lowered: Vec::new(),
        refused: Vec::new(),
        admitted: Vec::new(),
        enrolled: Vec::new(),
    }
}

/// Somebody of each role who left, and came before, between and after the present members. And a device that
/// came first and a reader that came last, whom one of the present members removed, or one who is gone, too.
fn gone(roll: &Roll<u8>) -> Vec<Lowering<u8>> {
    let last = 2 * u16::try_from(roll.present.len()).unwrap();
    let all = (0..=last).step_by(2);
    let all = all.flat_map(|rank| Role::ALL.map(|role| (role, rank)));
    let left = (GONE..).zip(all).map(|(id, (role, rank))| {
        let member = Standing { id, role, rank };
        let named_by = member;
        Lowering { member, named_by }
    });
    let admins = Role::ALL.into_iter().filter(|role| role.is_admin());
    let ends = admins.flat_map(|role| [(role, 0), (role, last)]);
    let others: Vec<Standing<u8>> = (NAMED..)
        .zip(ends)
        .map(|(id, (role, rank))| Standing { id, role, rank })
        .chain(roll.present.iter().copied())
        .collect();
    let (id, first) = (GONE, (Role::Device, 0));
    let removed = [first, (Role::Reader, last)]
        .into_iter()
        .flat_map(|(role, rank)| {
            let member = Standing { id, role, rank };
            let others = others.iter().copied();
            others.map(move |named_by| Lowering { member, named_by })
        });
    left.chain(removed).collect()
}

/// Every single act, and the removal of each device with the admission of each newcomer.
fn acts(roll: &Roll<u8>) -> Vec<(Value, Act<u8>)> {
    let members: Vec<u8> = roll.present.iter().map(|member| member.id).collect();
    let newcomers: Vec<u8> = roll.pending.iter().map(|newcomer| newcomer.id).collect();
    let rotate = |decision: Decision<u8>| {
        let told = json!({
            "kind": "rotate",
            "removed": decision.removed,
            "lowered": decision.lowered.iter().map(|one| {
                let standing = |who: &Standing<u8>| match who.rank % 2 {
                    0 => json!({"role": role(who.role), "came_before": who.rank / 2}),
                    _ => json!(who.id),
                };
                let by_itself = one.named_by.id == one.member.id;
                let named_by = (!by_itself).then(|| standing(&one.named_by));
                json!({"member": standing(&one.member), "named_by": named_by})
            }).collect::<Vec<_>>(),
            "refused": decision.refused,
            "admitted": decision.admitted,
            "enrolled": decision.enrolled.iter().map(|(_, r)| role(*r)).collect::<Vec<_>>(),
        });
        (told, Act::Rotate(decision))
    };
    let mut acts = vec![
        (json!({"kind": "leave"}), Act::Leave),
        (json!({"kind": "end"}), Act::End),
        rotate(nothing()),
    ];
    for invited in Role::ALL {
        let told = json!({"kind": "invite", "role": role(invited)});
        acts.push((told, Act::Invite(invited)));
        acts.push(rotate(Decision {
            enrolled: vec![(OUTSIDER, invited)],
            ..nothing()
        }));
    }
    let out = [OUTSIDER];
    for id in newcomers.iter().chain(&out) {
        let told = json!({"kind": "answer", "newcomer": id});
        acts.push((told, Act::Answer(*id)));
        let (refused, admitted) = (vec![*id], vec![*id]);
        acts.push(rotate(Decision {
            refused,
            ..nothing()
        }));
        acts.push(rotate(Decision {
            admitted,
            ..nothing()
        }));
        let devices = roll.present.iter().filter(|m| m.role == Role::Device);
        let devices: Vec<u8> = devices.map(|member| member.id).collect();
        if !devices.is_empty() {
            acts.push(rotate(Decision {
                removed: devices,
                admitted: vec![*id],
                ..nothing()
            }));
        }
    }
    for id in members.iter().chain(&out) {
        acts.push(rotate(Decision {
            removed: vec![*id],
            ..nothing()
        }));
    }
    acts.extend(gone(roll).into_iter().map(|one| {
        rotate(Decision {
            lowered: vec![one],
            ..nothing()
        })
    }));
    acts
}

pub(super) fn cases() -> Value {
    let mut all = Vec::new();
    for roll in spaces() {
        let present: Vec<&str> = roll
            .present
            .iter()
            .map(|member| role(member.role))
            .collect();
        let waiting: Vec<Value> = roll
            .pending
            .iter()
            .map(|one| {
                json!({
                    "id": one.id,
                    "role": role(one.role),
                    "invited_by": one.invited_by,
                    "answered": one.answered,
                })
            })
            .collect();
        let acts = acts(&roll);
        let everybody = roll.present.iter().map(|member| member.id);
        let everybody = everybody.chain([WAITING, OUTSIDER]);
        for actor in everybody {
            let tried: Vec<Value> = acts
                .iter()
                .map(|(told, act)| {
                    let mut broken = roll.broken(actor, act);
                    broken.sort();
                    let broken: Vec<String> =
                        broken.iter().map(|rule| format!("{rule:?}")).collect();
                    json!({"act": told, "breaks": broken})
                })
                .collect();
            all.push(json!({
                "present": present,
                "waiting": waiting,
                "actor": actor,
                "tries": tried,
            }));
        }
    }
    all.into()
}

/// What everybody in a space leaves of its chain to those before it.
pub(super) fn room() -> Value {
    use Role::{Device, Host, Reader, Words};
    let spaces: [&[Role]; 5] = [
        &[Host, Device, Device, Words, Host, Reader, Words, Device],
        &[Device, Words, Device, Reader],
        &[Device, Host, Host],
        &[Words, Host, Device],
        &[Device; 12],
    ];
    let mut all = Vec::new();
    for present in spaces {
        let roll = space(present, &[]);
        let roles: Vec<&str> = present.iter().map(|one| role(*one)).collect();
        let members = roll.present.iter().map(|member| member.id);
        for member in members.chain([OUTSIDER]) {
            let leaves = statements_left(&roll, member);
            all.push(json!({"present": roles, "member": member, "leaves": leaves}));
        }
    }
    all.into()
}

/// What becomes of one more where so many are present and wait.
pub(super) fn full_verdict(present: usize, pending: usize, act: &str) -> &'static str {
    let clinic = key(1);
    let mut space = Space::founded_by(&clinic, Role::Host);
    let seeds = (2..).take(present - 1);
    let members: Vec<SigningKey> = seeds.map(key).collect();
    for some in members.chunks(30) {
        let hosts: Vec<(&SigningKey, Role)> = some.iter().map(|one| (one, Role::Host)).collect();
        let enrolled = Turn {
            enrolled: &hosts,
            ..Turn::default()
        };
        space.turn(&clinic, enrolled).unwrap();
    }
    for seed in (100..).take(pending) {
        space.wait(&clinic, &key(seed), Role::Reader);
    }
    let newcomer = key(99);
    let result = if act == "join" {
        let door = key(0xab);
        space.say(&clinic, invite(&door, Role::Reader)).unwrap();
        let through = join(space.id(), &newcomer, &door);
        space.say(&newcomer, through)
    } else {
        let enrolled = [(&newcomer, Role::Host)];
        let rotate = space.rotation(Turn {
            enrolled: &enrolled,
            ..Turn::default()
        });
        space.say(&clinic, StatementBody::Rotate(rotate))
    };
    result.map_or_else(ChainError::name, |()| "fits")
}

pub(super) fn full() -> Value {
    let mut all = Vec::new();
    for (present, pending) in [(1, 62), (1, 63), (33, 30), (33, 31), (63, 0), (64, 0)] {
        for act in ["join", "enrol"] {
            all.push(json!({
                "present": present,
                "pending": pending,
                "one_more_by": act,
                "verdict": full_verdict(present, pending, act),
            }));
        }
    }
    all.into()
}
