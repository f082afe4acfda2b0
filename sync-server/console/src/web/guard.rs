//! Nobody past here without a session; and what somebody typed is kept if their session ended while they
//! did.

use std::sync::Arc;

use axum::RequestExt as _;
use axum::extract::{FromRequest as _, MatchedPath, RawPathParams, Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Redirect, Response};
use companion_core::domain::{DocumentId, RecordSection};

use super::address;
use super::answer::drawn;
use super::app::App;
use super::looks;
use super::place::{Place, page_to_come_back_to};
use super::problem::Problem;
use super::routes::{Addresses, Answered};
use super::sent::Sent;
use super::signed_in::SignedIn;
use crate::accounts::{Accounts, AccountsError, Session, Token, Touch};
use crate::view::form::Form;
use crate::view::frame::Sight;
use crate::view::given_back;

/// Sent by a page that refreshes itself: such a request keeps no session alive and opens nothing.
const LIVE: &str = "console-live";

/// Lets a request with a live session through that its person may make; sends whoever is not signed in to sign in.
pub(super) async fn require(
    State((app, addresses)): State<(Arc<App>, Arc<Addresses>)>,
    mut request: Request,
    next: Next,
) -> Response {
    let by_page = request.headers().contains_key(LIVE) || request.uri().path() == "/live";
    let touch = if by_page { Touch::Page } else { Touch::Person };
    let Some(token) = app.channel.token(request.headers()) else {
        return too_late(&app, None, request).await;
    };
    let (accounts, key) = (Arc::clone(&app.accounts), token.clone());
    let patient = patient(&mut request).await;
    let found = tokio::task::spawn_blocking(move || {
        let session = accounts.session(&key, touch)?;
        let found = session.map(|session| {
            let sight = sight(&accounts, &session, patient)?;
            Ok((session, sight))
        });
        found.transpose()
    });
    match found.await {
        Ok(Ok(Some((session, sight)))) => {
            let who = SignedIn {
                clinician: session.clinician,
                name: session.name,
                sight,
                token,
                by_page,
                refused: None,
            };
            let_through(&app, &addresses, who, patient, request, next).await
        }
        Ok(Ok(None)) => too_late(&app, Some(token), request).await,
        Ok(Err(error)) => fault(&app, &error),
        Err(_) => Problem::Fault.page(&app.frame(None, None)),
    }
}

/// The patient that an address is about, as handlers read it.
async fn patient(request: &mut Request) -> Option<DocumentId> {
    let named = request.extract_parts::<RawPathParams>().await.ok()?;
    let named = named.iter().find(|(name, _)| *name == "patient");
    named?.1.parse().ok()
}

/// What somebody may see and change, of that patient if it is about one.
pub(super) fn sight(
    accounts: &Accounts,
    session: &Session,
    patient: Option<DocumentId>,
) -> Result<Sight, AccountsError> {
    let rights = accounts.rights_of(session.role)?;
    let emergency = match patient {
        Some(patient) => accounts.running_emergency(session.clinician, patient)?,
        None => None,
    };
    let hidden = RecordSection::ALL.into_iter();
    let hidden = hidden.filter(|section| emergency.is_some() && !rights.shows(*section));
    Ok(Sight {
        role: session.role,
        in_emergency: hidden.collect(),
        rights: if emergency.is_some() {
            rights.in_an_emergency()
        } else {
            rights
        },
        emergency,
        area: None,
    })
}

/// Lets a request through whose person may make it. A form that they may not send does nothing, and its words become
/// a draft: they wait until the right is given.
async fn let_through(
    app: &Arc<App>,
    addresses: &Addresses,
    mut who: SignedIn,
    patient: Option<DocumentId>,
    mut request: Request,
    next: Next,
) -> Response {
    let matched = request.extensions().get::<MatchedPath>();
    let problem = match addresses.answered(matched, request.method(), &who.sight.rights) {
        Answered::Yes(area) => {
            let shown = addresses.shown(matched, &who.sight.rights);
            who.sight.area = area;
            request.extensions_mut().insert(who.clone());
            let answer = next.run(request).await;
            // Written down before anybody has the page: whoever leaves at once has looked too. A page that refreshed
            // itself is shown as well, and so is one that stands again with a form that was refused.
            if let Some(patient) = patient.filter(|_| shows(&answer)) {
                looks::note(app, &who, patient, shown).await;
            }
            return answer;
        }
        Answered::NotShown(area) => Problem::NotShown {
            area,
            role: who.sight.role,
            patient,
        },
        Answered::NotChanged(area) => Problem::NotChanged {
            area,
            role: who.sight.role,
        },
    };
    if let Some(place) = place(&request)
        && request.uri().path() == place.as_str()
    {
        let Ok(sent) = Sent::from_request(request, app).await;
        if let Ok((form, _)) = sent.form() {
            let (accounts, clinician) = (Arc::clone(&app.accounts), who.clinician);
            let kept = tokio::task::spawn_blocking(move || {
                accounts.keep_draft(clinician, place.as_str(), form.values())
            });
            if let Ok(Err(error)) = kept.await {
                return fault(app, &error);
            }
        }
    }
    problem.page(&app.frame(Some(&who), None))
}

