//! 单位缴存登记开户 Employer opening: an employer registers and gets its account.
//!
//! Law: Reg. 14 (register within 30 days, accounts within 20), checks of handbook 02 §1.2.4, §1.2.9, rates §1.5.
//! Left out: whether the papers are genuine is the clerk's judgement, kept as attachments; name against the business registry
//! is an external fact that no source answers yet (handbook 17 §11).

use core_case::prelude::*;
use core_identity::{CitizenNumber, CreditCode};

use super::rates::{self, RateRules};

/// 单位缴存登记开户
#[derive(Form, Clone, Debug)]
pub struct EmployerOpen {
    /// 单位名称
    /// 与营业执照或批文一致，不含空格
    #[form(max = 100)]
    pub name: String,
    /// 统一社会信用代码
    /// 18 位；没有的单位留空
    pub credit_code: Option<String>,
    /// 单位地址
    pub address: String,
    /// 法定代表人姓名
    #[form(max = 60)]
    pub representative: String,
    /// 法定代表人证件类型
    pub representative_kind: IdKind,
    /// 法定代表人证件号码
    pub representative_number: IdNumber,
    /// 单位性质
    #[form(max = 40)]
    pub nature: String,
    /// 经济类型
    /// GB/T 12402 代码
    #[form(max = 20)]
    pub economic_type: String,
    /// 所属行业
    /// GB/T 4754 门类或代码
    #[form(max = 20)]
    pub industry: String,
    /// 隶属关系
    #[form(max = 20)]
    pub affiliation: Option<String>,
    /// 管理部
    pub branch: UnitId,
    /// 成立日期
    pub established: Day,
    /// 发薪日
    /// 每月几号，1 到 31
    pub pay_day: i64,
    /// 首次汇缴年月
    pub first_month: Month,
    /// 单位缴存比例
    pub employer_rate: Rate,
    /// 个人缴存比例
    pub member_rate: Rate,
    /// 经办人姓名
    #[form(max = 60)]
    pub handler: String,
    /// 经办人证件类型
    pub handler_kind: IdKind,
    /// 经办人证件号码
    pub handler_number: IdNumber,
    /// 经办人手机
    pub handler_mobile: Mobile,
    /// 受托银行
    #[form(max = 60)]
    pub entrusted_bank: String,
    /// 发薪账户
    pub payroll_account: Option<Card>,
    /// 财政统发
    /// 由财政代扣时选“是”
    pub fiscal: Option<bool>,
    /// 邮编
    #[form(max = 6)]
    pub postcode: Option<String>,
    /// 电话
    #[form(max = 20)]
    pub telephone: Option<String>,
    /// 邮箱
    #[form(max = 120)]
    pub email: Option<String>,
}

/// Kind of identity document (证件类型, JGJ/T 320 A.1; handbook 10 §7).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Choice)]
pub enum IdKind {
    /// Identity card.
    #[choice("01", "身份证")]
    Citizen,
    /// Officer's card.
    #[choice("02", "军官证")]
    Officer,
    /// Passport.
    #[choice("03", "护照")]
    Passport,
    /// Permanent residence of foreigners.
    #[choice("04", "外国人永久居留证")]
    Residence,
    /// Other.
    #[choice("99", "其他")]
    Other,
}

impl IdKind {
    /// The document as it is registered: a 15-digit number of an identity card becomes its 18 digits, so that one person is
    /// found under both (handbook 02 §1.3.2). None if the number breaks its check digit or birth date.
    pub fn document(self, number: &IdNumber) -> Option<IdDocument> {
        let number = match self {
            IdKind::Citizen => IdNumber::parse(CitizenNumber::parse(number.reveal()).ok()?.reveal())?,
            _ => number.clone(),
        };
        Some(IdDocument { kind: self.code().to_owned(), number })
    }

