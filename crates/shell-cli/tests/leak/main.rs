//! A search of everything that is written for identity numbers, mobiles and cards that are known: none is found.
//!
//! Known numbers go in by every door: the opening, commands over HTTP that are carried out, wait, are refused and repeated, a file
//! imported by a command, notices of the bank. Then all bytes are searched while the program still runs: the files of the database
//! with what its log of changes holds, every row as text, what commands and the API answered, exports, the data folder. A number
//! is looked for in UTF-8 (which for digits is GBK too), UTF-16 of both orders, and as the digits of its bytes.
//!
//! That the search sees what is there is shown by names, which are not sealed. Left out: memory of the running process, and the
//! key file, which opens everything.

#[path = "../races/bed.rs"]
mod bed;

use std::collections::BTreeMap;
use std::path::Path;

use bed::{Bed, Sent};
use serde_json::json;
use shell_cli::{Terminal, run_line};
use shell_pipeline::Origin;
use testkit::Paper;
use testkit::pg::TestPg;

/// What was written, by where it was found.
type Found = BTreeMap<String, Vec<u8>>;

#[test]
fn no_personal_number_is_written_by_sqlite() {
    let mut bed = Bed::open("leak-lite", None);
    let (known, mut found) = live(&mut bed);
    read_folder(bed.folder(), bed.folder(), &mut found);
    assert!(found.keys().any(|name| name.ends_with(".db-wal")), "the log of changes is searched too");
    search(&known, &found);
}

#[test]
fn no_personal_number_is_written_by_postgresql() {
    let server = TestPg::own();
    let address = server.new_database();
    let mut bed = Bed::open("leak-pg", Some(address.clone()));
    let (known, mut found) = live(&mut bed);
    read_folder(bed.folder(), bed.folder(), &mut found);
    let database = address.rsplit('/').next().expect("a database");
    // Rows as text, for what the server may have compressed; then its files, its log of changes among them.
    let tables = server.sql(database, "SELECT table_name FROM information_schema.tables WHERE table_schema = 'centre_demo'");
    for table in tables.lines() {
        let rows = server.sql(database, &format!("SELECT t FROM centre_demo.{table} t"));
        found.insert(format!("rows of {table}"), rows.into_bytes());
    }
    server.sql(database, "CHECKPOINT");
    read_folder(server.folder(), server.folder(), &mut found);
    assert!(found.keys().any(|name| name.contains("pg_wal")), "the log of changes is searched too");
    search(&known, &found);
}

/// Known numbers and a known name.
struct Known {
    numbers: Vec<String>,
    name: String,
}

/// Numbers go in by every door; what came back out.
fn live(bed: &mut Bed) -> (Known, Found) {
    let mut numbers = Vec::new();
    for employer in &bed.world.employers {
        numbers.extend([employer.representative.1.clone(), employer.handler.1.clone(), employer.handler.2.clone()]);
        numbers.extend(employer.people.iter().flat_map(|p| [p.id_number.clone(), p.mobile.clone(), p.card.clone()]));
    }
    let name = bed.world.employers[0].people[0].name.clone();
    let mut rng = fastrand::Rng::with_seed(7);
    let nature = bed.world.employers[0].nature;
    let (branch, employer) = (bed.world.employers[0].branch, format!("{:015}", bed.employers[0]));
    let (clerk, reviewer) = (format!("clerk{:02}", branch + 1), format!("reviewer{:02}", branch + 1));
    let mut found = Found::new();
    let mut answers = String::new();
    let mut open = |bed: &mut Bed, key: &str, id: Option<&str>| {
        let p = bed.world.person(&mut rng, nature, false);
        let id = id.unwrap_or(&p.id_number).to_owned();
        let form = json!({
            "employer": employer, "name": p.name, "id_kind": "01", "id_number": id, "mobile": p.mobile, "base": "5000.00",
            "first_month": "2025-07", "card": p.card, "card_bank": "青岚农商银行",
        });
        let sent = Sent::command(clerk.clone(), "collection.member.open", key.to_owned(), form);
        let mut client = bed.client(&clerk);
        let (told, again) = (sent.by(&mut client), sent.by(&mut client));
        let step = Sent { path: sent.path.replace("/cases/", "/previews/"), ..sent };
        answers += &format!("{} {} {}", told.1, again.1, step.by(&mut client).1);
        numbers.extend([p.id_number, p.mobile, p.card]);
        (told.1, id)
    };
    // Carried out, refused because it was, refused with a wrong number, waiting.
    let (waiting, id) = open(bed, "one", None);
    let case = waiting["case"].as_str().expect("a case").to_owned();
    let approve = Sent::step(reviewer, &case, "approve", json!({ "digest": waiting["digest"] }));
    assert_eq!(approve.by(&mut bed.client(&approve.login)).0, 200);
    assert_eq!(open(bed, "two", Some(&id)).0["state"], "refused");
    assert_eq!(open(bed, "three", Some("532301199003070013")).0["state"], "refused");
    assert_eq!(open(bed, "four", None).0["state"], "waiting");
    numbers.push("532301199003070013".into());
    for (n, payer) in ["某某", "无名氏"].into_iter().enumerate() {
        let account = format!("621700380001234{n:04}");
        let form = json!({
            "account": sim::year::bank_number(1), "host_serial": format!("LEAK{n}"), "amount": "5.00", "day": bed.centre.day().to_string(),
            "payer_account": account, "payer_name": payer, "remark": "公积金",
        });
        let sent = Sent::command(clerk.clone(), "collection.receipt.record", format!("receipt:{n}"), form);
        answers += &sent.by(&mut bed.client(&clerk)).1.to_string();
        numbers.push(account);
    }
    found.insert("answers of the API".into(), answers.into_bytes());

    // A file by a command: a line that is taken, one that is known, one that is wrong.
    let p = bed.world.person(&mut rng, nature, false);
    let file = std::env::temp_dir().join(format!("anju-leak-{}.csv", std::process::id()));
    let line =
        |id: &str, mobile: &str, card: &str| format!("{employer},{},身份证,{id},{mobile},6000,2025-07,{card},青岚农商银行\n", p.name);
    let text = "单位账号,姓名,证件类型,证件号码,手机号码,缴存基数,首次汇缴年月,银行卡号,开户银行\n".to_owned()
        + &line(&p.id_number, &p.mobile, &p.card)
        + &line(&id, "139", "6217")
        + &line("532301199003070013", &p.mobile, &p.card);
    std::fs::write(&file, text).expect("the temporary folder is writable");
    numbers.extend([p.id_number, p.mobile, p.card]);
    let path = file.display().to_string();
    let commands: [&[&str]; 6] = [
        &["import", "members", &path, "--as", &clerk],
        &["import", "members", &path, "--json", "--accept-good-rows", "--as", &clerk],
        &["case", "show", &case, "--as", &clerk],
        &["export", "hledger"],
        &["report", "unknown", "--json"],
        &["audit", "verify", "--json"],
    ];
    for command in commands {
        found.insert(command[..2].join(" "), run(bed, command));
    }
    std::fs::remove_file(&file).expect("it was written");
    let next = bed.centre.day().succ();
    bed.runtime.block_on(bed.centre.day_end(&Origin::local("test"), Some(next), |_, _| {})).expect("the day ends");
    (Known { numbers, name }, found)
}

