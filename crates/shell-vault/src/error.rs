//! What can go wrong with keys and secrets, each with what the operator can do.

use std::path::PathBuf;

/// An error of the vault. Sentences are Chinese, because an operator of the centre reads them at the terminal; none holds a
/// secret or a personal value.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum VaultError {
    /// The key file is absent.
    #[error("找不到密钥文件 {path}。新中心请先运行 anju init；已有中心请从保管处取回该文件，没有它，加密的数据无法打开")]
    KeyFileMissing {
        /// Where it was looked for.
        path: PathBuf,
    },
    /// `create` met a key file that is already there; it is never overwritten.
    #[error("密钥文件 {path} 已经存在，不会覆盖。要更换密钥，请运行 anju key rotate")]
    KeyFileExists {
        /// The file.
        path: PathBuf,
    },
    /// The key file can be read or written by others than its owner.
    #[error("密钥文件 {path} 的权限是 {mode:04o}，本机其他用户也能访问。请运行 chmod 600 {path}，并考虑更换密钥")]
    KeyFileOpenToOthers {
        /// The file.
        path: PathBuf,
        /// Its permission bits.
        mode: u32,
    },
    /// Another key command holds the work file, or one was interrupted.
    #[error("另一条密钥命令正在进行，或上次被中断。确认没有命令在运行后，删除 {path} 再试")]
    KeyFileBusy {
        /// The work file, which is also the lock.
        path: PathBuf,
    },
    /// The key file does not hold what it should.
    #[error("密钥文件 {path} 内容不完整或被改动（{what}）。请用保管的副本替换")]
    KeyFileDamaged {
        /// The file.
        path: PathBuf,
        /// What was found, without any key material.
        what: String,
    },
    /// The operating system refused to read or write the key file.
    #[error("无法读写密钥文件 {path}：{source}")]
    KeyFileUnreachable {
        /// The file.
        path: PathBuf,
        /// The system's answer.
        source: std::io::Error,
    },
    /// The ring has no key of the version a stored value names.
    #[error("密钥环中没有第 {version} 版密钥。请核对密钥文件是否属于本中心、是否为最新的一份")]
    UnknownKeyVersion {
        /// The version that the stored value names.
        version: u8,
    },
    /// All 255 versions are used.
    #[error("密钥版本已用完（255 版），不能再更换")]
    NoVersionLeft,
    /// The operating system gave no random bytes.
    #[error("操作系统没有给出随机数：{0}")]
    NoEntropy(String),
    /// A stored value is too short or has the wrong form.
    #[error("{what}的存储格式不正确")]
    Malformed {
        /// What was read, in Chinese.
        what: &'static str,
    },
    /// A sealed field fails its authentication: altered, or moved from another place.
    #[error("{table}.{column}（行 {row}）的密文未通过校验：被改动过，或是从别处移来的")]
    NotAuthentic {
        /// Table of the field.
        table: String,
        /// Column of the field.
        column: String,
        /// Row key of the field.
        row: String,
    },
    /// A seal was asked for over no record, or over records that do not follow the last one.
    #[error("审计封签的记录号必须递增且不为空：在 {after} 之后遇到 {found}")]
    SealOutOfOrder {
        /// The last record id before.
        after: i64,
        /// The id met; equal to `after` when there was none.
        found: i64,
    },
    /// A password could not be hashed with the given cost.
    #[error("无法计算密码摘要：{0}")]
    PasswordHash(String),
}
