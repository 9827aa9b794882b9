//! Each check finds one row spoiled behind its back, and names exactly that row, on both engines alike. The table is kept in `docs/proof-verify.md`.

use std::collections::BTreeSet;
use std::fmt::Write;

use crate::town::{self, Town};
use core_policy::{Place, PolicySet};
use rusqlite::Connection;
use shell_store::Store;
use shell_store::db::Db;
use shell_verify::checks::ALL;
use shell_verify::{Basis, Report, verify};
use testkit::pg::TestPg;

/// A check, the row spoiled in words, the key it must name (asked before the row is spoiled), the statement that spoils it.
struct Spoil(&'static str, &'static str, &'static str, &'static str);

/// The second posted list of the first employer.
const A_LIST: &str = "(SELECT MIN(id) FROM remittance_list WHERE state = 'posted' AND source = 'receipt' AND month = 202507)";

fn spoils() -> Vec<Spoil> {
    vec![
        Spoil(
            "ledger.members_equal_201",
            "a balance, one fen more",
            "SELECT 201",
            "UPDATE savings_balance SET balance = balance + 1 WHERE savings = 990001",
        ),
        Spoil(
            "ledger.employers_equal_201",
            "a posting of 201 without its employer",
            "SELECT MIN(employer) FROM posting WHERE account = 201",
            "UPDATE posting SET employer = NULL WHERE voucher = (SELECT MIN(voucher) FROM posting WHERE account = 201 AND employer = (SELECT MIN(employer) FROM employer_money)) AND account = 201",
        ),
        Spoil(
            "suspense.equal_ledger",
            "an employer's suspense, one fen more",
            "SELECT 2190402",
            "UPDATE employer_money SET suspense = suspense + 1 WHERE employer = (SELECT MIN(employer) FROM employer_money)",
        ),
        Spoil(
            "receipts.unknown_equal_ledger",
            "an unknown receipt, one fen more",
            "SELECT 2190401",
            "UPDATE receipt SET amount = amount + 1 WHERE state = 'unknown'",
        ),
        Spoil(
            "receipts.unknown_one_by_one",
            "an unknown receipt called allocated",
            "SELECT id FROM receipt WHERE state = 'unknown'",
            "UPDATE receipt SET state = 'allocated' WHERE state = 'unknown'",
        ),
        Spoil(
            "banks.equal_ledger",
            "a payment, one fen more",
            "SELECT bank_account FROM payment",
            "UPDATE payment SET amount = amount + 1",
        ),
        Spoil(
            "vouchers.balanced",
            "a debit, one fen more",
            "SELECT MIN(voucher) FROM posting WHERE receipt IS NOT NULL",
            "UPDATE posting SET amount = amount + 1 WHERE line = 1 AND voucher = (SELECT MIN(voucher) FROM posting WHERE receipt IS NOT NULL)",
        ),
        Spoil(
            "vouchers.numbered",
            "a voucher taken out",
            "SELECT MIN(id) + 2 FROM voucher",
            "DELETE FROM voucher WHERE id = (SELECT MIN(id) + 1 FROM voucher)",
        ),
        Spoil(
            "vouchers.leaf_only",
            "a posting to an account above a leaf",
            "SELECT MIN(voucher) || '/1' FROM posting",
            "UPDATE posting SET account = 10101 WHERE line = 1 AND voucher = (SELECT MIN(voucher) FROM posting)",
        ),
        Spoil(
            "vouchers.reversed",
            "a line of a red voucher, one fen more",
            "SELECT id FROM voucher WHERE kind = 'red'",
            "UPDATE posting SET amount = amount + 1 WHERE line = 1 AND voucher = (SELECT id FROM voucher WHERE kind = 'red')",
        ),
        Spoil(
            "vouchers.traced",
            "a voucher that names no audit record",
            "SELECT MAX(id) FROM voucher",
            "UPDATE voucher SET audit = 999999 WHERE id = (SELECT MAX(id) FROM voucher)",
        ),
        Spoil(
            "entries.sequence",
            "an entry with a number too high",
            "SELECT '990001/' || (MAX(seq) + 10) FROM entry WHERE savings = 990001",
            "UPDATE entry SET seq = seq + 10 WHERE savings = 990001 AND seq = (SELECT MAX(seq) FROM entry WHERE savings = 990001)",
        ),
        Spoil(
            "entries.running_balance",
            "a balance after, one fen more",
            "SELECT '990001/2'",
            "UPDATE entry SET balance_after = balance_after + 1 WHERE savings = 990001 AND seq = 2",
        ),
        Spoil(
            "entries.value_day",
            "a value day after the posting",
            "SELECT '990001/2'",
            "UPDATE entry SET value_day = date(day, '+1 day') WHERE savings = 990001 AND seq = 2",
        ),
        Spoil(
            "entries.month_once",
            "an entry moved to a month already paid",
            "SELECT '990001/' || seq FROM entry WHERE savings = 990001 AND month = 202509",
            "UPDATE entry SET month = 202507 WHERE savings = 990001 AND month = 202509",
        ),
        Spoil(
            "entries.reversed",
            "a red entry, one fen more",
            "SELECT '990001/' || seq FROM entry WHERE savings = 990001 AND red",
            "UPDATE entry SET amount = amount + 1 WHERE savings = 990001 AND red",
        ),
        Spoil(
            "balances.last_entry",
            "a balance of another entry",
            "SELECT 990001",
            "UPDATE savings_balance SET seq = seq - 1 WHERE savings = 990001",
        ),
        Spoil(
            "balances.layers",
            "a yuan moved between the layers",
            "SELECT 990001",
            "UPDATE savings_balance SET carried_over = carried_over - 100, current_year = current_year + 100 WHERE savings = 990001",
        ),
        Spoil(
            "balances.products",
            "a product, one fen-day more",
            "SELECT 990001",
            "UPDATE savings_balance SET current_product = current_product + 1 WHERE savings = 990001",
        ),
        Spoil(
            "balances.settled_products",
            "last year's product, one fen-day more",
            "SELECT '990001/2025'",
            "UPDATE settled_product SET current_product = current_product + 1 WHERE savings = 990001",
        ),
        Spoil(
            "suspense.sequence",
            "a suspense entry with a number too high",
            "SELECT employer || '/' || (MAX(seq) + 10) FROM suspense_entry GROUP BY employer ORDER BY employer LIMIT 1",
            "UPDATE suspense_entry SET seq = seq + 10 WHERE employer = (SELECT MIN(employer) FROM suspense_entry) AND seq = (SELECT MAX(s.seq) FROM suspense_entry s WHERE s.employer = suspense_entry.employer)",
        ),
        Spoil(
            "suspense.running_balance",
            "a suspense balance after, one fen more",
            "SELECT MAX(employer) || '/2' FROM suspense_entry",
            "UPDATE suspense_entry SET balance_after = balance_after + 1 WHERE seq = 2 AND employer = (SELECT MAX(employer) FROM suspense_entry)",
        ),
        Spoil(
            "suspense.last_entry",
            "a suspense balance of another entry",
            "SELECT MAX(employer) FROM employer_money",
            "UPDATE employer_money SET seq = seq - 1 WHERE employer = (SELECT MAX(employer) FROM employer_money)",
        ),
        Spoil(
            "suspense.vouchers",
            "a suspense entry, one fen more",
            "SELECT voucher || '/' || employer FROM suspense_entry WHERE seq = 2 ORDER BY employer DESC LIMIT 1",
            "UPDATE suspense_entry SET amount = amount + 1 WHERE seq = 2 AND employer = (SELECT MAX(employer) FROM suspense_entry)",
        ),
        Spoil("lists.lines", "a list with one person more", A_LIST_KEY, "UPDATE remittance_list SET people = people + 1 WHERE id = {list}"),
        Spoil(
            "lists.amounts",
            "a line, one yuan more",
            A_LINE_KEY,
            "UPDATE list_line SET employer_amount = employer_amount + 100 WHERE list = {list} AND savings = 990001",
        ),
        Spoil(
            "lists.bases",
            "a base, one fen more: the same amounts",
            A_LINE_KEY,
            "UPDATE list_line SET base = base + 1 WHERE list = {list} AND savings = 990001",
        ),
        Spoil(
            "lists.rates",
            "a posted list at another rate",
            A_LIST_KEY,
            "UPDATE remittance_list SET employer_rate = 800000 WHERE id = {list}",
        ),
        Spoil("lists.entries", "an entry taken out", A_LINE_KEY, "DELETE FROM entry WHERE list = {list} AND savings = 990001"),
        Spoil(
            "lists.vouchers",
            "a list, one fen more than its voucher",
            A_LIST_KEY,
            "UPDATE remittance_list SET total = total + 1 WHERE id = {list}",
        ),
        Spoil(
            "lists.reversed",
            "a reversed list called posted",
            "SELECT id FROM remittance_list WHERE state = 'reversed'",
            "UPDATE remittance_list SET state = 'posted' WHERE state = 'reversed'",
        ),
        Spoil(
            "months.in_order",
            "a month between two posted ones taken out",
            "SELECT id FROM remittance_list WHERE state = 'posted' AND month = 202509",
            "UPDATE remittance_list SET kind = '2' WHERE state = 'posted' AND month = 202508 AND employer = (SELECT MIN(employer) FROM employer_money)",
        ),
        Spoil(
            "records.memberships",
            "a second employer before the first has ended",
            "SELECT '990001/' || from_month FROM membership WHERE savings = 990001",
            "INSERT INTO membership (savings, from_month, employer, change, case_id) SELECT savings, 202512, employer, '3', case_id FROM membership WHERE savings = 990001",
        ),
        Spoil("records.seals", "a seal taken away", "SELECT 990002", "DELETE FROM seal WHERE savings = 990002"),
        Spoil(
            "reviews.four_eyes",
            "a review by the case's own maker",
            "SELECT case_id || '/' || round || '/' || level FROM case_review ORDER BY case_id LIMIT 1",
            "UPDATE case_review SET reviewer = maker WHERE case_id = (SELECT MIN(case_id) FROM case_review)",
        ),
        Spoil(
            "states.known",
            "a receipt in a state that does not exist",
            "SELECT MIN(id) FROM receipt",
            "UPDATE receipt SET state = 'lost' WHERE id = (SELECT MIN(id) FROM receipt)",
        ),
        Spoil(
            "claims.held",
            "a person's claim taken away",
            "SELECT 990001",
            "DELETE FROM claim WHERE register = 'person' AND holder = 'savings:990001'",
        ),
        Spoil(
            "ledger.days",
            "a sum of a closed day, one fen more",
            "SELECT account || '/' || day FROM ledger_day ORDER BY day, account LIMIT 1",
            "UPDATE ledger_day SET debit = debit + 1 WHERE (account, day) = (SELECT account, day FROM ledger_day ORDER BY day, account LIMIT 1)",
        ),
        Spoil("audit.chain", "the detail of an audit record", "SELECT 3", "UPDATE audit_record SET detail = 'x' WHERE id = 3"),
        Spoil("audit.chain", "an audit record taken out", "SELECT 4", "DELETE FROM audit_record WHERE id = 4"),
        Spoil("audit.chain", "a seal", "SELECT 1", "UPDATE audit_seal SET records = records + 1 WHERE id = 1"),
    ]
}

