//! Where two phones disagree, the clinician sees what each of them says.

use companion_core::domain::{Content, Goal, PatientRecord, Side};

use super::*;

impl Console {
    /// Lets two places change the same version of something apart.
    fn change_apart<T: Content>(&self, id: DocumentId, change: [&dyn Fn(&mut T); 2]) {
        let (clinic, ada) = (&self.stage.clinic, self.stage.patient);
        let seen = clinic.get::<T>(ada, id).unwrap().revision;
        for change in change {
            clinic.edit::<T>(ada, id, &seen, |it| change(it)).unwrap();
        }
        assert!(!clinic.get::<T>(ada, id).unwrap().apart.is_empty());
    }

    /// What the form of a page sends that lets something say the first of its wordings of a field.
    fn choice<T: Content>(&self, id: DocumentId, field: &str) -> String {
        let view = self.stage.clinic.get::<T>(self.stage.patient, id).unwrap();
        format!("revision={}&field={field}&wording=1", view.revision)
    }

    fn goal(&self) -> DocumentId {
        let clinic = &self.stage.clinic;
        let goal = Goal {
            domain: "sleep".to_owned().into(),
            text: "To sleep.".to_owned(),
            became: Default::default(),
            became_words: String::new(),
            at: clinic.now(),
        };
        let made = clinic.create_as(self.stage.patient, goal, "Mira");
        made.unwrap().id
    }
}

#[tokio::test]
async fn a_clinician_chooses_where_the_clinic_writes_too() {
    let console = Console::new(Channel::Tls);
    let cookie = console.signed_in().await;
    let (clinic, ada) = (&console.stage.clinic, console.stage.patient);
    let goal = console.goal();
    console.change_apart::<Goal>(
        goal,
        [&|it| it.text = "To sleep at night.".to_owned(), &|it| {
            it.text = "To wake up rested.".to_owned();
        }],
    );
    let place = format!("{}/wordings/{goal}", console.patient());
    let own = format!("{}/goals/{goal}", console.patient());
    let page = console.get(&own, &cookie).await.body;
    assert!(
        page.contains("In two wordings: the text") && page.contains(&format!("action=\"{place}\""))
    );
    let all = console.get(&console.patient(), &cookie).await.body;
    assert!(all.contains("1 thing stands in two wordings"), "{all}");
    let all = format!("{}/wordings", console.patient());
    assert!(console.get(&all, &cookie).await.body.contains(&own));
    let view = clinic.get::<Goal>(ada, goal).unwrap();
    let wanted = &view.apart[0].wordings[0];
    let form = console.choice::<Goal>(goal, "text");
    for odd in ["&wording=3", "&wording=0", "&wording="] {
        let odd = form.replace("&wording=1", odd);
        assert!(
            console
                .post(&place, &cookie, &odd)
                .await
                .status
                .is_client_error()
        );
    }
    let chosen = console.post(&place, &cookie, &form).await;
    assert!(chosen.leads_to(&format!("{own}?done=wording")));
    let now = clinic.get::<Goal>(ada, goal).unwrap();
    assert_eq!((&now.content.text, now.apart), (wanted, vec![]));
    let written = clinic.written(ada, goal).unwrap();
    assert_eq!((written[0].side, &*written[0].by), (Side::Clinic, "Mira"));
    assert_eq!(console.audited("chose wording").len(), 1);
    // The page that stood open since chooses nothing more.
    let late = console.post(&place, &cookie, &form).await;
    assert!(late.status.is_client_error() && late.body.contains("nothing was done"));
    assert_eq!(console.audited("chose wording").len(), 1);
}

