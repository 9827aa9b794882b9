//! What a centre was told to do: the orders, approvals and day-ends of a simulated life, written down so that they can be given
//! again. A bank's file and an officer's list are there after a crash too.

use std::path::Path;

use core_calendar::Day;
use serde_json::{Value, json};
use shell_cli::demo::local::Local;
use sim::{Awaiting, Driver, Given, Order, Told, Unclaimed, Who};

/// One thing to do.
#[derive(Clone, Debug, PartialEq)]
pub enum Piece {
    /// Orders given at once.
    Orders(Vec<(Who, String, Value, String)>),
    /// A case approved, level by level.
    Approve(Vec<Who>, i64),
    /// Officers of employers opened.
    Officers(Vec<(usize, i64)>),
    /// The business day ended.
    DayEnd(Day),
}

impl Piece {
    /// What it is, for the table.
    pub fn words(&self) -> &'static str {
        match self {
            Piece::Orders(orders) => match orders[0].1.as_str() {
                "collection.employer.import" => "employers imported",
                "collection.opening.import" => "opening balances imported",
                "collection.base.adjust" => "bases adjusted",
                "collection.member.seal" | "collection.member.unseal" | "collection.member.import" => "people sealed, opened, back",
                "collection.remittance.confirm" => "lists confirmed",
                "collection.receipt.record" => "receipts recorded, lists posted",
                "collection.receipt.allocate" => "an unknown receipt claimed",
                other => panic!("{other} has no words"),
            },
            Piece::Approve(..) => "a case approved",
            Piece::Officers(_) => "officers opened",
            Piece::DayEnd(_) => "the day ended",
        }
    }

    fn json(&self) -> Value {
        match self {
            Piece::Orders(orders) => {
                json!({ "orders": orders.iter().map(|(who, action, form, key)| json!([name(*who), action, form, key])).collect::<Vec<_>>() })
            }
            Piece::Approve(who, case) => json!({ "approve": case, "by": who.iter().map(|w| name(*w)).collect::<Vec<_>>() }),
            Piece::Officers(of) => json!({ "officers": of }),
            Piece::DayEnd(next) => json!({ "next": next.to_string() }),
        }
    }

    fn read(json: &Value) -> Option<Piece> {
        if let Some(orders) = json["orders"].as_array() {
            let text = |value: &Value| value.as_str().map(str::to_owned);
            let order = |o: &Value| Some((who(o[0].as_str()?)?, text(&o[1])?, o[2].clone(), text(&o[3])?));
            return orders.iter().map(order).collect::<Option<Vec<_>>>().map(Piece::Orders);
        }
        if let Some(case) = json["approve"].as_i64() {
            let by = json["by"].as_array()?.iter().map(|w| who(w.as_str()?)).collect::<Option<Vec<_>>>()?;
            return Some(Piece::Approve(by, case));
        }
        if let Some(of) = json["officers"].as_array() {
            let pair = |p: &Value| Some((p[0].as_u64()? as usize, p[1].as_i64()?));
            return of.iter().map(pair).collect::<Option<Vec<_>>>().map(Piece::Officers);
        }
        Day::parse(json["next"].as_str()?).ok().map(Piece::DayEnd)
    }
}

/// The login of somebody, as the demonstration gives it.
pub fn name(who: Who) -> String {
    match who {
        Who::Clerk(n) => format!("clerk{:02}", n + 1),
        Who::Reviewer(n) => format!("reviewer{:02}", n + 1),
        Who::Officer(n) => format!("officer{:04}", n + 1),
        Who::Approver => "approver".into(),
        Who::Batch => "batch".into(),
        Who::Night => "night".into(),
        Who::System => "system".into(),
    }
}

/// Who has a login; none for those who take no part.
pub fn who(login: &str) -> Option<Who> {
    let nth = |prefix: &str, digits: usize| {
        let rest = login.strip_prefix(prefix).filter(|rest| rest.len() == digits)?;
        rest.parse::<usize>().ok()?.checked_sub(1)
    };
    match login {
        "batch" => Some(Who::Batch),
        "approver" => Some(Who::Approver),
        _ => nth("clerk", 2)
            .map(Who::Clerk)
            .or_else(|| nth("reviewer", 2).map(Who::Reviewer))
            .or_else(|| nth("officer", 4).map(Who::Officer)),
    }
}

/// Writes a script, a piece a line.
pub fn save(pieces: &[Piece], path: &Path) {
    let text: String = pieces.iter().map(|p| format!("{}\n", p.json())).collect();
    std::fs::write(path, text).expect("the temporary folder is writable");
}

/// Reads a script.
pub fn load(path: &Path) -> Vec<Piece> {
    let text = std::fs::read_to_string(path).expect("the script is there");
    text.lines().map(|line| serde_json::from_str(line).ok().and_then(|json| Piece::read(&json)).expect("a piece")).collect()
}

/// Does as it is told by the simulation, and writes it down.
pub struct Recorder<'c> {
    pub real: Local<'c>,
    pub pieces: Vec<Piece>,
}

impl Driver for Recorder<'_> {
    async fn orders(&mut self, orders: Vec<Order>, told: &mut dyn FnMut(usize)) -> Result<Vec<Told>, Given> {
        let kept = orders.iter().map(|o| (o.who, o.action.to_owned(), o.form.clone(), o.key.clone())).collect();
        self.pieces.push(Piece::Orders(kept));
        self.real.orders(orders, told).await
    }

    async fn approve(&mut self, by: &[Who], case: i64) -> Result<(), Given> {
        self.pieces.push(Piece::Approve(by.to_vec(), case));
        self.real.approve(by, case).await
    }

    async fn day_end(&mut self, next: Day) -> Result<(), Given> {
        self.pieces.push(Piece::DayEnd(next));
        self.real.day_end(next).await
    }

    async fn officers(&mut self, of: &[(usize, i64)]) -> Result<(), Given> {
        self.pieces.push(Piece::Officers(of.to_vec()));
        self.real.officers(of).await
    }

    async fn employers(&mut self) -> Result<Vec<(i64, String)>, Given> {
        self.real.employers().await
    }

    async fn awaiting(&mut self) -> Result<Vec<Awaiting>, Given> {
        self.real.awaiting().await
    }

    async fn unclaimed(&mut self) -> Result<Vec<Unclaimed>, Given> {
        self.real.unclaimed().await
    }
}
