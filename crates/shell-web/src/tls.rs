//! TLS of our own (传输加密): a listener that hands on connections whose handshake is done.
//!
//! TLS 1.2 and 1.3 by rustls with its own defaults; certificate chain and key come as PEM files. Handshakes run beside one another
//! and are given up after some seconds, so that a silent client keeps nobody waiting.
//! Left out: the national suites (TLCP, handbook 12 §2), which a certified gateway in front speaks (`--behind-tls`); client
//! certificates; reading a renewed certificate without a restart.

use std::io;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use axum::serve::Listener;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, mpsc};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring::default_provider;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::server::TlsStream;

/// How long a client may take for its handshake.
const PATIENCE: Duration = Duration::from_secs(10);
/// Handshakes at the same time; further clients wait in the queue of the kernel.
const HANDSHAKES: usize = 256;

/// Certificate and key of the server (服务器证书).
#[derive(Clone)]
pub struct Identity(TlsAcceptor);

impl std::fmt::Debug for Identity {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Identity")
    }
}

/// Why certificate and key cannot be used; the printed form is the sentence for the operator.
#[derive(Debug, thiserror::Error)]
pub enum IdentityError {
    /// The certificate file.
    #[error("证书文件 {0} 读不出：{1}。应为 PEM 格式的证书链，服务器证书在前。")]
    Certificate(String, String),
    /// The key file.
    #[error("私钥文件 {0} 读不出：{1}。应为 PEM 格式、未加密的私钥。")]
    Key(String, String),
    /// They do not belong together, or rustls cannot use them.
    #[error("证书和私钥不能使用：{0}。核对两者是否成对。")]
    Unusable(String),
}

impl Identity {
    /// Reads a certificate chain and its key, both PEM.
    ///
    /// # Errors
    /// When a file cannot be read or they do not belong together.
    pub fn load(certificate: &Path, key: &Path) -> Result<Identity, IdentityError> {
        let of_certificate = |e: String| IdentityError::Certificate(certificate.display().to_string(), e);
        let chain = CertificateDer::pem_file_iter(certificate).and_then(Iterator::collect::<Result<Vec<_>, _>>);
        let chain = chain.map_err(|e| of_certificate(e.to_string()))?;
        if chain.is_empty() {
            return Err(of_certificate("没有证书".to_owned()));
        }
        let secret = PrivateKeyDer::from_pem_file(key).map_err(|e| IdentityError::Key(key.display().to_string(), e.to_string()))?;
        let unusable = |e: tokio_rustls::rustls::Error| IdentityError::Unusable(e.to_string());
        let mut config = ServerConfig::builder_with_provider(Arc::new(default_provider()))
            .with_safe_default_protocol_versions()
            .map_err(unusable)?
            .with_no_client_auth()
            .with_single_cert(chain, secret)
            .map_err(unusable)?;
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(Identity(TlsAcceptor::from(Arc::new(config))))
    }
}

/// A listener whose connections are encrypted.
pub(crate) struct Secure {
    local: SocketAddr,
    ready: mpsc::Receiver<(TlsStream<TcpStream>, SocketAddr)>,
}

impl Secure {
    /// Begins to accept on a listener that is bound; ends when dropped.
    pub(crate) fn over(listener: TcpListener, Identity(acceptor): Identity) -> io::Result<Secure> {
        let local = listener.local_addr()?;
        let (hand_on, ready) = mpsc::channel(HANDSHAKES);
        tokio::spawn(accept(listener, acceptor, hand_on));
        Ok(Secure { local, ready })
    }
}

async fn accept(mut listener: TcpListener, acceptor: TlsAcceptor, hand_on: mpsc::Sender<(TlsStream<TcpStream>, SocketAddr)>) {
    let places = Arc::new(Semaphore::new(HANDSHAKES));
    loop {
        let Ok(place) = places.clone().acquire_owned().await else { return };
        let (stream, peer) = tokio::select! {
            // Errors of accept are waited out by axum's listener.
            accepted = Listener::accept(&mut listener) => accepted,
            () = hand_on.closed() => return,
        };
        let (acceptor, hand_on) = (acceptor.clone(), hand_on.clone());
        tokio::spawn(async move {
            let _place = place;
            // Answers are written whole; waiting for more to send would only delay them.
            let _ = stream.set_nodelay(true);
            if let Ok(Ok(secured)) = tokio::time::timeout(PATIENCE, acceptor.accept(stream)).await {
                let _ = hand_on.send((secured, peer)).await;
            }
        });
    }
}

impl Listener for Secure {
    type Io = TlsStream<TcpStream>;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Self::Io, Self::Addr) {
        match self.ready.recv().await {
            Some(ready) => ready,
            // Its task lives as long as this; should it ever stop, nobody new comes in and the server ends as told.
            None => std::future::pending().await,
        }
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        Ok(self.local)
    }
}
