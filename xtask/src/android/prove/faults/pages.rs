//! What a test has to notice of the pages: what they do with what somebody taps, and what they say.

use super::Fault;

const GUIDE: &str = app!("guides/GuideViewModel.kt");
const MEASURE: &str = app!("measures/MeasureViewModel.kt");
const BUTTONS: &str = app!("ui/Page.kt");

pub(super) const PAGES: &[Fault] = &[
    Fault {
        what: "a tick in a guide is not kept",
        edits: &[(
            GUIDE,
            "if (isTicked) GuideMark.Ticked(task) else",
            "if (isTicked) GuideMark.Opened else",
        )],
        test: "GuideTest.what is ticked stays so when the system ends the app, and the clinic sees it",
        says: &["ticked is shown: never"],
    },
    Fault {
        what: "where somebody was in a guide is lost when the system ends the app",
        edits: &[(
            GUIDE,
            "val place: Float get() = saved[PLACE] ?: 0f",
            "val place: Float get() = 0f",
        )],
        test: "GuideTest.a guide goes on where somebody was",
        says: &["the end is in sight: never"],
    },
    Fault {
        what: "a voice that asks a server reads a guide aloud",
        edits: &[(
            app!("guides/Voice.kt"),
            "            !voice.isNetworkConnectionRequired &&\n                TextToSpeech",
            "            TextToSpeech",
        )],
        test: "VoiceTest.a voice that asks a server, is not installed, or speaks another language is none",
        says: &["expected:<NoVoice>"],
    },
    Fault {
        what: "a second answer to a question is not kept",
        edits: &[(
            MEASURE,
            "act { record -> give(record, AnswerGiven.Chosen(points)) }",
            "act { record ->\n        \
             val isOpen = shown?.let { it.sheet.stateOf(it.place().toUByte()) } is AnswerState.Open\n        \
             if (isOpen) give(record, AnswerGiven.Chosen(points))\n    }",
        )],
        test: "MeasureTest.an answer can be changed before it is finished, and the total is a number alone",
        says: &["Nearly every day is shown: never"],
    },
    Fault {
        what: "a question that is left out counts as 0",
        edits: &[(
            MEASURE,
            "give(record, AnswerGiven.Skipped)",
            "give(record, AnswerGiven.Chosen(0u))",
        )],
        test: "MeasureTest.what was broken off goes on at the same question, and its answers reach the clinic",
        says: &["the answers arrive: never"],
    },
    Fault {
        what: "an answer about harm leads to no help",
        edits: &[(MEASURE, "state.points > 0u", "state.points > 1u")],
        test: "MeasureTest.an answer about harm leads to help at once, and no alarm is promised",
        says: &["Thank you for saying so is shown: never"],
    },
    Fault {
        what: "what is written for the assessment is shared, though nobody chose that",
        edits: &[
            (
                app!("program/TopicViewModel.kt"),
                "!kept.head.isShared && wanted != null && wanted",
                "!kept.head.isShared && wanted",
            ),
            (
                app!("program/TopicViewModel.kt"),
                "texts.share(kept.head.id, wanted)",
                "texts.share(kept.head.id, wanted ?: WhoReads.CARE_TEAM)",
            ),
        ],
        test: "ProgramTest.what is written for the assessment is private until it is shared",
        says: &["Who can read it: Only me is shown: never"],
    },
    Fault {
        what: "people of the plan stay readable without unlocking, once they were",
        edits: &[(
            app!("safety/SafetyViewModel.kt"),
            "record.chooseHelp(choice)",
            "record.chooseHelp(choice.copy(people = true))",
        )],
        test: "SafetyTest.somebody of the plan stands on the help page without unlocking only where that is allowed",
        says: &["the switch, off is shown: never"],
    },
    Fault {
        what: "a phone that is lost stays in the record",
        edits: &[(
            app!("devices/DevicesViewModel.kt"),
            "if (words.isEmpty()) record.removeDevice(member) else record",
            "if (words.isNotEmpty()) record",
        )],
        test: "DevicesTest.a second phone is let in once both show the same words, and removed when it is lost",
        says: &["Not in your record any more is shown: never"],
    },
    Fault {
        what: "what was opened in an emergency is not told",
        edits: &[(
            app!("team/LooksScreen.kt"),
            "        for (emergency in one.emergencies) Emergency(emergency)\n",
            "",
        )],
        test: "TeamTest.who looked is told, and what was opened in an emergency says so",
        says: &["In an emergency is shown: never"],
    },
    Fault {
        what: "what is taken back stays shared",
        edits: &[(
            app!("sharing/Own.kt"),
            "UUID = list(record).use { it.withdraw(id).id }",
            "UUID = id",
        )],
        test: "SharingTest.an entry is shared after the fact, edited, and taken back",
        says: &["Who can read it: Only me is shown: never"],
    },
    Fault {
        what: "a button of 40 dp",
        edits: &[
            (
                BUTTONS,
                "modifier.fillMaxWidth().heightIn(min = 56.dp)",
                "modifier.fillMaxWidth().height(40.dp)",
            ),
            (
                BUTTONS,
                "import androidx.compose.foundation.layout.heightIn\n",
                "import androidx.compose.foundation.layout.height\nimport androidx.compose.foundation.layout.heightIn\n",
            ),
        ],
        test: "ScreensTest.light, at the usual size",
        says: &["welcome: Pair with your clinic is 40.0 dp"],
    },
    Fault {
        what: "a face that says nothing to a screen reader",
        edits: &[(
            app!("checkin/Feelings.kt"),
            "contentDescription = word }",
            "contentDescription = word.take(0) }",
        )],
        test: "ScreensTest.light, at the usual size",
        says: &["today: nothing says what"],
    },
    Fault {
        what: "a sentence without its Spanish one",
        edits: &[(
            "android/app/src/main/res/values-es/strings_sharing.xml",
            "    <string name=\"said_more\">Mostrar anteriores</string>\n",
            "",
        )],
        test: "StringsTest.each sentence has its Spanish one, and none is left over",
        says: &["without Spanish", "string/said_more"],
    },
    Fault {
        what: "a Spanish sentence that leaves out what is put into it",
        edits: &[(
            "android/app/src/main/res/values-es/strings_team.xml",
            "Puede abrir: %1$s<",
            "Puede abrir<",
        )],
        test: "StringsTest.each has the same placeholders, and as many parts",
        says: &["string/team_opens"],
    },
];
