//! The ciphers behind one interface: digest, authentication, sealing and key derivation.
//!
//! The cryptography assessment (密评, GB/T 39786-2021) of level 3 takes SM2, SM3 and SM4 only, so the one suite is national; the
//! interface is here so that another can stand beside it (handbook 12 §2). A suite is named by each key of the ring, never by the
//! program, so that old values stay readable under the suite that made them.
//!
//! SM4 runs in GCM, the mode of RFC 8998, whose vector the tests hold. OpenSSL 3.0 has no SM4-GCM (handbook 12 §4.3): there the
//! counter stream inside is compared with its SM4-CTR.
//!
//! Left out: SM2 (certificates and signatures are a subject of their own), and a certified hardware module, which would be
//! one more variant of [`Suite`].

use crate::error::VaultError;
use aes_gcm::aead::{AeadInOut, KeyInit as _, consts::U12};
use hmac::{Hmac, Mac as _};
use sm3::{Digest as _, Sm3};
use sm4::Sm4;

/// A digest (摘要): 32 bytes of SM3.
pub type Digest = [u8; 32];

/// Length of a nonce, in bytes.
pub(crate) const NONCE: usize = 12;

/// Length of an authentication tag of a sealed value, in bytes.
pub(crate) const TAG: usize = 16;

/// A set of algorithms that belong together (密码算法套件).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Suite {
    /// National ciphers (国密): SM3, HMAC-SM3, SM4-GCM, HKDF-SM3 (handbook 12 §4).
    National,
}

impl Suite {
    /// The name in the key file.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Suite::National => "sm3-hmac-sm4-gcm",
        }
    }

    /// The suite of a name in the key file, or `None`.
    #[must_use]
    pub fn of_name(name: &str) -> Option<Suite> {
        [Suite::National].into_iter().find(|suite| suite.name() == name)
    }

    /// The digest of `bytes` (杂凑).
    #[must_use]
    pub fn hash(self, bytes: &[u8]) -> Digest {
        match self {
            Suite::National => Sm3::digest(bytes).into(),
        }
    }

    /// A digest that takes its input in pieces, for files.
    #[must_use]
    pub fn hasher(self) -> Hasher {
        match self {
            Suite::National => Hasher(Sm3::new()),
        }
    }

    /// An authentication key (消息鉴别密钥), ready for many uses.
    pub(crate) fn mac_key(self, key: &[u8; 32]) -> MacKey {
        match self {
            Suite::National => MacKey(Hmac::<Sm3>::new((&*key_block(key)).into())),
        }
    }

    /// A sealing key (加密密钥), ready for many uses.
    pub(crate) fn cipher_key(self, key: &[u8; 16]) -> CipherKey {
        match self {
            Suite::National => CipherKey(aes_gcm::AesGcm::new(key.into())),
        }
    }

    /// Fills `out` with key material for one purpose (密钥派生): HKDF with `salt`, the master secret and `info`.
    ///
    /// `out` is at most 255 digests long; ours are 16 and 32 bytes.
    pub(crate) fn derive(self, salt: &[u8], master: &[u8; 32], info: &[&[u8]], out: &mut [u8]) {
        match self {
            Suite::National => {
                let expanded = hkdf::Hkdf::<Sm3>::new(Some(salt), master).expand_multi_info(info, out);
                assert!(expanded.is_ok(), "a key is never longer than 255 digests");
            }
        }
    }
}

/// The key padded to the block of the digest, as HMAC defines it; the sized constructor cannot fail.
fn key_block(key: &[u8; 32]) -> zeroize::Zeroizing<[u8; 64]> {
    let mut block = zeroize::Zeroizing::new([0u8; 64]);
    block[..32].copy_from_slice(key);
    block
}

/// A digest that takes its input in pieces (分段杂凑). The boundaries between the pieces do not enter the digest: use
/// [`crate::Canonical`] where they matter.
#[derive(Clone)]
pub struct Hasher(Sm3);

impl Hasher {
    /// Takes the next piece.
    pub fn update(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    /// The digest of all pieces.
    #[must_use]
    pub fn finish(self) -> Digest {
        self.0.finalize().into()
    }
}

impl std::fmt::Debug for Hasher {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Hasher")
    }
}

/// An authentication key with its two inner states computed once.
#[derive(Clone)]
pub(crate) struct MacKey(Hmac<Sm3>);

impl MacKey {
    /// The code over the pieces, as if they were one text.
    pub(crate) fn sign(&self, pieces: &[&[u8]]) -> Digest {
        let mut mac = self.0.clone();
        for piece in pieces {
            mac.update(piece);
        }
        mac.finalize().into_bytes().into()
    }
}

