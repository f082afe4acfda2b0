//! An emergency ends when the person or the clinic's lead says so, and the patient reads that it did.

use companion_core::domain::Access;

use super::*;
use crate::accounts::Role;

impl Console {
    async fn opens_in_an_emergency(&self, cookie: &str) {
        let place = format!("{}/emergency", self.patient());
        let why = "emergency_reason=She+called+from+the+bridge.";
        let opened = self.fill(&place, &place, cookie, why).await;
        let to = format!("{}?done=emergency", self.patient());
        assert!(opened.leads_to(&to), "{}", opened.body);
        let read = self.get(&self.entry(), cookie).await;
        assert_eq!(read.status, StatusCode::OK);
    }

    async fn is_refused(&self, cookie: &str) {
        let refused = self.get(&self.entry(), cookie).await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN);
    }

    /// What the patient reads of Noor's looks.
    fn told_of_noor(&self) -> Access {
        let looks = self.stage.clinic.access_log(self.stage.patient).unwrap();
        looks.into_iter().find(|look| look.by == "Noor").unwrap()
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
    assert_eq!(console.told_of_noor().emergency_ended, None);
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
    assert!(told.emergency_ended.is_some() && !told.in_emergency.is_empty());
    // Said again, it is what it was.
    console.post(&end, &noor, "").await;
    assert_eq!(
        console.audited("ended an emergency"),
        [format!("Noor {}", console.stage.patient)]
    );
    // Another one is another one.
    console.opens_in_an_emergency(&noor).await;
    assert_eq!(console.told_of_noor().emergency_ended, None);
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
    assert!(console.told_of_noor().emergency_ended.is_some());
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
    assert!(console.told_of_noor().emergency_ended.is_some());
}
