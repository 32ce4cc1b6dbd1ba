//! A keep-alive server that sends the same response to every request.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::thread;

/// Starts the server in this process. Returns its URL.
pub fn start(body: &[u8]) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let response = response(body);
    thread::spawn(move || serve(&listener, &response));
    url
}

/// Prints the URL of the server, and serves until the process ends.
pub fn run(body: &[u8]) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    println!("http://{}", listener.local_addr().unwrap());
    serve(&listener, &response(body));
}

fn response(body: &[u8]) -> Vec<u8> {
    let head = format!("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n", body.len());
    [head.as_bytes(), body].concat()
}

fn serve(listener: &TcpListener, response: &[u8]) {
    for socket in listener.incoming() {
        let (mut socket, response) = (socket.unwrap(), response.to_owned());
        thread::spawn(move || while read_head(&mut socket) && socket.write_all(&response).is_ok() {});
    }
}

/// Reads the head of a request, which has no body here.
fn read_head(socket: &mut TcpStream) -> bool {
    let mut head = Vec::new();
    let mut chunk = [0; 2048];
    while !head.ends_with(b"\r\n\r\n") {
        match socket.read(&mut chunk) {
            Ok(0) | Err(_) => return false,
            Ok(count) => head.extend_from_slice(&chunk[..count]),
        }
    }
    true
}
