//! A keep-alive server that reads requests without a body.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::thread;

/// Starts a server in this process that sends the same body to every request. Returns its URL.
pub fn start(body: &[u8]) -> String {
    let response = response(body);
    start_with(move |_| response.clone())
}

/// Starts a server in this process with a function from the head of a request to the response. Returns its URL.
pub fn start_with(respond: impl Fn(&str) -> Vec<u8> + Clone + Send + 'static) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    thread::spawn(move || serve(&listener, &respond));
    url
}

/// Prints the URL of the server, and serves until the process ends.
pub fn run(body: &[u8]) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    println!("http://{}", listener.local_addr().unwrap());
    let response = response(body);
    serve(&listener, &move |_: &str| response.clone());
}

pub fn response(body: &[u8]) -> Vec<u8> {
    let head = format!("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n", body.len());
    [head.as_bytes(), body].concat()
}

fn serve(listener: &TcpListener, respond: &(impl Fn(&str) -> Vec<u8> + Clone + Send + 'static)) {
    for socket in listener.incoming() {
        let (mut socket, respond) = (socket.unwrap(), respond.clone());
        thread::spawn(
            move || while read_head(&mut socket).is_some_and(|head| socket.write_all(&respond(&head)).is_ok()) {},
        );
    }
}

/// Reads the head of a request, or `None` at the end of the connection.
fn read_head(socket: &mut TcpStream) -> Option<String> {
    let mut head = Vec::new();
    let mut chunk = [0; 2048];
    while !head.ends_with(b"\r\n\r\n") {
        match socket.read(&mut chunk) {
            Ok(0) | Err(_) => return None,
            Ok(count) => head.extend_from_slice(&chunk[..count]),
        }
    }
    String::from_utf8(head).ok()
}
