//! Code lists (代码表) that import files use: the code that is stored and the words that people write.
//!
//! Source: `handbook 10 §7` (JGJ/T 320 appendix A and the GB lists), `handbook 13 §5` (建金3-3 classes),
//! `handbook 02 §1.16` (kinds of change). Lists that the handbook does not hold in full are not lists here but checked
//! text: 所属行业 (GB/T 4754) and the centre's own branches and banks.

use crate::layout::Choice;

macro_rules! choices {
    ($($code:literal : $($words:literal)|+),+ $(,)?) => { &[$(Choice { code: $code, words: &[$($words),+] }),+] };
}

/// Identity document (证件类型), JGJ/T 320 A.1; other documents are 99 at the edge (`handbook 10 §7`).
pub const ID_TYPE: &[Choice] = choices! {
    "01": "身份证" | "居民身份证",
    "02": "军官证",
    "03": "护照",
    "04": "外国人永久居留证" | "外国人永久居留身份证",
    "99": "其他",
};

/// Nature of an employer (单位性质): the deposit classes of form 建金3-3 (`handbook 13 §5`).
pub const EMPLOYER_NATURE: &[Choice] = choices! {
    "101": "国家机关和事业单位" | "国家机关" | "事业单位" | "机关" | "机关事业单位",
    "102": "国有企业",
    "103": "城镇集体企业" | "城镇集体" | "集体企业",
    "104": "外商投资企业" | "外商投资" | "外资企业",
    "105": "城镇私营企业及其他城镇企业" | "城镇私营及其他" | "私营企业" | "民营企业" | "其他城镇企业",
    "106": "民办非企业单位和社会团体" | "民办非企业和社会团体" | "民办非企业单位" | "社会团体",
    "107": "其他",
};

/// Economic type (经济类型), GB/T 12402-2000 as far as `handbook 10 §7` lists it.
pub const ECONOMIC_TYPE: &[Choice] = choices! {
    "110": "国有全资" | "国有",
    "120": "集体全资" | "集体",
    "130": "股份合作",
    "140": "联营",
    "150": "有限责任公司" | "有限责任",
    "160": "股份有限公司" | "股份有限",
    "170": "私有" | "私营",
    "190": "其他内资" | "其他内资企业",
    "200": "港澳台投资" | "港澳台商投资" | "港澳台",
    "300": "国外投资" | "外商投资" | "外资",
    "900": "其他",
};

/// Subordination (隶属关系), GB/T 12404 (`handbook 10 §7`).
pub const SUBORDINATION: &[Choice] = choices! {
    "10": "中央",
    "20": "省" | "自治区" | "直辖市" | "省级",
    "40": "市、地区、州" | "市/地区/州" | "市" | "州" | "地区" | "市级" | "州级" | "地市级",
    "50": "县" | "区" | "县级" | "区县",
    "60": "街道、镇、乡" | "街道/镇/乡" | "街道" | "镇" | "乡" | "乡镇",
    "70": "居民委员会、村民委员会" | "居委/村委" | "居委会" | "村委会",
    "90": "其他",
};

/// Source of the employer's money (资金来源): own or fiscal (`handbook 02 §1.16`, `handbook 17 §8`).
pub const FUNDING_SOURCE: &[Choice] = choices! {
    "own": "自筹" | "自筹资金" | "单位自筹",
    "fiscal": "财政" | "财政拨款" | "财政资金",
};

/// State of a member's account (账户状态), JGJ/T 320 A.6 (`handbook 10 §7`).
pub const MEMBER_STATE: &[Choice] = choices! {
    "01": "正常" | "正常缴存",
    "02": "封存",
    "03": "合并销户",
    "04": "外部转出销户",
    "05": "提取销户",
    "06": "冻结",
    "99": "其他",
};

/// Kind of change of a member on a list (变更类型), `handbook 02 §1.16`.
pub const MEMBER_CHANGE: &[Choice] = choices! {
    "1": "新增" | "新开户",
    "2": "启封",
    "3": "转入",
    "4": "封存",
    "5": "销户",
    "6": "转出",
    "7": "被合并" | "合并",
    "8": "基数" | "基数变更" | "基数调整",
    "9": "比例" | "比例变更" | "比例调整",
};

/// Sex (性别), GB/T 2261.1 (`handbook 10 §1`).
pub const SEX: &[Choice] = choices! {
    "0": "未知",
    "1": "男" | "男性",
    "2": "女" | "女性",
    "9": "未说明",
};

/// Marital status (婚姻状况), GB/T 2261.2 (`handbook 10 §1`).
pub const MARITAL_STATUS: &[Choice] = choices! {
    "10": "未婚",
    "20": "已婚",
    "30": "丧偶",
    "40": "离婚" | "离异",
    "90": "未知" | "未说明",
};

/// Bank by the first three digits of its interbank number (受托银行代码), as far as `handbook 10 §1` lists them. A centre's
/// own list of entrusted banks decides; this one helps templates and demonstrations.
pub const BANK: &[Choice] = choices! {
    "102": "中国工商银行" | "工商银行" | "工行",
    "103": "中国农业银行" | "农业银行" | "农行",
    "104": "中国银行" | "中行",
    "105": "中国建设银行" | "建设银行" | "建行",
    "301": "交通银行" | "交行",
    "402": "农村信用社" | "农村信用合作社" | "农信社",
    "403": "中国邮政储蓄银行" | "邮政储蓄银行" | "邮储银行" | "邮储",
};

/// The official words of a code, or nothing for a code that the list does not hold.
pub fn words(list: &[Choice], code: &str) -> Option<&'static str> {
    list.iter().find(|choice| choice.code == code).and_then(|choice| choice.words.first().copied())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn no_list_holds_a_code_or_a_word_twice() {
        for (name, list) in [
            ("ID_TYPE", ID_TYPE),
            ("EMPLOYER_NATURE", EMPLOYER_NATURE),
            ("ECONOMIC_TYPE", ECONOMIC_TYPE),
            ("SUBORDINATION", SUBORDINATION),
            ("FUNDING_SOURCE", FUNDING_SOURCE),
            ("MEMBER_STATE", MEMBER_STATE),
            ("MEMBER_CHANGE", MEMBER_CHANGE),
            ("SEX", SEX),
            ("MARITAL_STATUS", MARITAL_STATUS),
            ("BANK", BANK),
        ] {
            let mut seen = BTreeSet::new();
            for choice in list {
                assert!(!choice.words.is_empty(), "{name} {} has words", choice.code);
                for spelling in choice.words.iter().chain([&choice.code]) {
                    assert!(seen.insert(*spelling), "{name} holds {spelling} twice");
                }
            }
        }
    }

    #[test]
    fn a_code_finds_its_official_words() {
        assert_eq!(words(ID_TYPE, "01"), Some("身份证"));
        assert_eq!(words(ID_TYPE, "77"), None);
    }
}
