//! The clients of a measurement: one connection each that stays open, requests as bytes, as little work as can be, so that what is
//! measured is the server. Left out: everything of HTTP that our own server does not answer with (chunked bodies, redirects).

use std::net::SocketAddr;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::failure::Failure;

/// An answer of the server.
#[derive(Debug)]
pub(crate) struct Answer {
    /// Status.
    pub(crate) status: u16,
    /// Body.
    pub(crate) body: Vec<u8>,
}

/// A connection that stays open.
pub(crate) struct Client {
    stream: TcpStream,
    buffer: Vec<u8>,
}

fn broken(what: impl std::fmt::Display) -> Failure {
    Failure::Outage(format!("测量用的连接断了：{what}"))
}

impl Client {
    pub(crate) async fn connect(at: SocketAddr) -> Result<Client, Failure> {
        let stream = TcpStream::connect(at).await.map_err(broken)?;
        stream.set_nodelay(true).map_err(broken)?;
        Ok(Client { stream, buffer: Vec::with_capacity(16 * 1024) })
    }

    /// A posting under `/api/v1/cases/{action}`.
    pub(crate) async fn post(&mut self, token: &str, action: &str, key: &str, form: &str) -> Result<Answer, Failure> {
        let head = format!(
            "POST /api/v1/cases/{action} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\nIdempotency-Key: {key}\r\n\
             Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{form}",
            form.len()
        );
        self.ask(&head).await
    }

    /// Sends a request and reads its answer.
    pub(crate) async fn ask(&mut self, request: &str) -> Result<Answer, Failure> {
        self.stream.write_all(request.as_bytes()).await.map_err(broken)?;
        self.buffer.clear();
        let head = loop {
            if let Some(end) = find(&self.buffer, b"\r\n\r\n") {
                break end + 4;
            }
            self.more().await?;
        };
        let text = std::str::from_utf8(&self.buffer[..head]).map_err(broken)?;
        let value = |name: &str| {
            text.lines().filter_map(|l| l.split_once(':')).find(|(n, _)| n.eq_ignore_ascii_case(name)).map(|(_, v)| v.trim().to_owned())
        };
        let status = text.split(' ').nth(1).and_then(|s| s.parse().ok()).ok_or_else(|| broken("no status"))?;
        let length: usize = match value("content-length") {
            Some(length) => length.parse().map_err(broken)?,
            None => 0,
        };
        while self.buffer.len() < head + length {
            self.more().await?;
        }
        Ok(Answer { status, body: self.buffer[head..head + length].to_vec() })
    }

    async fn more(&mut self) -> Result<(), Failure> {
        match self.stream.read_buf(&mut self.buffer).await.map_err(broken)? {
            0 => Err(broken("the server closed it")),
            _ => Ok(()),
        }
    }
}

fn find(text: &[u8], what: &[u8]) -> Option<usize> {
    text.windows(what.len()).position(|w| w == what)
}
