//! Employer 360° (缴存单位): paid-to month, suspense, months at a glance, people, arrears, history of rates and officers.

use maud::{Markup, html};

use crate::ui::chart::{Series, Shade, legend, row_bar};
use crate::ui::kpi::{self, Kpi};
use crate::ui::table::{Line, OnPhone, Row, Table, narrow, numbers, two, wide};
use crate::ui::tabs::{Tab, tabs};
use crate::ui::title::Title;
use crate::ui::{Button, Fact, Frame, Link, Pill, Sheet, Text, amount, facts};

/// One month of the employer.
#[derive(Clone, Debug)]
pub struct EmployerMonth {
    /// The month, leading to its desk.
    pub month: Link,
    /// People, and how they changed.
    pub people: (Text, Text),
    /// Due.
    pub due: Text,
    /// Posted and waiting, in thousandths of the largest month shown.
    pub bar: (u32, u32),
    /// When it was posted.
    pub posted: Text,
    /// Voucher.
    pub voucher: Option<Link>,
    /// Status.
    pub pill: Pill,
}

/// A dated record: rate, officer, deferral, name.
#[derive(Clone, Debug)]
pub struct Dated {
    /// From when.
    pub from: Text,
    /// What.
    pub what: Text,
    /// By which case, under which decision.
    pub because: Text,
    /// In force now.
    pub current: bool,
}

/// The employer as a page.
#[derive(Clone, Debug)]
pub struct Employer {
    /// Name.
    pub name: Text,
    /// State.
    pub pill: Pill,
    /// Account number, branch, bank.
    pub context: Text,
    /// Actions.
    pub actions: Vec<Button>,
    /// Members, monthly amount, paid-to month, suspense, arrears.
    pub kpis: Vec<Kpi>,
    /// Tabs.
    pub tabs: Vec<Tab>,
    /// What another tab shows instead of the months.
    pub tab_body: Option<Markup>,
    /// Months, newest first.
    pub months: Vec<EmployerMonth>,
    /// A quiet sentence below them.
    pub months_note: Text,
    /// Registration.
    pub registration: Vec<Fact>,
    /// Officers and their certificates.
    pub officers: Vec<Fact>,
    /// Dated history, newest first.
    pub history: Vec<Dated>,
    /// People over time.
    pub people: Series,
}

/// Draws the page.
pub fn page(frame: &Frame, view: &Employer) -> Markup {
    frame.page(html! {
        (Title::new(view.name.clone()).pill(view.pill.clone()).context(html! { (view.context) }).trail(html! { @for action in &view.actions { (action.show()) } }).show())
        (kpi::strip(&view.kpis, &[]))
        div.cols.work {
            div { (months(view)) @if view.people.points.len() > 1 { (Sheet::new("人数", view.people.line()).note(html! { (view.people.unit) }).show()) } }
            div {
                (Sheet::new("登记", facts::facts(&view.registration)).show())
                (Sheet::new("专办员与证书", facts::facts(&view.officers)).show())
                (Sheet::new("变更", timeline(&view.history)).trail(html! { (view.history.len()) " 次" }).show())
            }
        }
    })
}

/// Dated records, newest first.
pub fn timeline(list: &[Dated]) -> Markup {
    html! {
        ol.timeline {
            @for one in list { li aria-current=[one.current.then_some("true")] { span.head { b.num { (one.from) } span { (one.what) } } small { (one.because) } } }
        }
    }
}

fn months(view: &Employer) -> Markup {
    let columns = vec![
        narrow("月份", OnPhone::Lead),
        narrow("人数", OnPhone::Line),
        numbers("应缴（元）", OnPhone::Sum),
        wide("入账", OnPhone::Hidden),
        narrow("入账日", OnPhone::Line),
        narrow("凭证", OnPhone::Line),
        narrow("状态", OnPhone::Side),
    ];
    let lines = view
        .months
        .iter()
        .map(|month| {
            let (posted, waiting) = month.bar;
            Line::Row(Row::new(vec![
                month.month.show(),
                two(html! { (month.people.0) }, &month.people.1),
                amount(&month.due),
                row_bar(&[(Shade::Main, posted), (Shade::Pale, waiting)], None),
                html! { (month.posted) },
                html! { @if let Some(voucher) = &month.voucher { (voucher.show()) } },
                month.pill.bare(),
            ]))
        })
        .collect();
    Sheet::bare(html! { (tabs("单位的资料", &view.tabs)) @if let Some(body) = &view.tab_body { (body) } @else { (Table { caption: "逐月汇缴".into(), columns, lines, walk: true }.show()) } })
        .flush()
        .foot(html! { (view.months_note) span.end { (legend(&[(Shade::Main, "已入账"), (Shade::Pale, "待入账")])) } })
        .show()
}
