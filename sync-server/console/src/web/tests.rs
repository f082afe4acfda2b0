#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]

mod apart;
mod attachments;
mod calendar;
mod check_ins;
mod costs;
mod dates;
mod devices;
mod drafts;
mod emergencies;
mod export;
mod flags;
mod forks;
mod forms;
mod glance;
mod guides;
mod hidden;
mod kept;
mod looks;
mod meanwhile;
mod medicine;
mod pages;
mod prompts;
mod questions;
mod reading;
mod releases;
mod reminders;
mod retention;
mod roles;
mod safety;
mod screening;
mod sessions;
mod shelves;
mod stale;
mod stream;
mod team;
mod together;
mod twice;
mod unregistered;
mod who_was_there;

use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode, header};
use companion_core::domain::{DocumentId, Entry, Reply};
use companion_core::ports::testing::SeededRng;
use companion_core::records::{Query, View};
use tower::ServiceExt as _;

use super::*;
use crate::accounts::{Accounts, Role};
use crate::door::{Door, Limits, Names};
use crate::live::Live;
use crate::rehearsal::Rehearsal;

const PASSPHRASE: &str = "correct horse battery staple";
const NAME: &str = "console.example";

fn door(limits: &Limits) -> Door {
    Door::new(Names::of(vec![NAME.parse().unwrap()]), limits)
}

/// A console over a real clinic's node, with Ada's phone beside it.
struct Console {
    app: Arc<App>,
    stage: Rehearsal,
    /// What Ada has shared.
    river: View<Entry>,
}

struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    body: String,
}

impl Answer {
    fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map_or("", |value| value.to_str().unwrap())
    }

    fn leads_to(&self, place: &str) -> bool {
        self.status == StatusCode::SEE_OTHER && self.header("location") == place
    }
}

impl Console {
    /// Ada shared one entry.
    fn new(channel: Channel) -> Self {
        let stage = Rehearsal::new();
        let river = stage.write(
            "The river again",
            "I keep coming back to it. ".repeat(20).trim(),
        );
        stage.sync();
        Self::over(channel, stage, river)
    }

    fn over(channel: Channel, stage: Rehearsal, river: View<Entry>) -> Self {
        let accounts = Accounts::open(
            &stage.folder.path().join("console.db"),
            &[7; 32],
            Arc::clone(&stage.clock) as _,
            Arc::new(SeededRng::new(1)),
        )
        .unwrap();
        accounts
            .add_clinician("Mira", PASSPHRASE, Role::Lead)
            .unwrap();
        let app = Arc::new(App {
            clinic_name: stage.clinic.name().unwrap(),
            clinic: Arc::clone(&stage.clinic),
            accounts: Arc::new(accounts),
            live: Live::new(),
            clock: Arc::clone(&stage.clock) as _,
            once: super::once::Once::default(),
            channel,
            door: door(&Limits::default()),
            beat: Duration::from_millis(20),
        });
        Self { app, stage, river }
    }

    fn patient(&self) -> String {
        format!("/patients/{}", self.stage.patient)
    }

    fn entry(&self) -> String {
        self.entry_of(self.river.id)
    }

    fn entry_of(&self, entry: DocumentId) -> String {
        format!("{}/entries/{entry}", self.patient())
    }

    /// What the care team answered, oldest first.
    fn replies(&self) -> Vec<String> {
        let query = Query::<Reply>::all().oldest_first();
        let page = self.stage.clinic.page(self.stage.patient, &query).unwrap();
        let said = page.items.into_iter().map(|view| view.content);
        said.map(|reply| format!("{}: {}", reply.by, reply.body))
            .collect()
    }

    /// The sessions of the patient, by number.
    fn sessions(
        &self,
    ) -> Vec<companion_core::records::View<companion_core::domain::DosingSession>> {
        let clinic = &self.stage.clinic;
        let mut all = clinic
            .page(self.stage.patient, &Query::all())
            .unwrap()
            .items;
        all.sort_by_key(
            |view: &companion_core::records::View<companion_core::domain::DosingSession>| {
                view.content.number
            },
        );
        all
    }

