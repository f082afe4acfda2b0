//! Forms that change something: read what was typed, do it, write it into the audit record, tell other
//! pages, and lead on; or show the form again with what is wrong beside each field.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::extract::rejection::FormRejection;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use companion_core::CoreError;
use companion_core::domain::DocumentId;
use maud::Markup;

use super::answer::drawn;
use super::app::App;
use super::problem::Problem;
use super::signed_in::SignedIn;
use crate::accounts::audit::Action;
use crate::view::form::Form;
use crate::view::sentence::sentence;

/// A form as it came.
pub(super) type Sent = Result<axum::extract::Form<BTreeMap<String, String>>, FormRejection>;

/// What a form did.
pub(super) struct Done {
    /// For the audit record.
    pub(super) action: Action,
    /// About whom; `None` when about nobody.
    pub(super) patient: Option<DocumentId>,
    /// The page that it leads to.
    pub(super) to: String,
}

impl Done {
    /// Something done about a patient.
    pub(super) const fn about(patient: DocumentId, action: Action, to: String) -> Self {
        Self {
            action,
            patient: Some(patient),
            to,
        }
    }
}

/// Runs a form of buttons: there is nothing to type, so nothing to show again.
pub(super) async fn press<W>(app: Arc<App>, who: SignedIn, sent: Sent, work: W) -> Response
where
    W: FnOnce(&App, &SignedIn, &mut Form) -> Result<Done, Problem> + Send + 'static,
{
    fill_in(app, who, sent, work, |_, _, _| Err(Problem::Form)).await
}

/// Runs a form of fields. `work` says that fields are wrong by [`Problem::Fields`], or by what the core
/// says of a field of this form; then `again` draws the page with the form as it was typed.
pub(super) async fn fill_in<W, A>(
    app: Arc<App>,
    who: SignedIn,
    sent: Sent,
    work: W,
    again: A,
) -> Response
where
    W: FnOnce(&App, &SignedIn, &mut Form) -> Result<Done, Problem> + Send + 'static,
    A: FnOnce(&App, &SignedIn, &Form) -> Result<Markup, Problem> + Send + 'static,
{
    app.run(who, move |app, who| {
        let axum::extract::Form(typed) = sent.map_err(|_| Problem::Form)?;
        let mut form = Form::of(typed);
        match work(app, who, &mut form) {
            Ok(done) => finish(app, who, &done),
            Err(problem) => {
                beside_its_field(problem, &mut form)?;
                let page = again(app, who, &form)?;
                Ok((StatusCode::UNPROCESSABLE_ENTITY, drawn(&page)).into_response())
            }
        }
    })
    .await
}

fn finish(app: &App, who: &SignedIn, done: &Done) -> Result<Response, Problem> {
    let about = done.patient.map(|patient| patient.to_string());
    app.accounts
        .record(&who.name, done.action, about.as_deref())?;
    app.live.touched(done.patient, Some(who.origin()));
    Ok(Redirect::to(&done.to).into_response())
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
