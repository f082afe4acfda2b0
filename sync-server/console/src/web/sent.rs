//! Forms that change something: read what was typed, do it once, write it into the audit record, tell
//! other pages, and lead on; or show the form again with what is wrong beside each field.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::sync::Arc;

use axum::extract::{FromRequest, Request};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use companion_core::CoreError;
use companion_core::clinic::Comparison;
use companion_core::domain::{DocumentId, Revision};
use companion_core::records::Seen;
use maud::Markup;

use super::answer::drawn;
use super::app::App;
use super::body::{self, Unread, Whole};
use super::place::Place;
use super::problem::Problem;
use super::signed_in::SignedIn;
use crate::accounts::audit::Action;
use crate::accounts::{Begun, Sending};
use crate::door::{Peer, Share};
use crate::view::form::{Form, ONCE, REVISION, SEEN};
use crate::view::message::Way;
use crate::view::sentence::sentence;

/// A form as it came, and the address that it was sent to.
pub(super) struct Sent {
    pub(super) address: String,
    typed: Result<Typed, Unread>,
}

struct Typed {
    fields: BTreeMap<String, String>,
    /// Given back once the form is used.
    _room: Share<Peer>,
}

impl FromRequest<Arc<App>> for Sent {
    type Rejection = Infallible;

    async fn from_request(request: Request, app: &Arc<App>) -> Result<Self, Infallible> {
        let address = request.uri().path().to_owned();
        Ok(Self {
            address,
            typed: typed(request, app).await,
        })
    }
}

async fn typed(request: Request, app: &Arc<App>) -> Result<Typed, Unread> {
    let Whole { request, room } = body::read(app, request).await?;
    let form = axum::extract::Form::from_request(request, app).await;
    let axum::extract::Form(fields) = form.map_err(|_| Unread::NoForm)?;
    Ok(Typed {
        fields,
        _room: room,
    })
}

impl Sent {
    /// What was typed, by the names of the fields.
    pub(super) fn fields(self) -> Result<BTreeMap<String, String>, Problem> {
        Ok(self.typed?.fields)
    }

    /// What was typed, and the key of the page that the form stood on.
    pub(super) fn form(self) -> Result<(Form, String), Problem> {
        let mut typed = self.fields()?;
        let key = typed.remove(ONCE).unwrap_or_default();
        Ok((Form::of(typed), key))
    }
}

/// The name of one sending of a form.
pub(super) fn sending(who: &SignedIn, address: &str, key: &str, form: &Form) -> Option<Sending> {
    Sending::of(who.clinician, address, key, form.values())
}

/// What a form did.
pub(super) struct Done {
    /// For the audit record; `None` where nothing was changed.
    pub(super) action: Option<Action>,
    /// About whom; `None` when about nobody.
    pub(super) patient: Option<DocumentId>,
    /// The page that it leads to.
    pub(super) to: String,
}

impl Done {
    /// Something done about a patient.
    pub(super) const fn about(patient: DocumentId, action: Action, to: String) -> Self {
        Self {
            action: Some(action),
            patient: Some(patient),
            to,
        }
    }

    /// The same, leading to the patient's page, which says the sentence of that word.
    pub(super) fn on_their_page(patient: DocumentId, action: Action, word: &str) -> Self {
        Self::about(patient, action, format!("/patients/{patient}?done={word}"))
    }
}

/// What somebody had before them when they sent a form, as the form says it. Every form of ours says which it is by the
/// type that its work takes: what was changed meanwhile is then refused or asked about, so that nobody undoes what they
/// have not read.
pub(super) trait Before: Sized {
    /// Reads it.
    fn read(form: &Form) -> Result<Self, Problem>;
}

/// A part of a document: a line, a rule, an entry of the register.
impl Before for Seen {
    fn read(form: &Form) -> Result<Self, Problem> {
        form.value(SEEN).parse().map_err(|_| Problem::Form)
    }
}

/// A whole document.
impl Before for Revision {
    fn read(form: &Form) -> Result<Self, Problem> {
        let revision: Self = form.value(REVISION).parse().map_err(|_| Problem::Form)?;
        if revision.is_empty() {
            return Err(Problem::Form);
        }
        Ok(revision)
    }
}

/// A whole document, or none yet.
impl Before for Option<Revision> {
    fn read(form: &Form) -> Result<Self, Problem> {
        match form.value(REVISION) {
            "" => Ok(None),
            _ => Revision::read(form).map(Some),
        }
    }
}

/// The words that were compared.
impl Before for Comparison {
    fn read(form: &Form) -> Result<Self, Problem> {
        form.value("comparison").parse().map_err(|_| Problem::Form)
    }
}

/// Each field says what it showed, and the work settles them one by one with what stands now.
pub(super) struct EachField;

impl Before for EachField {
    fn read(_: &Form) -> Result<Self, Problem> {
        Ok(Self)
    }
}

/// Nothing that could have changed: the form makes something, or is about something that nobody ever rewrites, or the
/// core itself asks whether what stands now allows it.
pub(super) struct WhateverStands;

impl Before for WhateverStands {
    fn read(_: &Form) -> Result<Self, Problem> {
        Ok(Self)
    }
}

/// Leads whoever was refused for something that changed meanwhile to the page that shows it as it is now.
pub(super) fn else_look(to: impl Into<String>) -> impl FnOnce(CoreError) -> Problem {
    move |error| match error {
        CoreError::ChangedMeanwhile => Problem::First {
            why: error.to_string(),
            way: Way {
                to: to.into(),
                words: "Look at it as it is now",
            },
        },
        other => other.into(),
    }
}

