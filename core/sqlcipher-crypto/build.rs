//! Says where SQLCipher looks for headers of a cipher library: there are none, but one that says what went wrong.
#![allow(clippy::print_stdout, reason = "cargo reads it")]

fn main() {
    let here = std::env::var("CARGO_MANIFEST_DIR").unwrap_or_default();
    println!("cargo::metadata=include={here}/include");
    println!("cargo::rerun-if-changed=include");
}
