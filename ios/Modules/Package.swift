// swift-tools-version: 6.0
import PackageDescription

// All of the app but its entry point and its resources, so that the same files are built against Apple's frameworks in
// Xcode and against the stand-ins of `Linux/` where there is no Mac.
let strict: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
]

// The core, by `bindings/swift`.
let core: Target.Dependency = .product(name: "CompanionKit", package: "swift")

#if os(Linux)
// `import SwiftUI` finds these by their names. They are no part of the app.
let frameworks: [Target.Dependency] = ["SwiftUI"]
let onLinux: [Target] = [
    // Apple's initializers of views may be called from anywhere; to write their like draws warnings in 6.0.
    .target(
        name: "SwiftUI", path: "Linux/SwiftUI",
        swiftSettings: [.swiftLanguageMode(.v5), .unsafeFlags(["-suppress-warnings"])]),
    .target(
        name: "ScreenTest", dependencies: ["SwiftUI"], path: "Linux/ScreenTest",
        swiftSettings: [.swiftLanguageMode(.v5), .enableUpcomingFeature("InternalImportsByDefault")]),
    .testTarget(
        name: "ScreenTests", dependencies: ["CompanionUI", "CompanionModels", "ScreenTest", core],
        exclude: ["Reading"], swiftSettings: strict),
]
#else
let frameworks: [Target.Dependency] = []
let onLinux: [Target] = []
#endif

let package = Package(
    name: "Companion",
    defaultLocalization: "en",
    platforms: [.iOS(.v17), .macOS(.v14)],
    products: [
        .library(name: "CompanionModels", targets: ["CompanionModels"]),
        .library(name: "CompanionUI", targets: ["CompanionUI"]),
    ],
    dependencies: [.package(path: "../../bindings/swift")],
    targets: [
        .target(name: "CompanionModels", dependencies: [core], swiftSettings: strict),
        .target(name: "CompanionUI", dependencies: ["CompanionModels", core] + frameworks, swiftSettings: strict),
    ] + onLinux,
    swiftLanguageModes: [.v6]
)
