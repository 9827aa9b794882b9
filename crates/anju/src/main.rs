//! `anju`, the binary: the command line on a runtime, and its exit code.

use std::process::ExitCode;

#[tokio::main]
async fn main() -> ExitCode {
    ExitCode::from(shell_cli::run_line(std::env::args_os(), &mut shell_cli::Terminal::of_process()).await)
}
