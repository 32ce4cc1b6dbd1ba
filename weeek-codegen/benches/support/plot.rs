//! Bars as SVG, readable on light and on dark pages.

use std::fmt::Write as _;

const ROW: usize = 28;
const LABELS: usize = 150;
const BARS: f64 = 400.0;

/// A bar for each row: its label, and its value. The first one is ours.
pub(crate) fn bars(title: &str, rows: &[(String, f64)]) -> String {
    let most = rows.iter().map(|(_, value)| *value).fold(f64::MIN_POSITIVE, f64::max);
    let height = ROW * (rows.len() + 2);
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 640 {height}\" role=\"img\" aria-label=\"{title}\">\n\
         <style>text {{ font: 14px sans-serif; fill: #1f2328 }} rect {{ fill: #8c959f }} .ours {{ fill: #0969da }}\n\
         @media (prefers-color-scheme: dark) {{ text {{ fill: #e6edf3 }} .ours {{ fill: #58a6ff }} }}</style>\n\
         <text x=\"0\" y=\"16\">{title}</text>\n"
    );
    for (at, (label, value)) in rows.iter().enumerate() {
        let (top, width, class) = (ROW * (at + 1), value / most * BARS, if at == 0 { " class=\"ours\"" } else { "" });
        let (text, end) = (top + 15, width + 160.0);
        let _ = writeln!(
            svg,
            "<text x=\"0\" y=\"{text}\">{label}</text><rect{class} x=\"{LABELS}\" y=\"{top}\" width=\"{width:.0}\" height=\"20\"/>\
             <text x=\"{end:.0}\" y=\"{text}\">{value:.0}</text>"
        );
    }
    svg + "</svg>\n"
}
