// The Android module. Not run by CI, which has no Gradle: `cargo xtask test kotlin` builds and tests the same sources
// on the JVM. `cargo xtask bindings kotlin` and the native libraries (cargo-ndk) come first.
plugins {
    alias(libs.plugins.android.library)
}

/** Where `cargo xtask bindings kotlin` writes. */
val generated = rootProject.file(providers.gradleProperty("companion.bindings").get())

android {
    namespace = "org.kapcompanion.core"
    compileSdk = 37

    defaultConfig {
        minSdk = 28
        consumerProguardFiles("consumer-rules.pro")
    }

    compileOptions {
        sourceCompatibility = JavaVersion.VERSION_17
        targetCompatibility = JavaVersion.VERSION_17
    }

    sourceSets {
        named("main") {
            kotlin.directories.add(generated.path)
            jniLibs.directories.add("src/main/jniLibs")
        }
    }
}

dependencies {
    api(libs.coroutines.core)
    implementation(libs.jna) { artifact { type = "aar" } }

    testImplementation(libs.jna)
    testImplementation(libs.junit)
    testImplementation(libs.serialization.json)
}
