//! The medicine of a session, as it is written down, shown and taken back without JavaScript.

use companion_core::clinic::MedicineOfSession;
use companion_core::domain::{DosingSession, MedicineRecord, MedicineShown, Readiness};

use super::*;

impl Console {
    /// A session of Ada's that is to come.
    fn session_to_come(&self) -> DocumentId {
        let (clinic, ada) = (&self.stage.clinic, self.stage.patient);
        let ready = Readiness::ready("Mira", clinic.now());
        clinic.create(ada, ready).unwrap();
        let session = DosingSession {
            therapist: "Mira".to_owned(),
            medical_provider: "Dr. Vega".to_owned(),
            ..DosingSession::new(1, clinic.now())
        };
        let planned = clinic.plan_session(ada, session);
        planned.unwrap().id
    }

    pub(super) fn medicine(&self, session: DocumentId) -> MedicineOfSession {
        let clinic = &self.stage.clinic;
        let medicine = clinic.medicine(self.stage.patient, session).unwrap();
        medicine.unwrap()
    }

    /// Presses the button that shows route and dose, on the page as it is now.
    async fn show(&self, session: DocumentId, cookie: &str) -> Answer {
        let place = format!("{}/sessions/{session}/medicine/show", self.patient());
        let seen = self.medicine(session).record.revision;
        self.post(&place, cookie, &format!("revision={seen}")).await
    }

    /// What Ada's phone is shown of route and dose.
    fn shown_on_the_phone(&self) -> Vec<String> {
        self.stage.sync();
        self.stage.phone.sync().unwrap();
        let all = self.stage.phone.page(&Query::<MedicineShown>::all());
        let all = all.unwrap().items.into_iter().map(|view| view.content);
        all.filter(MedicineShown::is_shown)
            .map(|one| one.dose)
            .collect()
    }
}

#[tokio::test]
async fn a_patient_sees_of_the_medicine_a_copy_that_is_shown_and_taken_back() {
    let console = Console::new(Channel::Tls);
    let cookie = console.signed_in().await;
    let session = console.session_to_come();
    let place = format!("{}/sessions/{session}/medicine", console.patient());
    let patient = console.get(&console.patient(), &cookie).await.body;
    assert!(patient.contains(&format!("href=\"{place}\"")));
    let page = console.get(&place, &cookie).await.body;
    assert!(page.contains("Nothing is written down yet."));
    let nonsense = console
        .post(&place, &cookie, "revision=&route=zzz&dose=5+mg")
        .await;
    assert_eq!(nonsense.status, StatusCode::BAD_REQUEST);
    let written = console
        .post(&place, &cookie, "revision=&route=sl&dose=as+we+agreed")
        .await;
    assert!(
        written.leads_to(&format!("{place}?done=medicine")),
        "{}",
        written.body
    );
    assert!(console.shown_on_the_phone().is_empty(), "nobody showed it");
    let page = console.get(&place, &cookie).await.body;
    assert!(page.contains("under the tongue (SL)") && page.contains("Nothing of route and dose."));
    assert!(page.contains("<dd dir=\"auto\"><strong>as we agreed</strong></dd>"));
    console.show(session, &cookie).await;
    assert_eq!(console.shown_on_the_phone(), ["as we agreed"]);
    // The record changes, and the copy is old until it is shown anew.
    let seen = console.medicine(session).record.revision;
    let form = format!("revision={seen}&route=sl&dose=another+plan");
    console.post(&place, &cookie, &form).await;
    assert_eq!(console.shown_on_the_phone(), ["as we agreed"]);
    let page = console.get(&place, &cookie).await.body;
    assert!(page.contains("The copy is old") && page.contains("Show what the record says now"));
    console.show(session, &cookie).await;
    assert_eq!(console.shown_on_the_phone(), ["another plan"]);
    console
        .press(&place, &format!("{place}/hide"), &cookie)
        .await;
    assert!(console.shown_on_the_phone().is_empty());
    assert_eq!(console.audited("showed medicine").len(), 2);
    assert_eq!(console.audited("took back shown medicine").len(), 1);
}

