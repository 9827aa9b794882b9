//! An open centre: its store, its policy, its business day.

use std::path::Path;
use std::sync::{Arc, RwLock};

use core_calendar::{Day, Month, WorkCalendar};
use core_policy::{On, Override, Place, PolicySet};
use shell_store::Store;
use shell_store::bootstrap::{self, NewCentre, StoredCentre};
use shell_store::db::{Db, DbError};
use shell_vault::KeyRing;

use crate::writing::{Held, Writing};

/// Why a centre could not be opened or asked.
#[derive(Debug, thiserror::Error)]
pub enum CentreError {
    /// The database.
    #[error(transparent)]
    Db(#[from] DbError),
    /// The key file.
    #[error(transparent)]
    Vault(#[from] shell_vault::VaultError),
    /// There is no centre yet.
    #[error("这里还没有建立中心。先运行 anju init 或 anju demo。")]
    NoCentre,
    /// There is one already.
    #[error("这里已经有一个中心（{0}）。换一个数据目录，或打开它：anju serve。")]
    Exists(String),
    /// Policy files that do not load, or do not answer.
    #[error("{0}")]
    Policy(String),
    /// No business day is open.
    #[error("没有打开的营业日")]
    NoDay,
}

/// An open centre (中心).
pub struct Centre {
    /// Its store.
    pub store: Store,
    /// Its first row.
    pub about: StoredCentre,
    /// Where it lies, for policy.
    pub place: Place,
    /// Rules of the release and of the centre's own folder.
    shipped: Arc<PolicySet>,
    policy: RwLock<Arc<PolicySet>>,
    calendar: RwLock<Arc<WorkCalendar>>,
    day: RwLock<Day>,
    writing: Arc<Writing>,
}

impl std::fmt::Debug for Centre {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Centre {}", self.about.code)
    }
}

impl Centre {
    /// Migrates the database and writes the first rows of a new centre; the key ring was created before.
    ///
    /// # Errors
    /// When there is a centre already, or the database does not answer.
    pub async fn create(address: &str, ring: KeyRing, new: &NewCentre) -> Result<Centre, CentreError> {
        shell_store::db::migrate(address, &new.code, &shell_store::db::Migrations::shipped()?).await?;
        let store = Store::open(Db::open(address, &new.code).await?, ring).await?;
        if let Some(centre) = bootstrap::centre(&store).await? {
            return Err(CentreError::Exists(centre.name));
        }
        bootstrap::create(&store, new).await?;
        Centre::over(store, None).await
    }

    /// Opens a centre that exists.
    ///
    /// # Errors
    /// When there is none, policy does not load, or the database does not answer.
    pub async fn open(address: &str, code: &str, ring: KeyRing, policy_dir: Option<&Path>) -> Result<Centre, CentreError> {
        let store = Store::open(Db::open(address, code).await?, ring).await?;
        Centre::over(store, policy_dir).await
    }

    async fn over(store: Store, policy_dir: Option<&Path>) -> Result<Centre, CentreError> {
        let about = bootstrap::centre(&store).await?.ok_or(CentreError::NoCentre)?;
        let shipped = match policy_dir {
            Some(dir) => Arc::new(PolicySet::load(Some(dir)).map_err(|e| CentreError::Policy(e.to_string()))?),
            None => PolicySet::shipped().clone(),
        };
        let problems = crate::catalogue::check(&shipped);
        if !problems.is_empty() {
            return Err(CentreError::Policy(problems.join("\n")));
        }
        let place = Place::centre(&about.division);
        let calendar = shipped.work_calendar(&place).map_err(|e| CentreError::Policy(e.to_string()))?;
        let centre = Centre {
            place,
            policy: RwLock::new(shipped.clone()),
            shipped,
            calendar: RwLock::new(Arc::new(calendar)),
            day: RwLock::new(about.opened),
            writing: Arc::default(),
            about,
            store,
        };
        centre.read_day().await?;
        centre.read_overrides().await?;
        Ok(centre)
    }

    /// The business day (营业日) on which new business is done.
    pub fn day(&self) -> Day {
        *self.day.read().unwrap_or_else(|p| p.into_inner())
    }

    /// Keeps the sums of the day (and of later ones) from being drawn until this is dropped: whoever writes holds it from before
    /// he reads the day until after his commit.
    pub(crate) fn hold_day(&self) -> Held {
        Writing::hold(&self.writing, self.day())
    }

    /// Waits until nobody writes any more who may have read this day as the one of his business; new business has the next day by
    /// then and does not wait.
    pub(crate) async fn day_is_written(&self, day: Day) {
        self.writing.over(day).await;
    }

    /// The policy in force: shipped rules plus the centre's own.
    pub fn policy(&self) -> Arc<PolicySet> {
        self.policy.read().unwrap_or_else(|p| p.into_inner()).clone()
    }

    /// Working days.
    pub fn calendar(&self) -> Arc<WorkCalendar> {
        self.calendar.read().unwrap_or_else(|p| p.into_inner()).clone()
    }

    /// A value of policy on a day, for shells (limits of sessions, sizes of attachments …).
    ///
    /// # Errors
    /// When policy has nothing for it.
    pub fn setting<T: core_policy::PolicyValue>(&self, family: &str) -> Result<T, CentreError> {
        let policy = self.policy();
        let on = match policy.selected_by(family) {
            Some(by) if by.accepts(On::Always) => On::Always,
            Some(by) if by.accepts(On::Day(self.day())) => On::Day(self.day()),
            _ => On::Month(Month::of(self.day())),
        };
        policy.in_force::<T>(family, on, &self.place).map(|v| v.value).map_err(|e| CentreError::Policy(e.to_string()))
    }

    /// Reads the business day again.
    ///
    /// # Errors
    /// When none is open, or the database does not answer.
    pub async fn read_day(&self) -> Result<Day, CentreError> {
        let days = bootstrap::open_days(&self.store).await?;
        let day = days.iter().rev().find(|(_, state)| state == "open").map(|(day, _)| *day).ok_or(CentreError::NoDay)?;
        *self.day.write().unwrap_or_else(|p| p.into_inner()) = day;
        Ok(day)
    }

    /// Reads the centre's own policy values again, after one was confirmed.
    ///
    /// # Errors
    /// When a value cannot be read, or the database does not answer.
    pub async fn read_overrides(&self) -> Result<(), CentreError> {
        let stored = bootstrap::overrides(&self.store).await?;
        let entered = stored.iter().map(|o| {
            let source = format!("{:015}", o.case);
            Override::entered(&self.shipped, &o.family, o.from, &o.value, &o.instrument, self.day(), source)
        });
        let set = self.shipped.with_overrides(entered.collect()).map_err(|e| CentreError::Policy(e.to_string()))?;
        *self.policy.write().unwrap_or_else(|p| p.into_inner()) = Arc::new(set);
        Ok(())
    }

    /// Digest of the effective policy set, as every decision stores it.
    pub fn policy_digest(&self) -> String {
        core_case::digest::Digest(self.policy().digest()).to_string()
    }
}
