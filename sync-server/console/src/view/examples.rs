//! Fixed things to draw in tests: invented people, one moment in time.

#![allow(clippy::unwrap_used)]

mod flags;
mod pairing;
mod shared_page;
mod shelves;

use companion_core::clinic::{
    CaseRow, ClinicDevice, Costs, DeviceKind, LastCheckIn, PatientView, PlannedSession, Shared,
    Soon,
};
use companion_core::domain::cost_sheet::{CostLine, Payer};
use companion_core::domain::near_session::NotNamed;
use companion_core::domain::programme::{
    Agreement, BeyondPlan, CostReview, Gate, PlanCheck, SessionCount, Since,
};
use companion_core::domain::session_preparation::StillOpen;
use companion_core::domain::timeline::{Due, Material, Task};
use companion_core::domain::visit::{VisitPurpose, VisitWay};
use companion_core::domain::{
    ChangeHash, CheckIn, Content as _, CostAcknowledgement, CostSheet, CostWalkthrough, DocumentId,
    DosingSession, Entry, EntryKind, ItemId, Moment, PatientRecord, Phase, Programme, Rating,
    Readiness, Reply, Revision, Visibility, Visit,
};
use companion_core::protocol::id::{MemberId, SpaceId};
use companion_core::records::{DeliveryState, Seen, View, Withdrawn};

use super::chart::OverTime;
use super::dates::Dates;
use super::frame::{Exchange, Frame, Sight};
use super::patient::PatientPage;
use super::shelf::{Shelf, on_its_shelf};
use super::timeline::{About, Counts, Filter, Timeline, TimelineItem};

pub(crate) use flags::{open_flags, shown_flags};
pub(crate) use pairing::{fork, invitation, joined, joined_again, noticed, paired, waiting};
pub(crate) use shared_page::{check_in, entry, shown, shown_check_in};
pub(crate) use shelves::{
    coming, documents, every_page, glance, lines, ons_4, pages_saying, phq_9, plan_view, prepared,
};

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
        once: "0f".repeat(16),
        sight: Sight::of_a_lead(),
    }
}

const fn id(byte: u8) -> DocumentId {
    DocumentId::new([byte; 16])
}

fn rating(number: u8) -> Rating {
    Rating::new(number).unwrap()
}

pub(crate) fn view<T>(name: u8, content: T) -> View<T> {
    View {
        id: id(name),
        revision: Revision::new([ChangeHash::new([name; 32])]),
        content,
        when: None,
        clock_ahead: false,
        apart: Vec::new(),
        shared: true,
        edited_at: None,
        received_ms: moment("2026-11-23T08:12:00+01:00").unix_ms,
        delivery: DeliveryState::Sent,
        writers: Vec::new(),
    }
}

fn record(byte: u8, name: &str) -> PatientRecord {
    PatientRecord {
        name: name.to_owned(),
        initials: String::new(),
        pronouns: String::new(),
        former_phase: Phase::default(),
        care_space: SpaceId::new([byte; 32]),
        invited_at: moment("2026-10-27T10:50:00+01:00"),
        paired_at: None,
        refused_at: None,
        archived_at: None,
        merged_into: None,
    }
}

fn programme() -> Programme {
    let at = moment("2026-10-27T10:50:00+01:00");
    let mut programme = Programme::new("Maya Lindqvist", ItemId::new([1; 16]), at);
    programme.move_to(
        ItemId::new([2; 16]),
        Phase::Integration,
        "Maya Lindqvist",
        at,
    );
    programme
}

pub(crate) const CASELOAD_ORDER: [&str; 6] = [
    "Samir Patel",
    "Jonas Weber",
    "Ada Okafor",
    "Lena Novak",
    "Theo Lindqvist",
    "Ruth Abrams",
];

