//! Attachments (附件): real files, told by content, kept outside any web root under the hash of what they hold.
//!
//! Rule: handbook 17 §13: pdf, jpg, png and ofd, at most the size that policy sets; kind and size are checked on the content.
//! A file is on disk before its row is; a file without a row is harmless, a row without a file would not be.

use std::collections::VecDeque;
use std::path::PathBuf;
use std::sync::Mutex;

use core_case::digest::Digest;
use core_case::ids::{CaseId, UserId};
use shell_store::db::Outcome;
use shell_store::effects::{AuditEntry, Moment, Writer};
use shell_store::numbers::Range;
use shell_store::views::cases::{self, Attachment};
use tokio::io::AsyncWriteExt;

use crate::app::App;
use crate::fault::Fault;
use crate::posted::Upload;
use crate::ui::problems::Problem;
use crate::who::Who;
use crate::words;

/// Largest body of a request with attachments.
pub(crate) const REQUEST_LIMIT: usize = 64 * 1024 * 1024;

/// A file whose kind and size were found right.
#[derive(Clone)]
pub(crate) struct Accepted {
    /// Piece of the material list; empty for another one.
    pub(crate) material: String,
    /// Name as uploaded.
    pub(crate) name: String,
    media: &'static str,
    ending: &'static str,
    bytes: axum::body::Bytes,
}

/// The size policy allows, in MiB.
pub(crate) fn mebibytes(app: &App) -> i64 {
    app.centre.setting::<i64>("administration.attachment.size").unwrap_or(0)
}

/// What a file is by its first bytes: media type and ending; none for what may not be attached.
pub fn kind(bytes: &[u8]) -> Option<(&'static str, &'static str)> {
    match bytes {
        [b'%', b'P', b'D', b'F', b'-', ..] => Some(("application/pdf", "pdf")),
        [0xff, 0xd8, 0xff, ..] => Some(("image/jpeg", "jpg")),
        [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n', ..] => Some(("image/png", "png")),
        // OFD (GB/T 33190) is a zip whose root names itself; the entry stands near the beginning.
        [b'P', b'K', 3, 4, ..] if bytes.windows(7).take(65_536).any(|w| w == b"OFD.xml") => Some(("application/ofd", "ofd")),
        _ => None,
    }
}

/// Checks uploaded files by content and size: those that may be attached, and a problem for each that may not.
pub(crate) fn accepted(app: &App, files: &[Upload]) -> (Vec<Accepted>, Vec<Problem>) {
    let most = mebibytes(app);
    let (mut list, mut problems) = (Vec::new(), Vec::new());
    for file in files {
        let material = match file.field.strip_prefix("material-") {
            Some(code) => code.to_owned(),
            None if file.field == "attachments" => String::new(),
            None => continue,
        };
        let name: String = file.name.chars().filter(|c| !c.is_control()).collect();
        let mut refuse = |found: String, remedy: &'static str| {
            let problem = Problem { at: format!("#field-{}", file.field).into(), ..words::told(found) };
            problems.push(problem.remedy(remedy));
        };
        match kind(&file.bytes) {
            None => refuse(format!("附件“{name}”的内容不是 PDF、JPG、PNG 或 OFD，没有收下。"), "换成这四种文件之一再提交。"),
            Some(_) if i64::try_from(file.bytes.len()).unwrap_or(i64::MAX) > most.saturating_mul(1024 * 1024) => {
                refuse(format!("附件“{name}”超过 {most} MB，没有收下。"), "压缩或分成几份再提交。");
            }
            Some((media, ending)) => list.push(Accepted { material, name, media, ending, bytes: file.bytes.clone() }),
        }
    }
    (list, problems)
}

/// Files of a form that was not accepted yet (已收材料): they wait in memory for its next submission, so that nobody uploads twice.
/// Named by user and form; the oldest make room, and what is lost is asked for again.
#[derive(Default)]
pub(crate) struct Staged(Mutex<VecDeque<Waiting>>);

/// Files of one form: whose, which, what.
struct Waiting {
    by: UserId,
    form: String,
    files: Vec<Accepted>,
}

impl Staged {
    /// Bytes that wait at most, of all users together.
    const MOST: usize = 256 * 1024 * 1024;

    /// Takes what waits for a form.
    pub(crate) fn take(&self, user: UserId, form: &str) -> Vec<Accepted> {
        let mut all = self.0.lock().unwrap_or_else(|p| p.into_inner());
        let at = all.iter().position(|waiting| waiting.by == user && waiting.form == form);
        at.and_then(|at| all.remove(at)).map_or_else(Vec::new, |waiting| waiting.files)
    }

