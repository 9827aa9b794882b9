//! A client of our own API (接口客户端): one connection that stays open, JSON or a file out, JSON back.
//!
//! Left out: everything of HTTP that our own server does not answer with (chunked bodies, redirects).

use std::net::SocketAddr;

use serde_json::Value;
use sim::Given;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// A connection to the server.
pub struct Client {
    at: SocketAddr,
    stream: TcpStream,
    buffer: Vec<u8>,
}

/// An answer: status and body.
#[derive(Debug)]
pub struct Answer {
    /// Status.
    pub status: u16,
    /// Body.
    pub body: Value,
}

impl Answer {
    /// A text of the body; empty where there is none.
    pub fn text(&self, name: &str) -> &str {
        self.body.get(name).and_then(Value::as_str).unwrap_or_default()
    }
}

fn broken(what: impl std::fmt::Display) -> Given {
    Given(format!("与接口的连接断了：{what}"))
}

impl Client {
    /// Connects.
    ///
    /// # Errors
    /// When nobody listens there.
    pub async fn connect(at: SocketAddr) -> Result<Client, Given> {
        let stream = TcpStream::connect(at).await.map_err(broken)?;
        stream.set_nodelay(true).map_err(broken)?;
        Ok(Client { at, stream, buffer: Vec::new() })
    }

    /// Asks without a body.
    ///
    /// # Errors
    /// When the connection breaks, or the answer is not the API's.
    pub async fn get(&mut self, token: &str, path: &str) -> Result<Answer, Given> {
        self.ask("GET", token, path, None, "application/json", &[]).await
    }

    /// Sends JSON, under an idempotency key where one is given.
    ///
    /// # Errors
    /// As [`Client::get`].
    pub async fn post(&mut self, token: &str, path: &str, key: Option<&str>, body: &Value) -> Result<Answer, Given> {
        self.ask("POST", token, path, key, "application/json", body.to_string().as_bytes()).await
    }

    /// Sends a file.
    ///
    /// # Errors
    /// As [`Client::get`].
    pub async fn file(&mut self, token: &str, path: &str, bytes: &[u8]) -> Result<Answer, Given> {
        self.ask("POST", token, path, None, "application/octet-stream", bytes).await
    }

    async fn ask(&mut self, method: &str, token: &str, path: &str, key: Option<&str>, kind: &str, body: &[u8]) -> Result<Answer, Given> {
        let key = key.map_or(String::new(), |key| format!("Idempotency-Key: {key}\r\n"));
        let head = format!(
            "{method} {path} HTTP/1.1\r\nHost: {}\r\nAuthorization: Bearer {token}\r\n{key}Content-Type: {kind}\r\nContent-Length: {}\r\n\r\n",
            self.at,
            body.len()
        );
        self.stream.write_all(head.as_bytes()).await.map_err(broken)?;
        self.stream.write_all(body).await.map_err(broken)?;
        self.buffer.clear();
        let head = loop {
            match self.buffer.windows(4).position(|w| w == b"\r\n\r\n") {
                Some(end) => break end + 4,
                None => self.more().await?,
            }
        };
        let text = std::str::from_utf8(&self.buffer[..head]).map_err(broken)?;
        let status = text.split(' ').nth(1).and_then(|s| s.parse().ok()).ok_or_else(|| broken("没有状态码"))?;
        let headers = text.lines().filter_map(|line| line.split_once(':'));
        let length = headers.filter(|(name, _)| name.eq_ignore_ascii_case("content-length")).map(|(_, v)| v.trim().parse::<usize>()).next();
        let length = length.transpose().map_err(broken)?.unwrap_or(0);
        while self.buffer.len() < head + length {
            self.more().await?;
        }
        let body = serde_json::from_slice(&self.buffer[head..head + length]).map_err(|_| broken(format!("{path} 的回答不是 JSON")))?;
        Ok(Answer { status, body })
    }

    async fn more(&mut self) -> Result<(), Given> {
        match self.stream.read_buf(&mut self.buffer).await.map_err(broken)? {
            0 => Err(broken("服务器关闭了连接")),
            _ => Ok(()),
        }
    }
}
