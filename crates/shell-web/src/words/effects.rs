//! Effect lines in Chinese words (效果). The signed line itself stands below each, since it is what the digest covers.

use crate::ui::Text;
use crate::ui::effects::{Change, Effect};

/// How many effects are drawn one by one; more are told as a count, the digest binds them all.
const DRAWN: usize = 24;

/// Effect lines as the strip “您同意后，将发生”.
pub fn effects(lines: &[String], total: u64) -> Vec<Effect> {
    let mut drawn: Vec<Effect> = lines.iter().take(DRAWN).map(|line| one(line)).collect();
    let rest = total.saturating_sub(drawn.len() as u64);
    if rest > 0 {
        drawn.push(effect("其余效果", Change::Is(format!("{rest} 项").into()), "同类效果不逐条显示，签署摘要包含全部"));
    }
    drawn
}

fn effect(label: impl Into<Text>, change: Change, line: impl Into<Text>) -> Effect {
    Effect { label: label.into(), change, consequence: line.into() }
}

/// One line. What is not known here is shown as it is signed.
fn one(line: &str) -> Effect {
    let words: Vec<&str> = line.split_whitespace().collect();
    let is = |text: String| Change::Is(text.into());
    let rest = |n: usize| words.get(n..).unwrap_or_default().join(" ");
    match words.as_slice() {
        ["open", kind, ..] => effect(thing(kind), is(new_name(rest(2).as_str())), line.to_owned()),
        ["state", kind, id, from, "->", to] => {
            effect(format!("{}状态", thing(kind)), Change::FromTo(state(kind, from), state(kind, to)), format!("{id} · {line}"))
        }
        ["state", "period", month, to] => {
            effect("会计期间", is(format!("{month} {}", if *to == "closed" { "结账" } else { "重新打开" })), line.to_owned())
        }
        ["state", "user", id, to] => {
            effect("用户状态", is(format!("{id} {}", if *to == "enabled" { "启用" } else { "停用" })), line.to_owned())
        }
        ["begin", kind, "of", _, _, value @ .., "from", from] => {
            let value = value.join(" ").replace("at employer ", "单位 ").replace("reason ", "原因 ");
            effect(record(kind), is(format!("{value} 自 {from} 起").trim().to_owned()), line.to_owned())
        }
        ["end", kind, "of", _, _, "after", until] => effect(record(kind), is(format!("到 {until} 为止")), line.to_owned()),
        ["post", _, "list", ..] => effect("入账分摊", is("按清册逐人入账".into()), line.to_owned()),
        ["post", entry, ..] => {
            let lines = voucher_lines(&words[2..]);
            let change = if lines.is_empty() { is((*entry).to_owned()) } else { Change::Lines(lines) };
            effect(format!("凭证 {entry}"), change, line.to_owned())
        }
        ["reverse", ..] => effect("红字冲正", is("清册逐人冲回".into()), line.to_owned()),
        ["voucher", entry, ..] => {
            let lines = voucher_lines(&words[2..]);
            let change = if lines.is_empty() { is((*entry).to_owned()) } else { Change::Lines(lines) };
            effect(format!("凭证 {entry}"), change, line.to_owned())
        }
        ["take", "over", ..] => effect("期初接收", is("单位暂存与缴至年月".into()), line.to_owned()),
        ["claim", register, ..] => effect("登记唯一", is(register_words(register).into()), line.to_owned()),
        ["free", register, ..] => effect("解除登记", is(register_words(register).into()), line.to_owned()),
        ["send", "message", n, ..] => effect("短信通知", is(format!("第 {n} 类")), line.to_owned()),
        ["print", document, ..] => {
            let words = match *document {
                "notice" => "汇缴书",
                "receipt" => "汇缴凭证",
                other => other,
            };
            effect("生成单据", is(words.to_owned()), line.to_owned())
        }
        ["opening", "done"] => effect("期初余额", is("接收完成，只做一次".into()), line.to_owned()),
        ["roles", "of", "user", user, roles @ ..] => {
            let user = user.trim_end_matches(':');
            let names: Vec<&str> = roles.iter().filter_map(|w| area_administration::roles::role(w)).map(|r| r.name).collect();
            effect("角色改为", is(if names.is_empty() { "没有角色".into() } else { names.join("、") }), format!("用户 {user} · {line}"))
        }
        ["policy", family, "from", from, "=", value @ ..] => {
            let until = value.iter().position(|w| *w == "under").unwrap_or(value.len());
            effect("参数新值", is(value[..until].join(" ")), format!("{family} 自 {from} · {line}"))
        }
        _ => effect("效果", is(line.to_owned()), ""),
    }
}

