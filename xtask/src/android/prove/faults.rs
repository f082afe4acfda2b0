//! The faults, and what has to be said of each.

/// Text of a file, and what stands there instead.
type Edit = (&'static str, &'static str, &'static str);

/// A fault that somebody could bring in.
pub(super) struct Fault {
    pub(super) what: &'static str,
    pub(super) edits: &'static [Edit],
    /// The class of the test that is there for it; nothing for a check that is no test.
    pub(super) class: &'static str,
    /// All that one line of the check's output has to hold.
    pub(super) says: &'static [&'static str],
}

impl Fault {
    pub(super) fn is_noticed(&self, output: &str) -> bool {
        let holds = |line: &str| self.says.iter().all(|words| line.contains(words));
        output.lines().any(holds)
    }
}

const MANIFEST: &str = "android/app/src/main/AndroidManifest.xml";
const BUILD: &str = "android/app/build.gradle.kts";

/// What `cargo xtask android lint` has to notice.
pub(super) const LINT: &[Fault] = &[
    Fault {
        what: "a receiver that every app can call",
        edits: &[(
            MANIFEST,
            "    </application>",
            "        <receiver\n            android:name=\".MainActivity\"\n            android:exported=\"true\">\n            \
             <intent-filter>\n                <action android:name=\"org.kapcompanion.app.REMIND\" />\n            \
             </intent-filter>\n        </receiver>\n    </application>",
        )],
        class: "",
        says: &["[ExportedReceiver"],
    },
    Fault {
        what: "words for a person in the code",
        edits: &[(
            "android/app/src/main/kotlin/org/kapcompanion/app/welcome/WelcomeScreen.kt",
            "Quiet(stringResource(R.string.welcome_no_account))",
            "Quiet(\"No account needed\")",
        )],
        class: "",
        says: &["\"No account needed\" belongs into res/values"],
    },
    Fault {
        what: "a misspelled setting in a Gradle file",
        edits: &[(BUILD, "isMinifyEnabled = true", "isMinifyEnable = true")],
        class: "",
        says: &["app_build.gradle.kts.kt:21:", "'isMinifyEnable'"],
    },
    Fault {
        what: "an alias that the catalog does not have",
        edits: &[(
            BUILD,
            "alias(libs.plugins.kotlin.compose)",
            "alias(libs.plugins.kotlin.composer)",
        )],
        class: "",
        says: &["app_build.gradle.kts.kt:", "'composer'"],
    },
];

/// What `cargo xtask android test` has to notice.
pub(super) const TESTS: &[Fault] = &[
    Fault {
        what: "the key is read on the main thread",
        edits: &[
            (
                "android/app/src/main/kotlin/org/kapcompanion/app/record/RecordDoor.kt",
                "        scope.launch { for (work in asked) work() }\n",
                "        scope.launch { for (work in asked) work() }\n        vault.key()\n        wrappingKeyOnMain()\n",
            ),
            (
                "android/app/src/main/kotlin/org/kapcompanion/app/record/RecordDoor.kt",
                "    /** Opens it, if it is not open. */\n",
                "    private fun wrappingKeyOnMain() {\n        java.security.KeyStore.getInstance(\"AndroidKeyStore\")\n            \
             .apply { load(null) }.getKey(\"record\", null)\n    }\n\n    /** Opens it, if it is not open. */\n",
            ),
        ],
        class: "BeginningTest",
        says: &["test BeginningTest.the record is opened off the main thread ... FAILED"],
    },
    Fault {
        what: "a draft that the system's ending of the app takes along",
        edits: &[(
            "android/app/src/main/kotlin/org/kapcompanion/app/journal/WriteViewModel.kt",
            "saved.getStateFlow(BODY, \"\")",
            "SavedStateHandle().getStateFlow(BODY, saved.get<String>(\"none\").orEmpty())",
        )],
        class: "DraftTest",
        says: &["test DraftTest.a draft outlives the system's ending of the app ... FAILED"],
    },
    Fault {
        what: "pictures of the screen are allowed",
        edits: &[
            (
                "android/app/src/main/kotlin/org/kapcompanion/app/MainActivity.kt",
                "otherwise.\n        window.addFlags(",
                "otherwise.\n        window.clearFlags(",
            ),
            (
                "android/app/src/main/kotlin/org/kapcompanion/app/MainActivity.kt",
                "} else {\n                window.addFlags(",
                "} else {\n                window.clearFlags(",
            ),
        ],
        class: "BeginningTest",
        says: &["test BeginningTest.nothing is in pictures of the screen ... FAILED"],
    },
    Fault {
        what: "the system may back the app up",
        edits: &[(
            MANIFEST,
            "android:allowBackup=\"false\"",
            "android:allowBackup=\"true\"",
        )],
        class: "BeginningTest",
        says: &["test BeginningTest.nothing is in a backup ... FAILED"],
    },
    Fault {
        what: "a button of 40 dp",
        edits: &[
            (
                "android/app/src/main/kotlin/org/kapcompanion/app/ui/Page.kt",
                "modifier.fillMaxWidth().heightIn(min = 56.dp)",
                "modifier.fillMaxWidth().height(40.dp)",
            ),
            (
                "android/app/src/main/kotlin/org/kapcompanion/app/ui/Page.kt",
                "import androidx.compose.foundation.layout.heightIn\n",
                "import androidx.compose.foundation.layout.height\nimport androidx.compose.foundation.layout.heightIn\n",
            ),
        ],
        class: "ScreensTest",
        says: &["welcome: Pair with your clinic is 40.0 dp"],
    },
    Fault {
        what: "a button that says nothing to a screen reader",
        edits: &[(
            "android/app/src/main/kotlin/org/kapcompanion/app/ui/Page.kt",
            "Icon(painterResource(R.drawable.ic_back), stringResource(R.string.back))",
            "Icon(painterResource(R.drawable.ic_back), null)",
        )],
        class: "ScreensTest",
        says: &["link: nothing says what"],
    },
    Fault {
        what: "whoever has a certificate is trusted",
        edits: &[(
            "android/app/src/main/kotlin/org/kapcompanion/app/record/PlatformTrust.kt",
            "    } catch (_: CertificateException) {\n        false\n",
            "    } catch (_: CertificateException) {\n        true\n",
        )],
        class: "PlatformTrustTest",
        says: &["test PlatformTrustTest.whom the phone does not trust is not trusted ... FAILED"],
    },
];

/// What `cargo xtask android smoke` has to notice.
pub(super) const SMOKE: &[Fault] = &[Fault {
    what: "a rule that R8 needs is missing",
    edits: &[(
        "android/core/consumer-rules.pro",
        "-keep class com.sun.jna.** { *; }\n",
        "",
    )],
    class: "",
    says: &["test result: FAILED"],
}];
