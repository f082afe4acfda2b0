//! What a phone has to do so that it has scheduled just the plan.

use std::collections::BTreeMap;

use super::{Fingerprint, Notification, NotificationId, Plan};

/// Something that the phone says it has scheduled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Scheduled {
    /// Which.
    pub id: NotificationId,
    /// What was scheduled under this id; `None` where the phone can't tell, and then it is done again.
    pub fingerprint: Option<Fingerprint>,
}

/// What to do, in this order: cancel, then schedule. So a phone never holds more than the plan, and
/// iOS, which keeps the soonest 64, never drops one.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Difference {
    /// To cancel. Something that changed stands here and below, under one id.
    pub to_cancel: Vec<NotificationId>,
    /// To schedule, the soonest first.
    pub to_schedule: Vec<Notification>,
}

impl Plan {
    /// What to do on a phone that says it has these scheduled.
    pub fn difference(&self, scheduled: &[Scheduled]) -> Difference {
        let planned: BTreeMap<_, _> = self.notifications.iter().map(|n| (n.id, n)).collect();
        let mut there = BTreeMap::new();
        for one in scheduled {
            let kept = planned
                .get(&one.id)
                .is_some_and(|planned| one.fingerprint == Some(planned.fingerprint));
            // Scheduled twice under one id: neither can be told from the other.
            let kept = kept && !there.contains_key(&one.id);
            there.insert(one.id, kept);
        }
        let to_cancel = there.iter().filter(|(_, kept)| !**kept);
        let missing = |n: &&Notification| there.get(&n.id) != Some(&true);
        Difference {
            to_cancel: to_cancel.map(|(id, _)| *id).collect(),
            to_schedule: self.notifications.iter().filter(missing).cloned().collect(),
        }
    }
}

impl From<&Notification> for Scheduled {
    fn from(notification: &Notification) -> Scheduled {
        Scheduled {
            id: notification.id,
            fingerprint: Some(notification.fingerprint),
        }
    }
}
