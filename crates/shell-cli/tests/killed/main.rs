//! SIGKILL to a centre at work, at points of every phase, on both engines: what resumes ends as if nothing had happened.
//!
//! A simulated life is recorded as a script. One centre an engine plays it in a process that is killed at each point and started
//! again; after the piece in which it was killed the canonical digest is that of the centre nobody killed, books and audit hold.
//! On PostgreSQL the server is killed as well: the process that serves the connection, and the whole server.
//!
//! The moments are counted in commits that another connection sees, so that some fall between a COMMIT and its answer. The table
//! is kept in `docs/proof-kill.md`. `ANJU_LONG=1` kills at ten times as many points of a larger centre, from `ANJU_SEED`, and
//! keeps no table.

mod player;
mod points;
mod script;

use std::fmt::Write as _;
use std::io::{BufRead, BufReader, Write as _};
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, TryRecvError, channel};
use std::time::Duration;

use core_calendar::Day;
use core_policy::PolicySet;
use shell_cli::demo;
use shell_cli::place::Place;
use shell_pipeline::Centre;
use shell_store::db::Query;
use shell_verify::{Basis, audit_verify, canonical_digest, verify};
use testkit::Folder;
use testkit::pg::TestPg;

use player::Player;
use points::{Blow, Point};
use script::{Piece, Recorder};

/// Data folder that tells the test below to be the one who is killed.
const DATA: &str = "ANJU_KILLED_DATA";
/// Its database, where it is not SQLite.
const DATABASE: &str = "ANJU_KILLED_DATABASE";

fn place(data: &Path, database: Option<String>) -> Place {
    Place { data: data.to_owned(), database, centre: Some(demo::CODE.into()) }
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().expect("a runtime")
}

/// Plays what it is told, line by line. Run by itself it has nothing to do; the tests below start it as a process.
#[test]
fn plays_until_killed() {
    let Ok(data) = std::env::var(DATA) else { return };
    let place = place(Path::new(&data), std::env::var(DATABASE).ok());
    let pieces = script::load(&Path::new(&data).join("script"));
    runtime().block_on(async {
        let centre = player::open(&place).await.expect("the centre");
        let mut player = Player::new(&centre).await.expect("its staff");
        println!("ready");
        for line in std::io::stdin().lines() {
            let n: usize = line.expect("the parent's words").parse().expect("a number");
            match player.play(&pieces[n]).await {
                Ok(()) => println!("done"),
                // The server is gone: what the operator sees, and starts the program again.
                Err(e) => return println!("failed {e}"),
            }
        }
    });
}

/// The process that plays.
struct Playing {
    process: Child,
    words: ChildStdin,
    said: Receiver<String>,
}

impl Playing {
    /// Starts it, and starts it again while a server is still recovering.
    fn start(place: &Place) -> Playing {
        let mut starts = (0..20).map(|_| Playing::try_start(place));
        starts.find_map(|playing| playing).expect("it starts")
    }

    fn try_start(place: &Place) -> Option<Playing> {
        let mut command = Command::new(std::env::current_exe().expect("this program"));
        command.args(["--exact", "plays_until_killed", "--nocapture", "--test-threads=1"]).env(DATA, &place.data);
        if let Some(database) = &place.database {
            command.env(DATABASE, database);
        }
        let mut process =
            command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().expect("this program starts again");
        let words = process.stdin.take().expect("piped");
        let out = BufReader::new(process.stdout.take().expect("piped"));
        let (tell, said) = channel();
        std::thread::spawn(move || {
            for line in out.lines().map_while(Result::ok) {
                let known = ["ready", "done", "failed"].iter().find_map(|word| line.find(word).map(|at| line[at..].to_owned()));
                if known.is_some_and(|line| tell.send(line).is_err()) {
                    return;
                }
            }
        });
        let mut playing = Playing { process, words, said };
        if playing.hears().as_deref() == Some("ready") {
            return Some(playing);
        }
        playing.kill();
        None
    }

    fn hears(&mut self) -> Option<String> {
        self.said.recv_timeout(Duration::from_secs(120)).ok()
    }

    fn begin(&mut self, piece: usize) {
        writeln!(self.words, "{piece}").expect("it listens");
    }

    fn play(&mut self, piece: usize) {
        self.begin(piece);
        assert_eq!(self.hears().as_deref(), Some("done"), "piece {piece}");
    }

    /// Whether it had done its piece when it was killed.
    fn kill(mut self) -> bool {
        self.process.kill().expect("it can be killed");
        self.process.wait().expect("it ends");
        self.said.iter().any(|line| line == "done")
    }
}

/// Counts commits of others, as another connection sees them.
enum Watch {
    Lite(rusqlite::Connection),
    Pg(tokio::runtime::Runtime, shell_store::db::Db),
}

