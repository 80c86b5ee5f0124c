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

public import Logging

/// What credentials that ask Microsoft Entra ID have in common.
public struct CredentialConfiguration: Sendable {
    /// Where Microsoft Entra ID is, as an `https` URL. Nil: what the environment variable `AZURE_AUTHORITY_HOST` says,
    /// else ``publicCloud``.
    public var authorityHost: String?

    /// Where to log; nil means nowhere. Secrets and tokens are never logged.
    public var logger: Logger?

    /// A configuration.
    /// - Parameters:
    ///   - authorityHost: where Microsoft Entra ID is; nil: as the environment says, else the public cloud.
    ///   - logger: where to log; nil means nowhere.
    public init(authorityHost: String? = nil, logger: Logger? = nil) {
        self.authorityHost = authorityHost
        self.logger = logger
    }

    /// Microsoft Entra ID of the public cloud.
    public static let publicCloud = "https://login.microsoftonline.com"
    /// Microsoft Entra ID of Azure Government.
    public static let government = "https://login.microsoftonline.us"
    /// Microsoft Entra ID of Azure in China.
    public static let china = "https://login.partner.microsoftonline.cn"
}
