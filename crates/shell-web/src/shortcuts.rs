//! Short codes (快捷码) of actions: two letters in the search field open the form, the rest of the line goes into its first field.
//!
//! `/` `fc` space, the account, Enter: the seal of that account is on the screen. Letters, because they are typed without an input
//! method. Each action says its own ([`core_case::action::Action::SHORT`]).

use core_case::action::Entry;
use core_case::form::Kind;
use shell_pipeline::catalogue;

/// The action that a line of the search field opens, and the address of its form with the rest of the line filled in.
pub(crate) fn opens(line: &str) -> Option<(&'static Entry, String)> {
    let (first, rest) = line.trim().split_once(char::is_whitespace).unwrap_or((line.trim(), ""));
    let entry = catalogue::actions().find(|entry| entry.short.eq_ignore_ascii_case(first))?;
    let name = entry.name;
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
    fn the_rest_of_the_line_fills_the_first_field() {
        let address = |line: &str| opens(line).map(|(_, address)| address);
        assert_eq!(address("FC ９９２５11240000001").as_deref(), Some("/cases/new/collection.member.seal?savings=992511240000001"));
        assert_eq!(address("kh").as_deref(), Some("/cases/new/collection.member.open"));
        assert_eq!(address("fc <script>").as_deref(), Some("/cases/new/collection.member.seal"));
        assert_eq!(address("彩云"), None);
    }
}
