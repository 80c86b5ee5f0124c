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

/// Learns a ``LayoutTemplate`` from a frame that the general way has just accepted.
@unsafe
extension LayoutTemplate {
    /// Makes this the template of the frame at `start`, or leaves it unlearned when the frame has no layout worth keeping.
    ///
    /// The frame is the `size` bytes at `start` of the slab `base`; its message starts at `payloadStart` of the slab and has
    /// been scanned by `scanner` into `descriptor`. Only frames that hold all of the link's projection have a layout:
    /// otherwise a later frame could hold the missing annotation behind the part that is compared.
    mutating func learn(
        base: UnsafeRawPointer,
        start: Int,
        size: Int,
        payloadStart: Int,
        scanner: MessageScanner,
        projection: AnnotationProjection,
        descriptor: DeliveryDescriptor
    ) {
        unsafe isLearned = false
        let values = unsafe scanner.projectedValues
        guard values.count == projection.fields.count, descriptor.bodyKind != .malformed else { return }
        let templateEnd = values.map { $0.extent.end }.max() ?? payloadStart
        let length = templateEnd - start
        guard unsafe length <= Self.maximumLength else { return }

        unsafe bytes.copyMemory(from: base + start, byteCount: length)
        unsafe setMask(0..<Self.maximumLength, to: 0)
        unsafe setMask(0..<length, to: 0xff)
        unsafe setMask(0..<4, to: 0)
        guard unsafe learnTransfer(base: base, start: start, payloadStart: payloadStart) else { return }
        if let annotations = unsafe scanner.annotations {
            guard
                unsafe learnSections(
                    base: base,
                    start: start,
                    size: size,
                    from: payloadStart,
                    annotations: annotations,
                    until: templateEnd
                )
            else { return }
        } else {
            unsafe (mapSizeOffset, minimumMapSize, lastSection) = (0, 0, 0)
        }
        unsafe tailOffset = length
        unsafe minimumLength = length
        unsafe comparedLength = (length + Self.blockSize - 1) / Self.blockSize * Self.blockSize
        unsafe payloadOffset = payloadStart - start
        unsafe minimumMapCount = (values.map { $0.entry + 1 }.max() ?? 0) * 2
        unsafe learnCommon(descriptor, values: values, start: start)
        for position in unsafe 0..<Self.maximumLength {
            unsafe bytes.storeBytes(
                of: RawValue.byte(bytes, position) & RawValue.byte(bytes, Self.maximumLength + position),
                toByteOffset: position,
                as: UInt8.self
            )
        }
        unsafe isLearned = true
    }

    private func setMask(_ range: Range<Int>, to value: UInt8) {
        unsafe (bytes + Self.maximumLength + range.lowerBound)
            .initializeMemory(as: UInt8.self, repeating: value, count: range.count)
    }

    /// Walks the transfer performative: delivery-id and tag vary, everything else is constant.
    private mutating func learnTransfer(base: UnsafeRawPointer, start: Int, payloadStart: Int) -> Bool {
        guard let list = unsafe RawValue.primitiveExtent(base, at: start + 11, end: payloadStart),
            let (count, firstField) = unsafe RawValue.compound(base, list)
        else { return false }
        unsafe (deliveryIDOffset, tagOffset) = (0, 0)
        var next = firstField
        for field in 0..<min(count, 11) {
            guard let extent = unsafe RawValue.primitiveExtent(base, at: next, end: list.end) else { return false }
            let content = (extent.contentStart - start)..<(extent.end - start)
            switch field {
            case 1:
                switch extent.formatCode {
                case 0x43:
                    // The number 0: the highest bit of the data offset, which is compared, stands for it.
                    unsafe (deliveryIDOffset, deliveryIDShift) = (4, 63)
                case 0x52, 0x70:
                    unsafe (deliveryIDOffset, deliveryIDShift) = (content.lowerBound, UInt64(64 - 8 * content.count))
                    unsafe setMask(content, to: 0)
                default: return false
                }
            case 2:
                unsafe tagOffset = content.lowerBound
                unsafe setMask(content, to: 0)
            default:
                // Neither a state nor any other field with an inner structure belongs in a plain transfer.
                guard extent.formatCode < 0xa0, extent.formatCode != 0 else { return false }
            }
            next = extent.end
        }
        return unsafe list.end == payloadStart && deliveryIDOffset > 0
    }

    /// Walks the sections up to the last projected annotation: the values of annotations vary, their widths do not.
    private mutating func learnSections(
        base: UnsafeRawPointer,
        start: Int,
        size: Int,
        from payloadStart: Int,
        annotations: RawValue.Extent,
        until templateEnd: Int
    ) -> Bool {
        var next = payloadStart
        while next < templateEnd {
            guard unsafe RawValue.bits16(base, next) == 0x0053,
                let extent = unsafe RawValue.primitiveExtent(base, at: next + 3, end: start + size)
            else { return false }
            let isAnnotations = extent.contentStart == annotations.contentStart
            let code = unsafe RawValue.byte(base, next + 2)
            if isAnnotations || code == 0x71 {
                guard unsafe learnMap(base: base, start: start, map: extent, until: min(extent.end, templateEnd))
                else { return false }
            }
            if isAnnotations {
                unsafe isWideMap = annotations.formatCode == 0xd1
                let width = unsafe isWideMap ? 4 : 1
                unsafe mapSizeOffset = annotations.contentStart - width - start
                unsafe setMask(mapSizeOffset..<(mapSizeOffset + 2 * width), to: 0)
                unsafe minimumMapSize = templateEnd - annotations.contentStart
                unsafe lastSection = code
                return true
            }
            next = extent.end
        }
        return false
    }

    private func learnMap(base: UnsafeRawPointer, start: Int, map: RawValue.Extent, until end: Int) -> Bool {
        guard let (count, firstItem) = unsafe RawValue.compound(base, map) else { return false }
        var next = firstItem
        for item in 0..<count where next < end {
            guard let extent = unsafe RawValue.primitiveExtent(base, at: next, end: map.end), extent.formatCode != 0
            else { return false }
            if item % 2 == 1 { unsafe setMask((extent.contentStart - start)..<(extent.end - start), to: 0) }
            next = extent.end
        }
        return true
    }

    private mutating func learnCommon(
        _ descriptor: DeliveryDescriptor,
        values: [MessageScanner.ProjectedValue],
        start: Int
    ) {
        unsafe slotCount = values.count
        for value in values {
            let extent = value.extent
            let length = extent.end - extent.contentStart
            // A slot is below the number of fields, of which there are as many values.
            unsafe slots[value.slot] = Slot(
                offset: extent.contentStart - start,
                isString: extent.formatCode == 0xa1 || extent.formatCode == 0xb1,
                shift: Int64(64 - 8 * min(length, 8)),
                length: UInt64(length)
            )
        }
        unsafe common = descriptor
        unsafe common.bodyKind = .none
        unsafe (common.bodyOffset, common.bodyLength) = (0, 0)
    }
}
