//! A mock server made from the spec.
//!
//! Read `request`, `storage`, `example`, `reply`, `http`: each imports only from those before it.

mod example;
mod http;
mod reply;
mod request;
mod storage;

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use tokio::net::TcpListener;

pub use http::Exchange;
pub use reply::Options;

use crate::contract::Spec;
use http::{Port, Server};
use reply::Replies;
use storage::Storage;

/// A running server. It stops when dropped.
#[derive(Debug)]
pub struct Mock {
    address: SocketAddr,
    tasks: [tokio::task::JoinHandle<()>; 2],
}

impl Mock {
    /// Starts a server on loopback. `log` is called for each request, including those to the storage of files.
    pub async fn start(
        spec: Arc<Spec>,
        options: &Options,
        log: impl Fn(&Exchange<'_>) + Send + Sync + 'static,
    ) -> io::Result<Self> {
        let api = TcpListener::bind((Ipv4Addr::LOCALHOST, options.port)).await?;
        let storage = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let address = api.local_addr()?;
        let files = Storage::new(&spec, &url(address), &url(storage.local_addr()?));
        let server = Arc::new(Server::new(Replies::new(spec, files, options), log));
        let tasks = [
            tokio::spawn(http::accept(api, server.clone(), Port::Api)),
            tokio::spawn(http::accept(storage, server, Port::Storage)),
        ];
        Ok(Self { address, tasks })
    }

    /// The base URL.
    pub fn url(&self) -> String {
        url(self.address)
    }
}

fn url(address: SocketAddr) -> String {
    format!("http://{address}")
}

impl Drop for Mock {
    fn drop(&mut self) {
        self.tasks.iter().for_each(tokio::task::JoinHandle::abort);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn failures_can_be_asked_for() {
        let options = Options { replies: vec![("user.get".to_owned(), 401)], ..Options::default() };
        let mock = Mock::start(crate::contract::SPEC.clone(), &options, |_| ()).await.unwrap();
        let http = reqwest::Client::builder().no_proxy().build().unwrap();
        for (status, retry_after, expected) in [(429, Some("1"), 429), (503, None, 503), (418, None, 422)] {
            let request = http.get(format!("{}/ws", mock.url())).bearer_auth("t");
            let response = request.header("Prefer", format!("code={status}")).send().await.unwrap();
            let header = response.headers().get("retry-after").map(|value| value.to_str().unwrap().to_owned());
            assert_eq!((response.status().as_u16(), header.as_deref()), (expected, retry_after), "{status}");
            let is_named = response.text().await.unwrap().contains("declares no status 418, only 200, ");
            assert_eq!(is_named, status == 418, "{status}");
        }
        // A program that cannot set the header, and one that can.
        let user = |request: reqwest::RequestBuilder| async { request.bearer_auth("t").send().await.unwrap().status() };
        let url = format!("{}/user/me", mock.url());
        assert_eq!(user(http.get(&url)).await, 401);
        assert_eq!(user(http.get(&url).header("Prefer", "code=200")).await, 200);
    }
}
