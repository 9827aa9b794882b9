//! Verification codes printed on documents: whoever holds the paper can ask whether it is ours.

use crate::canonical;
use crate::ring::{KeyRing, Purpose};
use crate::suite::Digest;
use subtle::ConstantTimeEq as _;

/// The letters of a code: no 0 O 1 I L, which people confuse on paper (handbook 17 §9).
pub const ALPHABET: &[u8; 31] = b"23456789ABCDEFGHJKMNPQRSTUVWXYZ";

/// Letters in a code.
pub const LENGTH: usize = 12;

/// The verification code of a document (验证码): 12 letters that follow from its kind and number under the active key.
///
/// The number alone does not tell the code, since the key is not in the database (handbook 17 §9); twelve letters are 59 bits,
/// beyond trying through a page. The same document always has the same code, so a reprint needs nothing stored.
/// `kind` keeps equal numbers of two kinds of document apart (`receipt`, `notice`).
#[must_use]
pub fn document_code(ring: &KeyRing, kind: &str, number: &str) -> String {
    let (_, digest) = ring.sign_active(Purpose::Document, &[&canonical::join(&[kind, number])]);
    letters(&digest)
}

/// Whether `typed` is the code of a document (核对验证码), under any key version, since paper outlives a rotation. Spaces, hyphens,
/// lower case and full-width letters are taken as people type them.
#[must_use]
pub fn verify_document_code(ring: &KeyRing, kind: &str, number: &str, typed: &str) -> bool {
    let typed: String = typed
        .chars()
        .map(|c| match c {
            // Full-width letters and digits stand at a fixed distance from their plain forms.
            '！'..='～' => char::from_u32(c as u32 - 0xfee0).unwrap_or(c),
            c => c,
        })
        .filter(|c| !c.is_whitespace() && *c != '-')
        .map(|c| c.to_ascii_uppercase())
        .collect();
    let document = canonical::join(&[kind, number]);
    let mut holds = false;
    for master in ring.masters() {
        let code = letters(&master.sign(Purpose::Document, &[&document]));
        holds |= bool::from(code.as_bytes().ct_eq(typed.as_bytes()));
    }
    holds
}

/// 128 bits of a code as 12 letters of 31: the letters' shares differ by less than 2⁻⁶⁸.
fn letters(code: &Digest) -> String {
    let mut number = code[..16].iter().fold(0u128, |number, byte| number << 8 | u128::from(*byte));
    let mut out = String::with_capacity(LENGTH);
    for _ in 0..LENGTH {
        out.push(char::from(ALPHABET[(number % 31) as usize]));
        number /= 31;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ring::tests::{ring, rotated};
    use std::collections::HashSet;

    const NUMBER: &str = "012611240000007";

    #[test]
    fn codes_have_twelve_readable_letters_and_differ_by_number_kind_and_key() {
        let ring = ring();
        let mut seen = HashSet::new();
        for serial in 0..2_000 {
            let code = document_code(&ring, "receipt", &format!("0126112400{serial:05}"));
            assert_eq!(code.len(), 12);
            assert!(!code.contains(['0', 'O', '1', 'I', 'L']), "{code}");
            assert!(seen.insert(code));
        }
        let code = document_code(&ring, "receipt", NUMBER);
        assert_ne!(code, document_code(&ring, "notice", NUMBER));
        assert_ne!(code, document_code(&rotated(), "receipt", NUMBER));
    }

    #[test]
    fn a_code_holds_as_typed_also_after_a_rotation_and_for_its_own_document_only() {
        let code = document_code(&ring(), "receipt", NUMBER);
        let ring = rotated();
        let grouped = format!(" {}-{} {} ", &code[..4], code[4..8].to_lowercase(), &code[8..]);
        let wide: String = code.bytes().filter_map(|b| char::from_u32(u32::from(b) + 0xfee0)).collect();
        for typed in [code.as_str(), &grouped, &wide] {
            assert!(verify_document_code(&ring, "receipt", NUMBER, typed), "{typed}");
        }
        for typed in ["", &code[..11], "222222222222"] {
            assert!(!verify_document_code(&ring, "receipt", NUMBER, typed), "{typed}");
        }
        assert!(!verify_document_code(&ring, "receipt", "012611240000008", &code));
    }

    #[test]
    fn each_letter_comes_about_equally_often() {
        let ring = ring();
        let mut count = std::collections::HashMap::new();
        for serial in 0..3_100 {
            for letter in document_code(&ring, "receipt", &serial.to_string()).chars() {
                *count.entry(letter).or_insert(0) += 1;
            }
        }
        assert_eq!(count.len(), 31);
        assert!(count.values().all(|n| (1_000..1_400).contains(n)), "1,200 expected of each: {count:?}");
    }
}
