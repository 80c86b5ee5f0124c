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

package import AMQPCodec

extension PositionSelector {
    private static let symbol: Symbol = "apache.org:selector-filter:string"

    /// The codes by which clients describe the selector: the registered one, and one of the service's own.
    private static let codes: Set<UInt64> = [0x0000_468C_0000_0004, 0x0000_0013_7000_000A]

    /// Reads the filter map of a receiver's source; without a selector the stream is read from its start.
    package init(filter: AMQPMap?) throws(ServiceError) {
        guard let value = filter.flatMap(Self.selector) else {
            self = .earliest
            return
        }
        guard let text = value.textValue else {
            throw ServiceError(.argumentError, "The supplied filter expression is not a string.")
        }
        try self.init(parsing: text)
    }

    /// The selector's expression, known by its descriptor, or by its key when it comes bare.
    private static func selector(in filter: AMQPMap) -> AMQPValue? {
        for (key, value) in filter {
            switch value {
            case .described(let described) where isSelector(described.descriptor):
                return described.value
            case .described(let described) where key.textValue == symbol.rawValue:
                return described.value
            case .described, .null:
                continue
            default:
                if key.textValue == symbol.rawValue { return value }
            }
        }
        return nil
    }

    private static func isSelector(_ descriptor: AMQPValue) -> Bool {
        switch descriptor {
        case .symbol(let name): name == symbol
        case .ulong(let code): codes.contains(code)
        default: false
        }
    }
}
