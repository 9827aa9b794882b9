//! 汇缴清册核定 Remittance confirmation: the month's list is derived, its amount due is fixed, and it waits for its money.
//!
//! Law: Reg. 16, 19, 20; handbook 02 §1.6.3, §1.6.5, §1.6.11, §1.6.15, supplementary lists §1.6.18; term and states 17 §1, §5.
//! Rounding of each side: 02 §1.5.7, by the mode and the reading of the month (17 §2).
//! Left out: back payment is its own action; until it exists a late hire of a month that is past stands on a supplementary list.

use std::collections::{HashMap, HashSet};

use core_case::nouns::{ListHead, Payable};
use core_case::prelude::*;
use core_money::{Reading, Rounding};

use crate::settle::Payer;
use crate::terms::{AllocationDay, ListTerm, applied_base, side_amount};

/// 汇缴清册核定
#[derive(Form, Clone, Debug)]
pub struct RemittanceConfirm {
    /// 单位账号
    pub employer: EmployerId,
    /// 汇缴年月
    pub month: Month,
    /// 清册种类
    /// 确认当月清册后新增的人用补充清册
    pub kind: Option<ListKind>,
    /// 清册明细
    /// 留空即按系统生成的清册确认；上传的清册逐行核对
    pub lines: Vec<ConfirmLine>,
}

/// 清册明细
#[derive(Form, Clone, Debug)]
pub struct ConfirmLine {
    /// 个人账号
    pub savings: SavingsId,
    /// 变更类型
    #[form(max = 2)]
    pub change: Option<String>,
    /// 缴存基数
    pub base: Option<Money>,
    /// 单位月缴存额
    pub employer_amount: Option<Money>,
    /// 个人月缴存额
    pub member_amount: Option<Money>,
}

facts! { RemittanceConfirm, |it, at| {
    employer: Employer(it.employer),
    month:    EmployerMonth(it.employer, it.month),
} }
rules! { RemittanceConfirm, |it, at| {
    active:      Holds             = "collection.remittance.employer_ready"                 by Day(at.accepted),
    verified:    Holds             = "collection.remittance.lines_from_history"             by Day(at.accepted),
    one_list:    Holds             = "collection.remittance.one_regular_list"     by Day(at.accepted),
    supplement:  Holds             = "collection.remittance.supplementary_needs_regular"           by Day(at.accepted),
    in_order:    Holds             = "collection.remittance.month_in_order"       by Day(at.accepted),
    not_ahead:   Holds             = "collection.remittance.not_after_current_month" by Day(at.accepted),
    prepay:      InForce<bool>     = "collection.prepayment"                      by Day(at.accepted),
    ahead:       InForce<i64>      = "collection.prepayment_limit"                by Day(at.accepted),
    positive:    Holds             = "collection.remittance.amount_positive"      by Day(at.accepted),
    expiry:      InForce<ListTerm>  = "collection.list_expiry"                    by Day(at.accepted),
    supplements: InForce<bool>     = "collection.supplementary_list"              by Day(at.accepted),
    once:        Holds             = "collection.remittance.supplementary_person_once" by Day(at.accepted),
    oldest:      Holds             = "collection.remittance.oldest_first"         by Day(at.accepted),
    enough:      Holds             = "collection.remittance.enough_money"         by Day(at.accepted),
    allocated:   InForce<AllocationDay> = "collection.value_date.from_suspense"   by Day(at.accepted),
    floor:       InForce<Money>    = "collection.base_floor"                      by Month(it.month),
    cap:         InForce<Money>    = "collection.base_cap"                        by Month(FundYear::of_month(it.month).first_month()),
    rounding:    InForce<Rounding> = "collection.rounding"                        by Month(it.month),
    reading:     InForce<Reading>  = "collection.rounding_reading"                by Month(it.month),
    formula:     Holds             = "collection.remittance.amount_by_base_and_rate" by Day(at.accepted),
    rate_min:    InForce<Rate>     = "collection.rate_min"                        by Day(at.accepted),
    rate_max:    InForce<Rate>     = "collection.rate_max"                        by Day(at.accepted),
} }
because! { RemittanceConfirm {
    NO_EMPLOYER    "没有这个单位账号";
    EMPLOYER_SHUT  "单位账户已封存、缓缴或销户";
    HAS_LIST       "该月已有汇缴清册";
    NO_SUPPLEMENT  "本中心不办补充清册";
    NO_REGULAR     "该月还没有确认汇缴清册，不能做补充清册";
    OUT_OF_ORDER   "不是下一个应缴月份";
    AHEAD          "汇缴年月晚于允许的月份";
    NOBODY         "该月没有应缴职工";
    NOBODY_NEW     "应缴职工都已在该月的清册上";
    NO_RATE        "该月没有缴存比例";
    RATE_LOW       "缴存比例低于下限";
    RATE_HIGH      "缴存比例高于上限";
    NOT_POSITIVE   "月缴存额应大于零";
    LINE_UNKNOWN   "此人不在该月应缴名单中";
    LINE_TWICE     "同一账号在清册中重复";
    LINE_MISSING   "清册缺少应缴职工";
    BASE_DIFFERS   "缴存基数与系统不符";
    AMOUNT_DIFFERS "月缴存额与系统不符";
} }