#[tokio::test]
async fn what_has_no_page_of_its_own_is_chosen_on_the_page_of_all_wordings() {
    let console = Console::new(Channel::Tls);
    let cookie = console.signed_in().await;
    let (clinic, ada) = (&console.stage.clinic, console.stage.patient);
    let reply = clinic.reply(ada, console.river.id, "Thank you.", "Sam");
    let reply = reply.unwrap().id;
    console.change_apart::<Reply>(
        reply,
        [&|it| it.body = "Thank you, Ada.".to_owned(), &|it| {
            it.body = "I thank you.".to_owned();
        }],
    );
    let all = format!("{}/wordings", console.patient());
    let page = console.get(&all, &cookie).await.body;
    assert!(
        page.contains("Thank you, Ada.") && page.contains("I thank you."),
        "{page}"
    );
    let form = console.choice::<Reply>(reply, "body");
    let chosen = console
        .post(&format!("{all}/{reply}"), &cookie, &form)
        .await;
    assert!(chosen.leads_to(&format!("{all}?done=wording")));
    let now = clinic.get::<Reply>(ada, reply).unwrap();
    assert!(now.apart.is_empty());
    assert_eq!(now.content.by, "Mira", "who chose stands behind it");
    // The register is about no patient alone.
    console.change_apart::<PatientRecord>(
        ada,
        [&|it| it.pronouns = "he/him".to_owned(), &|it| {
            it.pronouns = "they/them".to_owned();
        }],
    );
    let caseload = console.get("/", &cookie).await.body;
    assert!(caseload.contains("href=\"/wordings\""), "{caseload}");
    let page = console.get("/wordings", &cookie).await.body;
    assert!(
        page.contains("he/him") && page.contains("they/them"),
        "{page}"
    );
    let form = console.choice::<PatientRecord>(ada, "pronouns");
    let chosen = console
        .post(&format!("/wordings/{ada}"), &cookie, &form)
        .await;
    assert!(chosen.leads_to("/wordings?done=wording"));
    assert!(clinic.own_in_two_wordings().unwrap().is_empty());
}

#[tokio::test]
async fn what_two_phones_rewrote_apart_is_shown_with_both_wordings_until_the_patient_chose() {
    let console = Console::new(Channel::Tls);
    let cookie = console.signed_in().await;
    let stage = &console.stage;
    let entry = stage.write("", "I feel safe.");
    stage.sync();
    let tablet = stage.second_phone();
    let says = |phone: &companion_core::patient::Patient, words: &str| {
        let seen = phone.get::<Entry>(entry.id).unwrap();
        phone
            .edit::<Entry>(seen.id, &seen.revision, |entry| {
                words.clone_into(&mut entry.body);
            })
            .unwrap();
    };
    says(&stage.phone, "I do not feel safe.");
    says(&tablet, "I never feel safe.");
    for _ in 0..2 {
        tablet.sync().unwrap();
        stage.sync();
    }
    let caseload = console.get("/", &cookie).await.body;
    assert!(caseload.contains("2 unread"), "the merged words are new");
    let timeline = console.get(&console.patient(), &cookie).await.body;
    assert!(timeline.contains("In two wordings"));
    let caseload = console.get("/", &cookie).await.body;
    assert!(
        caseload.contains("2 unread"),
        "one wording is not all of it"
    );
    let page = console.get(&console.entry_of(entry.id), &cookie).await.body;
    for wording in ["I do not feel safe.", "I never feel safe."] {
        assert!(page.contains(&format!(">{wording}</li>")), "{page}");
    }
    assert!(page.contains("Only the patient can choose"));
    let form = console.choice::<Entry>(entry.id, "body");
    let place = format!("{}/wordings/{}", console.patient(), entry.id);
    let refused = console.post(&place, &cookie, &form).await;
    assert!(refused.status.is_client_error());
    assert!(refused.body.contains("nly the patient can choose"));
    let before = stage.phone.get::<Entry>(entry.id).unwrap();
    assert_eq!(
        before.apart[0].wordings.len(),
        2,
        "it is the patient's word"
    );
    assert!(console.audited("chose wording").is_empty());
    assert!(console.get("/", &cookie).await.body.contains("1 unread"));
    // An edit alone chooses nothing.
    says(&stage.phone, "I do not feel safe at night.");
    stage.sync();
    let page = console.get(&console.entry_of(entry.id), &cookie).await.body;
    for wording in ["I never feel safe.", "I do not feel safe at night."] {
        assert!(page.contains(&format!(">{wording}</li>")), "{page}");
    }
    let view = stage.phone.get::<Entry>(entry.id).unwrap();
    let chosen = "I do not feel safe at night.";
    let chosen = stage
        .phone
        .choose_wording::<Entry>(view.id, &view.revision, "body", chosen);
    chosen.unwrap();
    stage.sync();
    for path in [console.patient(), console.entry_of(entry.id)] {
        let page = console.get(&path, &cookie).await.body;
        assert!(page.contains("at night.") && !page.contains("n two wordings"));
    }
}
