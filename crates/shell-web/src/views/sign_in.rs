//! Sign-in: number and password, then the second factor; forced change of a one-time password.

use maud::{Markup, html};

use crate::ui::field::{Field, Kind};
use crate::ui::gate::Gate;
use crate::ui::problems::{self, Problem};
use crate::ui::{Button, Text, link};

/// What the second step knows from the first.
#[derive(Clone, Debug)]
pub struct Known {
    /// Name.
    pub name: Text,
    /// Staff number.
    pub number: Text,
    /// What is known: “密码已核对 · 经办 · 白鹭管理部”.
    pub context: Text,
    /// When and where the person signed in last.
    pub last: Text,
    /// The code itself, shown in demonstration mode only.
    pub demo_code: Option<Text>,
    /// Seconds until the code changes, for a picture that stands still; without it the clock runs.
    pub still: Option<u32>,
}

/// The step that is shown.
#[derive(Clone, Debug)]
pub enum Step {
    /// Number and password.
    Password,
    /// Number and one-time password, before there is a second factor.
    First,
    /// Six digits.
    Code(Known),
    /// A one-time password must be changed before anything else.
    NewPassword(Known),
}

/// The sign-in page.
#[derive(Clone, Debug)]
pub struct SignIn {
    /// Step.
    pub step: Step,
    /// What was wrong the last time; the sentence never says which of number and password.
    pub problems: Vec<Problem>,
    /// Tries left and what follows: “还可尝试 4 次；连续 5 次不符，锁定 30 分钟。”
    pub tries: Text,
    /// What stands in the number or code field.
    pub typed: Text,
    /// Guards the form against forgery.
    pub form_token: Text,
    /// Page to come back to; empty for the workbench.
    pub back: Text,
}

/// Draws the page.
pub fn page(gate: &Gate, view: &SignIn) -> Markup {
    let token = html! { input type="hidden" name="form_token" value=(view.form_token); };
    gate.page(match &view.step {
        Step::Password => html! {
            div { small { "第 1 步，共 2 步" } h1 { "登录" } }
            (problems::summary("没有登录", &view.problems))
            form.gate-form method="post" action="/sign-in" {
                (token)
                @if !view.back.is_empty() { input type="hidden" name="back" value=(view.back); }
                (Field::new("number", "工号", Kind::Line, view.typed.clone()).focus().show())
                (Field::new("password", "密码", Kind::Password, "").show())
                (Button::submit("下一步", "password").key("Enter").primary().show())
            }
            div.gate-links { (link("首次登录，使用一次性密码", "/sign-in?first").show()) span { "忘记密码，请找系统管理员重发一次性密码。" } }
            p.gate-small { (view.tries) }
        },
        Step::First => html! {
            div { small { "首次登录" } h1 { "用一次性密码登录" } }
            (problems::summary("没有登录", &view.problems))
            form.gate-form method="post" action="/sign-in" {
                (token)
                input type="hidden" name="first" value="yes";
                (Field::new("number", "工号", Kind::Line, view.typed.clone()).focus().show())
                (Field::new("password", "一次性密码", Kind::Password, "").show())
                (Button::submit("登录", "password").key("Enter").primary().show())
            }
            div.gate-links { (link("已经启用动态口令", "/sign-in").show()) span { "登录后先换成自己的密码，再启用动态口令。" } }
            p.gate-small { (view.tries) }
        },
        Step::Code(known) => html! {
            div { small { "第 2 步，共 2 步" } h1 { "输入动态口令" } }
            (problems::summary("没有登录", &view.problems))
            (who(known))
            form.gate-form method="post" action="/sign-in/code" {
                (token)
                div.field {
                    label.label for="field-code" { "动态口令" }
                    p.hint-line #field-code-hint { "打开手机上的身份验证器，输入 6 位数字。" }
                    input.input.code #field-code name="code" inputmode="numeric" autocomplete="one-time-code" maxlength="6" pattern="[0-9]{6}" aria-describedby="field-code-hint" value=(view.typed) autofocus required;
                }
                anju-code-clock still[known.still.is_some()] {
                    progress max="30" value=(known.still.unwrap_or(30)) aria-label="口令有效时间" {}
                    small data-words { @if let Some(left) = known.still { (left) " 秒后换新" } }
                }
                @if let Some(code) = &known.demo_code { p.box.warn { "演示方式：当前口令 " b { (code) } } }
                (Button::submit("登录", "code").key("Enter").primary().show())
            }
            div.gate-links { span.quiet { "口令总是不对，先把手机时间设为自动校准。更换手机，请安全管理员解除后重新启用。" } }
            p.gate-small { (view.tries) @if !known.last.is_empty() { br; (known.last) } }
        },
        Step::NewPassword(known) => html! {
            div { small { "登录前的最后几步" } h1 { "换成自己的密码" } }
            (problems::summary("密码没有换成", &view.problems))
            (who(known))
            form.gate-form method="post" action="/sign-in/new-password" {
                (token)
                (Field::new("password", "现在的密码", Kind::Password, "").hint("首次登录填一次性密码。").focus().show())
                (Field::new("new_password", "新密码", Kind::NewPassword, "").hint("至少 12 位，大写、小写、数字、符号至少三类；不与前 5 次相同。").show())
                (Field::new("again", "再输入一次", Kind::NewPassword, "").show())
                (Button::submit("保存并继续", "new").key("Enter").primary().show())
            }
            p.gate-small { "密码 90 天内有效。保存后，其他地方的登录都会结束。" }
        },
    })
}

fn who(known: &Known) -> Markup {
    html! {
        div.gate-who {
            span.ok aria-hidden="true" { "✓" }
            div { b { (known.name) } "　工号 " (known.number) small { (known.context) } }
            (link("换人", "/sign-in").show())
        }
    }
}
