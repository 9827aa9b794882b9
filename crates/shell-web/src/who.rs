//! Who asks (来访人): the extractor that every page behind the sign-in takes, and the frame drawn for that person.

use std::sync::Arc;

use area_administration::roles;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use core_case::digest::Digest;
use core_case::things::UserKind;
use shell_pipeline::people::Session;
use shell_pipeline::{Actor, Origin};
use shell_store::views::work;
use zeroize::Zeroizing;

use crate::app::App;
use crate::door::{Display, Visit};
use crate::fault::Fault;
use crate::tasks;
use crate::ui::frame::{Area, Person};
use crate::ui::{Frame, Link, Text, link};

/// Somebody signed in with both factors, who may act.
#[derive(Clone)]
pub struct Who {
    /// Who acts.
    pub actor: Actor,
    /// The session.
    pub session: Session,
    /// Its token.
    pub token: Arc<Zeroizing<String>>,
    /// Time, address and id of the request.
    pub origin: Origin,
    /// Stands in every form of this person's pages.
    pub form_token: String,
    /// How pages are drawn.
    pub display: Display,
}

impl FromRequestParts<Arc<App>> for Who {
    type Rejection = Fault;

    async fn from_request_parts(parts: &mut Parts, _: &Arc<App>) -> Result<Who, Fault> {
        let visit = parts.extensions.get::<Visit>().ok_or(Fault::SignIn)?;
        let who = Who::of(visit)?;
        if who.session.must_change_password {
            return Err(Fault::Restricted("/sign-in/new-password"));
        }
        if who.session.must_enrol_totp {
            return Err(Fault::Restricted("/sign-in/second-factor"));
        }
        Ok(who)
    }
}

/// The form token of a secret that a browser holds in a cookie: whoever knows the one cannot compute the other.
pub(crate) fn form_token(secret: &str) -> String {
    Digest::of(format!("form token\n{secret}").as_bytes()).to_string()
}

impl Who {
    /// The person of a visit, restricted or not.
    pub(crate) fn of(visit: &Visit) -> Result<Who, Fault> {
        let (Some(session), Some(token)) = (visit.session.clone(), visit.token.clone()) else { return Err(Fault::SignIn) };
        Ok(Who {
            actor: session.actor.clone(),
            form_token: form_token(&token),
            session,
            token,
            origin: visit.origin.clone(),
            display: visit.display,
        })
    }

    /// Refuses a page that this person's roles do not name.
    ///
    /// # Errors
    /// [`Fault::NotAllowed`] with the page in words.
    pub fn needs(&self, permission: &str, words: &str) -> Result<roles::Scope, Fault> {
        self.actor.may(permission).ok_or_else(|| Fault::NotAllowed(words.to_owned()))
    }

    /// Areas with pages that this person may see.
    pub fn areas(&self) -> Vec<Area> {
        match self.actor.kind {
            UserKind::Business => vec![Area::Work, Area::Collection, Area::Accounting, Area::Service, Area::Operation],
            UserKind::Officer => vec![Area::Work, Area::Collection, Area::Service],
            UserKind::System | UserKind::Security | UserKind::Audit => vec![Area::Work, Area::Operation],
        }
    }

    /// The frame of a page: where we are (links, then the page itself without address), the badge, the day.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn frame(&self, app: &App, area: Area, crumbs: &[(&str, &str)]) -> Result<Frame, Fault> {
        let open = work::open_cases(&app.centre.store).await?;
        let mine = open.iter().filter(|case| tasks::is_mine(&self.actor, case)).count();
        let title = crumbs.last().map_or("", |(label, _)| label);
        let mut frame = self.frame_without_counts(app, area, title);
        frame.crumbs = crumbs.iter().map(|(label, href)| link((*label).to_owned(), (*href).to_owned())).collect();
        frame.tasks = u32::try_from(mine).unwrap_or(u32::MAX);
        Ok(frame)
    }

    /// The frame for when the store is not to be asked.
    pub(crate) fn frame_without_counts(&self, app: &App, area: Area, title: &str) -> Frame {
        let mut frame = nobody(app, title);
        frame.area = area;
        frame.areas = self.areas();
        frame.person = Person { name: self.actor.name.clone().into(), role: role_words(&self.actor), place: place_words(app, &self.actor) };
        frame.form_token = self.form_token.clone().into();
        frame.compact = self.display.compact;
        frame.large = self.display.large;
        frame
    }
}

/// The roles of somebody in words.
pub fn role_words(actor: &Actor) -> Text {
    let mut names: Vec<&str> = actor.roles.iter().filter_map(|(code, _)| roles::role(code)).map(|r| r.name).collect();
    names.dedup();
    names.truncate(2);
    if names.is_empty() { "没有角色".into() } else { names.join("、").into() }
}

fn place_words(app: &App, actor: &Actor) -> Text {
    match actor.employer {
        Some(employer) => format!("单位 {employer}").into(),
        None => app.unit(actor.unit).to_owned().into(),
    }
}

/// The frame without anybody in it.
pub(crate) fn nobody(app: &App, title: &str) -> Frame {
    let about = &app.centre.about;
    Frame {
        title: title.to_owned().into(),
        centre: about.name.clone().into(),
        area: Area::Work,
        areas: Vec::new(),
        crumbs: vec![Link { label: title.to_owned().into(), href: "".into() }],
        tasks: 0,
        day: app.centre.day().to_string().into(),
        day_open: true,
        person: Person { name: "".into(), role: "".into(), place: "".into() },
        form_token: "".into(),
        demo: about.demonstration.then(|| "演示方式：人员、单位、金额都是虚构的，只在本机可见。".into()),
        compact: false,
        large: false,
        refresh: None,
    }
}
