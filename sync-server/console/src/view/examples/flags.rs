//! Flags to draw in tests.

use companion_core::clinic::{Answered, OpenFlag};
use companion_core::domain::flag::{FlagAct, FlagSource, FlagStep};
use companion_core::domain::{Flag, ItemId, Ordered};
use companion_core::protocol::id::SpaceId;

use super::{id, moment, view};
use crate::view::flags::ShownFlag;

/// A flag of Samir's that nobody has acknowledged, and one that somebody takes care of.
pub(crate) fn open_flags() -> Vec<OpenFlag> {
    let flag = |name, source: FlagSource, words: &str, at| OpenFlag {
        id: id(name),
        source,
        words: words.to_owned(),
        since_ms: moment(at).unix_ms,
        acknowledged_by: None,
        request_words: String::new(),
        is_taken_back: false,
    };
    vec![
        flag(
            0xf1,
            FlagSource::HarmItem,
            "Item 9 (thoughts of death or of hurting oneself) was answered with 2.",
            "2026-11-23T19:55:00+01:00",
        ),
        OpenFlag {
            acknowledged_by: Some("Dr Mira Haddad".to_owned()),
            ..flag(
                0xf2,
                FlagSource::ClinicRule,
                "Anxiety rose by five points or more since the baseline: call within two days.",
                "2026-11-21T08:00:00+01:00",
            )
        },
    ]
}

/// Flags of Ada's: one that nobody has acknowledged, one that somebody takes care of, and a closed one.
pub(crate) fn shown_flags() -> Vec<ShownFlag> {
    let flag = |name: u8, source, words: &str, acts: &[(FlagAct, &str)]| {
        let mut flag = Flag {
            patient: id(0x0b),
            care_space: SpaceId::new([0x0b; 32]),
            about: Some(id(0xe1)),
            raised_by: String::new(),
            source,
            words: words.to_owned(),
            at: moment("2026-11-22T21:40:00-05:00"),
            steps: Ordered::default(),
        };
        for ((act, words), step) in acts.iter().zip(1..) {
            let step_id = ItemId::new([step; 16]);
            let step = FlagStep {
                act: act.clone(),
                by: "Dr Mira Haddad".to_owned(),
                at: moment("2026-11-23T09:00:00+01:00"),
                words: (*words).to_owned(),
            };
            flag.take(step_id, step).unwrap();
        }
        ShownFlag {
            view: view(name, flag),
            since_ms: moment("2026-11-23T08:12:00+01:00").unix_ms,
            address: None,
            request: None,
            answered: None,
        }
    };
    let mut harm = flag(
        0xf1,
        FlagSource::HarmItem,
        "Item 9 (thoughts of death or of hurting oneself) was answered with 2.",
        &[],
    );
    harm.answered = Some(Answered {
        begun: moment("2026-11-22T21:40:00-05:00"),
        finished: Some(moment("2026-11-23T01:50:00-05:00")),
        changed: None,
    });
    let mut by_hand = flag(
        0xf3,
        FlagSource::Person,
        "Sounded very low on the <phone>.",
        &[
            (FlagAct::Acknowledged, ""),
            (
                FlagAct::Closed,
                "Talked for an hour.\nShe has her sister with her.",
            ),
        ],
    );
    by_hand.view.content.about = None;
    by_hand.view.content.raised_by = "Maya Lindqvist".to_owned();
    let mut rule = flag(
        0xf2,
        FlagSource::ClinicRule,
        "Call within two days.",
        &[(FlagAct::Acknowledged, "")],
    );
    rule.address = Some("/patients/0b0b/entries/e1e1".to_owned());
    vec![harm, rule, by_hand]
}
