//! Frames (报文帧): a header of 16 ASCII bytes, the length of the body, the body (handbook 11 §1).

use std::fmt;

use core_case::form::Choice as _;

use super::codes::TxCode;

/// Bytes before a body: header and length.
pub const HEADER: usize = 20;

/// Longest body that is taken: a batch of 300 rows in a file needs some 200 KiB (handbook 11 §3).
pub const MOST_BODY: usize = 16 << 20;

/// A node (节点): a centre (`C52240`), a bank (`104000`) or the hub (`D00000`).
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Node([u8; 6]);

impl Node {
    /// The hub between centres and banks.
    pub const HUB: Node = Node(*b"D00000");

    /// A node by its six letters and digits.
    pub fn parse(text: &str) -> Option<Node> {
        let bytes: [u8; 6] = text.as_bytes().try_into().ok()?;
        bytes.iter().all(|byte| byte.is_ascii_digit() || byte.is_ascii_uppercase()).then_some(Node(bytes))
    }

    /// Its six characters.
    pub fn as_str(&self) -> &str {
        // Letters and digits only, so never anything else than text.
        std::str::from_utf8(&self.0).unwrap_or_default()
    }
}

impl fmt::Debug for Node {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A frame (报文帧).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frame {
    /// Who sends it.
    pub sender: Node,
    /// The transaction; sign-in and sign-out are marked as such in the header.
    pub code: TxCode,
    /// The body, enciphered unless the session is not yet open.
    pub body: Vec<u8>,
}

/// Why bytes are no frame.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FrameError {
    /// No node in the first six bytes.
    #[error("报文头的发送节点不是六位数字或大写字母")]
    Node,
    /// Neither sign-in nor business, or not the one that goes with the transaction.
    #[error("报文头的类型标志与交易码 {0:?} 不符")]
    Kind(TxCode),
    /// A transaction that is not in the list, or padding that is none.
    #[error("报文头的交易码不认得：{0}")]
    Code(String),
    /// Longer than is taken.
    #[error("报文体 {0} 字节，超过 {MOST_BODY} 字节")]
    TooLong(usize),
    /// Body and length differ.
    #[error("报文体应为 {expected} 字节，收到 {found} 字节")]
    Length {
        /// By the header.
        expected: usize,
        /// In hand.
        found: usize,
    },
}

impl Frame {
    /// The bytes on the wire.
    ///
    /// Errors: a body longer than [`MOST_BODY`].
    pub fn encode(&self) -> Result<Vec<u8>, FrameError> {
        let length = u32::try_from(self.body.len()).ok().filter(|_| self.body.len() <= MOST_BODY);
        let length = length.ok_or(FrameError::TooLong(self.body.len()))?;
        let mut bytes = Vec::with_capacity(HEADER + self.body.len());
        bytes.extend(self.sender.0);
        bytes.push(kind(self.code));
        let code = self.code.code().as_bytes();
        bytes.extend(code);
        bytes.resize(16, 0);
        bytes.extend(length.to_be_bytes());
        bytes.extend(&self.body);
        Ok(bytes)
    }

    /// Sender, transaction and length of the body that follows.
    ///
    /// Errors: anything that is not a header; the caller closes the connection, since nothing after it can be trusted.
    pub fn read_header(bytes: &[u8; HEADER]) -> Result<(Node, TxCode, usize), FrameError> {
        let (sender, rest) = bytes.split_at(6);
        let sender = std::str::from_utf8(sender).ok().and_then(Node::parse).ok_or(FrameError::Node)?;
        let padded = String::from_utf8_lossy(&rest[1..10]);
        let code = TxCode::from_code(padded.trim_end_matches('\0')).ok_or_else(|| FrameError::Code(padded.replace('\0', "")))?;
        if rest[0] != kind(code) {
            return Err(FrameError::Kind(code));
        }
        let length = [rest[10], rest[11], rest[12], rest[13]];
        match u32::from_be_bytes(length) as usize {
            length if length > MOST_BODY => Err(FrameError::TooLong(length)),
            length => Ok((sender, code, length)),
        }
    }

    /// A whole frame.
    ///
    /// Errors: no header; a body of another length than it says.
    pub fn decode(bytes: &[u8]) -> Result<Frame, FrameError> {
        let short = FrameError::Length { expected: HEADER, found: bytes.len() };
        let (header, body) = bytes.split_first_chunk::<HEADER>().ok_or(short)?;
        let (sender, code, expected) = Frame::read_header(header)?;
        if body.len() != expected {
            return Err(FrameError::Length { expected, found: body.len() });
        }
        Ok(Frame { sender, code, body: body.to_vec() })
    }
}

/// `1` for signing in and out, `0` for business.
const fn kind(code: TxCode) -> u8 {
    match code {
        TxCode::SignIn | TxCode::SignOut => b'1',
        _ => b'0',
    }
}
