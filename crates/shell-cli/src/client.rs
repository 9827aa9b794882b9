//! A client of our own server (接口客户端): one connection that stays open, for the demonstration through the API and for measurements.

use std::io;
use std::net::SocketAddr;

use http_body_util::{BodyExt, Full};
use hyper::body::Bytes;
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper::header::{AUTHORIZATION, CONTENT_TYPE, HOST, HeaderName};
use hyper::{Method, Request};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

/// The header under which a command is known when it comes again.
const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");

/// A connection to the server.
pub(crate) struct Client {
    at: SocketAddr,
    sender: SendRequest<Full<Bytes>>,
}

/// An answer: status and body.
#[derive(Debug)]
pub(crate) struct Answer {
    /// Status.
    pub(crate) status: u16,
    /// Body.
    pub(crate) body: Bytes,
}

fn broken(what: impl std::fmt::Display) -> io::Error {
    io::Error::other(format!("与接口的连接断了：{what}"))
}

impl Client {
    /// Connects.
    ///
    /// # Errors
    /// When nobody listens there.
    pub(crate) async fn connect(at: SocketAddr) -> io::Result<Client> {
        let stream = TcpStream::connect(at).await?;
        stream.set_nodelay(true)?;
        let (sender, connection) = handshake(TokioIo::new(stream)).await.map_err(broken)?;
        // It ends with the sender; what breaks it is told to whoever asks.
        tokio::spawn(connection);
        Ok(Client { at, sender })
    }

    /// Sends a command or a file with a bearer token, under an idempotency key where one is given.
    ///
    /// # Errors
    /// When the connection breaks.
    pub(crate) async fn post(
        &mut self,
        token: &str,
        path: &str,
        key: Option<&str>,
        kind: &str,
        body: impl Into<Bytes>,
    ) -> io::Result<Answer> {
        let bearer = format!("Bearer {token}");
        let mut headers = vec![(AUTHORIZATION, bearer.as_str()), (CONTENT_TYPE, kind)];
        headers.extend(key.map(|key| (IDEMPOTENCY_KEY, key)));
        self.ask(Method::POST, path, &headers, body.into()).await
    }

    /// Asks for a page or a resource with these headers.
    ///
    /// # Errors
    /// When the connection breaks.
    pub(crate) async fn get(&mut self, path: &str, headers: &[(HeaderName, &str)]) -> io::Result<Answer> {
        self.ask(Method::GET, path, headers, Bytes::new()).await
    }

    async fn ask(&mut self, method: Method, path: &str, headers: &[(HeaderName, &str)], body: Bytes) -> io::Result<Answer> {
        let mut request = Request::builder().method(method).uri(path).header(HOST, self.at.to_string());
        for (name, value) in headers {
            request = request.header(name, *value);
        }
        let request = request.body(Full::new(body)).map_err(broken)?;
        self.sender.ready().await.map_err(broken)?;
        let answer = self.sender.send_request(request).await.map_err(broken)?;
        let status = answer.status().as_u16();
        let body = answer.into_body().collect().await.map_err(broken)?.to_bytes();
        Ok(Answer { status, body })
    }
}