pub(crate) fn caseload() -> Vec<CaseRow> {
    let row = |byte: u8, name: &str, phase, invite| CaseRow {
        patient: id(byte),
        record: record(byte, name),
        phase,
        invite,
        unread: 0,
        unread_for_session: 0,
        new_check_ins: 0,
        new: 0,
        unreviewed: 0,
        changed_since_review: 0,
        to_talk_about: 0,
        in_two_wordings: 0,
        last_check_in: None,
        sparkline: Vec::new(),
        flags: Vec::new(),
        over: None,
        last_received_ms: None,
        next_session: None,
        soon: None,
        last_session: None,
        has_no_programme: false,
        unreadable: Vec::new(),
    };
    let last = |valence, at| {
        Some(LastCheckIn {
            content: CheckIn::new(rating(valence), moment(at)),
            when: moment(at),
            clock_ahead: false,
            in_two_wordings: false,
        })
    };
    let received = |at| Some(moment(at).unix_ms);
    let mut ada = row(0x0b, "Ada Okafor", Phase::Integration, paired());
    ada.unread = 2;
    ada.new = 2;
    ada.unreviewed = 3;
    ada.sparkline = vec![3, 2, 3, 4, 4, 3, 5, 5, 4, 6, 5, 6];
    ada.last_check_in = last(6, "2026-11-23T08:10:00+01:00");
    ada.next_session = sessions().pop();
    ada.soon = Some(Soon {
        is_closed: false,
        ride: Some(StillOpen::RideNotConfirmed),
        not_named: vec![NotNamed::MedicalProvider],
    });
    ada.last_received_ms = received("2026-11-23T08:12:00+01:00");
    let mut samir = row(0x0c, "Samir Patel", Phase::Session, paired());
    samir.flags = open_flags();
    samir.unread = 1;
    samir.unread_for_session = 1;
    samir.in_two_wordings = 1;
    samir.new = 1;
    samir.to_talk_about = 1;
    samir.unreviewed = 1;
    samir.sparkline = vec![2, 2, 3, 2, 1, 2, 2];
    samir.last_check_in = last(2, "2026-11-22T21:40:00-05:00");
    samir.last_received_ms = received("2026-11-23T19:55:00+01:00");
    let mut lena = row(0x0d, "Lena Novak", Phase::Preparation, paired());
    lena.unreviewed = 4;
    lena.new_check_ins = 2;
    lena.new = 2;
    lena.sparkline = vec![4];
    lena.last_check_in = last(4, "2026-11-12T07:00:00+01:00");
    lena.last_received_ms = received("2026-11-12T07:02:00+01:00");
    let mut ruth = row(0x0f, "Ruth Abrams", Phase::Closed, paired());
    ruth.has_no_programme = true;
    ruth.sparkline = vec![5, 5, 6, 6];
    ruth.last_check_in = last(6, "2026-11-20T18:00:00+01:00");
    ruth.last_received_ms = received("2026-11-20T18:01:00+01:00");
    vec![
        row(0x0a, "Jonas Weber", Phase::Assessment, joined()),
        ada,
        samir,
        lena,
        row(0x0e, "Theo Lindqvist", Phase::Preparation, waiting()),
        ruth,
    ]
}

