//! Whoever is shown a section of a patient's record is written down for the patient.

use std::collections::BTreeSet;

use companion_core::domain::{Access, RecordSection};

use super::super::routes::About;
use super::kept::filled;
use super::*;
use crate::accounts::{Area, Right, Rights, Role};

impl Console {
    fn looks(&self) -> Vec<Access> {
        self.stage.clinic.access_log(self.stage.patient).unwrap()
    }

    /// The sections that somebody looked at today.
    fn looked_at(&self, name: &str) -> BTreeSet<RecordSection> {
        let looks = self.looks().into_iter().filter(|look| look.by == name);
        looks.flat_map(|look| look.first.into_keys()).collect()
    }
}

/// An address of Ada's, with something of hers in the place of each name, as far as there is something.
fn of_ada(console: &Console, route: &str) -> String {
    let (ada, river) = (
        console.stage.patient.to_string(),
        console.river.id.to_string(),
    );
    filled(
        &route
            .replace("{patient}", &ada)
            .replace("entries/{id}", &format!("entries/{river}")),
    )
}

#[tokio::test]
async fn every_address_that_shows_a_section_writes_down_who_looked() {
    let console = Console::new(Channel::Tls);
    let mira = console.signed_in().await;
    console.be_ready();
    let (_, session) = console.booked(48);
    let session = session.rsplit('/').next().unwrap().to_owned();
    let routes = super::super::addresses::guarded();
    let mut asked = 0;
    for (number, (route, about)) in routes.addresses().enumerate() {
        let shows = match about {
            About::One(Area::Section(section)) => BTreeSet::from([section]),
            About::Record => RecordSection::ALL.into(),
            About::One(_) | About::Parts => BTreeSet::new(),
        };
        let address = of_ada(&console, &route.replace("{session}", &session));
        if !route.starts_with("/patients/")
            || !console.get(&address, &mira).await.status.is_success()
        {
            continue;
        }
        // Somebody new for each address: what they looked at is what that address showed.
        let name = format!("Noor {number}");
        let accounts = &console.app.accounts;
        accounts
            .add_clinician(&name, PASSPHRASE, Role::Lead)
            .unwrap();
        let cookie = console.signed_in_as(&name.replace(' ', "+")).await;
        console.get(&address, &cookie).await;
        assert_eq!(console.looked_at(&name), shows, "{route}");
        asked += usize::from(!shows.is_empty());
    }
    assert!(asked > 8, "{asked} addresses showed something");
}

#[tokio::test]
async fn a_page_that_is_refused_or_only_leads_on_is_no_look() {
    let console = Console::new(Channel::Tls);
    let cookie = console.signed_in().await;
    let entry = console.entry();
    let nowhere = format!("{}/entries/{}", console.patient(), "0b".repeat(16));
    assert_eq!(
        console.get(&nowhere, &cookie).await.status,
        StatusCode::NOT_FOUND
    );
    console
        .post(&format!("{entry}/reply"), &cookie, "body=Yes.")
        .await;
    let rights: Rights = Area::all().map(|area| (area, Right::None)).collect();
    let accounts = &console.app.accounts;
    accounts
        .set_rights(Role::Coordinator, &rights, "Mira")
        .unwrap();
    accounts
        .add_clinician("Noor", PASSPHRASE, Role::Coordinator)
        .unwrap();
    let noor = console.signed_in_as("noor").await;
    assert_eq!(
        console.get(&entry, &noor).await.status,
        StatusCode::FORBIDDEN
    );
    console.get(&console.patient(), &noor).await;
    assert_eq!(console.looks(), []);
    console.get(&entry, &cookie).await;
    console.get(&entry, &cookie).await;
    let looks = console.looks();
    assert_eq!(looks.len(), 1);
    assert_eq!((&*looks[0].by, &*looks[0].role), ("Mira", "clinic lead"));
    assert_eq!(console.looked_at("Mira"), [RecordSection::Journal].into());
}

#[tokio::test]
async fn patients_are_told_who_signs_in_and_what_each_may_open() {
    let console = Console::new(Channel::Tls);
    let people = || {
        let newest = Query::<companion_core::domain::People>::all();
        let page = console
            .stage
            .clinic
            .page(console.stage.patient, &newest)
            .unwrap();
        let people = page.items.into_iter().next().map(|view| view.content);
        let people = people.into_iter().flat_map(|all| {
            let all = all.people.iter().map(|(_, one)| one.clone());
            all.collect::<Vec<_>>()
        });
        people.collect::<Vec<_>>()
    };
    let mira = console.signed_in().await;
    let told = people();
    assert_eq!((&*told[0].name, &*told[0].role), ("Mira", "clinic lead"));
    assert_eq!(told[0].sections.iter().count(), RecordSection::ALL.len());
    let accounts = &console.app.accounts;
    accounts
        .add_clinician("Noor", PASSPHRASE, Role::Coordinator)
        .unwrap();
    console.signed_in_as("noor").await;
    let shown: Vec<RecordSection> = people()[1].sections.iter().collect();
    assert_eq!(shown, [RecordSection::Programme, RecordSection::Costs]);
    // Through the page, as a lead would.
    let noor = accounts
        .people()
        .unwrap()
        .into_iter()
        .find(|one| one.name == "Noor");
    let place = format!("/people/{}/end-access", noor.unwrap().id);
    let ended = console.fill("/people", &place, &mira, "").await;
    assert!(
        ended.status.is_redirection(),
        "{} {}",
        ended.status,
        ended.body
    );
    let left: Vec<String> = people().into_iter().map(|one| one.name).collect();
    assert_eq!(left, ["Mira"]);
}

#[tokio::test]
async fn no_way_to_a_page_leaves_a_look_out() {
    let console = Console::new(Channel::Tls);
    console.signed_in().await;
    let journal = || BTreeSet::from([RecordSection::Journal]);
    let accounts = &console.app.accounts;
    for name in ["Noor", "Sam", "Otto"] {
        accounts
            .add_clinician(name, PASSPHRASE, Role::Lead)
            .unwrap();
    }
    // An address that is written otherwise leads to the same page.
    let noor = console.signed_in_as("noor").await;
    let ada = console.stage.patient.to_string();
    let first = ada.bytes().next().unwrap();
    let (path, code) = (console.entry(), format!("%{first:02X}"));
    let written = path.replacen(
        &format!("/patients/{}", char::from(first)),
        &format!("/patients/{code}"),
        1,
    );
    assert_ne!(written, path);
    assert_eq!(console.get(&written, &noor).await.status, StatusCode::OK);
    assert_eq!(console.looked_at("Noor"), journal());
    // A page that says that it refreshes itself is shown.
    let sam = console.signed_in_as("sam").await;
    let request = Request::get(&path)
        .header("cookie", &sam)
        .header("console-live", "1")
        .body(Body::empty())
        .unwrap();
    assert_eq!(console.ask(request).await.status, StatusCode::OK);
    assert_eq!(console.looked_at("Sam"), journal());
    // A form that is refused stands on the page that it was sent from.
    let otto = console.signed_in_as("otto").await;
    let refused = console.post(&format!("{path}/reply"), &otto, "body=").await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.body.contains("coming back"));
    assert_eq!(console.looked_at("Otto"), journal());
}
