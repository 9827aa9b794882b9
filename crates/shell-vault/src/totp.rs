//! The second factor: time-based one-time codes of an authenticator app.

use crate::entropy::{Entropy, draw};
use crate::error::VaultError;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha1::Sha1;
use subtle::ConstantTimeEq as _;
use zeroize::Zeroizing;

/// Seconds that one code is shown.
pub const STEP_SECONDS: u64 = 30;

/// Digits of a code.
pub const DIGITS: usize = 6;

/// The second factor's secret (动态口令密钥): 20 bytes shared with the app on the user's phone.
///
/// Staff and employers log in with two factors, one of them cryptographic (handbook 12 §1, no. 6). Codes follow RFC 6238 with
/// HMAC-SHA-1, six digits and 30 seconds, because that is what every authenticator app computes; the digest protects nothing
/// else here. The secret is stored sealed ([`Totp::to_base32`] under [`crate::Sealed`]).
///
/// Left out: the picture of the QR code; a national-cipher token, which needs the vendor's own device.
pub struct Totp {
    secret: Zeroizing<[u8; 20]>,
}

/// The number of a 30-second step since 1970 (时间步). The caller stores the step of an accepted code and refuses codes of that
/// step or an earlier one, so that a code seen over a shoulder works only once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Step(pub u64);

impl Totp {
    /// A new secret.
    ///
    /// # Errors
    /// [`VaultError::NoEntropy`].
    pub fn generate(entropy: &mut dyn Entropy) -> Result<Totp, VaultError> {
        Ok(Totp { secret: draw::<20>(entropy)? })
    }

    /// The secret as an app takes it when typed: 32 characters of base 32 (RFC 4648), without padding.
    #[must_use]
    pub fn to_base32(&self) -> Zeroizing<String> {
        let mut out = Zeroizing::new(String::with_capacity(32));
        for five in self.secret.chunks_exact(5) {
            let bits = five.iter().fold(0u64, |bits, byte| bits << 8 | u64::from(*byte));
            for place in (0..8).rev() {
                out.push(char::from(BASE32[(bits >> (place * 5)) as usize & 31]));
            }
        }
        out
    }

    /// The secret of what [`Totp::to_base32`] gave; spaces and lower case are taken as well.
    ///
    /// # Errors
    /// [`VaultError::Malformed`] when it is not 32 characters of base 32.
    pub fn from_base32(text: &str) -> Result<Totp, VaultError> {
        let malformed = || VaultError::Malformed { what: "动态口令密钥" };
        let mut secret = Zeroizing::new([0u8; 20]);
        let (mut bits, mut held, mut filled) = (0u64, 0u32, 0usize);
        for c in text.bytes().filter(|c| *c != b' ') {
            let value = BASE32.iter().position(|b| *b == c.to_ascii_uppercase()).ok_or_else(malformed)?;
            bits = (bits << 5 | value as u64) & 0xfff;
            held += 5;
            if held >= 8 {
                held -= 8;
                *secret.get_mut(filled).ok_or_else(malformed)? = (bits >> held & 0xff) as u8;
                filled += 1;
            }
        }
        if filled == 20 && held == 0 { Ok(Totp { secret }) } else { Err(malformed()) }
    }

    /// The code at a time (动态口令), in seconds since 1970. The demonstration shows it on the page; nothing else needs it.
    #[must_use]
    pub fn code_at(&self, unix_seconds: u64) -> String {
        self.code(unix_seconds / STEP_SECONDS)
    }

    /// Whether `typed` is the code of now, of the step before or of the step after (clocks differ, people type slowly); gives the step
    /// it belongs to. Spaces are ignored. Replay is the caller's, see [`Step`].
    #[must_use]
    pub fn accept(&self, typed: &str, unix_seconds: u64) -> Option<Step> {
        let typed: String = typed.chars().filter(|c| !c.is_whitespace()).collect();
        let now = unix_seconds / STEP_SECONDS;
        // All three are computed and compared in constant time, whichever fits.
        let mut matched = None;
        for step in now.saturating_sub(1)..=now.saturating_add(1) {
            if bool::from(self.code(step).as_bytes().ct_eq(typed.as_bytes())) {
                matched = Some(Step(step));
            }
        }
        matched
    }

