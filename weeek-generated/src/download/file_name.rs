//! Safe file names from names that others chose.

/// File systems allow 255 bytes; the rest is for a number.
const MAX_BYTES: usize = 240;

/// A longer extension is cut like the rest of the name.
const MAX_EXTENSION_BYTES: usize = 20;

/// Names that Windows takes for devices, with any extension.
const DEVICES: [&str; 6] = ["con", "prn", "aux", "nul", "conin$", "conout$"];

/// What follows `COM` and `LPT` in such names.
const PORTS: [&str; 13] = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "¹", "²", "³"];

/// Returns a name that stays in its folder on every system: the last component, without separators, control characters,
/// reserved names and leading dots, and of bounded length.
#[inline]
pub(crate) fn safe_file_name(name: &str) -> String {
    let component = name.split(['/', '\\']).rfind(|component| !trimmed(component).is_empty()).unwrap_or_default();
    let name: String = trimmed(component).chars().map(|c| if is_unsafe(c) { '_' } else { c }).collect();
    let name = if is_reserved(&name) { format!("_{name}") } else { name };
    let name = shortened(&name);
    if name.is_empty() { "attachment".to_owned() } else { name }
}

/// Adds a number before the extension: `offer (1).pdf`. Number zero is the name itself.
#[inline]
pub(crate) fn numbered(name: &str, number: u32) -> String {
    if number == 0 {
        return name.to_owned();
    }
    let (stem, extension) = name.split_at(extension_start(name));
    format!("{stem} ({number}){extension}")
}

/// A leading dot hides a file. Windows ignores dots and spaces at the end.
#[inline]
fn trimmed(component: &str) -> &str {
    let is_margin = |c: char| c == '.' || c.is_whitespace() || c.is_control();
    component.trim_matches(is_margin)
}

/// Characters that a system or a terminal gives a meaning, such as the start of a stream on NTFS or the direction of text.
#[inline]
fn is_unsafe(c: char) -> bool {
    let is_invisible = matches!(c,
        '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}');
    c.is_control() || is_invisible || matches!(c, '<' | '>' | ':' | '"' | '|' | '?' | '*')
}

#[inline]
fn is_reserved(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or_default().trim_end().to_lowercase();
    let port = stem.strip_prefix("com").or_else(|| stem.strip_prefix("lpt"));
    let is_port = port.is_some_and(|port| PORTS.contains(&port));
    is_port || DEVICES.contains(&stem.as_str())
}

#[inline]
fn shortened(name: &str) -> String {
    if name.len() <= MAX_BYTES {
        return name.to_owned();
    }
    let (stem, extension) = name.split_at(extension_start(name));
    let (stem, extension) = if extension.len() > MAX_EXTENSION_BYTES { (name, "") } else { (stem, extension) };
    let stem = &stem[..floor_char_boundary(stem, MAX_BYTES - extension.len())];
    [trimmed(stem), extension].concat()
}

/// Where the extension starts, dot included. A name without one ends there.
#[inline]
fn extension_start(name: &str) -> usize {
    name.rfind('.').filter(|&dot| dot > 0).unwrap_or(name.len())
}

/// `str::floor_char_boundary` is newer than the oldest supported Rust.
#[inline]
fn floor_char_boundary(text: &str, at: usize) -> usize {
    (0..=at.min(text.len())).rfind(|&at| text.is_char_boundary(at)).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_stay_in_their_folder() {
        for (name, safe) in [
            ("offer.pdf", "offer.pdf"),
            ("Договор №5 (копия).docx", "Договор №5 (копия).docx"),
            ("../outside.txt", "outside.txt"),
            ("..\\..\\outside.txt", "outside.txt"),
            ("/etc/passwd", "passwd"),
            ("C:\\boot.ini", "boot.ini"),
            ("C:boot.ini", "C_boot.ini"),
            ("a.txt:stream", "a.txt_stream"),
            ("folder/", "folder"),
            (".bashrc", "bashrc"),
            (" . .. .bashrc", "bashrc"),
            ("a.txt. . ", "a.txt"),
            ("a\0b\nc\u{1b}[31m", "a_b_c_[31m"),
            ("invoice\u{202e}fdp.exe", "invoice_fdp.exe"),
            ("CON", "_CON"),
            ("nul.txt", "_nul.txt"),
            ("Com1.tar.gz", "_Com1.tar.gz"),
            ("lpt²", "_lpt²"),
            ("con .txt", "_con .txt"),
            ("console.txt", "console.txt"),
            ("com10", "com10"),
            ("", "attachment"),
            ("..", "attachment"),
            ("/", "attachment"),
            ("\r\n", "attachment"),
        ] {
            assert_eq!(safe_file_name(name), safe, "{name:?}");
        }
    }

    proptest::proptest! {
        #![proptest_config(proptest::test_runner::Config { failure_persistence: None, ..Default::default() })]

        #[test]
        fn any_name_is_made_safe_once(name in "([./\\\\:a\\PC\u{202e}]|\\PC|con|\\.){0,300}") {
            let safe = safe_file_name(&name);
            assert_eq!(std::path::Path::new(&safe).file_name().and_then(|name| name.to_str()), Some(safe.as_str()));
            assert!(!safe.contains(['/', '\\', ':']) && !safe.contains(char::is_control));
            assert!(!safe.starts_with('.') && !safe.ends_with(['.', ' ']) && safe.len() <= MAX_BYTES);
            assert_eq!(safe_file_name(&safe), safe);
        }
    }

    #[test]
    fn long_names_keep_their_extension() {
        for (name, end) in [
            ("x".repeat(400) + ".pdf", ".pdf"),
            ("ж".repeat(400) + ".tar.gz", "ж.gz"),
            ("🦀".repeat(400), "🦀"),
            ("a.".to_owned() + &"x".repeat(400), "x"),
            ("x".repeat(230) + &" .".repeat(100) + "pdf", "x.pdf"),
        ] {
            let safe = safe_file_name(&name);
            assert!(safe.ends_with(end) && safe.len() <= MAX_BYTES && safe.len() > MAX_BYTES - 8, "{safe}");
            assert!(numbered(&safe, 9999).len() <= 255);
        }
    }

    #[test]
    fn numbers_go_before_the_extension() {
        for (name, first) in [("a.pdf", "a (1).pdf"), ("a", "a (1)"), ("a.tar.gz", "a.tar (1).gz")] {
            assert_eq!((numbered(name, 0).as_str(), numbered(name, 1).as_str()), (name, first));
        }
    }
}
