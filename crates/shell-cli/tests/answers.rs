//! JSON shapes and exit codes that scripts rely on, over a centre on SQLite.

use std::path::PathBuf;

use serde_json::Value;
use shell_cli::{Terminal, run_line};
use shell_store::db::{Db, Expect, Unit};
use testkit::{Folder, Paper};

/// Runs a command; its exit code and what it answered.
async fn run(line: &[&str], input: &str) -> (u8, String) {
    let out = Paper::default();
    let mut terminal = Terminal {
        out: Box::new(out.clone()),
        err: Box::new(std::io::sink()),
        input: Box::new(std::io::Cursor::new(input.to_owned().into_bytes())),
        interactive: false,
        environment: Box::new(|_| None),
        clock: Box::new(|| 1_751_330_000),
    };
    let code = run_line(line, &mut terminal).await;
    let text = out.text();
    (code, text)
}

async fn json(line: &[&str]) -> (u8, Value) {
    let (code, text) = run(line, "").await;
    assert_eq!(text.lines().count(), 1, "one line of JSON: {text}");
    (code, serde_json::from_str(&text).expect("JSON"))
}

async fn centre(name: &str) -> (Folder, String) {
    let folder = std::env::temp_dir().join(format!("anju-cli-answers-{name}-{}", std::process::id()));
    let _ = std::fs::remove_dir_all(&folder);
    let data = folder.display().to_string();
    let line = ["anju", "init", "--centre", "yunling", "--name", "云岭中心", "--division", "532300", "--opened", "2025-07-01", "--json"];
    let mut line = line.to_vec();
    line.extend(["--bank", "6222000011112222:建设银行:归集户", "--data", &data]);
    let (code, made) = json(&line).await;
    assert_eq!((code, made["users"].as_array().map(Vec::len)), (0, Some(4)), "{made}");
    (Folder(folder), data)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_proof_of_a_sound_centre_is_zero_and_of_a_spoiled_one_one() {
    let (_folder, data) = centre("verify").await;
    let line = ["anju", "verify", "--json", "--data", &data];
    let (code, report) = json(&line).await;
    assert_eq!((code, &report["breaks"]), (0, &serde_json::json!([])));
    for check in report["checks"].as_array().expect("checks") {
        let keys: Vec<&str> = check.as_object().expect("an object").keys().map(String::as_str).collect();
        assert_eq!((keys, &check["ok"]), (vec!["name", "compared", "ok"], &Value::Bool(true)));
    }

    let db = Db::open(&format!("{data}/"), "yunling").await.expect("the database of the centre");
    let spoil = "INSERT INTO employer_money (employer, suspense, seq) VALUES (1, 100, 1)";
    db.commit(Unit::small().sql(spoil, [], Expect::Exactly(1))).await.done().expect("a row behind the pipeline's back");
    let (code, report) = json(&line).await;
    assert_eq!(code, 1);
    let first = &report["breaks"][0];
    let keys: Vec<&String> = first.as_object().expect("a break").keys().collect();
    assert_eq!(keys, ["check", "table", "key", "expected", "found"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_kind_of_failure_has_its_exit_code() {
    let (_folder, data) = centre("codes").await;
    for (expected, line, input) in [
        (0, vec!["report", "unknown", "--json", "--data", &data], ""),
        (0, vec!["audit", "verify", "--json", "--data", &data], ""),
        (0, vec!["policy", "check", "--json", "--data", &data], ""),
        (0, vec!["migrate", "--json", "--data", &data], ""),
        (0, vec!["export", "hledger", "--data", &data], ""),
        (1, vec!["init", "--centre", "yunling", "--name", "x", "--division", "532300", "--opened", "2025-07-01", "--data", &data], ""),
        (2, vec!["init", "--centre", "Yun", "--name", "x", "--division", "532300", "--opened", "2025-07-01", "--data", &data], ""),
        (2, vec!["init", "--centre", "other", "--name", "x", "--division", "99", "--opened", "2025-07-01", "--data", &data], ""),
        (2, vec!["verify", "--data", "no-such-folder"], ""),
        (2, vec!["verify", "--centre", "other", "--data", &data], ""),
        (2, vec!["case", "collection.member.seal", "--form", "-", "--data", &data], "{}"),
        (3, vec!["case", "collection.member.seal", "--form", "-", "--as", "system", "--data", &data], "{"),
        (3, vec!["case", "collection.member.seal", "--form", "no-such-file.json", "--as", "system", "--data", &data], ""),
        (3, vec!["import", "members", "no-such-file.xlsx", "--as", "system", "--data", &data], ""),
        (3, vec!["calc", "interest", "--file", "no-such-file.json"], ""),
        // Beyond loopback without TLS nothing is served, should the file be taken: 1, and no server that waits.
        (3, vec!["serve", "--font", "no-such-font.otf", "--address", "0.0.0.0", "--data", &data], ""),
        (3, vec!["serve", "--rare-font", "no-such-font.otf", "--address", "0.0.0.0", "--data", &data], ""),
        (4, vec!["verify", "--database", "postgres://nobody@127.0.0.1:1/none", "--centre", "yunling", "--data", &data], ""),
    ] {
        let mut whole = vec!["anju"];
        whole.extend(&line);
        let (code, said) = run(&whole, input).await;
        assert_eq!(code, expected, "{line:?}: {said}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_key_file_that_others_may_read_is_refused() {
    use std::os::unix::fs::PermissionsExt;
    let (folder, data) = centre("rights").await;
    let keys = folder.0.join("keys.json");
    let mode = |path: &PathBuf| std::fs::metadata(path).expect("there").permissions().mode() & 0o777;
    assert_eq!(mode(&keys), 0o600);
    std::fs::set_permissions(&keys, std::fs::Permissions::from_mode(0o644)).expect("ours");
    assert_eq!(run(&["anju", "verify", "--data", &data], "").await.0, 1);
}