/// A sealing key with its round keys computed once.
#[derive(Clone)]
pub(crate) struct CipherKey(aes_gcm::AesGcm<Sm4, U12>);

impl CipherKey {
    /// Encrypts `text` in place and gives the tag over it and `aad`.
    pub(crate) fn seal(&self, nonce: &[u8; NONCE], aad: &[u8], text: &mut [u8]) -> Result<[u8; TAG], VaultError> {
        match self.0.encrypt_inout_detached(nonce.into(), aad, text.into()) {
            Ok(tag) => Ok(tag.into()),
            // Only a text of 64 GiB fails.
            Err(_) => Err(VaultError::Malformed { what: "待加密的内容" }),
        }
    }

    /// Decrypts `text` in place after the tag has been proved; `false`, and nothing decrypted, when it does not hold.
    #[must_use]
    pub(crate) fn open(&self, nonce: &[u8; NONCE], aad: &[u8], text: &mut [u8], tag: &[u8; TAG]) -> bool {
        self.0.decrypt_inout_detached(nonce.into(), aad, text.into(), tag.into()).is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hex;

    const N: Suite = Suite::National;

    #[test]
    fn sm3_gives_the_standard_digests() {
        assert_eq!(hex::text(&N.hash(b"abc")), "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0");
        assert_eq!(hex::text(&N.hash(&b"abcd".repeat(16))), "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732");
        let mut pieces = N.hasher();
        pieces.update(b"a");
        pieces.update(b"bc");
        assert_eq!(pieces.finish(), N.hash(b"abc"));
    }

    #[test]
    fn sm4_gives_the_standard_block() {
        use sm4::cipher::{BlockCipherEncrypt as _, KeyInit as _};
        let key = hex::read::<16>("0123456789abcdeffedcba9876543210").expect("32 digits");
        let mut block = (*key).into();
        Sm4::new((&*key).into()).encrypt_block(&mut block);
        assert_eq!(hex::text(&block), "681edf34d206965e86b3e94f536e4246");
    }

    #[test]
    fn sm4_gcm_gives_the_vector_of_rfc_8998_and_opens_only_that() {
        let key = N.cipher_key(&hex::read("0123456789abcdeffedcba9876543210").expect("32 digits"));
        let nonce = hex::read::<12>("00001234567800000000abcd").expect("24 digits");
        let aad = hex::read::<20>("feedfacedeadbeeffeedfacedeadbeefabaddad2").expect("40 digits");
        let plain = hex::read::<64>(
            "aaaaaaaaaaaaaaaabbbbbbbbbbbbbbbbccccccccccccccccdddddddddddddddd\
             eeeeeeeeeeeeeeeeffffffffffffffffeeeeeeeeeeeeeeeeaaaaaaaaaaaaaaaa",
        )
        .expect("128 digits");
        let mut text = *plain;
        let tag = key.seal(&nonce, aad.as_ref(), &mut text).expect("short");
        assert_eq!(
            hex::text(&text),
            "17f399f08c67d5ee19d0dc9969c4bb7d5fd46fd3756489069157b282bb200735\
             d82710ca5c22f0ccfa7cbf93d496ac15a56834cbcf98c397b4024a2691233b8d"
        );
        assert_eq!(hex::text(&tag), "83de3541e4c2b58177e065a9bf7b62ec");

        let sealed = text;
        assert!(!key.open(&nonce, b"elsewhere", &mut text, &tag), "other associated data");
        assert_eq!(text, sealed, "a refused text stays ciphertext");
        assert!(key.open(&nonce, aad.as_ref(), &mut text, &tag));
        assert_eq!(text, *plain);
    }

    #[test]
    fn a_mac_does_not_see_the_pieces_but_sees_every_bit() {
        let key = N.mac_key(&[7; 32]);
        assert_eq!(key.sign(&[b"ab", b"c"]), key.sign(&[b"abc"]));
        assert_ne!(key.sign(&[b"abc"]), key.sign(&[b"abd"]));
        assert_ne!(key.sign(&[b"abc"]), N.mac_key(&[8; 32]).sign(&[b"abc"]));
    }

    #[test]
    fn a_suite_is_found_by_its_own_name_only() {
        assert_eq!(Suite::of_name("sm3-hmac-sm4-gcm"), Some(N));
        assert_eq!(Suite::of_name("aes-gcm"), None);
    }
}
