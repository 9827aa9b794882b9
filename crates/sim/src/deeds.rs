//! Commands as the auditor knows them, and their forms.

use core_calendar::Day;
use serde_json::{Value, json};

use crate::auditor::{Moon, moon_text};
use crate::world::Person;
use crate::year::bank_number;

/// A command (指令) of the simulation: numbers of the books, months, fen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Deed {
    /// 个人账户设立
    OpenMember {
        /// Employer.
        firm: i64,
        /// Name, documents, mobile, card.
        person: Box<Papers>,
        /// Base.
        base: i64,
        /// First month.
        first: Moon,
    },
    /// 封存
    Seal {
        /// Member.
        saver: i64,
        /// From.
        from: Moon,
    },
    /// 启封
    Unseal {
        /// Member.
        saver: i64,
        /// From.
        from: Moon,
    },
    /// 内部转移
    Transfer {
        /// Member.
        saver: i64,
        /// New employer.
        to: i64,
        /// From.
        from: Moon,
        /// New base.
        base: i64,
    },
    /// 基数调整
    Base {
        /// Members and their bases.
        lines: Vec<(i64, i64)>,
        /// From.
        from: Moon,
    },
    /// 比例调整, both sides alike
    Rate {
        /// Employer.
        firm: i64,
        /// From.
        from: Moon,
        /// Percent.
        percent: i64,
    },
    /// 汇缴清册核定
    Confirm {
        /// Employer.
        firm: i64,
        /// Month.
        month: Moon,
        /// 补充清册
        supplementary: bool,
    },
    /// 清册作废
    Void {
        /// List.
        list: i64,
    },
    /// 汇缴冲正
    Reverse {
        /// List.
        list: i64,
    },
    /// 收款登记
    Receipt {
        /// The bank's number.
        serial: String,
        /// Fund bank account.
        bank: i64,
        /// Amount.
        amount: i64,
        /// The bank's day.
        day: Day,
        /// Whose it is by what is written on it; none when nobody is named.
        owner: Option<i64>,
        /// The list that the remark names.
        named_list: Option<i64>,
        /// What the remark says.
        remark: String,
        /// Payer.
        payer: String,
    },
    /// 暂收款认领
    Allocate {
        /// Receipt.
        receipt: i64,
        /// Employer.
        firm: i64,
    },
    /// 一笔多单位
    Split {
        /// Receipt.
        receipt: i64,
        /// Employers with their parts.
        lines: Vec<(i64, i64)>,
    },
    /// 暂收款退回
    SendBack {
        /// Receipt.
        receipt: i64,
    },
    /// 未分摊款退回
    Refund {
        /// Employer.
        firm: i64,
        /// From which account.
        bank: i64,
        /// Amount.
        amount: i64,
    },
    /// 未分摊款转移
    Move {
        /// From.
        from: i64,
        /// To.
        to: i64,
        /// Amount.
        amount: i64,
    },
}

/// Papers of an invented person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Papers {
    name: String,
    id_number: String,
    mobile: String,
    card: String,
}

impl Papers {
    /// Those of a person.
    pub fn of(person: &Person) -> Papers {
        let (name, id_number) = (person.name.clone(), person.id_number.clone());
        Papers { name, id_number, mobile: person.mobile.clone(), card: person.card.clone() }
    }
}

/// Fen as the API takes amounts.
fn yuan(fen: i64) -> String {
    format!("{}{}.{:02}", if fen < 0 { "-" } else { "" }, fen.abs() / 100, fen.abs() % 100)
}

fn number(n: i64) -> String {
    format!("{n:015}")
}

