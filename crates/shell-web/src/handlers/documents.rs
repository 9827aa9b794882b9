//! Printed documents (单据): receipt and notice of a list, statements again by their code, and the public page that checks one.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use core_calendar::Day;
use core_case::form::Choice;
use core_case::ids::{CaseId, EmployerId, ListId, SavingsId};
use core_case::state::ListState;
use core_identity::fold_width;
use core_money::Money;
use maud::{Markup, html};
use shell_files::pdf::{Fonts, Letterhead, PayTo, PdfError, Printing, RemittanceNotice, RemittanceReceipt, Verification};
use shell_pipeline::documents::Copy;
use shell_store::views::documents::{self, DocumentRow};
use shell_store::views::lists::{self, ListRow};
use shell_store::views::{books, employers, members, money};

use crate::app::App;
use crate::door::Visit;
use crate::fault::{Answer, Fault};
use crate::posted::Asked;
use crate::reach::Reach;
use crate::ui::facts::{Fact, facts};
use crate::ui::field::{Field, Kind};
use crate::ui::title::Title;
use crate::ui::{Pill, Sheet};
use crate::who::{self, Who};
use crate::words;

/// Routes of this file.
pub fn routes() -> Router<Arc<App>> {
    Router::new().route("/documents/{code}", get(again)).route("/verify", get(verify))
}

/// The head of every document of this centre.
pub(crate) fn letterhead(app: &App) -> Letterhead {
    Letterhead { centre: app.centre.about.name.clone(), seal: Some("业务专用章".into()) }
}

/// Who prints, when, and which copy.
pub(crate) fn printing(app: &App, who: &Who, copy: u32, checker: Option<String>) -> Printing {
    Printing {
        maker: who.actor.name.clone(),
        checker,
        branch: app.unit(who.actor.unit).to_owned(),
        at: words::full_moment(who.origin.now),
        copy,
    }
}

/// Where a document can be checked: the page of this server as the browser reached it.
pub(crate) fn verify_link(app: &App, headers: &HeaderMap, code: &str) -> String {
    let host = headers.get(header::HOST).and_then(|h| h.to_str().ok()).filter(|h| h.len() < 120).unwrap_or("localhost");
    let scheme = if app.settings.tls { "https" } else { "http" };
    format!("{scheme}://{host}/verify?code={code}")
}

/// Counts and records one more copy.
pub(crate) async fn copy_of(app: &App, who: &Who, kind: &str, subject: &str, number: &str, case: CaseId) -> Answer<Copy> {
    Ok(app.centre.print_copy(&who.actor, &who.origin, kind, subject, number, case).await?)
}

/// Lays a document out off the threads that answer requests, and sends it.
pub(crate) async fn pdf(
    app: &App,
    name: String,
    render: impl FnOnce(&Fonts) -> Result<Vec<u8>, PdfError> + Send + 'static,
) -> Answer<Response> {
    let fonts = app.settings.fonts.clone();
    let made = tokio::task::spawn_blocking(move || render(&fonts)).await.map_err(|e| Fault::Broken(e.to_string()))?;
    let bytes = made.map_err(|e| match e {
        PdfError::Font(_) | PdfError::MissingGlyph { .. } => Fault::Told(format!("{e}。")),
        other => Fault::Broken(other.to_string()),
    })?;
    let shown = format!("inline; filename=\"{name}.pdf\"");
    Ok(([(header::CONTENT_TYPE, "application/pdf".to_owned()), (header::CONTENT_DISPOSITION, shown)], bytes).into_response())
}

fn month_words(month: core_calendar::Month) -> String {
    format!("{} 年 {} 月", month.year(), month.month())
}

/// RemittanceNotice (汇缴书) of a list that waits for money.
pub(crate) async fn notice(app: &Arc<App>, who: &Who, list: &ListRow, headers: &HeaderMap) -> Answer<Response> {
    let store = &app.centre.store;
    let lines = lists::lines(store, list.id).await?;
    let head = employers::whole(store, list.employer).await?.ok_or(Fault::NotFound)?.head;
    let banks = money::banks(store).await?;
    // The fund's account at the employer's bank, or the first one.
    let bank = banks.iter().find(|b| b.bank == head.entrusted_bank).or(banks.first());
    let copy = copy_of(app, who, "notice", &format!("list:{}", list.id.0), &list.id.0.to_string(), list.case).await?;
    let from_suspense = if list.state == ListState::AwaitingMoney { list.suspense.min(list.total) } else { Money::ZERO };
    let document = RemittanceNotice {
        head: letterhead(app),
        business_number: list.id.to_string(),
        employer: list.employer_name.clone(),
        employer_account: words::number(list.employer),
        month: month_words(list.month),
        way: "转账".into(),
        people: list.people,
        employer_amount: lines.iter().map(|l| l.employer_amount).sum(),
        member_amount: lines.iter().map(|l| l.member_amount).sum(),
        from_suspense,
        pay_to: PayTo {
            name: app.centre.about.name.clone(),
            account: bank.map_or(String::new(), |b| b.number.clone()),
            bank: bank.map_or(String::new(), |b| b.bank.clone()),
            bank_number: String::new(),
        },
        due: list.expires.to_string(),
        verification: Verification { code: copy.code.clone(), link: verify_link(app, headers, &copy.code) },
        printing: printing(app, who, copy.number, None),
    };
    pdf(app, format!("notice-{}", list.id), move |fonts| document.render(fonts)).await
}

