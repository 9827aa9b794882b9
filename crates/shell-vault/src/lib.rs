//! Keys and secrets: sealed fields, keyed hashes, audit MACs, passwords, second factor.
//!
//! What lives here, in reading order:
//!
//! | module | what it gives |
//! |---|---|
//! | [`suite`] | the ciphers behind one interface: SM3, HMAC-SM3, SM4-GCM, HKDF-SM3 |
//! | [`ring`] | the key ring and its file, outside the database, with versions and rotation |
//! | [`sealed`] | personal identifiers: a clear value that cannot be printed or serialised, and its ciphertext |
//! | [`index`] | search by keyed hash: the whole value and its last six |
//! | [`mod@mac`] | authentication codes for audit records, rows, exports and sessions |
//! | [`audit`] | the canonical audit record, seals over runs of records, and the proof that names what was touched |
//! | [`password`] | password rules, Argon2id hashes, one-time passwords |
//! | [`totp`] | the second factor of an authenticator app |
//! | [`token`] | bearer tokens and session secrets, stored as a digest |
//! | [`document`] | verification codes printed on documents |
//!
//! Why national ciphers by default: the cryptography assessment (密评) of level 3 takes SM2, SM3 and SM4 only
//! (handbook 12 §2). Only [`suite`] and [`totp`] name an algorithm, [`password`] names Argon2id; everything else speaks of sealing,
//! deriving and authenticating. Each version in the key ring says which suite its keys belong to, so another suite arrives as
//! a key rotation.
//!
//! What this crate does not know: the database, sessions, users, masks (those stand in `core-identity`), certificates and
//! SM2 signatures. Nothing here reads a clock; randomness comes in through [`entropy::Entropy`].

pub mod audit;
pub mod canonical;
pub mod document;
pub mod entropy;
pub mod error;
mod hex;
pub mod index;
pub mod mac;
pub mod password;
pub mod ring;
mod ring_file;
pub mod sealed;
pub mod suite;
#[cfg(test)]
mod suite_peer;
pub mod token;
pub mod totp;

pub use canonical::Canonical;
pub use entropy::{Entropy, SeededEntropy, SystemEntropy};
pub use error::VaultError;
pub use index::{BlindIndex, Search, SideBySide, blind_index, side_by_side};
pub use mac::{Mac, mac, verify_mac};
pub use ring::{KeyRing, KeyVersion, Purpose};
pub use sealed::{Place, Sealed};
pub use suite::{Digest, Hasher, Suite};

#[cfg(test)]
mod tests {
    //! What must not compile, and what must not be named.

    use super::*;

    /// Fails to compile when one of the types has one of the traits: the method would then be ambiguous.
    macro_rules! lacks {
        ($($type:ty),+: $($bound:path),+) => { lacks!(@ [$($type),+] $(($bound))+) };
        (@ $types:tt $(($bound:path))+) => { $( lacks!(@one $types $bound); )+ };
        (@one [$($type:ty),+] $bound:path) => {{
            trait Lacks<Mark> { fn here() {} }
            impl<T: ?Sized> Lacks<()> for T {}
            impl<T: ?Sized + $bound> Lacks<u8> for T {}
            $( let _ = <$type as Lacks<_>>::here; )+
        }};
    }

    #[test]
    fn secrets_cannot_be_printed_or_serialised() {
        struct IdNumber;
        lacks!(Sealed<IdNumber>, Sealed<String>, KeyRing, totp::Totp, token::Token, password::PasswordHash:
            std::fmt::Display, serde::Serialize, std::ops::Deref);
    }

    #[test]
    fn only_the_suite_names_a_national_cipher() {
        fn naming(folder: &std::path::Path, found: &mut Vec<String>) {
            let ciphers = ["sm3", "sm4", "aes_gcm"].map(|library| format!("{library}::"));
            for entry in std::fs::read_dir(folder).expect("the sources are here") {
                let path = entry.expect("readable").path();
                if path.is_dir() {
                    naming(&path, found);
                } else if path.extension().is_some_and(|e| e == "rs") {
                    let text = std::fs::read_to_string(&path).expect("UTF-8");
                    if ciphers.iter().any(|cipher| text.contains(cipher)) {
                        found.push(path.file_name().expect("a file").to_string_lossy().into_owned());
                    }
                }
            }
        }
        let mut found = Vec::new();
        naming(&std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut found);
        assert_eq!(found, ["suite.rs"]);
    }
}