impl RemittanceConfirm {
    fn list_kind(&self) -> ListKind {
        self.kind.unwrap_or(ListKind::Regular)
    }
}

/// A person's line, from base, limits, rates and rounding.
fn line(p: &Payable, rates: (Rate, Rate), r: &Rules) -> ListLine {
    let mode = (r.rounding.value, r.reading.value);
    let base = applied_base(p.base, r.floor.value, r.cap.value);
    ListLine {
        savings: p.savings,
        base,
        employer_amount: side_amount(base, rates.0, mode),
        member_amount: side_amount(base, rates.1, mode),
        change: p.change,
    }
}

impl Action for RemittanceConfirm {
    const NAME: &'static str = "collection.remittance.confirm";
    const SHORT: &'static str = "qr";
    const FLOWS: Flows = Flows::Same("case.review.remittance");

    fn concerns(&self) -> Vec<Concern> {
        vec![Concern::of(Subject::Employer(self.employer), Class::Remittance)]
    }

    fn summary(&self) -> String {
        format!("单位 {}，{}", self.employer, self.month)
    }

    fn decide(&self, at: &At, f: &Facts, r: &Rules, mut no: Checks) -> Outcome {
        let Some(employer) = no.some(&f.employer, &r.active, &NO_EMPLOYER, RemittanceConfirm::EMPLOYER) else { return no.stop() };
        let active = matches!(employer.state, EmployerState::Normal | EmployerState::Opening);
        no.need(active, &r.active, &EMPLOYER_SHUT)
            .at(RemittanceConfirm::EMPLOYER)
            .found(employer.state.words())
            .tell("先办理单位启封或结束缓缴");
        let supplementary = self.list_kind() == ListKind::Supplementary;
        let regular = f.month.regular();
        if supplementary {
            no.need(r.supplements.value, &r.supplements, &NO_SUPPLEMENT).at(RemittanceConfirm::KIND).tell("另办补缴");
            no.need(regular.is_some(), &r.supplement, &NO_REGULAR).at(RemittanceConfirm::KIND).tell("先确认该月的汇缴清册");
        } else {
            no.need(regular.is_none(), &r.one_list, &HAS_LIST)
                .at(RemittanceConfirm::MONTH)
                .found(regular.map_or(String::new(), |l| format!("{}，{}", l.binding.list, l.state.words())))
                .tell("新增的人用补充清册；清册有误的先作废或冲正");
            // Lists that wait for money count as the months before: they post in order. A month whose list expired, was voided or
            // reversed under them comes first.
            let waits = |m: Month| employer.awaiting.iter().any(|l| l.kind == ListKind::Regular && l.binding.month == m);
            let mut next = employer.next_month();
            while waits(next) {
                next = next.succ();
            }
            no.need(regular.is_some() || self.month == next, &r.in_order, &OUT_OF_ORDER)
                .at(RemittanceConfirm::MONTH)
                .found(self.month)
                .required(next)
                .tell(format!("改为 {next}"));
        }
        let latest = Month::of(at.accepted) + if r.prepay.value { r.ahead.value as i32 } else { 0 };
        no.need(self.month <= latest, &r.not_ahead, &AHEAD)
            .at(RemittanceConfirm::MONTH)
            .found(self.month)
            .required(format!("不晚于 {latest}"))
            .tell("到该月再办");
        no.under(&r.prepay);

        let Some(rates) = employer.rates.on(self.month) else {
            no.need(false, &r.verified, &NO_RATE).at(RemittanceConfirm::MONTH).tell("核对单位首次汇缴年月和比例");
            return no.stop();
        };
        for rate in [rates.0, rates.1] {
            no.at_least(rate, &r.rate_min, &RATE_LOW).at(RemittanceConfirm::EMPLOYER).tell("先办理缴存比例调整");
            no.at_most(rate, &r.rate_max, &RATE_HIGH).at(RemittanceConfirm::EMPLOYER).tell("先办理缴存比例调整");
        }
        // Whoever stands on a live list of the month is left out: of a supplementary list those of the regular one, and of a
        // regular list confirmed again those of a supplementary list that outlived the first.
        let listed: HashSet<SavingsId> = f.month.listed.iter().copied().collect();
        let expected: Vec<ListLine> = f.month.people.iter().filter(|p| !listed.contains(&p.savings)).map(|p| line(p, rates, r)).collect();
        if f.month.people.is_empty() {
            no.need(false, &r.verified, &NOBODY).at(RemittanceConfirm::MONTH).tell("核对在册职工，先办开户、转入或启封");
        } else if supplementary || expected.is_empty() {
            no.need(!expected.is_empty(), &r.once, &NOBODY_NEW).at(RemittanceConfirm::MONTH).tell("无需再做清册");
        }
        no.under(&r.formula);
        no.under(&r.verified);
        no.under(&r.floor);
        no.under(&r.cap);
        no.under(&r.rounding);
        no.under(&r.reading);
        no.under(&r.expiry);
        if !employer.suspense.is_zero() {
            no.under(&r.oldest);
            no.under(&r.enough);
            no.under(&r.allocated);
        }
        for l in expected.iter().filter(|l| l.total().is_zero()) {
            no.need(false, &r.positive, &NOT_POSITIVE).at(RemittanceConfirm::MONTH).found(l.savings).tell("核对此人的基数和单位比例");
        }
        if !self.lines.is_empty() {
            self.compare(&expected, r, &mut no);
        }

        let mut then = no.pass()?;
        let sum: Money = expected.iter().map(ListLine::total).sum();
        let confirmed = at.accepted;
        let list = ListThing {
            id: ListId(0),
            employer: self.employer,
            month: self.month,
            kind: self.list_kind(),
            rates,
            lines: expected,
            sum,
            last_month: f.month.last_month.unwrap_or_default(),
            expires: r.expiry.value.due(confirmed),
        };
        let kind = list.kind;
        let expires = list.expires;
        let binding = then.open_list(list);
        then.print(Document::PaymentNotice, Subject::List(binding.list));
        let mut awaiting = employer.awaiting.clone();
        // A supplementary list of an older month is paid before the lists of later months; within a month its number is the last.
        let place = awaiting.partition_point(|l| l.binding.month <= self.month);
        awaiting.insert(place, ListHead { binding, kind, state: ListState::AwaitingMoney, confirmed, expires });
        Payer::new(employer).settle(&mut then, &awaiting, employer.suspense);
        then.done()
    }
}

