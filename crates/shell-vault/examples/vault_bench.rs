//! What sealing, indexing and proving cost: `cargo run --release -p shell-vault --example vault_bench [fields]`.
//!
//! Prints nanoseconds an operation on one thread, for identity numbers of 18 characters and audit records of usual size.

use jiff::civil::date;
use shell_vault::audit::{AuditContent, AuditRecord, SealRoot, verify_chain};
use shell_vault::password::{Cost, PasswordHash};
use shell_vault::sealed::{Sealer, open};
use shell_vault::{KeyRing, KeyVersion, Place, Search, SystemEntropy, VaultError, blind_index};
use std::time::Instant;

fn main() -> Result<(), VaultError> {
    let fields: u64 = std::env::args().nth(1).and_then(|n| n.parse().ok()).unwrap_or(400_000);
    let mut entropy = SystemEntropy::new();
    let ring = KeyRing::generate(date(2026, 11, 24), &mut entropy)?;
    let values: Vec<(String, String)> = (0..fields).map(|n| (n.to_string(), format!("5323011990{:08}", n % 100_000_000))).collect();

    let start = Instant::now();
    let mut sealer = Sealer::new(&ring, "member", "id_number");
    let mut stored = Vec::with_capacity(values.len());
    for (row, text) in &values {
        stored.push(sealer.seal(row, text.as_bytes(), &mut entropy)?);
    }
    report("seal a field", fields, start);

    let start = Instant::now();
    for ((row, _), bytes) in values.iter().zip(&stored) {
        open(&ring, &Place { table: "member", column: "id_number", row }, bytes)?;
    }
    report("open a field", fields, start);

    let start = Instant::now();
    let mut seen = 0u64;
    for (_, text) in &values {
        for search in [Search::Whole, Search::LastSix] {
            seen += u64::from(blind_index(&ring, KeyVersion::FIRST, search, "id_number", text)?.is_some());
        }
    }
    report("index whole or last six", seen, start);

    let content = |id| AuditContent {
        id,
        at: 1_795_483_800,
        day: "2026-11-24",
        actor: 3,
        address: "10.0.0.3",
        kind: "collection.remittance",
        object: "case 012611240000007 employer 98260701000012",
        detail: "{\"state\":\"posted\",\"lines\":1000,\"total\":\"178500.00\"}",
        result: "done",
        request: "01JD7W4Q1N6Z3C9V2M8K5T0XRA",
        effects: "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0",
    };
    let count = i64::try_from(fields / 4).unwrap_or(i64::MAX);
    let start = Instant::now();
    let mut records = Vec::new();
    for id in 1..=count {
        let content = content(id);
        records.push(AuditRecord { id, canonical: content.canonical(), mac: Some(content.mac(&ring)) });
    }
    report("sign an audit record", records.len() as u64, start);

    let start = Instant::now();
    let mut seals = Vec::new();
    let mut previous = None;
    for chunk in records.chunks(1_000) {
        let mut root = SealRoot::after(previous);
        for record in chunk {
            if let Some(code) = &record.mac {
                root.add(record.id, code)?;
            }
        }
        let seal = root.chain(&ring, "2026-11-24")?;
        previous = Some(seal.link());
        seals.push(seal);
    }
    report("seal an audit record", records.len() as u64, start);

    let start = Instant::now();
    let proved = verify_chain(&ring, previous, seals, records);
    report("prove an audit record", proved.records, start);
    println!("{:>28}  {}", "chain holds", proved.holds());

    for (name, cost) in [("password, standard", Cost::STANDARD), ("password, demonstration", Cost::DEMONSTRATION)] {
        let start = Instant::now();
        PasswordHash::new("Luzhou-4127-xiao", cost, &mut entropy)?;
        report(name, 1, start);
    }
    Ok(())
}

fn report(name: &str, count: u64, start: Instant) {
    let each = start.elapsed().as_nanos() / u128::from(count.max(1));
    println!("{name:>28}  {each:>10} ns each of {count}");
}
