//! All that a patient shares can be found and opened, of whatever kind; and nothing else can.

use companion_core::domain::measure::{Given, Instrument, ItemNumber, MeasureId, Points};
use companion_core::domain::session_preparation::SessionPreparation;
use companion_core::domain::{
    ContactRequest, Content, Declared, DosingSession, Kind, KindVisitor, Moment, NextSessionItem,
    Placement, ReadReceipt, Response, Visibility, declared, visit_kinds,
};
use companion_core::patient::Patient;

use super::*;
use crate::view::shelf::Shelf;

/// Makes one document of each kind of some sort on the phone.
struct Make<'a> {
    phone: &'a Patient,
    visibility: Visibility,
    is_wanted: fn(&Declared) -> bool,
    made: Vec<(Kind, DocumentId)>,
}

impl KindVisitor for Make<'_> {
    fn visit<T: Content>(&mut self) {
        if (self.is_wanted)(declared(&T::KIND).unwrap()) {
            let mut content = T::examples().remove(0);
            content.set_visibility(self.visibility);
            let id = self.phone.create(content).unwrap().id;
            self.made.push((T::KIND, id));
        }
    }
}

impl Console {
    pub(super) fn make(
        &self,
        visibility: Visibility,
        is_wanted: fn(&Declared) -> bool,
    ) -> Vec<(Kind, DocumentId)> {
        // After the times that the examples tell of.
        self.stage.clock.advance_ms(3 * 60 * 60_000);
        let mut make = Make {
            phone: &self.stage.phone,
            visibility,
            is_wanted,
            made: Vec::new(),
        };
        visit_kinds(&mut make);
        self.stage.sync();
        make.made
    }

    fn page_of(&self, kind: &Kind, id: DocumentId) -> String {
        Shelf::of(kind).unwrap().address(self.stage.patient, id)
    }

    fn new_things(&self) -> u64 {
        self.stage.clinic.caseload().unwrap()[0].new
    }

    fn receipts(&self, id: DocumentId) -> usize {
        let query = Query::<ReadReceipt>::about(id);
        let page = self.stage.clinic.page(self.stage.patient, &query);
        page.unwrap().items.len()
    }
}

#[tokio::test]
async fn every_kind_that_counts_as_new_has_a_line_and_a_page_and_is_new_no_more_once_it_was_opened()
{
    let console = Console::new(Channel::Tls);
    let made = console.make(Visibility::CareTeam, |declared| declared.to_be_seen);
    assert!(made.len() >= 11, "{made:?}");
    let cookie = console.signed_in().await;
    assert_eq!(console.new_things(), made.len() as u64 + 1, "the river too");
    let patient = console.get(&console.patient(), &cookie).await;
    assert!(patient.status.is_success(), "{}", patient.body);
    console.get(&console.entry(), &cookie).await;
    for (kind, id) in &made {
        let page = console.page_of(kind, *id);
        assert!(
            patient.body.contains(&format!("href=\"{page}\"")),
            "no line: {kind:?}"
        );
        let opened = console.get(&page, &cookie).await;
        assert!(opened.status.is_success(), "{kind:?}: {}", opened.body);
        assert!(
            opened.body.contains("Mark reviewed") || opened.body.contains("medicines-reviewed")
        );
        assert!(opened.body.contains("Reply to the patient"), "{kind:?}");
        assert_eq!(console.receipts(*id), 1, "{kind:?}");
    }
    assert_eq!(console.new_things(), 0);
}

#[tokio::test]
async fn each_thing_is_reviewed_and_answered_on_its_own_page_and_on_no_other_kinds() {
    let console = Console::new(Channel::Tls);
    let made = console.make(Visibility::TalkInSession, |declared| {
        declared.to_be_seen && declared.placement == Placement::ByVisibility
    });
    let cookie = console.signed_in().await;
    for (kind, id) in &made {
        let page = console.page_of(kind, *id);
        let shown = console.get(&page, &cookie).await.body;
        let revision = hidden(&shown, "revision");
        for (word, form, done) in [
            ("reply", "body=Thank+you.".to_owned(), "replied"),
            (
                "reviewed",
                format!("reviewed=yes&revision={revision}"),
                "reviewed",
            ),
            (
                "talked",
                format!("talked=yes&revision={revision}"),
                "talked",
            ),
        ] {
            let answer = console
                .post(&format!("{page}/{word}"), &cookie, &form)
                .await;
            assert!(
                answer.leads_to(&format!("{page}?done={done}")),
                "{kind:?} {word}: {}",
                answer.body
            );
        }
        let shown = console.get(&page, &cookie).await.body;
        assert!(shown.contains("</span>Reviewed</span>") && shown.contains("Thank you."));
        let elsewhere = if *kind == ContactRequest::KIND {
            Shelf::Goals
        } else {
            Shelf::ContactRequests
        };
        let elsewhere = elsewhere.address(console.stage.patient, *id);
        let answer = console.get(&elsewhere, &cookie).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{kind:?}");
    }
    let timeline = console
        .get(&format!("{}?show=replies", console.patient()), &cookie)
        .await
        .body;
    assert_eq!(timeline.matches("class=\"item reply\"").count(), made.len());
}

