//! One byte string for one content, so that a code or digest over it means exactly one thing.

/// The canonical encoding of named values (规范编码).
///
/// Layout, all lengths as eight bytes big-endian: the kind (length, UTF-8), then for each value in the order given its name
/// (length, UTF-8), a tag byte (0 absent, 1 text, 2 integer, 3 bytes) and its content (length, bytes; an integer is eight bytes
/// big-endian two's complement, an absent value has length 0). Since every part carries its length, no two different contents
/// give the same bytes: "ab","c" is not "a","bc", and absent is not empty. The order is the writer's and part of the content.
///
/// Left out: sorting, floats (there are none near money) and Unicode normalisation; the bytes are what is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Canonical {
    bytes: Vec<u8>,
}

impl Canonical {
    /// An encoding that begins with its kind, such as `audit.1`; another layout takes another kind.
    #[must_use]
    pub fn new(kind: &str) -> Self {
        let mut bytes = Vec::with_capacity(512);
        push(&mut bytes, kind.as_bytes());
        Canonical { bytes }
    }

    /// Adds a text.
    #[must_use]
    pub fn text(self, name: &str, value: &str) -> Self {
        self.value(name, 1, value.as_bytes())
    }

    /// Adds a text that may be absent.
    #[must_use]
    pub fn optional(self, name: &str, value: Option<&str>) -> Self {
        match value {
            Some(value) => self.text(name, value),
            None => self.value(name, 0, b""),
        }
    }

    /// Adds an integer: an id, a count, an amount in fen.
    #[must_use]
    pub fn int(self, name: &str, value: i64) -> Self {
        self.value(name, 2, &value.to_be_bytes())
    }

    /// Adds bytes that may be absent: a digest, a ciphertext.
    #[must_use]
    pub fn bytes(self, name: &str, value: Option<&[u8]>) -> Self {
        match value {
            Some(value) => self.value(name, 3, value),
            None => self.value(name, 0, b""),
        }
    }

    /// The finished bytes.
    #[must_use]
    pub fn finish(self) -> Vec<u8> {
        self.bytes
    }

    fn value(mut self, name: &str, tag: u8, content: &[u8]) -> Self {
        push(&mut self.bytes, name.as_bytes());
        self.bytes.push(tag);
        push(&mut self.bytes, content);
        self
    }
}

/// The parts, each behind its length, so that their boundaries count.
pub(crate) fn join(parts: &[&str]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(64);
    for part in parts {
        push(&mut bytes, part.as_bytes());
    }
    bytes
}

/// Appends `part` behind its length (eight bytes big-endian).
pub(crate) fn push(bytes: &mut Vec<u8>, part: &[u8]) {
    bytes.extend_from_slice(&(part.len() as u64).to_be_bytes());
    bytes.extend_from_slice(part);
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_layout_is_as_documented() {
        let bytes = Canonical::new("k").text("t", "ab").int("i", -1).bytes("b", Some(&[9])).optional("o", None).finish();
        let mut expected = Vec::new();
        for part in [
            &[0, 0, 0, 0, 0, 0, 0, 1, b'k'][..],
            &[0, 0, 0, 0, 0, 0, 0, 1, b't', 1, 0, 0, 0, 0, 0, 0, 0, 2, b'a', b'b'],
            &[0, 0, 0, 0, 0, 0, 0, 1, b'i', 2, 0, 0, 0, 0, 0, 0, 0, 8, 255, 255, 255, 255, 255, 255, 255, 255],
            &[0, 0, 0, 0, 0, 0, 0, 1, b'b', 3, 0, 0, 0, 0, 0, 0, 0, 1, 9],
            &[0, 0, 0, 0, 0, 0, 0, 1, b'o', 0, 0, 0, 0, 0, 0, 0, 0, 0],
        ] {
            expected.extend_from_slice(part);
        }
        assert_eq!(bytes, expected);
    }

    #[test]
    fn absent_empty_and_shifted_values_are_all_different() {
        let of = |a: Option<&str>, b: Option<&str>| Canonical::new("k").optional("a", a).optional("b", b).finish();
        let all = [
            of(None, None),
            of(Some(""), None),
            of(None, Some("")),
            of(Some("ab"), Some("c")),
            of(Some("a"), Some("bc")),
            of(Some("abc"), None),
        ];
        for (i, x) in all.iter().enumerate() {
            for y in &all[i + 1..] {
                assert_ne!(x, y);
            }
        }
    }

    proptest! {
        #[test]
        fn two_lists_of_values_share_their_bytes_only_when_equal(
            a in proptest::collection::vec(proptest::option::of("[a-c]{0,3}"), 0..4),
            b in proptest::collection::vec(proptest::option::of("[a-c]{0,3}"), 0..4),
        ) {
            let of = |list: &[Option<String>]| {
                list.iter().fold(Canonical::new("k"), |c, v| c.optional("v", v.as_deref())).finish()
            };
            prop_assert_eq!(of(&a) == of(&b), a == b);
        }
    }
}