pub(crate) fn ada() -> PatientView {
    let mut record = record(0x0b, "Ada Okafor");
    record.pronouns = "she/her".to_owned();
    let device = |byte: u8, name: &str, kind| ClinicDevice {
        member: MemberId::new([byte; 32]),
        name: name.to_owned(),
        kind,
        is_this_node: kind == DeviceKind::Clinic,
        joined_at: moment("2026-10-27T11:00:00+01:00"),
        last_received_at: (kind == DeviceKind::Phone).then(|| moment("2026-11-23T08:12:00+01:00")),
        removed_at: None,
    };
    let gone = |byte, name, kind| ClinicDevice {
        removed_at: Some(moment("2026-11-10T09:00:00+01:00")),
        ..device(byte, name, kind)
    };
    PatientView {
        id: id(0x0b),
        record,
        phase: Phase::Integration,
        programme: Some(programme()),
        unreadable: Vec::new(),
        readiness: Some(Readiness::ready(
            "Dr Mira Haddad",
            moment("2026-10-29T09:00:00+01:00"),
        )),
        invite: paired(),
        last_received_ms: Some(moment("2026-11-23T08:12:00+01:00").unix_ms),
        over: None,
        devices: vec![
            device(0xc1, "The clinic", DeviceKind::Clinic),
            device(0xd1, "Ada’s phone", DeviceKind::Phone),
            gone(0xd4, "Recovery words", DeviceKind::RecoveryWords),
            gone(0xd3, "Ada’s old phone", DeviceKind::Phone),
            gone(0xd5, "Recovery words", DeviceKind::RecoveryWords),
            device(0xd2, "Recovery words", DeviceKind::RecoveryWords),
        ],
    }
}

pub(crate) fn sessions() -> Vec<DosingSession> {
    let session = |number, at: &str, note: &str| DosingSession {
        note: note.to_owned(),
        ..DosingSession::new(number, moment(at))
    };
    vec![
        session(1, "2026-11-06T10:00:00+01:00", ""),
        session(2, "2026-11-18T10:00:00+01:00", "Bring the blue blanket."),
        session(3, "2026-11-26T10:00:00+01:00", ""),
    ]
}

/// Planned, moved and called off.
pub(crate) fn planned() -> Vec<PlannedSession> {
    let mut all = sessions();
    if let Some(second) = all.get_mut(1) {
        let (to, from) = (second.at, moment("2026-11-17T10:00:00+01:00"));
        second.at = from;
        second.move_to(
            ItemId::new([0x54; 16]),
            to,
            "Maya Lindqvist",
            moment("2026-11-12T09:00:00+01:00"),
        );
    }
    if let Some(third) = all.get_mut(2) {
        let off = moment("2026-11-22T09:00:00+01:00");
        third.call_off(
            ItemId::new([0x53; 16]),
            "The boiler broke.",
            "Maya Lindqvist",
            off,
        );
    }
    let planned = all
        .into_iter()
        .zip(0x51..)
        .map(|(session, name)| PlannedSession {
            view: view(name, session),
            is_of_earlier: false,
            number_is_double: false,
            skipped: None,
            overlaps: None,
            closed: None,
            preparation: None,
            intention: None,
        });
    planned.collect()
}

/// Held over video, moved, and called off.
pub(crate) fn visits() -> Vec<View<Visit>> {
    let first = Visit {
        way: VisitWay::Video,
        with: "Maya Lindqvist".to_owned(),
        note: "Bring the notebook.".to_owned(),
        moved_from: Some(moment("2026-11-24T10:00:00+01:00")),
        ..Visit::new(
            VisitPurpose::Integration,
            moment("2026-11-25T10:00:00+01:00"),
        )
    };
    let second = Visit {
        place: "Room 4".to_owned(),
        called_off_at: Some(moment("2026-11-22T09:00:00+01:00")),
        ..Visit::new(VisitPurpose::CheckUp, moment("2026-11-27T10:00:00+01:00"))
    };
    vec![view(0x61, first), view(0x62, second)]
}

/// All dates of Ada's, one of what she wants to do among them.
pub(crate) fn dates() -> Dates {
    let patient = ada();
    let visits = visits();
    let sessions = planned()
        .into_iter()
        .map(|one| (one.view.id, one.view.content));
    let due = [Due {
        what: Task::Commitment {
            text: "Walk to the <lake> & back.".to_owned(),
        },
        on: "2026-11-30".parse().ok(),
    }];
    let line = Material {
        programme: patient.programme.as_ref(),
        outcomes: patient.readiness.as_slice(),
        counts: patient.readiness.as_ref(),
        sessions: &sessions.collect::<Vec<_>>(),
        visits: &visits
            .iter()
            .map(|one| (one.id, one.content.clone()))
            .collect::<Vec<_>>(),
        due: &due,
    }
    .for_clinician(now());
    Dates {
        patient,
        line,
        visits,
        moved: None,
    }
}

