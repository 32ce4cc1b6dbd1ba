#![no_main]

#[path = "../answer.rs"]
mod answer;
#[allow(dead_code, reason = "nothing is sent")]
#[path = "../../tests/support/mod.rs"]
mod support;

libfuzzer_sys::fuzz_target!(|input: &[u8]| answer::run(input));
