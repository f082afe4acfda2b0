//! What counts as read, and what does not.

use companion_core::domain::ReadReceipt;

use super::*;

impl Console {
    /// Who opened something, as the patient's phone will say it.
    fn opened(&self, id: DocumentId) -> Vec<String> {
        let query = Query::<ReadReceipt>::about(id);
        let page = self.stage.clinic.page(self.stage.patient, &query).unwrap();
        page.items.into_iter().map(|view| view.content.by).collect()
    }

    pub(super) async fn refresh(&self, path: &str, cookie: &str) -> Answer {
        let request = Request::get(path)
            .header("cookie", cookie)
            .header("console-live", "1")
            .body(Body::empty())
            .unwrap();
        self.ask(request).await
    }
}

#[tokio::test]
async fn opening_an_entry_is_written_down_and_a_page_refreshing_itself_is_not() {
    let console = Console::new(Channel::Tls);
    let cookie = console.signed_in().await;
    let entry = console.entry();
    let answer = console.refresh(&entry, &cookie).await;
    assert!(answer.status.is_success() && answer.body.contains("The river again"));
    assert!(console.opened(console.river.id).is_empty());
    assert!(console.audited("opened entry").is_empty());
    console.get(&entry, &cookie).await;
    console.get(&entry, &cookie).await;
    assert_eq!(console.opened(console.river.id), ["Mira"], "once");
    let about = format!("Mira {}", console.stage.patient);
    assert_eq!(console.audited("opened entry"), [about.clone(), about]);
    assert!(console.audited("saw patient").is_empty());
}

#[tokio::test]
async fn what_a_timeline_shows_in_full_counts_as_opened_and_a_beginning_does_not() {
    let console = Console::new(Channel::Tls);
    let cookie = console.signed_in().await;
    let stage = &console.stage;
    let low = stage.check_in(1, "I do not see the point any more.");
    let short = stage.write("", "Only this.");
    stage.sync();
    let caseload = console.get("/", &cookie).await.body;
    assert!(caseload.contains("1 new check-in") && caseload.contains("2 unread"));
    let page = console.refresh(&console.patient(), &cookie).await.body;
    assert!(page.contains("I do not see the point any more."));
    assert!(console.opened(low.id).is_empty(), "nobody need have looked");
    let page = console.get(&console.patient(), &cookie).await.body;
    assert_eq!(
        page.matches(">New<").count(),
        3,
        "new to whoever opens it now"
    );
    assert_eq!(console.opened(low.id), ["Mira"]);
    assert_eq!(console.opened(short.id), ["Mira"]);
    assert!(console.opened(console.river.id).is_empty(), "a beginning");
    let page = console.get(&console.patient(), &cookie).await.body;
    assert_eq!(page.matches(">New<").count(), 1, "the long one");
    let caseload = console.get("/", &cookie).await.body;
    assert!(!caseload.contains("new check-in") && caseload.contains("1 unread"));
    assert_eq!(console.audited("saw patient").len(), 2);
}

#[tokio::test]
async fn a_withdrawn_entry_shows_that_it_was_and_nothing_else() {
    let console = Console::new(Channel::Tls);
    let cookie = console.signed_in().await;
    let stage = &console.stage;
    stage.phone.withdraw::<Entry>(console.river.id).unwrap();
    stage.sync();
    for path in [console.entry(), console.patient()] {
        let page = console.get(&path, &cookie).await;
        assert!(page.status.is_success(), "{path}");
        assert!(page.body.contains("Entry withdrawn"), "{path}");
        assert!(!page.body.contains("river") && !page.body.contains("coming back"));
    }
}
