//! Long attacks: some members turn against the others and act alone, in any number of steps, with
//! whomever they let in. The honest sit still: what they might have done before is another beginning, and
//! every space that can be reached is a beginning.

use std::collections::{BTreeMap, VecDeque};

use companion_protocol::chain::authority::{Act, Decision, Roll, Waiting};
use companion_protocol::statement::Role;

use super::promise::Promise;
use super::world::{FRESH, Law, PENDING, ROLES, Who, after, rank_of, standing, tell};

/// How a member stands to an attack.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Side {
    /// Attacks, or was let in by one who does.
    Attacks,
    /// Must be there in the end.
    Stays,
    /// Neither.
    Looks,
}

type World = Vec<(Role, Side)>;

/// The attacks on a promise, in every way to take sides in a space.
fn beginnings(promise: Promise, roles: &[Role]) -> Vec<World> {
    let senior = roles.iter().position(|role| *role == Role::Device);
    let side = |of: &dyn Fn(usize, Role) -> Side| {
        let sides = roles
            .iter()
            .enumerate()
            .map(|(rank, role)| (*role, of(rank, *role)));
        sides.collect::<World>()
    };
    match promise {
        // Somebody with all of its kind, and all readers and writers, who came after it. The first device
        // and words speak for the patient and have promises of their own; readers and writers decide
        // nothing that could be lost.
        Promise::SeniorsStay => (0..roles.len())
            .filter(|from| roles[*from] != Role::Words && senior != Some(*from))
            .map(|from| {
                side(&|rank, role| match role {
                    Role::Reader | Role::Writer if rank < from => Side::Looks,
                    _ if rank < from => Side::Stays,
                    Role::Reader | Role::Writer => Side::Attacks,
                    _ if role == roles[from] => Side::Attacks,
                    _ => Side::Looks,
                })
            })
            .collect(),
        // Everybody but the first few hosts.
        Promise::HostsStay => (1..=roles.len())
            .map(|until| {
                side(&|rank, role| match role {
                    Role::Host if rank < until => Side::Stays,
                    _ => Side::Attacks,
                })
            })
            .collect(),
        Promise::TheSecondDeviceEndsNeither | Promise::OnlyTheFirstDeviceEnds => {
            vec![side(&|rank, role| match role {
                Role::Words => Side::Stays,
                Role::Device if senior == Some(rank) => Side::Stays,
                Role::Host => Side::Looks,
                _ => Side::Attacks,
            })]
        }
        // The clinic with everybody but the patient.
        Promise::NoDeviceBesideThePatients => vec![side(&|_, role| match role {
            Role::Device => Side::Stays,
            Role::Words => Side::Looks,
            _ => Side::Attacks,
        })],
        _ => Vec::new(),
    }
}

fn has_stayed(promise: Promise, before: &World, after: &World) -> bool {
    let count = |world: &World| {
        world
            .iter()
            .filter(|(_, side)| *side == Side::Stays)
            .count()
    };
    if promise == Promise::NoDeviceBesideThePatients {
        let of = |side| after.contains(&(Role::Device, side));
        return !(of(Side::Stays) && of(Side::Attacks));
    }
    count(before) == count(after)
}

/// What happens to the members of one world, each still with its side.
fn next_world(roll: &Roll<Who>, world: &World, actor: Who, act: &Act<Who>) -> World {
    let members = after(roll, actor, act).present.into_iter().map(|member| {
        let side = world.get(usize::from(member.id));
        (member.role, side.map_or(Side::Attacks, |(_, side)| *side))
    });
    members.collect()
}

/// Who came by the attackers' own links, each answered by whoever made the link; by `actor`'s own links where
/// it may make such ones.
fn with_their_newcomers(law: Law, roll: &Roll<Who>, attackers: &[Who], actor: Who) -> Roll<Who> {
    let mut roll = roll.clone();
    for (id, role) in (PENDING..).zip(ROLES) {
        let mut inviters = [actor].into_iter().chain(attackers.iter().copied());
        let invites = inviters.find(|who| law.allows(&roll, *who, &Act::Invite(role)));
        if let Some(invited_by) = invites {
            roll.pending.push(Waiting {
                id,
                role,
                invited_by,
                answered: false,
            });
            if law.allows(&roll, invited_by, &Act::Answer(id)) {
                roll = after(&roll, invited_by, &Act::Answer(id));
            }
        }
    }
    roll
}

