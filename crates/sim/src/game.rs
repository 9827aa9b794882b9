//! The game (模拟): random but lawful-looking tries by several clerks, officers and reviewers, each step compared with the auditor.
//!
//! A try is a kind with three draws; it becomes a command only when its turn comes, out of what the auditor's books hold then. So a
//! history stays playable when parts of it are taken out, and a failing one is made short by just that.

use std::collections::{BTreeMap, BTreeSet};

use core_calendar::Day;
use fastrand::Rng;

use crate::auditor::{Auditor, Fate, Firm, Moon, Saver, moon};
use crate::deeds::{Deed, Papers};
use crate::driver::{Given, Order, Told, Who};
use crate::world::World;

/// What became of a signature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Signed {
    /// Carried out.
    Done,
    /// One level more.
    Next,
    /// The content changed; reviews begin again.
    Differs,
    /// The rules say no by now; it went back to its maker.
    Refused,
    /// Not taken, with a sentence; nothing changed.
    Denied(String),
}

/// What else happens to a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// 退回
    Return,
    /// 不同意
    Reject,
    /// 撤回
    Withdraw,
    /// 重新提交
    Resubmit,
}

/// What can be seen of the books from outside.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Seen {
    /// Suspense and paid-to month of employers.
    pub firms: BTreeMap<i64, (i64, Option<Moon>)>,
    /// Balance and paid-to month of members.
    pub savers: BTreeMap<i64, (i64, Option<Moon>)>,
    /// Employer, month, fate and sum of lists.
    pub lists: BTreeMap<i64, (i64, Moon, Fate, i64)>,
    /// Receipts without owner.
    pub strays: BTreeMap<i64, i64>,
    /// Debit less credit of ledger accounts, those at zero left out.
    pub ledger: BTreeMap<u32, i64>,
}

/// A centre as the game sees it.
pub trait Desk {
    /// Submits a command.
    fn submit(&mut self, order: &Order) -> impl Future<Output = Result<Told, Given>>;
    /// Signs a case: what is shown now, or what was shown at first.
    fn sign(&mut self, who: Who, case: i64, first_shown: bool) -> impl Future<Output = Result<Signed, Given>>;
    /// Another step of a case; false when it is not taken.
    fn step(&mut self, who: Who, case: i64, step: Step) -> impl Future<Output = Result<bool, Given>>;
    /// Ends the business day.
    fn night(&mut self, next: Day) -> impl Future<Output = Result<(), Given>>;
    /// Looks at the books; members who are normal are found, others have to be named.
    fn look(&mut self, members: &[i64]) -> impl Future<Output = Result<Seen, Given>>;
}

/// Kinds of tries with how often each is drawn.
const KINDS: &[(Kind, u32)] = &[
    (Kind::Open, 4),
    (Kind::Seal, 5),
    (Kind::Unseal, 4),
    (Kind::Transfer, 4),
    (Kind::Base, 4),
    (Kind::Rate, 2),
    (Kind::Confirm, 14),
    (Kind::Supplement, 3),
    (Kind::Void, 3),
    (Kind::Reverse, 4),
    (Kind::Exact, 9),
    (Kind::Short, 4),
    (Kind::Over, 3),
    (Kind::Stranger, 4),
    (Kind::Duplicate, 2),
    (Kind::Allocate, 4),
    (Kind::Split, 3),
    (Kind::SendBack, 1),
    (Kind::Refund, 3),
    (Kind::Move, 3),
    (Kind::Approve, 26),
    (Kind::ApproveOld, 2),
    (Kind::ApproveOwn, 2),
    (Kind::Return, 2),
    (Kind::Reject, 1),
    (Kind::Withdraw, 2),
    (Kind::Resubmit, 3),
    (Kind::Again, 3),
    (Kind::OtherUnderKey, 1),
    (Kind::Night, 9),
];

