use std::future::IntoFuture as _;
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use weeek_generated::models::*;
use weeek_generated::{Error, RetryPolicy};

use super::*;

fn response(status: &str, headers: &str, body: &[u8]) -> Behavior {
    // The server closes the connection; without a word of it, the next attempt could be sent on it.
    let length = body.len();
    let head = format!("HTTP/1.1 {status}\r\nConnection: close\r\n{headers}Content-Length: {length}\r\n\r\n");
    let mut bytes = head.into_bytes();
    bytes.extend_from_slice(body);
    Behavior::Respond(bytes)
}

fn raw(text: &str) -> Behavior {
    Behavior::Respond(text.as_bytes().to_vec())
}

fn success() -> Behavior {
    response("200 OK", "", br#"{"success":true,"task":{"id":1}}"#)
}

/// Makes a call that is idempotent and one that is not. Returns the error and the number of attempts of each.
async fn call_both(behavior: Behavior) -> [(Error, usize); 2] {
    let is_endless = matches!(behavior, Behavior::Stall | Behavior::Drip(_));
    let timeout = if is_endless { millis(500) } else { Duration::from_secs(20) };
    let get = Server::start([behavior.clone()]);
    let error = in_time(client_for(&get, timeout).tasks().get(1)).await.unwrap_err();
    let post = Server::start([behavior]);
    let other = in_time(client_for(&post, timeout).tasks().create(CreateTask::new().title("t"))).await.unwrap_err();
    for (error, server) in [(&error, &get), (&other, &post)] {
        let text = format!("{error} {error:?}");
        assert!(!text.contains("secret-token"), "{text}");
        for request in server.requests() {
            assert_eq!(request.matches("secret-token").count(), 1, "{request}");
            assert!(!request.to_lowercase().contains("accept-encoding"), "{request}");
        }
    }
    [(error, get.connections()), (other, post.connections())]
}

/// Awaits the call, and panics if it hangs.
async fn in_time<T: Send + 'static>(call: weeek_generated::Call<T>) -> weeek_generated::Result<T> {
    tokio::time::timeout(Duration::from_secs(60), call.into_future()).await.expect("the call hangs")
}

/// Resolves names to a closed port for a number of `times`, and then to the server.
struct ClosedPortFirst {
    times: usize,
    server: SocketAddr,
    lookups: Arc<AtomicUsize>,
}

impl Resolve for ClosedPortFirst {
    fn resolve(&self, _: Name) -> Resolving {
        let closed = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let address = if self.lookups.fetch_add(1, Ordering::SeqCst) < self.times { closed } else { self.server };
        Box::pin(async move { Ok(Box::new(std::iter::once(address)) as Addrs) })
    }
}

#[tokio::test]
async fn a_refused_connection_is_retried_for_every_call() {
    for (times, attempts) in [(usize::MAX, 3), (2, 3)] {
        let server = Server::start([success()]);
        let lookups = Arc::new(AtomicUsize::new(0));
        let resolver = ClosedPortFirst { times, server: server.address(), lookups: Arc::clone(&lookups) };
        let http = reqwest::Client::builder().dns_resolver(Arc::new(resolver)).build().unwrap();
        let retry = RetryPolicy::default().initial_backoff(millis(1));
        // The URL has no port, so that the resolver sets it.
        let weeek = Client::builder("secret-token").base_url("http://localhost").http_client(http).retry(retry);
        let weeek = weeek.build().unwrap();
        let post = in_time(weeek.tasks().create(CreateTask::new().title("t"))).await;
        assert_eq!(lookups.load(Ordering::SeqCst), attempts);
        match post {
            Ok(task) => assert_eq!((times, task.id), (2, 1.into())),
            Err(error) => assert!(error.is_connect() && !format!("{error} {error:?}").contains("secret-token")),
        }
        assert_eq!(server.requests().len(), usize::from(times == 2), "the request is sent once");
    }
}

#[tokio::test]
async fn a_reset_connection_is_retried_only_for_idempotent_calls() {
    for behavior in [Behavior::ResetAfterRequest, Behavior::CloseBeforeRequest] {
        let [(get, gets), (post, posts)] = call_both(behavior).await;
        for error in [get, post] {
            assert!(error.status().is_none() && !error.is_connect() && !error.is_timeout(), "{error:?}");
            assert!(error.body().is_empty() && !error.is_decode() && !error.is_api_error(), "{error:?}");
            assert!(error.is_connection_lost() && error.may_have_been_received(), "{error:?}");
            assert!(std::error::Error::source(&error).is_none() && error.get_ref().unwrap().is::<reqwest::Error>());
        }
        assert_eq!((gets, posts), (3, 1));
    }
    let recovered = Server::start([Behavior::ResetAfterRequest, Behavior::CloseBeforeRequest, success()]);
    assert_eq!(client(&recovered).tasks().get(1).await.unwrap().id, 1);
}

