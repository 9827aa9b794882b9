//! The driver of a simulation for a centre behind its API: the same orders over HTTP, each by a person's or machine's own token.
//!
//! Openings, hires, bases and the bank's notices go as files, as people and banks send them; the rest are commands under their
//! idempotency key; reviews are signed by other persons, with the digest that the API shows them. The books must come out as with
//! [`super::local`]: the canonical digest of both is the same.
//!
//! Left out: accounts and tokens of people are not given over the API; the system administrator issues tokens at the command line.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::Arc;

use core_calendar::{Day, Month};
use core_money::Money;
use hyper::header::AUTHORIZATION;
use serde_json::{Value, json};
use shell_pipeline::{Actor, Centre, Origin};
use sim::{Awaiting, Driver, Given, Order, Told, Unclaimed, Who};
use zeroize::Zeroizing;

use super::{files, officers};
use crate::client::{self, Client};

/// A centre behind its API.
pub struct Http {
    centre: Arc<Centre>,
    client: Client,
    /// Issues tokens.
    system: Actor,
    tokens: HashMap<Who, Zeroizing<String>>,
}

/// An answer of the API.
struct Answer {
    status: u16,
    body: Value,
}

impl Answer {
    /// The JSON of an answer.
    fn read(path: &str, answer: &client::Answer) -> Result<Answer, Given> {
        let body = serde_json::from_slice(&answer.body).map_err(|_| Given(format!("{path} 的回答不是 JSON")))?;
        Ok(Answer { status: answer.status, body })
    }

    /// A text of the body; empty where there is none.
    fn text(&self, name: &str) -> &str {
        self.body.get(name).and_then(Value::as_str).unwrap_or_default()
    }
}

fn given(e: impl std::fmt::Display) -> Given {
    Given(e.to_string())
}

/// The sentence of an answer that was not wanted.
fn unwanted(what: &str, answer: &Answer) -> Given {
    let sentence = answer.body.pointer("/error/message").and_then(Value::as_str).map_or_else(|| answer.body.to_string(), str::to_owned);
    Given(format!("{what}：{} {sentence}", answer.status))
}

/// A number of the books.
fn number(row: &Value, name: &str) -> Result<i64, Given> {
    row.get(name).and_then(Value::as_str).and_then(|n| n.parse().ok()).ok_or_else(|| Given(format!("接口的回答里没有 {name}")))
}

impl Http {
    /// A driver for the server at an address; every member of the staff gets a token.
    ///
    /// # Errors
    /// When nobody listens there, or a token cannot be issued.
    pub async fn new(centre: Arc<Centre>, at: SocketAddr, mut staff: HashMap<Who, Actor>) -> Result<Http, Given> {
        let client = Client::connect(at).await.map_err(given)?;
        // Nobody issues a token for oneself, and the administrator does no business.
        let system = staff.remove(&Who::System).ok_or_else(|| Given("没有系统管理员".into()))?;
        let mut driver = Http { centre, client, system, tokens: HashMap::new() };
        for (who, actor) in staff {
            driver.enrol(who, &actor).await?;
        }
        Ok(driver)
    }

    async fn enrol(&mut self, who: Who, actor: &Actor) -> Result<(), Given> {
        let token = token(&self.centre, &self.system, actor).await?;
        self.tokens.insert(who, token);
        Ok(())
    }

    fn token(&self, who: Who) -> Result<Zeroizing<String>, Given> {
        self.tokens.get(&who).cloned().ok_or_else(|| Given(format!("没有 {who:?} 这位人员的令牌")))
    }

    async fn get(&mut self, token: &str, path: &str) -> Result<Answer, Given> {
        let bearer = format!("Bearer {token}");
        Answer::read(path, &self.client.get(path, &[(AUTHORIZATION, &bearer)]).await.map_err(given)?)
    }

    async fn post(&mut self, token: &str, path: &str, key: Option<&str>, body: &Value) -> Result<Answer, Given> {
        let sent = self.client.post(token, path, key, "application/json", body.to_string()).await;
        Answer::read(path, &sent.map_err(given)?)
    }

    /// Somebody who may look at the work lists.
    fn reader(&self) -> Result<Zeroizing<String>, Given> {
        self.token(Who::Approver)
    }

    async fn list(&mut self, path: &str, rows: &str) -> Result<Vec<Value>, Given> {
        let token = self.reader()?;
        let answer = self.get(&token, path).await?;
        match answer.body.get(rows).and_then(Value::as_array) {
            Some(rows) if answer.status == 200 => Ok(rows.clone()),
            _ => Err(unwanted(path, &answer)),
        }
    }

    /// One command.
    async fn command(&mut self, order: &Order) -> Result<Told, Given> {
        let token = self.token(order.who)?;
        let answer = self.post(&token, &format!("/api/v1/cases/{}", order.action), Some(&order.key), &order.form).await?;
        Ok(match answer.status {
            200 => Told::Done,
            202 => Told::Waiting(number(&answer.body, "case")?),
            409 | 422 => Told::Refused(answer.body.to_string()),
            _ => return Err(unwanted(order.action, &answer)),
        })
    }

