//! Checks of string formats.

/// What a string of a format has to be, if it is something else.
pub(super) fn violated(format: &str, text: &str) -> Option<&'static str> {
    let (is_valid, expected) = match format {
        "uuid" => (is_uuid(text), "a uuid"),
        "date" => (is_date(text), "a date, yyyy-mm-dd"),
        "date-time" => (is_timestamp(text), "a timestamp, yyyy-mm-ddThh:mm:ssZ"),
        "email" => (is_email(text), "an email address"),
        "uri" => (is_uri(text), "a URI"),
        _ => return None,
    };
    (!is_valid).then_some(expected)
}

fn is_uuid(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    parts.iter().map(|part| part.len()).eq([8, 4, 4, 4, 12])
        && parts.iter().all(|part| part.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

fn is_date(text: &str) -> bool {
    let Some((year, month, day)) = numbers(text, '-', [4, 2, 2]) else { return false };
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let days = match month {
        4 | 6 | 9 | 11 => 30,
        2 if leap => 29,
        2 => 28,
        _ => 31,
    };
    (1..=12).contains(&month) && (1..=days).contains(&day)
}

fn is_timestamp(text: &str) -> bool {
    let Some((date, rest)) = text.split_once(['T', 't']) else { return false };
    let zone = rest.find(['Z', 'z', '+', '-']).unwrap_or(rest.len());
    let (time, zone) = rest.split_at(zone);
    let (time, fraction) = time.split_once('.').unwrap_or((time, "0"));
    let is_zone = match zone.strip_prefix(['+', '-']) {
        Some(offset) => numbers(&format!("{offset}:00"), ':', [2, 2, 2])
            .is_some_and(|(hours, minutes, _)| hours < 24 && minutes < 60),
        None => zone.eq_ignore_ascii_case("z"),
    };
    let is_time = numbers(time, ':', [2, 2, 2])
        .is_some_and(|(hours, minutes, seconds)| hours < 24 && minutes < 60 && seconds <= 60);
    is_date(date) && is_time && is_zone && !fraction.is_empty() && fraction.bytes().all(|byte| byte.is_ascii_digit())
}

fn numbers(text: &str, separator: char, lengths: [usize; 3]) -> Option<(u32, u32, u32)> {
    let parts: Vec<&str> = text.split(separator).collect();
    let number = |part: &str, length: usize| {
        (part.len() == length && part.bytes().all(|byte| byte.is_ascii_digit())).then(|| part.parse::<u32>().ok())?
    };
    match parts[..] {
        [a, b, c] => Some((number(a, lengths[0])?, number(b, lengths[1])?, number(c, lengths[2])?)),
        _ => None,
    }
}

fn is_email(text: &str) -> bool {
    let is_label = |label: &str| {
        let is_inside = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
        !label.is_empty() && !label.starts_with('-') && !label.ends_with('-') && label.bytes().all(is_inside)
    };
    let is_local = |local: &str| !local.is_empty() && !local.contains([' ', '@']);
    text.rsplit_once('@').is_some_and(|(local, host)| is_local(local) && host.split('.').all(is_label))
}

fn is_uri(text: &str) -> bool {
    let Some((scheme, rest)) = text.split_once(':') else { return false };
    let letters = |byte: u8| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte);
    scheme.starts_with(|first: char| first.is_ascii_alphabetic())
        && scheme.bytes().all(letters)
        && !rest.is_empty()
        && !rest.contains([' ', '<', '>', '"'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_know_their_own() {
        assert!(is_date("2028-02-29") && !is_date("2026-02-29") && !is_date("2026-2-1") && !is_date("24.11.2026"));
        for good in ["2026-11-24T10:00:00Z", "2026-11-24T10:00:00.25+01:00", "2026-12-31T23:59:60z"] {
            assert!(is_timestamp(good), "{good}");
        }
        for bad in
            ["2026-11-24", "2026-11-24T10:00Z", "2026-11-24T10:00:00", "2026-11-24T25:00:00Z", "2026-11-24T10:00:00+1"]
        {
            assert!(!is_timestamp(bad), "{bad}");
        }
        assert!(is_uuid("5b0c7f0e-3a4d-4f5e-9c61-2d8e7a9b1c34") && !is_uuid("5b0c7f0e3a4d-4f5e-9c61-2d8e7a9b1c34"));
        assert!(is_email("nora@example.com") && !is_email("nora") && !is_email("a@b@c") && !is_email("a@b~c"));
        assert!(is_uri("https://example.com/a") && !is_uri("example.com") && !is_uri("https:") && !is_uri("a b:c"));
    }
}
