//! Folding of full-width text (全角转半角).

/// Full-width letters, digits, marks and the ideographic space as their half-width twins: `５３２３０１，Ｘ` becomes `532301,X`.
/// Everything else, Chinese included, stays as it is; so does the number of characters.
pub fn fold_width(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            // The block U+FF01…U+FF5E mirrors ASCII at a fixed distance.
            '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
            '\u{3000}' => ' ',
            '\u{ffe5}' => '¥',
            _ => c,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::fold_width;

    #[test]
    fn full_width_forms_become_half_width_and_chinese_stays() {
        for (typed, folded) in [
            ("５３２３０１１９９００１０１００Ｘ", "5323011990010100X"),
            ("１，２３４．５６", "1,234.56"),
            ("（公司）　ａｂ～！", "(公司) ab~!"),
            ("￥１２", "¥12"),
            ("楚雄某某公司、𠮷。", "楚雄某某公司、𠮷。"),
            ("", ""),
        ] {
            assert_eq!(fold_width(typed), folded);
        }
    }
}
