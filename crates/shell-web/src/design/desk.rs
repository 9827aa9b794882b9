//! Samples: remittance desk, case form, import result.

use maud::{Markup, html};

use super::{CLERK, frame};
use crate::ui::action_bar::ActionBar;
use crate::ui::checks::Mark;
use crate::ui::field::{Field, Group, Kind};
use crate::ui::frame::Area;
use crate::ui::kpi::Kpi;
use crate::ui::pager::Pager;
use crate::ui::problems::Problem;
use crate::ui::progress::Progress;
use crate::ui::steps::from_words;
use crate::ui::table::dash;
use crate::ui::tabs::Tab;
use crate::ui::{Button, Check, Cite, Fact, Pill, Tag, Tone, amount, link};
use crate::views::case_form::{About, CaseForm, Material};
use crate::views::import::{Import, RowError};
use crate::views::remittance::{ListLine, Preview, Receipt, Remittance, Waiting};
use crate::views::{case_form as case_form_view, import as import_view, remittance as remittance_view};

fn waiting(name: &'static str, people: &'static str, pill: Pill, sum: &'static str) -> Waiting {
    Waiting {
        name: name.into(),
        people: people.into(),
        pill,
        amount: sum.into(),
        href: "/collection/remittances/982404170000318/2026-11".into(),
        current: name == "白鹭县第一中学",
    }
}

fn five(cells: [&str; 5]) -> [Markup; 5] {
    let [base, employer, member, now, before] = cells;
    let plain = |text: &str| if text == "—" { dash() } else { amount(text) };
    [plain(base), plain(employer), plain(member), html! { b { (plain(now)) } }, html! { span.quiet { (plain(before)) } }]
}

fn line(row: &'static str, who: (&'static str, &'static str), change: Tag, cells: [Markup; 5], problem: Option<Problem>) -> ListLine {
    ListLine { row: row.into(), who: (who.0.into(), who.1.into()), change, cells, problem }
}

