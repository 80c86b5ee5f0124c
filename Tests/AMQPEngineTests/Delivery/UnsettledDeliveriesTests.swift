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

import Testing

@testable import AMQPEngine

@Suite struct UnsettledDeliveriesTests {
    typealias Run = UnsettledDeliveries.Run

    static func runs(
        of deliveries: inout UnsettledDeliveries,
        _ first: UInt32,
        _ last: UInt32,
        link: Int? = nil,
        removing: Bool = true
    ) -> [Run] {
        var found: [Run] = []
        deliveries.visit(from: first, through: last, of: link, removing: removing) { found.append($0) }
        return found
    }

    @Test func aRangeComesAsRunsOfOneLink() {
        var deliveries = UnsettledDeliveries()
        for id in 0..<UInt32(6) {
            #expect(deliveries.append(id: id, link: id < 3 ? 1 : 2, number: UInt64(id < 3 ? id + 10 : id - 3)) == true)
        }
        #expect(
            Self.runs(of: &deliveries, 1, 4) == [
                Run(link: 1, firstID: 1, lastID: 2, firstNumber: 11, lastNumber: 12),
                Run(link: 2, firstID: 3, lastID: 4, firstNumber: 0, lastNumber: 1),
            ]
        )
        #expect(deliveries.count == 2)
        #expect(Self.runs(of: &deliveries, 1, 4) == [])
        #expect(
            Self.runs(of: &deliveries, 0, 100) == [
                Run(link: 1, firstID: 0, lastID: 0, firstNumber: 10, lastNumber: 10),
                Run(link: 2, firstID: 5, lastID: 5, firstNumber: 2, lastNumber: 2),
            ]
        )
        #expect(deliveries.isEmpty)
    }

    @Test func visitingOneLinkPassesOverTheOthers() {
        var deliveries = UnsettledDeliveries()
        for id in 0..<UInt32(4) { _ = deliveries.append(id: id, link: Int(id % 2)) }
        #expect(Self.runs(of: &deliveries, 0, 3, link: 1).map(\.firstID) == [1, 3])
        #expect(deliveries.count == 2)
    }

    @Test func gapsInNumbersEndARun() {
        var deliveries = UnsettledDeliveries()
        _ = deliveries.append(id: 0, link: 0, number: 0)
        // Number 1 was sent settled under another id.
        _ = deliveries.append(id: 2, link: 0, number: 2)
        _ = deliveries.append(id: 3, link: 0, number: 3)
        #expect(Self.runs(of: &deliveries, 0, 3).map(\.lastNumber) == [0, 3])
    }

    @Test func idsWrap() {
        var deliveries = UnsettledDeliveries()
        for offset in 0..<UInt32(8) {
            #expect(deliveries.append(id: (.max - 3) &+ offset, link: 0, number: UInt64(offset)) == true)
        }
        let found = Self.runs(of: &deliveries, .max, 1)
        #expect(found == [Run(link: 0, firstID: .max, lastID: 1, firstNumber: 3, lastNumber: 5)])
    }

    @Test func idsHaveToAscend() {
        var deliveries = UnsettledDeliveries()
        #expect(deliveries.append(id: 5, link: 0) == true)
        #expect(deliveries.append(id: 5, link: 0) == false)
        #expect(deliveries.append(id: 4, link: 0) == false)
        #expect(deliveries.append(id: 9, link: 0) == true)
        #expect(deliveries.count == 2)
    }

    @Test func rangesThatMissOrAreReversedFindNothing() {
        var deliveries = UnsettledDeliveries()
        for id in 10..<UInt32(20) { _ = deliveries.append(id: id, link: 0) }
        #expect(Self.runs(of: &deliveries, 0, 9).isEmpty)
        #expect(Self.runs(of: &deliveries, 20, 50).isEmpty)
        #expect(Self.runs(of: &deliveries, 15, 12).isEmpty)
        #expect(Self.runs(of: &deliveries, 5, 12, removing: false).map(\.lastID) == [12])
        #expect(deliveries.count == 10)
    }

    @Test func aLinksDeliveriesAreForgottenTogether() {
        var deliveries = UnsettledDeliveries()
        for id in 0..<UInt32(1000) { _ = deliveries.append(id: id, link: Int(id % 3)) }
        deliveries.removeAll(of: 1)
        #expect(deliveries.count == 667)
        deliveries.removeAll(of: 0)
        deliveries.removeAll(of: 2)
        #expect(deliveries.isEmpty)
        #expect(deliveries.append(id: 1000, link: 0) == true)
    }

    /// Against a dictionary, with random orders of settlement.
    @Test(arguments: [1, 2, 3, 4] as [UInt64])
    func agreesWithAPlainModel(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var deliveries = UnsettledDeliveries()
        var model: [UInt32: Int] = [:]
        var order: [UInt32] = []
        var next: UInt32 = .max - 2_000
        for _ in 0..<20_000 {
            if Int.random(in: 0..<5, using: &random) < 3 {
                // Some ids belong to settled deliveries and never come here.
                next &+= UInt32.random(in: 1...2, using: &random)
                let link = Int.random(in: 0..<3, using: &random)
                #expect(deliveries.append(id: next, link: link) == true)
                model[next] = link
                order.append(next)
            } else if let first = order.randomElement(using: &random) {
                let last = first &+ UInt32.random(in: 0..<8, using: &random)
                let expected = (0...(last &- first)).map { first &+ $0 }.filter { model[$0] != nil }
                var found: [UInt32] = []
                deliveries.visit(from: first, through: last, removing: true) { run in
                    for offset in 0...(run.lastID &- run.firstID) {
                        let id = run.firstID &+ offset
                        #expect(model[id] == run.link)
                        found.append(id)
                    }
                }
                #expect(found == expected)
                for id in found { model[id] = nil }
                if order.count > 4_000 { order.removeFirst(2_000) }
            }
            #expect(deliveries.count == model.count)
        }
    }
}
