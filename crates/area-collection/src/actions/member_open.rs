//! 个人账户设立 Member opening: a person gets the one savings account of his or her life.
//!
//! Law: Reg. 13 and 15 (one account a person, opened within 30 days of hiring); checks of handbook 02 §1.3.5, base §1.4.
//! Left out: a person open elsewhere is moved by transfer; a first month already past is paid by back payment, a later action.

use core_case::nouns::{EmployerFacts, Holder};
use core_case::prelude::*;

use super::employer_open::IdKind;

/// 个人账户设立
#[derive(Form, Clone, Debug)]
pub struct MemberOpen {
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
    pub mobile: Mobile,
    /// 缴存基数
    /// 上一年度月平均工资；新参加工作按当月工资
    pub base: Money,
    /// 首次汇缴年月
    pub first_month: Month,
    /// 银行卡号
    /// 本人Ⅰ类借记卡
    pub card: Card,
    /// 开户银行
    #[form(max = 60)]
    pub card_bank: String,
    /// 性别
    #[form(max = 6)]
    pub sex: Option<String>,
    /// 出生年月
    pub born: Option<Month>,
    /// 婚姻状况
    #[form(max = 20)]
    pub marital: Option<String>,
    /// 学历
    #[form(max = 20)]
    pub education: Option<String>,
    /// 职业
    #[form(max = 40)]
    pub occupation: Option<String>,
    /// 职称
    #[form(max = 40)]
    pub professional_title: Option<String>,
    /// 职务
    #[form(max = 40)]
    pub post: Option<String>,
    /// 家庭月收入
    pub family_income: Option<Money>,
    /// 邮编
    #[form(max = 6)]
    pub postcode: Option<String>,
    /// 住址
    pub home: Option<String>,
}

impl MemberOpen {
    /// Key in the register of persons; a number that breaks its check digit is looked up as typed and refused anyway.
    pub(super) fn person_key(&self) -> String {
        self.id_kind.document(&self.id_number).unwrap_or_else(|| self.id_kind.as_typed(&self.id_number)).key()
    }
}

facts! { MemberOpen, |it, at| {
    employer: Employer(it.employer),
    person:   Registered(Register::PersonDocument, it.person_key()),
    mobile:   Registered(Register::Mobile, it.mobile.reveal().to_owned()),
    card:     Registered(Register::Card, it.card.reveal().to_owned()),
} }
rules! { MemberOpen, |it, at| {
    ours:        Holds          = "collection.member.both_parts_belong_to_member" by Day(at.accepted),
    employer:    Holds          = "collection.employer.normal"         by Day(at.accepted),
    one_account: Holds          = "collection.one_account"             by Day(at.accepted),
    id_valid:    Holds          = "identity.number_valid"              by Day(at.accepted),
    own_mobile:  Holds          = "collection.member.unique_mobile"    by Day(at.accepted),
    own_card:    Holds          = "collection.member.unique_card"      by Day(at.accepted),
    first_month: Holds          = "collection.member.first_month"      by Day(at.accepted),
    cap:         InForce<Money> = "collection.base_cap"                by Month(it.first_month),
    floor:       InForce<Money> = "collection.base_floor"              by Month(it.first_month),
} }
because! { MemberOpen {
    NO_EMPLOYER     "没有这个单位账号";
    EMPLOYER_SHUT   "单位账户已封存或销户，不能增加职工";
    ID_INVALID      "证件号码校验不通过";
    HAS_ACCOUNT     "此人已有个人账户或在途申请，一人只能有一个账户";
    MOBILE_TAKEN    "手机号码已登记在其他职工名下";
    CARD_TAKEN      "银行卡已登记在其他职工名下";
    MONTH_EARLY     "首次汇缴年月早于单位首次汇缴年月";
    MONTH_PAID      "单位该月已缴，不能从该月起汇缴";
    BASE_HIGH       "缴存基数高于上限";
    BASE_LOW        "缴存基数低于下限";
} }

/// What the checks of one person need; the import asks the same ones a line.
pub(super) struct Questions<'a> {
    pub channel: Channel,
    pub employer: &'a Option<EmployerFacts>,
    pub person: &'a Option<Holder>,
    pub mobile: &'a Option<Holder>,
    pub card: &'a Option<Holder>,
}

