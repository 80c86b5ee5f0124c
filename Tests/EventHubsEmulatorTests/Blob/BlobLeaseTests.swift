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

import EventHubsEmulator
import Testing

/// The service's rules for leases, cell by cell: five states, six things that can be done.
@Suite("Blob leases") struct BlobLeaseTests {
    private let bench = BlobBench()

    static let a = "aaaaaaaa-0000-4000-8000-00000000000a"
    static let b = "bbbbbbbb-0000-4000-8000-00000000000b"
    static let c = "cccccccc-0000-4000-8000-00000000000c"

    enum State: String, CaseIterable {
        case available, leased, expired, breaking, broken
    }

    /// A blob whose lease, of id `a`, is in the state.
    private func blob(_ state: State) {
        bench.put("x", body: "content")
        guard state != .available else { return }
        bench.expect(lease("acquire", ["x-ms-lease-duration": "15", "x-ms-proposed-lease-id": Self.a]), 201)
        switch state {
        case .available, .leased: break
        case .expired: bench.advance(by: 15)
        case .breaking: bench.expect(lease("break", ["x-ms-lease-break-period": "10"]), 202)
        case .broken: bench.expect(lease("break", ["x-ms-lease-break-period": "0"]), 202)
        }
        #expect(self.state == state.rawValue)
    }

    private var state: String? { bench.send("HEAD", "eph/x").header("x-ms-lease-state") }

    private func lease(_ action: String, _ headers: [String: String] = [:]) -> ServiceResponse {
        bench.send(
            "PUT",
            "eph/x",
            query: "comp=lease",
            headers.merging(["x-ms-lease-action": action]) { first, _ in first }
        )
    }

    private func acquire(_ id: String) -> ServiceResponse {
        lease("acquire", ["x-ms-lease-duration": "15", "x-ms-proposed-lease-id": id])
    }

    private func write(_ id: String? = nil) -> ServiceResponse {
        bench.send("PUT", "eph/x", query: "comp=metadata", id.map { ["x-ms-lease-id": $0] } ?? [:])
    }

    /// What the service answers: a status and, if it refuses, a code.
    typealias Answer = (status: Int, code: String?)

    private static let mismatch: Answer = (409, "LeaseIdMismatchWithLeaseOperation")
    private static let notPresent: Answer = (409, "LeaseNotPresentWithLeaseOperation")
    private static let present: Answer = (409, "LeaseAlreadyPresent")

    @Test(
        "acquire",
        arguments: [
            (State.available, (201, nil), (201, nil)),
            (.leased, (201, nil), present),
            (.expired, (201, nil), (201, nil)),
            (.breaking, (409, "LeaseIsBreakingAndCannotBeAcquired"), present),
            (.broken, (201, nil), (201, nil)),
        ] as [(State, Answer, Answer)]
    )
    func acquire(state: State, sameID: Answer, otherID: Answer) {
        for (id, answer) in [(Self.a, sameID), (Self.b, otherID)] {
            blob(state)
            let response = acquire(id)
            bench.expect(response, answer.status, answer.code)
            #expect(response.header("x-ms-lease-id") == (answer.code == nil ? id : nil))
            #expect(self.state == (answer.code == nil ? "leased" : state.rawValue))
            bench.send("DELETE", "eph/x", answer.code == nil ? ["x-ms-lease-id": id] : [:])
            bench.send("DELETE", "eph/x", ["x-ms-lease-id": Self.a])
        }
    }

    @Test(
        "renew",
        arguments: [
            (State.available, mismatch, mismatch),
            (.leased, (200, nil), mismatch),
            (.expired, (200, nil), mismatch),
            (.breaking, (409, "LeaseIsBrokenAndCannotBeRenewed"), mismatch),
            (.broken, (409, "LeaseIsBrokenAndCannotBeRenewed"), mismatch),
        ] as [(State, Answer, Answer)]
    )
    func renew(state: State, sameID: Answer, otherID: Answer) {
        blob(state)
        let other = lease("renew", ["x-ms-lease-id": Self.b])
        bench.expect(other, otherID.status, otherID.code)
        #expect(self.state == state.rawValue)
        let same = lease("renew", ["x-ms-lease-id": Self.a.uppercased()])
        bench.expect(same, sameID.status, sameID.code)
        #expect(self.state == (sameID.code == nil ? "leased" : state.rawValue))
    }

