//! Recognizes string formats: dates, ids, URLs.

use weeek_generated::jiff::civil::Date;

/// Whether a string has digits where `shape` has zeros, and otherwise the same characters.
pub(crate) fn is_shaped(text: &str, shape: &str) -> bool {
    let fits = |(is, should): (u8, u8)| if should == b'0' { is.is_ascii_digit() } else { is == should };
    text.len() == shape.len() && text.bytes().zip(shape.bytes()).all(fits)
}

/// Whether a string is a calendar date, `yyyy-mm-dd`.
pub(crate) fn is_date(text: &str) -> bool {
    is_shaped(text, "0000-00-00") && Date::strptime("%Y-%m-%d", text).is_ok()
}

/// Whether a string is a calendar date, `dd.mm.yyyy`.
pub(crate) fn is_dotted_date(text: &str) -> bool {
    is_shaped(text, "00.00.0000") && Date::strptime("%d.%m.%Y", text).is_ok()
}

pub(crate) fn is_uuid(text: &str) -> bool {
    let digits: String = text.chars().map(|letter| if letter.is_ascii_hexdigit() { '0' } else { letter }).collect();
    digits == "00000000-0000-0000-0000-000000000000"
}

/// Whether a string is an absolute HTTP URL.
pub(crate) fn is_url(text: &str) -> bool {
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    rest.is_some_and(|rest| {
        !rest.is_empty()
            && !rest.starts_with('/')
            && !rest.contains(|letter: char| letter.is_whitespace() || letter.is_control())
    })
}

pub(crate) fn is_email(text: &str) -> bool {
    let is_part =
        |part: &str| !part.is_empty() && !part.contains(|letter: char| letter.is_whitespace() || letter == '@');
    text.split_once('@').is_some_and(|(name, host)| is_part(name) && is_part(host))
}

/// Whether an enum value, known or not, is a keyword rather than a name or number that may be private.
pub(crate) fn is_keyword(text: &str) -> bool {
    text.len() <= 32
        && text.bytes().all(|letter| letter.is_ascii_lowercase() || letter.is_ascii_digit() || b"_-.".contains(&letter))
        && text.bytes().filter(u8::is_ascii_digit).count() <= 3
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_calendar_dates() {
        for day in ["2026-01-01", "2024-02-29", "2000-02-29", "2026-12-31"] {
            assert!(is_date(day), "{day}");
        }
        for day in ["2026-02-29", "1900-02-29", "2026-04-31", "2026-01-00", "2026-13-01", "26-01-01", "01.01.2026", ""]
        {
            assert!(!is_date(day), "{day}");
        }
        assert!(is_dotted_date("29.02.2024"));
        for day in ["29.02.2026", "00.01.2026", "1.1.2026", "2026-01-01", "01.13.2026", "١٢.٠١.٢٠٢٦"] {
            assert!(!is_dotted_date(day), "{day}");
        }
    }

    #[test]
    fn names_and_numbers_are_not_keywords() {
        assert!(is_keyword("one_drive") && is_keyword("-date") && is_keyword("9"));
        for text in ["Ivan", "49301234", "two words", "иван", "a@b"] {
            assert!(!is_keyword(text), "{text}");
        }
    }

    #[test]
    fn urls_and_emails_are_whole() {
        assert!(is_url("https://example.com/a?b=c") && is_url("http://127.0.0.1:80"));
        for text in
            ["/files/1", "https://", "https:///x", "ftp://example.com", "see https://example.com", "https://a b"]
        {
            assert!(!is_url(text), "{text}");
        }
        assert!(is_email("anna@example.com"));
        for text in ["@anna", "anna@", "anna", "a@b@c", "mail anna@example.com"] {
            assert!(!is_email(text), "{text}");
        }
        assert!(is_uuid("5b0c7f0e-3a4d-4f5e-9c61-2d8e7a9b1c34") && !is_uuid("5b0c7f0e"));
    }
}
