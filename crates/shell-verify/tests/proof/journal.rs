//! hledger accepts the journal, strictly, and its balances are ours to the fen.

use std::collections::BTreeMap;
use std::process::Command;

use crate::town::{self, Town};
use core_money::Money;
use shell_store::db::Query;
use shell_verify::{Basis, export_journal};

fn hledger(journal: &str, arguments: &[&str]) -> String {
    let done = Command::new("hledger").env("LC_ALL", "C.UTF-8").args(["-f", journal]).args(arguments).output();
    let done = done.unwrap_or_else(|error| panic!("hledger cannot be run: {error} (apt install hledger)"));
    assert!(done.status.success(), "hledger {arguments:?}: {}", String::from_utf8_lossy(&done.stderr));
    String::from_utf8(done.stdout).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn hledger_accepts_the_journal_and_adds_up_the_same_balances() {
    let folder = town::folder("journal");
    let town = Town::lived(&folder).await;
    let policy = town.centre.policy();
    let mut journal = Vec::new();
    let written = export_journal(&town.centre.store, Basis { policy: &policy, place: &town.centre.place }, &mut journal).await.unwrap();
    let vouchers = town.number("SELECT COUNT(*) AS n FROM voucher").await;
    assert_eq!(i64::try_from(written.vouchers).unwrap(), vouchers);
    let path = format!("{folder}vouchers.journal");
    std::fs::write(&path, &journal).unwrap();

    hledger(&path, &["check", "--strict"]);
    let csv = hledger(&path, &["balance", "--flat", "--empty", "--no-total", "-O", "csv"]);
    let mut theirs = BTreeMap::new();
    for line in csv.lines().skip(1) {
        let (account, amount) = line.trim_matches('"').split_once("\",\"").unwrap();
        let leaf: i64 = account.rsplit(':').next().unwrap().split(' ').next().unwrap().parse().unwrap();
        let amount = amount.trim_start_matches("CNY ").trim_end_matches(" CNY");
        let amount: Money = if amount == "0" { Money::ZERO } else { amount.parse().unwrap() };
        theirs.insert(leaf, amount);
    }
    let mut ours = BTreeMap::new();
    let sums = Query::new(shell_store::verify_queries::ACCOUNT_TOTALS, []);
    for row in &town.centre.store.db.read(vec![sums]).await.unwrap()[0] {
        let (account, debit, credit): (i64, i64, i64) = (row.get(0).unwrap(), row.get(1).unwrap(), row.get(2).unwrap());
        ours.insert(account, Money::from_fen(debit - credit));
    }
    assert!(ours.len() >= 4, "{ours:?}");
    assert_eq!(theirs, ours);
    testkit::golden::check("crates/shell-verify/tests/goldens/vouchers.journal", std::str::from_utf8(&journal).unwrap());
    std::fs::remove_dir_all(&folder).unwrap();
}
