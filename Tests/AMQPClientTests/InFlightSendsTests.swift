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

import AMQPEngine
import Testing

@testable import AMQPClient

@Suite struct InFlightSendsTests {
    private func removed(_ sends: inout InFlightSends, _ range: ClosedRange<UInt64>) -> [PendingSend] {
        var removed: [PendingSend] = []
        sends.remove(from: SendID(rawValue: range.lowerBound), through: SendID(rawValue: range.upperBound)) {
            removed.append($0)
        }
        return removed
    }

    private func same(_ sends: [PendingSend], _ others: [PendingSend?]) -> Bool {
        sends.count == others.count && zip(sends, others).allSatisfy { $0 === $1 }
    }

    private func filled(_ numbers: some Sequence<UInt64>) -> (InFlightSends, [UInt64: PendingSend]) {
        var sends = InFlightSends()
        var known: [UInt64: PendingSend] = [:]
        for number in numbers {
            let send = PendingSend()
            known[number] = send
            sends.append(send, size: 10, as: SendID(rawValue: number))
        }
        return (sends, known)
    }

    @Test func whatIsTakenOutIsWhatWasPutIn() {
        var (sends, known) = filled(5...9)
        #expect(sends.count == 5)
        #expect(sends.bytes == 50)
        #expect(same(removed(&sends, 7...7), [known[7]]))
        #expect(same(removed(&sends, 0...6), [known[5], known[6]]))
        #expect(removed(&sends, 5...7).isEmpty)
        #expect(same(removed(&sends, 8...1_000), [known[8], known[9]]))
        #expect(sends.count == 0)
        #expect(sends.bytes == 0)
        #expect(removed(&sends, 0...(.max)).isEmpty)
    }

    @Test func numbersThatWereNeverInFlightAreGaps() {
        // Those were sent settled.
        var (sends, known) = filled([0, 3, 100_000, 100_001])
        #expect(removed(&sends, 1...2).isEmpty)
        #expect(same(removed(&sends, 3...100_000), [known[3], known[100_000]]))
        #expect(same(removed(&sends, 0...0), [known[0]]))
        #expect(same(sends.removeAll(), [known[100_001]]))
        #expect(sends.count == 0)
    }

    @Test func oneThatIsNeverSettledStandsInNobodysWay() {
        var (sends, known) = filled([0])
        for number in 1...100_000 as ClosedRange<UInt64> {
            let send = PendingSend()
            sends.append(send, size: 1, as: SendID(rawValue: number))
            #expect(same(removed(&sends, number...number), [send]))
        }
        #expect(sends.count == 1)
        #expect(sends.bytes == 10)
        #expect(same(removed(&sends, 0...50_000), [known[0]]))
        #expect(sends.count == 0)
    }

    @Test func allComeOutInTheirOrder() {
        var (sends, known) = filled([1, 2, 10_000, 10_002])
        let all = sends.removeAll()
        #expect(same(all, [known[1], known[2], known[10_000], known[10_002]]))
    }
}
