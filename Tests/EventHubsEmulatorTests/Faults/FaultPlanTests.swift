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

@testable import EventHubsEmulator

@Suite("Fault plans")
struct FaultPlanTests {
    @Test(
        "every place, option and action is read, and written as it is read",
        arguments: [
            ("connect: drop", Fault(.connect, .drop)),
            ("connect skip=1: drop 40", Fault(.connect, .dropAtFrame(40), skip: 1)),
            ("connect times=*: slow 64k", Fault(.connect, .slow(bytesPerSecond: 64_000), times: nil)),
            ("connect: stall", Fault(.connect, .stall)),
            (
                "attach role=receiver hub=telemetry group=$Default partition=0: refuse amqp:not-found",
                Fault(
                    .attach,
                    .refuse(.init("amqp:not-found")),
                    scope: .init(hub: "telemetry", partition: "0", consumerGroup: "$Default", role: .receiver)
                )
            ),
            ("attach: attach-twice", Fault(.attach, .attachTwice)),
            ("attach role=sender: no-credit", Fault(.attach, .withholdCredit, scope: .init(role: .sender))),
            ("attach: limit 1M", Fault(.attach, .limitMessageSize(1_000_000))),
            (
                #"send times=20: reject com.microsoft:server-busy "wait; # or: not""#,
                Fault(.send, .reject(.init("com.microsoft:server-busy", text: "wait; # or: not")), times: 20)
            ),
            ("send chance=0.25: release", Fault(.send, .release, chance: 0.25)),
            ("send: modify", Fault(.send, .modify)),
            ("sent: ignore", Fault(.sent, .ignore)),
            ("sent: delay 1.5s", Fault(.sent, .delay(.milliseconds(1_500)))),
            (
                "receive skip=99: detach amqp:link:detach-forced",
                Fault(.receive, .detach(.init("amqp:link:detach-forced")), skip: 99)
            ),
            ("receive: end amqp:session:errant-link", Fault(.receive, .end(.init("amqp:session:errant-link")))),
            ("receive: close amqp:connection:forced", Fault(.receive, .close(.init("amqp:connection:forced")))),
            ("token: lapse 2m", Fault(.token, .lapse(after: .seconds(120)))),
            (
                "read partition=1: answer 503 com.microsoft:server-busy",
                Fault(
                    .read,
                    .answer(status: 503, code: "com.microsoft:server-busy"),
                    scope: .init(partition: "1")
                )
            ),
            (
                "blob method=put path=/ownership/: answer 412",
                Fault(.blob, .answer(status: 412, code: nil), scope: .init(method: "PUT", path: "/ownership/"))
            ),
            ("blob: cut", Fault(.blob, .cut)),
            ("blob :\tdelay   20ms", Fault(.blob, .delay(.milliseconds(20)))),
        ]
    )
    func rules(text: String, fault: Fault) throws {
        #expect(try FaultPlan(text).faults == [fault])
        #expect(try FaultPlan(FaultPlan([fault]).description).faults == [fault])
        #expect(fault.flaw == nil)
    }

    @Test("rules are parted by semicolons and lines, comments and empty rules are passed over")
    func several() throws {
        let plan = try FaultPlan("seed=7;; send: drop # not: this\n\n # nor this; send: drop\r\n  sent: drop;")
        #expect(plan == FaultPlan([Fault(.send, .drop), Fault(.sent, .drop)], seed: 7))
        #expect(try FaultPlan(plan.description) == plan)
        #expect(try FaultPlan("") == FaultPlan())
    }

    @Test(
        "an error points at what is wrong",
        arguments: [
            ("sand: drop", 1, 1, "there is no place 'sand': connect, attach,"),
            ("send tims=3: drop", 1, 6, "there is no option 'tims'"),
            ("send times=x: drop", 1, 6, "'x' is no number"),
            ("send role=reader: drop", 1, 6, "there is no role 'reader'"),
            ("send times", 1, 6, "'times' is no option"),
            ("send times=3", 1, 13, "here should be a colon and an action"),
            ("send:", 1, 6, "here should be an action"),
            ("send: explode", 1, 7, "there is no action 'explode'"),
            ("send: drop it", 1, 12, "here should be the number of a frame"),
            ("send: release now", 1, 15, "there is more than the action takes"),
            ("send: reject", 1, 13, "here should be a condition"),
            ("send: reject a:b \"text", 1, 18, "the text has no end"),
            ("send: delay 3", 1, 13, "'3' is no time: 200ms, 2s, 1m"),
            ("send: delay 0s", 1, 7, "'delay 0ms' takes no time"),
            ("send: refuse amqp:not-found", 1, 7, "'refuse amqp:not-found' is not possible at 'send'"),
            ("blob: drop", 1, 7, "'drop' is not possible at 'blob'"),
            ("connect: slow 1G", 1, 15, "'1G' is no number of bytes"),
            ("connect: drop 0", 1, 10, "frames are counted from 1"),
            ("send chance=1.5: drop", 1, 6, "chance=1.5 is not a number above 0 and up to 1"),
            ("send skip=-1: drop", 1, 6, "skip=-1 is negative"),
            ("send times=0: drop", 1, 6, "times=0: a fault strikes once at least"),
            ("token: answer 999", 1, 8, "999 is no status"),
            ("seed=x", 1, 1, "a seed is a number from 0"),
            ("seed=1 send: drop", 1, 8, "a seed is a rule of its own"),
            ("send: drop\n  sent: stop", 2, 9, "there is no action 'stop'"),
            (": drop", 1, 1, "here should be a place"),
        ]
    )
    func errors(text: String, line: Int, column: Int, message: String) throws {
        let error = try #require(throws: FaultPlanError.self) { try FaultPlan(text) }
        #expect((error.line, error.column) == (line, column), "\(error)")
        #expect(error.message.hasPrefix(message), "\(error)")
        let lines = error.description.split(separator: "\n", omittingEmptySubsequences: false)
        #expect(lines.last == "\(String(repeating: " ", count: column - 1))^")
        #expect(lines.dropLast().last.map { String($0) } == text.split(separator: "\n").map { String($0) }[line - 1])
    }

