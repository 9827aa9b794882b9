//! A small centre made through its own pipeline, and files for it.

use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};

use core_calendar::Day;
use core_case::ids::{CaseId, EmployerId, UnitId, UserId};
use core_case::things::UserKind;
use core_identity::{BankCard, CitizenNumber, CreditCode};
use shell_files::layout::Layout;
use shell_files::xlsx::{Report, SheetOut, Value, workbook_bytes};
use shell_pipeline::import::{ImportAnswer, Kind, Options, import};
use shell_pipeline::{Actor, Approved, Centre, Origin, PipelineError};
use shell_store::bootstrap::{NewBank, NewCentre, NewUnit};
use shell_store::db::Query;
use shell_store::registers;
use shell_vault::{KeyRing, SeededEntropy};

/// Runs each case once on SQLite and once on PostgreSQL.
macro_rules! on_both_engines {
    ($($case:ident)*) => {
        mod sqlite {
            $(
                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn $case() {
                    super::$case(crate::bed::Bed::sqlite().await).await;
                }
            )*
        }
        mod postgres {
            $(
                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn $case() {
                    super::$case(crate::bed::Bed::postgres().await).await;
                }
            )*
        }
    };
}
pub(crate) use on_both_engines;

/// The only fund account of the bed.
pub const BANK: &str = "53230100000001";

/// A folder that goes with the value.
struct Folder(PathBuf);

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// A centre of two branches that opens on 2025-07-01.
pub struct Bed {
    pub centre: Centre,
    _folder: Option<Folder>,
}

impl Bed {
    pub async fn sqlite() -> Bed {
        static SERIAL: AtomicU32 = AtomicU32::new(0);
        let name = format!("anju-import-{}-{}", std::process::id(), SERIAL.fetch_add(1, Ordering::Relaxed));
        let path = std::env::temp_dir().join(name);
        std::fs::create_dir_all(&path).unwrap();
        let address = format!("{}/", path.display());
        Bed::over(&address, Some(Folder(path))).await
    }

    pub async fn postgres() -> Bed {
        Bed::over(&testkit::pg::TestPg::database(), None).await
    }

    async fn over(address: &str, folder: Option<Folder>) -> Bed {
        let ring = key_ring();
        let unit = |id, kind: &str, name: &str| NewUnit { id, kind: kind.into(), name: name.into(), division: "532301".into() };
        let new = NewCentre {
            code: "532300".into(),
            name: "青岚州住房公积金管理中心".into(),
            division: "532300".into(),
            opened: day("2025-07-01"),
            demonstration: true,
            units: vec![unit(1, "centre", "中心"), unit(2, "branch", "白鹭管理部"), unit(3, "branch", "青川管理部")],
            banks: vec![NewBank {
                id: 1,
                number: BANK.into(),
                bank: "中国建设银行".into(),
                name: "住房公积金存款户".into(),
                leaf: 1_010_101,
            }],
        };
        let centre = Centre::create(address, ring, &new).await.unwrap();
        Bed { centre, _folder: folder }
    }

    /// A bed with two employers, opened by the clerk and approved by the reviewer; their numbers.
    pub async fn with_employers(self) -> (Bed, [EmployerId; 2]) {
        let answer = self.import(&clerk(), Kind::Employers, &csv(EMPLOYERS, &[employer(1), employer(2)]), Options::default()).await;
        assert_eq!(answer.errors, [], "the employers of the bed");
        self.approve(&answer).await;
        let numbers: Vec<EmployerId> = registers::employers(&self.centre.store).await.unwrap().iter().map(|e| e.id).collect();
        let numbers = [numbers[0], numbers[1]];
        (self, numbers)
    }

    /// Imports a file; what is wrong with it is in the answer.
    pub async fn import(&self, actor: &Actor, kind: Kind, bytes: &[u8], options: Options) -> ImportAnswer {
        self.try_import(actor, kind, bytes, options).await.unwrap()
    }

    pub async fn try_import(&self, actor: &Actor, kind: Kind, bytes: &[u8], options: Options) -> Result<ImportAnswer, PipelineError> {
        let origin = Origin { now: 1_751_333_600, address: "test".into(), request: String::new() };
        import(&self.centre, actor, &origin, kind, bytes, "文件.xlsx", options, &mut |_| {}).await
    }

