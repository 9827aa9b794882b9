//! The key file: `keys.json`, readable by its owner only, replaced as a whole.
//!
//! ```json
//! {"format":1,"keys":[{"version":1,"created":"2026-11-24","suite":"sm3-hmac-sm4-gcm","secret":"<64 digits>","check":"<8 digits>"}]}
//! ```
//!
//! The last version is the active one. `check` is the fingerprint of the secret, so that a copy typed from paper proves itself.
//! Writing goes to `keys.json.new` (which is also the lock between two commands), is flushed to disk, and takes the file's name
//! in one step; so after a crash either the old ring or the new one is there.

use crate::entropy::Entropy;
use crate::error::VaultError;
use crate::hex;
use crate::ring::{KeyRing, KeyVersion, Master};
use crate::suite::Suite;
use jiff::civil::Date;
use serde::Deserialize;
use std::fs::{self, File, OpenOptions};
use std::io::{ErrorKind, Read as _, Write as _};
use std::path::{Path, PathBuf};
use zeroize::Zeroizing;

/// A key file is smaller than this even with 255 versions; more is not a key file.
const LONGEST: u64 = 128 * 1024;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FileText {
    format: u32,
    keys: Vec<KeyText>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct KeyText {
    version: u8,
    created: String,
    suite: String,
    secret: Zeroizing<String>,
    check: String,
}

impl KeyRing {
    /// Makes a new ring and its file (初始化密钥), for `init`. `created` is the day written beside the first version.
    ///
    /// # Errors
    /// [`VaultError::KeyFileExists`] rather than overwriting one; [`VaultError::KeyFileBusy`] when another command is at it;
    /// [`VaultError::KeyFileUnreachable`]; [`VaultError::NoEntropy`].
    pub fn create_file(path: &Path, created: Date, entropy: &mut dyn Entropy) -> Result<KeyRing, VaultError> {
        let work = WorkFile::begin(path)?;
        if path.exists() {
            return Err(VaultError::KeyFileExists { path: path.into() });
        }
        let ring = KeyRing::generate(created, entropy)?;
        work.finish(&ring)?;
        Ok(ring)
    }

    /// Reads the ring of a file (读取密钥).
    ///
    /// # Errors
    /// [`VaultError::KeyFileMissing`]; [`VaultError::KeyFileOpenToOthers`] when group or others have any right to it;
    /// [`VaultError::KeyFileDamaged`] when it is not a key file, a secret does not fit its check digits or a version is missing;
    /// [`VaultError::KeyFileUnreachable`]. Each says what to do.
    pub fn load_file(path: &Path) -> Result<KeyRing, VaultError> {
        let file = File::open(path).map_err(|source| match source.kind() {
            ErrorKind::NotFound => VaultError::KeyFileMissing { path: path.into() },
            _ => unreachable_file(path, source),
        })?;
        let meta = file.metadata().map_err(|source| unreachable_file(path, source))?;
        // The rights of the open file, not of the name: the name could point elsewhere by now.
        refuse_open_to_others(path, &meta)?;
        if meta.len() > LONGEST {
            return Err(damaged(path, "文件过大"));
        }
        // Room for the whole text from the start, so that growing leaves no copy behind.
        let mut text = Zeroizing::new(String::with_capacity(LONGEST as usize));
        (&file).take(LONGEST).read_to_string(&mut text).map_err(|source| unreachable_file(path, source))?;
        parse(&text).map_err(|what| damaged(path, what))
    }

    /// Adds a version to the file of a ring (更换密钥), for `key rotate`, and gives the new ring. Two commands at once cannot lose
    /// a version: the work file is the lock, and the ring is read under it. Running servers keep the ring they loaded; they must
    /// load the file again before they meet a value of the new version.
    ///
    /// # Errors
    /// As [`KeyRing::load_file`] and [`KeyRing::rotate`]; [`VaultError::KeyFileBusy`].
    pub fn rotate_file(path: &Path, created: Date, entropy: &mut dyn Entropy) -> Result<KeyRing, VaultError> {
        let work = WorkFile::begin(path)?;
        let mut ring = KeyRing::load_file(path)?;
        ring.rotate(created, entropy)?;
        work.finish(&ring)?;
        Ok(ring)
    }
}

fn parse(text: &str) -> Result<KeyRing, String> {
    // serde's own message can quote the input; the place is enough.
    let file: FileText = serde_json::from_str(text).map_err(|e| format!("第 {} 行第 {} 列不是预期的内容", e.line(), e.column()))?;
    if file.format != 1 {
        return Err(format!("格式 {} 不是本程序认识的格式", file.format));
    }
    let mut masters = Vec::with_capacity(file.keys.len());
    for key in file.keys {
        let wrong = |what: &str| format!("第 {} 版密钥的{what}不正确", key.version);
        let version = KeyVersion::of(key.version).ok_or_else(|| wrong("版本号"))?;
        let created = day(&key.created).ok_or_else(|| wrong("日期"))?;
        let suite = Suite::of_name(&key.suite).ok_or_else(|| wrong("算法"))?;
        let secret = hex::read::<32>(&key.secret).ok_or_else(|| wrong("密钥"))?;
        let master = Master::new(version, created, suite, secret);
        if master.fingerprint() != key.check {
            return Err(wrong("密钥或指纹"));
        }
        masters.push(master);
    }
    KeyRing::of(masters).map_err(str::to_owned)
}

/// Exactly `YYYY-MM-DD`; the date library alone would take other spellings, too.
fn day(text: &str) -> Option<Date> {
    let date: Date = text.parse().ok()?;
    (date.to_string() == text).then_some(date)
}

/// The text of a ring. Built by hand and in one piece of memory, so that wiping it wipes every copy.
fn text(ring: &KeyRing) -> Zeroizing<String> {
    let mut out = Zeroizing::new(String::with_capacity(64 + ring.masters().len() * 256));
    out.push_str("{\"format\":1,\"keys\":[");
    for (i, master) in ring.masters().iter().enumerate() {
        out.push_str(if i == 0 { "\n" } else { ",\n" });
        let head = format!(
            "{{\"version\":{},\"created\":\"{}\",\"suite\":\"{}\",\"check\":\"{}\",\"secret\":\"",
            master.version,
            master.created,
            master.suite.name(),
            master.fingerprint()
        );
        out.push_str(&head);
        hex::push(&mut out, master.secret.as_slice());
        out.push_str("\"}");
    }
    out.push_str("\n]}\n");
    out
}

/// The file under which a new ring is written before it takes the name; as long as it exists, nobody else may begin.
struct WorkFile {
    path: PathBuf,
    work: PathBuf,
    file: File,
    done: bool,
}

impl WorkFile {
    fn begin(path: &Path) -> Result<WorkFile, VaultError> {
        let mut name = path.file_name().unwrap_or_default().to_owned();
        name.push(".new");
        let work = path.with_file_name(name);
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = options.open(&work).map_err(|source| match source.kind() {
            ErrorKind::AlreadyExists => VaultError::KeyFileBusy { path: work.clone() },
            _ => unreachable_file(&work, source),
        })?;
        Ok(WorkFile { path: path.into(), work, file, done: false })
    }

    fn finish(mut self, ring: &KeyRing) -> Result<(), VaultError> {
        let written = self
            .file
            .write_all(text(ring).as_bytes())
            .and_then(|()| self.file.sync_all())
            .and_then(|()| fs::rename(&self.work, &self.path));
        written.map_err(|source| unreachable_file(&self.path, source))?;
        self.done = true;
        // The new name is on disk only when its folder is.
        let folder = self.path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
        File::open(folder).and_then(|f| f.sync_all()).map_err(|source| unreachable_file(&self.path, source))
    }
}

impl Drop for WorkFile {
    fn drop(&mut self) {
        if !self.done {
            // Failed on the way: free the lock. If that fails as well, the next command names the file.
            let _ = fs::remove_file(&self.work);
        }
    }
}

#[cfg(unix)]
fn refuse_open_to_others(path: &Path, meta: &fs::Metadata) -> Result<(), VaultError> {
    let mode = std::os::unix::fs::PermissionsExt::mode(&meta.permissions()) & 0o777;
    if mode & 0o077 == 0 { Ok(()) } else { Err(VaultError::KeyFileOpenToOthers { path: path.into(), mode }) }
}

/// Elsewhere rights are not permission bits; the operator's guide says how to protect the folder.
#[cfg(not(unix))]
fn refuse_open_to_others(_: &Path, _: &fs::Metadata) -> Result<(), VaultError> {
    Ok(())
}

fn unreachable_file(path: &Path, source: std::io::Error) -> VaultError {
    VaultError::KeyFileUnreachable { path: path.into(), source }
}

fn damaged(path: &Path, what: impl Into<String>) -> VaultError {
    VaultError::KeyFileDamaged { path: path.into(), what: what.into() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entropy::SeededEntropy;
    use jiff::civil::date;
    use std::os::unix::fs::PermissionsExt as _;

    /// A folder of its own for each test, removed at its end.
    struct Folder(PathBuf);

    impl Folder {
        fn new(name: &str) -> Folder {
            let path = std::env::temp_dir().join(format!("anju-vault-{name}-{}", std::process::id()));
            let _ = fs::remove_dir_all(&path);
            fs::create_dir_all(&path).expect("the temporary folder is writable");
            Folder(path)
        }

        fn keys(&self) -> PathBuf {
            self.0.join("keys.json")
        }
    }

    impl Drop for Folder {
        fn drop(&mut self) {
            let _ = fs::remove_dir_all(&self.0);
        }
    }

    fn create(folder: &Folder) -> KeyRing {
        KeyRing::create_file(&folder.keys(), date(2026, 11, 24), &mut SeededEntropy::new(1)).expect("a fresh folder")
    }

    fn spoil(folder: &Folder, from: &str, to: &str) -> String {
        let text = fs::read_to_string(folder.keys()).expect("there");
        assert!(text.contains(from), "{from} stands in the file");
        fs::write(folder.keys(), text.replacen(from, to, 1)).expect("writable");
        KeyRing::load_file(&folder.keys()).expect_err("spoiled").to_string()
    }

    #[test]
    fn create_load_rotate_load_keep_every_version() {
        let folder = Folder::new("round");
        let made = create(&folder);
        let first = made.fingerprint(KeyVersion::FIRST).expect("known");
        let rotated = KeyRing::rotate_file(&folder.keys(), date(2027, 1, 4), &mut SeededEntropy::new(2)).expect("free");
        let loaded = KeyRing::load_file(&folder.keys()).expect("just written");
        assert_eq!(loaded.active(), rotated.active());
        assert_eq!(loaded.active().number(), 2);
        let days: Vec<String> = loaded.versions().map(|(v, day)| format!("{v} {day}")).collect();
        assert_eq!(days, ["1 2026-11-24", "2 2027-01-04"]);
        assert_eq!(loaded.fingerprint(KeyVersion::FIRST).expect("known"), first);
        let mode = fs::metadata(folder.keys()).expect("there").permissions().mode() & 0o777;
        assert_eq!(mode, 0o600, "only the owner may read it");
        let left: Vec<_> = fs::read_dir(&folder.0).expect("there").collect();
        assert_eq!(left.len(), 1, "no work file stays behind");
    }

    #[test]
    fn an_existing_file_is_never_overwritten() {
        let folder = Folder::new("exists");
        create(&folder);
        let before = fs::read(folder.keys()).expect("there");
        let again = KeyRing::create_file(&folder.keys(), date(2026, 11, 25), &mut SeededEntropy::new(9));
        assert!(matches!(again, Err(VaultError::KeyFileExists { .. })));
        assert_eq!(fs::read(folder.keys()).expect("there"), before);
        KeyRing::rotate_file(&folder.keys(), date(2027, 1, 4), &mut SeededEntropy::new(2)).expect("the lock is free again");
    }

    #[test]
    fn rights_of_others_are_refused_with_the_command_that_mends_them() {
        let folder = Folder::new("rights");
        create(&folder);
        for mode in [0o640, 0o604, 0o666, 0o610] {
            fs::set_permissions(folder.keys(), fs::Permissions::from_mode(mode)).expect("ours");
            let said = KeyRing::load_file(&folder.keys()).expect_err("open to others").to_string();
            assert!(said.contains(&format!("{mode:04o}")) && said.contains("chmod 600"), "{said}");
        }
        fs::set_permissions(folder.keys(), fs::Permissions::from_mode(0o400)).expect("ours");
        KeyRing::load_file(&folder.keys()).expect("read-only for the owner is fine");
    }

    #[test]
    fn a_missing_file_and_a_held_lock_say_what_to_do() {
        let folder = Folder::new("missing");
        let said = KeyRing::load_file(&folder.keys()).expect_err("missing").to_string();
        assert!(said.contains("anju init"), "{said}");
        create(&folder);
        fs::write(folder.0.join("keys.json.new"), "").expect("writable");
        let held = KeyRing::rotate_file(&folder.keys(), date(2027, 1, 4), &mut SeededEntropy::new(2));
        assert!(matches!(held, Err(VaultError::KeyFileBusy { .. })));
        assert_eq!(KeyRing::load_file(&folder.keys()).expect("untouched").active(), KeyVersion::FIRST);
    }

    #[test]
    fn a_damaged_file_is_named_by_its_part_and_quotes_no_secret() {
        let secret = {
            let folder = Folder::new("secret");
            create(&folder);
            let text = fs::read_to_string(folder.keys()).expect("there");
            text.split("\"secret\":\"").nth(1).expect("a secret").chars().take(64).collect::<String>()
        };
        let flipped = if secret.starts_with('0') { "1" } else { "0" };
        let other = format!("{flipped}{}", &secret[1..]);
        for (name, from, to, expect) in [
            ("digit", secret.as_str(), other.as_str(), "密钥或指纹"),
            ("short", secret.as_str(), &secret[1..], "密钥"),
            ("gap", "\"version\":1", "\"version\":3", "不连续"),
            ("zero", "\"version\":1", "\"version\":0", "版本号"),
            ("day", "2026-11-24", "2026-11-4", "日期"),
            ("day", "2026-11-24", "2026-13-24", "日期"),
            ("suite", "sm3-hmac-sm4-gcm", "rot13", "算法"),
            ("format", "\"format\":1", "\"format\":2", "格式 2"),
            ("field", "\"format\":1", "\"format\":1,\"extra\":1", "第 1 行"),
            ("json", "]}", "]", "第"),
        ] {
            let folder = Folder::new(&format!("damaged-{name}"));
            create(&folder);
            let said = spoil(&folder, from, to);
            assert!(said.contains(expect), "{name}: {said}");
            assert!(!said.contains(&secret[1..]), "{name} quotes the secret");
        }
    }
}
