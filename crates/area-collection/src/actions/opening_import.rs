//! 期初余额接管 Opening balances: members with balance and months, suspense and ledger taken over once, by two persons.
//!
//! Law: handbook 17 §6 (two persons, once, sums agree), entry 06 E-A22; one person one account 02 §1.3.1.
//! Left out: prepayment (21901) and unknown receipts taken over must be zero for now: their sub-ledgers come later.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use core_case::nouns::EmployerFacts;
use core_case::prelude::*;
use core_ledger::{LedgerCode, Side};
use core_policy::Table;

use super::employer_open::IdKind;
use crate::terms::total;

/// 期初余额接管
#[derive(Form, Clone, Debug)]
pub struct OpeningImport {
    /// 期初日期
    pub day: Day,
    /// 职工
    pub members: Vec<OpeningMember>,
    /// 科目
    pub ledger: Vec<OpeningLedger>,
    /// 暂存
    pub suspense: Vec<OpeningSuspense>,
}

/// 期初职工
#[derive(Form, Clone, Debug)]
pub struct OpeningMember {
    /// 个人账号
    /// 原系统的账号；留空则编新号
    pub savings: Option<SavingsId>,
    /// 单位账号
    pub employer: EmployerId,
    /// 姓名
    #[form(max = 60)]
    pub name: String,
    /// 证件类型
    pub id_kind: IdKind,
    /// 证件号码
    pub id_number: IdNumber,
    /// 手机号码
    pub mobile: Option<Mobile>,
    /// 账户状态
    pub state: SavingsState,
    /// 开户日期
    pub opened: Day,
    /// 首次汇缴年月
    pub first_month: Month,
    /// 缴至年月
    pub paid_to: Option<Month>,
    /// 缴存基数
    pub base: Money,
    /// 上年结转余额
    pub carried_over: Money,
    /// 当年归集余额
    pub current_year: Money,
    /// 已缴月份
    #[form(max = 600)]
    pub paid_months: Option<String>,
    /// 银行卡号
    pub card: Option<Card>,
    /// 开户银行
    #[form(max = 60)]
    pub card_bank: Option<String>,
}

/// 期初科目余额
#[derive(Form, Clone, Debug)]
pub struct OpeningLedger {
    /// 科目编号
    #[form(max = 7)]
    pub account: String,
    /// 借方余额
    pub debit: Option<Money>,
    /// 贷方余额
    pub credit: Option<Money>,
}

/// 期初暂存
#[derive(Form, Clone, Debug)]
pub struct OpeningSuspense {
    /// 单位账号
    pub employer: EmployerId,
    /// 未分摊余额
    pub suspense: Option<Money>,
    /// 预缴余额
    pub prepayment: Option<Money>,
    /// 缴至年月
    pub paid_to: Option<Month>,
}

impl OpeningMember {
    fn document(&self) -> IdDocument {
        self.id_kind.document(&self.id_number).unwrap_or_else(|| self.id_kind.as_typed(&self.id_number))
    }
}

impl OpeningImport {
    /// Every employer named once, in order: its facts are loaded once, not once a member.
    fn employers(&self) -> BTreeSet<EmployerId> {
        self.members.iter().map(|m| m.employer).chain(self.suspense.iter().map(|s| s.employer)).collect()
    }
}

