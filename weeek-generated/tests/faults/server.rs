//! A server on bare sockets, so that it can violate HTTP.

use std::collections::VecDeque;
use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

/// What the server does with one connection.
#[derive(Clone, Debug)]
pub(crate) enum Behavior {
    /// Reads the request, writes these bytes and closes the connection.
    Respond(Vec<u8>),
    /// Reads the request and resets the connection.
    ResetAfterRequest,
    /// Closes the connection without reading the request.
    CloseBeforeRequest,
    /// Reads the request, writes these bytes, and then a byte every 20 ms without end.
    Drip(Vec<u8>),
    /// Reads the request, writes these bytes, and then more as fast as possible without end.
    Flood(Vec<u8>),
    /// Reads the request and sends nothing.
    Stall,
}

pub(crate) struct Server {
    address: SocketAddr,
    requests: Arc<Mutex<Vec<String>>>,
    connections: Arc<AtomicUsize>,
}

impl Server {
    /// Applies the behaviors to one connection after another, and repeats the last one.
    pub(crate) fn start(behaviors: impl IntoIterator<Item = Behavior>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let requests = Arc::new(Mutex::new(Vec::new()));
        let connections = Arc::new(AtomicUsize::new(0));
        let (seen, counted) = (Arc::clone(&requests), Arc::clone(&connections));
        let mut behaviors: VecDeque<_> = behaviors.into_iter().collect();
        thread::spawn(move || {
            for socket in listener.incoming() {
                counted.fetch_add(1, Ordering::SeqCst);
                let behavior = if behaviors.len() > 1 { behaviors.pop_front() } else { behaviors.front().cloned() };
                let (Ok(socket), Some(behavior), seen) = (socket, behavior, Arc::clone(&seen)) else { return };
                thread::spawn(move || serve(socket, behavior, &seen));
            }
        });
        Self { address, requests, connections }
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The number of connections accepted.
    pub(crate) fn connections(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }

    /// Head and body of each request.
    pub(crate) fn requests(&self) -> Vec<String> {
        self.requests.lock().unwrap().clone()
    }
}

fn serve(mut socket: TcpStream, behavior: Behavior, seen: &Mutex<Vec<String>>) {
    match behavior {
        Behavior::CloseBeforeRequest => {
            let _ = socket.shutdown(Shutdown::Both);
            return;
        }
        Behavior::ResetAfterRequest => return reset_after_request(socket, seen),
        _ => {}
    }
    seen.lock().unwrap().push(read_request(&mut socket));
    match behavior {
        Behavior::Respond(bytes) => {
            let _ = socket.write_all(&bytes);
            let _ = socket.shutdown(Shutdown::Write);
            let _ = socket.read(&mut [0; 64]);
        }
        Behavior::ResetAfterRequest | Behavior::CloseBeforeRequest => {}
        Behavior::Drip(bytes) => {
            let _ = socket.write_all(&bytes);
            while socket.write_all(b" ").is_ok() {
                thread::sleep(Duration::from_millis(20));
            }
        }
        Behavior::Flood(bytes) => {
            let _ = socket.write_all(&bytes);
            let chunk = vec![b' '; 1 << 20];
            while socket.write_all(&chunk).is_ok() {}
        }
        Behavior::Stall => {
            let _ = socket.read(&mut [0; 64]);
        }
    }
}

/// Peeks at the request, because closing a socket with unread bytes resets the connection.
fn reset_after_request(socket: TcpStream, seen: &Mutex<Vec<String>>) {
    let mut bytes = [0; 4096];
    loop {
        let Ok(count) = socket.peek(&mut bytes) else { return };
        let text = String::from_utf8_lossy(&bytes[..count]).into_owned();
        if is_complete(&text) {
            seen.lock().unwrap().push(text);
            return drop(socket);
        }
        thread::sleep(Duration::from_millis(1));
    }
}

fn is_complete(request: &str) -> bool {
    let Some((head, body)) = request.split_once("\r\n\r\n") else { return false };
    let length = head.lines().find_map(|line| line.to_lowercase().strip_prefix("content-length: ")?.parse().ok());
    body.len() >= length.unwrap_or(0)
}

fn read_request(socket: &mut TcpStream) -> String {
    let mut bytes = Vec::new();
    let mut chunk = [0; 4096];
    loop {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        if is_complete(&text) {
            return text;
        }
        match socket.read(&mut chunk) {
            Ok(0) | Err(_) => return text,
            Ok(count) => bytes.extend_from_slice(&chunk[..count]),
        }
    }
}