impl RemittanceConfirm {
    /// An uploaded list must agree with the derived one, line by line.
    fn compare(&self, expected: &[ListLine], r: &Rules, no: &mut Checks) {
        let by_account: HashMap<SavingsId, &ListLine> = expected.iter().map(|l| (l.savings, l)).collect();
        let mut seen = HashMap::new();
        for (i, line) in self.lines.iter().enumerate() {
            no.line(RemittanceConfirm::LINES, i, |no| {
                let before = seen.insert(line.savings, i);
                no.need(before.is_none(), &r.verified, &LINE_TWICE)
                    .at(ConfirmLine::SAVINGS)
                    .found(before.map_or(String::new(), |b| format!("与第 {} 行相同", b + 1)))
                    .tell("保留一行");
                let own = by_account.get(&line.savings);
                no.need(own.is_some(), &r.verified, &LINE_UNKNOWN)
                    .at(ConfirmLine::SAVINGS)
                    .found(line.savings)
                    .tell("新增职工先开户或转入；封存职工先启封");
                let Some(own) = own else { return };
                no.need(line.base.is_none_or(|b| b == own.base), &r.verified, &BASE_DIFFERS)
                    .at(ConfirmLine::BASE)
                    .found(line.base.map_or(String::new(), |b| b.to_string()))
                    .required(own.base)
                    .tell("基数有变的先办基数调整，再重新下载清册");
                for (found, own, field) in [
                    (line.employer_amount, own.employer_amount, ConfirmLine::EMPLOYER_AMOUNT),
                    (line.member_amount, own.member_amount, ConfirmLine::MEMBER_AMOUNT),
                ] {
                    no.need(found.is_none_or(|m| m == own), &r.verified, &AMOUNT_DIFFERS)
                        .at(field)
                        .found(found.map_or(String::new(), |m| m.to_string()))
                        .required(own)
                        .tell(format!("改为 {own}"));
                }
            });
        }
        for missing in expected.iter().filter(|l| !seen.contains_key(&l.savings)) {
            no.need(false, &r.verified, &LINE_MISSING)
                .at(RemittanceConfirm::LINES)
                .found(missing.savings)
                .tell("补上此人；已离职的先办封存");
        }
    }
}
