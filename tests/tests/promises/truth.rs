//! What a screen says is so, also where people edit apart, clocks lie and acts are repeated.

mod apart;
mod clocks;
mod copies;
mod named;
mod receipts;
mod seen;
mod withdrawn;
mod words;
