//! Limits of a pair of contribution rates (缴存比例): asked when an employer opens and when it changes them.
//!
//! Law: Reg. 18; handbook 02 §1.5.1 to §1.5.3. Left out: a rate below the minimum needs the hardship procedure (Reg. 20), an
//! action of its own.

use core_case::prelude::*;

reasons! { pub(super) RATES {
    RATE_LOW      "缴存比例低于下限";
    RATE_HIGH     "缴存比例高于上限";
    RATE_FRACTION "缴存比例应为整数百分点";
    RATE_UNEQUAL  "单位与个人缴存比例应一致";
} }

/// The four rules of a pair of rates.
pub(super) struct RateRules<'a> {
    pub min: &'a InForce<Rate>,
    pub max: &'a InForce<Rate>,
    pub whole: &'a InForce<bool>,
    pub equal: &'a InForce<bool>,
}

/// Asks all four; `fields` are those of the employer's and of the member's rate.
pub(super) fn check(no: &mut Checks, (employer, member): (Rate, Rate), r: &RateRules<'_>, fields: [core_case::form::Field; 2]) {
    for (rate, field) in [employer, member].into_iter().zip(fields) {
        no.at_least(rate, r.min, &RATE_LOW).at(field).tell("低于下限须按程序申请降低缴存比例");
        no.at_most(rate, r.max, &RATE_HIGH).at(field).tell("改为上限以内的比例");
        no.need(!r.whole.value || rate.is_whole_percent(), r.whole, &RATE_FRACTION).at(field).found(rate).tell("改为整数百分点");
    }
    no.need(!r.equal.value || employer == member, r.equal, &RATE_UNEQUAL)
        .at(fields[1])
        .found(member)
        .required(employer)
        .tell("两个比例填写一致");
}
