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

extension FaultPlan {
    /// Reads a plan from text.
    ///
    ///     plan     = rule *( ( ";" / line end ) rule )
    ///     rule     = place *( option ) ":" action / "seed" "=" number / nothing
    ///     option   = "hub=" name / "partition=" id / "group=" name / "role=" ( "sender" / "receiver" )
    ///              / "method=" name / "path=" text / "skip=" number / "times=" ( number / "*" ) / "chance=" number
    ///     action   = "drop" [ frame ] / "stall" / "slow" bytes / "close" reason / "end" reason / "detach" reason
    ///              / "refuse" reason / "attach-twice" / "no-credit" / "limit" bytes
    ///              / "reject" reason / "release" / "modify" / "ignore" / "delay" time / "lapse" time
    ///              / "answer" status [ code ] / "cut"
    ///     reason   = condition [ text in quotation marks ]
    ///     bytes    = number [ "k" / "M" ]
    ///     time     = number ( "ms" / "s" / "m" )
    ///
    /// `#` begins a comment that goes up to the line's end. <doc:InjectingFaults> tells what each does.
    ///
    /// - Parameter text: the plan.
    /// - Throws: ``FaultPlanError``, which points at what cannot be read.
    public init(_ text: String) throws(FaultPlanError) {
        self.init()
        let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
        for (number, line) in lines.enumerated() {
            for rule in try FaultWords.rules(of: String(line), number: number + 1) {
                var words = rule
                if let seed = try words.takeSeed() {
                    self.seed = seed
                } else {
                    faults.append(try Fault(&words))
                }
            }
        }
    }
}

extension Fault {
    fileprivate init(_ words: inout FaultWords) throws(FaultPlanError) {
        let start = words.next
        let name = try words.take("a place: " + Place.allCases.map(\.rawValue).joined(separator: ", "))
        guard let place = Place(rawValue: name) else {
            throw words.error(
                "there is no place '\(name)': " + Place.allCases.map(\.rawValue).joined(separator: ", "),
                at: start
            )
        }
        self.init(place, .drop)
        while let option = words.takeOption() { try set(option, &words) }
        try words.takeColon()
        let verb = words.next
        action = try Action(&words)
        if let word = words.next { throw words.error("there is more than the action takes", at: word) }
        if let flawOfAction { throw words.error(flawOfAction, at: verb) }
    }

    private mutating func set(_ option: FaultWords.Word, _ words: inout FaultWords) throws(FaultPlanError) {
        let parts = option.text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        let name = String(parts[0])
        let value = parts.count > 1 ? String(parts[1]) : ""
        func number<Number: LosslessStringConvertible>(_ type: Number.Type) throws(FaultPlanError) -> Number {
            guard let number = Number(value) else { throw words.error("'\(value)' is no number", at: option) }
            return number
        }
        guard parts.count > 1, !value.isEmpty else {
            throw words.error("'\(option.text)' is no option: name=value, or a colon before the action", at: option)
        }
        switch name {
        case "hub": scope.hub = value
        case "partition": scope.partition = value
        case "group": scope.consumerGroup = value
        case "method": scope.method = value.uppercased()
        case "path": scope.path = value
        case "skip": skip = try number(Int.self)
        case "times": times = value == "*" ? nil : try number(Int.self)
        case "chance": chance = try number(Double.self)
        case "role":
            guard let role = EmulatorLink.Role(rawValue: value) else {
                throw words.error("there is no role '\(value)': sender, receiver", at: option)
            }
            scope.role = role
        default:
            throw words.error(
                "there is no option '\(name)': hub, partition, group, role, method, path, skip, times, chance",
                at: option
            )
        }
        if let flawOfOptions { throw words.error(flawOfOptions, at: option) }
    }
}

extension Fault.Action {
    fileprivate init(_ words: inout FaultWords) throws(FaultPlanError) {
        let word = words.next
        switch try words.take("an action") {
        case "drop": self = words.next == nil ? .drop : .dropAtFrame(try words.takeNumber("the number of a frame"))
        case "stall": self = .stall
        case "slow": self = .slow(bytesPerSecond: try words.takeBytes())
        case "close": self = .close(try words.takeReason())
        case "end": self = .end(try words.takeReason())
        case "detach": self = .detach(try words.takeReason())
        case "refuse": self = .refuse(try words.takeReason())
        case "attach-twice": self = .attachTwice
        case "no-credit": self = .withholdCredit
        case "limit": self = .limitMessageSize(try words.takeBytes())
        case "reject": self = .reject(try words.takeReason())
        case "release": self = .release
        case "modify": self = .modify
        case "ignore": self = .ignore
        case "delay": self = .delay(try words.takeTime())
        case "lapse": self = .lapse(after: try words.takeTime())
        case "answer":
            let status = try words.takeNumber("a status")
            self = .answer(status: status, code: words.next == nil ? nil : try words.take("a code"))
        case "cut": self = .cut
        case let name: throw words.error("there is no action '\(name)'", at: word)
        }
    }
}

extension FaultWords {
    fileprivate mutating func takeReason() throws(FaultPlanError) -> Fault.Reason {
        let condition = try take("a condition, such as amqp:link:detach-forced")
        return Fault.Reason(.init(rawValue: condition), text: takeQuoted())
    }

    fileprivate mutating func takeSeed() throws(FaultPlanError) -> UInt64? {
        guard let word = next, word.text.hasPrefix("seed=") else { return nil }
        guard let seed = UInt64(word.text.dropFirst(5)) else { throw error("a seed is a number from 0", at: word) }
        _ = try take("a seed")
        if let rest = next { throw error("a seed is a rule of its own", at: rest) }
        return seed
    }

    fileprivate mutating func takeNumber(_ what: String) throws(FaultPlanError) -> Int {
        let word = next
        guard let number = Int(try take(what)) else { throw error("here should be \(what)", at: word) }
        return number
    }

    /// `500`, `64k`, `1M`
    fileprivate mutating func takeBytes() throws(FaultPlanError) -> Int {
        let word = next
        let text = try take("a number of bytes")
        let unit = text.hasSuffix("k") ? 1_000 : text.hasSuffix("M") ? 1_000_000 : 1
        guard let number = Int(unit == 1 ? text[...] : text.dropLast()), number <= Int.max / 1_000_000 else {
            throw error("'\(text)' is no number of bytes: 500, 64k, 1M", at: word)
        }
        return number * unit
    }

    /// `200ms`, `2s`, `1m`
    fileprivate mutating func takeTime() throws(FaultPlanError) -> Duration {
        let word = next
        let text = try take("a time")
        let units: [(suffix: String, milliseconds: Double)] = [("ms", 1), ("s", 1_000), ("m", 60_000)]
        guard let unit = units.first(where: { text.hasSuffix($0.suffix) }),
            let number = Double(text.dropLast(unit.suffix.count)), number >= 0, number < 1e9
        else { throw error("'\(text)' is no time: 200ms, 2s, 1m", at: word) }
        return .milliseconds(Int64((number * unit.milliseconds).rounded()))
    }
}
