// The Kotlin library around the core: the sources of bindings/kotlin, which `cargo xtask test kotlin` tests on the JVM.
plugins {
    alias(libs.plugins.android.library)
}

android {
    namespace = "org.kapcompanion.core"
    compileSdk = libs.versions.compile.sdk.get().toInt()

    defaultConfig {
        minSdk = libs.versions.min.sdk.get().toInt()
    }

    compileOptions {
        sourceCompatibility = JavaVersion.VERSION_17
        targetCompatibility = JavaVersion.VERSION_17
    }

    sourceSets {
        named("main") {
            kotlin.directories.add("../../bindings/kotlin/src/main/kotlin")
        }
    }
}

kotlin {
    explicitApi()
}

dependencies {
    api(project(":core:generated"))
}
