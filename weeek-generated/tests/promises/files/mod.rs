//! Uploads from memory, disk and streams; downloads without the token, complete or not at all.

mod downloads;
mod saving;
mod uploads;

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

use super::*;

/// An attachment with this URL.
fn attachment(weeek: &Client, url: &str) -> Attachment {
    attachment_with(weeek, &json!({"id": "file-1", "name": "offer.pdf", "service": "weeek", "url": url}))
}

fn attachment_with(weeek: &Client, data: &Value) -> Attachment {
    weeek.attachments().get("file-1").decode(StatusCode::OK, json!({"data": data}).to_string()).unwrap()
}

/// A client with a loopback base URL, this timeout and fast retries.
fn local_client(timeout: Duration) -> Client {
    let quick = RetryPolicy::default().initial_backoff(Duration::from_millis(1));
    Client::builder("t").base_url("http://127.0.0.1:1").attempt_timeout(timeout).retry(quick).build().unwrap()
}

/// A server on bare sockets, so that it can violate HTTP.
struct RawServer {
    url: String,
    requests: Arc<Mutex<Vec<String>>>,
}

impl RawServer {
    /// Reads the head of each request, hands the socket to `serve`, and closes the connection.
    fn start(serve: impl Fn(usize, &mut TcpStream) + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let requests = Arc::new(Mutex::new(Vec::new()));
        let (seen, serve) = (Arc::clone(&requests), Arc::new(serve));
        std::thread::spawn(move || {
            for (number, socket) in listener.incoming().enumerate() {
                let (mut socket, seen, serve) = (socket.unwrap(), Arc::clone(&seen), Arc::clone(&serve));
                std::thread::spawn(move || {
                    let head = head(&mut socket);
                    seen.lock().unwrap().push(head);
                    serve(number, &mut socket);
                });
            }
        });
        Self { url, requests }
    }

    /// Sends these responses in order, and then repeats the last one.
    fn with_responses<T: AsRef<[u8]> + Send + Sync + 'static>(responses: Vec<T>) -> Self {
        Self::start(move |number, socket| {
            let _ = socket.write_all(responses[number.min(responses.len() - 1)].as_ref());
        })
    }

    fn requests(&self) -> Vec<String> {
        self.requests.lock().unwrap().clone()
    }
}

/// Reads byte by byte to leave the body in the socket.
fn head(socket: &mut TcpStream) -> String {
    let mut bytes = Vec::new();
    let mut byte = [0];
    while !bytes.ends_with(b"\r\n\r\n") && matches!(socket.read(&mut byte), Ok(1)) {
        bytes.push(byte[0]);
    }
    String::from_utf8_lossy(&bytes).to_lowercase()
}
