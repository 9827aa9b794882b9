//! Cases by number, newest first, page by page; attachments of a case; names of users beside them.

use std::collections::BTreeMap;

use core_calendar::Day;
use core_case::ids::{CaseId, UserId};

use super::work::{CaseLine, line};
use crate::db::{Batch, DbError, Insert, Kind, Query, Step};
use crate::effects::{WriteError, Writer};
use crate::numbers::Range;
use crate::store::Store;

crate::statements! {
    // Newest first along the index (accepted, id); what is filtered further is found within the days asked for.
    LIST = "SELECT id, action, state, channel, accepted, promised, maker, branch, summary, amount, flow, level FROM business_case \
        WHERE accepted >= $1 AND accepted <= $2 AND (accepted < $3 OR (accepted = $3 AND id < $4)) \
        AND ($5 = '' OR state = $5) AND ($6 = '' OR action = $6) AND ($7 = 0 OR branch = $7) \
        ORDER BY accepted DESC, id DESC LIMIT 51";
    MINE = "SELECT id, action, state, channel, accepted, promised, maker, branch, summary, amount, flow, level FROM business_case \
        WHERE maker = $1 AND accepted >= $2 ORDER BY accepted DESC, id DESC LIMIT 51";
    COUNT_MINE = "SELECT action, state, count(*) AS n FROM business_case WHERE maker = $1 AND accepted >= $2 GROUP BY action, state";
    REVIEWED = "SELECT count(*) AS n FROM case_step s WHERE s.by_user = $1 AND s.day = $2 AND s.kind = 'approved'";
    NAMES = "SELECT id, name, login FROM app_user WHERE id = ANY($1)";
    ATTACHMENTS = "SELECT id, case_id, name, media, size, hash, by_user, at, material FROM attachment WHERE case_id = $1 ORDER BY id";
    ATTACHMENT = "SELECT id, case_id, name, media, size, hash, by_user, at, material FROM attachment WHERE id = $1";
    VOUCHERS = "SELECT id, term, total FROM voucher WHERE case_id = $1 ORDER BY id LIMIT 20";
    DOCUMENTS = "SELECT d.code, d.kind FROM document d WHERE d.subject = $1";
}

/// Which cases a list shows (筛选).
#[derive(Clone, Debug)]
pub struct Wanted {
    /// Accepted from this day.
    pub from: Day,
    /// To this day.
    pub to: Day,
    /// State code, empty for all.
    pub state: String,
    /// Action, empty for all.
    pub action: String,
    /// Branch, 0 for all.
    pub branch: i64,
    /// Goes on below this case of this day.
    pub below: Option<(Day, CaseId)>,
}

/// One page of fifty, and whether there is more.
///
/// # Errors
/// When the database does not answer.
pub async fn list(store: &Store, wanted: &Wanted) -> Result<(Vec<CaseLine>, bool), DbError> {
    let (day, id) = wanted.below.map_or((wanted.to, i64::MAX), |(day, id)| (day, id.0));
    let values = [
        wanted.from.into(),
        wanted.to.into(),
        day.into(),
        id.into(),
        wanted.state.as_str().into(),
        wanted.action.as_str().into(),
        wanted.branch.into(),
    ];
    let rows = store.db.read(vec![Query::new(LIST, values)]).await?;
    page(rows)
}

/// The cases somebody entered since a day, newest first, at most fifty, and whether there are more.
///
/// # Errors
/// When the database does not answer.
pub async fn of_maker(store: &Store, maker: UserId, since: Day) -> Result<(Vec<CaseLine>, bool), DbError> {
    page(store.db.read(vec![Query::new(MINE, [maker.0.into(), since.into()])]).await?)
}

fn page(rows: Vec<Vec<crate::db::Row>>) -> Result<(Vec<CaseLine>, bool), DbError> {
    let mut lines: Vec<CaseLine> = rows.into_iter().flatten().map(line).collect::<Result<_, _>>()?;
    let more = lines.len() > 50;
    lines.truncate(50);
    Ok((lines, more))
}

/// How often somebody entered which action since a day: action, state code, count.
///
/// # Errors
/// When the database does not answer.
pub async fn counts_of_maker(store: &Store, maker: UserId, since: Day) -> Result<Vec<(String, String, i64)>, DbError> {
    let rows = store.db.read(vec![Query::new(COUNT_MINE, [maker.0.into(), since.into()])]).await?;
    rows.into_iter().flatten().map(|r| Ok((r.get(0)?, r.get(1)?, r.get(2)?))).collect()
}