/// Runs a form of buttons that sets something: pressed again, it sets it again. There is nothing to
/// type, so nothing to show again.
pub(super) async fn press<B, W>(app: Arc<App>, who: SignedIn, sent: Sent, work: W) -> Response
where
    B: Before,
    W: FnOnce(&App, &SignedIn, &mut Form, B) -> Result<Done, Problem> + Send + 'static,
{
    app.run(who, move |app, who| {
        let address = sent.address.clone();
        let (mut form, _) = sent.form()?;
        let before = B::read(&form)?;
        let begun = app.accounts.nameless_sending();
        app.accounts.begin_form(begun, &who.name, &address)?;
        let done = work(app, who, &mut form, before);
        let answer = done.and_then(|done| finish(app, who, &done));
        app.accounts.end_form(begun)?;
        answer
    })
    .await
}

/// Runs a form of buttons that makes something: pressed twice on one page, it makes it once.
pub(super) async fn press_once<B, W>(app: Arc<App>, who: SignedIn, sent: Sent, work: W) -> Response
where
    B: Before,
    W: FnOnce(&App, &SignedIn, &mut Form, B) -> Result<Done, Problem> + Send + 'static,
{
    fill_in(app, who, sent, work, |_, _, _| Err(Problem::Form)).await
}

/// Runs a form of fields. `work` says that fields are wrong by [`Problem::Fields`], or by what the core
/// says of a field of this form; then `again` draws the page with the form as it was typed. What is refused for
/// something else stands above that same page: nobody has to look for their words. A form that
/// comes again from the same page with the same words is not run again: it leads where it led.
pub(super) async fn fill_in<B, W, A>(
    app: Arc<App>,
    who: SignedIn,
    sent: Sent,
    work: W,
    again: A,
) -> Response
where
    B: Before,
    W: FnOnce(&App, &SignedIn, &mut Form, B) -> Result<Done, Problem> + Send + 'static,
    A: FnOnce(&App, &SignedIn, &Form) -> Result<Markup, Problem> + Send + 'static,
{
    app.run(who, move |app, who| {
        let address = sent.address.clone();
        let place = Place::of(&address);
        let (mut form, key) = sent.form()?;
        let sending = sending(who, &address, &key, &form);
        let typed = form.values().clone();
        app.once.alone(sending, || {
            if let Some(sending) = sending
                && let Some(led_to) = app.accounts.led_to(sending)?
            {
                return Ok(Redirect::to(&led_to).into_response());
            }
            let begun = sending.unwrap_or_else(|| app.accounts.nameless_sending());
            let done = match app.accounts.begin_form(begun, &who.name, &address)? {
                Begun::Before => Err(Problem::Unfinished),
                Begun::Now => B::read(&form).and_then(|before| work(app, who, &mut form, before)),
            };
            if done.is_err() {
                app.accounts.end_form(begun)?;
            }
            match done {
                Ok(done) => {
                    let answer = finish(app, who, &done)?;
                    if let Some(sending) = sending {
                        app.accounts.remember_sent(sending, &done.to)?;
                    }
                    if let Some(place) = place {
                        app.accounts.drop_draft(who.clinician, place.as_str())?;
                    }
                    app.accounts.end_form(begun)?;
                    Ok(answer)
                }
                Err(problem) => {
                    // Whatever it was: what was typed is on this page, and on the next as well.
                    if let Some(place) = place {
                        app.accounts
                            .keep_draft(who.clinician, place.as_str(), &typed)?;
                        form = form.kept();
                    }
                    let Err(problem) = beside_its_field(problem, &mut form) else {
                        let page = again(app, who, &form)?;
                        return Ok((StatusCode::UNPROCESSABLE_ENTITY, drawn(&page)).into_response());
                    };
                    refused(app, who, problem, &form.refused(), again)
                }
            }
        })
    })
    .await
}

/// Draws the page with the form again, below why it was not done; where there is none to draw, a page that says
/// only that.
fn refused<A>(
    app: &App,
    who: &SignedIn,
    problem: Problem,
    form: &Form,
    again: A,
) -> Result<Response, Problem>
where
    A: FnOnce(&App, &SignedIn, &Form) -> Result<Markup, Problem>,
{
    let Some((status, refusal)) = problem.refusal(&who.sight.rights) else {
        return Err(problem);
    };
    let who = SignedIn {
        refused: Some(refusal),
        ..who.clone()
    };
    match again(app, &who, form) {
        Ok(page) => Ok((status, drawn(&page)).into_response()),
        Err(_) => Err(problem),
    }
}

fn finish(app: &App, who: &SignedIn, done: &Done) -> Result<Response, Problem> {
    if let Some(action) = done.action {
        let about = done.patient.map(|patient| patient.to_string());
        app.accounts.record(&who.name, action, about.as_deref())?;
        app.live.touched(done.patient, Some(who.origin()));
    }
    Ok(Redirect::to(&done.to).into_response())
}

/// Puts what the core says is wrong beside the field in which it was typed, where the core calls it otherwise.
pub(super) fn beside(field: &'static str, error: CoreError, form: &mut Form) -> Problem {
    match error {
        CoreError::Invalid(why) => {
            form.wrong(field, sentence(&why.to_string()));
            Problem::Fields
        }
        other => other.into(),
    }
}

/// Puts what is wrong beside its field; gives back what is about no field of this form.
fn beside_its_field(problem: Problem, form: &mut Form) -> Result<(), Problem> {
    match problem {
        Problem::Fields => Ok(()),
        Problem::Core(CoreError::Invalid(why)) if form.has(why.name.field) => {
            form.wrong(why.name.field, sentence(&why.to_string()));
            Ok(())
        }
        other => Err(other),
    }
}

/// The document that an address names.
pub(super) fn document(text: &str) -> Result<DocumentId, Problem> {
    text.parse().map_err(|_| Problem::NoPage)
}
