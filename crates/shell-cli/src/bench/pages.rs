//! `anju bench pages`: how long the server works on each main page of a centre that exists, beside an empty page (页面用时).
//!
//! A demonstration's people sign in and ask for their pages one after the other over loopback; what is measured is from the request to
//! the last byte. The empty page is one that is not found, drawn for the same person: door, session, frame, and nothing else.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use hyper::header::COOKIE;
use shell_pipeline::Origin;
use shell_web::app::Settings;

use crate::bench::Options;
use crate::bench::disk::fdatasync;
use crate::bench::load::quantile;
use crate::bench::report::{Figure, Ratio, Section};
use crate::bench::town::Server;
use crate::client::Client;
use crate::demo;
use crate::failure::Failure;
use crate::place::Place;
use crate::terminal::Terminal;

/// What a page may take at full size, in milliseconds.
const WANTED: f64 = 20.0;
/// Asked for so often before it counts, and then.
const WARM: usize = 3;
const TIMES: usize = 60;

/// A page: its name, who asks, its address. What stands in braces is the first address on the page before it that begins so.
const PAGES: &[(&str, &str, &str)] = &[
    ("空白页", "clerk01", "/nothing-here"),
    ("工作台", "clerk01", "/"),
    ("业务目录", "clerk01", "/catalogue"),
    ("业务表单", "clerk01", "/cases/new/collection.member.seal"),
    ("在办业务", "reviewer01", "/cases"),
    ("一笔业务", "reviewer01", "/cases/{/cases/0}"),
    ("单位清单", "clerk01", "/employers"),
    ("单位全貌", "clerk01", "/employers/{/employers/98}"),
    ("职工清单", "clerk01", "/members"),
    ("职工全貌", "clerk01", "/members/{/members/99}"),
    ("汇缴台", "clerk01", "/remittance"),
    ("一个月的汇缴", "clerk01", "/remittance/{/remittance/98}"),
    ("总账", "accountant", "/ledger"),
    ("科目明细", "accountant", "/ledger/201"),
    ("凭证", "accountant", "/vouchers"),
    ("一张凭证", "accountant", "/vouchers/{/vouchers/2}"),
    ("政策参数", "keeper", "/policy"),
    ("用户", "system", "/users"),
    ("审计", "audit", "/audit"),
];

/// Measures the pages of a centre.
///
/// # Errors
/// When no centre is named, it is no demonstration, a page does not answer, or durability cannot be read.
pub async fn run(options: &Options, terminal: &mut Terminal) -> Result<Section, Failure> {
    let data = options.of.clone().ok_or_else(|| {
        Failure::Usage("测页面要有一个演示中心：先 anju demo --scale 1 --no-serve --data 目录，再 anju bench pages --of 目录。".into())
    })?;
    let place =
        Place { data: data.clone(), database: options.database.clone(), centre: options.database.is_some().then(|| demo::CODE.into()) };
    let centre = Arc::new(place.open().await?);
    if !centre.about.demonstration {
        return Err(Failure::Refused("只测演示中心的页面：要用演示账号登录。".into()));
    }
    let durability = centre.store.db.durability().await?;
    let sync = fdatasync(&data, 300)?;
    let server = Server::start(centre.clone(), Settings { data, ..Settings::default() }).await?;
    let mut figures = Vec::new();
    let mut worst = Duration::ZERO;
    let (mut login, mut client, mut page) = ("", None, String::new());
    let bar = terminal.bar();
    bar.set_message("页面");
    bar.set_length(PAGES.len() as u64);
    for (n, (name, who, address)) in PAGES.iter().enumerate() {
        if *who != login || client.is_none() {
            client = Some(Visitor::sign_in(&centre, server.at, who).await?);
            login = who;
        }
        let Some(visitor) = client.as_mut() else { continue };
        let address = match address.split_once('{') {
            None => (*address).to_owned(),
            Some((_, prefix)) => match first_link(&page, prefix.trim_end_matches('}')) {
                Some(found) => found,
                // A page without such a link has nothing to show behind it.
                None => continue,
            },
        };
        let mut taken = Vec::with_capacity(TIMES);
        for round in 0..WARM + TIMES {
            let begun = Instant::now();
            page = visitor.page(&address).await?;
            if round >= WARM {
                taken.push(begun.elapsed());
            }
        }
        taken.sort_unstable();
        let (middle, slow) = (quantile(&taken, 500), quantile(&taken, 950));
        worst = worst.max(middle);
        let ms = |time: Duration| time.as_secs_f64() * 1e3;
        figures.push(Figure::new(format!("{name} {address}（{} KB）中位", page.len() / 1_024), ms(middle), "毫秒"));
        figures.push(Figure::new(format!("{name} p95"), ms(slow), "毫秒"));
        bar.set_position(n as u64 + 1);
    }
    bar.finish_and_clear();
    Ok(Section {
        name: "pages",
        engine: durability.engine,
        settings: durability.settings,
        fdatasync: sync,
        figures,
        limit: Vec::new(),
        ratios: vec![Ratio {
            what: "最慢页面的中位 ÷ 20 毫秒", ratio: worst.as_secs_f64() * 1e3 / WANTED, wanted: 1.0, at_least: false
        }],
    })
}

/// Somebody signed in.
struct Visitor {
    client: Client,
    cookie: String,
}

impl Visitor {
    async fn sign_in(centre: &shell_pipeline::Centre, at: SocketAddr, login: &str) -> Result<Visitor, Failure> {
        let origin = Origin::local("bench");
        let code = centre.demonstration_code(login, origin.now).await?;
        // A code was used up a moment ago: the next one counts when its time has come.
        if let Ok(wait @ 1..) = u64::try_from(code.wait) {
            tokio::time::sleep(Duration::from_secs(wait)).await;
        }
        let signed = centre.sign_in(&Origin::local("bench"), login, demo::PASSWORD, &code.code, "bench").await?;
        let cookie = format!("{}={}", shell_web::door::session_cookie(false), *signed.token);
        Ok(Visitor { client: Client::connect(at).await?, cookie })
    }

    async fn page(&mut self, address: &str) -> Result<String, Failure> {
        let answer = self.client.get(address, &[(COOKIE, &self.cookie)]).await?;
        let wanted = if address == PAGES[0].2 { 404 } else { 200 };
        if answer.status != wanted {
            return Err(Failure::Outage(format!("页面 {address} 的回答是 {}", answer.status)));
        }
        String::from_utf8(answer.body.into()).map_err(|e| Failure::Outage(e.to_string()))
    }
}

/// The first address on a page that begins so.
fn first_link(page: &str, prefix: &str) -> Option<String> {
    let at = page.find(&format!("href=\"{prefix}"))? + 6;
    let end = page[at..].find('"')?;
    Some(page[at..at + end].replace("&amp;", "&"))
}

#[cfg(test)]
mod tests {
    use super::first_link;

    #[test]
    fn the_first_link_that_begins_so_is_followed() {
        let page = r#"<a href="/employers">全部</a><a href="/employers/98001?a=1&amp;b=2">甲</a><a href="/employers/98002">乙</a>"#;
        assert_eq!(first_link(page, "/employers/98").as_deref(), Some("/employers/98001?a=1&b=2"));
        assert_eq!(first_link(page, "/members/99"), None);
    }
}
