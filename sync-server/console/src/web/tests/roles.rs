//! What a role does not show is on no page, and what it may not change is changed by no form.

use std::collections::BTreeSet;

use axum::routing::get;
use companion_core::domain::RecordSection;

use super::super::routes::{About, Routes};
use super::kept::filled;
use super::*;
use crate::accounts::{Area, EMERGENCY_MS, Right, Rights};
use crate::view::shelf::Shelf;

/// Pages with parts of several areas, which ask for themselves, and what is about no area.
const PARTS: [&str; 13] = [
    "/",
    "/calendar",
    "/calendar/revoke",
    "/drafts",
    "/drafts/discard",
    "/live",
    "/patients/{patient}",
    "/patients/{patient}/at-a-glance",
    "/patients/{patient}/emergency",
    "/patients/{patient}/emergency/end",
    "/patients/{patient}/wordings",
    "/patients/{patient}/wordings/{id}",
    "/sign-out",
];

impl Console {
    /// Somebody who works here beside Mira, signed in.
    pub(super) async fn also(&self, name: &str, role: Role) -> String {
        self.app
            .accounts
            .add_clinician(name, PASSPHRASE, role)
            .unwrap();
        self.signed_in_as(name).await
    }

    pub(super) fn allow(&self, role: Role, right: impl Fn(Area) -> Right) {
        let rights: Rights = Area::all().map(|area| (area, right(area))).collect();
        self.app.accounts.set_rights(role, &rights, "Mira").unwrap();
    }
}

#[test]
fn every_shelf_belongs_to_a_section_of_the_record() {
    for shelf in Shelf::ALL {
        assert!(matches!(shelf.area(), Area::Section(_)), "{shelf:?}");
    }
}

#[test]
fn what_is_about_several_areas_is_known_by_name() {
    let routes = super::super::addresses::guarded();
    let parts = routes
        .addresses()
        .filter(|(_, about)| matches!(about, About::Parts | About::Record));
    let parts: BTreeSet<&str> = parts.map(|(address, _)| address).collect();
    let mut known = BTreeSet::from(PARTS);
    known.insert("/stay");
    assert_eq!(parts, known);
}

#[tokio::test]
async fn what_a_role_does_not_show_is_at_no_address_and_what_it_may_not_change_no_form_changes() {
    let console = Console::new(Channel::Tls);
    let cookie = console.also("Noor", Role::Therapist).await;
    let routes = super::super::addresses::guarded();
    for area in Area::all() {
        let of_area: Vec<String> = routes
            .addresses()
            .filter(|(_, about)| *about == About::One(area))
            .map(|(address, _)| filled(address))
            .collect();
        assert!(!of_area.is_empty(), "{area:?} has no address");
        for (right, reads) in [(Right::None, false), (Right::Read, true)] {
            console.allow(Role::Therapist, |one| {
                if one == area { right } else { Right::Change }
            });
            for address in &of_area {
                let page = console.get(address, &cookie).await;
                let is_refused = page.status == StatusCode::FORBIDDEN;
                assert_eq!(is_refused, !reads, "{right:?} {address}: {}", page.status);
                let sent = console.post(address, &cookie, "x=y").await;
                assert_eq!(sent.status, StatusCode::FORBIDDEN, "{right:?} {address}");
            }
        }
    }
}

#[test]
fn an_address_that_nobody_said_anything_of_cannot_be_added() {
    // Whoever adds a route says what it is about: there is no other way to add one.
    let routes = Routes::default().route("/x", Area::People, get(|| async {}));
    assert_eq!(
        routes.addresses().collect::<Vec<_>>(),
        [("/x", About::One(Area::People))]
    );
}

