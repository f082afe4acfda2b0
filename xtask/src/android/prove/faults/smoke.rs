//! What `cargo xtask android smoke` has to notice.

use super::Fault;

pub(in super::super) const SMOKE: &[Fault] = &[Fault {
    what: "a rule that R8 needs is missing",
    edits: &[(
        "android/core/consumer-rules.pro",
        "-keep class com.sun.jna.** { *; }\n",
        "",
    )],
    test: "",
    says: &[
        "the app ended: java.lang.UnsatisfiedLinkError",
        "from class com.sun.jna.Native",
    ],
}];
