// swift-tools-version: 6.2

import PackageDescription

/// Every target compiles under the same rules: language mode 6, explicit existentials and imports, warnings as errors.
let settings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .enableUpcomingFeature("InferIsolatedConformances"),
    .treatAllWarnings(as: .error),
]

/// The targets that touch raw memory: each unsafe expression is marked, `~Escapable` spans may be stored and returned.
let coreSettings: [SwiftSetting] =
    settings + [.strictMemorySafety(), .enableExperimentalFeature("Lifetimes")]

let package = Package(
    name: "swift-event-hubs",
    platforms: [.macOS(.v15)],
    products: [
        .library(name: "AMQPClient", targets: ["AMQPClient"]),
        .library(name: "EventHubs", targets: ["EventHubs"]),
        .library(name: "EventHubsIdentity", targets: ["EventHubsIdentity"]),
        .library(name: "EventHubsAdministration", targets: ["EventHubsAdministration"]),
        .library(name: "EventHubsProcessor", targets: ["EventHubsProcessor"]),
        .library(name: "EventHubsProcessorTesting", targets: ["EventHubsProcessorTesting"]),
        .library(name: "EventHubsBlobStore", targets: ["EventHubsBlobStore"]),
        .library(name: "EventHubsEmulator", targets: ["EventHubsEmulator"]),
        .executable(name: "eventhubs", targets: ["eventhubs"]),
        .executable(name: "eventhubs-bench", targets: ["eventhubs-bench"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.5.0"),
        .package(url: "https://github.com/apple/swift-collections", from: "1.1.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.6.0"),
        .package(url: "https://github.com/apple/swift-distributed-tracing", from: "1.3.0"),
        .package(url: "https://github.com/apple/swift-metrics", from: "2.5.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.6.0"),
        .package(url: "https://github.com/swhitty/FlyingFox", from: "0.20.0"),
        .package(url: "https://github.com/swiftlang/swift-docc-plugin", from: "1.4.0"),
        // The benchmark harness only: no library product needs it, so nobody who uses one builds it.
        .package(url: "https://github.com/HdrHistogram/hdrhistogram-swift", from: "0.2.0"),
    ],
    targets: [
        // System modules: header-only, no C is compiled.
        .systemLibrary(
            name: "COpenSSL",
            pkgConfig: "openssl",
            providers: [.apt(["libssl-dev"]), .yum(["openssl-devel"]), .brew(["openssl@3"])]
        ),
        .systemLibrary(
            name: "CZlib",
            pkgConfig: "zlib",
            providers: [.apt(["zlib1g-dev"]), .yum(["zlib-devel"]), .brew(["zlib"])]
        ),
        .systemLibrary(name: "CPlatform"),

        // The protocol: no I/O, no clock, no Foundation.
        .target(name: "AMQPCodec", swiftSettings: coreSettings),
        .target(
            name: "AMQPEngine",
            dependencies: ["AMQPCodec"],
            swiftSettings: coreSettings
        ),

        // The wire: sockets, TLS and event loops; knows no AMQP.
        .target(name: "AMQPTransport", dependencies: ["COpenSSL", "CPlatform"], swiftSettings: coreSettings),

        // One engine on one stream, run by one event loop: shared by client and emulator.
        .target(name: "AMQPDriver", dependencies: ["AMQPEngine", "AMQPTransport"], swiftSettings: coreSettings),

        .target(
            name: "AMQPClient",
            dependencies: [
                "AMQPCodec", "AMQPEngine", "AMQPTransport", "AMQPDriver",
                .product(name: "DequeModule", package: "swift-collections"),
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: settings
        ),
        .target(
            name: "EventHubs",
            dependencies: [
                "AMQPClient", "AMQPCodec", "AMQPEngine", "AMQPTransport", "CZlib",
                .product(name: "DequeModule", package: "swift-collections"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "Tracing", package: "swift-distributed-tracing"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ],
            swiftSettings: settings + [.enableExperimentalFeature("Lifetimes")]
        ),

        // A small HTTP client, for what is asked over it.
        .target(name: "HTTPExchange", dependencies: ["AMQPTransport"], swiftSettings: coreSettings),

        .target(
            name: "EventHubsIdentity",
            dependencies: [
                "EventHubs", "HTTPExchange", "AMQPTransport", "CPlatform",
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: settings
        ),
        .target(
            name: "EventHubsAdministration",
            dependencies: ["EventHubs", "HTTPExchange", .product(name: "Logging", package: "swift-log")],
            swiftSettings: settings
        ),
        .target(
            name: "EventHubsProcessor",
            dependencies: [
                "EventHubs",
                .product(name: "CoreMetrics", package: "swift-metrics"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ],
            swiftSettings: settings
        ),
        .target(name: "EventHubsProcessorTesting", dependencies: ["EventHubsProcessor"], swiftSettings: settings),
        .target(
            name: "EventHubsBlobStore",
            dependencies: [
                "EventHubsProcessor", "EventHubs", "HTTPExchange", "AMQPTransport",
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: settings
        ),
        .target(
            name: "EventHubsEmulator",
            dependencies: [
                "AMQPCodec", "AMQPEngine", "AMQPTransport", "AMQPDriver", "CZlib",
                .product(name: "DequeModule", package: "swift-collections"),
                .product(name: "FlyingFox", package: "FlyingFox"),
                .product(name: "FlyingSocks", package: "FlyingFox"),
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: settings
        ),

        // The command line and the benchmark harness.
        .executableTarget(
            name: "eventhubs",
            dependencies: [
                "AMQPCodec", "AMQPEngine", "AMQPClient", "AMQPTransport", "EventHubs", "EventHubsIdentity",
                "EventHubsAdministration", "EventHubsProcessor", "EventHubsBlobStore", "EventHubsEmulator",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
            ],
            swiftSettings: settings
        ),
        .executableTarget(
            name: "eventhubs-bench",
            dependencies: [
                "COpenSSL", "AMQPCodec", "AMQPEngine", "AMQPClient", "EventHubs", "EventHubsProcessor",
                "EventHubsBlobStore", "EventHubsEmulator",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Histogram", package: "hdrhistogram-swift"),
                .product(name: "Logging", package: "swift-log"),
            ],
            path: "Benchmarks/eventhubs-bench",
            swiftSettings: settings
        ),

        // Hosts in a simulated world, seed by seed: `make simulate`.
        .executableTarget(
            name: "host-simulation",
            dependencies: [
                "EventHubs", "EventHubsProcessor",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "HeapModule", package: "swift-collections"),
                .product(name: "Logging", package: "swift-log"),
            ],
            path: "Tests/Simulation",
            exclude: ["README.md"],
            swiftSettings: settings
        ),

        // Tests: one target per target; support targets; end to end.
        .target(name: "FixtureSupport", path: "Tests/Support/FixtureSupport", swiftSettings: settings),
        .target(
            name: "LogSupport",
            dependencies: [.product(name: "Logging", package: "swift-log")],
            path: "Tests/Support/LogSupport",
            swiftSettings: settings
        ),
        .target(
            name: "TunnelSupport",
            dependencies: ["AMQPTransport"],
            path: "Tests/Support/TunnelSupport",
            swiftSettings: settings
        ),
        .testTarget(name: "AMQPCodecTests", dependencies: ["AMQPCodec", "FixtureSupport"], swiftSettings: settings),
        .testTarget(
            name: "AMQPEngineTests",
            dependencies: ["AMQPEngine", "AMQPCodec", "FixtureSupport"],
            swiftSettings: settings
        ),
        .testTarget(
            name: "AMQPTransportTests",
            dependencies: ["AMQPTransport", "CPlatform", "TunnelSupport"],
            swiftSettings: settings
        ),
        .testTarget(
            name: "AMQPClientTests",
            dependencies: ["AMQPClient", "AMQPDriver", "AMQPEngine", "AMQPTransport", "AMQPCodec"],
            swiftSettings: settings
        ),
        .testTarget(
            name: "HTTPExchangeTests",
            dependencies: [
                "HTTPExchange", "AMQPTransport",
                .product(name: "FlyingFox", package: "FlyingFox"),
                .product(name: "FlyingSocks", package: "FlyingFox"),
            ],
            swiftSettings: settings
        ),
        .testTarget(
            name: "EventHubsTests",
            dependencies: [
                "EventHubs", "AMQPClient", "AMQPCodec", "AMQPTransport", "FixtureSupport",
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: settings
        ),
        .testTarget(
            name: "EventHubsIdentityTests",
            dependencies: [
                "EventHubsIdentity", "EventHubs", "HTTPExchange", "AMQPTransport", "COpenSSL", "LogSupport",
            ],
            swiftSettings: settings
        ),
        .testTarget(
            name: "EventHubsAdministrationTests",
            dependencies: ["EventHubsAdministration", "EventHubsEmulator", "EventHubs", "HTTPExchange"],
            swiftSettings: settings
        ),
        .testTarget(
            name: "EventHubsProcessorTests",
            dependencies: [
                "EventHubsProcessor", "EventHubsProcessorTesting", "EventHubs", "LogSupport",
                .product(name: "CoreMetrics", package: "swift-metrics"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ],
            swiftSettings: settings
        ),
        .testTarget(
            name: "EventHubsBlobStoreTests",
            dependencies: [
                "EventHubsBlobStore", "EventHubsProcessor", "EventHubsProcessorTesting", "EventHubsEmulator",
                "HTTPExchange",
            ],
            swiftSettings: settings
        ),
        .testTarget(
            name: "EventHubsEmulatorTests",
            dependencies: [
                "EventHubsEmulator", "EventHubs", "AMQPCodec", "AMQPEngine", "AMQPTransport", "HTTPExchange",
                "FixtureSupport",
            ],
            swiftSettings: settings
        ),
        .testTarget(
            name: "CommandLineTests",
            dependencies: [
                "eventhubs", "AMQPCodec", "EventHubs", "EventHubsAdministration", "EventHubsIdentity",
                "EventHubsProcessor",
                "EventHubsBlobStore", "FixtureSupport",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: settings
        ),
        .testTarget(
            name: "BenchmarkTests",
            dependencies: ["eventhubs-bench", "AMQPCodec"],
            swiftSettings: settings
        ),
        .testTarget(
            name: "EndToEndTests",
            dependencies: [
                "AMQPClient", "AMQPCodec", "EventHubs", "EventHubsAdministration", "EventHubsProcessor",
                "EventHubsBlobStore", "EventHubsEmulator", "AMQPTransport", "TunnelSupport", "LogSupport",
                .product(name: "Logging", package: "swift-log"),
                .product(name: "Tracing", package: "swift-distributed-tracing"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ],
            swiftSettings: settings
        ),
        .testTarget(
            name: "InteropTests",
            dependencies: ["AMQPClient", "AMQPEngine", "AMQPCodec", .product(name: "Logging", package: "swift-log")],
            swiftSettings: settings
        ),
    ]
)
