//! What a test has to notice of what the app keeps, seals, shows to nobody, and does by itself.

use super::{Fault, MANIFEST};

const DOOR: &str = app!("record/RecordDoor.kt");
const MAIN: &str = app!("MainActivity.kt");
const WRITE: &str = app!("journal/WriteViewModel.kt");
const RECEIVERS: &str = app!("reminders/Receivers.kt");

pub(super) const KEPT: &[Fault] = &[
    Fault {
        what: "the key is read on the main thread",
        edits: &[
            (
                DOOR,
                "        scope.launch { for (work in asked) work() }\n",
                "        scope.launch { for (work in asked) work() }\n        wrappingKeyOnMain()\n",
            ),
            (
                DOOR,
                "    /** Opens it, if it is not open. */\n",
                "    private fun wrappingKeyOnMain() {\n        java.security.KeyStore.getInstance(\"AndroidKeyStore\")\n            \
                 .apply { load(null) }.getKey(\"record\", null)\n    }\n\n    /** Opens it, if it is not open. */\n",
            ),
        ],
        test: "BeginningTest.the record is opened off the main thread",
        says: &["AssertionError"],
    },
    Fault {
        what: "a folder of the app's is deleted on the main thread",
        edits: &[(
            app!("leaving/ExportViewModel.kt"),
            "            passage.leave(place)\n",
            "            place.deleteRecursively()\n",
        )],
        test: "LeavingTest.a folder without room takes nothing, and the record is as it was",
        says: &["on the main thread", "(ExportViewModel.kt:"],
    },
    Fault {
        what: "the main thread waits for a coroutine",
        edits: &[(
            app!("help/HelpDesk.kt"),
            "= bundledHelp().flatMap { it.lines }",
            "= kotlinx.coroutines.runBlocking { bundledHelp().flatMap { it.lines } }",
        )],
        test: "MainThreadTest.nothing of the app waits for a coroutine",
        says: &["HelpDesk.kt"],
    },
    Fault {
        what: "a draft that the system's ending of the app takes along",
        edits: &[
            (
                WRITE,
                "    createSavedStateHandle(),",
                "    SavedStateHandle(),",
            ),
            (
                WRITE,
                "        viewModelScope.launch { draft.takeUp() }\n",
                "",
            ),
        ],
        test: "DraftTest.a draft outlives the system's ending of the app",
        says: &["Half a thought is shown: never"],
    },
    Fault {
        what: "what is changed of an entry is not kept in the record",
        edits: &[(
            app!("journal/EditViewModel.kt"),
            "        saved[BODY] = body\n        draft.changed()\n",
            "        saved[BODY] = body\n",
        )],
        test: "DraftTest.what is changed of an entry outlives it as well, and goes with the entry",
        says: &["and its other half is shown: never"],
    },
    Fault {
        what: "pictures of the screen are allowed",
        edits: &[
            (
                MAIN,
                "otherwise.\n        window.addFlags(",
                "otherwise.\n        window.clearFlags(",
            ),
            (
                MAIN,
                "} else {\n                window.addFlags(",
                "} else {\n                window.clearFlags(",
            ),
        ],
        test: "BeginningTest.nothing is in pictures of the screen",
        says: &["AssertionError"],
    },
    Fault {
        what: "the system may back the app up",
        edits: &[(
            MANIFEST,
            "android:allowBackup=\"false\"",
            "android:allowBackup=\"true\"",
        )],
        test: "BeginningTest.nothing is in a backup",
        says: &["expected:<0>"],
    },
    Fault {
        what: "whoever has a certificate is trusted",
        edits: &[(
            app!("record/PlatformTrust.kt"),
            "    } catch (_: CertificateException) {\n        false\n",
            "    } catch (_: CertificateException) {\n        true\n",
        )],
        test: "PlatformTrustTest.whom the phone does not trust is not trusted",
        says: &["AssertionError"],
    },
    Fault {
        what: "the key in the Keystore outlives the record",
        edits: &[(DOOR, "        forgetKey()\n", "")],
        test: "ErasingTest.what wrapped the key goes out of the Keystore with the record",
        says: &["the Keystore still has it"],
    },
    Fault {
        what: "a recording's file is left behind once it is sealed",
        edits: &[(
            app!("attach/VoiceTaker.kt"),
            "            wipe()\n            Voice.Kept\n",
            "            file = null\n            Voice.Kept\n",
        )],
        test: "VoiceTakerTest.what is said is kept when it ends, and lies on the disk no longer",
        says: &["expected:<[]>", "recordings/"],
    },
    Fault {
        what: "a notification says what it is about, though nobody chose that",
        edits: &[(
            app!("reminders/ReminderAlarms.kt"),
            "notices.show(id, answer.reminder.topic, answer.reminder.lockScreen)",
            "notices.show(id, answer.reminder.topic, answer.reminder.words)",
        )],
        test: "AlarmsTest.a notification says that there is a reminder, and nothing else, wherever one looks in it",
        says: &["ketamine"],
    },
    Fault {
        what: "a reboot is not heard",
        edits: &[(
            MANIFEST,
            "                <action android:name=\"android.intent.action.BOOT_COMPLETED\" />\n",
            "",
        )],
        test: "AlarmsTest.after a reboot and after an update all are set once more",
        says: &["never"],
    },
    Fault {
        what: "a change of zone is not listened to",
        edits: &[(
            RECEIVERS,
            "            Intent.ACTION_TIMEZONE_CHANGED,\n",
            "",
        )],
        test: "AlarmsTest.after a change of clock or zone all are set once more",
        says: &["never"],
    },
    Fault {
        what: "the lock asks after a minute, whatever grace time was chosen",
        edits: &[(
            app!("lock/AppLock.kt"),
            "maxOf(choice.grace.milliseconds, ",
            "maxOf(Grace.MINUTE.milliseconds, ",
        )],
        test: "LockTest.without a grace time it asks each time, but for a page that the app itself opened",
        says: &["expected:<LOCKED> but was:<OPEN>"],
    },
    Fault {
        what: "a locked app shows the safety plan",
        edits: &[(
            app!("help/HelpScreen.kt"),
            "    val shown = if (isLocked) help.copy(plan = emptyList()) else help\n",
            "    val shown = help\n",
        )],
        test: "LockTest.once it is locked, the help page shows nothing of the plan any more",
        says: &["Unlock to see your safety plan. is shown: never"],
    },
];
