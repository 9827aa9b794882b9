//! The bulk road (批量): a run gives what its commands give one by one, and two runs of the same commands at once do everything once.

use core_calendar::Day;
use shell_cli::demo::local::Local;
use shell_cli::demo::{CODE, create, staff};
use shell_cli::place::Place;
use shell_verify::{Basis, canonical_digest, verify};
use sim::{Driver, Order};
use testkit::Folder;
use testkit::pg::TestPg;

/// People of the month: lists of several chunks.
const MEMBERS: usize = 1_500;

fn place(name: &str, database: Option<String>) -> (Folder, Place) {
    let data = std::env::temp_dir().join(format!("anju-bulk-{name}-{}", std::process::id()));
    let _ = std::fs::remove_dir_all(&data);
    (Folder(data.clone()), Place { data, database, centre: Some(CODE.into()) })
}

fn opens() -> Day {
    sim::year::span(1).0
}

/// The bank's lines of a month: every third employer pays again what it had paid, so that a command of the same window finds what
/// the one before it left.
fn twice_in_places(payments: Vec<Order>) -> Vec<Order> {
    let again = |order: &Order| {
        let mut second = order.clone();
        second.form["host_serial"] = format!("{}B", second.form["host_serial"].as_str().expect("a serial")).into();
        second.key += ":again";
        second
    };
    payments.into_iter().enumerate().flat_map(|(n, o)| [n.is_multiple_of(3).then(|| again(&o)), Some(o)]).flatten().collect()
}

/// A month whose orders are given so many at once; the canonical digest at its end.
async fn month(place: &Place, at_once: usize) -> String {
    let centre = create(place, CODE, opens()).await.expect("a centre");
    let mut driver = Local::new(&centre, staff(&centre).await.expect("its staff"));
    let mut month = sim::Month::of(MEMBERS, 1, opens());
    month.open(&mut driver, &mut |_| {}).await.expect("employers");
    month.hire(&mut driver, &mut |_| {}).await.expect("members");
    for some in month.confirmations(0..month.employers()).chunks(at_once) {
        sim::bulk::given(&mut driver, some.to_vec()).await.expect("lists confirmed");
    }
    let payments = twice_in_places(month.payments(&mut driver).await.expect("lists that wait"));
    for some in payments.chunks(at_once) {
        sim::bulk::given(&mut driver, some.to_vec()).await.expect("lists paid");
    }
    canonical_digest(&centre.store).await.expect("a digest").to_string()
}

/// Confirmations given by two at once; every list is there once, and the proof holds.
async fn raced(place: &Place) {
    let centre = create(place, CODE, opens()).await.expect("a centre");
    let mut driver = Local::new(&centre, staff(&centre).await.expect("its staff"));
    let mut month = sim::Month::of(MEMBERS, 1, opens());
    month.open(&mut driver, &mut |_| {}).await.expect("employers");
    month.hire(&mut driver, &mut |_| {}).await.expect("members");
    let orders = month.confirmations(0..month.employers());
    let mut other = driver.clone();
    let (one, two) = tokio::join!(sim::bulk::given(&mut driver, orders.clone()), sim::bulk::given(&mut other, orders));
    one.and(two).expect("done, by one or the other");
    assert_eq!(driver.awaiting().await.expect("lists that wait").len(), month.employers());
    let policy = centre.policy();
    let report = verify(&centre.store, Basis { policy: &policy, place: &centre.place }, &mut |_| {}).await.expect("the proof");
    assert!(report.holds(), "{:#?}", report.breaks);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_run_gives_what_its_commands_give_one_by_one() {
    let (_one, single) = place("single", None);
    let (_two, run) = place("run", None);
    let (_three, server) = place("server", Some(TestPg::database()));
    let expected = month(&single, 1).await;
    assert_eq!(month(&run, usize::MAX).await, expected, "SQLite");
    assert_eq!(month(&server, usize::MAX).await, expected, "PostgreSQL");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_runs_of_the_same_commands_do_everything_once() {
    let (_one, lite) = place("raced", None);
    let (_two, server) = place("raced-pg", Some(TestPg::database()));
    raced(&lite).await;
    raced(&server).await;
}
