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

import AMQPTransport
import Testing

struct CryptographyTests {
    private func hex(_ bytes: [UInt8]) -> String {
        bytes.map { byte in (byte < 16 ? "0" : "") + String(byte, radix: 16) }.joined()
    }

    /// RFC 4231, test cases 1, 2, 3, 6 and 7.
    @Test(arguments: [
        (
            [UInt8](repeating: 0x0B, count: 20), Array("Hi There".utf8),
            "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"
        ),
        (
            Array("Jefe".utf8), Array("what do ya want for nothing?".utf8),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
        ),
        (
            [UInt8](repeating: 0xAA, count: 20), [UInt8](repeating: 0xDD, count: 50),
            "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"
        ),
        (
            [UInt8](repeating: 0xAA, count: 131),
            Array("Test Using Larger Than Block-Size Key - Hash Key First".utf8),
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"
        ),
        (
            [UInt8](repeating: 0xAA, count: 131),
            Array(
                ("This is a test using a larger than block-size key and a larger than block-size data. "
                    + "The key needs to be hashed before being used by the HMAC algorithm.").utf8
            ),
            "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2"
        ),
    ])
    func hmac(key: [UInt8], data: [UInt8], digest: String) {
        #expect(hex(hmacSHA256(key: key, data: data)) == digest)
    }

    @Test func hmacOfNothingWithAnEmptyKey() {
        // HMAC("", ""), as published in many places.
        let digest = "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad"
        _ = hmacSHA256(key: Array("another key".utf8), data: [1])
        #expect(hex(hmacSHA256(key: [], data: [])) == digest)
    }

    /// The signature of a shared access token: the key is used as written, the text is resource, line feed, expiry.
    @Test(arguments: [
        (
            "SAS_KEY_VALUE", "sb%3A%2F%2Fexample.servicebus.windows.net%2Fhub1\n1700000000",
            "/+/PEr1rXBNo2KEDaTZSN2cz3TgFcxnGOPz8NCkbntQ="
        ),
        (
            "c2VjcmV0",
            "amqps%3A%2F%2Fexample.servicebus.windows.net%2Fhub1%2FConsumerGroups%2F%24Default%2FPartitions%2F0"
                + "\n1893456000",
            "EqhzGRBLbCIJ0m3dhJR6nOXaAt/zKFiTvtQPjWnLpng="
        ),
    ])
    func sharedAccessSignature(key: String, text: String, signature: String) {
        #expect(Base64.encode(hmacSHA256(key: Array(key.utf8), data: Array(text.utf8))) == signature)
    }

    @Test func digests() {
        #expect(hex(sha256([])) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
        let abc = Array("abc".utf8)
        #expect(hex(sha256(abc)) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
        #expect(md5(abc).map(hex) == "900150983cd24fb0d6963f7d28e17f72")
    }

    @Test(arguments: [0, 1, 7, 8, 9, 33]) func randomBytesHaveTheLengthAskedFor(count: Int) {
        #expect(randomBytes(count).count == count)
    }

    @Test func randomBytesDiffer() {
        #expect(randomBytes(16) != randomBytes(16))
    }

    @Test func secretsAreCompared() {
        #expect(constantTimeEquals([1, 2, 3], [1, 2, 3]))
        #expect(!constantTimeEquals([1, 2, 3], [1, 2, 4]))
        #expect(!constantTimeEquals([1, 2, 3], [1, 2]))
        #expect(constantTimeEquals([], []))
    }
}
