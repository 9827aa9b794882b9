//! Documents (打印单据) as PDF: receipts, notices, statements and tables, as data that is laid out here.
//!
//! PDF/A-2b with embedded subsets of the fonts, so that the text can be searched and copied and the page looks the same in
//! twenty years; a character that no font has is an error with its name, never an empty box (`handbook 17 §13`). Every
//! document carries its verification code in fours and as a QR code, who made and checked it, when it was printed and
//! which copy it is (`handbook 12`, receipts; `handbook 14 §3.1`). The same data gives the same bytes.
//!
//! | document | paper |
//! |---|---|
//! | [`RemittanceReceipt`] 汇缴入账回单 | A5 landscape, one page |
//! | [`RemittanceNotice`] 汇缴书 | A5 landscape, one page |
//! | [`MemberStatement`] 个人缴存明细 | A4 portrait, as many pages as needed |
//! | [`EmployerStatement`] 单位缴存明细 | A4 portrait, as many pages as needed |
//! | [`TableDocument`] any table | A4 portrait or landscape |

mod canvas;
mod fonts;
mod grid;
mod parts;
mod remittance;
mod statement;
mod table;

pub use fonts::{FontError, FontFiles, Fonts};
pub use grid::{Emphasis, Field};
pub use parts::{Letterhead, Printing, Verification};
pub use remittance::{PayTo, RemittanceNotice, RemittanceReceipt};
pub use statement::{EmployerLine, EmployerStatement, MemberLine, MemberStatement};
pub use table::{Align, TableCell, TableColumn, TableDocument};

/// Why a document could not be made.
#[derive(Debug, thiserror::Error)]
pub enum PdfError {
    /// A font cannot be used.
    #[error(transparent)]
    Font(#[from] FontError),
    /// A character that no font has: usually a rare one in a name. The document is not made, because an empty box in a name
    /// is worse than none.
    #[error("字体里没有“{character}”（U+{:04X}）这个字，单据没有生成。请系统管理员安装 fonts-noto-cjk，或用 anju serve --rare-font 加一种含有这个字的字体", u32::from(*character))]
    MissingGlyph {
        /// The character.
        character: char,
    },
    /// The verification code or its link is too long for a QR code.
    #[error("查验链接过长，放不进二维码")]
    QrCode,
    /// A row of a table has another number of cells than the table has columns.
    #[error("表格第 {row} 行有 {found} 格，应有 {columns} 格")]
    Shape {
        /// Row, from 1.
        row: usize,
        /// Its cells.
        found: usize,
        /// Columns of the table.
        columns: usize,
    },
    /// The PDF writer refused; the text is for the log.
    #[error("PDF 写不出来：{0}")]
    Writer(String),
}
