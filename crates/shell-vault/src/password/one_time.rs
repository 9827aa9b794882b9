//! One-time passwords for first logins, shown once and typed from paper.

use super::policy::classes;
use crate::entropy::{Entropy, draw_text};
use crate::error::VaultError;
use zeroize::Zeroizing;

/// Letters and digits without 0 O o 1 I i L l, which people confuse on paper.
const ALPHABET: &[u8; 54] = b"23456789ABCDEFGHJKMNPQRSTUVWXYZabcdefghjkmnpqrstuvwxyz";

/// A one-time password (一次性密码): four groups of four, such as `Xk7p-Qm4r-T9wz-Hc3n`.
///
/// For `init`, which shows each first administrator's once (handbook 17 §13), and for a reset. Sixteen letters are 92 bits. It has
/// upper and lower case, digits and hyphens, so it passes the password rules; that it must be changed at the first login is the
/// caller's to enforce.
///
/// # Errors
/// [`VaultError::NoEntropy`].
pub fn one_time_password(entropy: &mut dyn Entropy) -> Result<Zeroizing<String>, VaultError> {
    loop {
        let letters = draw_text(ALPHABET, 16, entropy)?;
        let mut out = Zeroizing::new(String::with_capacity(19));
        for (i, letter) in letters.chars().enumerate() {
            if i > 0 && i % 4 == 0 {
                out.push('-');
            }
            out.push(letter);
        }
        // About one draw in thirteen lacks a class; drawing again keeps all others equally likely.
        if classes(&out) == 4 {
            return Ok(out);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entropy::SeededEntropy;
    use crate::password::PasswordPolicy;

    #[test]
    fn one_time_passwords_are_readable_different_and_pass_the_rules() {
        let mut entropy = SeededEntropy::new(1);
        let mut seen = std::collections::HashSet::new();
        for _ in 0..500 {
            let password = one_time_password(&mut entropy).expect("a seed never fails");
            assert_eq!(password.len(), 19);
            assert!(!password.contains(['0', 'O', 'o', '1', 'I', 'i', 'L', 'l']), "{}", password.as_str());
            let problems = PasswordPolicy::default().check(&password, "admin", &[]);
            assert_eq!(problems, [], "{}", password.as_str());
            assert!(seen.insert(password.to_string()));
        }
    }
}
