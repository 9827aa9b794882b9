//! A PostgreSQL for tests: one server a process, a database of its own for each test, gone when the process ends.
//!
//! The server keeps `fsync` on, so that what tests say about durability is true. A shell guards it: it waits on a pipe whose
//! other end only this process holds, so the server stops and its files go however the process ends, a SIGKILL included.
//! `ANJU_TEST_PG` with the address of a running server (its superuser, any database) takes that one instead; the databases of
//! processes that no longer live are removed from it.
//!
//! A test that kills the server itself starts one of its own ([`TestPg::own`]), so that nobody else's tests meet the crash.
//!
//! Left out: other versions side by side, replicas, TLS. When no server can be started the test fails; it is never skipped.

use std::fs;
use std::io::Write;
use std::net::TcpListener;
use std::os::unix::fs::chown;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

/// How long a server may take to answer for the first time.
const PATIENCE: Duration = Duration::from_secs(180);

/// Tells two databases, and two servers, of one process apart.
static SERIAL: AtomicU32 = AtomicU32::new(0);

/// The server of this process.
static SERVER: OnceLock<TestPg> = OnceLock::new();

/// Stops the server and removes its folder once standard input ends; before that, `crash` kills it and `start` starts it again.
/// Signals from a terminal reach the server's own group not at all and are ignored here.
const GUARDIAN: &str = r#"trap '' INT TERM HUP
serve() {
  "$1" -D "$2/data" -p "$3" -k "$2" -c listen_addresses=127.0.0.1 -c fsync=on -c max_connections=200 -c shared_buffers=128MB \
    -c max_wal_size=2GB -c recovery_init_sync_method=syncfs -c log_min_messages=fatal -c logging_collector=off \
    >>"$2/log" 2>&1 </dev/null &
}
# A start that failed is another process: the one that runs is named in its lock file.
server() {
  head -n 1 "$1/data/postmaster.pid"
}
serve "$@"
while read word; do
  case $word in
    crash) kill -KILL "$(server "$2")" ;;
    start) serve "$@" ;;
  esac
done
kill -QUIT "$(server "$2")"
wait
rm -rf "$2"
"#;

/// A PostgreSQL server for tests.
#[derive(Debug)]
pub struct TestPg {
    /// Address of the server without a database, `postgres://postgres@127.0.0.1:5433`.
    server: String,
    /// Folder of `psql`, empty for the one on the path.
    tools: PathBuf,
    /// Where it listens, and its folder; a server that was running before is not ours.
    ours: Option<(u16, PathBuf)>,
    /// Our end of the pipe is what keeps the server running.
    guardian: Option<Child>,
}

