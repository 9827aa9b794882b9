//! A plain HTTP client for tests: one connection to a server on loopback, JSON both ways.
//!
//! Left out: everything that a browser does; [`crate::browser`] is one.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use serde_json::Value;

/// A connection, kept open between requests.
#[derive(Debug)]
pub struct Client {
    stream: BufReader<TcpStream>,
    token: String,
}

impl Client {
    /// Connects; every request carries the bearer token.
    ///
    /// # Panics
    /// When nobody listens.
    pub fn connect(address: SocketAddr, token: &str) -> Client {
        let stream = TcpStream::connect(address).unwrap_or_else(|error| panic!("{address}: {error}"));
        stream.set_nodelay(true).and_then(|()| stream.set_read_timeout(Some(Duration::from_secs(60)))).expect("a socket takes its options");
        Client { stream: BufReader::new(stream), token: token.to_owned() }
    }

    /// Posts JSON; the status and the answer. Headers are whole lines.
    ///
    /// # Panics
    /// When the answer is no HTTP with JSON of a stated length.
    pub fn post(&mut self, path: &str, headers: &[String], body: &Value) -> (u16, Value) {
        let body = body.to_string();
        let mut request = format!(
            "POST {path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n",
            self.token,
            body.len()
        );
        headers.iter().for_each(|header| request += &format!("{header}\r\n"));
        request += "\r\n";
        request += &body;
        self.stream.get_mut().write_all(request.as_bytes()).expect("the server listens");
        self.answer()
    }

    fn line(&mut self) -> String {
        let mut line = String::new();
        self.stream.read_line(&mut line).expect("the server answers");
        line.trim_end().to_owned()
    }

    fn answer(&mut self) -> (u16, Value) {
        let first = self.line();
        let status = first.split(' ').nth(1).and_then(|s| s.parse().ok()).unwrap_or_else(|| panic!("no status: {first:?}"));
        let mut length = None;
        loop {
            let line = self.line();
            if line.is_empty() {
                break;
            }
            if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
                length = value.trim().parse::<usize>().ok();
            }
        }
        let mut body = vec![0; length.unwrap_or_else(|| panic!("{first}: an answer without its length"))];
        self.stream.read_exact(&mut body).expect("the whole answer");
        let json = serde_json::from_slice(&body).unwrap_or_else(|error| panic!("{first}: {error}: {}", String::from_utf8_lossy(&body)));
        (status, json)
    }
}
