//! A small living centre for browser tests: ten branches, invented staff, two months of the simulation, served on loopback.
//!
//! Everything in it came through the pipeline; the server runs on a thread of its own until the test program ends.

use std::cell::RefCell;
use std::collections::HashMap;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

use core_calendar::Day;
use core_case::flow::Channel;
use core_case::ids::{CaseId, EmployerId, UnitId, UserId};
use core_case::state::CaseState;
use core_case::things::UserKind;
use serde_json::Value;
use shell_pipeline::people::DemonstrationUser;
use shell_pipeline::{Actor, Approved, BulkAnswer, Centre, Command, Origin};
use shell_store::bootstrap::{NewBank, NewCentre, NewUnit};
use shell_store::registers;
use shell_web::app::{App, Settings};
use sim::{Awaiting, Driver, Given, Order, Scale, Told, Unclaimed, Who, World, Year};
use testkit::browser::Page;

/// The password of every demonstration user.
pub const PASSWORD: &str = "Caiyun-2025-demo";

/// A served centre.
pub struct Bed {
    /// Where it listens.
    pub address: SocketAddr,
    /// The centre, for looking behind the pages.
    pub centre: Arc<Centre>,
    /// Runs what the test asks of the centre.
    pub runtime: tokio::runtime::Runtime,
    folder: PathBuf,
    /// Cookies of who signed in, by login.
    sessions: RefCell<HashMap<String, Value>>,
}

impl Drop for Bed {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

fn user(login: &str, name: &str, kind: UserKind, unit: i64, role: &str) -> DemonstrationUser {
    DemonstrationUser {
        login: login.into(),
        name: name.into(),
        kind,
        unit: UnitId(unit),
        employer: None,
        roles: vec![(role.into(), UnitId(unit))],
    }
}

/// The staff: clerk and reviewer of each branch, the centre's own people, the three administrators.
pub fn staff() -> Vec<DemonstrationUser> {
    let mut all = Vec::new();
    for branch in 0..10 {
        all.push(user(&format!("clerk{branch}"), &format!("经办{branch}"), UserKind::Business, branch + 2, "clerk"));
        all.push(user(&format!("reviewer{branch}"), &format!("复核{branch}"), UserKind::Business, branch + 2, "reviewer"));
    }
    all.extend([
        user("approver", "审批一", UserKind::Business, 1, "approver"),
        user("keeper1", "政策甲", UserKind::Business, 1, "policy_keeper"),
        user("keeper2", "政策乙", UserKind::Business, 1, "policy_keeper"),
        user("accountant", "会计一", UserKind::Business, 1, "accountant"),
        user("system", "系统一", UserKind::System, 1, "system_administrator"),
        user("security1", "安全甲", UserKind::Security, 1, "security_administrator"),
        user("security2", "安全乙", UserKind::Security, 1, "security_administrator"),
        user("auditor", "审计一", UserKind::Audit, 1, "audit_administrator"),
    ]);
    all
}

impl Bed {
    /// Makes the centre, lives until a day, and serves it.
    pub fn start(scale: &str, until: &str) -> Bed {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().expect("a runtime");
        let folder = std::env::temp_dir().join(format!("anju-live-{}-{scale}", std::process::id()));
        let _ = std::fs::remove_dir_all(&folder);
        std::fs::create_dir_all(&folder).expect("a temporary folder");
        let until = Day::parse(until).expect("a day");
        let centre = Arc::new(runtime.block_on(make(&folder, Scale::parse(scale).expect("a scale"), until)));
        let settings = Settings { data: folder.clone(), ..Settings::default() };
        let (served, address) = runtime.block_on(async {
            let app = App::new(centre.clone(), settings).await.expect("an application");
            let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a free port");
            let address = listener.local_addr().expect("an address");
            (shell_web::app::serve_on(app, listener, std::future::pending()), address)
        });
        runtime.spawn(served);
        Bed { address, centre, runtime, folder, sessions: RefCell::default() }
    }

    /// A folder that goes with the centre.
    pub fn folder(&self) -> &std::path::Path {
        &self.folder
    }

