//! Voucher (记账凭证): double rule, credit lines indented, sum, amount in words (大写) in Song, makers, digest.

use maud::{Markup, html};

use super::{Fact, Pill, Text, amount, facts};

/// Side of a posting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// 借
    Debit,
    /// 贷
    Credit,
}

/// One posting (分录).
#[derive(Clone, Debug)]
pub struct Posting {
    /// Side.
    pub side: Side,
    /// Name of the ledger account.
    pub account: Text,
    /// Its code.
    pub code: Text,
    /// Analytic items (辅助核算): kind and value.
    pub items: Vec<(Text, Markup)>,
    /// Amount; negative on a reversal.
    pub amount: Text,
}

/// A voucher as it is shown.
#[derive(Clone, Debug)]
pub struct Voucher {
    /// Number in groups: `202611 00004127`.
    pub number: Text,
    /// Status.
    pub pill: Pill,
    /// Business, posting date, value date.
    pub heads: Vec<Fact>,
    /// Postings in their order.
    pub postings: Vec<Posting>,
    /// Sum of each side.
    pub total: Text,
    /// Sum in words.
    pub in_words: Text,
    /// Case, bank line, sister vouchers, template.
    pub links: Vec<Fact>,
    /// Maker, checker, posted when, audit digest.
    pub makers: Vec<Fact>,
}

impl Voucher {
    /// The two-sided table with sums.
    pub fn table(&self) -> Markup {
        html! {
            table.voucher-lines {
                caption.sr { "分录" }
                thead { tr { th scope="col" { "科目与辅助核算" } th.n scope="col" { "借方" } th.n scope="col" { "贷方" } } }
                tbody {
                    @for posting in &self.postings {
                        tr class=(if posting.side == Side::Credit { "credit" } else { "debit" }) {
                            td { b { (posting.account) } " " span.quiet { (posting.code) } @for (kind, value) in &posting.items { small { span.kind { (kind) } (value) } } }
                            td.n { @if posting.side == Side::Debit { (amount(&posting.amount)) } }
                            td.n { @if posting.side == Side::Credit { (amount(&posting.amount)) } }
                        }
                    }
                }
                tfoot {
                    tr.total { th scope="row" { "合计" } td.n { (amount(&self.total)) } td.n { (amount(&self.total)) } }
                    tr { td.words colspan="3" { small { "大写" } span.song { (self.in_words) } } }
                }
            }
        }
    }

    /// Draws the whole voucher as a sheet; `foot` holds print and reversal.
    pub fn sheet(&self, foot: Markup) -> Markup {
        html! {
            section.sheet.voucher aria-label={ "记账凭证 " (self.number) } {
                div.sheet-head { h2 { "记账凭证" } span.num { (self.number) } div.sheet-trail { (self.pill.show()) } }
                div.double-rule {}
                div.sheet-body {
                    (facts::heads(&self.heads))
                    (self.table())
                    (facts::particulars(&self.links))
                    hr;
                    (facts::heads(&self.makers))
                }
                div.sheet-foot { (foot) }
            }
        }
    }
}
