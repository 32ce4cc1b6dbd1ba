//! Headers that a call must not set.

use reqwest::header::{CONTENT_TYPE, HeaderName};

use crate::request::Body;

/// Headers that the client or its connection sets. Another value would break the framing of requests, send the token's place
/// to another host, or ask for a response that the client does not decode.
const RESERVED: [&str; 13] = [
    "accept-encoding",
    "authorization",
    "connection",
    "content-length",
    "expect",
    "host",
    "http2-settings",
    "keep-alive",
    "proxy-connection",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
];

/// Rejects a header that the client sets itself.
pub(crate) fn check(name: &HeaderName, body: &Body) -> Result<(), String> {
    if RESERVED.contains(&name.as_str()) {
        return Err(format!("the header `{name}` is set by the client"));
    }
    // It holds the boundary between the files.
    if *name == CONTENT_TYPE && matches!(body, Body::Files(..)) {
        return Err(format!("the header `{name}` of an upload is set by the client; see `Upload::content_type`"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn framing_headers_are_rejected() {
        let check = |name: &str, body| check(&HeaderName::try_from(name).unwrap(), &body).is_ok();
        for name in ["Content-Length", "transfer-encoding", "Connection", "HOST", "TE", "Authorization", "Upgrade"] {
            assert!(!check(name, Body::None), "{name}");
        }
        for name in ["X-Trace", "Accept", "Accept-Language", "Prefer", "Idempotency-Key"] {
            assert!(check(name, Body::Files("files[]".into(), Vec::new())), "{name}");
        }
        assert!(check("Content-Type", Body::None) && check("Content-Type", Body::Json("{}".into())));
        assert!(!check("Content-Type", Body::Files("files[]".into(), Vec::new())));
    }
}