    @Test(
        "change",
        arguments: [
            (State.available, notPresent, notPresent),
            (.leased, (200, nil), mismatch),
            (.expired, notPresent, notPresent),
            (.breaking, (409, "LeaseIsBreakingAndCannotBeChanged"), mismatch),
            (.broken, notPresent, notPresent),
        ] as [(State, Answer, Answer)]
    )
    func change(state: State, sameID: Answer, otherID: Answer) {
        blob(state)
        let other = lease("change", ["x-ms-lease-id": Self.b, "x-ms-proposed-lease-id": Self.c])
        bench.expect(other, otherID.status, otherID.code)
        let same = lease("change", ["x-ms-lease-id": Self.a, "x-ms-proposed-lease-id": Self.c])
        bench.expect(same, sameID.status, sameID.code)
        #expect(same.header("x-ms-lease-id") == (sameID.code == nil ? Self.c : nil))
        #expect(self.state == state.rawValue)
        if sameID.code == nil {
            // The request may be repeated: the current id is the proposed one then.
            bench.expect(lease("change", ["x-ms-lease-id": Self.a, "x-ms-proposed-lease-id": Self.c]), 200)
            bench.expect(write(Self.a), 412, "LeaseIdMismatchWithBlobOperation")
            bench.expect(write(Self.c), 200)
        }
    }

    @Test(
        "release",
        arguments: [
            (State.available, mismatch, mismatch),
            (.leased, (200, nil), mismatch),
            (.expired, (200, nil), mismatch),
            (.breaking, (200, nil), mismatch),
            (.broken, (200, nil), mismatch),
        ] as [(State, Answer, Answer)]
    )
    func release(state: State, sameID: Answer, otherID: Answer) {
        blob(state)
        bench.expect(lease("release", ["x-ms-lease-id": Self.b]), otherID.status, otherID.code)
        #expect(self.state == state.rawValue)
        bench.expect(lease("release", ["x-ms-lease-id": Self.a]), sameID.status, sameID.code)
        #expect(self.state == "available")
    }

    @Test(
        "break",
        arguments: [
            (State.available, notPresent, nil, nil),
            (.leased, (202, nil), "15", "10"),
            (.expired, (202, nil), "0", "0"),
            (.breaking, (202, nil), "10", "10"),
            (.broken, (202, nil), "0", "0"),
        ] as [(State, Answer, String?, String?)]
    )
    func breakLease(state: State, answer: Answer, rest: String?, restOfTen: String?) {
        for (headers, expected) in [([:], rest), (["x-ms-lease-break-period": "10"], restOfTen)] {
            blob(state)
            let response = lease("break", headers)
            bench.expect(response, answer.status, answer.code)
            #expect(response.header("x-ms-lease-time") == expected)
            #expect(self.state == (expected == nil ? "available" : expected == "0" ? "broken" : "breaking"))
            bench.advance(by: 15)
            #expect(self.state == (expected == nil ? "available" : "broken"))
            _ = lease("release", ["x-ms-lease-id": Self.a])
        }
    }

