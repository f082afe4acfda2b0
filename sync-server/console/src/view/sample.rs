//! Fixed view models for tests: invented people, one moment in time.
#![allow(clippy::unwrap_used)]

use companion_core::ports::Moment;

use super::model::*;

/// Mon 23 Nov 2026, 20:30 in a clinic one hour ahead of UTC.
pub(crate) fn now() -> Moment {
    moment("2026-11-23T20:30:00+01:00")
}

pub(crate) fn moment(text: &str) -> Moment {
    text.parse().unwrap()
}

pub(crate) fn frame() -> Frame {
    Frame {
        clinic: "Rowan Street Clinic".to_owned(),
        viewer: Some("Dr Mira Haddad".to_owned()),
        now: now(),
        exchange: Exchange::Current {
            at: moment("2026-11-23T20:29:40+01:00"),
        },
        notice: None,
    }
}

pub(crate) const CASELOAD_ORDER: [&str; 6] = [
    "Jonas Weber",
    "Samir Patel",
    "Ada Okafor",
    "Lena Novak",
    "Theo Lindqvist",
    "Ruth Abrams",
];

pub(crate) fn caseload() -> Vec<CaseRow> {
    let row = |id: &str, name: &str, phase, pairing| CaseRow {
        id: id.repeat(16),
        name: name.to_owned(),
        phase,
        pairing,
        next_session: None,
        last_check_in: None,
        trend: Vec::new(),
        unread: 0,
        for_session: 0,
        unreviewed: 0,
        last_received: None,
    };
    let mut jonas = row(
        "0a",
        "Jonas Weber",
        Phase::Assessment,
        Pairing::CompareWords,
    );
    jonas.last_received = None;
    let mut ada = row("0b", "Ada Okafor", Phase::Integration, Pairing::Paired);
    ada.unread = 2;
    ada.unreviewed = 3;
    ada.trend = vec![3, 2, 3, 4, 4, 3, 5, 5, 4, 6, 5, 6];
    ada.last_check_in = Some(FeelingLine {
        step: 6,
        at: moment("2026-11-23T08:10:00+01:00"),
    });
    ada.next_session = Some(SessionLine {
        number: 3,
        at: moment("2026-11-26T10:00:00+01:00"),
        note: String::new(),
    });
    ada.last_received = Some(moment("2026-11-23T08:12:00+01:00"));
    let mut samir = row("0c", "Samir Patel", Phase::Session, Pairing::Paired);
    samir.unread = 1;
    samir.for_session = 1;
    samir.unreviewed = 1;
    samir.trend = vec![2, 2, 3, 2, 1, 2, 2];
    samir.last_check_in = Some(FeelingLine {
        step: 2,
        at: moment("2026-11-22T21:40:00-05:00"),
    });
    samir.last_received = Some(moment("2026-11-23T19:55:00+01:00"));
    let mut lena = row("0d", "Lena Novak", Phase::Preparation, Pairing::Paired);
    lena.unreviewed = 4;
    lena.trend = vec![4];
    lena.last_check_in = Some(FeelingLine {
        step: 4,
        at: moment("2026-11-12T07:00:00+01:00"),
    });
    lena.last_received = Some(moment("2026-11-12T07:02:00+01:00"));
    let theo = row("0e", "Theo Lindqvist", Phase::Preparation, Pairing::Waiting);
    let mut ruth = row("0f", "Ruth Abrams", Phase::Closed, Pairing::Paired);
    ruth.trend = vec![5, 5, 6, 6];
    ruth.last_check_in = Some(FeelingLine {
        step: 6,
        at: moment("2026-11-20T18:00:00+01:00"),
    });
    ruth.last_received = Some(moment("2026-11-20T18:01:00+01:00"));
    vec![jonas, ada, samir, lena, theo, ruth]
}

pub(crate) fn banner() -> PatientBanner {
    PatientBanner {
        id: "0b".repeat(16),
        name: "Ada Okafor".to_owned(),
        pronouns: "she/her".to_owned(),
        phase: Phase::Integration,
        pairing: Pairing::Paired,
        last_received: Some(moment("2026-11-23T08:12:00+01:00")),
    }
}

pub(crate) fn entry_line() -> EntryLine {
    EntryLine {
        id: "e1".repeat(16),
        title: "The river again".to_owned(),
        excerpt:
            "I keep coming back to the river. This time the water was warm, and my grandmother…"
                .to_owned(),
        kind: "After a session".to_owned(),
        at: moment("2026-11-22T21:40:00+01:00"),
        mood: Some(5),
        scope: Scope::TalkInSession,
        unread: true,
        reviewed: false,
        replies: 0,
    }
}

