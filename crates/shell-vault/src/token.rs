//! Bearer tokens and session secrets: random, shown once, stored as a digest.

use crate::entropy::{Entropy, draw};
use crate::error::VaultError;
use crate::hex;
use crate::suite::{Digest, Suite};
use zeroize::Zeroizing;

/// A token (令牌): 32 random bytes, held by a browser or a machine. Only its digest is stored, so that a copy of the database
/// opens no session. The digest needs no salt and no slowness, since nobody can try 2²⁵⁶ tokens.
pub struct Token(Zeroizing<[u8; 32]>);

impl Token {
    /// A new token.
    ///
    /// # Errors
    /// [`VaultError::NoEntropy`].
    pub fn generate(entropy: &mut dyn Entropy) -> Result<Token, VaultError> {
        Ok(Token(draw::<32>(entropy)?))
    }

    /// The token as a client sends it back: exactly 64 hexadecimal digits; anything else is `None`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Token> {
        hex::read::<32>(text).map(Token)
    }

    /// The text to hand to the client, once: 64 hexadecimal digits.
    #[must_use]
    pub fn reveal(&self) -> Zeroizing<String> {
        Zeroizing::new(hex::text(self.0.as_slice()))
    }

    /// The digest to store and to look up by (令牌摘要).
    #[must_use]
    pub fn digest(&self) -> Digest {
        Suite::National.hash(self.0.as_slice())
    }
}

impl std::fmt::Debug for Token {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Token(‹sealed›)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entropy::SeededEntropy;

    #[test]
    fn a_token_comes_back_from_its_text_with_the_same_digest() {
        let mut entropy = SeededEntropy::new(1);
        let one = Token::generate(&mut entropy).expect("a seed never fails");
        let two = Token::generate(&mut entropy).expect("a seed never fails");
        assert_ne!(one.digest(), two.digest());
        let back = Token::parse(&one.reveal()).expect("its own text");
        assert_eq!(back.digest(), one.digest());
        assert_eq!(format!("{one:?}"), "Token(‹sealed›)");
        for bad in ["", "00", &one.reveal()[1..], &"g".repeat(64)] {
            assert!(Token::parse(bad).is_none());
        }
    }
}
