//! Identity numbers with check digits, division codes, masks, folding of full-width text.
//!
//! ```
//! use core_identity::{CitizenNumber, Sex, fold_width};
//!
//! let typed = fold_width("１１０１０５４９１２３１００２"); // an old number of 15 digits, typed full width
//! let number = CitizenNumber::parse(&typed).unwrap();
//! assert_eq!(number.reveal(), "11010519491231002X");
//! assert_eq!(number.sex(), Sex::Female);
//! assert_eq!(format!("{number:?}"), "110***********002X");
//! ```
//!
//! The types of personal identifiers ([`CitizenNumber`], [`BankCard`], [`Mobile`]) have no `Display` and no serde, their `Debug`
//! prints the mask, and only `reveal` gives the clear text: a leak has to be written out. Codes of organisations are public and
//! have both. Errors never quote what was typed.
//!
//! Left out: sealing and keyed search, which are the vault's; whether a number really belongs to somebody, which only the
//! authority that issued it knows.

mod card;
mod citizen;
mod credit;
mod division;
mod fold;
mod id_type;
mod mask;
mod mobile;
mod organisation;
mod public_code;

pub use card::{BankCard, CardError, luhn_ok};
pub use citizen::{CitizenError, CitizenNumber, Holder, Sex};
pub use credit::{CreditCode, CreditError};
pub use division::{CHUXIONG, Division, DivisionCode};
pub use fold::fold_width;
pub use id_type::IdType;
pub use mask::{mask_card, mask_id_number, mask_mobile, mask_name};
pub use mobile::{Mobile, NotMobile};
pub use organisation::{OrganisationCode, OrganisationError};
