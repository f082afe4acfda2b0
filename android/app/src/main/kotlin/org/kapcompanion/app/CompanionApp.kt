package org.kapcompanion.app

import android.app.Application

/** The process of the app. */
class CompanionApp : Application()