impl Watch {
    fn new(place: &Place) -> Watch {
        match &place.database {
            None => {
                let file = place.data.join(format!("centre_{}.db", demo::CODE));
                Watch::Lite(rusqlite::Connection::open(file).expect("the file of the centre"))
            }
            Some(address) => {
                let runtime = runtime();
                let db = runtime.block_on(shell_store::db::Db::open(address, demo::CODE)).expect("the database");
                Watch::Pg(runtime, db)
            }
        }
    }

    /// A number that a commit changes.
    fn now(&self) -> i64 {
        match self {
            Watch::Lite(file) => file.query_row("PRAGMA data_version", [], |row| row.get(0)).expect("the file answers"),
            Watch::Pg(runtime, db) => {
                let query = Query::new("SELECT CAST(CAST(pg_snapshot_xmin(pg_current_snapshot()) AS text) AS bigint) AS n", []);
                runtime.block_on(db.read(vec![query])).expect("the server answers")[0][0].get(0).expect("a number")
            }
        }
    }
}

/// Digest of a centre whose books and audit chain hold.
async fn proved(centre: &Centre) -> String {
    let basis = Basis { policy: PolicySet::shipped(), place: &centre.place };
    let report = verify(&centre.store, basis, &mut |_| {}).await.expect("the proof is led to its end");
    assert!(report.holds(), "{:#?}", report.breaks);
    let chain = audit_verify(&centre.store, None).await.expect("the audit chain is read");
    assert!(chain.holds(), "{:?}", chain.first());
    canonical_digest(&centre.store).await.expect("the digest is computed").to_string()
}

/// Kills an engine's centre at every point; the digest after each, and how many pieces had been done when the blow fell.
fn killed(script: &Path, points: &[Point], place: &Place, mut server: Option<TestPg>) -> (Vec<String>, usize) {
    let runtime = runtime();
    runtime.block_on(async {
        let centre = demo::create(place, demo::CODE, sim::year::span(1).0).await.expect("a centre");
        demo::staff(&centre).await.expect("its staff");
    });
    std::fs::copy(script, place.data.join("script")).expect("the script is there");
    let mut playing = Playing::start(place);
    let (mut digests, mut late, mut next) = (Vec::new(), 0, 0);
    for (at, point) in points.iter().enumerate() {
        (next..point.piece).for_each(|piece| playing.play(piece));
        let watch = Watch::new(place);
        let before = watch.now();
        playing.begin(point.piece);
        let (mut seen, mut last, mut over) = (0, before, false);
        while seen < point.commits && !over {
            // It may be through before a commit is seen: then the blow falls between two pieces.
            over = !matches!(playing.said.try_recv(), Err(TryRecvError::Empty));
            let now = watch.now();
            seen += u32::from(now != last);
            last = now;
        }
        if point.micros > 0 {
            std::thread::sleep(Duration::from_micros(point.micros));
        }
        match (point.blow, &mut server) {
            (Blow::Process, _) => {}
            (Blow::Backend, Some(server)) => {
                let database = place.database.as_deref().and_then(|a| a.rsplit('/').next()).expect("a database");
                let whose = format!("SELECT pid FROM pg_stat_activity WHERE datname = '{database}'");
                // One of them may have gone by itself.
                for pid in server.sql("postgres", &whose).lines() {
                    let _ = Command::new("kill").args(["-KILL", pid]).stderr(Stdio::null()).status();
                }
                // The server ends all its connections and recovers.
                server.restart();
            }
            (Blow::Server, Some(server)) => {
                server.crash();
                server.restart();
            }
            (Blow::Backend | Blow::Server, None) => panic!("SQLite has no server"),
        }
        late += usize::from(playing.kill());
        drop(watch);
        playing = Playing::start(place);
        // The same point may be struck again before it is through.
        next = point.piece;
        if points.get(at + 1).is_none_or(|following| following.piece > point.piece) {
            playing.play(point.piece);
            next += 1;
            let digest = runtime.block_on(async { proved(&player::open(place).await.expect("the centre")).await });
            (digests.len()..=at).for_each(|_| digests.push(digest.clone()));
        }
    }
    (digests, late)
}

