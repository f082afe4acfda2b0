// swift-tools-version: 6.0
import PackageDescription

// What `cargo xtask bindings swift` lays down: the generated code, the C module through which it speaks to Rust, and
// the library that cargo built. On Apple's systems module and library are one xcframework, which
// `cargo xtask ios-framework` makes on a Mac.
#if os(Linux)
let ffi: Target = .systemLibrary(name: "CompanionCoreFFI", path: "Generated/CompanionCoreFFI")
let linking: [LinkerSetting] = [
    .unsafeFlags(["-L\(Context.packageDirectory)/Generated/lib"]),
    .linkedLibrary("companion_ffi"),
    .unsafeFlags(["-Xlinker", "-rpath", "-Xlinker", "\(Context.packageDirectory)/Generated/lib"]),
    // Debian's Swift 6.0.3 leaves a symbol of Observation undefined (swiftlang/swift#75670).
    .unsafeFlags(["-Xlinker", "--allow-shlib-undefined"]),
]
#else
let ffi: Target = .binaryTarget(name: "CompanionCoreFFI", path: "Generated/CompanionCoreFFI.xcframework")
let linking: [LinkerSetting] = [
    // Which certificates to trust is the system's word, and its own cryptography asks it for randomness.
    .linkedFramework("Security"),
    .linkedFramework("CoreFoundation"),
    .linkedFramework("SystemConfiguration"),
]
#endif

let package = Package(
    name: "CompanionKit",
    platforms: [.iOS(.v17), .macOS(.v14)],
    products: [
        .library(name: "CompanionKit", targets: ["CompanionKit", "CompanionCore"]),
    ],
    targets: [
        ffi,
        .target(
            name: "CompanionCore",
            dependencies: ["CompanionCoreFFI"],
            path: "Generated/CompanionCore",
            // Generated code is not ours to change, and not all that uniffi 0.32 writes is Swift 6 (uniffi-rs#2929).
            swiftSettings: [.swiftLanguageMode(.v5)],
            linkerSettings: linking
        ),
        .target(name: "CompanionKit", dependencies: ["CompanionCore"]),
        .executableTarget(name: "CompanionBench", dependencies: ["CompanionKit", "CompanionCore"]),
        .testTarget(name: "CompanionKitTests", dependencies: ["CompanionKit", "CompanionCore"]),
        .testTarget(name: "ContractTests", dependencies: ["CompanionKit", "CompanionCore"]),
    ],
    swiftLanguageModes: [.v6]
)
