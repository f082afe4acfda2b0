//! Nothing of a section that a role does not show is on any page that the role is answered, in whatever form: not its
//! words, and no count, badge or sentence that tells how it stands.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use companion_core::clinic::{NewFlag, PlannedNumber};
use companion_core::domain::cost_sheet::{CostLine, Payer};
use companion_core::domain::flag::FlagSource;
use companion_core::domain::route_and_dose::RouteAndDose;
use companion_core::domain::visit::{Visit, VisitPurpose};
use companion_core::domain::{
    Belongs, Content, Declared, DosingSession, Intention, KindVisitor, Moment, Readiness,
    RecordSection, Visibility, visit_kinds,
};
use companion_core::records::PageSize;

use super::*;
use crate::accounts::{Area, Right};
use crate::view::timeline::Filter;

const DAY: i64 = 24 * 60 * 60 * 1000;

/// What tells how a section stands without a word of it: sentences, badges and counts of whoever is shown it.
fn told_of(section: RecordSection) -> &'static [&'static str] {
    match section {
        RecordSection::Programme => &[
            "class=\"phase\"",
            "Next session</span>",
            "Dosing session",
            ">S1",
            " planned in all.",
            "name=\"planned\"",
        ],
        RecordSection::Assessment => &["Assessment: ", "Outcome or costs are open"],
        RecordSection::Medicines => &["Screening: ", " of 4 open."],
        RecordSection::MedicineGiven => &["/medicine\""],
        RecordSection::Goals => &["Commitments"],
        RecordSection::Journal => &["Open the intention", "Entries", "before any integration"],
        RecordSection::CheckIns => &["Over time", "Check-ins <span class=\"number\">"],
        RecordSection::Measures => &["PHQ"],
        RecordSection::Safety => &["Flagged", "Flag: ", "Raise a flag"],
        RecordSection::Costs => &[
            "Structure and costs: ",
            "Outcome or costs are open",
            "is booked;",
        ],
    }
}

/// What goes over all sections together: counts, and when something last came.
const COUNTED: [&str; 8] = [
    "Last received",
    "last heard of",
    "Something that the patient shared was written",
    "tile-word\">To read",
    "tile-word\">To review",
    "tile-word\">To talk about",
    " unread</span>",
    " to review</span>",
];

/// The words of every document of the record, by section.
struct Words<'a> {
    console: &'a Console,
    by_section: BTreeMap<RecordSection, BTreeSet<String>>,
}

impl Words<'_> {
    fn add(&mut self, section: RecordSection, value: &serde_json::Value) {
        match value {
            serde_json::Value::String(words) if words.len() > 9 && words.contains(' ') => {
                self.by_section
                    .entry(section)
                    .or_default()
                    .insert(words.clone());
            }
            serde_json::Value::Array(all) => all.iter().for_each(|one| self.add(section, one)),
            serde_json::Value::Object(all) => all.values().for_each(|one| self.add(section, one)),
            _ => {}
        }
    }
}

impl KindVisitor for Words<'_> {
    fn visit<T: Content>(&mut self) {
        let Belongs::To(section) = T::BELONGS else {
            return;
        };
        let stage = &self.console.stage;
        let all = Query::<T>::all().size(PageSize::LARGEST);
        for view in stage.clinic.page(stage.patient, &all).unwrap().items {
            let said = serde_json::to_value(&view.content).unwrap();
            self.add(section, &said);
        }
    }
}

fn in_days(now: Moment, days: i64) -> Moment {
    Moment {
        unix_ms: now.unix_ms + days * DAY,
        ..now
    }
}

