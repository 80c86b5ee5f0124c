// swift-tools-version: 6.2

import PackageDescription

/// A store of leases and checkpoints in SQL, as anybody would write it outside of swift-event-hubs: it knows only the
/// public products. The article "Writing your own store" of EventHubsProcessor walks through it.
let package = Package(
    name: "SQLiteStore",
    platforms: [.macOS(.v15)],
    products: [.library(name: "SQLiteStore", targets: ["SQLiteStore"])],
    dependencies: [.package(name: "swift-event-hubs", path: "../..")],
    targets: [
        .systemLibrary(
            name: "CSQLite",
            pkgConfig: "sqlite3",
            providers: [.apt(["libsqlite3-dev"]), .yum(["sqlite-devel"]), .brew(["sqlite"])]
        ),
        .target(
            name: "SQLiteStore",
            dependencies: ["CSQLite", .product(name: "EventHubsProcessor", package: "swift-event-hubs")]
        ),
        .testTarget(
            name: "SQLiteStoreTests",
            dependencies: [
                "SQLiteStore",
                .product(name: "EventHubsProcessorTesting", package: "swift-event-hubs"),
                .product(name: "EventHubsEmulator", package: "swift-event-hubs"),
            ]
        ),
    ]
)