pub(crate) fn check_ins() -> Vec<CheckInLine> {
    let line = |at: &str, valence, energy, anxiety, sleep| CheckInLine {
        at: moment(at),
        valence,
        energy,
        anxiety,
        sleep,
        feelings: Vec::new(),
        note: String::new(),
    };
    let mut all = vec![
        line("2026-10-28T08:00:00+01:00", 3, Some(2), Some(6), Some(2)),
        line("2026-11-01T08:05:00+01:00", 2, Some(2), Some(6), Some(3)),
        line("2026-11-04T08:00:00+01:00", 3, Some(3), Some(5), None),
        line("2026-11-07T09:00:00+01:00", 5, Some(4), Some(4), Some(5)),
        line("2026-11-11T08:00:00+01:00", 4, Some(4), Some(4), Some(4)),
        line("2026-11-15T08:00:00+01:00", 5, Some(5), Some(3), Some(5)),
        line("2026-11-19T08:00:00+01:00", 5, Some(4), Some(3), Some(6)),
        line("2026-11-23T08:10:00+01:00", 6, Some(5), Some(2), Some(6)),
    ];
    if let Some(last) = all.last_mut() {
        last.feelings = vec!["calm".to_owned(), "hopeful".to_owned()];
        last.note = "Slept through for the first time in weeks.".to_owned();
    }
    all
}

pub(crate) fn sessions() -> Vec<SessionLine> {
    let session = |number, at: &str, note: &str| SessionLine {
        number,
        at: moment(at),
        note: note.to_owned(),
    };
    vec![
        session(1, "2026-11-06T10:00:00+01:00", ""),
        session(2, "2026-11-18T10:00:00+01:00", "Bring the blue blanket."),
        session(3, "2026-11-26T10:00:00+01:00", ""),
    ]
}

pub(crate) fn patient() -> PatientPage {
    let check_ins = check_ins();
    let mut timeline: Vec<TimelineItem> = check_ins
        .iter()
        .cloned()
        .map(TimelineItem::CheckIn)
        .collect();
    timeline.push(TimelineItem::Entry(entry_line()));
    timeline.push(TimelineItem::Entry(EntryLine {
        id: "e2".repeat(16),
        title: String::new(),
        excerpt: "Small thing today: I called my sister first.".to_owned(),
        kind: "Integration".to_owned(),
        at: moment("2026-11-20T19:00:00+01:00"),
        mood: None,
        scope: Scope::CareTeam,
        unread: false,
        reviewed: true,
        replies: 1,
    }));
    timeline.push(TimelineItem::Reply(ReplyLine {
        about: Some("e2".repeat(16)),
        about_title: String::new(),
        by: "Dr Mira Haddad".to_owned(),
        at: moment("2026-11-21T09:00:00+01:00"),
        body: "That is not a small thing.\nTell me on Thursday how it went?".to_owned(),
        sent: true,
    }));
    timeline.push(TimelineItem::Withdrawn {
        at: moment("2026-11-19T22:00:00+01:00"),
    });
    timeline.push(TimelineItem::Session(sessions().remove(1)));
    timeline.sort_by_key(|item| std::cmp::Reverse(item.at()));
    PatientPage {
        banner: banner(),
        timeline,
        check_ins,
        sessions: sessions(),
        devices: vec![DeviceLine {
            id: "d1".repeat(32),
            name: "Phone 1".to_owned(),
            since: Some(moment("2026-10-27T11:00:00+01:00")),
            removed: false,
        }],
    }
}

pub(crate) fn entry() -> EntryPage {
    EntryPage {
        patient: banner(),
        id: "e1".repeat(16),
        content: EntryContent::Shown(EntryText {
            title: "The river again".to_owned(),
            body: "I keep coming back to the river.\n\nThis time the water was warm, and my grandmother \
                   stood on the other bank. She did not call me. She waited.".to_owned(),
            kind: "After a session".to_owned(),
            mood: Some(5),
            session: Some(sessions().remove(1)),
            tags: vec!["family".to_owned(), "water".to_owned()],
            scope: Scope::TalkInSession,
            at: moment("2026-11-22T21:40:00+01:00"),
            edited_at: Some(moment("2026-11-22T21:55:00+01:00")),
            received_at: Some(moment("2026-11-23T08:12:00+01:00")),
        }),
        replies: vec![ReplyLine {
            about: None,
            about_title: String::new(),
            by: "Dr Mira Haddad".to_owned(),
            at: moment("2026-11-23T12:00:00+01:00"),
            body: "Thank you for bringing this. We will take our time with it.".to_owned(),
            sent: false,
        }],
        openings: vec![OpeningLine { by: "Dr Mira Haddad".to_owned(), at: moment("2026-11-23T11:50:00+01:00") }],
        reviewed: None,
        older: Some("e2".repeat(16)),
        newer: None,
    }
}

pub(crate) fn invitation(step: InvitationStep) -> InvitationPage {
    let mut patient = banner();
    patient.name = "Jonas Weber".to_owned();
    patient.pronouns = "he/him".to_owned();
    patient.phase = Phase::Assessment;
    patient.last_received = None;
    patient.pairing = match &step {
        InvitationStep::Waiting { .. } => Pairing::Waiting,
        InvitationStep::CompareWords { .. } => Pairing::CompareWords,
        InvitationStep::Paired { .. } => Pairing::Paired,
        InvitationStep::Ended => Pairing::None,
    };
    InvitationPage { patient, step }
}
