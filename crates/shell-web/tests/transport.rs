//! The way to the browser, tried with curl: TLS of our own, and what travels compressed.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

use core_calendar::Day;
use shell_pipeline::Centre;
use shell_store::bootstrap::{NewCentre, NewUnit};
use shell_web::app::{App, Settings};
use shell_web::tls::{Identity, IdentityError};

/// A folder that goes with its test.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Folder {
        let path = std::env::temp_dir().join(format!("anju-transport-{}-{name}", std::process::id()));
        let _ = std::fs::remove_dir_all(&path);
        std::fs::create_dir_all(&path).expect("a temporary folder");
        Folder(path)
    }

    fn at(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    /// A certificate of its own with its key, by openssl.
    fn certificate(&self, name: &str) -> (PathBuf, PathBuf) {
        let (certificate, key) = (self.at(&format!("{name}.crt")), self.at(&format!("{name}.key")));
        let made = Command::new("openssl")
            .args(["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"])
            .args(["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost", "-keyout"])
            .arg(&key)
            .arg("-out")
            .arg(&certificate)
            .output()
            .expect("openssl runs: install the package openssl");
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        (certificate, key)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// Serves a centre without anybody in it.
async fn serve(folder: &Folder, identity: Option<Identity>) -> SocketAddr {
    let ring = shell_vault::KeyRing::generate(jiff::civil::date(2025, 7, 1), &mut shell_vault::SystemEntropy::new()).expect("keys");
    let new = NewCentre {
        code: "demo".into(),
        name: "彩云住房公积金管理中心".into(),
        division: "532300".into(),
        opened: Day::parse("2025-07-01").expect("a day"),
        demonstration: true,
        units: vec![NewUnit { id: 1, kind: "centre".into(), name: "中心本部".into(), division: "532300".into() }],
        banks: Vec::new(),
    };
    let centre = Centre::create(&folder.0.display().to_string(), ring, &new).await.expect("a centre");
    let settings = Settings { data: folder.0.clone(), tls: identity.is_some(), identity, ..Settings::default() };
    let app = App::new(Arc::new(centre), settings).await.expect("an application");
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("an address");
    tokio::spawn(shell_web::app::serve_on(app, listener, std::future::pending()));
    address
}

/// What curl says: its exit code, the head and the length of the body.
struct Told {
    code: i32,
    head: String,
    length: usize,
}

fn curl(args: &[&str]) -> Told {
    let body = std::env::temp_dir().join(format!("anju-transport-body-{}-{:?}", std::process::id(), std::thread::current().id()));
    let done = Command::new("curl").args(["-sS", "--max-time", "20", "-D", "-", "-o"]).arg(&body).args(args).output();
    let done = done.expect("curl runs: install the package curl");
    let length = std::fs::metadata(&body).map_or(0, |m| m.len() as usize);
    let _ = std::fs::remove_file(&body);
    Told { code: done.status.code().unwrap_or(-1), head: String::from_utf8_lossy(&done.stdout).to_lowercase(), length }
}

fn text(path: &Path) -> &str {
    path.to_str().expect("a path in UTF-8")
}

#[tokio::test(flavor = "multi_thread")]
async fn our_own_tls_is_spoken_with_curl_and_nothing_else_on_its_port() {
    let folder = Folder::new("tls");
    let (certificate, key) = folder.certificate("server");
    let address = serve(&folder, Some(Identity::load(&certificate, &key).expect("an identity"))).await;
    // Somebody who connects and says nothing keeps nobody waiting.
    let _silent = std::net::TcpStream::connect(address).expect("a connection");
    let page = format!("https://localhost:{}/sign-in", address.port());
    for version in ["--tlsv1.2", "--tlsv1.3"] {
        let told = curl(&["--cacert", text(&certificate), version, &page]);
        assert_eq!(told.code, 0, "{version}");
        assert!(told.head.starts_with("http/1.1 200"), "{}", told.head);
        assert!(told.head.contains("strict-transport-security: max-age=31536000"), "{}", told.head);
    }
    // 60: the certificate is not trusted; 35: the server does not speak so old a version.
    assert_eq!(curl(&[&page]).code, 60);
    assert_eq!(curl(&["--cacert", text(&certificate), "--tls-max", "1.1", &page]).code, 35);
    let plain = curl(&[&format!("http://localhost:{}/sign-in", address.port())]);
    assert_ne!(plain.code, 0, "{}", plain.head);
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_travel_compressed_when_asked_for_from_our_own_pages() {
    let folder = Folder::new("packed");
    let address = serve(&folder, None).await;
    let page = format!("http://{address}/sign-in");
    let whole = curl(&[&page]);
    assert!(!whole.head.contains("content-encoding"), "{}", whole.head);
    let gzip = ["-H", "Accept-Encoding: gzip"];
    for (site, packed) in [("same-origin", true), ("none", true), ("cross-site", false), ("same-site", false)] {
        let header = format!("Sec-Fetch-Site: {site}");
        let told = curl(&[&gzip[..], &["-H", &header, &page]].concat());
        assert_eq!(told.head.contains("content-encoding: gzip"), packed, "{site}: {}", told.head);
        assert_eq!(told.length < whole.length, packed, "{site}: {} of {}", told.length, whole.length);
    }
    // A browser that says nothing of where it comes from.
    assert!(!curl(&[&gzip[..], &[&page]].concat()).head.contains("content-encoding"));
    // Styles and the description of the API hold nothing of anybody.
    let description = format!("http://{address}/api/v1/openapi.json");
    assert!(curl(&[&gzip[..], &[&description]].concat()).head.contains("content-encoding: gzip"));
}

#[test]
fn an_identity_that_cannot_be_used_is_told_by_its_file() {
    let folder = Folder::new("identity");
    let (certificate, key) = folder.certificate("one");
    let (_, other) = folder.certificate("two");
    assert!(matches!(Identity::load(&folder.at("none"), &key), Err(IdentityError::Certificate(..))));
    assert!(matches!(Identity::load(&key, &key), Err(IdentityError::Certificate(..))), "a key is no certificate");
    assert!(matches!(Identity::load(&certificate, &certificate), Err(IdentityError::Key(..))));
    let unpaired = Identity::load(&certificate, &other).expect_err("they do not belong together");
    assert!(matches!(unpaired, IdentityError::Unusable(_)), "{unpaired}");
    assert!(unpaired.to_string().contains("是否成对"));
}
