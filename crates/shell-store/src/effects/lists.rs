//! Lists posted and reversed, set by set: balances first, so that entries read the balance after in the same transaction.
//!
//! A wave holds lists of different employers; an employer's second list goes into the next wave, so that no account is met
//! twice by one statement. The conditions of the effects are the counts: every account open, every line still available.

use std::collections::{BTreeMap, BTreeSet};

use core_calendar::{Day, FundYear};
use core_case::effect::{ListBinding, Party, Source, ValueDay};
use core_case::ids::ListId;
use core_ledger::Side;

use super::money::Line;
use super::{Context, WriteError, Writer};
use crate::db::{Batch, Expect, Kind, Registered, Step, Update, Value};

pub(crate) static QUERIES: &[Registered] = &[
    Registered { name: "effects.post_balances", sql: POST_BALANCES },
    Registered { name: "effects.post_entries", sql: POST_ENTRIES },
    Registered { name: "effects.post_earlier_year", sql: POST_EARLIER_YEAR },
    Registered { name: "effects.reverse_current", sql: REVERSE_CURRENT },
    Registered { name: "effects.reverse_carried", sql: REVERSE_CARRIED },
    Registered { name: "effects.reverse_entries", sql: REVERSE_ENTRIES },
    Registered { name: "effects.reverse_list", sql: REVERSE_LIST },
    Registered { name: "effects.reverse_settled_current", sql: REVERSE_SETTLED_CURRENT },
    Registered { name: "effects.reverse_settled_carried", sql: REVERSE_SETTLED_CARRIED },
];

const POST_BALANCES: &str = "UPDATE savings_balance SET balance = balance + l.amount, current_year = current_year + l.amount, \
    current_product = current_product + l.amount * l.days, seq = seq + 1 \
    FROM (SELECT ll.savings AS account, ll.employer_amount + ll.member_amount AS amount, r.product_days AS days \
      FROM list_line ll JOIN remittance_list r ON r.id = ll.list JOIN savings s ON s.id = ll.savings \
      WHERE ll.list = ANY($1) AND s.state IN ('01', '02')) l \
    WHERE savings_balance.savings = l.account AND savings_balance.fund_year = $2";
const POST_ENTRIES: &str = "INSERT INTO entry (savings, seq, day, value_day, kind, month, amount, balance_after, employer, list, red, voucher) \
    SELECT ll.savings, b.seq, r.posted, r.value_day, CASE WHEN r.kind = '1' THEN '01' ELSE '02' END, r.month, \
    ll.employer_amount + ll.member_amount, b.balance, r.employer, r.id, $2, r.voucher \
    FROM list_line ll JOIN remittance_list r ON r.id = ll.list JOIN savings_balance b ON b.savings = ll.savings WHERE ll.list = ANY($1)";
// Money whose value day lies in the fund-year before: that year's product, kept apart, gets its days too.
const POST_EARLIER_YEAR: &str = "UPDATE settled_product SET current_product = current_product + l.amount * $3 \
    FROM (SELECT ll.savings AS account, ll.employer_amount + ll.member_amount AS amount FROM list_line ll WHERE ll.list = $1) l \
    WHERE settled_product.savings = l.account AND settled_product.fund_year = $2";
const REVERSE_CURRENT: &str = "UPDATE savings_balance SET balance = balance - l.amount, current_year = current_year - l.amount, \
    current_product = current_product - l.amount * l.days, seq = seq + 1 \
    FROM (SELECT ll.savings AS account, ll.employer_amount + ll.member_amount AS amount, r.product_days AS days \
      FROM list_line ll JOIN remittance_list r ON r.id = ll.list WHERE ll.list = $1) l \
    WHERE savings_balance.savings = l.account AND savings_balance.fund_year = $2 \
    AND savings_balance.balance - savings_balance.reserved >= l.amount AND savings_balance.current_year >= l.amount";
const REVERSE_CARRIED: &str = "UPDATE savings_balance SET balance = balance - l.amount, carried_over = carried_over - l.amount, \
    carried_product = carried_product - l.amount * $3, seq = seq + 1 \
    FROM (SELECT ll.savings AS account, ll.employer_amount + ll.member_amount AS amount FROM list_line ll WHERE ll.list = $1) l \
    WHERE savings_balance.savings = l.account AND savings_balance.fund_year = $2 \
    AND savings_balance.balance - savings_balance.reserved >= l.amount AND savings_balance.carried_over >= l.amount";
