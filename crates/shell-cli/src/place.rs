//! Which centre a command is about (数据位置): a data folder, or a database and the centre's code.
//!
//! The data folder holds `keys.json`, the attachments, the centre's own policy files in `policy/`, and on SQLite the database
//! itself, `centre_<code>.db`. With PostgreSQL the schema is `centre_<code>`; keys and attachments still lie in the data folder,
//! because a key beside the data it opens protects nothing.

use std::path::{Path, PathBuf};

use clap::Args;
use shell_pipeline::Centre;
use shell_vault::KeyRing;

use crate::failure::Failure;

/// Where the centre lies (位置选项).
#[derive(Args, Clone, Debug)]
pub struct Place {
    /// Data folder.
    #[arg(long, value_name = "目录", default_value = "./anju-data", help = "数据目录：密钥、附件，以及 SQLite 数据库")]
    pub data: PathBuf,
    /// PostgreSQL instead of SQLite.
    #[arg(long, value_name = "地址", help = "PostgreSQL 地址 postgres://…；不给则用数据目录里的 SQLite")]
    pub database: Option<String>,
    /// Code of the centre.
    #[arg(long, value_name = "代码", help = "中心代码；数据目录里只有一个中心时可省略")]
    pub centre: Option<String>,
}

impl Place {
    /// The key file (密钥文件).
    pub fn keys(&self) -> PathBuf {
        self.data.join("keys.json")
    }

    /// The centre's own policy files, where there are any.
    pub fn policy(&self) -> Option<PathBuf> {
        Some(self.data.join("policy")).filter(|folder| folder.is_dir())
    }

    /// The address of the database.
    pub fn address(&self) -> String {
        self.database.clone().unwrap_or_else(|| format!("{}/", self.data.display()))
    }

    /// The centre's code: as given, or the only one of the data folder.
    ///
    /// # Errors
    /// When it is not given and there is none, or more than one.
    pub fn code(&self) -> Result<String, Failure> {
        if let Some(code) = &self.centre {
            let known =
                code.len() <= 32 && !code.is_empty() && code.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
            return if known {
                Ok(code.clone())
            } else {
                Err(Failure::Usage(format!("中心代码“{code}”只能用小写字母、数字和下划线，至多 32 位。")))
            };
        }
        if self.database.is_some() {
            return Err(Failure::Usage("用 --database 时要用 --centre 写明中心代码。".into()));
        }
        let mut found = centres(&self.data);
        match (found.pop(), found.is_empty()) {
            (Some(only), true) => Ok(only),
            (None, _) => Err(Failure::Usage(format!(
                "{} 里还没有中心。先运行 anju init 或 anju demo，或用 --data 指明数据目录。",
                self.data.display()
            ))),
            (Some(last), false) => {
                found.push(last);
                Err(Failure::Usage(format!(
                    "{} 里有 {} 个中心：{}。用 --centre 选一个。",
                    self.data.display(),
                    found.len(),
                    found.join("、")
                )))
            }
        }
    }

    /// Whether a SQLite centre of that code lies in the data folder; on a server nobody knows before asking.
    pub(crate) fn exists(&self, code: &str) -> bool {
        self.database.is_some() || self.data.join(format!("centre_{code}.db")).is_file()
    }

    /// Opens the centre.
    ///
    /// # Errors
    /// When there is none, its keys are missing or a rotation was not finished, or the database does not answer.
    pub async fn open(&self) -> Result<Centre, Failure> {
        let code = self.code()?;
        // Opening SQLite would make an empty file of a name that was misspelt.
        if !self.exists(&code) {
            return Err(Failure::Usage(format!(
                "{} 里没有中心 {code}。先运行 anju init，或用 --data、--centre 指明位置。",
                self.data.display()
            )));
        }
        let centre = self.open_any(&code).await?;
        if shell_store::rotate::left(&centre.store).await? > 0 {
            return Err(Failure::Refused("上次的密钥轮换没有做完。先运行 anju key rotate --as 系统管理员 把它做完。".into()));
        }
        Ok(centre)
    }

    /// Opens the centre also in the middle of a key rotation.
    pub(crate) async fn open_any(&self, code: &str) -> Result<Centre, Failure> {
        let ring = KeyRing::load_file(&self.keys())?;
        Ok(Centre::open(&self.address(), code, ring, self.policy().as_deref()).await?)
    }
}

/// Codes of the centres of a data folder, sorted.
fn centres(folder: &Path) -> Vec<String> {
    let mut found: Vec<String> = std::fs::read_dir(folder)
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| Some(entry.file_name().to_str()?.strip_prefix("centre_")?.strip_suffix(".db")?.to_owned()))
        .collect();
    found.sort();
    found
}