impl Console {
    /// A record with something in every section.
    fn rich(&self) -> DocumentId {
        let stage = &self.stage;
        let (clinic, patient) = (&stage.clinic, stage.patient);
        self.make(Visibility::CareTeam, |declared: &Declared| {
            declared.to_be_seen
        });
        stage.check_in(3, "A note beside the check-in.");
        let now = clinic.now();
        let ready = Readiness {
            explanation: "All of it speaks for beginning.".to_owned(),
            ..Readiness::ready("Dr. Vega", now)
        };
        clinic.create(patient, ready).unwrap();
        let mut ids = Vec::new();
        for number in 1..=2 {
            let session = DosingSession {
                place: format!("The blue room {number}"),
                therapist: "Maya Lindqvist".to_owned(),
                medical_provider: "Noah Abara".to_owned(),
                ..DosingSession::new(number, in_days(now, i64::from(number)))
            };
            ids.push(clinic.plan_session(patient, session).unwrap().id);
        }
        let visit = Visit {
            note: "Bring the blue notebook.".to_owned(),
            ..Visit::new(VisitPurpose::Assessment, in_days(now, 9))
        };
        clinic.plan_visit(patient, visit).unwrap();
        let given = RouteAndDose::new(None, "as written in the chart");
        clinic
            .set_medicine(patient, ids[0], None, given, "Mira")
            .unwrap();
        clinic
            .add_screening_item(patient, "Trouble with the thyroid")
            .unwrap();
        let line = CostLine {
            label: "The room for a day".to_owned(),
            provider: String::new(),
            payer: Payer::Cash,
            is_medicine: false,
            hsa_fsa: false,
            amount: None,
        };
        clinic.add_cost_line(patient, line).unwrap();
        clinic
            .plan_sessions(patient, "Mira", |_| Some(PlannedNumber::new(9, "")))
            .unwrap();
        let flag = NewFlag {
            about: None,
            source: FlagSource::Person,
            words: "Sounded very low on the phone.".to_owned(),
            by: "Mira".to_owned(),
            at: None,
        };
        clinic.raise_flag(patient, flag).unwrap();
        stage.sync();
        let intention = Intention {
            visibility: Visibility::CareTeam,
            ..Intention::new(ids[0], "To look at the lake again.", stage.phone.now())
        };
        stage.phone.create(intention).unwrap();
        stage.sync();
        clinic
            .reply(patient, self.river.id, "I read about your river.", "Mira")
            .unwrap();
        ids[0]
    }

    /// Every page that somebody comes to by links, and by addresses that they know.
    async fn all_pages(&self, cookie: &str, session: DocumentId) -> BTreeMap<String, String> {
        let patient = self.patient();
        let mut known: Vec<String> = Filter::all()
            .map(|filter| format!("{patient}?show={}", filter.as_str()))
            .collect();
        for page in ["flagged", "to-read", "to-talk-about", "to-review", "all"] {
            known.push(format!("/?show={page}"));
        }
        for below in [
            "outcome",
            "screening",
            "costs",
            "dates",
            "releases",
            "wordings",
            "emergency",
            "at-a-glance?since=beginning",
            "invitation",
        ] {
            known.push(format!("{patient}/{below}"));
        }
        known.push(format!("{patient}/sessions/{session}"));
        known.push(format!("{patient}/sessions/{session}/medicine"));
        let mut to_ask = VecDeque::from(known);
        let mut pages = BTreeMap::new();
        while let Some(address) = to_ask.pop_front() {
            let is_ours = address.starts_with('/') && !address.starts_with("/assets");
            // The pages of what is set for all patients are no part of a record.
            let is_asked =
                address == "/" || address.starts_with("/?") || address.contains(&patient);
            if !is_ours || !is_asked || pages.contains_key(&address) {
                continue;
            }
            let answer = self.get(&address, cookie).await;
            assert!(
                answer.status.is_success() || answer.status == StatusCode::FORBIDDEN,
                "{address}: {}",
                answer.status
            );
            let links = answer.body.split("href=\"").skip(1);
            to_ask.extend(links.map(|rest| {
                let link = rest.split(['"', '#']).next().unwrap_or_default();
                link.replace("&amp;", "&")
            }));
            pages.insert(address, answer.body);
        }
        pages
    }
}

