//! Identity numbers and codes: GB 11643, GB 32100, GB 11714, bank cards, division codes, masks.