impl TestPg {
    /// The server of this process, started when first asked for.
    ///
    /// # Panics
    /// When PostgreSQL is not installed or does not start, with the tail of its log.
    pub fn start() -> &'static TestPg {
        SERVER.get_or_init(|| match std::env::var("ANJU_TEST_PG") {
            Ok(address) => TestPg::running(&address),
            Err(_) => TestPg::launch(),
        })
    }

    /// A new, empty database; its address for the superuser.
    ///
    /// # Panics
    /// When the server does not create it.
    pub fn database() -> String {
        TestPg::start().new_database()
    }

    /// A server of its own, that may be crashed.
    ///
    /// # Panics
    /// As [`TestPg::start`].
    pub fn own() -> TestPg {
        TestPg::launch()
    }

    /// A new, empty database of this server; its address for the superuser.
    ///
    /// # Panics
    /// When the server does not create it.
    pub fn new_database(&self) -> String {
        let name = format!("anju_test_{}_{}", std::process::id(), SERIAL.fetch_add(1, Ordering::Relaxed));
        self.sql("postgres", &format!("CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C'"));
        format!("{}/{name}", self.server)
    }

    /// SIGKILL to the server; what was committed is there after [`TestPg::restart`].
    ///
    /// # Panics
    /// When it is a server that was running before.
    pub fn crash(&mut self) {
        self.tell("crash");
        let (port, _) = self.ours.clone().expect("a server of our own");
        while is_ready(&self.tools, port) {}
    }

    /// Starts the server again after a crash. What is left of the killed one may hold its memory for a moment; then it is tried
    /// again.
    ///
    /// # Panics
    /// When it does not come up, with the tail of its log.
    pub fn restart(&mut self) {
        let (port, folder) = self.ours.clone().expect("a server of our own");
        let started = Instant::now();
        let mut asked: Option<Instant> = None;
        while !is_ready(&self.tools, port) {
            assert!(started.elapsed() < PATIENCE, "PostgreSQL does not start again:\n{}", tail(&folder));
            if asked.is_none_or(|at| at.elapsed() > Duration::from_secs(2) && !is_running(&folder)) {
                self.tell("start");
                asked = Some(Instant::now());
            }
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// The folder of a server of our own: its data, log and socket lie in it.
    ///
    /// # Panics
    /// When it is a server that was running before.
    pub fn folder(&self) -> &Path {
        self.ours.as_ref().map(|(_, folder)| folder.as_path()).expect("a server of our own")
    }

    /// A word to the guardian.
    fn tell(&mut self, word: &str) {
        let guardian = self.guardian.as_mut().and_then(|g| g.stdin.as_mut()).expect("a server of our own");
        writeln!(guardian, "{word}").expect("the guardian listens");
    }

    /// Runs statements through `psql` and gives back what it prints, rows as `a|b`, without headings.
    ///
    /// # Panics
    /// When a statement fails.
    pub fn sql(&self, database: &str, sql: &str) -> String {
        self.try_sql(database, sql).unwrap_or_else(|error| panic!("psql: {error} in: {sql}"))
    }

    /// As [`TestPg::sql`], for statements that are meant to fail.
    ///
    /// # Errors
    /// The server's message.
    ///
    /// # Panics
    /// When `psql` cannot be run.
    pub fn try_sql(&self, database: &str, sql: &str) -> Result<String, String> {
        let done = Command::new(self.tools.join("psql"))
            .args(["-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-d"])
            .arg(format!("{}/{database}", self.server))
            .args(["-c", sql])
            .stdin(Stdio::null())
            .output()
            .unwrap_or_else(|error| panic!("psql cannot be run: {error}"));
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).trim().to_owned();
        if done.status.success() { Ok(text(&done.stdout)) } else { Err(text(&done.stderr)) }
    }

    fn running(address: &str) -> TestPg {
        let host = address.find("://").map_or(0, |at| at + 3);
        let end = address[host..].find('/').map_or(address.len(), |at| host + at);
        let server = TestPg { server: address[..end].to_owned(), tools: PathBuf::new(), ours: None, guardian: None };
        let names = server.sql("postgres", "SELECT datname FROM pg_database WHERE datname LIKE 'anju\\_test\\_%'");
        let orphan = |name: &&str| !name.split('_').nth(2).is_some_and(|pid| Path::new("/proc").join(pid).exists());
        // Each waits for a checkpoint, so nobody waits for them.
        let drops = names.lines().filter(orphan).flat_map(|name| ["-c".to_owned(), format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")]);
        let mut sweep = Command::new("psql");
        sweep.args(["-X", "-q", "-d"]).arg(format!("{}/postgres", server.server)).args(drops).args(["-c", "SELECT 1"]);
        let _ = sweep.process_group(0).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn();
        server
    }

    fn launch() -> TestPg {
        let tools = tools();
        let folder = std::env::temp_dir().join(format!("anju-test-pg-{}-{}", std::process::id(), SERIAL.fetch_add(1, Ordering::Relaxed)));
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).unwrap_or_else(|error| panic!("no folder for PostgreSQL in {}: {error}", folder.display()));
        // PostgreSQL refuses to run as root.
        let user = is_root(&folder).then(plain_user);
        if let Some((uid, gid)) = user {
            chown(&folder, Some(uid), Some(gid)).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
        }
        let as_user = |program: &Path| {
            let mut command = Command::new(program);
            command.current_dir(&folder).env("LC_ALL", "C").env("TZ", "UTC");
            if let Some((uid, gid)) = user {
                command.uid(uid).gid(gid);
            }
            command
        };
        let made = as_user(&tools.join("initdb"))
            .args(["-U", "postgres", "--auth=trust", "-E", "UTF8", "--locale=C", "--no-sync", "-D"])
            .arg(folder.join("data"))
            .stdin(Stdio::null())
            .output()
            .unwrap_or_else(|error| panic!("initdb cannot be run: {error}"));
        assert!(made.status.success(), "initdb: {}", String::from_utf8_lossy(&made.stderr).trim());

        let port = free_port();
        let guardian = as_user(Path::new("/bin/sh"))
            .args(["-c", GUARDIAN, "guardian"])
            .arg(tools.join("postgres"))
            .arg(&folder)
            .arg(port.to_string())
            .process_group(0)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap_or_else(|error| panic!("PostgreSQL cannot be run: {error}"));
        let server = TestPg {
            server: format!("postgres://postgres@127.0.0.1:{port}"),
            tools: tools.clone(),
            ours: Some((port, folder.clone())),
            guardian: Some(guardian),
        };
        let started = Instant::now();
        while !is_ready(&tools, port) {
            let ended = !is_running(&folder) && fs::read_to_string(folder.join("log")).unwrap_or_default().contains("FATAL");
            assert!(!ended && started.elapsed() <= PATIENCE, "PostgreSQL does not start:\n{}", tail(&folder));
            std::thread::sleep(Duration::from_millis(20));
        }
        server
    }
}

/// A server that could not start leaves no lock file behind, and its last words in the log.
fn is_running(folder: &Path) -> bool {
    let pid = fs::read_to_string(folder.join("data/postmaster.pid")).ok().and_then(|lock| Some(lock.lines().next()?.to_owned()));
    pid.is_some_and(|pid| Path::new("/proc").join(pid).exists())
}

/// The last lines of a server's log.
fn tail(folder: &Path) -> String {
    let log = fs::read_to_string(folder.join("log")).unwrap_or_default();
    let lines: Vec<&str> = log.lines().collect();
    lines[lines.len().saturating_sub(20)..].join("\n")
}

fn is_ready(tools: &Path, port: u16) -> bool {
    let mut ask = Command::new(tools.join("psql"));
    ask.args(["-X", "-q", "-A", "-t", "-d", &format!("postgres://postgres@127.0.0.1:{port}/postgres"), "-c", "SELECT 1"]);
    ask.stdin(Stdio::null()).output().is_ok_and(|answer| answer.status.success())
}

/// The folder that holds initdb, postgres and psql: one on the path, else the newest that Debian installed.
fn tools() -> PathBuf {
    let complete = |folder: &PathBuf| ["initdb", "postgres", "psql"].iter().all(|tool| folder.join(tool).is_file());
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut debian: Vec<PathBuf> =
        fs::read_dir("/usr/lib/postgresql").into_iter().flatten().filter_map(|entry| Some(entry.ok()?.path().join("bin"))).collect();
    let version = |folder: &PathBuf| -> u32 {
        let name = folder.parent().and_then(Path::file_name).and_then(|name| name.to_str());
        name.and_then(|name| name.parse().ok()).unwrap_or(0)
    };
    debian.sort_by_key(|folder| std::cmp::Reverse(version(folder)));
    let found = std::env::split_paths(&path).chain(debian).find(complete);
    found.unwrap_or_else(|| {
        panic!("no PostgreSQL: initdb, postgres and psql are neither on PATH nor in /usr/lib/postgresql/*/bin (apt install postgresql)")
    })
}

/// A port nobody listens on just now.
fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr());
    listener.unwrap_or_else(|error| panic!("no free port on loopback: {error}")).port()
}

