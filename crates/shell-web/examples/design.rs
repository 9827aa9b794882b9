//! Serves `/design` on 127.0.0.1:4510: `cargo run -p shell-web --example design`.

use axum::Router;
use axum::extract::Request;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use shell_web::{assets, design};

#[tokio::main]
async fn main() -> std::io::Result<()> {
    let address = std::env::args().nth(1).unwrap_or_else(|| "127.0.0.1:4510".to_owned());
    let listener = tokio::net::TcpListener::bind(&address).await?;
    println!("http://{}/design", listener.local_addr()?);
    axum::serve(listener, Router::new().fallback(answer)).await
}

async fn answer(request: Request) -> Response {
    let path = request.uri().path();
    if let Some(asset) = assets::find(path) {
        return ([(header::CONTENT_TYPE, asset.mime), (header::CACHE_CONTROL, assets::FOREVER)], asset.body.clone()).into_response();
    }
    match design::show(path) {
        Some(page) => {
            ([(header::CONTENT_TYPE, "text/html; charset=utf-8"), (header::CONTENT_SECURITY_POLICY, assets::POLICY)], page.into_string())
                .into_response()
        }
        None => StatusCode::NOT_FOUND.into_response(),
    }
}
