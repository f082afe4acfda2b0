//! Handing a summary over to a provider outside, from the page that shows what would leave to the line in the log.

use companion_core::domain::release::{AtProgrammeEnd, ReleaseTerms};
use companion_core::domain::{Moment, RecordSection, RecordSections};

use super::meanwhile::shown;
use super::*;
use crate::accounts::{Area, Right, Rights};

const HOUR: i64 = 3_600_000;

impl Console {
    /// Ada releases these sections for an hour.
    fn released(&self, sections: impl Into<RecordSections>) -> DocumentId {
        let phone = &self.stage.phone;
        let now = phone.now();
        let given = phone.give_release(ReleaseTerms {
            provider: "Dr. Iris Okafor".to_owned(),
            what: "psychiatrist".to_owned(),
            contact: String::new(),
            sections: sections.into(),
            purpose: "To agree on the medicines.".to_owned(),
            until: Moment {
                unix_ms: now.unix_ms + HOUR,
                ..now
            },
            at_programme_end: AtProgrammeEnd::GoesOn,
        });
        self.stage.sync();
        given.unwrap().id
    }

    fn releases(&self) -> String {
        format!("{}/releases", self.patient())
    }
}

#[tokio::test]
async fn what_the_page_shows_is_what_leaves_and_it_is_logged_before_it_does() {
    let console = Console::new(Channel::Tls);
    let cookie = console.signed_in().await;
    let release = console.released([RecordSection::Journal]);
    let page = console.get(&console.releases(), &cookie).await.body;
    assert!(
        page.contains("Dr. Iris Okafor") && page.contains("Live"),
        "{page}"
    );
    let place = format!("{}/{release}", console.releases());
    let preview = console.get(&place, &cookie).await;
    assert_eq!(preview.status, StatusCode::OK, "{}", preview.body);
    assert!(preview.body.contains("The river again"), "{}", preview.body);
    let told = || {
        console
            .stage
            .clinic
            .told_outside(console.stage.patient)
            .unwrap()
    };
    assert!(told().is_empty(), "looking at it sends nothing");
    let file = console.press(&place, &place, &cookie).await;
    assert_eq!(file.status, StatusCode::OK, "{}", file.body);
    assert!(file.header("content-disposition").contains("summary.md"));
    assert!(file.body.contains("The river again"));
    for line in file
        .body
        .lines()
        .filter(|line| !line.contains(['*', '>', '“', '\'', '&']))
    {
        assert!(preview.body.contains(line), "{line}");
    }
    assert_eq!(told().len(), 1);
    assert_eq!((&*told()[0].by, told()[0].documents.len()), ("Mira", 1));
    console.stage.sync();
    assert_eq!(console.stage.phone.told_outside().unwrap(), told());
    assert_eq!(console.audited("handed over a summary").len(), 1);
    let page = console.get(&console.releases(), &cookie).await.body;
    assert!(page.contains("handed over as a file by"), "{page}");
}

#[tokio::test]
async fn a_summary_that_is_handed_over_twice_from_one_page_is_told_once_and_given_twice() {
    let console = Console::new(Channel::Tls);
    let cookie = console.signed_in().await;
    let release = console.released([RecordSection::Journal]);
    let place = format!("{}/{release}", console.releases());
    let page = console.get(&place, &cookie).await.body;
    let form = format!("{}&once={}", shown(&page, &place), once(&page));
    let told = || console.stage.clinic.told_outside(console.stage.patient);
    let (one, other) = tokio::join!(
        console.post(&place, &cookie, &form),
        console.post(&place, &cookie, &form)
    );
    for file in [one, other] {
        assert_eq!(file.status, StatusCode::OK, "{}", file.body);
        assert!(file.body.contains("The river again"));
    }
    assert_eq!(told().unwrap().len(), 1);
    // From a page of its own it is another telling.
    console.press(&place, &place, &cookie).await;
    assert_eq!(told().unwrap().len(), 2);
    // What has changed since is not given again.
    console.stage.write("", "One thing more.");
    console.stage.sync();
    let again = console.post(&place, &cookie, &form).await;
    assert_eq!(again.status, StatusCode::CONFLICT, "{}", again.body);
    assert_eq!(told().unwrap().len(), 2);
}