fn thing(kind: &str) -> &'static str {
    match kind {
        "employer" => "单位账户",
        "savings" => "个人账户",
        "list" => "清册",
        "receipt" => "收款",
        "user" => "用户",
        _ => "登记",
    }
}

/// What is opened: its ordinal in the case until the commit gives the number.
fn new_name(text: &str) -> String {
    match text.split_whitespace().next().and_then(|w| w.strip_prefix("new#")) {
        Some(n) => format!("新开第 {n} 个，编号办结时给出"),
        None => text.chars().take(60).collect(),
    }
}

fn record(kind: &str) -> &'static str {
    match kind {
        "membership" => "缴存关系",
        "base" => "缴存基数",
        "rates" => "缴存比例",
        "seal" => "封存",
        _ => "登记事项",
    }
}

fn register_words(register: &str) -> &'static str {
    match register {
        "employer-name" => "单位名称",
        "employer-code" => "统一社会信用代码",
        "person" => "个人证件",
        "mobile" => "手机号码",
        "card" => "银行卡",
        "bank-line" => "银行流水",
        "login" => "登录名",
        _ => "登记项目",
    }
}

fn state(kind: &str, code: &str) -> Text {
    use core_case::form::Choice;
    use core_case::state::{EmployerState, ListState, ReceiptState};
    let words = match kind {
        "list" => ListState::from_code(code).map(Choice::words),
        "employer" => EmployerState::from_code(code).map(Choice::words),
        "receipt" => ReceiptState::from_code(code).map(Choice::words),
        _ => None,
    };
    words.map_or_else(|| code.to_owned().into(), Text::from)
}

/// `Dr 101 12.00 (bank 1) Cr 201 12.00 (savings …)` as voucher lines.
fn voucher_lines(words: &[&str]) -> Vec<(Text, Text)> {
    let side = |w: &str| match w {
        "Dr" | "D" => Some("借"),
        "Cr" | "C" => Some("贷"),
        _ => None,
    };
    words
        .windows(3)
        .filter_map(|w| {
            let side = side(w[0])?;
            let amount = core_money::Money::parse(w[2].trim_matches(['(', ')', ','])).ok()?;
            Some((format!("{side} {}", w[1]).into(), super::amount(amount).into()))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn effect_lines_are_told_in_chinese_with_the_signed_line_below() {
        let lines = [
            "state list 022511240000318 awaiting_money -> posted".to_owned(),
            "post E-A1 Dr 101 12.00 (bank 1) Cr 201 12.00 (savings 1) value receipt-day".to_owned(),
            "something new".to_owned(),
            "begin base of savings 992511240000001 5000.00 from 2025-07".to_owned(),
        ];
        let drawn = effects(&lines, 30);
        assert_eq!(drawn.len(), 5);
        assert_eq!(drawn[0].label, "清册状态");
        assert!(matches!(&drawn[0].change, Change::FromTo(a, b) if a == "待入账" && b == "已入账分摊"));
        assert!(matches!(&drawn[1].change, Change::Lines(l) if l[0].0 == "借 101" && l[1].1 == "12.00"));
        assert!(matches!(&drawn[2].change, Change::Is(t) if t == "something new"));
        assert!(matches!(&drawn[4].change, Change::Is(t) if t == "26 项"));
    }
}