#[tokio::test]
async fn nothing_that_a_patient_keeps_private_shows_on_any_page() {
    let console = Console::new(Channel::Tls);
    let made = console.make(Visibility::OnlyMe, |declared| {
        declared.placement == Placement::ByVisibility
    });
    assert!(made.len() >= 7, "{made:?}");
    let cookie = console.signed_in().await;
    let pages = [
        console.patient(),
        format!("{}/at-a-glance?since=beginning", console.patient()),
    ];
    for path in &pages {
        let page = console.get(path, &cookie).await.body;
        for (kind, id) in &made {
            assert!(!page.contains(&id.to_string()), "{kind:?} on {path}");
        }
    }
    for (kind, id) in &made {
        let answer = console.get(&console.page_of(kind, *id), &cookie).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{kind:?}");
    }
}

#[tokio::test]
async fn what_was_taken_back_shows_that_it_was_and_nothing_of_what_it_said() {
    let console = Console::new(Channel::Tls);
    let cookie = console.signed_in().await;
    let stage = &console.stage;
    let plan = NextSessionItem {
        visibility: Visibility::CareTeam,
        ..NextSessionItem::new("I take this back.", stage.phone.now())
    };
    let id = stage.phone.create(plan).unwrap().id;
    stage.sync();
    stage.phone.withdraw::<NextSessionItem>(id).unwrap();
    stage.sync();
    let page = Shelf::NextSession.address(stage.patient, id);
    for path in [
        page,
        console.patient(),
        format!("{}?show=next-session", console.patient()),
    ] {
        let shown = console.get(&path, &cookie).await.body;
        assert!(
            shown.contains("Line for the next session withdrawn"),
            "{path}"
        );
        assert!(!shown.contains("I take this back."), "{path}");
    }
}

/// The value of a hidden field.
pub(super) fn hidden(page: &str, name: &str) -> String {
    let field = format!("name=\"{name}\" value=\"");
    page.split_once(&field)
        .map_or("", |(_, rest)| rest.split('"').next().unwrap())
        .to_owned()
}

/// PHQ-9 with the same answer everywhere.
fn phq_9(at: Moment, points: u8) -> Response {
    let phq = Instrument::offered().find(|one| one.id == MeasureId::from_stored("phq-9"));
    let phq = phq.unwrap();
    let mut response = Response::new(phq, at);
    for item in phq.items {
        response.give(item.number, Given::Points(Points(points)));
    }
    response.visibility = Visibility::CareTeam;
    response.finished_at = Some(at);
    response
}

#[tokio::test]
async fn an_answer_to_a_measure_is_shown_item_by_item_and_compared_with_the_baseline() {
    const DAY: i64 = 24 * 60 * 60_000;
    let console = Console::new(Channel::Tls);
    let stage = &console.stage;
    let earliest = stage.phone.create(phq_9(stage.phone.now(), 3)).unwrap();
    stage.clock.advance_ms(DAY);
    let first = stage.phone.create(phq_9(stage.phone.now(), 2)).unwrap();
    stage.clock.advance_ms(DAY);
    let session = DosingSession::new(1, stage.clinic.now());
    console.be_ready();
    stage.clinic.plan_session(stage.patient, session).unwrap();
    stage.clock.advance_ms(14 * DAY);
    let later = stage.phone.create(phq_9(stage.phone.now(), 1)).unwrap();
    let mut half = phq_9(stage.phone.now(), 0);
    half.give(ItemNumber::new(4).unwrap(), Given::Skipped);
    let half = stage.phone.create(half).unwrap();
    stage.sync();
    let cookie = console.signed_in().await;
    let page = |id| Shelf::Measures.address(stage.patient, id);

    // What came later is nothing to compare it with.
    let shown = console.get(&page(earliest.id), &cookie).await.body;
    assert!(shown.contains("Total 27 of 27") && shown.contains("This is the baseline"));
    let shown = console.get(&page(first.id), &cookie).await.body;
    assert!(shown.contains("Total 18 of 27") && shown.contains("The baseline is 27"));
    assert!(shown.contains("Thoughts that you would be better off dead"));
    assert!(
        shown.contains("about thoughts of death or of hurting oneself: More than half the days")
    );
    let shown = console.get(&page(later.id), &cookie).await.body;
    assert!(shown.contains("Total 9 of 27") && shown.contains("The baseline is 18"));
    assert!(shown.contains("This total is 9 points lower."));
    assert!(shown.contains("More than the error of the measure"));
    let shown = console.get(&page(half.id), &cookie).await.body;
    assert!(shown.contains("No total: incomplete: no answer to item 4."));
    assert!(!shown.contains(" of 27") && !shown.contains("The baseline is"));
    for word in ["improve", "worse", "recover", "deteriorat"] {
        assert!(!shown.to_lowercase().contains(word), "a verdict: {word}");
    }
}