const A_LIST_KEY: &str = "SELECT {list}";
const A_LINE_KEY: &str = "SELECT {list} || '/990001'";

/// Opens a copy whose checks and foreign keys refuse nothing, and which need not survive a power cut.
fn open(path: &str) -> Connection {
    let db = Connection::open(path).unwrap();
    db.execute_batch("PRAGMA foreign_keys = OFF; PRAGMA ignore_check_constraints = ON; PRAGMA synchronous = OFF;").unwrap();
    db
}

/// Takes away what else would refuse: guards, and the index of live lists.
fn unguard(db: &Connection) {
    let triggers: Vec<String> = {
        let mut found = db.prepare("SELECT name FROM sqlite_schema WHERE type = 'trigger'").unwrap();
        found.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
    };
    for trigger in triggers {
        db.execute_batch(&format!("DROP TRIGGER {trigger}")).unwrap();
    }
    db.execute_batch("DROP INDEX remittance_list_month").unwrap();
}

async fn report(address: &str) -> Report {
    let store = Store::open(Db::open(address, "town").await.unwrap(), town::ring()).await.unwrap();
    let place = Place::centre("532300");
    verify(&store, Basis { policy: PolicySet::shipped(), place: &place }, &mut |_| {}).await.unwrap()
}

/// The same on PostgreSQL, in the schema of the town.
const UNGUARD: &str = "DO $$ DECLARE r record; BEGIN \
    FOR r IN SELECT tgname, tgrelid::regclass AS t FROM pg_trigger WHERE NOT tgisinternal LOOP \
      EXECUTE format('DROP TRIGGER %I ON %s', r.tgname, r.t); END LOOP; \
    FOR r IN SELECT conname, conrelid::regclass AS t FROM pg_constraint \
      WHERE contype IN ('c', 'f') AND connamespace = 'centre_town'::regnamespace LOOP \
      EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I', r.t, r.conname); END LOOP; END $$; \
    DROP INDEX centre_town.remittance_list_month";