pub(crate) fn check_ins() -> Vec<CheckIn> {
    let line = |at: &str, [valence, energy, anxiety, sleep]: [u8; 4]| CheckIn {
        energy: Rating::new(energy).ok(),
        anxiety: Rating::new(anxiety).ok(),
        sleep: Rating::new(sleep).ok(),
        visibility: Visibility::CareTeam,
        ..CheckIn::new(rating(valence), moment(at))
    };
    let mut all = vec![
        line("2026-10-28T08:00:00+01:00", [3, 2, 6, 2]),
        line("2026-11-01T08:05:00+01:00", [2, 2, 6, 3]),
        line("2026-11-04T08:00:00+01:00", [3, 3, 5, 0]),
        line("2026-11-07T09:00:00+01:00", [5, 4, 4, 5]),
        line("2026-11-11T08:00:00+01:00", [4, 4, 4, 4]),
        line("2026-11-15T08:00:00+01:00", [5, 5, 3, 5]),
        line("2026-11-19T08:00:00+01:00", [5, 4, 3, 6]),
        line("2026-11-23T08:10:00+01:00", [6, 5, 2, 6]),
    ];
    if let Some(last) = all.last_mut() {
        last.feelings = ["calm", "hopeful"].map(str::to_owned).into();
        last.note = "Slept through for the first time in weeks.".to_owned();
    }
    all
}

pub(crate) fn shared<T>(name: u8, content: T, is_new: bool) -> Shared<T> {
    Shared {
        view: view(name, content),
        is_new,
        review: None,
        changed_since_review: None,
        is_to_talk_about: false,
        talked_about: None,
        replies: 0,
    }
}

fn river() -> Entry {
    Entry {
        title: "The river again".to_owned(),
        body:
            "I keep coming back to the river.\n\nThis time the water was warm, and my grandmother \
               stood on the other bank. She did not call me. She waited."
                .to_owned(),
        kind: EntryKind::AfterSession,
        mood: Rating::new(5).ok(),
        session: Some(id(0x52)),
        tags: ["family", "water"].map(str::to_owned).into(),
        visibility: Visibility::TalkInSession,
        ..Entry::new(moment("2026-11-22T21:40:00+01:00"))
    }
}

pub(crate) fn review_by_mira<T>(entry: &Shared<T>) -> companion_core::domain::Review {
    companion_core::domain::Review {
        words: String::new(),
        about: entry.view.id,
        care_space: SpaceId::new([0x0b; 32]),
        revision: entry.view.revision.clone(),
        by: "Dr Mira Haddad".to_owned(),
        at: now(),
        undone_at: None,
    }
}