/// Removals of up to two, with or without one who is let in by link or by hand.
fn acts(roll: &Roll<Who>, most: usize) -> Vec<Act<Who>> {
    let members: Vec<Who> = roll.present.iter().map(|member| member.id).collect();
    let mut removals = vec![Vec::new()];
    for (at, one) in members.iter().enumerate() {
        removals.push(vec![*one]);
        removals.extend(members[at + 1..].iter().map(|two| vec![*one, *two]));
    }
    let mut acts = vec![Act::Leave, Act::End];
    for removed in removals {
        let decision = |admitted, enrolled| {
            Act::Rotate(Decision {
                removed: removed.clone(),
                lowered: Vec::new(),
                refused: Vec::new(),
                admitted,
                enrolled,
            })
        };
        acts.push(decision(Vec::new(), Vec::new()));
        if members.len() - removed.len() < most {
            acts.extend(
                roll.pending
                    .iter()
                    .map(|one| decision(vec![one.id], Vec::new())),
            );
            acts.extend(ROLES.map(|role| decision(Vec::new(), vec![(FRESH, role)])));
        }
    }
    acts
}

/// What was searched, and the shortest attack that works.
#[derive(Default)]
pub(super) struct Searched {
    pub(super) worlds: usize,
    pub(super) tried: usize,
    pub(super) found: Option<String>,
}

fn roll_of(world: &World) -> Roll<Who> {
    let members = (0..)
        .zip(world)
        .map(|(id, (role, _))| standing(id, *role, rank_of(id)));
    Roll {
        present: members.collect(),
        pending: Vec::new(),
    }
}

fn print(world: &World) -> String {
    let members = super::world::print(&roll_of(world));
    let marked = members
        .split(", ")
        .zip(world)
        .map(|(member, (_, side))| match side {
            Side::Attacks => format!("{member}!"),
            Side::Stays | Side::Looks => member.to_owned(),
        });
    marked.collect::<Vec<_>>().join(", ")
}

/// Tries every attack on a promise from every space that can be, with at most `most` members.
pub(super) fn search(law: Law, promise: Promise, spaces: &[Vec<Role>], most: usize) -> Searched {
    let mut searched = Searched::default();
    let mut came_from: BTreeMap<World, Option<(World, String)>> = BTreeMap::new();
    let mut next = VecDeque::new();
    for world in spaces.iter().flat_map(|roles| beginnings(promise, roles)) {
        if !came_from.contains_key(&world) {
            came_from.insert(world.clone(), None);
            next.push_back(world);
        }
    }
    while let Some(world) = next.pop_front() {
        let roll = roll_of(&world);
        let attackers: Vec<Who> = (0..)
            .zip(&world)
            .filter(|(_, (_, side))| *side == Side::Attacks)
            .map(|(id, _)| id)
            .collect();
        for actor in &attackers {
            let roll = with_their_newcomers(law, &roll, &attackers, *actor);
            for act in acts(&roll, most) {
                searched.tried += 1;
                if !law.allows(&roll, *actor, &act) {
                    continue;
                }
                // What the end of a space means is a promise of its own, and of nothing else.
                let is_about_the_end = promise == Promise::OnlyTheFirstDeviceEnds;
                if act == Act::End && !is_about_the_end {
                    continue;
                }
                let reached = next_world(&roll, &world, *actor, &act);
                let told = tell(&roll, *actor, &act);
                let stays = has_stayed(promise, &world, &reached);
                if is_about_the_end && act != Act::End && !stays {
                    continue;
                }
                if act == Act::End || !stays {
                    searched.worlds = came_from.len();
                    searched.found = Some(story(&came_from, &world, &told));
                    return searched;
                }
                if !came_from.contains_key(&reached) {
                    came_from.insert(reached.clone(), Some((world.clone(), told)));
                    next.push_back(reached);
                }
            }
        }
    }
    searched.worlds = came_from.len();
    searched
}

/// How it came to this: "host0, device1, device2!: device2 removes device1".
fn story(came_from: &BTreeMap<World, Option<(World, String)>>, last: &World, told: &str) -> String {
    let mut acts = vec![told.to_owned()];
    let mut world = last;
    while let Some((before, act)) = &came_from[world] {
        acts.push(act.clone());
        world = before;
    }
    acts.reverse();
    format!("{}: {}", print(world), acts.join("; "))
}