    @Test(
        "writes, without an id, with the lease's and with another",
        arguments: [
            (State.available, (200, nil), (412, "LeaseNotPresentWithBlobOperation")),
            (.leased, (412, "LeaseIdMissing"), (200, nil)),
            (.expired, (200, nil), (412, "LeaseLost")),
            (.breaking, (412, "LeaseIdMissing"), (200, nil)),
            (.broken, (200, nil), (412, "LeaseNotPresentWithBlobOperation")),
        ] as [(State, Answer, Answer)]
    )
    func write(state: State, withoutID: Answer, sameID: Answer) {
        let isLocked = state == .leased || state == .breaking
        let wrong = isLocked ? "LeaseIdMismatchWithBlobOperation" : "LeaseNotPresentWithBlobOperation"
        let writes: [(String?) -> ServiceResponse] = [
            { write($0) },
            { bench.put("x", $0.map { ["x-ms-lease-id": $0] } ?? [:], body: "new") },
            { bench.send("DELETE", "eph/x", $0.map { ["x-ms-lease-id": $0] } ?? [:]) },
        ]
        for (index, perform) in writes.enumerated() {
            // Put Blob answers 201 and Delete Blob 202 where Set Blob Metadata answers 200.
            let done = 200 + index
            blob(state)
            bench.expect(perform(Self.b), 412, wrong)
            bench.expect(perform(Self.a), sameID.code == nil ? done : sameID.status, sameID.code)
            if sameID.code == nil, state != .available {
                #expect(self.state == (index == 2 ? nil : state.rawValue), "a write under the lease leaves it")
            }
            if index == 2, sameID.code == nil { blob(state) }
            bench.expect(perform(nil), withoutID.code == nil ? done : withoutID.status, withoutID.code)
            // A lease that has run out does not outlive a write.
            if index < 2 { #expect(self.state == (isLocked ? state.rawValue : "available")) }
            bench.send("DELETE", "eph/x", isLocked ? ["x-ms-lease-id": Self.a] : [:])
        }
    }

    @Test("reads need no id, but a wrong one is told", arguments: State.allCases)
    func reads(state: State) {
        blob(state)
        let isLocked = state == .leased || state == .breaking
        bench.expect(bench.send("GET", "eph/x"), 200)
        let same = isLocked ? nil : state == .expired ? "LeaseLost" : "LeaseNotPresentWithBlobOperation"
        bench.expect(bench.send("HEAD", "eph/x", ["x-ms-lease-id": Self.a]), isLocked ? 200 : 412, same)
        bench.expect(
            bench.send("GET", "eph/x", ["x-ms-lease-id": Self.b]),
            412,
            isLocked ? "LeaseIdMismatchWithBlobOperation" : "LeaseNotPresentWithBlobOperation"
        )
    }

    @Test("a lease runs out by the service's clock, unless it is renewed in time")
    func time() {
        blob(.leased)
        bench.advance(by: 14)
        bench.expect(lease("renew", ["x-ms-lease-id": Self.a]), 200)
        bench.advance(by: 14)
        #expect(state == "leased")
        // Changing the id does not prolong it, acquiring it again under its id does.
        bench.expect(lease("change", ["x-ms-lease-id": Self.a, "x-ms-proposed-lease-id": Self.b]), 200)
        bench.advance(by: 1)
        #expect(state == "expired")
        bench.expect(lease("renew", ["x-ms-lease-id": Self.b]), 200)
        bench.advance(by: 14)
        bench.expect(acquire(Self.b), 201)
        bench.advance(by: 14)
        #expect(state == "leased")
    }

    @Test("an expired lease can be renewed until somebody has written")
    func renewalAfterAWrite() {
        blob(.expired)
        bench.expect(write(), 200)
        #expect(state == "available")
        bench.expect(lease("renew", ["x-ms-lease-id": Self.a]), 409, "LeaseIdMismatchWithLeaseOperation")
    }

    @Test("a lease without end ends by breaking it")
    func infinite() {
        bench.put("x")
        bench.expect(lease("acquire", ["x-ms-lease-duration": "-1", "x-ms-proposed-lease-id": Self.a]), 201)
        bench.advance(by: 1_000_000)
        let read = bench.send("HEAD", "eph/x")
        #expect(read.header("x-ms-lease-state") == "leased")
        #expect(read.header("x-ms-lease-duration") == "infinite")
        #expect(lease("break", ["x-ms-lease-break-period": "60"]).header("x-ms-lease-time") == "60")
        bench.advance(by: 20)
        #expect(lease("break").header("x-ms-lease-time") == "40")
        #expect(lease("break", ["x-ms-lease-break-period": "50"]).header("x-ms-lease-time") == "40", "never longer")
        #expect(lease("break", ["x-ms-lease-break-period": "5"]).header("x-ms-lease-time") == "5")
        bench.expect(lease("release", ["x-ms-lease-id": Self.a]), 200)
        bench.expect(lease("acquire", ["x-ms-lease-duration": "-1"]), 201)
        #expect(lease("break").header("x-ms-lease-time") == "0")
        #expect(state == "broken")
    }

    @Test("the service makes ids for those who propose none")
    func madeIDs() throws {
        for name in ["x", "y"] { bench.put(name) }
        let one = lease("acquire", ["x-ms-lease-duration": "60"]).header("x-ms-lease-id")
        let other = bench.send(
            "PUT",
            "eph/y",
            query: "comp=lease",
            ["x-ms-lease-action": "Acquire", "x-ms-lease-duration": "60"]
        ).header("x-ms-lease-id")
        #expect(one != other)
        #expect(try #require(one).split(separator: "-").map(\.count) == [8, 4, 4, 4, 12])
        bench.expect(lease("renew", ["x-ms-lease-id": try #require(one)]), 200)
    }

    @Test("a lease changes neither tag nor time, and is told in descriptions and lists")
    func descriptions() {
        let put = bench.put("x")
        bench.advance(by: 5)
        let acquired = acquire(Self.a)
        for response in [acquired, bench.send("HEAD", "eph/x")] {
            #expect(response.header("etag") == put.header("etag"))
            #expect(response.header("last-modified") == put.header("last-modified"))
        }
        let read = bench.send("GET", "eph/x")
        #expect(read.header("x-ms-lease-status") == "locked")
        #expect(read.header("x-ms-lease-duration") == "fixed")
        let list = { bench.text(bench.send("GET", "eph", query: "restype=container&comp=list")) }
        #expect(
            list().contains(
                "<LeaseStatus>locked</LeaseStatus><LeaseState>leased</LeaseState><LeaseDuration>fixed</LeaseDuration>"
            )
        )
        _ = lease("break", ["x-ms-lease-break-period": "5"])
        #expect(list().contains("<LeaseStatus>locked</LeaseStatus><LeaseState>breaking</LeaseState><ServerEncrypted>"))
        bench.advance(by: 5)
        #expect(list().contains("<LeaseStatus>unlocked</LeaseStatus><LeaseState>broken</LeaseState>"))
    }

    @Test("conditions count for leases too")
    func conditions() {
        let tag = bench.put("x").header("etag") ?? ""
        let headers = ["x-ms-lease-duration": "15", "x-ms-proposed-lease-id": Self.a]
        bench.expect(lease("acquire", headers.merging(["if-match": "\"0x0\""]) { $1 }), 412, "ConditionNotMet")
        #expect(state == "available")
        bench.expect(lease("acquire", headers.merging(["if-match": tag]) { $1 }), 201)
    }

    @Test(
        "what is not well formed is refused",
        arguments: [
            (["x-ms-lease-action": "take"], "InvalidHeaderValue"),
            (["x-ms-lease-action": ""], "MissingRequiredHeader"),
            (["x-ms-lease-action": "acquire"], "MissingRequiredHeader"),
            (["x-ms-lease-action": "acquire", "x-ms-lease-duration": "14"], "InvalidHeaderValue"),
            (["x-ms-lease-action": "acquire", "x-ms-lease-duration": "61"], "InvalidHeaderValue"),
            (["x-ms-lease-action": "acquire", "x-ms-lease-duration": "0"], "InvalidHeaderValue"),
            (
                ["x-ms-lease-action": "acquire", "x-ms-lease-duration": "15", "x-ms-proposed-lease-id": "mine"],
                "InvalidHeaderValue"
            ),
            (["x-ms-lease-action": "renew"], "MissingRequiredHeader"),
            (["x-ms-lease-action": "renew", "x-ms-lease-id": "mine"], "InvalidHeaderValue"),
            (["x-ms-lease-action": "release"], "MissingRequiredHeader"),
            (["x-ms-lease-action": "change", "x-ms-lease-id": a], "MissingRequiredHeader"),
            (["x-ms-lease-action": "change", "x-ms-proposed-lease-id": a], "MissingRequiredHeader"),
            (["x-ms-lease-action": "break", "x-ms-lease-break-period": "61"], "InvalidHeaderValue"),
            (["x-ms-lease-action": "break", "x-ms-lease-break-period": "-1"], "InvalidHeaderValue"),
        ]
    )
    func badRequests(headers: [String: String], code: String) {
        blob(.leased)
        bench.expect(bench.send("PUT", "eph/x", query: "comp=lease", headers), 400, code)
        #expect(state == "leased")
    }

    @Test("a blob that is not there has no lease")
    func missing() {
        bench.expect(acquire(Self.a), 404, "BlobNotFound")
        bench.expect(
            bench.put("x", ["x-ms-lease-id": Self.a]),
            412,
            "LeaseNotPresentWithBlobOperation"
        )
        bench.expect(bench.put("x", ["x-ms-lease-id": "mine"]), 400, "InvalidHeaderValue")
    }

    @Test("a blob that was deleted and made anew has no lease")
    func madeAnew() {
        blob(.leased)
        bench.expect(bench.send("DELETE", "eph/x", ["x-ms-lease-id": Self.a]), 202)
        bench.put("x")
        #expect(state == "available")
    }
}
