//! Key help (快捷键): everything that works without a mouse, shown by `?`.

use maud::{Markup, html};

use super::button::cap;
use super::frame::Area;

/// The overlay; closed until `keys.js` opens it, and readable at `/design` by everyone.
pub fn help(areas: &[Area]) -> Markup {
    html! {
        dialog #keys aria-labelledby="keys-title" {
            div.sheet-head { h2 #keys-title { "快捷键" } form.sheet-trail method="dialog" { button.btn.small { "关闭" (cap("Esc")) } } }
            (table(areas))
        }
    }
}

/// Keys and what they do.
type Keys = (&'static [&'static str], &'static str);

/// The list itself.
pub fn table(areas: &[Area]) -> Markup {
    let groups: [(&str, &[Keys]); 3] = [
        ("到处", &[(&["/"], "查找"), (&["N"], "新建业务"), (&["C"], "业务目录"), (&["?"], "本页"), (&["Esc"], "关闭、返回")]),
        (
            "列表与页签",
            &[
                (&["J", "K"], "下一行、上一行"),
                (&["Enter"], "打开"),
                (&["1", "6"], "第 1 到第 6 页签"),
                (&["[", "]"], "上一件、下一件"),
                (&["F8"], "下一处问题"),
            ],
        ),
        ("提交", &[(&["Alt P"], "提交"), (&["Alt Y"], "同意并签署"), (&["Alt B"], "退回"), (&["Alt M"], "下一份还没有的材料")]),
    ];
    html! {
        div.key-help {
            @for (name, list) in groups {
                section { h3 { (name) } dl { @for (caps, does) in list { div { dt { @for key in *caps { (cap(key)) span.sr { (key) } " " } } dd { (does) } } } } }
            }
            section {
                h3 { "前往" }
                dl { @for area in areas { @let (_, word, _, letter) = area.face(); div { dt { (cap("G")) " " (cap(letter)) span.sr { "G " (letter) } } dd { (word) } } } }
            }
            p.note { "查找栏里先写业务的快捷码，再空一格写账号，回车直接打开填好的表单：fc 是封存，kh 是开户，rl 是认领；目录里每项都注明。" }
            p.note { "光标在填写项里时，单个字母不作快捷键。" }
        }
    }
}
