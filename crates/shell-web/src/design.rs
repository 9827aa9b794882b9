//! The design pages: every component at `/design`, every page with sample data below it.
//!
//! Two stories add up across pages: one remittance (127 people, 290,084.00 due, 291,727.00 received, 1,643.00 left over) and one
//! member (balance 101,313.46, of which 12,600.00 reserved). All people, employers, banks and places are invented.

mod book;
mod components;
mod desk;
mod house;
mod member;
mod register;
mod review;
mod workbench;

use maud::Markup;

use crate::ui::frame::{Area, Person};
use crate::ui::{Frame, Text, link};

/// One page with sample data.
#[derive(Clone, Copy)]
pub struct Specimen {
    /// Address below `/design/`.
    pub name: &'static str,
    /// What it shows.
    pub title: &'static str,
    /// Draws it.
    pub draw: fn() -> Markup,
}

/// All sample pages, in reading order.
pub const PAGES: &[Specimen] = &[
    Specimen { name: "sign-in", title: "登录：动态口令", draw: workbench::sign_in },
    Specimen { name: "sign-in-password", title: "登录：工号与密码", draw: workbench::sign_in_password },
    Specimen { name: "sign-in-new", title: "登录：换一次性密码", draw: workbench::sign_in_new },
    Specimen { name: "second-factor", title: "登录：启用动态口令", draw: workbench::second_factor },
    Specimen { name: "workbench", title: "工作台", draw: workbench::workbench },
    Specimen { name: "workbench-empty", title: "工作台：没有待办", draw: workbench::workbench_empty },
    Specimen { name: "catalogue", title: "业务目录", draw: workbench::catalogue },
    Specimen { name: "remittance", title: "汇缴核对", draw: desk::remittance },
    Specimen { name: "case-form", title: "业务录入", draw: desk::case_form },
    Specimen { name: "import", title: "导入结果", draw: desk::import },
    Specimen { name: "review", title: "复核", draw: review::review },
    Specimen { name: "review-moved", title: "复核：事实有变", draw: review::review_moved },
    Specimen { name: "case", title: "业务记录", draw: review::case },
    Specimen { name: "member", title: "职工", draw: member::member },
    Specimen { name: "employer", title: "缴存单位", draw: member::employer },
    Specimen { name: "list", title: "列表：缴存单位", draw: register::list },
    Specimen { name: "list-empty", title: "列表：空", draw: register::list_empty },
    Specimen { name: "trial-balance", title: "总账余额", draw: book::trial_balance },
    Specimen { name: "sub-ledger", title: "明细账与凭证", draw: book::sub_ledger },
    Specimen { name: "voucher", title: "记账凭证", draw: book::voucher },
    Specimen { name: "policy", title: "政策参数", draw: house::policy },
    Specimen { name: "policy-family", title: "政策参数：一族", draw: house::family },
    Specimen { name: "users", title: "用户与角色", draw: house::users },
    Specimen { name: "audit", title: "审计", draw: house::audit },
    Specimen { name: "audit-broken", title: "审计：有断点", draw: house::audit_broken },
    Specimen { name: "sessions", title: "登录会话", draw: house::sessions },
    Specimen { name: "day-end", title: "日终", draw: register::day_end },
    Specimen { name: "day-end-closed", title: "日终：系统管理员所见", draw: register::day_end_closed },
    Specimen { name: "error", title: "系统错误", draw: register::error },
    Specimen { name: "not-allowed", title: "没有权限", draw: register::not_allowed },
    Specimen { name: "offline", title: "账务库连不上", draw: register::offline },
];

/// The page at `/design` or `/design/NAME`, or nothing.
pub fn show(path: &str) -> Option<Markup> {
    match path.strip_prefix("/design")?.trim_start_matches('/') {
        "" => Some(components::page()),
        name => PAGES.iter().find(|page| page.name == name).map(|page| (page.draw)()),
    }
}

const CENTRE: &str = "青岚州住房公积金管理中心";

/// The frame of a sample page.
fn frame(area: Area, crumbs: &[(&'static str, &'static str)], person: (&'static str, &'static str, &'static str)) -> Frame {
    let (name, role, place) = person;
    let title: Text = crumbs.last().map_or("", |(label, _)| label).into();
    Frame {
        title,
        centre: CENTRE.into(),
        area,
        areas: Area::ALL.to_vec(),
        crumbs: crumbs.iter().map(|(label, href)| link(*label, *href)).collect(),
        tasks: 14,
        day: "2026-11-24".into(),
        day_open: true,
        person: Person { name: name.into(), role: role.into(), place: place.into() },
        form_token: "sample".into(),
        demo: None,
        compact: false,
        large: false,
        refresh: None,
    }
}

const CLERK: (&str, &str, &str) = ("周宁", "经办", "白鹭管理部 3 号窗");
const REVIEWER: (&str, &str, &str) = ("许岚", "复核", "白鹭管理部");
const ACCOUNTANT: (&str, &str, &str) = ("何舟", "会计", "中心 会计科");
const OPERATOR: (&str, &str, &str) = ("段川", "运行值班", "中心 信息科");
const SECURITY: (&str, &str, &str) = ("白泉", "安全管理员", "中心 信息科");
const AUDITOR: (&str, &str, &str) = ("陆青", "审计管理员", "中心 稽核科");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_sample_page_is_a_document_without_inline_style_or_script() {
        for page in PAGES {
            let html = (page.draw)().into_string();
            assert!(html.starts_with("<!DOCTYPE html>"), "{}", page.name);
            assert_eq!(html.matches("<h1").count(), 1, "{} has one h1", page.name);
            for inline in [" style=", "<style", " onclick=", "javascript:"] {
                assert!(!html.contains(inline), "{}: {inline}", page.name);
            }
        }
        assert!(show("/design").is_some() && show("/design/").is_some() && show("/design/nowhere").is_none() && show("/x").is_none());
    }

    /// README §6 of the look: no 请勿, 非法, ！ and no ASCII minus before a figure.
    #[test]
    fn words_follow_the_house_style() {
        for page in PAGES {
            let html = (page.draw)().into_string();
            for word in ["请勿", "非法", "！", "数据有误", ">-1", ">-2", ">-9"] {
                assert!(!html.contains(word), "{}: {word}", page.name);
            }
        }
    }
}