#[tokio::test]
async fn a_page_that_stood_open_hands_nothing_over_once_the_release_is_gone_or_the_words_are_others()
 {
    let console = Console::new(Channel::Tls);
    let cookie = console.signed_in().await;
    let release = console.released([RecordSection::Journal]);
    let place = format!("{}/{release}", console.releases());
    let open = console.get(&place, &cookie).await.body;
    let seen = open.split_once("name=\"seen\" value=\"").unwrap().1;
    let seen = format!("seen={}", seen.split('"').next().unwrap());
    console.stage.write("", "One thing more.");
    console.stage.sync();
    let changed = console.post(&place, &cookie, &seen).await;
    assert_eq!(changed.status, StatusCode::CONFLICT, "{}", changed.body);
    assert!(!changed.body.contains("One thing more."));
    console.stage.phone.take_back_release(release, "").unwrap();
    console.stage.sync();
    let gone = console.post(&place, &cookie, &seen).await;
    assert_eq!(gone.status, StatusCode::CONFLICT, "{}", gone.body);
    assert!(gone.body.contains("was taken back"), "{}", gone.body);
    let other = console.released([RecordSection::Journal]);
    console.stage.clock.advance_ms(HOUR);
    let cookie = console.signed_in().await;
    let place = format!("{}/{other}", console.releases());
    let late = console.get(&place, &cookie).await;
    assert!(late.body.contains("has expired"), "{}", late.body);
    assert!(!late.body.contains("The river again"));
    let told = console.stage.clinic.told_outside(console.stage.patient);
    assert!(told.unwrap().is_empty());
}

#[tokio::test]
async fn nobody_hands_over_what_their_own_role_does_not_show() {
    let console = Console::new(Channel::Tls);
    let release = console.released([RecordSection::Journal]);
    let rights: Rights = Area::all()
        .map(|area| match area {
            Area::Section(RecordSection::Journal) => (area, Right::None),
            other => (other, Right::Change),
        })
        .collect();
    let accounts = &console.app.accounts;
    accounts
        .set_rights(Role::Therapist, &rights, "Mira")
        .unwrap();
    accounts
        .add_clinician("Noor", PASSPHRASE, Role::Therapist)
        .unwrap();
    let noor = console.signed_in_as("noor").await;
    let place = format!("{}/{release}", console.releases());
    let shown = console.get(&place, &noor).await;
    assert_eq!(shown.status, StatusCode::FORBIDDEN);
    assert!(!shown.body.contains("The river again"), "{}", shown.body);
    let mira = console.signed_in().await;
    let open = console.get(&place, &mira).await.body;
    let seen = open.split_once("name=\"seen\" value=\"").unwrap().1;
    let seen = format!("seen={}", seen.split('"').next().unwrap());
    let refused = console.post(&place, &noor, &seen).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    // An emergency lets them read, and hands nothing to anybody.
    let emergency = format!("{}/emergency", console.patient());
    let reason = "emergency_reason=She+called+from+the+bridge.";
    let opened = console.fill(&emergency, &emergency, &noor, reason).await;
    assert!(opened.status.is_redirection(), "{}", opened.body);
    let refused = console.post(&place, &noor, &seen).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN, "{}", refused.body);
    let told = console.stage.clinic.told_outside(console.stage.patient);
    assert!(told.unwrap().is_empty());
    // Whoever looked at what would leave has looked at that section.
    let looks = console
        .stage
        .clinic
        .access_log(console.stage.patient)
        .unwrap();
    let of = |name: &str| {
        looks
            .iter()
            .any(|look| look.by == name && look.first.contains_key(&RecordSection::Journal))
    };
    assert!(of("Mira") && !of("Noor"), "{looks:?}");
}

