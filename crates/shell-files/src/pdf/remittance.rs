//! Documents of a remittance (汇缴): the receipt after posting and the notice before payment. A5 landscape, one page.

use core_money::{Money, Rate};

use super::PdfError;
use super::canvas::{At, Canvas, Colour, Pdf, Pen};
use super::fonts::{Fonts, Style};
use super::grid::{self, Emphasis, Field};
use super::parts::{self, Letterhead, Printing, Verification};

const WIDTH: f32 = 595.28;
const HEIGHT: f32 = 419.53;
const MARGIN: f32 = 30.4;
const ROW: f32 = 26.2;

/// Receipt of a remittance that was posted (汇缴入账回单), `handbook 14 §3.1` and the Regulation's proof of contribution.
///
/// Months are printed as given, for example `2026 年 11 月`; days as `2026-11-24`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RemittanceReceipt {
    /// Who issues it.
    pub head: Letterhead,
    /// Business number in groups (回单号), such as `02 261124 0000318`.
    pub number: String,
    /// Part and its holder, such as (`第 1 联`, `单位留存`).
    pub part: (String, String),
    /// Name of the employer (缴存单位).
    pub employer: String,
    /// Account of the employer (单位账号).
    pub employer_account: String,
    /// Month of the remittance (汇缴年月).
    pub month: String,
    /// People on the list (人数).
    pub people: u32,
    /// Rates of employer and member (缴存比例).
    pub rates: (Rate, Rate),
    /// The employer's part.
    pub employer_amount: Money,
    /// The members' part.
    pub member_amount: Money,
    /// Paid-to month after the posting (缴至年月).
    pub paid_to: String,
    /// Day of posting (入账日期).
    pub posted_on: String,
    /// Value date (起息日).
    pub value_date: String,
    /// Voucher number (凭证号).
    pub voucher: String,
    /// Amount that the bank received (到账金额).
    pub received: Money,
    /// What stays as suspense of the employer (留存未分摊).
    pub suspense: Money,
    /// Serial of the bank movement (银行流水).
    pub bank_serial: String,
    /// How to check the document.
    pub verification: Verification,
    /// Who made and printed it.
    pub printing: Printing,
    /// The line at the foot: what the holder should know, with its rule.
    pub footnote: String,
}

impl RemittanceReceipt {
    /// Lays the receipt out as a PDF of one A5 page.
    ///
    /// # Errors
    /// [`PdfError`]: a font or character is missing, or the link is too long for a QR code.
    pub fn render(&self, fonts: &Fonts) -> Result<Vec<u8>, PdfError> {
        let total = self.employer_amount + self.member_amount;
        let fields = [
            Field::new("缴存单位", &self.employer).over(2).as_(Emphasis::Strong),
            Field::new("单位账号", &self.employer_account),
            Field::new("汇缴年月", &self.month),
            Field::new("人数", format!("{} 人", self.people)),
            Field::new("缴存比例", format!("单位 {} %　个人 {} %", self.rates.0, self.rates.1)),
            Field::new("单位部分", self.employer_amount.grouped()).as_(Emphasis::Amount),
            Field::new("个人部分", self.member_amount.grouped()).as_(Emphasis::Amount),
            Field::new("缴至年月", &self.paid_to),
            Field::new("合计（大写）", format!("人民币{}", total.to_words())).over(2).as_(Emphasis::Words),
            Field::new("小写", format!("¥ {}", total.grouped())).as_(Emphasis::GrandAmount),
            Field::new("入账日期", &self.posted_on),
            Field::new("起息日", &self.value_date),
            Field::new("凭证号", &self.voucher),
            Field::new("到账金额", self.received.grouped()).as_(Emphasis::Amount),
            Field::new("留存未分摊", self.suspense.grouped()).as_(Emphasis::Amount),
            Field::new("银行流水", &self.bank_serial),
        ];
        let title = "住房公积金汇缴入账回单";
        let mut pdf = Pdf::new(fonts, title, &self.head.centre, &self.printing.at)?;
        pdf.page(WIDTH, HEIGHT, |canvas| {
            parts::waves(canvas);
            let pairs = [("回单号", self.number.as_str()), (self.part.0.as_str(), self.part.1.as_str())];
            let below = parts::letterhead(canvas, MARGIN, 24.0, &self.head, title, &pairs);
            let below = grid::draw(canvas, MARGIN, below + 12.0, WIDTH - 2.0 * MARGIN, ROW, &fields);
            closing(canvas, below + 38.0, &self.head, &self.verification, &self.printing, 48.0);
            parts::footnote(canvas, MARGIN, HEIGHT - 38.0, &self.footnote);
        });
        pdf.finish()
    }
}

/// Where the money goes (收款账户).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PayTo {
    /// Holder of the account (收款户名).
    pub name: String,
    /// Number of the account (收款账号).
    pub account: String,
    /// Bank (开户银行).
    pub bank: String,
    /// Interbank number (联行号); may be empty.
    pub bank_number: String,
}

