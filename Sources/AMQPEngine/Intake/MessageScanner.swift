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

/// Finds the sections of an encoded message (part 3, section 3.2) and its projected annotations, without decoding the rest.
///
/// Checks everything that it steps over by size: each section starts with a known descriptor, sections come in the specified
/// order (delivery annotations may also be the last: see `Message.Phase`), none ends after the message, and the last one ends exactly with it. What lies inside properties and application
/// properties is checked when it is decoded.
@unsafe
struct MessageScanner {
    /// The slab, to which all offsets are relative.
    let base: UnsafeRawPointer
    /// First byte after the message.
    let end: Int

    /// The value of one projected annotation, as found: for the layout cache to learn from.
    struct ProjectedValue {
        var slot: Int
        var extent: RawValue.Extent
        /// The annotation's number in its map, from 0.
        var entry: Int
    }

    private(set) var projectedValues: [ProjectedValue] = []
    /// The extent of the message-annotations map in which they were found.
    private(set) var annotations: RawValue.Extent?

    init(base: UnsafeRawPointer, end: Int) {
        unsafe self.base = base
        unsafe self.end = end
    }

    /// Descriptor codes of the sections.
    private enum Section {
        static let header: UInt8 = 0x70
        static let deliveryAnnotations: UInt8 = 0x71
        static let messageAnnotations: UInt8 = 0x72
        static let data: UInt8 = 0x75
        static let sequence: UInt8 = 0x76
        static let value: UInt8 = 0x77
        static let footer: UInt8 = 0x78
        /// Stands for delivery annotations behind the body: nothing follows them.
        static let end: UInt8 = .max
    }

    /// Scans the message that starts at `offset` into `descriptor`; marks it malformed when it is.
    mutating func scan(from offset: Int, projection: AnnotationProjection, into descriptor: inout DeliveryDescriptor) {
        var next = offset
        var previous = Section.header &- 1
        while unsafe next < end, let (section, start) = unsafe sectionStart(at: next), section < Section.data {
            guard section > previous, let extent = unsafe RawValue.extent(base, at: start, end: end),
                unsafe isSectionBody(extent.formatCode, of: section)
            else { return descriptor.bodyKind = .malformed }
            if section == Section.messageAnnotations,
                unsafe !project(extent, projection: projection, into: &descriptor)
            {
                return descriptor.bodyKind = .malformed
            }
            previous = section
            next = extent.end
        }
        if unsafe !scanTail(from: next, previous: previous, into: &descriptor) { descriptor.bodyKind = .malformed }
    }

    /// Scans properties, application properties, body and footer: what may follow the annotations.
    ///
    /// Shared by the general scan and the layout cache, so that both give the same result.
    @inline(__always)
    func scanTail(from offset: Int, previous: UInt8, into descriptor: inout DeliveryDescriptor) -> Bool {
        var next = offset
        var previous = previous
        while unsafe next < end {
            guard let (section, sectionBody) = unsafe sectionStart(at: next),
                section > previous || (section == previous && (section == Section.data || section == Section.sequence))
                    || (section == Section.deliveryAnnotations && previous >= Section.data && previous < Section.end),
                let extent = unsafe RawValue.extent(base, at: sectionBody, end: end),
                unsafe isSectionBody(extent.formatCode, of: section)
            else { return false }
            switch section {
            case Section.data, Section.sequence, Section.value:
                // Kinds of body do not mix.
                guard descriptor.bodyKind == .none || section == previous else { return false }
                let start = section == Section.data ? extent.contentStart : sectionBody
                if descriptor.bodyKind == .none {
                    descriptor.bodyOffset = UInt32(truncatingIfNeeded: start)
                    descriptor.bodyLength = UInt32(truncatingIfNeeded: extent.end - start)
                    descriptor.bodyKind =
                        section == Section.data ? .data : section == Section.value ? .value : .sequence
                } else if section == Section.data {
                    descriptor.bodyKind = .multipleData
                }
            default:
                break
            }
            previous = section < previous ? Section.end : section
            next = extent.end
        }
        return true
    }

    /// The code of the section whose descriptor starts at `offset`, and where its value starts.
    @inline(__always)
    private func sectionStart(at offset: Int) -> (code: UInt8, value: Int)? {
        guard unsafe end - offset >= 4 else { return nil }
        guard unsafe RawValue.bits16(base, offset) == 0x0053 else { return unsafe longSectionStart(at: offset) }
        let code = unsafe RawValue.byte(base, offset + 2)
        return code >= Section.header && code <= Section.footer ? (code, offset + 3) : nil
    }

