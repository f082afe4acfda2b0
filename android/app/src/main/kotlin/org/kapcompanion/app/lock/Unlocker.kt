package org.kapcompanion.app.lock

import android.app.Activity
import android.app.KeyguardManager
import android.content.Context
import android.content.Intent
import android.hardware.biometrics.BiometricManager.Authenticators
import android.hardware.biometrics.BiometricPrompt
import android.os.Build
import android.os.CancellationSignal
import androidx.activity.compose.rememberLauncherForActivityResult
import androidx.activity.result.contract.ActivityResultContracts.StartActivityForResult
import androidx.annotation.RequiresApi
import androidx.compose.runtime.Composable
import androidx.compose.runtime.rememberUpdatedState
import androidx.compose.ui.platform.LocalContext
import androidx.core.content.getSystemService
import org.kapcompanion.app.R
import org.kapcompanion.app.companion

/** What came of asking somebody to unlock. */
enum class Unlocked {
    YES,

    /** They left the question, or it was none of their fingers. They can be asked again. */
    NO
}

/** Asks for a finger, a face or the phone's own code. */
interface Unlocker {
    /** Whether there is anything to ask for: a phone without a screen lock has nothing. */
    fun canAsk(context: Context): Boolean

    /** A page of the system's that asks; nothing where [ask] does it in a window of its own. */
    fun page(context: Context): Intent?

    /** Asks in a window. */
    fun ask(context: Context, done: (Unlocked) -> Unit)
}

/** The phone's own way: a window that also takes the phone's code since Android 11, and a page of its own before. */
class SystemUnlocker : Unlocker {
    override fun canAsk(context: Context): Boolean = keyguard(context).isDeviceSecure

    @Suppress("DEPRECATION")
    override fun page(context: Context): Intent? {
        if (Build.VERSION.SDK_INT >= Build.VERSION_CODES.R) return null
        return keyguard(context).createConfirmDeviceCredentialIntent(context.getString(R.string.lock_ask), null)
    }

    override fun ask(context: Context, done: (Unlocked) -> Unit) {
        if (Build.VERSION.SDK_INT >= Build.VERSION_CODES.R) prompt(context, done) else done(Unlocked.NO)
    }

    @RequiresApi(Build.VERSION_CODES.R)
    private fun prompt(context: Context, done: (Unlocked) -> Unit) {
        val prompt = BiometricPrompt.Builder(context)
            .setTitle(context.getString(R.string.lock_ask))
            .setAllowedAuthenticators(Authenticators.BIOMETRIC_WEAK or Authenticators.DEVICE_CREDENTIAL)
            .build()
        val hears = object : BiometricPrompt.AuthenticationCallback() {
            override fun onAuthenticationSucceeded(result: BiometricPrompt.AuthenticationResult?) = done(Unlocked.YES)

            // One finger that is not known ends nothing: the window asks on. This is the end of the asking.
            override fun onAuthenticationError(code: Int, words: CharSequence?) = done(Unlocked.NO)
        }
        prompt.authenticate(CancellationSignal(), context.mainExecutor, hears)
    }

    private fun keyguard(context: Context) = checkNotNull(context.getSystemService<KeyguardManager>())
}

/** Asks, in whichever way this phone has. */
@Composable
internal fun rememberAsking(done: (Unlocked) -> Unit): () -> Unit {
    val context = LocalContext.current
    val hears = rememberUpdatedState(done)
    val launcher = rememberLauncherForActivityResult(StartActivityForResult()) { result ->
        hears.value(if (result.resultCode == Activity.RESULT_OK) Unlocked.YES else Unlocked.NO)
    }
    return {
        val unlocker = context.companion.unlocker
        val page = unlocker.page(context)
        if (page != null) {
            context.companion.lock.leavesForAnAnswer()
            launcher.launch(page)
        } else {
            unlocker.ask(context) { hears.value(it) }
        }
    }
}
