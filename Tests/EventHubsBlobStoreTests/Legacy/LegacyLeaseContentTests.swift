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

import EventHubs
import EventHubsProcessor
import Testing

@testable import EventHubsBlobStore

@Suite struct LegacyLeaseContentTests {
    func content(_ json: String) throws -> LegacyLeaseContent {
        try LegacyLeaseContent("3", json: Array(json.utf8))
    }

    @Test func readsWhatTheHostForDotNetWrites() throws {
        let content = try content(
            #"{"PartitionId":"3","Owner":"host-7","Token":"6b1b5dc2-9a3e-4b59-ae6a-0a7b8d7d2f11","Epoch":12,"Offset":"51539607552","SequenceNumber":4711}"#
        )
        #expect(content.owner == "host-7")
        #expect(content.token == "6b1b5dc2-9a3e-4b59-ae6a-0a7b8d7d2f11")
        #expect(content.epoch == 12)
        #expect(content.checkpoint == Checkpoint(partition: "3", offset: "51539607552", sequenceNumber: 4711))
    }

    @Test func readsWhatTheHostForJavaWrites() throws {
        let content = try content(
            #"{"offset":"51539607552","sequenceNumber":4711,"partitionId":"3","epoch":12,"owner":"host-7","token":"abc"}"#
        )
        #expect(content.owner == "host-7")
        #expect(content.epoch == 12)
        #expect(content.checkpoint == Checkpoint(partition: "3", offset: "51539607552", sequenceNumber: 4711))
    }

    /// Written by azure-eventhub 1.3.3 itself: owned, released (which loses the checkpoint), and never processed.
    @Test(
        arguments: [
            (
                #"{"partition_id": "0", "sequence_number": 1234, "owner": "host11111111-2222-3333-4444-555555555555", "token": "dc53f42a-c2cf-4f20-8154-47d6f7672477", "epoch": 1, "event_processor_context": {"total": 12}, "offset": "123400"}"#,
                "host11111111-2222-3333-4444-555555555555",
                Checkpoint(partition: "3", offset: "123400", sequenceNumber: 1234)
            ),
            (
                #"{"partition_id": "1", "sequence_number": null, "owner": null, "token": null, "epoch": 1, "event_processor_context": {"total": 12}, "offset": null}"#,
                nil, nil
            ),
            (
                #"{"partition_id": "2", "sequence_number": null, "owner": null, "token": null, "epoch": 0, "event_processor_context": null, "offset": null}"#,
                nil, nil
            ),
        ] as [(String, HostID?, Checkpoint?)]
    )
    func readsWhatTheHostForPythonWrites(json: String, owner: HostID?, checkpoint: Checkpoint?) throws {
        let content = try content(json)
        #expect(content.owner == owner)
        #expect(content.checkpoint == checkpoint)
    }

    @Test(
        arguments: [
            (#"{"PartitionId":"3","Owner":"f","Token":"t","Epoch":1,"Offset":"123","SequenceNumber":45}"#, "123", 45),
            (
                #"{"partitionID":"3","checkpoint":{"offset":"4096","sequenceNumber":17,"enqueueTime":"2019-05-01T10:00:00Z"},"state":"owned"}"#,
                "4096", 17
            ),
            (#"{"offset":"8","sequence_number":"9"}"#, "8", 9),
            (#"{"Offset":"8"}"#, "8", nil),
            (#"{"Offset":"","SequenceNumber":9}"#, nil, 9),
        ] as [(String, String?, Int64?)]
    )
    func readsOtherForms(json: String, offset: String?, sequenceNumber: Int64?) throws {
        let checkpoint = try content(json).checkpoint
        #expect(checkpoint == Checkpoint(partition: "3", offset: offset, sequenceNumber: sequenceNumber))
    }

    @Test(arguments: [
        "{}", #"{"Offset":"","SequenceNumber":0}"#, #"{"offset":"-1","sequenceNumber":0}"#, #"{"SequenceNumber":0}"#,
        #"{"checkpoint":{"offset":"@latest","sequenceNumber":0}}"#, #"{"checkpoint":{"offset":"-1"}}"#,
        #"{"Offset":null,"SequenceNumber":null,"Owner":""}"#, #"{"sequence_number":""}"#,
    ])
    func newBlobsHaveNoCheckpoint(json: String) throws {
        let content = try content(json)
        #expect(content.checkpoint == nil)
        #expect(content.owner == nil)
    }

    @Test(arguments: [
        "", "[]", "null", "not JSON", #"{"Offset":12}"#, #"{"SequenceNumber":"many"}"#, #"{"Epoch":1e30}"#,
        #"{"checkpoint":7}"#, #"{"Owner":{}}"#,
    ])
    func whatIsNoLeaseIsALoudError(json: String) {
        #expect(throws: BlobStoreError(.invalidResponse, "")) { try content(json) }
    }

    @Test func writesInEitherSpelling() throws {
        var content = LegacyLeaseContent("3")
        content.owner = "host/7"
        content.token = "abc"
        content.epoch = 12
        content.offset = "4096"
        content.sequenceNumber = 17
        #expect(
            String(decoding: try content.json(.pascalCase), as: UTF8.self)
                == #"{"Epoch":12,"Offset":"4096","Owner":"host/7","PartitionId":"3","SequenceNumber":17,"Token":"abc"}"#
        )
        #expect(
            String(decoding: try content.json(.camelCase), as: UTF8.self)
                == #"{"epoch":12,"offset":"4096","owner":"host/7","partitionId":"3","sequenceNumber":17,"token":"abc"}"#
        )
        #expect(
            String(decoding: try LegacyLeaseContent("3").json(.pascalCase), as: UTF8.self)
                == #"{"Epoch":0,"Owner":"","PartitionId":"3","SequenceNumber":0,"Token":""}"#
        )
    }
}
