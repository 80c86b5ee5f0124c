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

import HTTPExchange
import Testing

@testable import EventHubsBlobStore

@Suite struct BlobListTests {
    @Test func readsTheServicesList() throws {
        let list = try BlobList(
            xml: Array(
                """
                \u{FEFF}<?xml version="1.0" encoding="utf-8"?>
                <EnumerationResults ServiceEndpoint="http://127.0.0.1:10000/devstoreaccount1" ContainerName="eph">
                  <Prefix>ns/hub/$default/ownership/</Prefix><MaxResults>5000</MaxResults>
                  <Blobs><Blob><Name>ns/hub/$default/ownership/0</Name>
                    <Properties><Last-Modified>Tue, 14 Nov 2023 22:13:20 GMT</Last-Modified><Etag>0x8DBE5</Etag>
                      <Content-Length>0</Content-Length><Content-Type>application/octet-stream</Content-Type>
                      <BlobType>BlockBlob</BlobType><LeaseStatus>unlocked</LeaseStatus></Properties>
                    <Metadata><OwnerID>me &amp; you</OwnerID></Metadata></Blob>
                    <Blob><Name>ns/hub/$default/ownership/1</Name><Properties><Etag>"0x8"</Etag></Properties>
                    <Metadata /></Blob></Blobs>
                  <NextMarker>next&lt;1&gt;</NextMarker>
                </EnumerationResults>
                """.utf8
            )
        )
        #expect(list.nextMarker == "next<1>")
        #expect(
            list.entries == [
                BlobList.Entry(
                    name: "ns/hub/$default/ownership/0",
                    etag: "0x8DBE5",
                    lastModified: 1_700_000_000,
                    metadata: ["ownerid": "me & you"]
                ),
                BlobList.Entry(name: "ns/hub/$default/ownership/1", etag: "0x8"),
            ]
        )
    }

    @Test func readsAnEmptyList() throws {
        let list = try BlobList(xml: Array("<EnumerationResults><Blobs /><NextMarker /></EnumerationResults>".utf8))
        #expect(list.entries.isEmpty)
        #expect(list.nextMarker.isEmpty)
    }

    @Test(arguments: [
        "", "not XML", "<EnumerationResults><Blobs>", "<Error><Code>ContainerNotFound</Code></Error>",
        "<EnumerationResults><Blobs></EnumerationResults>",
    ])
    func refusesWhatIsNone(text: String) {
        #expect(throws: BlobStoreError(.invalidResponse, "")) { try BlobList(xml: Array(text.utf8)) }
    }

    @Test func everyTruncationIsRefused() {
        let whole = Array(
            "<EnumerationResults><Blobs><Blob><Name>a</Name></Blob></Blobs><NextMarker/></EnumerationResults>".utf8
        )
        for length in 0..<whole.count {
            #expect(throws: BlobStoreError.self) { try BlobList(xml: Array(whole[..<length])) }
        }
    }

    @Test func entitiesDoNotBlowUp() {
        var text = "<!DOCTYPE x [<!ENTITY a \"aaaaaaaaaa\">"
        var last = "a"
        for name in "bcdefghijk" {
            text += "<!ENTITY \(name) \"" + String(repeating: "&\(last);", count: 10) + "\">"
            last = String(name)
        }
        text += "]><EnumerationResults><NextMarker>&\(last);</NextMarker></EnumerationResults>"
        // Refused or read without the entities, but small in any case.
        if let list = try? BlobList(xml: Array(text.utf8)) { #expect(list.nextMarker.utf8.count < 1_000_000) }
    }
}