/// Kind of a try.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Open,
    Seal,
    Unseal,
    Transfer,
    Base,
    Rate,
    Confirm,
    Supplement,
    Void,
    Reverse,
    Exact,
    Short,
    Over,
    Stranger,
    Duplicate,
    Allocate,
    Split,
    SendBack,
    Refund,
    Move,
    Approve,
    ApproveOld,
    ApproveOwn,
    Return,
    Reject,
    Withdraw,
    Resubmit,
    Again,
    OtherUnderKey,
    Night,
}

/// A try: a kind and three draws.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Try {
    serial: u32,
    kind: Kind,
    draws: [u32; 3],
}

/// So many tries of a seed.
pub fn tries(seed: u64, count: usize) -> Vec<Try> {
    let mut rng = Rng::with_seed(seed ^ 0x00A0_D170);
    let all: u32 = KINDS.iter().map(|(_, weight)| weight).sum();
    let mut one = |serial| {
        let mut draw = rng.u32(0..all);
        let kind = KINDS.iter().find(|(_, weight)| {
            let found = draw < *weight;
            draw = draw.saturating_sub(*weight);
            found
        });
        Try { serial, kind: kind.map_or(Kind::Night, |(kind, _)| *kind), draws: [rng.u32(..), rng.u32(..), rng.u32(..)] }
    };
    (0..count).map(|n| one(u32::try_from(n).unwrap_or(u32::MAX))).collect()
}

/// Where a history went wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Broken {
    /// After so many tries.
    pub after: usize,
    /// What was tried, those left out for which there was nothing to do; the last one failed.
    pub story: Vec<String>,
    /// What differs.
    pub what: String,
}

/// How a history went.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Score {
    /// Commands carried out, by action.
    pub done: BTreeMap<&'static str, u32>,
    /// Commands refused.
    pub refused: u32,
    /// Signatures that met other content.
    pub differed: u32,
    /// Tries for which there was nothing to do.
    pub idle: u32,
}

/// A case that waits or was returned.
#[derive(Clone, Debug)]
struct Pending {
    deed: Deed,
    maker: Who,
    branch: usize,
    level: usize,
    returned: bool,
}

/// The game.
pub struct Game<'w> {
    world: &'w mut World,
    auditor: Auditor,
    /// Place in the world of each employer.
    places: BTreeMap<i64, usize>,
    pending: BTreeMap<i64, Pending>,
    /// Commands taken, for those sent again.
    given: Vec<Order>,
    /// Bank lines given, for those sent again.
    receipts: Vec<Deed>,
    score: Score,
}

/// The one at a drawn place.
fn pick<T: Copy>(of: &[T], draw: u32) -> Option<T> {
    if of.is_empty() { None } else { of.get(draw as usize % of.len()).copied() }
}

