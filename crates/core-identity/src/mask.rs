//! Masks (脱敏): what of a personal identifier may be shown without a stated reason (handbook 17 §13, personal reads).
//!
//! Each function takes any text, also a mistyped one, and never shows more of it than of a right one.

/// Masks the number of an identity document (证件号码): `532***********2046`. A number shorter than 15, a passport's for instance,
/// keeps only its first and last two characters; one of four and less keeps nothing.
pub fn mask_id_number(text: &str) -> String {
    match text.chars().count() {
        0..=4 => mask(text, 0, 0),
        5..=14 => mask(text, 1, 2),
        _ => mask(text, 3, 4),
    }
}

/// Masks a mobile number (手机号码): `138****1234`. Anything but 11 characters is masked like a short document number.
pub fn mask_mobile(text: &str) -> String {
    match text.chars().count() {
        0..=4 => mask(text, 0, 0),
        11 => mask(text, 3, 4),
        _ => mask(text, 1, 2),
    }
}

/// Masks a bank card or account (银行卡号): `尾号 0318`. Fewer than eight characters show nothing.
pub fn mask_card(text: &str) -> String {
    let length = text.chars().count();
    if length < 8 {
        return mask(text, 0, 0);
    }
    format!("尾号 {}", text.chars().skip(length - 4).collect::<String>())
}

/// Masks a name (姓名): the first and the last character stay, `赵*岚`; of a name of two characters the first, `赵*`; a single
/// character goes.
pub fn mask_name(text: &str) -> String {
    // A variation selector belongs to the character before it and is not one of its own.
    let selector = |c: &char| matches!(c, '\u{fe00}'..='\u{fe0f}' | '\u{e0100}'..='\u{e01ef}');
    let name: String = text.trim().chars().filter(|c| !selector(c)).collect();
    match name.chars().count() {
        0 | 1 => mask(&name, 0, 0),
        2 => mask(&name, 1, 0),
        _ => mask(&name, 1, 1),
    }
}

fn mask(text: &str, head: usize, tail: usize) -> String {
    let length = text.chars().count();
    text.chars().enumerate().map(|(at, c)| if at < head || at + tail >= length { c } else { '*' }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn masks_show_what_the_house_language_allows() {
        for (masked, expected) in [
            (mask_id_number("532301199001012046"), "532***********2046"),
            (mask_id_number("532301900101204"), "532********1204"),
            (mask_id_number("E12345678"), "E******78"),
            (mask_id_number("1234"), "****"),
            (mask_id_number(""), ""),
            (mask_mobile("13800001234"), "138****1234"),
            (mask_mobile("138000012345"), "1*********45"),
            (mask_mobile("138"), "***"),
            (mask_card("6200000000000000318"), "尾号 0318"),
            (mask_card("6200000"), "*******"),
            (mask_name("赵玉岚"), "赵*岚"),
            (mask_name("赵岚"), "赵*"),
            (mask_name("赵"), "*"),
            (mask_name("阿依古丽"), "阿**丽"),
            (mask_name(" 𠮷\u{e0100}田岚 "), "𠮷*岚"),
        ] {
            assert_eq!(masked, expected);
        }
    }
}
