//! What a page sends (提交内容): fields and files of a form, taken only with the form token of the session.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts, Multipart, Request};
use axum::http::header;

use crate::app::App;
use crate::fault::Fault;
use crate::who::Who;

/// One uploaded file, in memory.
#[derive(Clone, Debug)]
pub struct Upload {
    /// Field.
    pub field: String,
    /// Name as the browser told it, without folders.
    pub name: String,
    /// Content.
    pub bytes: Bytes,
}

/// Fields and files as sent, in order.
#[derive(Clone, Debug, Default)]
pub struct Fields {
    /// Name and value.
    pub pairs: Vec<(String, String)>,
    /// Files that are not empty.
    pub files: Vec<Upload>,
}

impl Fields {
    /// The first value of a field, trimmed; empty where it is missing.
    pub fn get(&self, name: &str) -> &str {
        self.raw(name).trim()
    }

    /// The first value of a field as typed (passwords keep their blanks).
    pub fn raw(&self, name: &str) -> &str {
        self.pairs.iter().find(|(n, _)| n == name).map_or("", |(_, v)| v.as_str())
    }

    /// The first file of a field.
    pub fn file(&self, field: &str) -> Option<&Upload> {
        self.files.iter().find(|f| f.field == field)
    }

    /// Reads a form, written either way; at most the body limit of its route.
    pub(crate) async fn read(request: Request) -> Result<Fields, Fault> {
        let kind = request.headers().get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default().to_owned();
        if !kind.starts_with("multipart/form-data") {
            let bytes = Bytes::from_request(request, &()).await.map_err(|_| TOO_LARGE)?;
            return Ok(Fields { pairs: urlencoded(&bytes), files: Vec::new() });
        }
        let mut parts = Multipart::from_request(request, &()).await.map_err(|_| Fault::Body("提交的内容读不出。"))?;
        let mut fields = Fields::default();
        while let Some(part) = parts.next_field().await.map_err(|_| TOO_LARGE)? {
            let name = part.name().unwrap_or_default().to_owned();
            let file = part.file_name().map(|n| n.rsplit(['/', '\\']).next().unwrap_or_default().to_owned());
            match file {
                Some(file) => {
                    let bytes = part.bytes().await.map_err(|_| TOO_LARGE)?;
                    if !file.is_empty() || !bytes.is_empty() {
                        fields.files.push(Upload { field: name, name: file.chars().take(120).collect(), bytes });
                    }
                }
                None => fields.pairs.push((name, part.text().await.map_err(|_| TOO_LARGE)?)),
            }
        }
        Ok(fields)
    }
}

const TOO_LARGE: Fault = Fault::Body("提交的内容超过大小限制，或中途断开。");

/// Pairs of `application/x-www-form-urlencoded`, which queries are too.
pub fn urlencoded(bytes: &[u8]) -> Vec<(String, String)> {
    let plain = |part: &[u8]| {
        let mut out = Vec::with_capacity(part.len());
        let mut rest = part.iter();
        while let Some(&b) = rest.next() {
            out.push(match b {
                b'+' => b' ',
                b'%' => {
                    let digits: Vec<u8> = rest.as_slice().iter().take(2).copied().collect();
                    match std::str::from_utf8(&digits).ok().filter(|d| d.len() == 2).and_then(|d| u8::from_str_radix(d, 16).ok()) {
                        Some(byte) => {
                            rest = rest.as_slice()[2..].iter();
                            byte
                        }
                        None => b'%',
                    }
                }
                other => other,
            });
        }
        String::from_utf8_lossy(&out).into_owned()
    };
    bytes
        .split(|b| *b == b'&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| {
            let at = pair.iter().position(|b| *b == b'=').unwrap_or(pair.len());
            (plain(&pair[..at]), plain(pair.get(at + 1..).unwrap_or_default()))
        })
        .collect()
}

/// A form sent by somebody signed in, whose token was right.
pub struct Post {
    /// Who.
    pub who: Who,
    /// What.
    pub form: Fields,
}

impl FromRequest<Arc<App>> for Post {
    type Rejection = Fault;

    async fn from_request(request: Request, app: &Arc<App>) -> Result<Post, Fault> {
        let (mut parts, body) = request.into_parts();
        let who = Who::from_request_parts(&mut parts, app).await?;
        let form = Fields::read(Request::from_parts(parts, body)).await?;
        if !same(form.get("form_token"), &who.form_token) {
            return Err(Fault::Forged);
        }
        Ok(Post { who, form })
    }
}

/// Compares two secrets without telling by the time taken how far they agree.
pub(crate) fn same(a: &str, b: &str) -> bool {
    a.len() == b.len() && a.bytes().zip(b.bytes()).fold(0, |d, (x, y)| d | (x ^ y)) == 0
}

/// The query of an address (查询条件).
#[derive(Clone, Debug, Default)]
pub struct Asked(Vec<(String, String)>);

impl Asked {
    /// A query as it stands in an address.
    pub fn of(query: &str) -> Asked {
        Asked(urlencoded(query.as_bytes()))
    }

    /// The first value of a name, trimmed; empty where it is missing.
    pub fn get(&self, name: &str) -> &str {
        self.0.iter().find(|(n, _)| n == name).map_or("", |(_, v)| v.trim())
    }

    /// Whether a name stands in the query, with or without a value.
    pub fn has(&self, name: &str) -> bool {
        self.0.iter().any(|(n, _)| n == name)
    }

    /// All pairs, in order.
    pub fn pairs(&self) -> &[(String, String)] {
        &self.0
    }
}

impl<S: Sync> FromRequestParts<S> for Asked {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut axum::http::request::Parts, _: &S) -> Result<Asked, Self::Rejection> {
        Ok(Asked(urlencoded(parts.uri.query().unwrap_or_default().as_bytes())))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_and_queries_are_read_as_browsers_write_them() {
        let read = urlencoded("q=%E7%99%BD%E9%B9%AD+%E5%8E%BF&empty=&flag&bad=%zz%4".as_bytes());
        let expected = [("q", "白鹭 县"), ("empty", ""), ("flag", ""), ("bad", "%zz%4")];
        assert_eq!(read, expected.map(|(n, v)| (n.to_owned(), v.to_owned())));
        assert!(same("abc", "abc") && !same("abc", "abd") && !same("abc", "ab"));
    }
}
