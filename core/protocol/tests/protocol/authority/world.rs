//! A space as far as authority goes, everything that anybody could try in it, and what becomes of it.

use companion_protocol::chain::authority::{
    Act, Decision, Lowering, Roll, Rule, Standing, Waiting,
};
use companion_protocol::statement::Role;

/// Somebody: 0, 1, 2, … the present members by rank, from [`PENDING`] on the newcomers.
pub(super) type Who = u8;
pub(super) const PENDING: Who = 20;
/// A newcomer who is enrolled or let in just now.
pub(super) const FRESH: Who = 40;
/// From here on members who are gone.
const GONE: Who = 60;
/// From here on members who are gone, and named the last change of another one.
const NAMED: Who = 120;
/// A stranger, or one who was removed or left: neither is on the roll.
pub(super) const OUTSIDER: Who = 99;

/// A reader stands for readers and writers, who decide the same: nothing. A test holds that.
pub(super) const ROLES: [Role; 4] = [Role::Reader, Role::Device, Role::Words, Role::Host];

/// The rules of which one may be set aside.
#[derive(Clone, Copy)]
pub(super) struct Law {
    pub(super) without: Option<Rule>,
}

impl Law {
    pub(super) fn allows(self, roll: &Roll<Who>, actor: Who, act: &Act<Who>) -> bool {
        let broken = roll.broken(actor, act);
        broken.iter().all(|rule| Some(*rule) == self.without)
    }
}

pub(super) fn standing(id: Who, role: Role, rank: u16) -> Standing<Who> {
    Standing { id, role, rank }
}

pub(super) fn founded_by(role: Role) -> Roll<Who> {
    Roll {
        present: vec![standing(0, role, 1)],
        pending: Vec::new(),
    }
}

/// The same space with everybody named by rank again: two spaces that differ in names alone are one.
pub(super) fn canonical(roll: &Roll<Who>) -> Roll<Who> {
    let mut present = roll.present.clone();
    present.sort_by_key(|member| member.rank);
    let name = |id: Who| {
        let place = present.iter().position(|member| member.id == id);
        place.map_or(OUTSIDER, |place| Who::try_from(place).unwrap())
    };
    let mut pending: Vec<Waiting<Who>> = roll.pending.clone();
    for newcomer in &mut pending {
        newcomer.invited_by = name(newcomer.invited_by);
        newcomer.id = 0;
    }
    pending.sort();
    for (place, newcomer) in (PENDING..).zip(&mut pending) {
        newcomer.id = place;
    }
    let present = (0..)
        .zip(&present)
        .map(|(place, member)| standing(place, member.role, rank_of(place)))
        .collect();
    Roll { present, pending }
}

/// The rank of the present member at that place: odd, so that whoever is gone may have come before, between
/// and after them.
pub(super) fn rank_of(place: Who) -> u16 {
    2 * u16::from(place) + 1
}

/// Somebody of each role, come whenever.
fn anybody(roll: &Roll<Who>, first: Who) -> Vec<Standing<Who>> {
    let ranks = (0..=roll.present.len()).map(|place| 2 * u16::try_from(place).unwrap());
    let all = ranks.flat_map(|rank| ROLES.map(|role| (role, rank)));
    (first..)
        .zip(all)
        .map(|(id, (role, rank))| standing(id, role, rank))
        .collect()
}

/// Everybody who may be gone, with everybody who may have named its last change: itself, since it left, one
/// who is present, or one who is gone, too.
pub(super) fn gone(roll: &Roll<Who>) -> Vec<Lowering<Who>> {
    let mut others: Vec<_> = [&roll.present[..], &anybody(roll, NAMED)].concat();
    others.retain(|member| member.role.is_admin());
    let all = anybody(roll, GONE).into_iter().flat_map(|member| {
        let named_by = [member].into_iter().chain(others.iter().copied());
        named_by.map(move |named_by| Lowering { member, named_by })
    });
    all.collect()
}

/// Every choice of some of `all`.
pub(super) fn subsets(all: &[Who]) -> Vec<Vec<Who>> {
    let mut subsets = vec![Vec::new()];
    for one in all {
        let with: Vec<Vec<Who>> = subsets.iter().map(|s| [&s[..], &[*one]].concat()).collect();
        subsets.extend(with);
    }
    subsets
}

/// Every act there is: whatever choice of removals with whatever becomes of the newcomers and whoever
/// is enrolled, and each act on somebody who is not there.
pub(super) fn acts(roll: &Roll<Who>) -> Vec<Act<Who>> {
    let members: Vec<Who> = roll.present.iter().map(|member| member.id).collect();
    let newcomers: Vec<Who> = roll.pending.iter().map(|newcomer| newcomer.id).collect();
    let mut acts = vec![Act::Leave, Act::End, Act::Answer(OUTSIDER)];
    acts.extend(ROLES.map(Act::Invite));
    acts.extend(newcomers.iter().map(|id| Act::Answer(*id)));
    let nothing = Decision {
        removed: Vec::new(),
        lowered: Vec::new(),
        refused: Vec::new(),
        admitted: Vec::new(),
        enrolled: Vec::new(),
    };
    let (out, on) = (vec![OUTSIDER], nothing.clone());
    for decision in [
        Decision {
            removed: out.clone(),
            ..on.clone()
        },
        Decision {
            refused: out.clone(),
            ..on.clone()
        },
        Decision {
            admitted: out,
            ..on
        },
    ] {
        acts.push(Act::Rotate(decision));
    }
    acts.extend(gone(roll).into_iter().map(|one| {
        Act::Rotate(Decision {
            lowered: vec![one],
            ..nothing.clone()
        })
    }));
    let mut enrolments = vec![Vec::new()];
    enrolments.extend(ROLES.map(|role| vec![(FRESH, role)]));
    for removed in subsets(&members) {
        for refused in subsets(&newcomers) {
            for admitted in subsets(&newcomers) {
                for enrolled in &enrolments {
                    acts.push(Act::Rotate(Decision {
                        removed: removed.clone(),
                        lowered: Vec::new(),
                        refused: refused.clone(),
                        admitted: admitted.clone(),
                        enrolled: enrolled.clone(),
                    }));
                }
            }
        }
    }
    acts
}

