//! Digests (摘要): SM3 over the printed effect lines, shown in groups of four and signed by the reviewer.

use std::fmt;

use serde::{Deserialize, Serialize};
use sm3::{Digest as _, Sm3};

/// A digest of 32 bytes.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct Digest(pub [u8; 32]);

impl Digest {
    /// SM3 of some bytes.
    pub fn of(bytes: &[u8]) -> Digest {
        Digest(Sm3::digest(bytes).into())
    }
    /// SM3 over lines, each ended by a line feed.
    pub fn of_lines<S: AsRef<str>>(lines: impl IntoIterator<Item = S>) -> Digest {
        let mut hasher = Sm3::new();
        for line in lines {
            hasher.update(line.as_ref().as_bytes());
            hasher.update(b"\n");
        }
        Digest(hasher.finalize().into())
    }
    /// From 64 hexadecimal digits, blanks ignored.
    pub fn parse(text: &str) -> Option<Digest> {
        let hex: Vec<u8> = text.bytes().filter(|b| !b.is_ascii_whitespace()).collect();
        if hex.len() != 64 {
            return None;
        }
        let mut bytes = [0; 32];
        for (i, pair) in hex.chunks(2).enumerate() {
            bytes[i] = u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()?;
        }
        Some(Digest(bytes))
    }
    /// The first sixteen digits in groups of four, for the chip on a page.
    pub fn short(&self) -> String {
        let hex = self.to_string();
        [&hex[0..4], &hex[4..8], &hex[8..12], &hex[12..16]].join(" ")
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|b| write!(f, "{b:02x}"))
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Serialize for Digest {
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Digest {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let text = String::deserialize(d)?;
        Digest::parse(&text).ok_or_else(|| serde::de::Error::custom("64 hexadecimal digits"))
    }
}

/// First eight bytes of SM3 as a number.
pub(crate) fn short(bytes: &[u8]) -> u64 {
    let d = Sm3::digest(bytes);
    d.iter().take(8).fold(0, |n, b| (n << 8) | u64::from(*b))
}
