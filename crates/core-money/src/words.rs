//! Amounts in Chinese words (大写), as documents and receipts carry them.

use crate::Money;

const DIGITS: [&str; 10] = ["零", "壹", "贰", "叁", "肆", "伍", "陆", "柒", "捌", "玖"];

impl Money {
    /// The amount in words (大写金额): `壹佰贰拾叁元肆角伍分`.
    ///
    /// House form, one of those that forms and notes in use accept: 整 after 元 and after 角, none after 分; zeros inside are said
    /// once; 零 stands between 元 and 分 when there are no 角, and is not said between 元 and 角; ten is 壹拾. A negative amount
    /// begins with 负. The handbook names no instrument for the form.
    pub fn to_words(self) -> String {
        let size = self.fen().unsigned_abs();
        let (yuan, jiao, fen) = (size / 100, digit(size / 10 % 10), digit(size % 10));
        let mut words = String::new();
        if self.is_negative() {
            words.push('负');
        }
        if yuan > 0 || size == 0 {
            whole(yuan, &mut words);
            words.push('元');
        }
        match (size / 10 % 10, size % 10) {
            (0, 0) => words.push('整'),
            (_, 0) => words.extend([jiao, "角整"]),
            (0, _) if yuan > 0 => words.extend(["零", fen, "分"]),
            (0, _) => words.extend([fen, "分"]),
            _ => words.extend([jiao, "角", fen, "分"]),
        }
        words
    }
}

fn digit(d: u64) -> &'static str {
    DIGITS[d as usize]
}

/// A whole number in words. 亿 and 万 split it in two; 零 joins the halves when the lower one does not fill its places.
fn whole(n: u64, words: &mut String) {
    for (unit, name) in [(100_000_000, "亿"), (10_000, "万"), (1_000, "仟"), (100, "佰"), (10, "拾")] {
        if n < unit {
            continue;
        }
        whole(n / unit, words);
        words.push_str(name);
        let rest = n % unit;
        if rest > 0 {
            if rest < unit / 10 {
                words.push('零');
            }
            whole(rest, words);
        }
        return;
    }
    words.push_str(digit(n));
}
