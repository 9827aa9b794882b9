//! A centre to measure on (测试用中心): made by the real road, removed afterwards.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;

use core_calendar::Day;
use shell_pipeline::{Actor, Centre};
use shell_store::db::{Db, Durability, limit};

use crate::bench::Options;
use crate::bench::disk::{Fdatasync, fdatasync};
use crate::demo;
use crate::failure::Failure;
use crate::place::Place;

/// Flushes timed before a section begins.
const SYNCS: usize = 300;

/// A centre to measure on.
pub struct Bed {
    /// The centre, in demonstration mode.
    pub centre: Arc<Centre>,
    /// Its staff.
    pub staff: HashMap<sim::Who, Actor>,
    /// Settings of its engine, none of them weakened.
    pub durability: Durability,
    /// What a flush to this disk costs.
    pub fdatasync: Fdatasync,
    /// Where it lies.
    pub place: Place,
    /// The code of its centre.
    pub code: String,
    _folder: Folder,
}

/// A folder that goes when it is dropped.
struct Folder(PathBuf);

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// The day on which a benchmark's centre opens: a working day of the fund-year with committed holidays.
pub fn opening_day() -> Day {
    sim::year::span(1).0
}

impl Bed {
    /// Makes a centre in a folder of its own, or in a schema of its own on the server.
    ///
    /// # Errors
    /// When durability is weakened, the folder is in use, or the database does not answer.
    pub async fn make(options: &Options, name: &str) -> Result<Bed, Failure> {
        let data = options.data.join(name);
        if data.exists() {
            return Err(Failure::Refused(format!("{} 已经存在。上次测试没有收尾，删掉它再测。", data.display())));
        }
        std::fs::create_dir_all(&data)?;
        let folder = Folder(data.clone());
        let fdatasync = fdatasync(&data, SYNCS)?;
        // Another run on the same server must not meet this one.
        let code = format!("bench_{name}_{}", std::process::id());
        let place = Place { data, database: options.database.clone(), centre: Some(code.clone()) };
        if options.database.is_some() {
            // Nothing is left behind on a server that is refused.
            refuse_weakened(&Db::open(&place.address(), &code).await?.durability().await?)?;
        }
        let centre = Arc::new(demo::create(&place, &code, opening_day()).await?);
        let durability = centre.store.db.durability().await?;
        refuse_weakened(&durability)?;
        let staff = demo::staff(&centre).await?;
        Ok(Bed { centre, staff, durability, fdatasync, place, code, _folder: folder })
    }

    /// Reads the settings of durability again: nobody may have weakened them during the run.
    ///
    /// # Errors
    /// When one is weakened, or the database does not answer.
    pub async fn still_durable(&self) -> Result<(), Failure> {
        refuse_weakened(&self.centre.store.db.durability().await?)
    }

    /// Removes the centre, also after a measurement that failed; a folder goes by itself, a schema does not.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn remove(&self) -> Result<(), Failure> {
        Ok(limit::remove(&self.place.address(), &self.code).await?)
    }
}

/// A ratio under weakened durability says nothing: it is refused.
///
/// # Errors
/// When a setting is weakened.
pub fn refuse_weakened(durability: &Durability) -> Result<(), Failure> {
    if durability.weakened.is_empty() {
        return Ok(());
    }
    Err(Failure::Refused(format!(
        "{} 的持久性设置被削弱（{}），比值没有意义，不予给出。恢复设置后再测。",
        durability.engine,
        durability.weakened.join("、")
    )))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_ratio_under_weakened_durability() {
        let of = |weakened: &[&str]| Durability {
            engine: "PostgreSQL 15".into(),
            settings: Vec::new(),
            weakened: weakened.iter().map(ToString::to_string).collect(),
        };
        assert!(refuse_weakened(&of(&[])).is_ok());
        let refused = refuse_weakened(&of(&["fsync", "synchronous_commit"])).expect_err("weakened");
        assert_eq!(refused.code(), crate::exit::REFUSED);
        assert!(refused.to_string().contains("fsync、synchronous_commit"), "{refused}");
    }
}
