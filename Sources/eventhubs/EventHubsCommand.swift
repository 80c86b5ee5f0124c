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

import ArgumentParser
import EventHubs
import Foundation

/// The command line. Exit codes: 0 done, 1 failed, 2 bad usage.
@main
struct EventHubsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "eventhubs",
        abstract: "Azure Event Hubs from the command line.",
        subcommands: [
            EmulatorCommand.self,
            DemoCommand.self,
            HubCommand.self,
            SendCommand.self,
            ReceiveCommand.self,
            ProcessCommand.self,
            MigrateCommand.self,
            InspectCommand.self,
        ]
    )

    static func main() async {
        do {
            var command = try parseAsRoot()
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
        } catch {
            let code = exitCode(for: error)
            // A connection string in the wrong place would be quoted by the message about it.
            let message = Redaction.scrub(fullMessage(for: error))
            if code.isSuccess {
                print(message)
                return
            }
            FileHandle.standardError.write(Data("\(message)\n".utf8))
            Foundation.exit(code == .validationFailure ? 2 : 1)
        }
    }
}