#[tokio::test]
async fn an_incomplete_body_or_a_wrong_length_is_an_error_with_the_bytes_received() {
    let half = raw("HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{\"success\":true");
    let [(get, gets), (_, posts)] = call_both(half).await;
    assert_eq!((get.body(), gets, posts), (&b"{\"success\":true"[..], 3, 1));
    assert!(get.to_string().starts_with("tasks.get: connection lost: end of file"), "{get}");
    assert_eq!(get.status().unwrap().as_u16(), 200);

    let short = raw("HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\n{\"success\":true,\"task\":{\"id\":1}}");
    let [(get, gets), _] = call_both(short).await;
    assert!(get.is_decode());
    assert_eq!((get.body(), gets), (&b"{\"succes"[..], 1));

    let two = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 40\r\n\r\n{}";
    for odd in ["HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\n{}", two, "this is not HTTP\r\n\r\n", "HTTP/1.1 200 O"]
    {
        let [(get, gets), (post, posts)] = call_both(raw(odd)).await;
        assert!(!get.is_decode() && get.status().is_none() && post.status().is_none(), "{odd}");
        assert_eq!((gets, posts), (3, 1), "{odd}");
    }
    let chunk = raw("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n6\r\n{\"task\r\n5\r\nx");
    let [(get, gets), (_, posts)] = call_both(chunk).await;
    assert_eq!((get.status().map(|status| status.as_u16()), gets, posts), (Some(200), 3, 1));
}

#[tokio::test]
async fn stalled_slow_and_endless_responses_are_cut_off() {
    let [(get, gets), (post, posts)] = call_both(Behavior::Stall).await;
    assert!(get.is_timeout() && post.is_timeout());
    assert_eq!((gets, posts), (3, 1));

    let head = b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n".to_vec();
    let [(get, _), (post, posts)] = call_both(Behavior::Drip(head.clone())).await;
    assert!(get.is_timeout() && post.is_timeout());
    assert_eq!(posts, 1);

    let flood = b"HTTP/1.1 200 OK\r\n\r\n".to_vec();
    let [(get, gets), _] = call_both(Behavior::Flood(flood)).await;
    assert!(get.to_string().contains("more than 1048576 bytes"), "{get}");
    assert!(get.body().len() < 4 << 20 && gets == 1);

    let [(get, gets), (_, posts)] = call_both(Behavior::Flood(b"HTTP/1.1 200 OK\r\nX-Endless: ".to_vec())).await;
    assert!(get.status().is_none() && !get.is_timeout(), "{get:?}");
    assert_eq!((gets, posts), (3, 1));
}

#[tokio::test]
async fn a_body_that_is_not_json_is_a_decode_error_with_the_body() {
    let bodies: [&[u8]; 6] =
        [b"<html>hello</html>", b"", b"\xff\xfe\x00", b"{\"success\":true,\"task\":{\"id\":1", b"null", b"[1,2]"];
    for body in bodies {
        let [(get, gets), (_, posts)] = call_both(response("200 OK", "", body)).await;
        assert!(get.is_decode(), "{body:?}: {get}");
        assert_eq!((get.body(), gets, posts), (body, 1, 1));
    }
}

/// A gzip bomb: about 160 kB that inflate to 25 MB of spaces.
fn bomb() -> Vec<u8> {
    let mut bytes = vec![0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3];
    let (mut pending, mut count) = (0_u32, 0);
    let mut push = |bits: u32, length: u32| {
        pending |= bits << count;
        count += length;
        while count >= 8 {
            bytes.push(pending.to_le_bytes()[0]);
            pending >>= 8;
            count -= 8;
        }
    };
    // The last block, with fixed Huffman codes: a space, and then copies of 258 bytes from a distance of one byte.
    push(0b011, 3);
    push(u32::from((0x30_u8 + b' ').reverse_bits()), 8);
    for _ in 0..100_000 {
        push(u32::from(0b1100_0101_u8.reverse_bits()), 8);
        push(0, 5);
    }
    bytes
}

