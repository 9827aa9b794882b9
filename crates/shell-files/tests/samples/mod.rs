//! Invented documents for the tests and for `examples/documents.rs`.

use core_money::{Money, Rate};
use shell_files::pdf::{
    Align, EmployerLine, EmployerStatement, Letterhead, MemberLine, MemberStatement, PayTo, Printing, RemittanceNotice, RemittanceReceipt,
    TableCell, TableColumn, TableDocument, Verification,
};

fn yuan(text: &str) -> Money {
    Money::parse(text).expect("an amount")
}

pub fn head() -> Letterhead {
    Letterhead { centre: "青岚州住房公积金管理中心".to_owned(), seal: Some("业务专用章（3）".to_owned()) }
}

pub fn printing() -> Printing {
    Printing {
        maker: "周宁".to_owned(),
        checker: Some("许岚".to_owned()),
        branch: "白鹭管理部".to_owned(),
        at: "2026-11-24 11:08".to_owned(),
        copy: 1,
    }
}

pub fn verification() -> Verification {
    Verification { code: "7KQ4M9XTR2HC".to_owned(), link: "https://gjj.example.cn/verify/7KQ4M9XTR2HC".to_owned() }
}

pub fn receipt() -> RemittanceReceipt {
    RemittanceReceipt {
        head: head(),
        number: "02 261124 0000318".to_owned(),
        part: ("第 1 联".to_owned(), "单位留存".to_owned()),
        employer: "白鹭县第一中学".to_owned(),
        employer_account: "982404170000318".to_owned(),
        month: "2026 年 11 月".to_owned(),
        people: 127,
        rates: (Rate::from_percent(12), Rate::from_percent(12)),
        employer_amount: yuan("145042.00"),
        member_amount: yuan("145042.00"),
        paid_to: "2026 年 11 月".to_owned(),
        posted_on: "2026-11-24".to_owned(),
        value_date: "2026-11-24".to_owned(),
        voucher: "202611 00004127".to_owned(),
        received: yuan("291727.00"),
        suspense: yuan("1643.00"),
        bank_serial: "HS261124000873".to_owned(),
        verification: verification(),
        printing: printing(),
        footnote: "未分摊余额 1,643.00 元可用于以后月份，也可申请退回。".to_owned(),
    }
}

pub fn notice() -> RemittanceNotice {
    RemittanceNotice {
        head: head(),
        business_number: "022611240000318".to_owned(),
        employer: "白鹭县第一中学".to_owned(),
        employer_account: "982404170000318".to_owned(),
        month: "2026 年 11 月".to_owned(),
        way: "转账".to_owned(),
        people: 127,
        employer_amount: yuan("145042.00"),
        member_amount: yuan("145042.00"),
        from_suspense: yuan("1000.00"),
        pay_to: PayTo {
            name: "青岚州住房公积金管理中心".to_owned(),
            account: "53230100000001".to_owned(),
            bank: "农业银行青岚分行营业部".to_owned(),
            bank_number: "103000000000".to_owned(),
        },
        due: "2026-12-05".to_owned(),
        verification: verification(),
        printing: printing(),
    }
}

/// A statement of so many months, a red entry among them.
pub fn member_statement(months: u32) -> MemberStatement {
    let mut balance = yuan("98025.46");
    let part = yuan("822.00");
    let mut lines = Vec::new();
    for n in 0..months {
        let (year, month) = (2021 + n / 12, n % 12 + 1);
        let mut add = |kind: &str, both: bool, amount: Money, remark: &str| {
            balance += amount;
            let side = both.then(|| if amount.is_negative() { -part } else { part });
            lines.push(MemberLine {
                day: format!("{year}-{month:02}-24"),
                kind: kind.to_owned(),
                month: if both { format!("{year}-{month:02}") } else { String::new() },
                employer_part: side,
                member_part: side,
                amount,
                balance,
                remark: remark.to_owned(),
            });
        };
        add("汇缴", true, part * 2, "白鹭县第一中学");
        if n == 4 {
            add("冲正", true, -(part * 2), "冲 202105 00000318");
            add("汇缴", true, part * 2, "白鹭县第一中学");
        }
        if month == 7 {
            add("年度结息", false, yuan("1470.38"), "");
        }
        if n == 9 {
            add("部分提取", false, -yuan("12600.00"), "租房提取，本人卡尾号 0318");
        }
    }
    MemberStatement {
        head: head(),
        account: "992404170000318".to_owned(),
        name: "赵小岚".to_owned(),
        id_number: "53230119900101204X".to_owned(),
        full_identifiers: false,
        employer: "白鹭县第一中学".to_owned(),
        state: "正常".to_owned(),
        paid_to: "2026 年 11 月".to_owned(),
        base: yuan("6850.00"),
        monthly_amount: part * 2,
        period: ("2021-01-01".to_owned(), "2026-11-24".to_owned()),
        opening: yuan("98025.46"),
        closing: balance,
        lines,
        verification: verification(),
        printing: printing(),
    }
}