/// Notice of the amount due for a confirmed list (汇缴书、单位汇缴通知单), `handbook 14 §3.1`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RemittanceNotice {
    /// Who issues it.
    pub head: Letterhead,
    /// Business number, 15 digits without spaces: what the payer writes into the remark (`handbook 02 §1.6.12`).
    pub business_number: String,
    /// Name of the employer (缴存单位).
    pub employer: String,
    /// Account of the employer (单位账号).
    pub employer_account: String,
    /// Month or months of the list (汇缴年月).
    pub month: String,
    /// Way of payment (缴款方式), such as 转账.
    pub way: String,
    /// People on the list (人数).
    pub people: u32,
    /// The employer's part.
    pub employer_amount: Money,
    /// The members' part.
    pub member_amount: Money,
    /// Suspense of the employer that will be used (抵用未分摊); the rest is to be paid.
    pub from_suspense: Money,
    /// Where the money goes.
    pub pay_to: PayTo,
    /// Last day of payment (缴款期限), such as `2026-12-05`.
    pub due: String,
    /// How to check the document.
    pub verification: Verification,
    /// Who made and printed it.
    pub printing: Printing,
}

impl RemittanceNotice {
    /// Lays the notice out as a PDF of one A5 page.
    ///
    /// # Errors
    /// As [`RemittanceReceipt::render`].
    pub fn render(&self, fonts: &Fonts) -> Result<Vec<u8>, PdfError> {
        let total = self.employer_amount + self.member_amount;
        let to_pay = total - self.from_suspense;
        let fields = [
            Field::new("缴存单位", &self.employer).over(2).as_(Emphasis::Strong),
            Field::new("单位账号", &self.employer_account),
            Field::new("汇缴年月", &self.month),
            Field::new("人数", format!("{} 人", self.people)),
            Field::new("缴款方式", &self.way),
            Field::new("单位部分", self.employer_amount.grouped()).as_(Emphasis::Amount),
            Field::new("个人部分", self.member_amount.grouped()).as_(Emphasis::Amount),
            Field::new("抵用未分摊", self.from_suspense.grouped()).as_(Emphasis::Amount),
            Field::new("应缴（大写）", format!("人民币{}", to_pay.to_words())).over(2).as_(Emphasis::Words),
            Field::new("小写", format!("¥ {}", to_pay.grouped())).as_(Emphasis::GrandAmount),
            Field::new("收款户名", &self.pay_to.name).over(2),
            Field::new("收款账号", &self.pay_to.account).as_(Emphasis::Strong),
            Field::new("开户银行", &self.pay_to.bank).over(2),
            Field::new("联行号", &self.pay_to.bank_number),
        ];
        let title = "住房公积金汇缴书";
        let mut pdf = Pdf::new(fonts, title, &self.head.centre, &self.printing.at)?;
        pdf.page(WIDTH, HEIGHT, |canvas| {
            parts::waves(canvas);
            let pairs = [("业务流水号", self.business_number.as_str()), ("缴款期限", self.due.as_str())];
            let below = parts::letterhead(canvas, MARGIN, 24.0, &self.head, title, &pairs);
            let below = grid::draw(canvas, MARGIN, below + 12.0, WIDTH - 2.0 * MARGIN, ROW, &fields);
            remark_box(canvas, below + 11.0, &self.business_number);
            closing(canvas, below + 62.0, &self.head, &self.verification, &self.printing, 41.0);
            parts::footnote(
                canvas,
                MARGIN,
                HEIGHT - 30.0,
                "到账金额等于应缴金额的，系统自动入账；不足的先留作未分摊，补足后入账；多出的留作未分摊，可用于以后月份。",
            );
        });
        pdf.finish()
    }
}

/// The one thing the payer must do right: the business number, alone, in the remark.
fn remark_box(canvas: &mut Canvas<'_, '_>, y: f32, number: &str) {
    let width = WIDTH - 2.0 * MARGIN;
    canvas.fill_rect(MARGIN, y, width, 30.0, Colour::WHITE);
    canvas.stroke_rect(MARGIN, y, width, 30.0, 1.1, Colour::INK);
    canvas.text(
        Pen::new(Style::Sans, 9.2, Colour::INK),
        At::Left,
        MARGIN + 12.0,
        y + 18.4,
        "转账时，附言（备注）里只写这 15 位业务流水号，不写其他文字：",
    );
    let pen = Pen::new(Style::SansBold, 14.0, Colour::INK).tracked(1.3);
    canvas.text(pen, At::Right, MARGIN + width - 14.0, y + 20.0, number);
}

/// QR code, code, signatures and seal, side by side.
fn closing(canvas: &mut Canvas<'_, '_>, y: f32, head: &Letterhead, verification: &Verification, printing: &Printing, radius: f32) {
    parts::verification(canvas, MARGIN + 4.0, y, 63.0, verification);
    parts::signatures(canvas, MARGIN + 274.0, y, printing);
    parts::seal(canvas, WIDTH - MARGIN - 54.0, y + radius - 18.0, radius, head);
}