    /// The address that an app reads from a QR code (配置链接). `issuer` is the centre, `login` the user.
    #[must_use]
    pub fn provisioning_uri(&self, issuer: &str, login: &str) -> Zeroizing<String> {
        let (issuer, login) = (percent(issuer), percent(login));
        let secret = self.to_base32();
        Zeroizing::new(format!(
            "otpauth://totp/{issuer}:{login}?secret={}&issuer={issuer}&algorithm=SHA1&digits={DIGITS}&period={STEP_SECONDS}",
            secret.as_str()
        ))
    }

    fn code(&self, step: u64) -> String {
        let mut block = Zeroizing::new([0u8; 64]); // the key padded to SHA-1's block, as HMAC defines it
        block[..20].copy_from_slice(self.secret.as_slice());
        let mut mac = Hmac::<Sha1>::new((&*block).into());
        mac.update(&step.to_be_bytes());
        let digest = mac.finalize().into_bytes();
        let at = usize::from(digest[19] & 15);
        let number = u32::from_be_bytes([digest[at] & 0x7f, digest[at + 1], digest[at + 2], digest[at + 3]]);
        format!("{:06}", number % 1_000_000)
    }
}

impl std::fmt::Debug for Totp {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Totp(‹sealed›)")
    }
}

const BASE32: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/// Everything but the unreserved characters of RFC 3986, percent-encoded as UTF-8.
fn percent(text: &str) -> String {
    let mut out = String::new();
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => out.push(char::from(byte)),
            _ => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entropy::SeededEntropy;

    /// The secret of the vectors of RFC 4226 and RFC 6238: "12345678901234567890".
    fn rfc() -> Totp {
        Totp::from_base32("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ").expect("32 characters")
    }

    #[test]
    fn codes_are_those_of_the_standards() {
        for (counter, code) in
            ["755224", "287082", "359152", "969429", "338314", "254676", "287922", "162583", "399871", "520489"].into_iter().enumerate()
        {
            assert_eq!(rfc().code(counter as u64), code, "RFC 4226 appendix D, count {counter}");
        }
        for (seconds, eight_digits) in [
            (59, "94287082"),
            (1_111_111_109, "07081804"),
            (1_111_111_111, "14050471"),
            (1_234_567_890, "89005924"),
            (2_000_000_000, "69279037"),
            (20_000_000_000, "65353130"),
        ] {
            assert_eq!(rfc().code_at(seconds), eight_digits[2..], "RFC 6238 appendix B, {seconds}");
        }
    }

    #[test]
    fn one_step_to_either_side_is_accepted_and_names_itself() {
        let now = 1_111_111_111;
        let step = now / STEP_SECONDS;
        for (offset, accepted) in [(-2i64, false), (-1, true), (0, true), (1, true), (2, false)] {
            let at = now.checked_add_signed(offset * 30).expect("in range");
            let found = rfc().accept(&rfc().code_at(at), now);
            let expected = accepted.then(|| Step(step.checked_add_signed(offset).expect("in range")));
            assert_eq!(found, expected, "{offset} steps");
        }
        assert_eq!(rfc().accept(" 050 471 ", now), Some(Step(step)));
        for typed in ["", "05047", "0504711", "０５０４７１", "050472"] {
            assert_eq!(rfc().accept(typed, now), None, "{typed:?}");
        }
        assert_eq!(rfc().accept(&rfc().code(0), 0), Some(Step(0)), "also at the beginning of time");
    }

    #[test]
    fn the_typed_secret_comes_back_and_others_are_refused() {
        for seed in 0..20 {
            let made = Totp::generate(&mut SeededEntropy::new(seed)).expect("a seed never fails");
            let typed = made.to_base32();
            assert_eq!(typed.len(), 32);
            let spaced = format!("{} {}", typed[..4].to_lowercase(), &typed[4..]);
            let back = Totp::from_base32(&spaced).expect("spaces and case do not matter");
            assert_eq!(back.secret, made.secret);
        }
        for bad in ["", "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJ", "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQA", "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJ1"] {
            assert!(Totp::from_base32(bad).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn the_address_for_the_app_is_encoded() {
        assert_eq!(
            rfc().provisioning_uri("安居 中心", "jb03").as_str(),
            "otpauth://totp/%E5%AE%89%E5%B1%85%20%E4%B8%AD%E5%BF%83:jb03?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ\
             &issuer=%E5%AE%89%E5%B1%85%20%E4%B8%AD%E5%BF%83&algorithm=SHA1&digits=6&period=30"
        );
    }
}
