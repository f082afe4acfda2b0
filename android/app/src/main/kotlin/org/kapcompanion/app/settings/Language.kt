package org.kapcompanion.app.settings

import android.app.LocaleManager
import android.content.Context
import android.content.ContextWrapper
import android.content.res.Configuration
import android.content.res.Resources
import android.os.Build
import android.os.LocaleList
import androidx.annotation.RequiresApi
import androidx.compose.runtime.Composable
import androidx.compose.runtime.CompositionLocalProvider
import androidx.compose.runtime.remember
import androidx.compose.ui.platform.LocalConfiguration
import androidx.compose.ui.platform.LocalContext
import androidx.core.content.getSystemService
import java.util.Locale

/** The languages of the app, each by its tag and by its own name for itself; as in `locales_config.xml`. */
enum class Language(val tag: String, val ownName: String) {
    ENGLISH("en", "English"),
    SPANISH("es", "Español")
}

/** Whether Android itself keeps a language for each app. */
internal val HasLanguageOfApps: Boolean get() = Build.VERSION.SDK_INT >= Build.VERSION_CODES.TIRAMISU

/** The language that Android keeps for this app; nothing where it follows the phone's. */
@RequiresApi(Build.VERSION_CODES.TIRAMISU)
internal fun languageOfApp(context: Context): String? =
    checkNotNull(context.getSystemService<LocaleManager>()).applicationLocales.takeUnless { it.isEmpty }
        ?.get(0)?.language

/** Tells Android the language of this app; it draws every page anew. */
@RequiresApi(Build.VERSION_CODES.TIRAMISU)
internal fun setLanguageOfApp(context: Context, tag: String?) {
    val locales = if (tag == null) LocaleList.getEmptyLocaleList() else LocaleList.forLanguageTags(tag)
    checkNotNull(context.getSystemService<LocaleManager>()).applicationLocales = locales
}

/** Draws in a language of the app's own, for Androids that keep none for an app; nothing for the phone's. */
@Composable
fun InLanguage(tag: String?, content: @Composable () -> Unit) {
    val context = LocalContext.current
    val configuration = LocalConfiguration.current
    val own = remember(tag, context, configuration) { tag?.let { Localized(context, configuration, it) } }
    if (own == null) return content()
    CompositionLocalProvider(
        LocalContext provides own,
        LocalConfiguration provides own.resources.configuration,
        content = content
    )
}

/** The same context with the words of another language: what it opens and asks is still the first one's. */
private class Localized(base: Context, configuration: Configuration, tag: String) : ContextWrapper(base) {
    private val own: Context = base.createConfigurationContext(
        Configuration(configuration).apply { setLocale(Locale.forLanguageTag(tag)) }
    )

    override fun getResources(): Resources = own.resources
}
