//! The stand-in for Weeek behind a socket, where the connection matters.

use std::net::{SocketAddr, TcpListener};
use std::ops::Deref;

use http::{Request, Response};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tower::Service as _;
use weeek_generated::testing::MockApi;
use weeek_generated::{Error, Result};

/// A server with the rules and the requests of a [`MockApi`]. An incomplete request does not count.
pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    api: MockApi,
}

impl Server {
    /// Starts the server on a thread of its own, which a test that waits for a process does not block.
    pub(crate) fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        let server = Self { address: listener.local_addr().unwrap(), api: MockApi::new() };
        let (address, api) = (server.address, server.api.clone());
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        std::thread::spawn(move || {
            runtime.block_on(async move {
                let listener = tokio::net::TcpListener::from_std(listener).unwrap();
                while let Ok((socket, _)) = listener.accept().await {
                    let api = api.clone();
                    let service = service_fn(move |request| respond(api.clone(), address, request));
                    tokio::spawn(http1::Builder::new().serve_connection(TokioIo::new(socket), service));
                }
            });
        });
        server
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }
}

impl Deref for Server {
    type Target = MockApi;

    fn deref(&self) -> &MockApi {
        &self.api
    }
}

/// An error of the stand-in closes the connection.
async fn respond(
    mut api: MockApi,
    address: SocketAddr,
    request: Request<Incoming>,
) -> Result<Response<reqwest::Body>, Error> {
    let (mut parts, body) = request.into_parts();
    parts.uri = format!("http://{address}{}", parts.uri.path_and_query().unwrap()).parse().unwrap();
    let request = Request::from_parts(parts, reqwest::Body::wrap(body));
    api.call(request.try_into().unwrap()).await.map(Response::from)
}