    /// Lets files wait for a form.
    pub(crate) fn put(&self, user: UserId, form: &str, files: Vec<Accepted>) {
        if files.is_empty() {
            return;
        }
        let mut all = self.0.lock().unwrap_or_else(|p| p.into_inner());
        all.push_back(Waiting { by: user, form: form.to_owned(), files });
        let size = |all: &VecDeque<Waiting>| all.iter().flat_map(|waiting| &waiting.files).map(|f| f.bytes.len()).sum::<usize>();
        while all.len() > 1 && size(&all) > Self::MOST {
            all.pop_front();
        }
    }
}

fn place(app: &App, hash: &str) -> PathBuf {
    app.settings.data.join("attachments").join(&hash[..2]).join(hash)
}

/// Keeps a file and registers it with its case, in one unit with the audit record.
///
/// # Errors
/// When the disk or the store does not take it.
pub(crate) async fn keep(app: &App, who: &Who, case: CaseId, file: Accepted) -> Result<i64, Fault> {
    let hash = Digest::of(&file.bytes).to_string();
    let path = place(app, &hash);
    let broken = |e: std::io::Error| Fault::Broken(format!("attachment: {e}"));
    if !tokio::fs::try_exists(&path).await.map_err(broken)? {
        if let Some(folder) = path.parent() {
            tokio::fs::create_dir_all(folder).await.map_err(broken)?;
        }
        let half = path.with_extension(format!("part-{}", who.origin.request));
        let mut out = tokio::fs::File::create(&half).await.map_err(broken)?;
        out.write_all(&file.bytes).await.map_err(broken)?;
        out.sync_all().await.map_err(broken)?;
        tokio::fs::rename(&half, &path).await.map_err(broken)?;
    }
    let store = &app.centre.store;
    let day = app.centre.day();
    store.numbers.prime(&store.db, &[Range::Attachment, Range::Audit]).await?;
    let moment = Moment {
        day,
        now: who.origin.now,
        actor: who.actor.user,
        address: who.origin.address.clone(),
        request: who.origin.request.clone(),
    };
    let mut writer = Writer::new(store, moment);
    let id = writer.attachment_number().map_err(|e| Fault::Broken(e.to_string()))?;
    let size = i64::try_from(file.bytes.len()).unwrap_or(i64::MAX);
    let row = Attachment {
        id,
        case,
        name: ended(&file.name, file.ending),
        media: file.media.to_owned(),
        size,
        hash: hash.clone(),
        by: who.actor.user,
        at: who.origin.now,
        material: file.material,
    };
    writer.also([cases::register(&row)]);
    let entry = AuditEntry {
        kind: "attachment".into(),
        object: format!("case:{}", case.0),
        detail: serde_json::json!({ "attachment": id, "hash": hash, "size": size }).to_string(),
        result: "done".into(),
        effects: String::new(),
    };
    writer.audit(entry).map_err(|e| Fault::Broken(e.to_string()))?;
    let (unit, lease) = writer.finish();
    match store.db.commit(unit).await {
        Outcome::Done(_) => Ok(id),
        other => {
            store.numbers.not_committed(&other, lease);
            other.done().map(|_| id).map_err(Fault::from)
        }
    }
}

/// The name with the ending that its content has.
fn ended(name: &str, ending: &str) -> String {
    let lower = name.to_lowercase();
    if lower.ends_with(&format!(".{ending}")) || (ending == "jpg" && lower.ends_with(".jpeg")) {
        name.to_owned()
    } else {
        format!("{name}.{ending}")
    }
}

/// The content of an attachment, checked against its hash before it is given.
///
/// # Errors
/// When it is not there or was altered.
pub(crate) async fn content(app: &App, attachment: &Attachment) -> Result<Vec<u8>, Fault> {
    let bytes =
        tokio::fs::read(place(app, &attachment.hash)).await.map_err(|e| Fault::Broken(format!("attachment {}: {e}", attachment.id)))?;
    if Digest::of(&bytes).to_string() != attachment.hash {
        return Err(Fault::Broken(format!("attachment {} does not agree with its hash", attachment.id)));
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_told_by_content_not_by_name() {
        let table: [(&[u8], Option<&str>); 6] = [
            (b"%PDF-1.7 ...", Some("pdf")),
            (&[0xff, 0xd8, 0xff, 0xe0], Some("jpg")),
            (b"\x89PNG\r\n\x1a\n....", Some("png")),
            (b"PK\x03\x04..........OFD.xml....", Some("ofd")),
            (b"PK\x03\x04 a workbook", None),
            (b"<html>", None),
        ];
        for (bytes, expected) in table {
            assert_eq!(kind(bytes).map(|(_, ending)| ending), expected);
        }
        assert_eq!(ended("扫描件.JPEG", "jpg"), "扫描件.JPEG");
        assert_eq!(ended("扫描件", "pdf"), "扫描件.pdf");
    }
}