/// The receipt (汇缴入账回单) of a list that was posted.
pub(crate) async fn receipt(app: &Arc<App>, who: &Who, list: &ListRow, headers: &HeaderMap) -> Answer<Response> {
    let store = &app.centre.store;
    let (Some(posted), Some(voucher)) = (list.posted, list.voucher) else {
        return Err(Fault::Told("清册还没有入账，入账后可打印回单。".into()));
    };
    if list.state == ListState::Reversed {
        return Err(Fault::Told("清册已冲正，不再打印回单。".into()));
    }
    let lines = lists::lines(store, list.id).await?;
    let trace = books::voucher(store, voucher).await?.ok_or(Fault::NotFound)?;
    let paid_by = match trace.receipt {
        Some(receipt) => money::some(store, vec![receipt.0]).await?.into_iter().next(),
        None => None,
    };
    let checker = trace.hands.iter().find(|(_, kind, _)| kind == "approved").map(|(name, _, _)| name.clone());
    let copy = copy_of(app, who, "receipt", &format!("list:{}", list.id.0), &list.id.0.to_string(), list.case).await?;
    let received = paid_by.as_ref().map_or(list.total, |r| r.amount);
    let document = RemittanceReceipt {
        head: letterhead(app),
        number: words::number(list.id),
        part: ("第 1 联".into(), "单位留存".into()),
        employer: list.employer_name.clone(),
        employer_account: words::number(list.employer),
        month: month_words(list.month),
        people: list.people,
        rates: list.rates,
        employer_amount: lines.iter().map(|l| l.employer_amount).sum(),
        member_amount: lines.iter().map(|l| l.member_amount).sum(),
        paid_to: month_words(list.month),
        posted_on: posted.to_string(),
        value_date: list.value_day.unwrap_or(posted).to_string(),
        voucher: words::number(voucher),
        received,
        suspense: list.suspense,
        bank_serial: paid_by.map_or("未分摊转入".into(), |r| r.serial),
        verification: Verification { code: copy.code.clone(), link: verify_link(app, headers, &copy.code) },
        printing: printing(app, who, copy.number, checker),
        footnote: "入账分摊到个人的明细，职工可在本人账户中逐月查询。本回单凭验证码可查真伪。".into(),
    };
    pdf(app, format!("receipt-{}", list.id), move |fonts| document.render(fonts)).await
}

/// What a document is about.
enum About {
    List(ListId),
    Savings(SavingsId, Day, Day),
    Employer(EmployerId, Day, Day),
}

fn about(row: &DocumentRow) -> Option<About> {
    let (of, span) = row.subject.split_once('@').unwrap_or((&row.subject, ""));
    let (kind, id) = of.split_once(':')?;
    let id: i64 = id.parse().ok()?;
    if kind == "list" {
        return Some(About::List(ListId(id)));
    }
    let (from, until) = span.split_once("..")?;
    let (from, until) = (Day::parse(from).ok()?, Day::parse(until).ok()?);
    match kind {
        "savings" => Some(About::Savings(SavingsId(id), from, until)),
        "employer" => Some(About::Employer(EmployerId(id), from, until)),
        _ => None,
    }
}

/// Letters of a code as people type them: spaces, hyphens, lower case and full width are taken.
fn typed(code: &str) -> String {
    fold_width(code).chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_uppercase()).take(24).collect()
}

async fn again(State(app): State<Arc<App>>, who: Who, Path(code): Path<String>, headers: HeaderMap) -> Answer {
    let reach = Reach::of(&app, &who.actor)?;
    let store = &app.centre.store;
    let row = documents::by_code(store, &typed(&code)).await?.ok_or(Fault::NotFound)?;
    match about(&row).ok_or(Fault::NotFound)? {
        About::List(id) => {
            let list = lists::one(store, id).await?.ok_or(Fault::NotFound)?;
            reach.employer(list.employer)?;
            match row.kind.as_str() {
                "receipt" => receipt(&app, &who, &list, &headers).await,
                _ => notice(&app, &who, &list, &headers).await,
            }
        }
        About::Savings(id, from, until) => {
            let head = members::one(store, id).await?.ok_or(Fault::NotFound)?;
            reach.employer(head.employer)?;
            super::members::member_statement(&app, &who, &head, (from, until), &headers).await
        }
        About::Employer(id, from, until) => {
            reach.employer(id)?;
            super::employers::employer_statement(&app, &who, id, (from, until), &headers).await
        }
    }
}

