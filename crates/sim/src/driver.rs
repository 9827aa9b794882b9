//! What the simulation needs of a centre: give orders, approve cases, end the day, look at what waits.

use core_calendar::{Day, Month};
use core_money::Money;
use serde_json::Value;

/// Who gives an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Who {
    /// A clerk of a branch, 0 to 9.
    Clerk(usize),
    /// A reviewer of a branch.
    Reviewer(usize),
    /// The approver of the centre.
    Approver,
    /// The officer of an employer, by its place in the world.
    Officer(usize),
    /// The machine of the banks: their notices.
    Batch,
    /// The machine that ends the day.
    Night,
    /// The system administrator, who issues tokens.
    System,
}

/// An order.
#[derive(Clone, Debug)]
pub struct Order {
    /// Who.
    pub who: Who,
    /// Name of the action.
    pub action: &'static str,
    /// Form.
    pub form: Value,
    /// Idempotency key.
    pub key: String,
}

/// What became of an order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Told {
    /// Carried out, now or before.
    Done,
    /// Waits for review under this number.
    Waiting(i64),
    /// Not carried out, with the codes or a sentence.
    Refused(String),
}

/// A list that waits for money.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Awaiting {
    /// List number.
    pub list: i64,
    /// Employer number.
    pub employer: i64,
    /// Month.
    pub month: Month,
    /// Amount due.
    pub due: Money,
}

/// A receipt without owner.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unclaimed {
    /// Receipt number.
    pub receipt: i64,
    /// Payer.
    pub payer: String,
}

/// An error of the driver: the centre could not be asked.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct Given(pub String);

/// A centre as the simulation sees it.
pub trait Driver {
    /// Gives orders in their order; progress is told how many are through.
    fn orders(&mut self, orders: Vec<Order>, told: &mut dyn FnMut(usize)) -> impl Future<Output = Result<Vec<Told>, Given>>;
    /// Approves a case, level by level.
    fn approve(&mut self, who: &[Who], case: i64) -> impl Future<Output = Result<(), Given>>;
    /// Ends the business day and opens `next`.
    fn day_end(&mut self, next: Day) -> impl Future<Output = Result<(), Given>>;
    /// Numbers of employers by name.
    fn employers(&mut self) -> impl Future<Output = Result<Vec<(i64, String)>, Given>>;
    /// Lists that wait for money.
    fn awaiting(&mut self) -> impl Future<Output = Result<Vec<Awaiting>, Given>>;
    /// Receipts without owner.
    fn unclaimed(&mut self) -> impl Future<Output = Result<Vec<Unclaimed>, Given>>;
    /// Opens the officers of these employers, by place in the world and number.
    fn officers(&mut self, of: &[(usize, i64)]) -> impl Future<Output = Result<(), Given>>;
}
