//! Today's money and the month by branch: sums over one day's receipts and one month's lists, by their indexes.

use core_calendar::{Day, Month};

use crate::db::{DbError, Query};
use crate::facts::month_number;
use crate::store::Store;

crate::statements! {
    RECEIPTS = "SELECT state, count(*) AS n, CAST(SUM(amount) AS bigint) AS total FROM receipt WHERE day = $1 AND state <> 'outgoing' GROUP BY state";
    UNKNOWN = "SELECT count(*) AS n, CAST(COALESCE(SUM(amount), 0) AS bigint) AS total FROM receipt WHERE state = 'unknown'";
    UNKNOWN_OLD = "SELECT count(*) AS n, CAST(COALESCE(SUM(amount), 0) AS bigint) AS total FROM receipt WHERE state = 'unknown' AND day < $1";
    EXPIRING = "SELECT count(*) AS n, CAST(COALESCE(SUM(total), 0) AS bigint) AS total FROM remittance_list \
        WHERE state = 'awaiting_money' AND expires <= $1";
    MONTH = "SELECT e.branch, l.state, count(*) AS n, CAST(SUM(l.total) AS bigint) AS total FROM remittance_list l \
        JOIN employer e ON e.id = l.employer WHERE l.month = $1 AND l.kind = '1' AND l.state IN ('awaiting_money', 'posted', 'posting_failed') \
        GROUP BY e.branch, l.state";
    POSTED_BY = "SELECT e.branch, CAST(SUM(l.total) AS bigint) AS total FROM remittance_list l JOIN employer e ON e.id = l.employer \
        WHERE l.month = $1 AND l.kind = '1' AND l.state = 'posted' AND l.posted <= $2 GROUP BY e.branch";
    EMPLOYERS = "SELECT branch, count(*) AS n FROM employer WHERE state IN ('01', '02', '03') AND first_month <= $1 GROUP BY branch";
    MONTHS = "SELECT l.month, CAST(SUM(l.total) AS bigint) AS total FROM remittance_list l WHERE l.month >= $1 AND l.month <= $2 \
        AND l.state = 'posted' GROUP BY l.month ORDER BY l.month";
}

/// A count and a sum in fen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sum {
    /// How many.
    pub count: i64,
    /// Fen.
    pub fen: i64,
}

/// Figures of the workbench (今日数字).
#[derive(Clone, Debug, Default)]
pub struct Today {
    /// Receipts of the day by state code.
    pub receipts: Vec<(String, Sum)>,
    /// All unknown receipts.
    pub unknown: Sum,
    /// Unknown for more than thirty days.
    pub unknown_30: Sum,
    /// Unknown for more than ninety days.
    pub unknown_90: Sum,
    /// Lists that wait for money and expire within three days.
    pub expiring: Sum,
}

/// Figures of a day.
///
/// # Errors
/// When the database does not answer.
pub async fn today(store: &Store, day: Day) -> Result<Today, DbError> {
    let queries = vec![
        Query::new(RECEIPTS, [day.into()]),
        Query::new(UNKNOWN, []),
        Query::new(UNKNOWN_OLD, [day.checked_add(-30).unwrap_or(day).into()]),
        Query::new(UNKNOWN_OLD, [day.checked_add(-90).unwrap_or(day).into()]),
        Query::new(EXPIRING, [day.checked_add(3).unwrap_or(day).into()]),
    ];
    let rows = store.db.read(queries).await?;
    let one =
        |i: usize| -> Result<Sum, DbError> { rows[i].first().map_or(Ok(Sum::default()), |r| Ok(Sum { count: r.get(0)?, fen: r.get(1)? })) };
    let receipts = rows[0].iter().map(|r| Ok((r.get(0)?, Sum { count: r.get(1)?, fen: r.get(2)? }))).collect::<Result<_, DbError>>()?;
    Ok(Today { receipts, unknown: one(1)?, unknown_30: one(2)?, unknown_90: one(3)?, expiring: one(4)? })
}

/// A branch in a month (管理部本月).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct BranchMonth {
    /// Branch.
    pub branch: i64,
    /// Employers that contribute.
    pub employers: i64,
    /// Lists posted.
    pub posted: Sum,
    /// Lists that wait for money.
    pub waiting: Sum,
    /// Posted for the month before, all of it: what this month may be expected to bring.
    pub last_month: i64,
    /// Of that, posted by the same day a month ago.
    pub last_month_by_now: i64,
}

/// The month's lists by branch.
///
/// # Errors
/// When the database does not answer.
pub async fn branches(store: &Store, month: Month, day: Day) -> Result<Vec<BranchMonth>, DbError> {
    let before = month.pred();
    let queries = vec![
        Query::new(EMPLOYERS, [month_number(month).into()]),
        Query::new(MONTH, [month_number(month).into()]),
        Query::new(POSTED_BY, [month_number(before).into(), day.into()]),
        Query::new(POSTED_BY, [month_number(before).into(), before.clamped(day.day()).into()]),
    ];
    let rows = store.db.read(queries).await?;
    let mut all = std::collections::BTreeMap::<i64, BranchMonth>::new();
    for r in &rows[0] {
        let branch: i64 = r.get(0)?;
        all.insert(branch, BranchMonth { branch, employers: r.get(1)?, ..BranchMonth::default() });
    }
    for r in &rows[1] {
        let (branch, state, sum): (i64, String, Sum) = (r.get(0)?, r.get(1)?, Sum { count: r.get(2)?, fen: r.get(3)? });
        let one = all.entry(branch).or_insert(BranchMonth { branch, ..BranchMonth::default() });
        let side = if state == "posted" { &mut one.posted } else { &mut one.waiting };
        side.count += sum.count;
        side.fen += sum.fen;
    }
    for r in &rows[2] {
        let branch: i64 = r.get(0)?;
        all.entry(branch).or_insert(BranchMonth { branch, ..BranchMonth::default() }).last_month = r.get(1)?;
    }
    for r in &rows[3] {
        let branch: i64 = r.get(0)?;
        all.entry(branch).or_insert(BranchMonth { branch, ..BranchMonth::default() }).last_month_by_now = r.get(1)?;
    }
    Ok(all.into_values().collect())
}
