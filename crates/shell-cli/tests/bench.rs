//! The benchmark over a thousand lines: its shape, and that it refuses ratios under weakened durability. No time is asserted.

use serde_json::Value;
use shell_cli::{Terminal, run_line};
use testkit::pg::TestPg;
use testkit::{Folder, Paper};

/// Runs a section over a thousand lines; the exit code and what was answered and remarked.
async fn bench(name: &str, what: &str, database: Option<&str>) -> (u8, String, String, Folder) {
    let folder = Folder(std::env::temp_dir().join(format!("anju-bench-{name}-{}", std::process::id())));
    let _ = std::fs::remove_dir_all(&folder.0);
    let data = folder.0.display().to_string();
    let mut line = vec!["anju", "bench", what, "--lines", "1000", "--json", "--data", &data];
    line.extend(database.iter().flat_map(|url| ["--database", *url]));
    let (out, err) = (Paper::default(), Paper::default());
    let mut terminal = Terminal { out: Box::new(out.clone()), err: Box::new(err.clone()), interactive: false, ..Terminal::of_process() };
    let code = run_line(&line, &mut terminal).await;
    (code, out.text(), err.text(), folder)
}

/// What every report of bulk posting holds, whatever the engine.
fn of_bulk(code: u8, said: &str, remarked: &str, settings: &[(&str, &str)], inserts: &str) {
    assert_eq!(code, 0, "{remarked}");
    let sections: Value = serde_json::from_str(said).expect("one line of JSON");
    let section = &sections[0];
    assert_eq!((&section["name"], &section["fdatasync"]["samples"]), (&Value::from("bulk"), &Value::from(300)));
    for (name, value) in settings {
        assert!(section["settings"].as_array().expect("settings").contains(&serde_json::json!([name, value])), "{section}");
    }
    let limit: Vec<&str> = section["limit"].as_array().expect("statements").iter().filter_map(Value::as_str).collect();
    let thousand =
        |verb: &str, table: &str| limit.iter().any(|sql| sql.starts_with(verb) && sql.contains(table) && sql.contains("1000 行"));
    // The limit writes one entry and one list line a line, and changes one balance a line, as the run did.
    for (verb, table) in [(inserts, ".entry ("), (inserts, ".list_line ("), ("UPDATE", ".savings_balance AS")] {
        assert!(thousand(verb, table), "{verb} {table} in {limit:#?}");
    }
    assert!(limit.last().is_some_and(|sql| sql.starts_with("COMMIT")));
    let ratio = &section["ratios"][0];
    assert!(ratio["ratio"].as_f64().is_some_and(|r| r > 0.0) && ratio["wanted"] == 0.4, "{ratio}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn bulk_posting_stands_beside_the_limit_on_sqlite() {
    let (code, said, remarked, folder) = bench("lite", "bulk", None).await;
    of_bulk(code, &said, &remarked, &[("journal_mode", "wal"), ("synchronous", "2")], "INSERT");
    let left = std::fs::read_dir(&folder.0).expect("the folder").count();
    assert_eq!(left, 0, "what was measured on is gone");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn bulk_posting_stands_beside_the_limit_on_postgresql() {
    let url = TestPg::database();
    let (code, said, remarked, _folder) = bench("pg", "bulk", Some(&url)).await;
    let (database, schemas) =
        (url.rsplit('/').next().expect("a database"), "SELECT COUNT(*) FROM pg_namespace WHERE nspname LIKE 'centre_%'");
    of_bulk(code, &said, &remarked, &[("fsync", "on"), ("synchronous_commit", "on")], "COPY");
    assert_eq!(TestPg::start().sql(database, schemas).trim(), "0", "what was measured on is gone");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_ratio_is_refused_when_commits_do_not_wait_for_the_disk() {
    let url = format!("{}?options=-c%20synchronous_commit%3Doff", TestPg::database());
    let (code, said, remarked, _folder) = bench("weak", "bulk", Some(&url)).await;
    assert_eq!((code, said.as_str()), (1, ""), "{remarked}");
    assert!(remarked.contains("synchronous_commit"), "{remarked}");
}