    /// The document as typed, for when its number was refused already.
    pub fn as_typed(self, number: &IdNumber) -> IdDocument {
        IdDocument { kind: self.code().to_owned(), number: number.clone() }
    }
}

facts! { EmployerOpen, |it, at| {
    code: Registered(Register::EmployerCode, it.credit_code.clone().unwrap_or_default()),
    name: Registered(Register::EmployerName, it.name.clone()),
    unit: Unit(it.branch),
} }
rules! { EmployerOpen, |it, at| {
    register:      Holds           = "collection.employer.who_must_contribute"     by Day(at.accepted),
    unique_code:   Holds           = "collection.employer.unique_code"      by Day(at.accepted),
    code_valid:    Holds           = "identity.credit_code_valid"           by Day(at.accepted),
    unique_name:   Holds           = "collection.employer.unique_name"      by Day(at.accepted),
    no_spaces:     Holds           = "collection.employer.name_without_spaces" by Day(at.accepted),
    id_valid:      Holds           = "identity.number_valid"                by Day(at.accepted),
    branch:        Holds           = "collection.employer.branch_exists"           by Day(at.accepted),
    first_month:   Holds           = "collection.first_month_not_before_establishment"      by Day(at.accepted),
    pay_day:       Holds           = "collection.remittance.withhold_and_pay"          by Day(at.accepted),
    rate_min:      InForce<Rate>   = "collection.rate_min"                  by Day(at.accepted),
    rate_max:      InForce<Rate>   = "collection.rate_max"                  by Day(at.accepted),
    whole_percent: InForce<bool>   = "collection.whole_percent" by Day(at.accepted),
    equal_sides:   InForce<bool>   = "collection.equal_sides" by Day(at.accepted),
} }
because! { EmployerOpen + [super::rates::RATES] {
    CODE_INVALID     "统一社会信用代码校验不通过";
    CODE_TAKEN       "该统一社会信用代码已有单位账户或在途申请";
    NAME_SPACES      "单位名称中有空格";
    NAME_TAKEN       "同名单位已有账户或在途申请";
    ID_INVALID       "证件号码校验不通过";
    NO_BRANCH        "没有这个管理部";
    PAY_DAY          "发薪日应在 1 到 31 之间";
    BEFORE_ESTABLISHED "首次汇缴年月早于单位成立";
} }

/// What the checks of one employer need; the import asks the same ones a line.
pub(super) struct Questions<'a> {
    pub code: &'a Option<core_case::nouns::Holder>,
    pub name: &'a Option<core_case::nouns::Holder>,
    pub unit: &'a Option<core_case::nouns::UnitFacts>,
}

