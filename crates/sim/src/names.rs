//! Invented names of people, employers and banks. None belongs to anybody.

use fastrand::Rng;

const FAMILY: &[&str] = &[
    "赵", "钱", "孙", "李", "周", "吴", "郑", "王", "冯", "陈", "褚", "卫", "蒋", "沈", "韩", "杨", "朱", "秦", "尤", "许", "何", "吕",
    "施", "张", "孔", "曹", "严", "华", "金", "魏", "陶", "姜", "罗", "毕", "普", "鲁", "者", "起", "杞", "欧阳",
];
const GIVEN: &[&str] = &[
    "明", "岚", "伟", "芳", "娜", "敏", "静", "强", "磊", "洋", "艳", "勇", "军", "杰", "娟", "涛", "超", "秀", "霞", "平", "刚", "桂",
    "云", "山", "川", "溪", "竹", "松", "柏", "荷", "菊", "兰", "春", "夏", "秋", "冬", "晓", "文", "武", "德", "福", "禄", "宁", "安",
    "康", "乐",
];
const PLACES: &[&str] =
    &["青岚", "白鹭", "云溪", "望川", "石岭", "南渡", "松坪", "禾丰", "竹园", "龙坝", "彩云", "鹿山", "虹桥", "金沙", "碧泉", "紫溪"];
const OFFICES: &[&str] = &[
    "财政局",
    "教育体育局",
    "卫生健康局",
    "人力资源和社会保障局",
    "自然资源局",
    "农业农村局",
    "水务局",
    "交通运输局",
    "文化和旅游局",
    "市场监督管理局",
    "统计局",
    "审计局",
    "林业和草原局",
    "民政局",
    "司法局",
    "应急管理局",
];
const SCHOOLS: &[&str] = &[
    "第一小学",
    "第二小学",
    "第三小学",
    "第一中学",
    "第二中学",
    "中心学校",
    "职业高级中学",
    "幼儿园",
    "人民医院",
    "中医医院",
    "疾病预防控制中心",
    "图书馆",
];
const TRADES: &[&str] = &[
    "茶业", "药业", "矿业", "建材", "水电", "物流", "食品", "纺织", "机械", "科技", "农业", "商贸", "建筑", "园林", "运输", "旅游", "印务",
    "能源",
];
const SUFFIX: &[&str] = &["有限责任公司", "有限公司", "股份有限公司", "集团有限公司", "专业合作社"];

/// Kind of employer, about half of the people work for the first (handbook 15 §2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Nature {
    /// State body or institution.
    State,
    /// State firm.
    StateFirm,
    /// Other firm.
    Private,
}

/// A generator of its own for names outside the world.
pub fn rng(seed: u64) -> Rng {
    Rng::with_seed(seed)
}

/// A person's name.
pub fn person(rng: &mut Rng) -> String {
    let mut name = pick(rng, FAMILY).to_owned();
    name.push_str(pick(rng, GIVEN));
    if rng.u32(0..100) < 78 {
        name.push_str(pick(rng, GIVEN));
    }
    name
}

/// An employer's name; the number keeps names apart.
pub fn employer(rng: &mut Rng, nature: Nature, place: &str, number: usize) -> String {
    let other = pick(rng, PLACES);
    match nature {
        Nature::State if rng.bool() => format!("{place}{}（第{number}单位）", pick(rng, OFFICES)),
        Nature::State => format!("{place}{other}{}（第{number}单位）", pick(rng, SCHOOLS)),
        Nature::StateFirm => format!("{place}{other}{}{}（{number}号）", pick(rng, TRADES), "国有投资有限公司"),
        Nature::Private => format!("{place}{other}{}{number}{}", pick(rng, TRADES), pick(rng, SUFFIX)),
    }
}

/// The ten branches with their weights in employers; invented names, proportions after a prefecture of ten.
pub const BRANCHES: [(&str, &str, u32); 10] = [
    ("州直管理部", "532301", 26),
    ("云溪管理部", "532302", 12),
    ("望川管理部", "532322", 7),
    ("石岭管理部", "532323", 8),
    ("白鹭管理部", "532324", 9),
    ("南渡管理部", "532325", 8),
    ("松坪管理部", "532326", 9),
    ("禾丰管理部", "532327", 6),
    ("竹园管理部", "532328", 8),
    ("龙坝管理部", "532329", 7),
];

/// Entrusted banks of the fund, invented.
pub const BANKS: [&str; 4] = ["青岚农商银行", "彩云银行", "南渡储蓄银行", "松坪建设银行"];

/// Sections of the centre.
pub const SECTIONS: [&str; 5] = ["归集科", "信贷科", "会计科", "稽核科", "信息科"];

fn pick<'a>(rng: &mut Rng, from: &[&'a str]) -> &'a str {
    from[rng.usize(0..from.len())]
}
