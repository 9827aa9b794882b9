//! Samples: policy, users and roles, audit, sessions.

use maud::Markup;

use super::{ACCOUNTANT, AUDITOR, SECURITY, frame};
use crate::ui::frame::Area;
use crate::ui::kpi::Kpi;
use crate::ui::pager::Pager;
use crate::ui::problems::Problem;
use crate::ui::tabs::Tab;
use crate::ui::{Button, Cite, Fact, Pill, Tag, Tone, link};
use crate::views::audit::{Audit, Record};
use crate::views::employer::Dated;
use crate::views::policy::{Families, Family, OneFamily, Span};
use crate::views::sessions::{Session, Sessions};
use crate::views::users::{RoleChange, User, Users};
use crate::views::{audit as audit_view, policy as policy_view, sessions as sessions_view, users as users_view};

struct Sample(&'static str, &'static str, &'static str, &'static str, &'static str, &'static str, Cite, Pill);

fn family_line(sample: Sample) -> Family {
    let Sample(term, name, value, unit, since, place, under, checked) = sample;
    let tone = if place == "全国" { Tone::Brand } else { Tone::Plain };
    Family {
        term: link(term, format!("/policy/{name}")),
        name: name.into(),
        value: value.into(),
        unit: unit.into(),
        since: since.into(),
        place: Tag::new(tone, place),
        under,
        checked,
    }
}

pub(super) fn policy() -> Markup {
    let fresh = || Pill::done("2026-11 确认");
    let stale = || Pill::waiting("满一年未确认");
    let unknown = || Cite::unknown("本中心参数，文号待补");
    let view = Families {
        day: "2026-11-24".into(),
        digest: "5d20 91c7".into(),
        tabs: vec![
            Tab::new("归集", "18", "?area=collection").current(),
            Tab::new("利息", "6", "?area=interest"),
            Tab::new("贷款", "9", "?area=lending"),
            Tab::new("会计", "7", "?area=accounting"),
            Tab::new("流程", "12", "?area=flows"),
        ],
        subjects: Vec::new(),
        files: vec![
            (
                "collection/common.yaml".into(),
                vec![
                    family_line(Sample(
                        "缴存基数上限",
                        "collection.base_cap",
                        "25,500.00",
                        "元 / 月",
                        "2025-07-01",
                        "中心",
                        unknown(),
                        fresh(),
                    )),
                    family_line(Sample(
                        "缴存基数下限",
                        "collection.base_floor",
                        "1,990.00",
                        "元 / 月",
                        "2025-07-01",
                        "中心",
                        unknown(),
                        stale(),
                    )),
                    family_line(Sample(
                        "缴存比例下限",
                        "collection.rate_floor",
                        "5",
                        "%",
                        "2026-09-20",
                        "全国",
                        Cite::known("《条例》（2026 版）"),
                        fresh(),
                    )),
                    family_line(Sample(
                        "缴存比例上限",
                        "collection.rate_cap",
                        "12",
                        "%",
                        "2026-09-20",
                        "全国",
                        Cite::known("《条例》（2026 版）"),
                        fresh(),
                    )),
                    family_line(Sample(
                        "月缴存额取整",
                        "collection.rounding",
                        "四舍五入到元",
                        "",
                        "2023-07-01",
                        "中心",
                        unknown(),
                        fresh(),
                    )),
                ],
            ),
            (
                "collection/remittance.yaml".into(),
                vec![
                    family_line(Sample(
                        "起息日",
                        "collection.remittance.value_date",
                        "入账日",
                        "",
                        "2023-07-01",
                        "中心",
                        unknown(),
                        fresh(),
                    )),
                    family_line(Sample(
                        "暂收转稽核天数",
                        "collection.unknown_receipt.days",
                        "30",
                        "日",
                        "2023-07-01",
                        "中心",
                        unknown(),
                        stale(),
                    )),
                ],
            ),
        ],
        note: "52 族 · 2 族满一年未确认 · 5 族文号待补".into(),
        actions: vec![
            Button::go("只看文号待补", "?unknown").key("U"),
            Button::go("录入新值", "/cases/new/administration.enter_policy").key("N").primary(),
        ],
    };
    policy_view::families(&frame(Area::Operation, &[("运行", "/operation"), ("政策参数", "")], ACCOUNTANT), &view)
}

