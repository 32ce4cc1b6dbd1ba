use std::future::IntoFuture as _;
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use weeek_generated::models::*;
use weeek_generated::{Error, RetryPolicy};

use super::*;

fn answer(status: &str, headers: &str, body: &[u8]) -> Act {
    let mut bytes = format!("HTTP/1.1 {status}\r\n{headers}Content-Length: {}\r\n\r\n", body.len()).into_bytes();
    bytes.extend_from_slice(body);
    Act::Answer(bytes)
}

fn raw(text: &str) -> Act {
    Act::Answer(text.as_bytes().to_vec())
}

fn fine() -> Act {
    answer("200 OK", "", br#"{"success":true,"task":{"id":1}}"#)
}

/// A call that is harmless to repeat and one that is not, each against the act; answers errors and attempts.
async fn both(act: Act) -> [(Error, usize); 2] {
    let is_silent = matches!(act, Act::Silence | Act::Drip(_));
    let timeout = if is_silent { Duration::from_millis(500) } else { Duration::from_secs(20) };
    let get = Server::start([act.clone()]);
    let error = in_time(client_for(&get, timeout).tasks().get(1)).await.unwrap_err();
    let post = Server::start([act]);
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

/// What the call answers; a call that hangs fails the test instead of hanging it.
async fn in_time<T: Send + 'static>(call: weeek_generated::Call<T>) -> weeek_generated::Result<T> {
    tokio::time::timeout(Duration::from_secs(60), call.into_future()).await.expect("the call hangs")
}

/// Leads to a port where nobody listens, so many times, and then to a server.
struct Refusing {
    times: usize,
    server: SocketAddr,
    asked: Arc<AtomicUsize>,
}

impl Resolve for Refusing {
    fn resolve(&self, _: Name) -> Resolving {
        let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let address = if self.asked.fetch_add(1, Ordering::SeqCst) < self.times { free } else { self.server };
        Box::pin(async move { Ok(Box::new(std::iter::once(address)) as Addrs) })
    }
}

#[tokio::test]
async fn a_refused_connection_is_repeated_for_every_call() {
    for (times, attempts) in [(usize::MAX, 3), (2, 3)] {
        let server = Server::start([fine()]);
        let asked = Arc::new(AtomicUsize::new(0));
        let resolver = Refusing { times, server: server.address(), asked: Arc::clone(&asked) };
        let http = reqwest::Client::builder().dns_resolver(Arc::new(resolver)).build().unwrap();
        let retry = RetryPolicy::default().initial_backoff(Duration::from_millis(1));
        // Without a port in the URL, the resolver says which.
        let weeek = Client::builder("secret-token").base_url("http://localhost").http_client(http).retry(retry);
        let weeek = weeek.build().unwrap();
        let post = in_time(weeek.tasks().create(CreateTask::new().title("t"))).await;
        assert_eq!(asked.load(Ordering::SeqCst), attempts);
        match post {
            Ok(task) => assert_eq!((times, task.id), (2, 1.into())),
            Err(error) => assert!(error.is_connect() && !format!("{error} {error:?}").contains("secret-token")),
        }
        assert_eq!(server.requests().len(), usize::from(times == 2), "what was not sent is sent once");
    }
}

#[tokio::test]
async fn a_reset_connection_is_repeated_only_where_that_is_harmless() {
    for act in [Act::ResetAfterRequest, Act::ResetBeforeRequest] {
        let [(get, gets), (post, posts)] = both(act).await;
        for error in [get, post] {
            assert!(error.status().is_none() && !error.is_connect() && !error.is_timeout(), "{error:?}");
            assert!(error.body().is_empty() && !error.is_decode() && !error.is_api_error(), "{error:?}");
        }
        assert_eq!((gets, posts), (3, 1));
    }
    let recovered = Server::start([Act::ResetAfterRequest, Act::ResetBeforeRequest, fine()]);
    assert_eq!(client(&recovered).tasks().get(1).await.unwrap().id, 1);
}

#[tokio::test]
async fn a_body_that_breaks_off_or_lies_about_its_length_is_an_error_with_what_came() {
    let half = raw("HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{\"success\":true");
    let [(get, gets), (_, posts)] = both(half).await;
    assert_eq!((get.body(), gets, posts), (&b"{\"success\":true"[..], 3, 1));

    let short = raw("HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\n{\"success\":true,\"task\":{\"id\":1}}");
    let [(get, gets), _] = both(short).await;
    assert!(get.is_decode());
    assert_eq!((get.body(), gets), (&b"{\"succes"[..], 1));

    let two = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 40\r\n\r\n{}";
    for odd in ["HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\n{}", two, "this is not HTTP\r\n\r\n", "HTTP/1.1 200 O"]
    {
        let [(get, gets), (post, posts)] = both(raw(odd)).await;
        assert!(!get.is_decode() && get.status().is_none() && post.status().is_none(), "{odd}");
        assert_eq!((gets, posts), (3, 1), "{odd}");
    }
    let chunk = raw("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n6\r\n{\"task\r\n5\r\nx");
    let [(get, gets), (_, posts)] = both(chunk).await;
    assert_eq!((get.status().map(|status| status.as_u16()), gets, posts), (Some(200), 3, 1));
}

#[tokio::test]
async fn silence_a_slow_drip_and_an_endless_flood_come_to_an_end() {
    let [(get, gets), (post, posts)] = both(Act::Silence).await;
    assert!(get.is_timeout() && post.is_timeout());
    assert_eq!((gets, posts), (3, 1));

    let head = b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n".to_vec();
    let [(get, _), (post, posts)] = both(Act::Drip(head.clone())).await;
    assert!(get.is_timeout() && post.is_timeout());
    assert_eq!(posts, 1);

    let flood = b"HTTP/1.1 200 OK\r\n\r\n".to_vec();
    let [(get, gets), _] = both(Act::Flood(flood)).await;
    assert!(get.to_string().contains("more than 1048576 bytes"), "{get}");
    assert!(get.body().len() < 4 << 20 && gets == 1);

    let [(get, gets), (_, posts)] = both(Act::Flood(b"HTTP/1.1 200 OK\r\nX-Endless: ".to_vec())).await;
    assert!(get.status().is_none() && !get.is_timeout(), "{get:?}");
    assert_eq!((gets, posts), (3, 1));
}

#[tokio::test]
async fn what_is_no_json_is_told_and_kept() {
    let bodies: [&[u8]; 6] =
        [b"<html>hello</html>", b"", b"\xff\xfe\x00", b"{\"success\":true,\"task\":{\"id\":1", b"null", b"[1,2]"];
    for body in bodies {
        let [(get, gets), (_, posts)] = both(answer("200 OK", "", body)).await;
        assert!(get.is_decode(), "{body:?}: {get}");
        assert_eq!((get.body(), gets, posts), (body, 1, 1));
    }
}

/// Spaces by the mebibyte in some kilobytes, the way gzip packs them.
fn bomb() -> Vec<u8> {
    let mut bytes = vec![0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3];
    let (mut held, mut count) = (0_u32, 0);
    let mut push = |bits: u32, length: u32| {
        held |= bits << count;
        count += length;
        while count >= 8 {
            bytes.push(held.to_le_bytes()[0]);
            held >>= 8;
            count -= 8;
        }
    };
    // The last block, with fixed codes; a space; then again and again 258 bytes that are those one byte before.
    push(0b011, 3);
    push(u32::from((0x30_u8 + b' ').reverse_bits()), 8);
    for _ in 0..100_000 {
        push(u32::from(0b1100_0101_u8.reverse_bits()), 8);
        push(0, 5);
    }
    bytes
}

#[tokio::test]
async fn nothing_is_inflated() {
    for coding in ["gzip", "deflate", "br", "zstd"] {
        let head = format!("Content-Encoding: {coding}\r\nContent-Type: application/json\r\n");
        let [(get, gets), (_, posts)] = both(answer("200 OK", &head, &bomb())).await;
        assert!(get.is_decode(), "{coding}: {get}");
        assert_eq!((get.body(), gets, posts), (&bomb()[..], 1, 1), "{coding}");
    }
}

#[tokio::test]
async fn no_content_may_still_bring_some() {
    let odd = Server::start([raw("HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\nhello")]);
    client(&odd).tasks().delete_comment(1, 2).await.unwrap();
    let empty = Server::start([raw("HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\nhello")]);
    let error = client(&empty).tasks().get(1).await.unwrap_err();
    assert!(error.is_decode() && error.body().is_empty(), "HTTP has no body there: {error:?}");
    assert_eq!(empty.connections(), 1);
    let created = Server::start([answer("201 Created", "", br#"{"success":true,"task":{"id":1}}"#)]);
    assert_eq!(client(&created).tasks().get(1).await.unwrap().id, 1);
}

#[tokio::test]
async fn a_redirect_is_not_followed_with_the_token() {
    let other = Server::start([fine()]);
    for target in [other.url(), "http://example.com".to_owned(), "/elsewhere".to_owned()] {
        for status in
            ["301 Moved Permanently", "302 Found", "303 See Other", "307 Temporary Redirect", "308 Permanent Redirect"]
        {
            let [(get, gets), (_, posts)] = both(answer(status, &format!("Location: {target}\r\n"), b"")).await;
            assert!(get.is_api_error() && get.status().unwrap().is_redirection());
            assert_eq!((gets, posts), (1, 1));
        }
    }
    assert!(other.requests().is_empty());
}

#[tokio::test]
async fn too_many_requests_waits_as_long_as_it_is_asked_to() {
    let busy = |headers: &str| answer("429 Too Many Requests", headers, b"{\"message\":\"slow down\"}");
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
        let [(get, gets), (post, posts)] = both(busy(headers)).await;
        assert!(get.is_rate_limited() && post.is_rate_limited());
        assert_eq!((gets, posts), (3, 3), "{headers}: nothing was done, so every call is repeated");
    }
    for headers in [
        "Retry-After: 86400\r\n",
        "Retry-After: 99999999999999999999999\r\n",
        "Retry-After: 18446744073709551615\r\n",
        "Retry-After: Tue, 31 Dec 2999 23:59:59 GMT\r\n",
    ] {
        let [(get, gets), _] = both(busy(headers)).await;
        assert_eq!(gets, 1, "{headers}: longer than the policy waits");
        assert!(get.retry_after().unwrap() > Duration::from_secs(3600));
    }
    let recovered = Server::start([busy("Retry-After: 0\r\n"), fine()]);
    client(&recovered).tasks().create(CreateTask::new()).await.unwrap();
}

#[tokio::test]
async fn a_storm_of_server_errors_is_waited_out_only_where_a_repeat_is_harmless() {
    for (status, expected) in [("500 Oops", 1), ("502 Bad", 3), ("503 Away", 3), ("504 Late", 3)] {
        let [(get, gets), (post, posts)] = both(answer(status, "Content-Type: text/html\r\n", b"<h1>proxy</h1>")).await;
        assert!(get.is_server_error() && post.is_server_error());
        assert_eq!((gets, posts), (expected, 1), "{status}");
        assert_eq!(get.body(), b"<h1>proxy</h1>");
    }
    let storm = Server::start([answer("502 Bad", "", b""), answer("504 Late", "", b""), fine()]);
    client(&storm).tasks().get(1).await.unwrap();
    assert_eq!(storm.requests().len(), 3);
}
