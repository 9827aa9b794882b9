//! Enrolling the second factor (启用动态口令): what it is, the picture an app reads, the first code.

use maud::{Markup, html};

use crate::ui::field::{Field, Kind};
use crate::ui::gate::Gate;
use crate::ui::problems::{self, Problem};
use crate::ui::{Button, Text};

/// The secret as the page shows it, once.
#[derive(Clone, Debug)]
pub struct Shown {
    /// Dark squares of the picture, row by row.
    pub squares: Vec<Vec<bool>>,
    /// The secret in groups, to be typed.
    pub secret: Text,
    /// The address for a phone on which the app itself is installed.
    pub uri: Text,
}

/// The page.
#[derive(Clone, Debug)]
pub struct SecondFactor {
    /// Who.
    pub name: Text,
    /// The secret, once it was asked for.
    pub shown: Option<Shown>,
    /// What was wrong.
    pub problems: Vec<Problem>,
    /// Guards the form against forgery.
    pub form_token: Text,
}

/// Draws the page.
pub fn page(gate: &Gate, view: &SecondFactor) -> Markup {
    let token = html! { input type="hidden" name="form_token" value=(view.form_token); };
    gate.page(html! {
        div { small { "登录前的最后几步" } h1 { "启用动态口令" } }
        (problems::summary("动态口令没有启用", &view.problems))
        @match &view.shown {
            None => {
                p { (view.name) "，以后每次登录，除密码外还要手机上的六位动态口令。先在手机上装好身份验证器，再开始。" }
                form.gate-form method="post" action="/sign-in/second-factor" { (token) (Button::submit("开始启用", "begin").key("Enter").primary().show()) }
            }
            Some(shown) => {
                p { "用身份验证器扫描，或手工输入密钥；然后填写它显示的六位数字。密钥只显示这一次。" }
                div.enrol { (picture(&shown.squares)) p { "密钥 " code { (shown.secret) } } }
                form.gate-form method="post" action="/sign-in/second-factor" {
                    (token)
                    (Field::new("code", "动态口令", Kind::Code, "").hint("手机上现在显示的六位数字。").focus().show())
                    (Button::submit("启用", "confirm").key("Enter").primary().show())
                }
            }
        }
    })
}

/// The picture as one path of squares.
fn picture(squares: &[Vec<bool>]) -> Markup {
    let size = squares.len() + 8;
    let mut path = String::new();
    for (y, row) in squares.iter().enumerate() {
        for (x, _) in row.iter().enumerate().filter(|(_, dark)| **dark) {
            path.push_str(&format!("M{} {}h1v1h-1z", x + 4, y + 4));
        }
    }
    html! {
        svg.qr viewBox={ "0 0 " (size) " " (size) } width="196" height="196" role="img" aria-label="动态口令密钥的二维码" shape-rendering="crispEdges" {
            rect.qr-paper width=(size) height=(size) {}
            path.qr-ink d=(path) {}
        }
    }
}