pub(super) fn remittance() -> Markup {
    let struck = |text: &str| html! { del { (text) } };
    let problem = Problem::new("第 23 行　何*清　证件号码末位校验不符", "#row-23", Cite::known("GB 11643"));
    let note = Problem::new("证件号码末位校验不符：按前 17 位应为 4，清册为 7。", "#row-23", Cite::known("GB 11643 校验码"))
        .remedy("请单位核对证件后更正；来不及的，移出本月清册，以补充清册缴存。")
        .offer(Button::submit("改证件号码", "edit").of_form("remittance").key("F2"))
        .offer(Button::submit("移出，列入补充清册", "move").of_form("remittance").key("M"))
        .offer(Button::submit("退回单位", "return-line").of_form("remittance").key("B"));
    let handled = |sentence: &'static str| {
        let mut problem = Problem::new(sentence, "", Cite::known("")).handled().offer(Button::submit("撤销", "undo").of_form("remittance"));
        problem.under = None;
        problem
    };
    let mut corrected = five(["8,850.00", "1,062.00", "", "2,124.00", "2,124.00"]);
    corrected[2] = html! { del.num { "1,061.00" } ins.num { "1,062.00" } };
    let mut moved = five(["", "", "", "", "—"]);
    for (cell, old) in moved.iter_mut().zip(["6,850.00", "822.00", "822.00", "1,644.00"]) {
        *cell = struck(old);
    }
    let view = Remittance {
        employer: "白鹭县第一中学".into(),
        pill: Pill::doing("核对中"),
        context: "2026 年 11 月汇缴清册 · 单位账号 982404170000318".into(),
        steps: from_words(&["报清册", "核对", "单位确认", "到账匹配", "入账"], 1),
        queue: vec![
            waiting("白鹭县第一中学", "127 人", Pill::doing("1 行待处理"), "290,084.00"),
            waiting("白鹭县人民医院", "312 人", Pill::waiting("差 2,266.00"), "1,024,608.00"),
            waiting("松坪岚山茶业有限公司", "18 人", Pill::waiting("未到账"), "24,912.00"),
            waiting("白鹭县水务站", "41 人", Pill::doing("待核对"), "88,304.00"),
            waiting("青岚州澄石建材厂", "64 人", Pill::doing("待核对"), "97,850.00"),
            waiting("白鹭县城关小学", "96 人", Pill::done("已入账"), "231,744.00"),
            waiting("白鹭县供销社", "23 人", Pill::done("已入账"), "40,126.00"),
            waiting("白鹭县文化馆", "12 人", Pill::done("已入账"), "30,318.00"),
            waiting("望山镇卫生院", "29 人", Pill::done("已入账"), "64,530.00"),
        ],
        queue_left: "29 户未完".into(),
        queue_done: "289 / 318 户已入账".into(),
        problem_title: "还有 1 行要处理，才能提交入账".into(),
        problems: vec![
            problem,
            Problem::new("第 41 行　吕*　个人部分少 1.00 元，已更正", "#row-41", Cite::known("取整：四舍五入到元")).handled(),
            Problem::new("第 103 行　普*华　封存仍列缴，已移出", "#row-103", Cite::known("状态：2026-10-31 封存")).handled(),
        ],
        sum: vec![
            Kpi::new("上月", "289,392.00", "", "126 人"),
            Kpi::new("增加", "5,656.00", "", "3 人：新增、转入、启封").sign("+"),
            Kpi::new("减少", "4,964.00", "", "2 人：退休、调出").sign("−"),
            Kpi::new("本月应缴", "290,084.00", "", "127 人 · 比例 12 % + 12 %").sign("="),
        ],
        filter: vec![
            Tab::new("变化", "7", "?show=changes").current(),
            Tab::new("问题", "3", "?show=problems"),
            Tab::new("全部", "127", "?show=all"),
        ],
        source: "网厅 11-23 16:08 上传 · 清册 202611.xlsx".into(),
        lines: vec![
            line(
                "23",
                ("何*清", "99211103 0004127"),
                Tag::new(Tone::Good, "新增"),
                five(["6,850.00", "822.00", "822.00", "1,644.00", "—"]),
                Some(note),
            ),
            line(
                "41",
                ("吕*", "99180702 0001865"),
                Tag::new(Tone::Brand, "更正"),
                corrected,
                Some(handled("个人部分清册为 1,061.00，按 8,850.00 × 12 % 四舍五入到元应为 1,062.00。已按应缴额更正。")),
            ),
            line(
                "64",
                ("段*萍", "99200311 0002290"),
                Tag::new(Tone::Good, "转入"),
                five(["9,420.00", "1,130.00", "1,130.00", "2,260.00", "—"]),
                None,
            ),
            line(
                "79",
                ("施*", "99190905 0003371"),
                Tag::new(Tone::Good, "启封"),
                five(["7,300.00", "876.00", "876.00", "1,752.00", "—"]),
                None,
            ),
            line(
                "103",
                ("普*华", "99170416 0000932"),
                Tag::new(Tone::Plain, "移出"),
                moved,
                Some(handled("该职工已于 2026-10-31 封存，清册仍列缴 1,644.00。已移出本月清册。")),
            ),
            line("—", ("李*国", "99080619 0000218"), Tag::new(Tone::Plain, "封存 退休"), five(["—", "—", "—", "0.00", "2,996.00"]), None),
            line("—", ("杨*", "99150327 0001406"), Tag::new(Tone::Plain, "封存 调出"), five(["—", "—", "—", "0.00", "1,968.00"]), None),
        ],
        unchanged: (
            link("其余 123 人与上月一致", "?show=all"),
            ["141,152.00".into(), "141,152.00".into(), "282,304.00".into(), "282,304.00".into()],
        ),
        total: ("本月应缴　127 人".into(), ["145,042.00".into(), "145,042.00".into(), "290,084.00".into(), "289,392.00".into()]),
        receipt: Some(Receipt {
            pill: Pill::waiting("多 1,643.00"),
            movement: link("HS261124000873", "/treasury/movements/HS261124000873"),
            amount: "291,727.00".into(),
            context: vec!["11-24 09:31 · 青岚农商行白鹭支行".into(), "附言「汇缴 022611240000318」".into()],
            sums: vec![
                Fact::amount("到账", "291,727.00"),
                Fact::new("应缴", "−290,084.00"),
                Fact::amount("多出，留作未分摊", "1,643.00").total(),
            ],
            explained: "多出的来历已查明：移出 1 人 1,644.00，更正 1 行 −1.00。".into(),
            compared: vec![
                (Mark::Holds, "业务号 15 位与清册一致".into(), "附言".into()),
                (Mark::Holds, "付款户名与单位名称一致".into(), "全半角同视".into()),
                (Mark::Holds, "非重复通知".into(), "主机流水".into()),
            ],
        }),
        voucher_head: ("凭证预览".into(), "提交后生成".into()),
        vouchers: vec![
            Preview {
                name: "凭证一　到账".into(),
                lines: vec![
                    (true, "住房公积金存款".into(), "1010103 白鹭专户".into(), "291,727.00".into()),
                    (false, "未分摊".into(), "2190402 本单位".into(), "291,727.00".into()),
                ],
            },
            Preview {
                name: "凭证二　汇缴 127 人".into(),
                lines: vec![
                    (true, "未分摊".into(), "2190402 本单位".into(), "290,084.00".into()),
                    (false, "住房公积金".into(), "201 · 分 127 人".into(), "290,084.00".into()),
                ],
            },
        ],
        voucher_foot: ("2026-11-24".into(), "两张凭证，借贷各自平衡 ✓".into()),
        running: Some((
            "后台入账　第 2 批 31 / 38 户".into(),
            Progress { events: "".into(), done: 31, total: 38, words: "2,914 行已入账 · 1 户进重试 · 约剩 6 秒".into() },
            link("查看", "/operation/runs"),
        )),
        side: Markup::default(),
        key: "sample".into(),
        bar: ActionBar {
            buttons: vec![
                Button::submit("提交入账", "post").of_form("remittance").key("Alt P").primary(),
                Button::submit("退回单位", "return").of_form("remittance").key("Alt B"),
                Button::go("打印汇缴书", "/collection/remittances/982404170000318/2026-11.pdf"),
            ],
            hints: vec![(vec!["F8"], "下一处问题"), (vec!["M"], "移出这一行"), (vec!["[", "]"], "上一户 / 下一户")],
            sentence: "多缴须 1 人复核 · 10:42 自动保存".into(),
        },
        form_token: "sample".into(),
    };
    let crumbs = [("归集", "/collection"), ("汇缴", "/collection/remittances"), ("白鹭管理部 2026 年 11 月", "")];
    remittance_view::page(&frame(Area::Collection, &crumbs, CLERK), &view)
}