facts! { OpeningImport, |it, at| {
    taken:     OpeningTaken(),
    employers: each Employer(id) for id in it.employers(),
    persons:   each Registered(Register::PersonDocument, m.document().key()) for m in &it.members,
} }
rules! { OpeningImport, |it, at| {
    once:        Holds = "collection.opening.once"         by Day(at.accepted),
    agree:       Holds = "collection.opening.totals_agree" by Day(at.accepted),
    employer:    Holds = "collection.member.of_employer"     by Day(at.accepted),
    one_account: Holds = "collection.one_account"          by Day(at.accepted),
    id_valid:    Holds = "identity.number_valid"           by Day(at.accepted),
    own_mobile:  Holds = "collection.member.unique_mobile" by Day(at.accepted),
    own_card:    Holds = "collection.member.unique_card"   by Day(at.accepted),
    months:      Holds = "collection.opening.months_not_after_paid_to"       by Day(at.accepted),
    balanced:    Holds = "accounting.balanced"             by Day(at.accepted),
    leaf:        Holds = "accounting.leaf_only"            by Day(at.accepted),
    level_one:   InForce<Arc<Table>> = "accounting.chart.first_level"  by Day(it.day),
    subordinate: InForce<Arc<Table>> = "accounting.chart.sub_accounts" by Day(it.day),
    bonds:       InForce<Arc<Table>> = "accounting.chart.bonds"        by Day(it.day),
} }
because! { OpeningImport {
    TAKEN           "期初余额已经接管过";
    NO_EMPLOYER     "没有这个单位账号";
    ID_INVALID      "证件号码校验不通过";
    HAS_ACCOUNT     "此人已有个人账户";
    PERSON_TWICE    "同一人在期初表中重复";
    NUMBER_TWICE    "个人账号在期初表中重复";
    MOBILE_TWICE    "手机号码在期初表中重复";
    CARD_TWICE      "银行卡号在期初表中重复";
    NEGATIVE        "余额不能为负";
    CLOSED_STATE    "已销户的账户不接管";
    PAID_LATER      "缴至年月晚于期初日期";
    BAD_ACCOUNT     "不是末级科目";
    BOTH_SIDES      "一个科目只填借方或贷方";
    PREPAYMENT      "预缴余额暂不能接管";
    NOT_BALANCED    "科目余额借贷不平";
    MEMBERS_DIFFER  "职工余额合计与科目 201 不符";
    SUSPENSE_DIFFER "未分摊余额合计与科目 2190402 不符";
    UNKNOWN_DIFFER  "科目 2190401 有余额，但没有暂收明细";
} }

impl Action for OpeningImport {
    const NAME: &'static str = "collection.opening.import";
    const SHORT: &'static str = "qc";
    const FLOWS: Flows = Flows::Same("case.review.opening_balances");

    fn concerns(&self) -> Vec<Concern> {
        vec![Concern::of(Subject::Centre, Class::Opening)]
    }

    fn summary(&self) -> String {
        format!("{}，{} 人", self.day, self.members.len())
    }

