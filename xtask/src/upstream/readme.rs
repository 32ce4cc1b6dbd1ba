//! The list of departures in `spec/README.md`, made from `spec/departures.yaml`.

use super::departures::Departures;

const START: &str = "<!-- departures: `cargo xtask upstream --write` writes this list from departures.yaml -->\n";
const END: &str = "<!-- end of departures -->\n";

/// The page with the list brought up to date.
pub fn update(page: &str, departures: &Departures) -> Result<String, String> {
    let found = page.split_once(START).and_then(|(before, rest)| Some((before, rest.split_once(END)?.1)));
    let Some((before, after)) = found else {
        return Err(format!("spec/README.md lacks the lines {} and {}", START.trim(), END.trim()));
    };
    Ok(format!("{before}{START}\n{}\n{END}{after}", departures.list()))
}