pub(super) fn case_form() -> Markup {
    let unknown = || Cite::unknown("本中心参数，文号待补").at("/policy/withdrawal.rent.cap_single");
    let rule = |words: &'static str| Cite::known(words);
    let view = CaseForm {
        title: "租房提取".into(),
        pill: Pill::doing("录入中"),
        context: "柜面受理 · 业务号提交时生成".into(),
        steps: from_words(&["受理", "录入", "复核", "付款", "入账"], 1),
        problem_title: "有 3 处要处理，才能提交复核".into(),
        problems: vec![
            Problem::new("提取金额 18,600.00 元，超过本年度限额 18,000.00 元", "#field-amount", unknown())
                .remedy("最多还可提 18,000.00 元。")
                .offer(Button::submit("填入最高可提额", "at-most").of_form("case").key("F9")),
            Problem::new("租期止 2025-12-31，早于租期起 2026-01-01", "#field-until", rule("填写检查")).remedy("请对照合同第二条改正。"),
            Problem::new("收款卡是二类户，应为本人一类借记卡", "#field-card", rule("规则 3.1.3"))
                .remedy("请换卡；职工没有一类卡的，可在发卡行升级后再来。"),
        ],
        action: "/cases/new/withdrawal.rent".into(),
        key: "sample".into(),
        form_token: "sample".into(),
        groups: vec![
            Group {
                name: "申请人".into(),
                fields: vec![
                    Field::new("id_number", "证件号码", Kind::Sealed, "532***********3326").hint("刷证读入，已隐去"),
                    Field::new("name", "姓名", Kind::Fact("公安人口库 一致".into()), "马*"),
                    Field::new("marriage", "婚姻状况", Kind::Fact("民政 11-24 查询".into()), "未婚"),
                ],
            },
            Group {
                name: "租赁".into(),
                fields: vec![
                    Field::new("address", "房屋坐落", Kind::Line, "城关镇学府路 37 号 2 栋 1204").span(2).hint("与合同一致，写到门牌"),
                    Field::new("rent", "月租金", Kind::Money("元 / 月".into()), "1,550.00"),
                    Field::new("from", "租期起", Kind::Date, "2026-01-01"),
                    Field::new("until", "租期止", Kind::Date, "2025-12-31").error("不能早于租期起 2026-01-01"),
                    Field::new("homes", "本市自有住房", Kind::Fact("不动产登记 11-24 09:12".into()), "无"),
                ],
            },
            Group {
                name: "提取与付款".into(),
                fields: vec![
                    Field::new("amount", "提取金额", Kind::Money("元".into()), "18,600.00")
                        .error("超过限额 600.00 元")
                        .hint("本年度限额 18,000.00，已用 0.00"),
                    Field::new("card", "收款卡号", Kind::Line, "6200 **** **** 3456")
                        .error("户名马*，账户类别为二类")
                        .hint("须为本人一类借记卡"),
                    Field::new("phone", "联系手机", Kind::Line, "139****0275").optional().hint("用于短信告知结果"),
                ],
            },
        ],
        material: vec![
            Material { pill: Pill::done("已收"), words: "租赁合同　4 页".into(), action: Button::go("查看", "/attachments/1") },
            Material {
                pill: Pill::done("免交"),
                words: "无房证明　已由不动产登记查询代替".into(),
                action: Button::go("查询结果", "/attachments/2"),
            },
            Material {
                pill: Pill::waiting("待收"),
                words: "租金支付记录　近 6 个月".into(),
                action: Button::go("扫描", "/attachments/new").key("F4"),
            },
        ],
        about: Some(About {
            name: "马*".into(),
            pill: Pill::done("正常"),
            figure: ("可用余额".into(), "46,182.90".into()),
            facts: vec![
                Fact::new("单位", "白鹭县文化馆"),
                Fact::new("缴至年月", "2026-11"),
                Fact::amount("月缴存额", "1,896.00"),
                Fact::new("上次租房提取", "无"),
                Fact::new("未结清贷款", "无"),
            ],
        }),
        checks_title: "能不能提".into(),
        checks: vec![
            Check::new(Mark::Holds, "支付房租，可以提取", "符合", rule("《条例》（2026 版）第二十四条第（一）项")),
            Check::new(Mark::Holds, "本人无自有住房", "无", rule("不动产登记")),
            Check::new(Mark::Holds, "无冻结，无在途提取", "无", rule("规则 3.1.13")),
            Check::new(Mark::Fails, "未超年度限额 18,000.00", "超 600.00", unknown()),
            Check::new(Mark::Fails, "收款卡为本人一类借记卡", "二类", rule("规则 3.1.3")),
            Check::new(Mark::Look, "租金支付记录", "待收", rule("材料清单第 3 项")),
        ],
        bar: ActionBar {
            buttons: vec![
                Button::submit("提交复核", "submit").of_form("case").key("Alt P").primary(),
                Button::submit("暂存", "draft").of_form("case").key("Alt D"),
                Button::submit("一次告知单", "notice").of_form("case").key("Alt T"),
            ],
            hints: vec![(vec!["F8"], "下一处问题"), (vec!["F9"], "最高可提额")],
            sentence: "10:51 自动保存 · 承诺 3 日内决定：11-27 止".into(),
        },
    };
    let crumbs = [("提取", "/withdrawal"), ("新建业务", "/catalogue"), ("租房提取", "")];
    case_form_view::page(&frame(Area::Withdrawal, &crumbs, CLERK), &view)
}

