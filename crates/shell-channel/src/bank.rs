//! The bank settlement system (结算应用系统): its wire form (handbook 11 §1-§4).

pub mod batch;
mod cipher;
mod codes;
mod frame;
mod gbk;
mod message;

pub use cipher::{Cipher, CipherError};
pub use codes::{BusinessType, SettleType, TxCode, TxResult};
pub use frame::{Frame, FrameError, HEADER, MOST_BODY, Node};
pub use gbk::NotGbk;
pub use message::{Fields, Message, MessageError, Value};