    /// An address of the centre.
    pub fn at(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// Signs somebody in with both factors, as a person does: the demonstration shows the code on the page. A code is good once, so
    /// whoever signed in before goes on with that session while it stands.
    pub fn sign_in(&self, page: &mut Page<'_>, login: &str) {
        let before = self.sessions.borrow().get(login).cloned();
        if let Some(cookies) = before {
            page.carry_on(&cookies);
            page.goto(&self.at("/"));
            if page.evaluate("location.pathname") == "/" {
                return;
            }
        }
        page.goto(&self.at("/sign-in"));
        page.fill("#field-number", login);
        page.fill("#field-password", PASSWORD);
        page.click("text=下一步");
        page.sees("当前口令");
        let shown = page.evaluate("document.querySelector('.box.warn b').textContent");
        let code: String = shown.as_str().unwrap_or_default().chars().take(6).collect();
        page.fill("#field-code", &code);
        page.press("Enter");
        page.until("the workbench", "location.pathname === '/'");
        self.sessions.borrow_mut().insert(login.to_owned(), page.cookies());
    }
}

async fn make(folder: &std::path::Path, scale: Scale, until: Day) -> Centre {
    let (from, _) = sim::year::span(1);
    let ring = shell_vault::KeyRing::generate(jiff::civil::date(2025, 7, 1), &mut shell_vault::SystemEntropy::new()).expect("keys");
    let mut units = vec![NewUnit { id: 1, kind: "centre".into(), name: "中心本部".into(), division: "532300".into() }];
    for (i, (name, division, _)) in sim::names::BRANCHES.iter().enumerate() {
        units.push(NewUnit { id: i as i64 + 2, kind: "branch".into(), name: (*name).into(), division: (*division).into() });
    }
    let bank = |n: i64| NewBank {
        id: n,
        number: sim::year::bank_number(n),
        bank: sim::names::BANKS[n as usize - 1].into(),
        name: "归集户".into(),
        leaf: 1_010_100 + n as u32,
    };
    let new = NewCentre {
        code: "demo".into(),
        name: "彩云住房公积金管理中心".into(),
        division: "532300".into(),
        opened: from,
        demonstration: true,
        units,
        banks: (1..=4).map(bank).collect(),
    };
    let centre = Centre::create(&folder.display().to_string(), ring, &new).await.expect("a centre");
    let actors = centre.demonstration_users(&Origin::local("test"), &staff(), PASSWORD).await.expect("its staff");
    let by_login = |login: &str| actors.iter().find(|a| a.login == login).expect("of the staff").clone();
    let mut driver = Local { centre: &centre, origin: Origin::local("simulation"), actors: HashMap::new() };
    for branch in 0..10 {
        driver.actors.insert(Who::Clerk(branch), by_login(&format!("clerk{branch}")));
        driver.actors.insert(Who::Reviewer(branch), by_login(&format!("reviewer{branch}")));
    }
    driver.actors.insert(Who::Approver, by_login("approver"));
    driver.actors.insert(Who::Batch, Actor::batch());
    let mut world = World::invent(scale, 1, from);
    let calendar = centre.calendar();
    let mut year = Year::new(&mut world, &calendar);
    year.open(&mut driver, &mut |_| {}).await.expect("the opening");
    year.live(&mut driver, until, &mut |_| {}).await.expect("some months");
    centre
}

struct Local<'c> {
    centre: &'c Centre,
    origin: Origin,
    actors: HashMap<Who, Actor>,
}

fn given(e: impl std::fmt::Display) -> Given {
    Given(e.to_string())
}

impl Local<'_> {
    fn actor(&self, who: Who) -> Result<&Actor, Given> {
        self.actors.get(&who).ok_or_else(|| Given(format!("nobody is {who:?}")))
    }
}

impl Driver for Local<'_> {
    async fn orders(&mut self, orders: Vec<Order>, told: &mut dyn FnMut(usize)) -> Result<Vec<Told>, Given> {
        let mut all = Vec::new();
        for o in orders {
            let channel = match o.who {
                Who::Officer(_) => Channel::Hall,
                Who::Batch => Channel::Bank,
                _ => Channel::Counter,
            };
            let actor = self.actor(o.who)?;
            all.push(shell_pipeline::Order { actor, command: Command::new(o.action, o.form, o.key).by(channel) });
        }
        let answers = self.centre.submit_orders(&self.origin, &all, told).await.map_err(given)?;
        let told = answers.into_iter().map(|a| match a {
            BulkAnswer::Done(_) | BulkAnswer::Unchanged(_) => Told::Done,
            BulkAnswer::Waiting(case) => Told::Waiting(case.0),
            BulkAnswer::Refused(list) => Told::Refused(list.iter().map(|r| r.line_of_text()).collect::<Vec<_>>().join("; ")),
            BulkAnswer::Failed(why) => Told::Refused(why),
        });
        Ok(told.collect())
    }

    async fn approve(&mut self, who: &[Who], case: i64) -> Result<(), Given> {
        for who in who {
            let whole = self.centre.case(CaseId(case)).await.map_err(given)?;
            if whole.case.state == CaseState::Done {
                return Ok(());
            }
            let digest = whole.case.digest.ok_or_else(|| Given("nothing to sign".into()))?;
            match self.centre.approve(self.actor(*who)?, &self.origin, CaseId(case), digest).await.map_err(given)? {
                Approved::Committed(_) | Approved::Next(..) => {}
                other => return Err(Given(format!("{other:?}"))),
            }
        }
        Ok(())
    }

    async fn day_end(&mut self, next: Day) -> Result<(), Given> {
        self.centre.day_end(&self.origin, Some(next), |_, _| {}).await.map(drop).map_err(given)
    }

    async fn employers(&mut self) -> Result<Vec<(i64, String)>, Given> {
        Ok(registers::employers(&self.centre.store).await.map_err(given)?.into_iter().map(|e| (e.id.0, e.name)).collect())
    }

    async fn awaiting(&mut self) -> Result<Vec<Awaiting>, Given> {
        let all = registers::awaiting(&self.centre.store).await.map_err(given)?;
        Ok(all.into_iter().map(|a| Awaiting { list: a.list.0, employer: a.employer.0, month: a.month, due: a.due }).collect())
    }

    async fn unclaimed(&mut self) -> Result<Vec<Unclaimed>, Given> {
        let all = registers::unknown(&self.centre.store).await.map_err(given)?;
        Ok(all.into_iter().map(|u| Unclaimed { receipt: u.receipt.0, payer: u.payer }).collect())
    }

    async fn officers(&mut self, of: &[(usize, i64)]) -> Result<(), Given> {
        for (index, employer) in of {
            let actor = Actor {
                user: UserId(100_000 + *index as i64),
                login: format!("o{employer}"),
                name: "专办员".into(),
                kind: UserKind::Officer,
                unit: UnitId(1),
                employer: Some(EmployerId(*employer)),
                roles: vec![("officer".into(), UnitId(1))],
            };
            self.actors.insert(Who::Officer(*index), actor);
        }
        Ok(())
    }
}
