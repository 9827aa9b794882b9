//! Random business with several clerks, officers and reviewers, every step compared with an independent auditor, on both engines.
//!
//! The short run plays the same seed always. `ANJU_LONG=1 cargo test -p shell-cli --test simulation` plays many seeds for long; `anju
//! simulate --seed N --operations N` any other. On failure the seed and the shortest history found are printed.

use shell_cli::{Terminal, run_line};
use testkit::Paper;

/// Plays a seed; what was printed.
async fn play(seed: u64, operations: usize, database: Option<String>) -> String {
    let (seed, operations) = (seed.to_string(), operations.to_string());
    let mut words = vec!["anju", "simulate", "--seed", &seed, "--operations", &operations];
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
    assert_eq!(code, 0, "{}{}", err.text(), out.text());
    out.text()
}

fn long() -> bool {
    std::env::var_os("ANJU_LONG").is_some()
}

/// Every action of the game was carried out at least once: a game in which nothing happens would prove nothing.
fn assert_lively(printed: &str) {
    for action in [
        "base.adjust",
        "member.open",
        "member.seal",
        "member.transfer",
        "member.unseal",
        "rate.change",
        "receipt.allocate",
        "receipt.record",
        "receipt.send-back",
        "receipt.split",
        "remittance.confirm",
        "remittance.reverse",
        "remittance.void",
        "suspense.move",
        "suspense.refund",
    ] {
        assert!(printed.contains(&format!("collection.{action} ")), "{action} was never carried out: {printed}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_books_are_the_auditor_s_on_both_engines() {
    let lite = play(2, 400, None).await;
    assert_lively(&lite);
    assert_eq!(lite, play(2, 400, Some(testkit::pg::TestPg::database())).await, "the same on both engines");
    if long() {
        for seed in 100..110 {
            assert_lively(&play(seed, 4_000, None).await);
        }
        for seed in 200..203 {
            assert_lively(&play(seed, 4_000, Some(testkit::pg::TestPg::database())).await);
        }
    }
}
