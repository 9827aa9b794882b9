//! 职工批量开户 Member opening by Excel: thousands of rows, the same checks a row, all in one case.
//!
//! Law: as for one member (handbook 02 §1.3). The officer's confirmed list needs no further review (handbook 17 §7).

use std::collections::BTreeSet;

use core_case::prelude::*;

use super::member_open::{self, MemberOpen, Questions};
use crate::rows::Twice;

/// 职工批量开户
#[derive(Form, Clone, Debug)]
pub struct MemberImport {
    /// 职工
    pub lines: Vec<MemberOpen>,
}

facts! { MemberImport, |it, at| {
    employers: each Employer(line.employer) for line in &it.lines,
    persons:   each Registered(Register::PersonDocument, line.person_key()) for line in &it.lines,
    mobiles:   each Registered(Register::Mobile, line.mobile.reveal().to_owned()) for line in &it.lines,
    cards:     each Registered(Register::Card, line.card.reveal().to_owned()) for line in &it.lines,
} }

crate::rules_of_rows! { MemberImport, MemberOpen }

because! { MemberImport + [MemberOpen::REFUSALS] {
    NO_RULES "该年月没有现行规定";
    NOTHING      "清单里没有可办理的行";
    PERSON_TWICE "清单内同一人重复";
    MOBILE_TWICE "清单内手机号码重复";
    CARD_TWICE   "清单内银行卡号重复";
} }

impl Action for MemberImport {
    const NAME: &'static str = "collection.member.import";
    const SHORT: &'static str = "kp";
    const FLOWS: Flows = Flows::ByChannel { counter: "case.review.member_opening", hall: "case.review.member_opening_by_list" };

    fn concerns(&self) -> Vec<Concern> {
        let employers: BTreeSet<EmployerId> = self.lines.iter().map(|l| l.employer).collect();
        employers.into_iter().map(|e| Concern::of(Subject::Employer(e), Class::Member)).collect()
    }

    fn summary(&self) -> String {
        format!("{} 人", self.lines.len())
    }

    fn decide(&self, at: &At, f: &Facts, r: &Rules, mut no: Checks) -> Outcome {
        no.need(!self.lines.is_empty(), &r.once, &NOTHING).at(MemberImport::LINES).tell("在表中填写至少一人");
        let (mut persons, mut mobiles, mut cards) = (Twice::default(), Twice::default(), Twice::default());
        for (i, line) in self.lines.iter().enumerate() {
            no.line(MemberImport::LINES, i, |no| {
                if let Some(rules) = r.of(line.first_month, &NO_RULES, MemberOpen::FIRST_MONTH, no) {
                    let questions = Questions {
                        channel: at.channel,
                        employer: &f.employers[i],
                        person: &f.persons[i],
                        mobile: &f.mobiles[i],
                        card: &f.cards[i],
                    };
                    member_open::check(line, &questions, rules, no);
                }
                persons.once(&line.person_key(), i, &r.once, &PERSON_TWICE, MemberOpen::ID_NUMBER, no);
                mobiles.once(line.mobile.reveal(), i, &r.once, &MOBILE_TWICE, MemberOpen::MOBILE, no);
                cards.once(line.card.reveal(), i, &r.once, &CARD_TWICE, MemberOpen::CARD, no);
            });
        }
        let mut then = no.pass()?;
        for line in &self.lines {
            member_open::open(line, &mut then);
        }
        then.done()
    }
}