pub(super) fn family() -> Markup {
    let dated = |from: &'static str, what: &'static str, because: &'static str, current| Dated {
        from: from.into(),
        what: what.into(),
        because: because.into(),
        current,
    };
    let span = |value: &'static str, at, now| Span { value: value.into(), at, now };
    let view = OneFamily {
        term: "缴存基数上限".into(),
        name: "collection.base_cap".into(),
        pill: Pill::waiting("新值待确认"),
        about: vec![
            Fact::new("单位", "元 / 月"),
            Fact::new("按哪一天取", "汇缴月份的第一天"),
            Fact::new("范围", "中心"),
            Fact::new("最近确认", "2026-11-02　许岚"),
            Fact::new("今年到期", "2027-06-30"),
        ],
        spans: vec![span("22,800", (0, 330), false), span("24,300", (330, 330), false), span("25,500", (660, 340), true)],
        axis: ("2023-07-01".into(), "今天".into()),
        steps: vec![
            dated("2026-12-01", "26,100.00（待另一人对照原文确认）", "录入 何舟 11-23 15:20 · 依据：文号待补", false),
            dated("2025-07-01", "25,500.00", "依据：本中心参数，文号待补 · 见 handbook 17", true),
            dated("2024-07-01", "24,300.00", "依据：本中心参数，文号待补", false),
            dated("2023-07-01", "22,800.00", "依据：本中心参数，文号待补", false),
        ],
        used_by: vec![
            link("个人开户", "/catalogue/collection.open_member"),
            link("年度基数调整", "/catalogue/collection.adjust_bases"),
            link("汇缴核对", "/catalogue/collection.remittance"),
        ],
        actions: vec![Button::go("录入新值", "/cases/new/administration.enter_policy").key("N").primary()],
        sentence: "新值由一人录入、另一人对照原文确认；确认前不生效。没有依据的值只能记为“文号待补”。".into(),
    };
    policy_view::family(
        &frame(Area::Operation, &[("运行", "/operation"), ("政策参数", "/policy"), ("缴存基数上限", "")], ACCOUNTANT),
        &view,
    )
}

