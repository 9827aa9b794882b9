//! The OpenAPI description tried against a real server by schemathesis: no error of the server, answers of the described status, type
//! and shape, wrong data refused, headers and methods as described.
//!
//! The program lies in `target/schemathesis`, where `.ci/test` puts it at the versions of `.ci/schemathesis.txt`. Data
//! are generated without chance, in a fixed number; what else is set stands in `schemathesis.toml` beside this file.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

use core_case::ids::UnitId;
use core_case::things::UserKind;
use shell_cli::place::Place;
use shell_cli::{Terminal, run_line};
use shell_pipeline::people::DemonstrationUser;
use shell_pipeline::{Actor, Centre, Origin};
use shell_store::registers;
use shell_web::app::{App, Settings, serve_on};

/// Examples of each operation and kind of data.
const EXAMPLES: &str = "8";

fn program() -> PathBuf {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().expect("the folder of the target").to_owned();
    let st = target.join("schemathesis/bin/st");
    assert!(st.is_file(), "{} is missing: run bash .ci/schemathesis", st.display());
    st
}

/// A centre that lived a year, so that numbers of its own can be met.
async fn centre(folder: &Path) -> Centre {
    let data = folder.display().to_string();
    let mut terminal = Terminal {
        out: Box::new(std::io::sink()),
        err: Box::new(std::io::sink()),
        input: Box::new(std::io::empty()),
        interactive: false,
        environment: Box::new(|_| None),
        clock: Box::new(|| 1_751_330_000),
    };
    assert_eq!(run_line(["anju", "demo", "--scale", "0.001", "--no-serve", "--data", &data], &mut terminal).await, 0);
    Place { data: folder.to_owned(), database: None, centre: None }.open().await.expect("the centre of the demonstration")
}

/// Tokens of a person with every business role, and of one who ends days and opens users.
async fn tokens(centre: &Centre) -> ([String; 2], Actor) {
    let origin = Origin::local("test");
    let user = |login: &str, kind, roles: &[&str]| DemonstrationUser {
        login: login.into(),
        name: "接口试验".into(),
        kind,
        unit: UnitId(2),
        employer: None,
        roles: roles.iter().map(|role| ((*role).to_owned(), UnitId(2))).collect(),
    };
    let business = ["clerk", "reviewer", "approver", "accountant", "chief_accountant", "policy_keeper"];
    let users = [
        user("try-business", UserKind::Business, &business),
        user("try-system", UserKind::System, &["system_administrator"]),
        user("try-issuer", UserKind::System, &["system_administrator"]),
    ];
    let actors: Vec<Actor> = centre.demonstration_users(&origin, &users, "Anju-demo-2026").await.expect("users");
    let token = async |of: &Actor| centre.create_token(&actors[2], &origin, of.user, "试验").await.expect("a token").token.to_string();
    ([token(&actors[0]).await, token(&actors[1]).await], actors[0].clone())
}

/// A case that waits for its review.
async fn waiting(centre: &Centre, maker: &Actor) -> String {
    let employers = registers::employers(&centre.store).await.expect("employers");
    let employer = employers.iter().find(|e| e.branch == UnitId(2)).expect("an employer of the branch");
    let savings = registers::savings_of(&centre.store, employer.id).await.expect("its members");
    let form = serde_json::json!({ "savings": savings[0].to_string(), "from": "2026-09", "reason": "6" });
    match centre.submit(maker, &Origin::local("test"), &shell_pipeline::Command::new("collection.member.seal", form, "seal")).await {
        Ok(shell_pipeline::Answer::Waiting(waiting)) => waiting.case.to_string(),
        other => panic!("{other:?}"),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_api_is_as_described() {
    let st = program();
    let folder = std::env::temp_dir().join(format!("anju-schemathesis-{}", std::process::id()));
    let _ = std::fs::remove_dir_all(&folder);
    let centre = Arc::new(centre(&folder).await);
    let (tokens, maker) = tokens(&centre).await;
    let case = waiting(&centre, &maker).await;
    let app = App::new(centre.clone(), Settings { data: folder.clone(), ..Settings::default() }).await.expect("an application");
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("an address");
    tokio::spawn(serve_on(app, listener, std::future::pending()));

    let kept = testkit::workspace_root().join("crates/shell-cli/tests/schemathesis.toml");
    let kept = std::fs::read_to_string(kept).expect("the configuration");
    let config = folder.join("schemathesis.toml");
    std::fs::write(&config, format!("{kept}\n[parameters]\n\"path.id\" = \"{case}\"\n")).expect("a writable folder");
    let administration = "/api/v1/(day-end|cases/administration.*)";
    for (token, only) in [(&tokens[0], "--exclude-path-regex"), (&tokens[1], "--include-path-regex")] {
        let mut command = Command::new(&st);
        command.arg("--config-file").arg(&config).args(["--no-color", "run", &format!("http://{address}/api/v1/openapi.json")]);
        command.args(["--header", &format!("Authorization: Bearer {token}"), only, administration]);
        command.args(["--checks", "all", "--max-examples", EXAMPLES, "--generation-deterministic"]);
        // One worker: two threads of Python 3.11 that read their own source at once fail with "AST constructor recursion depth mismatch".
        command.args(["--workers", "1", "--continue-on-failure"]);
        command.current_dir(&folder);
        let output = tokio::task::spawn_blocking(move || command.output()).await.expect("it ran").expect("schemathesis starts");
        let told = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{told}");
        println!("{}", told.lines().rev().take(30).collect::<Vec<_>>().into_iter().rev().collect::<Vec<_>>().join("\n"));
    }
    let _ = std::fs::remove_dir_all(&folder);
}