/// The script of a life, and the digest of an undisturbed centre after each of some pieces.
fn undisturbed(scale: &str, until: &str, script: &Path, wanted: impl Fn(&[Piece]) -> Vec<Point>) -> (Vec<Piece>, Vec<Point>, Vec<String>) {
    let runtime = runtime();
    let begins = sim::year::span(1).0;
    let pieces = runtime.block_on(async {
        let folder = Folder::new("killed-recorded");
        let centre = demo::create(&place(&folder.0, None), demo::CODE, begins).await.expect("a centre");
        let staff = demo::staff(&centre).await.expect("its staff");
        let mut recorder = Recorder { real: demo::local::Local::new(&centre, staff), pieces: Vec::new() };
        let mut world = sim::World::invent(sim::Scale::parse(scale).expect("a scale"), 1, begins);
        let calendar = centre.calendar();
        let mut year = sim::Year::new(&mut world, &calendar);
        year.open(&mut recorder, &mut |_| {}).await.expect("the opening");
        year.live(&mut recorder, Day::parse(until).expect("a day"), &mut |_| {}).await.expect("some weeks");
        recorder.pieces
    });
    // Lists nobody paid expire, and the fund-year is carried over.
    let ends = ["2026-06-30", "2026-07-01"].map(|day| Piece::DayEnd(Day::parse(day).expect("a day")));
    let pieces: Vec<Piece> = pieces.into_iter().chain(ends).collect();
    let points = wanted(&pieces);
    script::save(&pieces, script);
    let digests = runtime.block_on(async {
        let folder = Folder::new("killed-undisturbed");
        let centre = demo::create(&place(&folder.0, None), demo::CODE, begins).await.expect("a centre");
        demo::staff(&centre).await.expect("its staff");
        let mut player = Player::new(&centre).await.expect("its staff");
        let mut digests = Vec::new();
        for (n, piece) in pieces.iter().enumerate() {
            player.play(piece).await.expect("nobody disturbs it");
            let here = points.iter().filter(|p| p.piece == n).count();
            if here > 0 {
                let digest = proved(&centre).await;
                (0..here).for_each(|_| digests.push(digest.clone()));
            }
        }
        digests
    });
    (pieces, points, digests)
}

#[test]
fn a_killed_centre_resumes_to_the_same_digest_on_both_engines() {
    let long = std::env::var_os("ANJU_LONG").is_some();
    let seed: u64 = std::env::var("ANJU_SEED").map_or(20_250_701, |text| text.parse().expect("ANJU_SEED is a number"));
    println!("ANJU_SEED={seed}");
    let folders = ["killed-script", "killed-lite", "killed-pg"].map(Folder::new);
    let script = folders[0].0.join("script");
    let (scale, until, times) = if long { ("0.02", "2025-10-15", 10) } else { ("0.002", "2025-08-20", 1) };
    let (pieces, points, expected) = undisturbed(scale, until, &script, |pieces| points::points(pieces, seed, times));
    let lite_points: Vec<Point> = points.iter().copied().filter(|p| p.blow == Blow::Process).collect();
    assert!(lite_points.len() >= 30, "{} points", lite_points.len());
    let server = TestPg::own();
    let pg_place = place(&folders[2].0, Some(server.new_database()));
    let ((lite, lite_late), (pg, pg_late)) = std::thread::scope(|scope| {
        let lite = scope.spawn(|| killed(&script, &lite_points, &place(&folders[1].0, None), None));
        let pg = scope.spawn(|| killed(&script, &points, &pg_place, Some(server)));
        (lite.join().expect("SQLite"), pg.join().expect("PostgreSQL"))
    });
    println!("between two pieces fell {lite_late} of {} blows on SQLite, {pg_late} of {} on PostgreSQL", lite_points.len(), points.len());
    assert!(lite_late + 10 <= lite_points.len() && pg_late + 10 <= points.len(), "too few blows fell inside a piece");

    let mut page = String::from(
        "# Where a centre was killed\n\nSIGKILL to a process at work, at the same points on both engines, and on PostgreSQL to the server too; the process was started again \
         and given the\nsame work. The digest is the canonical one (canonical-digest.md) after the piece in which the blow fell, and is that of a centre nobody \
         killed; `verify` and `audit verify`\nheld after each. `commits` is how many commits of the piece another connection had seen. Written by the test `killed` of `shell-cli`.\n\n\
         | point | at work | commits | killed | undisturbed | SQLite | PostgreSQL |\n|---|---|---|---|---|---|---|\n",
    );
    let (mut lite, mut pg) = (lite.into_iter(), pg.into_iter());
    let mut wrong = Vec::new();
    for (n, (point, expected)) in points.iter().zip(&expected).enumerate() {
        let short = |digest: &str| digest[..16].to_owned();
        let on_pg = pg.next().expect("a digest for every point on PostgreSQL");
        let on_lite = (point.blow == Blow::Process).then(|| lite.next().expect("a digest for every point on SQLite"));
        if on_pg != *expected || on_lite.as_ref().is_some_and(|digest| digest != expected) {
            wrong.push(format!("point {}: {point:?}: {expected}, SQLite {on_lite:?}, PostgreSQL {on_pg}", n + 1));
        }
        let on_lite = on_lite.as_deref().map_or("no server".to_owned(), short);
        let (words, commits, blow) = (pieces[point.piece].words(), point.commits, point.blow.words());
        writeln!(page, "| {} | {words} | {commits} | {blow} | {} | {on_lite} | {} |", n + 1, short(expected), short(&on_pg))
            .expect("a text");
    }
    assert!(wrong.is_empty(), "ANJU_SEED={seed}\n{}", wrong.join("\n"));
    if !long {
        testkit::golden::check("docs/proof-kill.md", &page);
    }
}
