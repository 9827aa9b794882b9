//! The ciphers against OpenSSL's command line, a program that shares no code with ours (handbook 12 §4.3).
//!
//! OpenSSL 3.0 has SM3, HMAC, HKDF and SM4-CTR; it has no SM4-GCM, so of a sealed field the ciphertext is compared (GCM encrypts
//! with SM4-CTR from counter 2) and its tag rests on the vector of RFC 8998 in `suite`.

use crate::hex;
use crate::suite::Suite;
use std::io::Write as _;
use std::process::{Command, Stdio};

const N: Suite = Suite::National;

/// Lengths on both sides of every block boundary of SM3 (64) and SM4 (16).
const LENGTHS: [usize; 10] = [0, 1, 15, 16, 17, 55, 56, 64, 65, 300];

fn openssl(args: &[&str], input: &[u8]) -> Vec<u8> {
    let mut child = Command::new("openssl")
        .args(args)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("this test compares with the openssl program: install the package openssl (3.0 or newer)");
    child.stdin.take().expect("piped").write_all(input).expect("openssl reads its input");
    let output = child.wait_with_output().expect("openssl ends");
    assert!(output.status.success(), "openssl {args:?} must know SM3 and SM4 (3.0 or newer): {}", String::from_utf8_lossy(&output.stderr));
    output.stdout
}

/// Bytes without a pattern of their own.
fn sample<const L: usize>() -> [u8; L] {
    std::array::from_fn(|i| (i * 131 + i * i * 7 + 13) as u8)
}

/// Texts of all lengths.
fn texts() -> impl Iterator<Item = Vec<u8>> {
    LENGTHS.into_iter().map(|length| sample::<300>()[..length].to_vec())
}

#[test]
fn digests_agree() {
    for text in texts() {
        let theirs = openssl(&["dgst", "-sm3", "-binary"], &text);
        assert_eq!(N.hash(&text).to_vec(), theirs, "{} bytes", text.len());
    }
}

#[test]
fn authentication_codes_agree() {
    let key = sample::<32>();
    let option = format!("hexkey:{}", hex::text(&key));
    let args = ["dgst", "-sm3", "-mac", "HMAC", "-macopt", &option, "-binary"];
    for text in texts() {
        let ours = N.mac_key(&key).sign(&[&text]);
        assert_eq!(ours.to_vec(), openssl(&args, &text), "{} bytes", text.len());
    }
}

#[test]
fn derived_keys_agree() {
    let (master, salt, info) = (sample::<32>(), sample::<15>(), sample::<9>());
    for length in [16, 32, 48] {
        let mut ours = vec![0; length];
        N.derive(&salt, &master, &[&info], &mut ours);
        let (length, master, salt, info) = (
            length.to_string(),
            format!("hexkey:{}", hex::text(&master)),
            format!("hexsalt:{}", hex::text(&salt)),
            format!("hexinfo:{}", hex::text(&info)),
        );
        let args = ["kdf", "-binary", "-keylen", &length, "-kdfopt", "digest:SM3", "-kdfopt", &master]
            .into_iter()
            .chain(["-kdfopt", &salt, "-kdfopt", &info, "HKDF"]);
        assert_eq!(ours, openssl(&args.collect::<Vec<_>>(), b""), "{length} bytes");
    }
}

#[test]
fn ciphertexts_agree() {
    let (key, nonce) = (sample::<16>(), sample::<12>());
    let counter = format!("{}00000002", hex::text(&nonce));
    let hex_key = hex::text(&key);
    for text in texts() {
        let mut ours = text.clone();
        N.cipher_key(&key).seal(&nonce, b"place", &mut ours).expect("short");
        let theirs = openssl(&["enc", "-sm4-ctr", "-K", &hex_key, "-iv", &counter], &text);
        assert_eq!(ours, theirs, "{} bytes", text.len());
    }
}
