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

extension Fault.Reason {
    /// The text that the service gives with the condition, as far as its texts have been seen; its general one otherwise.
    func text(namespace: String, entity: String) -> String {
        if let text { return text }
        let address = "sb://\(namespace)/\(entity)"
        return switch condition {
        case .serverBusy:
            "The request was terminated because the entity is being throttled. Error code : 50002. "
                + "Please wait 4 seconds and try again."
        case .notFound:
            ServiceError.entityNotFound(entity, in: namespace).message
        case .unauthorizedAccess:
            "Unauthorized access. 'Listen' claim(s) are required to perform this operation. Resource: '\(address)'."
        case .detachForced:
            "The link '\(entity)' is force detached. Code: ServerError. Details: AmqpEventHubConsumer.IdleTimerExpired: "
                + "Idle timeout: 00:30:00."
        case .connectionForced:
            "The connection was inactive for more than the allowed 300000 milliseconds and is closed by container "
                + "'LinkTracker'."
        case .linkStolen:
            "New receiver 'nil' with higher epoch of '1' is created hence current receiver 'nil' with epoch '0' is "
                + "getting disconnected. If you are recreating the receiver, make sure a higher epoch is used."
        case .resourceLimitExceeded:
            "Exceeded the maximum number of allowed receivers per partition in a consumer group which is 5. "
                + "List of connected receivers - nil, nil, nil, nil, nil."
        case .messageSizeExceeded:
            "The received message (delivery-id:0, size:262412 bytes) exceeds the limit (262144 bytes) currently allowed "
                + "on the link."
        case .argumentOutOfRange:
            ServiceError.partitionOutOfRange(partitionCount: 1).message
        default:
            "The service was unable to process the request; please retry the operation."
        }
    }
}
