//! 职工批量开户 Member opening by Excel: thousands of rows, the same checks a row, all in one case.
//!
//! Law: as for one member (handbook 02 §1.3). The officer's confirmed list needs no further review (handbook 17 §7).

use std::collections::{BTreeSet, HashMap};

use core_case::action::{Bound, Looks, RuleDecl, Selects};
use core_case::prelude::*;

use super::member_open::{self, MemberOpen, Questions};

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

/// The rules of the rows, by their first month.
#[derive(Debug)]
pub struct Rules {
    once: Holds,
    months: HashMap<Month, member_open::Rules>,
}

/// The rule of the file itself: there is a row, and none stands twice.
const ONCE: RuleDecl = RuleDecl { name: "once", family: "case.row_once", by: Selects::Day, fits: <Holds as Looks>::fits };

impl Bound for MemberImport {
    type Rules = Rules;
    const RULES: &'static [RuleDecl] = {
        const OF_A_ROW: &[RuleDecl] = <MemberOpen as Bound>::RULES;
        const ALL: [RuleDecl; OF_A_ROW.len() + 1] = {
            let mut all = [ONCE; OF_A_ROW.len() + 1];
            let mut i = 0;
            while i < OF_A_ROW.len() {
                all[i + 1] = OF_A_ROW[i];
                i += 1;
            }
            all
        };
        &ALL
    };
    fn rules(&self, at: &At, policy: &core_case::PolicySet, place: &core_case::Place) -> Result<Rules, core_case::NoRule> {
        let mut months = HashMap::new();
        for line in &self.lines {
            if let std::collections::hash_map::Entry::Vacant(slot) = months.entry(line.first_month) {
                slot.insert(Bound::rules(line, at, policy, place)?);
            }
        }
        let once = policy.in_force(ONCE.family, core_case::On::Day(at.accepted), place)?;
        Ok(Rules { once, months })
    }
}

because! { MemberImport + [MemberOpen::REFUSALS] {
    NOTHING      "清单里没有可办理的行";
    PERSON_TWICE "清单内同一人重复";
    MOBILE_TWICE "清单内手机号码重复";
    CARD_TWICE   "清单内银行卡号重复";
} }

impl Action for MemberImport {
    const NAME: &'static str = "collection.member.import";
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
        let mut seen: [HashMap<String, usize>; 3] = Default::default();
        for (i, line) in self.lines.iter().enumerate() {
            no.line(MemberImport::LINES, i, |no| {
                if let Some(rules) = r.months.get(&line.first_month) {
                    let questions = Questions {
                        channel: at.channel,
                        employer: &f.employers[i],
                        person: &f.persons[i],
                        mobile: &f.mobiles[i],
                        card: &f.cards[i],
                    };
                    member_open::check(line, &questions, rules, no);
                }
                let keys = [
                    (line.person_key(), &PERSON_TWICE, MemberOpen::ID_NUMBER),
                    (line.mobile.reveal().to_owned(), &MOBILE_TWICE, MemberOpen::MOBILE),
                    (line.card.reveal().to_owned(), &CARD_TWICE, MemberOpen::CARD),
                ];
                for (seen, (key, because, field)) in seen.iter_mut().zip(keys) {
                    let before = seen.insert(key, i);
                    no.need(before.is_none(), &r.once, because)
                        .at(field)
                        .found(before.map_or(String::new(), |b| format!("与第 {} 行相同", b + 1)))
                        .tell("保留一行");
                }
            });
        }
        let mut then = no.pass()?;
        for line in &self.lines {
            member_open::open(line, &mut then);
        }
        then.done()
    }
}