    /// The words of the audit record about one action, oldest first.
    fn audited(&self, action: &str) -> Vec<String> {
        let lines = self.app.accounts.audit().unwrap().lines;
        let of_action = lines.iter().rev().filter(|line| line.action == action);
        of_action
            .map(|line| format!("{} {}", line.actor, line.patient))
            .collect()
    }

    async fn ask(&self, mut request: Request<Body>) -> Answer {
        let host = request.headers_mut().entry(header::HOST);
        host.or_insert(axum::http::HeaderValue::from_static(NAME));
        let response = router(Arc::clone(&self.app))
            .oneshot(request)
            .await
            .unwrap();
        let (parts, body) = response.into_parts();
        let bytes = axum::body::to_bytes(body, 1 << 20).await.unwrap();
        Answer {
            status: parts.status,
            headers: parts.headers,
            body: String::from_utf8(bytes.to_vec()).unwrap(),
        }
    }

    async fn get(&self, path: &str, cookie: &str) -> Answer {
        self.ask(
            Request::get(path)
                .header("cookie", cookie)
                .body(Body::empty())
                .unwrap(),
        )
        .await
    }

    async fn post(&self, path: &str, cookie: &str, form: &str) -> Answer {
        self.ask(
            posted(path, cookie, form)
                .body(Body::from(form.to_owned()))
                .unwrap(),
        )
        .await
    }

    /// Signs in as a browser would and gives the cookie.
    async fn signed_in(&self) -> String {
        self.signed_in_as("mira").await
    }

    async fn signed_in_as(&self, name: &str) -> String {
        let form = format!("name={name}&passphrase={}", address::encode(PASSPHRASE));
        let answer = self.post("/sign-in", "", &form).await;
        assert!(answer.leads_to("/"), "{} {}", answer.status, answer.body);
        answer
            .header("set-cookie")
            .split(';')
            .next()
            .unwrap()
            .to_owned()
    }
}

/// The key that makes the forms of a page count once.
fn once(page: &str) -> String {
    page.split_once("name=\"once\" value=\"")
        .map_or("", |(_, rest)| rest.split('"').next().unwrap())
        .to_owned()
}

fn posted(path: &str, cookie: &str, _form: &str) -> axum::http::request::Builder {
    Request::post(path)
        .header("host", NAME)
        .header("origin", "https://console.example")
        .header("sec-fetch-site", "same-origin")
        .header("cookie", cookie)
        .header("content-type", "application/x-www-form-urlencoded")
}

#[tokio::test]
async fn without_a_session_every_page_leads_to_sign_in() {
    let console = Console::new(Channel::Tls);
    for path in [
        "/",
        "/invite",
        "/live",
        "/nowhere",
        &console.patient(),
        &console.entry(),
    ] {
        for cookie in [
            "",
            "__Host-console=short",
            &format!("__Host-console={}", "a".repeat(64)),
        ] {
            let answer = console.get(path, cookie).await;
            let place = match path {
                "/" => "/sign-in".to_owned(),
                path => format!("/sign-in?to={}", address::encode(path)),
            };
            assert!(
                answer.leads_to(&place),
                "{path} {cookie}: {}",
                answer.status
            );
            assert!(!answer.body.contains("Ada"));
        }
    }
    let path = format!("{}/reply", console.entry());
    let answer = console.post(&path, "", "body=x").await;
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
    let path = format!("{}/phase", console.patient());
    let place = format!("/sign-in?to={}", address::encode(&console.patient()));
    assert!(console.post(&path, "", "phase=x").await.leads_to(&place));
    assert!(console.replies().is_empty());
    let request = Request::get("/")
        .header("hx-request", "true")
        .body(Body::empty())
        .unwrap();
    let answer = console.ask(request).await;
    assert_eq!(
        (answer.status, answer.header("hx-redirect")),
        (StatusCode::UNAUTHORIZED, "/sign-in")
    );
}

