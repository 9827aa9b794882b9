//! What somebody may see (可见范围): staff with `view.business` everything, an officer the own employer, others nothing.

use std::collections::BTreeMap;

use core_case::ids::{EmployerId, UnitId};
use shell_pipeline::{Actor, Centre};
use shell_store::bootstrap;

use crate::app::App;
use crate::fault::Fault;

/// A reader of business data with the names of the centre's units.
#[derive(Clone, Debug)]
pub struct Reach {
    /// The one employer that may be seen; none for all of them.
    pub own: Option<EmployerId>,
    units: BTreeMap<i64, String>,
}

impl Reach {
    /// The reach of somebody at a page.
    ///
    /// # Errors
    /// [`Fault::NotAllowed`] for whoever may see no business data.
    pub fn of(app: &App, actor: &Actor) -> Result<Reach, Fault> {
        let units = app.units().map(|(id, name)| (id.0, name.to_owned())).collect();
        Ok(Reach { own: own(actor)?, units })
    }

    /// The reach of somebody at a command line.
    ///
    /// # Errors
    /// As [`Reach::of`], and when the store does not answer.
    pub async fn over(centre: &Centre, actor: &Actor) -> Result<Reach, Fault> {
        let own = own(actor)?;
        let units = bootstrap::units(&centre.store).await?.into_iter().map(|u| (u.id, u.name)).collect();
        Ok(Reach { own, units })
    }

    /// Name of a unit.
    pub fn unit(&self, id: UnitId) -> String {
        self.units.get(&id.0).cloned().unwrap_or_default()
    }

    /// Refuses another employer than the own one as if it did not exist: an officer is not told what there is.
    ///
    /// # Errors
    /// [`Fault::NotFound`].
    pub fn employer(&self, id: EmployerId) -> Result<(), Fault> {
        match self.own {
            Some(own) if own != id => Err(Fault::NotFound),
            _ => Ok(()),
        }
    }

    /// Refuses an officer where only staff looks.
    ///
    /// # Errors
    /// [`Fault::NotAllowed`].
    pub fn staff(&self) -> Result<(), Fault> {
        match self.own {
            Some(_) => Err(Fault::NotAllowed("查看全部业务".into())),
            None => Ok(()),
        }
    }
}

fn own(actor: &Actor) -> Result<Option<EmployerId>, Fault> {
    if actor.may("view.business").is_some() {
        return Ok(None);
    }
    match (actor.may("view.own"), actor.employer) {
        (Some(_), Some(employer)) => Ok(Some(employer)),
        _ => Err(Fault::NotAllowed("查看业务".into())),
    }
}
