//===----------------------------------------------------------------------===//
//
// This source file is part of the swift-event-hubs open source project
//
// Copyright (c) 2026 the swift-event-hubs authors
// Licensed under Apache License v2.0
//
// See LICENSE for license information
//
// SPDX-License-Identifier: Apache-2.0
//
//===----------------------------------------------------------------------===//

/// The demo's telemetry: small JSON documents whose first two fields number the events of each vehicle.
struct DemoEvent: Equatable {
    var vehicle: Int
    /// How many events of the vehicle came before.
    var number: Int64

    private static let vehiclePrefix = Array(#"{"vehicle":"#.utf8)
    private static let numberPrefix = Array(#","n":"#.utf8)

    init(vehicle: Int, number: Int64) {
        self.vehicle = vehicle
        self.number = number
    }

    /// Reads the two fields back; nil when the bytes are not one of the demo's documents.
    init?(body: [UInt8]) {
        var rest = body[...]
        guard
            Self.skip(Self.vehiclePrefix, in: &rest), let vehicle = Self.integer(in: &rest),
            Self.skip(Self.numberPrefix, in: &rest), let number = Self.integer(in: &rest)
        else { return nil }
        self.init(vehicle: Int(vehicle), number: number)
    }

    /// The partition key.
    var key: String { "vehicle-\(vehicle)" }

    /// The document.
    func body(using generator: inout some RandomNumberGenerator) -> [UInt8] {
        let speed = Int.random(in: 0...1300, using: &generator)
        let fuel = Int.random(in: 0...999, using: &generator)
        let north = Int.random(in: 45_800_000...47_800_000, using: &generator)
        let east = Int.random(in: 6_000_000...10_400_000, using: &generator)
        let faults = Int.random(in: 0..<20, using: &generator) == 0 ? #""P0420""# : ""
        return Array(
            """
            {"vehicle":\(vehicle),"n":\(number),"speed":\(speed / 10).\(speed % 10),"fuel":0.\(fuel),\
            "position":[\(Self.degrees(north)),\(Self.degrees(east))],"faults":[\(faults)]}
            """.utf8
        )
    }

    private static func degrees(_ millionths: Int) -> String {
        let fraction = String(millionths % 1_000_000)
        return "\(millionths / 1_000_000).\(String(repeating: "0", count: 6 - fraction.count))\(fraction)"
    }

    private static func skip(_ prefix: [UInt8], in rest: inout ArraySlice<UInt8>) -> Bool {
        guard rest.starts(with: prefix) else { return false }
        rest = rest.dropFirst(prefix.count)
        return true
    }

    private static func integer(in rest: inout ArraySlice<UInt8>) -> Int64? {
        let digits = rest.prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        rest = rest.dropFirst(digits.count)
        return Int64(String(decoding: digits, as: UTF8.self))
    }
}
