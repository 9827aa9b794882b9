//! What can be wrong with a file people send: codes, and errors that say what was found and what to do.
//!
//! Every message follows one pattern: what was found, what is required, and as the remedy what the person can do.

use serde::Serialize;

/// The codes of file errors. They are part of the answer of `anju import` and never change their meaning.
pub mod code {
    macro_rules! codes {
        ($($(#[$doc:meta])* $name:ident = $text:literal : $words:literal;)+) => {
            $($(#[$doc])* pub const $name: &str = $text;)+
            /// Every code with its short Chinese words, for the catalogue of refusals.
            pub const ALL: &[(&str, &str)] = &[$(($text, $words)),+];
        };
    }
    codes! {
        /// A compulsory cell is empty.
        REQUIRED = "file.required": "必填项为空";
        /// A compulsory heading is missing.
        HEADING_MISSING = "file.heading_missing": "缺少必填列";
        /// A heading stands twice.
        HEADING_TWICE = "file.heading_twice": "表头重复";
        /// A sheet of the workbook is missing.
        SHEET_MISSING = "file.sheet_missing": "缺少工作表";
        /// A number cell has lost digits: a spreadsheet keeps only fifteen.
        DIGITS_LOST = "file.digits_lost": "长号码按数值保存，已丢失末尾数字";
        /// A formula has no value stored.
        FORMULA_EMPTY = "file.formula_empty": "公式没有结果";
        /// The cell shows an error of the spreadsheet (`#N/A`, `#REF!`).
        CELL_FAULT = "file.cell_fault": "单元格出错";
        /// The value has not the form that the column asks for.
        FORM = "file.form": "格式不符";
        /// The amount has more than two decimals.
        DECIMALS = "file.decimals": "金额超过两位小数";
        /// The number or amount is out of range.
        RANGE = "file.range": "超出允许范围";
        /// The day or month does not exist.
        NO_SUCH_DAY = "file.no_such_day": "日期不存在";
        /// The value can be read two ways.
        AMBIGUOUS = "file.ambiguous": "有两种读法";
        /// The value is not in the code list.
        NOT_IN_LIST = "file.not_in_list": "不在代码表内";
        /// The text is longer than allowed.
        TOO_LONG = "file.too_long": "超过允许长度";
        /// The text holds characters that were lost or that only one machine can show.
        CHARACTER = "file.character": "含无法识别的字符";
        /// A line of the receipt file does not have 23 fields.
        FIELDS = "file.fields": "字段数不符";
        /// A line is neither UTF-8 nor GB18030.
        ENCODING = "file.encoding": "编码无法识别";
        /// The file could not be opened.
        UNREADABLE = "file.unreadable": "打不开文件";
        /// The file is empty.
        EMPTY = "file.empty": "文件是空的";
        /// The file is locked by a password.
        LOCKED = "file.locked": "文件已加密";
        /// The content is of another kind than Excel or CSV.
        WRONG_KIND = "file.wrong_kind": "不是表格文件";
        /// The file is damaged.
        DAMAGED = "file.damaged": "文件已损坏";
        /// The file is larger than allowed, packed or unpacked.
        TOO_LARGE = "file.too_large": "文件过大";
        /// No row holds the headings of the template.
        NO_HEADINGS = "file.no_headings": "找不到表头";
    }
}

/// An error in a cell, a row or the headings of an import file (行错误), as `anju import` answers it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RowError {
    /// Name of the sheet as the file has it.
    pub sheet: String,
    /// Row (or line) as the sheet counts it, from 1; 0 when the error concerns the whole sheet.
    pub row: u32,
    /// Heading of the column as the template has it; empty when the error concerns the whole row.
    pub column: String,
    /// One of [`code`].
    pub code: &'static str,
    /// What was found, identifiers masked.
    pub found: String,
    /// What is wrong, in Chinese.
    pub message: String,
    /// What the person can do, in Chinese.
    pub remedy: String,
}

/// Why a whole file is refused (整份文件被拒). Nothing of it was read.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    /// The operating system could not read the file.
    #[error("打不开文件：{0}")]
    Unreadable(#[from] std::io::Error),
    /// The file holds nothing.
    #[error("文件是空的")]
    Empty,
    /// The file is locked by a password (加密).
    #[error("文件已加密，无法读取")]
    Locked,
    /// The content is something else, whatever the name says.
    #[error("文件内容是{0}，不是 Excel 或 CSV 表格")]
    WrongKind(&'static str),
    /// The container or its parts cannot be read; the text names the place, in English, for the log.
    #[error("文件已损坏，读到一半无法继续（{0}）")]
    Damaged(String),
    /// The file passes a limit; the text names the limit.
    #[error("文件过大：{0}")]
    TooLarge(String),
    /// Text that is neither UTF-8 nor GB18030.
    #[error("文件编码无法识别：既不是 UTF-8，也不是 GB18030")]
    Encoding,
    /// No sheet of the file has the headings of any layout asked for.
    #[error("找不到表头：没有一行含有“{0}”")]
    NoHeadings(&'static str),
}

impl FileError {
    /// The code, one of [`code`].
    pub fn code(&self) -> &'static str {
        match self {
            Self::Unreadable(_) => code::UNREADABLE,
            Self::Empty => code::EMPTY,
            Self::Locked => code::LOCKED,
            Self::WrongKind(_) => code::WRONG_KIND,
            Self::Damaged(_) => code::DAMAGED,
            Self::TooLarge(_) => code::TOO_LARGE,
            Self::Encoding => code::ENCODING,
            Self::NoHeadings(_) => code::NO_HEADINGS,
        }
    }

    /// What the person can do, in Chinese.
    pub fn remedy(&self) -> &'static str {
        match self {
            Self::Unreadable(_) => "核对文件名和路径，关闭正在占用它的程序后再试。",
            Self::Empty => "选择有内容的文件。",
            Self::Locked => "在 Excel 或 WPS 中打开，取消密码后另存，再上传。",
            Self::WrongKind(_) => "在 Excel 或 WPS 中打开，另存为“Excel 工作簿（.xlsx）”，再上传。",
            Self::Damaged(_) => "在 Excel 或 WPS 中重新打开并另存；打不开的，请向制表人再要一份。",
            Self::TooLarge(_) => "拆成几份，或删去空白区域和图片后再上传。",
            Self::Encoding => "在 Excel 或 WPS 中打开，另存为 .xlsx 或“CSV UTF-8”，再上传。",
            Self::NoHeadings(_) => "把模板的表头放在数据上方，表头文字与模板一致。",
        }
    }

    /// The same refusal in the shape of a row error, for answers that list errors only.
    pub fn as_row_error(&self) -> RowError {
        RowError {
            sheet: String::new(),
            row: 0,
            column: String::new(),
            code: self.code(),
            found: String::new(),
            message: format!("{self}。"),
            remedy: self.remedy().to_owned(),
        }
    }
}