/// Whether an answer shows a page of the record, and does not only lead to one or say why there is none.
fn shows(answer: &Response) -> bool {
    let status = answer.status();
    status.is_success()
        || matches!(
            status,
            StatusCode::UNPROCESSABLE_ENTITY | StatusCode::CONFLICT
        )
}

fn fault(app: &App, error: &AccountsError) -> Response {
    tracing::error!(%error, "sessions cannot be read");
    Problem::Fault.page(&app.frame(None, None))
}

/// A request that nobody is signed in for. A form does nothing; if its session ended by itself, its words
/// become a draft of the person whose session it was, and wait for them to sign in again. If nobody can
/// tell whose they are, they are given back at once.
async fn too_late(app: &Arc<App>, token: Option<Token>, request: Request) -> Response {
    let answer = to_sign_in(&request);
    let Some(place) = place(&request) else {
        return answer;
    };
    let is_sent = request.uri().path() == place.as_str();
    let to = sign_in_address(place.page());
    let Ok(sent) = Sent::from_request(request, app).await;
    let form = match sent.form() {
        Ok((form, _)) => form,
        // It was not read: whoever is told only to sign in would think that it was.
        Err(problem @ Problem::NotArrived(_)) => return problem.page(&app.frame(None, None)),
        Err(_) => return answer,
    };
    match keep(app, token, place, &form).await {
        Ok(true) => answer,
        // A draft that a page could not leave here stands on that page still.
        Ok(false) if !is_sent || form.is_empty() => answer,
        Ok(false) => {
            let page = given_back::page(&app.frame(None, None), &form, &to);
            (StatusCode::UNAUTHORIZED, drawn(&page)).into_response()
        }
        Err(error) => fault(app, &error),
    }
}

/// Keeps what was typed for the person whose session it was; says whether there is one.
async fn keep(
    app: &Arc<App>,
    token: Option<Token>,
    place: Place,
    form: &Form,
) -> Result<bool, AccountsError> {
    let Some(token) = token else {
        return Ok(false);
    };
    let (accounts, fields) = (Arc::clone(&app.accounts), form.values().clone());
    let kept = tokio::task::spawn_blocking(move || {
        accounts.keep_late_draft(&token, place.as_str(), &fields)
    });
    kept.await.unwrap_or(Ok(false))
}

/// The form that a request sends, or that it keeps a draft of.
fn place(request: &Request) -> Option<Place> {
    if request.method() != Method::POST {
        return None;
    }
    let path = request.uri().path();
    if path != "/drafts" {
        return Place::of(path);
    }
    let query = axum::extract::Query::<Vec<(String, String)>>::try_from_uri(request.uri());
    let of = query.ok()?.0.into_iter().find(|(name, _)| name == "of")?.1;
    Place::of(&of)
}

/// htmx would follow a redirect and look for a part of the sign-in page: it is told to leave. What is
/// neither a page nor a form only learns that the session is over.
fn to_sign_in(request: &Request) -> Response {
    let uri = request.uri();
    let back = page_to_come_back_to(request.method() == Method::POST, uri.path(), uri.query());
    let to = sign_in_address(&back);
    let headers = request.headers();
    if headers.contains_key("hx-request") {
        let mut response = StatusCode::UNAUTHORIZED.into_response();
        if let Ok(to) = HeaderValue::from_str(&to) {
            response.headers_mut().insert("hx-redirect", to);
        }
        return response;
    }
    if accepts_pages(headers) && !matches!(uri.path(), "/drafts" | "/stay") {
        Redirect::to(&to).into_response()
    } else {
        StatusCode::UNAUTHORIZED.into_response()
    }
}

/// Where one signs in to come back to a page.
fn sign_in_address(back: &str) -> String {
    match back {
        "/" => "/sign-in".to_owned(),
        back => format!("/sign-in?to={}", address::encode(back)),
    }
}

fn accepts_pages(headers: &HeaderMap) -> bool {
    headers
        .get(header::ACCEPT)
        .is_none_or(|accept| !accept.as_bytes().starts_with(b"text/event-stream"))
}
