#![allow(dead_code, unreachable_pub)]
pub mod document;
pub mod domain;
pub mod ports;
pub use companion_protocol as protocol;
