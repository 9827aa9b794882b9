//! Pages for when something does not go: not found, not allowed, an error of ours, the centre out of reach.
//!
//! An error of ours shows its number only; what went wrong stands in the log under that number.

use maud::{Markup, html};

use crate::ui::title::Title;
use crate::ui::{Button, Frame, Sheet, Text};

/// Why a page cannot be shown.
#[derive(Clone, Debug)]
pub enum Why {
    /// There is no such page or thing.
    NotFound,
    /// This person may not. Which right is missing, and who can give it.
    NotAllowed(Text),
    /// An error of ours, by its number.
    Broken(Text),
    /// The store does not answer; nothing was written, and what was typed is still one step back in the browser.
    OutOfReach,
    /// The business day is closed for this.
    DayClosed(Text),
    /// What was asked cannot be done as things stand; the sentence says why and what to do.
    Told(Text),
}

/// Draws the page.
pub fn page(frame: &Frame, why: &Why) -> Markup {
    let (title, words, more) = match why {
        Why::NotFound => {
            ("没有这个页面", html! { "地址可能抄错了一位，或者这件业务不在您的管理部。" }, Button::go("查找", "/search").key("/"))
        }
        Why::NotAllowed(right) => (
            "您没有这项权限",
            html! { "需要：" (right.trim_end_matches('。')) "。这次访问已记入审计。" },
            Button::go("回工作台", "/").key("G T"),
        ),
        Why::Broken(number) => (
            "出错了，是系统的问题",
            html! { "没有写入任何内容，您可以回到上一页再试。再出错时，把这个编号告诉运行值班：" p.error-number { (number) } },
            Button::go("回工作台", "/").key("G T"),
        ),
        Why::OutOfReach => (
            "暂时连不上账务库",
            html! { "这次没有写入任何内容。用浏览器的“后退”回到填写页，内容还在；过一会儿再提交，不会重复。" },
            Button::go("现在再试", "").key("R"),
        ),
        Why::Told(sentence) => ("没有办成", html! { (sentence) }, Button::go("回工作台", "/").key("G T")),
        Why::DayClosed(day) => {
            ("营业日已关", html! { "营业日 " (day) " 已关闭，不再记账。新业务记入下一营业日。" }, Button::go("回工作台", "/").key("G T"))
        }
    };
    frame.page(html! {
        (Title::new(title).show())
        (Sheet::bare(html! { div.problem-page { div { (words) } div.buttons { (more.primary().show()) } } }).show())
    })
}
