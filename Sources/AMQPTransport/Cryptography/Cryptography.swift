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

import COpenSSL

/// The HMAC-SHA256 of RFC 2104: 32 bytes.
package func hmacSHA256(key: [UInt8], data: [UInt8]) -> [UInt8] {
    // A null key would mean "the key of the last call": an empty key needs an address too.
    let paddedKey = key.isEmpty ? [0] : key
    var digest = [UInt8](repeating: 0, count: 32)
    var length: UInt32 = 0
    let result = unsafe HMAC(EVP_sha256(), paddedKey, Int32(key.count), data, data.count, &digest, &length)
    precondition(unsafe result != nil && length == 32, "OpenSSL has no HMAC-SHA256")
    return digest
}

/// The SHA-256 of FIPS 180-4: 32 bytes.
package func sha256(_ data: [UInt8]) -> [UInt8] {
    var digest = [UInt8](repeating: 0, count: 32)
    var length: UInt32 = 0
    let result = unsafe EVP_Digest(data, data.count, &digest, &length, EVP_sha256(), nil)
    precondition(result == 1 && length == 32, "OpenSSL has no SHA-256")
    return digest
}

/// The SHA-1 of FIPS 180-4, 20 bytes: no proof of anything, but a part of the WebSocket handshake.
package func sha1(_ data: [UInt8]) -> [UInt8] {
    var digest = [UInt8](repeating: 0, count: 20)
    var length: UInt32 = 0
    let result = unsafe EVP_Digest(data, data.count, &digest, &length, EVP_sha1(), nil)
    precondition(result == 1 && length == 20, "OpenSSL has no SHA-1")
    return digest
}

/// The MD5 of RFC 1321: 16 bytes, for HTTP headers that ask for it; nil where the system forbids it.
package func md5(_ data: [UInt8]) -> [UInt8]? {
    var digest = [UInt8](repeating: 0, count: 16)
    var length: UInt32 = 0
    let result = unsafe EVP_Digest(data, data.count, &digest, &length, EVP_md5(), nil)
    ERR_clear_error()
    return result == 1 && length == 16 ? digest : nil
}

/// Bytes from the system's cryptographic generator.
package func randomBytes(_ count: Int) -> [UInt8] {
    var generator = SystemRandomNumberGenerator()
    var bytes: [UInt8] = []
    bytes.reserveCapacity(count)
    while bytes.count < count {
        unsafe withUnsafeBytes(of: generator.next()) { unsafe bytes.append(contentsOf: $0.prefix(count - bytes.count)) }
    }
    return bytes
}

/// Compares secrets in a time that depends on their length only.
package func constantTimeEquals(_ left: [UInt8], _ right: [UInt8]) -> Bool {
    guard left.count == right.count else { return false }
    var difference: UInt8 = 0
    for index in left.indices { difference |= left[index] ^ right[index] }
    return difference == 0
}
