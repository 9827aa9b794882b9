//! The closed cipher of the session (会话加密), behind an interface (handbook 11 §7).

/// Why a body cannot be sealed or opened.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("报文加解密失败：{0}")]
pub struct CipherError(pub String);

/// Cipher of bodies and coding of files in a session (报文加密、文件编码). At a real site an adapter to the operator's component; its key
/// comes with the answer to the sign-in.
pub trait Cipher: Send + Sync {
    /// Takes the key of the session (`HandKey`).
    ///
    /// Errors: no such key.
    fn session(&mut self, key: &str) -> Result<(), CipherError>;

    /// The body as it travels.
    ///
    /// Errors: no session yet; the component's own.
    fn seal(&self, body: &[u8]) -> Result<Vec<u8>, CipherError>;

    /// The body as it was.
    ///
    /// Errors: no session yet; a body that was altered or sealed by another key.
    fn open(&self, body: &[u8]) -> Result<Vec<u8>, CipherError>;

    /// A file as the text of its `DATA` field.
    ///
    /// Errors: the component's own.
    fn pack(&self, file: &[u8]) -> Result<String, CipherError>;

    /// The file in a `DATA` field.
    ///
    /// Errors: no such coding.
    fn unpack(&self, data: &str) -> Result<Vec<u8>, CipherError>;
}