/// Name and login of users by number.
///
/// # Errors
/// When the database does not answer.
pub async fn names(store: &Store, users: impl IntoIterator<Item = UserId>) -> Result<BTreeMap<i64, (String, String)>, DbError> {
    let mut ids: Vec<i64> = users.into_iter().map(|u| u.0).collect();
    ids.sort_unstable();
    ids.dedup();
    let rows = store.db.read(vec![Query::new(NAMES, [ids.into()])]).await?;
    rows.into_iter().flatten().map(|r| Ok((r.get(0)?, (r.get(1)?, r.get(2)?)))).collect()
}

/// An attachment (附件) as registered; its content lies in a file named by the hash.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attachment {
    /// Number.
    pub id: i64,
    /// Case.
    pub case: CaseId,
    /// Name as uploaded.
    pub name: String,
    /// Media type, told by content.
    pub media: String,
    /// Size in bytes.
    pub size: i64,
    /// SM3 of the content.
    pub hash: String,
    /// Who took it in.
    pub by: UserId,
    /// When, seconds since 1970.
    pub at: i64,
    /// Which piece of the action's material list it is; empty for another one.
    pub material: String,
}

fn attachment(row: &crate::db::Row) -> Result<Attachment, DbError> {
    Ok(Attachment {
        id: row.get(0)?,
        case: CaseId(row.get(1)?),
        name: row.get(2)?,
        media: row.get(3)?,
        size: row.get(4)?,
        hash: row.get(5)?,
        by: UserId(row.get(6)?),
        at: row.get(7)?,
        material: row.get(8)?,
    })
}

/// Attachments of a case.
///
/// # Errors
/// When the database does not answer.
pub async fn attachments(store: &Store, case: CaseId) -> Result<Vec<Attachment>, DbError> {
    let rows = store.db.read(vec![Query::new(ATTACHMENTS, [case.0.into()])]).await?;
    rows.iter().flatten().map(attachment).collect()
}

/// One attachment by number.
///
/// # Errors
/// When the database does not answer.
pub async fn attachment_by_id(store: &Store, id: i64) -> Result<Option<Attachment>, DbError> {
    let rows = store.db.read(vec![Query::new(ATTACHMENT, [id.into()])]).await?;
    rows.iter().flatten().next().map(attachment).transpose()
}

/// The step that registers an attachment, for the unit of its audit record.
pub fn register(a: &Attachment) -> Step {
    let mut rows = Batch::new(&[
        ("id", Kind::Int),
        ("case_id", Kind::Int),
        ("name", Kind::Text),
        ("media", Kind::Text),
        ("size", Kind::Int),
        ("hash", Kind::Text),
        ("by_user", Kind::Int),
        ("at", Kind::Int),
        ("material", Kind::Text),
    ]);
    rows.push([
        a.id.into(),
        a.case.0.into(),
        a.name.as_str().into(),
        a.media.as_str().into(),
        a.size.into(),
        a.hash.as_str().into(),
        a.by.0.into(),
        a.at.into(),
        a.material.as_str().into(),
    ]);
    Step::Insert(Insert::new("attachment", rows))
}

impl Writer<'_> {
    /// The number of a new attachment (附件编号); its range must have been primed.
    ///
    /// # Errors
    /// When the numbers are used up.
    pub fn attachment_number(&mut self) -> Result<i64, WriteError> {
        Ok(self.store.numbers.give(Range::Attachment, &mut self.lease)?)
    }
}

/// Vouchers that a case wrote: number, term, total in fen; at most twenty.
///
/// # Errors
/// When the database does not answer.
pub async fn vouchers(store: &Store, case: CaseId) -> Result<Vec<(i64, String, i64)>, DbError> {
    let rows = store.db.read(vec![Query::new(VOUCHERS, [case.0.into()])]).await?;
    rows.iter().flatten().map(|r| Ok((r.get(0)?, r.get(1)?, r.get(2)?))).collect()
}

/// Printed documents about a subject: code and kind.
///
/// # Errors
/// When the database does not answer.
pub async fn documents(store: &Store, subject: &str) -> Result<Vec<(String, String)>, DbError> {
    let rows = store.db.read(vec![Query::new(DOCUMENTS, [subject.into()])]).await?;
    rows.iter().flatten().map(|r| Ok((r.get(0)?, r.get(1)?))).collect()
}
