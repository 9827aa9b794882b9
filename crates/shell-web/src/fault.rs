//! What did not go (出错): a handler's error, and the page that tells of it without details.
//!
//! The number on the page is the request id; what went wrong stands in the log under it. Nothing of an error of ours reaches
//! the browser.

use std::sync::Arc;

use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use shell_pipeline::people::PeopleError;
use shell_pipeline::{CentreError, PipelineError};
use shell_store::db::DbError;

use crate::app::App;
use crate::door::Visit;
use crate::ui::frame::Area;
use crate::views::problem::{self, Why};
use crate::who::{self, Who};

/// Why a handler gives no page.
#[derive(Debug)]
pub enum Fault {
    /// Nobody is signed in.
    SignIn,
    /// The session may only change the password or enrol the second factor.
    Restricted(&'static str),
    /// No such page or thing, or not for this person's eyes.
    NotFound,
    /// This person may not; which right is missing, in words.
    NotAllowed(String),
    /// A sentence for the person: what was asked cannot be done as things stand.
    Told(String),
    /// The form was not made by us for this session, or the session ended meanwhile.
    Forged,
    /// The request began on somebody else's page.
    Foreign,
    /// The body is larger than allowed, or cannot be read.
    Body(&'static str),
    /// The store does not answer.
    OutOfReach(String),
    /// An error of ours.
    Broken(String),
}

/// A handler's answer.
pub type Answer<T = Response> = Result<T, Fault>;

impl From<DbError> for Fault {
    fn from(e: DbError) -> Fault {
        if e.is_outage() { Fault::OutOfReach(e.to_string()) } else { Fault::Broken(e.to_string()) }
    }
}

impl From<CentreError> for Fault {
    fn from(e: CentreError) -> Fault {
        match e {
            CentreError::Db(e) => e.into(),
            other => Fault::Broken(other.to_string()),
        }
    }
}

impl From<PipelineError> for Fault {
    fn from(e: PipelineError) -> Fault {
        match e {
            PipelineError::NoAction(_) | PipelineError::NoCase(_) => Fault::NotFound,
            PipelineError::Denied(sentence) => Fault::NotAllowed(sentence),
            PipelineError::Centre(e) => e.into(),
            PipelineError::Write(e) => Fault::Broken(e.to_string()),
            PipelineError::Constraint(e) => Fault::Broken(e),
            told => Fault::Told(told.to_string()),
        }
    }
}

impl From<PeopleError> for Fault {
    fn from(e: PeopleError) -> Fault {
        match e {
            PeopleError::Denied(sentence) => Fault::NotAllowed(sentence),
            PeopleError::NoSession(_) => Fault::SignIn,
            PeopleError::Centre(e) => e.into(),
            PeopleError::Write(e) => Fault::Broken(e.to_string()),
            PeopleError::Vault(e) => Fault::Broken(e.to_string()),
            PeopleError::Constraint(e) => Fault::Broken(e),
            told => Fault::Told(told.to_string()),
        }
    }
}

impl Fault {
    fn status(&self) -> StatusCode {
        match self {
            Fault::SignIn | Fault::Restricted(_) => StatusCode::SEE_OTHER,
            Fault::NotFound => StatusCode::NOT_FOUND,
            Fault::NotAllowed(_) | Fault::Foreign => StatusCode::FORBIDDEN,
            Fault::Told(_) => StatusCode::CONFLICT,
            Fault::Forged => StatusCode::FORBIDDEN,
            Fault::Body(_) => StatusCode::PAYLOAD_TOO_LARGE,
            Fault::OutOfReach(_) => StatusCode::SERVICE_UNAVAILABLE,
            Fault::Broken(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }
}

/// Carries a fault to the door, which knows whose frame to draw.
#[derive(Clone)]
struct Carried(Arc<Fault>);

impl IntoResponse for Fault {
    fn into_response(self) -> Response {
        let mut answer = self.status().into_response();
        answer.extensions_mut().insert(Carried(Arc::new(self)));
        answer
    }
}

/// Draws the page of a fault; other answers pass. A bare 404 or 405 of the router is one too.
pub(crate) async fn drawn(app: &Arc<App>, visit: &Visit, answer: Response) -> Response {
    let carried = answer.extensions().get::<Carried>().cloned();
    let bare = answer.headers().get(header::CONTENT_TYPE).is_none();
    let fault = match (carried, answer.status()) {
        (Some(Carried(fault)), _) => fault,
        (None, StatusCode::NOT_FOUND | StatusCode::METHOD_NOT_ALLOWED) if bare => Arc::new(Fault::NotFound),
        (None, StatusCode::PAYLOAD_TOO_LARGE) => Arc::new(Fault::Body("上传的内容超过大小限制。")),
        _ => return answer,
    };
    let id = &visit.origin.request;
    match &*fault {
        Fault::Broken(detail) => tracing::error!(request = %id, path = %visit.path.split('?').next().unwrap_or_default(), "{detail}"),
        Fault::OutOfReach(detail) => tracing::warn!(request = %id, "{detail}"),
        _ => {}
    }
    let why = match &*fault {
        Fault::SignIn => return Redirect::to(&sign_in_and_back(visit)).into_response(),
        Fault::Restricted(to) => return Redirect::to(to).into_response(),
        _ if visit.session.as_ref().is_none_or(|s| s.restricted()) && matches!(*fault, Fault::NotFound | Fault::Forged) => {
            return Redirect::to("/sign-in").into_response();
        }
        Fault::NotFound => Why::NotFound,
        Fault::NotAllowed(right) => Why::NotAllowed(right.clone().into()),
        Fault::Told(sentence) => Why::Told(sentence.clone().into()),
        Fault::Forged => Why::Told("页面已经过时，或不是从本系统打开的。回到上一页刷新后再提交，填写的内容不会丢失。".into()),
        Fault::Foreign => Why::Told("这次提交不是从本系统的页面发出的，没有办理。请从本系统的页面重新提交。".into()),
        Fault::Body(sentence) => Why::Told((*sentence).into()),
        Fault::OutOfReach(_) => Why::OutOfReach,
        Fault::Broken(_) => Why::Broken(id.clone().into()),
    };
    let frame = match visit.session.clone() {
        // The frame's own counts need the store, which may be what is out of reach.
        Some(_) => match Who::of(visit) {
            Ok(who) => who.frame_without_counts(app, Area::Work, "没有办成"),
            Err(_) => who::nobody(app, "没有办成"),
        },
        None => who::nobody(app, "没有办成"),
    };
    (fault.status(), problem::page(&frame, &why)).into_response()
}

/// Where to sign in, with the page to come back to; only pages of ours, only by looking.
fn sign_in_and_back(visit: &Visit) -> String {
    let path = visit.path.split('?').next().unwrap_or("/");
    if path == "/" || path.starts_with("/sign") { "/sign-in".to_owned() } else { format!("/sign-in?back={path}") }
}
