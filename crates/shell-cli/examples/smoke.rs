//! Runs a small world through the pipeline and prints what happened.
use std::collections::HashMap;
use core_case::ids::{UnitId, UserId};
use core_case::things::UserKind;
use shell_cli::demo::local::Local;
use shell_pipeline::{Actor, Centre};
use shell_store::bootstrap::{NewBank, NewCentre, NewUnit};
use sim::{Scale, Who, World, Year};

#[tokio::main]
async fn main() {
    let mut args = std::env::args().skip(1);
    let scale = Scale::parse(&args.next().unwrap_or("0.01".into())).unwrap();
    let dir = args.next().unwrap_or("/tmp/smoke".into());
    let url = args.next();
    let _ = std::fs::remove_dir_all(&dir);
    std::fs::create_dir_all(&dir).unwrap();
    let (from, until) = sim::year::span(1);
    let ring = shell_vault::KeyRing::generate(jiff::civil::date(2025, 7, 1), &mut shell_vault::SystemEntropy::new()).unwrap();
    let mut units = vec![NewUnit { id: 1, kind: "centre".into(), name: "中心".into(), division: "532300".into() }];
    for (i, (name, division, _)) in sim::names::BRANCHES.iter().enumerate() {
        units.push(NewUnit { id: i as i64 + 2, kind: "branch".into(), name: (*name).into(), division: (*division).into() });
    }
    let banks = (1..=4).map(|n| NewBank { id: n, number: sim::year::bank_number(n), bank: sim::names::BANKS[n as usize - 1].into(), name: "归集户".into(), leaf: 1_010_100 + n as u32 }).collect();
    let new = NewCentre { code: "demo".into(), name: "彩云住房公积金管理中心".into(), division: "532300".into(), opened: from, demonstration: true, units, banks };
    let centre = Centre::create(url.as_deref().unwrap_or(&dir), ring, &new).await.unwrap();
    let mut staff = HashMap::new();
    let actor = |id: i64, role: &str, unit: i64| Actor { user: UserId(id), login: format!("u{id}"), name: role.into(), kind: UserKind::Business, unit: UnitId(unit), employer: None, roles: vec![(role.into(), UnitId(unit))] };
    for b in 0..10i64 {
        staff.insert(Who::Clerk(b as usize), actor(100 + b, "clerk", b + 2));
        staff.insert(Who::Reviewer(b as usize), actor(200 + b, "reviewer", b + 2));
    }
    staff.insert(Who::Approver, actor(300, "approver", 1));
    staff.insert(Who::Batch, Actor::batch());
    let t = std::time::Instant::now();
    let mut world = World::invent(scale, 1, from);
    println!("world {:?} employers {} members {}", t.elapsed(), world.employers.len(), world.members());
    let calendar = centre.calendar();
    let mut driver = Local::new(&centre, staff);
    let mut year = Year::new(&mut world, &calendar);
    let t = std::time::Instant::now();
    year.open(&mut driver, &mut |p| { if let sim::Progress::Part(n, _) = p { println!("{n} {:?}", t.elapsed()); } }).await.unwrap();
    println!("opened {:?}", t.elapsed());
    let t = std::time::Instant::now();
    let tally = year.live(&mut driver, until, &mut |_| {}).await.unwrap();
    println!("lived {:?} {tally:#?}", t.elapsed());
}