    /// The case of an answer, approved by whoever may.
    pub async fn approve(&self, answer: &ImportAnswer) {
        let id = CaseId::parse(answer.case.as_deref().expect("a case")).unwrap();
        let origin = Origin { now: 1_751_333_700, address: "test".into(), request: String::new() };
        for by in [reviewer(), approver()] {
            let case = self.centre.case(id).await.unwrap().case;
            if case.state == core_case::state::CaseState::Done {
                return;
            }
            match self.centre.approve(&by, &origin, id, case.digest.unwrap()).await {
                Ok(Approved::Committed(_)) => return,
                Ok(Approved::Next(..)) | Err(PipelineError::Denied(_)) => {}
                other => panic!("{other:?}"),
            }
        }
        panic!("case {id} was not carried out");
    }

    /// How many rows stand in the tables that business writes to.
    pub async fn row_counts(&self) -> Vec<i64> {
        let queries = [
            "SELECT COUNT(*) AS n FROM business_case",
            "SELECT COUNT(*) AS n FROM case_step",
            "SELECT COUNT(*) AS n FROM idempotency",
            "SELECT COUNT(*) AS n FROM claim",
            "SELECT COUNT(*) AS n FROM employer",
            "SELECT COUNT(*) AS n FROM person",
            "SELECT COUNT(*) AS n FROM savings",
            "SELECT COUNT(*) AS n FROM contribution_base",
            "SELECT COUNT(*) AS n FROM remittance_list",
            "SELECT COUNT(*) AS n FROM receipt",
            "SELECT COUNT(*) AS n FROM voucher",
            "SELECT COUNT(*) AS n FROM audit_record",
        ];
        let rows = self.centre.store.db.read(queries.map(|sql| Query::new(sql, [])).into()).await.unwrap();
        rows.iter().map(|r| r[0].get(0).unwrap()).collect()
    }

    /// A number that a query answers.
    pub async fn number(&self, sql: &'static str) -> i64 {
        self.centre.store.db.read(vec![Query::new(sql, [])]).await.unwrap()[0][0].get(0).unwrap()
    }
}

/// The keys of the bed, the same each time.
pub fn key_ring() -> KeyRing {
    KeyRing::generate(jiff::civil::date(2025, 7, 1), &mut SeededEntropy::new(3)).unwrap()
}

pub fn day(text: &str) -> Day {
    Day::parse(text).unwrap()
}

fn staff(user: i64, login: &str, role: &str, unit: i64) -> Actor {
    Actor {
        user: UserId(user),
        login: login.into(),
        name: login.into(),
        kind: UserKind::Business,
        unit: UnitId(unit),
        employer: None,
        roles: vec![(role.into(), UnitId(unit))],
    }
}

/// 经办 of the branch 白鹭.
pub fn clerk() -> Actor {
    staff(11, "clerk", "clerk", 2)
}

/// 复核 of the same branch.
pub fn reviewer() -> Actor {
    staff(12, "reviewer", "reviewer", 2)
}

/// 审批 of the centre.
pub fn approver() -> Actor {
    staff(13, "approver", "approver", 1)
}

/// 单位专办员 of an employer.
pub fn officer(employer: EmployerId) -> Actor {
    Actor {
        user: UserId(21),
        login: "officer".into(),
        name: "专办员".into(),
        kind: UserKind::Officer,
        unit: UnitId(2),
        employer: Some(employer),
        roles: vec![("officer".into(), UnitId(2))],
    }
}

/// An invented citizen number with a right check digit.
pub fn citizen(n: usize) -> String {
    let digits = format!("5323011990{:02}{:02}{:03}", 1 + n % 12, 1 + (n / 12) % 28, n / 336);
    CitizenNumber::with_check_digit(&digits).unwrap().reveal().to_owned()
}

pub fn mobile(n: usize) -> String {
    format!("139{n:08}")
}

pub fn card(n: usize) -> String {
    BankCard::with_check_digit(&format!("621700{n:012}")).unwrap().reveal().to_owned()
}

/// Headings of the employers' sheet as the tests fill it.
pub const EMPLOYERS: &str = "单位名称,统一社会信用代码,单位地址,法定代表人姓名,法定代表人证件类型,法定代表人证件号码,单位性质,经济类型,所属行业,管理部,\
成立日期,发薪日,首次汇缴年月,单位缴存比例,个人缴存比例,经办人姓名,经办人证件类型,经办人证件号码,经办人手机,受托银行,资金来源";

