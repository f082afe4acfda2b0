//! Writes Kotlin or Swift around the library of `companion-ffi`: uniffi's own generator, in the version that the
//! library was built with. `cargo xtask bindings` calls it.

fn main() {
    uniffi::uniffi_bindgen_main();
}
