//! A fresh centre with staff, for a test.

use std::path::PathBuf;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

use core_calendar::Day;
use core_case::ids::UnitId;
use core_case::things::UserKind;
use shell_pipeline::people::{DemonstrationUser, PeopleError, SignedIn};
use shell_pipeline::{Actor, Centre, Origin};
use shell_store::bootstrap::{NewCentre, NewUnit};
use shell_store::db::Query;
use shell_vault::{KeyRing, SeededEntropy};
use testkit::pg::TestPg;

/// A moment to begin at; it divides by thirty, so that a step of the second factor begins with it.
pub const NOW: i64 = 1_782_000_000;

/// Everybody's password in the demonstration.
pub const PASSWORD: &str = "Luzhou-4127-xiao";

/// Runs each case once on SQLite and once on PostgreSQL, in a demonstration centre with staff.
macro_rules! on_both_engines {
    ($($case:ident)*) => {
        mod sqlite {
            $(
                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn $case() {
                    super::$case(crate::bed::Bed::sqlite(true).await).await;
                }
            )*
        }
        mod postgres {
            $(
                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn $case() {
                    super::$case(crate::bed::Bed::postgres(true).await).await;
                }
            )*
        }
    };
}
pub(crate) use on_both_engines;

/// A centre with branches 2 and 3.
pub struct Bed {
    pub centre: Centre,
    pub staff: Vec<Actor>,
    folder: Option<PathBuf>,
}

impl Drop for Bed {
    fn drop(&mut self) {
        if let Some(folder) = &self.folder {
            let _ = std::fs::remove_dir_all(folder);
        }
    }
}

/// Tells two centres of one process apart.
fn serial() -> u32 {
    static SERIAL: AtomicU32 = AtomicU32::new(0);
    SERIAL.fetch_add(1, Ordering::Relaxed)
}

/// From the counter, so many seconds after the beginning.
pub fn at(seconds: i64) -> Origin {
    from("10.0.0.7", seconds)
}

/// From an address.
pub fn from(address: &str, seconds: i64) -> Origin {
    Origin { now: NOW + seconds, address: address.to_owned(), request: format!("r{seconds}") }
}

impl Bed {
    pub async fn sqlite(demonstration: bool) -> Bed {
        let name = format!("anju-people-{}-{}", std::process::id(), serial());
        let folder = std::env::temp_dir().join(name);
        std::fs::create_dir_all(&folder).unwrap();
        Bed::create(format!("{}/", folder.display()), Some(folder), demonstration).await
    }

    /// A schema of its own in one database: a new database for each case takes longer than the case.
    pub async fn postgres(demonstration: bool) -> Bed {
        static DATABASE: OnceLock<String> = OnceLock::new();
        Bed::create(DATABASE.get_or_init(TestPg::database).clone(), None, demonstration).await
    }

    async fn create(address: String, folder: Option<PathBuf>, demonstration: bool) -> Bed {
        let ring = KeyRing::generate(jiff::civil::date(2026, 6, 1), &mut SeededEntropy::new(7)).unwrap();
        let unit = |id, kind: &str, name: &str| NewUnit { id, kind: kind.into(), name: name.into(), division: "532300".into() };
        let new = NewCentre {
            code: format!("5399_{}", serial()),
            name: "样例公积金中心".into(),
            division: "532300".into(),
            opened: Day::ymd(2026, 6, 29).unwrap(),
            demonstration,
            units: vec![unit(1, "centre", "中心"), unit(2, "branch", "城区管理部"), unit(3, "branch", "河口管理部")],
            banks: Vec::new(),
        };
        let centre = Centre::create(&address, ring, &new).await.unwrap();
        let mut bed = Bed { centre, staff: Vec::new(), folder };
        if demonstration {
            bed.staff = bed.centre.demonstration_users(&at(0), &staff(), PASSWORD).await.unwrap();
        }
        bed
    }

    /// Someone of the staff.
    pub fn actor(&self, login: &str) -> &Actor {
        self.staff.iter().find(|a| a.login == login).unwrap()
    }

    /// The code that the page would show.
    pub async fn code(&self, login: &str, seconds: i64) -> String {
        let shown = self.centre.demonstration_code(login, NOW + seconds).await.unwrap();
        assert_eq!(shown.wait, 0, "{login} at {seconds}");
        shown.code
    }

    /// Signs someone in with both factors.
    pub async fn sign_in(&self, login: &str, origin: &Origin) -> Result<SignedIn, PeopleError> {
        let code = self.code(login, origin.now - NOW).await;
        self.centre.sign_in(origin, login, PASSWORD, &code, "test").await
    }

    /// Signs someone in with a wrong password.
    pub async fn slip(&self, login: &str, origin: &Origin) -> PeopleError {
        self.centre.sign_in(origin, login, "Wrong-0000-wrong", "000000", "test").await.unwrap_err()
    }

    /// Kind, result, actor, object and detail of all audit records but those that made the staff.
    pub async fn audit(&self) -> Vec<String> {
        const RECORDS: &str =
            "SELECT kind, result, actor, object, detail FROM audit_record WHERE kind <> 'demonstration-users' ORDER BY id";
        let rows = self.centre.store.db.read(vec![Query::new(RECORDS, [])]).await.unwrap().remove(0);
        rows.iter()
            .map(|row| {
                let text = |n: usize| row.get::<String>(n).unwrap();
                format!("{} {} {} {} {}", text(0), text(1), row.get::<i64>(2).unwrap(), text(3), text(4))
            })
            .collect()
    }

    /// Every byte of the centre's files.
    pub fn files(&self) -> Vec<u8> {
        let folder = self.folder.as_ref().expect("SQLite has files");
        std::fs::read_dir(folder).unwrap().flat_map(|file| std::fs::read(file.unwrap().path()).unwrap()).collect()
    }
}

fn staff() -> Vec<DemonstrationUser> {
    let one = |login: &str, name: &str, kind, unit, role: &str| DemonstrationUser {
        login: login.into(),
        name: name.into(),
        kind,
        unit: UnitId(unit),
        employer: None,
        roles: vec![(role.into(), UnitId(unit))],
    };
    vec![
        one("lin", "林一", UserKind::Business, 2, "clerk"),
        one("wu", "吴二", UserKind::Business, 3, "clerk"),
        one("kuai", "蒯三", UserKind::Business, 1, "accountant"),
        one("zhao", "赵甲", UserKind::System, 1, "system_administrator"),
        one("qian", "钱乙", UserKind::Security, 1, "security_administrator"),
        one("sun", "孙丙", UserKind::Security, 1, "security_administrator"),
        one("li", "李丁", UserKind::Audit, 1, "audit_administrator"),
    ]
}