const REVERSE_ENTRIES: &str = "INSERT INTO entry (savings, seq, day, value_day, kind, month, amount, balance_after, employer, list, red, voucher) \
    SELECT ll.savings, b.seq, $2, r.value_day, CASE WHEN r.kind = '1' THEN '01' ELSE '02' END, r.month, \
    0 - ll.employer_amount - ll.member_amount, b.balance, r.employer, r.id, $3, $4 \
    FROM list_line ll JOIN remittance_list r ON r.id = ll.list JOIN savings_balance b ON b.savings = ll.savings WHERE ll.list = $1";
// Years that have ended lose the days they were given: the product is as if the list had never been (handbook 17 §4).
const REVERSE_SETTLED_CURRENT: &str = "UPDATE settled_product SET current_product = current_product - l.amount * $3 \
    FROM (SELECT ll.savings AS account, ll.employer_amount + ll.member_amount AS amount FROM list_line ll WHERE ll.list = $1) l \
    WHERE settled_product.savings = l.account AND settled_product.fund_year = $2";
const REVERSE_SETTLED_CARRIED: &str = "UPDATE settled_product SET carried_product = carried_product - l.amount * $3 \
    FROM (SELECT ll.savings AS account, ll.employer_amount + ll.member_amount AS amount FROM list_line ll WHERE ll.list = $1) l \
    WHERE settled_product.savings = l.account AND settled_product.fund_year = $2";
const REVERSE_LIST: &str = "UPDATE remittance_list SET state = 'reversed' WHERE id = $1 AND state = 'posted'";

/// Lists to post in this unit.
#[derive(Default)]
pub(crate) struct Waves {
    waves: Vec<Wave>,
    reversals: Vec<Step>,
}

#[derive(Default)]
struct Wave {
    employers: BTreeSet<i64>,
    rows: BTreeMap<i64, [Value; 10]>,
    lines: u64,
    fund_year: i64,
    earlier: Vec<Step>,
}

impl Waves {
    fn wave_for(&mut self, employer: i64) -> &mut Wave {
        let at = match self.waves.iter().position(|w| !w.employers.contains(&employer)) {
            // A later list of the employer must not go into an earlier wave than his last one.
            Some(at) if self.waves[at..].iter().all(|w| !w.employers.contains(&employer)) => at,
            _ => {
                self.waves.push(Wave::default());
                self.waves.len() - 1
            }
        };
        &mut self.waves[at]
    }

    /// The steps, wave by wave, then reversals.
    pub(crate) fn steps(self) -> Vec<Step> {
        let mut steps = Vec::new();
        for wave in self.waves {
            let mut rows = Batch::new(&[
                ("id", Kind::Int),
                ("before", Kind::Text),
                ("state", Kind::Text),
                ("source", Kind::Text),
                ("receipt", Kind::Int),
                ("posted", Kind::Day),
                ("value_day", Kind::Day),
                ("product_days", Kind::Int),
                ("voucher", Kind::Int),
                ("posted_case", Kind::Int),
            ]);
            let lists: Vec<i64> = wave.rows.keys().copied().collect();
            for row in wave.rows.into_values() {
                rows.push(row);
            }
            steps.push(Step::Update(Update {
                table: "remittance_list",
                rows,
                key: &["id"],
                guard: &["state = :before"],
                set: &[
                    "state = :state",
                    "source = :source",
                    "receipt = :receipt",
                    "posted = :posted",
                    "value_day = :value_day",
                    "product_days = :product_days",
                    "voucher = :voucher",
                    "posted_case = :posted_case",
                ],
                returning: &[],
            }));
            let all = Expect::Exactly(wave.lines);
            steps.push(Step::Sql { sql: POST_BALANCES.into(), values: vec![lists.clone().into(), wave.fund_year.into()], expect: all });
            steps.push(Step::Sql { sql: POST_ENTRIES.into(), values: vec![lists.into(), false.into()], expect: all });
            steps.extend(wave.earlier);
        }
        steps.extend(self.reversals);
        steps
    }
}

