//! What the benchmarks share: answers, a server that costs next to nothing, and what somebody would write by hand.

#![allow(dead_code, missing_docs, unreachable_pub, reason = "each benchmark uses its part")]

pub mod answers;
pub mod by_hand;
pub mod server;
