#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]

mod forms;
mod stream;

use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode, header};
use companion_core::ports::testing::{ManualClock, SeededRng};
use tower::ServiceExt as _;

use super::*;
use crate::accounts::Accounts;
use crate::live::Live;
use crate::record::fixed::FixedRecord;
use crate::view::sample;

const PASSPHRASE: &str = "correct horse battery staple";

struct Console {
    app: Arc<App>,
    record: Arc<FixedRecord>,
    clock: Arc<ManualClock>,
    _folder: tempfile::TempDir,
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
    fn new(channel: Channel) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let clock = Arc::new(ManualClock::new(sample::now()));
        let accounts = Accounts::open(
            &folder.path().join("console.db"),
            &[7; 32],
            Arc::clone(&clock) as _,
            Arc::new(SeededRng::new(1)),
        )
        .unwrap();
        accounts.add_clinician("Mira", PASSPHRASE).unwrap();
        let record = Arc::new(FixedRecord::default());
        let app = Arc::new(App {
            record: Arc::clone(&record) as _,
            accounts: Arc::new(accounts),
            live: Live::new(),
            clock: Arc::clone(&clock) as _,
            channel,
            beat: Duration::from_millis(20),
        });
        Self {
            app,
            record,
            clock,
            _folder: folder,
        }
    }

    async fn ask(&self, request: Request<Body>) -> Answer {
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
        let form = format!("name=mira&passphrase={}", address::encode(PASSPHRASE));
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

fn posted(path: &str, cookie: &str, _form: &str) -> axum::http::request::Builder {
    Request::post(path)
        .header("host", "console.example")
        .header("origin", "https://console.example")
        .header("sec-fetch-site", "same-origin")
        .header("cookie", cookie)
        .header("content-type", "application/x-www-form-urlencoded")
}

fn patient() -> String {
    format!("/patients/{}", sample::banner().id)
}

fn entry() -> String {
    format!("{}/entries/{}", patient(), sample::entry().id)
}

#[tokio::test]
async fn without_a_session_every_page_leads_to_sign_in() {
    let console = Console::new(Channel::Tls);
    for path in ["/", "/invite", "/live", "/nowhere", &patient(), &entry()] {
        for cookie in [
            "",
            "__Host-console=short",
            &format!("__Host-console={}", "a".repeat(64)),
        ] {
            let answer = console.get(path, cookie).await;
            assert!(
                answer.leads_to("/sign-in"),
                "{path} {cookie}: {}",
                answer.status
            );
            assert!(!answer.body.contains("Ada"));
        }
    }
    for path in [format!("{}/reply", entry()), format!("{}/phase", patient())] {
        assert!(console.post(&path, "", "body=x").await.leads_to("/sign-in"));
    }
    assert!(console.record.done().is_empty());
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
    assert!(page.body.contains("Ada Okafor") && page.body.contains("2 unread"));
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
    console.clock.advance_ms(14 * 60_000);
    assert_eq!(console.get("/", &cookie).await.status, StatusCode::OK);
    console.clock.advance_ms(15 * 60_000);
    assert!(console.get("/", &cookie).await.leads_to("/sign-in"));
    let cookie = console.signed_in().await;
    let answer = console.post("/sign-out", &cookie, "").await;
    assert!(answer.leads_to("/sign-in") && answer.header("set-cookie").contains("Max-Age=0"));
    assert!(console.get("/", &cookie).await.leads_to("/sign-in"));
}

#[tokio::test]
async fn a_form_sent_from_another_site_changes_nothing() {
    let console = Console::new(Channel::Tls);
    let cookie = console.signed_in().await;
    let path = format!("{}/reply", entry());
    for (name, value) in [
        ("sec-fetch-site", "cross-site"),
        ("sec-fetch-site", "same-site"),
        ("origin", "https://evil.example"),
        ("origin", "null"),
    ] {
        let request = Request::post(&path)
            .header("host", "console.example")
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
    assert!(console.record.done().is_empty());
    assert!(
        console
            .post(&path, &cookie, "body=meant")
            .await
            .status
            .is_redirection()
    );
    assert_eq!(console.record.done(), ["replied by Mira: meant"]);
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
        &patient(),
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
    let answer = console
        .post(&format!("{}/reinvite", patient()), &cookie, "")
        .await;
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(answer.body.contains("Nothing is lost"));
}