impl Deed {
    /// The action and its form.
    pub fn command(&self) -> (&'static str, Value) {
        let why = "模拟";
        match self {
            Deed::OpenMember { firm, person, base, first } => (
                "collection.member.open",
                json!({
                    "employer": number(*firm), "name": person.name, "id_kind": "01", "id_number": person.id_number, "mobile": person.mobile,
                    "base": yuan(*base), "first_month": moon_text(*first), "card": person.card, "card_bank": "青岚农商银行",
                }),
            ),
            Deed::Seal { saver, from } => {
                ("collection.member.seal", json!({ "savings": number(*saver), "from": moon_text(*from), "reason": "6" }))
            }
            Deed::Unseal { saver, from } => ("collection.member.unseal", json!({ "savings": number(*saver), "from": moon_text(*from) })),
            Deed::Transfer { saver, to, from, base } => (
                "collection.member.transfer",
                json!({ "savings": number(*saver), "employer": number(*to), "from": moon_text(*from), "base": yuan(*base) }),
            ),
            Deed::Base { lines, from } => {
                let lines: Vec<Value> = lines.iter().map(|(s, base)| json!({ "savings": number(*s), "base": yuan(*base) })).collect();
                ("collection.base.adjust", json!({ "from": moon_text(*from), "lines": lines }))
            }
            Deed::Rate { firm, from, percent } => (
                "collection.rate.change",
                json!({
                    "employer": number(*firm), "from": moon_text(*from), "employer_rate": percent.to_string(),
                    "member_rate": percent.to_string(), "decision": why,
                }),
            ),
            Deed::Confirm { firm, month, supplementary } => {
                let mut form = json!({ "employer": number(*firm), "month": moon_text(*month) });
                if *supplementary {
                    form["kind"] = json!("2");
                }
                ("collection.remittance.confirm", form)
            }
            Deed::Void { list } => ("collection.remittance.void", json!({ "list": number(*list), "reason": why })),
            Deed::Reverse { list } => ("collection.remittance.reverse", json!({ "list": number(*list), "reason": why })),
            Deed::Receipt { serial, bank, amount, day, remark, payer, .. } => (
                "collection.receipt.record",
                json!({
                    "account": bank_number(*bank), "host_serial": serial, "amount": yuan(*amount), "day": day.to_string(),
                    "payer_account": "6200000000000001", "payer_name": payer, "summary": "公积金", "remark": remark,
                }),
            ),
            Deed::Allocate { receipt, firm } => {
                ("collection.receipt.allocate", json!({ "receipt": number(*receipt), "employer": number(*firm), "proof": why }))
            }
            Deed::Split { receipt, lines } => {
                let month = "2025-07";
                let lines: Vec<Value> =
                    lines.iter().map(|(firm, fen)| json!({ "employer": number(*firm), "month": month, "amount": yuan(*fen) })).collect();
                ("collection.receipt.split", json!({ "receipt": number(*receipt), "lines": lines }))
            }
            Deed::SendBack { receipt } => ("collection.receipt.send-back", json!({ "receipt": number(*receipt), "reason": why })),
            Deed::Refund { firm, bank, amount } => (
                "collection.suspense.refund",
                json!({ "employer": number(*firm), "bank": bank.to_string(), "amount": yuan(*amount), "reason": why }),
            ),
            Deed::Move { from, to, amount } => {
                ("collection.suspense.move", json!({ "from": number(*from), "to": number(*to), "amount": yuan(*amount), "reason": why }))
            }
        }
    }

    /// The employers and members it is about, for who may do it and for what is in flight.
    pub fn about(&self) -> Vec<i64> {
        match self {
            Deed::OpenMember { firm, .. } | Deed::Rate { firm, .. } | Deed::Confirm { firm, .. } | Deed::Refund { firm, .. } => vec![*firm],
            Deed::Seal { saver, .. } | Deed::Unseal { saver, .. } => vec![*saver],
            Deed::Transfer { saver, to, .. } => vec![*saver, *to],
            Deed::Base { lines, .. } => lines.iter().map(|(saver, _)| *saver).collect(),
            Deed::Void { list } | Deed::Reverse { list } => vec![*list],
            Deed::Receipt { .. } => Vec::new(),
            Deed::Allocate { receipt, firm } => vec![*receipt, *firm],
            Deed::Split { receipt, lines } => std::iter::once(*receipt).chain(lines.iter().map(|(firm, _)| *firm)).collect(),
            Deed::SendBack { receipt } => vec![*receipt],
            Deed::Move { from, to, .. } => vec![*from, *to],
        }
    }
}
