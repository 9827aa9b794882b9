//! The limit of single postings on PostgreSQL: `pgbench`, its own TPC-B, on the same server, in a database of its own that goes
//! afterwards.

use std::path::PathBuf;
use std::process::Stdio;

use tokio::process::Command;

use crate::failure::Failure;

/// Scale of the accounts: 5,000,000.
const SCALE: &str = "50";

/// A database with the tables of TPC-B.
pub struct TpcB {
    tools: PathBuf,
    server: String,
    name: String,
}

impl TpcB {
    /// Makes and fills it.
    ///
    /// # Errors
    /// When the client programs of PostgreSQL are not installed, or one of them fails.
    pub async fn make(database: &str) -> Result<TpcB, Failure> {
        let tools = tools().ok_or_else(|| {
            Failure::Outage("没有 pgbench。安装 PostgreSQL 服务器软件包（Debian：apt-get install postgresql）再测。".into())
        })?;
        let scheme = database.find("://").map_or(0, |at| at + 3);
        let end = database[scheme..].find('/').map_or(database.len(), |at| scheme + at);
        let it = TpcB { tools, server: database[..end].to_owned(), name: format!("anju_bench_tpcb_{}", std::process::id()) };
        it.run("createdb", &["--maintenance-db", database, &it.name]).await?;
        it.run("pgbench", &["-i", "-q", "-s", SCALE, &it.address()]).await?;
        Ok(it)
    }

    fn address(&self) -> String {
        format!("{}/{}", self.server, self.name)
    }

    async fn run(&self, program: &str, args: &[&str]) -> Result<(String, String), Failure> {
        let mut command = Command::new(self.tools.join(program));
        let done = command.args(args).stdin(Stdio::null()).output().await?;
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        match done.status.success() {
            true => Ok((text(&done.stdout), text(&done.stderr))),
            false => Err(Failure::Outage(format!("{program}：{}", text(&done.stderr).trim()))),
        }
    }

    /// Its statements.
    ///
    /// # Errors
    /// When pgbench cannot be run.
    pub async fn statements(&self) -> Result<Vec<String>, Failure> {
        let (out, err) = self.run("pgbench", &["--show-script=tpcb-like"]).await?;
        let mut lines = vec![format!("pgbench -s {SCALE} -M prepared -c 16 -j 2")];
        lines.extend(out.lines().chain(err.lines()).filter(|l| l.ends_with(';')).map(str::to_owned));
        Ok(lines)
    }

    /// Transactions a second over so many seconds.
    ///
    /// # Errors
    /// When pgbench fails.
    pub async fn rate(&self, seconds: u64) -> Result<f64, Failure> {
        let time = seconds.to_string();
        let args = ["-n", "-s", SCALE, "-M", "prepared", "-c", "16", "-j", "2", "-T", &time, &self.address()];
        let (out, _) = self.run("pgbench", &args).await?;
        let line = out.lines().find_map(|l| l.strip_prefix("tps = ")).and_then(|l| l.split(' ').next());
        line.and_then(|n| n.parse().ok()).ok_or_else(|| Failure::Outage(format!("pgbench 的回答读不懂：{out}")))
    }

    /// Takes the database away.
    ///
    /// # Errors
    /// When it cannot be dropped.
    pub async fn remove(self, database: &str) -> Result<(), Failure> {
        self.run("dropdb", &["--force", "--maintenance-db", database, &self.name]).await.map(drop)
    }
}

/// The folder of the client programs: one on the path, else the newest that Debian installed.
fn tools() -> Option<PathBuf> {
    let complete = |folder: &PathBuf| ["pgbench", "createdb", "dropdb"].iter().all(|tool| folder.join(tool).is_file());
    let path = std::env::var_os("PATH").unwrap_or_default();
    let installed = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten().map(|entry| entry.path().join("bin"));
    let mut debian: Vec<PathBuf> = installed.collect();
    let version = |folder: &PathBuf| folder.parent().and_then(|p| p.file_name()?.to_str()?.parse::<u32>().ok()).unwrap_or(0);
    debian.sort_by_key(|folder| std::cmp::Reverse(version(folder)));
    // Debian's wrappers on the path know neither pgbench nor every version, so a complete folder is looked for.
    std::env::split_paths(&path).chain(debian).find(complete)
}
