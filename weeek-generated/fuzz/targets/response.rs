#![no_main]

#[path = "../response.rs"]
mod response;
#[allow(dead_code, reason = "nothing is sent")]
#[path = "../../tests/support/mod.rs"]
mod support;

libfuzzer_sys::fuzz_target!(|input: &[u8]| response::run(input));