impl Writer<'_> {
    pub(super) fn post_list(&mut self, context: &Context, list: &ListBinding, source: Source, value: ValueDay) -> Result<(), WriteError> {
        let id = context.list(list.list)?;
        let employer = context.employer(list.employer)?;
        let template = source.template();
        let (word, receipt, first) = match source {
            Source::Receipt(r, bank) => ("receipt", Some(context.receipt(r)?), Party::Bank(bank)),
            Source::Suspense => ("suspense", None, Party::Employer(list.employer)),
            Source::Unknown(r) => ("unknown", Some(context.receipt(r)?), Party::Receipt(r)),
        };
        let mut lines = self.lines(context, template, list.sum, &[first, Party::List(ListId(id))])?;
        for line in &mut lines {
            // The member side names its employer: level 2 of the three-level ledger (handbook 06 §1.1).
            line.employer = Some(employer);
        }
        let voucher = self.voucher(context, None, template.id, template.term, None, &lines)?;
        if source == Source::Suspense {
            self.suspense_step(employer, -list.sum, template.id, voucher, None, Some(id), context.case.0);
        }
        let day = self.at.day;
        let value_day = value.on(day);
        let fund_year = FundYear::of(day);
        let product_days = i64::from(value_day.max(fund_year.first_day()).days_until(fund_year.end_exclusive()));
        let wave = self.posted.wave_for(employer);
        wave.employers.insert(employer);
        wave.lines += u64::from(list.count);
        wave.fund_year = fund_year.year().into();
        if value_day < fund_year.first_day() {
            let before = fund_year.pred();
            let days = i64::from(value_day.max(before.first_day()).days_until(before.end_exclusive()));
            let values = vec![id.into(), before.year().into(), days.into()];
            wave.earlier.push(Step::Sql { sql: POST_EARLIER_YEAR.into(), values, expect: Expect::AtMost(u64::from(list.count)) });
        }
        let row: [Value; 10] = [
            id.into(),
            "awaiting_money".into(),
            "posted".into(),
            word.into(),
            receipt.into(),
            day.into(),
            value_day.into(),
            product_days.into(),
            voucher.into(),
            context.case.0.into(),
        ];
        wave.rows.insert(id, row);
        Ok(())
    }

    pub(super) fn reverse_list(
        &mut self,
        context: &Context,
        list: &ListBinding,
        source: Source,
        voucher: i64,
        (value_day, posted): (Day, Day),
    ) -> Result<(), WriteError> {
        let employer = list.employer.0;
        let template = source.template();
        let first = match source {
            Source::Receipt(_, bank) => Party::Bank(bank),
            Source::Suspense => Party::Employer(list.employer),
            Source::Unknown(r) => Party::Receipt(r),
        };
        // Red: same accounts, same sides, negative amount (handbook 02 §1.11.3).
        let mut red = self.lines(context, template, -list.sum, &[first, Party::List(list.list)])?;
        for line in &mut red {
            line.employer = Some(employer);
        }
        let red_voucher = self.voucher(context, None, template.id, template.term, Some(voucher), &red)?;
        match source {
            Source::Suspense => self.suspense_step(employer, list.sum, template.id, red_voucher, None, Some(list.list.0), context.case.0),
            Source::Receipt(..) | Source::Unknown(_) => {
                // The bank's money is real: it becomes the employer's suspense.
                let again = match source {
                    Source::Unknown(_) => &core_ledger::entries::E_A3,
                    _ => &core_ledger::entries::E_A21,
                };
                let mut lines: Vec<Line> = vec![Self::employer_line(core_ledger::entries::SUSPENSE, Side::Credit, list.sum, list.employer)];
                let debit =
                    self.lines(context, template, list.sum, &[first, Party::List(list.list)])?.into_iter().find(|l| l.side == Side::Debit);
                lines.splice(0..0, debit);
                let blue = self.voucher(context, None, again.id, again.term, None, &lines)?;
                self.suspense_step(employer, list.sum, again.id, blue, None, Some(list.list.0), context.case.0);
            }
        }
        let fund_year = FundYear::of(self.at.day);
        let all = Expect::Exactly(u64::from(list.count));
        let id = list.list.0;
        let steps = &mut self.posted.reversals;
        if FundYear::of(posted) == fund_year {
            let values = vec![id.into(), fund_year.year().into()];
            steps.push(Step::Sql { sql: REVERSE_CURRENT.into(), values, expect: all });
        } else {
            let days = i64::from(fund_year.first_day().days_until(fund_year.end_exclusive()));
            let values = vec![id.into(), fund_year.year().into(), days.into()];
            steps.push(Step::Sql { sql: REVERSE_CARRIED.into(), values, expect: all });
        }
        let mut year = FundYear::of(value_day);
        while year < fund_year {
            let days = i64::from(value_day.max(year.first_day()).days_until(year.end_exclusive()));
            // Up to the year it was posted in it was this year's money, afterwards carried over.
            let sql = if year <= FundYear::of(posted) { REVERSE_SETTLED_CURRENT } else { REVERSE_SETTLED_CARRIED };
            let values = vec![id.into(), year.year().into(), days.into()];
            steps.push(Step::Sql { sql: sql.into(), values, expect: Expect::AtMost(u64::from(list.count)) });
            year = year.succ();
        }
        let values = vec![id.into(), self.at.day.into(), true.into(), red_voucher.into()];
        steps.push(Step::Sql { sql: REVERSE_ENTRIES.into(), values, expect: all });
        steps.push(Step::Sql { sql: REVERSE_LIST.into(), values: vec![id.into()], expect: Expect::Exactly(1) });
        Ok(())
    }
}
