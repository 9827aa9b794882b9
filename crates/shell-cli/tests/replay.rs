//! The demonstration replayed through the API of a real server gives the same books: the same canonical digest on both engines.
//!
//! Files, commands and reviews go over HTTP by tokens of different persons; nothing else is compared than what the digest holds
//! (docs/canonical-digest.md): every business row.

use shell_cli::{Terminal, run_line};
use testkit::Paper;

/// Runs the demonstration; its digest, and the line that says how much happened.
async fn demonstration(name: &str, through: &str, database: Option<String>) -> (String, String) {
    let folder = std::env::temp_dir().join(format!("anju-replay-{}-{name}-{through}", std::process::id()));
    let _ = std::fs::remove_dir_all(&folder);
    let data = folder.display().to_string();
    let mut words = vec!["anju", "demo", "--scale", "0.002", "--no-serve", "--through", through, "--data", &data];
    if let Some(database) = &database {
        words.extend(["--database", database]);
    }
    let (out, err) = (Paper::default(), Paper::default());
    let mut terminal = Terminal {
        out: Box::new(out.clone()),
        err: Box::new(err.clone()),
        input: Box::new(std::io::empty()),
        interactive: false,
        environment: Box::new(|_| None),
        clock: Box::new(|| 1_751_330_000),
    };
    let code = run_line(&words, &mut terminal).await;
    let printed = out.text();
    assert_eq!(code, 0, "{through}: {printed}{}", err.text());
    let _ = std::fs::remove_dir_all(&folder);
    let line = |begins: &str| printed.lines().find(|l| l.starts_with(begins)).unwrap_or_else(|| panic!("{begins} in {printed}")).to_owned();
    (line("规范摘要"), line("营业日"))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_api_gives_the_same_books_on_both_engines() {
    let process = demonstration("lite", "process", None).await;
    assert!(process.1.contains("不予受理 0 条") && process.1.contains("365 天"), "{}", process.1);
    let lite = demonstration("lite", "http", None).await;
    assert_eq!(process, lite, "SQLite");
    let pg = demonstration("pg", "http", Some(testkit::pg::TestPg::database())).await;
    assert_eq!(process, pg, "PostgreSQL");
}
