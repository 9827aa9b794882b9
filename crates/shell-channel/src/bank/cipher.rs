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

/// No cipher at all (明文): between the house and its simulator on the same machine, never towards a bank. Files travel as upper-case
/// hexadecimal digits, uncompressed.
#[derive(Debug, Default)]
pub struct Plain;

impl Cipher for Plain {
    fn session(&mut self, _: &str) -> Result<(), CipherError> {
        Ok(())
    }

    fn seal(&self, body: &[u8]) -> Result<Vec<u8>, CipherError> {
        Ok(body.to_vec())
    }

    fn open(&self, body: &[u8]) -> Result<Vec<u8>, CipherError> {
        Ok(body.to_vec())
    }

    fn pack(&self, file: &[u8]) -> Result<String, CipherError> {
        Ok(file.iter().map(|byte| format!("{byte:02X}")).collect())
    }

    fn unpack(&self, data: &str) -> Result<Vec<u8>, CipherError> {
        let digit = |byte: &u8| char::from(*byte).to_digit(16);
        let pair = |pair: &[u8]| match pair {
            [high, low] => digit(high).zip(digit(low)).map(|(high, low)| (high * 16 + low) as u8),
            _ => None,
        };
        data.as_bytes().chunks(2).map(pair).collect::<Option<Vec<u8>>>().ok_or_else(|| CipherError("DATA 不是十六进制".to_owned()))
    }
}