    @Test("a plan that cannot be is no configuration")
    func validation() {
        var configuration = EmulatorConfiguration(hubs: [.init(name: "hub1")])
        configuration.faults = FaultPlan([Fault(.send, .drop), Fault(.send, .cut)])
        let error = #expect(throws: EmulatorError.self) { try EventHubsEmulator(configuration) }
        #expect(error?.message == "fault 2 of the plan cannot be: 'cut' is not possible at 'send'")
    }

    // MARK: What a plan strikes

    @Test("a fault skips, strikes so often, and leaves the rest to the next")
    func counting() throws {
        let injector = FaultInjector(try FaultPlan("send skip=1 times=2: release; send times=*: modify; sent: drop"))
        let actions = (0..<5).map { _ in injector.strike(.send) }
        #expect(actions == [.modify, .release, .release, .modify, .modify])
        #expect(injector.strikes == [2, 3, 0])
        #expect(injector.strike(.receive) == nil)
        injector.set(FaultPlan())
        #expect(injector.strike(.sent) == nil)
    }

    @Test("a scope concerns what fits all of it")
    func scopes() throws {
        let injector = FaultInjector(
            try FaultPlan("attach hub=Hub1 group=$default partition=0 role=receiver times=*: ignore")
        )
        let site = FaultSite(hub: "hub1", partition: "0", consumerGroup: "$Default", role: .receiver)
        #expect(injector.strike(.attach, site) == .ignore)
        for value in ["1", nil] {
            var others = [site, site, site]
            others[0].hub = value
            others[1].partition = value
            others[2].consumerGroup = value
            for other in others { #expect(injector.strike(.attach, other) == nil) }
        }
        var sender = site
        sender.role = .sender
        #expect(injector.strike(.attach, sender) == nil)
        let blobs = FaultInjector(try FaultPlan("blob method=PUT path=/ownership/ times=*: cut"))
        #expect(blobs.strike(.blob, FaultSite(method: "PUT", path: "/a/c/ownership/0")) == .cut)
        #expect(blobs.strike(.blob, FaultSite(method: "GET", path: "/a/c/ownership/0")) == nil)
        #expect(blobs.strike(.blob, FaultSite(method: "PUT", path: "/a/c/checkpoint/0")) == nil)
    }

    @Test("chance strikes about as often as it says, the same ones for a seed")
    func chance() {
        func strikes(_ seed: UInt64) -> [Bool] {
            let injector = FaultInjector(FaultPlan([Fault(.send, .release, times: nil, chance: 0.2)], seed: seed))
            return (0..<10_000).map { _ in injector.strike(.send) != nil }
        }
        let first = strikes(1)
        #expect(first == strikes(1))
        #expect(first != strikes(2))
        #expect((1_900...2_100).contains(first.count { $0 }))
    }

    @Test("frames are found wherever the stream is divided", arguments: [1, 3, 4, 7, 64])
    func frames(_ piece: Int) {
        // Two protocol headers, then frames of 8, 20 and 9 bytes.
        let header = Array("AMQP".utf8) + [0, 1, 0, 0]
        let frames = [8, 20, 9].map { size in [0, 0, 0, UInt8(size)] + [UInt8](repeating: 0x41, count: size - 4) }
        let bytes = header + header + frames.joined()
        for last in 1...4 {
            var cutter = FrameCutter(lastFrame: last)
            var passed = 0
            for start in stride(from: 0, to: bytes.count, by: piece) where !cutter.hasCut {
                passed += Array(bytes[start..<min(start + piece, bytes.count)]).withUnsafeBytes { cutter.pass($0) }
            }
            let begin = [16, 24, 44, 53][last - 1]
            #expect(cutter.hasCut == (last < 4))
            // Up to three bytes of the frame's size may have passed before it was known to be the last.
            #expect((begin...begin + 3).contains(passed))
        }
    }
}