#[tokio::test]
async fn a_coordinator_reads_no_journal_until_it_is_an_emergency() {
    let console = Console::new(Channel::Tls);
    let mira = console.signed_in().await;
    let cookie = console.also("Noor", Role::Coordinator).await;
    let reply = format!("{}/reply", console.entry());
    console
        .post(&reply, &mira, "body=I+read+about+your+river.")
        .await;
    let patient = console.patient();
    let pages = [
        "/".to_owned(),
        patient.clone(),
        format!("{patient}?show=entries"),
        format!("{patient}?show=replies"),
        format!("{patient}/at-a-glance?since=beginning"),
        format!("{patient}/wordings"),
        console.entry(),
    ];
    let says = |body: &str| {
        body.contains("river") || body.contains("River") || body.contains("coming back")
    };
    for page in &pages {
        let mine = console.get(page, &mira).await;
        assert_eq!(mine.status, StatusCode::OK, "{page}");
        let answer = console.get(page, &cookie).await;
        assert!(!says(&answer.body), "{page}: {}", answer.body);
    }
    assert!(says(&console.get(&patient, &mira).await.body));
    let page = console.get(&patient, &cookie).await.body;
    assert!(page.contains("parts of the record are left out"), "{page}");
    assert!(
        !page.contains("Over time") && !page.contains("Raise a flag"),
        "{page}"
    );

    let emergency = format!("{patient}/emergency");
    let none = console
        .fill(&emergency, &emergency, &cookie, "emergency_reason=+")
        .await;
    assert_eq!(none.status, StatusCode::UNPROCESSABLE_ENTITY);
    for unseen in ["%E2%80%8B", "x%00y", "%E2%81%A0%E2%80%8D"] {
        let typed = format!("emergency_reason={unseen}");
        let none = console.fill(&emergency, &emergency, &cookie, &typed).await;
        assert_eq!(none.status, StatusCode::UNPROCESSABLE_ENTITY, "{unseen}");
    }
    let glance = format!("{patient}/at-a-glance?since=beginning");
    let glance = console.get(&glance, &cookie).await.body;
    assert!(
        glance.contains("“Safety” is not shown to your role."),
        "{glance}"
    );
    assert!(!glance.contains("No open flag"), "{glance}");
    assert!(console.get(&console.entry(), &cookie).await.status == StatusCode::FORBIDDEN);
    let opened = console
        .fill(
            &emergency,
            &emergency,
            &cookie,
            "emergency_reason=She+called+from+the+bridge.",
        )
        .await;
    assert!(
        opened.leads_to(&format!("{patient}?done=emergency")),
        "{}",
        opened.body
    );
    let entry = console.get(&console.entry(), &cookie).await;
    assert!(says(&entry.body));
    assert!(
        entry
            .body
            .contains("you may read this page and not change it"),
        "{}",
        entry.body
    );
    // The patient is told that it was an emergency's: of what the role shows anyway it is not.
    console.get(&patient, &cookie).await;
    let looks = console.stage.clinic.access_log(console.stage.patient);
    let mut looks = looks.unwrap().into_iter();
    let noor = looks.find(|look| look.by == "Noor").unwrap();
    let mut emergencies = noor.emergencies.into_values();
    let opened = emergencies.next().unwrap().looks;
    let opened: BTreeSet<RecordSection> = opened.into_keys().collect();
    let own = [RecordSection::Programme, RecordSection::Costs];
    assert!(opened.contains(&RecordSection::Journal));
    assert_eq!(opened.len(), RecordSection::ALL.len() - own.len());
    assert!(own.iter().all(|section| !opened.contains(section)));
    let before = console.replies();
    let refused = console.post(&reply, &cookie, "body=No.").await;
    assert_eq!(
        (refused.status, console.replies()),
        (StatusCode::FORBIDDEN, before)
    );
    assert_eq!(
        console.audited("opened in an emergency"),
        [format!("Noor {}", console.stage.patient)]
    );
    let people = console.get("/people", &mira).await.body;
    assert!(
        people.contains("She called from the bridge.") && people.contains("Ada Okafor"),
        "{people}"
    );

    console.stage.clock.advance_ms(EMERGENCY_MS);
    let again = console.signed_in_as("noor").await;
    assert_eq!(
        console.get(&console.entry(), &again).await.status,
        StatusCode::FORBIDDEN
    );
}

