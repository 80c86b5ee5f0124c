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

/// Turns hexadecimal text into bytes, however the text is chunked. White space means nothing, and `#` begins a remark
/// that lasts to the end of its line.
struct HexadecimalDecoder {
    private var high: UInt8?
    private var isInRemark = false
    private var count = 0

    /// Decodes the next piece of the text, appending to `bytes` up to the first character that is wrong.
    mutating func decode(_ text: some Sequence<UInt8>, into bytes: inout [UInt8]) throws(DecodingError) {
        for character in text {
            if character == UInt8(ascii: "\n") {
                self.isInRemark = false
                continue
            }
            if self.isInRemark || character == UInt8(ascii: " ") || character == UInt8(ascii: "\t")
                || character == UInt8(ascii: "\r")
            {
                continue
            }
            if character == UInt8(ascii: "#") {
                self.isInRemark = true
                continue
            }
            guard let nibble = hexadecimalValue(of: character) else {
                throw DecodingError(
                    code: .invalidValue,
                    offset: self.count,
                    message: "the input is not hexadecimal: 0x\(hexadecimalText(character, digits: 2)) is no digit"
                )
            }
            if let high = self.high {
                bytes.append(high << 4 | nibble)
                self.high = nil
                self.count += 1
            } else {
                self.high = nibble
            }
        }
    }

    /// Checks that the text may end here.
    func finish() throws(DecodingError) {
        guard self.high != nil else { return }
        throw DecodingError(
            code: .truncated,
            offset: self.count,
            message: "the input ends between the two hexadecimal digits of a byte"
        )
    }
}
