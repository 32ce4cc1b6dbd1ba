//! Untrusted text on a terminal.

/// Escapes the control characters of untrusted text for a terminal.
pub(crate) fn printable(text: &str) -> String {
    let letter = |letter: char| if is_command(letter) { letter.escape_default().to_string() } else { letter.into() };
    text.chars().map(letter).collect()
}

/// The same for text of several lines. Documents, servers and file names can contribute to any output.
pub(crate) fn printable_lines(text: &str) -> String {
    text.split_inclusive(['\n', '\t']).fold(String::with_capacity(text.len()), |all, part| {
        let (part, end) = part.split_at(part.trim_end_matches(['\n', '\t']).len());
        all + &(if part.contains(is_command) { printable(part) } else { part.to_owned() }) + end
    })
}

/// Whether a terminal takes a character for a command, or orders the text around it differently.
fn is_command(letter: char) -> bool {
    letter.is_control() || matches!(letter, '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_controls_a_terminal() {
        assert_eq!(printable_lines("a\tb\n\n\u{1b}[2J\rc\u{202e}é\n"), "a\tb\n\n\\u{1b}[2J\\rc\\u{202e}é\n");
        assert_eq!((printable("a\nb"), printable_lines("")), ("a\\nb".to_owned(), String::new()));
    }
}