    /// Orders of one person that are one file; an answer for each.
    async fn file(&mut self, kind: &str, orders: &[Order]) -> Result<Vec<Told>, Given> {
        let token = self.token(orders[0].who)?;
        let (query, bytes) = files::write(kind, orders)?;
        let path = format!("/api/v1/imports/{kind}?{query}");
        let sent = self.client.post(&token, &path, None, "application/octet-stream", bytes).await;
        let answer = Answer::read(&path, &sent.map_err(given)?)?;
        if !matches!(answer.status, 200 | 422) {
            return Err(unwanted(kind, &answer));
        }
        let told = match (answer.body.get("errors").and_then(Value::as_array), answer.body.get("case").and_then(Value::as_str)) {
            (Some(errors), _) if !errors.is_empty() => Told::Refused(Value::Array(errors.clone()).to_string()),
            (_, Some(case)) if kind != "receipts" => {
                let shown = self.get(&token, &format!("/api/v1/cases/{case}")).await?;
                match (shown.status, shown.text("state")) {
                    (200, "done") => Told::Done,
                    (200, "waiting") => Told::Waiting(number(&shown.body, "case")?),
                    _ => return Err(unwanted("业务", &shown)),
                }
            }
            _ => Told::Done,
        };
        Ok(vec![told; orders.len()])
    }
}

/// A token for an actor, issued by another.
async fn token(centre: &Centre, by: &Actor, of: &Actor) -> Result<Zeroizing<String>, Given> {
    Ok(centre.create_token(by, &Origin::local("simulation"), of.user, "演示").await.map_err(given)?.token)
}

impl Driver for Http {
    async fn orders(&mut self, orders: Vec<Order>, told: &mut dyn FnMut(usize)) -> Result<Vec<Told>, Given> {
        let mut answers = Vec::with_capacity(orders.len());
        while answers.len() < orders.len() {
            let rest = &orders[answers.len()..];
            match files::together(rest) {
                Some((kind, count)) => answers.extend(self.file(kind, &rest[..count]).await?),
                None => answers.push(self.command(&rest[0]).await?),
            }
            told(answers.len());
        }
        Ok(answers)
    }

    async fn approve(&mut self, who: &[Who], case: i64) -> Result<(), Given> {
        let path = format!("/api/v1/cases/{case:015}");
        for who in who {
            let token = self.token(*who)?;
            let shown = self.get(&token, &path).await?;
            if shown.status != 200 {
                return Err(unwanted("业务", &shown));
            }
            let signed = json!({ "digest": shown.text("digest") });
            let answer = self.post(&token, &format!("{path}/approve"), None, &signed).await?;
            match answer.status {
                200 => return Ok(()),
                202 => {}
                _ => return Err(unwanted(&path, &answer)),
            }
        }
        Ok(())
    }

    async fn day_end(&mut self, next: Day) -> Result<(), Given> {
        let token = self.token(Who::Night)?;
        let today = self.get(&token, "/api/v1/business-day").await?;
        let days = json!({ "closes": today.text("day"), "opens": next.to_string() });
        let answer = self.post(&token, "/api/v1/day-end", None, &days).await?;
        if answer.status == 200 { Ok(()) } else { Err(unwanted("日终", &answer)) }
    }

    async fn employers(&mut self) -> Result<Vec<(i64, String)>, Given> {
        let rows = self.list("/api/v1/employers", "employers").await?;
        rows.iter().map(|row| Ok((number(row, "employer")?, row["name"].as_str().unwrap_or_default().to_owned()))).collect()
    }

    async fn awaiting(&mut self) -> Result<Vec<Awaiting>, Given> {
        let rows = self.list("/api/v1/lists/awaiting", "lists").await?;
        rows.iter()
            .map(|row| {
                let text = |name: &str| row[name].as_str().unwrap_or_default();
                Ok(Awaiting {
                    list: number(row, "list")?,
                    employer: number(row, "employer")?,
                    month: Month::parse(text("month")).map_err(given)?,
                    due: Money::parse(text("due")).map_err(given)?,
                })
            })
            .collect()
    }

    async fn unclaimed(&mut self) -> Result<Vec<Unclaimed>, Given> {
        let rows = self.list("/api/v1/receipts/unknown", "receipts").await?;
        rows.iter()
            .map(|row| Ok(Unclaimed { receipt: number(row, "receipt")?, payer: row["payer"].as_str().unwrap_or_default().to_owned() }))
            .collect()
    }

    async fn officers(&mut self, of: &[(usize, i64)]) -> Result<(), Given> {
        let actors = officers(&self.centre, of).await?;
        for ((index, _), actor) in of.iter().zip(actors) {
            self.enrol(Who::Officer(*index), &actor).await?;
        }
        Ok(())
    }
}