/// An employer of the branch 白鹭, 7 % a side from July 2025.
pub fn employer(n: usize) -> Vec<String> {
    let code = CreditCode::with_check_digit(&format!("91532301{n:09}")).unwrap().as_str().to_owned();
    let name = format!("白鹭县第{n}小学");
    let (boss, hand) = (citizen(90_000 + n), citizen(91_000 + n));
    let phone = mobile(90_000 + n);
    [
        name.as_str(),
        &code,
        "白鹭县文化路 1 号",
        "李清",
        "身份证",
        &boss,
        "事业单位",
        "国有全资",
        "教育",
        "白鹭",
        "2001-09-01",
        "10",
        "2025-07",
        "7",
        "7%",
        "周宁",
        "身份证",
        &hand,
        &phone,
        "建设银行",
        "财政",
    ]
    .map(str::to_owned)
    .into()
}

/// Headings of the members' sheet as the tests fill it.
pub const MEMBERS: &str = "单位账号,姓名,证件类型,证件号码,手机号码,缴存基数,首次汇缴年月,银行卡号,开户银行";

/// A person of an employer with a base of 6,000 + n yuan.
pub fn member(employer: EmployerId, n: usize) -> Vec<String> {
    [
        employer.to_string(),
        format!("赵{}岚", ["青", "云", "一", "𬭳"][n % 4]),
        "身份证".into(),
        citizen(n),
        mobile(n),
        format!("{}.00", 6_000 + n),
        "2025-07".into(),
        card(n),
        "中国建设银行".into(),
    ]
    .into()
}

/// A CSV file with these headings and rows.
pub fn csv(headings: &str, rows: &[Vec<String>]) -> Vec<u8> {
    let mut text = format!("{headings}\n");
    for row in rows {
        let cells: Vec<String> =
            row.iter().map(|c| if c.contains([',', '"', '\n']) { format!("\"{}\"", c.replace('"', "\"\"")) } else { c.clone() }).collect();
        text.push_str(&cells.join(","));
        text.push('\n');
    }
    text.into_bytes()
}

/// A row of a sheet: key and text of the cells it fills.
pub type Cells<'a> = Vec<(&'a str, String)>;

/// A workbook of several layouts with their rows.
pub fn workbook(sheets: &[(&'static Layout, Vec<Cells<'_>>)]) -> Vec<u8> {
    let out = sheets.iter().map(|(layout, rows)| {
        let rows = rows.iter().map(|row| {
            let cell = |key: &str| row.iter().find(|(k, _)| *k == key).map_or(Value::Empty, |(_, text)| Value::text(text.clone()));
            layout.columns.iter().map(|c| cell(c.key)).collect::<Vec<_>>()
        });
        SheetOut::new(Report::of_layout(layout), rows.collect::<Vec<_>>())
    });
    workbook_bytes(out.collect()).unwrap()
}

/// The opening workbook: people with 1,000.00 carried over and n yuan of this year each, paid to June 2025.
pub fn opening(employer: EmployerId, people: std::ops::Range<usize>, suspense: &str) -> Vec<u8> {
    use shell_files::layouts::{OPENING_LEDGER, OPENING_MEMBERS, OPENING_SUSPENSE};
    let sum: usize = people.clone().map(|n| 1_000 + n).sum();
    let rest: usize = suspense.parse().unwrap();
    let members = people.map(|n| {
        vec![
            ("member", format!("88{n:08}")),
            ("employer", employer.to_string()),
            ("name", "赵青岚".to_owned()),
            ("id_type", "身份证".into()),
            ("id_number", citizen(n)),
            ("mobile", mobile(n)),
            ("state", "正常".into()),
            ("opened_on", "2015-03-01".into()),
            ("first_month", "2015-03".into()),
            ("paid_to_month", "2025-06".into()),
            ("base", format!("{}", 6_000 + n)),
            ("carried_over_balance", "1000.00".into()),
            ("current_year_deposits", n.to_string()),
            ("carried_over_product", "0".into()),
            ("card", card(n)),
            ("card_bank", "建设银行".into()),
        ]
    });
    let mut ledger = vec![
        vec![("account", "1010101".to_owned()), ("debit", (sum + rest).to_string())],
        vec![("account", "201".to_owned()), ("credit", sum.to_string())],
    ];
    if rest > 0 {
        ledger.push(vec![("account", "2190402".to_owned()), ("credit", rest.to_string())]);
    }
    let stays = vec![("employer", employer.to_string()), ("suspense", rest.to_string()), ("paid_to_month", "2025-06".to_owned())];
    workbook(&[(&OPENING_MEMBERS, members.collect()), (&OPENING_LEDGER, ledger), (&OPENING_SUSPENSE, vec![stays])])
}

/// Errors in short: row, column and code.
pub fn short(answer: &ImportAnswer) -> Vec<(u32, &str, &str)> {
    answer.errors.iter().map(|e| (e.row, e.column.as_str(), e.code)).collect()
}