/// The checks of one person, in the order a clerk makes them.
pub(super) fn check(it: &MemberOpen, f: &Questions<'_>, r: &Rules, no: &mut Checks) {
    no.under(&r.ours);
    // The counter sees whose it is; an officer learns nothing about people of other employers.
    let told = f.channel != Channel::Hall;
    let taken = |h: &Option<Holder>| h.as_ref().filter(|_| told).map_or(String::new(), |h| h.words.clone());
    if let Some(employer) = no.some(f.employer, &r.employer, &NO_EMPLOYER, MemberOpen::EMPLOYER) {
        let active = matches!(employer.state, EmployerState::Normal | EmployerState::Opening | EmployerState::Deferred);
        no.need(active, &r.employer, &EMPLOYER_SHUT).at(MemberOpen::EMPLOYER).found(employer.state.words()).tell("先办理单位启封");
        no.need(it.first_month >= employer.first_month, &r.first_month, &MONTH_EARLY)
            .at(MemberOpen::FIRST_MONTH)
            .found(it.first_month)
            .required(format!("不早于 {}", employer.first_month))
            .tell(format!("改为 {} 或以后", employer.next_month()));
        no.need(employer.paid_to.is_none_or(|paid| it.first_month > paid), &r.first_month, &MONTH_PAID)
            .at(MemberOpen::FIRST_MONTH)
            .found(it.first_month)
            .required(format!("不早于 {}", employer.next_month()))
            .tell(format!("从 {} 起汇缴，以前月份另办补缴", employer.next_month()));
    }
    no.need(it.id_kind.document(&it.id_number).is_some(), &r.id_valid, &ID_INVALID)
        .at(MemberOpen::ID_NUMBER)
        .found(it.id_number.masked())
        .tell("对照证件原件重新填写");
    no.need(f.person.is_none(), &r.one_account, &HAS_ACCOUNT)
        .at(MemberOpen::ID_NUMBER)
        .found(taken(f.person))
        .remedy(Remedy::first("collection.member.transfer", "个人账户转移"));
    no.need(f.mobile.is_none(), &r.own_mobile, &MOBILE_TAKEN).at(MemberOpen::MOBILE).found(taken(f.mobile)).tell("填写本人手机号码");
    no.need(f.card.is_none(), &r.own_card, &CARD_TAKEN).at(MemberOpen::CARD).found(taken(f.card)).tell("填写本人银行卡号");
    no.at_most(it.base, &r.cap, &BASE_HIGH).at(MemberOpen::BASE).remedy(Remedy::AtMost(r.cap.value));
    no.at_least(it.base, &r.floor, &BASE_LOW).at(MemberOpen::BASE).remedy(Remedy::AtLeast(r.floor.value));
}

/// What follows for one person.
pub(super) fn open(it: &MemberOpen, then: &mut core_case::effect::Effects) {
    let document = it.id_kind.document(&it.id_number).unwrap_or_else(|| it.id_kind.as_typed(&it.id_number));
    let person = document.key();
    let id = then.open_savings(SavingsThing {
        id: SavingsId(0),
        employer: it.employer,
        name: it.name.clone(),
        document,
        mobile: Some(it.mobile.clone()),
        card: Some(it.card.clone()),
        card_bank: Some(it.card_bank.clone()),
        first_month: it.first_month,
        base: it.base,
        taken_over: None,
    });
    then.claim(Register::PersonDocument, person, Subject::Savings(id));
    then.claim(Register::Mobile, it.mobile.reveal(), Subject::Savings(id));
    then.claim(Register::Card, it.card.reveal(), Subject::Savings(id));
    then.begin(Subject::Savings(id), it.employer, it.first_month, Record::Membership(it.employer));
    then.begin(Subject::Savings(id), it.employer, it.first_month, Record::Base(it.base));
}

impl crate::rows::Row for MemberOpen {
    fn month(&self) -> Option<Month> {
        Some(self.first_month)
    }
}

impl Action for MemberOpen {
    const NAME: &'static str = "collection.member.open";
    const SHORT: &'static str = "kh";
    const FLOWS: Flows = Flows::ByChannel { counter: "case.review.member_opening", hall: "case.review.member_opening_by_list" };
    const MATERIALS: Option<&'static str> = Some("case.material.member_opening");

    fn concerns(&self) -> Vec<Concern> {
        vec![Concern::of(Subject::Employer(self.employer), Class::Member)]
    }

    fn summary(&self) -> String {
        format!("{}，单位 {}", core_identity::mask_name(&self.name), self.employer)
    }

    fn decide(&self, at: &At, f: &Facts, r: &Rules, mut no: Checks) -> Outcome {
        let questions = Questions { channel: at.channel, employer: &f.employer, person: &f.person, mobile: &f.mobile, card: &f.card };
        check(self, &questions, r, &mut no);
        let mut then = no.pass()?;
        open(self, &mut then);
        then.done()
    }
}