pub fn employer_statement() -> EmployerStatement {
    let line = |day: &str, kind: &str, amount: &str, suspense: &str, after: &str, remark: &str| EmployerLine {
        day: day.to_owned(),
        kind: kind.to_owned(),
        month: day[..7].to_owned(),
        people: (kind == "汇缴").then_some(127),
        amount: yuan(amount),
        suspense: yuan(suspense),
        suspense_balance: yuan(after),
        voucher: "202611 00004127".to_owned(),
        remark: remark.to_owned(),
    };
    EmployerStatement {
        head: head(),
        account: "982404170000318".to_owned(),
        name: "白鹭县第一中学".to_owned(),
        state: "正常".to_owned(),
        paid_to: "2026 年 11 月".to_owned(),
        people: (127, 4),
        period: ("2026-10-01".to_owned(), "2026-11-30".to_owned()),
        balance: yuan("12864091.37"),
        suspense: yuan("1643.00"),
        lines: vec![
            line("2026-10-23", "汇缴", "288441.00", "0.00", "0.00", "HS261023000411"),
            line("2026-11-24", "到账", "0.00", "291727.00", "291727.00", "HS261124000873"),
            line("2026-11-24", "汇缴", "290084.00", "-290084.00", "1643.00", ""),
        ],
        verification: verification(),
        printing: printing(),
    }
}

/// A wide table without verification, with long names, a rare character and amounts of nine digits.
pub fn wide_table() -> TableDocument {
    let names = ["白鹭县人民政府机关事务管理服务保障中心（本级）", "青岚州𠮷祥物业服务有限责任公司", "白鹭县第一中学"];
    let rows = (0..60_i64)
        .map(|n| {
            let name = names[usize::try_from(n % 3).expect("small")];
            vec![
                TableCell::from((n + 1).to_string()),
                TableCell::from(format!("98240417{n:07}")),
                TableCell::from(name),
                TableCell::from("2026-11"),
                TableCell::Money(Money::from_fen(98_765_432_100 - n * 1_234_567)),
                TableCell::Money(Money::from_fen(if n % 7 == 3 { -164_300 } else { n * 100 })),
                TableCell::from(if n % 5 == 0 { "更正 1 行，移出 1 人，多出的来历已查明" } else { "" }),
            ]
        })
        .collect();
    TableDocument {
        head: Letterhead { seal: None, ..head() },
        title: "单位汇缴情况表".to_owned(),
        pairs: vec![("月份".to_owned(), "2026 年 11 月".to_owned()), ("单位".to_owned(), "元".to_owned())],
        fields: vec![],
        columns: vec![
            TableColumn::new("序号", 30, Align::Right),
            TableColumn::new("单位账号", 84, Align::Left),
            TableColumn::new("单位名称", 170, Align::Left),
            TableColumn::new("年月", 50, Align::Centre),
            TableColumn::summed("汇缴金额", 96),
            TableColumn::summed("未分摊增减", 80),
            TableColumn::new("备注", 130, Align::Left),
        ],
        rows,
        empty: "本月没有单位汇缴。".to_owned(),
        notes: vec!["本表由系统生成，数字取自已记账的凭证。".to_owned()],
        landscape: true,
        verification: None,
        printing: printing(),
    }
}
