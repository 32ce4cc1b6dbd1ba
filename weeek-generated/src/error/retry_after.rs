//! Parses the header `Retry-After`.

use std::time::{Duration, SystemTime};

/// Parses seconds, rounded up, or a date, which counts from the `Date` of the response: the clock of this machine can be wrong. A number
/// that is too large stays larger than any wait.
pub(super) fn parse_retry_after(header: &str, date: Option<&str>) -> Option<Duration> {
    let header = header.trim();
    let parse = |text: &str| httpdate::parse_http_date(text.trim()).ok();
    if let Some(end) = parse(header) {
        return Some(end.duration_since(date.and_then(parse).unwrap_or_else(SystemTime::now)).unwrap_or_default());
    }
    let (whole, fraction) = header.split_once('.').unwrap_or((header, ""));
    let is_number =
        !whole.is_empty() && [whole, fraction].iter().all(|part| part.bytes().all(|byte| byte.is_ascii_digit()));
    let seconds =
        whole.parse().unwrap_or(u64::MAX).saturating_add(u64::from(!fraction.trim_end_matches('0').is_empty()));
    is_number.then(|| Duration::from_secs(seconds))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn retry_after_is_seconds_or_a_date() {
        let seconds = |header: &str| parse_retry_after(header, None).map(|wait| wait.as_secs());
        for (header, expected) in [
            ("3", Some(3)),
            (" 0 ", Some(0)),
            ("1.5", Some(2)),
            ("2.0", Some(2)),
            ("99999999999999999999999", Some(u64::MAX)),
            ("Sun, 06 Nov 1994 08:49:37 GMT", Some(0)),
            ("soon", None),
            ("-1", None),
            ("1e3", None),
            ("", None),
        ] {
            assert_eq!(seconds(header), expected, "{header}");
        }
        let later = httpdate::fmt_http_date(SystemTime::now() + Duration::from_secs(90));
        assert!(seconds(&later).is_some_and(|wait| (85..=90).contains(&wait)));
        let by_server = |date| parse_retry_after("Sun, 06 Nov 1994 08:49:37 GMT", Some(date)).unwrap().as_secs();
        assert_eq!(by_server("Sun, 06 Nov 1994 08:49:30 GMT"), 7);
        assert_eq!(by_server("Sun, 06 Nov 1994 08:50:00 GMT"), 0);
        assert_eq!(by_server("today"), 0, "the clock of this machine");
    }
}