/// The town on PostgreSQL, to be copied: its server, its database without guards, with nobody connected.
async fn whole_on_postgresql() -> (&'static TestPg, String) {
    let (server, address) = (TestPg::start(), TestPg::database());
    drop(Town::lived(&address).await);
    let database = address.rsplit('/').next().unwrap().to_owned();
    server.sql(&database, UNGUARD);
    let others = format!("SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = '{database}'");
    server.sql("postgres", &others);
    (server, address)
}

#[tokio::test(flavor = "multi_thread")]
async fn each_check_names_the_one_row_that_was_spoiled() {
    let folder = town::folder("spoiled");
    drop(Town::lived(&folder).await);
    let whole = format!("{folder}whole.db");
    Connection::open(format!("{folder}centre_town.db")).unwrap().execute("VACUUM INTO ?1", [&whole]).unwrap();
    unguard(&open(&whole));
    let (server, whole_pg) = whole_on_postgresql().await;
    let database = whole_pg.rsplit('/').next().unwrap();

    let mut page = String::from(
        "# What the proof finds\n\nEach row was spoiled by SQL, with guards and checks taken away first; the check named it, on both engines alike. Others that \
         noticed stand in the last column.\nWritten by the test `spoiled` of `shell-verify`; a check without a row fails it.\n\n\
         | check | spoiled | row named | expected | found | noticed too by |\n|---|---|---|---|---|---|\n",
    );
    let mut proved = BTreeSet::new();
    let mut wrong = Vec::new();
    for Spoil(check, words, key, spoil) in spoils() {
        let copy = town::folder(&format!("copy-{}", proved.len()));
        let path = format!("{copy}centre_town.db");
        std::fs::copy(&whole, &path).unwrap();
        let db = open(&path);
        let with_list = |sql: &str| sql.replace("{list}", A_LIST);
        let key: String = db.query_row(&with_list(key), [], |row| row.get::<_, rusqlite::types::Value>(0)).map(|v| plain(&v)).unwrap();
        let spoiled = db.execute(&with_list(spoil), []).unwrap();
        assert_eq!(spoiled, 1, "{words}");
        drop(db);
        let on_lite = report(&copy).await;
        // The same row spoiled on the other engine is found alike.
        let copy_pg = format!("{database}_copy");
        server.sql("postgres", &format!("CREATE DATABASE {copy_pg} TEMPLATE {database}"));
        server.sql(&copy_pg, &format!("SET search_path = centre_town; {}", with_list(spoil).replace("date(day, '+1 day')", "day + 1")));
        let on_pg = report(&format!("{whole_pg}_copy")).await;
        server.sql("postgres", &format!("DROP DATABASE {copy_pg} WITH (FORCE)"));
        assert_eq!(on_lite.breaks, on_pg.breaks, "{words}");
        let report = on_lite;
        let named: Vec<_> = report.breaks.iter().filter(|b| b.check == check).collect();
        if named.iter().map(|b| b.key.as_str()).collect::<Vec<_>>() != [key.as_str()] {
            wrong.push(format!("{check}: {words}: should name {key}: {named:#?}"));
            continue;
        }
        let others: BTreeSet<&str> = report.breaks.iter().map(|b| b.check).filter(|c| *c != check).collect();
        let others = others.into_iter().collect::<Vec<_>>().join(", ");
        let b = named[0];
        writeln!(page, "| {check} | {words} | {} {} | {} | {} | {others} |", b.table, b.key, short(&b.expected), short(&b.found)).unwrap();
        proved.insert(check);
        std::fs::remove_dir_all(&copy).unwrap();
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let unproved: Vec<_> = ALL.iter().map(|s| s.name).filter(|name| !proved.contains(name)).collect();
    assert!(unproved.is_empty(), "no row was spoiled for {unproved:?}");
    testkit::golden::check("docs/proof-verify.md", &page);
    std::fs::remove_dir_all(&folder).unwrap();
}

fn plain(value: &rusqlite::types::Value) -> String {
    match value {
        rusqlite::types::Value::Integer(n) => n.to_string(),
        rusqlite::types::Value::Text(text) => text.clone(),
        other => format!("{other:?}"),
    }
}

/// A digest is long, and the first digits tell it apart.
fn short(text: &str) -> String {
    text.split(' ').map(|word| if word.len() == 64 { format!("{}…", &word[..8]) } else { word.to_owned() }).collect::<Vec<_>>().join(" ")
}