#[tokio::test]
async fn a_page_that_may_be_read_and_not_changed_has_its_forms_out_of_use() {
    let console = Console::new(Channel::Tls);
    let cookie = console.also("Noor", Role::Therapist).await;
    let costs = format!("{}/costs", console.patient());
    let free = console.get(&costs, &cookie).await.body;
    assert!(
        !free.contains("<fieldset class=\"read-only\" disabled>"),
        "{free}"
    );
    console.allow(Role::Therapist, |_| Right::Read);
    for page in [costs, console.patient()] {
        let page = console.get(&page, &cookie).await.body;
        assert!(
            page.contains("<fieldset class=\"read-only\" disabled>"),
            "{page}"
        );
    }
}

#[tokio::test]
async fn words_of_a_form_that_may_not_be_sent_any_more_wait_as_a_draft() {
    let console = Console::new(Channel::Tls);
    let cookie = console.also("Noor", Role::Therapist).await;
    console.allow(Role::Therapist, |_| Right::Read);
    let reply = format!("{}/reply", console.entry());
    let refused = console
        .post(&reply, &cookie, "body=Half+an+hour+of+words.")
        .await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    assert!(refused.body.contains("kept as a draft"), "{}", refused.body);
    assert!(console.replies().is_empty());
    console.allow(Role::Therapist, |_| Right::Change);
    let page = console.get(&console.entry(), &cookie).await.body;
    assert!(page.contains("Half an hour of words."), "{page}");
}

#[tokio::test]
async fn a_lead_sets_roles_and_rights_and_an_old_page_changes_nothing() {
    let console = Console::new(Channel::Tls);
    let cookie = console.signed_in().await;
    let noor = console.also("Noor", Role::Therapist).await;
    assert_eq!(
        console.get("/people", &noor).await.status,
        StatusCode::FORBIDDEN
    );
    let old = console.get("/people", &cookie).await.body;
    let seen = |page: &str, action: &str| {
        let form = page.split_once(&format!("action=\"{action}\"")).unwrap().1;
        let seen = form.split_once("name=\"seen\" value=\"").unwrap().1;
        seen.split('"').next().unwrap().to_owned()
    };
    let people = console.app.accounts.people().unwrap();
    let id = people
        .iter()
        .find(|person| person.name == "Noor")
        .unwrap()
        .id;
    let set = format!("/people/{id}/role");
    let form = format!("seen={}&role=coordinator", seen(&old, &set));
    assert!(
        console
            .post(&set, &cookie, &form)
            .await
            .leads_to("/people?done=role-set")
    );
    // The same from the page as it was: somebody set the role meanwhile.
    let stale = console
        .post(&set, &cookie, &form.replace("coordinator", "lead"))
        .await;
    assert_eq!(stale.status, StatusCode::CONFLICT);
    let end = format!("/people/{id}/end-access");
    let stale = console
        .post(&end, &cookie, &format!("seen={}", seen(&old, &end)))
        .await;
    assert_eq!(stale.status, StatusCode::CONFLICT);

    let rights = "/roles/coordinator";
    let mut form = format!("seen={}", seen(&old, rights));
    for area in Area::all() {
        form = format!("{form}&{}=read", area.as_str());
    }
    let half = form.replace("&people=read", "");
    assert_eq!(
        console.post(rights, &cookie, &half).await.status,
        StatusCode::BAD_REQUEST
    );
    assert!(
        console
            .post(rights, &cookie, &form)
            .await
            .leads_to("/people?done=rights-set")
    );
    assert_eq!(console.get("/people", &noor).await.status, StatusCode::OK);
    assert_eq!(
        console.post(rights, &noor, &form).await.status,
        StatusCode::FORBIDDEN
    );
    let stale = console
        .post(rights, &cookie, &form.replace("read", "none"))
        .await;
    assert_eq!(stale.status, StatusCode::CONFLICT);
    let rights = console.app.accounts.rights_of(Role::Coordinator).unwrap();
    assert!(rights.shows(RecordSection::Journal));
    let page = console.get("/people", &cookie).await.body;
    let ended = console
        .post(&end, &cookie, &format!("seen={}", seen(&page, &end)))
        .await;
    assert!(
        ended.leads_to("/people?done=access-ended"),
        "{}",
        ended.body
    );
    assert!(
        console
            .get("/people", &noor)
            .await
            .leads_to("/sign-in?to=%2Fpeople")
    );
}
