#![no_main]

#[path = "../error.rs"]
mod error;

libfuzzer_sys::fuzz_target!(|input: &[u8]| error::run(input));
