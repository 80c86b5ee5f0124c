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

/// What a host measures of one partition while it owns it.
///
/// A batch costs two calls, an event none. What changes all the time is looked at now and then: see ``record(lag:lagTime:checkpointAge:bufferedBytes:)``.
final class PartitionMetrics: Sendable {
    private let duration: Timer
    private let failedDuration: Timer
    private let consumed: Counter
    private let lag: Gauge
    private let lagMessages: Gauge
    private let bufferedBytes: Gauge
    private let checkpointAge: Gauge

    init(factory: any MetricsFactory, dimensions: [(String, String)]) {
        let processing = dimensions + [(MetricDimension.operation, "process")]
        let failing = processing + [(MetricDimension.error, "processor_failed")]
        func gauge(_ label: String) -> Gauge { Gauge(label: label, dimensions: dimensions, factory: factory) }
        func timer(_ dimensions: [(String, String)]) -> Timer {
            Timer(
                label: MetricName.processDuration,
                dimensions: dimensions,
                preferredDisplayUnit: .seconds,
                factory: factory
            )
        }
        duration = timer(processing)
        failedDuration = timer(failing)
        consumed = Counter(label: MetricName.consumedMessages, dimensions: processing, factory: factory)
        lag = gauge(MetricName.lag)
        lagMessages = gauge(MetricName.lagMessages)
        bufferedBytes = gauge(MetricName.bufferedBytes)
        checkpointAge = gauge(MetricName.checkpointAge)
    }

    /// The processor has returned from a batch.
    func processed(_ count: Int, in time: Duration) {
        duration.recordNanoseconds(time.nanoseconds)
        consumed.increment(by: count)
    }

    /// The processor has thrown.
    func failed(after time: Duration) {
        failedDuration.recordNanoseconds(time.nanoseconds)
    }

    /// Records what a look at the partition has shown. What is not known stays as it was.
    ///
    /// - Parameters:
    ///   - events: How many events the partition is ahead of the processor.
    ///   - time: How much later than the last event processed the partition's last one was enqueued.
    ///   - age: How long there has been something that no checkpoint covers.
    ///   - bytes: What has been received and not processed yet.
    func record(lag events: Int64?, lagTime time: Duration?, checkpointAge age: Duration?, bufferedBytes bytes: Int) {
        if let events { lagMessages.record(max(events, 0)) }
        if let time { lag.record(max(time, .zero).seconds) }
        if let age { checkpointAge.record(max(age, .zero).seconds) }
        bufferedBytes.record(bytes)
    }

    /// Gives the handles back: the partition has left.
    func destroy() {
        duration.destroy()
        failedDuration.destroy()
        consumed.destroy()
        lag.destroy()
        lagMessages.destroy()
        bufferedBytes.destroy()
        checkpointAge.destroy()
    }
}

extension Duration {
    /// In nanoseconds, at most as many as an `Int64` holds.
    fileprivate var nanoseconds: Int64 {
        let (seconds, attoseconds) = components
        let (whole, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        guard !overflow else { return seconds < 0 ? .min : .max }
        let (sum, isTooMuch) = whole.addingReportingOverflow(attoseconds / 1_000_000_000)
        guard !isTooMuch else { return seconds < 0 ? .min : .max }
        return sum
    }

    /// In seconds, as far as a `Double` tells them.
    fileprivate var seconds: Double {
        let (seconds, attoseconds) = components
        return Double(seconds) + Double(attoseconds) / 1e18
    }
}