#[tokio::test]
async fn compressed_bodies_are_not_inflated() {
    for coding in ["gzip", "deflate", "br", "zstd"] {
        let head = format!("Content-Encoding: {coding}\r\nContent-Type: application/json\r\n");
        let [(get, gets), (_, posts)] = call_both(response("200 OK", &head, &bomb())).await;
        assert!(get.is_decode(), "{coding}: {get}");
        assert_eq!((get.body(), gets, posts), (&bomb()[..], 1, 1), "{coding}");
    }
}

#[tokio::test]
async fn bytes_after_http_204_are_ignored() {
    let odd = Server::start([raw("HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\nhello")]);
    client(&odd).tasks().delete_comment(1, 2).await.unwrap();
    let empty = Server::start([raw("HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\nhello")]);
    let error = client(&empty).tasks().get(1).await.unwrap_err();
    assert!(error.is_decode() && error.body().is_empty(), "HTTP 204 has no body: {error:?}");
    assert_eq!(empty.connections(), 1);
    let created = Server::start([response("201 Created", "", br#"{"success":true,"task":{"id":1}}"#)]);
    assert_eq!(client(&created).tasks().get(1).await.unwrap().id, 1);
}

#[tokio::test]
async fn redirects_are_not_followed() {
    let other = Server::start([success()]);
    for target in [other.url(), "http://example.com".to_owned(), "/elsewhere".to_owned()] {
        for status in
            ["301 Moved Permanently", "302 Found", "303 See Other", "307 Temporary Redirect", "308 Permanent Redirect"]
        {
            let [(get, gets), (_, posts)] = call_both(response(status, &format!("Location: {target}\r\n"), b"")).await;
            assert!(get.is_api_error() && get.status().unwrap().is_redirection());
            assert_eq!((gets, posts), (1, 1));
        }
    }
    assert!(other.requests().is_empty());
}

#[tokio::test]
async fn http_429_is_retried_after_the_requested_time() {
    let busy = |headers: &str| response("429 Too Many Requests", headers, b"{\"message\":\"slow down\"}");
    let now = [
        "",
        "Retry-After: 0\r\n",
        "Retry-After: Wed, 21 Oct 2015 07:28:00 GMT\r\n",
        "Retry-After: soon\r\n",
        "Retry-After: -1\r\n",
        "Retry-After:\r\n",
        "Retry-After: \u{fc}\r\n",
    ];
    for headers in now {
        let [(get, gets), (post, posts)] = call_both(busy(headers)).await;
        assert!(get.is_rate_limited() && post.is_rate_limited());
        assert!(gets > 3 && posts > 3, "{headers}: the server did nothing, so every call waits for the limit");
        assert_eq!((get.attempts(), post.attempts()), (gets.try_into().unwrap(), posts.try_into().unwrap()));
    }
    for headers in [
        "Retry-After: 86400\r\n",
        "Retry-After: 99999999999999999999999\r\n",
        "Retry-After: 18446744073709551615\r\n",
        "Retry-After: Tue, 31 Dec 2999 23:59:59 GMT\r\n",
    ] {
        let [(get, gets), _] = call_both(busy(headers)).await;
        assert_eq!(gets, 1, "{headers}: longer than `max_backoff`");
        assert!(get.retry_after().unwrap() > Duration::from_secs(3600));
    }
    let recovered = Server::start([busy("Retry-After: 0\r\n"), success()]);
    client(&recovered).tasks().create(CreateTask::new()).await.unwrap();
}

#[tokio::test]
async fn gateway_errors_are_retried_only_for_idempotent_calls() {
    for (status, expected) in
        [("408 Slow", 3), ("425 Early", 3), ("500 Oops", 1), ("502 Bad", 3), ("503 Away", 3), ("504 Late", 3)]
    {
        let [(get, gets), (post, posts)] =
            call_both(response(status, "Content-Type: text/html\r\n", b"<h1>proxy</h1>")).await;
        assert!([get.is_server_error(), post.is_server_error()] == [status.starts_with('5'); 2]);
        assert_eq!((gets, posts), (expected, 1), "{status}");
        assert_eq!(get.body(), b"<h1>proxy</h1>");
    }
    let recovered = Server::start([response("502 Bad", "", b""), response("504 Late", "", b""), success()]);
    client(&recovered).tasks().get(1).await.unwrap();
    assert_eq!(recovered.requests().len(), 3);
}