/// The checks of one employer, in the order a clerk makes them.
pub(super) fn check(it: &EmployerOpen, f: &Questions<'_>, r: &Rules, no: &mut Checks) {
    no.under(&r.register);
    if let Some(code) = &it.credit_code {
        no.need(CreditCode::parse(code).is_ok(), &r.code_valid, &CODE_INVALID)
            .at(EmployerOpen::CREDIT_CODE)
            .found(code)
            .tell("对照营业执照逐位核对 18 位代码");
        no.need(f.code.is_none(), &r.unique_code, &CODE_TAKEN)
            .at(EmployerOpen::CREDIT_CODE)
            .found(f.code.as_ref().map_or("", |h| &h.words))
            .tell("查询已有账户；分支机构使用主体单位账户");
    }
    no.need(!it.name.chars().any(char::is_whitespace), &r.no_spaces, &NAME_SPACES).at(EmployerOpen::NAME).tell("删去名称中的空格");
    no.need(f.name.is_none(), &r.unique_name, &NAME_TAKEN)
        .at(EmployerOpen::NAME)
        .found(f.name.as_ref().map_or("", |h| &h.words))
        .tell("核对是否重复登记；确属同名的，在名称后注明所在地");
    let persons = [
        (it.representative_kind, &it.representative_number, EmployerOpen::REPRESENTATIVE_NUMBER),
        (it.handler_kind, &it.handler_number, EmployerOpen::HANDLER_NUMBER),
    ];
    for (kind, number, field) in persons {
        no.need(kind.document(number).is_some(), &r.id_valid, &ID_INVALID).at(field).found(number.masked()).tell("对照证件原件重新填写");
    }
    no.need(f.unit.as_ref().is_some_and(|u| u.branch), &r.branch, &NO_BRANCH)
        .at(EmployerOpen::BRANCH)
        .found(it.branch)
        .tell("选择所在县市的管理部");
    no.need((1..=31).contains(&it.pay_day), &r.pay_day, &PAY_DAY).at(EmployerOpen::PAY_DAY).found(it.pay_day).tell("填写每月发薪的日子");
    no.need(it.first_month >= Month::of(it.established), &r.first_month, &BEFORE_ESTABLISHED)
        .at(EmployerOpen::FIRST_MONTH)
        .found(it.first_month)
        .required(format!("不早于 {}", Month::of(it.established)))
        .tell("核对成立日期和首次汇缴年月");
    let limits = RateRules { min: &r.rate_min, max: &r.rate_max, whole: &r.whole_percent, equal: &r.equal_sides };
    rates::check(no, (it.employer_rate, it.member_rate), &limits, [EmployerOpen::EMPLOYER_RATE, EmployerOpen::MEMBER_RATE]);
}

/// What follows for one employer.
pub(super) fn open(it: &EmployerOpen, then: &mut core_case::effect::Effects) {
    let document = |kind: IdKind, number: &IdNumber| kind.document(number).unwrap_or_else(|| kind.as_typed(number));
    let id = then.open_employer(EmployerThing {
        id: EmployerId(0),
        name: it.name.clone(),
        credit_code: it.credit_code.clone(),
        address: it.address.clone(),
        representative: it.representative.clone(),
        representative_document: document(it.representative_kind, &it.representative_number),
        nature: it.nature.clone(),
        economic_type: it.economic_type.clone(),
        industry: it.industry.clone(),
        affiliation: it.affiliation.clone(),
        branch: it.branch,
        established: it.established,
        pay_day: it.pay_day.clamp(1, 31) as u8,
        first_month: it.first_month,
        rates: (it.employer_rate, it.member_rate),
        handler: it.handler.clone(),
        handler_document: document(it.handler_kind, &it.handler_number),
        handler_mobile: it.handler_mobile.clone(),
        entrusted_bank: it.entrusted_bank.clone(),
        payroll_account: it.payroll_account.clone(),
        fiscal: it.fiscal.unwrap_or(false),
    });
    if let Some(code) = &it.credit_code {
        then.claim(Register::EmployerCode, code, Subject::Employer(id));
    }
    then.claim(Register::EmployerName, &it.name, Subject::Employer(id));
    then.begin(Subject::Employer(id), id, it.first_month, Record::Rates(it.employer_rate, it.member_rate));
}

impl crate::rows::Row for EmployerOpen {
    fn month(&self) -> Option<Month> {
        None
    }
}

impl Action for EmployerOpen {
    const NAME: &'static str = "collection.employer.open";
    const SHORT: &'static str = "dk";
    const FLOWS: Flows = Flows::Same("case.review.employer_opening");
    const MATERIALS: Option<&'static str> = Some("case.material.employer_opening");

    fn concerns(&self) -> Vec<Concern> {
        // The employer does not exist yet: its name and code are claimed instead.
        Vec::new()
    }

    fn summary(&self) -> String {
        self.name.clone()
    }

    fn decide(&self, _at: &At, f: &Facts, r: &Rules, mut no: Checks) -> Outcome {
        check(self, &Questions { code: &f.code, name: &f.name, unit: &f.unit }, r, &mut no);
        let mut then = no.pass()?;
        open(self, &mut then);
        then.done()
    }
}