/// Whether this process is root: a folder it just made belongs to it.
fn is_root(folder: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    fs::metadata(folder).is_ok_and(|folder| folder.uid() == 0)
}

/// User and group that may run a server when we are root: `postgres` where it exists, else `nobody`.
fn plain_user() -> (u32, u32) {
    let users = fs::read_to_string("/etc/passwd").unwrap_or_default();
    let ids = |wanted: &str| {
        let line = users.lines().find(|line| line.split(':').next() == Some(wanted))?;
        let mut fields = line.split(':').skip(2);
        Some((fields.next()?.parse().ok()?, fields.next()?.parse().ok()?))
    };
    ids("postgres")
        .or_else(|| ids("nobody"))
        .unwrap_or_else(|| panic!("PostgreSQL cannot run as root, and there is no user postgres or nobody"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_test_has_a_database_of_its_own_on_a_durable_server() {
        let (one, two) = (TestPg::database(), TestPg::database());
        assert_ne!(one, two);
        let name = |address: &str| address.rsplit('/').next().unwrap().to_owned();
        let server = TestPg::start();
        server.sql(&name(&one), "CREATE TABLE only_here (a bigint)");
        assert_eq!(server.sql(&name(&two), "SELECT count(*) FROM pg_tables WHERE tablename = 'only_here'"), "0");
        assert_eq!(server.sql(&name(&two), "SHOW fsync"), "on");
    }

    #[test]
    fn a_server_of_its_own_may_be_crashed_and_keeps_what_was_committed() {
        let mut server = TestPg::own();
        server.sql("postgres", "CREATE TABLE kept (a bigint); INSERT INTO kept VALUES (7)");
        server.crash();
        assert!(server.try_sql("postgres", "SELECT 1").is_err());
        server.restart();
        assert_eq!(server.sql("postgres", "SELECT a FROM kept"), "7");
    }
}
