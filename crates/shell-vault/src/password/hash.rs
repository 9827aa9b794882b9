//! Argon2id hashes of passwords.

use crate::entropy::{Entropy, draw};
use crate::error::VaultError;
use argon2::password_hash::phc::PasswordHash as Phc;
use argon2::password_hash::{PasswordHasher as _, PasswordVerifier as _};
use argon2::{Algorithm, Argon2, Params, Version};

/// The most memory a stored hash may ask for, in KiB: a hash planted in the database must not exhaust the server.
const MOST_MEMORY_KIB: u32 = 256 * 1024;

/// The most passes a stored hash may ask for.
const MOST_PASSES: u32 = 16;

/// What one hash costs (摘要强度), for us and for whoever tries passwords.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cost {
    /// Memory in KiB.
    pub memory_kib: u32,
    /// Passes over the memory.
    pub passes: u32,
    /// Lanes.
    pub lanes: u32,
}

impl Cost {
    /// For a real centre: 19 MiB, two passes, one lane (OWASP's recommendation for Argon2id); some tens of milliseconds.
    pub const STANDARD: Cost = Cost { memory_kib: 19 * 1024, passes: 2, lanes: 1 };

    /// For the demonstration and for tests only, where hundreds of invented users get their passwords at once. Nothing picks it by
    /// itself; a real centre's hashes under it show up by [`PasswordHash::is_weaker_than`].
    pub const DEMONSTRATION: Cost = Cost { memory_kib: 64, passes: 1, lanes: 1 };

    fn argon2(self) -> Result<Argon2<'static>, VaultError> {
        let params = Params::new(self.memory_kib, self.passes, self.lanes, None).map_err(|e| VaultError::PasswordHash(e.to_string()))?;
        Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
    }
}

/// A password as it is stored (密码摘要): Argon2id with a random salt of 16 bytes, in the usual text form
/// `$argon2id$v=19$m=…,t=…,p=…$salt$hash`, so that a hash names the cost it was made with.
///
/// Passwords are stored only as salted slow hash (handbook 12 §1, no. 32). The hash inside is not a national cipher; the
/// handbook knows no national slow hash.
#[derive(Clone, PartialEq, Eq)]
pub struct PasswordHash(String);

impl PasswordHash {
    /// Hashes a password with a fresh salt.
    ///
    /// # Errors
    /// [`VaultError::NoEntropy`]; [`VaultError::PasswordHash`] when the cost is no valid one or memory is short.
    pub fn new(password: &str, cost: Cost, entropy: &mut dyn Entropy) -> Result<PasswordHash, VaultError> {
        let salt = draw::<16>(entropy)?;
        let hash = cost.argon2()?.hash_password_with_salt(password.as_bytes(), salt.as_slice());
        hash.map(|phc| PasswordHash(phc.to_string())).map_err(|e| VaultError::PasswordHash(e.to_string()))
    }

    /// The hash of a stored text.
    ///
    /// # Errors
    /// [`VaultError::Malformed`] when it is not the text of an Argon2id hash, or asks for more than 256 MiB or 16 passes.
    pub fn parse(stored: &str) -> Result<PasswordHash, VaultError> {
        let malformed = || VaultError::Malformed { what: "密码摘要" };
        let hash = PasswordHash(stored.to_owned());
        let cost = hash.cost().ok_or_else(malformed)?;
        if cost.memory_kib > MOST_MEMORY_KIB || cost.passes > MOST_PASSES || cost.lanes > MOST_PASSES {
            return Err(malformed());
        }
        Ok(hash)
    }

    /// The text to store.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether `password` is the one (核对密码). Costs what the hash was made with: run it off the async threads.
    #[must_use]
    pub fn verify(&self, password: &str) -> bool {
        Phc::new(&self.0).is_ok_and(|phc| Argon2::default().verify_password(password.as_bytes(), &phc).is_ok())
    }

    /// Takes as long as a verification and is always `false`: for a login name that does not exist, so that the time of the
    /// answer does not tell which names do.
    #[must_use]
    pub fn verify_nobody(password: &str, cost: Cost) -> bool {
        let mut out = [0u8; 32];
        if let Ok(argon2) = cost.argon2() {
            // The result is thrown away, and so is an error: the answer is the same.
            let _ = argon2.hash_password_into(password.as_bytes(), b"nobody at all", &mut out);
        }
        false
    }

    /// Whether the hash was made with less than `cost`, so that the next successful login should store a new one.
    #[must_use]
    pub fn is_weaker_than(&self, cost: Cost) -> bool {
        self.cost().is_none_or(|own| own.memory_kib < cost.memory_kib || own.passes < cost.passes)
    }

    fn cost(&self) -> Option<Cost> {
        let phc = Phc::new(&self.0).ok()?;
        if phc.algorithm.as_str() != "argon2id" || phc.hash.is_none() || phc.salt.is_none() {
            return None;
        }
        let params = Params::try_from(&phc).ok()?;
        Some(Cost { memory_kib: params.m_cost(), passes: params.t_cost(), lanes: params.p_cost() })
    }
}

impl std::fmt::Debug for PasswordHash {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PasswordHash(‹sealed›)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entropy::SeededEntropy;

    const PASSWORD: &str = "Luzhou-4127-xiao";

    fn cheap(password: &str, seed: u64) -> PasswordHash {
        PasswordHash::new(password, Cost::DEMONSTRATION, &mut SeededEntropy::new(seed)).expect("a valid cost")
    }

    #[test]
    fn a_password_verifies_against_its_own_hash_only() {
        let stored = PasswordHash::parse(cheap(PASSWORD, 1).as_str()).expect("our own text");
        assert!(stored.verify(PASSWORD));
        for other in ["", "luzhou-4127-xiao", "Luzhou-4127-xiao "] {
            assert!(!stored.verify(other), "{other:?}");
        }
        assert_ne!(cheap(PASSWORD, 1), cheap(PASSWORD, 2), "salted");
        assert!(!PasswordHash::verify_nobody(PASSWORD, Cost::DEMONSTRATION));
        assert_eq!(format!("{stored:?}"), "PasswordHash(‹sealed›)");
    }

    #[test]
    fn the_standard_cost_is_written_into_the_hash_and_cheap_ones_show() {
        let standard = PasswordHash::new(PASSWORD, Cost::STANDARD, &mut SeededEntropy::new(1)).expect("a valid cost");
        assert!(standard.as_str().starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{}", standard.as_str());
        assert!(!standard.is_weaker_than(Cost::STANDARD));
        assert!(standard.verify(PASSWORD));
        assert!(cheap(PASSWORD, 1).is_weaker_than(Cost::STANDARD));
    }

    #[test]
    fn other_texts_and_planted_costs_are_refused() {
        let own = cheap(PASSWORD, 1);
        for bad in [
            "",
            PASSWORD,
            "$argon2id$v=19$m=64,t=1,p=1$c2FsdHNhbHQ",
            &own.as_str().replace("argon2id", "argon2i"),
            &own.as_str().replace("m=64", "m=4000000"),
            &own.as_str().replace("t=1", "t=4000000"),
        ] {
            assert!(PasswordHash::parse(bad).is_err(), "{bad}");
        }
    }
}
