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

import AMQPCodec

extension FaultPlan: CustomStringConvertible {
    /// The plan as ``init(_:)`` reads it.
    public var description: String {
        let rules = faults.map(\.description)
        return (seed == 0 ? rules : ["seed=\(seed)"] + rules).joined(separator: "; ")
    }
}

extension Fault: CustomStringConvertible {
    /// The fault as a rule of a plan.
    public var description: String {
        var text = place.rawValue
        let options = [
            ("hub", scope.hub), ("partition", scope.partition), ("group", scope.consumerGroup),
            ("role", scope.role?.rawValue), ("method", scope.method), ("path", scope.path),
            ("skip", skip == 0 ? nil : String(skip)), ("times", times == 1 ? nil : times.map { String($0) } ?? "*"),
            ("chance", chance == 1 ? nil : String(chance)),
        ]
        for (name, value) in options {
            if let value { text += " \(name)=\(value)" }
        }
        return "\(text): \(action)"
    }
}

extension Fault.Action: CustomStringConvertible {
    /// The action as a rule of a plan has it.
    public var description: String {
        switch self {
        case .drop: "drop"
        case .dropAtFrame(let number): "drop \(number)"
        case .stall: "stall"
        case .slow(let rate): "slow \(rate)"
        case .close(let reason): "close \(reason)"
        case .end(let reason): "end \(reason)"
        case .detach(let reason): "detach \(reason)"
        case .refuse(let reason): "refuse \(reason)"
        case .attachTwice: "attach-twice"
        case .withholdCredit: "no-credit"
        case .limitMessageSize(let limit): "limit \(limit)"
        case .reject(let reason): "reject \(reason)"
        case .release: "release"
        case .modify: "modify"
        case .ignore: "ignore"
        case .delay(let time): "delay \(time.wholeMilliseconds)ms"
        case .lapse(let time): "lapse \(time.wholeMilliseconds)ms"
        case .answer(let status, let code): "answer \(status)" + (code.map { " \($0)" } ?? "")
        case .cut: "cut"
        }
    }
}

extension Fault.Reason: CustomStringConvertible {
    /// Condition and text.
    public var description: String { condition.rawValue + (text.map { " \"\($0)\"" } ?? "") }
}