/// The public page: whoever holds a document can ask whether it is ours. It shows what stands on the paper, names masked.
async fn verify(State(app): State<Arc<App>>, visit: axum::Extension<Visit>, ask: Asked) -> Answer {
    let frame = match Who::of(&visit) {
        Ok(who) => who.frame_without_counts(&app, crate::ui::frame::Area::Service, "查验单据"),
        Err(_) => who::nobody(&app, "查验单据"),
    };
    let code = typed(ask.get("code"));
    let result = if code.is_empty() { None } else { Some(checked(&app, &code).await?) };
    let field = Field::new("code", "验证码", Kind::Line, grouped(&code)).hint("单据左下角的 12 位字符，不分大小写");
    let body = html! {
        (Title::new("查验单据").context(html! { "核对纸上的单据是不是本中心开出的" }).show())
        (Sheet::bare(html! { form.filters role="search" aria-label="查验" { (field.show()) button.btn.primary type="submit" { "查验" } } }).show())
        @if let Some(result) = result { (result) }
    };
    Ok(frame.page(body).into_response())
}

fn grouped(code: &str) -> String {
    let letters: Vec<char> = code.chars().collect();
    letters.chunks(4).map(|four| four.iter().collect::<String>()).collect::<Vec<_>>().join(" ")
}

async fn checked(app: &App, code: &str) -> Answer<Markup> {
    let store = &app.centre.store;
    let unknown = || {
        Sheet::new(
            "查验结果",
            html! { p { "没有验证码为 " b.num { (grouped(code)) } " 的单据。对照纸面逐位核对；仍查不到的，请到任一管理部核实。" } },
        )
        .trail(Pill::stopped("查无此单").show())
        .show()
    };
    let Some(row) = documents::by_code(store, code).await? else { return Ok(unknown()) };
    let Some(about) = about(&row) else { return Ok(unknown()) };
    let (title, pill, mut list) = match about {
        About::List(id) => {
            let Some(list) = lists::one(store, id).await? else { return Ok(unknown()) };
            let receipt = row.kind == "receipt";
            let pill = match list.state {
                ListState::Posted => Pill::done(if receipt { "真实有效" } else { "真实，已入账" }),
                ListState::AwaitingMoney => Pill::waiting("真实，等待到账"),
                other => Pill::stopped(format!("真实，但{}", other.words())),
            };
            let mut about = vec![
                Fact::new("缴存单位", list.employer_name.clone()),
                Fact::new("汇缴年月", list.month.to_string()),
                Fact::new("人数", format!("{} 人", list.people)),
                Fact::amount("金额（元）", &words::amount(list.total)),
                Fact::new("业务流水号", words::number(list.id)),
            ];
            about.extend(list.posted.map(|day| Fact::new("入账日期", day.to_string())));
            (if receipt { "住房公积金汇缴入账回单" } else { "住房公积金汇缴书" }, pill, about)
        }
        About::Savings(id, from, until) => {
            let Some(head) = members::one(store, id).await? else { return Ok(unknown()) };
            let (opening, entries) = members::statement(store, id, from, until).await?;
            let closing = entries.last().map_or(opening, |e| e.balance);
            let about = vec![
                Fact::new("姓名", head.name),
                Fact::new("个人账号", core_identity::mask_id_number(&id.to_string())),
                Fact::new("起止日期", format!("{from} 至 {until}")),
                Fact::amount("期末余额（元）", &words::amount(closing)),
            ];
            ("住房公积金个人缴存明细", Pill::done("真实有效"), about)
        }
        About::Employer(id, from, until) => {
            let Some(whole) = employers::whole(store, id).await? else { return Ok(unknown()) };
            let about = vec![
                Fact::new("单位名称", whole.head.name),
                Fact::new("单位账号", words::number(id)),
                Fact::new("起止日期", format!("{from} 至 {until}")),
            ];
            ("住房公积金单位缴存明细", Pill::done("真实有效"), about)
        }
    };
    list.push(Fact::new("验证码", grouped(&row.code)));
    list.push(Fact::new("打印份数", format!("{} 份", row.copies)));
    Ok(Sheet::new(title, facts(&list)).trail(pill.show()).foot(html! { "纸面与这里不一致的，以这里为准。" }).show())
}
