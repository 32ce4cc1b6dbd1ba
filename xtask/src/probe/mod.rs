//! Reads the live API. The only request it can make is a GET.
//!
//! Read `client`, `crawl`, `scrub`, `output`: none imports a later one.

mod client;
mod crawl;
mod output;
mod scrub;

pub use client::Target;
pub use crawl::{Crawl, Limits};
pub use output::{check_output_dir, scrub, write_recordings};
pub use scrub::Scrubber;
