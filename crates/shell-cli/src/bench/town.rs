//! Where single postings are measured: a centre opened through the pipeline, its real server on loopback, a machine with a token.
//!
//! The posting is `collection.receipt.record`, the one that a counter's centre does most and that decides unattended: the bank
//! announces money of an employer that has no list waiting, so the money becomes its suspense. One posting writes its idempotency
//! key, the claim on the bank line, the receipt, a voucher with two lines, the employer's suspense with its entry, the case with
//! its sealed form, its step, its audit record, and bumps a guard. Employers are drawn at random, so two postings meet in
//! one employer now and then, as they do at a centre.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use core_calendar::Day;
use core_case::ids::UnitId;
use core_case::things::UserKind;
use shell_pipeline::people::DemonstrationUser;
use shell_pipeline::{Centre, Origin};
use shell_store::registers;
use shell_web::app::{App, Settings, serve_on};
use tokio::sync::oneshot;

use crate::bench::Options;
use crate::bench::bed::{Bed, opening_day};
use crate::client::Client;
use crate::demo::{self, local::Local};
use crate::failure::Failure;

/// The action measured.
pub const ACTION: &str = "collection.receipt.record";
/// Members of the full size for an employer, see [`sim::Month::of`].
const MEMBERS_EACH: usize = 41;
/// Employers that money comes from.
const EMPLOYERS: usize = 2_000;

/// A centre that serves.
pub struct Town {
    /// Where its data lie, and what its engine keeps to.
    pub bed: Bed,
    /// Where it listens.
    pub at: SocketAddr,
    token: String,
    day: Day,
    employers: Vec<i64>,
    serial: AtomicU64,
    _server: Server,
}

/// A server that stops when this is dropped.
pub struct Server {
    /// Where it listens.
    pub at: SocketAddr,
    _stop: oneshot::Sender<()>,
}

impl Server {
    /// Serves a centre on loopback.
    ///
    /// # Errors
    /// When the database does not answer, or there is no free port.
    pub async fn start(centre: Arc<Centre>, settings: Settings) -> Result<Server, Failure> {
        let (stop, stopped) = oneshot::channel::<()>();
        let app = App::new(centre, settings).await?;
        let listener = tokio::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let at = listener.local_addr()?;
        tokio::spawn(serve_on(app, listener, async move { drop(stopped.await) }));
        Ok(Server { at, _stop: stop })
    }
}

impl Town {
    /// Opens a centre with its employers, and its server.
    ///
    /// # Errors
    /// As [`Bed::make`], or when the centre refuses what it should not.
    pub async fn open(options: &Options, name: &str) -> Result<Town, Failure> {
        let bed = Bed::make(options, name).await?;
        let outage = |e: sim::Given| Failure::Outage(e.to_string());
        let mut driver = Local::new(&bed.centre, bed.staff.clone());
        sim::Month::of(EMPLOYERS * MEMBERS_EACH, 1, opening_day()).open(&mut driver, &mut |_| {}).await.map_err(outage)?;
        let origin = Origin::local("bench");
        let user = |login: &str, kind, role: &str| DemonstrationUser {
            login: login.into(),
            name: "测量".into(),
            kind,
            unit: UnitId(1),
            employer: None,
            roles: vec![(role.into(), UnitId(1))],
        };
        let users =
            [user("bench-system", UserKind::System, "system_administrator"), user("bench-bank", UserKind::Business, "bank_channel")];
        let opened = bed.centre.demonstration_users(&origin, &users, demo::PASSWORD).await?;
        let [system, bank] = &opened[..] else { return Err(Failure::Outage("没有开出测量用户".into())) };
        let token = bed.centre.create_token(system, &origin, bank.user, "测量").await?.token.to_string();
        let employers = registers::employers(&bed.centre.store).await?.into_iter().map(|e| e.id.0).collect();
        let server = Server::start(bed.centre.clone(), Settings { data: bed.place.data.clone(), ..Settings::default() }).await?;
        Ok(Town { day: bed.centre.day(), at: server.at, token, employers, serial: AtomicU64::new(0), _server: server, bed })
    }

    /// Postings made so far.
    pub fn posted(&self) -> u64 {
        self.serial.load(Ordering::Relaxed)
    }

    /// Whether the books of the centre hold after what was posted.
    ///
    /// # Errors
    /// When they do not, or the database does not answer.
    pub async fn prove(&self) -> Result<u64, Failure> {
        let policy = self.bed.centre.policy();
        let basis = shell_verify::Basis { policy: &policy, place: &self.bed.centre.place };
        let report = shell_verify::verify(&self.bed.centre.store, basis, &mut |_| {}).await.map_err(crate::verify::of_verify)?;
        match report.holds() {
            true => Ok(report.compared()),
            false => Err(Failure::Refused(format!("测量之后账务不符：\n{}", crate::verify::show(&report)))),
        }
    }

    /// Employers that money comes from.
    pub fn employers(&self) -> usize {
        self.employers.len()
    }

    /// One posting; it must be carried out.
    ///
    /// # Errors
    /// When it is not, with the answer.
    pub async fn post(&self, client: &mut Client, rng: &mut fastrand::Rng) -> Result<(), Failure> {
        let n = self.serial.fetch_add(1, Ordering::Relaxed);
        let employer = self.employers[rng.usize(0..self.employers.len())];
        let form = format!(
            "{{\"account\":\"{}\",\"host_serial\":\"M{n:015}\",\"amount\":\"{}.{:02}\",\"day\":\"{}\",\"payer_account\":\"6200000000{:06}\",\
             \"payer_name\":\"汇缴单位\",\"summary\":\"公积金\",\"remark\":\"{employer:015}\"}}",
            sim::year::bank_number(rng.i64(1..=4)),
            rng.u32(1_000..100_000),
            rng.u32(0..100),
            self.day,
            n % 1_000_000,
        );
        let answer =
            client.post(&self.token, &format!("/api/v1/cases/{ACTION}"), Some(&format!("bench-{n}")), "application/json", form).await?;
        match answer.status == 200 && answer.body.starts_with(b"{\"state\":\"done\"") {
            true => Ok(()),
            false => Err(Failure::Outage(format!("一笔入账没有办结：{} {}", answer.status, String::from_utf8_lossy(&answer.body)))),
        }
    }
}