#[tokio::test]
async fn a_request_to_be_contacted_is_not_opened_by_passing_over_it() {
    let console = Console::new(Channel::Tls);
    let cookie = console.signed_in().await;
    let stage = &console.stage;
    let asked = ContactRequest {
        words: "Please call after five.".to_owned(),
        ..ContactRequest::new(stage.phone.now())
    };
    let id = stage.phone.create(asked).unwrap().id;
    stage.sync();
    let timeline = console.get(&console.patient(), &cookie).await.body;
    let (_, timeline) = timeline.split_once("<section class=\"timeline\"").unwrap();
    assert!(timeline.contains("Asked to be contacted"));
    assert!(!timeline.contains("after five"));
    let glance = format!("{}/at-a-glance", console.patient());
    let glance = console.get(&glance, &cookie).await.body;
    assert!(glance.contains("Request to be contacted") && !glance.contains("after five"));
    assert_eq!(console.receipts(id), 0);
    let page = Shelf::ContactRequests.address(stage.patient, id);
    assert!(
        console
            .get(&page, &cookie)
            .await
            .body
            .contains("after five")
    );
    assert_eq!(console.receipts(id), 1);
    assert_eq!(console.audited("opened contact request").len(), 1);
}

#[tokio::test]
async fn a_session_shows_what_the_patient_settled_and_that_its_ride_is_open() {
    let console = Console::new(Channel::Tls);
    console.be_ready();
    let cookie = console.signed_in().await;
    let stage = &console.stage;
    let form =
        "number=1&at=2026-11-26T10%3A00&session_therapist=Maya&session_provider=Dr+Vega&note=";
    let path = format!("{}/sessions", console.patient());
    let answer = console.post(&path, &cookie, form).await;
    assert!(answer.status.is_redirection(), "{}", answer.body);
    let session = console.sessions().remove(0);
    assert_eq!(session.content.medical_provider, "Dr Vega");
    let glance = format!("{}/at-a-glance", console.patient());
    for path in [&console.patient(), &glance] {
        let page = console.get(path, &cookie).await.body;
        for word in [
            "<bdi>Maya</bdi>",
            "<bdi>Dr Vega</bdi>",
            "No ride home is named",
            "Eyeshades: not said",
        ] {
            assert!(page.contains(word), "{word} on {path}");
        }
    }
    stage.sync();
    let mut said = SessionPreparation::new(session.id, stage.phone.now());
    said.eyeshades = Some(true);
    said.music = Some(false);
    said.escort_name = "Ida".to_owned();
    let said = stage.phone.create(said).unwrap();
    stage.sync();
    for path in [&console.patient(), &glance] {
        let page = console.get(path, &cookie).await.body;
        assert!(page.contains("Eyeshades, no music."), "{path}");
        assert!(page.contains("The ride home is not confirmed"), "{path}");
    }
    let page = Shelf::Preparations.address(stage.patient, said.id);
    let shown = console.get(&page, &cookie).await.body;
    assert!(shown.contains("Ida") && shown.contains("is not confirmed"));
    assert!(
        !shown.contains("Mark reviewed"),
        "ticks are reviewed by nobody"
    );
    let answer = console
        .post(&format!("{page}/reviewed"), &cookie, "reviewed=no")
        .await;
    assert!(answer.status.is_client_error());
    stage
        .phone
        .edit::<SessionPreparation>(said.id, &said.revision, |said| {
            let at = said.at;
            said.confirm_ride(at, session.content.at);
        })
        .unwrap();
    stage.sync();
    let shown = console.get(&console.patient(), &cookie).await.body;
    assert!(shown.contains("Ride home confirmed") && !shown.contains("ride home is not confirmed"));
    let mut other = SessionPreparation::new(session.id, stage.phone.now());
    other.music_note = "Quiet piano".to_owned();
    let other = stage.phone.create(other).unwrap();
    stage.sync();
    for id in [said.id, other.id] {
        let page = Shelf::Preparations.address(stage.patient, id);
        let shown = console.get(&page, &cookie).await.body;
        for word in ["Quiet piano", "Ida", "this ride is agreed"] {
            assert!(shown.contains(word), "what two phones said: {word}");
        }
    }
}

#[tokio::test]
async fn a_name_that_is_too_long_for_a_session_is_told_beside_its_field() {
    let console = Console::new(Channel::Tls);
    let cookie = console.signed_in().await;
    let form = format!(
        "number=1&at=2026-11-26T10%3A00&session_provider={}",
        "x".repeat(500)
    );
    let path = format!("{}/sessions", console.patient());
    let answer = console.post(&path, &cookie, &form).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.body.contains("id=\"session_provider-error\""));
}
