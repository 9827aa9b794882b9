//! The calculators as a person calls them: `examples/calc/*.txt`.

use clap::Parser;
use serde_json::Value;
use shell_cli::calc::{CalcArgs, run_with};
use testkit::table::{self, Row};
use testkit::workspace_root;

#[derive(Parser)]
#[command(name = "anju")]
enum Cli {
    Calc(CalcArgs),
}

#[test]
fn contribution_answers_as_its_examples_say() {
    table::check("examples/calc/contribution.txt", answer);
}

#[test]
fn interest_answers_as_its_examples_say() {
    table::check("examples/calc/interest.txt", answer);
}

#[test]
fn instalments_answer_as_their_examples_say() {
    table::check("examples/calc/instalments.txt", answer);
}

#[test]
fn loans_answer_as_their_examples_say() {
    table::check("examples/calc/loan.txt", answer);
}

#[test]
fn help_tells_every_option() {
    table::check("examples/calc/help.txt", answer);
}

/// What the command prints, with its exit code when that is not 0; or fields of its JSON.
fn answer(row: &Row) -> String {
    let root = format!("{}/", workspace_root().display());
    let words =
        row.text("command").split(' ').map(|word| if word.starts_with("examples/") { root.clone() + word } else { word.to_owned() });
    let calc = match Cli::try_parse_from(["anju", "calc"].map(str::to_owned).into_iter().chain(words)) {
        Ok(Cli::Calc(calc)) => calc,
        Err(other) => return other.to_string(),
    };
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let code = run_with(calc, &mut out, &mut err);
    let (out, err) = (String::from_utf8(out).expect("text"), String::from_utf8(err).expect("text"));
    if code != 0 {
        assert_eq!(out, "", "an answer beside a problem");
        return format!("exit {code}\n{}", err.replace(&root, ""));
    }
    assert_eq!(err, "", "a problem beside an answer");
    match row.text("show") {
        "all" => out,
        fields => {
            let json: Value = serde_json::from_str(&out).expect("JSON");
            let field = |name: &str| json.pointer(&format!("/{name}")).and_then(Value::as_str).unwrap_or("nothing").to_owned();
            fields.split(' ').map(field).collect::<Vec<_>>().join(" ")
        }
    }
}

#[test]
fn a_file_that_is_not_there_is_a_bad_file() {
    let Cli::Calc(calc) = Cli::try_parse_from(["anju", "calc", "interest", "--file", "no/such/file.json"]).expect("a command line");
    let (mut out, mut err) = (Vec::new(), Vec::new());
    assert_eq!(run_with(calc, &mut out, &mut err), shell_cli::exit::BAD_FILE);
    let err = String::from_utf8(err).expect("text");
    assert!(err.contains("no/such/file.json#：文件读不出来"), "{err}");
}