fn row_error(
    row: &'static str,
    column: &'static str,
    found: &'static str,
    message: (&'static str, &'static str),
    under: &'static str,
) -> RowError {
    RowError {
        sheet: "".into(),
        row: row.into(),
        column: column.into(),
        found: found.into(),
        message: (message.0.into(), message.1.into()),
        under: Cite::known(under),
    }
}

pub(super) fn import() -> Markup {
    let view = Import {
        kind: "个人开户".into(),
        pill: Pill::idle("试算，未改动任何数据"),
        context: "新进人员 11 月.xlsx · 10:48 读取，用时 0.3 秒".into(),
        kpis: vec![
            Kpi::new("读到", "1,284", "行", "空行 6、隐藏行 2，也已读"),
            Kpi::new("可以导入", "1,276", "行", "合计月缴存额 2,381,640.00 元"),
            Kpi::new("与在册相同", "3", "行", "再导入不会重复"),
            Kpi::new("要改", "5", "行", "7 处"),
        ],
        progress: None,
        filter: vec![
            Tab::new("全部", "7", "?e=all").current(),
            Tab::new("证件号码", "3", "?e=id"),
            Tab::new("基数与比例", "2", "?e=base"),
            Tab::new("其他", "2", "?e=rest"),
        ],
        errors: vec![
            row_error("18", "证件号码", "532***********2047", ("末位校验不符，按前 17 位应为 6。", "请对照证件改正。"), "GB 11643"),
            row_error(
                "42",
                "证件号码",
                "5.32301E+17",
                ("单元格是数字格式，18 位号码的后几位已经丢失。", "请把该列设为文本后重新填写。"),
                "文件格式",
            ),
            row_error("42", "手机号码", "1388712", ("少 4 位，应为 11 位。", "没有手机的，可以留空。"), "填写检查"),
            row_error(
                "107",
                "证件号码",
                "532***********1129",
                ("此人已在白鹭县供销社开户，状态正常。", "请办内部转移，不要再开户。"),
                "规则 1.3",
            ),
            row_error("311", "缴存基数", "37,302.00", ("高于上限 25,500.00 元。", "按上限填写，或说明适用的上限文件。"), "本中心参数"),
            row_error("311", "首次汇缴年月", "2026 年 13 月", ("没有 13 月。", "写成 2026-11 这样。"), "填写检查"),
            row_error("968", "缴存基数", "（空）", ("必填。", "填写上年度月平均工资。"), "填写检查"),
        ],
        pager: Some(Pager { place: "第 1–7 处，共 7 处".into(), before: None, after: None }),
        columns: vec![
            Fact::new("姓名", "职工姓名"),
            Fact::new("证件号码", "身份证号"),
            Fact::new("缴存基数", "月工资基数（元）"),
            Fact::new("首次汇缴年月", "起缴月份"),
            Fact::new("没有用到的列", "部门、备注"),
        ],
        tidied: vec![
            Fact::new("全角数字", "37 格"),
            Fact::new("前后空格", "112 格"),
            Fact::new("日期写法", "64 格"),
            Fact::new("千分位", "203 格"),
        ],
        bar: ActionBar {
            buttons: vec![
                Button::submit("导入 1,276 行，其余留下", "good-rows").of_form("import").key("Alt P").primary(),
                Button::go("换文件", "/imports/members").key("U"),
                Button::go("下载要改的行", "/imports/members/7.xlsx"),
            ],
            hints: vec![(vec!["J", "K"], "上下")],
            sentence: "导入是一件业务，须 1 人复核 · 留下的行不会开户".into(),
        },
        form_token: "sample".into(),
    };
    import_view::page(&frame(Area::Collection, &[("归集", "/collection"), ("批量", "/imports"), ("个人开户", "")], CLERK), &view)
}
