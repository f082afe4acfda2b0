//! An emergency ends when the person or the clinic's lead says so, and the patient reads that it did.

use companion_core::domain::{EmergencyAccess, RecordSection};

use super::*;
use crate::accounts::{EMERGENCY_MS, Role};

impl Console {
    async fn opens_in_an_emergency(&self, cookie: &str) {
        self.opens_since(cookie, "She called from the bridge.")
            .await;
        let read = self.get(&self.entry(), cookie).await;
        assert_eq!(read.status, StatusCode::OK);
    }

    async fn opens_since(&self, cookie: &str, why: &str) {
        let place = format!("{}/emergency", self.patient());
        let why = format!("emergency_reason={}", why.replace(' ', "+"));
        let opened = self.fill(&place, &place, cookie, &why).await;
        let to = format!("{}?done=emergency", self.patient());
        assert!(opened.leads_to(&to), "{}", opened.body);
    }

    async fn is_refused(&self, cookie: &str) {
        let refused = self.get(&self.entry(), cookie).await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN);
    }

    /// What the patient reads of Noor's emergencies, in their order.
    fn told_of_noor(&self) -> Vec<EmergencyAccess> {
        let looks = self.stage.clinic.access_log(self.stage.patient).unwrap();
        let noor = looks.into_iter().find(|look| look.by == "Noor").unwrap();
        noor.emergencies.into_values().collect()
    }

    /// Every field of every document that the patient takes along from their phone.
    fn all_that_the_patient_has(&self) -> String {
        self.stage.sync();
        let export = self.stage.phone.export().unwrap();
        export.files.into_iter().map(|file| file.text).collect()
    }
}

const END: &str = "End the emergency now";

#[tokio::test]
async fn whoever_opened_a_record_in_an_emergency_ends_that_themselves_and_the_patient_reads_it() {
    let console = Console::new(Channel::Tls);
    let noor = console.also("Noor", Role::Coordinator).await;
    let patient = console.patient();
    let glance = format!("{patient}/at-a-glance?since=beginning");
    let pages = [&patient, &glance];
    for page in pages {
        assert!(!console.get(page, &noor).await.body.contains(END), "{page}");
    }
    console.opens_in_an_emergency(&noor).await;
    assert_eq!(console.told_of_noor()[0].ended, None);
    for page in pages {
        assert!(console.get(page, &noor).await.body.contains(END), "{page}");
    }
    let end = format!("{patient}/emergency/end");
    let ended = console.post(&end, &noor, "").await;
    assert!(ended.leads_to(&format!("{patient}?done=emergency-ended")));
    console.is_refused(&noor).await;
    for page in pages {
        assert!(!console.get(page, &noor).await.body.contains(END), "{page}");
    }
    let told = console.told_of_noor();
    assert!(told[0].ended.is_some() && !told[0].looks.is_empty());
    // Said again, it is what it was.
    console.post(&end, &noor, "").await;
    assert_eq!(
        console.audited("ended an emergency"),
        [format!("Noor {}", console.stage.patient)]
    );
    // Another one is another one.
    console.opens_in_an_emergency(&noor).await;
    let again = console.told_of_noor();
    assert_eq!((again.len(), &again[0]), (2, &told[0]));
    assert_eq!(again[1].ended, None);
}

#[tokio::test]
async fn the_patient_is_told_each_emergency_of_a_day_from_when_until_when_and_not_why() {
    let console = Console::new(Channel::Tls);
    let noor = console.also("Noor", Role::Coordinator).await;
    let (clinic, clock) = (&console.stage.clinic, &console.stage.clock);
    let form = format!("{}/emergency", console.patient());
    let page = console.get(&form, &noor).await.body;
    assert!(
        page.contains("Your reason stays with the clinic."),
        "{page}"
    );
    // Told as soon as it is opened, whatever is looked at in it.
    console
        .opens_since(&noor, "She called from the bridge.")
        .await;
    let begun = clinic.now();
    let told = console.told_of_noor();
    assert_eq!(told.len(), 1);
    assert_eq!(told[0].begun, begun);
    assert_eq!(told[0].until.unix_ms, begun.unix_ms + EMERGENCY_MS);
    assert!(told[0].looks.is_empty());
    clock.advance_ms(EMERGENCY_MS + 60_000);
    let noor = console.signed_in_as("Noor").await;
    console.is_refused(&noor).await;
    console.opens_since(&noor, "Her sister called.").await;
    let second = clinic.now();
    console.get(&console.entry(), &noor).await;
    let told = console.told_of_noor();
    assert_eq!(told.len(), 2);
    assert_eq!((told[0].begun, told[0].ended), (begun, None));
    assert!(told[0].looks.is_empty());
    assert_eq!(told[1].begun, second);
    assert!(told[1].looks.contains_key(&RecordSection::Journal));
    assert!(
        console
            .stage
            .clinic
            .note_emergency_ended(console.stage.patient, "Noor")
            .unwrap()
    );
    // It may tell of somebody who called in confidence.
    let has = console.all_that_the_patient_has();
    assert!(has.contains("emergencies") && has.contains("Noor"), "{has}");
    for word in ["bridge", "sister"] {
        assert!(!has.contains(word), "{has}");
    }
}

#[tokio::test]
async fn the_lead_ends_an_emergency_of_somebody_elses_on_the_page_of_people() {
    let console = Console::new(Channel::Tls);
    let mira = console.signed_in().await;
    let noor = console.also("Noor", Role::Coordinator).await;
    console.opens_in_an_emergency(&noor).await;
    let page = console.get("/people", &mira).await.body;
    let (_, end) = page.split_once("action=\"/people/emergencies/").unwrap();
    let (id, _) = end.split_once('/').unwrap();
    let end = format!("/people/emergencies/{id}/end");
    let refused = console.post(&end, &noor, "").await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    let none = console.post("/people/emergencies/99/end", &mira, "").await;
    assert_eq!(none.status, StatusCode::NOT_FOUND);
    let ended = console.post(&end, &mira, "").await;
    assert!(ended.leads_to("/people?done=anothers-emergency-ended"));
    console.is_refused(&noor).await;
    assert!(console.told_of_noor()[0].ended.is_some());
    let page = console.get("/people", &mira).await.body;
    assert!(page.contains("ended by") && !page.contains(&end), "{page}");
    assert_eq!(
        console.audited("ended an emergency"),
        [format!("Mira {}", console.stage.patient)]
    );
}

#[tokio::test]
async fn access_that_is_ended_and_given_again_within_the_hour_opens_no_emergency_again() {
    let console = Console::new(Channel::Tls);
    let mira = console.signed_in().await;
    let noor = console.also("Noor", Role::Coordinator).await;
    console.opens_in_an_emergency(&noor).await;
    let mut people = console.app.accounts.people().unwrap().into_iter();
    let id = people.find(|person| person.name == "Noor").unwrap().id;
    for place in ["end-access", "again"] {
        let place = format!("/people/{id}/{place}");
        let set = console.fill("/people", &place, &mira, "").await;
        assert!(set.status.is_redirection(), "{place}: {}", set.body);
    }
    let noor = console.signed_in_as("Noor").await;
    console.is_refused(&noor).await;
    assert!(console.told_of_noor()[0].ended.is_some());
}
