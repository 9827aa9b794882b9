//! The remittance desk (汇缴): queue at the left; list with its difference to last month; receipt and voucher at the right.
//!
//! Upload, preview, match, post and progress are states of this one page: the step bar tells where the month stands.

use maud::{Markup, html};

use crate::ui::action_bar::ActionBar;
use crate::ui::checks::Mark;
use crate::ui::kpi::{self, Kpi};
use crate::ui::problems::{self, Problem};
use crate::ui::progress::{self, Progress};
use crate::ui::steps::{self, Step};
use crate::ui::table::{Line, OnPhone, Row, Table, cell, narrow, numbers, two, words};
use crate::ui::tabs::{Tab, segments};
use crate::ui::title::Title;
use crate::ui::{Fact, Frame, Link, Pill, Sheet, Tag, Text, amount, facts};

/// One employer in the month's queue.
#[derive(Clone, Debug)]
pub struct Waiting {
    /// Name.
    pub name: Text,
    /// “127 人”.
    pub people: Text,
    /// Status.
    pub pill: Pill,
    /// Amount due.
    pub amount: Text,
    /// Its desk.
    pub href: Text,
    /// The one on the desk.
    pub current: bool,
}

/// A list line that differs from last month or has a problem.
#[derive(Clone, Debug)]
pub struct ListLine {
    /// Row in the file; `—` for people who are no longer in it.
    pub row: Text,
    /// Name, masked, and account number in groups.
    pub who: (Text, Text),
    /// Kind of change.
    pub change: Tag,
    /// Base, employer's part, member's part, this month, last month. A cell may be a drawn correction.
    pub cells: [Markup; 5],
    /// A problem, waiting or handled.
    pub problem: Option<Problem>,
}

/// The matched receipt (到账匹配).
#[derive(Clone, Debug)]
pub struct Receipt {
    /// “多 1,643.00”.
    pub pill: Pill,
    /// Bank movement.
    pub movement: Link,
    /// Its amount.
    pub amount: Text,
    /// Time and bank, remark.
    pub context: Vec<Text>,
    /// Received, due, difference.
    pub sums: Vec<Fact>,
    /// Where the difference comes from.
    pub explained: Text,
    /// What was compared: sentence and how.
    pub compared: Vec<(Mark, Text, Text)>,
}

/// A voucher to come.
#[derive(Clone, Debug)]
pub struct Preview {
    /// “凭证一　到账”.
    pub name: Text,
    /// Debit side?, account, code and analytic item, amount.
    pub lines: Vec<(bool, Text, Text, Text)>,
}

/// The desk.
#[derive(Clone, Debug)]
pub struct Remittance {
    /// Employer.
    pub employer: Text,
    /// Status.
    pub pill: Pill,
    /// Month and account number.
    pub context: Text,
    /// Steps.
    pub steps: Vec<Step>,
    /// The month's queue.
    pub queue: Vec<Waiting>,
    /// “29 户未完”.
    pub queue_left: Text,
    /// “289 / 318 户已入账”.
    pub queue_done: Text,
    /// “还有 1 行要处理，才能提交入账”.
    pub problem_title: Text,
    /// Problems, handled ones last.
    pub problems: Vec<Problem>,
    /// Last month, increase, decrease, this month.
    pub sum: Vec<Kpi>,
    /// Filter of the list.
    pub filter: Vec<Tab>,
    /// Where the list came from.
    pub source: Text,
    /// Lines that differ.
    pub lines: Vec<ListLine>,
    /// Unchanged lines: words and four sums (employer, member, this month, last month).
    pub unchanged: (Link, [Text; 4]),
    /// Totals: words and four sums.
    pub total: (Text, [Text; 4]),
    /// The receipt, when one was found.
    pub receipt: Option<Receipt>,
    /// Head of the vouchers: “凭证预览”, “提交后生成”.
    pub voucher_head: (Text, Text),
    /// Vouchers to come.
    pub vouchers: Vec<Preview>,
    /// Value date, and the sentence about balance.
    pub voucher_foot: (Text, Text),
    /// Work behind the scenes.
    pub running: Option<(Text, Progress, Link)>,
    /// What stands below the vouchers: a form to send a list, other lists of the month.
    pub side: Markup,
    /// Actions.
    pub bar: ActionBar,
    /// Makes a second press harmless.
    pub key: Text,
    /// Guards the form against forgery.
    pub form_token: Text,
}

