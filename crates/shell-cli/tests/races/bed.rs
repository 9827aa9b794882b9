//! A small centre served on loopback, with a token for everybody who takes part.

#![allow(dead_code, reason = "two test programs use it, each some of it")]

use std::collections::HashMap;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde_json::{Value, json};
use shell_cli::demo;
use shell_cli::place::Place;
use shell_pipeline::{Actor, Centre, Origin};
use shell_store::people::users;
use shell_web::app::{App, Settings};
use sim::{Scale, World, Year};
use testkit::http::Client;

/// The centre, its server, and who works there.
pub struct Bed {
    pub runtime: tokio::runtime::Runtime,
    pub centre: Arc<Centre>,
    pub world: World,
    pub address: SocketAddr,
    /// Employer numbers by their place in the world.
    pub employers: Vec<i64>,
    /// Address of the database, where it is not SQLite.
    pub database: Option<String>,
    tokens: HashMap<String, String>,
    folder: PathBuf,
}

impl Drop for Bed {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

impl Bed {
    /// Opens a centre with its employers and opening balances, and serves it.
    pub fn open(name: &str, database: Option<String>) -> Bed {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().expect("a runtime");
        let folder = std::env::temp_dir().join(format!("anju-races-{name}-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&folder);
        std::fs::create_dir_all(&folder).expect("the temporary folder is writable");
        let place = Place { data: folder.clone(), database: database.clone(), centre: Some(demo::CODE.into()) };
        let begins = sim::year::span(1).0;
        let mut world = World::invent(Scale::parse("0.002").expect("a scale"), 1, begins);
        let (centre, employers, tokens) = runtime.block_on(async {
            let centre = demo::create(&place, demo::CODE, begins).await.expect("a centre");
            let staff = demo::staff(&centre).await.expect("its staff");
            let mut driver = demo::local::Local::new(&centre, staff);
            let calendar = centre.calendar();
            Year::new(&mut world, &calendar).open(&mut driver, &mut |_| {}).await.expect("the opening");
            let all = shell_store::registers::employers(&centre.store).await.expect("its employers");
            let by_name: HashMap<String, i64> = all.into_iter().map(|e| (e.name, e.id.0)).collect();
            let employers = world.employers.iter().map(|e| by_name[&e.name]).collect::<Vec<_>>();
            let tokens = tokens(&centre).await;
            (Arc::new(centre), employers, tokens)
        });
        let (served, address) = runtime.block_on(async {
            let app = App::new(centre.clone(), Settings { data: folder.clone(), ..Settings::default() }).await.expect("an application");
            let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a free port");
            let address = listener.local_addr().expect("an address");
            (shell_web::app::serve_on(app, listener, std::future::pending()), address)
        });
        runtime.spawn(served);
        Bed { runtime, centre, world, address, employers, database, tokens, folder }
    }

    /// The data folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// A connection of somebody.
    pub fn client(&self, login: &str) -> Client {
        Client::connect(self.address, &self.tokens[login])
    }

    /// The one number that a statement gives.
    pub fn number(&self, sql: &'static str) -> i64 {
        let rows =
            self.runtime.block_on(self.centre.store.db.read(vec![shell_store::db::Query::new(sql, [])])).expect("the database answers");
        rows[0][0].get(0).expect("a number")
    }
}

/// A token for each user, by login.
async fn tokens(centre: &Centre) -> HashMap<String, String> {
    let all = users::all(&centre.store).await.expect("its users");
    let of = |u: &users::User| Actor {
        user: u.id,
        login: u.login.clone(),
        name: u.name.clone(),
        kind: u.kind,
        unit: u.unit,
        employer: u.employer,
        roles: u.roles.clone(),
    };
    let system = all.iter().find(|u| u.login == "system").map(of).expect("the system administrator");
    let mut tokens = HashMap::new();
    for user in all.iter().filter(|u| ["clerk", "reviewer", "officer"].iter().any(|kind| u.login.starts_with(kind))) {
        let token = centre.create_token(&system, &Origin::local("test"), user.id, "races").await.expect("a token");
        tokens.insert(user.login.clone(), token.token.to_string());
    }
    tokens
}

/// An order over HTTP.
#[derive(Clone)]
pub struct Sent {
    /// Who sends it.
    pub login: String,
    /// Path below `/api/v1`.
    pub path: String,
    /// Its key; steps of cases have none.
    pub key: String,
    pub body: Value,
}

impl Sent {
    /// A command.
    pub fn command(login: String, action: &str, key: String, form: Value) -> Sent {
        Sent { login, path: format!("/api/v1/cases/{action}"), key, body: form }
    }

    /// A step of a case.
    pub fn step(login: String, case: &str, step: &str, body: Value) -> Sent {
        Sent { login, path: format!("/api/v1/cases/{case}/{step}"), key: "step".into(), body }
    }

    /// Sends it.
    pub fn by(&self, client: &mut Client) -> (u16, Value) {
        client.post(&self.path, &[format!("Idempotency-Key: {}", self.key)], &self.body)
    }
}

/// Sends all at the same moment, each by a connection of its own; the answers in their order.
pub fn at_once(bed: &Bed, all: &[Sent]) -> Vec<(u16, Value)> {
    let start = std::sync::Barrier::new(all.len());
    std::thread::scope(|scope| {
        let sending: Vec<_> = all
            .iter()
            .map(|sent| {
                scope.spawn(|| {
                    let mut client = bed.client(&sent.login);
                    start.wait();
                    sent.by(&mut client)
                })
            })
            .collect();
        sending.into_iter().map(|s| s.join().expect("an answer")).collect()
    })
}

/// Withdraws a waiting case, so that the next round finds its subject free.
pub fn withdraw(bed: &Bed, login: &str, answer: &Value) {
    if answer["state"] == "waiting" {
        let case = answer["case"].as_str().expect("a case");
        let done = Sent::step(login.into(), case, "withdraw", json!({ "reason": "不办了" })).by(&mut bed.client(login));
        assert_eq!(done.0, 200, "{}", done.1);
    }
}
