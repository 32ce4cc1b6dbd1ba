//! A server below HTTP libraries, so that it can break every rule of theirs.

use std::collections::VecDeque;
use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

/// What happens to one connection.
#[derive(Clone, Debug)]
pub(crate) enum Act {
    /// Reads the request, writes these bytes, hangs up.
    Answer(Vec<u8>),
    /// Reads the request, resets the connection.
    ResetAfterRequest,
    /// Hangs up before a byte of the request was read.
    ResetBeforeRequest,
    /// Reads the request, writes these bytes and then one more every so often, for ever.
    Drip(Vec<u8>),
    /// Reads the request, writes these bytes and then a mebibyte after the other, for ever.
    Flood(Vec<u8>),
    /// Reads the request and says nothing.
    Silence,
}

pub(crate) struct Server {
    address: SocketAddr,
    requests: Arc<Mutex<Vec<String>>>,
    connections: Arc<AtomicUsize>,
}

impl Server {
    /// Does the acts one connection after the other, the last one again and again.
    pub(crate) fn start(acts: impl IntoIterator<Item = Act>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let requests = Arc::new(Mutex::new(Vec::new()));
        let connections = Arc::new(AtomicUsize::new(0));
        let (seen, counted) = (Arc::clone(&requests), Arc::clone(&connections));
        let mut acts: VecDeque<_> = acts.into_iter().collect();
        thread::spawn(move || {
            for socket in listener.incoming() {
                counted.fetch_add(1, Ordering::SeqCst);
                let act = if acts.len() > 1 { acts.pop_front() } else { acts.front().cloned() };
                let (Ok(socket), Some(act), seen) = (socket, act, Arc::clone(&seen)) else { return };
                thread::spawn(move || serve(socket, act, &seen));
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

    /// How many connections came about.
    pub(crate) fn connections(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }

    /// Head and body of every request that was read.
    pub(crate) fn requests(&self) -> Vec<String> {
        self.requests.lock().unwrap().clone()
    }
}

fn serve(mut socket: TcpStream, act: Act, seen: &Mutex<Vec<String>>) {
    match act {
        Act::ResetBeforeRequest => {
            let _ = socket.shutdown(Shutdown::Both);
            return;
        }
        Act::ResetAfterRequest => return reset_after_request(socket, seen),
        _ => {}
    }
    seen.lock().unwrap().push(request(&mut socket));
    match act {
        Act::Answer(bytes) => {
            let _ = socket.write_all(&bytes);
            let _ = socket.shutdown(Shutdown::Write);
            let _ = socket.read(&mut [0; 64]);
        }
        Act::ResetAfterRequest | Act::ResetBeforeRequest => {}
        Act::Drip(bytes) => {
            let _ = socket.write_all(&bytes);
            while socket.write_all(b" ").is_ok() {
                thread::sleep(Duration::from_millis(20));
            }
        }
        Act::Flood(bytes) => {
            let _ = socket.write_all(&bytes);
            let chunk = vec![b' '; 1 << 20];
            while socket.write_all(&chunk).is_ok() {}
        }
        Act::Silence => {
            let _ = socket.read(&mut [0; 64]);
        }
    }
}

/// A socket that is closed with unread bytes in its buffer resets the connection, so the request is looked at and not read.
fn reset_after_request(socket: TcpStream, seen: &Mutex<Vec<String>>) {
    let mut bytes = [0; 4096];
    loop {
        let Ok(count) = socket.peek(&mut bytes) else { return };
        let text = String::from_utf8_lossy(&bytes[..count]).into_owned();
        if is_whole(&text) {
            seen.lock().unwrap().push(text);
            return drop(socket);
        }
        thread::sleep(Duration::from_millis(1));
    }
}

fn is_whole(request: &str) -> bool {
    let Some((head, body)) = request.split_once("\r\n\r\n") else { return false };
    let length = head.lines().find_map(|line| line.to_lowercase().strip_prefix("content-length: ")?.parse().ok());
    body.len() >= length.unwrap_or(0)
}

fn request(socket: &mut TcpStream) -> String {
    let mut bytes = Vec::new();
    let mut chunk = [0; 4096];
    loop {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        if is_whole(&text) {
            return text;
        }
        match socket.read(&mut chunk) {
            Ok(0) | Err(_) => return text,
            Ok(count) => bytes.extend_from_slice(&chunk[..count]),
        }
    }
}
