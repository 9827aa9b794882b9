//! 查看记录 Looks at personal data: each is recorded before its page is answered, many of them in one commit.
//!
//! Rules: handbook 12 §1 points 15–18 and 40: reading personal data leaves a record as changing it does. A look waits for the
//! group that is being written; the next group takes all that came meanwhile, so that a hundred pages cost a few commits.

use std::sync::Arc;

use core_case::ids::UserId;
use shell_store::db::Outcome;
use shell_store::effects::{AuditEntry, Moment, Writer};
use shell_store::numbers::Range;
use tokio::sync::{mpsc, oneshot};

use crate::centre::Centre;
use crate::command::Origin;
use crate::people::{PeopleError, plain};

/// Looks that one commit takes at most.
const GROUP: usize = 256;

/// Looks that may wait; more make the next one wait for room.
const QUEUE: usize = 4_096;

/// So often is a group tried again that the engine refused for a reason of its own.
const TRIES: usize = 5;

/// A look at somebody's data (查看).
#[derive(Clone, Debug)]
pub struct Look {
    /// Who looks.
    pub by: UserId,
    /// From where.
    pub origin: Origin,
    /// `read` for a page, `export` for a file that leaves us.
    pub kind: &'static str,
    /// At what: a subject key, or the path of a list.
    pub object: String,
    /// Particulars without personal identifiers.
    pub detail: serde_json::Value,
}

struct Waiting {
    look: Look,
    told: oneshot::Sender<Result<(), String>>,
}

/// The queue of looks of a centre. When it is dropped its task ends.
#[derive(Clone, Debug)]
pub struct Looks(mpsc::Sender<Waiting>);

impl Looks {
    /// A queue with a task that writes it; must be called inside a runtime.
    pub fn over(centre: Arc<Centre>) -> Looks {
        let (queue, mut waiting) = mpsc::channel::<Waiting>(QUEUE);
        tokio::spawn(async move {
            let mut group = Vec::with_capacity(GROUP);
            while waiting.recv_many(&mut group, GROUP).await > 0 {
                let looks: Vec<Look> = group.iter().map(|w| w.look.clone()).collect();
                let written = centre.record_looks(&looks).await.map_err(|e| e.to_string());
                for one in group.drain(..) {
                    // Whoever asked may have gone; the record stands all the same.
                    let _ = one.told.send(written.clone());
                }
            }
        });
        Looks(queue)
    }

    /// Records a look; when this returns well, the record is on disk and the page may be shown.
    ///
    /// # Errors
    /// [`PeopleError::Lost`] when the record could not be written: the page must not be shown then.
    pub async fn record(&self, look: Look) -> Result<(), PeopleError> {
        let (told, written) = oneshot::channel();
        self.0.send(Waiting { look, told }).await.map_err(|_| PeopleError::Lost)?;
        match written.await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(_)) | Err(_) => Err(PeopleError::Lost),
        }
    }
}

impl Centre {
    /// Writes the records of some looks in one commit.
    ///
    /// # Errors
    /// When they could not be written; none of them stands then, or nobody knows.
    pub async fn record_looks(&self, looks: &[Look]) -> Result<(), PeopleError> {
        self.store.numbers.prime(&self.store.db, &[Range::Audit]).await?;
        let day = self.day();
        let moment = |look: &Look| Moment {
            day,
            now: look.origin.now,
            actor: look.by,
            address: plain(&look.origin.address, 64),
            request: plain(&look.origin.request, 64),
        };
        let Some(first) = looks.first() else { return Ok(()) };
        let mut writer = Writer::new(&self.store, moment(first));
        let mut built = Ok(());
        for look in looks {
            writer.moment(moment(look));
            let entry = AuditEntry {
                kind: look.kind.to_owned(),
                object: look.object.clone(),
                detail: look.detail.to_string(),
                result: "done".to_owned(),
                effects: String::new(),
            };
            built = built.and_then(|()| writer.audit(entry).map(drop));
        }
        let (unit, lease) = writer.finish();
        if let Err(e) = built {
            self.store.numbers.give_back(lease);
            return Err(e.into());
        }
        for _ in 0..TRIES {
            match self.store.db.commit(unit.clone()).await {
                Outcome::Done(_) => return Ok(()),
                Outcome::Retry(_) => {}
                other => {
                    self.store.numbers.not_committed(&other, lease);
                    return Err(other.done().map_or_else(PeopleError::from, |_| PeopleError::Lost));
                }
            }
        }
        self.store.numbers.give_back(lease);
        Err(PeopleError::Lost)
    }
}
