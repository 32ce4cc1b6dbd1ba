#![no_main]

#[path = "../document.rs"]
mod document;

libfuzzer_sys::fuzz_target!(|input: &[u8]| document::run(input));