#[tokio::test]
async fn signing_in_gives_a_strict_cookie_and_the_caseload() {
    let console = Console::new(Channel::Tls);
    let form = format!("name=Mira&passphrase={}", address::encode(PASSPHRASE));
    let answer = console.post("/sign-in", "", &form).await;
    let cookie = answer.header("set-cookie");
    assert!(cookie.starts_with("__Host-console="));
    for word in ["Path=/", "Secure", "HttpOnly", "SameSite=Strict"] {
        assert!(
            cookie.split("; ").any(|part| part == word),
            "{word} in {cookie}"
        );
    }
    assert!(!cookie.contains("Domain") && !cookie.contains("Max-Age"));
    let page = console.get("/", cookie.split(';').next().unwrap()).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.body.contains("Ada Okafor") && page.body.contains("1 unread"));
}

#[tokio::test]
async fn on_this_machine_alone_the_cookie_works_in_every_browser() {
    let console = Console::new(Channel::LoopbackHttp);
    let form = format!("name=Mira&passphrase={}", address::encode(PASSPHRASE));
    let answer = console.post("/sign-in", "", &form).await;
    let cookie = answer.header("set-cookie");
    assert!(cookie.contains("HttpOnly; SameSite=Strict") && !cookie.contains("Secure"));
    let page = console.get("/", cookie.split(';').next().unwrap()).await;
    assert_eq!(page.status, StatusCode::OK);
    let over_tls = cookie.replacen("console-on-this-machine", "__Host-console", 1);
    assert!(
        console
            .get("/", over_tls.split(';').next().unwrap())
            .await
            .leads_to("/sign-in")
    );
}

#[tokio::test]
async fn a_wrong_passphrase_is_told_in_words_and_never_written_back() {
    let console = Console::new(Channel::Tls);
    let answer = console
        .post(
            "/sign-in",
            "",
            "name=Mira%3Cb%3E&passphrase=hunter-of-secrets",
        )
        .await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.body.contains("Name and passphrase do not fit."));
    assert!(answer.body.contains("value=\"Mira&lt;b&gt;\""));
    assert!(!answer.body.contains("hunter"));
    assert_eq!(answer.header("set-cookie"), "");
    for _ in 0..3 {
        console
            .post("/sign-in", "", "name=Mira&passphrase=wrong")
            .await;
    }
    console
        .post("/sign-in", "", "name=Mira&passphrase=wrong")
        .await;
    let answer = console
        .post("/sign-in", "", "name=Mira&passphrase=wrong")
        .await;
    assert_eq!(answer.status, StatusCode::TOO_MANY_REQUESTS);
    assert!(
        answer.body.contains("Wait 1 second and try again."),
        "{}",
        answer.body
    );
}

