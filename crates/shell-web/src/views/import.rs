//! Result of an import (导入结果): every error with sheet, row and column; what would happen; nothing changed so far.

use maud::{Markup, html};

use crate::ui::action_bar::ActionBar;
use crate::ui::empty::Empty;
use crate::ui::kpi::{self, Kpi};
use crate::ui::pager::Pager;
use crate::ui::progress::Progress;
use crate::ui::table::{Line, OnPhone, Row, Table, narrow, two, words};
use crate::ui::tabs::{Tab, segments};
use crate::ui::title::Title;
use crate::ui::{Cite, Fact, Frame, Pill, Sheet, Text, facts};

/// One error.
#[derive(Clone, Debug)]
pub struct RowError {
    /// Sheet, when there are several.
    pub sheet: Text,
    /// Row, as the sheet counts it.
    pub row: Text,
    /// Column, as its heading says.
    pub column: Text,
    /// What was found, masked.
    pub found: Text,
    /// Found and required, as a sentence; remedy.
    pub message: (Text, Text),
    /// Code of the refusals catalogue, or the rule.
    pub under: Cite,
}

/// The result as a page.
#[derive(Clone, Debug)]
pub struct Import {
    /// Kind: “个人开户”.
    pub kind: Text,
    /// Status: 试算, 已导入, 待复核.
    pub pill: Pill,
    /// File, rows, time.
    pub context: Text,
    /// Rows, accepted, unchanged, with errors.
    pub kpis: Vec<Kpi>,
    /// Running, when a large file is still being read.
    pub progress: Option<Progress>,
    /// Filter by kind of error.
    pub filter: Vec<Tab>,
    /// Errors.
    pub errors: Vec<RowError>,
    /// Place in the list.
    pub pager: Option<Pager>,
    /// How columns were recognised: heading found → field.
    pub columns: Vec<Fact>,
    /// What was put right silently: full-width digits, spaces, dates.
    pub tidied: Vec<Fact>,
    /// Actions.
    pub bar: ActionBar,
    /// Guards the form against forgery.
    pub form_token: Text,
}

/// Draws the page.
pub fn page(frame: &Frame, view: &Import) -> Markup {
    let columns = vec![
        narrow("行", OnPhone::Side),
        narrow("列", OnPhone::Lead),
        words("原内容", OnPhone::Sum),
        words("问题与办法", OnPhone::Line),
        words("依据", OnPhone::Line),
    ];
    let lines: Vec<_> = view
        .errors
        .iter()
        .map(|one| {
            let row = html! { @if !one.sheet.is_empty() { small { (one.sheet) " " } } span.mobile-only { "第 " } (one.row) span.mobile-only { " 行" } };
            Line::Row(Row::new(vec![row, html! { (one.column) }, html! { span.num { (one.found) } }, two(html! { span.bad { (one.message.0) } }, &one.message.1), one.under.show()]))
        })
        .collect();
    let body = html! {
        (Title::new(format!("导入　{}", view.kind)).pill(view.pill.clone()).context(html! { (view.context) }).show())
        form #import method="post" hidden { input type="hidden" name="form_token" value=(view.form_token); }
        (kpi::strip(&view.kpis, &[]))
        @if let Some(progress) = &view.progress { (Sheet::bare(progress.show("读取文件")).show()) }
        div.cols.form {
            div {
                (Sheet::new("要改的地方", if lines.is_empty() { Empty { why: "每一行都可以导入。".into(), next: None }.show() } else { Table { caption: "错误，按行".into(), columns, lines, walk: true }.show() })
                    .flush().trail(segments("筛选错误", &view.filter)).foot(html! { "行号与表格里的一致；列名照表头。" @if let Some(pager) = &view.pager { (pager.show()) } }).show())
            }
            div {
                (Sheet::new("列的对应", facts::facts(&view.columns)).show())
                (Sheet::new("已代为整理", facts::facts(&view.tidied)).show())
            }
        }
    };
    frame.page_with(body, view.bar.show())
}
