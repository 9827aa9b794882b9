//! Unmask (显示完整身份信息): masked by default; a reason first, shown for a minute, audited, and the member sees it.
//!
//! Without script the page that answers shows the values once and refreshes itself after a minute; with script `comfort.js`
//! covers them again and says so.

use maud::{Markup, html};

use super::Text;

/// The control below masked identifiers.
#[derive(Clone, Debug)]
pub struct Unmask {
    /// Where the reason is sent.
    pub action: Text,
    /// Reasons: value and words; the first one is chosen.
    pub reasons: Vec<(Text, Text)>,
    /// Guards the form against forgery.
    pub form_token: Text,
}

impl Unmask {
    /// Draws it.
    pub fn show(&self) -> Markup {
        html! {
            form.unmask method="post" action=(self.action) {
                input type="hidden" name="form_token" value=(self.form_token);
                fieldset {
                    legend { "显示完整身份信息" }
                    small { "选一个理由。查看会记入审计，职工本人在手机上看得到。" }
                    @for (i, (value, words)) in self.reasons.iter().enumerate() {
                        label.radio { input type="radio" name="reason" value=(value) checked[i == 0]; (words) }
                    }
                }
                div.buttons { button.btn.primary.small type="submit" { "显示 60 秒" } }
            }
        }
    }
}

/// A value that is shown for `seconds`, then covered by its mask again.
pub fn unmasked(value: &str, mask: &str, seconds: u32) -> Markup {
    html! { anju-unmasked mask=(mask) seconds=(seconds) { span { (value) } } }
}
