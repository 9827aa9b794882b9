//! How much memory an import takes: an opening workbook from its bytes to posted balances, on both engines.
//!
//! 8,000 members by default; `ANJU_LONG=1` takes the 135,000 of a whole centre (handbook 15). The peak of the process is read
//! from the kernel, printed, and held under a bound that grows with the rows and by nothing else.

#[allow(unused, reason = "shared with the tests of imports, which use all of it")]
#[path = "../import/bed.rs"]
mod bed;

use bed::{Bed, citizen, clerk, mobile};
use core_case::ids::EmployerId;
use shell_files::layouts::{OPENING_LEDGER, OPENING_MEMBERS, OPENING_SUSPENSE};
use shell_files::xlsx::{Report, SheetOut, Value, workbook_bytes};
use shell_pipeline::import::{Kind, Options};

/// What a process holds anyhow, with its database and its policy.
const HOUSE_MIB: u64 = 64;
/// What a member may take on top at the worst moment.
const ROW_KIB: u64 = 7;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_opening_workbook_takes_bounded_memory() {
    let members: usize = if std::env::var_os("ANJU_LONG").is_some() { 135_000 } else { 8_000 };
    let bound = HOUSE_MIB + members as u64 * ROW_KIB / 1024;
    let mut peaks = Vec::new();
    for engine in ["sqlite", "postgres"] {
        let bed = if engine == "sqlite" { Bed::sqlite().await } else { Bed::postgres().await };
        let (bed, [employer, _]) = bed.with_employers().await;
        let file = workbook(employer, members);
        forget_the_peak();
        let answer = bed.import(&clerk(), Kind::Opening, &file, Options::default()).await;
        assert_eq!((answer.errors.len(), answer.accepted), (0, members + 2), "{engine}");
        let imported = peak_mib();
        forget_the_peak();
        bed.approve(&answer).await;
        assert_eq!(bed.number("SELECT COUNT(*) AS n FROM savings").await, members as i64);
        let approved = peak_mib();
        println!(
            "{engine}: {members} members, file {} KiB, peak {imported} MiB while imported, {approved} MiB while approved",
            file.len() >> 10
        );
        peaks.push((engine, imported, approved));
    }
    for (engine, imported, approved) in peaks {
        assert!(imported.max(approved) <= bound, "{engine}: {imported} and {approved} MiB, at most {bound} MiB for {members} members");
    }
}

/// The opening workbook of so many members, written row by row so that the test itself holds none of them.
fn workbook(employer: EmployerId, members: usize) -> Vec<u8> {
    let employer = employer.to_string();
    let row = move |n: usize| {
        let cell = |key: &str| match key {
            "employer" => employer.clone(),
            "name" => format!("赵{}岚", ["青", "云", "一", "𬭳"][n % 4]),
            "id_type" => "身份证".into(),
            "id_number" => citizen(n),
            "mobile" => mobile(n),
            "state" => "正常".into(),
            "opened_on" => "2015-03-01".into(),
            "first_month" => "2015-03".into(),
            "paid_to_month" => "2025-06".into(),
            "base" => (6_000 + n).to_string(),
            "carried_over_balance" => "1000.00".into(),
            "current_year_deposits" => "500.00".into(),
            "card" => bed::card(n),
            "card_bank" => "建设银行".into(),
            _ => String::new(),
        };
        OPENING_MEMBERS.columns.iter().map(|c| Value::text(cell(c.key))).collect()
    };
    let sum = (members * 1_500).to_string();
    let ledger = [("1010101", sum.clone(), String::new()), ("201", String::new(), sum)]
        .map(|(account, debit, credit)| vec![Value::text(account), Value::text(debit), Value::text(credit)]);
    assert!(OPENING_LEDGER.columns.iter().map(|c| c.key).eq(["account", "debit", "credit"]), "the columns of the ledger sheet");
    workbook_bytes(vec![
        SheetOut::new(Report::of_layout(&OPENING_MEMBERS), (0..members).map(row)),
        SheetOut::new(Report::of_layout(&OPENING_LEDGER), ledger),
        SheetOut::new(Report::of_layout(&OPENING_SUSPENSE), []),
    ])
    .unwrap()
}

/// Sets the peak back to what is held now.
fn forget_the_peak() {
    std::fs::write("/proc/self/clear_refs", "5").expect("the kernel lets a process reset its own peak");
}

/// The most memory held since.
fn peak_mib() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|l| l.strip_prefix("VmHWM:")).expect("the kernel tells the peak");
    line.trim().trim_end_matches(" kB").trim().parse::<u64>().unwrap() / 1024
}
