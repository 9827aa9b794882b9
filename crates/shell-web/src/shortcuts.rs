//! Short codes (快捷码) of actions: two letters in the search field open the form, the rest of the line goes into its first field.
//!
//! `/` `fc` space, the account, Enter: the seal of that account is on the screen. Letters, because they are typed without an input
//! method; the beginnings of the words a counter says, so that nobody learns a list.

use core_case::action::Entry;
use core_case::form::Kind;
use shell_pipeline::catalogue;

/// Every action a person may begin by hand, with its code.
const CODES: &[(&str, &str)] = &[
    ("accounting.period.close", "jz"),
    ("accounting.period.reopen", "qx"),
    ("accounting.voucher.manual", "pz"),
    ("administration.policy.value", "cs"),
    ("administration.user.open", "yh"),
    ("administration.user.roles", "sq"),
    ("administration.user.state", "ty"),
    ("collection.base.adjust", "js"),
    ("collection.employer.import", "dp"),
    ("collection.employer.open", "dk"),
    ("collection.member.import", "kp"),
    ("collection.member.open", "kh"),
    ("collection.member.seal", "fc"),
    ("collection.member.transfer", "zy"),
    ("collection.member.unseal", "qf"),
    ("collection.opening.import", "qc"),
    ("collection.rate.change", "bl"),
    ("collection.receipt.allocate", "rl"),
    ("collection.receipt.record", "sk"),
    ("collection.receipt.send-back", "th"),
    ("collection.receipt.split", "ft"),
    ("collection.remittance.confirm", "qr"),
    ("collection.remittance.expire", "gq"),
    ("collection.remittance.reverse", "cz"),
    ("collection.remittance.void", "zf"),
    ("collection.suspense.move", "wz"),
    ("collection.suspense.refund", "wt"),
];

/// The code of an action (快捷码); empty for one that has none.
pub fn code(action: &str) -> &'static str {
    CODES.iter().find(|(name, _)| *name == action).map_or("", |(_, code)| code)
}

/// The action that a line of the search field opens, and the address of its form with the rest of the line filled in.
pub(crate) fn opens(line: &str) -> Option<(&'static Entry, String)> {
    let (first, rest) = line.trim().split_once(char::is_whitespace).unwrap_or((line.trim(), ""));
    let name = CODES.iter().find(|(_, code)| code.eq_ignore_ascii_case(first))?.0;
    let entry = catalogue::action(name)?;
    let plain: String = core_identity::fold_width(rest).chars().filter(|c| !c.is_whitespace()).collect();
    let field = entry.fields.iter().find(|f| !matches!(f.kind, Kind::Lines(_)) && !f.kind.sealed());
    let address = match field {
        Some(field) if !plain.is_empty() && plain.chars().all(|c| c.is_ascii_alphanumeric() || "-.".contains(c)) => {
            format!("/cases/new/{name}?{}={plain}", field.name)
        }
        _ => format!("/cases/new/{name}"),
    };
    Some((entry, address))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_action_has_one_code_of_its_own_and_the_rest_of_the_line_fills_its_first_field() {
        let mut seen = std::collections::BTreeSet::new();
        for entry in catalogue::actions() {
            assert!(code(entry.name).len() == 2 && seen.insert(code(entry.name)), "{}", entry.name);
        }
        assert_eq!(seen.len(), CODES.len(), "no code without an action");
        let address = |line: &str| opens(line).map(|(_, address)| address);
        assert_eq!(address("FC ９９２５11240000001").as_deref(), Some("/cases/new/collection.member.seal?savings=992511240000001"));
        assert_eq!(address("kh").as_deref(), Some("/cases/new/collection.member.open"));
        assert_eq!(address("fc <script>").as_deref(), Some("/cases/new/collection.member.seal"));
        assert_eq!(address("彩云"), None);
    }
}