impl<'w> Game<'w> {
    /// A game in a world that was opened; numbers of its employers by name.
    pub fn new(world: &'w mut World, numbers: &[(i64, String)]) -> Game<'w> {
        let mut auditor = Auditor { today: Some(world.opens), ..Auditor::default() };
        let mut places = BTreeMap::new();
        let paid_to = moon(world.opens) - 1;
        for (number, name) in numbers {
            let Some(e) = world.employers.iter().find(|e| e.name == *name) else { continue };
            places.insert(*number, e.index);
            let rates = [(paid_to - 1, i64::from(e.rate))].into();
            auditor.firms.insert(*number, Firm { first: paid_to - 1, taken_to: Some(paid_to), rates, suspense: 0 });
            for p in &e.people {
                let first = moon(p.opened);
                let saver = Saver {
                    firms: [(first, *number)].into(),
                    bases: [(first, p.base.fen())].into(),
                    sealed: p.sealed.then_some(paid_to + 1),
                    taken_to: Some(paid_to),
                    balance: p.balance.fen(),
                    ..Saver::default()
                };
                auditor.take_over(p.savings, saver, e.bank);
            }
        }
        Game { world, auditor, places, pending: BTreeMap::new(), given: Vec::new(), receipts: Vec::new(), score: Score::default() }
    }

    /// Plays tries in their order, the books compared after each.
    ///
    /// # Errors
    /// Where the books, or an answer, are not what the auditor says; or the centre could not be asked.
    pub async fn play<D: Desk>(mut self, desk: &mut D, tries: &[Try]) -> Result<Score, Broken> {
        let mut story = Vec::new();
        for (n, one) in tries.iter().enumerate() {
            let (mut tried, idle) = (format!("{:?}", one.kind), self.score.idle);
            let went = self.one(desk, *one, &mut tried).await;
            if went.is_err() || self.score.idle == idle {
                story.push(tried);
            }
            went.map_err(|what| Broken { after: n + 1, story: std::mem::take(&mut story), what })?;
        }
        Ok(self.score)
    }

    async fn one<D: Desk>(&mut self, desk: &mut D, one: Try, tried: &mut String) -> Result<(), String> {
        let [a, b, _] = one.draws;
        match one.kind {
            Kind::Approve | Kind::ApproveOld | Kind::ApproveOwn => {
                let waiting: Vec<i64> = self.pending.iter().filter(|(_, p)| !p.returned).map(|(id, _)| *id).collect();
                let Some(case) = pick(&waiting, a) else { return self.idle() };
                let pending = self.pending[&case].clone();
                *tried = format!("{:?} of {case}: {:?} by {:?}", one.kind, pending.deed, pending.maker);
                self.sign(desk, one.kind, case, &pending).await?;
            }
            Kind::Return | Kind::Reject | Kind::Withdraw | Kind::Resubmit => {
                let returned = one.kind == Kind::Resubmit;
                let fits = |p: &Pending| one.kind == Kind::Withdraw || p.returned == returned;
                let cases: Vec<i64> = self.pending.iter().filter(|(_, p)| fits(p)).map(|(id, _)| *id).collect();
                let Some(case) = pick(&cases, a) else { return self.idle() };
                *tried = format!("{:?} of {case}: {:?}", one.kind, self.pending[&case].deed);
                self.step(desk, one.kind, case).await?;
            }
            Kind::Again | Kind::OtherUnderKey => {
                let places: Vec<usize> = (0..self.given.len()).collect();
                let Some(at) = pick(&places, a) else { return self.idle() };
                let mut order = self.given[at].clone();
                *tried = format!("{:?} of {} {}", one.kind, order.key, order.action);
                let other = one.kind == Kind::OtherUnderKey;
                if other {
                    order.form["reason"] = serde_json::json!(format!("另一内容 {b}"));
                }
                let told = desk.submit(&order).await.map_err(|e| e.0)?;
                if other && !matches!(told, Told::Refused(_)) {
                    return Err(format!("another command under a used key was taken: {told:?}"));
                }
            }
            Kind::Night => {
                let Some(today) = self.auditor.today else { return self.idle() };
                let next = today + (a % 4 + 1) as i32;
                // Holidays are dated data, and those of 2027 are not published.
                if next.year() > 2026 {
                    return self.idle();
                }
                *tried = format!("Night to {next}");
                desk.night(next).await.map_err(|e| e.0)?;
                self.auditor.next_day(next);
            }
            _ => {
                let Some((who, deed)) = self.deed(one) else { return self.idle() };
                *tried = format!("{deed:?} by {who:?}");
                self.give(desk, who, deed, one.serial).await?;
            }
        }
        self.compare(desk).await
    }

    fn idle(&mut self) -> Result<(), String> {
        self.score.idle += 1;
        Ok(())
    }

    /// Submits a command and books it when it was carried out at once.
    async fn give<D: Desk>(&mut self, desk: &mut D, who: Who, deed: Deed, serial: u32) -> Result<(), String> {
        let (action, form) = deed.command();
        let order = Order { who, action, form, key: format!("game:{}:{serial}", self.world.seed) };
        let foreseen = self.foresee(who, &deed);
        let told = desk.submit(&order).await.map_err(|e| e.0)?;
        // Refused for a case in flight nothing is kept, and the same command may be given again.
        if !matches!(told, Told::Refused(_)) {
            self.given.push(order);
        }
        match (&told, foreseen) {
            (Told::Done | Told::Waiting(_), Some(false)) => return Err(format!("accepted, the auditor would refuse: {told:?}")),
            (Told::Refused(why), Some(true)) => return Err(format!("refused, the auditor would accept: {why}")),
            _ => {}
        }
        match told {
            Told::Done => self.done(desk, &deed).await?,
            Told::Waiting(case) => {
                let branch = self.branch(who);
                self.pending.insert(case, Pending { deed, maker: who, branch, level: 0, returned: false });
            }
            Told::Refused(_) => self.score.refused += 1,
        }
        Ok(())
    }

    fn branch(&self, who: Who) -> usize {
        match who {
            Who::Clerk(branch) | Who::Reviewer(branch) => branch,
            _ => 0,
        }
    }

    /// Whether a command is accepted, when no case in flight may stand in its way.
    fn foresee(&self, who: Who, deed: &Deed) -> Option<bool> {
        let foreseen = self.auditor.foresee(deed)?;
        let firms = self.firms_of(deed);
        // A clerk acts for employers of the branch only.
        let foreign = match (who, deed) {
            (Who::Clerk(branch), Deed::Move { .. }) => firms.iter().any(|f| self.branch_of(*f) != branch),
            _ => false,
        };
        if !foreseen || foreign {
            return Some(false);
        }
        let in_flight = self.pending.values().any(|p| !self.firms_of(&p.deed).is_disjoint(&firms) || shares(&p.deed, deed));
        if in_flight { None } else { Some(true) }
    }

    /// Employers that a command touches.
    fn firms_of(&self, deed: &Deed) -> BTreeSet<i64> {
        let books = &self.auditor;
        let firm = |id: i64| match (books.firms.contains_key(&id), books.savers.get(&id), books.lists.get(&id)) {
            (true, ..) => Some(id),
            (_, Some(saver), _) => Some(saver.firm()),
            (_, _, Some(list)) => Some(list.firm),
            _ => None,
        };
        deed.about().into_iter().filter_map(firm).collect()
    }

    fn branch_of(&self, firm: i64) -> usize {
        self.places.get(&firm).map_or(0, |place| self.world.employers[*place].branch)
    }

    async fn done<D: Desk>(&mut self, desk: &mut D, deed: &Deed) -> Result<(), String> {
        let seen = self.look(desk).await?;
        let new = match deed {
            Deed::OpenMember { .. } => seen.savers.keys().find(|id| !self.auditor.savers.contains_key(id)),
            Deed::Confirm { .. } => seen.lists.keys().find(|id| !self.auditor.lists.contains_key(id)),
            Deed::Receipt { .. } => seen.strays.keys().find(|id| !self.auditor.strays.contains_key(id)),
            _ => None,
        };
        self.auditor.enter(deed, new.copied())?;
        *self.score.done.entry(deed.command().0).or_default() += 1;
        Ok(())
    }

    async fn sign<D: Desk>(&mut self, desk: &mut D, kind: Kind, case: i64, pending: &Pending) -> Result<(), String> {
        let who = match (kind, pending.level) {
            (Kind::ApproveOwn, _) => pending.maker,
            (_, 0) => Who::Reviewer(pending.branch),
            _ => Who::Approver,
        };
        let foreseen = self.auditor.foresee(&pending.deed);
        let signed = desk.sign(who, case, kind == Kind::ApproveOld).await.map_err(|e| e.0)?;
        if kind == Kind::ApproveOwn && !matches!(signed, Signed::Denied(_)) {
            return Err(format!("the maker signed: {signed:?}"));
        }
        match signed {
            Signed::Done if foreseen == Some(false) => return Err("carried out, the auditor would refuse".into()),
            Signed::Refused if foreseen == Some(true) => return Err("refused at the signature, the auditor would accept".into()),
            Signed::Done => {
                self.pending.remove(&case);
                self.done(desk, &pending.deed).await?;
            }
            Signed::Next => self.at(case, |p| p.level += 1),
            Signed::Differs => {
                self.score.differed += 1;
                self.at(case, |p| p.level = 0);
            }
            Signed::Refused => self.at(case, |p| (p.level, p.returned) = (0, true)),
            Signed::Denied(why) if kind == Kind::Approve => return Err(format!("the signature was not taken: {why}")),
            Signed::Denied(_) => {}
        }
        Ok(())
    }

    fn at(&mut self, case: i64, change: impl FnOnce(&mut Pending)) {
        if let Some(pending) = self.pending.get_mut(&case) {
            change(pending);
        }
    }

    async fn step<D: Desk>(&mut self, desk: &mut D, kind: Kind, case: i64) -> Result<(), String> {
        let pending = &self.pending[&case];
        let reviewer = if pending.level == 0 { Who::Reviewer(pending.branch) } else { Who::Approver };
        let (who, step) = match kind {
            Kind::Return => (reviewer, Step::Return),
            Kind::Reject => (reviewer, Step::Reject),
            Kind::Withdraw => (pending.maker, Step::Withdraw),
            _ => (pending.maker, Step::Resubmit),
        };
        let taken = desk.step(who, case, step).await.map_err(|e| e.0)?;
        match (step, taken) {
            // The rules may refuse what is submitted again; it stays with its maker then.
            (Step::Resubmit, false) => {}
            (_, false) => return Err(format!("{step:?} was not taken")),
            (Step::Return, true) => self.at(case, |p| (p.level, p.returned) = (0, true)),
            (Step::Resubmit, true) => self.at(case, |p| (p.level, p.returned) = (0, false)),
            (Step::Reject | Step::Withdraw, true) => drop(self.pending.remove(&case)),
        }
        Ok(())
    }

    async fn look<D: Desk>(&self, desk: &mut D) -> Result<Seen, String> {
        let members: Vec<i64> = self.auditor.savers.keys().copied().collect();
        desk.look(&members).await.map_err(|e| e.0)
    }

    async fn compare<D: Desk>(&self, desk: &mut D) -> Result<(), String> {
        let (seen, wanted) = (self.look(desk).await?, expected(&self.auditor));
        let mut all = Vec::new();
        differences("employer (suspense, paid to)", &wanted.firms, &seen.firms, &mut all);
        differences("member (balance, paid to)", &wanted.savers, &seen.savers, &mut all);
        differences("list (employer, month, fate, sum)", &wanted.lists, &seen.lists, &mut all);
        differences("receipt without owner", &wanted.strays, &seen.strays, &mut all);
        differences("ledger account", &wanted.ledger, &seen.ledger, &mut all);
        if all.is_empty() { Ok(()) } else { Err(all.join("\n")) }
    }

    /// The command of a try out of what the books hold now.
    fn deed(&mut self, one: Try) -> Option<(Who, Deed)> {
        let [a, b, c] = one.draws;
        let books = &self.auditor;
        let today = books.today?;
        let now = moon(today);
        let firms: Vec<i64> = books.firms.keys().copied().collect();
        let firm = pick(&firms, a)?;
        let savers: Vec<i64> = books.savers.keys().copied().collect();
        let saver = pick(&savers, b)?;
        let of_saver = books.savers[&saver].firm();
        let place = |firm: i64| self.places.get(&firm).copied().unwrap_or(0);
        let clerk = |firm: i64| Who::Clerk(self.branch_of(firm));
        // Half of what an officer may do is done by the officer.
        let either = |firm: i64| if c % 2 == 0 { Who::Officer(place(firm)) } else { clerk(firm) };
        let next = books.firm_paid_to(firm).map_or(now, |m| m + 1);
        let awaiting: Vec<i64> = books.lists.iter().filter(|(_, l)| l.fate == Fate::Awaiting).map(|(id, _)| *id).collect();
        let posted: Vec<i64> = books.lists.iter().filter(|(_, l)| l.fate == Fate::Posted).map(|(id, _)| *id).collect();
        let strays: Vec<i64> = books.strays.iter().filter(|(_, s)| s.open).map(|(id, _)| *id).collect();
        let rich: Vec<i64> = books.firms.iter().filter(|(_, f)| f.suspense > 0).map(|(id, _)| *id).collect();
        Some(match one.kind {
            Kind::Open => {
                let mut rng = Rng::with_seed(u64::from(b));
                let (nature, branch) = (self.world.employers[place(firm)].nature, self.branch_of(firm));
                let mut person = self.world.person(&mut rng, nature, false);
                person.opened = today;
                let base = i64::from(2_020 + b % 23_000) * 100;
                (Who::Clerk(branch), Deed::OpenMember { firm, person: Box::new(Papers::of(&person)), base, first: next + (c % 3) as i32 })
            }
            Kind::Seal => {
                let from = books.saver_paid_to(saver).map_or(now, |m| m + 1) + (a % 3) as i32 - i32::from(c % 5 == 0);
                (either(of_saver), Deed::Seal { saver, from })
            }
            Kind::Unseal => {
                let sealed: Vec<i64> = books.savers.iter().filter(|(_, s)| s.sealed.is_some()).map(|(id, _)| *id).collect();
                let saver = pick(&sealed, b)?;
                let firm = books.savers[&saver].firm();
                let from = books.firm_paid_to(firm).map_or(now, |m| m + 1).max(books.savers[&saver].sealed?) - i32::from(c % 7 == 0);
                (either(firm), Deed::Unseal { saver, from })
            }
            Kind::Transfer => {
                let sealed: Vec<i64> = books.savers.iter().filter(|(_, s)| s.sealed.is_some()).map(|(id, _)| *id).collect();
                let saver = pick(&sealed, b)?;
                let from = next.max(books.savers[&saver].sealed?) + (c % 2) as i32;
                (clerk(firm), Deed::Transfer { saver, to: firm, from, base: i64::from(2_020 + c % 23_000) * 100 })
            }
            Kind::Base => {
                let own: Vec<i64> =
                    books.savers.iter().filter(|(_, s)| s.firm() == firm && s.sealed.is_none()).map(|(id, _)| *id).collect();
                let some: BTreeSet<i64> = (0..=b % 3).filter_map(|n| pick(&own, b.wrapping_add(n * 7))).collect();
                let lines = some.into_iter().map(|s| (s, i64::from(2_020 + c % 23_000) * 100 + s % 97)).collect();
                (either(firm), Deed::Base { lines, from: next })
            }
            Kind::Rate => (clerk(firm), Deed::Rate { firm, from: next + (b % 2) as i32, percent: i64::from(5 + c % 9) }),
            Kind::Confirm => {
                let listed = |m: Moon| books.lists.values().any(|l| l.firm == firm && l.regular && l.fate != Fate::Over && l.month == m);
                let month = (next..).find(|m| !listed(*m))? + i32::from(b % 9 == 0);
                (either(firm), Deed::Confirm { firm, month, supplementary: false })
            }
            Kind::Supplement => (either(firm), Deed::Confirm { firm, month: next - 1 + (b % 2) as i32, supplementary: true }),
            Kind::Void => {
                let list = pick(&awaiting, a)?;
                (clerk(books.lists[&list].firm), Deed::Void { list })
            }
            Kind::Reverse => {
                let list = pick(&posted, a)?;
                (clerk(books.lists[&list].firm), Deed::Reverse { list })
            }
            Kind::Exact | Kind::Short | Kind::Over => {
                let list = pick(&awaiting, a)?;
                let sheet = &books.lists[&list];
                let sum = sheet.sum();
                let amount = match one.kind {
                    Kind::Exact => sum - books.firms[&sheet.firm].suspense * i64::from(b % 3 == 0),
                    Kind::Short => sum - 1 - i64::from(b) % sum.max(2) / 2,
                    _ => sum + 1 + i64::from(b % 900_000),
                };
                if amount <= 0 {
                    return None;
                }
                let owner = sheet.firm;
                let name = self.world.employers[place(owner)].name.clone();
                let (remark, payer, named) = match c % 3 {
                    0 => (format!("汇缴 {list:015}"), name, Some(list)),
                    1 => (format!("单位 {owner:015}"), "代发户".into(), None),
                    _ => (String::new(), name, None),
                };
                self.receipt(one, today, amount, Some(owner), named, remark, payer)
            }
            Kind::Stranger => {
                let amount = i64::from(b % 5_000_000) + 1;
                self.receipt(one, today, amount, None, None, "往来款".into(), format!("过路人{}", one.serial))
            }
            Kind::Duplicate => {
                let places: Vec<usize> = (0..self.receipts.len()).collect();
                (Who::Batch, self.receipts[pick(&places, a)?].clone())
            }
            Kind::Allocate => (clerk(firm), Deed::Allocate { receipt: pick(&strays, b)?, firm }),
            Kind::SendBack => (clerk(firm), Deed::SendBack { receipt: pick(&strays, b)? }),
            Kind::Split => {
                let receipt = pick(&strays, b)?;
                let amount = books.strays[&receipt].amount + i64::from(c % 8 == 0);
                let part = amount / 3;
                let other = pick(&firms, c)?;
                (clerk(firm), Deed::Split { receipt, lines: vec![(firm, part), (other, amount - part)] })
            }
            Kind::Refund => {
                let firm = pick(&rich, a)?;
                let amount = books.firms[&firm].suspense * i64::from(b % 4 + 1) / 3;
                (clerk(firm), Deed::Refund { firm, bank: i64::from(c % 4) + 1, amount })
            }
            Kind::Move => {
                let from = pick(&rich, a)?;
                let amount = books.firms[&from].suspense * i64::from(b % 4 + 1) / 3;
                // Mostly within the branch, where a clerk may do it.
                let own: Vec<i64> = firms.iter().copied().filter(|f| self.branch_of(*f) == self.branch_of(from)).collect();
                let to = pick(if c % 5 == 0 { &firms } else { &own }, c)?;
                (clerk(from), Deed::Move { from, to, amount })
            }
            _ => return None,
        })
    }

    #[allow(clippy::too_many_arguments)] // What stands on a bank line.
    fn receipt(
        &mut self,
        one: Try,
        day: Day,
        amount: i64,
        owner: Option<i64>,
        named_list: Option<i64>,
        remark: String,
        payer: String,
    ) -> (Who, Deed) {
        let serial = format!("GM{:010}", one.serial);
        let deed = Deed::Receipt { serial, bank: i64::from(one.draws[1] % 4) + 1, amount, day, owner, named_list, remark, payer };
        self.receipts.push(deed.clone());
        (Who::Batch, deed)
    }
}

/// Whether two commands are about the same thing.
fn shares(a: &Deed, b: &Deed) -> bool {
    let b = b.about();
    a.about().iter().any(|id| b.contains(id))
}

/// What the auditor expects to see.
fn expected(books: &Auditor) -> Seen {
    Seen {
        firms: books.firms.iter().map(|(id, f)| (*id, (f.suspense, books.firm_paid_to(*id)))).collect(),
        savers: books.savers.iter().map(|(id, s)| (*id, (s.balance, books.saver_paid_to(*id)))).collect(),
        lists: books.lists.iter().map(|(id, l)| (*id, (l.firm, l.month, l.fate, l.sum()))).collect(),
        strays: books.strays.iter().filter(|(_, s)| s.open).map(|(id, s)| (*id, s.amount)).collect(),
        ledger: books.ledger.iter().filter(|(_, net)| **net != 0).map(|(code, net)| (*code, *net)).collect(),
    }
}

fn differences<K: Ord + std::fmt::Display, V: PartialEq + std::fmt::Debug>(
    what: &str,
    wanted: &BTreeMap<K, V>,
    seen: &BTreeMap<K, V>,
    all: &mut Vec<String>,
) {
    let keys: BTreeSet<&K> = wanted.keys().chain(seen.keys()).collect();
    for key in keys.into_iter().filter(|k| wanted.get(k) != seen.get(k)) {
        all.push(format!("{what} {key}: the auditor {:?}, the books {:?}", wanted.get(key), seen.get(key)));
    }
}

impl std::fmt::Display for Broken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.story.iter().try_for_each(|tried| writeln!(f, "  {tried}"))?;
        write!(f, "{}", self.what)
    }
}