#[tokio::test]
async fn readings_have_a_time_and_are_not_judged_and_a_mistyped_number_is_said_beside_its_field() {
    let console = Console::new(Channel::Tls);
    let cookie = console.signed_in().await;
    let session = console.session_to_come();
    let place = format!("{}/sessions/{session}/medicine", console.patient());
    let readings = format!("{place}/readings");
    for (form, field) in [
        ("reading_at=2026-11-23T10:00&systolic=12", "systolic"),
        (
            "reading_at=2026-11-23T10:00&systolic=120&diastolic=130",
            "diastolic",
        ),
        ("reading_at=2026-11-23T10:00&pulse=fast", "pulse"),
        ("reading_at=2026-11-23T10:00&spo2=101", "spo2"),
        (
            "reading_at=2026-11-23T10:00&dissociation=11",
            "dissociation",
        ),
        (
            "reading_at=2026-11-23T10:00&dissociation=far",
            "dissociation",
        ),
        ("reading_at=now&pulse=70", "reading_at"),
        ("reading_at=2026-11-23T10:00", "systolic"),
    ] {
        let refused = console.post(&readings, &cookie, form).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{form}");
        let beside = format!("id=\"{field}-error\"");
        assert!(refused.body.contains(&beside), "{form}: {}", refused.body);
    }
    // However high or low, it is what was read.
    let form = "reading_at=2026-11-23T10:00&systolic=210&diastolic=120&pulse=150&spo2=85&dissociation=9&reading_note=Calm.";
    let added = console.post(&readings, &cookie, form).await;
    assert!(
        added.leads_to(&format!("{place}?done=reading")),
        "{}",
        added.body
    );
    let page = console.get(&place, &cookie).await.body;
    let (_, listed) = page.split_once("id=\"readings\"").unwrap();
    assert!(listed.contains(
        "210/120 mmHg, pulse 150 a minute, oxygen saturation 85 %, dissociation 9 of 10 as the clinician saw it"
    ));
    for word in ["high", "low", "normal", "danger"] {
        assert!(!listed.contains(&format!(" {word} ")), "{word}");
    }
    let (id, _) = {
        let record = console.medicine(session).record.content;
        let (id, reading) = record.vitals.iter().next().unwrap();
        (id, reading.clone())
    };
    console
        .post(&format!("{readings}/{id}/remove"), &cookie, "")
        .await;
    assert!(console.medicine(session).record.content.vitals.is_empty());
    assert!(listed.contains("read by <bdi>Mira</bdi>"), "{listed}");
    assert_eq!(console.audited("added reading").len(), 1);
    assert_eq!(console.audited("took back reading").len(), 1);
    assert!(console.audited("wrote medicine").is_empty());
}

#[tokio::test]
async fn a_form_that_stood_open_does_not_write_over_what_somebody_wrote_meanwhile() {
    let console = Console::new(Channel::Tls);
    let cookie = console.signed_in().await;
    let session = console.session_to_come();
    let place = format!("{}/sessions/{session}/medicine", console.patient());
    console
        .post(&place, &cookie, "revision=&route=sl&dose=as+we+agreed")
        .await;
    let late = console
        .post(&place, &cookie, "revision=&route=im&dose=something+else")
        .await;
    assert_eq!(late.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        late.body
            .contains("Mira wrote down “under the tongue (SL), as we agreed” meanwhile.")
    );
    assert!(late.body.contains("something else"), "what was typed stays");
    assert_eq!(
        console.medicine(session).record.content.dose,
        "as we agreed"
    );
}

#[tokio::test]
async fn route_and_dose_of_an_old_page_are_neither_lost_nor_mixed_with_those_of_now() {
    let console = Console::new(Channel::Tls);
    let cookie = console.signed_in().await;
    let session = console.session_to_come();
    let place = format!("{}/sessions/{session}/medicine", console.patient());
    let seen = || console.medicine(session).record.revision;
    let said = || {
        let record = console.medicine(session).record.content;
        (record.route.unwrap().as_str().to_owned(), record.dose)
    };
    console
        .post(&place, &cookie, "revision=&route=im&dose=50+mg")
        .await;
    let old = seen();
    // A reading is no change of either.
    let reading = "reading_at=2026-11-23T10:00&pulse=70";
    console
        .post(&format!("{place}/readings"), &cookie, reading)
        .await;
    let form = format!("revision={old}&route=im&dose=60+mg");
    console.post(&place, &cookie, &form).await;
    assert_eq!(said(), ("im".to_owned(), "60 mg".to_owned()));
    let form = format!("revision={}&route=iv&dose=70+mg", seen());
    console.post(&place, &cookie, &form).await;
    for typed in ["STOPPED+at+20+mg", "50+mg"] {
        let late = format!("revision={old}&route=im&dose={typed}");
        let late = console.post(&place, &cookie, &late).await;
        assert_eq!(late.status, StatusCode::UNPROCESSABLE_ENTITY, "{typed}");
        assert!(
            late.body
                .contains("Mira wrote down “into a vein (IV), 70 mg” meanwhile.")
        );
        assert!(
            late.body.contains(&typed.replace('+', " ")),
            "{typed} stays"
        );
        assert_eq!(said(), ("iv".to_owned(), "70 mg".to_owned()));
        assert!(late.body.contains(&format!("value=\"{}\"", seen())));
    }
    // Whoever has read it can put theirs in its place.
    let form = format!("revision={}&route=im&dose=STOPPED+at+20+mg", seen());
    let written = console.post(&place, &cookie, &form).await;
    assert!(written.leads_to(&format!("{place}?done=medicine")));
    assert_eq!(said(), ("im".to_owned(), "STOPPED at 20 mg".to_owned()));
}

