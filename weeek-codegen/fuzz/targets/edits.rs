#![no_main]

#[path = "../document.rs"]
mod document;
#[path = "../edits.rs"]
mod edits;
#[path = "../hostile.rs"]
mod hostile;

libfuzzer_sys::fuzz_target!(|input: &[u8]| edits::run(input));
