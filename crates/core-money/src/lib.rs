//! Amounts in integer fen, rates, named rounding modes, amounts in Chinese words (大写).
