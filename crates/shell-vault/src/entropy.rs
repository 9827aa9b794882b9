//! Where random bytes come from: the operating system, or a seed in tests.

use crate::error::VaultError;
use crate::suite::Suite;
use zeroize::{Zeroize, Zeroizing};

/// A source of random bytes (随机源). It is an argument wherever randomness is needed, so that tests can repeat a run.
pub trait Entropy {
    /// Fills `out` with random bytes.
    ///
    /// # Errors
    /// [`VaultError::NoEntropy`] when the source fails; nothing may be sealed or signed then.
    fn fill(&mut self, out: &mut [u8]) -> Result<(), VaultError>;
}

/// Bytes fetched from the operating system in one call; a nonce takes twelve.
const STOCK: usize = 1_536;

/// The operating system's generator (操作系统随机源), fetched in stocks of 1,536 bytes, because one call a nonce costs more
/// than the sealing itself. Used bytes are wiped at once, the rest when dropped.
///
/// Left out: protection after `fork`; our processes never fork without `exec`.
pub struct SystemEntropy {
    stock: Zeroizing<[u8; STOCK]>,
    left: usize,
}

impl SystemEntropy {
    /// An empty stock; the first use fills it.
    #[must_use]
    pub fn new() -> Self {
        SystemEntropy { stock: Zeroizing::new([0; STOCK]), left: 0 }
    }
}

impl Default for SystemEntropy {
    fn default() -> Self {
        Self::new()
    }
}

impl std::fmt::Debug for SystemEntropy {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SystemEntropy")
    }
}

impl Entropy for SystemEntropy {
    fn fill(&mut self, out: &mut [u8]) -> Result<(), VaultError> {
        for chunk in out.chunks_mut(STOCK) {
            if self.left < chunk.len() {
                getrandom::fill(self.stock.as_mut_slice()).map_err(|e| VaultError::NoEntropy(e.to_string()))?;
                self.left = STOCK;
            }
            let from = self.left - chunk.len();
            let used = &mut self.stock[from..self.left];
            chunk.copy_from_slice(used);
            used.zeroize();
            self.left = from;
        }
        Ok(())
    }
}

/// Bytes that follow from a seed (测试用种子), for tests and repeatable trials. **Never for a real centre**: whoever knows the
/// seed knows every key.
#[derive(Clone, Debug)]
pub struct SeededEntropy {
    seed: u64,
    block: u64,
    bytes: [u8; 32],
    left: usize,
}

impl SeededEntropy {
    /// The stream of `seed`; equal seeds give equal streams.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        SeededEntropy { seed, block: 0, bytes: [0; 32], left: 0 }
    }
}

impl Entropy for SeededEntropy {
    fn fill(&mut self, out: &mut [u8]) -> Result<(), VaultError> {
        for byte in out {
            if self.left == 0 {
                let mut block = Suite::National.hasher();
                block.update(b"anju seeded entropy");
                block.update(&self.seed.to_be_bytes());
                block.update(&self.block.to_be_bytes());
                self.bytes = block.finish();
                self.block += 1;
                self.left = self.bytes.len();
            }
            *byte = self.bytes[self.bytes.len() - self.left];
            self.left -= 1;
        }
        Ok(())
    }
}

/// `N` random bytes, wiped when dropped.
pub(crate) fn draw<const N: usize>(entropy: &mut dyn Entropy) -> Result<Zeroizing<[u8; N]>, VaultError> {
    let mut out = Zeroizing::new([0u8; N]);
    entropy.fill(out.as_mut_slice())?;
    Ok(out)
}

/// `count` characters of `alphabet`, each equally likely, wiped when dropped. The alphabet holds 2 to 256 ASCII characters.
pub(crate) fn draw_text(alphabet: &[u8], count: usize, entropy: &mut dyn Entropy) -> Result<Zeroizing<String>, VaultError> {
    // Bytes at or above the largest multiple of the length are thrown away, or the first letters would come more often.
    let bound = 256 - 256 % alphabet.len();
    let mut out = Zeroizing::new(String::with_capacity(count));
    while out.len() < count {
        let byte = usize::from(draw::<1>(entropy)?[0]);
        if byte < bound {
            out.push(char::from(alphabet[byte % alphabet.len()]));
        }
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_system_gives_different_bytes_each_time_also_across_stocks() {
        let mut system = SystemEntropy::new();
        let mut seen = std::collections::HashSet::new();
        for _ in 0..1_000 {
            assert!(seen.insert(*draw::<12>(&mut system).expect("the operating system has random bytes")));
        }
        let mut long = vec![0u8; 4 * STOCK + 7];
        system.fill(&mut long).expect("the operating system has random bytes");
        assert!(long.chunks(16).filter(|c| c.iter().all(|b| *b == 0)).count() == 0, "no run of zeros");
    }

    #[test]
    fn equal_seeds_repeat_and_different_seeds_differ() {
        let take = |seed| *draw::<100>(&mut SeededEntropy::new(seed)).expect("a seed never fails");
        assert_eq!(take(7), take(7));
        assert_ne!(take(7), take(8));
    }
}
