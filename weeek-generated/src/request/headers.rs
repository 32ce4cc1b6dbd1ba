//! Headers that a call must not set.

use reqwest::header::{CONTENT_TYPE, HeaderName};

/// Headers that the client or its connection sets. Another value would break the framing of requests, address another host,
/// or ask for a response that the client cannot decode.
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
#[inline]
pub(crate) fn check(name: &HeaderName, is_upload: bool) -> Result<(), String> {
    if RESERVED.contains(&name.as_str()) {
        return Err(format!("the header `{name}` is set by the client"));
    }
    // It holds the boundary between the files.
    if is_upload && *name == CONTENT_TYPE {
        return Err(format!("the header `{name}` of an upload is set by the client; see `Upload::content_type`"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn framing_headers_are_rejected() {
        let check = |name: &str, is_upload| check(&HeaderName::try_from(name).unwrap(), is_upload).is_ok();
        for name in ["Content-Length", "transfer-encoding", "Connection", "HOST", "TE", "Authorization", "Upgrade"] {
            assert!(!check(name, false), "{name}");
        }
        for name in ["X-Trace", "Accept", "Accept-Language", "Prefer", "Idempotency-Key"] {
            assert!(check(name, true), "{name}");
        }
        assert!(check("Content-Type", false) && !check("Content-Type", true));
    }
}
