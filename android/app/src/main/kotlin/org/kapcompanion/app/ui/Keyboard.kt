package org.kapcompanion.app.ui

import android.view.inputmethod.EditorInfo
import android.view.inputmethod.InputConnection
import androidx.compose.runtime.Composable
import androidx.compose.ui.ExperimentalComposeUiApi
import androidx.compose.ui.platform.InterceptPlatformTextInput
import androidx.compose.ui.platform.PlatformTextInputInterceptor
import androidx.compose.ui.platform.PlatformTextInputMethodRequest

/** Asks the keyboard to learn nothing from what is typed: neither words to suggest later, nor names. */
@OptIn(ExperimentalComposeUiApi::class)
private val LearnsNothing = PlatformTextInputInterceptor { request, next ->
    next.startInputMethod(
        object : PlatformTextInputMethodRequest {
            override fun createInputConnection(outAttributes: EditorInfo): InputConnection =
                request.createInputConnection(outAttributes).also {
                    outAttributes.imeOptions = outAttributes.imeOptions or EditorInfo.IME_FLAG_NO_PERSONALIZED_LEARNING
                }
        }
    )
}

/** All fields of [content] are typed into with a keyboard that is asked to remember nothing of it. */
@OptIn(ExperimentalComposeUiApi::class)
@Composable
fun KeyboardLearnsNothing(content: @Composable () -> Unit) = InterceptPlatformTextInput(LearnsNothing, content)
