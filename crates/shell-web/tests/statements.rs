//! Every statement that pages ask is prepared on both engines, with the same parameters and the same columns.

use shell_store::db::{Db, Migrations, disagreements, migrate};
use shell_store::views;
use testkit::pg::TestPg;

#[tokio::test]
async fn both_engines_know_every_statement_of_the_pages() {
    let folder = std::env::temp_dir().join(format!("anju-statements-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a temporary folder");
    let migrations = Migrations::shipped().expect("migrations");
    let mut open = Vec::new();
    for address in [folder.display().to_string(), TestPg::database()] {
        migrate(&address, "pages", &migrations).await.expect("migrated");
        open.push(Db::open(&address, "pages").await.expect("opened"));
    }
    for statements in views::QUERIES {
        let lines = disagreements(&open[0], &open[1], statements).await.expect("both answer");
        assert!(lines.is_empty(), "{}", lines.join("\n"));
    }
    drop(open);
    std::fs::remove_dir_all(folder).expect("the folder is ours");
}
