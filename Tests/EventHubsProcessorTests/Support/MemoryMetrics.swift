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

import CoreMetrics
import Synchronization

/// A metrics system in memory: what is recorded, by label and dimensions, and which handles are in use.
final class MemoryMetrics: MetricsFactory {
    /// One series: what is recorded under one label with one set of dimensions.
    struct Series: Hashable, CustomStringConvertible {
        let label: String
        let dimensions: [String: String]

        var description: String {
            "\(label) \(dimensions.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: ","))"
        }
    }

    private struct State {
        var values: [Series: [Double]] = [:]
        var handles: [ObjectIdentifier: Handle] = [:]
        var made = 0
    }

    private let state = Mutex(State())

    /// A handle for everything: counters, recorders and timers alike append to the values of their series.
    final class Handle: CounterHandler, RecorderHandler, TimerHandler {
        let series: Series
        private let owner: MemoryMetrics

        fileprivate init(_ series: Series, of owner: MemoryMetrics) {
            self.series = series
            self.owner = owner
        }

        func increment(by amount: Int64) { owner.append(Double(amount), to: self) }
        func reset() {}
        func record(_ value: Int64) { owner.append(Double(value), to: self) }
        func record(_ value: Double) { owner.append(value, to: self) }
        func recordNanoseconds(_ duration: Int64) { owner.append(Double(duration) / 1e9, to: self) }
    }

    private func make(_ label: String, _ dimensions: [(String, String)]) -> Handle {
        let series = Series(label: label, dimensions: Dictionary(dimensions) { _, last in last })
        let handle = Handle(series, of: self)
        state.withLock { state in
            state.handles[ObjectIdentifier(handle)] = handle
            state.made += 1
        }
        return handle
    }

    private func append(_ value: Double, to handle: Handle) {
        state.withLock { $0.values[handle.series, default: []].append(value) }
    }

    private func destroy(_ handler: AnyObject) {
        state.withLock { $0.handles[ObjectIdentifier(handler)] = nil }
    }

    func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler { make(label, dimensions) }
    func makeRecorder(label: String, dimensions: [(String, String)], aggregate: Bool) -> any RecorderHandler {
        make(label, dimensions)
    }
    func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler { make(label, dimensions) }
    func destroyCounter(_ handler: any CounterHandler) { destroy(handler) }
    func destroyRecorder(_ handler: any RecorderHandler) { destroy(handler) }
    func destroyTimer(_ handler: any TimerHandler) { destroy(handler) }
}

// What tests ask.
extension MemoryMetrics {
    /// The series that have handles in use.
    var live: Set<Series> { state.withLock { Set($0.handles.values.map(\.series)) } }

    /// How many handles have been made so far.
    var handlesMade: Int { state.withLock { $0.made } }

    /// What has been recorded under a label, in every series whose dimensions include the given ones.
    func values(_ label: String, _ dimensions: [String: String] = [:]) -> [Double] {
        state.withLock { state in
            state.values.filter { series, _ in
                series.label == label && dimensions.allSatisfy { series.dimensions[$0.key] == $0.value }
            }.flatMap(\.value)
        }
    }

    /// The sum of what a counter has counted.
    func total(_ label: String, _ dimensions: [String: String] = [:]) -> Int {
        Int(values(label, dimensions).reduce(0, +))
    }

    /// The dimensions of the series with a label.
    func dimensions(of label: String) -> [[String: String]] {
        state.withLock { state in
            state.handles.values.map(\.series).filter { $0.label == label }.map(\.dimensions)
        }
    }
}
