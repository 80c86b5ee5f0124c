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

/// A refusal of the Blob service.
package struct BlobServiceError: Error, Equatable, Sendable {
    /// The error codes of the Blob service that the emulator gives.
    package enum Code: String, Sendable {
        case apiNotImplemented = "APINotImplemented"
        case authenticationFailed = "AuthenticationFailed"
        case blobAlreadyExists = "BlobAlreadyExists"
        case blobNotFound = "BlobNotFound"
        case conditionNotMet = "ConditionNotMet"
        case containerAlreadyExists = "ContainerAlreadyExists"
        case containerNotFound = "ContainerNotFound"
        case insufficientAccountPermissions = "AccountLimitExceeded"
        case internalError = "InternalError"
        case invalidBlobType = "InvalidBlobType"
        case invalidHeaderValue = "InvalidHeaderValue"
        case invalidMetadata = "InvalidMetadata"
        case invalidQueryParameterValue = "InvalidQueryParameterValue"
        case invalidRange = "InvalidRange"
        case invalidResourceName = "InvalidResourceName"
        case metadataTooLarge = "MetadataTooLarge"
        case missingRequiredHeader = "MissingRequiredHeader"
        case multipleConditions = "MultipleConditionHeadersNotSupported"
        case outOfRangeParameter = "OutOfRangeQueryParameterValue"
        case requestBodyTooLarge = "RequestBodyTooLarge"
        case resourceNotFound = "ResourceNotFound"
        case unsupportedVerb = "UnsupportedHttpVerb"
    }

    package var status: Int
    package var code: Code
    package var message: String

    package init(_ status: Int, _ code: Code, _ message: String) {
        self.status = status
        self.code = code
        self.message = message
    }

    static let authenticationFailed = BlobServiceError(
        403,
        .authenticationFailed,
        "Server failed to authenticate the request. Make sure the value of Authorization header is formed correctly "
            + "including the signature."
    )
    static let blobAlreadyExists = BlobServiceError(409, .blobAlreadyExists, "The specified blob already exists.")
    static let blobNotFound = BlobServiceError(404, .blobNotFound, "The specified blob does not exist.")
    static let conditionNotMet = BlobServiceError(
        412,
        .conditionNotMet,
        "The condition specified using HTTP conditional header(s) is not met."
    )
    static let containerAlreadyExists = BlobServiceError(
        409,
        .containerAlreadyExists,
        "The specified container already exists."
    )
    static let containerNotFound = BlobServiceError(
        404,
        .containerNotFound,
        "The specified container does not exist."
    )
    static let notImplemented = BlobServiceError(
        501,
        .apiNotImplemented,
        "The emulator does not offer this operation."
    )
    static let notModified = BlobServiceError(304, .conditionNotMet, "The condition is not met.")
    static let resourceNotFound = BlobServiceError(404, .resourceNotFound, "The specified resource does not exist.")
    static let tooMuch = BlobServiceError(
        409,
        .insufficientAccountPermissions,
        "The emulator holds as much as its configuration allows."
    )

    /// The change could not be written down.
    static func notStored(_ error: EmulatorError) -> BlobServiceError {
        BlobServiceError(500, .internalError, "The server encountered an internal error: \(error.message).")
    }

    static func invalidHeader(_ name: String) -> BlobServiceError {
        BlobServiceError(
            400,
            .invalidHeaderValue,
            "The value for one of the HTTP headers is not in the correct format: \(name)."
        )
    }

    static func invalidParameter(_ name: String) -> BlobServiceError {
        BlobServiceError(
            400,
            .invalidQueryParameterValue,
            "Value for one of the query parameters specified in the request URI is invalid: \(name)."
        )
    }
}