#[tokio::test]
async fn no_page_tells_of_a_section_that_the_role_does_not_show() {
    let console = Console::new(Channel::Tls);
    let session = console.rich();
    let mut words = Words {
        console: &console,
        by_section: BTreeMap::new(),
    };
    visit_kinds(&mut words);
    let mut words = words.by_section;
    words
        .entry(RecordSection::Safety)
        .or_default()
        .insert("Sounded very low on the phone.".to_owned());
    words
        .entry(RecordSection::Journal)
        .or_default()
        .insert("I read about your river.".to_owned());
    // First, whoever is shown all: what is looked for below is there to be found.
    let mira = console.signed_in().await;
    let all = console.all_pages(&mira, session).await;
    assert!(all.len() > 40, "{}", all.len());
    let all: String = all.into_values().collect();
    for section in RecordSection::ALL {
        let its = words.entry(section).or_default();
        its.retain(|words| all.contains(&**words));
        // An answer to a measure has no words of its own.
        let has_none = section == RecordSection::Measures;
        assert_eq!(its.is_empty(), has_none, "{section:?}");
    }
    let told = RecordSection::ALL.into_iter().flat_map(told_of);
    let untold: Vec<_> = told
        .chain(&COUNTED)
        .filter(|words| !all.contains(**words))
        .collect();
    assert!(untold.is_empty(), "nobody is told {untold:?}");

    let noor = console.also("Noor", Role::Therapist).await;
    let mut leaks = BTreeSet::new();
    for section in RecordSection::ALL {
        console.allow(Role::Therapist, |area| match area {
            Area::Section(one) if one == section => Right::None,
            _ => Right::Change,
        });
        let elsewhere: BTreeSet<&String> = words
            .iter()
            .filter(|(of, _)| **of != section)
            .flat_map(|(_, words)| words)
            .collect();
        let its = words[&section]
            .iter()
            .filter(|one| !elsewhere.contains(one));
        let looked_for: Vec<&str> = its
            .map(|one| &**one)
            .chain(told_of(section).iter().copied())
            .chain(COUNTED)
            .collect();
        for (address, body) in console.all_pages(&noor, session).await {
            for found in looked_for.iter().filter(|one| body.contains(**one)) {
                leaks.insert(format!("{section:?} on {address}: {found:?}"));
            }
        }
    }
    let leaks: Vec<String> = leaks.into_iter().collect();
    assert!(leaks.is_empty(), "{}", leaks.join("\n"));
}

#[tokio::test]
async fn whoever_is_not_shown_the_assessment_is_refused_without_a_word_of_what_it_came_to() {
    let console = Console::new(Channel::Tls);
    let noor = console.also("Noor", Role::Coordinator).await;
    let patient = console.patient();
    let sessions = format!("{patient}/sessions");
    let form = "number=1&at=2026-12-01T10:00&session_therapist=Maya&session_provider=Noah";
    let refused = console.fill(&patient, &sessions, &noor, form).await;
    let phase = format!("{patient}/phase");
    let phase = console.fill(&patient, &phase, &noor, "phase=session").await;
    for answer in [&refused, &phase] {
        assert!(answer.status.is_client_error(), "{}", answer.status);
        assert!(
            answer.body.contains("Something has to be done first"),
            "{}",
            answer.body
        );
        assert!(!answer.body.contains("outcome"), "{}", answer.body);
    }
    // Whoever is shown it reads what it waits for.
    let mira = console.signed_in().await;
    let told = console.fill(&patient, &sessions, &mira, form).await;
    assert!(told.body.contains("no outcome yet"), "{}", told.body);
}

#[tokio::test]
async fn that_nothing_came_for_days_is_told_to_whoever_is_shown_all_and_to_nobody_else() {
    let console = Console::new(Channel::Tls);
    console.also("Noor", Role::Coordinator).await;
    console.stage.clock.advance_ms(9 * DAY);
    let patient = console.patient();
    let told = async |name: &str| {
        let cookie = console.signed_in_as(name).await;
        let mut all = String::new();
        for page in ["/", &patient, &format!("{patient}/at-a-glance")] {
            all.push_str(&console.get(page, &cookie).await.body);
        }
        let words = [
            "Nothing that the patient shared was written, changed or received in the last 9 days",
            "</span>Quiet</span>",
            "Last received",
        ];
        words.map(|words| all.contains(words))
    };
    assert_eq!(told("Mira").await, [true; 3]);
    assert_eq!(told("Noor").await, [false; 3]);
}

#[tokio::test]
async fn costs_are_walked_through_by_whoever_is_shown_how_many_sessions_are_planned() {
    let console = Console::new(Channel::Tls);
    console.rich();
    let costs = || {
        let costs = console.stage.clinic.costs(console.stage.patient);
        costs.unwrap().unwrap()
    };
    let noor = console.also("Noor", Role::Coordinator).await;
    console.allow(Role::Coordinator, |area| match area {
        Area::Section(RecordSection::Programme) => Right::None,
        _ => Right::Change,
    });
    let place = format!("{}/costs/walked-through", console.patient());
    let form = format!("revision={}&planned=9&once=0f", costs().sheet.revision);
    let refused = console.post(&place, &noor, &form).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    assert_eq!(costs().review.walked_through, None);
    console.allow(Role::Coordinator, |_| Right::Change);
    let walked = console.post(&place, &noor, &form).await;
    assert!(walked.status.is_redirection(), "{}", walked.body);
    assert!(costs().review.walked_through.is_some());
}
