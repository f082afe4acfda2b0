//! What `cargo xtask android lint` has to notice.

use super::{Fault, MANIFEST};

const BUILD: &str = "android/app/build.gradle.kts";

pub(in super::super) const LINT: &[Fault] = &[
    Fault {
        what: "a receiver that every app can call",
        edits: &[(
            MANIFEST,
            "    </application>",
            "        <receiver\n            android:name=\".MainActivity\"\n            android:exported=\"true\">\n            \
             <intent-filter>\n                <action android:name=\"org.kapcompanion.app.REMIND\" />\n            \
             </intent-filter>\n        </receiver>\n    </application>",
        )],
        test: "",
        says: &["[ExportedReceiver"],
    },
    Fault {
        what: "words for a person in the code",
        edits: &[(
            app!("welcome/WelcomeScreen.kt"),
            "Quiet(stringResource(R.string.welcome_no_account))",
            "Quiet(\"No account needed\")",
        )],
        test: "",
        says: &["\"No account needed\" belongs into res/values"],
    },
    Fault {
        what: "a misspelled setting in a Gradle file",
        edits: &[(BUILD, "isMinifyEnabled = true", "isMinifyEnable = true")],
        test: "",
        says: &["app_build.gradle.kts.kt:21:", "'isMinifyEnable'"],
    },
    Fault {
        what: "an alias that the catalog does not have",
        edits: &[(
            BUILD,
            "alias(libs.plugins.kotlin.compose)",
            "alias(libs.plugins.kotlin.composer)",
        )],
        test: "",
        says: &["app_build.gradle.kts.kt:", "'composer'"],
    },
];