fn user(
    name: &'static str,
    number: &'static str,
    roles: &[&'static str],
    scope: &'static str,
    factor: bool,
    last: &'static str,
    pill: Pill,
) -> User {
    User {
        name: link(name, format!("/users/{number}")),
        number: number.into(),
        roles: roles.iter().map(|role| Tag::new(if role.ends_with("管理员") { Tone::Warn } else { Tone::Plain }, *role)).collect(),
        scope: scope.into(),
        factor: if factor { Pill::done("已设") } else { Pill::waiting("未设") },
        last: last.into(),
        pill,
    }
}

pub(super) fn users() -> Markup {
    let active = || Pill::done("在用");
    let marks = |text: &str| text.chars().map(|mark| mark == 'x').collect::<Vec<bool>>();
    let view = Users {
        context: "86 人 · 十个管理部、五个科".into(),
        actions: vec![Button::go("角色变更", "/cases/new/administration.change_roles").key("N").primary()],
        filter: vec![Tab::new("在用", "81", "?s=active").current(), Tab::new("锁定", "1", "?s=locked"), Tab::new("离岗", "4", "?s=left")],
        groups: vec![
            (
                "白鹭管理部".into(),
                vec![
                    user("周宁", "0412", &["经办"], "白鹭管理部", true, "11-24 08:26", active()),
                    user("许岚", "0407", &["复核"], "白鹭管理部", true, "11-24 08:31", active()),
                    user("马骏川", "0419", &["经办"], "白鹭管理部", true, "11-24 09:02", Pill::stopped("锁定至 11:12")),
                    user("欧阳云溪", "0433", &["经办"], "白鹭管理部", false, "尚未登录", Pill::idle("一次性密码")),
                ],
            ),
            (
                "中心 会计科".into(),
                vec![
                    user("何舟", "0118", &["会计"], "全中心", true, "11-24 08:15", active()),
                    user("苏静", "0121", &["会计", "复核"], "全中心", true, "11-24 08:20", active()),
                ],
            ),
            (
                "中心 信息科、稽核科".into(),
                vec![
                    user("段川", "0151", &["系统管理员"], "全中心", true, "11-24 07:58", active()),
                    user("白泉", "0152", &["安全管理员"], "全中心", true, "11-24 08:05", active()),
                    user("沈溪", "0153", &["安全管理员"], "全中心", true, "11-23 17:30", active()),
                    user("陆青", "0161", &["审计管理员"], "全中心", true, "11-24 08:40", active()),
                ],
            ),
        ],
        waiting: vec![RoleChange {
            what: "苏静：增加“复核”，会计科".into(),
            entered: "白泉录入 11-24 09:40 · 须另一名安全管理员确认".into(),
            go: link("去看", "/cases/102611240000009"),
        }],
        roles: ["经办", "复核", "审批", "会计", "资金", "稽核", "系统管理员", "安全管理员", "审计管理员"].map(Into::into).to_vec(),
        rights: vec![
            ("录入归集业务".into(), marks("x........")),
            ("复核归集业务".into(), marks(".x.......")),
            ("审批大额业务".into(), marks("..x......")),
            ("记账与结账".into(), marks("...x.....")),
            ("银行付款放行".into(), marks("....x....")),
            ("查看全部业务（隐去身份）".into(), marks("..xxxx...")),
            ("启停日终、备份".into(), marks("......x..")),
            ("人员与角色".into(), marks(".......x.")),
            ("查看审计记录".into(), marks(".....x..x")),
        ],
        exclusions: vec![
            "系统、安全、审计三个管理员互斥，且不能有任何业务权限。".into(),
            "录入的人不能复核同一件业务；同一件的各级复核人不同。".into(),
            "角色变更由一名安全管理员录入，另一名确认。".into(),
        ],
    };
    users_view::page(&frame(Area::Operation, &[("运行", "/operation"), ("用户与角色", "")], SECURITY), &view)
}

fn record(
    time: &'static str,
    who: (&'static str, &'static str),
    kind: (Tone, &'static str),
    what: &'static str,
    about: &'static str,
    mac: &'static str,
) -> Record {
    Record {
        time: time.into(),
        who: (who.0.into(), who.1.into()),
        kind: Tag::new(kind.0, kind.1),
        what: link(what, "/audit/records/1"),
        about: about.into(),
        mac: mac.into(),
    }
}

fn trail() -> Audit {
    let business = (Tone::Brand, "业务");
    let read = (Tone::Warn, "查看");
    Audit {
        pill: Pill::done("链完整"),
        context: "链首 第 20,417 号封签 · 2026-11-24 11:10 · 8f3a 77c1 20de".into(),
        actions: vec![Button::go("核验全链", "/audit/verify").key("V").primary(), Button::go("导出链首", "/audit/head.txt")],
        kpis: vec![
            Kpi::new("今日记录", "3,862", "条", "业务 3,120 · 查看 688 · 其他 54"),
            Kpi::new("封签", "46", "个", "每 5 分钟或 100 条一签"),
            Kpi::new("显示完整身份信息", "37", "次", "都有理由；职工可见"),
            Kpi::new("最近核验", "3 分 28 秒", "", "11-24 00:06，1,204,518 条无断点"),
        ],
        breaks: Vec::new(),
        filter: ["2026-11-24".into(), "2026-11-24".into(), "".into(), "all".into()],
        kinds: vec![
            ("all".into(), "全部".into()),
            ("case".into(), "业务".into()),
            ("read".into(), "查看".into()),
            ("sign-in".into(), "登录".into()),
            ("role".into(), "权限".into()),
        ],
        seals: vec![
            (
                "第 20,417 号封签".into(),
                "11:10:00 · 100 条 · 根 8f3a 77c1".into(),
                vec![
                    record("11:06:21", ("系统", "后台入账"), business, "汇缴入账", "白鹭县第一中学 · 127 行 · 290,084.00", "b93e 41d6"),
                    record(
                        "11:05:02",
                        ("许岚", "复核 · 白鹭管理部"),
                        business,
                        "同意并签署",
                        "02 261124 0000318 · 摘要 4f20 9ab1 c3d7",
                        "07ac 9e12",
                    ),
                    record(
                        "11:01:44",
                        ("周宁", "经办 · 3 号窗"),
                        read,
                        "显示证件号码",
                        "赵*岚 · 理由：办理中的业务 05 261123 0000417",
                        "e81d 5530",
                    ),
                ],
            ),
            (
                "第 20,416 号封签".into(),
                "11:05:00 · 87 条 · 根 20de 1b94".into(),
                vec![
                    record(
                        "11:00:12",
                        ("马骏川", "经办 · 1 号窗"),
                        (Tone::Bad, "登录"),
                        "连续 5 次不符，锁定 30 分钟",
                        "10.8.4.21",
                        "c1f0 6628",
                    ),
                    record("10:58:40", ("苏*", "专办员 · 网厅"), business, "单位确认清册", "白鹭县第一中学 2026 年 11 月", "5a77 d4e9"),
                    record(
                        "10:40:05",
                        ("白泉", "安全管理员"),
                        (Tone::Plain, "权限"),
                        "录入角色变更",
                        "苏静：增加“复核” · 待第二人确认",
                        "9d02 f1c3",
                    ),
                ],
            ),
        ],
        pager: Pager { place: "第 1–50 条，共 3,862 条".into(), before: None, after: Some("?page=2".into()) },
    }
}

const AUDIT_CRUMBS: [(&str, &str); 2] = [("稽核", "/oversight"), ("审计", "")];

pub(super) fn audit() -> Markup {
    audit_view::page(&frame(Area::Oversight, &AUDIT_CRUMBS, AUDITOR), &trail())
}

pub(super) fn audit_broken() -> Markup {
    let mut view = trail();
    view.pill = Pill::stopped("有断点");
    view.breaks = vec![
        Problem::new("第 1,204,391 条被改过：内容与校验值不符", "#record-1204391", Cite::known("audit.mac"))
            .remedy("原内容见 11-23 的备份；先封存现场，再比对。"),
        Problem::new("第 20,402 号封签之后缺 1 条", "#seal-20402", Cite::known("audit.sequence"))
            .remedy("缺的是 11-24 09:12:07 至 09:12:31 之间的一条。"),
    ];
    audit_view::page(&frame(Area::Oversight, &AUDIT_CRUMBS, AUDITOR), &view)
}

pub(super) fn sessions() -> Markup {
    let one = |who: (&'static str, &'static str),
               place: (&'static str, &'static str),
               since: &'static str,
               seen: &'static str,
               ends: &'static str,
               pill: Pill,
               own| Session {
        id: who.1.into(),
        who: (who.0.into(), who.1.into()),
        place: (place.0.into(), place.1.into()),
        since: since.into(),
        seen: seen.into(),
        ends: ends.into(),
        pill,
        own,
    };
    let view = Sessions {
        context: "4 个 · 闲置 30 分钟或满 12 小时自动结束".into(),
        list: vec![
            one(("白泉", "0152"), ("中心 信息科", "10.8.1.52"), "08:05", "11:12", "20:05", Pill::done("在用"), true),
            one(("周宁", "0412"), ("白鹭管理部 3 号窗", "10.8.4.23"), "08:26", "11:11", "20:26", Pill::done("在用"), false),
            one(("许岚", "0407"), ("白鹭管理部", "10.8.4.20"), "08:31", "11:05", "20:31", Pill::done("在用"), false),
            one(("何舟", "0118"), ("中心 会计科", "10.8.1.18"), "08:15", "10:47", "11:17", Pill::idle("闲置 25 分钟"), false),
        ],
        form_token: "sample".into(),
    };
    sessions_view::page(&frame(Area::Operation, &[("运行", "/operation"), ("登录会话", "")], SECURITY), &view)
}
