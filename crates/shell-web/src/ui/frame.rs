//! The page frame: rail with areas, top bar with search, business day, branch and person; a bottom bar on the phone.
//!
//! Chinese characters are the icons: each area has one in Song type. Everything a page needs beside its own content is in
//! [`Frame`]; the handler fills it once a request.

use maud::{DOCTYPE, Markup, html};

use super::{Link, Text, keys};
use crate::assets;

/// A business area as the rail shows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Area {
    /// 工作台
    Work,
    /// 归集
    Collection,
    /// 提取
    Withdrawal,
    /// 贷款
    Lending,
    /// 会计核算
    Accounting,
    /// 资金
    Treasury,
    /// 稽核
    Oversight,
    /// 综合服务
    Service,
    /// 运行: day-end, users, audit, policy
    Operation,
}

impl Area {
    /// All areas, from top to bottom.
    pub const ALL: [Area; 9] = [
        Area::Work,
        Area::Collection,
        Area::Withdrawal,
        Area::Lending,
        Area::Accounting,
        Area::Treasury,
        Area::Oversight,
        Area::Service,
        Area::Operation,
    ];

    /// Its character, its word, its address and the letter after `G`.
    pub fn face(self) -> (&'static str, &'static str, &'static str, &'static str) {
        match self {
            Area::Work => ("台", "工作台", "/", "T"),
            Area::Collection => ("归", "归集", "/collection", "J"),
            Area::Withdrawal => ("提", "提取", "/withdrawal", "Q"),
            Area::Lending => ("贷", "贷款", "/lending", "D"),
            Area::Accounting => ("账", "会计", "/accounting", "Z"),
            Area::Treasury => ("资", "资金", "/treasury", "M"),
            Area::Oversight => ("稽", "稽核", "/oversight", "H"),
            Area::Service => ("服", "服务", "/service", "F"),
            Area::Operation => ("行", "运行", "/operation", "X"),
        }
    }
}

/// Who is signed in.
#[derive(Clone, Debug)]
pub struct Person {
    /// Name.
    pub name: Text,
    /// Role in one word.
    pub role: Text,
    /// Branch and window.
    pub place: Text,
}

/// What surrounds a page.
#[derive(Clone, Debug)]
pub struct Frame {
    /// Title of the tab; the centre's name follows.
    pub title: Text,
    /// Name of the centre.
    pub centre: Text,
    /// The area we are in.
    pub area: Area,
    /// Areas this person may see.
    pub areas: Vec<Area>,
    /// Where we are: links, then the page itself (without link when its address is empty).
    pub crumbs: Vec<Link>,
    /// Tasks that wait, for the badge.
    pub tasks: u32,
    /// Business day, `2026-11-24`.
    pub day: Text,
    /// Whether counters may still book on it.
    pub day_open: bool,
    /// Who.
    pub person: Person,
    /// Guards forms against forgery.
    pub form_token: Text,
    /// A sentence in loud colour above everything: demonstration mode.
    pub demo: Option<Text>,
    /// Compact rows.
    pub compact: bool,
    /// Type at 125 %.
    pub large: bool,
    /// Without script the page loads itself again after so many seconds (running work, unmasked values).
    pub refresh: Option<u32>,
}

/// The head of every document.
pub(super) fn head(title: &str, centre: &str, refresh: Option<u32>) -> Markup {
    html! {
        head {
            meta charset="utf-8";
            meta name="viewport" content="width=device-width, initial-scale=1";
            meta name="color-scheme" content="light dark";
            meta name="htmx-config" content=r#"{"includeIndicatorStyles":false,"allowEval":false}"#;
            title { (title) " · " (centre) }
            link rel="icon" href=(assets::ICON.href) type="image/svg+xml";
            link rel="stylesheet" href=(assets::STYLE.href);
            @for script in assets::SCRIPTS.iter() { script src=(script.href) defer {} }
            @if let Some(seconds) = refresh { noscript { meta http-equiv="refresh" content=(seconds); } }
        }
    }
}

impl Frame {
    /// Draws a whole page around its body.
    pub fn page(&self, body: Markup) -> Markup {
        self.page_with(body, Markup::default())
    }

    /// Draws a whole page with an action bar at its foot.
    pub fn page_with(&self, body: Markup, bar: Markup) -> Markup {
        html! {
            (DOCTYPE)
            html lang="zh-CN" data-density=[self.compact.then_some("compact")] data-type=[self.large.then_some("large")] {
                (head(&self.title, &self.centre, self.refresh))
                body.frame data-new="/cases/new" data-catalogue="/catalogue" {
                    a.skip href="#main" { "跳到正文" }
                    (self.rail())
                    (self.top())
                    main #main tabindex="-1" {
                        @if let Some(words) = &self.demo { p.demo-strip { (words) } }
                        div.body { (body) }
                        (bar)
                    }
                    (keys::help(&self.areas))
                }
            }
        }
    }

    fn rail(&self) -> Markup {
        html! {
            nav.rail aria-label="业务领域" {
                a.seal href="/" aria-label={ (self.centre) "首页" } { "安" }
                ul {
                    @for area in &self.areas {
                        @let (sign, word, href, letter) = area.face();
                        li class={ @if *area == Area::Operation { "apart" } @if !self.on_phone(*area) { " not-phone" } } {
                            a href=(href) aria-current=[(*area == self.area).then_some("page")] data-go=(letter.to_lowercase()) {
                                span.sign aria-hidden="true" { (sign) }
                                span { (word) }
                                @if *area == Area::Work && self.tasks > 0 { span.badge { (self.tasks) span.sr { " 件待办" } } }
                            }
                        }
                    }
                }
            }
        }
    }

    /// Six fit on a phone: the areas of everyday counters, and always the one we are in.
    fn on_phone(&self, area: Area) -> bool {
        const EVERYDAY: [Area; 6] = [Area::Work, Area::Collection, Area::Withdrawal, Area::Lending, Area::Service, Area::Operation];
        if self.areas.len() <= 6 || area == self.area {
            return true;
        }
        let guest = !EVERYDAY.contains(&self.area);
        EVERYDAY.contains(&area) && !(guest && area == Area::Service)
    }

    fn top(&self) -> Markup {
        let glass =
            html! { svg viewBox="0 0 16 16" aria-hidden="true" { circle cx="6.5" cy="6.5" r="5" {} path d="m10.5 10.5 4.5 4.5" {} } };
        html! {
            header.top {
                nav.crumbs aria-label="位置" {
                    ol {
                        @for crumb in &self.crumbs {
                            li { @if crumb.href.is_empty() { span aria-current="page" { (crumb.label) } } @else { a href=(crumb.href) { (crumb.label) } } }
                        }
                    }
                }
                form.search role="search" action="/search" {
                    (glass)
                    input type="search" name="q" aria-label="查找" placeholder="单位、职工后六位、业务号、凭证号" autocomplete="off" data-search aria-keyshortcuts="/";
                    kbd aria-hidden="true" { "/" }
                }
                span class=(if self.day_open { "day" } else { "day closed" }) { "营业日 " b { (self.day) } @if !self.day_open { " 已关" } }
                span.place { (self.person.place) }
                a.who href="/me" { b { (self.person.name) } " " (self.person.role) }
                a.find-phone href="/search" aria-label="查找" { (glass) }
            }
        }
    }
}
