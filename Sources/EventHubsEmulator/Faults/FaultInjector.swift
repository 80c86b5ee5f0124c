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

import Synchronization

/// Something that happens and that a fault could strike.
struct FaultSite: Sendable, Equatable {
    var hub: String?
    var partition: String?
    var consumerGroup: String?
    var role: EmulatorLink.Role?
    var method: String?
    var path: String?
}

/// Holds the plan that is in force, and tells what it strikes.
package final class FaultInjector: Sendable {
    private struct State {
        var plan: FaultPlan
        /// How often each fault could have struck, and did.
        var seen: [Int]
        var struck: [Int]
    }

    /// One bit for each place at which a fault is planned: where none is, nothing else is looked at.
    private let armed: Atomic<UInt>
    private let state: Mutex<State>

    package init(_ plan: FaultPlan = FaultPlan()) {
        armed = Atomic(Self.places(of: plan))
        state = Mutex(Self.state(of: plan))
    }

    /// Puts a plan in the place of the one in force. Counting begins anew.
    func set(_ plan: FaultPlan) {
        state.withLock { state in
            state = Self.state(of: plan)
            armed.store(Self.places(of: plan), ordering: .relaxed)
        }
    }

    var plan: FaultPlan { state.withLock { $0.plan } }

    /// How often each fault of the plan has struck.
    var strikes: [Int] { state.withLock { $0.struck } }

    /// What the plan does to this, if it does anything.
    func strike(_ place: Fault.Place, _ site: @autoclosure () -> FaultSite = FaultSite()) -> Fault.Action? {
        guard armed.load(ordering: .relaxed) & place.bit != 0 else { return nil }
        let site = site()
        return state.withLock { state in
            for (index, fault) in state.plan.faults.enumerated()
            where fault.place == place && fault.scope.covers(site) {
                let number = state.seen[index]
                state.seen[index] += 1
                guard number >= fault.skip, state.struck[index] < fault.times ?? .max,
                    fault.chance >= 1 || Self.fraction(state.plan.seed, index, number) < fault.chance
                else { continue }
                state.struck[index] += 1
                return fault.action
            }
            return nil
        }
    }

    private static func state(of plan: FaultPlan) -> State {
        let none = [Int](repeating: 0, count: plan.faults.count)
        return State(plan: plan, seen: none, struck: none)
    }

    private static func places(of plan: FaultPlan) -> UInt {
        plan.faults.reduce(0) { $0 | $1.place.bit }
    }

    /// A number from 0 to 1 that depends on nothing but seed, fault and count (SplitMix64).
    private static func fraction(_ seed: UInt64, _ index: Int, _ number: Int) -> Double {
        var bits = seed &+ UInt64(index) &* 0xD1B5_4A32_D192_ED03 &+ UInt64(number) &* 0x9E37_79B9_7F4A_7C15
        bits = (bits ^ (bits >> 30)) &* 0xBF58_476D_1CE4_E5B9
        bits = (bits ^ (bits >> 27)) &* 0x94D0_49BB_1331_11EB
        return Double((bits ^ (bits >> 31)) >> 11) * 0x1p-53
    }
}

extension Fault.Place {
    fileprivate var bit: UInt {
        switch self {
        case .connect: 1
        case .attach: 2
        case .send: 4
        case .sent: 8
        case .receive: 16
        case .token: 32
        case .read: 64
        case .blob: 128
        }
    }
}

extension Fault.Scope {
    /// Whether this concerns what happens there: each thing that is named has to be known of it and fit.
    func covers(_ site: FaultSite) -> Bool {
        func fits(_ wanted: String?, _ value: String?) -> Bool {
            wanted.map { $0.lowercased() == value?.lowercased() } ?? true
        }
        return fits(hub, site.hub) && fits(partition, site.partition) && fits(consumerGroup, site.consumerGroup)
            && (role.map { $0 == site.role } ?? true) && fits(method, site.method)
            && (path.map { site.path?.contains($0) ?? false } ?? true)
    }
}
