//! Amounts in integer fen, rates, named rounding modes, amounts in Chinese words (大写).
//!
//! ```
//! use core_money::{Money, Rate, Rounding};
//!
//! // Monthly amount of one side: base × rate, to whole yuan, half up (handbook 16 §4, X-A8-3).
//! let base: Money = "37302.00".parse().unwrap();
//! let rate: Rate = "7".parse().unwrap();
//! let amount = rate.of(base).round(Rounding::HalfUpYuan);
//! assert_eq!(amount, Money::from_yuan(2_611));
//! assert_eq!(amount.to_words(), "贰仟陆佰壹拾壹元整");
//! ```
//!
//! No floats anywhere: an amount is a whole number of fen, a rate a whole number of ten-millionths, what lies between the two is
//! an exact [`Fraction`], and the way from a fraction to an amount always names its [`Rounding`].
//!
//! Left out: the tolerant reading of people's text (full-width digits, separators), which belongs to the edges; other currencies.

mod fraction;
mod money;
mod rate;
mod rounding;
mod words;

pub use fraction::Fraction;
pub use money::{Money, MoneyError};
pub use rate::{Rate, RateError};
pub use rounding::{Reading, Rounding};