    /// As ``sectionStart(at:)`` for the descriptor forms that nobody writes but the specification allows: a full ulong, a symbol.
    @inline(never)
    private func longSectionStart(at offset: Int) -> (code: UInt8, value: Int)? {
        guard unsafe RawValue.byte(base, offset) == 0,
            let descriptor = unsafe RawValue.primitiveExtent(base, at: offset + 1, end: end)
        else { return nil }
        switch descriptor.formatCode {
        case 0x80:
            let code = unsafe RawValue.bits64(base, descriptor.contentStart)
            guard code >= UInt64(Section.header), code <= UInt64(Section.footer) else { return nil }
            return (UInt8(code), descriptor.end)
        case 0xa3, 0xb3:
            let name = unsafe UnsafeRawBufferPointer(
                start: base + descriptor.contentStart,
                count: descriptor.end - descriptor.contentStart
            )
            guard let index = unsafe Self.sectionNames.firstIndex(where: { unsafe $0.utf8.elementsEqual(name) }) else {
                return nil
            }
            return (Section.header + UInt8(index), descriptor.end)
        default:
            return nil
        }
    }

    /// Symbolic descriptors of the sections, in the order of their codes.
    private static let sectionNames: [String] = [
        "amqp:header:list", "amqp:delivery-annotations:map", "amqp:message-annotations:map", "amqp:properties:list",
        "amqp:application-properties:map", "amqp:data:binary", "amqp:amqp-sequence:list", "amqp:amqp-value:*",
        "amqp:footer:map",
    ]

    /// Whether a section of this kind may hold a value of this format.
    @inline(__always)
    private func isSectionBody(_ formatCode: UInt8, of section: UInt8) -> Bool {
        switch section {
        case 0x70, 0x73, Section.sequence: formatCode == 0xc0 || formatCode == 0xd0 || formatCode == 0x45
        case Section.data: formatCode == 0xa0 || formatCode == 0xb0
        case Section.value: true
        default: formatCode == 0xc1 || formatCode == 0xd1
        }
    }

    /// Looks through the annotations until every projected key has been seen; the first entry of a key counts.
    private mutating func project(
        _ map: RawValue.Extent,
        projection: AnnotationProjection,
        into descriptor: inout DeliveryDescriptor
    ) -> Bool {
        guard !projection.fields.isEmpty else { return true }
        unsafe annotations = map
        guard let (count, firstItem) = unsafe RawValue.compound(base, map) else { return false }
        var next = firstItem
        var missing = projection.fields.count
        var seen: UInt8 = 0
        var entry = 0
        while missing > 0, entry < count / 2 {
            guard let key = unsafe RawValue.extent(base, at: next, end: map.end),
                let value = unsafe RawValue.extent(base, at: key.end, end: map.end)
            else { return false }
            if let slot = unsafe slot(of: key, in: projection), seen & (1 << UInt8(slot)) == 0 {
                seen |= 1 << UInt8(slot)
                missing -= 1
                if unsafe store(value, kind: projection.fields[slot].kind, slot: slot, into: &descriptor) {
                    unsafe projectedValues.append(ProjectedValue(slot: slot, extent: value, entry: entry))
                }
            }
            next = value.end
            entry += 1
        }
        return true
    }

    private func slot(of key: RawValue.Extent, in projection: AnnotationProjection) -> Int? {
        guard key.formatCode == 0xa3 || key.formatCode == 0xb3 else { return nil }
        let length = key.end - key.contentStart
        return projection.fields.firstIndex { field in
            guard field.keyBytes.count == length else { return false }
            for position in 0..<length
            where unsafe RawValue.byte(base, key.contentStart + position) != field.keyBytes[position] {
                return false
            }
            return true
        }
    }

    /// Stores a value of the expected kind; false when it is of another.
    private func store(
        _ value: RawValue.Extent,
        kind: AnnotationProjection.Kind,
        slot: Int,
        into descriptor: inout DeliveryDescriptor
    ) -> Bool {
        switch kind {
        case .long:
            guard let integer = unsafe RawValue.signedInteger(base, value) else { return false }
            descriptor.setInteger(slot, integer)
        case .timestamp:
            guard value.formatCode == 0x83 else { return false }
            unsafe descriptor.setInteger(slot, Int64(bitPattern: RawValue.bits64(base, value.contentStart)))
        case .string:
            guard value.formatCode == 0xa1 || value.formatCode == 0xb1 else { return false }
            descriptor.setString(
                slot,
                offset: UInt32(truncatingIfNeeded: value.contentStart),
                length: UInt32(truncatingIfNeeded: value.end - value.contentStart)
            )
        }
        return true
    }
}
