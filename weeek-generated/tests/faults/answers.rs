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
    let get = Server::start([act.clone()]);
    let error = client(&get).tasks().get(1).await.unwrap_err();
    let post = Server::start([act]);
    let other = client(&post).tasks().create(CreateTask::new().title("t")).await.unwrap_err();
    for (error, server) in [(&error, &get), (&other, &post)] {
        let text = format!("{error} {error:?}");
        assert!(!text.contains("secret-token"), "{text}");
        for request in server.requests() {
            assert_eq!(request.matches("secret-token").count(), 1, "{request}");
        }
    }
    [(error, get.requests().len()), (other, post.requests().len())]
}

#[tokio::test]
async fn a_refused_connection_is_repeated_for_every_call() {
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let weeek = Client::builder("t").base_url(format!("http://{free}")).retry(RetryPolicy::never()).build().unwrap();
    assert!(weeek.tasks().get(1).await.unwrap_err().is_connect());
    assert!(weeek.tasks().create(CreateTask::new()).await.unwrap_err().is_connect());
}

#[tokio::test]
async fn a_reset_connection_is_repeated_only_where_that_is_harmless() {
    let [(get, gets), (post, posts)] = both(Act::ResetAfterRequest).await;
    assert!(get.status().is_none() && post.status().is_none());
    assert_eq!((gets, posts), (3, 1));
    both(Act::ResetBeforeRequest).await;

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

    let [(get, _), _] = both(raw("HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\n{}")).await;
    assert!(get.status().is_none());
    let [(get, _), _] = both(raw("this is not HTTP\r\n\r\n")).await;
    assert!(!get.is_decode() && get.status().is_none());
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
    let gzip = answer("200 OK", "Content-Encoding: gzip\r\n", &[0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3]);
    let [(get, _), _] = both(gzip).await;
    assert!(get.is_decode(), "nothing was asked to be compressed, and nothing is inflated");
}

#[tokio::test]
async fn no_content_may_still_bring_some() {
    let odd = Server::start([raw("HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\nhello")]);
    client(&odd).tasks().delete_comment(1, 2).await.unwrap();
    let created = Server::start([answer("201 Created", "", br#"{"success":true,"task":{"id":1}}"#)]);
    assert_eq!(client(&created).tasks().get(1).await.unwrap().id, 1);
}

#[tokio::test]
async fn a_redirect_is_not_followed_with_the_token() {
    let other = Server::start([fine()]);
    for target in [other.url(), "http://example.com".to_owned(), "/elsewhere".to_owned()] {
        for status in ["301 Moved Permanently", "302 Found", "307 Temporary Redirect", "308 Permanent Redirect"] {
            let [(get, gets), (_, posts)] = both(answer(status, &format!("Location: {target}\r\n"), b"")).await;
            assert!(get.is_refused() && get.status().unwrap().is_redirection());
            assert_eq!((gets, posts), (1, 1));
        }
    }
    assert!(other.requests().is_empty());
}

#[tokio::test]
async fn too_many_requests_waits_as_long_as_it_is_asked_to() {
    let busy = |headers: &str| answer("429 Too Many Requests", headers, b"{\"message\":\"slow down\"}");
    for headers in ["", "Retry-After: 0\r\n", "Retry-After: Wed, 21 Oct 2015 07:28:00 GMT\r\n", "Retry-After: soon\r\n"]
    {
        let [(get, gets), (post, posts)] = both(busy(headers)).await;
        assert!(get.is_rate_limited() && post.is_rate_limited());
        assert_eq!((gets, posts), (3, 3), "{headers}: nothing was done, so every call is repeated");
    }
    for headers in ["Retry-After: 86400\r\n", "Retry-After: Tue, 31 Dec 2999 23:59:59 GMT\r\n"] {
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