    fn decide(&self, _at: &At, f: &Facts, r: &Rules, mut no: Checks) -> Outcome {
        no.need(!f.taken, &r.once, &TAKEN).tell("以后的更正按错账调整办理");
        let employers: HashMap<EmployerId, &EmployerFacts> = f.employers.iter().flatten().map(|e| (e.id, e)).collect();
        let (mut persons, mut numbers) = (HashMap::new(), HashMap::new());
        let members = total(self.members.iter().flat_map(|m| [m.carried_over, m.current_year]));
        let (mut mobiles, mut cards) = (HashMap::new(), HashMap::new());
        for (i, (m, holder)) in self.members.iter().zip(&f.persons).enumerate() {
            no.line(OpeningImport::MEMBERS, i, |no| {
                no.need(employers.contains_key(&m.employer), &r.employer, &NO_EMPLOYER)
                    .at(OpeningMember::EMPLOYER)
                    .found(m.employer)
                    .remedy(Remedy::first("collection.employer.import", "单位批量开户"));
                no.need(m.id_kind.document(&m.id_number).is_some(), &r.id_valid, &ID_INVALID)
                    .at(OpeningMember::ID_NUMBER)
                    .found(m.id_number.masked())
                    .tell("对照原件更正");
                no.need(holder.is_none(), &r.one_account, &HAS_ACCOUNT)
                    .at(OpeningMember::ID_NUMBER)
                    .found(m.id_number.masked())
                    .tell("合并为一户后再接管");
                let before = persons.insert(m.document().key(), i);
                no.need(before.is_none(), &r.one_account, &PERSON_TWICE)
                    .at(OpeningMember::ID_NUMBER)
                    .found(before.map_or(String::new(), |b| format!("与第 {} 行相同", b + 1)))
                    .tell("合并为一户后再接管");
                let twice = m.savings.and_then(|n| numbers.insert(n, i));
                no.need(twice.is_none(), &r.one_account, &NUMBER_TWICE)
                    .at(OpeningMember::SAVINGS)
                    .found(twice.map_or(String::new(), |b| format!("与第 {} 行相同", b + 1)))
                    .tell("核对原系统账号");
                for (before, rule, because, field) in [
                    (m.mobile.as_ref().and_then(|v| mobiles.insert(v.reveal(), i)), &r.own_mobile, &MOBILE_TWICE, OpeningMember::MOBILE),
                    (m.card.as_ref().and_then(|v| cards.insert(v.reveal(), i)), &r.own_card, &CARD_TWICE, OpeningMember::CARD),
                ] {
                    no.need(before.is_none(), rule, because)
                        .at(field)
                        .found(before.map_or(String::new(), |b| format!("与第 {} 行相同", b + 1)))
                        .tell("填写本人的号码，不清楚的留空");
                }
                no.need(!m.carried_over.is_negative() && !m.current_year.is_negative(), &r.agree, &NEGATIVE)
                    .at(OpeningMember::CARRIED_OVER)
                    .found(m.carried_over.min(m.current_year))
                    .tell("先在原系统更正");
                no.need(m.state.open(), &r.months, &CLOSED_STATE).at(OpeningMember::STATE).found(m.state.words()).tell("移出已销户的账户");
                no.need(m.paid_to.is_none_or(|p| p <= Month::of(self.day)), &r.months, &PAID_LATER)
                    .at(OpeningMember::PAID_TO)
                    .found(m.paid_to.map_or(String::new(), |p| p.to_string()))
                    .required(format!("不晚于 {}", Month::of(self.day)))
                    .tell("核对缴至年月");
            });
        }
        let chart: Vec<&Table> = [&r.level_one, &r.subordinate, &r.bonds].map(|t| &*t.value).into();
        let mut postings = Vec::new();
        for (i, l) in self.ledger.iter().enumerate() {
            no.line(OpeningImport::LEDGER, i, |no| {
                let account: Option<LedgerCode> = l.account.parse().ok().filter(|code| core_case::chart::is_leaf(*code, &chart));
                no.need(account.is_some(), &r.leaf, &BAD_ACCOUNT).at(OpeningLedger::ACCOUNT).found(&l.account).tell("填写末级科目编号");
                let sides = [(Side::Debit, l.debit), (Side::Credit, l.credit)];
                let filled: Vec<(Side, Money)> = sides.iter().filter_map(|(s, m)| m.filter(|m| !m.is_zero()).map(|m| (*s, m))).collect();
                no.need(filled.len() <= 1, &r.balanced, &BOTH_SIDES).at(OpeningLedger::CREDIT).tell("只保留净额");
                no.need(filled.iter().all(|(_, m)| !m.is_negative()), &r.balanced, &NEGATIVE)
                    .at(OpeningLedger::ACCOUNT)
                    .found(filled.iter().map(|(_, m)| *m).min().unwrap_or_default())
                    .tell("负数余额填在另一方");
                if let (Some(account), Some((side, amount))) = (account, filled.first()) {
                    postings.push(FreePosting { account, side: *side, amount: *amount });
                }
            });
        }
        let suspense = total(self.suspense.iter().filter_map(|s| s.suspense));
        for (i, s) in self.suspense.iter().enumerate() {
            no.line(OpeningImport::SUSPENSE, i, |no| {
                no.need(employers.contains_key(&s.employer), &r.employer, &NO_EMPLOYER)
                    .at(OpeningSuspense::EMPLOYER)
                    .found(s.employer)
                    .remedy(Remedy::first("collection.employer.import", "单位批量开户"));
                no.need(s.prepayment.is_none_or(|p| p.is_zero()), &r.agree, &PREPAYMENT)
                    .at(OpeningSuspense::PREPAYMENT)
                    .found(s.prepayment.unwrap_or_default())
                    .tell("转为未分摊余额后接管");
                no.need(!s.suspense.unwrap_or_default().is_negative(), &r.agree, &NEGATIVE)
                    .at(OpeningSuspense::SUSPENSE)
                    .found(s.suspense.unwrap_or_default())
                    .tell("先在原系统更正");
            });
        }
        // Sums of what was written, so that an account refused above is not told a second time as a difference.
        let debit = total(self.ledger.iter().filter_map(|l| l.debit));
        let credit = total(self.ledger.iter().filter_map(|l| l.credit));
        no.need(debit == credit, &r.balanced, &NOT_BALANCED)
            .at(OpeningImport::LEDGER)
            .found(format!("借 {debit}，贷 {credit}"))
            .tell("核对科目余额表");
        let of = |code: LedgerCode| {
            total(postings.iter().filter(|p: &&FreePosting| p.account == code && p.side == Side::Credit).map(|p| p.amount))
        };
        for (sum, code, because, field) in [
            (members, core_ledger::entries::MEMBERS, &MEMBERS_DIFFER, OpeningImport::MEMBERS),
            (suspense, core_ledger::entries::SUSPENSE, &SUSPENSE_DIFFER, OpeningImport::SUSPENSE),
            (Money::ZERO, core_ledger::entries::UNKNOWN, &UNKNOWN_DIFFER, OpeningImport::LEDGER),
        ] {
            no.need(sum == of(code), &r.agree, because).at(field).found(sum).required(of(code)).tell("核对明细与科目余额");
        }

        let mut then = no.pass()?;
        for m in &self.members {
            let document = m.document();
            let person = document.key();
            let mut thing = SavingsThing {
                id: SavingsId(0),
                employer: m.employer,
                name: m.name.clone(),
                document,
                mobile: m.mobile.clone(),
                card: m.card.clone(),
                card_bank: m.card_bank.clone(),
                first_month: m.first_month,
                base: m.base,
                taken_over: Some(TakenOver {
                    day: self.day,
                    state: m.state,
                    opened: m.opened,
                    paid_to: m.paid_to,
                    carried_over: m.carried_over,
                    current_year: m.current_year,
                    paid_months: m.paid_months.clone(),
                }),
            };
            let id = match m.savings {
                Some(number) => {
                    thing.id = number;
                    then.add(Effect::Open(Thing::Savings(Box::new(thing))));
                    number
                }
                None => then.open_savings(thing),
            };
            let of = Subject::Savings(id);
            then.claim(Register::PersonDocument, person, of);
            for (register, key) in
                [(Register::Mobile, m.mobile.as_ref().map(|v| v.reveal())), (Register::Card, m.card.as_ref().map(|v| v.reveal()))]
            {
                if let Some(key) = key {
                    then.claim(register, key, of);
                }
            }
            // History before the opening is carried by the paid-to month. Membership and base hold in that month, so that a base
            // adjusted from the first month due is a change, as it is; a seal begins after the last month paid.
            let from = m.paid_to.unwrap_or(m.first_month);
            then.begin(of, m.employer, from, Record::Membership(m.employer));
            then.begin(of, m.employer, from, Record::Base(m.base));
            if m.state == SavingsState::Sealed {
                then.begin(of, m.employer, m.paid_to.map_or(from, Month::succ), Record::Seal(SealReason::Ordinary));
            }
        }
        for s in &self.suspense {
            let amount = s.suspense.unwrap_or_default();
            if !amount.is_zero() || s.paid_to.is_some() {
                then.add(Effect::TakeOver { employer: s.employer, suspense: amount, paid_to: s.paid_to });
            }
        }
        if !postings.is_empty() {
            then.add(Effect::Voucher { entry: "E-A22", term: "期初余额接管", postings });
        }
        then.add(Effect::OpeningDone);
        then.done()
    }
}