#[tokio::test]
async fn what_a_patient_is_shown_is_what_stood_on_the_page() {
    let console = Console::new(Channel::Tls);
    let cookie = console.signed_in().await;
    let session = console.session_to_come();
    let place = format!("{}/sessions/{session}/medicine", console.patient());
    console
        .post(&place, &cookie, "revision=&route=im&dose=75+mg")
        .await;
    let old = console.medicine(session).record.revision;
    let page = console.get(&place, &cookie).await.body;
    let (_, button) = page
        .split_once(&format!("action=\"{place}/show\""))
        .unwrap();
    let (button, _) = button.split_once("</form>").unwrap();
    assert!(button.contains(&format!("name=\"revision\" value=\"{old}\"")));
    let form = format!("revision={old}&route=im&dose=90+mg");
    console.post(&place, &cookie, &form).await;
    for form in [format!("revision={old}"), String::new()] {
        let late = console.post(&format!("{place}/show"), &cookie, &form).await;
        assert!(late.status.is_client_error(), "{form}");
        assert!(console.shown_on_the_phone().is_empty(), "nobody saw 90 mg");
        if !form.is_empty() {
            assert!(
                late.body.contains("into a muscle (IM), 90 mg"),
                "{}",
                late.body
            );
            assert!(late.body.contains(&format!("href=\"{place}\"")));
        }
    }
    console.show(session, &cookie).await;
    assert_eq!(console.shown_on_the_phone(), ["90 mg"]);
}

#[tokio::test]
async fn a_record_in_two_wordings_is_shown_to_nobody_until_somebody_chose() {
    let console = Console::new(Channel::Tls);
    let cookie = console.signed_in().await;
    let (clinic, ada) = (&console.stage.clinic, console.stage.patient);
    let session = console.session_to_come();
    let place = format!("{}/sessions/{session}/medicine", console.patient());
    console
        .post(&place, &cookie, "revision=&route=sl&dose=as+we+agreed")
        .await;
    let seen = console.medicine(session).record;
    for dose in ["25 mg", "50 mg"] {
        let edit = |it: &mut MedicineRecord| {
            dose.clone_into(&mut it.dose);
            it.by = format!("Dr. {dose}");
        };
        clinic
            .edit::<MedicineRecord>(ada, seen.id, &seen.revision, edit)
            .unwrap();
    }
    let page = console.get(&place, &cookie).await.body;
    assert!(page.contains("In two wordings: the dose"), "{page}");
    assert!(page.contains("choose what holds first"));
    assert!(!page.contains(&format!("action=\"{place}/show\"")));
    let revision = console.medicine(session).record.revision;
    let form = format!("revision={revision}");
    let refused = console.post(&format!("{place}/show"), &cookie, &form).await;
    assert!(refused.status.is_client_error());
    assert!(
        refused
            .body
            .contains("was written differently in two places")
    );
    assert!(console.shown_on_the_phone().is_empty());
    let record = console.medicine(session).record;
    let of = |field: &str| record.apart.iter().find(|apart| apart.field == field);
    let doses = &of("dose").unwrap().wordings;
    let at = doses.iter().position(|dose| dose == "25 mg").unwrap() + 1;
    let form = format!("revision={revision}&field=dose&wording={at}");
    let choice = format!("{}/wordings/{}", console.patient(), record.id);
    let chosen = console.post(&choice, &cookie, &form).await;
    assert!(chosen.leads_to(&format!("{place}?done=wording")));
    let record = console.medicine(session).record;
    assert_eq!((&*record.content.dose, record.apart), ("25 mg", vec![]));
    assert_eq!(record.content.by, "Mira", "who chose keeps the record");
    assert_eq!(console.audited("chose wording of medicine").len(), 1);
    console.show(session, &cookie).await;
    assert_eq!(console.shown_on_the_phone(), ["25 mg"]);
}
