//! A keep-alive server that answers every request with the same bytes.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::thread;

/// Serves in this process; answers its URL.
pub fn start(body: &[u8]) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let answer = answer(body);
    thread::spawn(move || serve(&listener, &answer));
    url
}

/// Serves until the process ends, after it told its URL on the standard output.
pub fn run(body: &[u8]) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    println!("http://{}", listener.local_addr().unwrap());
    serve(&listener, &answer(body));
}

fn answer(body: &[u8]) -> Vec<u8> {
    let head = format!("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n", body.len());
    [head.as_bytes(), body].concat()
}

fn serve(listener: &TcpListener, answer: &[u8]) {
    for socket in listener.incoming() {
        let (mut socket, answer) = (socket.unwrap(), answer.to_owned());
        thread::spawn(move || while request(&mut socket) && socket.write_all(&answer).is_ok() {});
    }
}

/// Reads to the end of a head; requests here have no body.
fn request(socket: &mut TcpStream) -> bool {
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
