// The code that is generated around the core (`cargo xtask bindings kotlin`), and the core itself for each processor.
plugins {
    alias(libs.plugins.android.library)
}

/** The workspace of the Rust crates. */
val workspace = rootProject.file("..")

android {
    namespace = "org.kapcompanion.core.generated"
    compileSdk = libs.versions.compile.sdk.get().toInt()

    defaultConfig {
        minSdk = libs.versions.min.sdk.get().toInt()
        consumerProguardFiles("../consumer-rules.pro")
    }

    compileOptions {
        sourceCompatibility = JavaVersion.VERSION_17
        targetCompatibility = JavaVersion.VERSION_17
    }

    sourceSets {
        named("main") {
            kotlin.directories.add(workspace.resolve("target/bindings/kotlin").path)
            jniLibs.directories.add(workspace.resolve("target/android/jni").path)
        }
    }
}

/** Needs Rust, cargo-ndk and the NDK. */
val nativeLibraries = tasks.register<Exec>("nativeLibraries") {
    workingDir = workspace
    commandLine(
        "cargo", "ndk", "--target", "arm64-v8a", "--target", "x86_64", "--output-dir", "target/android/jni",
        "build", "--package", "companion-ffi", "--profile", "phone"
    )
}

val bindings = tasks.register<Exec>("bindings") {
    workingDir = workspace
    commandLine("cargo", "xtask", "bindings", "kotlin")
}

tasks.named("preBuild") { dependsOn(bindings, nativeLibraries) }

dependencies {
    api(libs.coroutines.core)
    implementation(libs.jna) { artifact { type = "aar" } }
}
