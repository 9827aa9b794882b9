//! Components: functions over plain data. They know neither the store nor any business area.
//!
//! Each file holds one component with its states. Words come in from outside as [`Text`]; the only Chinese written here is
//! what belongs to a component itself (选填, 关闭 …). Amounts come in formatted, with U+2212 as minus; [`amount`] colours
//! the negative ones. No component writes a style attribute or an event handler, so the content security policy holds.

pub mod action_bar;
pub mod button;
pub mod chart;
pub mod checks;
pub mod diff;
pub mod drawer;
pub mod effects;
pub mod empty;
pub mod facts;
pub mod field;
pub mod frame;
pub mod gate;
pub mod keys;
pub mod kpi;
pub mod mark;
pub mod months;
pub mod pager;
pub mod problems;
pub mod progress;
pub mod sheet;
pub mod steps;
pub mod table;
pub mod tabs;
pub mod text;
pub mod title;
pub mod trace;
pub mod unmask;
pub mod voucher;

pub use button::Button;
pub use checks::{Check, Cite};
pub use facts::Fact;
pub use frame::Frame;
pub use mark::{Pill, Pips, Tag, Tone};
pub use sheet::Sheet;
pub use text::{Link, Text, amount, link};
