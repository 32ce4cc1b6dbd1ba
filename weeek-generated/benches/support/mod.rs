//! Shared by the benchmarks: responses, a minimal server, and code without the client to compare with.

#![allow(dead_code, missing_docs, unreachable_pub, reason = "no benchmark uses everything")]

pub mod by_hand;
pub mod responses;
pub mod server;