/// What an act that was let through does, to whom it names by the same names. An invite is used at once:
/// a link may be found and used at any time, and whoever came by it only waits.
pub(super) fn after(roll: &Roll<Who>, actor: Who, act: &Act<Who>) -> Roll<Who> {
    let mut next = roll.clone();
    match act {
        Act::Invite(role) => next.pending.push(Waiting {
            id: FRESH + 1,
            role: *role,
            invited_by: actor,
            answered: false,
        }),
        Act::Answer(id) => {
            for newcomer in next.pending.iter_mut().filter(|one| one.id == *id) {
                newcomer.answered = true;
            }
        }
        Act::Rotate(decision) => {
            let rank = roll.present.iter().map(|member| member.rank + 2).max();
            let mut ranks = (rank.unwrap_or(1)..).step_by(2);
            let let_in = |id: &Who| roll.pending.iter().find(|newcomer| newcomer.id == *id);
            let admitted = decision.admitted.iter().filter_map(let_in);
            let admitted = admitted.map(|newcomer| (newcomer.id, newcomer.role));
            let new = admitted.chain(decision.enrolled.iter().copied());
            let new: Vec<_> = new
                .map(|(id, role)| standing(id, role, ranks.next().unwrap()))
                .collect();
            next.present
                .retain(|member| !decision.removed.contains(&member.id));
            next.present.extend(new);
            next.pending.retain(|newcomer| {
                !decision.refused.contains(&newcomer.id)
                    && !decision.admitted.contains(&newcomer.id)
            });
        }
        // Nobody does anything afterwards. What it means is a promise of its own.
        Act::End => {}
        Act::Leave => {
            next.present.retain(|member| member.id != actor);
            next.pending.retain(|newcomer| newcomer.id != actor);
        }
    }
    next
}

fn word(role: Role) -> &'static str {
    match role {
        Role::Reader => "reader",
        Role::Writer => "writer",
        Role::Device => "device",
        Role::Words => "words",
        Role::Host => "host",
    }
}

/// "host0, device1, words2": the members by rank.
pub(super) fn print(roll: &Roll<Who>) -> String {
    let members = roll.present.iter().map(|member| name(roll, member.id));
    let waiting = roll.pending.iter().map(|one| {
        let by = name(roll, one.invited_by);
        let stands = if one.answered { "is answered" } else { "waits" };
        format!("({} of {by} {stands})", word(one.role))
    });
    members.chain(waiting).collect::<Vec<_>>().join(", ")
}

fn name(roll: &Roll<Who>, id: Who) -> String {
    let member = roll.present.iter().find(|member| member.id == id);
    let newcomer = roll.pending.iter().find(|newcomer| newcomer.id == id);
    match (member, newcomer) {
        (Some(member), _) => format!("{}{id}", word(member.role)),
        (None, Some(newcomer)) => format!("the waiting {}", word(newcomer.role)),
        (None, None) => "an outsider".to_owned(),
    }
}

/// "device1 removes words2, enrols a device".
pub(super) fn tell(roll: &Roll<Who>, actor: Who, act: &Act<Who>) -> String {
    let who = name(roll, actor);
    match act {
        Act::Invite(role) => format!("{who} invites a {}", word(*role)),
        Act::Answer(id) => format!("{who} answers {}", name(roll, *id)),
        Act::Leave => format!("{who} leaves"),
        Act::End => format!("{who} ends the space"),
        Act::Rotate(decision) => {
            let all = |verb: &str, ids: &[Who]| {
                let names: Vec<String> = ids.iter().map(|id| name(roll, *id)).collect();
                (!names.is_empty()).then(|| format!("{verb} {}", names.join(" and ")))
            };
            let enrolled = decision.enrolled.iter().map(|(_, role)| word(*role));
            let enrolled: Vec<&str> = enrolled.collect();
            let lowered = decision.lowered.iter().map(|one| {
                let came = |who: &Standing<Who>| {
                    let before = who.rank / 2;
                    format!("{} from before the member of rank {before}", word(who.role))
                };
                let (gone, named_by) = (&one.member, &one.named_by);
                let by_itself = gone.id == named_by.id;
                let by = if by_itself {
                    "itself".to_owned()
                } else {
                    came(named_by)
                };
                format!("the last change of a gone {}, named by {by}", came(gone))
            });
            let lowered: Vec<String> = lowered.collect();
            let parts = [
                all("removes", &decision.removed),
                (!lowered.is_empty()).then(|| format!("puts {} earlier", lowered.join(" and "))),
                all("turns away", &decision.refused),
                all("lets in", &decision.admitted),
                (!enrolled.is_empty()).then(|| format!("enrols {}", enrolled.join(" and "))),
            ];
            let parts: Vec<String> = parts.into_iter().flatten().collect();
            if parts.is_empty() {
                format!("{who} turns the key")
            } else {
                format!("{who} {}", parts.join(", "))
            }
        }
    }
}
