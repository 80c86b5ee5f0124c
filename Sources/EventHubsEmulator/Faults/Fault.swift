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

public import AMQPCodec

/// One thing that goes wrong in an emulator: where, for whom, how often, and what happens then.
public struct Fault: Sendable, Hashable {
    /// The moment at which a fault can strike.
    public enum Place: String, Sendable, Hashable, CaseIterable {
        /// A client connects to the AMQP port.
        case connect
        /// A client attaches a link.
        case attach
        /// A sender's event or batch has arrived and is not stored yet.
        case send
        /// A sender's event or batch is stored and not acknowledged yet.
        case sent
        /// An event has been sent to a receiver.
        case receive
        /// A client puts a token.
        case token
        /// A client asks the management node about a hub or a partition.
        case read
        /// A request to the Blob service.
        case blob
    }

    /// Whom a fault concerns. What is nil concerns everybody.
    public struct Scope: Sendable, Hashable {
        /// The hub of the link, or of the request; case does not matter.
        public var hub: String?
        /// The partition that the link, or the request, names.
        public var partition: String?
        /// The consumer group of a receiver; case does not matter.
        public var consumerGroup: String?
        /// Which end the client attaches; for ``Fault/Place/attach``.
        public var role: EmulatorLink.Role?
        /// The HTTP method, in upper case; for ``Fault/Place/blob``.
        public var method: String?
        /// A part of the path as it was sent; for ``Fault/Place/blob``.
        public var path: String?

        /// Names whom a fault concerns.
        public init(
            hub: String? = nil,
            partition: String? = nil,
            consumerGroup: String? = nil,
            role: EmulatorLink.Role? = nil,
            method: String? = nil,
            path: String? = nil
        ) {
            self.hub = hub
            self.partition = partition
            self.consumerGroup = consumerGroup
            self.role = role
            self.method = method
            self.path = path
        }
    }

    /// What the service gives as its reason.
    public struct Reason: Sendable, Hashable {
        /// The condition on the wire.
        public var condition: ErrorCondition
        /// The text; nil: the one that the service has for the condition.
        public var text: String?

        /// Makes a reason.
        public init(_ condition: ErrorCondition, text: String? = nil) {
            self.condition = condition
            self.text = text
        }
    }

    /// What happens. ``Fault/places(for:)`` tells where each can.
    public enum Action: Sendable, Hashable {
        /// The connection is gone without a word.
        case drop
        /// The connection is gone when the client has sent so many frames, heartbeats included: the last is not looked at.
        case dropAtFrame(Int)
        /// Nothing is read or written any more, and the connection stays open: a network that swallows everything.
        case stall
        /// No more than so many bytes per second pass in each direction.
        case slow(bytesPerSecond: Int)
        /// The connection is closed with an error.
        case close(Reason)
        /// The link's session is ended with an error.
        case end(Reason)
        /// The link is detached with an error.
        case detach(Reason)
        /// The link is refused.
        case refuse(Reason)
        /// The answer to the attach comes twice.
        case attachTwice
        /// A sender gets no credit.
        case withholdCredit
        /// The link takes no larger messages than of so many bytes.
        case limitMessageSize(Int)
        /// The delivery is rejected.
        case reject(Reason)
        /// The delivery is released.
        case release
        /// The delivery is modified: failed.
        case modify
        /// There is no answer.
        case ignore
        /// What was about to happen happens later. Links keep their order.
        case delay(Duration)
        /// The token is taken and lapses after so long, whatever it says.
        case lapse(after: Duration)
        /// The request is answered with a status, and a condition, or in the Blob service an error code.
        case answer(status: Int, code: String?)
        /// The answer ends half-way.
        case cut
    }

    /// When it can strike.
    public var place: Place
    /// Whom it concerns.
    public var scope: Scope
    /// What happens.
    public var action: Action
    /// How often it lets pass what it could strike, at first.
    public var skip: Int
    /// How often it strikes; nil: for ever.
    public var times: Int?
    /// The probability with which it strikes, 0 to 1. Whether the nth is struck is the same in every run with the plan's seed.
    public var chance: Double

    /// Describes a fault.
    public init(
        _ place: Place,
        _ action: Action,
        scope: Scope = Scope(),
        skip: Int = 0,
        times: Int? = 1,
        chance: Double = 1
    ) {
        self.place = place
        self.action = action
        self.scope = scope
        self.skip = skip
        self.times = times
        self.chance = chance
    }
}

extension Fault {
    /// The places at which an action is possible.
    public static func places(for action: Action) -> Set<Place> {
        switch action {
        case .drop, .stall: [.connect, .attach, .send, .sent, .receive, .token, .read]
        case .dropAtFrame, .slow: [.connect]
        case .close, .end, .detach: [.attach, .send, .sent, .receive, .token, .read]
        case .refuse, .attachTwice, .withholdCredit, .limitMessageSize: [.attach]
        case .reject, .release, .modify: [.send]
        case .ignore: [.attach, .send, .sent, .token, .read]
        case .delay: [.attach, .send, .sent, .receive, .token, .read, .blob]
        case .lapse: [.token]
        case .answer: [.token, .read, .blob]
        case .cut: [.blob]
        }
    }

    /// Why the fault cannot be, or nil.
    var flaw: String? { flawOfOptions ?? flawOfAction }

    /// What is wrong with how often it strikes, if anything is.
    var flawOfOptions: String? {
        if skip < 0 { return "skip=\(skip) is negative" }
        if let times, times < 1 { return "times=\(times): a fault strikes once at least" }
        if !(chance > 0 && chance <= 1) { return "chance=\(chance) is not a number above 0 and up to 1" }
        return nil
    }

    /// What is wrong with the action, if anything is.
    var flawOfAction: String? {
        if !Self.places(for: action).contains(place) { return "'\(action)' is not possible at '\(place.rawValue)'" }
        switch action {
        case .dropAtFrame(let number) where number < 1: return "frames are counted from 1"
        case .slow(let rate) where rate < 1: return "a rate of \(rate) bytes per second lets nothing pass"
        case .limitMessageSize(let limit) where limit < 1: return "a limit of \(limit) bytes lets nothing pass"
        case .delay(let time) where time <= .zero, .lapse(let time) where time <= .zero:
            return "'\(action)' takes no time"
        case .answer(let status, _) where !(100...599).contains(status): return "\(status) is no status"
        default: return nil
        }
    }
}