#[tokio::test]
async fn a_release_is_asked_for_and_the_question_taken_back() {
    let console = Console::new(Channel::Tls);
    let cookie = console.signed_in().await;
    let place = console.releases();
    let none = "provider=Dr.+Okafor&what=psychiatrist&purpose=To+agree.&until=2020-01-01&at_programme_end=";
    let refused = console.fill(&place, &place, &cookie, none).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        refused.body.contains("at_programme_end-error"),
        "{}",
        refused.body
    );
    let past = format!("{none}goes_on&section_costs=yes");
    let refused = console.fill(&place, &place, &cookie, &past).await;
    assert!(
        refused.body.contains("until-error") && refused.body.contains("has passed already"),
        "{}",
        refused.body
    );
    let no_section = none.replace("2020", "2027") + "goes_on";
    let refused = console.fill(&place, &place, &cookie, &no_section).await;
    assert!(
        refused.body.contains("Choose at least one section."),
        "{}",
        refused.body
    );
    let good = format!("{no_section}&section_costs=yes&section_goals=yes");
    let asked = console.fill(&place, &place, &cookie, &good).await;
    assert!(
        asked.leads_to(&format!("{place}?done=release-asked")),
        "{}",
        asked.body
    );
    console.stage.sync();
    let requests = console.stage.phone.release_requests().unwrap();
    assert_eq!(requests.len(), 1);
    let sections = [RecordSection::Goals, RecordSection::Costs];
    assert_eq!(requests[0].request.terms.sections, sections.into());
    let back = format!("{place}/requests/{}/take-back", requests[0].id);
    let gone = console.press(&place, &back, &cookie).await;
    assert!(
        gone.leads_to(&format!("{place}?done=request-gone")),
        "{}",
        gone.body
    );
    let page = console.get(&place, &cookie).await.body;
    assert!(
        page.contains("Taken back") && !page.contains("No answer yet"),
        "{page}"
    );
}

#[tokio::test]
async fn rules_for_releases_are_set_and_a_page_that_stood_open_undoes_nobodys() {
    let console = Console::new(Channel::Tls);
    let cookie = console.signed_in().await;
    let place = "/release-rules";
    let open = console.get(place, &cookie).await.body;
    let seen = open.split_once("name=\"seen\" value=\"").unwrap().1;
    let seen = seen.split('"').next().unwrap();
    let nonsense = console.fill(place, place, &cookie, "longest_days=0").await;
    assert!(
        nonsense.body.contains("is not between 1 and 3650"),
        "{}",
        nonsense.body
    );
    let set = console
        .fill(place, place, &cookie, "longest_days=90&part_2=yes")
        .await;
    assert!(
        set.leads_to("/release-rules?done=release-rules"),
        "{}",
        set.body
    );
    let rules = || console.stage.clinic.release_rules().unwrap().unwrap();
    assert_eq!((rules().longest_days, rules().part_2), (90, true));
    let stale = format!("longest_days=3650&seen={seen}");
    let stale = console.post(place, &cookie, &stale).await;
    assert_eq!(stale.status, StatusCode::CONFLICT, "{}", stale.body);
    assert_eq!(rules().longest_days, 90);
    console.stage.sync();
    console.stage.sync();
    assert_eq!(console.stage.phone.longest_release_days().unwrap(), 90);
}

#[tokio::test]
async fn nothing_is_offered_to_hand_over_once_the_patient_ended_their_account() {
    let console = Console::new(Channel::Tls);
    let cookie = console.signed_in().await;
    let release = console.released([RecordSection::Journal]);
    let page = console.get(&console.releases(), &cookie).await.body;
    let offer = format!("{}/{release}", console.releases());
    assert!(
        page.contains(&offer) && page.contains("Ask the patient"),
        "{page}"
    );
    let phone = &console.stage.phone;
    phone
        .end_account(companion_core::patient::SharedThen::Stays)
        .unwrap();
    assert!(phone.sync().unwrap().ended);
    console.stage.clinic.sync().unwrap();
    let page = console.get(&console.releases(), &cookie).await.body;
    assert!(
        page.contains("Ended with the patient\u{2019}s account"),
        "{page}"
    );
    for words in ["Live", offer.as_str(), "Ask the patient"] {
        assert!(!page.contains(words), "{words}: {page}");
    }
    let preview = console.get(&offer, &cookie).await;
    assert_eq!(preview.status, StatusCode::CONFLICT, "{}", preview.body);
    assert!(
        !preview.body.contains("The river again"),
        "{}",
        preview.body
    );
}