pub(crate) fn patient() -> PatientPage {
    let mut items: Vec<TimelineItem> = (0x70..)
        .zip(check_ins())
        .map(|(name, check_in)| {
            TimelineItem::Shared(Box::new(on_its_shelf(shared(name, check_in, name == 0x77))))
        })
        .collect();
    let mut river = shared(0xe1, river(), true);
    river.is_to_talk_about = true;
    items.push(TimelineItem::Shared(Box::new(on_its_shelf(river))));
    let mut small = shared(
        0xe2,
        Entry {
            body: "Small thing today: I called my sister first.".to_owned(),
            kind: EntryKind::Integration,
            visibility: Visibility::CareTeam,
            ..Entry::new(moment("2026-11-20T19:00:00+01:00"))
        },
        false,
    );
    small.review = Some(review_by_mira(&small));
    small.replies = 1;
    items.push(TimelineItem::Shared(Box::new(on_its_shelf(small))));
    items.push(TimelineItem::Reply {
        reply: Box::new(view(
            0xa1,
            Reply {
                about: id(0xe2),
                body: "That is not a small thing.\nTell me on Thursday how it went?".to_owned(),
                by: "Dr Mira Haddad".to_owned(),
                at: moment("2026-11-21T09:00:00+01:00"),
            },
        )),
        about: Some(About {
            shelf: Shelf::Entries,
            heading: "Entry without a title".to_owned(),
        }),
    });
    for (name, kind) in [(0xe3, Entry::KIND), (0x7f, CheckIn::KIND)] {
        items.push(TimelineItem::Withdrawn(Withdrawn {
            id: id(name),
            kind,
            at: moment("2026-11-19T22:00:00+01:00"),
        }));
    }
    let second = view(0x52, sessions().remove(1));
    items.push(TimelineItem::Session(Box::new(second)));
    items.sort_by_key(|item| std::cmp::Reverse(item.at()));
    PatientPage {
        in_two_wordings: 0,
        patient: ada(),
        glance: glance(),
        documents: documents(),
        timeline: Timeline {
            items,
            filter: Filter::All,
            counts: Counts {
                shared: [(Shelf::Entries, 3), (Shelf::CheckIns, 9)].into(),
                replies: Some(1),
                sessions: 3,
            },
            before: None,
            older: None,
        },
        others: Vec::new(),
        sessions: planned(),
        visits: visits(),
        stands: Some(Seen::of("as it stands")),
        count: SessionCount {
            held: 2,
            ahead: 1,
            planned: Some(2),
        },
        closed: Some(Gate::ChangedSince),
        check: PlanCheck {
            out_of_order: Vec::new(),
            visits_at_one_time: Vec::new(),
            beyond_plan: Some(BeyondPlan { planned: 2 }),
            before_integration: vec![(
                moment("2026-11-18T10:00:00+01:00"),
                moment("2026-11-26T10:00:00+01:00"),
            )],
        },
        screening: None,
        costs: Some(costs()),
        warnings: Vec::new(),
        flags: Vec::new(),
        over_time: OverTime {
            clock_ahead: 0,
            check_ins: check_ins(),
            sessions: sessions(),
            older: 0,
        },
    }
}

/// A sheet of two lines, walked through; an earlier version of it was acknowledged.
pub(crate) fn costs() -> Costs {
    let mut sheet = CostSheet::new(moment("2026-10-29T10:00:00+01:00"));
    let session = CostLine {
        label: "Dosing session, three hours".to_owned(),
        provider: "Maya Lindqvist & Dr Mira Haddad".to_owned(),
        payer: Payer::Either,
        is_medicine: false,
        hsa_fsa: true,
        amount: "45000 USD".parse().ok(),
    };
    let medicine = CostLine {
        label: "Ketamine".to_owned(),
        provider: String::new(),
        payer: Payer::Cash,
        is_medicine: true,
        hsa_fsa: false,
        amount: None,
    };
    sheet.lines.push(ItemId::new([0xc1; 16]), session);
    sheet.lines.push(ItemId::new([0xc2; 16]), medicine);
    sheet.version = 2;
    let sheet = view(0xc0, sheet);
    let walked = CostWalkthrough {
        about: sheet.id,
        revision: sheet.revision.clone(),
        planned: Some(6),
        by: "Dr Mira Haddad".to_owned(),
        at: moment("2026-11-20T09:00:00+01:00"),
    };
    let earlier = CostAcknowledgement {
        about: sheet.id,
        revision: Revision::new([ChangeHash::new([0xbf; 32])]),
        planned: Some(6),
        by: "Ada".to_owned(),
        at: moment("2026-11-02T09:00:00+01:00"),
    };
    let of = Agreement {
        sheet: sheet.id,
        revision: sheet.revision.clone(),
        planned: Some(6),
    };
    let review = CostReview::of(of, Since::default(), [walked], [earlier]);
    Costs {
        sheet,
        planned: Some(6),
        is_asked: true,
        review,
    }
}
