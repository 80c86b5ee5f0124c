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

/// The Blob service: turns requests into answers, whatever carries them.
package struct BlobService: Sendable {
    private let store: BlobStore
    private let authorization: BlobAuthorization
    private let now: @Sendable () -> Int64
    private let nextNumber: @Sendable () -> UInt64

    package init(
        store: BlobStore,
        account: StorageAccount,
        issuer: TokenIssuer? = nil,
        now: @escaping @Sendable () -> Int64,
        nextNumber: @escaping @Sendable () -> UInt64
    ) {
        self.store = store
        authorization = BlobAuthorization(account: account, issuer: issuer)
        self.now = now
        self.nextNumber = nextNumber
    }

    /// The largest body that a request may have.
    package var maximumBodySize: Int { store.limits.maximumBlobSize }

    /// Carries out a request.
    package func respond(to request: ServiceRequest) -> ServiceResponse {
        let requestID = identifier("b10b0000")
        let date = now()
        var response: ServiceResponse
        do throws(BlobServiceError) {
            response = try perform(request, at: date)
        } catch {
            response = Self.response(
                status: error.status,
                code: error.code.rawValue,
                message: error.message,
                requestID: requestID,
                hasBody: request.method != "HEAD" && error.status != 304,
                at: date
            )
        }
        complete(&response, to: request, requestID: requestID, at: date)
        return response
    }

    /// Adds the headers that every answer has.
    private func complete(
        _ response: inout ServiceResponse,
        to request: ServiceRequest,
        requestID: String,
        at date: Int64
    ) {
        response.headers.append(("x-ms-request-id", requestID))
        response.headers.append(("x-ms-version", request.header("x-ms-version") ?? "2019-07-07"))
        response.headers.append(("Date", UTCTime(milliseconds: date).http))
        response.headers.append(("Server", "Windows-Azure-Blob/1.0"))
        if let clientID = request.header("x-ms-client-request-id"), clientID.utf8.count <= 1024 {
            response.headers.append(("x-ms-client-request-id", clientID))
        }
    }

    /// Answers a request with an error in place of carrying it out; nil takes the code that the status usually has.
    package func refuse(_ request: ServiceRequest, status: Int, code: String?) -> ServiceResponse {
        let codes = [
            403: "AuthenticationFailed", 404: "BlobNotFound", 409: "LeaseAlreadyPresent", 412: "ConditionNotMet",
            503: "ServerBusy",
        ]
        let requestID = identifier("b10b0000")
        let date = now()
        var response = Self.response(
            status: status,
            code: code ?? codes[status] ?? "InternalError",
            message: "The service was unable to process the request; please retry the operation.",
            requestID: requestID,
            hasBody: request.method != "HEAD" && status != 304,
            at: date
        )
        complete(&response, to: request, requestID: requestID, at: date)
        return response
    }

    private func perform(_ request: ServiceRequest, at date: Int64) throws(BlobServiceError) -> ServiceResponse {
        if let version = request.header("x-ms-version"), !Self.isVersion(version) {
            throw .invalidHeader("x-ms-version")
        }
        guard request.body.count <= maximumBodySize else {
            throw BlobServiceError(
                413,
                .requestBodyTooLarge,
                "The request body is too large and exceeds the maximum permissible limit."
            )
        }
        let account = authorization.account.name
        let target = try BlobTarget(path: request.path, account: account)
        let access = try authorization.check(request, to: target, at: date)
        switch target {
        case .account:
            throw .notImplemented
        case .container(let name):
            let operations = ContainerOperations(store: store, container: name, account: account, now: date)
            return try operations.perform(request)
        case .blob(let container, let name):
            let operations = BlobOperations(
                store: store,
                container: container,
                name: name,
                mayReplace: access != .newBlobs,
                now: date,
                makeLeaseID: { identifier("1ea5e000") }
            )
            return try operations.perform(request)
        }
    }

    private static func response(
        status: Int,
        code: String,
        message: String,
        requestID: String,
        hasBody: Bool,
        at date: Int64
    ) -> ServiceResponse {
        var response = ServiceResponse(status: status, headers: [("x-ms-error-code", code)])
        guard hasBody else { return response }
        var xml = XMLText()
        xml.open("Error")
        xml.element("Code", code)
        xml.element(
            "Message",
            "\(message)\nRequestId:\(requestID)\nTime:\(UTCTime(milliseconds: date).compact).0000000Z"
        )
        xml.close("Error")
        response.headers.append(("Content-Type", "application/xml"))
        response.body = Array(xml.text.utf8)
        return response
    }

    /// Any date will do: the emulator behaves the same for all versions.
    private static func isVersion(_ text: String) -> Bool {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        return parts.map(\.count) == [4, 2, 2] && parts.allSatisfy { $0.allSatisfy { $0.isASCII && $0.isNumber } }
    }

    /// An identifier in the form of a UUID, never given before.
    private func identifier(_ beginning: String) -> String {
        let number = String(nextNumber(), radix: 16)
        let digits = String(repeating: "0", count: 12 - min(number.count, 12)) + number.suffix(12)
        return "\(beginning)-001e-0000-0000-\(digits)"
    }
}