#[tokio::test]
async fn a_session_ends_with_time_and_with_signing_out() {
    let console = Console::new(Channel::Tls);
    let cookie = console.signed_in().await;
    console.stage.clock.advance_ms(14 * 60_000);
    assert_eq!(console.get("/", &cookie).await.status, StatusCode::OK);
    console.stage.clock.advance_ms(15 * 60_000);
    assert!(console.get("/", &cookie).await.leads_to("/sign-in"));
    let cookie = console.signed_in().await;
    let answer = console.post("/sign-out", &cookie, "").await;
    assert!(answer.leads_to("/sign-in") && answer.header("set-cookie").contains("Max-Age=0"));
    assert_eq!(answer.header("clear-site-data"), r#""cache", "storage""#);
    assert!(console.get("/", &cookie).await.leads_to("/sign-in"));
}

#[tokio::test]
async fn a_form_sent_from_another_site_changes_nothing() {
    let console = Console::new(Channel::Tls);
    let cookie = console.signed_in().await;
    let path = format!("{}/reply", console.entry());
    for (name, value) in [
        ("sec-fetch-site", "cross-site"),
        ("sec-fetch-site", "same-site"),
        ("origin", "https://evil.example"),
        ("origin", "null"),
    ] {
        let request = Request::post(&path)
            .header("host", NAME)
            .header(name, value)
            .header("cookie", &cookie)
            .header("content-type", "application/x-www-form-urlencoded")
            .body(Body::from("body=forged"))
            .unwrap();
        let answer = console.ask(request).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{name}: {value}");
        assert!(answer.body.contains("Nothing was changed") && answer.body.contains("id=\"main\""));
        assert!(
            answer
                .header("content-security-policy")
                .contains("default-src 'none'")
        );
    }
    assert!(console.replies().is_empty());
    assert!(
        console
            .post(&path, &cookie, "body=meant")
            .await
            .status
            .is_redirection()
    );
    assert_eq!(console.replies(), ["Mira: meant"]);
}

#[tokio::test]
async fn a_browser_that_asks_for_the_mark_unasked_gets_it() {
    let console = Console::new(Channel::Tls);
    let answer = console.get("/favicon.ico", "").await;
    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(answer.header("content-type"), "image/svg+xml");
    assert!(answer.body.starts_with("<svg"));
}

#[tokio::test]
async fn every_answer_carries_the_strict_headers() {
    let console = Console::new(Channel::Tls);
    let cookie = console.signed_in().await;
    let style = assets::STYLE.path.clone();
    for path in [
        "/sign-in",
        "/",
        "/nowhere",
        "/assets/nothing.js",
        &console.patient(),
        &style,
    ] {
        let answer = console.get(path, &cookie).await;
        let policy = answer.header("content-security-policy");
        assert!(
            policy.starts_with("default-src 'none'; script-src 'self'; style-src 'self'"),
            "{path}"
        );
        assert!(policy.contains("frame-ancestors 'none'") && !policy.contains("unsafe"));
        assert_eq!(answer.header("x-content-type-options"), "nosniff");
        assert_eq!(answer.header("referrer-policy"), "no-referrer");
        assert!(
            answer
                .header("strict-transport-security")
                .starts_with("max-age=")
        );
        let cache = answer.header("cache-control");
        if path == style {
            assert!(cache.contains("immutable"));
        } else {
            assert_eq!(cache, "no-store", "{path}");
        }
    }
    let plain = Console::new(Channel::LoopbackHttp);
    assert_eq!(
        plain
            .get("/sign-in", "")
            .await
            .header("strict-transport-security"),
        ""
    );
}

#[tokio::test]
async fn what_is_missing_is_a_page_too() {
    let console = Console::new(Channel::Tls);
    let cookie = console.signed_in().await;
    for path in [
        "/nowhere",
        "/patients/unknown",
        "/patients/%00%ff",
        "/patients/x/entries/y",
        &format!("/patients/{}", "0c".repeat(16)),
        &console.entry_of(console.stage.patient),
    ] {
        let answer = console.get(path, &cookie).await;
        assert!(answer.status.is_client_error(), "{path}");
        if answer.status == StatusCode::NOT_FOUND {
            assert!(
                answer.body.contains("There is no such page")
                    && answer.body.contains("id=\"main\"")
            );
        }
    }
    let answer = console.get("/sign-out", &cookie).await;
    assert_eq!(answer.status, StatusCode::METHOD_NOT_ALLOWED);
    assert!(answer.body.contains("belongs to a form"));
    console.stage.relay.go_away();
    let invitation = format!("{}/invitation", console.patient());
    let answer = console
        .press(
            &invitation,
            &format!("{}/reinvite", console.patient()),
            &cookie,
        )
        .await;
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(answer.body.contains("Nothing is lost"));
}