/// What a command printed, standard error included.
fn run(bed: &Bed, command: &[&str]) -> Vec<u8> {
    let paper = Paper::default();
    let mut terminal = Terminal {
        out: Box::new(paper.clone()),
        err: Box::new(paper.clone()),
        input: Box::new(std::io::empty()),
        interactive: false,
        environment: Box::new(|name| (name == "ANJU_PASSWORD").then(|| shell_cli::demo::PASSWORD.to_owned())),
        clock: Box::new(|| 1_751_330_000),
    };
    let data = bed.folder().display().to_string();
    let mut line = vec!["anju"];
    line.extend(command);
    line.extend(["--data", &data, "--centre", shell_cli::demo::CODE]);
    if let Some(address) = &bed.database {
        line.extend(["--database", address]);
    }
    bed.runtime.block_on(run_line(&line, &mut terminal));
    let printed = paper.bytes();
    assert!(!printed.is_empty(), "{command:?} printed nothing");
    printed
}

/// Every file below a folder; keys apart, they open everything.
fn read_folder(root: &Path, folder: &Path, found: &mut Found) {
    for entry in std::fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path()) {
        if entry.is_dir() {
            read_folder(root, &entry, found);
        } else if entry.is_file() && !entry.ends_with("keys.json") {
            let name = entry.strip_prefix(root).expect("below it").display().to_string();
            // A server may have taken a file away meanwhile.
            found.extend(std::fs::read(&entry).ok().map(|bytes| (name, bytes)));
        }
    }
}

/// The forms in which a number might stand.
fn forms(text: &str) -> Vec<Vec<u8>> {
    let units: Vec<u16> = text.encode_utf16().collect();
    let little = units.iter().flat_map(|u| u.to_le_bytes()).collect();
    let big = units.iter().flat_map(|u| u.to_be_bytes()).collect();
    let digits: String = text.bytes().map(|b| format!("{b:02x}")).collect();
    vec![text.as_bytes().to_vec(), little, big, digits.to_uppercase().into_bytes(), digits.into_bytes()]
}

fn search(known: &Known, found: &Found) {
    let sees = found.iter().any(|(_, bytes)| bytes.windows(known.name.len()).any(|w| w == known.name.as_bytes()));
    assert!(sees, "the search does not even see the name {}", known.name);
    // All forms of eleven bytes and more, by their first eight: one pass over the bytes.
    let mut needles: BTreeMap<[u8; 8], Vec<Vec<u8>>> = BTreeMap::new();
    for form in known.numbers.iter().filter(|n| n.len() >= 11).flat_map(|n| forms(n)) {
        let begins = form[..8].try_into().expect("eight bytes");
        needles.entry(begins).or_default().push(form);
    }
    // Few pairs of bytes begin a number: the others are passed over without a look into the map.
    let mut pairs = vec![false; 1 << 16];
    let pair = |bytes: &[u8]| usize::from(bytes[0]) << 8 | usize::from(bytes[1]);
    needles.keys().for_each(|begins| pairs[pair(begins)] = true);
    let mut leaks = Vec::new();
    for (name, bytes) in found {
        for at in 0..bytes.len().saturating_sub(8) {
            if !pairs[pair(&bytes[at..])] {
                continue;
            }
            let begins: [u8; 8] = bytes[at..at + 8].try_into().expect("eight bytes");
            let whole = needles.get(&begins).and_then(|forms| forms.iter().find(|form| bytes[at..].starts_with(form)));
            if let Some(form) = whole {
                leaks.push(format!("{name} at {at}: {}", String::from_utf8_lossy(form)));
            }
        }
    }
    assert!(leaks.is_empty(), "{} numbers in the clear:\n{}", leaks.len(), leaks[..leaks.len().min(20)].join("\n"));
}
