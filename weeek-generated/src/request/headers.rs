//! Headers of a call, and those that it must not set.

use reqwest::header::{CONTENT_TYPE, HeaderName, HeaderValue};

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

/// Parses a header. Rejects one that the client sets itself.
#[inline]
pub(crate) fn parse(name: &str, value: &str, is_upload: bool) -> Result<(HeaderName, HeaderValue), String> {
    let Ok(name) = HeaderName::try_from(name) else {
        return Err(format!("{name:?} is not a valid name of a header"));
    };
    // The value may be secret.
    let value = HeaderValue::try_from(value).map_err(|_| format!("the header `{name}` has an invalid value"))?;
    if RESERVED.contains(&name.as_str()) {
        return Err(format!("the header `{name}` is set by the client"));
    }
    // It holds the boundary between the files.
    if is_upload && name == CONTENT_TYPE {
        return Err(format!("the header `{name}` of an upload is set by the client; see `Upload::content_type`"));
    }
    Ok((name, value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn framing_headers_are_rejected() {
        let check = |name, is_upload| parse(name, "x", is_upload).is_ok();
        for name in [
            "Content-Length",
            "transfer-encoding",
            "Connection",
            "HOST",
            "TE",
            "Authorization",
            "Upgrade",
            "Accept-Encoding",
        ] {
            assert!(!check(name, false), "{name}");
        }
        for name in ["X-Trace", "Accept", "Accept-Language", "Prefer", "Idempotency-Key"] {
            assert!(check(name, true), "{name}");
        }
        assert_eq!(parse("X Y", "x", false).unwrap_err(), "\"X Y\" is not a valid name of a header");
        assert_eq!(parse("X-Y", "secret\n", false).unwrap_err(), "the header `x-y` has an invalid value");
        assert!(check("Content-Type", false) && !check("Content-Type", true));
    }
}
