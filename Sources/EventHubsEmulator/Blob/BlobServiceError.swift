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
        case authorizationFailure = "AuthorizationFailure"
        case authorizationPermissionMismatch = "AuthorizationPermissionMismatch"
        case authorizationProtocolMismatch = "AuthorizationProtocolMismatch"
        case authorizationResourceTypeMismatch = "AuthorizationResourceTypeMismatch"
        case authorizationServiceMismatch = "AuthorizationServiceMismatch"
        case blobAlreadyExists = "BlobAlreadyExists"
        case blobNotFound = "BlobNotFound"
        case conditionNotMet = "ConditionNotMet"
        case containerAlreadyExists = "ContainerAlreadyExists"
        case containerNotFound = "ContainerNotFound"
        case insufficientAccountPermissions = "AccountLimitExceeded"
        case internalError = "InternalError"
        case invalidAuthenticationInfo = "InvalidAuthenticationInfo"
        case invalidBlobType = "InvalidBlobType"
        case invalidHeaderValue = "InvalidHeaderValue"
        case invalidMetadata = "InvalidMetadata"
        case invalidQueryParameterValue = "InvalidQueryParameterValue"
        case invalidRange = "InvalidRange"
        case invalidResourceName = "InvalidResourceName"
        case leaseAlreadyPresent = "LeaseAlreadyPresent"
        case leaseIDMismatchWithBlobOperation = "LeaseIdMismatchWithBlobOperation"
        case leaseIDMismatchWithLeaseOperation = "LeaseIdMismatchWithLeaseOperation"
        case leaseIDMissing = "LeaseIdMissing"
        case leaseIsBreakingAndCannotBeAcquired = "LeaseIsBreakingAndCannotBeAcquired"
        case leaseIsBreakingAndCannotBeChanged = "LeaseIsBreakingAndCannotBeChanged"
        case leaseIsBrokenAndCannotBeRenewed = "LeaseIsBrokenAndCannotBeRenewed"
        case leaseLost = "LeaseLost"
        case leaseNotPresentWithBlobOperation = "LeaseNotPresentWithBlobOperation"
        case leaseNotPresentWithLeaseOperation = "LeaseNotPresentWithLeaseOperation"
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
    static let invalidAuthenticationInfo = BlobServiceError(
        401,
        .invalidAuthenticationInfo,
        "Server failed to authenticate the request. Please refer to the information in the www-authenticate header."
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

    static func missingHeader(_ name: String) -> BlobServiceError {
        BlobServiceError(
            400,
            .missingRequiredHeader,
            "An HTTP header that's mandatory for this request is not specified: \(name)."
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

// Leases: 409 for what is asked of the lease, 412 for what is asked of the blob.
extension BlobServiceError {
    static let leaseAlreadyPresent = BlobServiceError(409, .leaseAlreadyPresent, "There is already a lease present.")
    static let leaseIDMismatchWithBlobOperation = BlobServiceError(
        412,
        .leaseIDMismatchWithBlobOperation,
        "The lease ID specified did not match the lease ID for the blob."
    )
    static let leaseIDMismatchWithLeaseOperation = BlobServiceError(
        409,
        .leaseIDMismatchWithLeaseOperation,
        "The lease ID specified did not match the lease ID for the blob."
    )
    static let leaseIDMissing = BlobServiceError(
        412,
        .leaseIDMissing,
        "There is currently a lease on the blob and no lease ID was specified in the request."
    )
    static let leaseIsBreakingAndCannotBeAcquired = BlobServiceError(
        409,
        .leaseIsBreakingAndCannotBeAcquired,
        "The lease ID matched, but the lease is currently in breaking state and cannot be acquired until it is broken."
    )
    static let leaseIsBreakingAndCannotBeChanged = BlobServiceError(
        409,
        .leaseIsBreakingAndCannotBeChanged,
        "The lease ID matched, but the lease is currently in breaking state and cannot be changed."
    )
    static let leaseIsBrokenAndCannotBeRenewed = BlobServiceError(
        409,
        .leaseIsBrokenAndCannotBeRenewed,
        "The lease ID matched, but the lease has been broken explicitly and cannot be renewed."
    )
    static let leaseLost = BlobServiceError(
        412,
        .leaseLost,
        "A lease ID was specified, but the lease for the blob has expired."
    )
    static let leaseNotPresentWithBlobOperation = BlobServiceError(
        412,
        .leaseNotPresentWithBlobOperation,
        "There is currently no lease on the blob."
    )
    static let leaseNotPresentWithLeaseOperation = BlobServiceError(
        409,
        .leaseNotPresentWithLeaseOperation,
        "There is currently no lease on the blob."
    )
}

// What a shared access signature does not allow.
extension BlobServiceError {
    static let authorizationFailure = BlobServiceError(
        403,
        .authorizationFailure,
        "This request is not authorized to perform this operation."
    )
    static let permissionMismatch = BlobServiceError(
        403,
        .authorizationPermissionMismatch,
        "This request is not authorized to perform this operation using this permission."
    )
    static let protocolMismatch = BlobServiceError(
        403,
        .authorizationProtocolMismatch,
        "This request is not authorized to perform this operation using this protocol."
    )
    static let resourceTypeMismatch = BlobServiceError(
        403,
        .authorizationResourceTypeMismatch,
        "This request is not authorized to perform this operation using this resource type."
    )
    static let serviceMismatch = BlobServiceError(
        403,
        .authorizationServiceMismatch,
        "This request is not authorized to perform this operation using this service."
    )
}