/// Draws the page.
pub fn page(frame: &Frame, view: &Remittance) -> Markup {
    let body = html! {
        (Title::new(view.employer.clone()).pill(view.pill.clone()).context(html! { (view.context) }).trail(steps::bar(&view.steps)).show())
        form #remittance method="post" hidden { input type="hidden" name="form_token" value=(view.form_token); input type="hidden" name="key" value=(view.key); }
        div.cols.desk {
            div { (queue(view)) }
            div { (problems::summary(&view.problem_title, &view.problems)) (kpi::strip(&view.sum, &[])) (list(view)) }
            div {
                @if let Some(receipt) = &view.receipt { (matched(receipt)) }
                (vouchers(view))
                (view.side)
                @if let Some((title, progress, see)) = &view.running { (progress::strip(title, Some(progress), Some(see))) }
            }
        }
    };
    frame.page_with(body, view.bar.show())
}

fn queue(view: &Remittance) -> Markup {
    let list = html! {
        ul.queue {
            @for employer in &view.queue {
                li {
                    a href=(employer.href) aria-current=[employer.current.then_some("page")] {
                        span.name { (employer.name) } span.side { (employer.people) }
                        (employer.pill.bare()) span.side { (amount(&employer.amount)) }
                    }
                }
            }
        }
    };
    Sheet::new("本月队列", list)
        .flush()
        .trail(html! { (view.queue_left) })
        .foot(html! { (view.queue_done) span.end { a.link href="/remittance" { "全部" } } })
        .show()
}

fn list(view: &Remittance) -> Markup {
    let columns = vec![
        narrow("行", OnPhone::Hidden),
        words("职工", OnPhone::Lead),
        narrow("变化", OnPhone::Side),
        numbers("缴存基数", OnPhone::Named),
        numbers("单位部分", OnPhone::Hidden),
        numbers("个人部分", OnPhone::Hidden),
        numbers("本月合计", OnPhone::Sum),
        numbers("上月合计", OnPhone::Named),
    ];
    let mut lines: Vec<Line> = view
        .lines
        .iter()
        .map(|line| {
            let (name, number) = &line.who;
            let mut cells = vec![cell(&line.row), two(html! { (name) }, number), line.change.show()];
            cells.extend(line.cells.iter().cloned());
            let mut row = Row::new(cells).id(format!("row-{}", line.row));
            if let Some(problem) = &line.problem {
                row = row.note(problems::note(problem));
                if !problem.handled {
                    row = row.error();
                }
            }
            if line.row == "—" {
                row.id = None;
            }
            Line::Row(row)
        })
        .collect();
    let sums = |lead: Markup, sums: &[Text; 4]| {
        let [employer, member, now, before] = sums.each_ref().map(|sum| amount(sum));
        vec![Markup::default(), lead, Markup::default(), Markup::default(), employer, member, now, before]
    };
    lines.push(Line::Folded(sums(view.unchanged.0.show(), &view.unchanged.1)));
    lines.push(Line::Total(sums(html! { (view.total.0) }, &view.total.1)));
    Sheet::new("清册", Table { caption: "汇缴清册与上月的差异".into(), columns, lines, walk: true }.show())
        .flush()
        .note(segments("筛选清册", &view.filter))
        .trail(html! { (view.source) })
        .show()
}

fn matched(receipt: &Receipt) -> Markup {
    Sheet::new(
        "到账匹配",
        html! {
            div { div.spread { span { "银行流水 " (receipt.movement.show()) } b { (amount(&receipt.amount)) } } @for line in &receipt.context { small.block { (line) } } }
            (facts::facts(&receipt.sums))
            @if !receipt.explained.is_empty() { p.box { (receipt.explained) } }
            ul.checks.tight { @for (mark, asked, how) in &receipt.compared { li { (mark.show()) span.asked { (asked) } span.found.quiet { (how) } } } }
        },
    )
    .trail(receipt.pill.show())
    .show()
}

fn vouchers(view: &Remittance) -> Markup {
    let columns = vec![words("科目", OnPhone::Lead), numbers("借方", OnPhone::Sum), numbers("贷方", OnPhone::Sum)];
    let mut lines = Vec::new();
    for voucher in &view.vouchers {
        lines.push(Line::Group(voucher.name.clone(), "".into()));
        for (debit, account, code, sum) in &voucher.lines {
            let name = html! { span class=(if *debit { "two" } else { "two credit" }) { (account) small { (code) } } };
            let (left, right) = if *debit { (amount(sum), Markup::default()) } else { (Markup::default(), amount(sum)) };
            lines.push(Line::Row(Row::new(vec![name, left, right])));
        }
    }
    Sheet::new(view.voucher_head.0.clone(), Table { caption: view.voucher_head.0.clone(), columns, lines, walk: false }.show())
        .flush()
        .trail(html! { (view.voucher_head.1) })
        .foot(html! { span { "起息日 " b { (view.voucher_foot.0) } } span.end { (view.voucher_foot.1) } })
        .show()
}
