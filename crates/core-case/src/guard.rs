//! Guards (守护版本): a version protects a question, not a row.
//!
//! Each noun names the guards whose version everything that could change its answer bumps. Facts come with the versions read;
//! the commit checks them and bumps those of its own effects. A test asks every question again after every commit of every
//! scenario: a changed answer under an unchanged guard fails.

use std::fmt;

use core_calendar::Month;
use serde::{Deserialize, Serialize};

use crate::ids::{BankAccountId, EmployerId, ListId, ReceiptId, SavingsId, UserId};

/// Which question a version protects. Printed as text, it is the key of the guard row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Guard {
    /// An employer's data, state, rates and people.
    Employer(EmployerId),
    /// The money of an employer that waits: suspense and awaiting lists.
    Money(EmployerId),
    /// The lists of an employer's month.
    EmployerMonth(EmployerId, Month),
    /// A savings account's dated records.
    Savings(SavingsId),
    /// State of a list.
    List(ListId),
    /// State of a receipt.
    Receipt(ReceiptId),
    /// A fund bank account.
    BankAccount(BankAccountId),
    /// A unique key of a register: employer code or name, person's document …
    Key(Register, KeyHash),
    /// An accounting period.
    Period(Month),
    /// A user with roles.
    User(UserId),
    /// Opening balances, once per centre.
    Opening,
    /// Policy values of the centre.
    Policy,
}

/// Register (登记簿) of unique keys: what may exist once among things open or applied for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Register {
    /// Credit code of an employer that is not closed (handbook 02 §1.2.4).
    EmployerCode,
    /// Name of an employer that is not closed (handbook 02 §1.2.9).
    EmployerName,
    /// Identity document of a person with an account not closed (handbook 02 §1.3.1).
    PersonDocument,
    /// Mobile number of a member (handbook 02 §1.3.5).
    Mobile,
    /// Bank card of a member (handbook 02 §1.3.5).
    Card,
    /// Host serial of a bank receipt with account, amount and payer (handbook 17 §5, duplicate notice).
    BankLine,
    /// Login of a user.
    Login,
}

impl Register {
    /// Short name in keys.
    pub const fn key(self) -> &'static str {
        match self {
            Register::EmployerCode => "employer-code",
            Register::EmployerName => "employer-name",
            Register::PersonDocument => "person",
            Register::Mobile => "mobile",
            Register::Card => "card",
            Register::BankLine => "bank-line",
            Register::Login => "login",
        }
    }
    /// Whether the key is a personal identifier or holds a person's name (the payer of a bank line), so that only its keyed hash
    /// may be stored: a plain one is guessed from a list of names and numbers.
    pub const fn personal(self) -> bool {
        matches!(self, Register::PersonDocument | Register::Mobile | Register::Card | Register::BankLine)
    }
    /// What it holds, in Chinese.
    pub const fn words(self) -> &'static str {
        match self {
            Register::EmployerCode => "统一社会信用代码",
            Register::EmployerName => "单位名称",
            Register::PersonDocument => "证件号码",
            Register::Mobile => "手机号码",
            Register::Card => "银行卡号",
            Register::BankLine => "银行流水",
            Register::Login => "登录名",
        }
    }
}

/// First eight bytes of the hash of a register key: enough for a guard, where a collision only costs a retry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct KeyHash(pub u64);

impl KeyHash {
    /// Hash of a normalised key. It is not keyed: guard rows of personal keys are written under the store's keyed hash.
    pub fn of(text: &str) -> KeyHash {
        KeyHash(crate::digest::short(text.as_bytes()))
    }
}

impl fmt::Display for Guard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Guard::Employer(e) => write!(f, "employer:{}", e.0),
            Guard::Money(e) => write!(f, "money:{}", e.0),
            Guard::EmployerMonth(e, m) => write!(f, "month:{}:{}", e.0, m),
            Guard::Savings(s) => write!(f, "savings:{}", s.0),
            Guard::List(l) => write!(f, "list:{}", l.0),
            Guard::Receipt(r) => write!(f, "receipt:{}", r.0),
            Guard::BankAccount(b) => write!(f, "bank:{}", b.0),
            Guard::Key(r, h) => write!(f, "key:{}:{:016x}", r.key(), h.0),
            Guard::Period(m) => write!(f, "period:{m}"),
            Guard::User(u) => write!(f, "user:{}", u.0),
            Guard::Opening => f.write_str("opening"),
            Guard::Policy => f.write_str("policy"),
        }
    }
}
